"""Pages filled in by invented people: marks, corrections and mistakes, with what each person-day means."""

from dataclasses import dataclass

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry as g
from zhucun.work.attendance.book.pages import Page

from .page import SCALE
from .pens import FINE, HIGH, PENS, RED_PEN, WIDE, Hand, canvas, mark, some_hand, strike

KINDS = ("full", "tick", "cross", "dot", "slash", "partial")
STRIKES = ("x", "single", "double", "wavy", "scribble")
Truth = dict[tuple[str, int], tuple[str | None, str]]
"""By person and day: what is meant, and the group: `ordinary`, `blank`, `struck x`, `corrected`, `two`, …"""


@dataclass(frozen=True)
class Habits:
    """Shares of what people do on a page; the rest are ordinary marks."""

    struck: float = 0.0
    corrected: float = 0.0
    two: float = 0.0
    blank: float = 0.0
    erased: float = 0.0
    white_out: float = 0.0
    mixed: float = 0.1
    red_person: float = 0.0
    kinds: tuple[float, ...] = (0.55, 0.12, 0.08, 0.08, 0.1, 0.07)
    long_stroke: float = 0.0
    absent: float = 0.0
    """Share of people who fill in nothing."""


NORMAL = Habits(corrected=0.006, blank=0.002)
STRESS = Habits(
    struck=0.02, corrected=0.02, two=0.01, blank=0.02, erased=0.01, white_out=0.01, red_person=0.02, long_stroke=0.03
)


def fill(pixels: np.ndarray, page: Page, habits: Habits, random: np.random.Generator) -> tuple[np.ndarray, Truth]:
    """A printed page (grey, 12 px/mm) filled in: colours as reflectance 0 to 1, and the truth."""
    sheet = np.repeat(pixels[:, :, None], 3, axis=2).astype(np.float32) / 255
    truth: Truth = {}
    team_pen = PENS[random.integers(len(PENS))]
    for place, row in enumerate(page.rows):
        pen = team_pen if random.random() < 0.6 else PENS[random.integers(len(PENS))]
        if random.random() < habits.red_person:
            pen = RED_PEN
        hand = some_hand(random, pen)
        kind = str(random.choice(KINDS, p=habits.kinds))
        usual = (kind, str(random.choice(KINDS, p=habits.kinds)) if random.random() < habits.mixed else kind)
        bias = random.dirichlet((8, 1.2, 0.8, 1.5))
        if random.random() < habits.absent:
            truth |= {(row.person, day): (None, "blank") for day in row.days}
            continue
        for day in row.days:
            truth[row.person, day] = _cell(sheet, (place, day), (hand, usual), (habits, bias), random)
        if random.random() < habits.long_stroke and len(row.days) > 20:
            _long_stroke(sheet, place, row.days, hand, truth, row.person, random)
    return sheet, truth


def _cell(
    sheet: np.ndarray, cell: tuple[int, int], person: tuple[Hand, tuple[str, str]], chances: tuple[Habits, np.ndarray],
    random: np.random.Generator,
) -> tuple[str | None, str]:  # fmt: skip
    """Fill in one person-day and tell what it means."""
    hand, usual = person
    habits, bias = chances
    option, other = random.choice(4, 2, replace=False, p=(bias + 0.02) / (1.08))
    kind = usual[0] if random.random() < 0.8 else usual[1]
    names = ("struck", "corrected", "two", "blank", "erased", "white_out")
    shares = np.array([getattr(habits, name) for name in names])
    what = str(random.choice([*names, "ordinary"], p=[*shares, 1 - shares.sum()]))
    if what == "blank":
        return None, "blank"
    if what == "struck":
        how = str(random.choice(STRIKES, p=(0.38, 0.28, 0.22, 0.07, 0.05)))
        base = "full" if random.random() < 0.8 else kind
        if base not in ("full", "partial"):  # one line over a tick is a cross to everybody
            how = str(random.choice(("double", "wavy", "scribble")))
        ink(sheet, cell, option, cancelled(base, how, hand, random), hand)
        return None, f"struck {how}" + ("" if base == "full" else " " + base)
    if what == "erased":
        ink(sheet, cell, other, canvas(mark(kind, hand, random), hand, random) * random.uniform(0.05, 0.3), hand)
    if what == "white_out":
        ink(sheet, cell, other, canvas(mark(kind, hand, random), hand, random), hand)
        _white(sheet, cell, other, random)
    if what == "corrected":
        ink(sheet, cell, other, cancelled(kind, str(random.choice(STRIKES)), hand, random), hand)
    if what == "two":
        ink(sheet, cell, other, canvas(mark(kind, hand, random), hand, random), hand)
    ink(sheet, cell, option, canvas(mark(kind, hand, random), hand, random), hand)
    return (None if what == "two" else g.OPTIONS[option]), what + (" red" if hand.pen is RED_PEN else "")


