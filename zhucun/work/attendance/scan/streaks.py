"""Streaks of a scanner's glass: thin straight lines from edge to edge of the sheet, which no pen drew; they are taken out."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from .arrays import Floats, Image, darkest
from .surface import PIXELS_A_MM

_EDGE, _CUT = (round(2.0 * PIXELS_A_MM), round(8.0 * PIXELS_A_MM)), round(10.0 * PIXELS_A_MM)
"""Where from an edge the strip lies in which lines are looked for, and how much of the sheet the picture may lack there."""
_THIN = 2 * round(0.9 * PIXELS_A_MM) + 1
"""Pixels: what is no wider is thin."""
_LEAST, _BLACK = 0.06, 0.85
"""Darkness that a streak has at least as a share of the paper, and at most, for print is darker."""
_MOST, _MOST_ALIKE = 8, 3
"""How many are looked for at one edge, and how many that may be its other end for each."""
_STEEP, _APART = 0.03, 2.5
"""Slope of the steepest: a sheet drawn in no more aslant; and how many times darker one end may be than the other."""
_BESIDE, _NEAR = 8, 4
"""Pixels beside a line where it must be lighter, and how far the line may lie from the straight one between its ends."""
_SEEN, _LIKE = 0.4, 2.0
"""Shares of its darkness at the edges from which and up to which it may be the line."""
_DARK, _BARE = 0.6, 0.85
"""Shares of the paper's light: under the first nothing need be darker for the streak, over the second the paper is bare."""
_WHOLE, _PLAIN = 0.93, 0.3
"""Shares of a line that must be dark, and that must look like it does at the edges."""
_WIDTH = 0.12
"""Share of its darkness at which a streak ends."""
_JITTER = 3
"""Pixels over which the line may lie beside where it is thought to be."""
_STRIDE = 4
"""Pixels between the places at which a line is looked at."""
_BENDS = 4
"""Terms of the curve of a streak: flat scans are laid flat no worse than that."""


@dataclass(frozen=True)
class Streak:
    """A line across the straightened page, or down it: its row (or column) in each pixel of its way, and half its width.

    `plain` are the pixels of its way where it lies on bare paper.
    """

    path: np.ndarray
    plain: np.ndarray
    half: int
    down: bool


@dataclass(frozen=True)
class _End:
    """Where something thin reaches an edge, how dark it is there, and half its width."""

    at: int
    dark: float
    half: int


def streaks(page: Image) -> list[Streak]:
    """The streaks of a straightened page."""
    return [*_across(page, down=False), *_across(page.transpose(1, 0, 2), down=True)]


def without(values: Floats, found: Iterable[Streak], crop: tuple[slice, slice]) -> Floats:
    """A part of the page without what each streak added: on paper all of it, on a mark no more than makes it as its surroundings."""
    values = values.copy()
    for one in found:
        rows, columns = reversed(crop) if one.down else crop
        part = values.T if one.down else values
        places, middle = np.arange(part.shape[1]), one.path[columns] - rows.start
        inside = (middle > one.half) & (middle < len(part) - one.half - 1)
        places, middle, plain = places[inside], middle[inside], one.plain[columns][inside]
        if not plain.any():
            continue
        steps = np.arange(-one.half, one.half + 1)[:, None]
        share = ((steps + one.half + 1) / (2 * one.half + 2)).astype(np.float32)
        around = part[middle - one.half - 1, places] * (1 - share) + part[middle + one.half + 1, places] * share
        there = part[middle + steps, places]
        added = cv2.dilate(np.median((there - around)[:, plain], axis=1, keepdims=True), np.ones((_JITTER, 1)))
        part[middle + steps, places] = np.minimum(there, np.maximum(there - np.maximum(added, 0), around))
    return values


