"""Streaks of a scanner's glass: thin straight lines from edge to edge of the sheet, which no pen drew; they are taken out."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from .arrays import Floats, Image
from .surface import PIXELS_A_MM

_EDGE = slice(round(2.0 * PIXELS_A_MM), round(8.0 * PIXELS_A_MM))
"""The strip along an edge of the sheet on which nothing is printed."""
_THIN = 2 * round(0.9 * PIXELS_A_MM) + 1
"""Pixels: what is no wider is thin."""
_LEAST, _MOST = 0.04, 6
"""Darkness that a streak has at least as a share of the paper, and how many are looked for at an edge."""
_STEEP = 0.03
"""Slope of the steepest: a sheet drawn in no more aslant."""
_BESIDE, _NEAR = 8, 4
"""Pixels beside a line where it must be lighter, and how far the line may lie from the straight one between its ends."""
_SEEN, _LIKE = 0.4, 2.0
"""Shares of its darkness at the edges from which and up to which it may be the line."""
_DARK, _BARE = 0.6, 0.85
"""Shares of the paper's light: under the first nothing need be darker for the streak, over the second the paper is bare."""
_WHOLE, _PLAIN = 0.93, 0.3
"""Shares of a line that must be dark, and that must look like it does at the edges."""
_WIDTH = 0.3
"""Share of its darkness at which a streak ends."""
_JITTER = 3
"""Pixels over which the line may lie beside where it is thought to be."""
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
    first, last = (_ends(strip) for strip in (page[:, _EDGE], page[:, ::-1][:, _EDGE]))
    middle = (_EDGE.start + _EDGE.stop) / 2
    places = np.arange(page.shape[1])
    found = []
    for left in first:
        for right in last:
            slope = (right.at - left.at) / (page.shape[1] - 1 - 2 * middle)
            straight = left.at + slope * (places - middle)
            if abs(slope) < _STEEP and (way := _followed(page, straight, min(left.dark, right.dark))) is not None:
                found.append(Streak(*way, max(left.half, right.half), down))
    return found


def _ends(strip: Image) -> list[_End]:
    """What thin lines reach an edge: the darkest few."""
    light = np.median(strip.min(axis=2), axis=1).astype(np.uint8)[:, None]
    paper = cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((_THIN, 1), np.uint8)).astype(np.float32)
    dark = ((paper - light) / np.maximum(paper, 1.0))[:, 0]
    ends: list[_End] = []
    while len(ends) < _MOST and (most := float(dark.max())) > _LEAST:
        at = int(dark.argmax())
        ends.append(_End(at, most, _half(dark, at)))
        dark[max(0, at - _THIN // 2) : at + _THIN // 2 + 1] = 0.0
    return ends


def _half(dark: Floats, at: int) -> int:
    """Half the width of the thin line at a peak, and one pixel more for its soft edge."""
    near = dark[max(0, at - _THIN // 2) : at + _THIN // 2 + 1] > _WIDTH * dark[at]
    return int(near.sum() // 2 + 1)


def _followed(page: Image, straight: Floats, dark: float) -> tuple[np.ndarray, np.ndarray] | None:
    """The rows of a line near a straight one and where it lies on paper; if it is seen all the way but where all is dark."""
    rows = np.rint(straight).astype(int)
    if rows.min() < _BESIDE or rows.max() >= page.shape[0] - _BESIDE:
        return None
    places, steps = np.arange(page.shape[1]), np.arange(-_NEAR, _NEAR + 1)
    light = np.stack([page[rows + by, places].min(axis=1) for by in (-_BESIDE, *steps, _BESIDE)]).astype(np.float32)
    beside, lines = np.maximum(light[0], light[-1]), light[1:-1]
    paper = float(np.median(beside))
    contrast = (beside - lines.min(axis=0)) / (dark * paper)
    clear = contrast > _SEEN
    plain = clear & (contrast < _LIKE) & (np.minimum(light[0], light[-1]) > _BARE * paper)
    inside = slice(_EDGE.stop, -_EDGE.stop)
    if (clear | (lines.min(axis=0) < _DARK * paper))[inside].mean() < _WHOLE or plain.mean() < _PLAIN:
        return None
    weight = np.maximum(beside - lines, 0)[:, plain] ** 2
    seen = (weight * steps[:, None]).sum(axis=0) / weight.sum(axis=0)
    curve = np.polynomial.Chebyshev.fit(places[plain], seen, _BENDS - 1)
    return np.rint(straight + np.clip(curve(places), -_NEAR, _NEAR)).astype(int), plain
