"""How each person marks on this page: usual ink, darkness and shape, against which every single mark is held."""

from dataclasses import dataclass

import numpy as np

from zhucun.work.attendance.book import geometry as g

from .arrays import Floats
from .bubbles import Bubbles
from .grid import Grid
from .lighting import SPREAD

MANY_MARKS, STEADY_INK, STEADY_DARK = 8, 0.45, 0.7
"""So many marks, and these shares of their usual ink and darkness, make a light mark a usual one."""
PEN_SHARE = 0.6
"""Share of a mark's own darkness that its pen has at least."""
LEAST_MARKS = 4
"""So many clear marks make a habit; with fewer the page's is taken."""


@dataclass(frozen=True)
class Marks:
    """The darkest bubble of every person-day: its option, inks of the best and the second, darkness, and the habits.

    `usual_ink` and `usual_dark` are the person's middle ones, `spread_dark` how far the person's marks lie around the latter,
    `pen` how dark the pen is; `usual_view` is the person's middle mark, places by rows by columns; `steady` tells marks as light
    as the person's many others.
    """

    best: np.ndarray
    ink: Floats
    second: Floats
    dark: Floats
    clear: np.ndarray
    usual_ink: Floats
    usual_dark: Floats
    spread_dark: Floats
    pen: Floats
    usual_view: Floats
    steady: np.ndarray


def marks(bubbles: Bubbles, grid: Grid, clear_ink: Floats) -> Marks:
    """The marks of a page; those with more than `clear_ink`, a number for each person-day, make the habits."""
    best = bubbles.ink.argmax(1)
    rows = np.arange(len(best))
    order = np.sort(bubbles.ink, axis=1)
    ink, second = order[:, -1], order[:, -2]
    dark = bubbles.dark[rows, best]
    clear = ink > clear_ink
    usual_ink, usual_dark = usual_of(grid, ink, clear), usual_of(grid, dark, clear)
    steady = (ink > STEADY_INK * usual_ink) & (dark > STEADY_DARK * usual_dark) & many(grid, clear)
    spread_dark = SPREAD * usual_of(grid, np.abs(dark - usual_dark), clear)
    pen = np.maximum(usual_dark, PEN_SHARE * dark)
    usual_view = _of_places(grid, bubbles.views[rows, best], clear)
    return Marks(best, ink, second, dark, clear, usual_ink, usual_dark, spread_dark, pen, usual_view, steady)


def many(grid: Grid, some: np.ndarray) -> np.ndarray:
    """Whether the person of each person-day has enough of some person-days to call them a habit."""
    counts = np.bincount(grid.place_array[some], minlength=g.PEOPLE_A_PAGE)
    return np.asarray(counts[grid.place_array] >= MANY_MARKS)


def usual_of(grid: Grid, values: Floats, clear: np.ndarray) -> Floats:
    """For every person-day the middle value among the clear marks of the same person, or of the page when they are few."""
    return np.asarray(_of_places(grid, values, clear)[grid.place_array])


def _of_places(grid: Grid, values: Floats, clear: np.ndarray) -> Floats:
    """For every place the middle value among the clear marks of its person, or of the page when they are few."""
    middle = np.zeros((g.PEOPLE_A_PAGE, *values.shape[1:]), values.dtype)
    if not clear.any():
        return middle
    middle[:] = np.median(values[clear], axis=0)
    for place in np.unique(grid.place_array):
        held = clear & (grid.place_array == place)
        if held.sum() >= LEAST_MARKS:
            middle[place] = np.median(values[held], axis=0)
    return middle
