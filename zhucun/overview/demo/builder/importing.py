"""The attendance from before the county worked with this system: one import of everybody's months and slips."""

from collections import Counter
from datetime import date, datetime

from zhucun.base.access.models import User
from zhucun.base.journal.journal import Note
from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import end_after, months_after
from zhucun.work.attendance.loading import LeavePlan, MonthPlan, write_leaves, write_months
from zhucun.work.attendance.models import Leave, PersonMonth
from zhucun.work.attendance.rules import OUT
from zhucun.work.teams.models import Posting, Team

from .diary import Diary
from .plan import Crew, Stay, Who
from .slips import Slip

Origin = PersonMonth.Origin


class Imported:
    """What the ledger says of the time before `on`; the leave it brings is put into `leaves`, for what becomes of it later."""

    def __init__(
        self, diary: Diary, persons: dict[Who, Person], teams: dict[Crew, Team], postings: dict[Stay, Posting],
        leaves: dict[Slip, Leave], on: date,
    ) -> None:  # fmt: skip
        self.diary, self.persons, self.teams, self.postings = diary, persons, teams, postings
        self.leaves, self.on = leaves, on

    def write(self, by: User, at: datetime) -> None:
        """Import both sheets."""
        write_months(plan=self._months(), by=by, at=at)
        write_leaves(plan=self._leaves(), by=by, at=at)

    def _months(self) -> MonthPlan:
        plan = MonthPlan()
        for (crew, first), rows in self.diary.rows.items():
            if self.diary.confirmed[crew.place.township, first] < self.on:
                team = self.teams[crew]
                plan.teams[team.pk] = team
                plan.told[team.pk][f"{first:%Y-%m}"] = {stay.who.number: row for stay, row in rows.items()}
                plan.add += [self._month(team, stay, first, row) for stay, row in rows.items()]
        return plan

    def _month(self, team: Team, stay: Stay, first: date, marks: str) -> PersonMonth:
        row = PersonMonth(
            person=self.persons[stay.who], team=team, unit_id=self.postings[stay].unit_id, start=first,
            end=months_after(first, 1), confirmed_on=self.diary.confirmed[stay.crew.place.township, first], version=1,
        )  # fmt: skip
        row.set_marks(marks, "".join(Origin.NONE if mark == OUT else Origin.LEDGER for mark in marks))
        return row

    def _leaves(self) -> LeavePlan:
        plan = LeavePlan()
        slips = [slip for slip in self.diary.slips if slip.approved_on < self.on]
        numbers: Counter[int] = Counter()
        for slip in sorted(slips, key=lambda slip: (slip.approved_on, slip.stay.who.number)):
            numbers[slip.approved_on.year] += 1
            leave = self.leaves[slip] = self._leave(numbers[slip.approved_on.year], slip)
            plan.add.append(leave)
            told = {"kind": leave.kind, "start": leave.start, "last_day": leave.until, "status": leave.status}
            plan.notes.append(Note("leave.imported", leave, told))
        return plan

    def _leave(self, n: int, slip: Slip) -> Leave:
        posting = self.postings[slip.stay]
        is_over = not slip.is_notice and slip.back_on < self.on
        return Leave(
            county_id=posting.team.county_id, number=f"QJ{slip.approved_on.year}-{n:04}", posting=posting,
            person=posting.person, kind=slip.kind, start=slip.first, end=end_after(slip.last), reason=slip.reason,
            place=slip.place, document=slip.document, stand_in=slip.stand_in, level=slip.level,
            approved_on=slip.approved_on, returned_on=slip.back_on if is_over else None,
            extends=self.leaves[slip.extends] if slip.extends else None,
            status=Leave.Status.RETURNED if is_over else Leave.Status.APPROVED,
        )  # fmt: skip
