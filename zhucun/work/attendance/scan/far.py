"""Where the person-days of a strongly bent page are: each looked for near where those already found beside it say."""

import heapq

import cv2
import numpy as np

from .arrays import Floats, Points
from .grid import LEFT, TOP, Grid
from .registering import DOTS, LEAST_SEEN, SEARCH, rings_seen, small_ink

FAR = np.array([7.0, 6.0])
"""mm looked at to both sides, and up and down; much more than half a column, for a place is only taken next to its neighbours."""
_STEP = 3
"""Pixels, a mm in all, that a place may lie from where its neighbours say: far less than half a column."""
_SPEAK, _MOST_APART = np.array([9.0, 18.0]), 3.3
"""mm over which neighbours speak for a place, across and down, and how many times as far they say nothing any more."""
_START, _SLOPE = 22.0, 0.3
"""mm over which person-days agree where to start, and how strongly the slope that neighbours show is held back."""


def far_shifts(dark: Floats, grid: Grid) -> tuple[Points, Floats]:
    """The displacements of a page's person-days in mm by (x, y), and how well each was seen, and all on the way to it (0 to 1).

    From the person-day that is surest to lie near its expected place the others are found one after the other, those best seen
    first. So bends are followed farther than half a column; a start that is a row or a column off is for `edges.slipped` to tell.
    """
    reach = np.rint(FAR * DOTS).astype(int)
    scores = _scores(dark, grid, reach)
    beside = _beside(grid)
    places, sure = np.zeros((len(grid), 2)), np.full(len(grid), -1.0)
    first = _start(scores, grid, reach)
    waiting = [(-1.0, first[0], first[1])]
    while waiting:
        seen, at, place = heapq.heappop(waiting)
        if sure[at] >= 0:
            continue
        places[at], sure[at] = place, max(-seen, 0.0)
        for other in beside[at]:
            if sure[other] < 0:
                score, best = _near(scores[other], _expected(grid, other, places, sure))
                heapq.heappush(waiting, (-min(score, float(sure[at])), other, best))
    return (places - reach) / DOTS, np.where(sure < LEAST_SEEN, 0.0, sure)


def _start(scores: Floats, grid: Grid, reach: np.ndarray) -> tuple[int, tuple[int, int]]:
    """The person-day around which most agree on one displacement of less than half a column, and its place among its scores."""
    most = round(SEARCH * DOTS)
    (wide, high), size = reach - most, 2 * most + 1
    loose = np.stack([cv2.dilate(one, np.ones((5, 5))) for one in scores[:, high:-high, wide:-wide]])
    apart = ((grid.centres[:, None] - grid.centres) ** 2).sum(2)
    weight = np.exp(-apart / (2 * _START**2))
    together = weight @ loose.reshape(len(grid), -1) / weight.sum(1, keepdims=True)
    at, place = divmod(int(together.argmax()), size * size)
    row, column = divmod(place, size)
    return at, _near(scores[at], np.array([column + wide, row + high]))[1]


def _beside(grid: Grid) -> list[list[int]]:
    """The person-days beside each: the same person's days before and after, the same day of the persons above and below."""
    number = {pair: at for at, pair in enumerate(zip(grid.places, grid.days, strict=True))}
    around = ((0, -1), (0, 1), (-1, 0), (1, 0))
    return [
        [number[place + down, day + across] for down, across in around if (place + down, day + across) in number]
        for place, day in zip(grid.places, grid.days, strict=True)
    ]


def _expected(grid: Grid, at: int, places: Points, sure: Floats) -> Points:
    """Where a person-day should be among its scores: a line across through the places found around it."""
    apart = (grid.centres - grid.centres[at]) / _SPEAK
    known = (sure >= 0) & ((apart**2).sum(1) < _MOST_APART**2)
    weight = np.exp(-(apart[known] ** 2).sum(1) / 2) * np.maximum(sure[known], 0.05)
    terms = np.stack([np.ones_like(weight), apart[known, 0]], 1)
    damped = terms.T @ (terms * weight[:, None]) + np.diag([1e-3, _SLOPE]) * weight.sum()
    return np.asarray(np.linalg.solve(damped, terms.T @ (places[known] * weight[:, None]))[0])


def _near(scores: Floats, place: Points) -> tuple[float, tuple[int, int]]:
    """The best score within a few pixels of a place (x, y), and where."""
    last = np.array(scores.shape[::-1]) - 1
    x, y = (int(at) for at in np.clip(np.rint(place), 0, last))
    top, left = max(y - _STEP, 0), max(x - _STEP, 0)
    part = scores[top : y + _STEP + 1, left : x + _STEP + 1]
    row, column = divmod(int(part.argmax()), part.shape[1])
    return float(part[row, column]), (left + column, top + row)


def _scores(dark: Floats, grid: Grid, reach: np.ndarray) -> Floats:
    """How well the rings of each person-day fit at every displacement up to `reach` pixels: person-days by rows by columns."""
    rings = rings_seen()
    half = np.array(rings.shape[::-1]) // 2
    wide, high = (int(size) for size in half + reach + 1)
    small = cv2.copyMakeBorder(small_ink(dark), high, high, wide, wide, cv2.BORDER_CONSTANT, value=0)
    middles = np.rint((grid.centres - (LEFT, TOP)) * DOTS - 0.5).astype(int) + np.array([wide, high])
    first, last = middles - half - reach, middles + half + reach + 1
    return np.stack(
        [
            cv2.matchTemplate(small[top:low, left:right], rings, cv2.TM_CCOEFF_NORMED)
            for (left, top), (right, low) in zip(first.tolist(), last.tolist(), strict=True)
        ]
    )
