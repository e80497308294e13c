"""Where each person-day really lies: its four printed rings found within 2 mm, smoothed over the page, on bent paper one by one."""

from dataclasses import dataclass

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry as g

from .arrays import Floats, Points
from .grid import LEFT, TOP, WIDTH, Grid
from .surface import PIXELS_A_MM

SEARCH = 2.0
"""mm looked at around the expected place: far less than half a column, so a page cannot slip by a day."""
FAR_OFF = 0.55
"""mm that a person-day may lie off what its neighbours say."""
LEAST_SEEN = 0.15
"""Correlation under which rings were not seen at all."""
DOTS = PIXELS_A_MM // 2
"""Pixels a mm at which rings are compared."""
_SURE, _FAIR = 0.5, 0.3
"""Correlation from which a place counts fully, and below which it does not count."""
_BLUR = 0.9
"""Pixels of blur on rings and page, without which the best place between two pixels cannot be told."""
_ROUNDS = 6
_EASE = 0.12
"""mm from which a place that disagrees with the page counts less."""
MOST_BENT, _MOST, _MOST_OFF = 0.6, 0.9, 0.12
"""mm between the displacements of a page's person-days over which paper is so bent that the rings of one are not moved alike;
so it is, too, when this share of them is not within so many mm of what the others say."""
_WITHIN, _WITHIN_ROUNDS = 1.2, 3
_TOGETHER, _STILL = 2.0, 0.3
"""mm looked at around each ring then, and how often; days over which a row's rings lie together, and how much it weighs that a
person-day's are moved alike."""


@dataclass(frozen=True)
class Places:
    """Displacement of every person-day in mm by (x, y), how well its rings were seen (0 to 1), and how far it is off the rest.

    `within` is by how much each of its bubbles is moved besides: person-days by options by (x, y).
    """

    shifts: Points
    within: Points
    seen: Floats
    off: Floats

    @property
    def lost(self) -> np.ndarray:
        """Which person-days were not found where the page has them."""
        return np.asarray((self.off > FAR_OFF) | (self.seen < LEAST_SEEN))


def register(dark: Floats, grid: Grid) -> Places:
    """The displacements of a page's person-days from the ink of its grid."""
    small, rings = small_ink(dark), rings_seen()
    found = np.array([best_fit(small, rings, centre) for centre in grid.centres]).reshape(-1, 3)
    shifts, seen = found[:, :2], np.clip(found[:, 2], 0, 1)
    smooth = _smooth(grid.centres, shifts, np.clip((seen - _FAIR) / (_SURE - _FAIR), 0, 1))
    calm = _median(grid, np.where(seen[:, None] >= _SURE, shifts - smooth, 0.0))
    result = smooth + np.clip(calm, -FAR_OFF, FAR_OFF)
    off = np.abs(shifts - result).max(1, initial=0.0)
    bent = len(grid) > 0 and bool(np.ptp(result, axis=0).max() > MOST_BENT or np.quantile(off, _MOST) > _MOST_OFF)
    return Places(result, _within(small, grid, result) if bent else np.zeros_like(grid.bubbles), seen, off)


def _within(small: Floats, grid: Grid, shifts: Points) -> Points:
    """By how much the rings of a person-day are moved apart from each other, each row of a person followed through the days."""
    ring, places = rings_seen(1), (grid.bubbles + shifts[:, None]).reshape(-1, 2)
    found = np.array([best_fit(small, ring, place, _WITHIN) for place in places]).reshape(*grid.bubbles.shape[:2], 3)
    off, sure = found[..., :2], np.clip((found[..., 2] - _FAIR) / (_SURE - _FAIR), 0, 1)
    days = np.abs(grid.day_array[:, None] - grid.day_array)
    near = np.exp(-(days**2) / (2 * _TOGETHER**2)) * (grid.place_array[:, None] == grid.place_array)
    result, weight = np.zeros_like(off), sure
    for _ in range(_WITHIN_ROUNDS):
        result = np.einsum("ij,jkx->ikx", near, off * weight[..., None]) / (near @ weight + _STILL)[..., None]
        weight = sure / (1 + (np.abs(off - result).max(2) / _EASE) ** 2)
    return result


