"""The cells of a straightened page: every printed person-day with its value, its reasons and its place in the picture."""

import numpy as np

from zhucun.work.attendance.book import geometry as g
from zhucun.work.attendance.book.pages import Page

from .arrays import Image
from .bubbles import Bubbles, measure
from .deciding import Verdict, decide
from .finding import outside
from .grid import Grid
from .laying import Laid
from .reading import Cell
from .refusals import FADED, RED_PEN
from .registering import Places
from .surface import PIXELS_A_MM

AROUND = 0.6
"""mm of the page shown around a cell."""
_CORNERS = np.array([(-3.5, -3.0), (3.5, -3.0), (-3.5, 3.0), (3.5, 3.0)])
"""mm from the outer bubbles of a cell to its corners."""
DOUBTFUL = "扫描压缩方式不可靠"


def cells_of(page: Page, flat: Laid, where: Grid, image: Image, doubtful: bool) -> tuple[list[Cell], tuple[str, ...]]:
    """The cells in the order of people and days, and warnings about the page; when `doubtful`, every cell goes to a person."""
    if not len(where):
        return [], ()
    bubbles = measure(flat.ink, where, flat.places)
    corners = (where.bubbles + flat.places.shifts[:, None])[:, (0, 0, -1, -1)] + _CORNERS
    cut = np.asarray(outside(flat.surface, image, corners.reshape(-1, 2)).reshape(-1, 4).any(1))
    verdicts = decide(bubbles, where, flat.places, cut)
    cells = [_cell(page, where, at, verdict, bubbles, flat.places, doubtful) for at, verdict in enumerate(verdicts)]
    warnings = ((FADED, bubbles.faded), (RED_PEN, bubbles.by_red_hands.any()))
    return cells, tuple(sentence for sentence, holds in warnings if holds)


def _cell(page: Page, where: Grid, at: int, verdict: Verdict, bubbles: Bubbles, places: Places, doubtful: bool) -> Cell:
    """One cell; its measures are ink, darkness, ink outside the ring and red ink, each of the four bubbles from 村 to 休."""
    rule = verdict.rule or ("doubtful" if doubtful else "")
    raw = np.concatenate([bubbles.ink[at], bubbles.dark[at], bubbles.outside[at], bubbles.red[at]])
    return Cell(
        person=page.rows[where.places[at]].person,
        day=where.days[at],
        value=verdict.value,
        confidence=verdict.confidence,
        human=bool(rule),
        why=verdict.why or (DOUBTFUL if doubtful else ""),
        rule=rule,
        measures=tuple(round(float(value), 4) for value in raw),
        crop=_crop(where.places[at], where.days[at], places.shifts[at]),
    )


def _crop(place: int, day: int, shift: np.ndarray) -> tuple[int, int, int, int]:
    """A person-day's place in the straightened page, in pixels, moved to where it really lies."""
    box = g.cell(place, day)
    left, top = ((at + float(by) - AROUND) * PIXELS_A_MM for at, by in zip((box.x, box.y), shift, strict=True))
    width, height = (round((size + 2 * AROUND) * PIXELS_A_MM) for size in (box.w, box.h))
    return round(left), round(top), width, height
