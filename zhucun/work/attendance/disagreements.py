"""Slips that say something else than the months hold: told before anybody agrees, and to the township that puts it right."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from zhucun.base.access.scope import Scope
from zhucun.base.timeline.periods import ONE_DAY

from .models import Leave, PersonMonth
from .rules import COUNTS_AS, LEAVES, PRESENT, SYMBOLS, ranges

LOOKED_BACK = 120 * ONE_DAY
"""How far back slips that came after the confirmation are looked for; older months are closed business."""


@dataclass(frozen=True)
class Otherwise:
    """A month that holds something else than a slip on some of its days; `days` in words, with what is held."""

    leave: Leave
    month: PersonMonth
    days: str

    @property
    def sentence(self) -> str:
        """“11月15日记在村，乡镇 12月5日已确认”."""
        day = self.month.confirmed_on
        return f"{self.days}" + (f"，乡镇 {day.month}月{day.day}日已确认" if day else "")


def otherwise(leaves: Iterable[Leave]) -> list[Otherwise]:
    """What the months hold that goes against the slips, in the order of the slips; one query.

    Against a leave goes every sign of presence, against a notice 在村 and every leave; days of rest and blanks go against nothing.
    """
    slips = list(leaves)
    if not slips:
        return []
    first, end = min(slip.start for slip in slips), max(slip.until for slip in slips)
    rows = PersonMonth.objects.filter(person__in={slip.person_id for slip in slips})
    held: dict[tuple[UUID, UUID], list[PersonMonth]] = defaultdict(list)
    for row in rows.filter(start__gte=first.replace(day=1), start__lte=end).order_by("start"):
        held[row.person_id, row.team_id].append(row)
    found = []
    for slip in slips:
        for row in held[slip.person_id, slip.posting.team_id]:
            if told := _told(slip, row):
                found.append(Otherwise(slip, row, told))
    return found


def _told(slip: Leave, row: PersonMonth) -> str:
    against = PRESENT + (LEAVES if slip.is_notice else COUNTS_AS)
    days: dict[str, list[int]] = defaultdict(list)
    for number, mark in enumerate(row.marks, start=1):
        if mark in against and slip.holds_on(row.day(number)):
            days[mark].append(number)
    parts = [f"{ranges(own)}记{SYMBOLS[mark].removesuffix('（报备）')}" for mark, own in days.items()]
    return f"{row.start.month}月{'、'.join(parts)}" if parts else ""


def after_confirmation(scope: Scope, day: date) -> list[Otherwise]:
    """Slips approved or written down when the month was confirmed already, that go against it, within `scope`; two queries."""
    rows = Leave.objects.within(scope).filter(status__in=Leave.STANDING, start__gte=day - LOOKED_BACK)
    slips = rows.select_related("person", "posting").order_by("start", "number")
    return [
        one for one in otherwise(slips) if one.month.confirmed_on and _known_from(one.leave) >= one.month.confirmed_on
    ]


def _known_from(slip: Leave) -> date:
    """The day from which it held here: approved, and written down."""
    written = timezone.localtime(slip.asked_at).date()
    return max(written, slip.approved_on or written)
