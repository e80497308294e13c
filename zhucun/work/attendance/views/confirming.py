"""乡镇确认: a team's month as it stands, what to look at first, the signature on the paper, one button; then the next team."""

import json
from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from zhucun.base.access.request import Request
from zhucun.base.journal.journal import history
from zhucun.base.timeline.periods import Period
from zhucun.base.web.pages import done, refused
from zhucun.work.attendance import matrix, months
from zhucun.work.attendance.actions import marks as actions
from zhucun.work.attendance.forms.grid import LEGEND
from zhucun.work.attendance.hints.gathering import hints_of
from zhucun.work.attendance.hints.sheet import Code, Hint
from zhucun.work.attendance.models import Leave
from zhucun.work.attendance.months import Step, TeamMonth
from zhucun.work.attendance.sight import (
    CONFIRM,
    CORRECT,
    FILL,
    RECORD,
    managed,
    may,
    month_in_path,
    readings_of,
    team_seen,
    teams_in,
)
from zhucun.work.teams.models import Team

from .grid import lines_seen
from .leave_asking import record_url
from .months import lines_of

LONGEST = 200


@login_required
def confirm(request: Request, month: str, pk) -> HttpResponse:
    """One team's month: confirmed by the township, read by everybody who sees the team."""
    period, team = month_in_path(month), team_seen(request, pk)
    hints = hints_of([team], period, request.today)[team.pk] if may(request, CORRECT, team) else []
    wrong: list[str] = []
    if request.method == "POST":
        seen = [hint for hint in hints if f"hint-{hint.key}" in request.POST]
        told = {hint.sentence: request.POST[f"hint-{hint.key}"].strip()[:LONGEST] for hint in seen}
        try:
            if "stamp" in request.POST and len(seen) < len(hints):
                raise ValidationError("刚刚有了新的提示，请看过再确认。")
            n = actions.confirm(team=team, month=period, signed="signed" in request.POST, answers=told,
                                stamp=request.POST.get("stamp", ""), by=request.user, at=request.now)  # fmt: skip
        except ValidationError as refusal:
            wrong = refusal.messages
        else:
            return _onwards(request, period, team, n)
    return render(request, "attendance/confirm.html", _context(request, period, team, hints, wrong))


def _context(request: Request, month: Period, team: Team, hints: list[Hint], wrong: list[str]) -> dict:
    rows = lines_seen(request, [team], month)
    if not rows and not may(request, CORRECT, team):
        raise PermissionDenied("您只能看自己和本单位人员的出勤。")
    line = months.team_months([team], month, request.today, {team.pk: [row.stay for row in rows]})[0]
    said = _said(team, month) if line.confirmed_on and may(request, CORRECT, team) else []
    later = _later(request, hints, said, rows, month) if line.confirmed_on else []
    hints = [] if line.confirmed_on else hints
    return {
        "team": team, "month": month, "title": f"{team.village}{month.label}出勤", "pretitle": f"{team.village.township}",
        "line": line, "columns": matrix.columns(month, request.today), "refused": wrong, "said": said, "later": later,
        "rows": [(row, _pointed(row, hints)) for row in rows], "signed": "signed" in request.POST,
        "hints": [(hint, request.POST.get(f"hint-{hint.key}", ""), _slip_url(request, hint, rows, month)) for hint in hints],
        "papers": readings_of(request, team, month) if line.pages_read else [],
        "may_confirm": may(request, CONFIRM, team), "may_fill": may(request, FILL, team),
        "due": months.due_days([team.village.township_id], month)[team.village.township_id],
        "confirmers": sorted({str(row.month.confirmed_by) for row in rows if row.month and row.month.confirmed_by}),
        "back_url": _back(request, month, team), "legend": LEGEND, "linked": bool(managed(request)),
    }  # fmt: skip


def _back(request: Request, month: Period, team: Team) -> str:
    if may(request, "attendance.leave_as_county"):
        return reverse("attendance:township", args=[month.name, team.village.township_id])
    return reverse("attendance:month", args=[month.name])


def _pointed(row: matrix.Row, hints: list[Hint]) -> set[int]:
    """The days of a line some hint is about."""
    own = {row.stay.person.pk, None}
    return {day for hint in hints if hint.person in own and not hint.is_information for day in hint.days}


