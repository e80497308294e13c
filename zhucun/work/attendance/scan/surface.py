"""The paper as it lies before the camera: a flat view bent by damped quadratic and cubic terms."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry

from .arrays import Floats, Image, Points
from .markers import Marker
from .placing import CORNERS, homography, project

PIXELS_A_MM = 6
"""Of the straightened page."""
SHAPE = (round(geometry.PAGE_HEIGHT * PIXELS_A_MM), round(geometry.PAGE_WIDTH * PIXELS_A_MM))
"""Rows and columns of the straightened page."""

_DAMPING = np.array([1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 0.02, 0.02, 0.02, 0.02])
"""How strongly each term is held back, as a share of the evidence of all corners."""
_ROUNDS = 3
_WAVES = (6, 4)
"""Powers across and down of the bend that follows what is seen on the whole page."""
_WAVE_DAMPING, _ANCHOR = 0.003, 2.0
"""How strongly that bend is held back, and how much more a marker's corner weighs in it than a person-day."""
_MESH = 15
"""Pixels of the straightened page between exactly computed places; what lies between is interpolated."""


@dataclass(frozen=True)
class Surface:
    """Where each place of the page is in the picture."""

    matrix: Floats
    bend: Floats
    markers: tuple[Marker, ...]
    waves: Floats | None = None

    def pixels(self, points: Points) -> Points:
        """From mm on the page to pixels of the picture."""
        if self.waves is not None:
            points = points + _powers(points) @ self.waves
        return project(self.matrix, points + _terms(points) @ self.bend)

    def followed(self, points: Points, shifts: Points, weight: Floats) -> "Surface":
        """The surface bent further, so that places which were seen displaced by `shifts` (mm) come to lie right.

        The markers stay where they are; `weight` tells how surely each place was seen.
        """
        corners, _ = _corners(self.markers)
        terms = _powers(np.concatenate([points, corners]))
        bent = 0.0 if self.waves is None else _powers(points + shifts) @ self.waves
        wanted = np.concatenate([shifts + bent, np.zeros_like(corners)])
        sure = np.concatenate([weight, np.full(len(corners), _ANCHOR)])[:, None]
        damped = terms.T @ (terms * sure) + np.eye(terms.shape[1]) * _WAVE_DAMPING * float(sure.sum())
        return replace(self, waves=np.linalg.solve(damped, terms.T @ (wanted * sure)))

    def deviation(self) -> float:
        """How far the markers' corners lie from where the surface has them, in mm: root mean square."""
        mm, pixels = _corners(self.markers)
        off = project(np.linalg.pinv(self.matrix), pixels) - (mm + _terms(mm) @ self.bend)
        return float(np.sqrt((off**2).sum(1).mean()))

    def scale(self) -> float:
        """Pixels of the picture a mm, mean over the grid."""
        a, b, c, d = self.pixels(np.array([(44.0, 46.0), (276.0, 46.0), (276.0, 176.0), (44.0, 176.0)]))
        area = 0.5 * abs(float((c - a)[0] * (d - b)[1] - (c - a)[1] * (d - b)[0]))
        return float(np.sqrt(area / (232.0 * 130.0)))

    def straightened(self, image: Image) -> Image:
        """The whole page at 6 px/mm; white where the picture ends."""
        x, y = self._places((0.0, 0.0), SHAPE, PIXELS_A_MM)
        coarse, fine = cv2.convertMaps(x, y, cv2.CV_16SC2)
        page = cv2.remap(image, coarse, fine, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,) * 3)
        return np.asarray(page, np.uint8)

    def patch(self, image: Image, left: float, top: float, side: float, dots: float) -> Image:
        """A square of the page with its left top corner and side in mm, at so many pixels a mm."""
        size = round(side * dots)
        x, y = self._places((left, top), (size, size), dots)
        patch = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
        return np.asarray(patch, np.uint8)

    def _places(self, corner: tuple[float, float], shape: tuple[int, int], dots: float) -> tuple[Floats, Floats]:
        """Where in the picture the pixels of a part of the page are: x and y, exact on a mesh, interpolated between."""
        down, across = (np.arange(-_MESH, size + 2 * _MESH, _MESH) + (_MESH - 1) / 2 for size in shape)
        x, y = np.meshgrid(corner[0] + (across + 0.5) / dots, corner[1] + (down + 0.5) / dots)
        mesh = self.pixels(np.stack([x.ravel(), y.ravel()], 1)).reshape(*x.shape, 2).astype(np.float32)
        size = (x.shape[1] * _MESH, x.shape[0] * _MESH)
        part = (slice(_MESH, _MESH + shape[0]), slice(_MESH, _MESH + shape[1]))
        dense = (
            cv2.resize(np.ascontiguousarray(mesh[..., axis]), size, interpolation=cv2.INTER_LINEAR)[part]
            for axis in (0, 1)
        )
        horizontal, vertical = (np.asarray(values, np.float32) for values in dense)
        return horizontal, vertical


def surface(page: list[Marker]) -> Surface:
    """The surface that fits the corners of a page's markers; the fewer markers, the flatter."""
    mm, pixels = _corners(tuple(page))
    bend: Floats = np.zeros((10, 2))
    matrix = homography(mm, pixels)
    if len(page) < 5:
        return Surface(matrix, bend, tuple(page))
    terms = _terms(mm)
    damped = terms.T @ terms + np.diag(_DAMPING * len(mm))
    for _ in range(_ROUNDS):
        off = project(np.linalg.pinv(matrix), pixels) - mm
        bend = np.linalg.solve(damped, terms.T @ off)
        matrix = homography(mm + terms @ bend, pixels)
    return Surface(matrix, bend, tuple(page))


def _corners(page: tuple[Marker, ...]) -> tuple[Points, Points]:
    return np.concatenate([CORNERS[m.number] for m in page]), np.concatenate([m.corners for m in page])


def _terms(points: Points) -> Floats:
    """Constant to cubic terms of places in mm, scaled to -1..1 over the page."""
    u = points[:, 0] / (geometry.PAGE_WIDTH / 2) - 1
    v = points[:, 1] / (geometry.PAGE_HEIGHT / 2) - 1
    return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v], 1)


def _powers(points: Points) -> Floats:
    """Products of Chebyshev polynomials across and down, over the page."""
    u = np.clip(points[:, 0] / (geometry.PAGE_WIDTH / 2) - 1, -1.1, 1.1)
    v = np.clip(points[:, 1] / (geometry.PAGE_HEIGHT / 2) - 1, -1.1, 1.1)
    across, down = (np.polynomial.chebyshev.chebvander(at, power - 1) for at, power in zip((u, v), _WAVES, strict=True))
    return np.asarray((across[:, :, None] * down[:, None, :]).reshape(len(points), -1))
