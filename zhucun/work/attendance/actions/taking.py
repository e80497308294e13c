"""What a page says goes into the month: what is beyond doubt at once, the rest as questions to a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Self
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhucun.base.people.models import Person
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.models import PersonMonth, PrintedPage, Question, Reading
from zhucun.work.attendance.readings import people_on
from zhucun.work.attendance.roster import marks_of_leave, month_of, stays
from zhucun.work.attendance.rules import ABSENT, BLANK, AttendancePolicy, closed, days_in, mark_for
from zhucun.work.attendance.scan.reading import Cell

from .marks import fill, ranges

LATE = "日期还没有到"
UNSURE = "看不准"
EMPTY_FROM = 3
"""Blank days from which a row without a single mark is told as a whole, instead of asked about day by day."""


@dataclass
class Ground:
    """What a page's cells are held against: who is in post on which days, what stands, which leave covers a day.

    `marks` are the rows as they will be written, begun from what stands; they are locked until the transaction ends.
    """

    page: PrintedPage
    month: Period
    people: dict[str, Person]
    in_post: dict[UUID, set[int]]
    rows: dict[UUID, PersonMonth]
    leaves: dict[tuple[UUID, int], str]
    marks: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    def of(cls, page: PrintedPage) -> Self:
        """Everything a page's cells are held against, in four queries; the months are locked."""
        month = month_of(page.month)
        people = {person.number: person for person in people_on(page)}
        rows = PersonMonth.objects.select_for_update(of=("self",)).filter(team=page.team_id, start=page.month)
        return cls(
            page=page,
            month=month,
            people=people,
            in_post={stay.person.pk: stay.days for stay in stays([page.team], month).get(page.team_id, ())},
            rows={row.person_id: row for row in rows},
            leaves=marks_of_leave([person.pk for person in people.values()], month),
        )

    def had(self, person: UUID, day: int) -> str:
        """The symbol that stands on a day, before anything is written."""
        row = self.rows.get(person)
        return row.marks[day - 1] if row else BLANK

    def is_confirmed(self, person: UUID) -> bool:
        """Whether the township has confirmed this person's month, so that only a correction may change it."""
        return person in self.rows and self.rows[person].is_confirmed

    def put(self, person: UUID, day: int, symbol: str) -> None:
        """Set a symbol in the row to be written; what stands on days out of post since is let go."""
        if person not in self.marks:
            row = self.rows.get(person)
            held = row.marks if row else BLANK * days_in(self.month.start)
            self.marks[person] = closed(held, self.in_post.get(person, ()))
        marks = self.marks[person]
        self.marks[person] = marks[: day - 1] + symbol + marks[day:]

    def write(self, origin: str, by, at: datetime) -> None:
        """Write the rows that were begun."""
        seen = {person: self.rows[person].version if person in self.rows else 0 for person in self.marks}
        fill(team=self.page.team, month=self.month, rows=self.marks, by=by, at=at, origin=origin, versions=seen)


@transaction.atomic
def take(*, reading: Reading, by, at: datetime) -> int:
    """Write what is beyond doubt where nothing stands yet, ask a person about the rest; how many cells are asked about.

    A cell that says what stands already is left alone. Days out of post, people nobody knows any more, and rows nobody has
    filled in become warnings of the reading. `reading` must have its page; its state and warnings are saved.
    """
    assert reading.page is not None
    ground, today, share = Ground.of(reading.page), timezone.localtime(at).date(), _audit_share(reading, at)
    cells = [Cell(**one) for one in reading.cells]
    empty = _empty_rows(cells, ground, today)
    asked: list[Question] = []
    left: dict[str, list[int]] = {}
    for cell in cells:
        person = ground.people.get(cell.person)
        if cell.person in empty or (person is not None and ground.is_confirmed(person.pk)):
            continue
        if person is None or cell.day not in ground.in_post.get(person.pk, ()):
            if cell.value:
                left.setdefault(cell.person, []).append(cell.day)
            continue
        day = ground.month.start.replace(day=cell.day)
        written, why = _judged(cell, ground, person.pk, late=day > today)
        if written:
            ground.put(person.pk, cell.day, written)
        if why or (written and _is_audited(reading, cell, share)):
            asked.append(_question(reading, person, day, cell, why))
    ground.write(PersonMonth.Origin.READ, by, at)
    Question.objects.bulk_create(asked)
    reading.warnings = [*reading.warnings, *_left_out(ground, left), *_not_filled(ground, empty)]
    reading.state, reading.reason = (Reading.State.OPEN if asked else Reading.State.DONE), ""
    reading.save(update_fields=["state", "reason", "warnings"])
    return len(asked)


def _empty_rows(cells: Iterable[Cell], ground: Ground, today: date) -> set[str]:
    """Numbers of the people whose row has no mark at all on days in post that are not to come, and several such days."""
    blanks: dict[str, list[bool]] = {}
    for cell in cells:
        person = ground.people.get(cell.person)
        is_due = ground.month.start.replace(day=cell.day) <= today
        if person is not None and (cell.value or is_due) and cell.day in ground.in_post.get(person.pk, ()):
            blanks.setdefault(cell.person, []).append(cell.rule == "blank")
    return {number for number, row in blanks.items() if all(row) and len(row) >= EMPTY_FROM}


def _judged(cell: Cell, ground: Ground, person: UUID, *, late: bool) -> tuple[str, str]:
    """The symbol to write for a cell (empty: none), and why a person is asked about it (empty: not)."""
    had, kind = ground.had(person, cell.day), ground.leaves.get((person, cell.day))
    if cell.value is None:
        is_answered = had == ABSENT  # which has no bubble: somebody has looked at this cell already
        return "", "" if late or is_answered else cell.why or UNSURE
    symbol, doubt = mark_for(cell.value, kind)
    if symbol == had:
        return "", ""
    if late:
        return "", LATE
    if cell.human:
        return "", cell.why or UNSURE
    if had != BLANK:
        return "", f"已录入“{had}”，记录本读出“{cell.value}”"
    if cell.value == "假":
        return symbol, doubt
    return ("", doubt) if cell.value == "村" and doubt else (symbol, "")


def _question(row: Reading, person: Person, day: date, cell: Cell, why: str) -> Question:
    return Question(
        reading=row, person=person, day=day, read=cell.value or "", why=why[:120], crop=list(cell.crop), audit=not why
    )


def _left_out(ground: Ground, left: dict[str, list[int]]) -> Iterable[str]:
    names = {row["person"]: row["name"] for row in ground.page.snapshot["rows"]}
    for number, days in left.items():
        where = f"{names.get(number, number)}{ground.month.start.month}月{ranges(sorted(days))}"
        if number in ground.people:
            yield f"{where}不在任，记录本上填的没有存入；如果任职日期有误，请先改正再重新上传。"
        else:
            yield f"{where}没有存入：系统里找不到编号“{number}”的人，请核对是不是改过编号。"


def _not_filled(ground: Ground, empty: Iterable[str]) -> Iterable[str]:
    for number in sorted(empty):
        yield f"{ground.people[number].name}这一行一格都没有填，没有逐格核对；请在纸上补填后重新上传，或直接录入。"


def _audit_share(row: Reading, at: datetime) -> int:
    assert row.page is not None
    return policy.on(timezone.localtime(at).date(), AttendancePolicy, area=row.page.team.village_id).audit_share


def _is_audited(row: Reading, cell: Cell, share: int) -> bool:
    """Whether a cell without doubt is shown to a person too: `share` percent, by a hash nobody can steer."""
    drawn = sha256(f"{row.digest}*{row.number}*{cell.person}*{cell.day}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % 10_000 < share * 100
