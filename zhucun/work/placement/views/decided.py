"""After the approval: the list of who goes where within one's area, why somebody was placed so, and objections."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Table, answer
from zhucun.work.placement import board, explaining, fates, instance, plan
from zhucun.work.placement.actions import objections
from zhucun.work.placement.forms.objections import AnswerForm, ObjectionForm
from zhucun.work.placement.models import Objection, Seat
from zhucun.work.placement.rules import Status
from zhucun.work.placement.sight import (
    EDIT,
    VIEW,
    adopted_of,
    lines_decided,
    may,
    objection_seen,
    part_of,
    round_seen,
    seat_seen,
)  # fmt: skip


@login_required
@require_safe
def decided(request: Request, pk) -> HttpResponse:
    """派驻名单 of an approved round: everybody within one's area, one row per person."""
    round = round_seen(request, pk)
    if round.state is not Status.APPROVED:
        raise Http404("这一批还没有批准。")
    rows = Seat.objects.filter(proposal=adopted_of(round), line__in=lines_decided(request, round))
    if not may(request, VIEW, round):
        rows = rows.filter(part_of(request).condition(Seat))
    paths = (
        "line__village__township",
        "line__unit",
        "candidate__person",
        "candidate__unit",
        "posting__team__village",
        "proposal__round",
    )
    context = {
        "round": round,
        "title": "派驻名单",
        "pretitle": str(round),
        "proposal": adopted_of(round),
        "whole": may(request, VIEW, round),
        "may_answer": may(request, EDIT, round),
    }
    return answer(
        request,
        SEATS,
        rows.select_related(*paths),
        template="placement/decided.html",
        context=context,
        on_export=note_export,
    )


def attach_arrivals(seats: list[Seat]) -> None:
    """Who is new, who stays and since when."""
    known = fates.arrivals(seats, seats[0].proposal.round.starts_on)
    for seat in seats:
        seat.arrival = known.get(seat.pk, "")  # type: ignore[attr-defined]


SEATS = Table(
    "placed", "派驻名单",
    columns=(
        Column("name", "姓名", "candidate.person.name", sort="candidate__person__name", link=lambda seat: reverse("placement:seat", args=[seat.pk])),
        Column("village", "村", "line.village.name", sort="line__village"),
        Column("township", "乡镇", "line.village.township.name", sort="line__village__township"),
        Column("role", "职务", lambda seat: seat.posting.get_role_display() if seat.posting else "队长" if seat.leads else "队员", sort="-leads"),
        Column("unit", "派出单位", "candidate.unit.name", sort="candidate__unit__name"),
        Column("lead", "牵头单位", "line.unit.name", sort="line__unit__name"),
        Column("team", "工作队", "posting.team", link=lambda seat: reverse("teams:team", args=[seat.posting.team_id]) if seat.posting else ""),
        Column("start", "到任日期", "posting.start", kind="date"),
        Column("arrival", "去留", "arrival"),
    ),
    search=("candidate__person__name", "line__village__name", "candidate__unit__name"), search_hint="姓名、村或单位",
    order=("line__village", "-leads", "candidate__person__number"), empty=Empty("您的范围里没有派驻人员"), prepare=attach_arrivals,
)  # fmt: skip


@login_required
def seat(request: Request, pk) -> HttpResponse:
    """Why somebody was placed so, for that person, their unit, the township and the county; and what they say of it."""
    found = seat_seen(request, pk)
    mine = found.candidate.person.user_id == request.user.pk
    may_object = mine or may(request, "placement.object", found)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            objections.object_to(seat=found, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, reverse("placement:seat", args=[pk]), "意见已提交，县驻村办答复后会显示在这里。")
    built = instance.build(found.proposal.round, found.proposal.weights)
    teams = plan.teams_of(found.proposal)
    code = found.line.village_id
    held = code in plan.standing(built, teams)
    context = {
        "seat": found, "row": board.rows_of(found.proposal, [found.line])[0], "round": found.proposal.round, "title": f"{found.candidate}：{found.line.village}",
        "pretitle": str(found.proposal.round), "why": explaining.why(built, code, teams[code]) if held else [], "form": form, "may_object": may_object,
        "arrival": fates.arrivals([found], found.proposal.round.starts_on).get(found.pk), "objections": found.objections.select_related("raised_by", "answered_by"), "mine": mine,
    }  # fmt: skip
    return render(request, "placement/seat.html", context)


@login_required
def objection(request: Request, pk) -> HttpResponse:
    """Answer an objection."""
    row = objection_seen(request, pk)
    form = AnswerForm(request.POST or None)
    back = reverse("placement:objections")
    if request.method == "POST" and form.is_valid():
        try:
            objections.answer(objection=row, text=form.cleaned_data["answer"], by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, back, "已答复。需要改派的，请在工作队页面办理调整。")
    context = {
        "form": form,
        "objection": row,
        "title": "答复意见",
        "pretitle": str(row.seat),
        "submit": "答复",
        "cancel_url": back,
    }
    return render(request, "placement/objection.html", context)


OBJECTIONS = Table(
    "objections", "陈述意见",
    columns=(
        Column("person", "人员", "seat.candidate.person.name", link=lambda row: reverse("placement:objection", args=[row.pk])),
        Column("village", "村", "seat.line.village.name"),
        Column("text", "意见", kind="long"),
        Column("raised_by", "提出人", "raised_by.name"),
        Column("raised_at", "提出时间", sort="raised_at", kind="date"),
        Column("answer", "答复", kind="long"),
        Column("answered_at", "答复时间", sort="answered_at", kind="date"),
        Column("state", "状态", lambda row: "已答复" if row.answered_at else "待答复", kind="badge", tone=lambda row: "green" if row.answered_at else "yellow"),
    ),
    search=("seat__candidate__person__name", "text"), search_hint="姓名或意见内容", order=("answered_at", "raised_at", "pk"),
    empty=Empty("没有人提出意见", "名单批准后，本人和派出单位可以在这里提出意见。"),
)  # fmt: skip


@login_required
@require_safe
def objections_list(request: Request) -> HttpResponse:
    """Every objection of the county, open ones first."""
    request.user.require(EDIT, request.now)
    rows = Objection.objects.within(request.user.scope_on(request.today, EDIT))
    rows = rows.select_related("seat__candidate__person", "seat__line__village", "raised_by")
    return answer(request, OBJECTIONS, rows, context={"pretitle": "分村选队"}, on_export=note_export)
