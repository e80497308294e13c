"""出勤汇总: 考勤月表 of a team or of all teams of a township, a township's and the county's months, a unit's people."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period, parse
from zhucun.base.web.excel import attachment
from zhucun.base.web.tables import Empty
from zhucun.work.attendance.figures import DAYS_A_MONTH
from zhucun.work.attendance.rules import AttendancePolicy
from zhucun.work.attendance.sight import (
    VIEW,
    counties_seen,
    kind_told,
    month_in_path,
    stays_seen,
    team_seen,
    teams_in,
    townships_seen,
    units_seen,
)  # fmt: skip
from zhucun.work.attendance.summaries import county, papers, township, units
from zhucun.work.attendance.summaries.sheet import FOOT, LEAVES, LEGEND, NOTE, TeamSheet, sheets
from zhucun.work.attendance.summaries.wholes import is_month
from zhucun.work.teams.models import Team

YEARS = 3
NOTHING = Empty("这个期间没有在任的驻村人员", "请换一个期间；任职在专门台账里登记。")
PARTS = ("", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", *(f"-{month:02}" for month in range(1, 13)))


@dataclass(frozen=True)
class Paper:
    """What leaves the system, for the journal: its title."""

    title: str


# -- 考勤月表 -------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def month_sheet(request: Request, month: str, pk) -> HttpResponseBase:
    """考勤月表 of one team: as page, Excel and on paper."""
    period, team = month_in_path(month), team_seen(request, pk)
    found = _sheets(request, [team], period)
    if not found:
        raise Http404("这个月在您的范围里，这支工作队没有在任人员。")
    return _sheets_answer(
        request, found, f"{team}考勤月表", f"{team}{period.label}考勤月表", "attendance/month_sheet.html"
    )


@login_required
@require_safe
def month_sheets(request: Request, month: str, code: str) -> HttpResponseBase:
    """考勤月表 of all teams of a township, in one print run or one workbook."""
    period = month_in_path(month)
    teams = list(teams_in(request, period).filter(village__township=code))
    found = _sheets(request, teams, period)
    if not found:
        raise Http404("这个月在您的范围里，这个乡镇没有在任人员。")
    title = f"{teams[0].village.township}{period.label}考勤月表"
    return _sheets_answer(request, found, "考勤月表", title, "attendance/month_sheet_print.html")


def _sheets(request: Request, teams: Sequence[Team], month: Period) -> list[TeamSheet]:
    if month.start > request.day:
        raise Http404("这个月还没有到。")
    return sheets(teams, stays_seen(request, teams, month), month, request.day, kind_told(request))


def _sheets_answer(request: Request, found: list[TeamSheet], title: str, full: str, template: str) -> HttpResponseBase:
    context = {
        "sheets": found, "sheet": found[0], "leaves": [name for name, _ in LEAVES], "legend": LEGEND, "note": NOTE,
        "foot": FOOT, "title": title, "pretitle": found[0].month.label, "paper": Paper(full), "month": found[0].month,
    }  # fmt: skip
    people = sum(len(sheet.rows) for sheet in found)
    if request.GET.get("format") == "xlsx":
        note_export(request, context["paper"], people)
        return attachment(papers.month_sheets(found), f"{full}.xlsx")
    if request.GET.get("format") == "print" or template.endswith("_print.html"):
        note_export(request, context["paper"], people)
        return render(request, "attendance/month_sheet_print.html", context)
    return render(request, template, context)


# -- 汇总 -----------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def summaries(request: Request) -> HttpResponseBase:
    """The summary of what one looks after: the county's, a township's, a unit's, or the sheet of one's own team."""
    if counties_seen(request):
        return redirect("attendance:county_summary")
    if townships_seen(request):
        return redirect("attendance:township_summary")
    if request.user.scope_on(request.today, VIEW).unit:
        return redirect("attendance:unit_summary")
    period = _periods(request)[1]
    team = teams_in(request, period).first()
    if team is None:
        raise PermissionDenied("您的账号没有可以汇总的范围；驻村工作队员自己的出勤在“我的出勤”里。")
    return redirect("attendance:month_sheet", month=period.name, pk=team.pk)


@login_required
@require_safe
def township_summary(request: Request) -> HttpResponseBase:
    """乡镇月度出勤汇总表, for a month, quarter, half-year or year."""
    known = townships_seen(request)
    town = next((one for one in known if one.pk == request.GET.get("township")), known[0] if known else None)
    if town is None:
        raise PermissionDenied("乡镇出勤汇总由县驻村办和乡镇查看，您的账号没有乡镇的范围。")
    years, period = _periods(request)
    found = township.summary(town, period, request.day)
    full = f"{town.name}{period.label}出勤汇总表"
    context = _context(request, years, period, full) | {
        "summary": found, "town": town, "towns": known, "title": "乡镇出勤汇总", "pretitle": town.name, **_rule(period, town.pk),
    }  # fmt: skip
    return _answer(
        request, context, "township", len(found.lines), lambda: papers.township(found, _preface(full, period))
    )


@login_required
@require_safe
def county_summary(request: Request) -> HttpResponseBase:
    """县汇总, township by township, with the year's months as a picture."""
    scope = counties_seen(request)
    if not scope:
        raise PermissionDenied("县出勤汇总由县驻村办、县领导等查看，您的账号没有全县的范围。")
    years, period = _periods(request)
    if request.GET.get("part") == "picture":  # asked for by the page, once its table is there
        here = reverse("attendance:county_summary")
        chart = county.picture(scope, period, lambda name: f"{here}?period={name}")
        return render(request, "attendance/_picture.html", {"chart": chart})
    more = [import_string(path) for path in settings.ZHUCUN_ATTENDANCE_COLUMNS]
    found = county.summary(scope, period, request.day, more)
    full = f"{'各县' if found.several else Division.objects.get(pk=min(scope.county)).name}{period.label}出勤汇总表"
    context = _context(request, years, period, full) | {
        "summary": found, "heads": papers.county_heads(found), "title": "县出勤汇总", **_rule(period, next(iter(sorted(scope.county)))),
        "lines": [(town, papers.reported(town, found)) for town in found.towns], "whole": papers.reported(found.total, found),
    }  # fmt: skip
    return _answer(request, context, "county", len(found.towns), lambda: papers.county(found, _preface(full, period)))


