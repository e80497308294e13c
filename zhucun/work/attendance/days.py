"""What a day of somebody's month says, whether it counts and by which clause, and where the mark comes from."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max
from django.utils import timezone

from zhucun.base.access.models import User
from zhucun.base.policy import policy
from zhucun.base.policy.models import Clause
from zhucun.base.timeline import workdays
from zhucun.base.timeline.models import CalendarDay
from zhucun.base.timeline.periods import ONE_DAY, Period, year_to
from zhucun.work.teams.models import Posting, Team

from .models import Correction, Leave, Objection, PersonMonth, Reading
from .roster import days_in_post, month_of
from .rules import ABSENT, BLANK, COUNTS_AS, LEAVES, OUT, PRESENT, REST, SYMBOLS, AttendancePolicy, Tally, tally

WEEKDAYS = "一二三四五六日"


def tone_of(symbol: str) -> str:
    """The colour of a mark, by what it counts as; the symbol itself says the same to who sees no colours."""
    if symbol == PRESENT:
        return "present"
    if symbol in COUNTS_AS:
        return "counts"
    return {ABSENT: "absent", REST: "rest", OUT: "out", BLANK: "blank"}.get(symbol, "leave")


def meaning_of(symbol: str) -> str:
    """A symbol in words."""
    return SYMBOLS.get(symbol, "没有记录")


# -- a month as a calendar ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tile:
    """One day of the calendar; `note` is the name of a holiday, `marks` what happened to it (更正, 异议)."""

    number: int
    day: date
    symbol: str
    tone: str
    rest: bool
    note: str
    changed: bool
    objected: bool
    slip: str
    ahead: bool

    @property
    def spoken(self) -> str:
        """The day for whoever hears it read out."""
        further = "，有更正" if self.changed else "，有异议" if self.objected else ""
        return f"{self.day.month}月{self.number}日，{meaning_of(self.symbol)}{further}"


@dataclass
class Shown:
    """A person's month in one team: the row of marks (None while nothing is recorded) as weeks of tiles, added up."""

    team: Team
    month: Period
    row: PersonMonth | None
    weeks: list[list[Tile | None]]
    tally: Tally
    in_post: int

    @property
    def missing(self) -> int:
        """Days in post up to today on which nothing is recorded."""
        tiles = (tile for week in self.weeks for tile in week if tile)
        return sum(tile.symbol == BLANK and not tile.ahead for tile in tiles)


def shown(person: UUID, month: Period, today: date, team: UUID | None = None) -> list[Shown]:
    """The person's month in every team they were in that month (or in one of them), the earlier team first."""
    postings = Posting.objects.during(month).filter(person=person, **({"team": team} if team else {})).order_by("start")
    held: dict[UUID, set[int]] = {}
    teams: dict[UUID, Team] = {}
    for posting in postings.select_related("team__village__township", "team__county"):
        teams[posting.team_id] = posting.team
        held.setdefault(posting.team_id, set()).update(days_in_post(posting, month))
    rows = {row.team_id: row for row in PersonMonth.objects.filter(person=person, start=month.start, team__in=teams)}
    calendar = [day for day in workdays.of_year(month.start.year) if day.day in month]
    slips = _slips(person, month)
    about = _about([row.pk for row in rows.values()])
    return [_month(teams[key], month, rows.get(key), days, calendar, slips, about, today) for key, days in held.items()]


def _slips(person: UUID, month: Period) -> dict[date, str]:
    """By day: the kind of the approved leave or notice that covers it."""
    found = {}
    for leave in Leave.objects.during(month).filter(person=person, status__in=Leave.STANDING):
        for day in range((min(leave.until, month.until) - max(leave.start, month.start)).days + 1):
            found[date.fromordinal(max(leave.start, month.start).toordinal() + day)] = leave.get_kind_display()
    return found


def _about(months: list[UUID]) -> tuple[set, set]:
    """(month, day) of what was corrected, and of what is objected to."""
    changed = set(Correction.objects.filter(month__in=months).values_list("month", "day")) if months else set()
    objected = Objection.objects.filter(month__in=months, day__isnull=False) if months else Objection.objects.none()
    return changed, set(objected.values_list("month", "day"))


