"""What the hints about several teams' month look at, gathered in a fixed number of queries; other rooms' facts as well.

Rooms above or beside tell what they know of a day through `ZHUCUN_PRESENCE`: dotted paths of functions
`(team, month) -> Iterable[Fact]`, or of plain tuples in Fact's order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.module_loading import import_string

from zhucun.base.policy import policy
from zhucun.base.timeline import workdays
from zhucun.base.timeline.periods import ONE_DAY, Period, months_after
from zhucun.work.attendance.models import Leave, PersonMonth
from zhucun.work.attendance.roster import Stay, stays
from zhucun.work.attendance.rules import BLANK, AttendancePolicy, closed, days_in
from zhucun.work.teams.models import Team

from .checking import found
from .sheet import Fact, Hint, Line, Sheet, Slip

MONTHS_BACK = 5
"""How far back the months of a person are looked at, for what repeats itself."""


def hints_of(
    teams: Sequence[Team], month: Period, today: date, known: Mapping[UUID, list[Stay]] | None = None
) -> dict[UUID, list[Hint]]:
    """By team: the hints about its month as of `today`; `known` are the month's stays where the caller has them."""
    known = stays(teams, month) if known is None else known
    past = _Past.load(teams, month, known)
    slips = _slips([person for team in teams for person in past.people(team.pk)], month, today)
    rest = {day.day.day for day in workdays.of_month(month.start) if not day.is_workday}
    policies = policy.on_each(AttendancePolicy, {(month.until, team.village_id) for team in teams})
    return {
        team.pk: found(
            Sheet(
                month=month.start,
                lines=tuple(past.lines(team.pk, slips)),
                rest_days=frozenset(rest),
                policy=policies[month.until, team.village_id],
                others=tuple(past.quarters[team.village.township_id].values()),
                facts=tuple(facts_of(team, month)),
            )
        )
        for team in teams
    }


def facts_of(team: Team, month: Period) -> Iterable[Fact]:
    """What the rooms named in the settings know of the team's days in the month."""
    for path in settings.ZHUCUN_PRESENCE:
        for fact in import_string(path)(team, month):
            yield Fact(*fact)


@dataclass
class _Past:
    """The months of the teams' people, this one and those before, and the quarters of their townships."""

    month: Period
    known: Mapping[UUID, list[Stay]]
    rows: dict[tuple[UUID, UUID], dict[date, PersonMonth]] = field(default_factory=lambda: defaultdict(dict))
    quarters: dict[str, dict[UUID, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def load(cls, teams: Sequence[Team], month: Period, known: Mapping[UUID, list[Stay]]) -> "_Past":
        """Two queries: the people's months, and who has how many days in the quarter so far."""
        past = cls(month, known)
        first = months_after(month.start, -MONTHS_BACK)
        rows = PersonMonth.objects.filter(team__in=teams, start__gte=first, start__lte=month.start)
        for row in rows.select_related("person").defer("person__address_sealed", "person__emergency_sealed"):
            past.rows[row.team_id, row.person_id][row.start] = row
        past._load_quarters({team.village.township_id for team in teams})
        return past

    def _load_quarters(self, towns: Iterable[str]) -> None:
        first = self.month.start.replace(month=(self.month.start.month - 1) // 3 * 3 + 1)
        wanted = self.month.start.month - first.month + 1
        rows = PersonMonth.objects.filter(
            team__village__township__in=towns, start__gte=first, start__lte=self.month.start
        )
        months: dict[tuple[str, UUID], set[date]] = defaultdict(set)
        days: dict[tuple[str, UUID], int] = defaultdict(int)
        asked = ("team__village__township", "person", "start", "present", "counts_as")
        for town, person, start, present, counts_as in rows.order_by().values_list(*asked):
            months[town, person].add(start)
            days[town, person] += present + counts_as
        for (town, person), held in months.items():
            if len(held) == wanted:
                self.quarters[town][person] = days[town, person]

    def people(self, team: UUID) -> dict[UUID, tuple[str, frozenset[int]]]:
        """By person: the name and the days in post of everybody in the team, also who has marks without being in post."""
        stayed = {
            stay.person.pk: (stay.person.name, frozenset(stay.days & set(self._days()))) for stay in self.known.get(team, ())
        }  # fmt: skip
        stray = {
            person: (rows[self.month.start].person.name, frozenset[int]())
            for (owner, person), rows in self.rows.items()
            if owner == team and self.month.start in rows
        }
        return stray | stayed

    def _days(self) -> range:
        return range(1, days_in(self.month.start) + 1)

    def lines(self, team: UUID, slips: Mapping[UUID, list[Slip]]) -> Iterable[Line]:
        """The people of a team with everything known of their month, in the team's order."""
        blank = BLANK * days_in(self.month.start)
        people = self.people(team)
        order = [stay.person.pk for stay in self.known.get(team, ())]
        for person in [*order, *(one for one in people if one not in order)]:
            name, in_post = people[person]
            rows = self.rows.get((team, person), {})
            row = rows.get(self.month.start)
            quarter = next((days[person] for days in self.quarters.values() if person in days), None)
            yield Line(
                person, name, row.marks if row else closed(blank, in_post), in_post, tuple(slips.get(person, ())),
                tuple(self._earlier(rows)), quarter,
            )  # fmt: skip

    def _earlier(self, rows: Mapping[date, PersonMonth]) -> Iterable[tuple[date, str]]:
        """The months before, latest first, as far as none is missing."""
        start = months_after(self.month.start, -1)
        while start in rows:
            yield start, rows[start].marks
            start = months_after(start, -1)


def _slips(people: Iterable[UUID], month: Period, today: date) -> dict[UUID, list[Slip]]:
    """By person: approved leave and notices that fall in the month; one query."""
    extended = Leave.objects.filter(extends=OuterRef("pk"), status__in=Leave.STANDING)
    rows = Leave.objects.during(month).filter(person__in=list(people), status__in=Leave.STANDING)
    found: dict[UUID, list[Slip]] = defaultdict(list)
    rows = rows.select_related("person").defer("person__address_sealed", "person__emergency_sealed")
    for leave in rows.annotate(is_extended=Exists(extended)).order_by("start", "pk"):
        first, last = max(leave.start, month.start), min(leave.until, month.until)
        days = frozenset(range(first.day, last.day + 1))
        over = leave.until < min(today, month.until + ONE_DAY) and leave.status == Leave.Status.APPROVED
        found[leave.person_id].append(
            Slip(leave.symbol, days, leave.number, over and not (leave.is_extended or leave.was_asked_afterwards))
        )
    return found
