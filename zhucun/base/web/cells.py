"""Values of table cells: found by path or function, then written as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.html import conditional_escape, escape

if TYPE_CHECKING:
    from .tables import Column

TONES = {"green", "yellow", "red", "blue", "gray"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell ready for a template."""

    label: str
    text: str
    css: str
    url: str
    tone: str
    first: bool

    def markup(self, linked: bool) -> str:
        """The cell as HTML, written here because a page has hundreds of them; `linked` is off on paper."""
        text = conditional_escape(self.text)
        shown = f'<span class="tag tag-{self.tone}">{text}</span>' if self.tone else text
        if not text:
            shown = '<span class="none">—</span>'
        if self.url and linked:
            shown = f'<a href="{escape(self.url)}">{shown}</a>'
        return f'<td data-label="{escape(self.label)}" class="{self.css}">{shown}</td>'


def value_of(column: "Column", row: Any) -> Any:
    """The raw value of `column` in `row`; None where the path ends early."""
    if callable(column.value):
        return column.value(row)
    value = row
    for name in (column.value or column.key).split("."):
        value = _step(value, name)
        if value is None:
            return None
    return value


def _step(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    display = getattr(value, f"get_{name}_display", None)
    if display:
        return display()
    try:
        found = getattr(value, name)
    except ObjectDoesNotExist:
        return None
    return found() if callable(found) else found


def text_of(value: Any) -> str:
    """A value as people read it: ISO days, 是/否, plain numbers, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple | set):
        return "、".join(text_of(item) for item in value)
    return str(value)


CSS = {
    "number": "text-end text-nowrap num",
    "date": "text-nowrap num",
    "badge": "text-nowrap",
    "yesno": "text-nowrap",
    "long": "cell-long",
    "name": "cell-name",
    "text": "text-nowrap",
}


def cell(column: "Column", row: Any, first: bool) -> Cell:
    """The cell of `column` in `row`, ready for the template."""
    tone = (column.tone(row) if column.tone else "") or ("gray" if column.kind == "badge" else "")
    return Cell(
        label=column.label,
        text=text_of(value_of(column, row)),
        css="cell-wide" if column.wide else CSS.get(column.kind, ""),
        url=(column.link(row) if column.link else "") or "",
        tone=tone if tone in TONES or not tone else "gray",
        first=first,
    )
