"""Marks from the ledger workbook: compared with what is known, then written in bulk."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhucun.base.directory.loading import BATCH, note_in_parts, write_over
from zhucun.base.journal.journal import Note
from zhucun.base.people.models import Person
from zhucun.base.people.sheets import PEOPLE
from zhucun.base.timeline.periods import months_after
from zhucun.base.web.ledger import Book, Line
from zhucun.work.attendance.models import Correction, PersonMonth
from zhucun.work.attendance.rules import BLANK, OUT, Trouble, ranges, troubles
from zhucun.work.attendance.sheets import MONTHS
from zhucun.work.teams.models import Posting, Team
from zhucun.work.teams.sheets import TEAMS

from .posts import Stays, doubtful, moved, stays, warn_of_following

LEFT_OUT = " "
"""What stands in a gathered row for a day whose column the workbook does not have."""
Origin = PersonMonth.Origin
MonthOfPerson = tuple[UUID, date]


@dataclass
class MonthPlan:
    """Person-months to add, to write over, to confirm or to move to their right team, and the corrections that changes of confirmed ones are.

    `people` are those whose postings change with the workbook, so that what is written down of them follows.
    """

    add: list[PersonMonth] = field(default_factory=list)
    write: list[PersonMonth] = field(default_factory=list)
    confirmed: list[PersonMonth] = field(default_factory=list)
    moved: list[PersonMonth] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    told: dict[UUID, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    teams: dict[UUID, Team] = field(default_factory=dict)
    people: set[UUID] = field(default_factory=set)


def plan_months(book: Book, day: date) -> None:
    """Compare 出勤 with the months known; `day` is today: nothing can have happened after it."""
    held, people = stays(book), moved(book)
    plan = book.plans[MONTHS.name] = MonthPlan(people=people)
    if MONTHS.name in book.pages:
        _compare(book, plan, held, day)
    warn_of_following(book, held, people)


def _compare(book: Book, plan: MonthPlan, held: Stays, day: date) -> None:
    book.check_references(MONTHS, {"team": (Team, TEAMS), "person": (Person, PEOPLE)})
    lines = list(book.keyed(MONTHS))
    known = _known_months(book, lines)
    numbers = {team.pk: team.number for team in book.known[Team].values()}
    unsure = doubtful(book)
    taken: dict[MonthOfPerson, list[tuple[PersonMonth, Line]]] = defaultdict(list)
    for (_, name, _), line in lines:
        team = book.find(MONTHS, line, "team", Team, TEAMS)
        person = book.find(MONTHS, line, "person", Person, PEOPLE)
        if team is None or person is None:
            continue
        if person.number in unsure:
            line.sound = False
            continue
        start = date(int(name[:4]), int(name[5:]), 1)
        there = known.get((person.pk, start), {})
        row = there.pop(team.pk, None) or _in_wrong_team(book, line, there, numbers)
        marks = _marks(book, line, start, row, held[person.pk], team, day)
        _check_confirmed(book, line, start, day)
        if line.sound:
            row = _month(plan, book, line, row, person, team, start, marks, held[person.pk], numbers)
            taken[person.pk, start].append((row, line))
    _check_shared_days(book, taken, known)


def _known_months(book: Book, lines: list) -> dict[MonthOfPerson, dict[UUID, PersonMonth]]:
    """The months already there, for the span of time the workbook speaks of: by person and month, each by team."""
    found: dict[MonthOfPerson, dict[UUID, PersonMonth]] = defaultdict(dict)
    names = {key[1] for key, _ in lines}
    if names:
        first, last = (date(int(name[:4]), int(name[5:]), 1) for name in (min(names), max(names)))
        rows = PersonMonth.objects.filter(team__county_id=book.county, start__gte=first, start__lte=last)
        for row in rows.order_by().iterator(chunk_size=5000):
            found[row.person_id, row.start][row.team_id] = row
    return found


def _in_wrong_team(
    book: Book, line: Line, there: dict[UUID, PersonMonth], numbers: dict[UUID, str]
) -> PersonMonth | None:
    """The person's only other month there, when it speaks of the same days: the workbook puts its team right."""
    if len(there) != 1:
        return None
    ((team, row),) = there.items()
    key = (line.values["person"], line.values["month"], numbers[team])
    if key in book.mentioned[MONTHS.name] or not _shared(row.marks, line.values["marks"][: len(row.marks)]):
        return None
    return there.pop(team)


