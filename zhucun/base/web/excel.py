"""Writing workbooks: constant memory, every text typed as text, real dates, drop-downs and notes for templates."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from xlsxwriter import Workbook as Writer

from .cells import text_of

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000_000
LONGEST_CELL = 32_767
TEMPLATE_ROWS = 20_000  # how far down drop-downs and text formats reach in a sheet that is to be filled in
DICTIONARY = "字典"
# what XML cannot carry: control characters, lone surrogates, non-characters
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar is wrong by a day

FONT = {"font_name": "微软雅黑", "font_size": 11, "valign": "vcenter"}
FORMATS = {
    "title": {**FONT, "bold": True, "font_size": 16},
    "line": {**FONT, "font_color": "#555555", "num_format": "@"},
    "head": {**FONT, "bold": True, "bg_color": "#E8EBF0", "border": 1, "border_color": "#B8C0CC", "text_wrap": True},
    "required": {
        **FONT,
        "bold": True,
        "bg_color": "#F6E3E1",
        "font_color": "#8E1B1B",
        "border": 1,
        "border_color": "#B8C0CC",
        "text_wrap": True,
    },
    "text": {**FONT, "num_format": "@"},
    "day": {**FONT, "num_format": "yyyy-mm-dd", "align": "left"},
    "moment": {**FONT, "num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "number": {**FONT},
}


class Workbook:
    """One .xlsx being written sheet by sheet into a temporary file; `finish()` hands the file over.

    A form whose heads are merged over several rows cannot be written row by row: it says `constant_memory=False`.
    """

    def __init__(self, *, constant_memory: bool = True):
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (handed over to the response)
        options = {
            "constant_memory": constant_memory,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.writer = Writer(self.file, options)
        self.formats = {name: self.writer.add_format(look) for name, look in FORMATS.items()}
        self.lists: dict[tuple[str, ...], str] = {}

    def sheet(
        self,
        name: str,
        headers: Sequence[str],
        rows: Iterable[Sequence[Any]] = (),
        *,
        required: Iterable[str] = (),
        choices: Mapping[str, Sequence[str]] | None = None,
        notes: Mapping[str, str] | None = None,
        text_columns: Iterable[str] = (),
        widths: Mapping[str, float] | None = None,
        preface: Sequence[str] = (),
        fill_in: bool = False,
    ) -> int:
        """Write one sheet and return its number of rows.

        `required` headers stand out; `choices` become drop-downs over the hidden sheet 字典; `notes` become comments
        of the headers; `text_columns` are formatted as text down the whole column, so that codes keep their zeros;
        `preface` lines stand above the headers; `fill_in` carries drop-downs down past the last row.
        """
        page = self.writer.add_worksheet(sheet_name(name))
        widths, notes, choices = widths or {}, notes or {}, choices or {}
        for index, header in enumerate(headers):
            look = self.formats["text"] if header in set(text_columns) else None
            page.set_column(index, index, widths.get(header, max(12, len(header) * 2.4)), look)
        top = self._preface(page, preface)
        self._headers(page, top, headers, set(required), notes)
        count = write_rows(page, rows, top + 1, self.formats)
        last = max(top + count, top + TEMPLATE_ROWS if fill_in or choices else 0)
        for index, header in enumerate(headers):
            if choices.get(header):
                self._drop_down(page, (top + 1, index, last, index), header, tuple(choices[header]))
        page.freeze_panes(top + 1, 1 if len(headers) > 3 else 0)
        if headers:
            page.autofilter(top, 0, top + max(count, 1), len(headers) - 1)
        page.repeat_rows(top)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        return count

    def _preface(self, page, lines: Sequence[str]) -> int:
        for index, line in enumerate(lines):
            page.write_string(index, 0, clean(line), self.formats["title" if index == 0 else "line"])
        return len(lines)

    def _headers(self, page, top: int, headers, required: set[str], notes: Mapping[str, str]) -> None:
        page.set_row(top, 30)
        for index, header in enumerate(headers):
            page.write_string(top, index, clean(header), self.formats["required" if header in required else "head"])
            if notes.get(header):
                page.write_comment(top, index, clean(notes[header]), {"x_scale": 1.8, "y_scale": 1.2, "font_size": 10})

    def _drop_down(self, page, place: tuple[int, int, int, int], header: str, values: tuple[str, ...]) -> None:
        name = self.lists.setdefault(values, f"选项{len(self.lists) + 1}")
        page.data_validation(
            *place,
            {
                "validate": "list",
                "source": f"={name}",
                "error_title": "请从下拉中选择",
                "error_message": f"“{header[:40]}”只能填下拉中的一项。",
            },
        )

    def finish(self) -> IO[bytes]:
        """Write the drop-down lists, close the workbook and return its file, wound back to the start."""
        if self.lists:
            page = self.writer.add_worksheet(DICTIONARY)
            longest = max(len(values) for values in self.lists)
            for row in range(longest):
                for column, values in enumerate(self.lists):
                    if row < len(values):
                        page.write_string(row, column, clean(values[row]), self.formats["text"])
            for column, (values, name) in enumerate(self.lists.items()):
                letter = _letters(column)
                self.writer.define_name(name, f"={DICTIONARY}!${letter}$1:${letter}${len(values)}")
            page.hide()
        self.writer.close()
        self.file.seek(0)
        return self.file


def write_rows(page, rows: Iterable[Sequence[Any]], start: int, formats: Mapping[str, Any]) -> int:
    """Write `rows` from row `start` (counted from zero) on, each value by its type; returns how many there were.

    Numbers and days are real ones, 是/否 for truth values, everything else is text: nothing becomes a formula or link.
    """
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(page, start + count - 1, column, value, formats)
    return count


def _write(page, row: int, column: int, value: Any, formats: Mapping[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        page.write_number(row, column, value, formats["number"])
    elif isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        page.write_datetime(row, column, local, formats["moment"])
    elif isinstance(value, date) and value >= FIRST_DAY:
        page.write_datetime(row, column, value, formats["day"])
    else:
        page.write_string(row, column, clean(text_of(value)), formats["text"])


def clean(text: str) -> str:
    """The text without what a workbook cannot carry, cut to Excel's longest cell."""
    return UNWRITABLE.sub("", str(text))[:LONGEST_CELL]


def sheet_name(name: str) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, no quote at either end."""
    return re.sub(r"[\[\]:*?/\\]", " ", clean(name)).strip("' ")[:31] or "表"


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def attachment(file: IO[bytes], name: str) -> FileResponse:
    """The finished workbook as a download; the name is sent by RFC 6266, Chinese included."""
    return FileResponse(file, as_attachment=True, filename=re.sub(r'[\\/:*?"<>|\r\n]', " ", name), content_type=TYPE)
