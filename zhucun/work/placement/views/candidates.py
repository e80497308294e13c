"""推荐人选: who is put forward, ticking people of one's own unit, and what is said of each."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Unit
from zhucun.base.people.models import Person, Record
from zhucun.base.web.pages import done, refused
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.placement.actions import gathering as actions
from zhucun.work.placement.eligible import judged
from zhucun.work.placement.forms.lines import is_key
from zhucun.work.placement.forms.people import CandidateForm, PutForwardForm
from zhucun.work.placement.models import Candidate, Round
from zhucun.work.placement.sight import (
    CANDIDATE,
    EDIT,
    candidate_seen,
    may,
    may_gather,
    only_while_gathering,
    part_of,
    round_seen,
)
from zhucun.work.teams.models import Posting

TICKS = 60


@login_required
@require_safe
def candidates(request: Request, pk) -> HttpResponse:
    """Everybody put forward, within one's part, with what speaks against them."""
    round = round_seen(request, pk)
    rows = Candidate.objects.within(part_of(request)).filter(round=round)
    rows = rows.select_related("person", "unit", "preference", "spouse")
    context = {
        "round": round, "title": "推荐人选", "pretitle": str(round),
        "may_add": may_gather(request, CANDIDATE, round), "may_bring": round.is_open and may(request, EDIT, round),
    }  # fmt: skip
    return answer(
        request,
        _table(request, round),
        rows,
        template="placement/candidates.html",
        context=context,
        on_export=note_export,
    )


def _table(request: Request, round: Round) -> Table:
    units = Unit.objects.filter(pk__in=Candidate.objects.within(part_of(request)).filter(round=round).values("unit"))
    return Table(
        "candidates", "推荐人选",
        columns=(
            Column("name", "姓名", "person.name", sort="person__name", link=lambda row: reverse("placement:candidate", args=[row.pk])),
            Column("unit", "派出单位", "unit.name", sort="unit__name"),
            Column("age", "年龄", lambda row: row.person.age_on(round.starts_on), sort="-person__born", kind="number"),
            Column("political", "政治面貌", lambda row: row.known.record and row.known.record.get_political_display()),
            Column("rank", "职级", lambda row: row.known.record and row.known.record.get_rank_display()),
            Column("major", "所学专业", lambda row: row.known.record and row.known.record.major, shown=False),
            Column("skills", "特长", lambda row: row.known.record and row.known.record.skills, kind="long", shown=False),
            Column("may_lead", "可任队长", sort="may_lead", kind="yesno"),
            Column("now", "现在", lambda row: row.now),
            Column("preference", "意愿乡镇", "preference.name", shown=False),
            Column("doubts", "审核", _doubts, kind="badge", tone=lambda row: "red" if row.known.refusals else "yellow" if row.known.warnings else "green"),
            Column("why", "审核说明", lambda row: "；".join([*row.known.refusals, *row.known.warnings]), kind="long"),
        ),
        filters=(
            Filter("unit", "单位", [(str(unit.pk), unit.name) for unit in units], lambda rows, value: rows.filter(unit=value)),
            Filter("lead", "可任队长", (("yes", "是"), ("no", "否")), lambda rows, value: rows.filter(may_lead=value == "yes")),
        ),
        search=("person__name", "person__number", "unit__name"), search_hint="姓名、人员编号或单位", order=("unit__name", "person__number", "pk"),
        empty=Empty("还没有推荐人选", "派出单位从本单位人员里勾选；县驻村办也可以把在任人员一次带入。"),
        prepare=lambda rows: _attach(rows, round),
    )  # fmt: skip


def _doubts(row: Candidate) -> str:
    if row.known.refusals:
        return "不能参加"
    if row.known.warnings:
        return "有说明" if row.reason else "要写理由"
    return "符合条件"


def _attach(rows: list[Candidate], round: Round) -> None:
    """The doubts and the present post of the rows of a page."""
    known = judged([row.person for row in rows], round.starts_on, round.county_id)
    postings = Posting.objects.on(min(round.starts_on, round.opened_at.date())).filter(
        person__in=[row.person_id for row in rows]
    )
    now = {
        posting.person_id: f"{posting.team.village}{posting.get_role_display()}"
        for posting in postings.select_related("team__village")
    }
    for row in rows:
        row.known, row.now = known[row.person], now.get(row.person_id, "")