def _month(
    team: Team, month: Period, row: PersonMonth | None, days: set[int], calendar: list[CalendarDay], slips: dict[date, str],
    about: tuple[set, set], today: date,
) -> Shown:  # fmt: skip
    blank = "".join(BLANK if day.day.day in days else OUT for day in calendar)
    marks, key = (row.marks, row.pk) if row else (blank, None)
    tiles: list[Tile | None] = [None] * month.start.weekday()
    for day in calendar:
        symbol = marks[day.day.day - 1]
        tiles.append(Tile(
            day.day.day, day.day, symbol, tone_of(symbol), not day.is_workday,
            day.name if day.kind == CalendarDay.Kind.HOLIDAY else "班" if day.kind == CalendarDay.Kind.SHIFTED_WORK else "",
            (key, day.day) in about[0], (key, day.day) in about[1], slips.get(day.day, ""), day.day > today,
        ))  # fmt: skip
    tiles += [None] * (-len(tiles) % 7)
    return Shown(team, month, row, [tiles[n : n + 7] for n in range(0, len(tiles), 7)], tally(marks), len(days))


@dataclass
class YearMonth:
    """One month of the year: days counted in all teams, whether all of it is confirmed, and the latest row of it."""

    start: date
    days: int
    sure: bool
    row: PersonMonth


@dataclass(frozen=True)
class Year:
    """驻村天数 of a person's calendar year so far, month by month, all teams together; beside policy, never beside others."""

    year: int
    months: list[YearMonth]
    needed: int

    @property
    def counted(self) -> int:
        """All days of presence."""
        return sum(one.days for one in self.months)


def year_of(person: UUID, today: date, area: str) -> Year:
    """The year of `today`: by month the days counted, and whether the township has confirmed it."""
    found: dict[date, YearMonth] = {}
    for row in PersonMonth.objects.during(year_to(today)).filter(person=person).order_by("start", "pk"):
        one = found.setdefault(row.start, YearMonth(row.start, 0, True, row))
        one.days, one.sure, one.row = one.days + row.counted, one.sure and row.is_confirmed, row
    needed = policy.on(today, AttendancePolicy, area=area).days_a_year
    return Year(today.year, list(found.values()), needed)


# -- one day ------------------------------------------------------------------------------------------------------


@dataclass
class Story:
    """One day of a month: what it means, whether it counts, by which rule, where it came from, what was done about it."""

    day: date
    symbol: str
    counts: bool | None
    why: str
    clause: Clause | None
    origin: str
    calendar: CalendarDay
    leaves: list[Leave] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    reading: Reading | None = None
    checked: str = ""
    from_paper: bool = False
    """Whether the mark is what was read from the book, not typed in or corrected since."""

    @property
    def meaning(self) -> str:
        """The mark in words."""
        return meaning_of(self.symbol)

    @property
    def tone(self) -> str:
        """Its colour."""
        return tone_of(self.symbol)

    @property
    def first(self) -> str:
        """What stood there before it was ever corrected."""
        return self.corrections[0].old if self.corrections else self.symbol

    @property
    def weekday(self) -> str:
        """星期几."""
        return f"星期{WEEKDAYS[self.day.weekday()]}"


def story(row: PersonMonth, number: int) -> Story:
    """The day `number` of a month, as it stands now; a handful of queries."""
    day, symbol = row.day(number), row.marks[number - 1]
    counts, why, key = judged(symbol)
    origin = PersonMonth.Origin(row.origins[number - 1])
    found = Story(
        day=day, symbol=symbol, counts=counts, why=why,
        clause=policy.clause_of(day, key, row.team.village_id) if key else None,
        origin=str(origin.label), calendar=workdays.of_day(day),
        from_paper=origin in {PersonMonth.Origin.READ, PersonMonth.Origin.CHECKED},
    )  # fmt: skip
    rows = Leave.objects.on(day).filter(person=row.person_id, status__in=(Leave.Status.ASKED, *Leave.STANDING))
    found.leaves = list(rows.order_by("start", "pk"))
    made = row.corrections.filter(day=day).select_related("made_by").order_by("made_at", "pk")
    found.corrections = list(made)
    raised = row.objections.filter(day=day).select_related("raised_by", "answered_by").order_by("raised_at", "pk")
    found.objections = list(raised)
    found.reading, found.checked = _read(row, number)
    return found


