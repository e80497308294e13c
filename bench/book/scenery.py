"""What surrounds a page in a photo: tables, other papers, fingers; and the light that falls on everything."""

import cv2
import numpy as np

from bench.book import strokes
from bench.book.pens import tooth
from bench.book.surface import View

GROUNDS = ("wood", "desk", "cloth", "concrete", "papers", "dark")


def ground(kind: str, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """The table a page lies on, as large as the picture."""
    width, height = size[0] // 3, size[1] // 3
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    noise = cv2.resize(tooth(), (width, height))
    slow = cv2.resize(rng.uniform(-1, 1, (7, 9)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    if kind == "wood":
        grain = np.sin((y + 25 * slow) / rng.uniform(1.5, 5) + 6 * slow) * 10 + (noise - 0.5) * 18
        plank = (np.floor(y / rng.uniform(90, 260)) * 37 % 5 - 2) * 6
        colour = np.array([(70, 110, 160), (40, 70, 110), (120, 160, 195)][int(rng.integers(3))])
        picture = colour + (grain + plank)[..., None]
    elif kind == "cloth":
        step = rng.uniform(8, 30)
        check = ((x // step + y // step) % 2) * 35 + (noise - 0.5) * 25
        picture = rng.uniform(60, 190, 3) + check[..., None]
    elif kind == "concrete":
        picture = np.full((height, width, 3), rng.uniform(110, 170)) + (slow * 14 + (noise - 0.5) * 40)[..., None]
    elif kind == "dark":
        picture = np.full((height, width, 3), rng.uniform(15, 50)) + (noise - 0.5)[..., None] * 8
    else:
        picture = rng.uniform(130, 215) + np.zeros((height, width, 3)) + (slow * 8 + (noise - 0.5) * 6)[..., None]
    picture = np.ascontiguousarray(picture.clip(0, 255).astype(np.uint8))
    if kind == "papers":
        for _ in range(int(rng.integers(1, 4))):
            _other_paper(picture, rng)
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)


def _other_paper(picture: np.ndarray, rng: np.random.Generator) -> None:
    """A letter or a newspaper lying about, with lines of something like text."""
    height, width = picture.shape[:2]
    middle, turn = rng.uniform((0, 0), (width, height)), rng.uniform(0, np.pi)
    half = np.array([width, height]) * rng.uniform(0.2, 0.45)
    rim = strokes.turned(np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half, turn) + middle
    cv2.fillPoly(picture, [rim.astype(np.int32)], (int(rng.integers(205, 245)),) * 3, cv2.LINE_AA)
    for s in np.arange(-0.85, 0.85, 14 / half[1]):
        x = -0.85
        while x < 0.8:
            end = x + rng.uniform(0.02, 0.12)
            line = strokes.turned(np.array([[x, s], [end, s]]) * half, turn) + middle
            cv2.line(picture, *[tuple(int(v) for v in p) for p in line], (70, 70, 70), 3)
            x = end + 0.02


def cast(picture: np.ndarray, view: View, rng: np.random.Generator) -> None:
    """The shadow a sheet throws on the table around it."""
    size = (view.size[0] // 8, view.size[1] // 8)
    mask = np.full((size[1], size[0]), 255, np.uint8)
    off = rng.normal(0, 1.5, 2)
    cv2.fillPoly(mask, [(view.corners / 8 + off).astype(np.int32)], int(rng.uniform(90, 190)))
    mask = cv2.resize(cv2.blur(mask, (9, 9)), view.size)
    picture[:] = cv2.multiply(picture, cv2.merge([mask] * 3), scale=1 / 255)


def light(view: View, tricks: frozenset[str], rng: np.random.Generator) -> np.ndarray:
    """How much light falls where, on the view's net, 1 being plenty; three colours."""
    shape = view.net.shape[:2]
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j].astype(np.float32)
    way = rng.normal(0, 0.1, 2)
    field = 1 + way[0] * x + way[1] * y - rng.uniform(0, 0.12) * (x * x + y * y)
    lamp = rng.normal(0, 1, 2)
    field *= 1 + np.clip((view.slope @ (lamp / np.linalg.norm(lamp))) * rng.uniform(0.4, 1.1), -0.5, 0.3)
    field = np.repeat(field[..., None], 3, 2)
    warm = rng.normal(0, 0.05)
    if "shadow" in tricks:
        for _ in range(int(rng.integers(1, 3))):
            field *= _shadow(shape, rng)[..., None] * np.array([1.03, 1.0, 0.97])
    if "blinds" in tricks:
        wave = np.sin((x * np.cos(a := rng.uniform(0, 3)) + y * np.sin(a)) * rng.uniform(8, 25))
        field *= (1 - rng.uniform(0.15, 0.4) * (wave > 0))[..., None]
        field = cv2.blur(field.astype(np.float32), (3, 3))
    if "lamp" in tricks:
        warm += rng.uniform(0.1, 0.22)
    if "dark" in tricks:
        field *= rng.uniform(0.35, 0.6)
    return (field * np.array([1 - warm, 1.0, 1 + 0.5 * warm])).astype(np.float32)


def _shadow(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """The shadow of the phone and the arm that holds it, or of somebody's head: sharp at one place, soft at another."""
    height, width = shape
    mask = np.zeros((height * 4, width * 4), np.uint8)
    start = rng.uniform((0, 0), (width * 4, height * 4))
    kind = rng.random()
    if kind < 0.4:
        box = (tuple(start), (width * rng.uniform(1, 2), height * rng.uniform(1, 2.5)), rng.uniform(0, 180))
        cv2.fillPoly(mask, [cv2.boxPoints(box).astype(np.int32)], 255)
    elif kind < 0.7:
        cv2.ellipse(
            mask,
            tuple(start.astype(int)),
            (int(width * rng.uniform(0.6, 1.6)), int(height * rng.uniform(0.6, 1.6))),
            0,
            0,
            360,
            255,
            -1,
        )
    else:
        edge = strokes.turned(np.array([[-9, 0], [9, 0], [9, 9], [-9, 9]]) * width, rng.uniform(0, 6.3)) + start
        cv2.fillPoly(mask, [edge.astype(np.int32)], 255)
    if rng.random() < 0.5:  # the arm
        end = start + rng.uniform(-4, 4, 2) * (width, height)
        cv2.line(mask, tuple(start.astype(int)), tuple(end.astype(int)), 255, int(width * rng.uniform(0.4, 0.9)))
    soft = rng.choice([0.6, 2.0, 8.0, 25.0])
    mask = cv2.GaussianBlur(mask, (0, 0), soft)
    mask = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return 1 - mask * rng.uniform(0.2, 0.6)


def glare(picture: np.ndarray, rng: np.random.Generator) -> None:
    """A lamp or a window mirrored by the paper: whole words drowned in white."""
    height, width = picture.shape[:2]
    small = np.zeros((height // 16, width // 16), np.float32)
    for _ in range(int(rng.integers(1, 3))):
        at = rng.uniform((0.15, 0.15), (0.85, 0.85)) * (small.shape[1], small.shape[0])
        axes = tuple(int(v) for v in np.exp(rng.normal(np.log(0.07), 0.5, 2)) * width / 16)
        one = np.zeros_like(small)
        cv2.ellipse(one, tuple(int(v) for v in at), axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
        small += cv2.GaussianBlur(one, (0, 0), max(axes) * rng.uniform(0.25, 0.8) + 1) * rng.uniform(0.5, 1.15)
    keep = cv2.resize(((1 - np.clip(small, 0, 1)) * 255).astype(np.uint8), (width, height))
    lost = cv2.multiply(cv2.bitwise_not(picture), cv2.merge([keep] * 3), scale=1 / 255)
    picture[:] = cv2.bitwise_not(lost)


def finger(picture: np.ndarray, view: View, rng: np.random.Generator) -> None:
    """A thumb that holds the paper down, from some edge inwards."""
    corners, side = view.corners, int(rng.integers(4))
    p, q = corners[side], corners[(side + 1) % 4]
    at = p + (q - p) * rng.uniform(0.02, 0.98)
    inward = view.corners.mean(0) - at
    inward /= np.linalg.norm(inward)
    radius = rng.uniform(7, 10) * view.scale
    tip, root = at + inward * rng.uniform(3, 20) * view.scale, at - inward * 60 * view.scale
    low = np.clip(np.minimum(tip, root) - 2 * radius, 0, view.size).astype(int)
    high = np.clip(np.maximum(tip, root) + 2 * radius, 0, view.size).astype(int)
    if (high - low < 4).any():
        return
    part = picture[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(((part.shape[0] + 3) // 4, (part.shape[1] + 3) // 4), np.uint8)
    ends = [tuple(((e - low) / 4).astype(int).tolist()) for e in (tip, root)]
    cv2.line(mask, *ends, 255, max(2, int(radius / 2)), cv2.LINE_AA)
    depth = np.sqrt(np.clip(cv2.distanceTransform(mask, cv2.DIST_L2, 3) / (radius / 4), 0, 1))
    skin = np.array([rng.uniform(105, 150), rng.uniform(140, 180), rng.uniform(190, 225)]) * rng.uniform(0.75, 1.05)
    body = skin * (0.6 + 0.4 * depth[..., None])
    nail = ((np.array(ends[0])) + (ends[0] - np.array(ends[1])) * 0.01).astype(int)
    angle = float(np.degrees(np.arctan2(inward[1], inward[0])))
    cv2.ellipse(
        body, tuple(nail.tolist()), (int(radius / 7), int(radius / 9)), angle, 0, 360, (skin * 1.1).tolist(), -1
    )
    around = cv2.GaussianBlur(mask, (0, 0), radius / 14 + 1).astype(np.float32) / 255
    resize = (part.shape[1], part.shape[0])
    around, mask = cv2.resize(around, resize), cv2.resize(mask, resize).astype(np.float32) / 255
    body = cv2.resize(cv2.GaussianBlur(body, (0, 0), 0.8), resize)
    dark = part * (1 - 0.4 * around[..., None])
    part[:] = (dark * (1 - mask[..., None]) + body * mask[..., None]).clip(0, 255)