def _across(page: Image, down: bool) -> list[Streak]:
    """The streaks from left to right."""
    length = page.shape[1]
    starts, stops = _strip(page), tuple(length - at for at in reversed(_strip(page[:, ::-1])))
    first, last = _thin(page[:, slice(*starts)]), _thin(page[:, slice(*stops)])
    near, far = sum(starts) / 2, sum(stops) / 2
    places, reach = np.arange(length), round(_STEEP * (far - near))
    found = []
    for left in _ends(first, _MOST):
        alike = np.where(last < _APART * left.dark, last, 0.0)
        alike[: max(0, left.at - reach)] = alike[left.at + reach :] = 0.0
        for right in _ends(alike, _MOST_ALIKE):
            straight = left.at + (right.at - left.at) / (far - near) * (places - near)
            way = _followed(page, straight, min(left.dark, right.dark), (starts[1], stops[0]))
            found += [Streak(*way, max(left.half, right.half), down)] if way else []
    return found


def _strip(page: Image) -> tuple[int, int]:
    """The columns of the strip along the left edge, farther in when the picture does not reach the edge of the sheet."""
    white = darkest(page[:, :_CUT]).min(axis=0) == 255
    cut = int(white.cumprod().sum())
    return cut + _EDGE[0], cut + _EDGE[1]


def _thin(strip: Image) -> Floats:
    """How dark thin lines are in each row of a strip, as a share of the paper; print is darker."""
    light = np.median(darkest(strip), axis=1).astype(np.uint8)[:, None]
    paper = cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((_THIN, 1), np.uint8)).astype(np.float32)
    dark = ((paper - light) / np.maximum(paper, 1.0))[:, 0]
    return np.asarray(np.where(dark > _BLACK, 0.0, dark))


def _ends(dark: Floats, most: int) -> list[_End]:
    """The darkest few lines."""
    left, ends = dark.copy(), list[_End]()
    while len(ends) < most and (peak := float(left.max())) > _LEAST:
        at = int(left.argmax())
        ends.append(_End(at, peak, _half(dark, at)))
        left[max(0, at - _THIN // 2) : at + _THIN // 2 + 1] = 0.0
    return ends


def _half(dark: Floats, at: int) -> int:
    """Half the width of the thin line at a peak, and one pixel more for its soft edge."""
    near = dark[max(0, at - _THIN // 2) : at + _THIN // 2 + 1] > _WIDTH * dark[at]
    return int(near.sum() // 2 + 1)


def _followed(
    page: Image, straight: Floats, dark: float, inside: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray] | None:
    """The rows of a line near a straight one and where it lies on paper; if it is seen all the way `inside` but where all is dark."""
    if straight.min() < _BESIDE or straight.max() >= page.shape[0] - _BESIDE - 1:
        return None
    places, steps = np.arange(*inside, _STRIDE), np.arange(-_NEAR, _NEAR + 1)
    rows = np.rint(straight[places]).astype(int)
    light = np.stack([darkest(page[rows + by, places]) for by in (-_BESIDE, *steps, _BESIDE)]).astype(np.float32)
    beside, lines = np.maximum(light[0], light[-1]), light[1:-1]
    paper = float(np.median(beside))
    contrast = (beside - lines.min(axis=0)) / (dark * paper)
    clear = contrast > _SEEN
    plain = clear & (contrast < _LIKE) & (np.minimum(light[0], light[-1]) > _BARE * paper)
    if (clear | (lines.min(axis=0) < _DARK * paper)).mean() < _WHOLE or plain.mean() < _PLAIN:
        return None
    weight = np.maximum(beside - lines, 0)[:, plain] ** 2
    seen = (weight * steps[:, None]).sum(axis=0) / weight.sum(axis=0)
    curve = np.polynomial.Chebyshev.fit(places[plain], seen, _BENDS - 1)(np.arange(len(straight)))
    everywhere = np.interp(np.arange(len(straight)), places, plain) > 0.5
    return np.rint(straight + np.clip(curve, -_NEAR, _NEAR)).astype(int), everywhere
