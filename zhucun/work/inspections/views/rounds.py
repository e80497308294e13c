"""The list of rounds, a round's plan, and how it moves on."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division
from zhucun.base.web.pages import done, refused
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.inspections.actions import rounds as actions
from zhucun.work.inspections.forms.rounds import ReasonForm, RoundForm
from zhucun.work.inspections.models import Finding, Round
from zhucun.work.inspections.rules import RoundStatus
from zhucun.work.inspections.sight import PLAN, area_of, findings_seen, may, round_seen, rounds_seen, visits_seen

TONES = {"planned": "yellow", "underway": "blue", "closed": "green", "cancelled": "gray"}
DONE = {
    "underway": "督查已开始，核查单可以录入。", "closed": "督查已结束，下一步可以起草督查通报。", "cancelled": "督查已取消。",
}  # fmt: skip


@login_required
@require_safe
def rounds(request: Request) -> HttpResponse:
    """Rounds within sight, with how far each is."""
    rows = rounds_seen(request)
    if "year" not in request.GET and not request.GET.get("q"):
        rows = rows.filter(held_on__year__gte=request.today.year - 2)
    rows = rows.annotate(
        villages=_counted(visits_seen(request)), entered=_counted(visits_seen(request).filter(entered_at__isnull=False)),
        found=_counted(findings_seen(request).exclude(state=Finding.State.WITHDRAWN)),
        left=_counted(findings_seen(request).filter(state=Finding.State.OPEN)),
    )  # fmt: skip
    context = {"pretitle": "日常管理", "may_plan": may(request, PLAN)}
    return answer(request, _table(request), rows, template="inspections/rounds.html", context=context, on_export=note_export)  # fmt: skip


def _counted(rows: QuerySet) -> Subquery:
    own = rows.filter(round=OuterRef("pk")).select_related(None).order_by().values("round")
    return Subquery(own.annotate(n=Count("pk")).values("n"))


def _table(request: Request) -> Table:
    return Table(
        "rounds", "督查",
        columns=(
            Column("number", "督查编号", sort="number", link=lambda row: reverse("inspections:round", args=[row.pk])),
            Column("held_on", "日期", sort="held_on", kind="date"),
            Column("method", "方式", sort="method"),
            Column("group", "督查组", sort="group", kind="long"),
            Column("villages", "到村", lambda row: row.villages or 0, kind="number"),
            Column("entered", "已录核查单", lambda row: row.entered or 0, kind="number"),
            Column("found", "发现问题", lambda row: row.found or 0, kind="number"),
            Column("left", "未销号", lambda row: row.left or 0, kind="number"),
            Column("state", "状态", sort="state", kind="badge", tone=lambda row: TONES[row.state]),
            Column("purpose", "督查内容", kind="long", shown=False),
        ),
        filters=(
            Filter("year", "年度", _years, lambda rows, value: rows.filter(held_on__year=int(value)), everything="近三年"),
            Filter("state", "状态", Round.State.choices, lambda rows, value: rows.filter(state=value)),
            Filter("method", "方式", Round.Method.choices, lambda rows, value: rows.filter(method=value)),
        ),
        search=("number", "group", "purpose"), search_hint="编号、督查组或内容", order=("-held_on", "-number", "pk"),
        empty=Empty("还没有督查", "每次督查先建一个计划：定时间和方式，随机抽村或选村，打印核查单，到村以后录入。"),
    )  # fmt: skip


def _years(request: Request) -> list[tuple[str, str]]:
    years = rounds_seen(request).select_related(None).order_by().values_list("held_on__year", flat=True).distinct()
    return [(str(year), f"{year}年") for year in sorted(years, reverse=True)]


@login_required
def round_plan(request: Request) -> HttpResponse:
    """Plan a round."""
    counties = Division.objects.filter(pk__in=area_of(request, PLAN).county).order_by("pk")
    form = RoundForm(request.POST or None, counties=counties, initial={"held_on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.plan_round(by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(
                request, reverse("inspections:round", args=[row.pk]), f"计划 {row.number} 已建好，接下来确定到哪些村。"
            )
    context = {
        "form": form,
        "title": "新建督查",
        "pretitle": "督查",
        "submit": "建计划",
        "cancel_url": reverse("inspections:rounds"),
    }
    return render(request, "web/form_page.html", context)


@login_required
def round_change(request: Request, pk) -> HttpResponse:
    """Change the plan."""
    row = round_seen(request, pk)
    request.user.require(PLAN, request.now, row)
    kept = {name: getattr(row, name) for name in ("held_on", "method", "group", "purpose")}
    form = RoundForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_round(round=row, fields=form.cleaned_data, by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, reverse("inspections:round", args=[row.pk]), "已修改。")
    context = {
        "form": form,
        "title": f"修改 {row.number}",
        "pretitle": "督查",
        "cancel_url": reverse("inspections:round", args=[row.pk]),
    }
    return render(request, "web/form_page.html", context)


@login_required
@require_POST
def round_move(request: Request, pk) -> HttpResponse:
    """Begin a round, or close it."""
    row, to = round_seen(request, pk), request.POST.get("to", "")
    back = reverse("inspections:round", args=[row.pk])
    if to not in (RoundStatus.UNDERWAY, RoundStatus.CLOSED):
        return refused(request, back, ["没有这一步，请刷新页面。"])
    try:
        actions.move_round(round=row, to=to, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, back, refusal.messages)
    return done(request, back, DONE[to])


@login_required
def round_cancel(request: Request, pk) -> HttpResponse:
    """Cancel a plan, with the reason."""
    return _with_reason(
        request, pk, "cancelled", "取消这次督查", "取消后不能恢复，计划和抽取结果仍可查到。", danger=True
    )


@login_required
def round_reopen(request: Request, pk) -> HttpResponse:
    """Take up a round again that was closed, with the reason."""
    return _with_reason(request, pk, "underway", "重新打开这次督查", "重新打开后可以补录核查单。", danger=False)


def _with_reason(request: Request, pk, to: str, title: str, text: str, *, danger: bool) -> HttpResponse:
    row = round_seen(request, pk)
    request.user.require(PLAN, request.now, row)
    form = ReasonForm(request.POST or None)
    back = reverse("inspections:round", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_round(round=row, to=to, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, back, DONE[to])
    context = {
        "form": form,
        "title": title,
        "pretitle": row.number,
        "text": text,
        "submit": title,
        "cancel_url": back,
        "danger": danger,
    }
    return render(request, "web/confirm.html", context)
