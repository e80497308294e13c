"""A page laid flat: straightened, with its person-days found; a second time when paper is bent so far that they are not."""

from dataclasses import dataclass

from .arrays import Image
from .far import far_shifts
from .grid import Grid
from .light import Ink, ink
from .registering import Places, register
from .surface import Surface

MOST_LOST = 0.03
"""Share of person-days not found over which the page is laid flat again."""


@dataclass(frozen=True)
class Laid:
    """The straightened page with the surface it was straightened by, the ink of its grid, and where the person-days lie."""

    surface: Surface
    straight: Image
    ink: Ink
    places: Places


def laid(image: Image, lies: Surface, where: Grid) -> Laid:
    """The page of a picture, laid flat as well as it goes."""
    first = _once(image, lies, where)
    if not len(where) or first.places.lost.mean() <= MOST_LOST:
        return first
    shifts, seen = far_shifts(first.ink.dark, where)
    again = _once(image, lies.followed(where.centres, shifts, seen), where)
    return min(first, again, key=lambda one: float(one.places.lost.mean()))


def _once(image: Image, lies: Surface, where: Grid) -> Laid:
    straight = lies.straightened(image)
    seen = ink(straight)
    return Laid(lies, straight, seen, register(seen.dark, where))