@login_required
@require_safe
def unit_summary(request: Request) -> HttpResponseBase:
    """派出单位版: a unit's people, month by month over a year."""
    years = sorted({one[:4] for one, *_ in _choices(request)}, reverse=True)
    year = _cut(request, request.GET.get("year", "") if request.GET.get("year", "") in years else years[0])
    known = list(units_seen(request, year))
    unit = next((one for one in known if str(one.pk) == request.GET.get("unit")), known[0] if known else None)
    if unit is None:
        raise PermissionDenied("您的账号没有可以查看的派出单位，或者这一年没有单位派出人员。")
    found = units.summary(unit, year, request.day)
    full = f"{unit.name}{year.label}出勤汇总表"
    context = {
        "summary": found, "unit": unit, "units": known, "year": year.name, "years": years, "title": "派出单位出勤汇总", "pretitle": unit.name,
        "paper": Paper(full), "months": range(1, 13), "period": year,
    }  # fmt: skip
    return _answer(request, context, "unit", len(found.lines), lambda: papers.unit(found, _preface(full, year)))


def _answer(request: Request, context: dict, name: str, rows: int, workbook) -> HttpResponseBase:
    """The page, its print view, or its workbook; what leaves the system is noted."""
    wanted = request.GET.get("format")
    query = request.GET.copy()
    query.pop("format", None)
    context["query"] = f"?{query.urlencode()}&" if query else "?"
    if wanted in {"xlsx", "print"}:
        note_export(request, context["paper"], rows)
    if wanted == "xlsx":
        return attachment(workbook(), f"{context['paper'].title}.xlsx")
    suffix = "_print" if wanted == "print" else ""
    return render(request, f"attendance/{name}_summary{suffix}.html", context)


def _context(request: Request, years, period: Period, full: str) -> dict:
    return {
        "years": years,
        "period": period,
        "paper": Paper(full),
        "is_month": is_month(period),
        "nothing": NOTHING,
    }


def _preface(full: str, period: Period) -> list[str]:
    return [full, f"{period.start} 至 {period.until}"]


def _rule(period: Period, area: str) -> dict:
    """The number of days the period is measured by, and the clause it rests on."""
    numbers = policy.on(period.until, AttendancePolicy, area=area)
    return {"numbers": numbers, "clause": policy.clause_of(period.until, DAYS_A_MONTH, area)}


# -- periods --------------------------------------------------------------------------------------------------------


def _choices(request: Request) -> list[tuple[str, str]]:
    """Every period that has begun by the day looked at, of this year and those before, newest year first."""
    last = request.day.year
    periods = [parse(f"{year}{part}") for year in range(last, last - YEARS, -1) for part in PARTS]
    return [(one.name, one.label) for one in periods if one.start <= request.day]


def _periods(request: Request) -> tuple[list[tuple[str, list[tuple[str, str]]]], Period]:
    """The choices by year, and the one asked for: the last whole month without one."""
    choices = _choices(request)
    names = [name for name, _ in choices]
    first = request.day.replace(day=1)
    last_month = f"{first.year - (first.month == 1)}-{(first.month - 2) % 12 + 1:02}"
    asked = request.GET.get("period", "").upper()
    years: dict[str, list[tuple[str, str]]] = {}
    for name, label in choices:
        years.setdefault(f"{name[:4]}年", []).append((name, label))
    return list(years.items()), _cut(request, asked if asked in names else last_month)


def _cut(request: Request, name: str) -> Period:
    period = parse(name)
    return period.to(request.day) if request.day in period else period
