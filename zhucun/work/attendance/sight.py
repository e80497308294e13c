"""Which months, leave and readings somebody may see: the rows of their areas, and always their own."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit
from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import Period
from zhucun.work.teams.models import Posting, Team

from .ladder import PERMISSIONS
from .models import Correction, Leave, Objection, PersonMonth, Question, Reading, managed_by, objections_of
from .roster import Stay, month_named, stays

VIEW, FILL, CONFIRM, CORRECT = "attendance.view", "attendance.fill", "attendance.confirm", "attendance.correct"
PRINT, READ = "attendance.book_print", "attendance.book_read"
ASK, RECORD, AS_LEADER = "attendance.leave_ask", "attendance.leave_record", "attendance.leave_as_leader"


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


def month_in_path(name: str) -> Period:
    """The month an address names; nothing is there for a name that is none."""
    try:
        return month_named(name)
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong


def teams_in(request: Request, month: Period, permission: str = VIEW) -> QuerySet[Team]:
    """Teams of one's areas in force on a day of the month, in the ledger's order."""
    rows = Team.objects.during(month).within(request.user.scope_on(request.today, permission))
    return rows.select_related("village__township", "county", "lead_unit").order_by("village_id", "number")


def stays_seen(request: Request, teams: Iterable[Team], month: Period) -> dict[UUID, list[Stay]]:
    """By team: who was in post in the month, as far as they lie in one's areas, and always oneself; two queries."""
    scope = request.user.scope_on(request.today, VIEW)
    mine = Posting.objects.during(month).filter(scope.condition(Posting) | Q(person__user=request.user))
    seen = set(mine.filter(team__in=list(teams)).order_by().values_list("team", "person"))
    return {team: [stay for stay in own if (team, stay.person.pk) in seen] for team, own in stays(teams, month).items()}


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


def oneself(request: Request) -> Person | None:
    """The person whose account this is; also after the last posting has ended."""
    return Person.objects.filter(user=request.user).first()


def admit(request: Request) -> None:
    """Let in whoever has an area to look at or records of their own; refuse everybody else with a sentence."""
    if not request.user.scope_on(request.today, VIEW) and oneself(request) is None:
        raise PermissionDenied("您的账号现在没有查看这一页的职责。如果确实需要，请联系县驻村办或安全管理员。")


def managed(request: Request) -> Scope:
    """The areas one manages: a member's own village is none, so that team mates do not read each other's leave."""
    return managed_by(request.user, request.today)


def kind_told(request: Request) -> Callable[[Stay], bool]:
    """Whether one may read which kind of leave somebody had: of whom one manages, and one's own."""
    scope, user = managed(request), request.user
    return lambda stay: scope.covers(stay.posting) or stay.person.user_id == user.pk


def leaves_seen(request: Request) -> QuerySet[Leave]:
    """Leave of the areas one manages, and one's own."""
    rows = Leave.objects.filter(managed(request).condition(Leave) | Q(person__user=request.user))
    return rows.select_related(
        "posting__person", "posting__unit", "posting__team__village__township", "posting__team__county", "person"
    )


def leave_seen(request: Request, pk) -> Leave:
    """One leave somebody may see."""
    return get_object_or_404(leaves_seen(request).select_related("asked_by", "extends"), pk=pk)


def knows_why(request: Request) -> bool:
    """Whether the reader handles leave, so that reasons and places are theirs to read; who only counts days reads none."""
    user, day = request.user, request.today
    return bool(managed(request).unit) or any(user.may(p, day) for p in (ASK, RECORD, *PERMISSIONS.values()))


def month_explained(request: Request, pk) -> PersonMonth:
    """One month with its leave, corrections and objections: of the areas one manages, or one's own."""
    rows = PersonMonth.objects.filter(managed(request).condition(PersonMonth) | Q(person__user=request.user))
    paths = ("person", "team__village__township", "team__county", "unit", "confirmed_by", "filled_by")
    return get_object_or_404(rows.select_related(*paths), pk=pk)


def objections_seen(request: Request) -> QuerySet[Objection]:
    """Objections one may answer, those of one's unit's people, and one's own."""
    user, scope = request.user, objections_of(request.user, request.today)
    rows = Objection.objects.filter(scope.condition(Objection) | Q(month__person__user=user))
    paths = ("month__person", "month__unit", "month__team__village__township", "month__team__county")
    return rows.select_related(*paths, "raised_by", "answered_by")


