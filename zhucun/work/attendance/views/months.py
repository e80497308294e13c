"""出勤: how far a month is, each in their own terms: a township's teams, the county's townships, a unit's people, one's team."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.models import Duty
from zhucun.base.access.permissions import Role
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division
from zhucun.base.timeline.periods import Period
from zhucun.base.web.tables import answer
from zhucun.work.attendance import months
from zhucun.work.attendance.hints.gathering import hints_of
from zhucun.work.attendance.months import Step, TeamMonth
from zhucun.work.attendance.sight import (
    CONFIRM,
    CORRECT,
    FILL,
    VIEW,
    may,
    month_asked,
    month_in_path,
    teams_in,
)  # fmt: skip
from zhucun.work.teams.models import Posting, Team

from .grid import beside
from .month_tables import Progress, people_table, team_table, township_table


@login_required
@require_safe
def latest(request: Request) -> HttpResponseBase:
    """The last whole month, or the one picked (`?month=`)."""
    month = month_asked(request)
    if "month" in request.GET and request.user.scope_on(request.today, VIEW):
        return redirect("attendance:month", month=month.name)
    return _shown(request, month)


@login_required
@require_safe
def month(request: Request, month: str) -> HttpResponseBase:
    """One month."""
    return _shown(request, month_in_path(month))


def _shown(request: Request, month: Period) -> HttpResponseBase:
    """The month as the reader's area asks for it: townships, teams, or people of a unit."""
    scope = request.user.scope_on(request.today, VIEW)
    if not scope:
        raise PermissionDenied("您的账号不看工作队的出勤；驻村工作队员自己的出勤在“我的出勤”里。")
    if scope.county:
        return _townships(request, month)
    if scope.township or scope.village:
        town = Division.objects.filter(pk__in=scope.township).first() if len(scope.township) == 1 else None
        return _teams(request, month, teams_in(request, month), town)
    return _people(request, month)


@login_required
@require_safe
def township(request: Request, month: str, code: str) -> HttpResponseBase:
    """One township's teams, opened from the county's list."""
    period = month_in_path(month)
    teams = teams_in(request, period).filter(village__township=code)
    town = Division.objects.filter(pk__in=teams.order_by().values("village__township")).first()
    if town is None:
        raise Http404("这个月在您的范围里没有这个乡镇的工作队。")
    return _teams(request, period, teams, town)


# -- teams -----------------------------------------------------------------------------------------------------------


def _teams(request: Request, month: Period, teams: QuerySet[Team], town: Division | None) -> HttpResponseBase:
    found = lines_of(request, months.staffed(teams, month), month)
    manages = may(request, CORRECT)
    ready = [line for line in found if line.is_ready and may(request, CONFIRM, line.team)]
    kept = months.is_kept(request.user.scope_on(request.today, VIEW), month)
    due = months.due_days([town.pk], month).get(town.pk) if town and kept else None
    context = _context(request, month, town) | {
        "lines": found, "ready": ready, "confirmed": sum(line.confirmed_on is not None for line in found), "due": due,
        "manages": manages, "may_fill": may(request, FILL), "left": _first_open(request, found),
        "late": due is not None and request.today > due and any(not line.confirmed_on for line in found),
    }  # fmt: skip
    rows = Team.objects.filter(pk__in=[line.team.pk for line in found]).select_related("village__township")
    table = team_table({line.team.pk: line for line in found}, month, manages)
    return answer(
        request, table, rows, template="attendance/months.html", context=context, on_export=note_export,
        filename=f"{town or ''}{month.label}出勤进度",
    )  # fmt: skip


def lines_of(request: Request, teams: QuerySet[Team], month: Period) -> list[TeamMonth]:
    """Every team's month, with hints for those who manage."""
    chosen = list(teams)
    found = months.team_months(chosen, month, request.today)
    if may(request, CORRECT) and month.start <= request.today:
        known = {line.team.pk: line.stays for line in found}
        hints = hints_of(chosen, month, request.today, known)
        for line in found:
            line.hints = hints[line.team.pk]
    return found


def _first_open(request: Request, lines: Sequence[TeamMonth]) -> TeamMonth | None:
    """The first team one may confirm now."""
    return next((line for line in lines if line.step is Step.CONFIRM and may(request, CONFIRM, line.team)), None)


# -- townships -------------------------------------------------------------------------------------------------------


def _townships(request: Request, month: Period) -> HttpResponseBase:
    """Every township in the order of its code: teams, how many are confirmed, how many of the others are late."""
    teams = months.staffed(teams_in(request, month), month)
    total, open_teams = months.by_township(teams), months.by_township(months.unconfirmed(teams, month))
    due = months.due_days(total, month)
    kept = months.is_kept(request.user.scope_on(request.today, VIEW), month)
    late = {town: n for town, n in open_teams.items() if kept and request.today > due[town]}
    n, left = sum(total.values()), sum(open_teams.values())
    context = _context(request, month, None) | {
        "all_teams": n, "confirmed": n - left, "late_towns": len(late), "due": min(due.values(), default=None) if kept else None,
    }  # fmt: skip
    rows = Division.objects.filter(pk__in=total).order_by("pk")
    table = township_table(
        month, Progress(total, open_teams, late, due, request.today > month.until, kept, _clerks(total, request.today))
    )
    return answer(
        request, table, rows, template="attendance/months.html", context=context, on_export=note_export,
        filename=f"{month.label}出勤进度",
    )  # fmt: skip


def _clerks(towns: Iterable[str], day: date) -> dict[str, str]:
    """By township: whom to ask about its months; one query."""
    rows = Duty.objects.on(day).filter(role=Role.TOWNSHIP, township__in=towns, user__is_active=True)
    found: dict[str, list[str]] = defaultdict(list)
    for duty in rows.select_related("user").order_by("start", "user__username"):
        found[str(duty.township_id)].append(str(duty.user))
    return {town: "、".join(dict.fromkeys(names)) for town, names in found.items()}


# -- people of a unit ------------------------------------------------------------------------------------------------


def _people(request: Request, month: Period) -> HttpResponseBase:
    """A unit's own people, one line each."""
    rows = Posting.objects.during(month).within(request.user.scope_on(request.today, VIEW))
    later = Posting.objects.during(month).filter(
        team=OuterRef("team"), person=OuterRef("person"), start__gt=OuterRef("start")
    )
    rows = rows.filter(~Exists(later)).select_related("person", "team__village__township", "unit")
    return answer(
        request, people_table(month), rows, template="attendance/months.html", context=_context(request, month, None),
        on_export=note_export, filename=f"{month.label}本单位人员出勤",
    )  # fmt: skip


# -- what every one of them shows ------------------------------------------------------------------------------------


def _context(request: Request, month: Period, town: Division | None) -> dict:
    """Title, the months before and after, and the way back to all townships."""
    down = town is not None and bool(request.user.scope_on(request.today, VIEW).county)
    name, args = ("attendance:township", [town.pk]) if town and down else ("attendance:month", [])
    return {
        "month": month, "town": town, "title": f"{month.label}出勤", "pretitle": str(town or ""),
        "this_month": f"{request.today:%Y-%m}", "up_url": reverse("attendance:month", args=[month.name]) if down else "",
        "begun": month.start <= request.today, "going_on": month.start <= request.today <= month.until,
    } | beside(request, month, name, *args)  # fmt: skip
