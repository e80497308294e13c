"""What is counted of attendance and leave; labels and order stand in the catalogue of indicators."""

from datetime import date

from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, Least, Length, Replace, Substr

from zhucun.base.access.figure import Figure
from zhucun.base.access.scope import Scope
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period
from zhucun.work.teams.models import Posting

from .models import Leave, PersonMonth
from .rules import ABSENT, COUNTS_AS, PRESENT, AttendancePolicy


def days(period: Period, scope: Scope) -> Figure:
    """驻村天数: days of 在村 and 视同驻村 dated in the period, in person-days; opens the person-months that have some."""
    return _marks(period, scope, F("present") + F("counts_as"), (PRESENT, *COUNTS_AS))


def unexcused(period: Period, scope: Scope) -> Figure:
    """未报备缺勤: marks × dated in the period, in person-days."""
    return _marks(period, scope, F("absent"), (ABSENT,))


def months_due(period: Period, scope: Scope) -> Figure:
    """应驻月: person-months wholly in post and wholly inside the period; opens the postings they belong to.

    A month is counted at the posting in force on its last day, one that went on from another without a gap included.
    """
    months = _whole_months(period)
    follows = _following(period, scope, months)
    cases = [Case(When(_covers(month, follows), then=1), default=0) for month in months]
    total: Combinable = sum(cases[1:], cases[0]) if cases else Value(0)
    where = Q(pk__in=())
    for month in months:
        where |= _covers(month, follows)
    return Figure(Posting.objects.during(period).within(scope), where, adding=total)


def months_met(period: Period, scope: Scope) -> Figure:
    """达标月: person-months due with at least the policy's days of presence (在村 + 视同驻村); opens those months.

    The policy is that of the month's last day. Who changed teams inside the month has the days of both counted.
    """
    rows = PersonMonth.objects.during(period).within(scope)
    months = _whole_months(period)
    follows = _following(period, scope, months)
    where = Q(pk__in=())
    for month in months:
        needed = policy.on(month.until, AttendancePolicy).days_a_month
        where |= Q(start=month.start, whole=True, together__gte=needed)
    there = Posting.objects.within(scope).filter(
        Q(start__lte=OuterRef("start")) | Q(pk__in=[key for keys in follows.values() for key in keys]),
        Q(end__isnull=True) | Q(end__gte=OuterRef("end")),
        person=OuterRef("person"), team=OuterRef("team"), start__lt=OuterRef("end"),
    )  # fmt: skip
    rows = rows.annotate(whole=Exists(there), together=F("present") + F("counts_as") + _elsewhere(scope, follows))
    return Figure(rows, where)


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
    adding = Case(When(end__lte=period.end, then=whole), default=inside, output_field=IntegerField())
    rows = PersonMonth.objects.during(period).within(scope)
    return Figure(rows, adding=adding)


def _whole_months(period: Period) -> list[Period]:
    """The calendar months that lie wholly inside the period."""
    return [month for month in period.months() if month.end.day == 1]


def _covers(month: Period, follows: dict[date, list]) -> Q:
    """The condition that a posting stands for its person's whole month: in force on the last day, and all the time before."""
    last = Q(Q(end__isnull=True) | Q(end__gte=month.end))
    return last & (Q(start__lte=month.start) | Q(pk__in=follows.get(month.start, ()), start__lt=month.end))


def _following(period: Period, scope: Scope, months: list[Period]) -> dict[date, list]:
    """By first day of a month: postings begun inside it whose person was in post without a gap since the first."""
    if not months:
        return {}
    begun = Posting.objects.within(scope).filter(start__gt=period.start, start__lte=period.until)
    begun = begun.filter(Exists(Posting.objects.within(scope).filter(person=OuterRef("person"), end=OuterRef("start"))))
    people = set(begun.values_list("person", flat=True))
    spans = Posting.objects.within(scope).during(period).filter(person__in=people).order_by("person", "start")
    found: dict[date, list] = {}
    since: date | None = None
    before = None
    for key, person, start, end in spans.values_list("pk", "person", "start", "end"):
        since = since if before == (person, start) else start
        for month in months:
            if month.start < start < month.end and since is not None and since <= month.start:
                found.setdefault(month.start, []).append(key)
        before = (person, end)
    return found


def _elsewhere(scope: Scope, follows: dict[date, list]) -> Combinable:
    """Days of presence the same month in other teams, for whoever changed teams inside it."""
    if not follows:
        return Value(0)
    others = (
        PersonMonth.objects.within(scope)
        .filter(person=OuterRef("person"), start=OuterRef("start"))
        .exclude(team=OuterRef("team"))
        .order_by()
        .values("person")
        .annotate(days=Sum(F("present") + F("counts_as")))
    )
    return Coalesce(Subquery(others.values("days")), 0, output_field=IntegerField())
