"""出勤更正: putting right a day of a confirmed month, and the list of what was put right, with both values."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.attendance import days
from zhucun.work.attendance.actions import marks as actions
from zhucun.work.attendance.forms.corrections import CorrectionForm
from zhucun.work.attendance.roster import month_named
from zhucun.work.attendance.sight import CORRECT, admit, corrections_seen, managed, month_explained


@login_required
def correct(request: Request, pk) -> HttpResponse:
    """Put right one day (`?day=5` chooses it); both values and the reason stay, and the person sees them."""
    month = month_explained(request, pk)
    request.user.require(CORRECT, request.now, month)
    asked = request.GET.get("day", "")
    form = CorrectionForm(request.POST or None, month=month, initial={"day": asked, "version": month.version})
    back = reverse("attendance:person_month", args=[pk])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.correct(month=month, day=month.day(data["day"]), new=data["new"], reason=data["reason"],
                                   version=data["version"], by=request.user, at=request.now)  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            # what the page shows now is what is seen from now on
            form.data = {**form.data.dict(), "version": str(month.version)}
        else:
            return done(request, back, f"{made.day} 已由“{made.old}”更正为“{made.new}”，本人能看到。")
    context = {
        "form": form, "month": month, "title": f"更正：{month.person} {month.start.year}年{month.start.month}月", "pretitle": str(month.team),
        "submit": "保存更正", "cancel_url": back,
    }  # fmt: skip
    return render(request, "attendance/correct.html", context)


def _both(symbol: str) -> str:
    return f"{symbol} {days.meaning_of(symbol)}"


@login_required
@require_safe
def corrections(request: Request) -> HttpResponse:
    """What was put right after confirmation, within sight: county, township, unit, leader, and the person."""
    admit(request)
    context = {"pretitle": "日常管理", "tab": "corrections"}
    return answer(request, _table(request), corrections_seen(request), template="attendance/corrections.html", context=context, on_export=note_export)  # fmt: skip


def _table(request: Request) -> Table:
    months = [request.today.replace(day=1)]
    while len(months) < 13:
        months.append((months[-1] - ONE_DAY).replace(day=1))
    scope = managed(request)
    wide = bool(scope.county or scope.unit or len(scope.township) > 1)
    town = Filter("township", "乡镇", _townships, lambda rows, value: rows.filter(month__team__village__township=value))
    return Table(
        "corrections", "出勤更正",
        columns=(
            Column("person", "姓名", "month.person.name", sort="month__person__name", link=lambda row: reverse("attendance:day", args=[row.month_id, row.day.day])),
            Column("day", "日期", sort="day", kind="date"),
            Column("old", "原记录", lambda row: _both(row.old)),
            Column("new", "更正为", lambda row: _both(row.new)),
            Column("reason", "理由", kind="long"),
            Column("team", "工作队", "month.team", sort="month__team__number"),
            Column("township", "乡镇", "month.team.village.township.name", sort="month__team__village__township", shown=wide),
            Column("unit", "派出单位", "month.unit.name", sort="month__unit__name", shown=False),
            Column("made_by", "更正人", "made_by.name"),
            Column("made_at", "更正时间", sort="made_at", kind="date"),
        ),
        filters=(
            Filter("month", "出勤月份", [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in months],
                   lambda rows, value: rows.filter(month__start=month_named(value).start)),
            *((town,) if wide else ()),
        ),
        search=("month__person__name", "month__team__village__name", "reason"), search_hint="姓名、村或理由", order=("-made_at", "day"),
        empty=Empty("没有更正", "乡镇确认以后，出勤只能用“更正”改，改前改后都会列在这里。"),
    )  # fmt: skip


def _townships(request: Request) -> list[tuple[str, str]]:
    path = "month__team__village__township"
    return list(corrections_seen(request).order_by(path).values_list(path, f"{path}__name").distinct())
