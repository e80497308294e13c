"""The black markers of a picture, with their corners to a fraction of a pixel."""

from dataclasses import dataclass

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry

from .arrays import Floats, Image, Points

MOST = 32
"""Markers of four pages; of more in a picture the smallest are left out, or trying them all would take for ever."""


@dataclass(frozen=True)
class _Look:
    """One way to look for markers: pixels of the long side, threshold windows in pixels (smallest, largest, step), the least
    perimeter of a marker as a share of the long side, and how many markers a page must lack for this look to be worth it."""

    side: int
    windows: tuple[int, int, int]
    perimeter: float
    missing: int


_LOOKS = (_Look(1_600, (13, 13, 10), 0.04, 0), _Look(1_600, (3, 23, 10), 0.02, 1), _Look(2_600, (5, 45, 10), 0.02, 3))
"""First quickly, for markers larger than bubbles; with more windows when a page lacks any; thoroughly when it lacks many."""
_ALONG = np.linspace(0.12, 0.88, 13)
"""Where the sides of a marker are measured, as shares of the side."""
_REACHES = (0.13, 0.09)
"""How far on both sides of an edge to look, as shares of the marker's side: first coarse, then fine."""
_BLUR_REACH = 0.16
_STEPS = 25

_DICTIONARY = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)


@dataclass(frozen=True)
class Marker:
    """A marker found: its id and its corners in pixels, clockwise from the one that is top left on the page."""

    number: int
    corners: Points


def markers(image: Image) -> list[Marker]:
    """All markers of the page in a one-channel picture, by retries when fewer than a page has are found."""
    found: list[Marker] = []
    for look in _LOOKS:
        if _missing(found) >= look.missing:
            _merge(found, _detected(image, look))
    found.sort(key=lambda marker: -float(np.linalg.norm(marker.corners[0] - marker.corners[2])))
    return _refined(image, found[:MOST])


def is_mirrored(image: Image) -> bool:
    """Whether the picture shows a page's markers once it is flipped."""
    flipped = cv2.flip(image, 1)
    return len({marker.number for marker in _detected(np.asarray(flipped, np.uint8), _LOOKS[1])}) >= 3


def _missing(found: list[Marker]) -> float:
    """How many markers each of the pages lacks, on average; of one page when there is none."""
    numbers = [marker.number for marker in found]
    pages = max((numbers.count(number) for number in set(numbers)), default=1)
    return len(geometry.MARKERS) - len(found) / pages


def _detected(image: Image, look: _Look) -> list[Marker]:
    """Markers at a reduced size, their corners in pixels of the whole picture."""
    scale = min(1.0, look.side / max(image.shape))
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    small = image if scale == 1.0 else cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    corners, numbers, _ = _detector(look).detectMarkers(small)
    if numbers is None:
        return []
    back = np.array([image.shape[1] / size[0], image.shape[0] / size[1]])
    return [
        Marker(int(number), (np.asarray(four, float).reshape(4, 2) + 0.5) * back - 0.5)
        for number, four in zip(np.ravel(numbers), corners, strict=True)
        if int(number) in geometry.MARKERS
    ]


def _detector(look: _Look) -> cv2.aruco.ArucoDetector:
    parameters = cv2.aruco.DetectorParameters()
    parameters.adaptiveThreshWinSizeMin, parameters.adaptiveThreshWinSizeMax, step = look.windows
    parameters.adaptiveThreshWinSizeStep = step
    parameters.minMarkerPerimeterRate = look.perimeter
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_NONE
    return cv2.aruco.ArucoDetector(_DICTIONARY, parameters)


def _merge(found: list[Marker], more: list[Marker]) -> None:
    """Add the markers that are not there yet; the same marker seen twice counts once."""
    for marker in more:
        centre, side = marker.corners.mean(0), np.linalg.norm(marker.corners[0] - marker.corners[2])
        if not any(
            other.number == marker.number and np.linalg.norm(other.corners.mean(0) - centre) < side / 2
            for other in found
        ):
            found.append(marker)


