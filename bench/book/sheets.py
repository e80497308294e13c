"""From a form and a recipe to pictures: printed, filled, mistreated, captured."""

from dataclasses import dataclass

import numpy as np

from bench.book import files, paper
from bench.book.camera import photograph
from bench.book.filling import Cell, fill
from bench.book.forms import SCALE, Book, Form
from bench.book.recipes import Recipe
from bench.book.scanner import scan, shrunk
from bench.book.surface import View

Fold = tuple[float, float, float]


@dataclass
class Sheet:
    """A filled piece of paper, its folds, and the truth about it."""

    picture: np.ndarray
    form: Form
    cells: list[Cell]
    folds: list[Fold]
    expect: str = "read"
    margin: tuple[int, int] = (0, 0)

    def seen(self, view: View) -> None:
        """What the picture cuts off cannot have a value, and a page of which cells are cut off may be refused."""
        for cell in self.cells:
            boxes = np.array(list(self.form.cells[(cell.person, cell.day)].values()))
            rim = np.concatenate([boxes[:, :2] - boxes[:, 2:], boxes[:, :2] + boxes[:, 2:]])
            if not view.holds(rim * SCALE + self.margin).all():
                cell.lose()
                self.expect = "either" if self.expect == "read" else self.expect

    def truth(self, page: int) -> dict:
        """As it is written to the truth file; `expect` is read, refuse or either."""
        form = self.form
        return {
            "page": page, "expect": self.expect, "team": form.team, "month": form.month, "version": form.version,
            "part": form.part, "cells": [cell.truth() for cell in self.cells],
        }  # fmt: skip


def filled(
    book: Book, form: Form, recipe: Recipe, rng: np.random.Generator, printed: np.ndarray | None = None
) -> Sheet:
    """A sheet with everything that happens to it before it is captured."""
    printed = (book.print(form.index) if printed is None else printed).copy()
    for name, happens in paper.BEFORE.items():
        if name in recipe.tricks:
            happens(printed, form, rng)
    picture = printed.copy()
    cells = fill(picture, printed, form, recipe.habits, rng)
    for name, happens in paper.AFTER.items():
        if name in recipe.tricks:
            happens(picture, form, rng)
    folds = _folds(picture, rng) if "fold" in recipe.tricks else []
    margin = (0, 0)
    if "shrunk" in recipe.tricks:
        picture, margin = shrunk(picture, rng.uniform(0.92, 0.985))
    return Sheet(picture, form, cells, folds, margin=margin)


def _folds(picture: np.ndarray, rng: np.random.Generator) -> list[Fold]:
    """Folded once or twice, as for an envelope or a pocket."""
    folds = []
    for _ in range(int(rng.integers(1, 3))):
        down = rng.random() < 0.6
        angle = (0.0 if down else np.pi / 2) + rng.normal(0, 0.02)
        at = rng.choice([0, 0, rng.uniform(-90, 90) if down else rng.uniform(-60, 60)]) + rng.normal(0, 3)
        paper.crease_line(picture, angle, float(at), rng)
        folds.append((float(angle), float(at), float(rng.uniform(1, 7))))
    return folds


def turned(picture: np.ndarray, quarters: int) -> np.ndarray:
    """The picture turned by quarters."""
    return np.ascontiguousarray(np.rot90(picture, quarters)) if quarters % 4 else picture


def captured(sheets: list[Sheet], recipe: Recipe, name: str, rng: np.random.Generator) -> tuple[str, bytes, list[dict]]:
    """A file of these sheets: a photo of all of them, or a scan of each."""
    if recipe.capture == "photo":
        return _photo(sheets, recipe, name, rng)
    return _scans(sheets, recipe, name, rng)


def _photo(sheets: list[Sheet], recipe: Recipe, name: str, rng: np.random.Generator) -> tuple[str, bytes, list[dict]]:
    photo = photograph([s.picture for s in sheets], recipe.tricks, rng, sheets[0].folds)
    for sheet, view in zip(sheets, photo.views, strict=True):
        sheet.seen(view)
    truth = [sheet.truth(1) for sheet in sheets]
    if "wechat" not in recipe.tricks and "app" not in recipe.tricks and rng.random() < 0.4:
        orientation, quarters = ((6, 1), (8, 3), (3, 2))[int(rng.integers(3))]
        return f"{name}.jpg", files.jpeg(turned(photo.picture, quarters), photo.quality, orientation), truth
    if "app" in recipe.tricks and rng.random() < 0.5:
        return f"{name}.pdf", files.pdf([photo.picture], 150, photo.quality), truth
    picture = turned(photo.picture, int(rng.integers(4)) if "rotated" in recipe.tricks else 0)
    if picture.ndim == 2 and rng.random() < 0.5:
        return f"{name}.png", files.png(picture), truth
    return f"{name}.jpg", files.jpeg(picture, photo.quality), truth


def _scans(sheets: list[Sheet], recipe: Recipe, name: str, rng: np.random.Generator) -> tuple[str, bytes, list[dict]]:
    scans = []
    for sheet in sheets:
        for angle, at, _ in sheet.folds:
            _pressed(sheet.picture, angle, at, rng)
        scans.append(scan(sheet.picture, recipe.tricks, rng))
        sheet.seen(scans[-1].view)
    truth = [sheet.truth(page) for page, sheet in enumerate(sheets, 1)]
    # a feeder takes the short side first, so many scans lie on their side or stand on their head
    free = "rotated" in recipe.tricks
    quarters = [int(rng.integers(4)) if free else int(rng.choice([0, 0, 0, 1, 3])) for _ in scans]
    pictures = [turned(s.picture, q) for s, q in zip(scans, quarters, strict=True)]
    dpi, quality = scans[0].dpi, scans[0].quality
    if len(scans) > 1 or rng.random() < 0.4:
        noted = [q if rng.random() < 0.5 else 0 for q in quarters]
        return f"{name}.pdf", files.pdf(pictures, dpi, quality, noted), truth
    if pictures[0].ndim == 2 and rng.random() < 0.6:
        return f"{name}.png", files.png(pictures[0]), truth
    return f"{name}.jpg", files.jpeg(pictures[0], quality), truth


def _pressed(picture: np.ndarray, angle: float, at: float, rng: np.random.Generator) -> None:
    """A fold pressed on glass: a sliver of paper disappears in it, and what lies beyond is shifted."""
    lost = int(rng.uniform(1, 6))
    upright = abs(np.sin(angle)) < 0.5
    height, width = picture.shape[:2]
    place = int((width if upright else height) / 2 + at * 10)
    if not 50 < place < (width if upright else height) - 50:
        return
    if upright:
        picture[:, place:-lost] = picture[:, place + lost :].copy()
    else:
        picture[place:-lost] = picture[place + lost :].copy()
