"""Telling attendance: slips written down as they are approved, months filled in and confirmed township by township."""

from collections.abc import Callable
from datetime import date, datetime

from zhucun.base.access.models import User
from zhucun.base.people.models import Person
from zhucun.work.attendance.actions import leaves, marks
from zhucun.work.attendance.models import Leave, PersonMonth
from zhucun.work.attendance.roster import month_of
from zhucun.work.attendance.rules import BLANK, PRESENT
from zhucun.work.teams.models import Posting, Team

from . import acts
from .acts import Act
from .byhand import NOVEMBER, ByHand
from .chance import Chance, is_workday
from .diary import Slipped, Writing
from .ground import Ground
from .importing import Imported
from .papers import Papers
from .plan import Crew, Plan, Stay, Who, day_after
from .seed import Seed
from .slips import Slip

LAST = date(2022, 12, 6)
HALF_FILLED_ON = date(2022, 12, 6)
CLERKS_ON = date(2021, 6, 15)


class Attending:
    """Everything about attendance, told over what `Telling` has told: persons, teams and postings, each as they come."""

    def __init__(
        self, seed: Seed, plan: Plan, ground: Ground, persons: dict[Who, Person], teams: dict[Crew, Team],
        postings: dict[Stay, Posting],
    ) -> None:  # fmt: skip
        self.words, self.plan, self.ground = seed.attendance, plan, ground
        self.persons, self.teams, self.postings = persons, teams, postings
        self.by_hand = ByHand(plan, ground, postings)
        chance = Chance(seed.structure["seed"] + 4)
        self.diary = Writing(chance, seed, plan, self.by_hand.slips).write()
        self.diary.wrong.append(self.by_hand.wrong)
        self.papers = Papers(Chance(seed.structure["seed"] + 5), plan, ground, self.diary, teams)
        self.chance, self.rows = chance, dict[Slip, Leave]()
        self.doubtful = [self._doubtful(crew, symbol) for crew, symbol in zip(self.papers.in_grid, "公事", strict=True)]

    def acts(self) -> list[Act]:
        """Everything from the first account of a clerk to the pages read yesterday."""
        imported = Imported(self.diary, self.persons, self.teams, self.postings, self.rows, self.words["imported_on"])
        found = [Act(CLERKS_ON, acts.ACCOUNT, self._clerk(township)) for township in self.plan.clerks]
        found.append(Act(self.words["imported_on"], acts.IMPORT, lambda at: imported.write(self.ground.office, at)))
        own = {*self.by_hand.slips}
        for slip in self.diary.slips:
            if slip not in own:
                found += self._of_slip(slip)
        for (crew, first), rows in self.diary.rows.items():
            if self.diary.confirmed[crew.place.township, first] >= self.words["imported_on"]:
                found += self._of_month(crew, first, rows)
        found += [
            act for wrong in self.diary.wrong if wrong.stay is not self.by_hand.member for act in self._put_right(wrong)
        ]
        return found + self.by_hand.acts() + self.papers.acts()

    # --- accounts ----------------------------------------------------------------------------------

    def _clerk(self, township: str) -> Callable:
        return lambda at: self.ground.open_clerk(township, self.plan.clerks[township], at)

    def _clerk_of(self, stay_or_crew: Stay | Crew) -> User:
        crew = stay_or_crew.crew if isinstance(stay_or_crew, Stay) else stay_or_crew
        return self.ground.clerk_of(crew.place.township)

    # --- slips -------------------------------------------------------------------------------------

    def _of_slip(self, slip: Slip) -> list[Act]:
        imported = self.words["imported_on"]
        if slip.approved_on > LAST:
            return []
        found = []
        if slip.approved_on >= imported:
            found.append(Act(slip.approved_on, acts.SLIP, self._record(slip)))
        is_extended = any(other.extends is slip for other in self.diary.slips if other.extends)
        if not slip.is_notice and not is_extended and imported <= slip.back_on < LAST:
            found.append(Act(_workday_from(slip.back_on), acts.RETURN, self._give_back(slip)))
        return found

    def _record(self, slip: Slip) -> Callable:
        fields = {name: getattr(slip, name) for name in ("kind", "reason", "place", "document")}
        fields["stand_in"] = slip.stand_in or self.words["reasons"]["stand_in"].split()[-1]

        def record(at: datetime) -> None:
            self.rows[slip] = leaves.record(
                posting=self.postings[slip.stay], first=slip.first, last=slip.last, fields=fields, level=slip.level,
                approved_on=slip.approved_on, extends=self.rows[slip.extends] if slip.extends else None,
                by=self._clerk_of(slip.stay), at=at,
            )  # fmt: skip

        return record

    def _give_back(self, slip: Slip) -> Callable:
        return lambda at: leaves.give_back(
            leave=self.rows[slip], returned_on=slip.back_on, by=self._clerk_of(slip.stay), at=at
        )

    # --- months ------------------------------------------------------------------------------------

    def _of_month(self, crew: Crew, first: date, rows: dict[Stay, str]) -> list[Act]:
        day = self.diary.confirmed[crew.place.township, first]
        if first == NOVEMBER and crew.place.township in self.open_townships:
            return self._of_open_month(crew, first, rows)
        return [Act(day, acts.BOOK, self._fill(crew, first, rows)), Act(day, acts.SIGNED, self._confirm(crew, first))]

    @property
    def open_townships(self) -> tuple[str, str]:
        """The shown one and another, whose last month is not confirmed yet."""
        return self.plan.shown.place.township, self.plan.open_township

    def _of_open_month(self, crew: Crew, first: date, rows: dict[Stay, str]) -> list[Act]:
        """In the shown township as the papers came in; in the other one half of the teams are filled in."""
        if crew is self.plan.shown:
            return [Act(self.papers.confirmed_on, acts.SIGNED, self._confirm(crew, first))]
        others = [one for one, month in self.diary.rows if month == first and one.place.township == crew.place.township]
        filled = self.papers.in_grid if crew.place.township == self.plan.shown.place.township else others[::2]
        return [Act(HALF_FILLED_ON, acts.BOOK, self._fill(crew, first, rows))] if crew in filled else []

    def _fill(self, crew: Crew, first: date, rows: dict[Stay, str]) -> Callable:
        wrong = {(one.stay, one.day): one.wrong for one in [*self.diary.wrong, *self.doubtful] if one.stay.crew is crew}
        told = {stay.who: _with(row, first, stay, wrong) for stay, row in rows.items()}

        def fill(at: datetime) -> None:
            marks.fill(
                team=self.teams[crew], month=month_of(first), by=self._clerk_of(crew), at=at,
                rows={self.persons[who].pk: row for who, row in told.items()},
            )  # fmt: skip

        return fill

    def _doubtful(self, crew: Crew, symbol: str) -> Slipped:
        """A day told without its slip, for the township to ask about before it confirms."""
        stay, row = next(iter(self.diary.rows[crew, NOVEMBER].items()))
        days = (NOVEMBER.replace(day=n) for n, mark in enumerate(row, start=1) if mark == PRESENT and n > 14)
        return Slipped(stay, next(day for day in days if is_workday(day)), symbol, "")

    def _confirm(self, crew: Crew, first: date) -> Callable:
        return lambda at: marks.confirm(
            team=self.teams[crew], month=month_of(first), signed=True, by=self._clerk_of(crew), at=at
        )

    def _put_right(self, wrong: Slipped) -> list[Act]:
        first = wrong.day.replace(day=1)
        right = self.diary.rows[wrong.stay.crew, first][wrong.stay][wrong.day.day - 1]
        day = self.diary.confirmed[wrong.stay.crew.place.township, first]

        def put_right(at: datetime) -> None:
            row = PersonMonth.objects.get(
                person=self.persons[wrong.stay.who], team=self.teams[wrong.stay.crew], start=first
            )
            marks.correct(
                month=row, day=wrong.day, new=right, reason=wrong.reason, by=self._clerk_of(wrong.stay), at=at
            )

        return [Act(_workday_from(day.replace(day=14 + day.day % 9)), acts.ANSWER, put_right)]


def _with(row: str, first: date, stay: Stay, wrong: dict[tuple[Stay, date], str]) -> str:
    """The row as it was first written down."""
    days = (first.replace(day=n) for n in range(1, len(row) + 1))
    return "".join(wrong.get((stay, day), symbol) or BLANK for day, symbol in zip(days, row, strict=True))


def _workday_from(day: date) -> date:
    while not is_workday(day):
        day = day_after(day)
    return day
