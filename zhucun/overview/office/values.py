"""The numbers of the rules as they stand on a day: value, since when, by which clause, in which area."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division
from zhucun.base.policy.catalogue import Entry, catalogue
from zhucun.base.policy.models import Parameter


@dataclass(frozen=True)
class Standing:
    """One parameter on a day: the row that decides it (None: the built-in default), and rows of smaller areas."""

    entry: Entry
    row: Parameter | None
    local: list[Parameter]

    @property
    def value(self) -> str:
        """The value as text."""
        return self.row.value if self.row else self.entry.write(self.entry.default)


def on(day: date) -> list[tuple[str, list[Standing]]]:
    """Every parameter of the catalogue with its value on `day`, in its groups; two queries."""
    rows = defaultdict(list)
    for row in with_area_names(Parameter.objects.on(day).select_related("clause__document").order_by("area")):
        rows[row.key].append(row)
    found = [
        Standing(entry, next((r for r in rows[entry.key] if not r.area), None), [r for r in rows[entry.key] if r.area])
        for entry in catalogue().values()
    ]
    return [(group, list(items)) for group, items in groupby(found, key=lambda item: item.entry.group)]


def with_area_names(rows: Iterable[Parameter]) -> list[Parameter]:
    """The rows, each with `area_name`: the division its value holds in, empty for everywhere."""
    rows = list(rows)
    names = Division.objects.in_bulk([row.area for row in rows if row.area])
    for row in rows:
        row.area_name = str(names.get(row.area, row.area))  # type: ignore[attr-defined]
    return rows


def by_clause(rows: Iterable[Parameter]) -> dict:
    """By clause: (entry, row) of the parameters that rest on it."""
    found = defaultdict(list)
    for row in rows:
        if row.key in catalogue():
            found[row.clause_id].append((catalogue()[row.key], row))
    return found


def places(scope: Scope) -> list[tuple[str, str]]:
    """Where a value may hold: everywhere, or one township of the scope's county."""
    townships = Division.objects.filter(parent__in=scope.county).values_list("code", "name")
    return [("", "全县"), *townships]


def initial(entry: Entry, day: date) -> dict:
    """What the form shows first: the value, clause and area of `day`."""
    row = Parameter.objects.on(day).filter(key=entry.key, area="").first()
    return {
        "value": row.value if row else entry.write(entry.default),
        "clause": row.clause_id if row else None,
        "start": day,
    }
