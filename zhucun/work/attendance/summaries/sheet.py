"""考勤月表: a team's month as the sheet people sign (domain.md 3.4), every day a symbol, with what the row adds up to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from zhucun.base.timeline import workdays
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.figures import days_needed, needed_in
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import Stay
from zhucun.work.attendance.rules import BLANK, OUT, SYMBOLS, Tally, days_in, tally, veiled
from zhucun.work.teams.models import Team

WEEKDAYS = "一二三四五六日"
LEAVES = (("事假", "事"), ("病假", "病"), ("公休", "休"), ("婚产丧", "婚产丧"))
"""The columns of 请假天数 with the symbols each of them counts."""
FOOT = ("填表人", "工作队长", "村党组织书记", "乡镇分管负责人", "派出单位（盖章）", "县驻村办抽查记录")
PARTIAL = "不满整月"
LEGEND = "　".join(f"{symbol} {meaning}" for symbol, meaning in SYMBOLS.items())
NOTE = "达标情况按在村与视同驻村（公、培、会）天数之和比应驻天数；住村夜数不另登记；画线的符号是乡镇确认后更正的。"


@dataclass(frozen=True)
class Day:
    """A day of the month as a column head."""

    number: int
    weekday: str
    rest: bool


@dataclass(frozen=True)
class Cell:
    """What is recorded for a day: its symbol (empty where nothing is), and whether it was put right after confirmation."""

    symbol: str
    corrected: bool = False
    rest: bool = False


@dataclass(frozen=True)
class Row:
    """One person's line."""

    name: str
    role: str
    cells: tuple[Cell, ...]
    tally: Tally
    leaves: tuple[int | None, ...]
    due: int | None
    over: bool
    confirmed_on: date | None
    month: UUID | None = None

    @property
    def due_text(self) -> str:
        """应驻天数, or why there is none."""
        return PARTIAL if self.due is None else str(self.due)

    @property
    def standing(self) -> str:
        """达标情况: met, or how many days are missing; nothing for a month that is not whole or not over."""
        if self.due is None:
            return "—"
        if not self.over:
            return "本月未完"
        return "达标" if self.tally.counted >= self.due else f"差 {self.due - self.tally.counted} 天"


@dataclass(frozen=True)
class TeamSheet:
    """A team's month."""

    team: Team
    month: Period
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    provisional: bool = False
    foot: tuple[str, ...] = field(default=FOOT)

    @property
    def confirmed_on(self) -> date | None:
        """The day on which the last of its rows was confirmed; None while one waits."""
        days = [row.confirmed_on for row in self.rows]
        return max(day for day in days if day) if days and all(days) else None

    @property
    def state(self) -> str:
        """How far the month is, in words."""
        if self.confirmed_on:
            return f"乡镇已于 {self.confirmed_on} 确认"
        waiting = sum(row.confirmed_on is None for row in self.rows)
        return "乡镇尚未确认" if waiting == len(self.rows) else f"还有 {waiting} 人乡镇尚未确认"


def sheets(
    teams: Iterable[Team], stays: Mapping[UUID, list[Stay]], month: Period, day: date,
    tells_kind: Callable[[Stay], bool] = lambda _: True,
) -> list[TeamSheet]:  # fmt: skip
    """The sheets of teams that had anybody in post, as known on `day`; two queries beside the calendar and the policy.

    `stays` are those to be shown, by team; of whom `tells_kind` is not true, leave shows as 假 and is not told by kind.
    """
    teams = [team for team in teams if stays.get(team.pk)]
    known = {(row.team_id, row.person_id): row for row in PersonMonth.objects.filter(team__in=teams, start=month.start)}
    calendar = [one for one in workdays.of_year(month.start.year) if one.day in month]
    days = tuple(Day(one.day.day, WEEKDAYS[one.day.weekday()], not one.is_workday) for one in calendar)
    numbers = days_needed([month])[month.start]
    provisional = any(one.provisional for one in calendar)
    found = []
    for team in teams:
        needed = needed_in(numbers, team.village_id)
        rows = [
            _row(stay, known.get((team.pk, stay.person.pk)), days, month, needed, day, tells_kind(stay))
            for stay in stays[team.pk]
        ]
        found.append(TeamSheet(team, month, days, tuple(rows), provisional))
    return found


def _row(
    stay: Stay,
    known: PersonMonth | None,
    days: tuple[Day, ...],
    month: Period,
    needed: int,
    day: date,
    tells_kind: bool,
) -> Row:
    marks = known.marks if known else BLANK * len(days)
    origins = known.origins if known else BLANK * len(days)
    if day < month.until:
        marks = marks[: max(0, (day - month.start).days + 1)].ljust(len(days), BLANK)
    shown = marks if tells_kind else veiled(marks)
    cells = tuple(
        Cell(OUT if one.number not in stay.days else "" if mark in (BLANK, OUT) else mark,
             origin == PersonMonth.Origin.CORRECTED, one.rest)
        for one, mark, origin in zip(days, shown, origins, strict=True)
    )  # fmt: skip
    added, is_whole = tally(marks), len(stay.days) == days_in(month.start)
    leaves = tuple(sum(map(marks.count, symbols)) if tells_kind else None for _, symbols in LEAVES)
    confirmed = known.confirmed_on if known and known.confirmed_on and known.confirmed_on <= day else None
    role = stay.posting.get_role_display()
    return Row(stay.person.name, role, cells, added, leaves, needed if is_whole else None, day >= month.until, confirmed,
               known.pk if known else None)  # fmt: skip
