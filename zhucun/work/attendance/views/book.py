"""Printing the book: what was printed of a month and still holds, and the file for a month or a year."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.request import Request
from zhucun.base.timeline.periods import Period, months_after
from zhucun.base.web import pages
from zhucun.base.web.pages import refused
from zhucun.work.attendance import press
from zhucun.work.attendance.forms.book import PrintForm
from zhucun.work.attendance.jobs import JOBS, PRINT, Work
from zhucun.work.attendance.paging import Edition, editions
from zhucun.work.attendance.roster import month_named, month_of
from zhucun.work.attendance.sight import PRINT as MAY_PRINT
from zhucun.work.attendance.sight import READ as MAY_READ
from zhucun.work.attendance.sight import may, teams_in
from zhucun.work.teams.models import Team

AHEAD = timedelta(days=10)
"""From the last days of a month on, the next one is what people print."""
AT_ONCE = 12
"""Pages that are ready before anybody would look at a progress bar."""
DEAD = "排版中断了（可能是服务器重启）。请回到记录本再印一次。"


@login_required
@require_safe
def book(request: Request) -> HttpResponse:
    """The teams of a month: what was printed, when, by whom, and whether it still holds."""
    request.user.require(MAY_PRINT, request.now)
    month = _month(request)
    rows = editions(teams_in(request, month, MAY_PRINT), month)
    towns = sorted({row.team.village.township for row in rows}, key=lambda town: town.pk)
    chosen = next((town for town in towns if town.pk == request.GET.get("township", "")), None)
    shown = [row for row in rows if chosen in (None, row.team.village.township)]
    context = {
        "title": "出勤记录本", "month": month, "months": _months(month), "towns": towns if len(towns) > 1 else [], "chosen": chosen,
        "rows": [(row, *status(row)) for row in shown], "form": PrintForm(initial={"month": month.name, "township": chosen.pk if chosen else ""}),
        "provisional": any(row.provisional for row in shown), "stale": [row for row in shown if row.change],
        "people": sum(row.people for row in shown), "pages": sum(len(row.drafts) for row in shown),
        "may_read": may(request, MAY_READ),
    }  # fmt: skip
    return render(request, "attendance/book.html", context)


def _month(request: Request) -> Period:
    try:
        return month_named(request.GET.get("month", ""))
    except ValueError:
        return month_of(request.today + AHEAD)


def _months(month: Period) -> list[Period]:
    """The months to choose from: a year back and half a year ahead of the one shown."""
    return [month_of(months_after(month.start, n)) for n in range(6, -13, -1)]


@login_required
@require_POST
def book_print(request: Request) -> HttpResponse:
    """Make the file: at once when it is small, else in a process of its own."""
    request.user.require(MAY_PRINT, request.now)
    form = PrintForm(request.POST)
    if not form.is_valid():
        sentences = ["没有打印：请从记录本页面上选月份和工作队再印。", *form.errors.get("month", ())]
        return refused(request, reverse("attendance:book"), sentences)
    said = form.cleaned_data
    if said["month"].start.year > request.today.year + 1:
        return refused(request, reverse("attendance:book"), [f"{said['month'].label}还早，记录本最早在前一年印。"])
    teams = _teams(request, form)
    back = f"{reverse('attendance:book')}?month={said['month'].name}&township={said['township']}"
    if not teams:
        return refused(request, back, ["这个月没有您可以打印的工作队。"])
    work = Work.begun(
        PRINT, request.user, request.now, teams=[str(team.pk) for team in teams], months=form.months, cover=said["cover"],
        daily=said["daily"], kind=said["kind"] or "pdf", name=_file_name(form, teams), back=back,
    )  # fmt: skip
    if len(teams) * len(form.months) > AT_ONCE or said["daily"]:
        transaction.on_commit(work.launch)
    else:
        press.do_print(work, request.user, request.now)
    return redirect("attendance:book_made", work.id)


def _teams(request: Request, form: PrintForm) -> list[Team]:
    """The teams asked for among those one may print: one, a township's, or all."""
    said = form.cleaned_data
    found: dict[UUID, Team] = {}
    for name in form.months:
        rows = teams_in(request, month_named(name), MAY_PRINT)
        if said["only"]:
            rows = rows.filter(pk=said["only"])
        elif said["township"]:
            rows = rows.filter(village__township=said["township"])
        found |= {team.pk: team for team in rows}
    return list(found.values())


def _file_name(form: PrintForm, teams: list[Team]) -> str:
    month: Period = form.cleaned_data["month"]
    when = month.label if form.months == [month.name] else f"{month.start.year}年全年"
    towns = {team.village.township for team in teams}
    where = teams[0].village if len(teams) == 1 else next(iter(towns)) if len(towns) == 1 else teams[0].county
    return f"出勤记录本-{when}-{where}.{form.cleaned_data['kind'] or 'pdf'}"


def _own(request: Request, pk) -> Work:
    """A print job, for whoever asked for it."""
    request.user.require(MAY_PRINT, request.now)
    work = Work.found(pk)
    if work is None or work.stage != PRINT or work.user != str(request.user.pk):
        raise Http404("没有这份打印文件。文件只保留两天，请回到记录本重新生成。")
    return work


@login_required
@require_safe
def book_made(request: Request, pk) -> HttpResponse:
    """A print job as it stands: under way, made, or refused with its reasons."""
    work = _own(request, pk)
    failed = work.failed.split("\n") if work.failed else []
    if not work.over and JOBS.told(work.id)["dead"]:
        failed = [DEAD]
    context = {"title": "打印出勤记录本", "work": work, "failed": failed, "options": work.options}
    return render(request, "attendance/book_made.html", context)


@login_required
@require_safe
def book_progress(request: Request, pk) -> HttpResponse:
    """How far a print job is, asked by its page every second."""
    work = _own(request, pk)
    told = JOBS.told(work.id)
    url = reverse("attendance:book_made", args=[work.id]) if work.over or told["dead"] else ""
    return pages.progress(request, done=told["percent"], total=100, text=told["text"], finished_url=url)


@login_required
@require_safe
def book_file(request: Request, pk) -> HttpResponseBase:
    """The file a print job made."""
    work = _own(request, pk)
    if not work.over or not work.made.exists():
        raise Http404("文件还没有做好，或者已经清理了。请回到记录本重新生成。")
    kind = "application/zip" if work.options["kind"] == "zip" else "application/pdf"
    response = FileResponse(work.made.open("rb"), as_attachment=True, filename=work.options["name"], content_type=kind)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def status(row: Edition) -> tuple[str, str]:
    """How a team's month stands, with its tone."""
    if row.last is None:
        return "还没有印", "gray"
    return (f"{row.change}，请重印", "yellow") if row.change else ("已印，有效", "green")
