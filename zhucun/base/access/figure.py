"""A figure: what is counted and the rows behind it, so that every number opens its records."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from zhucun.base.timeline.periods import Period

from .scope import Scope

Value = int | Decimal | None
ONE_DECIMAL = Decimal("0.1")


@dataclass(frozen=True)
class Figure:
    """The rows of `rows` for which `where` holds: how many, or with `adding` their sum, or with `mean` its mean.

    Nothing is asked of the database before a value is read; `count_together` reads several in one go, in one query
    those that are `of` the same rows. A mean has one decimal, halves rounded up, and is None of nothing.
    """

    rows: QuerySet
    where: Q = field(default_factory=Q)
    adding: str | Combinable = ""
    mean: bool = False
    of: Hashable = None

    @property
    def records(self) -> QuerySet:
        """The rows that count."""
        return self.rows.filter(self.where)

    @cached_property
    def counted(self) -> "Counted":
        """The value and how many records it rests on, in one query."""
        return count_together([self])[0]

    @property
    def value(self) -> Value:
        """The number itself."""
        return self.counted.value

    @property
    def nothing(self) -> "Counted":
        """What it reads where there is no row."""
        return Counted(None if self.mean else 0, 0)

    def _asked(self, name: str) -> dict[str, Any]:
        where = self.where or None
        asked: dict[str, Any] = {f"{name}n": CountOf("pk", filter=where)}
        if self.adding:
            adding = F(self.adding) if isinstance(self.adding, str) else self.adding
            asked[f"{name}sum"] = Sum(adding, filter=where, default=0)
        return asked

    def _read(self, name: str, found: dict[str, Any]) -> "Counted":
        n = found[f"{name}n"]
        total = found.get(f"{name}sum", n)
        if self.mean:
            return Counted((Decimal(total) / n).quantize(ONE_DECIMAL, ROUND_HALF_UP) if n else None, n)
        return Counted(total, n)


@dataclass(frozen=True)
class Counted:
    """A figure's value and `n`, the number of records it was counted from."""

    value: Value
    n: int


Count = Callable[[Period, Scope], Figure]
"""What every function of a `figures.py` is."""


def count_together(figures: Sequence[Figure]) -> list[Counted]:
    """Count figures in their order, those over the same rows in one query."""
    counted: dict[int, Counted] = {}
    for places in _together(figures).values():
        asked = {key: what for at in places for key, what in figures[at]._asked(f"f{at}_").items()}
        found = figures[places[0]].rows.order_by().aggregate(**asked)
        counted |= {at: figures[at]._read(f"f{at}_", found) for at in places}
    return [counted[at] for at in range(len(figures))]


def count_by(figures: Sequence[Figure], area: str) -> dict[Any, list[Counted]]:
    """The same for every township, unit … that has rows: figures in their order, by its key, in one query a table."""
    counted: dict[Any, list[Counted | None]] = {}
    for places in _together(figures).values():
        rows = figures[places[0]].rows
        asked = {key: what for at in places for key, what in figures[at]._asked(f"f{at}_").items()}
        for found in rows.order_by().values(area_key=F(rows.model.SCOPE[area])).annotate(**asked):
            line = counted.setdefault(found["area_key"], [None] * len(figures))
            for at in places:
                line[at] = figures[at]._read(f"f{at}_", found)
    return {key: [one or figures[at].nothing for at, one in enumerate(line)] for key, line in counted.items()}


def _together(figures: Sequence[Figure]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for at, figure in enumerate(figures):
        groups[at if figure.of is None else (figure.rows.model, figure.of)].append(at)
    return groups
