"""The shape test: whether a marked bubble looks struck out; a small net over the ink by direction and distance."""

from functools import cache

import numpy as np

from .arrays import Floats
from .bubbles import ANGLE, EXCESS, ROUND
from .learned import learned

ANGLES = 24
_RINGS = (
    ROUND < 0.45,
    (ROUND >= 0.45) & (ROUND < 0.85),
    (EXCESS >= -0.2) & (EXCESS < 0.25),
    (EXCESS >= 0.25) & (EXCESS < 0.6),
    (EXCESS >= 0.6) & (EXCESS < 1.0),
    (EXCESS >= 1.0) & (EXCESS < 1.55),
)
_LEAST_SPREAD = 0.05
SECTORS = ANGLES * len(_RINGS)


@cache
def _order() -> tuple[np.ndarray, np.ndarray, Floats]:
    """The pixels of a view in the order of their sectors, where each sector begins, and how many pixels it has."""
    direction = np.floor((ANGLE + np.pi) / (2 * np.pi) * ANGLES + 0.5).astype(int) % ANGLES
    sector = np.full(ROUND.shape, SECTORS)
    for ring, inside in enumerate(_RINGS):
        sector[inside] = ring * ANGLES + direction[inside]
    order = np.argsort(sector, axis=None, kind="stable")
    counts = np.bincount(sector.ravel(), minlength=SECTORS + 1)[:SECTORS]
    return order[: counts.sum()], np.cumsum(counts) - counts, counts.astype(np.float32)


def sectors(views: Floats, pen: Floats) -> Floats:
    """Ink of marks by direction and distance, as shares of the pen's darkness: marks by sectors."""
    order, starts, counts = _order()
    sums = np.add.reduceat(views.reshape(len(views), -1)[:, order], starts, axis=1) / counts
    return np.asarray(sums / np.maximum(pen, 0.1)[:, None])


def inputs(own: Floats, usual: Floats, spread: Floats) -> Floats:
    """What the net sees: a mark's sectors, how they differ from the person's usual ones, and that beside the usual spread."""
    return np.concatenate([own, own - usual, (own - usual) / (spread + _LEAST_SPREAD)], axis=1)


def struck(own: Floats, usual: Floats, spread: Floats) -> Floats:
    """How likely each mark was struck out, 0 to 1, from its sectors, the person's usual ones and their usual spread."""
    kept = learned()
    values = (inputs(own, usual, spread) - kept.mean) / kept.spread
    for weights, bias in kept.layers[:-1]:
        values = np.maximum(values @ weights + bias, 0)
    weights, bias = kept.layers[-1]
    return np.asarray(1 / (1 + np.exp(-np.clip(values @ weights + bias, -30, 30))))[:, 0]
