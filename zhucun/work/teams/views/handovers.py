"""交接清单: the list, filling one in, printing it for the three signatures."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.teams import actions
from zhucun.work.teams.forms.handovers import HandoverForm, filled, lines_of
from zhucun.work.teams.models import Handover, HandoverItem
from zhucun.work.teams.rules import TeamsPolicy

from . import links
from .seen import handover_seen, may, scope_of

EMPTY = Empty("还没有交接清单", "有人期满、调整或召回离任时，系统会自动建一份，不用另外新建。")


@login_required
@require_safe
def handovers(request: Request) -> HttpResponse:
    """Hand-over lists of everybody who left by the day looked at, open ones first."""
    rows = Handover.objects.within(scope_of(request)).filter(posting__end__lte=request.day + ONE_DAY)
    rows = rows.select_related("posting__person", "posting__team__village__township", "receiver__person").annotate(
        lines=Count("items"), handed=Count("items", filter=Q(items__done=True))
    )
    return answer(request, _table(request), rows, context={"pretitle": "日常管理"}, on_export=note_export)


def _table(request: Request) -> Table:
    days = policy.on(request.day, TeamsPolicy).handover_days * ONE_DAY

    def state(handover: Handover) -> str:
        if handover.signed_on:
            return "已签字"
        return "已超期" if handover.posting.last_day + days < request.day else "办理中"

    return Table(
        "handovers", "交接清单",
        columns=(
            Column("person", "离任人员", "posting.person.name", sort="posting__person__name", link=lambda row: reverse("teams:handover", args=[row.pk])),
            Column("team", "工作队", "posting.team", sort="posting__team__number", link=lambda row: links.team(row.posting.team_id)),
            Column("township", "乡镇", "posting.team.village.township.name", sort="posting__team__village_id"),
            Column("ending", "离任方式", "posting.ending", kind="badge"),
            Column("last_day", "离任日期", "posting.last_day", sort="posting__end", kind="date"),
            Column("due", "应签字日期", lambda row: row.posting.last_day + days, sort="posting__end", kind="date"),
            Column("handed", "已交接", lambda row: f"{row.handed} / {row.lines} 项" if row.lines else "未填写"),
            Column("receiver", "接收人", lambda row: row.receiver and row.receiver.person),
            Column("signed_on", "签字日期", sort="signed_on", kind="date"),
            Column("state", "状态", state, kind="badge", tone=lambda row: {"已签字": "green", "已超期": "red"}.get(state(row), "yellow")),
        ),
        filters=(
            Filter("state", "状态", (("open", "未签字"), ("late", "已超期"), ("signed", "已签字")), lambda rows, value: rows.filter(
                {"open": Q(signed_on=None), "signed": Q(signed_on__isnull=False),
                 "late": Q(signed_on=None, posting__end__lte=request.day - days)}[value])),
        ),
        search=("posting__person__name", "posting__team__village__name", "posting__team__number"), search_hint="姓名、村或工作队编号",
        order=(F("signed_on").desc(nulls_first=True), "posting__end"), empty=EMPTY,
    )  # fmt: skip


@login_required
def handover(request: Request, pk) -> HttpResponse:
    """One list: filled in by whoever may, read by whoever sees it, printed with `?format=print`."""
    row = handover_seen(request, pk)
    context = {
        "handover": row,
        "posting": row.posting,
        "title": f"交接清单：{row.posting.person}",
        "pretitle": str(row.posting.team),
    }
    if request.GET.get("format") == "print":
        return render(
            request, "teams/handover_paper.html", context | {"title": "驻村工作交接清单", "groups": _groups(row)}
        )
    if not may(request, "teams.handover_edit", row):
        if request.method == "POST":
            request.user.require("teams.handover_edit", request.now, row)
        return render(request, "teams/handover_read.html", context | {"groups": _groups(row)})
    form, lines = HandoverForm(request.POST or None, handover=row), lines_of(row, request.POST or None)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            actions.fill_handover(
                handover=row, fields=form.cleaned_data, items=filled(lines), by=request.user, at=request.now
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, reverse("teams:handover", args=[pk]), "交接清单已保存。")
    days = policy.on(request.today, TeamsPolicy, area=row.posting.team.village_id).handover_days
    context |= {
        "form": form,
        "lines": lines,
        "submit": "保存",
        "cancel_url": reverse("teams:handovers"),
        "due": row.posting.last_day + days * ONE_DAY,
    }
    return render(request, "teams/handover.html", context)


def _groups(row: Handover) -> list[tuple[str, list[HandoverItem]]]:
    """The lines by kind, every kind of the form named even where nothing is handed over."""
    items = list(row.items.all())
    return [(label, [item for item in items if item.kind == kind]) for kind, label in HandoverItem.Kind.choices]
