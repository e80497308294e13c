"""What paper goes through before and after it is filled: tired printers, cups, stamps, punches, creases, copies."""

import cv2
import numpy as np

from bench.book import strokes
from bench.book.forms import SCALE, Form
from bench.book.pens import area, tint, tooth


def field(shape: tuple[int, ...], rough: int, rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    """A slow change over a picture between two values, as a small net to be enlarged."""
    net = rng.uniform(low, high, (rough, max(2, rough * shape[1] // shape[0]))).astype(np.float32)
    return cv2.resize(net, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)


def low_ink(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """A print from an empty cartridge: all grey, in streaks, with white lines along the feed."""
    keep = rng.uniform(0.35, 0.75)
    small = field((210, 297), int(rng.integers(3, 12)), rng, keep * 0.8, min(1, keep * 1.2))
    for _ in range(int(rng.poisson(3))):
        y = int(rng.integers(0, 208))
        small[y : y + int(rng.integers(1, 3))] *= rng.uniform(0.4, 0.85)
    keep_map = cv2.resize(np.clip(small * 255, 0, 255).astype(np.uint8), (sheet.shape[1], sheet.shape[0]))
    lost = cv2.multiply(cv2.bitwise_not(sheet), cv2.merge([keep_map] * 3), scale=1 / 255)
    sheet[:] = cv2.bitwise_not(lost)


def yellowed(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """Cheap or old paper."""
    colour = np.array([rng.uniform(0.84, 0.97), rng.uniform(0.93, 0.99), rng.uniform(0.95, 1.0)])
    table = (np.arange(256)[:, None] * colour).astype(np.uint8).reshape(256, 1, 3)
    sheet[:] = cv2.LUT(sheet, table)


def show_through(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """The back of the page shines through."""
    back = cv2.blur(cv2.flip(sheet, 1), (9, 9))
    share = rng.uniform(0.05, 0.13)
    back = cv2.LUT(back, (255 - (255 - np.arange(256)) * share).astype(np.uint8))
    sheet[:] = cv2.multiply(sheet, back, scale=1 / 255)


def seal(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """The round red seal of the township, where it belongs: at the foot, right of the middle."""
    left, _, right, bottom = form.grid()
    _stamp(
        sheet,
        rng,
        (rng.uniform(0.58, 0.76) * (right - left) + left, bottom + rng.uniform(21.5, 25)),
        rng.uniform(18.5, 20),
    )


def seal_on_grid(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """The seal where it does not belong: over bubbles."""
    left, top, right, bottom = form.grid()
    _stamp(sheet, rng, (rng.uniform(left, right), rng.uniform(top + 10, bottom + 12)), rng.uniform(18.5, 21))


def _stamp(sheet: np.ndarray, rng: np.random.Generator, at: tuple[float, float], radius: float) -> None:
    where = area(sheet, np.array([at]), radius + 1)
    if where is None:
        return
    rows, columns = where
    mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
    middle = np.array(at) * SCALE - (columns.start, rows.start)
    turn = rng.normal(0, 0.25)

    def put(line: np.ndarray, width: float) -> None:
        points = (strokes.turned(line, turn) * SCALE + middle) * 16
        cv2.polylines(mask, [points.round().astype(np.int32)], False, 255, int(width * SCALE), cv2.LINE_AA, 4)

    round_ = np.linspace(0, 2 * np.pi, 90)
    put(np.stack([np.cos(round_), np.sin(round_)], 1) * radius, 1.1)
    star = np.array([[np.sin(k * 0.8 * np.pi), -np.cos(k * 0.8 * np.pi)] for k in range(6)]) * radius * 0.3
    cv2.fillPoly(mask, [(strokes.turned(star, turn) * SCALE + middle).astype(np.int32)], 255)
    for k in range(13):  # the ring of characters
        angle = np.pi * (0.72 + 1.56 * k / 12)
        for line in strokes.scrawl(3.6, 4.6, 1, rng):
            put(strokes.turned(line - (1.8, 2.3) - (0, radius * 0.78), angle + np.pi), 0.45)
    for line in strokes.scrawl(radius * 0.9, 3.4, 5, rng):
        put(line + np.array([-radius * 0.45, radius * 0.48]), 0.4)
    patch = cv2.resize(tooth()[:64, :64], (mask.shape[1], mask.shape[0]))
    press = np.clip(patch * rng.uniform(0.6, 1.6) + rng.uniform(0.1, 0.5), 0.1, 1)
    grain = tooth()[: mask.shape[0], : mask.shape[1]]
    alpha = mask.astype(np.float32) / 255 * press * (1 - 0.5 * grain) * rng.uniform(0.65, 1)
    tint(sheet[where], alpha, (int(rng.integers(50, 90)), int(rng.integers(30, 70)), int(rng.integers(205, 240))))


def coffee(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """Rings of a cup, and drops of tea."""
    for _ in range(int(rng.integers(1, 3))):
        at, radius = rng.uniform((20, 20), (275, 190)), rng.uniform(28, 42)
        where = area(sheet, at[None], radius + 8)
        if where is None:
            continue
        rows, columns = where
        y, x = np.mgrid[rows.start : rows.stop : 4, columns.start : columns.stop : 4] / SCALE - at[::-1, None, None]
        angle, r = (
            np.arctan2(y, x),
            np.hypot(x, y)
            + sum(rng.normal(0, 0.5) * np.sin(k * np.arctan2(y, x) + rng.uniform(0, 6)) for k in (1, 2, 3, 5)),
        )
        rim = np.exp(-(((r - radius) / rng.uniform(0.7, 1.8)) ** 2)) * (0.6 + 0.4 * np.sin(angle + rng.uniform(0, 6)))
        inner = 0.25 * (r < radius) * rng.uniform(0, 1)
        _stain(sheet, where, (rim + inner) * rng.uniform(0.3, 0.8), rng)
    for _ in range(int(rng.poisson(3))):
        at, radius = rng.uniform((15, 15), (280, 195)), rng.uniform(1, 6)
        where = area(sheet, at[None], radius * 1.5)
        if where is not None:
            rows, columns = where
            y, x = np.mgrid[rows.start : rows.stop : 4, columns.start : columns.stop : 4] / SCALE - at[::-1, None, None]
            r = np.hypot(x, y * rng.uniform(0.8, 1.2)) / radius
            _stain(sheet, where, (0.35 * (r < 1) + np.exp(-(((r - 1) / 0.08) ** 2))) * rng.uniform(0.25, 0.7), rng)


def _stain(sheet: np.ndarray, where: tuple[slice, slice], alpha: np.ndarray, rng: np.random.Generator) -> None:
    part = sheet[where]
    alpha = cv2.resize(np.clip(alpha, 0, 0.85).astype(np.float32), (part.shape[1], part.shape[0]))
    tint(part, alpha, (int(rng.integers(50, 90)), int(rng.integers(95, 125)), int(rng.integers(140, 180))))


def punch(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """Two or four holes in the margin for a binder, through whatever is there, and sometimes a staple."""
    dark, top = int(rng.choice([25, 90, 245])), rng.random() < 0.4
    n, inset = int(rng.choice([2, 2, 4])), rng.uniform(6, 11)
    along = (148.5 if top else 105) + (np.arange(n) - (n - 1) / 2) * 80 + rng.normal(0, 3)
    for s in along:
        x, y = (s, inset) if top else (inset, s)
        place = (int(x * SCALE), int(y * SCALE))
        cv2.circle(sheet, place, int(rng.uniform(2.6, 3.1) * SCALE), (dark,) * 3, -1, cv2.LINE_AA)
        cv2.circle(sheet, place, 29, (200,) * 3, 2, cv2.LINE_AA)
    if rng.random() < 0.4:
        x, y = int(rng.uniform(60, 250)), int(rng.uniform(50, 120))
        cv2.line(sheet, (x, y), (x + 110, y + int(rng.integers(-60, 60))), (120, 125, 125), 6, cv2.LINE_AA)


def crease_line(sheet: np.ndarray, angle: float, at: float, rng: np.random.Generator) -> None:
    """The line a fold leaves: light and dark side by side, ink cracked off along it."""
    middle = np.array([sheet.shape[1], sheet.shape[0]]) / 2
    way, normal = np.array([-np.sin(angle), np.cos(angle)]), np.array([np.cos(angle), np.sin(angle)])
    line = strokes.wobble(middle + normal * at * SCALE + np.linspace(-1900, 1900, 80)[:, None] * way, 2.0, rng)
    low = np.clip(line.min(0) - 40, 0, None).astype(int)
    high = np.clip(line.max(0) + 40, 0, middle * 2).astype(int)
    part = sheet[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(part.shape[:2], np.uint8)
    points = [((line - low) * 16).astype(np.int32)]
    shade = int(rng.uniform(15, 60))
    cv2.polylines(mask, [points[0] + 60], False, shade, int(rng.uniform(4, 10)), cv2.LINE_AA, 4)
    mask = cv2.blur(mask, (9, 9))
    part[:] = cv2.subtract(part, cv2.merge([mask] * 3))
    mask[:] = 0
    cv2.polylines(mask, points, False, int(rng.uniform(40, 140)), int(rng.uniform(2, 5)), cv2.LINE_AA, 4)
    part[:] = cv2.add(part, cv2.merge([mask] * 3))


def dog_ear(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """A corner folded over: its back covers what is printed there, the corner itself is gone."""
    a, b = rng.uniform(7, 30, 2) * SCALE
    height, width = sheet.shape[:2]
    flip = np.array([(0, 0), (1, 0), (0, 1), (1, 1)][int(rng.integers(4))])
    corner = flip * (width - 1, height - 1)
    sign = 1 - 2 * flip
    p, q = corner + sign * (a, 0), corner + sign * (0, b)
    axis = (q - p) / np.linalg.norm(q - p)
    mirrored = p + 2 * ((corner - p) @ axis) * axis - (corner - p)
    cv2.fillPoly(sheet, [np.array([corner, p, q]).astype(np.int32)], (120, 120, 125))
    cv2.fillPoly(sheet, [np.array([mirrored, p, q]).astype(np.int32)], (236, 240, 241), cv2.LINE_AA)
    cv2.line(sheet, *[tuple(int(v) for v in c) for c in (p, q)], (190, 190, 190), 5, cv2.LINE_AA)


def copied(sheet: np.ndarray, form: Form, rng: np.random.Generator) -> None:
    """A photocopy: grey, hard, a little blurred, specks of toner, the edge of the glass."""
    grey = cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY)
    grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.8, 1.8))
    black, white, gamma = rng.uniform(20, 80), rng.uniform(190, 240), rng.uniform(0.8, 1.7)
    table = np.clip((np.arange(256) - black) / (white - black), 0, 1) ** gamma * rng.uniform(245, 255)
    grey = cv2.LUT(grey, table.astype(np.uint8))
    for x, y in rng.uniform((0, 0), (sheet.shape[1], sheet.shape[0]), (int(rng.poisson(250)), 2)).astype(int):
        cv2.circle(grey, (int(x), int(y)), int(rng.integers(1, 4)), int(rng.integers(0, 150)), -1)
    if rng.random() < 0.5:
        side = int(rng.uniform(1, 5) * SCALE)
        grey[:, :side] //= 3
    sheet[:] = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


BEFORE = {"lowink": low_ink, "yellow": yellowed, "through": show_through}
"""What happens to a page before anybody writes on it."""

AFTER = {
    "seal": seal,
    "seal-grid": seal_on_grid,
    "coffee": coffee,
    "punch": punch,
    "dogear": dog_ear,
    "photocopy": copied,
}
"""What happens to it afterwards."""
