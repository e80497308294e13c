"""The ledger workbook on its way out: the same sheets, with drop-downs and notes, and a page that explains them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO, Any

from zhucun.base.directory.models import Division
from zhucun.base.web.excel import Workbook
from zhucun.base.web.sheets import Column, Sheet

from .planning import PARTS

KINDS = {
    "text": "文字",
    "name": "姓名",
    "code": "编号（文本）",
    "identity": "号码（必须是文本格式）",
    "date": "日期，如 2021-05-20",
    "month_date": "年月或日期，如 1985-03",
    "month": "年月，如 2022-11",
    "choice": "下拉选择",
    "yesno": "是 或 否",
    "number": "数字",
    "money": "金额，两位小数",
    "many": "可填几个，用、隔开",
}
EXPLANATION = "填表说明"
WIDE = {"text": 18, "name": 12, "code": 18, "identity": 22, "date": 14, "month_date": 14, "many": 18}


def ledger(county: Division, day: date | None, *, in_clear: bool) -> tuple[IO[bytes], dict[str, int]]:
    """The workbook of a county and the number of rows on each sheet; sealed columns only when `in_clear`."""
    book, counts = Workbook(), {}
    for part in PARTS:
        kept = [i for i, column in enumerate(part.sheet.columns) if in_clear or not column.sealed]
        rows = ([row[i] for i in kept] for row in part.rows(county, day))
        counts[part.sheet.name] = _write(book, part.sheet, [part.sheet.columns[i] for i in kept], rows)
    return book.finish(), counts


def template() -> IO[bytes]:
    """The workbook with headers, drop-downs and notes only, and one more sheet that explains every column."""
    book = Workbook()
    for part in PARTS:
        _write(book, part.sheet, part.sheet.columns, (), fill_in=True)
    headers = ("工作表", "列", "必填", "填什么", "可选项", "说明")
    book.sheet(EXPLANATION, headers, explanation(), widths={"可选项": 40, "说明": 60, "填什么": 22})
    return book.finish()


def explanation() -> Iterator[list[str]]:
    """One line per column: where it is, whether it must be filled in, what goes in."""
    for part in PARTS:
        for column in part.sheet.columns:
            required = "必填" if column.required else ""
            choices = "、".join(column.choices)
            yield [part.sheet.name, column.header, required, KINDS[column.kind], choices, column.hint]


def _write(
    book: Workbook, sheet: Sheet, columns: Iterable[Column], rows: Iterable[list[Any]], fill_in: bool = False
) -> int:
    columns = list(columns)
    return book.sheet(
        sheet.name,
        [column.header for column in columns],
        rows,
        required=[column.header for column in columns if column.required],
        choices={column.header: drop_down(column) for column in columns if drop_down(column)},
        notes={column.header: note(column) for column in columns},
        text_columns=[
            c.header for c in columns if c.kind in {"text", "name", "code", "identity", "many", "month_date"}
        ],
        widths={column.header: WIDE.get(column.kind, max(12, len(column.header) * 2.4)) for column in columns},
        fill_in=fill_in,
    )


def drop_down(column: Column) -> tuple[str, ...]:
    """What a cell of the column offers."""
    if column.kind == "yesno":
        return ("是", "否")
    return column.choices if column.kind == "choice" else ()


def note(column: Column) -> str:
    """The comment on a header."""
    required = "必填。" if column.required else "可以空着。"
    choices = f"可选：{'、'.join(column.choices)}。" if column.choices else ""
    return f"{required}{KINDS[column.kind]}。{choices}{column.hint}"
