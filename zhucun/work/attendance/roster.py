"""Who is in post in a team on which days of a month: what the book prints, the grid offers and the confirmation asks for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import YEARS, Period, parse
from zhucun.work.attendance.models import Leave
from zhucun.work.teams.models import Posting, Team


@dataclass
class Stay:
    """One person in one team during a month: the latest posting there and the days (1–31) in post."""

    posting: Posting
    days: set[int] = field(default_factory=set)

    @property
    def person(self) -> Person:
        """Whose stay it is."""
        return self.posting.person


def month_of(day: date) -> Period:
    """The whole calendar month of a day."""
    return parse(f"{day:%Y-%m}")


def month_named(name: str) -> Period:
    """The month written `2022-11`; ValueError with a sentence for anything else."""
    wrong = f"“{name}”不是月份，请写成 2022-11。"
    try:
        period = parse(name)
    except ValueError:
        raise ValueError(wrong) from None
    if len(period.name) != 7 or period.name[5] in "QH":
        raise ValueError(wrong)
    if period.start.year not in YEARS:
        raise ValueError(f"“{name}”太远了，请写 {YEARS[0]} 年到 {YEARS[-1]} 年之间的月份。")
    return period


def stays(teams: Iterable[Team], month: Period) -> dict[UUID, list[Stay]]:
    """By team: everybody in post there on a day of the month, leaders first, then by 到任日期; one query.

    The postings have the teams given, where these come with their villages, else teams loaded with theirs.
    """
    known = {team.pk: team for team in teams}
    loaded = all(Team._meta.get_field("village").is_cached(team) for team in known.values())
    postings = (
        Posting.objects.during(month)
        .filter(team__in=known)
        .select_related("person", "unit", *(() if loaded else ("team__village__township",)))
        .defer("person__address_sealed", "person__emergency_sealed")
        .order_by("start", "pk")
    )
    found: dict[UUID, dict[UUID, Stay]] = defaultdict(dict)
    for posting in postings:
        if loaded:
            posting.team = known[posting.team_id]
        own = found[posting.team_id].setdefault(posting.person_id, Stay(posting))
        own.posting = posting
        own.days |= days_in_post(posting, month)
    order = {role: place for place, role in enumerate(Posting.Role.values)}
    return {
        team: sorted(own.values(), key=lambda stay: (order[stay.posting.role], stay.posting.start, stay.person.number))
        for team, own in found.items()
    }


def days_in_post(posting: Posting, month: Period) -> set[int]:
    """The days of the month (1–31) on which a posting is in force."""
    first = max(posting.start, month.start)
    last = min(posting.last_day or month.until, month.until)
    return set(range(first.day, last.day + 1)) if first <= last else set()


def marks_of_leave(people: Iterable[UUID], month: Period) -> dict[tuple[UUID, int], str]:
    """By person and day of the month: the symbol of the approved leave or notice that covers it; one query."""
    leaves = Leave.objects.during(month).filter(person__in=list(people), status__in=Leave.STANDING)
    found: dict[tuple[UUID, int], str] = {}
    for leave in leaves.order_by("approved_on", "pk"):
        first, last = max(leave.start, month.start), min(leave.until, month.until)
        found |= {(leave.person_id, day): leave.symbol for day in range(first.day, last.day + 1)}
    return found
