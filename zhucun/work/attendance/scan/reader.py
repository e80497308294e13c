"""The reader: a file from outside becomes pages, each read or refused with a reason; the same bytes give the same answer."""

from collections.abc import Iterator

import cv2

from zhucun.work.attendance.book.pages import is_ours

from .cells import cells_of
from .finding import Found, find
from .grid import grid
from .laying import laid
from .pictures import Picture, pictures
from .reading import Lookup, Read
from .refusals import LOW_RESOLUTION, Refusal

FINE, COARSE = 4.5, 3.6
"""Pixels a mm: under the first a finer picture is asked for, under the second people are told."""
LEAST_ACROSS = 200
"""Pixels of the short side: a strip holds no page."""
QUALITY = 80
"""JPEG quality of the straightened page."""

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
    where = grid(page)
    flat = laid(found.image, found.surface, where)
    cells, warnings = cells_of(page, flat, where, found.image, picture.doubtful)
    if found.surface.scale() < COARSE:
        warnings += (LOW_RESOLUTION,)
    encoded, jpeg = cv2.imencode(".jpg", flat.straight, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return Read(
        name,
        picture.number,
        "",
        found.text,
        page,
        tuple(cells),
        jpeg.tobytes() if encoded else b"",
        picture.warnings + warnings,
    )
