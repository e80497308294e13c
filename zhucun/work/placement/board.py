"""A proposal as the meeting reads it: one row per village, with what it rests on; and one village in detail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from zhucun.base.directory.models import Standing
from zhucun.base.people.models import Record
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.work.teams.models import Posting

from . import rules
from .instance import troubles_of
from .models import Line, Lock, Need, Proposal, Seat

CLASS_TONES = {"model": "green", "key": "blue"}


@dataclass
class Row:
    """One village: its need and class, the team proposed, and what the meeting fixed about it."""

    line: Line
    need: Need | None
    standing: Standing | None
    seats: list[Seat]
    staying: set = field(default_factory=set)
    locks: list[Lock] = field(default_factory=list)
    # of those staying, who leads from now on and did not, or the other way round
    role_changes: set = field(default_factory=set)

    @property
    def troubles(self) -> rules.Troubles:
        """The village's three scores; all 0 when it left the round since."""
        return troubles_of(self.need) if self.need else rules.Troubles(0, 0, 0)

    @property
    def follows(self) -> bool:
        """Whether the unit is of the kind the article sends here."""
        return rules.follows(self.line.unit.category, self.troubles)

    @property
    def bound(self) -> bool:
        """Whether the principle says anything about the unit's category."""
        return self.line.unit.category in rules.PRINCIPLE

    @property
    def principle(self) -> str:
        """匹配原则 of the unit's category."""
        return rules.PRINCIPLES[self.line.unit.category]

    @property
    def needs_reason(self) -> bool:
        """Whether a reason is still to be written."""
        return rules.needs_reason(self.line.unit.category, self.troubles, self.line.reason)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The parts of the score that are not nothing, as (label, tenths)."""
        return [
            (label, self.line.scores.get(part, 0)) for part, label in rules.PARTS.items() if self.line.scores.get(part)
        ]

    @property
    def bars(self) -> list[tuple[str, int, bool]]:
        """The three scores, each as (穷 弱 乱, 0 to 100, whether it is the highest)."""
        return [
            (word, getattr(self.troubles, name), name in self.troubles.main) for name, word in rules.CONDITIONS.items()
        ]

    @property
    def category(self) -> str:
        """村类别 in words."""
        return self.standing.get_category_display() if self.standing else "未定"

    @property
    def tone(self) -> str:
        """The colour of the class."""
        return CLASS_TONES.get(self.standing.category, "gray") if self.standing else "gray"


def rows_of(proposal: Proposal, lines: Iterable[Line] | None = None) -> list[Row]:
    """The rows of a proposal, or of some of its lines, in the order of villages; six queries whatever their number."""
    round = proposal.round
    chosen = proposal.lines.all() if lines is None else Line.objects.filter(pk__in=[line.pk for line in lines])
    found = list(chosen.select_related("village__township", "unit").order_by("village"))
    villages = [line.village_id for line in found]
    needs = {need.village_id: need for need in round.needs.filter(village__in=villages)}
    standings = {one.village_id: one for one in Standing.objects.on(round.starts_on).filter(village__in=villages)}
    seats: dict = {}
    rows = Seat.objects.filter(line__in=found).select_related("candidate__person", "candidate__unit")
    for seat in rows.order_by("-leads", "candidate__person__number"):
        seats.setdefault(seat.line_id, []).append(seat)
    before = in_villages(round)
    locks: dict = {}
    for lock in round.locks.filter(village__in=villages).select_related("unit", "candidate__person", "village"):
        locks.setdefault(lock.village_id, []).append(lock)
    return [
        Row(
            line, needs.get(line.village_id), standings.get(line.village_id), seats.get(line.pk, []),
            {s.pk for s in seats.get(line.pk, []) if before.get(s.candidate.person_id, (None,))[0] == line.village_id},
            locks.get(line.village_id, []),
            {s.pk for s in seats.get(line.pk, []) if before.get(s.candidate.person_id) == (line.village_id, not s.leads)},
        )
        for line in found
    ]  # fmt: skip


def records_of(rows: Iterable[Row], day: date) -> dict:
    """What held on `day` of everybody seated, by person: one query."""
    people = [seat.candidate.person_id for row in rows for seat in row.seats]
    return {record.person_id: record for record in Record.objects.on(day).filter(person__in=people)}


def in_villages(round) -> Mapping:
    """The village everybody is in on the day before the round begins and whether they lead there, by person."""
    rows = Posting.objects.on(round.starts_on - ONE_DAY).filter(team__county=round.county_id)
    return {
        person: (village, role in Posting.LEADERS)
        for person, village, role in rows.values_list("person", "team__village", "role")
    }


@dataclass(frozen=True)
class Sums:
    """What a proposal comes to: how many teams follow the principle, how many people stay, in another role, or join."""

    villages: int
    bound: int
    following: int
    people: int
    staying: int
    role_changes: int
    strangers: int
    to_explain: int

    @property
    def following_words(self) -> str:
        """Of how many teams the principle says something about."""
        return f"三类部门共 {self.bound} 支"

    @property
    def people_words(self) -> str:
        """How many people there are in all."""
        changed = f"，{self.role_changes} 人改任职务" if self.role_changes else ""
        return f"全部 {self.people} 人{changed}"


def sums_of(rows: Iterable[Row]) -> Sums:
    """The sums over rows."""
    rows = list(rows)
    bound = [row for row in rows if row.bound]
    seats = [(row, seat) for row in rows for seat in row.seats]
    return Sums(
        villages=len(rows),
        bound=len(bound),
        following=sum(row.follows for row in bound),
        people=len(seats),
        staying=sum(len(row.staying) for row in rows),
        role_changes=sum(len(row.role_changes) for row in rows),
        strangers=sum(seat.candidate.unit_id != row.line.unit_id for row, seat in seats),
        to_explain=sum(row.needs_reason for row in rows),
    )
