"""The raw sheet of a roster: its headers found below titles and over two rows, merged cells filled, remarks left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from openpyxl.utils import range_boundaries

from zhucun.overview.exchange.cells import plain, tidy

from .targets import TARGETS

KNOWN = {plain(name) for target in TARGETS for name in (target.label, target.column.header, *target.names)}
ORDINAL = {"序号", "序", "编号", "年龄", "备注"}
TOTALS = re.compile(
    r"^(?:合\s*计|总\s*计|小\s*计|备\s*注|注|说\s*明|制\s*表|填\s*表|审\s*核|填\s*报|联系人|单位负责人)"
)
BRACKETS = re.compile(r"[(（【\[].*?[)）】\]]")
WITHIN = 15  # rows in which the headers must stand


@dataclass
class Grid:
    """A roster as a table: where it was found, its headers, its rows as (number in the sheet, cells)."""

    sheet: str = ""
    headers: list[str] = field(default_factory=list)
    rows: list[tuple[int, list]] = field(default_factory=list)
    header_row: int = 0

    @property
    def fingerprint(self) -> str:
        """What tells that a roster has the same headers as one met before."""
        return sha256("\n".join(self.headers).encode()).hexdigest()


def grid_of(events: Iterable[list]) -> Grid:
    """The sheet of the workbook that looks most like a roster; an empty grid when none does."""
    best, best_score = Grid(), 0
    for name, rows, merged in _sheets(events):
        _fill_merged(rows, merged)
        start, score = _find_headers(rows)
        if score > best_score:
            best, best_score = _grid(name, rows, start), score
    return best if best_score >= 3 else Grid()


def _sheets(events: Iterable[list]):
    name, rows, merged = "", dict[int, list](), list[str]()
    for event in events:
        if event[0] == "sheet":
            if rows:
                yield name, rows, merged
            name, rows, merged = event[1], {}, []
        elif event[0] == "row":
            rows[event[1]] = event[2]
        elif event[0] == "merged":
            merged = event[1]
    if rows:
        yield name, rows, merged


def _fill_merged(rows: dict[int, list], merged: list[str]) -> None:
    """Every cell of a merged range holds what its first cell holds; ranges as wide as a title are left alone."""
    for area in merged:
        try:
            left, top, right, bottom = range_boundaries(area)
        except (ValueError, TypeError):
            continue
        cells = rows.get(top, [])
        value = cells[left - 1] if left <= len(cells) else None
        if value is None or right - left > 12 or bottom - top > 2_000:
            continue
        for number in range(top, bottom + 1):
            row = rows.get(number)
            if row is None:
                continue
            row.extend([None] * (right - len(row)))
            row[left - 1 : right] = [value] * (right - left + 1)


def named(cell: Any) -> str:
    """A header as it is compared: half-width, no spaces, no remark in brackets."""
    text = plain(cell) if isinstance(cell, str) else ""
    return text if text in KNOWN else BRACKETS.sub("", text).strip("*＊:：") or text


def _score(cells: list) -> int:
    names = [named(cell) for cell in cells if isinstance(cell, str) and len(plain(cell)) <= 20]
    return sum(name in KNOWN or name in ORDINAL for name in dict.fromkeys(names))


def _find_headers(rows: dict[int, list]) -> tuple[int, int]:
    """The number of the row that holds most known headers, and how many."""
    scored = [(_score(rows[number]), -number) for number in sorted(rows)[:WITHIN]]
    score, number = max(scored, default=(0, 0))
    return -number, score


def _grid(name: str, rows: dict[int, list], start: int) -> Grid:
    numbers = sorted(rows)
    top = numbers[numbers.index(start) - 1] if start != numbers[0] else None
    lower = numbers[numbers.index(start) + 1] if start != numbers[-1] else None
    bottom = start
    cells = rows[start]
    if lower and lower == start + 1 and _continues(cells, rows[lower]):
        cells, bottom = _joined(cells, rows[lower]), lower
    elif top and top == start - 1 and _score(rows[top]) >= 1 and len({plain(c) for c in rows[top] if c}) > 1:
        cells = _joined(rows[top], cells)
    headers = _distinct([tidy(cell) if isinstance(cell, str) else "" for cell in cells])
    body = [(number, rows[number]) for number in numbers if number > bottom and not _is_remark(rows[number], headers)]
    return Grid(name, headers, body, start)


def _continues(cells: list, below: list) -> bool:
    """Whether the row below the headers holds more headers: known names, no digits, under gaps or under a group."""
    texts = [cell for cell in below if cell is not None]
    if not texts or any(not isinstance(cell, str) or re.search(r"\d", cell) for cell in texts):
        return False
    return _score(below) >= 1 and sum(named(cell) in KNOWN for cell in texts) * 2 >= len(
        set(map(plain, texts)) - set(map(plain, filter(None, cells)))
    )


def _joined(upper: list, lower: list) -> list:
    """Two header rows as one: the lower name where there is one, else the upper."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [None] * (width - len(upper)), lower + [None] * (width - len(lower))
    return [low if isinstance(low, str) and low.strip() else up for up, low in zip(upper, lower, strict=True)]


def _distinct(headers: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        found.append(f"{header}（{seen[header]}）" if header and seen[header] > 1 else header)
    return found


def _is_remark(cells: list, headers: list[str]) -> bool:
    """Whether a row is a total, a remark or a line for signatures, and no person."""
    texts = [plain(cell) for cell in cells if cell is not None]
    if not texts:
        return True
    first = texts[0]
    few = len(set(texts)) <= max(2, len(headers) // 6)
    return (
        (bool(TOTALS.match(first)) and few)
        or (len(set(texts)) == 1 and len(texts) >= 1)
        or texts == headers[: len(texts)]
    )
