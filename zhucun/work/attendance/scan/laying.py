"""A page laid flat: straightened, with its person-days found; again and again when paper is bent so far that they are not."""

from dataclasses import dataclass, replace

import numpy as np

from .arrays import Image
from .edges import slipped
from .far import far_shifts
from .grid import Grid
from .light import Ink, ink
from .registering import SEARCH, Places, register
from .surface import Surface

MOST_LOST = 0.03
"""Share of person-days not found over which the page is laid flat again."""
_AGAIN = 3
"""How often at most, as long as it gets better."""


@dataclass(frozen=True)
class Laid:
    """The straightened page with the surface it was straightened by, the ink of its grid, and where the person-days lie."""

    surface: Surface
    straight: Image
    ink: Ink
    places: Places


def laid(image: Image, lies: Surface, where: Grid) -> Laid:
    """The page of a picture, laid flat as well as it goes; nothing of it is found when it was laid a row or a column too far."""
    best = _once(image, lies, where)
    for _ in range(_AGAIN):
        if not len(where) or _lost(best) <= MOST_LOST:
            break
        shifts, seen = far_shifts(best.ink.dark, where)
        again = _once(image, best.surface.followed(where.centres, shifts, seen), where)
        if _lost(again) >= _lost(best):
            break
        best = again
    if _moved(best.surface, lies, where) > SEARCH and slipped(best.ink.dark, where, best.places):
        return replace(best, places=replace(best.places, seen=np.zeros(len(where))))
    return best


def _moved(surface: Surface, first: Surface, where: Grid) -> float:
    """mm by which a surface lies off the first one where that is farthest.

    Pages moved no farther than `SEARCH` are not asked whether they slipped: a first row filled in full looks like missing rings.
    """
    apart = surface.pixels(where.centres) - first.pixels(where.centres)
    return float(np.abs(apart).max(initial=0.0)) / first.scale()


def _lost(page: Laid) -> float:
    return float(page.places.lost.mean())


def _once(image: Image, lies: Surface, where: Grid) -> Laid:
    straight = lies.straightened(image)
    seen = ink(straight)
    return Laid(lies, straight, seen, register(seen.dark, where))
