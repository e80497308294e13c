"""What goes wrong with single cells while somebody fills a form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from bench.book import strokes
from bench.book.forms import SCALE
from bench.book.pens import area, pen, tint, tooth
from bench.book.writers import Writer

if TYPE_CHECKING:
    from bench.book.filling import Desk

Key = tuple[str, int]


def corrected(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """As the form asks: the wrong one crossed, the right one filled, a short name beside it."""
    rng, wrong = desk.rng, desk.wrong(key, value)
    desk.draw(writer.strokes(wrong, rng, "full" if rng.random() < 0.8 else None)[1], writer, key)
    way = str(rng.choice(["x", "1", "2"], p=[0.75, 0.1, 0.15]))
    desk.draw([line + wrong[:2] for line in strokes.cancel(way, *wrong[2:], rng)], writer, key, other=True)
    desk.draw(writer.strokes(desk.form.cells[key][value], rng)[1], writer, key)
    desk.set(key, value, f"corrected-{way}", "corrected", writer)
    if rng.random() < 0.75:
        name = strokes.scrawl(rng.uniform(2.5, 5), rng.uniform(2, 3), 2, rng)
        if rng.random() < 0.3:
            at = (wrong[0] + wrong[2] * rng.uniform(0.9, 1.3), wrong[1] + rng.uniform(-2.2, 0.2))
        else:
            at = (rng.uniform(278.5, 282), wrong[1] + rng.uniform(-3, 1))
        desk.draw(
            [line + at for line in name], replace(writer, pen=replace(writer.other, width=min(writer.other.width, 0.5)))
        )


def cancelled(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """Filled, struck out, and nothing else filled: nobody knows what is meant."""
    rng, bubble = desk.rng, desk.form.cells[key][value]
    desk.draw(writer.strokes(bubble, rng, "full" if rng.random() < 0.85 else "partial")[1], writer, key)
    way = str(rng.choice(["x", "1", "2", "scribble"], p=[0.35, 0.3, 0.25, 0.1]))
    lines = [line + bubble[:2] for line in strokes.cancel(way, *bubble[2:], rng)]
    desk.draw(lines, writer, key, other=True)
    off = (np.concatenate(lines) - bubble[:2]) / np.array(bubble[2:])
    outside = ((off**2).sum(1) > 1.15).mean()
    desk.set(key, None, f"cancelled-{way}" + ("" if outside > 0.15 else "-inside"), "cancelled", writer)


def double(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """Two bubbles marked, neither crossed."""
    for bubble in (desk.form.cells[key][value], desk.wrong(key, value)):
        desk.draw(writer.strokes(bubble, desk.rng)[1], writer, key)
    desk.set(key, None, "double", "double", writer)


def erased(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """Filled in pencil, rubbed out more or less, and mostly filled elsewhere."""
    rng, wrong = desk.rng, desk.wrong(key, value)
    graphite = replace(writer, pen=pen("pencil", rng))
    desk.draw(graphite.strokes(wrong, rng)[1], graphite, key)
    x, y, a, b = wrong
    where = area(desk.sheet, np.array([[x - a, y - b], [x + a, y + b]]), 1.2)
    if where is not None:
        part = desk.sheet[where].astype(np.float32)
        smear = cv2.blur(part, (31, 9)) * 0.25 + 255 * 0.75
        left = rng.uniform(0.04, 0.3)
        clean = desk.printed[where].astype(np.float32)
        desk.sheet[where] = np.minimum(part * left + clean * (1 - left), smear * 0.5 + clean * 0.5)
    if rng.random() < 0.8:
        hand = graphite if rng.random() < 0.7 else writer
        desk.draw(hand.strokes(desk.form.cells[key][value], rng)[1], hand, key)
        desk.set(key, value, "erased", "erased", hand)
    else:
        desk.set(key, None, "erased-only", "erased", graphite)


def whiteout(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """The wrong one under correction fluid or tape; the right one filled, now and then on top of the fluid."""
    rng, options = desk.rng, desk.form.cells[key]
    wrong = desk.wrong(key, value)
    desk.draw(writer.strokes(wrong, rng, "full" if rng.random() < 0.8 else None)[1], writer, key)
    same = rng.random() < 0.15
    _cover(desk, wrong)
    if same:
        value = next(o for o, bubble in options.items() if bubble == wrong)
    desk.draw(writer.strokes(options[value], rng)[1], writer, key)
    desk.set(key, value, "whiteout-over" if same else "whiteout", "whiteout", writer)


def _cover(desk: Desk, bubble: tuple[float, float, float, float]) -> None:
    rng, (x, y, a, b) = desk.rng, bubble
    where = area(desk.sheet, np.array([[x - a, y - b], [x + a, y + b]]), 1.0)
    if where is None:
        return
    part = desk.sheet[where]
    mask = np.zeros(part.shape[:2], np.uint8)
    middle = np.array([part.shape[1], part.shape[0]]) / 2
    if rng.random() < 0.5:  # tape: a straight band
        half = np.array([a * 1.25, b * rng.uniform(0.95, 1.2)]) * SCALE
        cv2.rectangle(mask, *[tuple(int(v) for v in middle + s * half) for s in (-1, 1)], 255, -1)
    else:
        for _ in range(4):
            at = middle + rng.normal(0, 0.25, 2) * (a * SCALE, b * SCALE)
            cv2.ellipse(
                mask, tuple(int(v) for v in at), (int(a * 9), int(b * 10)), rng.uniform(-20, 20), 0, 360, 255, -1
            )
    alpha = cv2.GaussianBlur(mask, (0, 0), 1.5).astype(np.float32)[..., None] / 255 * min(1.0, rng.uniform(0.9, 1.06))
    level = rng.uniform(240, 255) + 6 * (tooth()[: part.shape[0], : part.shape[1], None] - 0.5)
    part[:] = (part * (1 - alpha) + level * alpha).clip(0, 255)


def crossing(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """An ordinary mark with a flourish that runs into a neighbour's bubbles."""
    rng, bubble = desk.rng, desk.form.cells[key][value]
    kind, lines = writer.strokes(bubble, rng, str(rng.choice(["full", "tick", "slash"])))
    end = lines[-1][-1]
    way = rng.choice([-1.1, -0.6, -0.2, 0.5, 1.2]) + rng.normal(0, 0.2)
    tail = end + rng.uniform(3.5, 9) * np.array([np.cos(way), np.sin(way)])
    lines[-1] = np.concatenate([lines[-1], strokes.through([tuple(end), tuple(tail)], rng)])
    desk.draw(lines, writer, key)
    desk.touched |= desk.form.touched(lines[-1]) - {key}
    desk.set(key, value, f"{kind}-long", "ordinary", writer)
    desk.touched.add(key)


