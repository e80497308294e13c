"""Leave and notices to be: who is away on which days and why, never two of a person near each other, seldom two of a crew."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from zhucun.work.attendance.rules import AttendancePolicy, steps

from .chance import Chance, is_workday, workday_before
from .plan import DAY, Crew, Plan, Stay, day_after
from .seed import Seed

NOTICES = {"duty": "公", "training": "培", "meeting": "会"}
LEAVES = {"personal": "事", "sick": "病", "annual": "休", "bereavement": "丧", "marriage": "婚", "maternity": "产"}
SYMBOLS = NOTICES | LEAVES
APART = 3
"""Days between two slips of a person: nearer ones would be one absence, decided as a whole."""
SETTLING = timedelta(days=10)
"""Nobody is away in the first days of a posting."""
HALF, SHORT = 13, 5
"""Days of a month somebody must be there for to be drawn, and of the last one, which has only begun."""
AHEAD = date(2022, 12, 9)
"""The last day somebody is known to be away on."""


@dataclass(eq=False)
class Slip:
    """One 请假条 or 报备单 to be, `first` to `last` inclusive; `extends` makes it a 续假."""

    stay: Stay
    kind: str
    first: date
    last: date
    reason: str
    place: str = ""
    document: str = ""
    stand_in: str = ""
    extends: "Slip | None" = None

    @property
    def is_notice(self) -> bool:
        """Whether it counts as presence."""
        return self.kind in NOTICES

    @property
    def symbol(self) -> str:
        """The mark of its days."""
        return SYMBOLS[self.kind]

    @property
    def approved_on(self) -> date:
        """The working day before, the first day itself for whoever fell ill."""
        sudden = self.kind in ("sick", "bereavement") and is_workday(self.first)
        return self.first if sudden else max(workday_before(self.first), self.stay.start)

    @property
    def back_on(self) -> date:
        """The day after the last."""
        return day_after(self.last)

    @property
    def level(self) -> str:
        """Who must approve it; a 续假 is judged by the whole absence."""
        first = self.extends.first if self.extends else self.first
        days = (self.last - first).days + 1
        return steps(days, is_leave=not self.is_notice, leads=self.stay.leads, policy=AttendancePolicy())[-1].value

    def days(self) -> Iterator[date]:
        """Every day of it."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


class Slips:
    """Draws the slips month by month; whoever has slips told by hand is left alone from the month of the first of them on."""

    def __init__(self, chance: Chance, seed: Seed, plan: Plan, by_hand: list[Slip]) -> None:
        self.chance, self.words, self.plan = chance, seed.attendance, plan
        self.away: dict[Crew, set[date]] = defaultdict(set)
        self.taken: dict[int, set[date]] = defaultdict(set)
        self.found: list[Slip] = []
        self.spared = {slip.stay for slip in by_hand}
        self.spared_from = min((slip.first for slip in by_hand), default=date.max).replace(day=1)
        for slip in by_hand:
            self._keep(slip)

    def draw(self) -> list[Slip]:
        """Every slip from the first month on, in the order of months, crews and stays."""
        for first, last in months(self.words["begins"], DAY):
            for stay in self.plan.stays:
                begin, end = max(stay.start + SETTLING, first), min(stay.last or date.max, last, AHEAD)
                told = stay in self.spared and first >= self.spared_from
                if (end - begin).days >= (SHORT if first >= self.words["told_until"] else HALF) and not told:
                    self._of_month(stay, begin, end)
        return self.found

    def _of_month(self, stay: Stay, begin: date, end: date) -> None:
        if self.chance.holds(self.words["notices"]):
            self._try(stay, self._kind("notice", stay), begin, end)
        if self.chance.holds(self.words["leaves"]):
            slip = self._try(stay, self._kind("leave", stay), begin, end)
            if (
                slip
                and slip.kind == "sick"
                and (slip.last - slip.first).days >= 2
                and self.chance.holds(self.words["beyond"])
            ):
                self._extend(slip)

    def _kind(self, table: str, stay: Stay) -> str:
        """A kind by its weight; some are for the young only."""
        rows = {kind: row for kind, row in self.words[table].items() if _fits(kind, stay)}
        return self.chance.random.choices(list(rows), [row[0] for row in rows.values()])[0]

    def _try(self, stay: Stay, kind: str, begin: date, end: date) -> Slip | None:
        """A place for it in the month: on working days, apart from the person's others and the crew's; none after six tries."""
        _, shortest, longest = (self.words["notice"] | self.words["leave"])[kind]
        length = self.chance.number(shortest, longest)
        for _ in range(6):
            first = begin + timedelta(days=self.chance.number(1, (end - begin).days))
            last = first + timedelta(days=length - 1)
            if self._is_free(stay, kind, first, last, end):
                reason, _, place = self.chance.random.choice(self.words["reasons"][kind].split("|")).partition("@")
                slip = Slip(stay, kind, first, last, reason, place or "", *self._papers(kind))
                self._keep(slip)
                return slip
        return None

    def _is_free(self, stay: Stay, kind: str, first: date, last: date, end: date) -> bool:
        whole = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if (last > end and kind != "maternity") or (stay.last and last > stay.last) or not is_workday(first):
            return False
        if kind in NOTICES and not all(map(is_workday, whole)):
            return False
        near = {day + timedelta(days=n) for day in (first, last) for n in range(-APART, APART + 1)} | {*whole}
        return not near & self.taken[id(stay.who)] and not {*whole} & self.away[stay.crew]

    def _papers(self, kind: str) -> tuple[str, str]:
        words = self.words["reasons"]
        document = self.chance.word(words["documents"]) if kind in ("training", "meeting") else ""
        return document, "" if kind in NOTICES else self.chance.word(words["stand_in"])

    def _extend(self, slip: Slip) -> None:
        first = slip.back_on
        last = first + timedelta(days=self.chance.number(1, 3))
        near = {last + timedelta(days=n) for n in range(APART + 1)}
        if (slip.stay.last or last) >= last and last < DAY and not near & self.taken[id(slip.stay.who)]:
            reason = self.words["reasons"]["beyond"]
            self._keep(Slip(slip.stay, slip.kind, first, last, reason, stand_in=slip.stand_in, extends=slip))

    def _keep(self, slip: Slip) -> None:
        days = set(slip.days())
        self.away[slip.stay.crew] |= days
        self.taken[id(slip.stay.who)] |= days
        self.found.append(slip)


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The first and last days of the calendar months from the one to the other."""
    while first <= last:
        end = (first + timedelta(days=31)).replace(day=1)
        yield first, end - timedelta(days=1)
        first = end


def _fits(kind: str, stay: Stay) -> bool:
    who = stay.who
    if kind == "maternity":
        return who.sex == "female" and 25 <= who.age <= 36 and not stay.leads
    return kind != "marriage" or who.age <= 32