def _check_confirmed(book: Book, line: Line, start: date, day: date) -> None:
    """A month is confirmed once it is over, and not on a day to come."""
    confirmed, after = line.values.get("confirmed_on"), months_after(start, 1)
    if confirmed and confirmed > day:
        book.refuse(MONTHS, line, "confirmed_on", f"{confirmed} 还没有到，请核对。")
    elif confirmed and confirmed < start:
        book.refuse(MONTHS, line, "confirmed_on", f"{confirmed} 在 {line.values['month']} 之前，请核对月份和确认日期。")
    elif confirmed and day < after:
        book.refuse(
            MONTHS, line, "confirmed_on", f"{line.values['month']} 还没有过完，次月 1 日起才能确认，请清空这一格。"
        )
    elif confirmed and confirmed < after:
        book.warn(MONTHS, line, "confirmed_on", f"{confirmed} 这个月还没有过完，请核对确认日期。", confirmed)


def _marks(
    book: Book, line: Line, start: date, row: PersonMonth | None, held: list[Posting], team: Team, day: date
) -> str:
    """The marks of a line, one for each day of its month; every day that cannot stand is refused in its column."""
    n = monthrange(start.year, start.month)[1]
    given: str = line.values["marks"]
    for extra, symbol in enumerate(given[n:], start=n + 1):
        if symbol not in (BLANK, OUT, LEFT_OUT):
            book.refuse(MONTHS, line, f"d{extra}", f"{start.month} 月没有 {extra} 日，请清空这一格。", symbol)
    kept = row.marks if row else BLANK * n
    marks = "".join(old if new == LEFT_OUT else new for new, old in zip(given[:n], kept, strict=True))
    days, here = _days(held, start, n), _days([one for one in held if one.team_id == team.pk], start, n)
    if not here:
        book.refuse(MONTHS, line, "team", f"这个人 {start:%Y-%m} 不在这支工作队，请核对工作队编号或任职日期。")
    last = n if (day.year, day.month) > (start.year, start.month) else day.day if day >= start else 0
    for wrong, trouble in troubles(marks, days, last).items():
        where = f"{start.month}月{wrong}日"
        why = "没有任职" if trouble is Trouble.NOT_IN_POST else "还没有到"
        sentence = (
            f"{where}{why}，请清空这一格，或改正任职日期。"
            if trouble is Trouble.NOT_IN_POST
            else f"{where}{why}，请清空这一格。"
        )
        book.refuse(MONTHS, line, f"d{wrong}", sentence, marks[wrong - 1])
    for out in sorted(here):
        if marks[out - 1] == OUT:
            book.warn(MONTHS, line, f"d{out}", f"{start.month}月{out}日在任，却记为“{OUT}”，请核对。", OUT)
            break
    _check_holes(book, line, start, row, marks, here)
    return marks


def _check_holes(book: Book, line: Line, start: date, row: PersonMonth | None, marks: str, here: set[int]) -> None:
    """A day in post that the township has confirmed is put right, never emptied; one confirmed without a mark is pointed at."""
    empty = [day for day in sorted(here) if marks[day - 1] in (BLANK, OUT)]
    if row is not None and row.confirmed_on:
        for day in empty:
            if (old := row.marks[day - 1]) not in (BLANK, OUT):
                where = f"{start.month}月{day}日乡镇已经确认为“{old}”"
                book.refuse(MONTHS, line, f"d{day}", f"{where}，不能清空；确有错误请填正确的符号。", marks[day - 1])
    elif empty and line.values.get("confirmed_on"):
        sentence = f"{start.month}月{ranges(empty)}没有记录，却填了乡镇确认日期，请核对。"
        book.warn(MONTHS, line, "confirmed_on", sentence, line.values["confirmed_on"])


def _days(held: list[Posting], start: date, n: int) -> set[int]:
    end = months_after(start, 1)
    found: set[int] = set()
    for posting in held:
        if posting.start < end and (posting.end is None or posting.end > start):
            first = posting.start.day if posting.start > start else 1
            last = n if posting.end is None or posting.end >= end else posting.end.day - 1
            found.update(range(first, last + 1))
    return found


