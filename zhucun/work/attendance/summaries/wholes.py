"""Which calendar months somebody was in post from the first day to the last, whatever teams and roles they changed; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter

from zhucun.base.timeline.periods import Period

Stay = tuple[date, date | None]
"""A span in post: its first day and its exclusive end, None while it goes on."""


def whole(stays: Iterable[Stay], periods: Iterable[Period]) -> list[Period]:
    """The periods that the stays of one person cover without a gap."""
    joined: list[Stay] = []
    for start, end in sorted(stays, key=itemgetter(0)):
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [
        one for one in periods if any(start <= one.start and (end is None or end > one.until) for start, end in joined)
    ]


def months_over(period: Period) -> list[Period]:
    """The calendar months of the period that are over on its last day."""
    return [month for month in period.months() if month.end.day == 1]


def is_month(period: Period) -> bool:
    """Whether the period is a calendar month or the beginning of one, and not of a longer time."""
    return len(period.name) == 7 and period.name[5:].isdecimal()


@dataclass
class Measure:
    """Whole person-months: how many are due, how many met the policy's days or fell short, and how many are not written down yet.

    Nobody falls short by a month that is not wholly recorded.
    """

    due: int = 0
    met: int = 0
    short: int = 0
    recorded: int = 0
    days: int = 0

    @property
    def open(self) -> int:
        """未录完: neither met nor wholly recorded."""
        return self.due - self.met - self.short

    @property
    def mean(self) -> Decimal | None:
        """Days of presence a person and month of those wholly recorded, one decimal, halves up; None of nothing."""
        if not self.recorded:
            return None
        return (Decimal(self.days) / self.recorded).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def add(self, days: int, needed: int, is_recorded: bool) -> None:
        """One more person-month with that many days of presence."""
        self.due += 1
        self.met += days >= needed
        self.short += is_recorded and days < needed
        if is_recorded:
            self.recorded += 1
            self.days += days
