"""Files become pictures: bounded before decoding, coarse first and finer on request, without any metadata."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import cv2
import numpy as np

from .arrays import Image
from .headers import Header, Kind, header, kind_of
from .pdfs import leaves
from .refusals import Refusal

MOST_BYTES = 400_000_000
MOST_PIXELS = 60_000_000
LEAST_SIDE = 1_000
"""Pixels of the long side, 3.4 a millimetre when the page fills the picture; the short side has at least half of them."""
COARSE_SIDE = 2_900
"""Over so many pixels a picture is first read at half its size."""

_REDUCED = {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}


@dataclass(frozen=True)
class Picture:
    """One picture of a file, or why it is not taken; `finer` gives it with twice the pixels a side where there are more."""

    number: int
    pixels: Image | None = None
    finer: Callable[[], Image | None] | None = None
    refusal: str = ""
    doubtful: bool = False
    warnings: tuple[str, ...] = field(default=())


def pictures(content: bytes) -> Iterator[Picture]:
    """The pictures of a file in order: one of a photo, one a page of a PDF."""
    kind = kind_of(content)
    refusal = _refusal(content, kind)
    if refusal:
        yield Picture(1, refusal=refusal)
    elif kind is Kind.PDF:
        yield from (Picture(**leaf._asdict()) for leaf in leaves(content, MOST_PIXELS, COARSE_SIDE, LEAST_SIDE))
    else:
        yield _photo(content, kind)


def _refusal(content: bytes, kind: Kind) -> str:
    if not content:
        return Refusal.EMPTY
    if len(content) > MOST_BYTES:
        return Refusal.TOO_HEAVY
    return {Kind.OTHER: Refusal.NOT_A_PICTURE, Kind.HEIC: Refusal.HEIC}.get(kind, "")


def _photo(content: bytes, kind: Kind) -> Picture:
    head = header(content, kind)
    refusal = _size_refusal(head)
    if head is None or refusal:
        return Picture(1, refusal=refusal)
    side, factor = max(head.width, head.height), 1
    while side / factor > COARSE_SIDE and factor < 4:
        factor *= 2
    pixels = _decoded(content, kind, factor)
    if pixels is None:
        return Picture(1, refusal=Refusal.BROKEN)
    return Picture(1, pixels, partial(_decoded, content, kind, factor // 2) if factor > 1 else None)


def _size_refusal(head: Header | None) -> str:
    if head is None or not head.whole or not head.width or not head.height:
        return Refusal.BROKEN
    if head.width * head.height > MOST_PIXELS:
        return Refusal.TOO_LARGE
    small = max(head.width, head.height) < LEAST_SIDE or min(head.width, head.height) < LEAST_SIDE // 2
    return Refusal.TOO_SMALL if small else ""


def _decoded(content: bytes, kind: Kind, factor: int) -> Image | None:
    """The pixels at a half or a quarter of the size; JPEG is reduced while decoding, which is quicker."""
    mode = _REDUCED[factor] if kind is Kind.JPEG else cv2.IMREAD_COLOR
    try:
        pixels = cv2.imdecode(np.frombuffer(content, np.uint8), mode)
    except cv2.error:
        return None
    if pixels is None:
        return None
    if kind is Kind.PNG and factor > 1:
        size = (pixels.shape[1] // factor, pixels.shape[0] // factor)
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(pixels, np.uint8)
