"""Whether a page was laid one row or one column too far: then rings are seen beyond its edges, or missing at them."""

import numpy as np

from zhucun.work.attendance.book import geometry as g

from .arrays import Floats, Points
from .grid import OPTIONS, Grid
from .registering import DOTS, Places, best_fit, rings_seen, small_ink

_SEARCH, _BORDER = 0.7, 20
"""mm looked at around a place, and mm of blank paper added around the grid, so that there is something beyond its edges."""
_SEEN, _HARDLY, _SHARE = 0.45, 0.3, 0.2
"""Correlation from which something looks like a ring, that under which nothing does, and the share of an edge that tells."""


def slipped(dark: Floats, grid: Grid, places: Places) -> bool:
    """Whether rings are seen where the page has none, or none along its upper or lower edge.

    Rings missing along its first or last day say nothing: paper bends most there.
    """
    small = np.pad(small_ink(dark), _BORDER * DOTS)
    centres = grid.centres + places.shifts + _BORDER
    printed = set(zip(grid.places, grid.days, strict=True))
    outer = (OPTIONS - 1) / 2 * g.ROW_PITCH
    for down, across in ((0, -1), (0, 1), (-1, 0), (1, 0)):
        last = [at for at, (place, day) in enumerate(zip(grid.places, grid.days, strict=True))
                if (place + down, day + across) not in printed]  # fmt: skip
        edge = centres[last] + np.array([0.0, down * outer])
        beyond = edge + np.array([across * g.COLUMN_PITCH, down * g.ROW_PITCH])
        rings = rings_seen() if across else rings_seen(1)
        if (_seen(small, rings, beyond) > _SEEN).mean() > _SHARE:
            return True
        if down and (_seen(small, rings, edge) > _HARDLY).mean() < _SHARE:
            return True
    return False


def _seen(small: Floats, rings: Floats, places: Points) -> Floats:
    """How well rings are seen around places."""
    return np.array([best_fit(small, rings, place, _SEARCH)[2] for place in places])
