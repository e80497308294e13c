"""What is counted of reminders and interviews; labels and order stand in the catalogue of indicators.

Recalls are counted where postings end (teams.figures), so that both can never differ.
"""

from django.db.models import Exists, OuterRef, Q

from zhucun.base.access.figure import Figure
from zhucun.base.access.scope import Scope
from zhucun.base.timeline.periods import Period

from .models import Case


def reminded(period: Period, scope: Scope) -> Figure:
    """提醒: distinct people reminded in the period; opens each one's first reminder of it."""
    rows = _in(period, scope, Case.Measure.REMINDER)
    earlier = rows.filter(person=OuterRef("person")).filter(
        Q(on__lt=OuterRef("on")) | Q(on=OuterRef("on"), number__lt=OuterRef("number"))
    )
    return Figure(rows, ~Q(Exists(earlier.order_by())))


def interviews(period: Period, scope: Scope) -> Figure:
    """约谈: interviews held in the period, in times a person was interviewed."""
    return Figure(_in(period, scope, Case.Measure.INTERVIEW))


def _in(period: Period, scope: Scope, measure: str):
    rows = Case.objects.filter(_lies_in(scope)).filter(measure=measure, on__gte=period.start, on__lte=period.until)
    return rows.exclude(state__in=Case.VOID)


def _lies_in(scope: Scope) -> Q:
    """Cases of an area, a village's by the posting they are about.

    A village is no area of `Case.SCOPE`, since a team does not read its people's cases; it is one for counting, which is for
    townships and above.
    """
    where = scope.condition(Case)
    return where | Q(posting__team__village__in=scope.village) if scope.village else where
