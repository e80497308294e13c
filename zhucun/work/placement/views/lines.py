"""One village of a proposal: why this team, why not another, exchanging people, fixing and ruling out, what was said."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.request import Request
from zhucun.base.web.pages import done, refused
from zhucun.work.placement import alternatives, board, explaining, instance, plan
from zhucun.work.placement.actions import locks
from zhucun.work.placement.actions import proposals as actions
from zhucun.work.placement.forms.lines import ExchangeForm, LeadForm, LockForm, SayForm, SwapForm
from zhucun.work.placement.models import Lock, Proposal
from zhucun.work.placement.rules import in_points
from zhucun.work.placement.sight import EDIT, line_seen, may, proposal_seen

from .proposals import start

SHOWN = 8


@login_required
@require_safe
def line(request: Request, pk, code) -> HttpResponse:
    """One village: the parts of its score in words, other people, other units, what was fixed and said."""
    proposal = proposal_seen(request, pk)
    row = board.rows_of(proposal, [line_seen(proposal, code)])[0]
    built = instance.build(proposal.round, proposal.weights)
    teams = plan.teams_of(proposal)
    edit = proposal.round.is_open and may(request, EDIT, proposal)
    held = code in plan.standing(built, teams)
    villages = [one.village for one in proposal.lines.select_related("village").order_by("village")]
    at = [village.pk for village in villages].index(code)
    context = {
        "before": villages[at - 1] if at else None, "after": villages[at + 1] if at + 1 < len(villages) else None,
        "proposal": proposal, "round": proposal.round, "row": row, "title": f"{row.line.village}：{row.line.unit}", "pretitle": f"{proposal.round} {proposal}",
        "why": explaining.why(built, code, teams[code]) if held else [],
        "units": alternatives.units(built, teams, code, proposal.prices)[:SHOWN] if held else [],
        "may_edit": edit and not proposal.adopted, "swap": SwapForm(proposal=proposal, line=row.line), "say": SayForm(line=row.line),
    }  # fmt: skip
    return render(request, "placement/line.html", context)


@login_required
@require_safe
def seat_options(request: Request, pk, code) -> HttpResponse:
    """Who else might take the place of `?seat=` (人员编号), with what it gains; `?q=` looks for somebody by name or number."""
    proposal = proposal_seen(request, pk)
    found = line_seen(proposal, code)
    built = instance.build(proposal.round, proposal.weights)
    teams = plan.standing(built, plan.teams_of(proposal))
    number, q = request.GET.get("seat", ""), request.GET.get("q", "").replace("\0", "").strip()[:40]
    only = (
        [key for key, one in built.candidates.items() if q in one.person.name or q in one.unit.name or q == key]
        if q
        else None
    )
    here = code in teams and number in teams[code].members and number in built.candidates
    context = {
        "proposal": proposal, "line": found, "number": number, "q": q, "may_edit": proposal.round.is_open and may(request, EDIT, proposal),
        "person": built.candidates[number] if here else None, "out": _named(built.out, q) if q else [],
        "options": alternatives.exchanges(built, teams, number, only)[:SHOWN] if here else [],
    }  # fmt: skip
    return render(request, "placement/_seat_options.html", context)


def _named(out, q: str) -> list:
    """Those looked for who may take no part at all, with why."""
    return [(row, known) for row, known in out.items() if q in row.person.name or q == row.person.number]


@login_required
@require_safe
def what_if(request: Request, pk, code) -> HttpResponse:
    """The exact price of a unit (`?unit=`) or a person (`?person=` 人员编号) in a village, and who would move."""
    proposal = proposal_seen(request, pk)
    found = line_seen(proposal, code)
    built = instance.build(proposal.round, proposal.weights)
    unit, person = request.GET.get("unit", ""), request.GET.get("person", "")
    known = unit in built.quotas or person in built.candidates
    answer = (
        alternatives.if_locked(built, plan.standing(built, plan.teams_of(proposal)), code, unit=unit, person=person)
        if known and code in built.needs
        else None
    )
    context = {
        "proposal": proposal, "line": found, "answer": answer, "who": unit or (built.name(person) if known else ""),
        "unit": built.quotas[unit].unit if unit in built.quotas else None, "candidate": built.candidates.get(person),
        "may_edit": proposal.round.is_open and may(request, EDIT, proposal),
    }  # fmt: skip
    return render(request, "placement/_what_if.html", context)


def _changed(request: Request, proposal: Proposal, teams, words: str, code: str) -> HttpResponse:
    """Write a change down and go to the proposal it became, at the village; or say why not."""
    before = proposal.objective or 0
    try:
        changed = actions.change(
            proposal=proposal, teams=teams, words=words, by=request.user, at=request.now, version=_version(request)
        )
    except ValidationError as refusal:
        return refused(request, f"{reverse('placement:proposal', args=[proposal.pk])}#v{code}", refusal.messages)
    copied = "" if changed == proposal else f"（已另存为{changed}，{proposal}保持原样）"
    gain = in_points((changed.objective or 0) - before)
    return done(request, f"{reverse('placement:proposal', args=[changed.pk])}#v{code}", f"{words}{copied}，{gain}。")


def _version(request: Request) -> int | None:
    """How often the proposal had been changed when the page was shown: a second press comes too late."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _wrong(request: Request, proposal: Proposal, code: str) -> HttpResponse:
    back = f"{reverse('placement:proposal', args=[proposal.pk])}#v{code}"
    return refused(request, back, ["没有找到要调整的人或村，可能方案刚被别人改过。请刷新页面再试。"])


