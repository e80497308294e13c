"""A year of the work calendar laid out as twelve month grids, with its working days counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from zhucun.base.timeline.models import CalendarDay

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Month:
    """One month: its days in weeks from Monday to Sunday (None outside the month), and its working days."""

    number: int
    weeks: list[list[CalendarDay | None]]
    workdays: int


@dataclass(frozen=True)
class Year:
    """The months, and the working days of the year in all and by weekday (Monday first)."""

    months: list[Month]
    workdays: int
    by_weekday: list[tuple[str, int]]
    provisional: bool


def lay_out(days: Iterable[CalendarDay]) -> Year:
    """The grids of a year from its days in order."""
    days = list(days)
    working = [day.day for day in days if day.is_workday]
    return Year(
        months=[_month(number, list(found)) for number, found in groupby(days, key=lambda day: day.day.month)],
        workdays=len(working),
        by_weekday=[(name, sum(day.weekday() == n for day in working)) for n, name in enumerate(WEEKDAYS)],
        provisional=any(day.provisional for day in days),
    )


def _month(number: int, days: list[CalendarDay]) -> Month:
    cells: list[CalendarDay | None] = [None] * days[0].day.weekday() + days
    cells += [None] * (-len(cells) % 7)
    weeks = [cells[n : n + 7] for n in range(0, len(cells), 7)]
    return Month(number, weeks, sum(day.is_workday for day in days))
