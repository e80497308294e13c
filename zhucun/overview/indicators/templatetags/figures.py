"""How figures read on a page: numbers, changes."""

from decimal import Decimal
from typing import Any

from django import template

register = template.Library()


@register.filter
def number(value: Any) -> str:
    """A figure's value; a dash where there is nothing to count from."""
    return "—" if value is None else str(value)


@register.filter
def change(value: int | Decimal | None) -> str:
    """A difference as +3, −2 or 持平; a dash where there is none."""
    if value is None:
        return "—"
    return "持平" if not value else f"{'+' if value > 0 else '−'}{abs(value)}"