@login_required
@require_safe
def exchange_check(request: Request, pk, code) -> HttpResponse:
    """What an exchange would do to the plan, in words, before somebody is asked whether it shall be: for dragging."""
    proposal = proposal_seen(request, pk, EDIT)
    form = ExchangeForm(request.GET, proposal=proposal)
    if not form.is_valid():
        return JsonResponse({"against": "没有找到要调整的人，请刷新页面。"})
    leaving, coming = form.cleaned_data["leaving"], form.cleaned_data["coming"]
    built = instance.build(proposal.round, proposal.weights)
    teams = plan.standing(built, plan.teams_of(proposal))
    if not {leaving.person.number, coming.person.number} <= set(
        built.candidates
    ) or leaving.person.number not in plan.where(teams):
        return JsonResponse({"against": "其中有人现在不能参加这一批，或他的村、单位有了变化，请重新计算"})
    found = alternatives.exchanges(built, teams, leaving.person.number, [coming.person.number])
    if not found:
        return JsonResponse({"against": "同一支队里的人不用对换，请在村里改队长。"})
    return JsonResponse({"against": "；".join(found[0].against), "gain": in_points(found[0].gain)})


@login_required
@require_POST
def exchange(request: Request, pk, code) -> HttpResponse:
    """Two people change places, or somebody free takes a seat."""
    proposal = proposal_seen(request, pk, EDIT)
    form = ExchangeForm(request.POST, proposal=proposal)
    if not form.is_valid():
        return _wrong(request, proposal, code)
    leaving, coming = form.cleaned_data["leaving"], form.cleaned_data["coming"]
    if leaving == coming or not proposal.seats.filter(candidate=leaving, line__village=code).exists():
        return _wrong(request, proposal, code)
    teams = plan.exchanged(plan.teams_of(proposal), leaving.person.number, coming.person.number)
    return _changed(
        request,
        proposal,
        teams,
        f"{coming}和{leaving}对换" if _sits(proposal, coming) else f"{coming}接替{leaving}",
        code,
    )


def _sits(proposal: Proposal, candidate) -> bool:
    return proposal.seats.filter(candidate=candidate).exists()


@login_required
@require_POST
def lead(request: Request, pk, code) -> HttpResponse:
    """Another of the team leads."""
    proposal = proposal_seen(request, pk, EDIT)
    found = line_seen(proposal, code)
    form = LeadForm(request.POST, line=found)
    if not form.is_valid():
        return _wrong(request, proposal, code)
    person = form.cleaned_data["person"]
    teams = plan.led_by(plan.teams_of(proposal), code, person.person.number)
    return _changed(request, proposal, teams, f"{found.village}改由{person}任队长", code)


@login_required
@require_POST
def swap(request: Request, pk, code) -> HttpResponse:
    """The teams of two villages change places."""
    proposal = proposal_seen(request, pk, EDIT)
    found = line_seen(proposal, code)
    form = SwapForm(request.POST, proposal=proposal, line=found)
    if not form.is_valid():
        return _wrong(request, proposal, code)
    other = form.cleaned_data["other"]
    teams = plan.swapped(plan.teams_of(proposal), code, other.pk)
    return _changed(request, proposal, teams, f"{found.village}和{other}的队伍对调", code)


@login_required
@require_POST
def fix(request: Request, pk, code) -> HttpResponse:
    """Fix or rule out a pair; `again` computes at once, moving few people."""
    proposal = proposal_seen(request, pk, EDIT)
    found = line_seen(proposal, code)
    form = LockForm(request.POST, proposal=proposal)
    back = f"{reverse('placement:proposal', args=[pk])}#v{code}"
    if not form.is_valid():
        return refused(request, back, form.non_field_errors() or ["没有找到这个单位或人选，请刷新页面再试。"])
    data = form.cleaned_data
    village = None if data["kind"] == Lock.Kind.OUT else found.village
    try:
        made = locks.lock(
            round=proposal.round,
            kind=data["kind"],
            village=village,
            reason=data["reason"],
            by=request.user,
            at=request.now,
            **data["pair"],
        )
    except ValidationError as refusal:
        return refused(request, back, refusal.messages)
    if request.POST.get("again") or data["kind"] == Lock.Kind.OUT:
        return start(request, proposal.round, based_on=proposal, note=f"{made}（以{proposal}为底）"[:120])
    return done(request, back, f"已记下“{made}”，重新计算后起作用。")


@login_required
@require_POST
def say(request: Request, pk, code) -> HttpResponse:
    """What the meeting said of a village's team."""
    proposal = proposal_seen(request, pk, EDIT)
    found = line_seen(proposal, code)
    form = SayForm(request.POST, line=found)
    back = f"{reverse('placement:proposal', args=[pk])}#v{code}"
    if not form.is_valid():
        return refused(request, back, ["研判意见和理由各不超过 200 字，也不能有特殊字符。"])
    try:
        actions.say(proposal=proposal, lines={found: form.cleaned_data}, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, back, refusal.messages)
    return done(request, back, f"{found.village}的研判意见已保存。")
