"""县汇总: one line a township in the order of division codes, never ranked; and the county's months as a picture."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import CharField, F
from django.db.models import Count as CountOf
from django.db.models.functions import Cast

from zhucun.base.access.figure import count_by, count_together
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period
from zhucun.base.web.charts import Chart, Series
from zhucun.work.attendance import figures
from zhucun.work.attendance.figures import days_needed, needed_in
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.months import due_day
from zhucun.work.attendance.rules import AttendancePolicy
from zhucun.work.teams import figures as team_figures
from zhucun.work.teams.models import Posting

from .wholes import Measure, is_month, months_over, whole


@dataclass(frozen=True)
class More:
    """A column that a room above brings along: its head, and what it counts in a period by township."""

    label: str
    count: Callable[[Period, Scope], Mapping[str, int]]


@dataclass
class Reported:
    """上报: which team-months of a township are confirmed, when the last one was, and how many came late."""

    expected: int = 0
    confirmed: int = 0
    late: int = 0
    overdue: int = 0
    last_on: date | None = None

    @property
    def waiting(self) -> int:
        """Team-months the township has not confirmed."""
        return self.expected - self.confirmed


@dataclass
class Town:
    """One township's line."""

    division: Division
    teams: int = 0
    people: int = 0
    slips: int = 0
    measure: Measure = field(default_factory=Measure)
    reported: Reported = field(default_factory=Reported)
    more: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class CountySummary:
    """The lines of all townships and the whole, which has whole months that changed townships as well."""

    period: Period
    towns: list[Town]
    total: Town
    more: Sequence[More] = ()

    @property
    def several(self) -> bool:
        """Whether townships of more than one county stand in it."""
        return len({town.division.parent_id for town in self.towns}) > 1

    @property
    def between(self) -> int:
        """Person-months whole in the county and in no township."""
        return self.total.measure.due - sum(town.measure.due for town in self.towns)

    @property
    def is_month(self) -> bool:
        """Whether the period is one calendar month."""
        return is_month(self.period)


class _Held(NamedTuple):
    """A posting as far as it is counted."""

    person: str
    team: str
    township: str
    village: str
    start: date
    end: date | None


class _Row(NamedTuple):
    """A person-month as far as it is counted: days of presence, days recorded."""

    person: str
    team: str
    township: str
    start: date
    counted: int
    recorded: int
    confirmed_on: date | None


def summary(scope: Scope, period: Period, day: date, more: Sequence[More] = ()) -> CountySummary:
    """The townships within `scope` in a period, as known on `day`; a constant number of queries."""
    held = _held(scope, period)
    months = months_over(period)
    rows = _rows(scope, period)
    codes = {one.township for one in held}
    towns = {row.pk: Town(row) for row in Division.objects.filter(pk__in=codes).select_related("parent").order_by("pk")}
    total = Town(Division(name="合计"))
    counted = [team_figures.teams(period, scope), team_figures.people(period, scope), figures.leave_days(period, scope)]
    for code, (teams, people, leave) in count_by(counted, "township").items():
        if code in towns:
            towns[code].teams, towns[code].people, towns[code].slips = teams.n, people.n, leave.n
    total.teams, total.people, total.slips = (one.n for one in count_together(counted))
    _measure(towns, total, held, rows, months)
    _report(towns, total, held, rows, months, day)
    found = [one.count(period, scope) for one in more]
    for code, town in towns.items():
        town.more = [counts.get(code, 0) for counts in found]
    total.more = [sum(counts.values()) for counts in found]
    return CountySummary(period, list(towns.values()), total, more)


def _held(scope: Scope, period: Period) -> list[_Held]:
    rows = Posting.objects.during(period).within(scope).order_by("start")
    rows = rows.annotate(
        whose=Cast("person", CharField()), where=Cast("team", CharField())
    )  # no UUIDs are made of them
    fields = ("whose", "where", "team__village__township", "team__village", "start", "end")
    return [_Held(*values) for values in rows.values_list(*fields)]


