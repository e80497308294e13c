"""A phone takes a picture of one page or two: pose, table, light, blur, noise, and what the phone makes of it."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from bench.book import scenery
from bench.book.surface import Shape, View, crease, curl, expose, look

SIZES = ((4000, 3000), (3456, 2592), (3264, 2448), (2592, 1944))


@dataclass
class Photo:
    """A picture, how hard it is to be compressed, and from where each sheet was seen."""

    picture: np.ndarray
    quality: int
    views: list[View]


def photograph(
    sheets: list[np.ndarray], tricks: frozenset[str], rng: np.random.Generator, bends: list[tuple[float, float, float]]
) -> Photo:
    """One photo of one sheet, or of two below each other; `bends` are the folds (angle, place, strength) of the paper."""
    size = SIZES[int(rng.choice(4, p=[0.3, 0.3, 0.3, 0.1]))]
    if tricks & {"motion", "focus", "app"}:
        size = SIZES[int(rng.integers(1, 4))]
    quarter = int(rng.integers(4)) if "rotated" in tricks else (0 if rng.random() < 0.8 else int(rng.integers(4)))
    if len(sheets) == 2 or quarter % 2:
        size = size[::-1]
    kind = (
        scenery.GROUNDS[int(rng.integers(len(scenery.GROUNDS)))] if "table" in tricks or rng.random() < 0.5 else "desk"
    )
    picture = scenery.ground(kind, size, rng)
    views = []
    for place, sheet in enumerate(sheets):
        views.append(_pose(sheet, size, quarter, place if len(sheets) == 2 else None, tricks, rng, bends))
    for sheet, view in zip(sheets, views, strict=True):
        scenery.cast(picture, view, rng)
        expose(sheet, view, picture)
    if "finger" in tricks:
        for _ in range(int(rng.integers(1, 4))):
            scenery.finger(picture, views[0], rng)
    view = views[0]
    if len(views) == 2:  # the second one's own shading, where it lies
        lower = views[1].net[..., 0] > -200
        view = View(
            view.size, view.net, np.where(lower[..., None], views[1].slope, view.slope), view.corners, view.scale
        )
    _shine(picture, scenery.light(view, tricks, rng))
    if "glare" in tricks:
        scenery.glare(picture, rng)
    return Photo(*_develop(picture, view.scale, tricks, rng), views)


def _pose(sheet, size, quarter, place, tricks, rng, bends) -> View:
    shape = Shape()
    if "curl" in tricks or rng.random() < 0.5:
        curl(shape, rng.uniform(5, 18) if "curl" in tricks else rng.uniform(0.3, 3), rng)
    for angle, at, strength in bends:
        crease(shape, strength, angle, at, rng)
    hard = "perspective" in tricks
    tilt = rng.normal(0, 0.3 if hard else 0.06, 2).clip(-0.55, 0.55)
    fill = rng.uniform(0.5, 0.7) if "far" in tricks else rng.uniform(0.82, 0.97)
    turn = quarter * np.pi / 2 + rng.normal(0, np.radians(9 if "rotated" in tricks else 2.0))
    shift = rng.normal(0, 0.01, 2)
    if place is not None:
        turn, fill = rng.normal(0, np.radians(2)) + np.pi * (rng.random() < 0.1), rng.uniform(0.84, 0.9)
        shift = shift / 2 + np.array([0, -0.25 if place == 0 else 0.25])
    if "off" in tricks:  # of two sheets each moves from its own half, or one would lie over the other
        off = rng.uniform(-0.09, 0.09, 2)
        shift = off if place is None else shift + off * (1, 0.2)
    return look(
        sheet, size, rng, shape=shape, turn=float(turn), tilt=(float(tilt[0]), float(tilt[1])), fill=fill,
        distance=rng.uniform(340, 620), shift=(float(shift[0]), float(shift[1])), barrel=float(rng.normal(0, 0.008)),
    )  # fmt: skip


def _shine(picture: np.ndarray, field: np.ndarray) -> None:
    """Multiply by the light, in bands to stay small."""
    net = np.clip(field * 180, 0, 255).astype(np.uint8)
    full = cv2.resize(net, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    cv2.multiply(picture, full, picture, scale=1 / 190)


@cache
def _noise() -> np.ndarray:
    """Sensor noise around 128 with deviation 16, coarser in colour than in light, larger than any picture."""
    rng = np.random.default_rng(911)
    luma = cv2.GaussianBlur(rng.standard_normal((1100, 1100)).astype(np.float32), (0, 0), 0.6)
    tile = np.repeat((luma / luma.std())[..., None], 3, 2)
    for c in range(3):
        colour = cv2.GaussianBlur(rng.standard_normal((1100, 1100)).astype(np.float32), (0, 0), 1.6)
        tile[..., c] += 0.5 * colour / colour.std()
    tile = (128 + 14.3 * tile).clip(0, 255).astype(np.uint8)
    return np.tile(tile, (4, 4, 1))


def noisy(picture: np.ndarray, sigma: float, rng: np.random.Generator) -> None:
    """Add sensor noise."""
    noise = _noise() if picture.ndim == 3 else _noise()[..., 1]
    y, x = rng.integers(0, 300, 2)
    part = noise[y : y + picture.shape[0], x : x + picture.shape[1]]
    cv2.addWeighted(picture, 1, part, sigma / 16, -128 * sigma / 16, picture)


def moved(picture: np.ndarray, length: float, rng: np.random.Generator) -> np.ndarray:
    """The hand shook: the mean of the picture along a short, slightly bent way of `length` pixels."""
    steps = int(np.clip(length / 1.2, 2, 12))
    angle, bend = rng.uniform(0, np.pi), rng.normal(0, 0.15)
    total = picture
    for i in range(1, steps + 1):
        s = length * i / steps
        shift = np.float32([[1, 0, s * np.cos(angle)], [0, 1, s * np.sin(angle) + bend * s * s / length]])
        one = cv2.warpAffine(
            picture,
            shift,
            (picture.shape[1], picture.shape[0]),
            flags=cv2.INTER_NEAREST,
            borderMode=cv2.BORDER_REPLICATE,
        )
        total = cv2.addWeighted(total, i / (i + 1), one, 1 / (i + 1), 0)
    return total


def defocused(picture: np.ndarray, radius: float) -> np.ndarray:
    """Out of focus by a disc of that radius in pixels, roughly."""
    side = max(3, round(radius * 1.5) | 1)
    return cv2.blur(cv2.blur(picture, (side, side)), (3, 3))


def _develop(
    picture: np.ndarray, scale: float, tricks: frozenset[str], rng: np.random.Generator
) -> tuple[np.ndarray, int]:
    """Lens, sensor, and the phone's own idea of beauty."""
    if "focus" in tricks:
        picture = defocused(picture, rng.uniform(0.12, 0.45) * scale)
    elif rng.random() < 0.5:
        picture = cv2.blur(picture, (3, 3))
    if "motion" in tricks:
        picture = moved(picture, rng.uniform(0.25, 1.3) * scale, rng)
    quality = int(rng.integers(82, 96))
    if "wechat" in tricks:
        long = max(picture.shape)
        picture = cv2.resize(picture, None, fx=1280 / long, fy=1280 / long, interpolation=cv2.INTER_AREA)
        quality = int(rng.integers(50, 80))
    if "lowjpeg" in tricks:
        quality = int(rng.integers(18, 45))
    noisy(picture, rng.uniform(6, 14) if "dark" in tricks else rng.uniform(1, 4), rng)
    if "dark" in tricks and rng.random() < 0.6:
        picture = cv2.medianBlur(picture, 3)
    if rng.random() < 0.35 and "dark" not in tricks:
        picture = cv2.filter2D(
            picture, -1, np.float32([[0, -1, 0], [-1, 4 + (k := rng.uniform(1.5, 4)), -1], [0, -1, 0]]) / k
        )
    if "app" in tricks:
        picture = _scan_app(picture, rng)
    else:
        t = np.arange(256) / 255
        gain = rng.uniform(0.9, 1.12) * (1.5 if "dark" in tricks else 1)
        curve = np.clip(t * gain, 0, 1)
        bent = rng.uniform(0, 0.35)
        curve = curve * (1 - bent) + bent * (3 * curve**2 - 2 * curve**3)
        picture = cv2.LUT(picture, (curve * 255).astype(np.uint8))
    return picture, quality


def _scan_app(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """扫描全能王 and its like: light evened out, contrast pulled up, by choice grey or black and white."""
    small = cv2.resize(picture, None, fx=1 / 16, fy=1 / 16, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(small, np.ones((5, 5), np.uint8)), (9, 9))
    paper = cv2.resize(paper, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(picture, paper, scale=rng.uniform(235, 255))
    low = rng.uniform(10, 70)
    even = cv2.LUT(even, np.clip((np.arange(256) - low) * 255 / (235 - low), 0, 255).astype(np.uint8))
    way = rng.random()
    if way < 0.5:
        return even
    grey = cv2.cvtColor(even, cv2.COLOR_BGR2GRAY)
    if way < 0.8:
        return grey
    return cv2.threshold(grey, rng.uniform(130, 200), 255, cv2.THRESH_BINARY)[1]
