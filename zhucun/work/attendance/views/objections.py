"""出勤异议: raised by the person concerned, answered by the township, corrected in the same step where upheld."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.attendance import days
from zhucun.work.attendance.actions import objections as actions
from zhucun.work.attendance.forms.objections import AnswerForm, ObjectionForm
from zhucun.work.attendance.models import Leave, Objection
from zhucun.work.attendance.sight import CORRECT, RECORD, admit, may, month_explained, objection_seen, objections_seen

from .leave_asking import record_url
from .mine import picture_of


def _state(row: Objection) -> str:
    return "待答复" if row.answered_at is None else "已采纳" if row.upheld else "未采纳"


STATES = {
    "open": {"answered_at__isnull": True}, "upheld": {"upheld": True}, "kept": {"upheld": False},
}  # fmt: skip
TABLE = Table(
    "attendance_objections", "出勤异议",
    columns=(
        Column("person", "姓名", "month.person.name", sort="month__person__name", link=lambda row: reverse("attendance:objection", args=[row.pk])),
        Column("day", "哪一天", lambda row: row.day or f"{row.month.name} 整月", sort="month__start"),
        Column("wanted", "本人认为应为", lambda row: f"{row.wanted} {days.meaning_of(row.wanted)}" if row.wanted else ""),
        Column("text", "理由", kind="long"),
        Column("team", "工作队", "month.team", sort="month__team__number"),
        Column("raised_at", "提出时间", sort="raised_at", kind="date"),
        Column("state", "状态", _state, kind="badge", tone=lambda row: {"待答复": "yellow", "已采纳": "green"}.get(_state(row), "gray")),
        Column("answer", "答复", kind="long", shown=False),
        Column("answered_at", "答复时间", sort="answered_at", kind="date", shown=False),
    ),
    filters=(Filter("state", "状态", (("open", "待答复"), ("upheld", "已采纳"), ("kept", "未采纳")), lambda rows, value: rows.filter(**STATES[value])),),
    search=("month__person__name", "month__team__village__name", "text"), search_hint="姓名、村或理由",
    order=(F("answered_at").desc(nulls_first=True), "raised_at"),
    empty=Empty("没有出勤异议", "乡镇确认出勤后，本人可以在“我的出勤”里对某一天提出异议。"),
)  # fmt: skip


@login_required
@require_safe
def objections(request: Request) -> HttpResponse:
    """Objections to answer, open ones first; a person's own."""
    admit(request)
    context = {"pretitle": "日常管理", "tab": "objections"}
    return answer(request, TABLE, objections_seen(request), template="attendance/objections.html", context=context, on_export=note_export)  # fmt: skip


def _day(text: str, month) -> date | None:
    """The day of the month an address names; None for the whole month."""
    if not text:
        return None
    number = int(text) if text.isdecimal() and len(text) <= len("31") else 0
    if not 1 <= number <= len(month.marks):
        raise Http404("这个月没有这一天。")
    return month.day(number)


@login_required
def object_to(request: Request, pk) -> HttpResponse:
    """Object to one day of one's own month (`?day=5`), or to all of it."""
    month = month_explained(request, pk)
    if month.person.user_id != request.user.pk:
        raise PermissionDenied("出勤异议由本人提出。")
    day = _day(request.GET.get("day", ""), month)
    form = ObjectionForm(request.POST or None, whole=day is None)
    back = f"{reverse('attendance:mine')}?month={month.name}"
    if request.method == "POST" and form.is_valid():
        data = {"wanted": ""} | form.cleaned_data
        try:
            actions.object_to(month=month, day=day, by=request.user, at=request.now, **data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, back, "异议已提出，乡镇答复后会显示在这里。")
    context = {
        "form": form, "month": month, "day": day, "title": f"对{day.month}月{day.day}日提出异议" if day else f"对{month.start.month}月出勤提出异议",
        "pretitle": str(month.team), "submit": "提出异议", "cancel_url": back, "story": days.story(month, day.day) if day else None,
        "last_day": days.last_day_to_object(month, day, request.today),
    }  # fmt: skip
    return render(request, "attendance/objection_form.html", context)


@login_required
def objection(request: Request, pk) -> HttpResponse:
    """One objection beside what is recorded: read by whoever sees it, answered by the township or the county office."""
    row = objection_seen(request, pk)
    own = row.raised_by_id == request.user.pk
    may_answer = row.answered_at is None and not own and may(request, CORRECT, row)
    if request.method == "POST" and not may(request, CORRECT, row):
        request.user.require(CORRECT, request.now, row)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.answer(objection=row, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            row, may_answer = objection_seen(request, pk), True
        else:
            return _answered(request, found)
    story = days.story(row.month, row.day.day) if row.day else None
    context = {
        "slip_url": _slip_missing(request, row, story), "form": form, "objection": row, "month": row.month, "own": own, "may_answer": may_answer, "title": f"{row.month.person}的出勤异议",
        "pretitle": str(row.month.team), "submit": "答复", "cancel_url": reverse("attendance:objections"), "state": _state(row),
        "story": story, "picture": picture_of(request, row.month, story, row.day.day, own) if story else "", "wanted": days.meaning_of(row.wanted),
    }  # fmt: skip
    return render(request, "attendance/objection.html", context)


def _slip_missing(request: Request, row: Objection, story: days.Story | None) -> str:
    """Where to write down the slip that the wanted sign needs and the day does not have; empty when it needs none or has it."""
    kind = Leave.kind_of(row.wanted)
    if story is None or not kind or not may(request, RECORD, row) or any(one.kind == kind for one in story.leaves):
        return ""
    return record_url(row.month.person_id, kind, story.day, story.day, request.get_full_path())


def _answered(request: Request, row: Objection) -> HttpResponse:
    """On to the list; to the correction where the whole month was objected to, since no single day says what is right."""
    if row.upheld and row.day is None:
        return done(
            request, reverse("attendance:correct", args=[row.month_id]), "已答复：采纳。请在这里把有误的日子逐一更正。"
        )
    return done(request, reverse("attendance:objections"), "已答复，出勤已同时更正。" if row.upheld else "已答复。")
