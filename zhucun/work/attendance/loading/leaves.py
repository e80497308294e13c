"""Leave and notices from the ledger workbook: compared with what is known, then written in bulk."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from zhucun.base.directory.loading import BATCH, note_in_parts, write_over
from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.people.models import Person
from zhucun.base.people.sheets import PEOPLE
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import end_after
from zhucun.base.web.ledger import Book, Line
from zhucun.work.attendance.actions.following import follow_postings
from zhucun.work.attendance.following import span_after
from zhucun.work.attendance.models import Leave
from zhucun.work.attendance.rules import LADDER, LONGEST_LEAVE, AttendancePolicy, Level, steps
from zhucun.work.attendance.sheets import LEAVES, MONTHS
from zhucun.work.teams.models import Posting

from .posts import Stays, doubtful, stays


@dataclass
class LeavePlan:
    """Leave to add or to write over; `people` are those whose postings change, so that what is written down follows."""

    add: list[Leave] = field(default_factory=list)
    write: list[Leave] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    people: set[UUID] = field(default_factory=set)


def plan_leaves(book: Book, day: date) -> None:
    """Compare 请假报备 with the leave known by number."""
    plan = book.plans[LEAVES.name] = LeavePlan(people=book.plans[MONTHS.name].people)
    if LEAVES.name not in book.pages:
        return
    known = {leave.number: leave for leave in Leave.objects.filter(county_id=book.county).select_related("person")}
    held, unsure = stays(book), doubtful(book)
    book.check_references(LEAVES, {"person": (Person, PEOPLE)})
    beside: dict[UUID, list[tuple[Leave, Line | None]]] = defaultdict(list)
    mentioned = set()
    for number, line in book.keyed(LEAVES):
        mentioned.add(number)
        person = book.find(LEAVES, line, "person", Person, PEOPLE)
        _check_days(book, line, day)
        if person is not None and person.number in unsure:
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
    fresh = {leave.pk for leave in (*plan.add, *plan.write)}
    told = [(leave, line) for pairs in beside.values() for leave, line in pairs if line and leave.pk in fresh]
    _warn_of_days_out_of_post(book, told, held)
    _warn_of_levels(book, told)
    _warn_of_returns(book, told)


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
    if fields.get("returned_on") and not fields.get("approved_on", leave and leave.approved_on):
        book.warn(LEAVES, line, "returned_on", f"{number} 没有批准日期，却填了销假日期：按待批收，请核对。")
    if leave is None:
        leave = Leave(county_id=book.county, number=number, **fields)
        leave.status = _status(leave)
        plan.add.append(leave)
        told = {"kind": leave.kind, "start": leave.start, "last_day": leave.until, "status": leave.status}
        plan.notes.append(Note("leave.imported", leave, told))
        book.add(LEAVES, line, f"{number} {person.name}")
        return leave
    was, stood = leave.until, leave.status
    _keep_what_was_done(book, line, leave, fields)
    changed = journal.apply(leave, fields)
    if not changed and stood == Leave.Status.WITHDRAWN and leave.approved_on:
        book.warn(LEAVES, line, "number", f"{number} 在系统里已撤回，这一行没有用。", number)
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
        leave.before_cut = None
        plan.write.append(leave)
        plan.notes.append(Note("leave.imported", leave, changed))
    book.change(LEAVES, line, f"{number} {person.name}", changed)
    return leave


def _keep_what_was_done(book: Book, line: Line, leave: Leave, fields: dict) -> None:
    """An empty cell takes back no approval and no return: an older export does not know of them yet."""
    for name, word in (("approved_on", "批准"), ("returned_on", "销假")):
        if getattr(leave, name) and name in fields and fields[name] is None:
            book.warn(LEAVES, line, name, f"{leave.number} 在系统里已经{word}，不能用导入取消，仍按原来的。", "")
            del fields[name]
            if name == "approved_on" and not fields.get("level"):
                fields.pop("level", None)


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


def _warn_of_levels(book: Book, rows: list[tuple[Leave, Line]]) -> None:
    """One sentence for all slips approved lower than policy asks, days and role of each slip by itself."""
    signed = [(leave, line) for leave, line in rows if leave.approved_on and leave.level and not leave.is_notice]
    numbers = policy.on_each(AttendancePolicy, ((leave.start, leave.posting.team.village_id) for leave, _ in signed))
    low: list[tuple[Leave, Line, str]] = []
    for leave, line in signed:
        own = numbers[leave.start, leave.posting.team.village_id]
        needed = steps(leave.days, is_leave=True, leads=leave.posting.leads, policy=own)[-1]
        if LADDER.index(Level(leave.level)) < LADDER.index(needed):
            low.append((leave, line, Leave.Approver(needed).label))
    if low:
        leave, line, label = low[0]
        one = f"{leave.number} 的 {leave.days} 天{leave.get_kind_display()}按现行规定由{label}批"
        book.warn(LEAVES, line, "level", f"{_so_many(low)}批准层级比规定的低（{one}），照收，请核对。")


def _warn_of_days_out_of_post(book: Book, rows: list[tuple[Leave, Line]], held: Stays) -> None:
    """One sentence for all slips that go beyond their person's postings: their days are taken as they stand."""
    beyond = []
    for leave, line in rows:
        found = span_after(leave.start, leave.until, held[leave.person_id])
        if found and found[1:] != (leave.start, leave.until):
            beyond.append((leave, line, found))
    if beyond:
        leave, line, (_, first, last) = beyond[0]
        one = f"{leave.number} 从 {leave.start} 到 {leave.until}，任职只在 {first} 到 {last}"
        book.warn(LEAVES, line, "last_day", f"{_so_many(beyond)}有不在任的日子（{one}），照收，请核对。")


def _warn_of_returns(book: Book, rows: list[tuple[Leave, Line]]) -> None:
    """One sentence for all slips whose days go on after 销假: the sheet's last day counts, as it does everywhere."""
    early = [
        (leave, line) for leave, line in rows if leave.returned_on and leave.start < leave.returned_on <= leave.until
    ]
    if early:
        leave, line = early[0]
        one = f"{leave.number} {leave.returned_on} 已返岗，结束日期却是 {leave.until}"
        book.warn(
            LEAVES,
            line,
            "last_day",
            f"{_so_many(early)}结束日期晚于销假（{one}），天数按结束日期算，提前回来的请改结束日期。",
        )


def _so_many(rows: list) -> str:
    return f"有 {len(rows)} 张单子" if len(rows) > 1 else "这张单子"


def write_leaves(*, plan: LeavePlan, by, at: datetime) -> None:
    """Write planned leave."""
    by.require("exchange.import", at)
    for leave in plan.add:
        leave.asked_by, leave.asked_at = by, at
    Leave.objects.bulk_create(plan.add, batch_size=BATCH)
    fields = ("person", "posting", "kind", "start", "end", "reason", "level", "approved_on", "returned_on", "status",
              "before_cut")  # fmt: skip
    write_over(Leave, plan.write, fields)
    note_in_parts(notes=plan.notes, by=by, at=at)
    follow_postings(people=plan.people, by=by, at=at)