def _slip_url(request: Request, hint: Hint, rows: list[matrix.Row], month: Period) -> str:
    """Where the slip a hint misses is written down, with the person, the days in a row and the kind filled in."""
    if hint.code not in (Code.NO_SLIP, Code.NO_NOTICE) or not may(request, RECORD):
        return ""
    marks = next((row.kept for row in rows if row.stay.person.pk == hint.person), "")
    first = last = min(hint.days)
    symbol = marks[first - 1 : first]
    while last + 1 in hint.days and marks[last : last + 1] == symbol:
        last += 1
    assert hint.person is not None
    days = month.start.replace(day=first), month.start.replace(day=last)
    return record_url(hint.person, Leave.kind_of(symbol), *days, request.get_full_path())


def _later(request: Request, hints: list[Hint], said: list, rows: list[matrix.Row], month: Period) -> list[tuple]:
    """Hints that nobody was shown at the confirmation: each with where it is put right, and where a slip is written down."""
    shown = {sentence for sentence, _ in said}
    months = {row.stay.person.pk: row.month for row in rows}
    found = []
    for hint in hints:
        row = months.get(hint.person)
        if hint.sentence not in shown and not hint.is_information:
            url = reverse("attendance:person_month", args=[row.pk]) if row else ""
            found.append((hint, url, _slip_url(request, hint, rows, month)))
    return found


def _said(team: Team, month: Period) -> list[tuple[str, str]]:
    """The hints shown at the confirmation and what was answered, as the journal keeps them."""
    for entry in history(team).filter(action="attendance.confirmed"):
        data: Mapping = json.loads(entry.data)
        if data.get("month") == month.name:
            return list(data.get("hints", {}).items())
    return []


def _onwards(request: Request, month: Period, team: Team, n: int) -> HttpResponse:
    """To the next team of the township that can be confirmed now, else back to the month."""
    said = f"{team}{month.label}出勤已确认，共 {n} 人。" if n else f"{team}{month.label}出勤早已确认，没有变化。"
    teams = months.unconfirmed(teams_in(request, month, CONFIRM), month).filter(
        village__township=team.village.township_id
    )
    lines = months.team_months(list(teams), month, request.today)
    ready = [line for line in lines if line.step is Step.CONFIRM]
    after = [line for line in ready if _place(line) > (team.village_id, team.number)]
    following = next(iter([*after, *ready]), None)
    if following is None:
        left = f"还有 {len(lines)} 支队要先录入或核对。" if lines else "本乡镇这个月全部确认完毕。"
        return done(request, reverse("attendance:month", args=[month.name]), said + left)
    said += f"下面是{following.team.village}，还有 {len(ready)} 支队可以确认。"
    return done(request, reverse("attendance:confirm", args=[month.name, following.team.pk]), said)


def _place(line: TeamMonth) -> tuple[str, str]:
    return line.team.village_id, line.team.number


@login_required
@require_POST
def confirm_many(request: Request, month: str) -> HttpResponse:
    """Confirm the ticked teams, if they still have neither open cells nor hints."""
    period = month_in_path(month)
    back = reverse("attendance:month", args=[period.name])
    asked = set(request.POST.getlist("team"))
    lines = [line for line in lines_of(request, teams_in(request, period), period) if str(line.team.pk) in asked]
    if not lines:
        request.user.require(CONFIRM, request.now)
        return refused(request, back, ["请先勾选要确认的工作队。"])
    doubtful = [str(line.team) for line in lines if not line.is_ready and not line.confirmed_on]
    if doubtful:
        said = f"{'、'.join(doubtful)}有空白或新的提示，请打开逐队确认；这一批都还没有确认。"
        return refused(request, back, [said])
    try:
        stamps = {line.team: request.POST.get(f"stamp-{line.team.pk}", "") for line in lines}
        actions.confirm_many(
            stamps=stamps, month=period, signed="signed" in request.POST, by=request.user, at=request.now
        )
    except ValidationError as refusal:
        return refused(request, back, refusal.messages)
    return done(request, back, f"已确认 {len(lines)} 支队的{period.label}出勤。")
