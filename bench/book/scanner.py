"""Office scanners, copiers and fax machines: a page becomes a picture at some dpi, a little askew."""

from dataclasses import dataclass

import cv2
import numpy as np

from bench.book.camera import noisy
from bench.book.surface import View, expose, lie


@dataclass
class Scan:
    """A picture with its dpi, how hard it is to be compressed, and where the sheet lay."""

    picture: np.ndarray
    dpi: float
    quality: int
    view: View


def scan(sheet: np.ndarray, tricks: frozenset[str], rng: np.random.Generator) -> Scan:
    """One pass over one sheet."""
    dpi = float(rng.choice([200, 300, 240], p=[0.6, 0.3, 0.1]))
    if "lowdpi" in tricks:
        dpi = float(rng.choice([110, 120, 150]))
    if "fax" in tricks:
        dpi = 204.0
    size = (round(297 * dpi / 25.4), round(210 * dpi / 25.4))
    extra = rng.uniform(0, 12) if rng.random() < 0.2 else 0
    size = (size[0] + int(extra * dpi / 25.4), size[1] + int(extra * dpi / 25.4))
    skew = rng.normal(0, np.radians(2.6 if "skew" in tricks else 0.5))
    shift = tuple(float(v) for v in rng.normal(0, 4 if "skew" in tricks else 1.2, 2))
    waver = rng.uniform(0.15, 0.5) if "feed" in tricks else 0.0
    lid = 252 if rng.random() < 0.75 else int(rng.integers(15, 60))
    picture = np.full((size[1], size[0], 3), lid, np.uint8)
    view = lie(sheet, size, rng, dpi=dpi, skew=float(skew), shift=shift, waver=waver)
    expose(sheet, view, picture)
    if rng.random() < 0.5:
        picture = cv2.blur(picture, (3, 3) if dpi >= 200 else (1, 3))
    if "streaks" in tricks:
        _streaks(picture, rng)
    if "badfocus" in tricks:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.1, 0.28) * dpi / 25.4)
    noisy(picture, rng.uniform(0.5, 2.5), rng)
    black, white = rng.uniform(0, 25), rng.uniform(225, 252)
    table = np.clip((np.arange(256) - black) * 255 / (white - black), 0, 255).astype(np.uint8)
    picture = cv2.LUT(picture, table)
    if tricks & {"grey", "bw", "fax"} or rng.random() < 0.25:
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if tricks & {"bw", "fax"}:
        picture = _two_valued(picture, tricks, rng)
    quality = int(rng.integers(15, 40)) if "lowjpeg" in tricks else int(rng.integers(60, 93))
    return Scan(picture, dpi, quality, view)


def _streaks(picture: np.ndarray, rng: np.random.Generator) -> None:
    """Dust on the glass of the feeder: thin lines from edge to edge, and bands of other brightness."""
    height, width = picture.shape[:2]
    across = rng.random() < 0.6
    for _ in range(int(rng.integers(1, 6))):
        at, wide = int(rng.integers(0, width if not across else height)), int(rng.integers(1, 4))
        part = picture[at : at + wide] if across else picture[:, at : at + wide]
        colour = rng.integers(0, 200, 3) if rng.random() < 0.5 else np.full(3, rng.integers(40, 220))
        share = rng.uniform(0.25, 0.9)
        part[:] = (part * (1 - share) + colour * share).astype(np.uint8)
    at, wide = int(rng.integers(0, height)), int(rng.integers(20, 200))
    picture[at : at + wide] = cv2.addWeighted(
        picture[at : at + wide], rng.uniform(0.85, 1.0), picture[at : at + wide], 0, rng.uniform(-10, 10)
    )


def _two_valued(grey: np.ndarray, tricks: frozenset[str], rng: np.random.Generator) -> np.ndarray:
    """Black and white: by one threshold; by fax at half the lines."""
    level = rng.uniform(120, 205)
    if "fax" not in tricks:
        return cv2.threshold(grey, level, 255, cv2.THRESH_BINARY)[1]
    height, width = grey.shape
    lines = cv2.resize(grey, (width, height // (2 if rng.random() < 0.5 else 1)), interpolation=cv2.INTER_AREA)
    lines = cv2.threshold(lines, level, 255, cv2.THRESH_BINARY)[1]
    for y in np.flatnonzero(rng.random(len(lines)) < 0.003):  # lost on the telephone line
        lines[y] = lines[max(0, y - 1)]
    return cv2.resize(lines, (width, height), interpolation=cv2.INTER_NEAREST)


def shrunk(sheet: np.ndarray, share: float) -> tuple[np.ndarray, tuple[int, int]]:
    """The same page printed with "fit to page": smaller on the paper, with a wider margin (given back in pixels)."""
    height, width = sheet.shape[:2]
    x, y = int(width * (1 / share - 1) / 2), int(height * (1 / share - 1) / 2)
    return cv2.copyMakeBorder(sheet, y, y, x, x, cv2.BORDER_CONSTANT, value=(255, 255, 255)), (x, y)
