"""到任, 期满, 召回, 调整, 更正 of postings, and the paper of a 调整."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import end_after
from zhucun.base.web.pages import done
from zhucun.work.teams import actions
from zhucun.work.teams.eligibility import Check, check
from zhucun.work.teams.forms.postings import CAUSES, CorrectForm, EndForm, PostForm, RecallForm, TransferForm
from zhucun.work.teams.models import Posting, Team
from zhucun.work.teams.rules import TeamsPolicy, term_ends

from . import links
from .picks import candidates
from .seen import manages, own_scope, posting_seen, team_seen

RIGHT = "teams.posting_edit"


@login_required
def post(request: Request, pk) -> HttpResponse:
    """到任: somebody joins a team; the check is shown while one fills in, and again when it is refused."""
    team = team_seen(request, pk)
    request.user.require(RIGHT, request.now, team)
    form = PostForm(request.POST or None, people=candidates(own_scope(request, RIGHT)), day=request.today)
    if request.method == "POST" and form.is_valid():
        again = Posting.objects.filter(
            team=team, person=form.cleaned_data["person"], start=form.cleaned_data["start"]
        ).first()
        if again is not None:
            return done(request, links.team(pk), f"{again.person}已经在 {again.start} 到任，不用重复办理。")
        try:
            posting = actions.post(team=team, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            said = f"{posting.person}已到任，{posting.start} 起任{posting.get_role_display()}。"
            return done(request, links.team(pk), said + "".join(posting.followed))
    context = {
        "form": form, "team": team, "title": "办理到任", "pretitle": str(team), "submit": "确认到任", "cancel_url": links.team(pk),
        "check": _checked(form, team), "check_url": reverse("teams:post_check", args=[pk]), "fields_watched": "person role start",
    }  # fmt: skip
    return render(request, "teams/post.html", context)


def _checked(form: PostForm, team: Team) -> Check | None:
    """The check for what was filled in, as far as it goes."""
    data = getattr(form, "cleaned_data", {})
    if not (data.get("person") and data.get("start") and data.get("role")):
        return None
    return check(person=data["person"], team=team, role=data["role"], start=data["start"])


@login_required
@require_safe
def post_check(request: Request, pk) -> HttpResponse:
    """The check alone, while the form is being filled in: `person`, `role` and `start` (or `last_day`, the day before)."""
    team = team_seen(request, pk)
    request.user.require(RIGHT, request.now, team)
    form = PostForm(request.GET, people=candidates(own_scope(request, RIGHT)), day=request.today)
    form.is_valid()
    return render(request, "teams/_check.html", {"check": _checked(form, team), "team": team})


@login_required
@require_safe
def successor_check(request: Request, pk) -> HttpResponse:
    """The same for whoever follows in a posting: in its role, from the day after `last_day`."""
    posting = posting_seen(request, pk)
    request.user.require(RIGHT, request.now, posting)
    form = TransferForm(request.GET, people=candidates(own_scope(request, RIGHT)))
    form.is_valid()
    return render(request, "teams/_check.html", {"check": _successor_checked(form, posting), "team": posting.team})


def _successor_checked(form: TransferForm, posting: Posting) -> Check | None:
    data = getattr(form, "cleaned_data", {})
    if not (data.get("successor") and data.get("last_day")):
        return None
    start = end_after(data["last_day"])
    return check(person=data["successor"], team=posting.team, role=posting.role, start=start, instead_of=posting)


@login_required
def posting_end(request: Request, pk) -> HttpResponse:
    """期满 and endings of other kinds; 召回 with `?ending=recall`, on a form of its own."""
    posting = posting_seen(request, pk)
    request.user.require(RIGHT, request.now, posting)
    if posting.end is not None:
        return _over(request, posting)
    recall = request.GET.get("ending") == Posting.Ending.RECALL
    form = (RecallForm if recall else EndForm)(
        request.POST or None, initial={"last_day": _usual_last_day(request, posting, recall)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_posting(posting=posting, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            said = f"{posting.person}已于 {posting.last_day} 离任（{posting.get_ending_display()}），交接清单已建好，请尽快填写。"
            return done(request, links.team(posting.team_id), said + "".join(posting.followed))
    numbers = policy.on(request.today, TeamsPolicy, area=posting.team.village_id)
    context = _about(posting) | {
        "form": form, "recall": recall, "numbers": numbers, "title": f"召回：{posting.person}" if recall else f"办理离任：{posting.person}",
        "submit": "确认召回" if recall else "确认离任",
    }  # fmt: skip
    return render(request, "teams/posting_end.html", context)


def _usual_last_day(request: Request, posting: Posting, recall: bool):
    """The last day of a full term where that is over, else today."""
    numbers = policy.on(request.today, TeamsPolicy, area=posting.team.village_id)
    full = term_ends(posting.start, numbers)
    return request.today if recall or full > request.today else full


def _about(posting: Posting) -> dict:
    return {"posting": posting, "pretitle": str(posting.team), "cancel_url": links.team(posting.team_id)}


def _over(request: Request, posting: Posting) -> HttpResponse:
    """The calm answer to a second submit, or to a link followed too late."""
    said = f"{posting.person}已在 {posting.last_day} 离任（{posting.get_ending_display()}），不用重复办理；日期记错了请用“更正”。"
    return done(request, links.team(posting.team_id), said)


@login_required
def posting_transfer(request: Request, pk) -> HttpResponse:
    """调整 (no fault), with a successor checked like anybody else."""
    posting = posting_seen(request, pk)
    request.user.require(RIGHT, request.now, posting)
    if posting.end is not None:
        return _over(request, posting)
    form = TransferForm(
        request.POST or None, people=candidates(own_scope(request, RIGHT)), initial={"last_day": request.today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            arrival = actions.transfer(posting=posting, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            posting.refresh_from_db(fields=["end", "ending", "ending_reason"])
        else:
            said = f"，{arrival.person} {arrival.start} 接任" if arrival else "，接任人员可以以后在工作队页面办理到任"
            said = f"{posting.person}已调整，最后一天是 {posting.last_day}{said}。"
            return done(request, links.team(posting.team_id), said + "".join(posting.followed))
    context = _about(posting) | {
        "form": form, "title": f"调整：{posting.person}", "submit": "确认调整", "check": _successor_checked(form, posting), "team": posting.team,
        "check_url": reverse("teams:successor_check", args=[pk]), "fields_watched": "successor last_day cause",
    }  # fmt: skip
    return render(request, "teams/posting_transfer.html", context)


@login_required
def posting_correct(request: Request, pk) -> HttpResponse:
    """更正 of what was wrongly written down; old and new are kept."""
    posting = posting_seen(request, pk)
    request.user.require(RIGHT, request.now, posting)
    form = CorrectForm(request.POST or None, posting=posting)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            actions.correct_posting(
                posting=posting, reason=fields.pop("why"), fields=fields, by=request.user, at=request.now
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            said = f"{posting.person}的任职记录已更正。"
            return done(request, links.team(posting.team_id), said + "".join(posting.followed))
    intro = "更正是把当初写错的改对，统计会按改对后的内容重算。情况真的有了变化，请办理调整、期满或到任。"
    context = _about(posting) | {
        "form": form,
        "title": f"更正任职记录：{posting.person}",
        "submit": "保存更正",
        "intro": intro,
    }
    return render(request, "web/form_page.html", context)


@login_required
@require_safe
def posting_paper(request: Request, pk) -> HttpResponse:
    """调整审批表 of one posting, to be signed; empty where it has not ended."""
    posting = posting_seen(request, pk)
    if not manages(own_scope(request)):
        raise PermissionDenied("审批表由县驻村办、乡镇或派出单位打印。")
    record = posting.person.record_on(posting.last_day or request.day)
    follower = Posting.objects.filter(received__posting=posting).select_related("person", "unit").first()
    context = {
        "posting": posting, "record": record, "follower": follower, "title": "驻村工作队员调整审批表",
        "causes": [cause for cause, _ in CAUSES], "cause_of": next((cause for cause, _ in CAUSES if posting.ending_reason.startswith(cause)), ""),
    }  # fmt: skip
    return render(request, "teams/posting_paper.html", context)
