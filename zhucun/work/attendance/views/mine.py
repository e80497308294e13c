"""我的出勤: one's own months as calendars, each day explained; the same for whoever manages the person."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.people.models import Person
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period, parse
from zhucun.base.web.tables import Empty
from zhucun.work.attendance import days
from zhucun.work.attendance.ladder import used_in
from zhucun.work.attendance.models import Objection, PersonMonth
from zhucun.work.attendance.roster import month_named, month_of
from zhucun.work.attendance.rules import SYMBOLS, AttendancePolicy
from zhucun.work.attendance.sight import (
    ASK,
    CORRECT,
    PRINT,
    READ,
    knows_why,
    leaves_seen,
    may,
    month_explained,
    objections_seen,
    oneself,
)

NOTHING = Empty("这个月您不在任", "到任以后，出勤由乡镇对照记录本录入，不用您填报。")


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """One's own month; without one in the address, the last that is written down: one may object to it only for some days."""
    person = oneself(request)
    if person is None:
        raise PermissionDenied("这里显示驻村工作队员本人的出勤；您的账号没有对应的驻村人员。")
    known = days.months_of(person.pk, request.today)
    month = _asked(request, person, known)
    context = _context(request, person, month) | {
        "title": "我的出勤", "pretitle": month.label, "mine": True, "may_ask": may(request, ASK),
        "earlier": next((one for one in known if one.start < month.start), None),
        "later": next((one for one in reversed(known) if one.start > month.start), None), "known": known,
        "leave_used": used_in(person.pk, request.today.year), "nothing": NOTHING,
    }  # fmt: skip
    return render(request, "attendance/mine.html", context)


def _asked(request: Request, person: Person, known: list[Period]) -> Period:
    try:
        return month_named(request.GET.get("month", ""))
    except ValueError:
        written = PersonMonth.objects.filter(person=person).order_by("-start").values_list("start", flat=True).first()
        return month_of(written) if written else known[0] if known else month_of(request.today)


def _context(request: Request, person: Person, month: Period, team=None) -> dict:
    """The month with its numbers: what both pages show."""
    found = days.shown(person.pk, month, request.today, team)
    area = found[-1].team.village_id if found else ""
    numbers = policy.on(month.until, AttendancePolicy, area=area)
    clause = policy.clause_of(month.until, "attendance.days_a_month", area)
    end = min(request.today, parse(str(month.start.year)).until)
    return {
        "person": person, "month": month, "months": found, "numbers": numbers, "clause": clause, "legend": SYMBOLS,
        "counted": sum(one.tally.counted for one in found), "is_written": any(one.row for one in found), "year": days.year_of(person.pk, end, area), "weekdays": days.WEEKDAYS,
        "last_to_object": {one.row.pk: days.last_day_to_object(one.row, None, request.today) for one in found if one.row},
    }  # fmt: skip


@login_required
@require_safe
def person_month(request: Request, pk) -> HttpResponse:
    """The same of somebody one manages: the township, the leader, the unit, the county."""
    row = month_explained(request, pk)
    context = _context(request, row.person, month_of(row.start), row.team_id)
    own = row.person.user_id == request.user.pk
    context |= {
        "title": f"{row.person} {context['month'].label}", "pretitle": str(row.team), "row": row, "mine": own,
        "back_url": _above(request, row, context["month"], own),
        "may_correct": row.is_confirmed and not own and may(request, CORRECT, row),
        "corrections": row.corrections.select_related("made_by").order_by("day", "made_at"),
        "objections": objections_seen(request).filter(month=row).order_by("raised_at"),
    }  # fmt: skip
    return render(request, "attendance/person_month.html", context)


def _mine_url(month: Period) -> str:
    return f"{reverse('attendance:mine')}?month={month.name}"


def _above(request: Request, row: PersonMonth, month: Period, own: bool) -> str:
    """The page one came from: one's own month, the team's for whoever manages it, else the month of one's people."""
    if own:
        return _mine_url(month)
    if may(request, CORRECT, row):
        return reverse("attendance:confirm", args=[month.name, row.team_id])
    return reverse("attendance:month", args=[month.name])


@login_required
@require_safe
def day(request: Request, pk, number: int) -> HttpResponse:
    """One day explained: what it means, whether it counts, where it came from."""
    row = month_explained(request, pk)
    if not 1 <= number <= len(row.marks):
        raise Http404("这个月没有这一天。")
    own = row.person.user_id == request.user.pk
    found = days.story(row, number)
    above = _mine_url(month_of(row.start)) if own else reverse("attendance:person_month", args=[row.pk])
    seen = leaves_seen(request).filter(pk__in=[leave.pk for leave in found.leaves]).values_list("pk", flat=True)
    context = {
        "row": row, "story": found, "own": own, "back_url": above, "title": f"{found.day.month}月{number}日 {found.weekday}", "pretitle": f"{row.person}　{row.team}",
        "slips_seen": set(seen), "knows_why": own or knows_why(request), "picture": picture_of(request, row, found, number, own),
        "may_correct": row.is_confirmed and not own and may(request, CORRECT, row), "may_object": own and _open(row, found.day, request.today),
        "objections": found.objections if own or may(request, CORRECT, row) else [], "last_day": days.last_day_to_object(row, found.day, request.today),
    }  # fmt: skip
    return render(request, "attendance/day.html", context)


def _open(row: PersonMonth, day: date, today: date) -> bool:
    """Whether an objection to the day may be raised now."""
    last = days.last_day_to_object(row, day, today)
    waits = Objection.objects.filter(month=row, day=day, answered_at__isnull=True).exists()
    return last is not None and today <= last and not waits


def picture_of(request: Request, row: PersonMonth, found: days.Story, number: int, own: bool) -> str:
    """The address of the cell's picture, for those who may look at it."""
    if found.reading is None or found.reading.page is None:
        return ""
    if not (own or may(request, READ, found.reading) or may(request, PRINT, found.reading.page.team)):
        return ""
    return reverse("attendance:cell_picture", args=[found.reading.pk, row.person_id, number])
