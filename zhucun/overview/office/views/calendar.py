"""日历: a year of working days, holidays and 调休, and what is only provisional."""

from datetime import date

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.timeline import workdays
from zhucun.base.timeline.actions import set_calendar_day
from zhucun.base.timeline.models import CalendarDay
from zhucun.base.web.pages import done
from zhucun.overview.office.forms.calendar import DayForm
from zhucun.overview.office.year import lay_out

from .gate import needs

FIRST, LAST = 2004, 2099
LEGEND = (*CalendarDay.Kind.choices, ("provisional", "暂定"))


@needs("policy.view")
@require_safe
def calendar(request: Request) -> HttpResponse:
    """The year asked for, or that of the day shown."""
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and FIRST <= int(text[:5]) <= LAST else request.day.year
    context = {
        "title": f"{year} 年工作日历", "year": year, "laid": lay_out(workdays.of_year(year)), "legend": LEGEND,
        "before": year - 1 if year > FIRST else None, "after": year + 1 if year < LAST else None, "weekdays": "一二三四五六日",
        "may_edit": request.user.may("timeline.calendar_edit", request.today),
    }  # fmt: skip
    return render(request, "office/calendar.html", context)


@needs("timeline.calendar_edit")
def calendar_day(request: Request, day: str) -> HttpResponse:
    """Set what one day is."""
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise Http404("没有这一天。") from None
    now = workdays.of_day(when)
    form = DayForm(request.POST or None, initial={"kind": now.kind, "name": now.name})
    back = f"{reverse('office:calendar')}?year={when.year}"
    if form.is_valid():
        try:
            set_calendar_day(day=when, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, back, f"{when} 已设为{dict(CalendarDay.Kind.choices)[form.cleaned_data['kind']]}。")
    context = {
        "form": form,
        "title": f"{when.year}年{when.month}月{when.day}日",
        "pretitle": "设定日历",
        "cancel_url": back,
    }
    return render(request, "web/form_page.html", context)
