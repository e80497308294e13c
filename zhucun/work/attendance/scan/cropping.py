"""One person-day cut out of a straightened page, with its neighbours, for the eyes of a person."""

from functools import lru_cache

import cv2
import numpy as np

from .arrays import Image

BESIDE, ABOVE = 50, 10
"""Pixels of the page shown around the cell: the days before and after, a little above and below."""
LARGER = 2
FRAME = (184, 95, 28)
"""Blue, as OpenCV orders its channels: no pen is taken for it, since it stands outside the cell."""


def cut_out(path: str, box: tuple[int, int, int, int]) -> bytes:
    """The cell at `box` (left, top, width, height) of the page kept in a file, twice as large and framed, as JPEG.

    Raises ValueError when the file is no picture or the cell lies outside it.
    """
    page = _page(path)
    left, top, width, height = box
    x0, y0 = max(0, left - BESIDE), max(0, top - ABOVE)
    part = page[y0 : top + height + ABOVE, x0 : left + width + BESIDE]
    if not part.size or width <= 0 or height <= 0:
        raise ValueError("the cell lies outside the picture")
    large = cv2.resize(part, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC)
    corner = ((left - x0) * LARGER, (top - y0) * LARGER)
    cv2.rectangle(large, corner, (corner[0] + width * LARGER, corner[1] + height * LARGER), FRAME, 3)
    return cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


@lru_cache(maxsize=2)
def _page(path: str) -> Image:
    """A page's pixels; kept for the next cells of the same page (its name is its content's digest)."""
    page = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if page is None:
        raise ValueError("no picture")
    return np.asarray(page, np.uint8)
