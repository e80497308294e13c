"""Shaken pictures made readable again: how a picture is smeared is seen on the markers, whose look is known."""

from functools import cache

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry

from .arrays import Floats, Image
from .surface import Surface

DOTS = 10
"""Pixels a mm of the patches."""
_SIDE = geometry.MARKER_SIDE + 2 * geometry.MARKER_QUIET
_REACH = 18
"""Pixels to each side that a smear is looked for: nearly 2 mm."""
_CALM = 1e-5
"""Held back where the markers say little, as a share of the strongest frequency."""
_LEAST = 0.08
"""Parts of a smear weaker than this share of its strongest are noise."""


def smear(image: Image, surface: Surface) -> Floats:
    """The point spread of a one-channel picture around the markers: 37 by 37 pixels at 10 px/mm, sum 1."""
    seen, ideal = [], []
    for marker in surface.markers:
        left, top = geometry.MARKERS[marker.number]
        patch = surface.patch(image, left - geometry.MARKER_QUIET, top - geometry.MARKER_QUIET, _SIDE, DOTS)
        seen.append(np.fft.rfft2(_darkness(patch)))
        ideal.append(_ideal(marker.number))
    own = sum(np.abs(one) ** 2 for one in ideal)
    across = sum(one * other.conj() for one, other in zip(seen, ideal, strict=True))
    spread = np.fft.irfft2(across / (own + _CALM * np.max(own)), s=(round(_SIDE * DOTS),) * 2)
    part = np.roll(spread, (_REACH, _REACH), axis=(0, 1))[: 2 * _REACH + 1, : 2 * _REACH + 1]
    part = np.where(part > _LEAST * part.max(), part, 0.0)
    return np.asarray(part / max(float(part.sum()), 1e-9))


def sharpened(patch: Image, spread: Floats, calm: float) -> Image:
    """A patch at 10 px/mm with its smear undone; the larger `calm`, the less noise and the less undone."""
    dark = _darkness(patch)
    wide = np.zeros_like(dark)
    wide[: spread.shape[0], : spread.shape[1]] = spread
    transfer = np.fft.rfft2(np.roll(wide, (-_REACH, -_REACH), axis=(0, 1)))
    undone = np.fft.irfft2(np.fft.rfft2(dark) * transfer.conj() / (np.abs(transfer) ** 2 + calm), s=dark.shape)
    return np.asarray(np.clip(255 * (1 - undone), 0, 255), np.uint8)


def _darkness(patch: Image) -> Floats:
    """0 on paper to about 1 on black."""
    white, black = np.percentile(patch, (92, 4))
    return np.asarray((white - patch.astype(float)) / max(float(white - black), 10.0))


@cache
def _ideal(number: int) -> np.ndarray:
    """The spectrum of a marker as printed, with its quiet zone."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    bits = 1.0 - cv2.aruco.generateImageMarker(dictionary, number, 6).astype(float) / 255
    size = round(_SIDE * DOTS)
    steps = np.floor(((np.arange(size * 4) + 0.5) / 4 / DOTS - geometry.MARKER_QUIET) / geometry.MARKER_SIDE * 6)
    inside = (steps >= 0) & (steps < 6)
    at = np.clip(steps, 0, 5).astype(int)
    fine = bits[np.ix_(at, at)] * inside[:, None] * inside
    return np.asarray(np.fft.rfft2(fine.reshape(size, 4, size, 4).mean((1, 3))))
