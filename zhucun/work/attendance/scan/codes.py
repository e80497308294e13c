"""The two codes of a page, read at their own places and nowhere else."""

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from zhucun.work.attendance.book import geometry

from .arrays import Image
from .surface import Surface

_MARGIN = 2.0
"""mm looked at around a code."""
_DOTS = 10
"""Pixels a mm at which a code is read."""
_LOOSE = 4.0
"""How many mm the centre of a code may lie off its place."""
_QR = zxingcpp.barcode_formats_from_str("QRCode")
_SHARPENINGS = (0.0, 1.0, 2.5)
SHARP = 0.5
"""Steepness of the code's edges under which the picture counts as shaken; see `sharpness`."""


@dataclass(frozen=True)
class Codes:
    """The different texts read on a page, and how sharp the place of the codes looks."""

    texts: tuple[str, ...]
    sharpness: float


def codes(image: Image, surface: Surface) -> Codes:
    """Both codes of a page in a one-channel picture."""
    texts, sharpnesses = [], []
    for left, top, side in geometry.CODES:
        patch = surface.patch(image, left - _MARGIN, top - _MARGIN, side + 2 * _MARGIN, _DOTS)
        sharpnesses.append(sharpness(patch))
        text = _text(patch)
        if text and text not in texts:
            texts.append(text)
    return Codes(tuple(texts), max(sharpnesses))


def sharpness(patch: Image) -> float:
    """Contrast of the code between neighbours half a mm apart, as a share of its whole contrast; shaken pictures have little."""
    values = cv2.GaussianBlur(patch, (0, 0), 1.0).astype(float)
    low, high = np.percentile(values, (5, 95))
    steps = np.abs(values[:, 5:] - values[:, :-5]).mean(), np.abs(values[5:] - values[:-5]).mean()
    return float(min(steps) / max(high - low, 20.0))


def _text(patch: Image) -> str:
    """The text of the code in a patch, sharpened more and more; empty when there is none at its place."""
    for amount in _SHARPENINGS:
        for code in zxingcpp.read_barcodes(_sharpened(patch, amount), formats=_QR):
            if _is_at_its_place(code, patch.shape[0]):
                return str(code.text)
    return ""


def _sharpened(patch: Image, amount: float) -> Image:
    if not amount:
        return patch
    blurred = cv2.GaussianBlur(patch, (0, 0), 4.0)
    return np.asarray(cv2.addWeighted(patch, 1 + amount, blurred, -amount, 0), np.uint8)


def _is_at_its_place(code: zxingcpp.Barcode, size: int) -> bool:
    place = code.position
    corners = np.array(
        [(p.x, p.y) for p in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)], float
    )
    off = np.abs(corners.mean(0) - size / 2).max() / _DOTS
    side = float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).mean())
    return bool(off < _LOOSE and side > 0.4 * size)
