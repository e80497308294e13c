"""What is counted of attendance and leave; labels and order stand in the catalogue of indicators."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Least, Length, Replace, Substr
from django.db.models.lookups import GreaterThan

from zhucun.base.access.figure import Figure
from zhucun.base.access.scope import Scope
from zhucun.base.policy import policy
from zhucun.base.policy.models import Parameter
from zhucun.base.timeline.periods import Period
from zhucun.work.teams.models import Posting

from .models import Leave, PersonMonth
from .rules import ABSENT, COUNTS_AS, PRESENT, AttendancePolicy

DAYS_A_MONTH = "attendance.days_a_month"
"""The parameter of the policy that a month is measured by."""


def days(period: Period, scope: Scope) -> Figure:
    """驻村天数: days of 在村 and 视同驻村 dated in the period, in person-days; opens the person-months that have some."""
    return _marks(period, scope, F("present") + F("counts_as"), (PRESENT, *COUNTS_AS))


def unexcused(period: Period, scope: Scope) -> Figure:
    """未报备缺勤: marks × dated in the period, in person-days; opens the person-months that have some."""
    return _marks(period, scope, F("absent"), (ABSENT,))


def months_due(period: Period, scope: Scope) -> Figure:
    """应驻月: person-months wholly in post and wholly inside the period; opens the postings they belong to.

    A month is counted at the posting in force on its last day, one that went on from another without a gap included;
    under a smaller scope only what lies in it counts, so that a month in two townships is whole in neither.
    """
    months = _whole_months(period)
    follows = _following(period, scope, months)
    cases = [Case(When(_covers(month, follows), then=1), default=0) for month in months]
    total: Combinable = sum(cases[1:], cases[0]) if cases else Value(0)
    where = Q(pk__in=())
    for month in months:
        where |= _covers(month, follows)
    return Figure(Posting.objects.during(period).within(scope).with_record(period.until), where, adding=total)


def months_met(period: Period, scope: Scope) -> Figure:
    """达标月: person-months due with at least the policy's days of presence (在村 + 视同驻村); opens those months.

    The policy is that of the month's last day where the team is. Who changed teams inside the month has the days of all
    its rows counted, and is opened at one of them.
    """
    months = _whole_months(period)
    needed, follows = days_needed(months), _following(period, scope, months)
    enough = Q(pk__in=())
    for month in months:
        enough |= Q(start=month.start, counted_days__gte=_by_area(needed[month.start]))
    where = Q(pk__in=_changed_and_met(scope, needed, follows)) | Q(enough, whole=True)
    # a posting in the row's own team lies where the row lies: only its unit is still to be asked
    there = (Posting.objects.within(scope) if scope.unit else Posting.objects.all()).filter(
        Q(end__isnull=True) | Q(end__gte=OuterRef("end")),
        person=OuterRef("person"), team=OuterRef("team"), start__lte=OuterRef("start"),
    )  # fmt: skip
    rows = PersonMonth.objects.during(period).within(scope)
    return Figure(rows.annotate(whole=Exists(there), counted_days=F("present") + F("counts_as")), where)


def days_needed(months: Iterable[Period]) -> dict[date, dict[str, int]]:
    """By first day of a month: the policy's days a month on its last day, by division code; that of everywhere under “”."""
    areas = {"", *Parameter.objects.filter(key=DAYS_A_MONTH).values_list("area", flat=True)}
    found: dict[date, dict[str, int]] = {month.start: {} for month in months}
    for (day, area), numbers in policy.on_each(AttendancePolicy, product((m.until for m in months), areas)).items():
        found[day.replace(day=1)][area] = numbers.days_a_month
    return found


def needed_in(numbers: Mapping[str, int], village: str) -> int:
    """The days a month that hold in a village: those of the smallest area around it that has its own."""
    if len(numbers) == 1:
        return numbers[""]
    return numbers[max((area for area in numbers if village.startswith(area)), key=len)]


def leave_days(period: Period, scope: Scope) -> Figure:
    """请假: calendar days of approved leave (not 公出报备, 培训, 会议) falling in the period, both ends included."""
    rows = Leave.objects.during(period).within(scope)
    where = Q(status__in=Leave.STANDING) & ~Q(kind__in=Leave.NOTICES)
    falling = DaysBetween(Least(F("end"), Value(period.end)), Greatest(F("start"), Value(period.start)))
    return Figure(rows, where, adding=falling)


