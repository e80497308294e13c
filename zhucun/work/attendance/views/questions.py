"""What a person is asked: cells with their picture, twenty at a time, by keyboard or as a plain form."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from zhucun.base.access.request import Request
from zhucun.base.web.pages import done
from zhucun.work.attendance.actions import readings as actions
from zhucun.work.attendance.models import Question
from zhucun.work.attendance.readings import asked_about
from zhucun.work.attendance.sight import question_seen, questions_open, questions_seen

A_PAGE = 20
FIELD = "cell-"
MEANINGS = ("在村", "视同", "请假", "休息", "缺勤", "没填")
CHOICES = tuple(zip(range(1, 7), actions.ANSWERS, MEANINGS, strict=True))
"""The number key, the sign and what it means."""


@login_required
def questions(request: Request) -> HttpResponse:
    """The next cells; posting saves what was chosen on the page and shows the next."""
    wrong: list[str] = []
    rows = _narrowed(request, questions_open(request))
    if request.method == "POST":
        answers = _answers(request.POST)
        try:
            _refuse_unseen(request, answers)
            n = actions.answer(answers=answers, by=request.user, at=request.now)
        except ValidationError as refusal:
            wrong = refusal.messages
        else:
            said = f"已保存 {n} 个格子。" if n else "" if answers else "还没有选。请对照图片选一下，再保存。"
            return done(request, request.get_full_path(), said)
    chosen = _answers(request.POST) if wrong else {}
    shown = list(rows[:A_PAGE])
    context = {
        "title": "核对识读", "pretitle": "出勤记录本", "total": rows.count(), "wrong": wrong, "choices": CHOICES,
        "cards": [{"question": row, "why": asked_about(row), "chosen": chosen.get(row.pk, "")} for row in shown],
    }  # fmt: skip
    return render(request, "attendance/questions.html", context)


def _refuse_unseen(request: Request, answers: dict[UUID, str]) -> None:
    """Cells of other areas are not there, as those that are gone."""
    if questions_seen(request).filter(pk__in=answers).count() < len(answers):
        raise ValidationError("有的格子已经不在了，请刷新页面。")


def _narrowed(request: Request, rows: QuerySet[Question]) -> QuerySet[Question]:
    """Only one reading's or one township's, where the address says so."""
    try:
        rows = rows.filter(reading=UUID(request.GET["reading"])) if request.GET.get("reading") else rows
    except ValueError:
        rows = rows.none()
    town = request.GET.get("township", "")
    return rows.filter(reading__township=town if town.isdecimal() else "") if town else rows


def _answers(data: QueryDict) -> dict[UUID, str]:
    """Question → what was chosen, of the fields `cell-…`; fields that name no question are left out."""
    found = {}
    for name, value in data.items():
        try:
            if name.startswith(FIELD) and value:
                found[UUID(name.removeprefix(FIELD))] = str(value)
        except ValueError:
            continue
    return found


@login_required
@require_POST
def question_answer(request: Request, pk) -> HttpResponse:
    """One answer, saved as soon as it is given; the word below the card says so."""
    question = question_seen(request, pk)
    chosen = request.POST.get(f"{FIELD}{question.pk}", "")
    wrong: list[str] = []
    try:
        actions.answer(answers={question.pk: chosen}, by=request.user, at=request.now)
    except ValidationError as refusal:
        wrong = refusal.messages
    return render(
        request, "attendance/_question_said.html", {"chosen": chosen, "wrong": wrong}, status=422 if wrong else 200
    )
