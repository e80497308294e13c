"""Asking what the rules say on a day."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import TypeVar

from django.db.models import Q

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


def on_each(policy: type[P], asked: Iterable[tuple[date, str]]) -> dict[tuple[date, str], P]:
    """`on` for many (day, area) at once, in one query; by what was asked."""
    pairs = set(asked)
    if not pairs:
        return {}
    declared = {key_of(policy, one): one.name for one in fields(policy)}  # type: ignore[arg-type]
    first, last = min(day for day, _ in pairs), max(day for day, _ in pairs)
    areas = {prefix for _, area in pairs for prefix in _prefixes(area)}
    rows = Parameter.objects.filter(Q(end__isnull=True) | Q(end__gt=first), key__in=declared, start__lte=last)
    rows = rows.filter(area__in=areas)
    written, known = sorted(rows, key=lambda row: len(row.area)), catalogue()
    found = {}
    for day, area in pairs:
        holding = [row for row in written if row.holds_on(day) and row.area in _prefixes(area)]
        found[day, area] = policy(**{declared[row.key]: known[row.key].read(row.value) for row in holding})
    return found


def clause_of(day: date, key: str, area: str = "") -> Clause | None:
    """The clause a parameter rests on that day; None while the built-in default stands."""
    found = _chosen(day, [key], area).get(key)
    return found.clause if found else None


def _chosen(day: date, keys: Iterable[str], area: str) -> dict[str, Parameter]:
    """By key: the parameter in force whose area is the longest prefix of `area`."""
    rows = Parameter.objects.on(day).filter(key__in=keys, area__in=_prefixes(area)).select_related("clause__document")
    return {row.key: row for row in sorted(rows, key=lambda row: len(row.area))}


def _prefixes(area: str) -> set[str]:
    """The areas whose value may hold in an area: itself and those around it."""
    return {"", *(area[:n] for n in (2, 4, 6, 9, 12) if len(area) >= n)}
