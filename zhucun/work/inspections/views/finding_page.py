"""One finding: its facts, evidence, corrections with every step, its history, and the steps that end or reopen it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.request import Request
from zhucun.base.journal.labels import label_of
from zhucun.base.journal.models import Entry
from zhucun.base.policy import policy
from zhucun.base.web.pages import done
from zhucun.work.inspections.actions import findings as actions
from zhucun.work.inspections.forms.findings import OrderForm, ReplyForm, VerifyForm, WordsForm
from zhucun.work.inspections.models import Circular, Correction, Finding
from zhucun.work.inspections.rules import (
    CorrectionStatus,
    FindingStatus,
    InspectionsPolicy,
    Turn,
    due_on,
    is_overdue,
    turn_of,
)
from zhucun.work.inspections.sight import (
    CLOSE,
    ORDER,
    Steps,
    finding_seen,
    may,
    oneself,
    own_findings,
    rounds_seen,
    steps_of,
)

from .findings import CASES, TONES, TURN_TONES, measures_of

CORRECTION_TONES = {"ordered": "yellow", "replied": "blue", "done": "green"}


@dataclass
class Shown:
    """A correction as pages show it: its steps, whether it is late, what the reader may do, with the forms for it."""

    row: Correction
    tone: str
    steps: list
    overdue: bool
    may: Steps
    forms: dict[str, Form]


def shown(request: Request, row: Correction, forms: dict[str, Form] | None = None) -> Shown:
    """A correction with the forms of the steps the reader may take."""
    found = {"reply": ReplyForm(), "verify": VerifyForm(), "reopen": WordsForm(label="重新整改的理由"), **(forms or {})}
    for name, form in found.items():
        form.auto_id = f"{name}_{row.number}_%s"  # several stand on one page
    overdue = row.state == Correction.State.ORDERED and is_overdue(row.due_on, None, request.today)
    steps = sorted(row.steps.all(), key=lambda step: (step.taken_at, str(step.pk)))
    tone = "red" if overdue else CORRECTION_TONES[row.state]
    return Shown(row, tone, steps, overdue, steps_of(request, row), found)


def forms_of(data=None) -> dict[str, Form]:
    """The forms of the steps about a finding as a whole."""
    found = {
        "order": OrderForm(data), "closing": WordsForm(data, label="销号说明", help_text="怎么核实整改到位的。"),
        "reopening": WordsForm(data, label="重新打开的理由"), "withdrawal": WordsForm(data, label="不属实的理由和依据"),
    }  # fmt: skip
    for name, form in found.items():
        form.auto_id = f"{name}_%s"  # they stand on one page
    return found


@login_required
@require_safe
def finding(request: Request, pk) -> HttpResponse:
    """One finding."""
    return _page(request, finding_seen(request, pk))


def _page(request: Request, row: Finding, **refused: Form) -> HttpResponse:
    """The page, with the forms that were refused in place of fresh ones."""
    corrections = list(_corrections(row))
    turn = turn_of(FindingStatus(row.state), [CorrectionStatus(one.state) for one in corrections])
    is_open, closes = row.state == Finding.State.OPEN, may(request, CLOSE, row)
    waiting = turn in (Turn.REPLY, Turn.VERIFY)
    context: dict[str, Any] = {
        "finding": row, "title": f"{row.number} {row.get_kind_display()}", "pretitle": "问题台账", "turn": turn,
        "tone": TURN_TONES[turn] if turn else TONES[row.state], "corrections": [shown(request, one) for one in corrections],
        "may_order": is_open and may(request, ORDER, row.round), "may_close": is_open and closes and not waiting,
        "may_reopen": row.state == Finding.State.CLOSED and closes, "may_withdraw": is_open and closes and not waiting,
        "usual_due": due_on(request.today, policy.on(request.today, InspectionsPolicy)), "acts": _acts(row, corrections),
        "circulars": row.round.circulars.filter(state=Circular.State.ISSUED).order_by("year", "number"),
        "measures": measures_of([row.pk]).get(row.pk, ()) if may(request, CASES, row) else (),
        "round_url": _round_url(request, row), **forms_of(), **refused,
    }  # fmt: skip
    steps = {"order": "may_order", "closing": "may_close", "reopening": "may_reopen", "withdrawal": "may_withdraw"}
    context["step_forms"] = [form for name, form in refused.items() if not context[steps[name]]]
    return render(request, "inspections/finding.html", context)


def _round_url(request: Request, row: Finding) -> str:
    """Where the round is read, for whoever may see it already."""
    there = rounds_seen(request).filter(pk=row.round_id).exists()
    return reverse("inspections:round", args=[row.round_id]) if there else ""


def _corrections(row: Finding):
    rows = row.corrections.select_related("ordered_by", "township", "unit", "team__village__township", "county")
    return rows.prefetch_related("steps__taken_by").order_by("ordered_at", "number")


@dataclass(frozen=True)
class Act:
    """One entry of the journal in words."""

    at: str
    what: str
    who: str
    reason: str


def _acts(row: Finding, corrections: list[Correction]) -> list[Act]:
    """What the journal says of a finding and its corrections, oldest first; one query."""
    about = Q(target_type=Finding._meta.label_lower, target_id=str(row.pk))
    keys = [str(one.pk) for one in corrections]
    about |= Q(target_type=Correction._meta.label_lower, target_id__in=keys)
    entries = Entry.objects.filter(about).order_by("seq")[:100]
    return [Act(one.at[:16].replace("T", " "), label_of(one.action), one.actor_name, one.reason) for one in entries]


def _act(request: Request, pk, name: str, act: Callable, said: str) -> HttpResponse:
    """Take one step about a finding; what was typed stays on the page where it is refused."""
    row = finding_seen(request, pk)
    form = forms_of(request.POST)[name]
    if form.is_valid():
        try:
            act(row, form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            row = finding_seen(request, pk)
        else:
            return done(request, reverse("inspections:finding", args=[row.pk]), said)
    return _page(request, row, **{name: form})


@login_required
@require_POST
def finding_order(request: Request, pk) -> HttpResponse:
    """提出整改意见."""

    def act(row: Finding, data: dict) -> None:
        actions.order_correction(round=row.round, finding=row, by=request.user, at=request.now, **data)

    return _act(request, pk, "order", act, "整改意见已提出，责任乡镇和单位能看到。")


@login_required
@require_POST
def finding_close(request: Request, pk) -> HttpResponse:
    """销号."""

    def act(row: Finding, data: dict) -> None:
        actions.close_finding(finding=row, by=request.user, at=request.now, **data)

    return _act(request, pk, "closing", act, "已销号。")


@login_required
@require_POST
def finding_reopen(request: Request, pk) -> HttpResponse:
    """重新打开."""

    def act(row: Finding, data: dict) -> None:
        actions.reopen_finding(finding=row, by=request.user, at=request.now, **data)

    return _act(request, pk, "reopening", act, "已重新打开。")


@login_required
@require_POST
def finding_withdraw(request: Request, pk) -> HttpResponse:
    """不属实，撤销."""

    def act(row: Finding, data: dict) -> None:
        actions.withdraw_finding(finding=row, by=request.user, at=request.now, **data)

    return _act(request, pk, "withdrawal", act, "已撤销，不再计入统计，记录仍可查到。")


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """What inspections found about oneself: only one's own, with what became of it."""
    person = oneself(request.user)
    if person is None:
        raise PermissionDenied("这一页是驻村人员看自己的问题用的，您的账号没有对应的人员。")
    rows = own_findings(request.user).prefetch_related("corrections__steps__taken_by").order_by("-found_on", "-number")
    context = {
        "title": "督查中关于我的问题", "person": person,
        "findings": [(row, TONES[row.state], list(row.corrections.all())) for row in rows],
    }  # fmt: skip
    return render(request, "inspections/mine.html", context)
