"""Chance that always falls the same way: draws with exact counts, words, ages and working days."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import TypeVar

from zhucun.base.timeline.workdays import published

T = TypeVar("T")


class Chance:
    """One stream of random numbers from one seed; the order of draws decides, so never draw while walking a set."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  a story, not a secret

    def pick(self, rows: Sequence[T], count: int, weight: Callable[[T], float] = lambda row: 1.0) -> list[T]:
        """Exactly `count` different rows, likelier the heavier they weigh, in their own order; weight 0 is never picked."""
        drawn = [(self.random.random() ** (1 / w), n) for n, row in enumerate(rows) if (w := weight(row)) > 0]
        if len(drawn) < count:
            raise ValueError(f"{count} wanted, {len(drawn)} there")
        return [rows[n] for n in sorted(n for _, n in sorted(drawn, reverse=True)[:count])]

    def deal(self, rows: Sequence[T], *counts: int) -> list[list[T]]:
        """Rows in random order, dealt into heaps of the given sizes; what is left is the last heap."""
        mixed = self.random.sample(rows, len(rows))
        heaps, begun = [], 0
        for count in counts:
            heaps.append(mixed[begun : begun + count])
            begun += count
        return [*heaps, mixed[begun:]]

    def holds(self, share: float) -> bool:
        """True in that share of cases."""
        return self.random.random() < share

    def word(self, words: str) -> str:
        """One of the words standing in a text."""
        return self.random.choice(words.split())

    def number(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both inclusive."""
        return self.random.randint(low, high)

    def age(self, mean: float, spread: float, low: int, high: int) -> int:
        """An age round `mean`, never outside `low` to `high`."""
        return min(high, max(low, round(self.random.gauss(mean, spread))))

    def workday(self, first: date, last: date, *, pair: bool = False) -> date:
        """A working day from `first` to `last`, both inclusive; with `pair` the day after is one too."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        fit = [day for day in days if is_workday(day) and (not pair or is_workday(day + timedelta(days=1)))]
        return self.random.choice(fit)


@cache
def is_workday(day: date) -> bool:
    """Whether people worked that day, as published; every year of the demonstration is."""
    found = published(day)
    return found is not None and found.is_workday


def workday_before(day: date) -> date:
    """The last working day before `day`."""
    day -= timedelta(days=1)
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def workdays_later(day: date, count: int) -> date:
    """The working day that many working days after `day`, or before it where the count is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day
