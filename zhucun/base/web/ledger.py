"""A ledger workbook on its way in: parsed lines, what is wrong with them, and what they would change."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .cells import text_of
from .sheets import Column, Sheet

LONGEST_SHOWN = 60
MOST_PROBLEMS = 20_000  # kept of either kind
PREVIEWED = 300  # added rows of a sheet that are kept with their values
SEALED = "（加密保存，不显示）"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell, where it is, and in `sentence` how to mend it; row 0 stands for the whole sheet."""

    sheet: str
    row: int
    column: str
    value: str
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def __str__(self) -> str:
        place = f"工作表“{self.sheet}”" if self.sheet else ""
        place += f"第 {self.row} 行" if self.row else ""
        place += f"“{self.column}”" if self.column else ""
        return f"{place}：{self.sentence}" if place else self.sentence


@dataclass(slots=True)
class Line:
    """One row of a sheet: its number in the workbook and the values of the columns that are there.

    A value that cannot be used is missing from `values` and makes the line unsound.
    """

    number: int
    values: dict[str, Any]
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """What a line does: nothing there before (`added`), or other values (header → old, new as people read them)."""

    row: int
    key: str
    added: bool
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """One sheet as it came: its lines and the fields whose columns are present."""

    sheet: Sheet
    present: frozenset[str]
    lines: list[Line] = field(default_factory=list)


class Book:
    """All pages of one county's workbook, the problems found so far, and the rows there will be when it is written.

    `known[Model]` maps keys to rows, saved or to be; `plans[name]` is what the room of a sheet wants to write.
    """

    def __init__(self, county: str, pages: Mapping[str, Page], problems=(), warnings=()):
        self.county = county
        self.pages = pages
        self.problems: list[Problem] = list(problems)
        self.warnings: list[Problem] = list(warnings)
        self.known: dict[Any, dict[Any, Any]] = defaultdict(dict)
        self.mentioned: dict[str, set] = defaultdict(set)
        self.changes: dict[str, list[Change]] = defaultdict(list)
        self.unchanged: dict[str, int] = defaultdict(int)
        self.plans: dict[str, Any] = {}

    # -- reading -------------------------------------------------------------------------------------------------

    def has(self, sheet: Sheet, name: str) -> bool:
        """Whether the sheet is there with that field's column; a column left out keeps what is known."""
        return sheet.name in self.pages and name in self.pages[sheet.name].present

    def keyed(self, sheet: Sheet) -> Iterator[tuple[Any, Line]]:
        """Sound lines with their key (a tuple when of several columns); a key met again is refused."""
        seen: dict[Any, int] = {}
        for line in self.pages[sheet.name].lines if sheet.name in self.pages else ():
            parts = tuple(line.values.get(name) for name in sheet.key_fields)
            if None in parts or "" in parts:
                continue
            key = parts if len(parts) > 1 else parts[0]
            self.mentioned[sheet.name].add(key)
            if key in seen:
                written = "、".join(text_of(part) for part in parts)
                self.refuse(
                    sheet,
                    line,
                    sheet.key_fields[-1],
                    f"“{written}”在第 {seen[key]} 行已经有了，请合并成一行或改正编号。",
                )
            else:
                seen[key] = line.number
            if line.sound:
                yield key, line

    def given(self, sheet: Sheet, line: Line, names: tuple[str, ...]) -> dict[str, Any]:
        """The values of those fields whose columns are present."""
        return {name: line.values[name] for name in names if name in line.values}

    def find(self, sheet: Sheet, line: Line, name: str, model, target: Sheet, key: Any = None) -> Any:
        """The row a cell refers to, in the database or in this workbook.

        None when there is none: refused when the key is unknown; silently when the row it names has problems itself.
        """
        key = line.values.get(name) if key is None else key
        row = self.known[model].get(key)
        if row is None:
            if key not in self.mentioned[target.name]:
                where = f"系统和工作表“{target.name}”里都没有“{key}”"
                self.refuse(sheet, line, name, f"{where}，请核对是否写错，或先在“{target.name}”中补上。", key)
            line.sound = False
        return row

    def check_references(self, sheet: Sheet, targets: Mapping[str, tuple[Any, Sheet]]) -> None:
        """Refuse what lines already found unusable refer to, where it is unknown: all of a row's problems are told at once.

        `targets` gives the model and the sheet of each field that refers to something; sound lines are left to `find`.
        """
        for line in self.pages[sheet.name].lines if sheet.name in self.pages else ():
            if line.sound:
                continue
            for name, (model, target) in targets.items():
                value = line.values.get(name) or ()
                for key in value if isinstance(value, tuple) else (value,):
                    self.find(sheet, line, name, model, target, key)

    # -- finding -------------------------------------------------------------------------------------------------

    def refuse(self, sheet: Sheet, line: Line, name: str, sentence: str, value: Any = None) -> None:
        """Note a problem of a line's cell and leave the line out."""
        line.sound = False
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(self._problem(sheet, line, name, sentence, value))

    def warn(self, sheet: Sheet, line: Line, name: str, sentence: str, value: Any = None) -> None:
        """Note what should be looked at; the line is taken."""
        if len(self.warnings) < MOST_PROBLEMS:
            self.warnings.append(self._problem(sheet, line, name, sentence, value))

    def _problem(self, sheet: Sheet, line: Line, name: str, sentence: str, value: Any) -> Problem:
        column = sheet.fields[name]
        value = line.values.get(name) if value is None else value
        return Problem(sheet.name, line.number, column.header, shown(column, value), sentence)

    def add(self, sheet: Sheet, line: Line, key: str) -> None:
        """Note that a line adds a row; what is in it is kept for the first ones only, which a preview shows."""
        found, fields = self.changes[sheet.name], {}
        if len(found) < PREVIEWED:
            for name, value in line.values.items():
                column = sheet.fields[name]
                if value not in (None, "", ()) and (name not in sheet.key_fields or column.kind == "date"):
                    fields[column.header] = ("", SEALED if column.sealed else shown(column, value))
        found.append(Change(line.number, key, True, fields))

    def change(self, sheet: Sheet, line: Line, key: str, changed: Mapping[str, Any]) -> None:
        """Note which fields of a row a line changes, each as (old, new); none means that it stays as it is."""
        if not changed:
            self.unchanged[sheet.name] += 1
            return
        fields: dict[str, Any] = {}
        for name, change in changed.items():
            column = sheet.fields[name]
            fields[column.header] = (SEALED, SEALED) if column.sealed else tuple(shown(column, part) for part in change)
        self.changes[sheet.name].append(Change(line.number, key, False, fields))

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing at all would be written."""
        return not any(self.changes.values())

    def counts(self, sheet: Sheet) -> dict[str, int]:
        """How many rows of the sheet are added, changed, unchanged."""
        added = sum(change.added for change in self.changes[sheet.name])
        changed = len(self.changes[sheet.name]) - added
        return {"added": added, "changed": changed, "unchanged": self.unchanged[sheet.name]}


def shown(column: Column, value: Any) -> str:
    """A value as a message shows it: as in the cell, shortened when very long."""
    part = isinstance(value, str)  # already as in the cell, or one of the several values in it
    text = text_of(value if part and column.kind == "many" else column.written(value)) if value is not None else ""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…（共 {len(text)} 字）"
