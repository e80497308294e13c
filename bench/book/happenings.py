"""What befalls runs of days and whole pages while somebody fills a form: long lines, names, stray ink."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.book import strokes
from bench.book.pens import pen, write
from bench.book.writers import Habits, Writer

if TYPE_CHECKING:
    from bench.book.filling import Desk


def runs(desk: Desk, writer: Writer, person: str, values: dict[int, str], habits: Habits) -> Callable[[], None]:
    """One line for many days: as the mark itself (drawn now), or striking out filled days (what is given back, for later)."""
    rng, later = desk.rng, []
    row = desk.form.row(person)
    for name in ("run-line", "run-strike", "row-strike"):
        if rng.random() >= habits.happenings.get(name, 0) / max(1, len(desk.form.people)) or len(row) < 6:
            continue
        days = list(row)
        start = 0 if name == "row-strike" else int(rng.integers(0, len(days) - 4))
        end = len(days) if name == "row-strike" else min(len(days), start + int(rng.integers(3, 14)))
        option = values[days[start]]
        span = [d for d in days[start:end] if option in row[d] and (person, d) not in desk.cells]
        if not span or (name != "run-line" and len(span) < 2):
            continue
        first, last = row[span[0]][option], row[span[-1]][option]
        sag = rng.normal(0, 0.4)
        points = [
            (first[0] - 1.5, first[1] + sag),
            ((first[0] + last[0]) / 2, first[1]),
            (last[0] + 1.5, last[1] - sag),
        ]
        line = strokes.through(points, rng, 0.12, 0.8)
        for d in span:
            if name != "run-line":
                desk.draw(writer.strokes(row[d][option], rng)[1], writer, (person, d))
            desk.set(
                (person, d),
                option if name == "run-line" else None,
                name,
                "run" if name == "run-line" else "cancelled",
                writer,
            )
        later.append(line)
    return lambda: [write(desk.sheet, [line], writer.pen, rng) for line in later] and None


def signature(desk: Desk, writer: Writer, person: str, over: bool) -> None:
    """本人签名: somewhere left of the row, as a hurried hand does it; `over` runs into the first days."""
    rng, row = desk.rng, desk.form.row(person)
    boxes = np.array([b for options in row.values() for b in options.values()])
    left = desk.form.start()
    top, bottom = boxes[:, 1].min(), boxes[:, 1].max()
    width = rng.uniform(11, 19)
    x = left - width - rng.uniform(4.5, 8) + (rng.uniform(7, 16) if over else 0)
    y = rng.uniform((top + bottom) / 2, bottom - 2)
    hand = replace(writer, pen=pen("gel-black", rng) if rng.random() < 0.5 else writer.pen, force=1.0)
    lines = [line + np.array([x, y]) for line in strokes.scrawl(width, rng.uniform(5, 8), int(rng.integers(2, 4)), rng)]
    desk.draw(lines, hand)


def happen(desk: Desk, writer: Writer, habits: Habits) -> None:
    """What befalls the whole page: names at the foot, stray lines, specks of ink."""
    rng = desk.rng
    left, top, right, bottom = desk.form.grid()
    for x in (left + 8, left + 75, left + 140):
        if rng.random() < 0.8:
            name = strokes.scrawl(rng.uniform(14, 24), rng.uniform(5, 8), int(rng.integers(2, 4)), rng)
            hand = Writer.born(Habits(pens={"gel-black": 3, "fountain": 1, "ball-blue": 1}), rng)
            desk.draw([line + np.array([x + rng.uniform(0, 12), bottom + rng.uniform(7, 12)]) for line in name], hand)
    for _ in range(int(rng.poisson(habits.happenings.get("stray", 0)))):
        at, way = rng.uniform((left, top), (right, bottom)), rng.uniform(0, 2 * np.pi)
        points = [
            at + s * np.array([np.cos(way), np.sin(way)]) + rng.normal(0, 2, 2)
            for s in np.linspace(0, rng.uniform(5, 45), 4)
        ]
        desk.draw(
            [strokes.through([tuple(p) for p in points], rng, 0.4, 0.5)],
            replace(writer, force=float(rng.uniform(0.5, 1))),
        )
    for _ in range(int(rng.poisson(habits.happenings.get("specks", 0)))):
        at = rng.uniform((left, top), (right, bottom))
        ink = np.cumsum(rng.normal(0, rng.uniform(0.05, 0.25), (int(rng.integers(2, 6)), 2)), 0)
        desk.draw([at + ink], replace(writer, force=float(rng.uniform(0.6, 1))))
