"""The examiner examines itself: same seed same bytes, every group and attack can be made, the judge counts as it should."""

import copy
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pypdfium2

from bench.book import standin
from bench.book.attacks import ATTACKS
from bench.book.camera import Photo, photograph
from bench.book.examining import examine
from bench.book.forgery import altered, codes, put_code
from bench.book.forms import SCALE, Book
from bench.book.judging import Verdict, judge
from bench.book.recipes import GROUPS, USUAL, Recipe
from bench.book.scanner import scan
from bench.book.sheets import filled
from bench.book.surface import STEP, View
from bench.book.tables import bound, goals, lines

PDF, LAYOUT = standin.book()


def perfect(truths: list[dict]) -> list[dict]:
    """The answers of a reader that errs never and asks whenever it must."""
    answers = []
    for truth in truths:
        for page in truth["pages"]:
            read = page["expect"] != "refuse"
            cells = [
                {
                    "person": c["person"],
                    "day": c["day"],
                    "value": c["answer"],
                    "confidence": 1,
                    "human": c["case"] != "ordinary",
                    "why": "",
                }
                for c in page["cells"]
            ]
            whose = {name: page[name] if read else None for name in ("team", "month", "version", "part")}
            answers.append(
                {
                    "file": f"/somewhere/{truth['file']}",
                    "page": page["page"],
                    **whose,
                    "status": "read" if read else "refused",
                    "reason": "" if read else "二维码不对",
                    "cells": cells if read else [],
                }
            )
    return answers


def same_seed_same_bytes() -> None:
    """A file can be made again, and alone."""
    one = list(examine(PDF, LAYOUT, 5, 4, "everything"))
    two = list(examine(PDF, LAYOUT, 5, 4, "everything"))
    assert [d for _, d, _ in one] == [d for _, d, _ in two]
    assert [n for n, _, _ in examine(PDF, LAYOUT, 5, 1, "everything", only=1)] == [one[1][0]]
    assert next(examine(PDF, LAYOUT, 5, 1, "everything", only=1))[1] == one[1][1]


def the_truth_is_in_the_picture() -> None:
    """On clean captures the darkest bubble of nearly every ordinary cell is the true one: ink, bending and truth agree."""
    book, rng = Book(PDF, LAYOUT), np.random.default_rng(8)
    right = cells = 0
    for tricks in ("", "curl", "perspective", "rotated", "off", "shrunk"):
        one = Recipe("test", replace(USUAL, marks={"full": 1}, pens={"gel-black": 1}), "photo", frozenset({tricks}))
        for capture in ("photo", "scan"):
            sheet = filled(book, book.forms[0], one, rng)
            shot = (
                photograph([sheet.picture], one.tricks, rng, [])
                if capture == "photo"
                else scan(sheet.picture, one.tricks, rng)
            )
            view = shot.views[0] if isinstance(shot, Photo) else shot.view
            sheet.seen(view)
            grey = cv2.blur(
                shot.picture if shot.picture.ndim == 2 else cv2.cvtColor(shot.picture, cv2.COLOR_BGR2GRAY), (7, 7)
            )
            for cell in sheet.cells:
                if cell.case == "ordinary":
                    options = sheet.form.cells[(cell.person, cell.day)]
                    dark = {o: _at(grey, view, np.array(b[:2]) * SCALE + sheet.margin) for o, b in options.items()}
                    cells, right = cells + 1, right + (min(dark, key=dark.get) == cell.value)
    assert cells > 900, cells
    assert right >= 0.995 * cells, (right, cells)


def _at(grey: np.ndarray, view: View, point: np.ndarray) -> int:
    """How bright the picture is where a point of the sheet is seen."""
    y, x = divmod(int(((view.net - point) ** 2).sum(2).argmin()), view.net.shape[1])
    y, x = min(max(y, 1), view.net.shape[0] - 2), min(max(x, 1), view.net.shape[1] - 2)
    across, down = (view.net[y, x + 1] - view.net[y, x - 1]) / 2, (view.net[y + 1, x] - view.net[y - 1, x]) / 2
    step = np.linalg.solve(np.stack([across, down], 1), point - view.net[y, x])
    px, py = (np.array([x - 0.5, y - 0.5]) + step) * STEP - 0.5
    return int(grey[min(max(round(py), 0), grey.shape[0] - 1), min(max(round(px), 0), grey.shape[1] - 1)])


