"""Which rounds, sheets, findings and corrections somebody may see; before a visit only those who inspect know of it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from zhucun.base.access.models import User
from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.people.models import Person

from .models import Circular, Correction, Delivery, Draw, Finding, Round, Visit

VIEW, PLAN, ENTER, CLOSE = "inspections.view", "inspections.plan", "inspections.enter", "inspections.close"
DRAFT, REVIEW, SIGN = "inspections.circular_draft", "inspections.circular_review", "inspections.circular_sign"
RECEIVE = "inspections.circular_receive"
ORDER, REPLY, VERIFY = "inspections.order", "inspections.reply", "inspections.verify"
OVER = (Round.State.CLOSED, Round.State.CANCELLED)


def may(request: Request, permission: str, row=None) -> bool:
    """Whether to offer a step on a page."""
    return request.user.may(permission, request.today, row)


def area_of(request: Request, permission: str = VIEW) -> Scope:
    """The areas in which one may do that; refuses with a sentence whoever has none."""
    scope = request.user.scope_on(request.today, permission)
    if not scope:
        raise PermissionDenied("您的账号现在没有办理督查的职责。如果确实需要，请联系县驻村办或安全管理员。")
    return scope


def whole_county(request: Request) -> bool:
    """Whether somebody looks over a whole county: only they see rounds that have not been to the village yet."""
    return request.user.scope_on(request.today, VIEW).is_county


def _counties(scope: Scope) -> Scope:
    return Scope(county=scope.county, everything=scope.everything)


def visits_seen(request: Request) -> QuerySet[Visit]:
    """Sheets of one's areas; townships and teams see theirs once the sheet is entered, never that somebody will come."""
    scope = area_of(request)
    been = Q(entered_at__isnull=False) | Q(round__state=Round.State.CLOSED)
    rows = Visit.objects.filter(_counties(scope).condition(Visit) | scope.condition(Visit) & been)
    return rows.select_related("round", "village__township", "team", "entered_by")


def visit_seen(request: Request, pk) -> Visit:
    """One sheet."""
    return get_object_or_404(visits_seen(request).select_related("round__county"), pk=pk)


def rounds_seen(request: Request) -> QuerySet[Round]:
    """Rounds of one's county; for townships, units and teams those that have been there or found something of theirs."""
    scope = area_of(request)
    if scope.is_county:
        return Round.objects.within(_counties(scope)).select_related("county")
    been = visits_seen(request).order_by().values("round")
    found = findings_seen(request).order_by().values("round")
    asked = corrections_seen(request).order_by().values("round")
    rows = Round.objects.filter(Q(pk__in=been) | Q(pk__in=found) | Q(pk__in=asked))
    return rows.exclude(state=Round.State.PLANNED).select_related("county")


def round_seen(request: Request, pk) -> Round:
    """One round."""
    return get_object_or_404(rounds_seen(request), pk=pk)


def draws_seen(request: Request, round: Round) -> QuerySet[Draw]:
    """How the villages were drawn: for the county at once, for everybody who may see the round once it is over."""
    if not whole_county(request) and round.state not in OVER:
        return Draw.objects.none()
    return round.draws.select_related("drawn_by")


def findings_seen(request: Request) -> QuerySet[Finding]:
    """Findings of one's areas."""
    return Finding.objects.within(area_of(request))


def finding_seen(request: Request, pk) -> Finding:
    """One finding with everything its page says."""
    paths = ("round__county", "visit__village", "presence", "team__village__township", "person", "unit", "township")
    rows = findings_seen(request).select_related(*paths, "found_by", "closed_by", "county")
    return get_object_or_404(rows, pk=pk)


def corrections_seen(request: Request) -> QuerySet[Correction]:
    """Corrections of one's areas."""
    return Correction.objects.within(area_of(request))


def correction_seen(request: Request, pk) -> Correction:
    """One correction with what it is about."""
    paths = (
        "round__county",
        "finding__person",
        "finding__round",
        "team__village__township",
        "unit",
        "township",
        "county",
    )
    return get_object_or_404(corrections_seen(request).select_related(*paths, "ordered_by", "replied_by"), pk=pk)


def own_findings(user: User) -> QuerySet[Finding]:
    """Findings about the person whose account this is, also after the last posting has ended."""
    rows = Finding.objects.filter(person__user=user)
    return rows.select_related("round", "visit__village", "team__village__township", "presence")


def oneself(user: User) -> Person | None:
    """The person whose account this is."""
    return Person.objects.filter(user=user).first()


@dataclass(frozen=True)
class Steps:
    """Which steps a page offers about a correction."""

    reply: bool = False
    verify: bool = False
    reopen: bool = False
    own_reply: bool = False


def steps_of(request: Request, row: Correction) -> Steps:
    """What the reader may do about a correction as it stands; who replied does not verify, and is told so."""
    state, own = row.state, row.replied_by_id == request.user.pk
    verifies = state == Correction.State.REPLIED and may(request, VERIFY, row)
    return Steps(
        reply=state == Correction.State.ORDERED and may(request, REPLY, row),
        verify=verifies and not own,
        reopen=state == Correction.State.DONE and may(request, ORDER, row),
        own_reply=verifies and own,
    )


def circulars_seen(request: Request) -> QuerySet[Circular]:
    """All circulars of one's county; elsewhere those issued and sent to one's township or unit."""
    counties = _counties(area_of(request))
    sent = Delivery.objects.within(request.user.scope_on(request.today, RECEIVE)).values("circular")
    rows = Circular.objects.filter(counties.condition(Circular) | Q(state=Circular.State.ISSUED, pk__in=sent))
    return rows.select_related("county", "drafted_by", "reviewed_by", "signed_by")


def circular_seen(request: Request, pk) -> Circular:
    """One circular, its addressees loaded."""
    rows = circulars_seen(request).prefetch_related("deliveries__township", "deliveries__unit")
    return get_object_or_404(rows, pk=pk)


def drafting(request: Request) -> Scope:
    """The counties whose circulars one drafts; refuses whoever has none."""
    return area_of(request, DRAFT)