def _month(
    plan: MonthPlan, book: Book, line: Line, row: PersonMonth | None, person: Person, team: Team, start: date, marks: str,
    held: list[Posting], numbers: dict[UUID, str],
) -> PersonMonth:  # fmt: skip
    key = f"{person.number} {person.name} {start:%Y-%m}"
    confirmed = line.values.get("confirmed_on")
    plan.teams[team.pk] = team
    told = plan.told[team.pk].setdefault(f"{start:%Y-%m}", {})
    if row is None:
        end = months_after(start, 1)
        unit = _unit(held, team, start)
        row = PersonMonth(
            person=person, team=team, unit_id=unit, start=start, end=end, confirmed_on=confirmed, version=1
        )
        row.set_marks(marks, "".join(Origin.NONE if mark in (BLANK, OUT) else Origin.LEDGER for mark in marks))
        plan.add.append(row)
        told[person.number] = marks
        if confirmed:
            told.setdefault("confirmed", {})[person.number] = [None, confirmed]
        book.add(MONTHS, line, key)
        return row
    changed: dict[str, Any] = {
        f"d{n}": (_cell(old), _cell(new))
        for n, (old, new) in enumerate(zip(row.marks, marks, strict=True), start=1)
        if old != new
    }
    if changed:
        told[person.number] = [row.marks, marks]
        if row.confirmed_on:
            sentence = f"这个月 {row.confirmed_on} 乡镇已经确认，改动的 {len(changed)} 天将记为更正，本人能看到。"
            book.warn(MONTHS, line, next(iter(changed)), sentence)
        _write_over(plan, row, marks)
    if row.team_id != team.pk:
        changed["team"] = told.setdefault("team", {})[person.number] = (numbers[row.team_id], team.number)
        row.team, row.unit_id = team, _unit(held, team, row.start)
        plan.moved.append(row)
    if confirmed is None and row.confirmed_on and "confirmed_on" in line.values:
        book.warn(MONTHS, line, "confirmed_on", f"这个月 {row.confirmed_on} 已经确认，不能用导入取消，仍按原日期。", "")
    elif confirmed is not None and confirmed != row.confirmed_on:
        if row.confirmed_on:
            sentence = f"这个月原来 {row.confirmed_on} 确认，将改为 {confirmed}，本人提异议的期限随之重算。"
            book.warn(MONTHS, line, "confirmed_on", sentence, confirmed)
        changed["confirmed_on"] = (row.confirmed_on, confirmed)
        told.setdefault("confirmed", {})[person.number] = [row.confirmed_on, confirmed]
        row.confirmed_on = confirmed
        plan.confirmed.append(row)
    book.change(MONTHS, line, key, changed)
    return row


def _unit(held: list[Posting], team: Team, start: date) -> UUID:
    """The unit that sent the person, by the last posting of the month in the team."""
    return [one for one in held if one.team_id == team.pk and one.start < months_after(start, 1)][-1].unit_id


def _cell(mark: str) -> str:
    return "" if mark == BLANK else mark


def _write_over(plan: MonthPlan, row: PersonMonth, marks: str) -> None:
    """New marks; in a confirmed month every changed day is a correction that keeps both values."""
    if row.confirmed_on:
        days = [n for n, (old, new) in enumerate(zip(row.marks, marks, strict=True)) if old != new]
        plan.corrections += [
            Correction(month=row, day=row.day(n + 1), old=row.marks[n], new=marks[n], reason="台账导入更正")
            for n in days
        ]
    door = Origin.CORRECTED if row.confirmed_on else Origin.LEDGER
    origins = "".join(
        Origin.NONE if new in (BLANK, OUT) else kept if old == new else door
        for old, new, kept in zip(row.marks, marks, row.origins, strict=True)
    )
    row.set_marks(marks, origins)
    row.version += 1
    plan.write.append(row)


def _check_shared_days(book: Book, taken: dict, known: dict) -> None:
    """Nobody is in two teams on one day: rows of a person's month in several teams share no marked day."""
    for key, rows in taken.items():
        others = list(known.get(key, {}).values())
        for n, (row, line) in enumerate(rows):
            for other in [*(one for one, _ in rows[:n]), *others]:
                shared = _shared(row.marks, other.marks)
                if shared:
                    where = f"{row.start.month}月{shared}日"
                    sentence = f"这个人 {where}在另一支工作队已经有出勤记录，一天不能在两支队，请核对。"
                    book.refuse(MONTHS, line, "team", sentence)
                    break


def _shared(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=True), start=1)
    return next((day for day, signs in pairs if not {BLANK, OUT} & set(signs)), 0)


def write_months(*, plan: MonthPlan, by, at: datetime) -> None:
    """Write planned months; a change of a confirmed one leaves its corrections, and every team one entry in the journal."""
    by.require("exchange.import", at)
    for row in (*plan.add, *plan.write):
        row.filled_by, row.filled_at = by, at
    for row in (*plan.add, *plan.confirmed):
        row.confirmed_by = by if row.confirmed_on else None
    PersonMonth.objects.bulk_create(plan.add, batch_size=BATCH)
    write_over(PersonMonth, plan.write, ("marks", "origins", *PersonMonth.TALLIES, "version", "filled_by", "filled_at"))
    write_over(PersonMonth, plan.moved, ("team", "unit"))
    write_over(PersonMonth, plan.confirmed, ("confirmed_on", "confirmed_by"))
    for correction in plan.corrections:
        correction.made_by, correction.made_at = by, at
    Correction.objects.bulk_create(plan.corrections, batch_size=BATCH)
    notes = [
        Note("attendance.imported", plan.teams[key], {"marks": told})
        for key, told in plan.told.items()
        if any(told.values())
    ]
    note_in_parts(notes=notes, by=by, at=at)
