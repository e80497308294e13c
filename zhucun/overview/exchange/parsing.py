"""The rows of a workbook become pages of lines: headers found in any order, every unusable cell a problem."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhucun.base.web.ledger import Line, Page, Problem
from zhucun.base.web.sheets import Column, Sheet

from .cells import Wrong, plain, shown, value_of

HEADER_WITHIN = 10  # rows in which the headers must begin: titles may stand above them
SILENT = ("填表说明", "字典", "问题清单")  # sheets of our own workbooks that hold no rows
MOST_PROBLEMS = 10_000  # beyond it is not cell by cell that one mends
MEMORY = 2_000  # different texts of a column whose values are kept at hand
BRACKETS = re.compile(r"[(（【\[].*$")


@dataclass
class Read:
    """What a workbook holds: pages by sheet name, and what is wrong or worth saying so far."""

    pages: dict[str, Page] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rows: int = 0
    met: int = 0  # sheets that belong here, be they empty
    places: dict[tuple[str, str], tuple[str, str]] = field(
        default_factory=dict
    )  # sheet, header → where the reader knows it


def parse(
    events: Iterable[list], sheets: Mapping[str, Sheet], to_come: Iterable[str], progress=lambda sheet, rows: None
) -> Read:
    """Turn the events of the reading process into lines of the declared sheets; other sheets are skipped with a warning."""
    read, current, to_come = Read(), None, set(to_come)
    for event in events:
        if len(read.problems) > MOST_PROBLEMS:
            read.problems.append(
                Problem("", 0, "", "", f"问题超过 {MOST_PROBLEMS} 处，后面的没有再查。请先按模板核对列标题和格式。")
            )
            return read
        if event[0] == "sheet":
            _finish(current, read)
            current = _open(event[1], sheets, to_come, read)
        elif event[0] == "row" and current is not None:
            current.take(event[1], event[2])
            read.rows += 1
            if read.rows % 2000 == 0:
                progress(current.sheet.name, read.rows)
    _finish(current, read)
    return read


def _open(title: str, sheets: Mapping[str, Sheet], to_come: set[str], read: Read) -> "_Parser | None":
    name = plain(title)
    if name in sheets and name in read.pages:
        read.problems.append(Problem(title, 0, "", "", f"有两张工作表都叫“{name}”，请合并成一张。"))
    elif name in sheets:
        read.met += 1
        return _Parser(sheets[name], read)
    elif name in to_come:
        read.warnings.append(Problem(title, 0, "", "", "这个版本还不收这张工作表，已跳过。"))
    elif name not in SILENT:
        read.warnings.append(
            Problem(title, 0, "", "", "系统不认识这张工作表，已跳过。如果需要导入，请按模板改工作表名称。")
        )
    return None


def _finish(parser: "_Parser | None", read: Read) -> None:
    if parser is not None:
        parser.finish()


class _Parser:
    """Reads one sheet row by row: looks for the headers first, then turns each row into a line."""

    def __init__(self, sheet: Sheet, read: Read):
        self.sheet, self.read = sheet, read
        self.required = {column.header for column in sheet.columns if column.required}
        self.columns: dict[int, Column] = {}
        self.page: Page | None = None
        self.first: tuple[int, list] | None = None
        self.strays: set[int] = set()
        self.met: dict[str, dict[str, Any]] = {}
        self.passed = 0

    def take(self, number: int, cells: list) -> None:
        """One row that holds something."""
        if self.page is not None:
            self._line(number, cells)
            return
        self.first = self.first or (number, cells)
        found = self._headers(cells)
        if len(found) >= max(2, len(self.sheet.columns) // 3) or self.required <= {c.header for c in found.values()}:
            self._begin(number, cells)
        else:
            self.passed += 1
            if self.passed == HEADER_WITHIN:
                self._begin(*self.first)

    def finish(self) -> None:
        """The sheet is over; one whose headers never came is read by its first row, so that the problem can be named."""
        if self.page is None and self.first is not None:
            self._begin(*self.first)

    def _headers(self, cells: list) -> dict[int, Column]:
        found = {}
        for index, cell in enumerate(cells):
            column = self._column(cell)
            if column is not None:
                found[index] = column
        return found

    def _column(self, header: Any) -> Column | None:
        """The column a header cell names; the days of a month may be numbers, as Excel keeps what is typed as 1."""
        if isinstance(header, float) and header.is_integer():
            header = int(header)
        if isinstance(header, bool) or not isinstance(header, str | int):
            return None
        name = plain(header).strip("*＊")
        return self.sheet.headers.get(name) or self.sheet.headers.get(BRACKETS.sub("", name).strip("*＊"))

    def _begin(self, number: int, cells: list) -> None:
        name, seen = self.sheet.name, {}
        for index, cell in enumerate(cells):
            column = self._column(cell)
            if column is None and cell is not None:
                self.read.warnings.append(Problem(name, number, shown(cell), "", "系统不认识这一列，已跳过。"))
                self.strays.add(index)
            elif column is not None and column.field in seen:
                self._refuse(number, column.header, cell, f"“{column.header}”这一列出现了两次，请删去一列。")
            elif column is not None:
                seen[column.field] = index
                self.columns[index] = column
        for column in self.sheet.columns:
            if column.required and column.field not in seen:
                self._refuse(number, column.header, "", f"缺少“{column.header}”这一列，请按模板补上。")
        self.page = self.read.pages[name] = Page(self.sheet, frozenset(seen))

    def _line(self, number: int, cells: list) -> None:
        line, page = Line(number, {}), self.page
        assert page is not None
        if len(cells) > len(self.columns):
            self._warn_of_strays(number, cells)
        blank = True
        gathered: dict[str, dict[str, str]] = {name: {} for name in self.sheet.gathered}
        for index, column in self.columns.items():
            cell = cells[index] if index < len(cells) else None
            blank = blank and cell is None
            try:
                value = self._value(cell, column)
            except Wrong as wrong:
                line.sound = False
                self._refuse(number, column.header, cell, str(wrong))
                continue
            if column.into:
                gathered[column.into][column.field] = value
            else:
                line.values[column.field] = value
        for name, parts in gathered.items():
            line.values[name] = "".join(parts.get(field, " ") for field in self.sheet.gathered[name])
        if blank:  # something stands in a column without header only
            self._take_back(number)
            return
        if len(page.present) < len(self.sheet.columns) and any(
            c.required and c.field not in page.present for c in self.sheet.columns
        ):
            line.sound = False  # said once, at the headers
        page.lines.append(line)

    def _value(self, cell: Any, column: Column) -> Any:
        """The cell's value; texts that come again and again are worked out once."""
        if not isinstance(cell, str) or column.kind in {"identity", "code"}:
            return value_of(cell, column)
        met = self.met.setdefault(column.field, {})
        if cell not in met:
            value = value_of(cell, column)
            if len(met) >= MEMORY:
                return value
            met[cell] = value
        return met[cell]

    def _take_back(self, number: int) -> None:
        problems = self.read.problems
        while problems and (problems[-1].sheet, problems[-1].row) == (self.sheet.name, number):
            problems.pop()

    def _warn_of_strays(self, number: int, cells: list) -> None:
        for index, cell in enumerate(cells):
            if cell is not None and index not in self.columns and index not in self.strays:
                self.strays.add(index)
                sentence = f"第 {index + 1} 列没有列标题，已跳过这一列。"
                self.read.warnings.append(Problem(self.sheet.name, number, "", shown(cell), sentence))

    def _refuse(self, row: int, header: str, cell: Any, sentence: str) -> None:
        self.read.problems.append(Problem(self.sheet.name, row, header, shown(cell), sentence))
