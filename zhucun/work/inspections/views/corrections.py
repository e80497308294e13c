"""整改意见: what is to be put right, the reply, its verification by somebody else, and taking it up again."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Unit, Village
from zhucun.base.people.models import Person
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.inspections.actions import findings as actions
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.forms.findings import FindingForm, ReplyForm, RoundOrderForm, VerifyForm, WordsForm
from zhucun.work.inspections.models import Correction, Round
from zhucun.work.inspections.rules import is_overdue
from zhucun.work.inspections.sight import ENTER, ORDER, area_of, correction_seen, corrections_seen, round_seen
from zhucun.work.teams.models import Posting, Team

from .finding_page import CORRECTION_TONES, shown
from .round_page import county_towns


@login_required
@require_safe
def corrections(request: Request) -> HttpResponse:
    """Corrections within sight, what is due first."""
    rows = corrections_seen(request).select_related("finding", "township", "unit", "round")
    return answer(request, _table(request), rows, context={"pretitle": "问题台账"}, on_export=note_export)


def _late(row: Correction, day) -> bool:
    return row.state == Correction.State.ORDERED and is_overdue(row.due_on, None, day)


def _table(request: Request) -> Table:
    day = request.today
    ways: dict[str, Callable[[QuerySet], QuerySet]] = {
        "late": lambda rows: rows.filter(state=Correction.State.ORDERED, due_on__lt=day),
        "reply": lambda rows: rows.filter(state=Correction.State.ORDERED),
        "verify": lambda rows: rows.filter(state=Correction.State.REPLIED),
        "done": lambda rows: rows.filter(state=Correction.State.DONE),
    }
    labels = (("late", "逾期未回复"), ("reply", "待回复"), ("verify", "待核实"), ("done", "已完成"))
    return Table(
        "corrections", "整改意见",
        columns=(
            Column("number", "编号", sort="number", link=lambda row: reverse("inspections:correction", args=[row.pk])),
            Column("state", "状态", lambda row: "逾期未回复" if _late(row, day) else row.get_state_display(), sort="state", kind="badge", tone=lambda row: "red" if _late(row, day) else CORRECTION_TONES[row.state]),
            Column("text", "整改要求", kind="long"),
            Column("due_on", "整改期限", sort="due_on", kind="date"),
            Column("township", "乡镇", "township.name", sort="township"),
            Column("unit", "单位", "unit.name", sort="unit__name"),
            Column("finding", "问题", "finding.number", sort="finding__number", link=lambda row: reverse("inspections:finding", args=[row.finding_id]) if row.finding_id else ""),
            Column("done_on", "完成日期", sort="done_on", kind="date"),
            Column("round", "督查", "round.number", shown=False),
        ),
        filters=(Filter("state", "状态", labels, lambda rows, value: ways[value](rows)),),
        search=("number", "text"), search_hint="编号或要求", order=("due_on", "number", "pk"),
        empty=Empty("还没有整改意见", "在问题的页面上提出整改意见，责任乡镇和单位在这里回复。"),
    )  # fmt: skip


@login_required
@require_safe
def correction(request: Request, pk) -> HttpResponse:
    """One correction."""
    return _page(request, correction_seen(request, pk))


def _page(request: Request, row: Correction, **forms) -> HttpResponse:
    context = {
        "one": shown(request, row, forms), "finding": row.finding, "title": f"整改意见 {row.number}", "pretitle": row.round.number,
        "alone": True,
    }  # fmt: skip
    return render(request, "inspections/correction.html", context)


def _act(request: Request, pk, name: str, form, act: Callable, said: str) -> HttpResponse:
    row = correction_seen(request, pk)
    if form.is_valid():
        try:
            act(row)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            row = correction_seen(request, pk)
        else:
            there = ("finding", row.finding_id) if row.finding_id else ("correction", row.pk)
            return done(request, reverse(f"inspections:{there[0]}", args=[there[1]]), said)
    return _page(request, row, **{name: form})


@login_required
@require_POST
def correction_reply(request: Request, pk) -> HttpResponse:
    """回复整改情况."""
    form = ReplyForm(request.POST)
    return _act(
        request, pk, "reply", form,
        lambda row: actions.reply(correction=row, by=request.user, at=request.now, **form.cleaned_data), "已回复，等县里核实。",
    )  # fmt: skip


@login_required
@require_POST
def correction_verify(request: Request, pk) -> HttpResponse:
    """核实: accepted, or sent back."""
    form = VerifyForm(request.POST)
    said = "核实完成。" if request.POST.get("accepted") == "yes" else "已退回重改。"
    return _act(
        request, pk, "verify", form,
        lambda row: actions.verify(correction=row, by=request.user, at=request.now, **form.cleaned_data), said,
    )  # fmt: skip


@login_required
@require_POST
def correction_reopen(request: Request, pk) -> HttpResponse:
    """重新整改."""
    form = WordsForm(request.POST, label="重新整改的理由")
    return _act(
        request, pk, "reopen", form,
        lambda row: actions.reopen_correction(correction=row, by=request.user, at=request.now, **form.cleaned_data),
        "已要求重新整改，问题同时重新打开。",
    )  # fmt: skip


@login_required
def round_order(request: Request, pk) -> HttpResponse:
    """提出整改意见 about a round as a whole, to a township or a unit."""
    row = round_seen(request, pk)
    request.user.require(ORDER, request.now, row)
    form = RoundOrderForm(
        request.POST or None, towns=county_towns(row), units=Unit.objects.filter(county=row.county_id)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.order_correction(round=row, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, reverse("inspections:round", args=[row.pk]), f"整改意见 {made.number} 已提出。")
    return _form(request, row, form, "提整改意见", "提出")


@login_required
def round_finding(request: Request, pk) -> HttpResponse:
    """Write down a finding that stands on no on-site sheet."""
    row = round_seen(request, pk)
    request.user.require(ENTER, request.now, row)
    scope = area_of(request, ENTER)
    form = FindingForm(
        request.POST or None, towns=county_towns(row), villages=Village.objects.filter(county=row.county_id),
        people=Person.objects.filter(county=row.county_id).within(scope), units=Unit.objects.filter(county=row.county_id),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_findings(
                round=row, found=[_told(form.cleaned_data, row)], by=request.user, at=request.now
            )
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(
                request, reverse("inspections:finding", args=[made[0].pk]), f"问题 {made[0].number} 已记入台账。"
            )
    return _form(request, row, form, "记录问题", "记入台账")


def _told(data: dict, row: Round) -> Found:
    """The finding as the action takes it; a person's own team where no village was named."""
    person, village = data["person"], data["village"]
    teams = Team.objects.on(row.held_on).select_related("village__township", "lead_unit").order_by("-number")
    held = Posting.objects.on(row.held_on).filter(person=person).values("team")
    where = Q(village=village) if village else Q(pk__in=held) if person else Q(pk__in=())
    team = teams.filter(where).first()
    township = data["township"] or (village.township if village else None)
    return Found(data["kind"], data["text"], team, person, data["unit"], township, data["manager"])


def _form(request: Request, row: Round, form, title: str, submit: str) -> HttpResponse:
    context = {
        "form": form, "title": title, "pretitle": str(row), "submit": submit, "cancel_url": reverse("inspections:round", args=[row.pk]),
    }  # fmt: skip
    return render(request, "web/form_page.html", context)
