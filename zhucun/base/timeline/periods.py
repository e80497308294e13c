"""Calendar periods (年 半年 季 月) and the inclusive last day people read; pure, standard library only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

BEGINNING = date(1900, 1, 1)
"""The start of what has always been so, as far as the records know; shown as a blank."""

YEARS = range(1950, 2101)
"""Years somebody may mean who names a month or a day to read pages on; the ones beside them are still days."""

ONE_DAY = timedelta(days=1)

_SHAPES = (
    (re.compile(r"(\d{4})", re.ASCII), 12),
    (re.compile(r"(\d{4})-H([12])", re.ASCII), 6),
    (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), 3),
    (re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII), 1),
)


def last_day(end: date | None) -> date | None:
    """The last day a span holds, inclusive, from its exclusive end; None when it is open."""
    return None if end is None else end - ONE_DAY


def end_after(last: date | None) -> date | None:
    """The exclusive end of a span whose last day, inclusive, is `last`; None when it is open (9999-12-31 means that too)."""
    return None if last is None or last == date.max else last + ONE_DAY


def years_before(day: date, years: int = 1) -> date:
    """The same calendar day `years` years earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` months later (or earlier), at most that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - ONE_DAY).day
    return date(year, month + 1, min(day.day, last))


def age_on(born: date, day: date) -> int:
    """Completed years (周岁) of someone born on `born`, on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` to `until`, both inclusive; `name` is how the contract writes it (2022, 2022-H1, 2022-Q3, 2022-11)."""

    start: date
    until: date
    name: str

    def __post_init__(self) -> None:
        if self.until < self.start:
            raise ValueError(f"期间的最后一天 {self.until} 早于第一天 {self.start}。")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.until

    @property
    def end(self) -> date:
        """The exclusive end: the day after `until`."""
        return self.until + ONE_DAY

    @property
    def label(self) -> str:
        """How people read the period: 2022年, 2022年上半年, 2022年第3季度, 2022年11月."""
        year, _, part = self.name.partition("-")
        if not part:
            return f"{year}年"
        if part.startswith("H"):
            return f"{year}年{'上' if part == 'H1' else '下'}半年"
        return f"{year}年第{part[1]}季度" if part.startswith("Q") else f"{year}年{int(part)}月"

    def to(self, until: date) -> "Period":
        """The same period cut at `until`, inclusive; ValueError when that day lies outside it."""
        if until not in self:
            raise ValueError(f"截止日 {until} 不在期间 {self.name}（{self.start} 至 {self.until}）之内。")
        return Period(self.start, until, self.name)

    def a_year_earlier(self) -> "Period":
        """The same span one year before, same last day of the month and year."""
        year, dash, part = self.name.partition("-")
        return Period(years_before(self.start), years_before(self.until), f"{int(year) - 1}{dash}{part}")

    def months(self) -> Iterator["Period"]:
        """Whole calendar months of the period in order, the last one cut at `until`."""
        first = self.start
        while first <= self.until:
            following = months_after(first.replace(day=1), 1)
            yield Period(first, min(following - ONE_DAY, self.until), f"{first:%Y-%m}")
            first = following


def parse(name: str) -> Period:
    """The whole period written `2022`, `2022-H1`, `2022-Q3` or `2022-11`; ValueError with a sentence for anything else."""
    for shape, months in _SHAPES:
        found = shape.fullmatch(name.strip().upper())
        if found and 1900 < int(found[1]) < 9999:
            part = int(found[2]) if found.lastindex == 2 else 1
            start = date(int(found[1]), (part - 1) * months + 1, 1)
            return Period(start, months_after(start, months) - ONE_DAY, name.strip().upper())
    raise ValueError(f"期间“{name}”写法不对，请写成 2022、2022-H1、2022-Q3 或 2022-11。")


def year_to(day: date) -> Period:
    """The calendar year of `day`, from 1 January to `day` inclusive."""
    return parse(str(day.year)).to(day)
