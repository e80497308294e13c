"""Where a sheet of paper lies: curled, folded, tilted before a lens or pressed on glass; pixels are looked up backwards."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from bench.book.forms import SCALE

STEP = 16
"""Pixels of the picture between two points for which the way back to the paper is worked out."""

Size = tuple[int, int]


@dataclass
class Shape:
    """The paper out of its plane: bends across directions, each a height over the way along it, in mm."""

    bends: list[tuple[float, np.ndarray, np.ndarray]] = field(default_factory=list)

    def bend(self, angle: float, along: np.ndarray, height: np.ndarray) -> None:
        """Add a bend: heights at points of the way in direction `angle`."""
        self.bends.append((angle, along, height))

    def lift(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From points on the flat paper to places in space, and the slope there in x and y."""
        places = np.concatenate([points, np.zeros((*points.shape[:-1], 1))], -1)
        slope = np.zeros_like(points)
        for angle, along, height in self.bends:
            way = np.array([np.cos(angle), np.sin(angle)])
            s = points @ way
            rise = np.gradient(height, along)
            lost = np.concatenate([[0], np.cumsum(0.5 * rise[1:] ** 2 * np.diff(along))])
            lost -= np.interp(0, along, lost)
            places[..., :2] -= np.interp(s, along, lost)[..., None] * way
            places[..., 2] += np.interp(s, along, height)
            slope += np.interp(s, along, rise)[..., None] * way
        return places, slope


def curl(shape: Shape, strength: float, rng: np.random.Generator) -> None:
    """A sheet that was rolled, or comes out of a binding: an arch, or one side rising."""
    angle = rng.choice([0.0, 0.0, np.pi / 2, rng.uniform(0, np.pi)])
    s = np.linspace(-260, 260, 105)
    if rng.random() < 0.5:
        height = strength * np.cos(s / rng.uniform(60, 130) + rng.uniform(0, 2 * np.pi))
    else:
        edge = rng.uniform(10, 90)
        height = strength * 1.6 * (np.clip((rng.choice([-1, 1]) * s - edge) / 100, 0, 2)) ** 2
    shape.bend(float(angle), s, height)


def crease(shape: Shape, strength: float, angle: float, at: float, rng: np.random.Generator) -> None:
    """A fold at `at` mm from the middle, standing up by `strength` mm in a hundred."""
    s = np.linspace(-260, 260, 521)
    height = np.sqrt((s - at) ** 2 + 9.0) * (strength / 100) * rng.choice([-1, 1])
    shape.bend(angle, s, height - height.mean())


@dataclass
class View:
    """How each pixel of a picture finds the paper: sheet pixels on a coarse net, slopes there, corners, pixels a mm."""

    size: Size
    net: np.ndarray
    slope: np.ndarray
    corners: np.ndarray
    scale: float

    def holds(self, points: np.ndarray) -> np.ndarray:
        """Which of some points of the sheet (in its pixels) are inside the picture."""
        rim = (self.net[:-1, :-1] + self.net[1:, 1:]) / 2
        way = np.concatenate([rim[0], rim[1:, -1], rim[-1, -2::-1], rim[-2:0:-1, 0]]).astype(np.float32)
        return np.array([cv2.pointPolygonTest(way, (float(x), float(y)), False) > 0 for x, y in points])