def cancelled(base: str, how: str, hand: Hand, random: np.random.Generator) -> np.ndarray:
    """A mark with strokes over it, mostly by the same pen."""
    over = hand if random.random() < 0.75 else some_hand(random, PENS[random.integers(len(PENS) - 1)])
    first = canvas(mark(base, hand, random), hand, random)
    return 1 - (1 - first) * (1 - canvas(strike(how, over, random), over, random))


def ink(sheet: np.ndarray, cell: tuple[int, int], option: int, cover: np.ndarray, hand: Hand) -> None:
    """Lay the coverage of a bubble's canvas on the page in the pen's colour."""
    box = g.bubble(cell[0], cell[1], g.OPTIONS[option])
    left = (box.x + box.w / 2 - WIDE / 2) * SCALE
    top = (box.y + box.h / 2 - HIGH / 2) * SCALE
    x, y = int(np.floor(left)), int(np.floor(top))
    step = FINE // SCALE
    shift = (round((left - x) * step), round((top - y) * step))
    fine = np.pad(cover, ((shift[1], step - shift[1]), (shift[0], step - shift[0])))
    size = (fine.shape[1] // step, fine.shape[0] // step)
    small = cv2.resize(fine, size, interpolation=cv2.INTER_AREA)
    part = sheet[y : y + size[1], x : x + size[0]]
    part *= 1 - small[: part.shape[0], : part.shape[1], None] * (1 - np.array(hand.pen.colour, np.float32))


def _white(sheet: np.ndarray, cell: tuple[int, int], option: int, random: np.random.Generator) -> None:
    box = g.bubble(cell[0], cell[1], g.OPTIONS[option])
    grow = random.uniform(0.1, 0.9)
    corners = [(box.x - grow, box.y - grow), (box.x + box.w + grow, box.y + box.h + grow)]
    (x, y), (right, low) = (np.rint((np.array(c) + random.normal(0, 0.2, 2)) * SCALE).astype(int) for c in corners)
    mask = np.zeros((low - y, right - x), np.float32)
    cv2.ellipse(
        mask, ((right - x) // 2, (low - y) // 2), ((right - x) // 2 - 2, (low - y) // 2 - 2), 0, 0, 360, 1.0, -1
    )
    mask = np.maximum(cv2.GaussianBlur(mask, (0, 0), 3) * random.uniform(0.85, 1.0), 0)[:, :, None]
    sheet[y:low, x:right] = sheet[y:low, x:right] * (1 - mask) + 0.99 * mask


def _long_stroke(
    sheet: np.ndarray, place: int, days: tuple[int, ...], hand: Hand, truth: Truth, person: str, random: np.random.Generator
) -> None:  # fmt: skip
    """A line drawn through many days, as if to say: all of these."""
    first = int(random.choice(days[:-8]))
    last = min(first + int(random.integers(4, 20)), days[-1])
    option = int(random.integers(4))
    boxes = [g.bubble(place, day, g.OPTIONS[option]) for day in (first, last)]
    ends = [(box.x + box.w / 2 + random.normal(0, 0.6), box.y + box.h / 2 + random.normal(0, 0.4)) for box in boxes]
    layer = np.zeros(sheet.shape[:2], np.uint8)
    points = np.rint(np.array(ends) * SCALE * 16).astype(np.int32)
    cv2.polylines(layer, [points], False, 255, max(2, round(hand.width * SCALE)), cv2.LINE_AA, 4)
    sheet *= 1 - layer[:, :, None].astype(np.float32) / 255 * hand.cover * (1 - np.array(hand.pen.colour, np.float32))
    for day in range(first, last + 1):
        truth[person, day] = (None, "long stroke")
