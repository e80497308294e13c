"""Pens and the ink they leave: width, colour, how evenly they write, and what the tooth of the paper does to it."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import cv2
import numpy as np

from bench.book.forms import SCALE

Line = np.ndarray
"""A stroke: points in mm, one a row."""


@dataclass(frozen=True)
class Pen:
    """One pen in one hand; `grain` is how much the paper's tooth shows, `skip` how often the ink fails for a moment."""

    name: str
    colour: tuple[int, int, int]
    width: float
    opacity: float
    grain: float = 0.1
    soft: float = 0.0
    skip: float = 0.0
    uneven: float = 0.12


def _blue(rng: np.random.Generator) -> tuple[int, int, int]:
    return (int(rng.integers(130, 190)), int(rng.integers(45, 90)), int(rng.integers(20, 65)))


def _black(rng: np.random.Generator) -> tuple[int, int, int]:
    level = int(rng.integers(18, 55))
    return (level + int(rng.integers(0, 10)), level, level)


def pen(name: str, rng: np.random.Generator) -> Pen:
    """A pen of that name as one finds it in a village office; no two are alike."""
    u = rng.uniform
    if name == "ball-blue":
        return Pen(name, _blue(rng), u(0.32, 0.5), u(0.72, 0.93), 0.25, 0.0, u(0, 0.06), 0.2)
    if name == "ball-black":
        return Pen(name, _black(rng), u(0.32, 0.5), u(0.75, 0.95), 0.22, 0.0, u(0, 0.06), 0.2)
    if name == "gel-black":
        return Pen(name, _black(rng), u(0.4, 0.62), u(0.93, 1.0), 0.05, 0.02, u(0, 0.015))
    if name == "gel-blue":
        return Pen(name, _blue(rng), u(0.4, 0.62), u(0.9, 1.0), 0.05, 0.02, u(0, 0.015))
    if name == "pencil":
        grey = int(rng.integers(62, 100))
        return Pen(name, (grey + 4, grey, grey), u(0.4, 0.85), u(0.45, 0.85), 0.85, 0.0, 0.0, 0.25)
    if name == "marker":
        colour = _black(rng) if u() < 0.7 else _blue(rng)
        return Pen(name, colour, u(1.0, 2.1), u(0.9, 1.0), 0.03, u(0.05, 0.1), 0.0, 0.08)
    if name == "fountain":
        colour = (int(rng.integers(70, 125)), int(rng.integers(38, 60)), int(rng.integers(20, 45)))
        return Pen(name, colour, u(0.4, 0.8), u(0.75, 0.97), 0.1, u(0.02, 0.06), 0.01, 0.4)
    if name == "red":
        colour = (int(rng.integers(35, 80)), int(rng.integers(25, 70)), int(rng.integers(190, 235)))
        return Pen(name, colour, u(0.38, 0.65), u(0.8, 1.0), 0.15, 0.01, u(0, 0.03))
    if name == "dying":
        return replace(pen("ball-blue" if u() < 0.5 else "gel-black", rng), name=name, skip=u(0.15, 0.4), grain=0.55)
    raise KeyError(name)


PENS = ("ball-blue", "ball-black", "gel-black", "gel-blue", "pencil", "marker", "fountain", "red", "dying")


@cache
def tooth() -> np.ndarray:
    """The paper's tooth, 0 to 1, in a square that is used again and again."""
    rng = np.random.default_rng(20221107)
    fine = cv2.GaussianBlur(rng.standard_normal((1024, 1024)).astype(np.float32), (0, 0), 0.9)
    coarse = cv2.GaussianBlur(rng.standard_normal((1024, 1024)).astype(np.float32), (0, 0), 3.0)
    mixed = fine / fine.std() + 0.6 * coarse / coarse.std()
    return 1 / (1 + np.exp(-1.5 * mixed))


def area(sheet: np.ndarray, points: np.ndarray, margin: float) -> tuple[slice, slice] | None:
    """The part of a sheet around points in mm, cut to even pixels; None when outside the paper."""
    low = np.floor((points.min(0) - margin) * SCALE).astype(int)
    high = np.ceil((points.max(0) + margin) * SCALE).astype(int) + 1
    x0, y0 = max(low[0], 0), max(low[1], 0)
    x1, y1 = min(high[0], sheet.shape[1]), min(high[1], sheet.shape[0])
    return (slice(y0, y1), slice(x0, x1)) if x1 - x0 > 1 and y1 - y0 > 1 else None


def tint(part: np.ndarray, alpha: np.ndarray, colour: tuple[int, int, int]) -> None:
    """Let ink of a colour lie on a part of the sheet, as a filter over what is there."""
    through = 1 - alpha[..., None] * (1 - np.float32(colour) / 255)
    part[:] = (part * through + 0.5).astype(np.uint8)


def write(sheet: np.ndarray, lines: list[Line], with_: Pen, rng: np.random.Generator, force: float = 1.0) -> None:
    """Draw strokes on the sheet; `force` under 1 is a lighter hand: thinner, paler, more broken."""
    lines = [line for line in lines if len(line) > 1]
    if not lines:
        return
    where = area(sheet, np.concatenate(lines), with_.width + 0.4)
    if where is None:
        return
    rows, columns = where
    height, width = rows.stop - rows.start, columns.stop - columns.start
    mask = np.zeros((2 * height, 2 * width), np.uint8)
    origin = np.array([columns.start, rows.start]) / SCALE
    for line in lines:
        _stroke(mask, (line - origin) * (2 * SCALE), with_, rng, force)
    alpha = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    if with_.soft:
        alpha = cv2.GaussianBlur(alpha, (0, 0), with_.soft * SCALE)
        alpha = np.minimum(alpha * 1.15, 1)
    y, x = rng.integers(0, 1024 - min(height, 1023), dtype=int), rng.integers(0, 1024 - min(width, 1023), dtype=int)
    grain = tooth()[y : y + height, x : x + width]
    if grain.shape != alpha.shape:
        grain = cv2.resize(grain, (width, height))
    if with_.name == "pencil":
        alpha *= np.clip((grain - 0.75 + 0.75 * force) * 2.2, 0.15, 1)
    else:
        alpha *= 1 - with_.grain * grain * (1.6 - 0.6 * force)
    tint(sheet[where], alpha * min(1.0, with_.opacity * (0.4 + 0.6 * force)), with_.colour)


def _stroke(mask: np.ndarray, line: Line, with_: Pen, rng: np.random.Generator, force: float) -> None:
    """One stroke in pieces of their own width and strength, the way pressure comes and goes."""
    pieces = max(1, min(6, len(line) // 5))
    cuts = np.linspace(0, len(line) - 1, pieces + 1).astype(int)
    points = (line * 16).round().astype(np.int32)
    for start, end in pairwise(cuts):
        strength = 255 * (1 - abs(rng.normal(0, 0.06)))
        if rng.random() < with_.skip:
            strength *= rng.uniform(0.0, 0.6)
        width = with_.width * (0.75 + 0.25 * force) * (1 + with_.uneven * rng.standard_normal()) * 2 * SCALE
        cv2.polylines(
            mask,
            [points[start : end + 1]],
            False,
            int(max(strength, 0)),
            int(max(2, round(width))),
            cv2.LINE_AA,
            4,
        )
