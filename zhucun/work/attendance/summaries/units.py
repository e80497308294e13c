"""派出单位版: where a unit's people are, with their days month by month over a year."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Unit
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.rules import COUNTS_AS, PRESENT
from zhucun.work.teams.models import Posting


@dataclass(frozen=True)
class Month:
    """A month of a line: whether the person was in post there, the days recorded (None for none), whether confirmed."""

    in_post: bool
    days: int | None = None
    confirmed: bool = False
    row: UUID | None = None

    @property
    def text(self) -> str:
        """As it stands in the table; nothing for a month out of post."""
        if self.days is None:
            return "未录" if self.in_post else ""
        return str(self.days)


@dataclass
class Line:
    """One person in one team over the year."""

    posting: Posting
    stays: list[Posting] = field(default_factory=list)
    months: list[Month] = field(default_factory=list)

    @property
    def total(self) -> int:
        """累计: the days of all months."""
        return sum(month.days or 0 for month in self.months)


@dataclass(frozen=True)
class UnitSummary:
    """A unit's year: its lines by village and team."""

    unit: Unit
    period: Period
    lines: list[Line]

    @property
    def sums(self) -> list[int]:
        """The days of each month, all people together."""
        return [sum(line.months[n].days or 0 for line in self.lines) for n in range(12)]

    @property
    def total(self) -> int:
        """All days of the year."""
        return sum(self.sums)


def summary(unit: Unit, year: Period, day: date) -> UnitSummary:
    """Everybody the unit sent who was in post in the year, as known on `day`; two queries."""
    scope = Scope(unit=frozenset({unit.pk}))
    postings = Posting.objects.during(year).within(scope).select_related("person", "team__village__township")
    postings = postings.defer("person__address_sealed", "person__emergency_sealed").order_by("start", "pk")
    lines: dict[tuple[UUID, UUID], Line] = {}
    for posting in postings:
        line = lines.setdefault((posting.team_id, posting.person_id), Line(posting))
        line.posting = posting
        line.stays.append(posting)
    rows: dict[tuple[UUID, UUID], dict[int, PersonMonth]] = defaultdict(dict)
    for row in PersonMonth.objects.during(year).within(scope).order_by("start", "pk"):
        rows[row.team_id, row.person_id][row.start.month] = row
    for key, line in lines.items():
        line.months = [_month(line, rows[key].get(n), date(year.start.year, n, 1), year, day) for n in range(1, 13)]
    order = sorted(lines.values(), key=lambda line: (
        line.posting.team.village_id, line.posting.team.number, line.posting.start, line.posting.person.number,
    ))  # fmt: skip
    return UnitSummary(unit, year, order)


def _month(line: Line, row: PersonMonth | None, start: date, year: Period, day: date) -> Month:
    months = {month.start: month for month in year.months()}
    month = months.get(start)
    if month is None:
        return Month(in_post=False)
    in_post = any(one.overlaps(month.start, month.end) for one in line.stays)
    if row is None:
        return Month(in_post)
    marks = row.marks[: month.until.day]
    days = sum(mark == PRESENT or mark in COUNTS_AS for mark in marks)
    confirmed = row.confirmed_on is not None and row.confirmed_on <= day
    return Month(in_post, days, confirmed, row.pk)
