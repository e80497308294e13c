"""People: how a month is lived, and how one hand marks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from bench.book import strokes
from bench.book.forms import Bubble
from bench.book.pens import Line, Pen, pen

NORMAL_PENS = {
    "gel-black": 0.46, "ball-black": 0.17, "ball-blue": 0.14, "gel-blue": 0.08, "fountain": 0.05,
    "pencil": 0.04, "marker": 0.03, "dying": 0.02, "red": 0.01,
}  # fmt: skip
NORMAL_MARKS = {"full": 0.83, "tick": 0.07, "partial": 0.04, "slash": 0.02, "cross": 0.02, "dot": 0.02}
STRESS_PENS = {
    "gel-black": 0.16, "ball-black": 0.16, "ball-blue": 0.16, "gel-blue": 0.1, "fountain": 0.12,
    "pencil": 0.16, "marker": 0.1, "dying": 0.04,
}  # fmt: skip
STRESS_MARKS = {"full": 0.4, "partial": 0.12, "tick": 0.16, "cross": 0.1, "dot": 0.1, "slash": 0.12}


@dataclass(frozen=True)
class Habits:
    """Who fills a page and what goes wrong: weights of pens and marks, and rates of events.

    `events` are rates a cell (corrected, cancelled, double, erased, whiteout, crossing, circle, blank, smear, light, retraced);
    `happenings` are expected numbers a page (stray, specks, run-line, run-strike, row-strike, signature-over).
    """

    pens: Mapping[str, float] = field(default_factory=lambda: STRESS_PENS)
    marks: Mapping[str, float] = field(default_factory=lambda: STRESS_MARKS)
    drift: float = 1.0
    one_hand: float = 0.6
    mixed: float = 0.0
    events: Mapping[str, float] = field(default_factory=dict)
    happenings: Mapping[str, float] = field(default_factory=dict)


def pick(weights: Mapping[str, float], rng: np.random.Generator) -> str:
    """One of the names by weight."""
    share = np.array(list(weights.values()), float)
    return list(weights)[int(rng.choice(len(share), p=share / share.sum()))]


@dataclass
class Writer:
    """A hand with its pen, its way of marking, and how both wear off towards the end of a row."""

    pen: Pen
    other: Pen
    mark: str
    mixed: float
    slant: float
    size: float
    bias: np.ndarray
    wander: np.ndarray
    jitter: float
    force: float
    tiring: float
    at: float = 0.0

    @classmethod
    def born(cls, habits: Habits, rng: np.random.Generator) -> "Writer":
        """Somebody new."""
        mine = pen(pick(habits.pens, rng), rng)
        other = mine if rng.random() < 0.7 else pen(pick(NORMAL_PENS, rng), rng)
        slant = rng.choice([rng.normal(-0.9, 0.25), rng.normal(0.0, 0.15), rng.normal(0.9, 0.25), np.pi / 2])
        mark = pick(habits.marks, rng)
        if mine.name == "marker" and mark in ("partial", "dot") and rng.random() < 0.5:
            mark = "full"
        return cls(
            mine, other, mark, habits.mixed, float(slant), float(np.clip(rng.normal(0.97, 0.07), 0.78, 1.12)),
            rng.normal(0, 0.16, 2), rng.normal(0, 0.012, 2) * habits.drift, float(rng.uniform(0.06, 0.18)),
            float(np.clip(rng.normal(0.92, 0.1), 0.6, 1.0)), float(max(0.0, rng.normal(0.0, 0.1)) * habits.drift),
        )  # fmt: skip

    def next_row(self, rng: np.random.Generator) -> "Writer":
        """The same hand at the next person: begins afresh, a little different."""
        return replace(self, bias=self.bias * 0.6 + rng.normal(0, 0.08, 2), at=0.0)

    def strokes(self, bubble: Bubble, rng: np.random.Generator, kind: str | None = None) -> tuple[str, list[Line]]:
        """A mark on a bubble and what kind of mark it became; `at` (0 to 1 along the row) says how tired the hand is."""
        x, y, a, b = bubble
        kind = kind or (strokes.ORDINARY[int(rng.integers(6))] if rng.random() < self.mixed else self.mark)
        if kind == "full" and rng.random() < self.tiring * self.at:
            kind = "partial"
        size = max(0.7, self.size * rng.normal(1, 0.05) - self.tiring * self.at * 0.5)
        slant = self.slant + rng.normal(0, 0.12)
        lines = strokes.MARKS[kind](a, b, self.pen.width, slant, size, rng)
        off = self.bias + self.wander * 31 * self.at + rng.normal(0, self.jitter, 2)
        off = np.clip(off, (-0.33 * a, -0.36 * b), (0.33 * a, 0.36 * b))
        return kind, [line + off + (x, y) for line in lines]


def lived(month: str, days: list[int], rng: np.random.Generator) -> dict[int, str]:
    """A month as somebody spends it in a village: long runs of 村, leave in blocks, rest mostly at the end of a week."""
    year, number = map(int, month.split("-"))
    steady, weekends = rng.uniform(0.8, 0.97), rng.uniform(0.2, 0.9)
    values, now, left = {}, "村", 0
    for day in days:
        try:
            rest = date(year, number, day).weekday() >= 5
        except ValueError:
            rest = False
        if left:
            left -= 1
        elif rng.random() > steady:
            now = ("视", "假", "休", "村")[int(rng.choice(4, p=[0.45, 0.3, 0.15, 0.1]))]
            left = int(rng.geometric(0.45)) - 1
        else:
            now = "村"
        values[day] = "休" if rest and rng.random() < weekends and now == "村" else now
    return values
