"""What everybody did on every day, drawn as rows of marks crew by crew: somebody is always there, most are there long enough."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from zhucun.work.attendance.rules import ABSENT, COUNTS_AS, OUT, PRESENT, REST

from .chance import Chance, is_workday
from .plan import Crew, Plan, Stay
from .seed import Seed
from .slips import Slip, Slips, months

Row = list[str]
ENOUGH, LONG_AWAY = 20, 6


@dataclass(frozen=True)
class Slipped:
    """A day first written down wrong, which stay and month it belongs to, and why it was put right later."""

    stay: Stay
    day: date
    wrong: str
    reason: str


@dataclass
class Diary:
    """Everything about attendance before it is told: slips, rows by crew and month, days first told wrong, who confirmed when."""

    slips: list[Slip]
    rows: dict[tuple[Crew, date], dict[Stay, str]] = field(default_factory=dict)
    wrong: list[Slipped] = field(default_factory=list)
    confirmed: dict[tuple[str, date], date] = field(default_factory=dict)


class Writing:
    """Draws the diary; `shown` stays out of every mishap drawn by chance."""

    def __init__(self, chance: Chance, seed: Seed, plan: Plan, by_hand: list[Slip]) -> None:
        self.chance, self.words, self.plan = chance, seed.attendance, plan
        self.diary = Diary(Slips(chance, seed, plan, by_hand).draw())
        self.away: dict[Stay, dict[date, str]] = defaultdict(dict)
        for slip in self.diary.slips:
            self.away[slip.stay] |= dict.fromkeys(slip.days(), slip.symbol)
        self.absent: dict[Stay, set[date]] = defaultdict(set)
        self.idle: set[tuple[Stay, date]] = set()

    def write(self) -> Diary:
        """The whole diary."""
        self._mishaps()
        crews = [(crew, list(crew.stays)) for crew in self.plan.crews]
        for first, last in months(self.words["begins"], self.words["told_until"] - timedelta(days=1)):
            for crew, stays in crews:
                here = [stay for stay in stays if stay.start <= last and (stay.last is None or stay.last >= first)]
                if here:
                    self.diary.rows[crew, first] = self._month(here, first, last)
            self._confirm(first, last)
        self._lateness()
        self._corrections()
        return self.diary

    # --- mishaps -----------------------------------------------------------------------------------

    def _mishaps(self) -> None:
        """Who was away without notice: those recalled afterwards, and some others once; and who was idle for a month."""
        for stay in self.plan.stays:
            if stay.ending == "recall" and stay.ended >= self.words["begins"]:
                last = stay.ended - timedelta(days=3)
                for _ in range(self.chance.number(4, 6)):
                    self.absent[stay].add(self.chance.workday(max(stay.start, last - timedelta(days=48)), last))
        for year, numbers in self.words["year"].items():
            begin = max(date(int(year), 1, 1), self.words["begins"])
            end = min(date(int(year), 12, 31), self.words["told_until"] - timedelta(days=1))
            there = [stay for stay in self._others() if stay.start <= begin and (stay.last is None or stay.last >= end)]
            for stay in self.chance.pick(there, numbers["absent"]):
                day = self.chance.workday(begin, end)
                if day not in self.away[stay]:
                    self.absent[stay].add(day)
            whole = [(stay, first) for stay in there for first, _ in months(begin, end)]
            self.idle |= set(self.chance.pick(whole, numbers["idle"]))

    def _others(self) -> list[Stay]:
        """Stays outside the township of the shown accounts, whose story is told by hand."""
        township = self.plan.shown.place.township
        return [stay for stay in self.plan.stays if stay.crew.place.township != township]

    # --- rows --------------------------------------------------------------------------------------

    def _month(self, here: list[Stay], first: date, last: date) -> dict[Stay, str]:
        work = _workdays(first, last)
        rows = {stay: self._row(stay, first, work) for stay in here}
        self._watch(rows, work)
        for stay, row in rows.items():
            self._even_out(stay, row, rows, work, first)
            for day in self.absent[stay] - set(self.away[stay]):
                if first <= day <= last:
                    row[day.day - 1] = ABSENT
        return {stay: "".join(row) for stay, row in rows.items()}

    def _row(self, stay: Stay, first: date, work: tuple[bool, ...]) -> Row:
        """Working days in the village, the others at rest, slips as they were approved."""
        away, row = self.away[stay], []
        for n, is_work in enumerate(work):
            day = first + timedelta(days=n)
            row.append(away.get(day) or (PRESENT if is_work else REST) if stay.holds_on(day) else OUT)
        return row

    def _watch(self, rows: dict[Stay, Row], work: tuple[bool, ...]) -> None:
        """On days of rest one of the crew stays in the village, in turn; who is alone only sometimes."""
        turn = self.chance.number(0, len(rows) - 1)
        for n, is_work in enumerate(work):
            free = [row for row in rows.values() if not is_work and row[n] == REST]
            if free and (len(rows) > 1 or self.chance.holds(0.35)):
                free[turn % len(free)][n] = PRESENT
                turn += 1

    def _even_out(self, stay: Stay, row: Row, rows: dict[Stay, Row], work: tuple[bool, ...], first: date) -> None:
        """Days off for days of watch, so that the month comes near what is usual, and to enough where it can."""
        idle = (stay, first) in self.idle
        whole, leave = OUT not in row, sum(symbol in "事病休婚产丧" for symbol in row)
        if not whole:
            return
        wanted = self.chance.number(*self.words["days"]["idle" if idle else "usual"])
        places = self.chance.random.sample(range(len(row)), len(row))
        counted = _counted(row)
        for n in places:
            mates = sum(other[n] == PRESENT for other in rows.values() if other is not row)
            if counted > wanted and row[n] == PRESENT and work[n] and (mates or len(rows) == 1 or idle):
                row[n], counted = REST, counted - 1
        for n in places if not idle and leave < LONG_AWAY else ():
            if counted < ENOUGH and row[n] == REST:
                row[n], counted = PRESENT, counted + 1

    # --- afterwards --------------------------------------------------------------------------------

    def _confirm(self, first: date, last: date) -> None:
        """The day every township confirms the month: one of the first five of the next, on holidays the last of them."""
        days = [last + timedelta(days=n) for n in range(2, 6)]
        fit = [day for day in days if is_workday(day)] or days[-2:]
        for township in sorted({crew.place.township for crew in self.plan.crews}):
            self.diary.confirmed[township, first] = self.chance.random.choice(fit)

    def _lateness(self) -> None:
        """Some townships confirm after the fifth; never the last month, whose open ones are still to come."""
        open_month = max(first for _, first in self.diary.confirmed)
        for year, numbers in self.words["year"].items():
            keys = [key for key in self.diary.confirmed if key[1].year == int(year) and key[1] != open_month]
            for key in self.chance.pick(keys, numbers["late"]):
                fifth = self.diary.confirmed[key].replace(day=5)
                self.diary.confirmed[key] = fifth + timedelta(days=self.chance.number(1, 6))

    def _corrections(self) -> None:
        """Days of a notice first told as rest, put right with a reason after the month was confirmed."""
        reasons = self.words["reasons"]["corrected"].split("|")
        township = self.plan.shown.place.township
        one_day = [
            slip for slip in self.diary.slips
            if slip.kind == "duty" and slip.first == slip.last and date(2022, 6, 1) <= slip.first < date(2022, 10, 1)
            and slip.stay.crew.place.township != township
        ]  # fmt: skip
        for slip in self.chance.pick(one_day, self.words["year"]["2022"]["corrected"]):
            self.diary.wrong.append(Slipped(slip.stay, slip.first, REST, self.chance.random.choice(reasons)))


def _counted(row: Row) -> int:
    return sum(symbol == PRESENT or symbol in COUNTS_AS for symbol in row)


@lru_cache(maxsize=32)
def _workdays(first: date, last: date) -> tuple[bool, ...]:
    return tuple(is_workday(first + timedelta(days=n)) for n in range((last - first).days + 1))
