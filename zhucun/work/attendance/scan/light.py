"""Ink instead of light: how dark every pixel of the grid is between the paper around it (0) and the page's black (1)."""

from dataclasses import dataclass

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry

from .arrays import BLUE, GREEN, RED, Floats, Image
from .grid import CROP
from .streaks import streaks, without
from .surface import PIXELS_A_MM

_HALF = 2
"""The paper is looked at in half the pixels, which also calms the noise."""
_WINDOW = 21
"""Side of the closing in those pixels: 7 mm, wider than a bubble with its stroke."""
_INSIDE, _OUTSIDE = 0.3, 0.35
"""mm kept from a marker's edges, inwards and outwards, when its black and its white are measured."""
_LEAST_CONTRAST = 0.25
_BARE, _LEAST_BARE = 0.12, 0.05
"""Ink under which a pixel counts as bare paper, when its neighbours do too, and the share of such pixels without which nothing is corrected."""
_AROUND = 4.0
"""Spread in half pixels of the surroundings whose bare paper counts: 1.3 mm."""


@dataclass(frozen=True)
class Ink:
    """The grid at 6 px/mm: ink as seen in red light, how much more of it there is in green and blue, and the paper."""

    dark: Floats
    red: Floats
    paper: Image
    black: float


def ink(page: Image) -> Ink:
    """The ink of the grid of a straightened page, without the streaks of a scanner's glass."""
    part = np.ascontiguousarray(page[CROP])
    black = _black(page[:, :, RED])
    shares, papers = [], []
    for channel in (BLUE, GREEN, RED):
        pixels = np.ascontiguousarray(part[:, :, channel])
        paper = _paper(pixels)
        shares.append(cv2.divide(pixels, paper, scale=1.0, dtype=cv2.CV_32F))
        papers.append(paper)
    dark: Floats = (1.0 - shares[RED]) / np.float32(1.0 - black)
    red: Floats = (shares[RED] - (shares[BLUE] + shares[GREEN]) / 2) / np.float32(1.0 - black)
    lines = streaks(page)
    dark, red = without(dark, lines, CROP), without(red, lines, CROP)
    bare = cv2.erode((_half(dark) < _BARE).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return Ink(dark - _rest(dark, bare), red - _rest(red, bare), papers[RED], black)


def _rest(values: Floats, bare: np.ndarray) -> Floats:
    """What bare paper still shows around every pixel: the closing is off where the light changes quickly."""
    weight = cv2.GaussianBlur(bare.astype(np.float32), (0, 0), _AROUND)
    there = cv2.GaussianBlur(np.where(bare, _half(values), np.float32(0.0)), (0, 0), _AROUND)
    rest = np.where(weight > _LEAST_BARE, there / np.maximum(weight, _LEAST_BARE), 0.0).astype(np.float32)
    return np.asarray(cv2.resize(rest, (values.shape[1], values.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def _half(values: Floats) -> Floats:
    size = (values.shape[1] // _HALF, values.shape[0] // _HALF)
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)


def _paper(pixels: Image) -> Image:
    """The light of the paper: a grey closing, which no stroke or ring survives."""
    size = (pixels.shape[1] // _HALF, pixels.shape[0] // _HALF)
    small = cv2.blur(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), (3, 3))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_WINDOW, _WINDOW), np.uint8))
    calm = cv2.blur(closed, (7, 7))
    wide = cv2.resize(calm, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.maximum(np.asarray(wide, np.uint8), 8)


def _black(red: Image) -> float:
    """How bright black print is as a share of the paper beside it: the middle one of the markers."""
    shares = []
    for x, y in geometry.MARKERS.values():
        whole = _box(red, x - geometry.MARKER_QUIET, y - geometry.MARKER_QUIET, 2 * geometry.MARKER_QUIET)
        outer = _box(red, x - _OUTSIDE, y - _OUTSIDE, 2 * _OUTSIDE)
        border = _box(red, x + _INSIDE, y + _INSIDE, -2 * _INSIDE)
        step = geometry.MARKER_SIDE / 6 - _INSIDE
        core = _box(red, x + step, y + step, -2 * step)
        white = _rest_mean(whole, outer)
        shares.append(_rest_mean(border, core) / max(white, 1.0))
    return float(np.clip(np.median(shares), 0.0, 1.0 - _LEAST_CONTRAST))


def _box(image: Image, x: float, y: float, more: float) -> Image:
    """The pixels of a square that is a marker's side and so much more wide, in mm."""
    left, top = round(x * PIXELS_A_MM), round(y * PIXELS_A_MM)
    side = round((geometry.MARKER_SIDE + more) * PIXELS_A_MM)
    return image[max(top, 0) : top + side, max(left, 0) : left + side]


def _rest_mean(outer: Image, inner: Image) -> float:
    """The mean of what the outer square has beyond the inner one."""
    rest = float(outer.sum(dtype=np.int64) - inner.sum(dtype=np.int64))
    return rest / max(1, outer.size - inner.size)
