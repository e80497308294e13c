"""Which markers make a page: the largest sets of marker corners that one flat view explains, one page after another."""

from collections import defaultdict
from itertools import combinations, product

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry

from .arrays import Floats, Points
from .markers import Marker

TOLERANCE = 5.0
"""How many mm a corner may lie off the flat view and still belong to the page; curled paper needs that much."""
FAR_TOLERANCE = 16.0
"""The same for the markers that a page still lacks, on strongly curled paper; the next marker is more than 80 mm away."""
LEAST_MARKERS = 3
MOST_RATIO = 2.2
"""Largest ratio of opposite sides, and of the sides' common scales, beyond which a page is too slanted to read."""
MOST_PAGES = 4

_UNIT = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float) * geometry.MARKER_SIDE
CORNERS = {number: np.array(corner) + _UNIT for number, corner in geometry.MARKERS.items()}
"""The corners of each marker in mm, clockwise from the top left."""
OUTLINE = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float) * (geometry.PAGE_WIDTH, geometry.PAGE_HEIGHT)
"""The corners of the page in mm, clockwise from the top left."""


def placements(found: list[Marker]) -> list[list[Marker]]:
    """The markers of each page in the picture, the page with most markers first; sets of fewer than three are left out."""
    left = list(found)
    pages: list[list[Marker]] = []
    while len(pages) < MOST_PAGES:
        best = _largest(left)
        if len(best) < LEAST_MARKERS:
            break
        pages.append(best)
        left = [marker for marker in left if all(marker is not other for other in best)]
    _adopt(left, pages)
    return pages


def _adopt(left: list[Marker], pages: list[list[Marker]]) -> None:
    """Give markers that no flat view explains to the pages that lack them and lie nearest."""
    inverses = [np.linalg.pinv(flat_view(page)) for page in pages]
    for marker in left:
        lacking = [at for at, page in enumerate(pages) if all(marker.number != other.number for other in page)]
        off, at = min(((_deviation(inverses[at], marker), at) for at in lacking), default=(np.inf, 0))
        if off < FAR_TOLERANCE:
            pages[at].append(marker)


def flat_view(page: list[Marker]) -> Floats:
    """The homography from mm to pixels that fits the corners of a page's markers best."""
    return homography(
        np.concatenate([CORNERS[marker.number] for marker in page]),
        np.concatenate([marker.corners for marker in page]),
    )


def homography(source: Points, target: Points) -> Floats:
    """The homography that takes the source points nearest to the target points."""
    matrix, _ = cv2.findHomography(source.reshape(-1, 1, 2), target.reshape(-1, 1, 2), 0)
    return np.eye(3) if matrix is None else np.asarray(matrix, float)


def project(matrix: Floats, points: Points) -> Points:
    """Points taken through a homography."""
    image = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(image[..., :2] / np.where(np.abs(image[..., 2:]) < 1e-9, 1e-9, image[..., 2:]))


def is_convex(matrix: Floats) -> bool:
    """Whether the page appears as a convex shape, the right way round and not behind the camera."""
    depth = OUTLINE @ matrix[2, :2] + matrix[2, 2]
    corners = project(matrix, OUTLINE)
    sides = np.roll(corners, -1, axis=0) - corners
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    return bool((depth * depth[0] > 0).all() and (turns > 0).all())


def is_upright(matrix: Floats) -> bool:
    """Whether opposite sides and the two directions appear in ratios under 2.2."""
    corners = project(matrix, OUTLINE)
    top, right, bottom, left = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    wide, high = (top + bottom) / geometry.PAGE_WIDTH, (left + right) / geometry.PAGE_HEIGHT
    ratios = np.array([top / bottom, left / right, wide / high])
    return bool((ratios < MOST_RATIO).all() and (ratios > 1 / MOST_RATIO).all())


def _largest(found: list[Marker]) -> list[Marker]:
    """The largest set of different markers that one view explains; of equal sets the one with the least deviation."""
    best: list[Marker] = []
    least = np.inf
    for three in _triples(found):
        matrix = flat_view(list(three))
        if not is_convex(matrix):
            continue
        page, deviation = _agreeing(found, matrix)
        if len(page) > len(best) or (len(page) == len(best) and deviation < least):
            best, least = page, deviation
        if len(best) == len(geometry.MARKERS) and len(best) == len(found):
            break
    if len(best) > LEAST_MARKERS:
        best = _agreeing(found, flat_view(best))[0]
    return best


def _triples(found: list[Marker]) -> list[tuple[Marker, Marker, Marker]]:
    """Three different markers that span a good part of the page, those that span most first."""
    by_number: dict[int, list[Marker]] = defaultdict(list)
    for marker in found:
        by_number[marker.number].append(marker)
    spans = []
    for three in combinations(sorted(by_number), 3):
        a, b, c = (CORNERS[number].mean(0) for number in three)
        area = abs((b - a)[0] * (c - a)[1] - (b - a)[1] * (c - a)[0])
        if area > 3_000:
            spans.append((-area, three))
    return [
        (first, second, third)
        for _, three in sorted(spans)
        for first, second, third in product(*(by_number[number] for number in three))
    ]


def _agreeing(found: list[Marker], matrix: Floats) -> tuple[list[Marker], float]:
    """The nearest marker of each id that the view explains, and their mean deviation in mm."""
    inverse = np.linalg.pinv(matrix)
    nearest: dict[int, tuple[float, Marker]] = {}
    for marker in found:
        deviation = _deviation(inverse, marker)
        if deviation < TOLERANCE and deviation < nearest.get(marker.number, (np.inf, marker))[0]:
            nearest[marker.number] = (deviation, marker)
    page = [marker for _, (_, marker) in sorted(nearest.items(), key=lambda item: item[0])]
    return page, sum(deviation for deviation, _ in nearest.values()) / max(1, len(nearest))


def _deviation(inverse: Floats, marker: Marker) -> float:
    """How many mm a marker's worst corner lies off its place, seen through a homography from pixels to mm."""
    return float(np.abs(project(inverse, marker.corners) - CORNERS[marker.number]).max())
