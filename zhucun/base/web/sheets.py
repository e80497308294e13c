"""How a room declares its sheets of the ledger workbook: columns and fields as plain data."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "date", "month_date", "choice", "yesno", "number", "money", "many"]


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    `header` is what stands in the workbook, `field` the argument the room's action takes. `kind`: text; code (digits
    and letters kept as text); date (a day, last days inclusive); month_date (a day of which only year and month may
    be given, meaning the 1st); choice (one of `choices`); yesno (是/否); number; money (万元 with two decimals);
    many (several of `choices`, or of anything, joined by 、). `hint` is the sentence shown with the header.
    """

    header: str
    field: str
    required: bool = False
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    hint: str = ""
    max_length: int = 200


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name in the workbook, the headers that form its key, its columns in the usual order."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    note: str = ""
