"""The process that reads one workbook: `python -m zhucun.overview.exchange.reading.child`, the file on standard input.

It loads no Django, knows no secrets and may use only so much memory and processor time. It answers with lines of JSON:
["sheet", name], ["row", number, [cells]], ["merged", [ranges]], and at last ["done"] or ["fault", sentence].
Cells: null, text, numbers, true/false; ["d", day], ["t", day and time], ["f"] a formula, ["e", error].
"""

import json
import resource
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from .gate import Fault, Limits, check

MERGED = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}mergeCell"
LONGEST = 32_768
UNREADABLE = "工作簿的内容读不懂，可能已损坏或由不常见的软件生成。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
TOO_MUCH = "工作簿太大或太复杂，系统读不完。请删去多余的行列、格式和图片，或按工作表分几次导入。"


def main() -> None:
    """Read the workbook on standard input under the limits given as JSON in the first argument."""
    limits = Limits(**json.loads(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    out = open(1, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    try:
        file = sys.stdin.buffer
        check(file, limits)
        for event in events(file, limits):
            out.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
        answer = ["done"]
    except Fault as fault:
        answer = ["fault", str(fault)]
    except MemoryError:
        answer = ["fault", TOO_MUCH]
    except Exception:
        answer = ["fault", UNREADABLE]
    out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    out.flush()


def events(file: IO[bytes], limits: Limits) -> Iterator[list]:
    """What the workbook holds, sheet by sheet; raises Fault where it goes beyond the limits."""
    from openpyxl import load_workbook  # noqa: PLC0415  after the limits are set

    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    budget = _Budget(limits)
    for sheet in book.worksheets:
        if not hasattr(sheet, "_get_source"):
            continue  # a chart sheet
        yield ["sheet", sheet.title]
        yield from _sheet(sheet, budget)


class _Budget:
    """Rows and cells still allowed, over all sheets."""

    def __init__(self, limits: Limits):
        self.limits, self.rows, self.cells = limits, limits.rows, limits.cells

    def spend(self, title: str, cells: int) -> None:
        """Take one row off; raises Fault when there are too many."""
        self.rows -= 1
        self.cells -= cells
        if self.rows < 0 or self.cells < 0:
            most = self.limits.rows
            raise Fault(
                f"工作表“{title}”读到这里已超过 {most} 行（或单元格太多）。请删去多余的行，或按工作表分几次导入。"
            )


def _sheet(sheet, budget: _Budget) -> Iterator[list]:
    """Rows that hold something, then the merged ranges. Declared dimensions are not believed."""
    from openpyxl.worksheet import _reader  # noqa: PLC0415

    book, last, merged = sheet.parent, 0, []
    with sheet._get_source() as source:
        parser = _reader.WorkSheetParser(
            source, sheet._shared_strings, data_only=False, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        for _, element in _reader.iterparse(source):
            if element.tag == _reader.ROW_TAG:
                number, found = parser.parse_row(element)
                element.clear()
                cells = _cells(sheet.title, number, found, budget.limits)
                if cells:
                    _check_gap(sheet.title, number, last, budget.limits)
                    budget.spend(sheet.title, len(cells))
                    last = number
                    yield ["row", number, cells]
            elif element.tag == MERGED:
                merged.append(element.get("ref"))
    if merged:
        yield ["merged", merged[:20_000]]


def _cells(title: str, number: int, found: list[dict], limits: Limits) -> list:
    """The row's cells by position without the empty tail."""
    cells: list[Any] = []
    for cell in found:
        value = _plain(cell["value"], cell["data_type"])
        if value is None:
            continue
        column = cell["column"]
        if column > limits.columns:
            place = f"第 {column} 列、第 {number} 行"
            raise Fault(
                f"工作表“{title}”的{place}有内容，远远超出了表格。请删去那里的内容（Ctrl+End 可以跳过去），另存后再导入。"
            )
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = value
    return cells


def _check_gap(title: str, number: int, last: int, limits: Limits) -> None:
    if number - last > limits.gap:
        raise Fault(
            f"工作表“{title}”的第 {number} 行有孤立的内容，和上面隔了 {number - last - 1} 个空行。"
            "请删去那里的内容（Ctrl+End 可以跳过去），另存后再导入。"
        )


def _plain(value: Any, kind: str) -> Any:
    """A cell's value as JSON carries it; blank text is nothing."""
    if value is None:
        return None
    if kind == "f":
        return ["f"]
    if kind == "e":
        return ["e", str(value)[:20]]
    if isinstance(value, str):
        text = value[:LONGEST]
        return text if text.strip() else None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        whole = value.time() == time(0)
        return ["d", value.date().isoformat()] if whole else ["t", value.isoformat(" ", "minutes")]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return str(value)[:LONGEST]  # a time of day, a duration


if __name__ == "__main__":
    main()
