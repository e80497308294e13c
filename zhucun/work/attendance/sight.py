"""Which months, leave and readings somebody may see: the rows of their areas, and always their own."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from zhucun.base.access.request import Request
from zhucun.base.timeline.periods import Period
from zhucun.work.teams.models import Team

from .models import Leave, Objection, PersonMonth, Reading
from .roster import month_named

VIEW, FILL, CONFIRM, CORRECT = "attendance.view", "attendance.fill", "attendance.confirm", "attendance.correct"
PRINT, READ = "attendance.book_print", "attendance.book_read"
ASK, RECORD = "attendance.leave_ask", "attendance.leave_record"


def may(request: Request, permission: str, row=None) -> bool:
    """Whether to offer a step on a page."""
    return request.user.may(permission, request.today, row)


def month_asked(request: Request, name: str = "") -> Period:
    """The month named in the path or the address (`2022-11`); the last whole month before today without one."""
    asked = name or request.GET.get("month", "")
    try:
        return month_named(asked)
    except ValueError:
        last = request.today.replace(day=1)
        return month_named(f"{last.year - (last.month == 1)}-{(last.month - 2) % 12 + 1:02}")


def teams_in(request: Request, month: Period, permission: str = VIEW) -> QuerySet[Team]:
    """Teams of one's areas in force on a day of the month, in the ledger's order."""
    rows = Team.objects.during(month).within(request.user.scope_on(request.today, permission))
    return rows.select_related("village__township", "county", "lead_unit").order_by("village_id", "number")


def team_seen(request: Request, pk, permission: str = VIEW) -> Team:
    """One team of one's areas; strangers find nothing, those who may only look are refused with a sentence."""
    rows = Team.objects.seen_by(request.user.scope_on(request.today, VIEW))
    team = get_object_or_404(rows.select_related("village__township", "county", "lead_unit"), pk=pk)
    if permission != VIEW:
        request.user.require(permission, request.now, team)
    return team


def months_seen(request: Request) -> QuerySet[PersonMonth]:
    """Months of one's areas, and one's own."""
    scope = request.user.scope_on(request.today, VIEW)
    return PersonMonth.objects.filter(scope.condition(PersonMonth) | Q(person__user=request.user))


def month_seen(request: Request, pk) -> PersonMonth:
    """One month somebody may see."""
    rows = months_seen(request).select_related("person", "team__village__township", "unit", "confirmed_by", "filled_by")
    return get_object_or_404(rows, pk=pk)


def leaves_seen(request: Request) -> QuerySet[Leave]:
    """Leave of one's areas, and one's own."""
    scope = request.user.scope_on(request.today, VIEW)
    rows = Leave.objects.filter(scope.condition(Leave) | Q(person__user=request.user))
    return rows.select_related("posting__person", "posting__unit", "posting__team__village__township", "person")


def leave_seen(request: Request, pk) -> Leave:
    """One leave somebody may see."""
    return get_object_or_404(leaves_seen(request).select_related("asked_by", "extends"), pk=pk)


def objection_seen(request: Request, pk) -> Objection:
    """An objection of one's area or one's own."""
    scope = request.user.scope_on(request.today, VIEW)
    rows = Objection.objects.filter(scope.condition(Objection) | Q(month__person__user=request.user))
    paths = ("month__person", "month__team__village__township", "raised_by", "answered_by")
    return get_object_or_404(rows.select_related(*paths), pk=pk)


def readings_seen(request: Request) -> QuerySet[Reading]:
    """Readings of one's areas, for those who read the book back; a team's own page may be looked at by nobody else."""
    scope = request.user.scope_on(request.today, READ)
    if not scope:
        raise PermissionDenied("识读出勤记录本由乡镇或县驻村办办理。")
    return Reading.objects.within(scope).select_related("page__team__village__township", "township", "read_by")


def reading_seen(request: Request, pk) -> Reading:
    """One reading."""
    return get_object_or_404(readings_seen(request), pk=pk)
