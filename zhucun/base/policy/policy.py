"""Asking what the rules say on a day."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import TypeVar

from .catalogue import catalogue, key_of
from .models import Clause, Parameter

P = TypeVar("P")


def on(day: date, policy: type[P], area: str = "") -> P:
    """The policy in force on `day` in the area with that division code: the closest area's value, else the default."""
    declared = fields(policy)  # type: ignore[arg-type]  # every policy is a dataclass
    chosen = _chosen(day, [key_of(policy, one) for one in declared], area)
    known = catalogue()
    values = {}
    for one in declared:
        key = key_of(policy, one)
        if key in chosen:
            values[one.name] = known[key].read(chosen[key].value)
    return policy(**values)


def clause_of(day: date, key: str, area: str = "") -> Clause | None:
    """The clause a parameter rests on that day; None while the built-in default stands."""
    found = _chosen(day, [key], area).get(key)
    return found.clause if found else None


def _chosen(day: date, keys: Iterable[str], area: str) -> dict[str, Parameter]:
    """By key: the parameter in force whose area is the longest prefix of `area`."""
    prefixes = {"", *(area[:n] for n in (2, 4, 6, 9, 12) if len(area) >= n)}
    rows = Parameter.objects.on(day).filter(key__in=keys, area__in=prefixes).select_related("clause__document")
    return {row.key: row for row in sorted(rows, key=lambda row: len(row.area))}
