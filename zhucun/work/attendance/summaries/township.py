"""乡镇月度出勤汇总表: one line for everybody in post in a township during a period, with what has to be said about them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Sum

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance import figures
from zhucun.work.attendance.figures import days_needed, needed_in
from zhucun.work.attendance.models import Correction, Objection, PersonMonth
from zhucun.work.attendance.roster import days_in_post
from zhucun.work.attendance.rules import BLANK, AttendancePolicy, Tally, tally
from zhucun.work.teams.models import Posting

from .wholes import Measure, months_over, whole

Key = tuple[UUID, UUID]
"""Team and person: a line."""


@dataclass
class Line:
    """One person in one team: the latest posting there in the period, the days, and remarks."""

    posting: Posting
    present: int = 0
    counts_as: int = 0
    leave: int = 0
    absent: int = 0
    due: int | None = None
    measure: Measure = field(default_factory=Measure)
    year_total: int = 0
    gap: int | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """驻村天数: 实驻 and 视同 together."""
        return self.present + self.counts_as

    def add(self, found: Tally) -> None:
        """A month more."""
        self.present += found.present
        self.counts_as += found.counts_as
        self.leave += found.leave
        self.absent += found.absent


@dataclass(frozen=True)
class TownshipSummary:
    """The lines of a township in the order of villages and teams, and what they measure."""

    township: Division
    period: Period
    lines: list[Line]
    measure: Measure

    @property
    def totals(self) -> dict[str, int]:
        """The sums of the columns of days."""
        return {
            name: sum(getattr(line, name) for line in self.lines)
            for name in ("present", "counts_as", "leave", "absent")
        }


def summary(township: Division, period: Period, day: date) -> TownshipSummary:
    """Everybody in post in the township in the period, as known on `day`; a constant number of queries."""
    scope = Scope(township=frozenset({township.pk}))
    postings = list(
        Posting.objects.during(period).within(scope).select_related("person", "unit", "team__village", "team__lead_unit")
        .defer("person__address_sealed", "person__emergency_sealed").order_by("start", "pk")
    )  # fmt: skip
    lines: dict[Key, Line] = {}
    for posting in postings:
        lines.setdefault((posting.team_id, posting.person_id), Line(posting)).posting = posting
    rows = list(PersonMonth.objects.during(period).within(scope).order_by("start", "pk"))
    for row in rows:
        line = lines.get((row.team_id, row.person_id))
        if line is not None:
            line.add(_tally(row, period))
    total = _measure(postings, rows, lines, period)
    _count_the_year(lines, township, period)
    _remark(lines, postings, rows, period, day)
    roles = {role: place for place, role in enumerate(Posting.Role.values)}
    ordered = sorted(lines.values(), key=lambda line: (
        line.posting.team.village_id, line.posting.team.number, roles[line.posting.role], line.posting.start, line.posting.person.number,
    ))  # fmt: skip
    return TownshipSummary(township, period, ordered, total)


def _tally(row: PersonMonth, period: Period) -> Tally:
    """What a month counts: its tallies, or its signs up to the last day where the period cuts it."""
    if row.end is not None and row.end <= period.end:
        return Tally(row.present, row.counts_as, row.leave, row.rest, row.absent, row.blank)
    return tally(row.marks[: period.until.day])


def _measure(postings: list[Posting], rows: list[PersonMonth], lines: Mapping[Key, Line], period: Period) -> Measure:
    """Give each line the whole months it ends in, with the days of all the person's teams here; the sum of all lines."""
    months, total = months_over(period), Measure()
    needed = days_needed(months)
    days: Counter[tuple[UUID, date]] = Counter()
    recorded: Counter[tuple[UUID, date]] = Counter()
    for row in rows:
        days[row.person_id, row.start] += row.counted
        recorded[row.person_id, row.start] += row.counted + row.leave + row.rest + row.absent
    for person, own in _by_person(postings).items():
        for month in whole(((one.start, one.end) for one in own), months):
            last = next(one for one in reversed(own) if one.holds_on(month.until))
            line = lines[last.team_id, person]
            number = needed_in(needed[month.start], last.team.village_id)
            line.due = (line.due or 0) + number
            is_recorded = recorded[person, month.start] >= month.until.day
            for measure in (line.measure, total):
                measure.add(days[person, month.start], number, is_recorded)
    return total


