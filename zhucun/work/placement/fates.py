"""What becomes of everybody when a proposal is approved: decided once as data, told before, then carried out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from zhucun.base.people.models import PARTY, Person, Record
from zhucun.base.policy import policy
from zhucun.base.policy.models import Parameter
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.work.teams.models import Posting, Team
from zhucun.work.teams.rules import TeamsPolicy, term_ends

from .models import Line, Proposal, Round, Seat

R, E = Posting.Role, Posting.Ending


class Kind(StrEnum):
    """What becomes of somebody, as people read it."""

    NEW = "新到任"
    STAYS = "留任"
    RENEWED = "续派"
    ROLE = "改任职务"
    REFORMED = "队伍重组留任"
    MOVED = "改派"
    TERM = "期满离任"
    TRANSFER = "调整离任"


STAYING = (Kind.STAYS, Kind.RENEWED, Kind.ROLE, Kind.REFORMED)
"""Who is in the same village before and after."""
LEAVING = (Kind.MOVED, Kind.TERM, Kind.TRANSFER)
"""Who leaves a village, and hands over."""


@dataclass(frozen=True)
class Fate:
    """One person: the posting so far, if any, and the seat from the first day on, if any.

    `role` is the role from then on; `ending` and `why` are how the posting so far ends, empty when it goes on; `last`
    is its last day, inclusive, `first` the first day of the posting that is in force from then on.
    """

    kind: Kind
    person: Person
    posting: Posting | None = None
    seat: Seat | None = None
    line: Line | None = None
    role: str = ""
    ending: str = ""
    why: str = ""
    last: date | None = None
    first: date | None = None

    @property
    def role_words(self) -> str:
        """The role from then on as people read it."""
        return R(self.role).label if self.role else ""

    @property
    def ending_words(self) -> str:
        """How the posting so far ends as people read it."""
        return E(self.ending).label if self.ending else ""


@dataclass(frozen=True)
class Outcome:
    """What approving does: to everybody, and to the teams of the villages; a closing team with the line that follows."""

    round: Round
    lines: Mapping[str, Line]
    going_on: Mapping[str, Team]
    closing: tuple[tuple[Team, Line], ...]
    people: tuple[Fate, ...]

    @property
    def opening(self) -> list[Line]:
        """Villages whose team is opened anew."""
        return [line for village, line in self.lines.items() if village not in self.going_on]

    @cached_property
    def by_kind(self) -> dict[Kind, list[Fate]]:
        """Everybody by what becomes of them; every kind is there, in the order of the kinds."""
        found: dict[Kind, list[Fate]] = {kind: [] for kind in Kind}
        for fate in self.people:
            found[fate.kind].append(fate)
        return found

    @cached_property
    def by_seat(self) -> dict[object, Fate]:
        """The fate that goes with each seat, by the seat's key."""
        return {fate.seat.pk: fate for fate in self.people if fate.seat}

    @property
    def last_day(self) -> date:
        """The last day of what ends, inclusive."""
        return self.round.starts_on - ONE_DAY

    @property
    def early(self) -> dict[str, int]:
        """How many leaders and members leave before their term is full: what the figures of 调整 will count."""
        postings = [fate.posting for fate in self.people if fate.posting and fate.ending == E.TRANSFER]
        leaders = sum(posting.leads for posting in postings)
        return {"leaders": leaders, "members": len(postings) - leaders, "people": len(postings)}


def fates(round: Round, proposal: Proposal) -> Outcome:
    """What approving `proposal` does, read from the ledger as it is; writes nothing, and asks a bounded number of times.

    Touched are the people seated, and everybody still in post in a team of these villages in force the day before.
    """
    rows = proposal.lines.select_related("village__township", "unit")
    rows = rows.prefetch_related("seats__candidate__person", "seats__candidate__unit")
    lines = {line.village_id: line for line in rows.order_by("village")}
    standing = _standing(round, lines)
    going_on: dict[str, Team] = {}
    for team in standing:
        if team.lead_unit_id == lines[team.village_id].unit_id:
            going_on.setdefault(team.village_id, team)
    closing = tuple((team, lines[team.village_id]) for team in standing if team is not going_on.get(team.village_id))
    people = _people(round, lines, standing, going_on)
    return Outcome(round, lines, going_on, closing, tuple(people))


def _standing(round: Round, lines: Mapping[str, Line]) -> list[Team]:
    """Teams of these villages in force on the day before, with no end in sight."""
    rows = Team.objects.on(round.starts_on - ONE_DAY).filter(village__in=list(lines), end__isnull=True)
    return list(rows.select_related("village", "lead_unit").prefetch_related("partners"))


def _people(
    round: Round, lines: Mapping[str, Line], standing: Iterable[Team], going_on: Mapping[str, Team]
) -> list[Fate]:
    places = {seat.candidate.person_id: (seat, line) for line in lines.values() for seat in line.seats.all()}
    here = {team.pk for team in standing}
    rows = Posting.objects.filter(end__isnull=True, team__county=round.county_id)
    rows = rows.select_related("person", "team__village", "team__lead_unit")
    touched = [row for row in rows if row.person_id in places or row.team_id in here]
    full = _full(round, touched)
    party = _in_party(places, round.starts_on)
    found = []
    for posting in touched:
        seat, line = places.pop(posting.person_id, (None, None))
        team = going_on.get(line.village_id) if line else None
        found.append(_of_posting(posting, seat, line, team, posting.pk in full, round.starts_on, party))
    for seat, line in places.values():
        role = _role(seat, party)
        found.append(Fate(Kind.NEW, seat.candidate.person, None, seat, line, role, first=round.starts_on))
    return found


