"""Which rounds, proposals and seats somebody may see: the whole for the county, their own part for townships and units."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope

from .models import Candidate, Line, Need, Objection, Proposal, Quota, Round, Seat
from .rules import Status

VIEW, EDIT, NEED, CANDIDATE = "placement.view", "placement.edit", "placement.need_edit", "placement.candidate_edit"
NOT_YOURS = "分村选队由县驻村办办理，乡镇填村需求、派出单位推荐人选；您的账号没有这些职责。"


def part_of(request: Request) -> Scope:
    """Everything of rounds that somebody has to do with; refuses whoever has nothing to do with any."""
    user, day = request.user, request.today
    scope = user.scope_on(day, VIEW) | user.scope_on(day, NEED) | user.scope_on(day, CANDIDATE)
    if not scope:
        raise PermissionDenied(NOT_YOURS)
    return scope


def rounds_seen(request: Request) -> QuerySet[Round]:
    """Rounds somebody has to do with."""
    return Round.objects.seen_by(part_of(request)).select_related("county")


def round_seen(request: Request, pk) -> Round:
    """A round somebody has to do with; strangers find nothing."""
    user, day = request.user, request.today
    scope = user.scope_on(day, VIEW) | user.scope_on(day, NEED) | user.scope_on(day, CANDIDATE)
    return get_object_or_404(Round.objects.seen_by(scope).select_related("county", "approved_by"), pk=pk)


def whole_round(request: Request, pk, permission: str = VIEW) -> Round:
    """A round of which somebody may see the whole, or do that; a part of it is refused with a sentence."""
    round = round_seen(request, pk)
    if not request.user.may(permission, request.today, round):
        request.user.require(permission, request.now, round)
    return round


def may(request: Request, permission: str, row: Any = None) -> bool:
    """Whether to offer a step on a page."""
    return request.user.may(permission, request.today, row)


def may_gather(request: Request, permission: str, round: Round) -> bool:
    """Whether to offer filling in: townships and units while the round is gathering, the county as long as it is open."""
    return may(request, permission) and round.is_open and (round.state is Status.GATHERING or may(request, EDIT, round))


def only_while_gathering(request: Request, permission: str, round: Round) -> None:
    """Refuse a page for filling in before anything is typed, where it would be refused afterwards."""
    only_when_open(round)
    request.user.require(permission, request.now)
    if not may_gather(request, permission, round):
        raise PermissionDenied(f"“{round}”已经开始研判，不再接收填报。确需修改，请联系县驻村办。")


def proposal_seen(request: Request, pk, permission: str = VIEW) -> Proposal:
    """A proposal of a county whose rounds somebody sees whole."""
    rows = Proposal.objects.within(request.user.scope_on(request.today, VIEW))
    found = get_object_or_404(rows.select_related("round__county", "made_by", "based_on"), pk=pk)
    if permission != VIEW:
        request.user.require(permission, request.now, found)
    return found


def need_seen(request: Request, pk) -> Need:
    """A need somebody may fill in or see the whole round of."""
    user, day = request.user, request.today
    rows = Need.objects.within(user.scope_on(day, VIEW) | user.scope_on(day, NEED))
    return get_object_or_404(rows.select_related("round", "village__township", "village__county"), pk=pk)


def quota_seen(request: Request, pk) -> Quota:
    """A unit's quota, by whoever keeps the round."""
    rows = Quota.objects.within(request.user.scope_on(request.today, VIEW))
    return get_object_or_404(rows.select_related("round", "unit"), pk=pk)


def candidate_seen(request: Request, pk) -> Candidate:
    """Somebody put forward, by the county or by their unit."""
    user, day = request.user, request.today
    rows = Candidate.objects.within(user.scope_on(day, VIEW) | user.scope_on(day, CANDIDATE))
    return get_object_or_404(rows.select_related("round", "person", "unit", "spouse", "preference"), pk=pk)


def line_seen(proposal: Proposal, code: str) -> Line:
    """One village of a proposal that was found already."""
    rows = proposal.lines.select_related("village__township", "unit")
    return get_object_or_404(rows, village=code)


def adopted_of(round: Round) -> Proposal | None:
    """The proposal that was approved, if any."""
    return round.proposals.filter(adopted=True).first()


def lines_decided(request: Request, round: Round) -> QuerySet[Line]:
    """Approved teams of the area: of its villages, led by its unit, or with people of its unit."""
    scope = part_of(request)
    sent = Seat.objects.within(scope).filter(line=OuterRef("pk"))
    return Line.objects.filter(
        scope.condition(Line) | Exists(sent), proposal__round=round, proposal__adopted=True
    ).select_related("village__township", "unit", "proposal")


def seat_seen(request: Request, pk) -> Seat:
    """An approved seat: one's own, or of the area one sees rounds of."""
    user, day = request.user, request.today
    scope = user.scope_on(day, VIEW) | user.scope_on(day, NEED) | user.scope_on(day, CANDIDATE)
    rows = Seat.objects.filter(proposal__adopted=True).filter(scope.condition(Seat) | Q(candidate__person__user=user))
    paths = ("line__village__township", "line__unit", "candidate__person", "candidate__unit", "proposal__round")
    return get_object_or_404(rows.select_related(*paths), pk=pk)


def objection_seen(request: Request, pk) -> Objection:
    """An objection the county office may answer."""
    rows = Objection.objects.within(request.user.scope_on(request.today, EDIT))
    paths = ("seat__line__village", "seat__candidate__person", "seat__proposal__round", "raised_by")
    return get_object_or_404(rows.select_related(*paths), pk=pk)


def only_when_open(round: Round) -> None:
    """404 for pages that make no sense any more once a round is decided."""
    if not round.is_open:
        raise Http404("这一批已经办完，不能再改。")