def circled(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """A ring around the bubble."""
    desk.draw(writer.strokes(desk.form.cells[key][value], desk.rng, "circle")[1], writer, key)
    desk.set(key, value, "circle", "circled", writer)


def blank(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """Forgotten, or left open on purpose; sometimes the pen rested there."""
    if desk.rng.random() < 0.2:
        x, y, a, b = desk.form.cells[key][value]
        at = np.array([x, y]) + desk.rng.uniform(-1, 1, 2) * (a, b)
        desk.draw([at + np.array([[0, 0], [0.1, 0.05], [0.15, 0.12]])], writer, key)
    desk.set(key, None, "blank", "blank", writer)


def smear(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """An ordinary mark wiped sideways while wet."""
    kind, lines = writer.strokes(desk.form.cells[key][value], desk.rng)
    desk.draw(lines, writer, key)
    desk.set(key, value, kind, "ordinary", writer)
    where = area(desk.sheet, np.concatenate(lines), 0.5)
    if where is None:
        return
    rows, columns = where
    reach = int(desk.rng.uniform(2, 6) * SCALE)
    strip = desk.sheet[rows, columns.start : columns.stop + reach]
    wet = 1 - cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    trail = np.zeros_like(wet)
    for step in range(0, reach, 3):
        moved = np.roll(wet, step, 1)
        moved[:, :step] = 0
        trail += moved * (1 - step / reach) / (reach / 3)
    tint(strip, np.clip(trail * desk.rng.uniform(0.15, 0.4), 0, 0.5), writer.pen.colour)


def light(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """An ordinary mark made without pressing."""
    faint = replace(writer, force=float(desk.rng.uniform(0.25, 0.5)))
    kind, lines = writer.strokes(desk.form.cells[key][value], desk.rng)
    desk.draw(lines, faint, key)
    desk.set(key, value, f"{kind}-light", "ordinary", writer)


def retraced(desk: Desk, writer: Writer, key: Key, value: str) -> None:
    """An ordinary mark gone over a second time with another pen."""
    kind, lines = writer.strokes(desk.form.cells[key][value], desk.rng)
    desk.draw(lines, writer, key)
    again = replace(writer, pen=writer.other)
    desk.draw(again.strokes(desk.form.cells[key][value], desk.rng, "full")[1], again, key)
    desk.set(key, value, f"{kind}-retraced", "ordinary", writer)


EVENTS: dict[str, Callable[[Desk, Writer, Key, str], None]] = {
    "corrected": corrected, "cancelled": cancelled, "double": double, "erased": erased, "whiteout": whiteout,
    "crossing": crossing, "circle": circled, "blank": blank, "smear": smear, "light": light, "retraced": retraced,
}  # fmt: skip