def pixels(size: Size) -> np.ndarray:
    """The points of the coarse net over a picture of that size, one beyond the rim on every side."""
    width, height = size
    x = (np.arange(-1, -(-width // STEP) + 2) + 0.5) * STEP - 0.5
    y = (np.arange(-1, -(-height // STEP) + 2) + 0.5) * STEP - 0.5
    return np.stack(np.meshgrid(x, y), -1)


def look(
    sheet: np.ndarray, size: Size, rng: np.random.Generator, *, shape: Shape, turn: float, tilt: tuple[float, float],
    fill: float, distance: float = 480.0, shift: tuple[float, float] = (0.0, 0.0), barrel: float = 0.0,
) -> View:  # fmt: skip
    """The view of a camera: `turn` in the plane, `tilt` out of it, `fill` of the picture taken by the page, `shift` of it off."""
    half = np.array([sheet.shape[1], sheet.shape[0]]) / (2 * SCALE)
    spin = cv2.Rodrigues(np.array([0.0, 0.0, turn]))[0]
    lean = cv2.Rodrigues(np.array([tilt[0], tilt[1], 0.0]))[0]
    middle = np.array(size) / 2

    def project(points: np.ndarray) -> np.ndarray:
        places = shape.lift(points)[0]
        return onto(places @ spin.T @ lean.T)

    def onto(space: np.ndarray) -> np.ndarray:
        flat = space[..., :2] / (1 - space[..., 2:] / distance)
        r2 = (flat**2).sum(-1, keepdims=True) / 200.0**2
        return flat * (1 + barrel * r2)

    rim = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    seen = project(rim)
    span = seen.max(0) - seen.min(0)
    zoom = fill * float((np.array(size) / span).min())
    offset = middle - zoom * (seen.max(0) + seen.min(0)) / 2 + np.array(shift) * np.array(size)
    flat = cv2.getPerspectiveTransform((seen * zoom + offset).astype(np.float32), rim.astype(np.float32))
    there = np.linalg.inv(flat)
    target = pixels(size)
    guess = cv2.perspectiveTransform(target.reshape(1, -1, 2), flat).reshape(target.shape)
    points = guess
    for _ in range(7):
        inside = np.clip(points, -1.4 * half, 1.4 * half)
        miss = (
            project(inside) * zoom
            + offset
            - cv2.perspectiveTransform(inside.reshape(1, -1, 2), there).reshape(target.shape)
        )
        points = cv2.perspectiveTransform((target - miss).reshape(1, -1, 2), flat).reshape(target.shape)
    net = ((points + half) * SCALE - 0.5).astype(np.float32)
    slope = shape.lift(points)[1] @ spin[:2, :2].T
    scale = zoom * float(np.linalg.norm(seen[1] - seen[0])) / (2 * half[0])
    return View(size, net, slope, seen * zoom + offset, scale)


def lie(
    sheet: np.ndarray,
    size: Size,
    rng: np.random.Generator,
    *,
    dpi: float,
    skew: float,
    shift: tuple[float, float],
    waver: float = 0.0,
) -> View:
    """The view of a scanner: turned a little, shifted by mm, and pulled through unevenly by `waver` mm."""
    per_mm = dpi / 25.4
    half = np.array([sheet.shape[1], sheet.shape[0]]) / (2 * SCALE)
    target = (pixels(size) + 0.5 - np.array(size) / 2) / per_mm - np.array(shift)
    if waver:
        target[..., 1] += waver * np.sin(target[..., 1] / rng.uniform(15, 60) + rng.uniform(0, 6))
        target[..., 0] *= 1 + rng.normal(0, 0.002)
    cos, sin = np.cos(skew), np.sin(skew)
    points = target @ np.array([[cos, -sin], [sin, cos]])
    rim = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    corners = (rim @ np.array([[cos, sin], [-sin, cos]]) + np.array(shift)) * per_mm + np.array(size) / 2
    return View(size, ((points + half) * SCALE - 0.5).astype(np.float32), np.zeros_like(points), corners, per_mm)


def expose(sheet: np.ndarray, view: View, onto: np.ndarray) -> None:
    """Put the sheet into the picture `onto` as the view sees it."""
    factor = 1.0
    if view.scale < SCALE / 1.25:
        factor = min(1.0, view.scale * 1.15 / SCALE)
        sheet = cv2.resize(sheet, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    net = ((view.net + 0.5) * factor - 0.5).astype(np.float32)
    width, height = view.size
    band = STEP * 16
    for top in range(0, height, band):
        rows = min(band, height - top)
        first, last = top // STEP, -(-(top + rows) // STEP) + 2
        part = net[first:last]
        fine = cv2.resize(part, (part.shape[1] * STEP, part.shape[0] * STEP), interpolation=cv2.INTER_LINEAR)
        fine = fine[STEP : STEP + rows, STEP : STEP + width]
        cv2.remap(
            sheet, np.ascontiguousarray(fine), None, cv2.INTER_LINEAR, onto[top : top + rows], cv2.BORDER_TRANSPARENT
        )
