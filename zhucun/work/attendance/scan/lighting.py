"""What the light does to print and pens, and the camera in the dark, seen in the rings, which are all printed alike and black."""

from dataclasses import dataclass

import numpy as np

from .arrays import Floats
from .grid import OPTIONS, Grid
from .views import AROUND_RING, BEYOND

_ALIKE = 9.0
"""mm over which the light changes little."""
_RELIEF, _MOST_TINT = (0.6, 2.5), 0.4
"""The least and the most by which strength is evened out, and how red black may look at most."""
_WELL_LIT = 0.75
"""Of all person-days, the one whose print is as strong as it should be."""
_LEAST_GRAIN = 0.005
"""Grain that every page may have: pictures pressed hard have next to none, and nothing is noisier for having a little."""
SPREAD = 1.4826
"""The middle of deviations times this is their spread."""


@dataclass(frozen=True)
class Lighting:
    """Of every person-day: what ink must be multiplied by to be as strong as on the rest of the page, for a veil of light weakens
    it; how red black looks as a share of its ink; the grain, the spread of single pixels of the paper; and where so little is
    left of the print that nothing can be told."""

    relief: Floats
    tint: Floats
    grain: Floats
    drowned: np.ndarray

    @property
    def seen(self) -> np.ndarray:
        """Where something can be told; everywhere on a page that is drowned as a whole."""
        return ~self.drowned | self.drowned.all()

    @property
    def noisier(self) -> Floats:
        """How many times noisier than the page's usual paper: in the shadow, or under a veil. At least 1."""
        usual = float(np.median(self.grain)) if len(self.grain) else 0.0
        return np.asarray(np.maximum(self.grain / max(usual, _LEAST_GRAIN), 1.0))


def lighting(views: Floats, red: Floats, grid: Grid) -> Lighting:
    """The light on a page, from ink and red ink around its bubbles."""
    if not len(grid):
        return Lighting(np.ones(0), np.zeros(0), np.zeros(0), np.zeros(0, bool))
    apart = ((grid.centres[:, None] - grid.centres) ** 2).sum(2)
    near = np.exp(-apart / (2 * _ALIKE**2))
    near /= near.sum(1, keepdims=True)
    paper = views[:, BEYOND]
    middle = np.median(paper, axis=1)
    grains = SPREAD * np.median(np.abs(paper - middle[:, None]), axis=1)
    rings = views[:, AROUND_RING].mean(1) - middle
    reds = red[:, AROUND_RING].mean(1) - np.median(red[:, BEYOND], axis=1)
    own, around_red, around_grain = (
        near @ np.median(values.reshape(len(grid), OPTIONS), axis=1) for values in (rings, reds, grains)
    )
    each = np.median(rings.reshape(len(grid), OPTIONS), axis=1)
    relief = float(np.quantile(each, _WELL_LIT)) / np.maximum(own, 1e-6)
    tint = np.clip(around_red / np.maximum(own, 1e-6), 0.0, _MOST_TINT)
    clipped = np.clip(relief, *_RELIEF)
    return Lighting(_single(clipped), _single(tint), _single(around_grain * clipped), relief > _RELIEF[1])


def _single(values: Floats) -> Floats:
    return np.asarray(values, np.float32)
