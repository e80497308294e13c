"""A printed page as an outsider knows it: its picture out of the PDF, and where the bubbles are by its layout."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
import pypdfium2

SCALE = 10
"""Pixels a millimetre of every sheet before it is captured (254 dpi)."""

LONG = {"村": "在村", "视": "视同", "假": "请假", "休": "休"}
"""From the letter in a bubble to the value a reader answers with."""

OPTIONS = tuple(LONG)

Bubble = tuple[float, float, float, float]
"""Middle and half axes in mm."""


@dataclass
class Form:
    """One page of the layout: whose it is, and its cells by person and day with a bubble for each option."""

    index: int
    team: str
    month: str
    version: int
    part: int
    cells: dict[tuple[str, int], dict[str, Bubble]] = field(default_factory=dict)

    @property
    def people(self) -> list[str]:
        """The people from top to bottom."""
        return list(dict.fromkeys(person for person, _ in self.cells))

    def row(self, person: str) -> dict[int, dict[str, Bubble]]:
        """The days of one person."""
        return {day: options for (who, day), options in sorted(self.cells.items()) if who == person}

    def grid(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of everything that is filled."""
        boxes = np.array([b for options in self.cells.values() for b in options.values()])
        low, high = boxes[:, :2] - boxes[:, 2:], boxes[:, :2] + boxes[:, 2:]
        return (*low.min(0), *high.max(0))

    def start(self) -> float:
        """Where the first day begins, or would begin if anybody had it."""
        left, _, right, _ = self.grid()
        days = [day for _, day in self.cells]
        pitch = (right - left) / (max(days) - min(days) + 1)
        return left - (min(days) - 1) * pitch

    def touched(self, points: np.ndarray, margin: float = 0.35) -> set[tuple[str, int]]:
        """The cells of which a bubble is touched by a pen that went along the points."""
        keys = [key for key, options in self.cells.items() for _ in options]
        boxes = np.array([b for options in self.cells.values() for b in options.values()])
        off = np.abs(points[:, None, :] - boxes[None, :, :2]) / (boxes[None, :, 2:] + margin)
        hit = ((off**2).sum(2) < 1).any(0)
        return {keys[i] for i in np.flatnonzero(hit)}


def forms(layout: Iterable[dict]) -> list[Form]:
    """The pages of a layout that have bubbles, in order; options may be written short (村) or long (在村)."""
    layout = list(layout)
    first = min((int(page["page"]) for page in layout), default=0)
    short = {value: key for key, value in LONG.items()} | {key: key for key in LONG}
    found = []
    for page in layout:
        form = Form(
            int(page["page"]) - min(first, 1), page["team"], page["month"], int(page["version"]), int(page["part"])
        )
        for b in page["bubbles"]:
            if b["option"] in short:
                place = (b["x"] + b["w"] / 2, b["y"] + b["h"] / 2, b["w"] / 2, b["h"] / 2)
                form.cells.setdefault((str(b["person"]), int(b["day"])), {})[short[b["option"]]] = place
        if form.cells:
            found.append(form)
    return found


class Book:
    """The PDF and its forms; pages are drawn when asked for, the last few kept."""

    def __init__(self, pdf: bytes, layout: Iterable[dict]) -> None:
        self.forms = forms(layout)
        self._document = pypdfium2.PdfDocument(pdf)
        self.print = lru_cache(maxsize=6)(self._print)

    def _print(self, index: int) -> np.ndarray:
        page = self._document[index]
        picture = page.render(scale=SCALE * 25.4 / 72, rev_byteorder=False).to_numpy()
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR) if picture.shape[2] == 1 else picture[..., :3]
        picture = np.ascontiguousarray(picture)
        if abs(picture.shape[1] / picture.shape[0] - 297 / 210) > 0.01:
            raise ValueError(f"page {index + 1} of the PDF is not A4 landscape: {picture.shape[1]}x{picture.shape[0]}")
        picture.setflags(write=False)
        return picture

    def misfit(self, form: Form) -> float:
        """How much of the bubbles' outlines is *not* printed where the layout says: 0 when all are, 1 when none."""
        grey = cv2.cvtColor(self.print(form.index), cv2.COLOR_BGR2GRAY)
        dark = cv2.erode(grey, np.ones((7, 7), np.uint8))
        turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        boxes = np.array([b for options in form.cells.values() for b in options.values()])
        x = (boxes[:, :1] + boxes[:, 2:3] * np.cos(turn)) * SCALE
        y = (boxes[:, 1:2] + boxes[:, 3:] * np.sin(turn)) * SCALE
        x, y = x.astype(int).clip(0, grey.shape[1] - 1), y.astype(int).clip(0, grey.shape[0] - 1)
        return float((dark[y, x] > 190).mean())
