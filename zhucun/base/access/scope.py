"""Which rows one sees: the areas of one's duties, matched against each model's SCOPE."""

from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Model, Q

Keys = frozenset[Any]


@dataclass(frozen=True)
class Scope:
    """Areas by key: division codes for county, township and village, unit ids; `everything` for the command line only."""

    county: Keys = frozenset()
    township: Keys = frozenset()
    village: Keys = frozenset()
    unit: Keys = frozenset()
    everything: bool = False

    def __bool__(self) -> bool:
        return self.everything or any(keys for _, keys in self._areas())

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(**{f.name: getattr(self, f.name) | getattr(other, f.name) for f in fields(self)})

    def _areas(self) -> list[tuple[str, Keys]]:
        return [(f.name, getattr(self, f.name)) for f in fields(self) if f.name != "everything"]

    @property
    def is_county(self) -> bool:
        """Whether a whole county lies in it, so that what belongs to nobody smaller may be counted."""
        return self.everything or bool(self.county)

    def condition(self, model: Any) -> Q:
        """The filter for rows of `model` in this scope; matches nothing where the scope is empty."""
        if self.everything or hasattr(model, "PUBLIC"):
            return ~Q(pk__in=())  # always true, also where something else is or-ed to it
        where = Q(pk__in=())
        for area, keys in self._areas():
            if keys and area in model.SCOPE:
                where |= Q(**{f"{model.SCOPE[area]}__in": keys})
        return where

    def covers(self, row: Any) -> bool:
        """Whether one row (saved or not) lies in this scope."""
        if self.everything or hasattr(row, "PUBLIC"):
            return True
        return any(area in row.SCOPE and _reach(row, row.SCOPE[area]) in keys for area, keys in self._areas() if keys)


NOTHING = Scope()


def _reach(row, path: str):
    for step in path.split("__"):
        if row is None:
            return None
        row = getattr(row, step)
    return row.pk if isinstance(row, Model) else row
