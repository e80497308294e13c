"""What is done to the calendar and to the demonstration's clock."""

from datetime import date, datetime

from django.db import transaction

from zhucun.base.journal import journal

from .models import CalendarDay, FixedClock


@transaction.atomic
def set_calendar_day(*, day: date, kind: str, name: str, by, at: datetime) -> CalendarDay:
    """Record what one day of the calendar is (a holiday, 调休 …), replacing what the published calendar says.

    Raises PermissionDenied without the right to edit the calendar, ValidationError for an unknown kind.
    """
    by.require("timeline.calendar_edit", at)
    row = CalendarDay(day=day, kind=kind, name=name)
    row.clean_fields()
    row.save()
    journal.note(by=by, at=at, action="calendar.set", target=row, data={"kind": kind, "name": name})
    return row


@transaction.atomic
def stand_on(*, day: date, by, at: datetime) -> None:
    """Fix the clock of a demonstration on `day`; never done in a county's own installation."""
    by.require("timeline.clock_fix", at)
    FixedClock.objects.update_or_create(only=True, defaults={"day": day})
    journal.note(by=by, at=at, action="clock.fixed", data={"day": day})
