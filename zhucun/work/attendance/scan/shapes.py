"""The shape test: whether a marked bubble looks struck out; a small net over the ink by direction and distance."""

from functools import cache

import numpy as np

from .arrays import Floats
from .bubbles import ANGLE, COLUMNS, EXCESS, ROUND, ROWS
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
SECTORS = ANGLES * len(_RINGS)


@cache
def _bins() -> Floats:
    """Pixels by sectors: a column averages the pixels of one direction and distance."""
    direction = np.floor((ANGLE + np.pi) / (2 * np.pi) * ANGLES + 0.5).astype(int) % ANGLES
    bins = np.zeros((ROWS * COLUMNS, SECTORS), np.float32)
    for ring, inside in enumerate(_RINGS):
        for angle in range(ANGLES):
            members = (inside & (direction == angle)).ravel()
            if members.any():
                bins[members, ring * ANGLES + angle] = 1 / members.sum()
    return bins


def sectors(views: Floats, pen: Floats) -> Floats:
    """Ink of marks by direction and distance, as shares of the pen's darkness: marks by sectors."""
    flat = views.reshape(len(views), -1) @ _bins()
    return np.asarray(flat / np.maximum(pen, 0.1)[:, None])


def struck(own: Floats, usual: Floats) -> Floats:
    """How likely each mark was struck out, 0 to 1, from its sectors and the same person's usual ones."""
    kept = learned()
    values = (np.concatenate([own, own - usual], axis=1) - kept.mean) / kept.spread
    for weights, bias in kept.layers[:-1]:
        values = np.maximum(values @ weights + bias, 0)
    weights, bias = kept.layers[-1]
    return np.asarray(1 / (1 + np.exp(-np.clip(values @ weights + bias, -30, 30))))[:, 0]
