"""Where the person-days of a strongly bent page are: looked for farther away, neighbours speaking for each other."""

import cv2
import numpy as np

from .arrays import Floats, Points
from .grid import LEFT, TOP, Grid
from .registering import DOTS, rings_seen, small_ink

FAR = np.array([3.3, 2.9])
"""mm looked at to both sides, and up and down: still less than half a column and half a row, so none is taken for the next."""
_TOGETHER, _LOOSE = 22.0, 5
"""mm over which neighbours speak for each other, and the pixels by which they may lie apart from each other."""


def far_shifts(dark: Floats, grid: Grid) -> tuple[Points, Floats]:
    """The displacements of a page's person-days in mm by (x, y), and how well each was seen there (0 to 1)."""
    reach = np.rint(FAR * DOTS).astype(int)
    scores = _scores(dark, grid, reach)
    loose = np.stack([cv2.dilate(one, np.ones((_LOOSE, _LOOSE))) for one in scores])
    apart = ((grid.centres[:, None] - grid.centres) ** 2).sum(2)
    together = np.exp(-apart / (2 * _TOGETHER**2)) @ loose.reshape(len(grid), -1)
    x, y = np.meshgrid(*(np.arange(-most, most + 1) for most in reach))
    offsets = np.stack([x.ravel(), y.ravel()], 1)
    near = np.abs(offsets - offsets[together.argmax(1)][:, None]).max(2) <= _LOOSE
    own = np.where(near, scores.reshape(len(grid), -1), -1.0)
    return offsets[own.argmax(1)] / DOTS, np.clip(own.max(1), 0, 1)


def _scores(dark: Floats, grid: Grid, reach: np.ndarray) -> Floats:
    """How well the rings of each person-day fit at every displacement up to `reach` pixels: person-days by rows by columns."""
    rings = rings_seen()
    half = np.array(rings.shape[::-1]) // 2
    wide, high = (int(size) for size in half + reach + 1)
    small = cv2.copyMakeBorder(small_ink(dark), high, high, wide, wide, cv2.BORDER_CONSTANT, value=0)
    middles = np.rint((grid.centres - (LEFT, TOP)) * DOTS - 0.5).astype(int) + np.array([wide, high])
    first, last = middles - half - reach, middles + half + reach + 1
    return np.stack(
        [
            cv2.matchTemplate(small[top:low, left:right], rings, cv2.TM_CCOEFF_NORMED)
            for (left, top), (right, low) in zip(first.tolist(), last.tolist(), strict=True)
        ]
    )
