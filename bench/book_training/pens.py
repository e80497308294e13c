"""Pens and the strokes people make with them, drawn as coverage on a small canvas around one bubble."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

import cv2
import numpy as np

from zhucun.work.attendance.book.geometry import BUBBLE_HEIGHT, BUBBLE_WIDTH

FINE = 24
"""Pixels a mm of the canvas."""
WIDE, HIGH = 14, 12
"""mm of the canvas."""
A, B = BUBBLE_WIDTH / 2, BUBBLE_HEIGHT / 2
Path = np.ndarray
RETRACED = 0.03
"""Share of marks that somebody draws twice."""


@dataclass(frozen=True)
class Pen:
    """Reflectance by blue, green, red; width in mm; how much of the paper it covers; its grain; a name."""

    name: str
    colour: tuple[float, float, float]
    width: tuple[float, float]
    cover: tuple[float, float]
    grain: float


PENS = (
    Pen("black gel", (0.10, 0.10, 0.10), (0.35, 0.6), (0.9, 1.0), 0.02),
    Pen("blue gel", (0.55, 0.25, 0.12), (0.35, 0.6), (0.85, 1.0), 0.03),
    Pen("blue ballpoint", (0.62, 0.35, 0.22), (0.25, 0.45), (0.6, 0.95), 0.25),
    Pen("black ballpoint", (0.22, 0.22, 0.24), (0.25, 0.45), (0.6, 0.95), 0.25),
    Pen("blue-black fountain", (0.40, 0.28, 0.20), (0.4, 0.7), (0.7, 1.0), 0.05),
    Pen("pencil", (0.38, 0.38, 0.38), (0.3, 0.8), (0.3, 0.9), 0.4),
    Pen("marker", (0.08, 0.08, 0.08), (0.9, 1.8), (0.95, 1.0), 0.02),
    Pen("thin marker", (0.20, 0.20, 0.20), (0.7, 1.4), (0.5, 0.85), 0.05),
    Pen("dying ballpoint", (0.35, 0.30, 0.28), (0.22, 0.4), (0.25, 0.6), 0.55),
)
RED_PEN = Pen("red", (0.25, 0.2, 0.8), (0.3, 0.6), (0.8, 1.0), 0.05)


@dataclass(frozen=True)
class Hand:
    """One person's way with one pen: width in mm, cover, sloppiness (1 is usual), lean of the strokes in radians, size, and which
    way a slash leans: up, level, down, upright."""

    pen: Pen
    width: float
    cover: float
    sloppy: float
    lean: float
    size: float
    full_style: str
    way: int


def some_hand(random: np.random.Generator, pen: Pen) -> Hand:
    """A hand for a pen."""
    return Hand(
        pen, random.uniform(*pen.width), random.uniform(*pen.cover), float(random.lognormal(0, 0.4)),
        random.normal(0, 0.5), float(np.clip(random.normal(1.03, 0.18), 0.65, 1.5)),
        str(random.choice(["zigzag", "spiral", "strokes", "outlined"])), int(random.choice(4, p=(0.5, 0.25, 0.15, 0.1))),
    )  # fmt: skip


def canvas(paths: list[Path], hand: Hand, random: np.random.Generator) -> np.ndarray:
    """Coverage (0 to 1) of strokes given in mm from the middle of the bubble, at 24 px/mm."""
    bare = np.ones((HIGH * FINE, WIDE * FINE), np.float32)
    for path in paths:
        layer = np.zeros(bare.shape, np.uint8)
        points = (_wobbled(path, hand, random) + np.array([WIDE / 2, HIGH / 2])) * FINE - 0.5
        width = max(1, round(hand.width * random.uniform(0.88, 1.12) * FINE))
        cv2.polylines(layer, [np.rint(points * 16).astype(np.int32)], False, 255, width, cv2.LINE_AA, 4)
        bare *= 1 - layer.astype(np.float32) / 255 * hand.cover * random.uniform(0.9, 1.0)
    ink = 1 - bare
    if hand.pen.grain > 0.1:
        noise = random.random((HIGH * FINE // 3, WIDE * FINE // 3), dtype=np.float32)
        noise = cv2.resize(noise, (WIDE * FINE, HIGH * FINE), interpolation=cv2.INTER_LINEAR)
        ink *= 1 - hand.pen.grain * 1.6 * np.clip(noise - 0.3, 0, 1)
    return ink


def _wobbled(path: Path, hand: Hand, random: np.random.Generator) -> Path:
    """The path in short pieces with a hand's slow tremble."""
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])
    if along[-1] < 0.05:
        return np.vstack([path[0], path[0] + 0.02])
    at = np.linspace(0, along[-1], max(3, int(along[-1] / 0.25)))
    smooth = np.stack([np.interp(at, along, path[:, axis]) for axis in range(2)], 1)
    drift = random.normal(0, 0.05 * hand.sloppy, (len(at) // 4 + 2, 2))
    knots = np.linspace(0, along[-1], len(drift))
    return smooth + np.stack([np.interp(at, knots, drift[:, axis]) for axis in range(2)], 1)


def mark(kind: str, hand: Hand, random: np.random.Generator) -> list[Path]:
    """The strokes of an ordinary mark: full, partial, tick, cross, dot or slash; now and then gone over once more."""
    middle = random.normal(0, 0.16 * hand.sloppy, 2)
    paths = [path + middle for path in _KINDS[kind](hand, random)]
    if random.random() < RETRACED:
        paths += [path + middle + random.normal(0, 0.12, 2) for path in _KINDS[kind](hand, random)]
    return paths


def _full(hand: Hand, random: np.random.Generator) -> list[Path]:
    reach = np.clip((0.5 + 0.5 * hand.size) * random.normal(0.93, 0.05), 0.72, 1.25)
    inset = 0.5 * hand.width
    a, b = max(0.4, A * reach - inset), max(0.35, B * reach - inset)
    if hand.full_style == "spiral":
        turns = max(2, int(b / (hand.width * random.uniform(0.6, 1.0))))
        angle = np.linspace(0, 2 * np.pi * turns, turns * 20) + random.uniform(0, 6)
        shrink = np.linspace(1, 0.02, len(angle))
        return [np.stack([a * shrink * np.cos(angle), b * shrink * np.sin(angle)], 1)]
    paths = [_hatch(a, b, hand, random, joined=hand.full_style != "strokes")]
    if hand.full_style == "outlined":
        angle = np.linspace(0, 2 * np.pi * random.uniform(1.0, 1.3), 40) + random.uniform(0, 6)
        paths.append(np.stack([a * np.cos(angle), b * np.sin(angle)], 1))
    return [one for path in paths for one in (path if isinstance(path, list) else [path])]


def _partial(hand: Hand, random: np.random.Generator) -> list[Path]:
    """A few strokes to and fro that leave gaps, or that fill only one side."""
    lean = hand.lean + random.normal(0, 0.2)
    across, step = np.array([np.cos(lean), np.sin(lean)]), np.array([-np.sin(lean), np.cos(lean)])
    turns = int(random.integers(2, 6))
    reach = random.uniform(0.5, 0.95)
    deep = np.linspace(-1, 1, turns + 1) * random.uniform(0.5, 0.9) + random.normal(0, 0.25)
    ends = [
        (across * sign * A * reach * random.uniform(0.8, 1.1) + step * at * B)
        for at, sign in zip(deep, _to_and_fro(), strict=False)
    ]
    return [np.stack(ends)]


def _to_and_fro() -> Iterator[int]:
    return cycle((1, -1))


def _hatch(a: float, b: float, hand: Hand, random: np.random.Generator, joined: bool) -> Path | list[Path]:
    """Lines across the bubble at a lean, one after another, their ends a little short or over."""
    lean = hand.lean + random.normal(0, 0.15)
    gap = hand.width * random.uniform(0.6, 1.15)
    across = np.array([np.cos(lean), np.sin(lean)])
    step = np.array([-np.sin(lean), np.cos(lean)])
    deep = float(np.hypot(a * step[0], b * step[1]))
    ends = []
    for at in np.arange(-deep, deep + gap / 2, gap):
        q = (across[0] / a) ** 2 + (across[1] / b) ** 2
        p = at * (across[0] * step[0] / a**2 + across[1] * step[1] / b**2)
        root = p * p - q * (at * at * ((step[0] / a) ** 2 + (step[1] / b) ** 2) - 1)
        half = np.sqrt(max(root, 0)) / q
        over = random.normal(0.02, 0.13 * hand.sloppy, 2)
        ends.append((step * at + across * (-p / q - half - over[0]), step * at + across * (-p / q + half + over[1])))
    if not joined:
        return [np.stack(pair) for pair in ends]
    return np.concatenate([np.stack(pair if at % 2 else pair[::-1]) for at, pair in enumerate(ends)])


def _tick(hand: Hand, random: np.random.Generator) -> list[Path]:
    size = hand.size * random.normal(1, 0.1)
    knee = np.array([-0.4, 0.9]) * size
    start = knee + np.array([-0.9, -0.9]) * size * random.uniform(0.7, 1.1)
    end = knee + np.array([2.0, -2.3]) * size * random.uniform(0.75, 1.15)
    return [np.stack([start, knee, (knee + end) / 2 + random.normal(0, 0.1, 2), end])]


def _cross(hand: Hand, random: np.random.Generator) -> list[Path]:
    paths = []
    for sign in (1, -1):
        half = hand.size * random.normal(1, 0.1) * np.array([1.45, 1.15 * sign]) + random.normal(0, 0.1, 2)
        shift = random.normal(0, 0.1, 2)
        paths.append(np.stack([shift - half, shift + half]))
    return paths


def _dot(hand: Hand, random: np.random.Generator) -> list[Path]:
    radius = hand.size * random.uniform(0.5, 0.95)
    turns = max(2, int(radius / hand.width * 1.5))
    angle = np.linspace(0, 2 * np.pi * turns, turns * 14) + random.uniform(0, 6)
    shrink = np.linspace(max(0.05, 1 - 0.5 * hand.width / radius), 0.02, len(angle)) * radius
    return [np.stack([shrink * np.cos(angle), 0.85 * shrink * np.sin(angle)], 1)]


def _slash(hand: Hand, random: np.random.Generator) -> list[Path]:
    lean = (-0.75, 0.0, 0.75, np.pi / 2)[hand.way] - 0.2 * hand.lean + random.normal(0, 0.12)
    half = hand.size * random.normal(1.9, 0.3) * np.array([np.cos(lean), np.sin(lean)])
    return [np.stack([-half, random.normal(0, 0.1, 2), half])]


_KINDS = {"full": _full, "partial": _partial, "tick": _tick, "cross": _cross, "dot": _dot, "slash": _slash}


def strike(kind: str, hand: Hand, random: np.random.Generator) -> list[Path]:
    """The strokes that cancel a mark: `x`, one line (`single`), two lines (`double`), a wavy line or a `scribble`.

    They reach beyond the bubble: what the same pen draws inside a full one nobody can see.
    """
    shift = random.normal(0, 0.2, 2)
    if kind == "x":
        lean = random.uniform(0.45, 0.95)
        arms = [random.uniform(2.15, 4.0) * np.array([np.cos(lean), s * np.sin(lean)]) for s in (1, -1)]
        return [
            np.stack([shift - arm * random.uniform(0.85, 1.1), shift + arm * random.uniform(0.85, 1.1)]) for arm in arms
        ]
    lean = random.normal(0, 0.14) if random.random() < 0.8 else random.uniform(-0.9, 0.9)
    along = np.array([np.cos(lean), np.sin(lean)])
    ends = random.uniform(2.5, 4.2, 2)
    line = np.stack([shift - along * ends[0], shift + along * ends[1]])
    if kind == "double":
        apart = np.array([-along[1], along[0]]) * random.uniform(0.4, 1.3) / 2
        return [line - apart, line + apart + random.normal(0, 0.15, (2, 2))]
    if kind == "scribble":
        turns = int(random.integers(4, 8))
        across = np.linspace(-1, 1, turns) * ends[0] + random.normal(0, 0.4, turns)
        high = random.uniform(1.4, 2.4) * np.resize([1, -1], turns) + random.normal(0, 0.3, turns)
        return [shift + across[:, None] * along + high[:, None] * np.array([-along[1], along[0]])]
    if kind == "wavy":
        at = np.linspace(0, 1, 25)[:, None]
        wave = np.sin(at * np.pi * random.uniform(3, 7)) * random.uniform(0.2, 0.5)
        return [line[0] * (1 - at) + line[1] * at + wave * np.array([-along[1], along[0]])]
    return [line]
