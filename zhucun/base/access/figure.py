"""A figure: a number and the rows it was counted from, so that every number opens its records."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from zhucun.base.timeline.periods import Period

from .scope import Scope


@dataclass(frozen=True)
class Figure:
    """`value` is None where there is nothing to count from; `records` is the queryset behind it."""

    value: int | Decimal | None
    records: QuerySet


Count = Callable[[Period, Scope], Figure]
"""What every function of a `figures.py` is."""
