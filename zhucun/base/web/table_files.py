"""A table as a file: the workbook of `?format=xlsx`."""

from datetime import date
from typing import IO, TYPE_CHECKING

from django.http import FileResponse

from .cells import value_of
from .excel import MOST_ROWS, Workbook, attachment

if TYPE_CHECKING:
    from .listing import Listing

WIDTHS = {"date": 13, "number": 10, "yesno": 9, "badge": 12, "long": 44, "name": 18, "text": 18}


def workbook(listing: "Listing") -> tuple[IO[bytes], int]:
    """Write every row of the list as an .xlsx; returns the open file and the number of rows in it."""
    table, columns = listing.table, listing.state.columns
    book = Workbook()
    count = 0

    def rows():
        nonlocal count
        for chunk in listing.chunks():
            for item in chunk:
                if count == MOST_ROWS:
                    return
                count += 1
                yield [_typed(column.kind, value_of(column, item)) for column in columns]

    book.sheet(
        table.title,
        [column.label for column in columns],
        rows(),
        preface=preface(listing),
        widths={column.label: WIDTHS.get(column.kind, 18) for column in columns},
    )
    return book.finish(), count


def preface(listing: "Listing") -> list[str]:
    """The lines above the headers: title, what narrows the list, the day it shows."""
    day: date | None = getattr(listing.request, "day", None)
    lines = [listing.table.title, listing.words]
    lines.append(f"截至 {day.isoformat()}" if day else "")
    return [line for line in lines if line]


def _typed(kind: str, value):
    """Numbers stay numbers only in number columns: a code of digits is text."""
    if value is None or kind == "number" or isinstance(value, bool | date | list | tuple):
        return value
    return str(value)


def download(file: IO[bytes], name: str) -> FileResponse:
    """The file as a download called `name`.xlsx."""
    return attachment(file, f"{name}.xlsx")
