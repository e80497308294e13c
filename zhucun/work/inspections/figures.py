"""What is counted of inspections; labels and order stand in the catalogue of indicators."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhucun.base.access.figure import Figure
from zhucun.base.access.scope import Scope
from zhucun.base.timeline.periods import Period
from zhucun.work.teams.models import Posting

from .models import Circular, Correction, Finding, Round, Visit


def rounds(period: Period, scope: Scope) -> Figure:
    """督查: rounds dated in the period, cancelled ones left out; of a smaller area those that went to a village of it."""
    held = Round.objects.filter(held_on__gte=period.start, held_on__lte=period.until)
    held = held.exclude(state__in=(Round.State.CANCELLED, Round.State.PLANNED))
    if scope.is_county:
        return Figure(held.within(scope))
    here = Visit.objects.within(scope).filter(round__in=held).values("round")
    there = _findings(scope).filter(round__in=held).values("round")
    return Figure(held.filter(Q(pk__in=here) | Q(pk__in=there)))


def findings(period: Period, scope: Scope) -> Figure:
    """问题: findings of rounds dated in the period; those withdrawn as untrue count nowhere."""
    rows = _findings(scope).filter(_held_in(period))
    return Figure(rows.exclude(state=Finding.State.WITHDRAWN))


def corrections(period: Period, scope: Scope) -> Figure:
    """整改意见: corrections of rounds dated in the period."""
    return Figure(_corrections(scope).filter(_held_in(period)))


def circulars(period: Period, scope: Scope) -> Figure:
    """督查通报: circulars issued in the period; the county's alone."""
    return Figure(Circular.objects.within(scope).filter(issued_on__gte=period.start, issued_on__lte=period.until))


def open_findings(period: Period, scope: Scope) -> Figure:
    """未销号问题: findings of rounds held by the last day and not closed by it."""
    rows = _findings(scope).filter(round__held_on__lte=period.until)
    rows = rows.exclude(state=Finding.State.WITHDRAWN)
    return Figure(rows, Q(closed_on__isnull=True) | Q(closed_on__gt=period.until))


def _held_in(period: Period) -> Q:
    return Q(round__held_on__gte=period.start, round__held_on__lte=period.until)


def _findings(scope: Scope) -> QuerySet[Finding]:
    """Findings of an area; one that names a person and no team lies in the village the person was in on that day."""
    where = scope.condition(Finding)
    if not scope.village:
        return Finding.objects.filter(where)
    there = Posting.objects.filter(team__village__in=scope.village, person=OuterRef("person"))
    there = there.filter(Q(end__isnull=True) | Q(end__gt=OuterRef("found_on")), start__lte=OuterRef("found_on"))
    return Finding.objects.filter(where | Q(Exists(there.order_by()), team__isnull=True))


def _corrections(scope: Scope) -> QuerySet[Correction]:
    """Corrections of an area: they lie where their finding lies."""
    where = scope.condition(Correction)
    if scope.village:
        where |= Q(finding__in=_findings(Scope(village=scope.village)).order_by())
    return Correction.objects.filter(where)
