"""The reader: a file from outside becomes pages, each read or refused with a reason; the same bytes give the same answer."""

from collections.abc import Iterator

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry as g
from zhucun.work.attendance.book.pages import Page, is_ours

from .bubbles import Bubbles, measure
from .deciding import Verdict, decide
from .finding import Found, find, outside
from .grid import Grid, grid
from .light import ink
from .pictures import Picture, pictures
from .reading import Cell, Lookup, Read
from .refusals import LOW_RESOLUTION, Refusal
from .registering import Places, register
from .surface import PIXELS_A_MM

FINE, COARSE = 4.5, 3.6
"""Pixels a mm: under the first a finer picture is asked for, under the second people are told."""
LEAST_ACROSS = 200
"""Pixels of the short side: a strip holds no page."""
QUALITY = 80
"""JPEG quality of the straightened page."""
AROUND = 0.6
"""mm of the page shown around a cell."""

cv2.setNumThreads(1)


def read(name: str, content: bytes, lookup: Lookup, county: str, key: bytes) -> Iterator[Read]:
    """The pages of a file in order, each read or refused with a Chinese sentence; a bad file is one refused page.

    `number` is the file's page: two book pages in one photo have the same. `lookup` is asked only for codes that were
    printed for that county under that key.
    """
    for picture in pictures(content):
        if picture.pixels is None:
            yield Read(name, picture.number, reason=picture.refusal)
        else:
            yield from _pages(name, picture, lookup, (county, key))


def _pages(name: str, picture: Picture, lookup: Lookup, seal: tuple[str, bytes]) -> list[Read]:
    """The pages of one picture; one that OpenCV cannot work on is a refused page, not the end of the file."""
    assert picture.pixels is not None
    if min(picture.pixels.shape[:2]) < LEAST_ACROSS:
        return [Read(name, picture.number, reason=Refusal.TOO_SMALL)]
    try:
        return [_read(name, picture, found, lookup, seal) for found in _found(picture)]
    except cv2.error:
        return [Read(name, picture.number, reason=Refusal.BROKEN)]


def _found(picture: Picture) -> list[Found]:
    """The pages of a picture; looked for again in the finer one when something is missing or small."""
    assert picture.pixels is not None
    found = find(picture.pixels)
    fine = all(not one.refusal and one.surface is not None and one.surface.scale() >= FINE for one in found)
    if fine or picture.finer is None:
        return found
    pixels = picture.finer()
    if pixels is None:
        return found
    again = find(pixels)
    return again if _taken(again) >= _taken(found) else found


def _taken(found: list[Found]) -> int:
    return sum(not one.refusal for one in found)


def _read(name: str, picture: Picture, found: Found, lookup: Lookup, seal: tuple[str, bytes]) -> Read:
    """One page: its code is checked, looked up, and its cells read."""
    if found.refusal or found.surface is None:
        return Read(name, picture.number, reason=found.refusal, warnings=picture.warnings)
    if not is_ours(found.text, *seal):
        return Read(name, picture.number, reason=Refusal.NOT_OURS, warnings=picture.warnings)
    page = lookup(found.text)
    if isinstance(page, str):
        return Read(name, picture.number, reason=page, code=found.text, warnings=picture.warnings)
    if page.code(seal[1]) != found.text:
        return Read(name, picture.number, reason=Refusal.CHANGED, code=found.text, warnings=picture.warnings)
    straight = found.surface.straightened(found.image)
    cells = _cells(page, straight, found, picture.doubtful)
    warnings = picture.warnings + ((LOW_RESOLUTION,) if found.surface.scale() < COARSE else ())
    encoded, jpeg = cv2.imencode(".jpg", straight, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return Read(name, picture.number, "", found.text, page, cells, jpeg.tobytes() if encoded else b"", warnings)


def _cells(page: Page, straight: np.ndarray, found: Found, doubtful: bool) -> tuple[Cell, ...]:
    """The cells of a page in the order of people and days."""
    assert found.surface is not None
    where = grid(page)
    if not len(where):
        return ()
    dark = ink(straight)
    places = register(dark.dark, where)
    bubbles = measure(dark, where, places)
    corners = where.bubbles[:, (0, 0, -1, -1)] + np.array([(-3.5, -3), (3.5, -3), (-3.5, 3), (3.5, 3)])
    cut = np.asarray(outside(found.surface, found.image, corners.reshape(-1, 2)).reshape(-1, 4).any(1))
    verdicts = decide(bubbles, where, places, cut)
    return tuple(_cell(page, where, at, verdict, bubbles, places, doubtful) for at, verdict in enumerate(verdicts))


def _cell(page: Page, where: Grid, at: int, verdict: Verdict, bubbles: Bubbles, places: Places, doubtful: bool) -> Cell:
    rule = verdict.rule or ("doubtful" if doubtful else "")
    raw = np.concatenate([bubbles.ink[at], bubbles.dark[at], bubbles.outside[at], bubbles.red[at]])
    return Cell(
        person=page.rows[where.places[at]].person,
        day=where.days[at],
        value=verdict.value,
        confidence=verdict.confidence,
        human=bool(rule),
        why=verdict.why or ("扫描压缩方式不可靠" if doubtful else ""),
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