def everything_can_be_made() -> None:
    """Each group once, each attack once: pictures that open, with the truth about all cells."""
    for mix, names in (("stress", GROUPS), ("attack", ATTACKS)):
        seen = {}
        for name, data, truth in examine(PDF, LAYOUT, 2, 3 * len(names), mix):
            if truth["group"] in seen:
                break
            seen[truth["group"]] = truth
            if "no-page" not in truth["group"]:
                _opens(name, data)
                assert all(len(page["cells"]) == 90 for page in truth["pages"]), truth["group"]
        assert set(seen) == set(names), set(names) - set(seen)


def _opens(name: str, data: bytes) -> None:
    if name.endswith(".pdf"):
        assert len(pypdfium2.PdfDocument(data)) >= 1
    else:
        assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is not None, name


def forgeries_can_be_read() -> None:
    """A changed code is a code still, where the old one was."""
    printed = Book(PDF, LAYOUT).print(0).copy()
    found = codes(printed)
    assert len(found) == 2
    for what in ("team", "month", "version", "part", "roster", "mac"):
        new = altered(found[0][0], what, np.random.default_rng(1), [])
        assert new != found[0][0]
        for _, box in found:
            put_code(printed, box, new)
        assert [text for text, _ in codes(printed)] == [new, new], what


def the_fit_is_checked() -> None:
    """A layout that is off by some millimetres is refused."""
    wrong = copy.deepcopy(LAYOUT)
    for bubble in wrong[0]["bubbles"]:
        bubble["x"] += 3
    try:
        next(examine(PDF, wrong, 1, 1))
    except ValueError:
        return
    raise AssertionError("a wrong layout was taken")


def the_judge_counts() -> None:
    """A perfect reader has no errors; each sort of error is counted once and where it belongs."""
    truths = [t for _, _, t in examine(PDF, LAYOUT, 3, 12, "normal")] + [
        t for _, _, t in examine(PDF, LAYOUT, 4, 8, "attack")
    ]
    clean = judge(truths, perfect(truths))
    assert not clean.errors, clean.errors[:3]
    assert not clean.sum("lost")
    assert all(met for _, met in goals(clean))
    assert list(lines(clean))

    def after(change: Callable[[list[dict]], None]) -> Verdict:
        answers = perfect(truths)
        change(answers)
        return judge(truths, answers)

    def flip(answers: list[dict]) -> None:
        cell = next(c for c in answers[0]["cells"] if not c["human"] and c["value"])
        cell["value"] = "请假" if cell["value"] != "请假" else "在村"

    def mute(answers: list[dict]) -> None:
        next(c for c in answers[0]["cells"] if not c["human"])["value"] = None

    def away(answers: list[dict]) -> None:
        answers[0]["month"] = "2022-10"

    def take(answers: list[dict]) -> None:
        page = next(p for t in truths for p in t["pages"] if p["expect"] == "refuse")
        one = next(a for a in answers if a["status"] == "refused")
        one.update(status="read", **{name: page[name] for name in ("team", "month", "version", "part")})

    assert after(flip).clear.silent == after(mute).clear.silent == 1
    assert after(away).sum("given_away") == 1
    assert after(take).sum("accepted") + after(take).sum("given_away") == 1
    assert after(lambda answers: answers.pop(0)).sum("unanswered") == 1
    assert after(lambda answers: answers[0]["cells"].pop()).sum("missing") == 1
    assert abs(bound(0, 3000) - 1e-3) < 1e-9
    assert abs(bound(1, 1000) - 4.74e-3) < 1e-4


def main() -> int:
    """All of it; nothing is printed but what was done."""
    for test in (
        same_seed_same_bytes,
        the_truth_is_in_the_picture,
        forgeries_can_be_read,
        everything_can_be_made,
        the_fit_is_checked,
        the_judge_counts,
    ):
        test()
        print(f"{test.__name__}: good", flush=True)
    return 0
