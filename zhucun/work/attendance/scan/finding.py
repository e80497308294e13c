"""The pages in one picture: where each lies and what its code says, or why it cannot be read."""

from dataclasses import dataclass

import numpy as np

from zhucun.work.attendance.book import geometry as g

from .arrays import RED, Image, Points
from .codes import SHARP, codes
from .markers import Marker, is_mirrored, markers
from .placing import OUTLINE, flat_view, is_upright, placements
from .refusals import Refusal
from .surface import Surface, surface

MOST_MISSING = 0.25
"""Share of the grid that may lie outside the picture."""
_CORNERS = (Refusal.CUT_TOP_LEFT, Refusal.CUT_TOP_RIGHT, Refusal.CUT_BOTTOM_RIGHT, Refusal.CUT_BOTTOM_LEFT)


@dataclass(frozen=True)
class Found:
    """A page in a picture: its surface and the text of its code, or the reason it is refused."""

    image: Image
    surface: Surface | None
    text: str = ""
    refusal: str = ""


def find(image: Image) -> list[Found]:
    """The pages of a picture from top to bottom and left to right; at least one, which may be a refusal."""
    red = np.ascontiguousarray(image[:, :, RED])
    seen = markers(red)
    pages = placements(seen)
    if not pages:
        return [Found(image, None, refusal=_why_none(red, seen))]
    found = [_page(image, red, page) for page in pages]
    return sorted(found, key=_place)


def outside(surface: Surface, image: Image, points: Points) -> np.ndarray:
    """Which places of the page, in mm, the picture does not hold."""
    pixels = surface.pixels(points)
    height, width = image.shape[:2]
    inside = (pixels >= 0).all(1) & (pixels[:, 0] <= width - 1) & (pixels[:, 1] <= height - 1)
    return np.asarray(~inside)


def _page(image: Image, red: Image, page: list[Marker]) -> Found:
    if not is_upright(flat_view(page)):
        return Found(image, None, refusal=Refusal.TOO_SLANTED)
    lies = surface(page)
    x, y = np.meshgrid(
        np.linspace(g.GRID_LEFT, g.GRID_LEFT + g.DAYS * g.COLUMN_PITCH, 32),
        np.linspace(g.GRID_TOP, g.GRID_TOP + g.PEOPLE_A_PAGE * g.PERSON_PITCH, 16),
    )
    if outside(lies, image, np.stack([x.ravel(), y.ravel()], 1)).mean() > MOST_MISSING:
        return Found(image, lies, refusal=_which_corner(lies, image))
    read = codes(red, lies)
    if len(read.texts) > 1:
        return Found(image, lies, refusal=Refusal.TWO_CODES)
    if read.texts:
        return Found(image, lies, read.texts[0])
    if read.sharpness < SHARP:
        return Found(image, lies, refusal=Refusal.BLURRED)
    missing = outside(lies, image, np.array([(x + s / 2, y + s / 2) for x, y, s in g.CODES]))
    return Found(image, lies, refusal=_which_corner(lies, image) if missing.any() else Refusal.NO_CODE)


def _which_corner(lies: Surface, image: Image) -> Refusal:
    """The corner of the page that the picture misses, or a general sentence when there are several or none."""
    missing = [why for why, out in zip(_CORNERS, outside(lies, image, OUTLINE), strict=True) if out]
    return missing[0] if len(missing) == 1 else Refusal.CUT


def _why_none(red: Image, seen: list[Marker]) -> Refusal:
    if seen:
        return Refusal.FEW_MARKERS
    if float(red.std()) < 3.0:
        return Refusal.BLANK_LEAF
    return Refusal.MIRRORED if is_mirrored(red) else Refusal.NO_PAGE


def _place(found: Found) -> tuple[float, float]:
    if found.surface is None:
        return (np.inf, np.inf)
    x, y = found.surface.pixels(OUTLINE).mean(0)
    return (round(float(y) / found.image.shape[0], 1), float(x))