def _rows(scope: Scope, period: Period) -> list[_Row]:
    rows = PersonMonth.objects.during(period).within(scope).order_by()
    counted = F("present") + F("counts_as")
    rows = rows.annotate(
        whose=Cast("person", CharField()), where=Cast("team", CharField()), counted_days=counted,
        recorded_days=counted + F("leave") + F("rest") + F("absent"),
    )  # fmt: skip
    fields = ("whose", "where", "team__village__township", "start", "counted_days", "recorded_days", "confirmed_on")
    return [_Row(*values) for values in rows.values_list(*fields)]


def _measure(towns: Mapping[str, Town], total: Town, held: list[_Held], rows: list[_Row], months: list[Period]) -> None:
    """Each person's whole months: in their township, or, for those who changed it, in each of them and in the county."""
    needed = days_needed(months)
    kept: dict[tuple[str, date], list[_Row]] = defaultdict(list)
    for row in rows:
        kept[row.person, row.start].append(row)
    people: dict[str, list[_Held]] = defaultdict(list)
    for one in held:
        people[one.person].append(one)
    for own in people.values():
        places = {one.township for one in own}
        if len(places) == 1:
            _add([towns[own[0].township].measure, total.measure], own, kept, months, needed)
            continue
        _add([total.measure], own, kept, months, needed)
        for place in places:
            _add([towns[place].measure], [one for one in own if one.township == place], kept, months, needed)


def _add(measures: list[Measure], own: list[_Held], kept: Mapping, months: list[Period], needed: Mapping) -> None:
    """The whole months of one person's postings, with the days of all their teams among these places."""
    places = {one.township for one in own}
    for month in whole([(one.start, one.end) for one in own], months):
        last = next(one for one in reversed(own) if one.start <= month.until)
        rows = [row for row in kept.get((last.person, month.start), ()) if row.township in places]
        days, recorded = sum(row.counted for row in rows), sum(row.recorded for row in rows)
        number = needed_in(needed[month.start], last.village)
        for measure in measures:
            measure.add(days, number, recorded >= month.until.day)


def _report(
    towns: Mapping[str, Town], total: Town, held: list[_Held], rows: list[_Row], months: list[Period], day: date
) -> None:
    """Which months of which teams are confirmed: all of the people in post, by the day of the next month that policy sets."""
    confirmed = {(row.team, row.person, row.start): row.confirmed_on for row in rows}
    numbers = policy.on_each(AttendancePolicy, [(month.until, code) for month in months for code in towns])
    for month in months:
        asked: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in held:
            if one.start <= month.until and (one.end is None or one.end > month.start):
                asked[one.township, one.team].add(one.person)
        for (code, team), people in asked.items():
            deadline = due_day(month, numbers[month.until, code])
            days = [confirmed.get((team, person, month.start)) for person in people]
            for reported in (towns[code].reported, total.reported):
                _note(reported, [one if one and one <= day else None for one in days], deadline, day)


def _note(reported: Reported, days: list[date | None], deadline: date, day: date) -> None:
    reported.expected += 1
    known = [one for one in days if one]
    if len(known) == len(days):
        reported.confirmed += 1
        reported.late += max(known) > deadline
        reported.last_on = max(known) if reported.last_on is None else max(reported.last_on, *known)
    else:
        reported.overdue += day > deadline


def picture(scope: Scope, period: Period, link: Callable[[str], str]) -> Chart:
    """The months of the period's year so far: how many people were in post all the month, and how many met the policy's days."""
    year = Period(date(period.until.year, 1, 1), period.until, str(period.until.year))
    months = months_over(year)
    records = figures.months_met(year, scope).records.order_by()
    met = dict(records.values_list("start").annotate(n=CountOf("pk")))
    due: Counter[date] = Counter()
    stays: dict[str, list] = defaultdict(list)
    for one in _held(scope, year):
        stays[one.person].append((one.start, one.end))
    for own in stays.values():
        due.update(month.start for month in whole(own, months))
    series = (
        Series("达标", [met.get(month.start, 0) for month in months]),
        Series("整月在任", [due[month.start] for month in months]),
    )
    labels, links = [f"{month.start.month}月" for month in months], [link(month.name) for month in months]
    return Chart(f"{year.name}年各月达标情况", labels, series, "grouped", "人", links)
