"""The two large parts of a workbook, walked by expat itself: sheets and shared strings.

openpyxl's own walk through defusedxml takes three times as long. What defusedxml refuses is refused here as well: any
document type, and with it every entity.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any, NoReturn
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS

from .gate import Fault

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
ROW, CELL, VALUE, TEXT, FORMULA, MERGED, ITEM, PHONETIC = (
    NS + name for name in ("row", "c", "v", "t", "f", "mergeCell", "si", "rPh")
)
CHUNK = 1 << 16
LETTERS = re.compile(r"[A-Z]+")
LONGEST = 32_768
DECLARED = "工作簿里有不允许的 XML 声明（DOCTYPE），为了安全没有读取。请用 Excel 或 WPS 打开，另存后再导入。"


def _refuse(*_) -> NoReturn:
    raise Fault(DECLARED)


class _Walk:
    """An expat parser that tells of elements and their text and refuses document types."""

    def __init__(self) -> None:
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
        parser.ExternalEntityRefHandler = _refuse
        self.words: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def listen(self, on: bool) -> None:
        """Take text, or let it pass."""
        self.parser.CharacterDataHandler = self.words.append if on else None

    def feed(self, source: IO[bytes]) -> Iterator[None]:
        """Walk on, chunk by chunk."""
        while chunk := source.read(CHUNK):
            self.parser.Parse(chunk, False)
            yield
        self.parser.Parse(b"", True)
        yield


class _Strings(_Walk):
    """The shared strings, without the phonetic guide some of them carry."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == TEXT:
            self.listen(not self.silent)
        elif name == ITEM:
            self.words.clear()
        elif name == PHONETIC:
            self.silent = True

    def end(self, name: str) -> None:
        if name == TEXT:
            self.listen(False)
        elif name == ITEM:
            self.found.append("".join(self.words)[:LONGEST])
        elif name == PHONETIC:
            self.silent = False


class Reader(ExcelReader):
    """openpyxl's reader of everything but the two large parts."""

    def read_strings(self) -> None:
        """The shared strings, walked by expat."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            walk = _Strings()
            with self.archive.open(part.PartName[1:]) as source:
                for _ in walk.feed(source):
                    pass
            self.shared_strings = walk.found


class Sheet(_Walk):
    """One sheet: hands out rows as (number, [(column, value)]) and keeps its merged ranges."""

    def __init__(self, sheet) -> None:
        super().__init__()
        book = sheet.parent
        self.strings, self.epoch = sheet._shared_strings, book.epoch
        self.dates = {str(style) for style in book._date_formats}
        self.durations = {str(style) for style in book._timedelta_formats}
        self.merged: list[str] = []
        self.ready: list[tuple[int, list]] = []
        self.columns: dict[str, int] = {}
        self.number = self.column = 0
        self.cells: list[tuple[int, Any]] = []
        self.kind, self.style, self.formula = "n", "", False

    def rows(self, source: IO[bytes]) -> Iterator[tuple[int, list]]:
        """Every row that is written down, in the order of the file."""
        for _ in self.feed(source):
            yield from self.ready
            self.ready.clear()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in {VALUE, TEXT}:
            self.listen(True)
        elif name == CELL:
            self.words.clear()
            self.kind, self.style, self.formula = attributes.get("t", "n"), attributes.get("s", ""), False
            place = attributes.get("r")
            self.column = self._column(place) if place else self.column + 1
        elif name == FORMULA:
            self.formula = True
        elif name == ROW:
            place = attributes.get("r")
            self.number = int(float(place)) if place else self.number + 1
            self.column, self.cells = 0, []
        elif name == MERGED and len(self.merged) < 20_000:
            self.merged.append(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name in {VALUE, TEXT}:
            self.listen(False)
        elif name == CELL:
            value = self._value("".join(self.words))
            if value is not None:
                self.cells.append((self.column, value))
        elif name == ROW and self.cells:
            self.ready.append((self.number, self.cells))

    def _column(self, place: str) -> int:
        """1 for A1, 28 for AB7."""
        letters = place.rstrip("0123456789")
        if letters not in self.columns:
            if not LETTERS.fullmatch(letters) or len(letters) > 3:
                raise ValueError(place)
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - 64
            self.columns[letters] = number
        return self.columns[letters]

    def _value(self, text: str) -> Any:
        """The cell's value as JSON carries it (see `child`); None for one that holds nothing."""
        if self.formula:
            return ["f"]
        if not text:
            return None
        if self.kind == "n":
            number = float(text) if "." in text or "e" in text or "E" in text else int(text)
            return self._day(number) if self.style in self.dates else _number(number)
        if self.kind == "s":
            text = self.strings[int(text)]
        elif self.kind == "b":
            return text.strip() in {"1", "true"}
        elif self.kind == "e":
            return ["e", text[:20]]
        elif self.kind == "d":
            return _moment(from_ISO8601(text))
        return text[:LONGEST] if text.strip() else None

    def _day(self, number: float) -> Any:
        try:
            return _moment(from_excel(number, self.epoch, timedelta=self.style in self.durations))
        except (OverflowError, ValueError):
            return ["e", "#VALUE!"]


def _number(number: float) -> float:
    """Whole numbers as such; 1985.0 is 1985."""
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 1e15 else number


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        whole = value.time() == time(0)
        return ["d", value.date().isoformat()] if whole else ["t", value.isoformat(" ", "minutes")]
    return ["d", value.isoformat()] if isinstance(value, date) else str(value)
