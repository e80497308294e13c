"""A team's month as a table of people × days: what the grid fills in, the confirmation shows, and anybody may read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhucun.base.timeline import workdays
from zhucun.base.timeline.models import CalendarDay
from zhucun.base.timeline.periods import Period
from zhucun.work.teams.models import Team

from .models import PersonMonth
from .roster import Stay, marks_of_leave
from .rules import BLANK, OUT, SYMBOLS, VEILED, Tally, closed, days_in, tally, veiled

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Column:
    """One day of the month: number, weekday, whether it is a day of rest, the holiday's name, whether it is still to come."""

    number: int
    weekday: str
    rest: bool
    name: str = ""
    future: bool = False

    @property
    def css(self) -> str:
        """How its cells look."""
        return " ".join(word for word, holds in (("is-rest", self.rest), ("is-future", self.future)) if holds)


def columns(month: Period, today: date) -> list[Column]:
    """The days of the month as the work calendar knows them; one query."""
    return [_column(day, today) for day in workdays.of_month(month.start)]


def _column(day: CalendarDay, today: date) -> Column:
    name = day.name if day.kind == CalendarDay.Kind.HOLIDAY else "调休上班" if day.kind == day.Kind.SHIFTED_WORK else ""
    return Column(day.day.day, WEEKDAYS[day.day.weekday()], not day.is_workday, name, day.day > today)


@dataclass
class Row:
    """One person's line: the stay, the month as kept (None: nothing yet), the leave that covers days, what is shown."""

    team: Team
    stay: Stay
    month: PersonMonth | None
    leave: Mapping[int, str]
    days: int
    shown: Sequence[str] = ()
    wrong: Sequence[str] = ()
    is_veiled: bool = False

    def __post_init__(self) -> None:
        self.shown = self.shown or self.kept

    @property
    def key(self) -> str:
        """The end of its fields' names."""
        return f"{self.team.pk.hex}-{self.stay.person.pk.hex}"

    @property
    def stored(self) -> str:
        """The marks as they are kept now; blanks while nothing is."""
        return self.month.marks if self.month else BLANK * self.days

    @property
    def kept(self) -> str:
        """The same with — on every day out of post."""
        return closed(self.stored, self.stay.days)

    @property
    def text(self) -> str:
        """What is shown, as one text for a form's field."""
        return ("" if all(len(mark) == 1 for mark in self.shown) else "|").join(self.shown)

    @property
    def version(self) -> int:
        """How often the row was changed, for the optimistic lock."""
        return self.month.version if self.month else 0

    def veil(self) -> None:
        """Show 假 for every kind of leave, as the book in the village office does: what kind is nobody else's affair."""
        self.shown = veiled(self.kept)
        self.leave, self.is_veiled = {}, True

    @property
    def is_locked(self) -> bool:
        """Whether the township has confirmed it."""
        return self.month is not None and self.month.is_confirmed

    @property
    def corrected(self) -> set[int]:
        """The days put right after the township had confirmed them."""
        origins = self.month.origins if self.month else ""
        return {day for day, origin in enumerate(origins, start=1) if origin == PersonMonth.Origin.CORRECTED}

    @property
    def tally(self) -> Tally:
        """What the shown marks add up to."""
        shown = self.kept if self.is_veiled else self.shown
        return tally("".join(mark if len(mark) == 1 else BLANK for mark in shown))


def rows(teams: Iterable[Team], month: Period, known: Mapping[UUID, list[Stay]]) -> list[Row]:
    """The lines of everybody in `known`, team by team; two queries."""
    teams = [team for team in teams if known.get(team.pk)]
    held = {(row.team_id, row.person_id): row for row in PersonMonth.objects.filter(team__in=teams, start=month.start)}
    people = [stay.person.pk for team in teams for stay in known[team.pk]]
    leave: dict[UUID, dict[int, str]] = {}
    for (person, day), symbol in marks_of_leave(people, month).items():
        leave.setdefault(person, {})[day] = symbol
    n = days_in(month.start)
    return [
        Row(team, stay, held.get((team.pk, stay.person.pk)), leave.get(stay.person.pk, {}), n)
        for team in teams
        for stay in known[team.pk]
    ]


def by_team(lines: Iterable[Row]) -> list[tuple[Team, list[Row]]]:
    """The lines in groups, one a team, in their order."""
    groups: dict[UUID, tuple[Team, list[Row]]] = {}
    for row in lines:
        groups.setdefault(row.team.pk, (row.team, []))[1].append(row)
    return list(groups.values())


def meaning(mark: str) -> str:
    """A symbol in words, for whoever points at it."""
    return "" if mark in (BLANK, OUT) else "请假" if mark == VEILED else SYMBOLS.get(mark, "看不懂这个符号")
