"""Loading what the reader may see; strangers to a row get 404, readers without the right 403 with a sentence."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404

from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit, Village
from zhucun.base.people.models import Person, Record
from zhucun.work.teams.models import Handover, Posting, Team, people_seen_by

VIEW = "teams.view"


def scope_of(request: Request, permission: str = VIEW) -> Scope:
    """Where the reader may do that today; refuses whoever may do it nowhere."""
    scope = request.user.scope_on(request.today, permission)
    if not scope:
        raise PermissionDenied("您的账号现在没有查看这一页的职责。如果确实需要，请联系县驻村办或安全管理员。")
    return scope


def own_scope(request: Request, permission: str = VIEW) -> Scope:
    """The same for pages of one row: who sees nothing finds nothing."""
    return request.user.scope_on(request.today, permission)


def manages(scope: Scope) -> bool:
    """Whether the reader manages people (county, township, unit); team mates see who and when, but no causes or numbers."""
    return scope.everything or bool(scope.county or scope.township or scope.unit)


def may(request: Request, permission: str, row: Any = None) -> bool:
    """Whether to offer a step on a page."""
    return request.user.may(permission, request.today, row)


def team_seen(request: Request, pk) -> Team:
    """A team in the reader's area."""
    teams = Team.objects.seen_by(own_scope(request)).select_related("village__township", "lead_unit", "county")
    return get_object_or_404(teams, pk=pk)


def posting_seen(request: Request, pk) -> Posting:
    """A posting in the reader's area."""
    rows = Posting.objects.within(own_scope(request))
    return get_object_or_404(rows.select_related("person", "unit", "team__village__township", "team__lead_unit"), pk=pk)


def handover_seen(request: Request, pk) -> Handover:
    """A hand-over list in the reader's area."""
    rows = Handover.objects.within(own_scope(request))
    paths = ("posting__person", "posting__unit", "posting__team__village__township", "receiver__person")
    return get_object_or_404(rows.select_related(*paths), pk=pk)


def is_self(request: Request, person: Person) -> bool:
    """Whether the page is about the reader."""
    return person.user_id is not None and person.user_id == request.user.pk


def person_seen(request: Request, pk) -> Person:
    """A person in the reader's area, or the reader."""
    seen = people_seen_by(own_scope(request, "people.view")).values("pk")
    return get_object_or_404(
        Person.objects.filter(Q(pk__in=seen) | Q(user=request.user)).select_related("county"), pk=pk
    )


def record_seen(request: Request, pk) -> Record:
    """A person's record for which the reader may fill in review sheets."""
    rows = Record.objects.within(own_scope(request, "teams.review_edit"))
    return get_object_or_404(rows.select_related("person", "unit"), pk=pk)


def village_seen(request: Request, code: str) -> Village:
    """A village in the reader's area, or one with a team that the reader sees."""
    scope = own_scope(request)
    teams = Team.objects.seen_by(scope).filter(village=OuterRef("pk"))
    rows = Village.objects.filter(scope.condition(Village) | Exists(teams)).select_related("township", "county")
    return get_object_or_404(rows, pk=code)


def unit_seen(request: Request, pk) -> Unit:
    """A unit in the reader's area, or one that sent somebody or leads a team there."""
    scope = own_scope(request)
    sent = Posting.objects.within(scope).filter(unit=OuterRef("pk"))
    leads = Team.objects.seen_by(scope).filter(Q(lead_unit=OuterRef("pk")) | Q(partners=OuterRef("pk")))
    return get_object_or_404(Unit.objects.filter(scope.condition(Unit) | Exists(sent) | Exists(leads)), pk=pk)


def area_name(scope: Scope) -> str:
    """The name for the head of a paper: the county, the township or the unit the list is about; empty when several."""
    for keys, model in (
        (scope.county, Division),
        (scope.township, Division),
        (scope.village, Village),
        (scope.unit, Unit),
    ):
        if keys:
            return model.objects.get(pk=next(iter(keys))).name if len(keys) == 1 else ""
    return ""
