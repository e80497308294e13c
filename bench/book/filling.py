"""A form is filled: every person-day gets its mark, some of them with an accident, and the truth is written down."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.book import accidents, happenings
from bench.book.forms import LONG, OPTIONS, Bubble, Form
from bench.book.pens import Line, write
from bench.book.writers import Habits, Writer, lived

CASES = ("ordinary", "corrected", "cancelled", "double", "erased", "whiteout", "circled", "run", "blank")
"""What a cell is judged as. Only `ordinary` cells that no foreign stroke touched are held to the goal for flags."""


@dataclass
class Cell:
    """The truth about one person-day: the option meant (None: only a person can say), kind of mark, case, and whether
    a stroke that belongs elsewhere touched one of its bubbles."""

    person: str
    day: int
    value: str | None
    kind: str
    case: str
    pen: str
    touched: bool = False

    def lose(self) -> None:
        """It is not in the picture: nothing a machine may decide."""
        self.value, self.kind, self.case = None, "gone", "blank"

    def truth(self) -> dict:
        """As it is written to the truth file; `answer` is the value in the words of a reader."""
        answer = None if self.value is None else LONG[self.value]
        return {
            "person": self.person, "day": self.day, "value": self.value, "answer": answer,
            "kind": self.kind, "case": self.case, "pen": self.pen, "touched": self.touched,
        }  # fmt: skip


class Desk:
    """A sheet being filled: what has been printed on it, what is on it now, and the truth so far."""

    def __init__(self, sheet: np.ndarray, printed: np.ndarray, form: Form, rng: np.random.Generator) -> None:
        self.sheet, self.printed, self.form, self.rng = sheet, printed, form, rng
        self.cells: dict[tuple[str, int], Cell] = {}
        self.touched: set[tuple[str, int]] = set()

    def draw(
        self, lines: list[Line], writer: Writer, owner: tuple[str, int] | None = None, other: bool = False
    ) -> None:
        """Strokes of a writer that belong to one cell (or to none); whatever else they touch is remembered."""
        write(self.sheet, lines, writer.other if other else writer.pen, self.rng, writer.force)
        if lines and (owner is None or other or self._reaches(lines, owner)):
            self.touched |= self.form.touched(np.concatenate(lines)) - {owner}

    def _reaches(self, lines: list[Line], owner: tuple[str, int]) -> bool:
        """Whether the strokes leave the surroundings of their own cell's columns and rows of bubbles."""
        boxes = np.array(list(self.form.cells[owner].values()))
        low, high = (boxes[:, :2] - boxes[:, 2:]).min(0) - 1.0, (boxes[:, :2] + boxes[:, 2:]).max(0) + 1.0
        points = np.concatenate(lines)
        return bool((points.min(0) < low).any() or (points.max(0) > high).any())

    def set(self, key: tuple[str, int], value: str | None, kind: str, case: str, writer: Writer) -> None:
        """The truth about a cell."""
        self.cells[key] = Cell(*key, value, kind, case, writer.pen.name)

    def wrong(self, key: tuple[str, int], right: str) -> Bubble:
        """The bubble of some other option of a cell."""
        options = self.form.cells[key]
        others = [o for o in OPTIONS if o != right and o in options]
        return options[others[int(self.rng.integers(len(others)))]]


Event = Callable[[Desk, Writer, tuple[str, int], str], None]


def fill(sheet: np.ndarray, printed: np.ndarray, form: Form, habits: Habits, rng: np.random.Generator) -> list[Cell]:
    """Fill the whole form on the sheet and give the truth, cell by cell."""
    desk = Desk(sheet, printed, form, rng)
    first = Writer.born(habits, rng)
    alone = rng.random() < habits.one_hand
    for place, person in enumerate(form.people):
        writer = first.next_row(rng) if alone or place == 0 else Writer.born(habits, rng)
        row = form.row(person)
        values = lived(form.month, list(row), rng)
        runs = happenings.runs(desk, writer, person, values, habits)
        names = list(habits.events)
        rates = np.array([habits.events[n] for n in names])
        for day, options in row.items():
            writer.at = (day - 1) / 30
            key, value = (person, day), values[day]
            if value not in options:
                value = next(iter(options))
            if key in desk.cells:
                continue
            lot = rng.random()
            at = int(np.searchsorted(np.cumsum(rates), lot)) if names else 0
            if at < len(names) and len(options) > 1:
                accidents.EVENTS[names[at]](desk, writer, key, value)
            else:
                plain(desk, writer, key, value)
            if rng.random() < 0.003 * habits.drift:
                writer = Writer.born(habits, rng)
        runs()
        happenings.signature(desk, writer, person, over=rng.random() < habits.happenings.get("signature-over", 0))
    happenings.happen(desk, first, habits)
    for key in desk.touched & desk.cells.keys():
        desk.cells[key].touched = True
    return list(desk.cells.values())


def plain(desk: Desk, writer: Writer, key: tuple[str, int], value: str) -> None:
    """One ordinary mark."""
    kind, lines = writer.strokes(desk.form.cells[key][value], desk.rng)
    desk.draw(lines, writer, key)
    desk.set(key, value, kind, "circled" if kind == "circle" else "ordinary", writer)
