"""Who signs a leave, whose turn it is, and what to look at before anybody agrees: overlaps, too few on duty, days used."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from zhucun.base.access.models import User
from zhucun.base.policy import policy
from zhucun.base.policy.models import Clause
from zhucun.base.timeline.periods import ONE_DAY, Period, parse
from zhucun.work.attendance.following import span_after
from zhucun.work.attendance.models import Decision, Leave
from zhucun.work.attendance.rules import LADDER, AttendancePolicy, LeaveStatus, Level, steps
from zhucun.work.teams.models import Posting

PERMISSIONS = {
    Level.LEADER: "attendance.leave_as_leader",
    Level.TOWNSHIP: "attendance.leave_as_township",
    Level.COUNTY: "attendance.leave_as_county",
}
OPEN = (Leave.Status.ASKED, *Leave.STANDING)
"""What takes up days: asked for or approved."""
PATHS = ("posting__person", "posting__unit", "posting__team__village__township", "posting__team__county", "person")


@dataclass(frozen=True)
class Ladder:
    """The way of one leave: days of the whole absence, who signs in order, whose turn it is (None: nobody's).

    `needed` is who must approve on paper, where a leader can sign without an account. `numbers` is the policy it is judged
    by; `leaderless` says that the team has no leader who could sign here, so that the township takes the leader's place.
    """

    days: int
    path: tuple[Level, ...]
    turn: Level | None
    needed: Level
    numbers: AttendancePolicy
    leaderless: bool = False


def ladders(leaves: Iterable[Leave], day: date) -> dict[UUID, Ladder]:
    """The ladder of every leave as things stand on `day`, in four queries however many there are.

    A 续假, and whatever else lies right before or after without a day between, is judged by the days of the whole absence.
    """
    rows = list(leaves)
    if not rows:
        return {}
    numbers = policy.on_each(AttendancePolicy, ((leave.start, leave.posting.team.village_id) for leave in rows))
    members = [
        leave for leave in rows if not leave.is_notice and not leave.posting.leads
    ]  # whom a leader might sign for
    beside, led, signed = _beside(rows), _led(members, day), _signed(rows)
    found = {}
    for leave in rows:
        own = numbers[leave.start, leave.posting.team.village_id]
        days = _whole(leave, beside[leave.person_id])
        whole = steps(days, is_leave=not leave.is_notice, leads=leave.posting.leads, policy=own)
        alone = Level.LEADER in whole and not led.get(leave.posting.team_id, set()) - {leave.person_id}
        path = (whole[1:] or (Level.TOWNSHIP,)) if alone else whole
        found[leave.pk] = Ladder(days, path, _turn(leave, path, signed[leave.pk]), whole[-1], own, alone)
    return found


def ladder_of(leave: Leave, day: date | None = None) -> Ladder:
    """The ladder of one leave on `day` (without one, the day it was asked for)."""
    return ladders([leave], day or timezone.localtime(leave.asked_at).date())[leave.pk]


def path_of(leave: Leave, day: date | None = None) -> tuple[Level, ...]:
    """Who signs this leave, in order; a team without a leader who can sign goes straight to the township."""
    return ladder_of(leave, day).path


def next_level(leave: Leave, day: date | None = None) -> Level | None:
    """Whose turn it is; None when nobody's."""
    return ladder_of(leave, day).turn


def _turn(leave: Leave, path: tuple[Level, ...], signed: set[Level]) -> Level | None:
    """The first level above those that have signed: never back down, even where the path has changed meanwhile."""
    if leave.status != LeaveStatus.ASKED:
        return None
    reached = max((LADDER.index(level) for level in signed), default=-1)
    above = LADDER[reached + 1 :]
    return next((level for level in above if level in path), above[0] if above else None)


def _beside(rows: list[Leave]) -> dict[UUID, list[Leave]]:
    """By person: all leave asked for or approved."""
    found: dict[UUID, list[Leave]] = {leave.person_id: [] for leave in rows}
    for one in Leave.objects.filter(person__in=list(found), status__in=OPEN).order_by("start", "pk"):
        found[one.person_id].append(one)
    return found


def _whole(leave: Leave, others: list[Leave]) -> int:
    """Days of the absence the leave belongs to: with those of its sort (leave, or notices) that touch it on either side."""
    first, end = leave.start, leave.end
    assert end is not None
    others = [one for one in others if one.pk != leave.pk and one.is_notice == leave.is_notice]
    moved = True
    while moved:
        before = min((one.start for one in others if one.end == first), default=first)
        after = max((one.end for one in others if one.start == end and one.end), default=end)
        moved = (before, after) != (first, end)
        first, end = before, after
    return (end - first).days


def _led(rows: list[Leave], day: date) -> dict[UUID, set[UUID]]:
    """By team: leaders in post on `day` who can sign here, having an account and not being on leave themselves."""
    if not rows:
        return {}
    postings = Posting.objects.on(day).filter(
        team__in={leave.posting.team_id for leave in rows}, role__in=Posting.LEADERS, person__user__is_active=True
    )
    away = Leave.objects.on(day).filter(status__in=Leave.STANDING).exclude(kind__in=Leave.NOTICES)
    found: dict[UUID, set[UUID]] = {}
    for team, person in postings.exclude(person__in=away.values("person")).values_list("team", "person"):
        found.setdefault(team, set()).add(person)
    return found


def _signed(rows: list[Leave]) -> dict[UUID, set[Level]]:
    found: dict[UUID, set[Level]] = {leave.pk: set() for leave in rows}
    if all(leave._state.adding for leave in rows):
        return found
    for leave, level in Decision.objects.filter(leave__in=list(found)).values_list("leave", "level"):
        found[leave].add(Level(level))
    return found


def waiting_for(user: User, day: date) -> list[Leave]:
    """Leave and notices on which it is this user's turn, the earliest start first; never one's own."""
    scopes = {level: user.scope_on(day, permission) for level, permission in PERMISSIONS.items()}
    where = Q(pk__in=())
    for scope in scopes.values():
        where |= scope.condition(Leave) if scope else Q(pk__in=())
    rows = list(
        Leave.objects.filter(where, status=Leave.Status.ASKED)
        .exclude(person__user=user)
        .select_related(*PATHS)
        .order_by("start", "number", "pk")
    )
    turns = {key: ladder.turn for key, ladder in ladders(rows, day).items()}
    return [leave for leave in rows if (turn := turns[leave.pk]) is not None and scopes[turn].covers(leave)]


def grounds(ladder: Ladder, leave: Leave) -> list[tuple[str, Clause | None]]:
    """Why these levels sign: the sentences of the policy that decided it, each with its clause (None: built-in default)."""
    area, own = leave.posting.team.village_id, ladder.numbers
    if leave.is_notice:
        return [("公出、培训、会议报备由乡镇签收，视同驻村", None)]
    told = [("township_days", f"{own.township_days} 天以内乡镇批准，超过的报县")]
    if leave.posting.leads:
        told += [("leader_goes_up", "队长请假由上一级批准")] if own.leader_goes_up else []
    elif Level.LEADER in ladder.path or ladder.leaderless:
        told = [("leader_days", f"{own.leader_days} 天以内队长批准"), *told]
    return [(sentence, policy.clause_of(leave.start, f"attendance.{name}", area)) for name, sentence in told]


def posting_of(leave: Leave) -> Posting | None:
    """The posting a slip belongs to: the one it names where that holds on its first day, else the first of the days.

    None unless the person is in the team on every day of it, be it in two roles one after the other.
    """
    own = Posting.objects.filter(person=leave.person, team=leave.posting.team_id)
    found = span_after(leave.start, leave.until, own)
    if found is None or found[1:] != (leave.start, leave.until):
        return None
    return leave.posting if leave.posting.holds_on(leave.start) else found[0]


def overlapping(leave: Leave) -> list[Leave]:
    """Other leave or notices of the person, asked for or approved, that share a day with this one."""
    rows = Leave.objects.filter(person=leave.person_id, start__lt=leave.end, end__gt=leave.start, status__in=OPEN)
    return list(rows.exclude(pk=leave.pk).select_related("posting__person").order_by("start", "pk"))


def absent_together(leave: Leave) -> str:
    """The sentence that too few would stay on duty on a day of this leave; empty when enough do."""
    numbers = policy.on(leave.start, AttendancePolicy, area=leave.posting.team.village_id)
    team = leave.posting.team_id
    postings = Posting.objects.filter(team=team, start__lt=leave.end)
    here = list(postings.filter(Q(end__isnull=True) | Q(end__gt=leave.start)))
    away = Leave.objects.filter(posting__team=team, status__in=Leave.STANDING, start__lt=leave.end, end__gt=leave.start)
    others = list(away.exclude(pk=leave.pk))
    for n in range(leave.days):
        day = leave.start + n * ONE_DAY
        gone = {one.person_id for one in others if one.holds_on(day)} | {leave.person_id}
        left = {one.person_id for one in here if one.holds_on(day)} - gone
        if len(left) < numbers.on_duty:
            return f"{day} 这支队在岗不足 {numbers.on_duty} 人。"
    return ""


def waiting_beside(leave: Leave) -> list[Leave]:
    """What team mates have asked for on days of this leave and nobody has decided yet."""
    rows = Leave.objects.filter(status=Leave.Status.ASKED, start__lt=leave.end, end__gt=leave.start)
    mates = rows.filter(posting__team=leave.posting.team_id).exclude(person=leave.person_id)
    return list(mates.select_related("posting__person").order_by("start", "pk"))


def overdue(day: date) -> Q:
    """Leave that is over before `day` and has not been ended by 销假; notices, 续假 that follow and slips written afterwards aside."""
    followed = Leave.objects.filter(extends=OuterRef("pk"), status__in=OPEN)
    afterwards = Q(asked_by=F("person__user"), asked_at__date__gte=F("end"))
    return Q(~Exists(followed), status=Leave.Status.APPROVED, end__lte=day) & ~Q(kind__in=Leave.NOTICES) & ~afterwards


def days_late(leave: Leave) -> int:
    """How many days after its start it was asked for, beyond what policy allows for a late paper (补办); 0 when in time."""
    numbers = policy.on(leave.start, AttendancePolicy, area=leave.posting.team.village_id)
    asked = timezone.localtime(leave.asked_at).date()
    after = (min(asked, leave.approved_on or asked) - leave.start).days
    return after if after > numbers.late_days else 0


@dataclass(frozen=True)
class Used:
    """Days of approved leave in a calendar year, by kind in the order of the form; notices are no leave.

    `waiting` are days asked for that nobody has decided about.
    """

    by_kind: tuple[tuple[str, int], ...]
    waiting: int = 0

    @property
    def days(self) -> int:
        """All of them."""
        return sum(days for _, days in self.by_kind)

    @property
    def words(self) -> str:
        """“事假 3 天、公休 5 天”."""
        return "、".join(f"{label} {days} 天" for label, days in self.by_kind)


def used_in(person: UUID, year: int, but: UUID | None = None, known_by: date | None = None) -> Used:
    """What somebody has used of leave in a year, in every team they were in.

    `but` leaves one slip out; `known_by` counts only what was approved by that day, as a paper written then would say.
    """
    period = parse(str(year))
    rows = Leave.objects.during(period).filter(person=person, status__in=OPEN)
    counted: Counter[str] = Counter()
    for leave in rows.exclude(kind__in=Leave.NOTICES):
        if leave.pk == but:
            continue
        waits = leave.status == Leave.Status.ASKED
        if waits or known_by is None or (leave.approved_on and leave.approved_on <= known_by):
            counted["" if waits else leave.kind] += days_inside(leave, period)
    return Used(tuple((label, counted[kind]) for kind, label in Leave.Kind.choices if counted[kind]), counted[""])


def days_inside(leave: Leave, period: Period) -> int:
    """How many days of a leave lie in a period."""
    return max(0, (min(leave.until, period.until) - max(leave.start, period.start)).days + 1)