def _by_person(postings: Iterable[Posting]) -> dict[UUID, list[Posting]]:
    found: dict[UUID, list[Posting]] = defaultdict(list)
    for posting in postings:
        found[posting.person_id].append(posting)
    return found


def _count_the_year(lines: Mapping[Key, Line], township: Division, period: Period) -> None:
    """累计 since 1 January in whatever teams of the county, and 距目标差 for those in post all the time since."""
    year = Period(date(period.until.year, 1, 1), period.until, str(period.until.year))
    county = Scope(county=frozenset({township.pk[:6]}))
    people = {person for _, person in lines}
    counted = figures.days(year, county)
    totals = dict(
        counted.rows.filter(person__in=people).order_by().values_list("person").annotate(days=Sum(counted.adding))
    )
    stays: dict[UUID, list] = defaultdict(list)
    here = Posting.objects.during(year).within(county).filter(person__in=people)
    for person, start, end in here.order_by().values_list("person", "start", "end"):
        stays[person].append((start, end))
    target = policy.on(period.until, AttendancePolicy, area=township.pk).days_a_year
    for (_, person), line in lines.items():
        line.year_total = totals.get(person, 0)
        if whole(stays[person], [year]):
            line.gap = max(0, target - line.year_total)


def _remark(
    lines: Mapping[Key, Line], postings: list[Posting], rows: list[PersonMonth], period: Period, day: date
) -> None:
    """What has to be said beside the numbers: who came and left, what is missing, not confirmed, corrected, objected to."""
    held: dict[Key, list[Posting]] = defaultdict(list)
    for posting in postings:
        held[posting.team_id, posting.person_id].append(posting)
    by_month = {(row.team_id, row.person_id, row.start): row for row in rows}
    keys = [row.pk for row in rows]
    corrected = _per_month(Correction.objects.filter(month__in=keys, day__lte=period.until))
    objected = _per_month(Objection.objects.filter(month__in=keys, answered_at__isnull=True))
    for key, line in lines.items():
        months = [(month, by_month.get((*key, month.start))) for month in period.months()]
        own = [row.pk for _, row in months if row is not None]
        line.remarks = [
            *_came_and_left(held[key], period),
            *_partly(line, held[key], period),
            *_waiting(held[key], months, day),
            *([f"更正 {n} 处"] if (n := sum(corrected[pk] for pk in own)) else []),
            *(["有异议待答复"] if any(objected[pk] for pk in own) else []),
        ]


def _per_month(rows) -> Counter[UUID]:
    return Counter(dict(rows.order_by().values_list("month").annotate(n=Count("pk"))))


def _came_and_left(own: list[Posting], period: Period) -> list[str]:
    first, last = own[0], own[-1]
    said = []
    if first.start > period.start:
        said.append(f"{first.start.month}月{first.start.day}日到任")
    if last.last_day and last.last_day < period.until:
        said.append(f"{last.last_day.month}月{last.last_day.day}日离任")
    return said


def _partly(line: Line, own: list[Posting], period: Period) -> list[str]:
    months = months_over(period)
    here = [month for month in months if any(one.overlaps(month.start, month.end) for one in own)]
    n = len(here) - line.measure.due
    if n <= 0:
        return []
    return ["不满整月"] if len(months) == 1 else [f"不满整月 {n} 个月"]


def _waiting(own: list[Posting], months: list[tuple[Period, PersonMonth | None]], day: date) -> list[str]:
    """The running month where nothing is written down yet; of months that are over: days in post without a record, and how many the township had not confirmed on `day`."""
    blank = waiting = 0
    going_on = False
    for month, row in months:
        days = set().union(*(days_in_post(one, month) for one in own))
        if not days:
            continue
        if month.end.day != 1:  # a month that goes on has days to come
            going_on = row is None
            continue
        blank += len(days) if row is None else sum(row.marks[one - 1] == BLANK for one in days)
        confirmed = row is not None and row.confirmed_on is not None and row.confirmed_on <= day
        waiting += not confirmed
    said = [f"{blank} 天没有记录"] if blank else []
    said += ["本月未录"] if going_on else []
    if waiting:
        said.append("未确认" if len(months) == 1 else f"{waiting} 个月未确认")
    return said
