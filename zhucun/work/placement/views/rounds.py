"""The list of rounds, a round's own page with its steps, opening, changing and cancelling one."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division
from zhucun.base.web.pages import done, refused
from zhucun.base.web.tables import Column, Empty, Table, answer
from zhucun.work.placement import instance, shortages
from zhucun.work.placement.actions import rounds as actions
from zhucun.work.placement.forms.rounds import CancelForm, ChangeRoundForm, RoundForm
from zhucun.work.placement.models import Candidate, Need, Objection, Proposal, Quota, Round
from zhucun.work.placement.rules import Status
from zhucun.work.placement.sight import (
    CANDIDATE,
    EDIT,
    NEED,
    VIEW,
    adopted_of,
    may,
    only_when_open,
    part_of,
    round_seen,
    rounds_seen,
    whole_round,
)  # fmt: skip

TONES = {Status.GATHERING: "blue", Status.DELIBERATING: "yellow", Status.APPROVED: "green", Status.CANCELLED: "gray"}
ROUNDS = Table(
    "rounds", "分村选队",
    columns=(
        Column("title", "选派批次", sort="title", link=lambda row: reverse("placement:round", args=[row.pk])),
        Column("starts_on", "到任日期", sort="starts_on", kind="date"),
        Column("villages", "村", kind="number"),
        Column("people", "人选", kind="number"),
        Column("state", "状态", lambda row: row.state.label, sort="status", kind="badge", tone=lambda row: TONES[row.state]),
        Column("met_on", "研判日期", sort="met_on", kind="date"),
        Column("document", "文号", shown=False),
    ),
    search=("title",), search_hint="批次名称", order=("-starts_on", "pk"),
    empty=Empty("还没有选派批次", "每次选派建一个批次：带入各村需求和各单位人选，算出方案，开会研判，批准后台账自动更新。"),
)  # fmt: skip


@login_required
@require_safe
def rounds(request: Request) -> HttpResponse:
    """Every round somebody has to do with; villages and people are counted within their own part."""
    scope = part_of(request)
    rows = rounds_seen(request).annotate(
        villages=Count("needs", filter=_inside(scope, Need, "needs"), distinct=True),
        people=Count("candidates", filter=_inside(scope, Candidate, "candidates"), distinct=True),
    )
    context = {"pretitle": "择优选派", "may_open": may(request, EDIT)}
    return answer(request, ROUNDS, rows, template="placement/rounds.html", context=context, on_export=note_export)


def _inside(scope, model, path: str) -> Q:
    return Q(**{f"{path}__in": model.objects.within(scope)})


@login_required
def round_open(request: Request) -> HttpResponse:
    """Open a round."""
    request.user.require(EDIT, request.now)
    counties = Division.objects.filter(pk__in=request.user.scope_on(request.today, EDIT).county)
    form = RoundForm(request.POST or None, counties=counties)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_round(by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(
                request, reverse("placement:round", args=[opened.pk]), "批次已建好，接下来核对各村需求和各单位人选。"
            )
    context = {"form": form, "title": "新建选派批次", "submit": "建批次", "cancel_url": reverse("placement:rounds")}
    return render(request, "web/form_page.html", context)


@login_required
@require_safe
def round_home(request: Request, pk) -> HttpResponse:
    """A round at a glance: its steps, what is still missing, the proposals."""
    round = round_seen(request, pk)
    scope = part_of(request)
    whole = may(request, VIEW, round)
    counts = _counts(round, scope)
    context = {
        "round": round, "title": str(round), "pretitle": "分村选队", "whole": whole, "counts": counts,
        "tone": TONES[round.state], "steps": _steps(round, counts) if whole else [], "missing": shortages.of(round) if whole and round.is_open else [], "warnings": _warnings(request, round) if whole and round.is_open else [],
        "may_edit": may(request, EDIT, round) and round.is_open, "may_need": may(request, NEED), "may_candidate": may(request, CANDIDATE),
        "adopted": adopted_of(round), "proposals": _proposals(round) if whole else [], "current_weights": instance.current_weights(round), "open_objections": _open_objections(request, round),
    }  # fmt: skip
    return render(request, "placement/round.html", context)


def _counts(round: Round, scope) -> dict:
    needs = Need.objects.within(scope).filter(round=round)
    people = Candidate.objects.within(scope).filter(round=round)
    quotas = Quota.objects.within(scope).filter(round=round)
    return {
        **needs.aggregate(villages=Count("pk"), seats=Sum("size", default=0), judged=Count("pk", filter=Q(judged=True))),
        **people.aggregate(people=Count("pk"), leaders=Count("pk", filter=Q(may_lead=True))),
        **quotas.aggregate(units=Count("pk"), capacity=Sum("capacity", default=0)),
    }  # fmt: skip


def _warnings(request: Request, round: Round) -> list[str]:
    """What may be meant, but is worth a second look."""
    others = Round.objects.filter(
        county=round.county_id, status__in=(Status.GATHERING.value, Status.DELIBERATING.value)
    ).exclude(pk=round.pk)
    found = [
        f"还有另一批“{other}”（{other.starts_on} 到任）也在办理，同一个人、同一个村请不要两边都排。" for other in others
    ]
    return ([f"到任日期 {round.starts_on} 已经过去，请核对。"] if round.starts_on < request.today else []) + found


def _steps(round: Round, counts: dict) -> list[dict]:
    """The way of a round, each step with how far it is and where it is done."""
    args = [round.pk]
    n = round.proposals.filter(state=Proposal.State.READY).count()
    notes = [
        (
            "村需求",
            f"{counts['villages']} 个村，已核对 {counts['judged']} 个",
            "placement:needs",
            0 < counts["villages"] == counts["judged"],
        ),
        (
            "单位名额",
            f"{counts['units']} 个单位，{counts['capacity']} 支",
            "placement:quotas",
            bool(counts["capacity"]),
        ),
        ("推荐人选", f"{counts['people']} 人", "placement:candidates", bool(counts["people"])),
        ("分派方案", f"{n} 个方案" if n else "还没有", "placement:proposals", bool(n)),
        ("研判批准", round.state.label, "placement:round", round.state is Status.APPROVED),
    ]
    ready = [there for *_, there in notes]
    now = ready.index(False) if False in ready else len(notes)
    return [
        {"label": label, "note": note, "url": reverse(name, args=args), "state": "done" if at < now else "now" if at == now else "todo"}
        for at, (label, note, name, _) in enumerate(notes)
    ]  # fmt: skip


def _open_objections(request: Request, round: Round) -> int:
    """Objections to the round that wait for the reader's answer."""
    if not may(request, EDIT, round):
        return 0
    return Objection.objects.filter(seat__proposal__round=round, answered_at__isnull=True).count()


