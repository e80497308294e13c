"""The pages in one picture: where each lies and what its code says, or why it cannot be read."""

from dataclasses import dataclass

import numpy as np

from zhucun.work.attendance.book import geometry as g

from .arrays import RED, Image, Points
from .codes import codes
from .markers import Marker, edge_blur, is_mirrored, markers
from .placing import OUTLINE, flat_view, is_upright, placements
from .refusals import Refusal
from .surface import Surface, surface

MOST_MISSING = 0.25
"""Share of the grid that may lie outside the picture."""
LEAST_SCALE = 2.6
"""Pixels a mm under which codes cannot be read."""
SHAKEN = 0.25
"""mm over which the markers' edges are smeared when a picture counts as shaken."""
_INSET = np.array([(4.0, 4.0), (-4.0, 4.0), (-4.0, -4.0), (4.0, -4.0)])
"""mm by which a corner of the page may be missing without being named."""
_CUTS = {
    (0,): Refusal.CUT_TOP_LEFT,
    (1,): Refusal.CUT_TOP_RIGHT,
    (2,): Refusal.CUT_BOTTOM_RIGHT,
    (3,): Refusal.CUT_BOTTOM_LEFT,
    (0, 1): Refusal.CUT_TOP,
    (1, 2): Refusal.CUT_RIGHT,
    (2, 3): Refusal.CUT_BOTTOM,
    (0, 3): Refusal.CUT_LEFT,
}
"""What to say when these corners of the page, clockwise from the top left, are not in the picture."""


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
    found: list[Found] = []
    for page in pages:
        one = _page(image, red, page)
        half = next((at for at, other in enumerate(found) if _one_sheet(one, other)), None)
        if half is None:
            found.append(one)
        else:
            found[half] = _joined(image, red, found[half], one)
    return sorted(found, key=_place)


def _one_sheet(one: Found, other: Found) -> bool:
    """Whether two pages are parts of one sheet that bends too much to look like one: the same code, and no marker twice."""
    both = [{marker.number for marker in _markers(part)} for part in (one, other)]
    return bool(one.text) and one.text == other.text and both[0].isdisjoint(both[1])


def _joined(image: Image, red: Image, one: Found, other: Found) -> Found:
    """The sheet of two parts, or the part with more markers when the whole is none."""
    whole = _page(image, red, [*_markers(one), *_markers(other)])
    return whole if whole.text == one.text else max(one, other, key=lambda part: len(_markers(part)))


def _markers(found: Found) -> tuple[Marker, ...]:
    return found.surface.markers if found.surface else ()


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
        return Found(image, lies, refusal=_which_part(lies, image))
    read = codes(red, lies)
    if len(read) == 1:
        return Found(image, lies, read[0])
    return Found(image, lies, refusal=Refusal.TWO_CODES if read else _why_no_code(lies, image, red))


def _why_no_code(lies: Surface, image: Image, red: Image) -> Refusal:
    """Why neither code can be read: shaken, too coarse, not in the picture, or something lies on them."""
    if lies.scale() < LEAST_SCALE:
        return Refusal.TOO_SMALL
    if edge_blur(red, list(lies.markers)) > SHAKEN:
        return Refusal.BLURRED
    missing = outside(
        lies, image, np.array([(x + i * s, y + j * s) for x, y, s in g.CODES for i in (0, 1) for j in (0, 1)])
    )
    return _which_part(lies, image) if missing.any() else Refusal.NO_CODE


def _which_part(lies: Surface, image: Image) -> Refusal:
    """The corner or the side of the page that the picture misses, or a general sentence."""
    missing = np.nonzero(outside(lies, image, OUTLINE + _INSET))[0]
    return _CUTS.get(tuple(int(corner) for corner in missing), Refusal.CUT)


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