def judged(symbol: str) -> tuple[bool | None, str, str]:
    """(whether it counts as a day of presence, why, the parameter it rests on); None where there is nothing to count."""
    if symbol == PRESENT:
        return True, "在村的日子都算", "attendance.days_a_month"
    if symbol in COUNTS_AS:
        return True, "因公外出、培训、会议，报备后视同驻村", "attendance.days_a_month"
    if symbol in LEAVES:
        return False, "计入请假天数", "attendance.yearly_days"
    return {
        REST: (False, "调休不算请假", "attendance.days_a_month"),
        ABSENT: (False, "没有请假也没有报备，计入未报备缺勤", "attendance.days_a_month"),
        OUT: (None, "这一天不在任，不计", ""),
    }.get(symbol, (None, "还没有记录，不计", ""))


def _read(row: PersonMonth, number: int) -> tuple[Reading | None, str]:
    """The reading of the book that has this cell, and who checked it."""
    readings = Reading.objects.filter(
        page__team=row.team_id, page__month=row.start, state__in=(Reading.State.OPEN, Reading.State.DONE)
    ).exclude(picture="")
    for reading in readings.select_related("read_by", "page__team").order_by("-read_at", "pk"):
        if any(cell["person"] == row.person.number and cell["day"] == number for cell in reading.cells):
            asked = reading.questions.filter(person=row.person_id, day=row.day(number), answered_at__isnull=False)
            answered = asked.select_related("answered_by").first()
            return reading, str(answered.answered_by) if answered else ""
    return None, ""


def last_day_to_object(month: PersonMonth, day: date | None, today: date) -> date | None:
    """The last day (inclusive) on which the person may object, by the policy of `today`; None before confirmation.

    The days run from the confirmation, and again from a correction made later: what is changed may be objected to as well.
    """
    if month.confirmed_on is None:
        return None
    made = Correction.objects.filter(month=month, **({"day": day} if day else {})).order_by("made_at").last()
    numbers = policy.on(today, AttendancePolicy, area=month.team.village_id)
    return _last_day(month.confirmed_on, made.made_at if made else None, numbers)


def _last_day(confirmed_on: date, changed_at: datetime | None, numbers: AttendancePolicy) -> date:
    since = max(confirmed_on, timezone.localtime(changed_at).date()) if changed_at else confirmed_on
    return since + numbers.objection_days * ONE_DAY


@dataclass(frozen=True)
class OpenMonth:
    """A confirmed month one may still object to: how often it was changed since, and the last day (inclusive) to object."""

    row: PersonMonth
    changes: int
    last: date


def to_look_at(user: User, today: date) -> list[OpenMonth]:
    """The user's own confirmed months that are open to objection and worth a look, newest first; two queries.

    Worth a look are months with days that are no plain presence, and those changed since they were confirmed.
    """
    rows = PersonMonth.objects.filter(person__user=user, confirmed_on__isnull=False).select_related("team")
    rows = rows.annotate(changes=Count("corrections"), changed_at=Max("corrections__made_at")).order_by("-start", "pk")
    worth = [row for row in rows if row.changes or row.counts_as or row.leave or row.rest or row.absent or row.blank]
    numbers = policy.on_each(AttendancePolicy, [(today, row.team.village_id) for row in worth])
    found = [
        OpenMonth(row, row.changes, _last_day(row.confirmed_on, row.changed_at, numbers[today, row.team.village_id]))
        for row in worth
        if row.confirmed_on
    ]
    return [one for one in found if today <= one.last]


def months_of(person: UUID, today: date) -> list[Period]:
    """The months in which somebody was in post, up to the month of `today`, newest first."""
    found: dict[date, Period] = {}
    for start, end in Posting.objects.filter(person=person, start__lte=today).values_list("start", "end"):
        last = min(today, date.fromordinal(end.toordinal() - 1)) if end else today
        month = month_of(start)
        while month.start <= last:
            found[month.start] = month
            month = month_of(month.end)
    return [found[start] for start in sorted(found, reverse=True)]