def _proposals(round: Round) -> list[Proposal]:
    return list(round.proposals.select_related("made_by", "based_on").order_by("-adopted", "-number")[:5])


@login_required
def round_change(request: Request, pk) -> HttpResponse:
    """Name and first day."""
    round = whole_round(request, pk, EDIT)
    only_when_open(round)
    form = ChangeRoundForm(request.POST or None, initial={"title": round.title, "starts_on": round.starts_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_round(round=round, fields=form.cleaned_data, by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, reverse("placement:round", args=[pk]), "已保存。到任日期变了的，请重新计算方案。")
    context = {"form": form, "title": "修改批次", "cancel_url": reverse("placement:round", args=[pk])}
    return render(request, "web/form_page.html", context)


@login_required
@require_POST
def round_move(request: Request, pk) -> HttpResponse:
    """On to deliberating, or back to gathering."""
    round = whole_round(request, pk, EDIT)
    to = Status.DELIBERATING if request.POST.get("to") == Status.DELIBERATING else Status.GATHERING
    try:
        actions.move_on(round=round, to=to, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, reverse("placement:round", args=[pk]), refusal.messages)
    words = "已进入研判，乡镇和单位不能再改；" if to is Status.DELIBERATING else "已退回征集，乡镇和单位可以继续填报；"
    return done(request, reverse("placement:round", args=[pk]), f"{words}需要时可以再改回来。")


@login_required
def round_cancel(request: Request, pk) -> HttpResponse:
    """Give a round up; nothing of the ledger changes."""
    round = whole_round(request, pk, EDIT)
    if not round.is_open:
        return redirect("placement:round", pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_on(round=round, to=Status.CANCELLED, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, reverse("placement:rounds"), f"“{round}”已作废，台账没有变动。")
    context = {"form": form, "title": f"作废：{round}", "submit": "确认作废", "cancel_url": reverse("placement:round", args=[pk]),
               "intro": "作废后不能再改，也不能再批准；已填的内容留着可查，台账没有变动。"}  # fmt: skip
    return render(request, "web/form_page.html", context)
