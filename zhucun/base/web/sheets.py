"""How a room declares its sheets of the ledger workbook: columns and fields as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as kept
from functools import cached_property
from typing import Any, Literal

from django.db.models import TextChoices

Kind = Literal[
    "text",
    "name",
    "code",
    "identity",
    "date",
    "month_date",
    "month",
    "choice",
    "yesno",
    "number",
    "money",
    "many",
    "mark",
]


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    `header` is what stands in the workbook, `field` the name of the value in a room. `kind`: text; name (of a person:
    padding between Chinese characters is dropped); code (digits and letters kept as text); identity (the same, but a
    cell that Excel holds as a number is refused, since it has lost digits); date (a day, last days inclusive);
    month_date (a day of which only year and month may be given, meaning the 1st); month (`YYYY-MM`); choice (one of
    `choices`); yesno (是/否); number (with `places` decimals); money (two decimals); many (several of `choices`, or of
    anything, joined by 、); mark (one sign of `choices`, or one of its `spellings`; `blank` where the cell is empty).
    Cells of columns with `into` are gathered, in the columns' order, into one text under that name, a space standing for a
    column left out; a line has no value of their own. `values` are what is kept for each of `choices`, by default the choice itself. `sealed`
    columns are kept encrypted and never repeated in previews. `hint` is the sentence shown with the header.
    """

    header: str
    field: str
    required: bool = False
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    hint: str = ""
    max_length: int = 200
    places: int = 0
    sealed: bool = False
    spellings: Mapping[str, str] = kept(default_factory=dict)
    blank: str = ""
    into: str = ""

    @cached_property
    def labels(self) -> dict[str, str]:
        """What is kept → what stands in the workbook."""
        return dict(zip(self.values or self.choices, self.choices, strict=True))

    @property
    def empty(self) -> Any:
        """The value of an empty cell."""
        if self.kind == "many":
            return ()
        if self.kind == "mark":
            return self.blank
        return "" if self.kind in {"text", "name", "code", "identity", "choice"} else None

    def written(self, value: Any) -> Any:
        """A kept value as it stands in a cell."""
        if self.kind == "many":
            return "、".join(self.labels.get(item, item) for item in value)
        if self.kind == "choice":
            return self.labels.get(value, value)
        return ("是" if value else "否") if isinstance(value, bool) else value


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name in the workbook, the headers that form its key, its columns in the usual order.

    `beyond` are columns the workbook does not have, but a roster may bring along for the same rows.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    note: str = ""
    beyond: tuple[Column, ...] = ()

    @cached_property
    def fields(self) -> dict[str, Column]:
        """Columns by field, those beyond the workbook included."""
        return {column.field: column for column in (*self.columns, *self.beyond)}

    @cached_property
    def gathered(self) -> dict[str, list[str]]:
        """By the name they are gathered into: the fields of columns that form one value together."""
        found: dict[str, list[str]] = {}
        for column in self.columns:
            if column.into:
                found.setdefault(column.into, []).append(column.field)
        return found

    @cached_property
    def headers(self) -> dict[str, Column]:
        """Columns by header."""
        return {column.header: column for column in self.columns}

    @cached_property
    def key_fields(self) -> tuple[str, ...]:
        """The fields that form the key."""
        return tuple(self.headers[header].field for header in self.key)


def options(choices: type[TextChoices]) -> dict[str, Any]:
    """The arguments `choices` and `values` of a column for a model's choices."""
    return {"choices": tuple(str(label) for label in choices.labels), "values": tuple(choices.values)}
