"""The history of a village and of a unit: teams and people over time."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.policy import policy
from zhucun.work.teams.models import Posting, Team
from zhucun.work.teams.rules import TeamsPolicy

from . import links
from .roster import CLASS_TONES
from .seen import manages, may, own_scope, unit_seen, village_seen
from .team_page import bar, line


@login_required
@require_safe
def village(request: Request, code: str) -> HttpResponse:
    """A village: its class and condition by date, and every team and person that ever was there."""
    found, scope, day = village_seen(request, code), own_scope(request), request.day
    teams = Team.objects.seen_by(scope).filter(village=found).select_related("lead_unit").order_by("start")
    postings = (
        Posting.objects.within(scope).filter(team__village=found).select_related("person", "unit", "team__village")
    )
    ordered = list(postings.order_by("start", "pk"))
    numbers = policy.on(day, TeamsPolicy, area=found.pk)
    context = {
        "village": found, "standing": found.standing_on(day), "standings": found.standings.order_by("-start"),
        "class_tones": CLASS_TONES,
        "tells": manages(scope), "teams": teams, "title": f"{found.name}驻村历史", "pretitle": f"{found.township} · {found.pk}",
        "people": [line(posting, numbers, day) for posting in reversed(ordered)],
        "bars": [_team_bar(team) for team in teams] + [bar(p, str(p.person), links.person(p.person_id)) for p in ordered],
        "may_open": may(request, "teams.edit", found) and not any(team.holds_on(day) for team in teams),
        "edit_url": _office("village_edit", found) if may(request, "directory.edit", found) else "",
        "class_url": _office("village_class", found) if may(request, "directory.edit", found) else "",
    }  # fmt: skip
    return render(request, "teams/village.html", context)


def _team_bar(team: Team) -> dict:
    return {
        "lane": f"工作队 {team.number}",
        "label": str(team.lead_unit),
        "start": team.start,
        "end": team.end,
        "tone": "gray",
        "url": links.team(team.pk),
    }


@login_required
@require_safe
def unit(request: Request, pk) -> HttpResponse:
    """A unit: whom it sent, the teams it leads or joins, and who is in charge there."""
    found, scope, day = unit_seen(request, pk), own_scope(request), request.day
    postings = (
        Posting.objects.within(scope).filter(unit=found).select_related("person", "unit", "team__village__township")
    )
    ordered = list(postings.order_by("start", "pk"))
    numbers = policy.on(day, TeamsPolicy)
    teams = Team.objects.seen_by(scope).select_related("village__township", "lead_unit")
    edits = may(request, "directory.unit_contact_edit", found) or may(request, "directory.edit", found)
    context = {
        "unit": found,
        "tells": manages(scope), "title": found.name, "pretitle": f"派出单位 · {found.get_category_display()}",
        "now": [line(p, numbers, day) for p in ordered if p.holds_on(day)],
        "former": [line(p, numbers, day) for p in reversed(ordered) if p.end and p.end <= day],
        "bars": [bar(p, str(p.person), links.person(p.person_id)) for p in ordered],
        "led": teams.filter(lead_unit=found).order_by("number"), "joined": teams.filter(partners=found).order_by("number"),
        "edit_url": _office("unit_edit", found) if edits else "",
    }  # fmt: skip
    return render(request, "teams/unit.html", context)


def _office(name: str, row) -> str:
    """The page of the county office where the directory is kept; empty in an installation without it."""
    try:
        return reverse(f"office:{name}", args=[row.pk])
    except NoReverseMatch:
        return ""
