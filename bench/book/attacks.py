"""Pages that must not be taken for what they are not: forged, foreign, cut, mirrored, mixed up, or no pages at all."""

from collections.abc import Callable

import cv2
import numpy as np

from bench.book import files, scenery
from bench.book.filling import Cell
from bench.book.forgery import altered, codes, put_code
from bench.book.forms import SCALE, Book, Form
from bench.book.recipes import USUAL, Recipe
from bench.book.sheets import Sheet, captured, filled

Made = tuple[str, bytes, list[dict]]


class Scene:
    """What an attack has at hand: the book, another county's, a form and a plain way of capturing it."""

    def __init__(self, book: Book, foreign: Book | None, stem: str, rng: np.random.Generator) -> None:
        self.book, self.foreign, self.stem, self.rng = book, foreign, stem, rng
        self.form = book.forms[int(rng.integers(len(book.forms)))]
        self.recipe = Recipe("attack", USUAL, "scan" if rng.random() < 0.5 else "photo")

    def sheet(self, printed: np.ndarray | None = None, form: Form | None = None, expect: str = "refuse") -> Sheet:
        """A filled sheet of the form, or of the picture in its place."""
        sheet = filled(self.book, form or self.form, self.recipe, self.rng, printed)
        sheet.expect = expect
        return sheet

    def printed(self) -> np.ndarray:
        """The form's print, to be tampered with."""
        return self.book.print(self.form.index).copy()

    def other_form(self) -> Form | None:
        """Some other page of the book."""
        rest = [f for f in self.book.forms if f is not self.form]
        return rest[int(self.rng.integers(len(rest)))] if rest else None

    def capture(self, *sheets: Sheet) -> Made:
        """The file."""
        return captured(list(sheets), self.recipe, self.stem, self.rng)


def forged(what: str, both: bool = True) -> Callable[[Scene], Made]:
    """Codes with one field changed: both of them, or one only."""

    def make(scene: Scene) -> Made:
        printed = scene.printed()
        found = codes(printed)
        chosen = found if both else [found[int(scene.rng.integers(len(found)))]]
        text = altered(found[0][0], what, scene.rng, scene.book.forms)
        for _, box in chosen:
            put_code(printed, box, text)
        return scene.capture(scene.sheet(printed, expect="refuse" if both else "either"))

    return make


def swapped_one(scene: Scene) -> Made:
    """One genuine code of another page over one of this page's."""
    printed, other = scene.printed(), scene.other_form()
    if other is None:
        return forged("mac")(scene)
    found = codes(printed)
    put_code(printed, found[int(scene.rng.integers(len(found)))][1], codes(scene.book.print(other.index))[0][0])
    return scene.capture(scene.sheet(printed))


def halves(scene: Scene) -> Made:
    """The upper part of one page laid over the lower part of another."""
    other = scene.other_form()
    if other is None:
        return forged("mac")(scene)
    sheet, upper = scene.sheet(), scene.sheet(form=other)
    cut = int(scene.rng.uniform(0.3, 0.7) * sheet.picture.shape[0])
    sheet.picture[:cut] = upper.picture[:cut]
    return scene.capture(sheet)


def foreign(scene: Scene) -> Made:
    """A page of another county."""
    if scene.foreign is None:
        return forged("mac")(scene)
    form = scene.foreign.forms[int(scene.rng.integers(len(scene.foreign.forms)))]
    return scene.capture(scene.sheet(scene.foreign.print(form.index), form=form))


def without(which: str) -> Callable[[Scene], Made]:
    """Codes whited out or scribbled over: all of them, or one only (then the page may still be read)."""

    def make(scene: Scene) -> Made:
        printed = scene.printed()
        found = codes(printed)
        for _, (x, y, w, h) in found[: 1 if which == "one" else None]:
            if which == "scribbled":
                points = scene.rng.uniform((x - 10, y - 10), (x + w + 10, y + h + 10), (60, 2)).astype(np.int32)
                cv2.polylines(printed, [points], False, (30, 30, 30), 12, cv2.LINE_AA)
            else:
                put_code(printed, (x, y, w, h), None)
        return scene.capture(scene.sheet(printed, expect="either" if which == "one" else "refuse"))

    return make


def loose(genuine: bool) -> Callable[[Scene], Made]:
    """A slip with another page's code lies beside a page: one without codes of its own, or a genuine one."""

    def make(scene: Scene) -> Made:
        scene.recipe = Recipe("attack", USUAL, "photo")
        printed, other = scene.printed(), scene.other_form() or scene.form
        text, found = codes(scene.book.print(other.index))[0][0], codes(printed)
        for _, box in [] if genuine else found:
            put_code(printed, box, None)
        sheet = scene.sheet(printed, expect="either" if genuine else "refuse")
        rim = 320
        sheet.margin = (rim, rim)
        sheet.picture = cv2.copyMakeBorder(
            sheet.picture, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(120, 150, 170)
        )
        side = found[0][1][2]
        x, y = int(scene.rng.uniform(30, sheet.picture.shape[1] - side - 30)), 50
        put_code(sheet.picture, (x, y, side, side), text)
        return scene.capture(sheet)

    return make