def small_ink(dark: Floats) -> Floats:
    """The ink of the grid at 3 px/mm, a little blurred."""
    size = (dark.shape[1] // 2, dark.shape[0] // 2)
    half = cv2.resize(np.clip(dark, -0.1, 0.8), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(half, (0, 0), _BLUR), np.float32)


def rings_seen(count: int = len(g.OPTIONS)) -> Floats:
    """Some rings below each other as they look at 3 px/mm, with a little blur."""
    fine = 8
    width, height = (
        round((g.BUBBLE_WIDTH + 1.7) * DOTS) | 1,
        round(((count - 1) * g.ROW_PITCH + g.BUBBLE_HEIGHT + 1.4) * DOTS) | 1,
    )
    canvas = np.zeros((height * fine, width * fine), np.uint8)
    for row in range(count):
        middle = np.array([width / 2, height / 2 + (row - (count - 1) / 2) * g.ROW_PITCH * DOTS]) * fine - 0.5
        axes = np.array([g.BUBBLE_WIDTH, g.BUBBLE_HEIGHT]) / 2 * DOTS * fine
        cv2.ellipse(canvas, np.rint(middle * 16).astype(int).tolist(), np.rint(axes * 16).astype(int).tolist(),
                    0, 0, 360, 255, round(g.OUTLINE * DOTS * fine), cv2.LINE_AA, 4)  # fmt: skip
    small = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small.astype(np.float32), (0, 0), _BLUR), np.float32)


def best_fit(small: Floats, rings: Floats, centre: Points, search: float = SEARCH) -> tuple[float, float, float]:
    """Displacement in mm by which the rings fit best around a centre, and the correlation there."""
    height, width = rings.shape
    reach = round(search * DOTS)
    place = (centre - (LEFT, TOP)) * DOTS - 0.5
    left, top = (round(float(at - (size - 1) / 2)) - reach for at, size in zip(place, (width, height), strict=True))
    window = small[max(top, 0) : top + height + 2 * reach, max(left, 0) : left + width + 2 * reach]
    scores = np.asarray(cv2.matchTemplate(window, rings, cv2.TM_CCOEFF_NORMED), np.float32)
    _, score, _, (column, row) = cv2.minMaxLoc(scores)
    x = max(left, 0) + column + _peak(scores[row], column) + (width - 1) / 2
    y = max(top, 0) + row + _peak(scores[:, column], row) + (height - 1) / 2
    return (x - float(place[0])) / DOTS, (y - float(place[1])) / DOTS, float(score)


def _peak(line: Floats, at: int) -> float:
    """How far the top of a parabola through a maximum and its neighbours lies beside it."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, here, after = (float(value) for value in line[at - 1 : at + 2])
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend < -1e-6 else 0.0


def _smooth(centres: Points, shifts: Points, weight: Floats) -> Points:
    """A cubic surface through the displacements that does not follow those which disagree."""
    u = (centres[:, 0] - LEFT) / (WIDTH / 2) - 1
    v = (centres[:, 1] - TOP) / 65 - 1
    one = np.ones_like(u)
    terms = np.stack([one, u, v, u * u, u * v, v * v, u**3, u * u * v, u * v * v, u**4], 1)
    damping = np.diag([1e-3, 0.05, 0.05, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3])
    weights = np.repeat(weight[:, None], 2, 1)
    smooth = np.zeros_like(shifts)
    for _ in range(_ROUNDS):
        for axis in range(2):
            weighted = terms * weights[:, axis : axis + 1]
            solution = np.linalg.solve(terms.T @ weighted + damping, weighted.T @ shifts[:, axis])
            smooth[:, axis] = terms @ solution
        weights = weight[:, None] / (1 + ((shifts - smooth) / _EASE) ** 2)
    return smooth


def _median(grid: Grid, values: Points) -> Points:
    """Each person-day's value replaced by the middle one among itself and its neighbours by day and person."""
    table = np.full((g.PEOPLE_A_PAGE + 2, g.DAYS + 2, 2), np.nan)
    rows, columns = grid.place_array + 1, grid.day_array
    table[rows, columns] = values
    around = [table[rows + i, columns + j] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return np.asarray(np.nanmedian(np.stack(around), axis=0))
