"""Working days: what the State Council published, or weekends and statutory days marked 暂定."""

from calendar import monthrange
from datetime import date, timedelta

import chinese_calendar

from .models import CalendarDay
from .periods import ONE_DAY

Kind = CalendarDay.Kind

STATUTORY = {(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
"""Statutory days with a fixed date (《全国年节及纪念日放假办法》); the lunar ones are known only once the year is published."""


def published(day: date) -> CalendarDay | None:
    """The day as published (chinesecalendar), or None for a year not published yet."""
    try:
        is_holiday, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    weekend = day.weekday() >= 5
    name = chinese_calendar.Holiday(name).chinese if name else ""
    if is_holiday:
        kind = Kind.WEEKEND if weekend and not name else Kind.HOLIDAY
    else:
        kind = Kind.SHIFTED_WORK if weekend else Kind.WORKDAY
    return CalendarDay(day=day, kind=kind, name=name)


def provisional(day: date) -> CalendarDay:
    """A day of a year not published yet: weekend, fixed statutory day or workday, marked 暂定."""
    name = STATUTORY.get((day.month, day.day), "")
    kind = Kind.HOLIDAY if name else Kind.WEEKEND if day.weekday() >= 5 else Kind.WORKDAY
    return CalendarDay(day=day, kind=kind, name=name, provisional=True)


def of_year(year: int) -> list[CalendarDay]:
    """Every day of a year, kept ones first, the others as published or provisional (not saved)."""
    return _known(_days(year))


def of_month(month: date) -> list[CalendarDay]:
    """Every day of the month of `month`, in the same way."""
    first = month.replace(day=1)
    return _known([first + n * ONE_DAY for n in range(monthrange(first.year, first.month)[1])])


def _known(days: list[date]) -> list[CalendarDay]:
    kept = CalendarDay.objects.in_bulk(days)
    return [kept.get(day) or published(day) or provisional(day) for day in days]


def of_day(day: date) -> CalendarDay:
    """One day, as kept, published or provisional."""
    return CalendarDay.objects.filter(day=day).first() or published(day) or provisional(day)


def known_until(year: int) -> int | None:
    """The last year, counted from `year` on, that has no provisional day; None when `year` itself has one."""
    known = None
    while not any(day.provisional for day in of_year(year)):
        known, year = year, year + 1
    return known


def count(start: date, end: date) -> int:
    """Working days in `[start, end)`, `end` exclusive."""
    days = {day.day: day for year in range(start.year, end.year + 1) for day in of_year(year)}
    return sum(days[start + timedelta(days=n)].is_workday for n in range((end - start).days))


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + n * ONE_DAY for n in range((date(year + 1, 1, 1) - first).days)]
