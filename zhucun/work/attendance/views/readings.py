"""What was read: the list with its accuracy, one page beside its picture, and the pictures themselves."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division
from zhucun.base.web.pages import done, refused
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.attendance import readings as looking
from zhucun.work.attendance.actions import readings as actions
from zhucun.work.attendance.models import Reading
from zhucun.work.attendance.roster import month_named
from zhucun.work.attendance.sight import cell_picture_seen, reading_seen, readings_seen

TONES = {
    Reading.State.REFUSED: "red",
    Reading.State.OPEN: "yellow",
    Reading.State.DONE: "green",
    Reading.State.AGAIN: "blue",
    Reading.State.DROPPED: "gray",
}
EMPTY = Empty("还没有识读过记录本", "月底把填好的记录本扫描或拍照上传，系统读出每一格，看不准的再问您。")


def _table(request: Request) -> Table:
    months = (
        readings_seen(request)
        .exclude(page=None)
        .order_by("-page__month")
        .values_list("page__month", flat=True)
        .distinct()
    )
    choices = [(f"{month:%Y-%m}", f"{month.year}年{month.month}月") for month in months]
    towns = Division.objects.filter(pk__in=readings_seen(request).order_by().values("township"))
    return Table(
        "readings",
        "识读记录",
        columns=(
            Column("file", "文件", str, sort="file", link=lambda row: reverse("attendance:reading", args=[row.pk])),
            Column("team", "工作队", "page.team", sort="page__team__village__name"),
            Column("month", "月份", lambda row: f"{row.page.month:%Y-%m}" if row.page else "", sort="page__month", kind="date"),
            Column("part", "页", lambda row: f"{row.page.part}/{row.page.parts}" if row.page else "", kind="number"),
            Column("state", "结果", sort="state", kind="badge", tone=lambda row: TONES[Reading.State(row.state)]),
            Column("open", "待核对", lambda row: row.open or None, sort="open", kind="number"),
            Column("reason", "说明", lambda row: "；".join(filter(None, (row.reason, *row.warnings))), kind="long"),
            Column("township", "乡镇", sort="township__code", shown=False),
            Column("read_at", "识读时间", sort="read_at", kind="date"),
            Column("read_by", "上传人", "read_by.name", shown=False),
        ),
        filters=(
            Filter("state", "结果", Reading.State.choices, lambda rows, value: rows.filter(state=value)),
            Filter("month", "月份", choices, _of_month),
            *([Filter("township", "乡镇", [(town.pk, town.name) for town in towns],
                      lambda rows, value: rows.filter(township=value))] if len(towns) > 1 else ()),
        ),
        search=("file", "page__team__village__name", "page__team__number"),
        search_hint="文件名、村或工作队编号",
        order=("-read_at", "file", "number", "place"),
        empty=EMPTY,
    )  # fmt: skip


def _of_month(rows: QuerySet, name: str) -> QuerySet:
    return rows.filter(page__month=month_named(name).start)


@login_required
@require_safe
def readings(request: Request) -> HttpResponseBase:
    """Every page ever uploaded, and how often reading errs."""
    open_ones = Count("questions", filter=Q(questions__answered_at__isnull=True))
    rows = readings_seen(request).annotate(open=open_ones).defer("cells", "page__snapshot")
    months = looking.accuracy(readings_seen(request))
    context = {
        "pretitle": "出勤记录本", "accuracy": months[:12], "whole": looking.together(months),
        "waiting": readings_seen(request).filter(questions__answered_at__isnull=True, state=Reading.State.OPEN).count(),
    }  # fmt: skip
    return answer(
        request, _table(request), rows, template="attendance/readings.html", context=context, on_export=note_export
    )


@login_required
@require_safe
def reading(request: Request, pk) -> HttpResponse:
    """One page: its picture beside what was read; what differs when it was met before; why when it was refused."""
    found = reading_seen(request, pk)
    context = {
        "title": f"识读：{found}",
        "pretitle": "出勤记录本",
        "reading": found,
        "tone": TONES[Reading.State(found.state)],
    }
    if found.page is not None:
        context |= {
            "title": f"{found.page.team} {found.page.month.year}年{found.page.month.month}月",
            "rows": looking.rows_of(found), "days": [day["day"] for day in found.page.snapshot["days"]],
            "differences": looking.differences(found) if found.state == Reading.State.AGAIN else [],
            "open": found.questions.filter(answered_at__isnull=True).count(),
            "settled": actions.CONFIRMED if found.reason == actions.CONFIRMED else "",
        }  # fmt: skip
    return render(request, "attendance/reading.html", context)


@login_required
@require_POST
def reading_take(request: Request, pk) -> HttpResponse:
    """Take a page met before after all."""
    found = reading_seen(request, pk)
    try:
        asked = actions.take_again(reading=found, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, reverse("attendance:reading", args=[pk]), refusal.messages)
    if not asked:
        return done(request, reverse("attendance:reading", args=[pk]), "已采用，没有要核对的格子。")
    return done(request, f"{reverse('attendance:questions')}?reading={pk}", f"已采用，有 {asked} 个格子要您核对。")


@login_required
@require_POST
def reading_drop(request: Request, pk) -> HttpResponse:
    """Set a page aside."""
    found = reading_seen(request, pk)
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        actions.drop(reading=found, reason=reason, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, reverse("attendance:reading", args=[pk]), refusal.messages)
    return redirect("attendance:reading", pk)


@login_required
@require_safe
def page_picture(request: Request, pk) -> HttpResponseBase:
    """The straightened page."""
    found = reading_seen(request, pk)
    if not found.picture or not found.path.exists():
        raise Http404("这一页没有保存图片。")
    return _private(FileResponse(found.path.open("rb"), content_type="image/jpeg"))


@login_required
@require_safe
def cell_picture(request: Request, pk, person: str, day: int) -> HttpResponse:
    """One cell with its neighbours."""
    found, box = cell_picture_seen(request, pk, person, day)
    from zhucun.work.attendance.scan.cropping import cut_out  # noqa: PLC0415  OpenCV, only where pictures are asked for

    try:
        return _private(HttpResponse(cut_out(str(found.path), box), content_type="image/jpeg"))
    except (OSError, ValueError):
        raise Http404("这一页的图片不在了。") from None


def _private(response):
    """For this reader's eyes only, for a while: a page of questions asks for the same pictures again and again."""
    response.headers["Cache-Control"] = "private, max-age=600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