@login_required
def candidates_add(request: Request, pk) -> HttpResponse:
    """Tick people of one's units who are to be put forward; doubts stand beside each name."""
    round = round_seen(request, pk)
    only_while_gathering(request, CANDIDATE, round)
    scope = request.user.scope_on(request.today, CANDIDATE)
    records = Record.objects.on(round.starts_on).within(scope).filter(person__county=round.county_id)
    units = Unit.objects.filter(pk__in=records.values("unit"))
    unit, q = request.GET.get("unit", ""), request.GET.get("q", "").replace("\0", "").strip()[:40]
    shown = records.exclude(person__in=round.candidates.values("person")).select_related("person", "unit")
    chosen = units.filter(pk=unit).first() if is_key(unit) else None
    shown = shown.filter(unit=chosen) if chosen else shown
    shown = shown.filter(person__name__icontains=q) if q else shown
    people = Person.objects.filter(pk__in=records.values("person"))
    form = PutForwardForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.put_many_forward(round=round, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, reverse("placement:candidates", args=[pk]), f"已推荐 {len(added)} 人。")
    count, rows = shown.count(), list(shown.order_by("unit__name", "person__number")[:TICKS])
    known = judged([row.person for row in rows], round.starts_on, round.county_id)
    context = {
        "round": round, "form": form, "title": "推荐人选", "pretitle": str(round), "units": units, "unit": unit, "q": q, "count": count,
        "rows": [(row, known[row.person]) for row in rows], "more": count - len(rows), "ticked": request.POST.getlist("people"),
        "day": round.starts_on, "cancel_url": reverse("placement:candidates", args=[pk]),
    }  # fmt: skip
    return render(request, "placement/candidates_add.html", context)


@login_required
@require_POST
def candidates_bring(request: Request, pk) -> HttpResponse:
    """Everybody in post is put forward to stay."""
    round = round_seen(request, pk)
    try:
        left_out = actions.bring_people(round=round, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, reverse("placement:candidates", args=[pk]), refusal.messages)
    words = "、".join(person.name for person in left_out)
    said = f"有 {len(left_out)} 人不符合条件，没有带入：{words}。" if left_out else ""
    return done(request, reverse("placement:candidates", args=[pk]), f"在任人员已带入。{said}")


@login_required
def candidate(request: Request, pk) -> HttpResponse:
    """What is said of one person put forward, with what speaks against them."""
    row = candidate_seen(request, pk)
    known = judged([row.person], row.round.starts_on, row.round.county_id)[row.person]
    context = {
        "candidate": row,
        "known": known,
        "may_review": known.record is not None and may(request, "teams.review_edit", known.record),
        "title": f"推荐人选：{row.person}",
        "pretitle": str(row.round),
        "day": row.round.starts_on,
    }
    if not (may_gather(request, CANDIDATE, row.round) and may(request, CANDIDATE, row)):
        if request.method == "POST":
            request.user.require(CANDIDATE, request.now, row)
        return render(request, "placement/candidate_read.html", context)
    form = CandidateForm(request.POST or None, candidate=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_candidate(candidate=row, fields=form.cleaned_data, by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(
                request, reverse("placement:candidates", args=[row.round_id]), f"{row.person}的推荐情况已保存。"
            )
    context |= {"form": form, "submit": "保存", "cancel_url": reverse("placement:candidates", args=[row.round_id])}
    return render(request, "placement/candidate.html", context)


@login_required
@require_POST
def candidate_take_back(request: Request, pk) -> HttpResponse:
    """One person is not put forward any more."""
    row = candidate_seen(request, pk)
    try:
        actions.take_back(candidate=row, reason="", by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, reverse("placement:candidate", args=[pk]), refusal.messages)
    return done(request, reverse("placement:candidates", args=[row.round_id]), f"已撤回{row.person}的推荐。")
