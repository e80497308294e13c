"""The pages of a PDF as pictures; what stands in them is measured before it is drawn."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium

from .arrays import Image
from .refusals import JBIG2, Refusal

MOST_LEAVES = 400
MOST_OBJECTS = 20_000
"""A scanned page holds a handful, our own printed page a few thousand."""
POINTS_AN_INCH, DOTS_AN_INCH = 72, 200


class Leaf(NamedTuple):
    """One page of a PDF, drawn or refused; the fields of a Picture."""

    number: int
    pixels: Image | None = None
    finer: Callable[[], Image | None] | None = None
    refusal: str = ""
    doubtful: bool = False
    warnings: tuple[str, ...] = ()


def leaves(content: bytes, most_pixels: int, most_side: int, least_side: int) -> Iterator[Leaf]:
    """Every page of a PDF; a file that cannot be opened gives one refused page."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        yield Leaf(1, refusal=Refusal.LOCKED if "password" in str(error).lower() else Refusal.BROKEN)
        return
    try:
        count = len(document)
        if count == 0 or count > MOST_LEAVES:
            yield Leaf(1, refusal=Refusal.TOO_MANY if count else Refusal.NO_LEAVES)
            return
        for number in range(1, count + 1):
            yield _leaf(document, number, most_pixels, (least_side, most_side))
    finally:
        document.close()


def _leaf(document: Any, number: int, most_pixels: int, sides: tuple[int, int]) -> Leaf:
    try:
        page = document[number - 1]
        largest, total, filters, objects = _images(page)
    except (pdfium.PdfiumError, ValueError):
        return Leaf(number, refusal=Refusal.BROKEN)
    if total > most_pixels or objects > MOST_OBJECTS:
        return Leaf(number, refusal=Refusal.TOO_LARGE)
    if 0 < largest < sides[0] and objects < 3:
        return Leaf(number, refusal=Refusal.TOO_SMALL)
    side = float(max(page.get_size()))
    scale = min(max(DOTS_AN_INCH / POINTS_AN_INCH, 1_800 / max(side, 1)), sides[1] / max(side, 1))
    pixels = _drawn(page, scale)
    if pixels is None:
        return Leaf(number, refusal=Refusal.BROKEN)
    if min(pixels.shape[:2]) < sides[0] // 2:
        return Leaf(number, refusal=Refusal.TOO_SMALL)
    finer = partial(_drawn, page, scale * 2) if largest > side * scale * 1.2 else None
    doubtful = "JBIG2Decode" in filters
    return Leaf(number, pixels, finer, "", doubtful, (JBIG2,) if doubtful else ())


def _images(page: Any) -> tuple[int, int, set[str], int]:
    """Of the images in a page: the longest side, all their pixels, their compressions; and how many objects it has."""
    largest, total, filters, objects = 0, 0, set[str](), 0
    for thing in page.get_objects(max_depth=8):
        objects += 1
        if isinstance(thing, pdfium.PdfImage):
            width, height = thing.get_px_size()
            largest, total = max(largest, width, height), total + width * height
            filters.update(thing.get_filters())
        if objects > MOST_OBJECTS:
            break
    return largest, total, filters, objects


def _drawn(page: Any, scale: float) -> Image | None:
    try:
        bitmap = page.render(scale=scale)
    except (pdfium.PdfiumError, ValueError, MemoryError):
        return None
    pixels = bitmap.to_numpy()[:, :, :3]
    return np.ascontiguousarray(pixels, np.uint8)
