"""The two codes of a page, read at their own places and nowhere else."""

from collections.abc import Iterable

import cv2
import numpy as np
import zxingcpp

from zhucun.work.attendance.book import geometry

from .arrays import Image
from .deblurring import DOTS, sharpened, smear
from .surface import Surface

_MARGIN = 2.0
"""mm looked at around a code."""
_LOOSE = 4.0
"""How many mm the centre of a code may lie off its place."""
_QR = zxingcpp.barcode_formats_from_str("QRCode")
_CALMS = (0.03, 0.01, 0.003, 0.1)
"""How cautiously a smear is undone, one try after another."""


def codes(image: Image, surface: Surface) -> list[str]:
    """The different texts of both codes of a page in a one-channel picture; none when neither can be read.

    When neither can be read as it is, the smear seen on the markers is undone first.
    """
    patches = [
        surface.patch(image, left - _MARGIN, top - _MARGIN, side + 2 * _MARGIN, DOTS)
        for left, top, side in geometry.CODES
    ]
    texts = [text for patch in patches if (text := _text([patch, _crisp(patch, 1.0), _crisp(patch, 2.5)]))]
    if not texts:
        spread = smear(image, surface)
        texts = [text for patch in patches if (text := _text([sharpened(patch, spread, calm) for calm in _CALMS]))]
    return list(dict.fromkeys(texts))


def _text(versions: Iterable[Image]) -> str:
    """The text of the code in the first version of a patch that can be read; empty when there is none at its place."""
    for patch in versions:
        for code in zxingcpp.read_barcodes(patch, formats=_QR):
            if _is_at_its_place(code, patch.shape[0]):
                return str(code.text)
    return ""


def _crisp(patch: Image, amount: float) -> Image:
    """A patch with its edges exaggerated."""
    return np.asarray(cv2.addWeighted(patch, 1 + amount, cv2.GaussianBlur(patch, (0, 0), 4.0), -amount, 0), np.uint8)


def _is_at_its_place(code: zxingcpp.Barcode, size: int) -> bool:
    place = code.position
    corners = np.array(
        [(p.x, p.y) for p in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)], float
    )
    off = np.abs(corners.mean(0) - size / 2).max() / DOTS
    side = float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).mean())
    return bool(off < _LOOSE and side > 0.4 * size)