def mirrored(scene: Scene) -> Made:
    """Seen from the back, or by a front camera."""
    sheet = scene.sheet()
    sheet.picture = np.ascontiguousarray(sheet.picture[:, ::-1])
    return scene.capture(sheet)


def cut(side: int) -> Callable[[Scene], Made]:
    """A strip of the page is missing: torn off, or not in the picture. What is gone cannot have a value."""

    def make(scene: Scene) -> Made:
        sheet = scene.sheet(expect="either")
        height, width = sheet.picture.shape[:2]
        share = scene.rng.uniform(0.06, 0.5)
        low, high = [0.0, 0.0], [width, height]
        if side < 2:
            high[side] *= 1 - share
        else:
            low[side - 2] = high[side - 2] * share
        gone = int(scene.rng.choice([30, 140, 255]))
        kept = np.full_like(sheet.picture, gone)
        part = slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))
        kept[part] = sheet.picture[part]
        sheet.picture = kept
        for cell in sheet.cells:
            _lose(cell, scene.form, np.array(low) / SCALE, np.array(high) / SCALE)
        return scene.capture(sheet)

    return make


def _lose(cell: Cell, form: Form, low: np.ndarray, high: np.ndarray) -> None:
    """A cell of which any bubble is gone, even in part, is nothing a machine may decide."""
    boxes = np.array(list(form.cells[(cell.person, cell.day)].values()))
    if (boxes[:, :2] - boxes[:, 2:] < low).any() or (boxes[:, :2] + boxes[:, 2:] > high).any():
        cell.lose()


def twice(scene: Scene) -> Made:
    """The same page scanned twice into one file: the second may be read as the same page, or refused as known."""
    scene.recipe = Recipe("attack", USUAL, "scan")
    one = scene.sheet(expect="read")
    return scene.capture(one, Sheet(one.picture.copy(), one.form, one.cells, [], expect="either"))


def unfilled(scene: Scene) -> Made:
    """A form nobody has filled: every cell is open."""
    cells = [Cell(person, day, None, "blank", "blank", "none") for person, day in scene.form.cells]
    return scene.capture(Sheet(scene.printed(), scene.form, cells, []))


def nothing(what: str) -> Callable[[Scene], Made]:
    """No page at all: empty paper, some letter, a table, a file that is none, a picture far too large."""

    def make(scene: Scene) -> Made:
        page = {"page": 1, "expect": "refuse", "team": None, "month": None, "version": None, "part": None, "cells": []}
        if what == "broken":
            sheet = scene.sheet()
            name, data, _ = scene.capture(sheet)
            return name, data[: int(len(data) * scene.rng.uniform(0.0, 0.3))], [page]
        if what == "bomb":
            return f"{scene.stem}.png", files.png(np.full((16000, 16000), 255, np.uint8)), [page]
        if what == "noise":
            return f"{scene.stem}.jpg", scene.rng.bytes(40000), [page]
        picture = np.full((2100, 2970, 3), 250, np.uint8)
        if what == "letter":
            picture[300:1800, 300:2700] = scenery.ground("papers", (2400, 1500), scene.rng)
        elif what == "table":
            picture = scenery.ground("wood", (2970, 2100), scene.rng)
        name, data, _ = scene.capture(Sheet(picture, scene.form, [], []))
        return name, data, [page]

    return make


ATTACKS: dict[str, Callable[[Scene], Made]] = {
    **{f"code-{what}": forged(what) for what in ("team", "month", "version", "part", "roster", "mac")},
    **{f"one-code-{what}": forged(what, both=False) for what in ("team", "month", "version", "part", "mac")},
    "one-code-swapped": swapped_one, "halves": halves, "other-county": foreign,
    "codes-gone": without("all"), "codes-scribbled": without("scribbled"), "one-code-gone": without("one"),
    "loose-code": loose(False), "loose-code-beside": loose(True), "mirrored": mirrored,
    "cut-right": cut(0), "cut-bottom": cut(1), "cut-left": cut(2), "cut-top": cut(3), "twice": twice, "unfilled": unfilled,
    **{f"no-page-{what}": nothing(what) for what in ("empty", "letter", "table", "noise", "broken", "bomb")},
}  # fmt: skip


def attack(
    book: Book, foreign_book: Book | None, number: int, stem: str, rng: np.random.Generator
) -> tuple[str, str, bytes, list[dict]]:
    """The attack with that number, in turn: its name, and the file."""
    name = list(ATTACKS)[number % len(ATTACKS)]
    return (name, *ATTACKS[name](Scene(book, foreign_book, stem, rng)))