def _of_posting(
    posting: Posting, seat: Seat | None, line: Line | None, team: Team | None, full: bool, day: date, party: set
) -> Fate:
    """What becomes of somebody in post; `team` is the one that goes on in the village of the seat, if any."""
    if seat is None or line is None:
        kind, ending = (Kind.TERM, E.TERM) if full else (Kind.TRANSFER, E.TRANSFER)
        return Fate(kind, posting.person, posting, ending=ending, why="轮换", last=day - ONE_DAY)
    same = team is not None and posting.team_id == team.pk
    kind = kind_of(posting, village=line.village_id, same_team=same, leads=seat.leads, full=full)
    if kind is Kind.STAYS:
        return Fate(kind, posting.person, posting, seat, line, posting.role, first=posting.start)
    role = posting.role if kind is Kind.RENEWED else _role(seat, party)
    ending, why = {
        Kind.RENEWED: (E.TERM, "任期届满，续派"),
        Kind.MOVED: (E.TERM if full else E.TRANSFER, f"改派到{line.village}"),
    }.get(kind, (E.OTHER, f"留任本村，{'改任职务' if same else '队伍重新组建'}"))
    return Fate(kind, posting.person, posting, seat, line, role, ending, why, day - ONE_DAY, day)


def kind_of(before: Posting, *, village: str, same_team: bool, leads: bool, full: bool) -> Kind:
    """What becomes of somebody in post before who has a seat: whether village, leading and team stay, the term is full."""
    if before.team.village_id != village:
        return Kind.MOVED
    if before.leads != leads:
        return Kind.ROLE
    if not same_team:
        return Kind.REFORMED
    return Kind.RENEWED if full else Kind.STAYS


def _full(round: Round, postings: Iterable[Posting]) -> set:
    """Keys of the postings whose term is full on or before the first day; one question per area with a term of its own."""
    key = f"{TeamsPolicy.ROOM}.term_months"
    rows = Parameter.objects.on(round.starts_on).filter(key=key, area__startswith=round.county_id)
    own = sorted({round.county_id, *rows.values_list("area", flat=True)}, key=len, reverse=True)
    numbers = {area: policy.on(round.starts_on, TeamsPolicy, area=area) for area in own}

    def of(posting: Posting) -> TeamsPolicy:
        return numbers[next((area for area in own if posting.team.village_id.startswith(area)), round.county_id)]

    return {posting.pk for posting in postings if term_ends(posting.start, of(posting)) <= round.starts_on}


def _in_party(people: Iterable, day: date) -> set:
    """Who of these people is in the party on `day`."""
    rows = Record.objects.on(day).filter(person__in=list(people), political__in=PARTY)
    return set(rows.values_list("person", flat=True))


def _role(seat: Seat, party: set) -> str:
    """Leaders in the party are 第一书记兼队长 (a first secretary must be), others 队长; the rest 队员."""
    if not seat.leads:
        return R.MEMBER
    return R.FIRST_SECRETARY if seat.candidate.person_id in party else R.LEADER


@dataclass(frozen=True)
class Arrival:
    """What became of somebody approved, and the first day from which they are in the village without a break."""

    kind: Kind
    since: date

    @property
    def stays(self) -> bool:
        """Whether they were in the village the day before."""
        return self.kind in STAYING

    def __str__(self) -> str:
        return f"{self.kind}，{self.since} 起在本村" if self.stays else str(self.kind)


def arrivals(seats: Iterable[Seat], starts_on: date) -> dict[object, Arrival]:
    """What became of the people of approved seats, by the seat's key, as the ledger has it now: one question."""
    seats = [seat for seat in seats if seat.posting]
    past: dict[object, list[Posting]] = {}
    rows = Posting.objects.filter(person__in=[seat.posting.person_id for seat in seats if seat.posting])
    for row in rows.select_related("team").order_by("-start"):
        past.setdefault(row.person_id, []).append(row)
    return {seat.pk: _arrival(seat, past.get(seat.candidate.person_id, []), starts_on) for seat in seats}


def _arrival(seat: Seat, past: list[Posting], starts_on: date) -> Arrival:
    now, village = seat.posting, seat.line.village_id
    assert now is not None  # arrivals passes over the others
    since = now.start
    for row in past:
        since = row.start if row.end == since and row.team.village_id == village else since
    before = next((row for row in past if row.end == starts_on), None)
    if now.start < starts_on:
        return Arrival(Kind.STAYS, since)
    if before is None:
        return Arrival(Kind.NEW, since)
    same = before.team_id == now.team_id
    return Arrival(kind_of(before, village=village, same_team=same, leads=seat.leads, full=True), since)
