"""Who should be where on the day of a visit, with the leave that covers them; and what visits tell attendance of a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.models import Leave
from zhucun.work.teams.models import Posting, Team

from .models import Finding, Presence

ORDER = {role: place for place, role in enumerate(Posting.Role.values)}


@dataclass(frozen=True)
class Expected:
    """Somebody in post on the day of a visit, and the approved leave or notice that covers the day."""

    posting: Posting
    leave: Leave | None = None

    @property
    def usual(self) -> str:
        """What the papers say of the day: leave, notice, or nothing, where somebody has to look."""
        if self.leave is None:
            return ""
        return Presence.Found.NOTICE if self.leave.is_notice else Presence.Found.LEAVE

    @property
    def brief(self) -> str:
        """“报备 12月5日至12月7日”: without the kind and the reason, since the sheet is signed in the village."""
        if self.leave is None:
            return ""
        word = "报备" if self.leave.is_notice else "请假"
        return f"{word} {_short(self.leave.start)}至{_short(self.leave.until)}"

    @property
    def covered(self) -> str:
        """The same with the word that says it was approved."""
        return f"已批准{self.brief}" if self.leave else ""


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def expected(teams: Iterable[UUID | None], day: date) -> dict[UUID, list[Expected]]:
    """By team: who is in post on the day, leaders first, with the leave that covers it; two queries."""
    postings = list(
        Posting.objects.on(day)
        .filter(team__in=[team for team in teams if team])
        .select_related("person", "unit")
        .defer("person__address_sealed", "person__emergency_sealed")
        .order_by("start", "pk")
    )
    people = [posting.person_id for posting in postings]
    leaves = Leave.objects.on(day).filter(person__in=people, status__in=Leave.STANDING).order_by("approved_on", "pk")
    known = {leave.person_id: leave for leave in leaves}
    found: dict[UUID, list[Expected]] = {}
    for posting in sorted(postings, key=lambda one: ORDER[one.role]):
        found.setdefault(posting.team_id, []).append(Expected(posting, known.get(posting.person_id)))
    return found


def facts(team: Team, month: Period) -> Iterator[tuple[UUID, date, bool, str]]:
    """For attendance's hints (ZHUCUN_PRESENCE): whom a visit found in the village on which day, and whom not; one query.

    An absence that was withdrawn as untrue tells nothing.
    """
    rows = Presence.objects.filter(visit__team=team, day__gte=month.start, day__lte=month.until)
    rows = rows.filter(Q(finding__isnull=True) | ~Q(finding__state=Finding.State.WITHDRAWN)).order_by("day", "pk")
    for person, day, found, number in rows.values_list("posting__person", "day", "found", "visit__round__number"):
        yield person, day, found == Presence.Found.HERE, f"督查{number}"
