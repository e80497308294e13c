"""Who should be where on the day of a visit, with the leave that covers them; and what visits tell attendance of a day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from zhucun.base.access.scope import Scope
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.models import Leave
from zhucun.work.attendance.summaries.county import More
from zhucun.work.teams.models import Posting, Team

from . import figures
from .models import Finding, Presence, Visit

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


# -- columns of attendance's county summary (ZHUCUN_ATTENDANCE_COLUMNS) ----------------------------------------------


def _visits(period: Period, scope: Scope) -> Mapping[str, int]:
    """By township: villages gone to by rounds held in the period."""
    rows = Visit.objects.within(scope).filter(round__in=figures.rounds(period, scope).records.order_by().values("pk"))
    return dict(rows.order_by().values_list("village__township").annotate(n=Count("pk")))


def _absences(period: Period, scope: Scope) -> Mapping[str, int]:
    """By township: findings that somebody was not in the village, those withdrawn as untrue left out."""
    rows = figures.findings(period, scope).records.filter(kind=Finding.Kind.ABSENT, person__isnull=False)
    return dict(rows.order_by().values_list("township").annotate(n=Count("pk")))


VISITS, ABSENCES = More("抽查次数", _visits), More("查出不在岗人次", _absences)
