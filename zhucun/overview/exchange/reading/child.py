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
from typing import IO, Any

from .gate import Fault, Limits, check

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
        _leave_dimensions_unread()
        room = 2 * limits.unpacked  # one long text may stand in millions of cells
        for event in events(file, limits):
            line = json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"
            room -= len(line)
            if room < 0:
                raise Fault(TOO_MUCH)
            out.write(line)
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
    from .markup import Reader, Sheet  # noqa: PLC0415  after the limits are set

    reader = Reader(file, read_only=True, data_only=False, keep_links=False)
    reader.read()
    budget = _Budget(limits)
    for sheet in reader.wb.worksheets:
        if not hasattr(sheet, "_get_source"):
            continue  # a chart sheet
        yield ["sheet", sheet.title]
        yield from _sheet(sheet, Sheet(sheet), budget)


def _leave_dimensions_unread() -> None:
    """openpyxl looks for a sheet's size first, through the whole sheet where none is declared; nobody believes it here."""
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # noqa: PLC0415  after the limits are set

    ReadOnlyWorksheet._get_size = lambda sheet: None


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


def _sheet(sheet, walk, budget: _Budget) -> Iterator[list]:
    """Rows that hold something, then the merged ranges. Declared dimensions are not believed."""
    last = 0
    with sheet._get_source() as source:
        for number, found in walk.rows(source):
            column = max(column for column, _ in found)
            if column > budget.limits.columns:
                raise Fault(
                    f"工作表“{sheet.title}”的第 {column} 列、第 {number} 行有内容，远远超出了表格。"
                    "请删去那里的内容（Ctrl+End 可以跳过去），另存后再导入。"
                )
            _check_gap(sheet.title, number, last, budget.limits)
            cells: list[Any] = [None] * column
            for place, value in found:
                cells[place - 1] = value
            budget.spend(sheet.title, column)
            last = number
            yield ["row", number, cells]
    if walk.merged:
        yield ["merged", walk.merged]


def _check_gap(title: str, number: int, last: int, limits: Limits) -> None:
    if number - last > limits.gap:
        raise Fault(
            f"工作表“{title}”的第 {number} 行有孤立的内容，和上面隔了 {number - last - 1} 个空行。"
            "请删去那里的内容（Ctrl+End 可以跳过去），另存后再导入。"
        )


if __name__ == "__main__":
    main()