class DaysBetween(Func):
    """Days from the second date to the first, as a number, on either engine."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler, connection, **context):
        """Dates are texts there."""
        template = "CAST(julianday(%(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **context)

    def as_postgresql(self, compiler, connection, **context):
        """The difference of two dates is a number of days."""
        return self.as_sql(
            compiler, connection, template="(CAST(%(expressions)s AS date))", arg_joiner=" AS date) - CAST(", **context
        )


def _marks(period: Period, scope: Scope, whole: Combinable, symbols: tuple[str, ...]) -> Figure:
    """Days with one of `symbols`: the tally of a month that lies wholly inside, the signs up to the last day of one cut."""
    cut = Substr("marks", 1, period.until.day)
    inside = sum(
        (Length(cut) - Length(Replace(cut, Value(symbol), Value(""))) for symbol in symbols[1:]),
        Length(cut) - Length(Replace(cut, Value(symbols[0]), Value(""))),
    )
    adding: Combinable = whole
    if period.end.day != 1:
        adding = Case(When(end__lte=period.end, then=whole), default=inside, output_field=IntegerField())
    rows = PersonMonth.objects.during(period).within(scope)
    return Figure(rows, Q(GreaterThan(adding, 0)), adding=adding, of=(period, scope))


def _whole_months(period: Period) -> list[Period]:
    """The calendar months that lie wholly inside the period."""
    return [month for month in period.months() if month.end.day == 1]


@dataclass(frozen=True)
class Followed:
    """A posting begun inside a month whose person was in post without a gap from the month's first day to its last."""

    posting: UUID
    person: UUID
    team: UUID
    village: str


Follows = Mapping[date, list[Followed]]


def _covers(month: Period, follows: Follows) -> Q:
    """The condition that a posting stands for its person's whole month: in force on the last day, and all the time before."""
    whole = Q(Q(end__isnull=True) | Q(end__gte=month.end), start__lte=month.start)
    changed = [one.posting for one in follows.get(month.start, ())]
    return whole | Q(pk__in=changed) if changed else whole


def _following(period: Period, scope: Scope, months: list[Period]) -> Follows:
    """By first day of a month: who changed posting inside it without a gap, at their last posting of the month."""
    found: dict[date, list[Followed]] = defaultdict(list)
    if not months:
        return found
    own = Posting.objects.within(scope)
    begun = own.filter(start__gt=period.start, start__lte=period.until)
    begun = begun.filter(Exists(own.filter(person=OuterRef("person"), end=OuterRef("start"))))
    spans = own.during(period).filter(person__in=begun.order_by().values("person")).order_by("person", "start")
    since, before = date.max, None
    for key, person, team, village, start, end in spans.values_list(
        "pk", "person", "team", "team__village", "start", "end"
    ):
        since = since if before == (person, start) else start
        for month in months:
            if since <= month.start < start < month.end and (end is None or end >= month.end):
                found[month.start].append(Followed(key, person, team, village))
        before = (person, end)
    return found


def _changed_and_met(scope: Scope, needed: Mapping[date, Mapping[str, int]], follows: Follows) -> list[UUID]:
    """Of those who changed posting inside a month and have its days: the row of their last team, or else of another."""
    changed = {(one.person, start): one for start, own in follows.items() for one in own}
    if not changed:
        return []
    rows = PersonMonth.objects.within(scope).filter(
        start__in=list(follows), person__in={person for person, _ in changed}
    )
    total: Counter[tuple[UUID, date]] = Counter()
    shown: dict[tuple[UUID, date], UUID] = {}
    fields = ("pk", "person", "start", "team", "present", "counts_as")
    for key, person, start, team, present, counts_as in rows.order_by("pk").values_list(*fields):
        if (person, start) in changed:
            total[person, start] += present + counts_as
            if team == changed[person, start].team or (person, start) not in shown:
                shown[person, start] = key
    return [key for at, key in shown.items() if total[at] >= needed_in(needed[at[1]], changed[at].village)]


def _by_area(numbers: Mapping[str, int]) -> Combinable:
    """The days needed as an expression over the village's code, the closest area first."""
    areas = sorted((area for area in numbers if area), key=len, reverse=True)
    cases = [When(team__village__code__startswith=area, then=Value(numbers[area])) for area in areas]
    return Case(*cases, default=Value(numbers[""]), output_field=IntegerField()) if cases else Value(numbers[""])
