"""Marks of simulated pages as the reader sees them: what the shape test is trained on.

.venv/bin/python -m bench.book_training.collect FILE --seed 1 --pages 300
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from zhucun.work.attendance.book.pages import Page
from zhucun.work.attendance.scan.bubbles import Bubbles, measure
from zhucun.work.attendance.scan.deciding import LIGHT_NOISE, LOW, thresholds
from zhucun.work.attendance.scan.finding import find
from zhucun.work.attendance.scan.grid import Grid, grid
from zhucun.work.attendance.scan.habits import marks
from zhucun.work.attendance.scan.light import ink
from zhucun.work.attendance.scan.pictures import pictures
from zhucun.work.attendance.scan.registering import register

from .camera import CONDITIONS, shoot
from .filling import Habits, Truth, fill
from .page import draw, some_page

PEOPLE = Habits(struck=0.07, corrected=0.01, blank=0.01, mixed=0.25, kinds=(0.52, 0.14, 0.12, 0.11, 0.11))
"""Many struck marks, but not so many that they become somebody's habit."""
LEFT_OUT = ("scan bilevel",)
"""Conditions no sector of which says how dark a pen is."""


TWICE = ("defocus", "motion", "wechat", "phone", "scan")
"""Conditions seen twice as often: the blurred ones are the hardest, the others the most usual."""


def simulated(seed: int, habits: Habits, condition: str) -> tuple[bytes, Page, Truth]:
    """One simulated file with its page and truth; the same for the same seed."""
    random = np.random.default_rng(seed)
    page = some_page(random, people=int(random.choice([3, 4, 5, 5, 5])))
    sheet, truth = fill(draw(page), page, habits, random)
    return shoot(sheet, CONDITIONS[condition](random), random), page, truth


def measured(content: bytes, page: Page) -> tuple[Bubbles, Grid] | None:
    """The measures of a file's only page, or None when it is not found."""
    picture = next(iter(pictures(content)))
    if picture.pixels is None:
        return None
    found = find(picture.pixels)[0]
    if found.surface is None:
        return None
    where = grid(page)
    dark = ink(found.surface.straightened(found.image))
    return measure(dark, where, register(dark.dark, where)), where


def collected(first: int, count: int) -> Iterator[dict[str, np.ndarray]]:
    """The single marks of each page: views, sectors, habits and the truth's group."""
    names = [name for name in CONDITIONS if name not in LEFT_OUT] + list(TWICE)
    for seed in range(first, first + count):
        condition = names[seed % len(names)]
        content, page, truth = simulated(seed, PEOPLE, condition)
        got = measured(content, page)
        if got is None:
            continue
        bubbles, where = got
        low, _ = thresholds(bubbles)
        found = marks(bubbles, where, max(LOW, LIGHT_NOISE * bubbles.noise))
        single = found.clear & (found.second < np.maximum(low, 0.1 * found.usual_ink))
        rows = np.nonzero(single)[0]
        views = bubbles.views[rows, found.best[rows]]
        persons = [page.rows[where.places[row]].person for row in rows]
        yield {
            "views": np.clip(np.rint(views * 200), 0, 255).astype(np.uint8),
            "own": found.shape[rows].astype(np.float16),
            "usual": found.usual_shape[rows].astype(np.float16),
            "pen": np.stack([found.dark[rows], found.usual_dark[rows], found.ink[rows], found.usual_ink[rows]], 1),
            "group": np.array([truth[p, where.days[r]][1] for p, r in zip(persons, rows, strict=True)]),
            "place": where.place_array[rows],
            "page": np.full(len(rows), seed),
            "condition": np.full(len(rows), condition),
        }


def main() -> None:
    """Simulate and write one file of marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=300)
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    pages = list(collected(wanted.seed, wanted.pages))
    np.savez_compressed(wanted.file, **{name: np.concatenate([one[name] for one in pages]) for name in pages[0]})


if __name__ == "__main__":
    main()
