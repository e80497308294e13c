"""How far a month is: team by team for a township, township by township for the county; a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from zhucun.base.access.scope import Scope
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period, months_after
from zhucun.work.teams.models import Posting, Team

from .models import PersonMonth, PrintedPage, Question, Reading
from .roster import Stay, month_of, stays
from .rules import BLANK, OUT, AttendancePolicy, days_in


class Step(StrEnum):
    """The one thing to do next for a team's month."""

    FILL = "录入"
    CHECK = "核对"
    CONFIRM = "确认"
    WAIT = "等月底"
    SEE = "查看"


@dataclass
class TeamMonth:
    """A team's month: who is in post, what is recorded, which pages of the book were read, what is still asked."""

    team: Team
    month: Period
    stays: list[Stay]
    rows: dict[UUID, PersonMonth]
    today: date
    pages: int = 0
    pages_read: int = 0
    questions: int = 0
    hints: list = field(default_factory=list)

    @property
    def in_post(self) -> int:
        """Days in post up to today, all people together."""
        return sum(len(self._due(stay)) for stay in self.stays)

    @property
    def blank(self) -> int:
        """Days in post up to today on which nothing is recorded."""
        return sum(self._mark(stay, day) in (BLANK, OUT) for stay in self.stays for day in self._due(stay))

    @property
    def recorded(self) -> int:
        """Days in post up to today on which something is recorded."""
        return self.in_post - self.blank

    @property
    def stamp(self) -> str:
        """What changes whenever anything is written into the month: so many rows, changed so often."""
        return stamp_of(self.rows.values())

    @property
    def is_over(self) -> bool:
        """Whether the month has passed, so that it can be confirmed."""
        return self.today > self.month.until

    @property
    def confirmed_on(self) -> date | None:
        """When the township confirmed it for everybody; None while somebody's month is open."""
        days = [row.confirmed_on if (row := self.rows.get(stay.person.pk)) else None for stay in self.stays]
        return max(day for day in days if day) if days and all(days) else None

    @property
    def step(self) -> Step:
        """What comes next."""
        if self.confirmed_on or not self.stays:
            return Step.SEE
        if self.questions:
            return Step.CHECK
        if self.blank and self.is_over:
            return Step.FILL
        return Step.CONFIRM if self.is_over else Step.WAIT

    @property
    def is_ready(self) -> bool:
        """Whether it can be confirmed and nothing about it is worth a look first."""
        return self.step is Step.CONFIRM and all(hint.is_information for hint in self.hints)

    def _due(self, stay: Stay) -> list[int]:
        last = days_in(self.month.start) if self.is_over else self.today.day if self.today in self.month else 0
        return [day for day in stay.days if day <= last]

    def _mark(self, stay: Stay, day: int) -> str:
        row = self.rows.get(stay.person.pk)
        return row.marks[day - 1] if row else BLANK


def stamp_of(rows: Iterable[PersonMonth]) -> str:
    """How many rows a month has and how often they were changed: as seen on a page, and again before it is confirmed."""
    versions = [row.version for row in rows]
    return f"{len(versions)}.{sum(versions)}"


def team_months(
    teams: Sequence[Team], month: Period, today: date, known: dict[UUID, list[Stay]] | None = None
) -> list[TeamMonth]:
    """How far each team's month is, in the order of `teams`; five queries."""
    known = stays(teams, month) if known is None else known
    rows: dict[UUID, dict[UUID, PersonMonth]] = defaultdict(dict)
    for row in PersonMonth.objects.filter(team__in=teams, start=month.start):
        rows[row.team_id][row.person_id] = row
    pages, read, asked = _pages(teams, month), _pages_read(teams, month), _questions(teams, month)
    return [
        TeamMonth(
            team, month, known.get(team.pk, []), rows[team.pk], today,
            pages=pages.get(team.pk, 0), pages_read=read.get(team.pk, 0), questions=asked.get(team.pk, 0),
        )
        for team in teams
    ]  # fmt: skip


def _pages(teams: Sequence[Team], month: Period) -> dict[UUID, int]:
    """By team: how many pages its latest version has."""
    rows = PrintedPage.objects.filter(team__in=teams, month=month.start).order_by("version")
    return dict(rows.values_list("team", "parts"))


def _pages_read(teams: Sequence[Team], month: Period) -> dict[UUID, int]:
    states = (Reading.State.OPEN, Reading.State.DONE)
    rows = Reading.objects.filter(page__team__in=teams, page__month=month.start, state__in=states).order_by()
    return dict(rows.values_list("page__team").annotate(n=Count("page__part", distinct=True)))


def _questions(teams: Sequence[Team], month: Period) -> dict[UUID, int]:
    rows = Question.objects.filter(reading__page__team__in=teams, reading__page__month=month.start)
    rows = rows.filter(answered_at__isnull=True, reading__state=Reading.State.OPEN).order_by()
    return dict(rows.values_list("reading__page__team").annotate(n=Count("pk")))


# -- the county ------------------------------------------------------------------------------------------------------


def staffed(teams: QuerySet[Team], month: Period) -> QuerySet[Team]:
    """Those of the teams with somebody in post in the month: they have a month to confirm."""
    return teams.filter(Exists(Posting.objects.during(month).filter(team=OuterRef("pk"))))


def is_kept(scope: Scope, month: Period) -> bool:
    """Whether attendance was kept here by that month: nobody is late with a month before the first one; one query."""
    first = PersonMonth.objects.within(scope).aggregate(first=Min("start"))["first"]
    return first is None or first <= month.start


def unconfirmed(teams: QuerySet[Team], month: Period) -> QuerySet[Team]:
    """Those of the teams with somebody in post in the month whose row the township has not confirmed."""
    done = PersonMonth.objects.filter(
        team=OuterRef("team"), person=OuterRef("person"), start=month.start, confirmed_on__isnull=False
    )
    return teams.filter(Exists(Posting.objects.during(month).filter(~Exists(done), team=OuterRef("pk"))))


def by_township(teams: QuerySet[Team]) -> dict[str, int]:
    """By township: how many of the teams lie in it; one query."""
    return dict(teams.order_by().values_list("village__township").annotate(n=Count("pk")))


def due_days(towns: Iterable[str], month: Period) -> dict[str, date]:
    """By township (or other area): the last day on which the month may be confirmed in time (policy 乡镇确认期限); one query."""
    numbers = policy.on_each(AttendancePolicy, [(month.until, town) for town in towns])
    return {town: due_day(month, one) for (_, town), one in numbers.items()}


def due_day(month: Period, numbers: AttendancePolicy) -> date:
    """The policy's day of the month after."""
    following = months_after(month.start, 1)
    return following.replace(day=max(1, min(numbers.confirm_by, days_in(following))))


def month_before(day: date) -> Period:
    """The last whole month before a day."""
    return month_of(months_after(day.replace(day=1), -1))