def _refined(image: Image, found: list[Marker]) -> list[Marker]:
    """The markers with corners where straight lines through their edges meet."""
    if not found:
        return found
    corners = np.stack([marker.corners for marker in found])
    for reach in _REACHES:
        corners = _corners_by_edges(image, corners, reach)
    return [Marker(marker.number, four) for marker, four in zip(found, corners, strict=True)]


def edge_blur(image: Image, found: list[Marker]) -> float:
    """How far the markers' edges are smeared, in mm: the spread across the most smeared quarter of them."""
    edges = _edges(image, np.stack([marker.corners for marker in found]), _BLUR_REACH)
    return float(np.quantile(np.median(edges.spread, axis=2), 0.75)) * geometry.MARKER_SIDE


@dataclass(frozen=True)
class _Edges:
    """Points on the markers' edges, markers by sides by points: place in pixels, weight, and spread in sides of a marker."""

    at: Floats
    weight: Floats
    spread: Floats


def _corners_by_edges(image: Image, corners: Floats, reach: float) -> Floats:
    """One step of refinement for all markers at once: M markers by 4 corners by (x, y)."""
    edges = _edges(image, corners, reach)
    return _meetings(edges.at, edges.weight, corners)


def _edges(image: Image, corners: Floats, reach: float) -> _Edges:
    """Where the light rises across each edge, looked for on both sides of the line between two corners."""
    sides = np.roll(corners, -1, axis=1) - corners
    length = np.linalg.norm(sides, axis=2, keepdims=True)
    outward = np.stack([sides[..., 1], -sides[..., 0]], axis=2) / length
    base = corners[:, :, None] + sides[:, :, None] * _ALONG[:, None]
    offsets = np.linspace(-1.0, 1.0, _STEPS) * reach
    where = base[..., None, :] + outward[:, :, None, None] * (length[:, :, None, None] * offsets[:, None])
    rise = np.clip(np.diff(_sampled(image, where), axis=3), 0, None)
    total, steps = rise.sum(3), (offsets[1:] + offsets[:-1]) / 2
    middle = (rise * steps).sum(3) / np.maximum(total, 1e-6)
    spread = np.sqrt((rise * (steps - middle[..., None]) ** 2).sum(3) / np.maximum(total, 1e-6))
    weight = (total > 0.4 * np.median(total, axis=2, keepdims=True)).astype(float)
    return _Edges(base + outward[:, :, None] * (length[:, :, None] * middle[..., None]), weight, spread)


def _sampled(image: Image, where: Floats) -> Floats:
    flat = where.reshape(len(where), -1, 2).astype(np.float32)
    values = cv2.remap(image, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values, float).reshape(where.shape[:-1])


def _meetings(edge: Floats, weight: Floats, fallback: Floats) -> Floats:
    """Corners as the meetings of neighbouring edges' lines, each fitted through its points by total least squares."""
    weight = weight[..., None] / np.maximum(weight.sum(2)[..., None, None], 1e-6)
    centre = (edge * weight).sum(2)
    spread = edge - centre[:, :, None]
    moment = np.einsum("mspi,mspj->msij", spread * weight, spread)
    normal = np.linalg.eigh(moment)[1][..., 0]
    offset = (normal * centre).sum(2)
    before = np.roll(normal, 1, axis=1)
    matrix = np.stack([before, normal], axis=2)
    determinant = np.linalg.det(matrix)
    safe = np.abs(determinant) > 0.2
    matrix[~safe] = np.eye(2)
    right = np.stack([np.roll(offset, 1, axis=1), offset], axis=2)
    meeting = np.linalg.solve(matrix, right[..., None])[..., 0]
    limit = 0.2 * np.linalg.norm(fallback - np.roll(fallback, 1, axis=1), axis=2)
    near = safe & (np.linalg.norm(meeting - fallback, axis=2) < limit)
    return np.where(near[..., None], meeting, fallback)
