"""What townships and units owe, computed live, each with what makes it a finding if the county office decides so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period, months_after
from zhucun.work.attendance.months import by_township, due_days, unconfirmed
from zhucun.work.attendance.roster import month_of
from zhucun.work.teams.models import Team

from .models import Circular, Correction, Delivery, Finding
from .rules import InspectionsPolicy

MONTHS = 6
"""How many months back confirmations are looked at."""


@dataclass(frozen=True)
class Debt:
    """One thing a township or unit owes: since when, in words, where to look; `source` makes it be taken up once."""

    sort: str
    what: str
    due: date
    source: str
    url: str
    township: Division | None = None
    unit: Unit | None = None
    taken: Finding | None = None

    @property
    def who(self) -> Division | Unit | None:
        """Who owes it."""
        return self.township or self.unit


Source = Callable[[Scope, date], Iterator[Debt]]


def months_open(scope: Scope, day: date) -> Iterator[Debt]:
    """出勤月份: months a township has not confirmed by the day the policy gives."""
    towns: dict[str, Division] = {}
    for back in range(1, MONTHS + 1):
        month: Period = month_of(months_after(day.replace(day=1), -back))
        counts = by_township(unconfirmed(Team.objects.during(month).within(scope), month))
        late = [town for town, due in due_days(counts, month).items() if due < day]
        if not late:
            continue
        missing = [town for town in late if town not in towns]
        towns |= Division.objects.in_bulk(missing)
        dues = due_days(late, month)
        for town in sorted(late):
            what = f"{month.label}出勤到期没有确认，还有 {counts[town]} 支队"
            url = reverse("attendance:township", args=[month.name, town])
            yield Debt("出勤确认", what, dues[town], f"attendance:{month.name}:{town}", url, township=towns[town])


def corrections_overdue(scope: Scope, day: date) -> Iterator[Debt]:
    """整改回复: corrections nobody replied to by their last day; the township's, or the unit's where no township is concerned."""
    rows = Correction.objects.within(scope).filter(state=Correction.State.ORDERED, due_on__lt=day)
    rows = rows.filter(Q(township__isnull=False) | Q(unit__isnull=False)).select_related("township", "unit")
    for row in rows.order_by("due_on", "number"):
        who = {"township": row.township} if row.township else {"unit": row.unit}
        assert row.due_on is not None
        what = f"整改意见 {row.number} 到期没有回复"
        yield Debt("整改回复", what, row.due_on, f"correction:{row.pk}", reverse("inspections:correction", args=[row.pk]), **who)  # fmt: skip


def circulars_waiting(scope: Scope, day: date) -> Iterator[Debt]:
    """通报签收: circulars not received within the policy's days."""
    days = timedelta(days=policy.on(day, InspectionsPolicy).circular_days)
    rows = Delivery.objects.within(scope).filter(received_at__isnull=True, circular__state=Circular.State.ISSUED)
    rows = rows.filter(circular__issued_on__lt=day - days).select_related("circular", "township", "unit")
    for row in rows.order_by("circular__issued_on", "pk"):
        what, due = f"{row.circular}没有签收", row.circular.issued_on + days
        url = reverse("inspections:circulars")
        yield Debt("通报签收", what, due, f"delivery:{row.pk}", url, township=row.township, unit=row.unit)


SOURCES: tuple[Source, ...] = (months_open, corrections_overdue, circulars_waiting)
"""Where debts come from; the liaison room's unit visits will be one more."""


def owed(scope: Scope, day: date) -> list[Debt]:
    """Everything owed in an area on a day, by who owes it, with the finding where it was taken up; bounded queries."""
    found = [debt for source in SOURCES for debt in source(scope, day)]
    rows = Finding.objects.within(scope).filter(source__in=[debt.source for debt in found])
    taken = {row.source: row for row in rows}
    found = [replace(debt, taken=taken.get(debt.source)) for debt in found]
    return sorted(found, key=lambda debt: (debt.township is None, _place(debt), debt.due, debt.source))


def _place(debt: Debt) -> str:
    return debt.township.pk if debt.township else str(debt.unit)
