"""整表录入: a month's marks filled in like a worksheet, one team or a whole township at a time; read where one may not fill."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division
from zhucun.base.timeline.periods import Period, months_after
from zhucun.base.web.pages import done
from zhucun.work.attendance import matrix
from zhucun.work.attendance.actions import marks as actions
from zhucun.work.attendance.forms.grid import KEYS, LEGEND, GridForm
from zhucun.work.attendance.roster import month_of
from zhucun.work.attendance.rules import SPELLINGS, SYMBOLS
from zhucun.work.attendance.sight import (
    FILL,
    VIEW,
    kind_told,
    managed,
    may,
    month_in_path,
    stays_seen,
    team_seen,
    teams_in,
)
from zhucun.work.teams.models import Team


@login_required
def team(request: Request, month: str, pk) -> HttpResponse:
    """One team's month: filled in by whoever may, read by everybody who sees the team."""
    found = team_seen(request, pk)
    period = month_in_path(month)
    context = {"team": found, "township": found.village.township}
    return _grid(request, period, [found], context | beside(request, period, "attendance:team", found.pk))


@login_required
def grid(request: Request, month: str) -> HttpResponse:
    """A whole township's month in one table, or one of its teams (`?team=`)."""
    period = month_in_path(month)
    teams = teams_in(request, period)
    towns = list(Division.objects.filter(pk__in=teams.order_by().values("village__township")))
    if not towns:
        raise PermissionDenied("您的范围里这个月没有工作队。")
    town = next((one for one in towns if one.pk == request.GET.get("township")), towns[0])
    choices = list(teams.filter(village__township=town))
    chosen = [one for one in choices if str(one.pk) == request.GET.get("team")]
    context = {"towns": towns, "township": town, "choices": choices, "team": chosen[0] if chosen else None}
    return _grid(
        request,
        period,
        chosen or choices,
        context | beside(request, period, "attendance:grid", keep=("township", "team")),
    )


def beside(request: Request, month: Period, name: str, *args, keep: Sequence[str] = ()) -> dict[str, str]:
    """The addresses of the same page a month earlier and later; nothing later than this month.

    `keep` names what was asked for and is asked for again.
    """
    before, after = (month_of(months_after(month.start, step)) for step in (-1, 1))
    asked = urlencode({key: request.GET[key] for key in keep if request.GET.get(key)})
    tail = f"?{asked}" if asked else ""
    return {
        "previous_url": reverse(name, args=[before.name, *args]) + tail,
        "next_url": reverse(name, args=[after.name, *args]) + tail if after.start <= request.today else "",
    }


def _grid(request: Request, month: Period, teams: Sequence[Team], context: dict) -> HttpResponse:
    """The table for these teams; a POST saves team by team, and what is refused stays as it was typed."""
    rows = lines_seen(request, teams, month)
    if not rows and not may(request, VIEW, teams[0]):
        raise PermissionDenied("您只能看自己和本单位人员的出勤。")
    wrong: list[str] = []
    if request.method == "POST":
        form = GridForm(request.POST, rows, month)
        saved, wrong = _saved(request, form, teams)
        if not wrong:
            return done(request, request.get_full_path(), f"已保存，改了 {saved} 人。" if saved else "没有改动。")
        rows = _again(lines_seen(request, teams, month), form)
    return render(request, "attendance/grid.html", context | _context(request, month, teams, rows, wrong))


def lines_seen(request: Request, teams: Sequence[Team], month: Period) -> list[matrix.Row]:
    """The lines somebody may see; of team mates the kind of leave is veiled."""
    rows, tells_kind = matrix.rows(teams, month, stays_seen(request, teams, month)), kind_told(request)
    for row in rows:
        if not tells_kind(row.stay):
            row.veil()
    return rows


def _saved(request: Request, form: GridForm, teams: Sequence[Team]) -> tuple[int, list[str]]:
    """How many lines were written, and why others were not; each team by itself, so that one does not hold up the rest."""
    saved, wrong = 0, list(form.strangers)
    for one in teams:
        if one.pk not in form.changed:
            request.user.require(FILL, request.now, one)
            continue
        said = form.wrong(one.pk)
        try:
            if not said:
                saved += actions.fill(team=one, month=form.month, rows=form.marks(one.pk), versions=form.seen(one.pk),
                                      by=request.user, at=request.now)  # fmt: skip
                del form.changed[one.pk]
        except ValidationError as refusal:
            said = refusal.messages
        wrong += said
    return saved, [*([f"其他 {saved} 人已经保存。"] if saved and wrong else []), *wrong]


def _again(rows: list[matrix.Row], form: GridForm) -> list[matrix.Row]:
    """The lines as they are kept now, with what was typed and refused in its place, marked as changed."""
    refused = {row.key for own in form.changed.values() for row in own}
    for row in rows:
        if row.key in refused and not row.is_locked:
            row.shown = form.over(row)
    return rows


def _context(request: Request, month: Period, teams: Sequence[Team], rows: list[matrix.Row], wrong: list[str]) -> dict:
    may_fill = {one.pk for one in teams if may(request, FILL, one)}
    open_rows = [row for row in rows if row.team.pk in may_fill and not row.is_locked]
    return {
        "month": month, "columns": matrix.columns(month, request.today), "groups": matrix.by_team(rows),
        "open_keys": {row.key for row in open_rows}, "may_save": bool(open_rows), "refused": wrong,
        "legend": LEGEND, "known": {"symbols": SYMBOLS, "spellings": SPELLINGS, "keys": KEYS},
        "title": f"{month.label}出勤{'录入' if open_rows else ''}", "several": len(teams) > 1, "linked": bool(managed(request)),
        "back_url": reverse("attendance:month", args=[month.name]),
    }  # fmt: skip
