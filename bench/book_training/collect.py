"""Bubbles of simulated pages as the reader sees them: what the shape test is trained on.

.venv/bin/python -m bench.book_training.collect FILE --seed 1 --pages 300
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from zhucun.work.attendance.book.geometry import OPTIONS
from zhucun.work.attendance.book.pages import Page
from zhucun.work.attendance.scan.bubbles import Bubbles, measure
from zhucun.work.attendance.scan.deciding import LIGHT_NOISE, LOW
from zhucun.work.attendance.scan.finding import find
from zhucun.work.attendance.scan.grid import Grid, grid
from zhucun.work.attendance.scan.habits import marks
from zhucun.work.attendance.scan.laying import laid
from zhucun.work.attendance.scan.pictures import pictures
from zhucun.work.attendance.scan.shapes import SCALE

from .camera import CONDITIONS, shoot
from .filling import Habits, Truth, fill
from .page import draw, some_page

PEOPLE = Habits(
    struck=0.07,
    corrected=0.02,
    two=0.01,
    blank=0.015,
    mixed=0.25,
    absent=0.03,
    kinds=(0.48, 0.13, 0.08, 0.1, 0.11, 0.1),
)
"""Many struck marks, but not so many that they become somebody's habit."""
LEFT_OUT = ("scan bilevel",)
"""Conditions in which nothing says how dark a pen is."""
TWICE = ("defocus", "motion", "dark", "wechat", "phone", "scan")
"""Conditions seen twice as often: the blurred and noisy ones are the hardest, the others the most usual."""
NONE, MARK, STRUCK = 0, 1, 2
"""What a bubble may hold."""
SECOND_ONE_OF = 3
"""Of so many empty bubbles with the second most ink in their cell one is kept."""


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
    flat = laid(found.image, found.surface, where)
    return measure(flat.ink, where, flat.places), where


def collected(first: int, count: int) -> Iterator[dict[str, np.ndarray]]:
    """What the bubbles with most and second most ink of every cell hold, and how each person usually marks, page by page."""
    names = [name for name in CONDITIONS if name not in LEFT_OUT] + list(TWICE)
    for seed in range(first, first + count):
        condition = names[seed % len(names)]
        content, page, truth = simulated(seed, PEOPLE, condition)
        got = measured(content, page)
        if got is None:
            continue
        bubbles, where = got
        yield _bubbles(bubbles, where, page, truth) | {"condition": np.array([condition]), "seed": np.array([seed])}


def _bubbles(bubbles: Bubbles, where: Grid, page: Page, truth: Truth) -> dict[str, np.ndarray]:
    """The known bubbles of one page: views, what they hold, the row of `usual` that is their person's, and their pen."""
    found = marks(bubbles, where, np.maximum(LOW, LIGHT_NOISE * bubbles.noise))
    order = bubbles.ink.argsort(1)[:, ::-1]
    kept: list[tuple[int, int, int, str]] = []
    for row, (place, day) in enumerate(zip(where.places, where.days, strict=True)):
        meant, group = truth[page.rows[place].person, day]
        best, second = (int(option) for option in order[row, :2])
        kept += [(row, best, label, group) for label in _best(group, meant, OPTIONS[best])]
        kept += [(row, second, label, group) for label in _second(group, meant, OPTIONS[second], row + day)]
    rows, options, holds, groups = (np.array(column) for column in zip(*kept, strict=True))
    return {
        "views": np.clip(np.rint(bubbles.views[rows, options] * SCALE), 0, 255).astype(np.uint8),
        "usual": np.clip(np.rint(found.usual_view * SCALE), 0, 255).astype(np.uint8),
        "place": where.place_array[rows].astype(np.uint8),
        "pen": found.pen[rows].astype(np.float32),
        "holds": holds.astype(np.uint8),
        "group": groups,
    }


def _best(group: str, meant: str | None, option: str) -> list[int]:
    """What the bubble with most ink holds, if that is known."""
    if group.startswith("struck"):
        return [STRUCK]
    if group == "blank":
        return [NONE]
    return [MARK] if group == "ordinary" and option == meant else []


def _second(group: str, meant: str | None, option: str, number: int) -> list[int]:
    """What the bubble with the second most ink holds, if that is known and it is among those kept."""
    if group == "two":
        return [MARK]
    if group == "corrected" and option != meant:
        return [STRUCK]
    return [NONE] if group == "ordinary" and option != meant and number % SECOND_ONE_OF == 0 else []


def main() -> None:
    """Simulate and write one file of bubbles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=300)
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    pages = list(collected(wanted.seed, wanted.pages))
    counts = [len(one["views"]) for one in pages]
    held = {name: np.concatenate([one[name] for one in pages]) for name in pages[0]}
    held["page"] = np.repeat(np.arange(len(pages)), counts)
    np.savez_compressed(wanted.file, **held)


if __name__ == "__main__":
    main()
