"""Marks and leave from the ledger workbook: compared with what is known, then written in bulk."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhucun.base.directory.loading import BATCH, note_in_parts, write_over
from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.people.models import Person
from zhucun.base.people.sheets import PEOPLE
from zhucun.base.timeline.periods import end_after, months_after
from zhucun.base.web.ledger import Book, Line
from zhucun.work.teams.models import Posting, Team
from zhucun.work.teams.sheets import POSTINGS, TEAMS

from .models import Correction, Leave, PersonMonth
from .rules import BLANK, LONGEST_LEAVE, OUT, Trouble, ranges, troubles
from .sheets import LEAVES, MONTHS

LEFT_OUT = " "
"""What stands in a gathered row for a day whose column the workbook does not have."""
Origin = PersonMonth.Origin
MonthOfPerson = tuple[UUID, date]


@dataclass
class MonthPlan:
    """Person-months to add, to write over, to confirm or to move to their right team, and the corrections that changes of confirmed ones are."""

    add: list[PersonMonth] = field(default_factory=list)
    write: list[PersonMonth] = field(default_factory=list)
    confirmed: list[PersonMonth] = field(default_factory=list)
    moved: list[PersonMonth] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    told: dict[UUID, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    teams: dict[UUID, Team] = field(default_factory=dict)


@dataclass
class LeavePlan:
    """Leave to add or to write over."""

    add: list[Leave] = field(default_factory=list)
    write: list[Leave] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


Stays = dict[UUID, list[Posting]]


def _stays(book: Book) -> Stays:
    """By person: their postings as they will be when the workbook is written, in order of time."""
    found: Stays = defaultdict(list)
    for posting in book.known[Posting].values():
        found[posting.person_id].append(posting)
    for own in found.values():
        own.sort(key=lambda posting: posting.start)
    return found


def _doubtful(book: Book) -> set[str]:
    """Numbers of people with a posting that is refused itself: whether they are in post cannot be said."""
    lines = book.pages[POSTINGS.name].lines if POSTINGS.name in book.pages else ()
    return {line.values.get("person", "") for line in lines if not line.sound}


# -- 出勤 -----------------------------------------------------------------------------------------------------------


def plan_months(book: Book, day: date) -> None:
    """Compare 出勤 with the months known; `day` is today: nothing can have happened after it."""
    plan = book.plans[MONTHS.name] = MonthPlan()
    if MONTHS.name not in book.pages:
        return
    book.check_references(MONTHS, {"team": (Team, TEAMS), "person": (Person, PEOPLE)})
    lines = list(book.keyed(MONTHS))
    known, held = _known_months(book, lines), _stays(book)
    numbers = {team.pk: team.number for team in book.known[Team].values()}
    doubtful = _doubtful(book)
    taken: dict[MonthOfPerson, list[tuple[PersonMonth, Line]]] = defaultdict(list)
    for (_, name, _), line in lines:
        team = book.find(MONTHS, line, "team", Team, TEAMS)
        person = book.find(MONTHS, line, "person", Person, PEOPLE)
        if team is None or person is None:
            continue
        if person.number in doubtful:
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


# -- 请假报备 -------------------------------------------------------------------------------------------------------


def plan_leaves(book: Book, day: date) -> None:
    """Compare 请假报备 with the leave known by number."""
    plan = book.plans[LEAVES.name] = LeavePlan()
    if LEAVES.name not in book.pages:
        return
    known = {leave.number: leave for leave in Leave.objects.filter(county_id=book.county).select_related("person")}
    held, doubtful = _stays(book), _doubtful(book)
    book.check_references(LEAVES, {"person": (Person, PEOPLE)})
    beside: dict[UUID, list[tuple[Leave, Line | None]]] = defaultdict(list)
    mentioned = set()
    for number, line in book.keyed(LEAVES):
        mentioned.add(number)
        person = book.find(LEAVES, line, "person", Person, PEOPLE)
        _check_days(book, line, day)
        if person is not None and person.number in doubtful:
            line.sound = False
        posting = _posting(book, line, held[person.pk]) if person is not None and line.sound else None
        if person is None or posting is None:
            continue
        leave = _leave(plan, book, line, number, known.get(number), person, posting)
        beside[person.pk].append((leave, line))
    for number, leave in known.items():
        if number not in mentioned and leave.status in (Leave.Status.ASKED, *Leave.STANDING):
            beside[leave.person_id].append((leave, None))
    _warn_of_overlaps(book, beside)


def _check_days(book: Book, line: Line, day: date) -> None:
    first, last, returned = (line.values.get(name) for name in ("start", "last_day", "returned_on"))
    if first and last and last < first:
        book.refuse(LEAVES, line, "last_day", "结束日期早于开始日期，请检查这两个日期。")
    if first and returned and returned < first:
        book.refuse(LEAVES, line, "returned_on", "销假日期早于开始日期，请检查这两个日期。")
    if first and last and (last - first).days >= LONGEST_LEAVE:
        days = (last - first).days + 1
        book.refuse(LEAVES, line, "last_day", f"从 {first} 到 {last} 有 {days} 天，请检查日期有没有写错。")
    for name in ("approved_on", "returned_on"):
        if line.values.get(name) and line.values[name] > day:
            book.refuse(LEAVES, line, name, f"{line.values[name]} 还没有到，请核对。")


def _posting(book: Book, line: Line, held: list[Posting]) -> Posting | None:
    """The posting the leave belongs to: in force on its first day, else the first one that shares a day with it."""
    start, end = line.values["start"], end_after(line.values["last_day"])
    near = [posting for posting in held if posting.overlaps(start, end)]
    if not near:
        book.refuse(LEAVES, line, "start", "这个人这几天没有任职，请核对日期和人员编号，或先补上任职。")
        return None
    return next((posting for posting in near if posting.holds_on(start)), near[0])


def _leave(
    plan: LeavePlan, book: Book, line: Line, number: str, leave: Leave | None, person: Person, posting: Posting
) -> Leave:
    fields = book.given(LEAVES, line, ("kind", "start", "reason", "level", "approved_on", "returned_on"))
    fields |= {"end": end_after(line.values["last_day"]), "person": person, "posting": posting}
    if leave is None:
        leave = Leave(county_id=book.county, number=number, **fields)
        leave.status = _status(leave)
        plan.add.append(leave)
        told = {"kind": leave.kind, "start": leave.start, "last_day": leave.until, "status": leave.status}
        plan.notes.append(Note("leave.imported", leave, told))
        book.add(LEAVES, line, f"{number} {person.name}")
        return leave
    was, stood = leave.until, leave.status
    changed = journal.apply(leave, fields)
    if changed and stood in (Leave.Status.REFUSED, Leave.Status.WITHDRAWN):
        label = Leave.Status(stood).label
        book.refuse(LEAVES, line, "number", f"{number} 在系统里{label}，不能用导入改；要请假请另用一个编号。", number)
        return leave
    if "end" in changed:
        changed["last_day"] = [was, leave.until]
    for name in ("end", "posting"):
        changed.pop(name, None)
    if "person" in changed:
        changed["person"] = [one.number for one in changed["person"]]
    if {"approved_on", "returned_on"} & set(changed):
        leave.status = _status(leave)
    if changed:
        plan.write.append(leave)
        plan.notes.append(Note("leave.imported", leave, changed))
    book.change(LEAVES, line, f"{number} {person.name}", changed)
    return leave


def _status(leave: Leave) -> str:
    """A slip with a day of approval is approved, with a day of return over; one without waits."""
    if leave.approved_on is None:
        return Leave.Status.ASKED
    return Leave.Status.RETURNED if leave.returned_on else Leave.Status.APPROVED


def _warn_of_overlaps(book: Book, beside: dict[UUID, list[tuple[Leave, Line | None]]]) -> None:
    for own in beside.values():
        own.sort(key=lambda pair: (pair[0].start, pair[0].number))
        for n, (leave, line) in enumerate(own):
            for other, there in own[:n]:
                where = line or there
                if where is not None and other.end is not None and leave.start < other.end:
                    sentence = f"{leave.number} 和 {other.number} 的日期重叠，请假天数会重复计算，请核对。"
                    book.warn(LEAVES, where, "start", sentence)
                    break


def write_leaves(*, plan: LeavePlan, by, at: datetime) -> None:
    """Write planned leave."""
    by.require("exchange.import", at)
    for leave in plan.add:
        leave.asked_by, leave.asked_at = by, at
    Leave.objects.bulk_create(plan.add, batch_size=BATCH)
    fields = ("person", "posting", "kind", "start", "end", "reason", "level", "approved_on", "returned_on", "status")
    write_over(Leave, plan.write, fields)
    note_in_parts(notes=plan.notes, by=by, at=at)
