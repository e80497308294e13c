"""Spans with an open end, and the calendar of working days."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from .periods import BEGINNING, Period, last_day


class SpanQuerySet(models.QuerySet):
    """Rows that hold for a while; the question is `.on(day)`."""

    def on(self, day: date) -> Self:
        """Rows in force on `day`."""
        return self.filter(in_force(day))

    def during(self, period: Period) -> Self:
        """Rows in force on at least one day of `period`."""
        return self.filter(Q(end__isnull=True) | Q(end__gt=period.start), start__lte=period.until)

    def ended_in(self, period: Period) -> Self:
        """Rows whose last day (inclusive) lies in `period`."""
        return self.filter(end__gt=period.start, end__lte=period.end)


def in_force(day: date, path: str = "") -> Q:
    """The condition that the span at `path` (“” or “person__records__”) holds on `day`."""
    return Q(**{f"{path}start__lte": day}) & (Q(**{f"{path}end__isnull": True}) | Q(**{f"{path}end__gt": day}))


class Span(models.Model):
    """What holds from `start` (inclusive) to `end` (exclusive; empty while it goes on)."""

    start = models.DateField("起始日期")
    end = models.DateField("结束日期（不含）", null=True, blank=True)

    objects = SpanQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message="结束日期不能早于起始日期，请检查这两个日期。",
            ),
        )

    @property
    def last_day(self) -> date | None:
        """The last day it holds, inclusive; None while it goes on."""
        return last_day(self.end)

    @property
    def start_known(self) -> date | None:
        """The first day, or None when only “always, as far as known” is recorded."""
        return None if self.start == BEGINNING else self.start

    def holds_on(self, day: date) -> bool:
        """Whether `day` lies inside the span."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, start: date, end: date | None) -> bool:
        """Whether the span shares a day with `[start, end)`."""
        return (self.end is None or start < self.end) and (end is None or self.start < end)


class CalendarDay(models.Model):
    """One day of the work calendar: holidays and 调休 as published by the State Council, or 暂定 until they are."""

    PUBLIC = "the calendar is the same for everybody"

    class Kind(models.TextChoices):
        WORKDAY = "workday", "工作日"
        WEEKEND = "weekend", "周末"
        HOLIDAY = "holiday", "法定节假日"
        SHIFTED_REST = "shifted_rest", "调休休息"
        SHIFTED_WORK = "shifted_work", "调休上班"

    day = models.DateField("日期", primary_key=True)
    kind = models.CharField("类型", max_length=12, choices=Kind)
    name = models.CharField("说明", max_length=40, blank=True)
    provisional = models.BooleanField("暂定", default=False)

    class Meta:
        verbose_name = "日历"
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"

    @property
    def is_workday(self) -> bool:
        """Whether people work on this day."""
        return self.kind in {self.Kind.WORKDAY, self.Kind.SHIFTED_WORK}


class FixedClock(models.Model):
    """The day the whole installation stands on; only the demonstration county has one."""

    PUBLIC = "a demonstration's own date"

    day = models.DateField("演示日期")
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name = "演示时钟"

    def __str__(self) -> str:
        return f"{self.day}"