def objection_seen(request: Request, pk) -> Objection:
    """An objection one may answer, of one's unit's people, or one's own."""
    return get_object_or_404(objections_seen(request), pk=pk)


def corrections_seen(request: Request) -> QuerySet[Correction]:
    """Corrections in the areas one manages, and of one's own months."""
    rows = Correction.objects.filter(managed(request).condition(Correction) | Q(month__person__user=request.user))
    return rows.select_related("month__person", "month__unit", "month__team__village__township", "made_by")


def readings_seen(request: Request) -> QuerySet[Reading]:
    """Readings of one's areas, for those who read the book back; a team's own page may be looked at by nobody else."""
    scope = request.user.scope_on(request.today, READ)
    if not scope:
        raise PermissionDenied("识读出勤记录本由乡镇或县驻村办办理。")
    return Reading.objects.within(scope).select_related("page__team__village__township", "township", "read_by")


def readings_of(request: Request, team: Team, month: Period) -> list[Reading]:
    """The pages of a team's month that were taken in, in their order, for whoever reads that team's book; else none."""
    if not may(request, READ, team):
        return []
    taken = (Reading.State.OPEN, Reading.State.DONE)
    rows = Reading.objects.filter(page__team=team, page__month=month.start, state__in=taken)
    return list(rows.select_related("page").order_by("page__part", "read_at"))


def reading_seen(request: Request, pk) -> Reading:
    """One reading."""
    return get_object_or_404(readings_seen(request), pk=pk)


def questions_open(request: Request) -> QuerySet[Question]:
    """Cells of one's areas that wait for a person's eyes, page after page in the order of the book."""
    scope = request.user.scope_on(request.today, READ)
    if not scope:
        raise PermissionDenied("识读出勤记录本由乡镇或县驻村办办理。")
    rows = Question.objects.within(scope).filter(answered_at__isnull=True, reading__state=Reading.State.OPEN)
    paths = ("person", "reading__page__team__village__township")
    order = ("reading__page__team__number", "reading__page__month", "reading__page__part", "reading", "person__number")
    return rows.select_related(*paths).order_by(*order, "day", "pk")


def questions_seen(request: Request) -> QuerySet[Question]:
    """Cells somebody may be asked about, answered or not."""
    return Question.objects.within(request.user.scope_on(request.today, READ))


def question_seen(request: Request, pk) -> Question:
    """One of them."""
    rows = questions_seen(request)
    return get_object_or_404(rows.select_related("person", "reading__page__team__village__township"), pk=pk)


def cell_picture_seen(request: Request, pk, person: str, day: int) -> tuple[Reading, tuple[int, int, int, int]]:
    """Whose cell of which page, and where it lies in the picture: for those who read pages, the leader, and the person."""
    rows = Reading.objects.filter(page__isnull=False).exclude(picture="")
    paths = ("page__team__village__township", "page__team__county", "township")
    reading = get_object_or_404(rows.select_related(*paths), pk=pk)
    assert reading.page is not None
    numbers = [row["person"] for row in reading.page.snapshot["rows"]]
    people = Person.objects.filter(county=reading.page.team.county_id, number__in=numbers)
    concerned = next((one for one in people if str(one.pk) == person), None)
    own = concerned is not None and concerned.user_id == request.user.pk
    if concerned is None or not (own or may(request, READ, reading) or may(request, PRINT, reading.page.team)):
        raise Http404("没有这个格子的图片，或者您的账号看不到它。")
    cells = (one for one in reading.cells if one["person"] == concerned.number and one["day"] == day)
    box = next((one["crop"] for one in cells), None)
    if box is None:
        raise Http404("这一天没有识读。")
    return reading, tuple(box)


def counties_seen(request: Request) -> Scope:
    """The whole counties one sees; empty for those who see a part of one."""
    return Scope(county=request.user.scope_on(request.today, VIEW).county)


def townships_seen(request: Request) -> list[Division]:
    """The townships that lie wholly in one's areas, in the order of their codes."""
    scope = request.user.scope_on(request.today, VIEW)
    return list(Division.objects.filter(Q(pk__in=scope.township) | Q(parent__in=scope.county)).order_by("pk"))


def units_seen(request: Request, period: Period) -> QuerySet[Unit]:
    """The sending units of one's areas that had anybody in post in the period."""
    sent = Posting.objects.during(period).filter(unit=OuterRef("pk"))
    units = Unit.objects.within(request.user.scope_on(request.today, VIEW))
    return units.filter(Exists(sent)).order_by("name", "pk")
