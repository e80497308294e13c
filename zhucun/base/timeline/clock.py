"""The one clock: only views and commands ask it; everything below is given a day or a moment."""

from datetime import date, datetime

from django.utils import timezone

from .models import FixedClock


def now() -> datetime:
    """The moment, aware; on a demonstration's own day at the present time of day."""
    moment = timezone.localtime()
    fixed = FixedClock.objects.values_list("day", flat=True).first()
    return moment if fixed is None else moment.replace(year=fixed.year, month=fixed.month, day=fixed.day)


def today() -> date:
    """The calendar day in the county (Asia/Shanghai), or the demonstration's own day."""
    return now().date()
