"""Reminders and interviews from the ledger workbook: compared with what is known, then written in bulk."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhucun.base.directory.loading import BATCH, note_in_parts, write_over
from zhucun.base.directory.models import Unit
from zhucun.base.directory.sheets import UNITS
from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.people.models import Person
from zhucun.base.people.sheets import PEOPLE
from zhucun.base.web.ledger import Book, Line
from zhucun.base.web.sheets import Sheet
from zhucun.work.teams.models import Posting

from .models import Case
from .sheets import INTERVIEWS, REMINDERS

WRITTEN = (
    "on", "person", "posting", "unit", "township", "target", "way", "head", "grounds", "replied_on", "state",
)  # fmt: skip


@dataclass
class Plan:
    """Cases to add or to write over."""

    add: list[Case] = field(default_factory=list)
    write: list[Case] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def plan_reminders(book: Book, day: date) -> None:
    """Compare 提醒 with the reminders known by number."""
    _plan(
        book,
        REMINDERS,
        Case.Measure.REMINDER,
        day,
        {"person": (Person, PEOPLE)},
        ("on", "way", "grounds", "replied_on"),
    )


def plan_interviews(book: Book, day: date) -> None:
    """Compare 约谈 with the interviews known by number."""
    targets = {"person": (Person, PEOPLE), "unit": (Unit, UNITS)}
    _plan(book, INTERVIEWS, Case.Measure.INTERVIEW, day, targets, ("on", "target", "grounds"))


def _plan(book: Book, sheet: Sheet, measure: str, day: date, targets: dict[str, Any], names: tuple[str, ...]) -> None:
    plan = book.plans[sheet.name] = Plan()
    if sheet.name not in book.pages:
        return
    rows = Case.objects.filter(county_id=book.county, measure=measure).select_related("person", "unit")
    known = {row.number: row for row in rows}
    held: dict[UUID, list[Posting]] = defaultdict(list)
    for posting in book.known[Posting].values():
        held[posting.person_id].append(posting)
    units = {unit.pk: unit for unit in book.known[Unit].values()}
    book.check_references(sheet, targets)
    for number, line in book.keyed(sheet):
        found = {
            name: book.find(sheet, line, name, model, target) if line.values.get(name) else None
            for name, (model, target) in targets.items()
        }
        _check(book, sheet, line, found, day)
        if not line.sound:
            continue
        fields = book.given(sheet, line, names)
        row = known.get(number)
        if row is None:
            fields |= _about(line, found, held, units) | _begun(line, measure)
            row = Case(number=number, county_id=book.county, measure=measure, source=Case.Source.OTHER, **fields)
            plan.add.append(row)
            plan.notes.append(Note("case.imported", row, {"number": number, "on": row.on, "who": row.who}))
            book.add(sheet, line, f"{number} {row.who}")
            continue
        if row.state in Case.VOID:
            book.warn(sheet, line, "number", "这件处理在系统里已经撤销或不予处理，导入不能恢复，只改写这一行的内容。")
        changed = journal.apply(row, _changing(row, line, fields, found, held, units))
        told = {name: _told(change) for name, change in changed.items() if name in sheet.fields}
        if changed:
            plan.write.append(row)
            plan.notes.append(Note("case.imported", row, told))
        book.change(sheet, line, f"{number} {row.who}", told)


def _check(book: Book, sheet: Sheet, line: Line, found: dict[str, Any], day: date) -> None:
    on, replied = line.values.get("on"), line.values.get("replied_on")
    if on and on > day:
        book.refuse(sheet, line, "on", f"{on} 还没有到，请核对。")
    if on and replied and replied < on:
        book.refuse(sheet, line, "replied_on", f"回复日期早于提醒日期 {on}，请检查。")
    target = line.values.get("target")
    if target == Case.Target.UNIT_HEAD and found.get("unit") is None and not line.values.get("unit"):
        book.refuse(sheet, line, "unit", "约谈单位主要负责人，请填写单位名称。", "")
    elif target and target != Case.Target.UNIT_HEAD and not line.values.get("person"):
        book.refuse(sheet, line, "person", "约谈队长或队员，请填写人员编号。", "")


def _about(
    line: Line, found: dict[str, Any], held: dict[UUID, list[Posting]], units: dict[UUID, Unit]
) -> dict[str, Any]:
    """Whom a line is about: the person with the posting of that day, or the unit's head."""
    on: date = line.values["on"]
    if line.values.get("target") == Case.Target.UNIT_HEAD:
        unit = found["unit"]
        return {"person": None, "posting": None, "unit": unit, "township_id": None, "head": unit.chief}
    person = found["person"]
    postings = [one for one in held.get(person.pk, ()) if one.start <= on]
    posting = next(
        (one for one in postings if one.holds_on(on)), max(postings, key=lambda one: one.start, default=None)
    )
    fields = {"person": person, "posting": posting, "head": ""}
    fields["unit"] = units[posting.unit_id] if posting else None
    fields["township_id"] = posting.team.village.township_id if posting else None
    if "target" not in line.values:
        fields["target"] = Case.Target.LEADER if posting and posting.leads else Case.Target.MEMBER
    return fields


def _begun(line: Line, measure: str) -> dict[str, Any]:
    """Where a case that only the ledger knows stands: an interview is over once held, a reminder once replied to."""
    over = measure == Case.Measure.INTERVIEW or line.values.get("replied_on")
    fields = {"opened_on": line.values["on"], "state": Case.State.CLOSED if over else Case.State.NOTIFIED}
    return fields | ({"way": line.values.get("way") or Case.Way.ORAL} if measure == Case.Measure.REMINDER else {})


def _changing(
    row: Case, line: Line, fields: dict[str, Any], found: dict[str, Any], held: dict[UUID, list[Posting]],
    units: dict[UUID, Unit],
) -> dict[str, Any]:  # fmt: skip
    """What a line may change of a case that is known: the course it took here is no fact of the ledger's and stays.

    Whom it is about is worked out again only where the line says so differently: a unit's head of that time stays its head.
    """
    if "way" in fields and not fields["way"]:
        del fields["way"]
    if row.state not in Case.VOID and "replied_on" in fields and fields["replied_on"] != row.replied_on:
        fields["state"] = Case.State.CLOSED if fields["replied_on"] else Case.State.NOTIFIED
    other = "unit" if line.values.get("target") == Case.Target.UNIT_HEAD else "person"
    same = row.on == fields["on"] and fields.get("target", row.target) == row.target
    placed = other == "unit" or row.posting_id is not None
    if same and placed and getattr(row, f"{other}_id") == found[other].pk:
        return fields
    return fields | _about(line, found, held, units)


def _told(change: list) -> list:
    return [one.number if isinstance(one, Person) else one.name if isinstance(one, Unit) else one for one in change]


def write_cases(*, plan: Plan, by, at: datetime) -> None:
    """Write planned reminders or interviews."""
    by.require("exchange.import", at)
    for row in plan.add:
        row.opened_by, row.opened_at = by, at
    Case.objects.bulk_create(plan.add, batch_size=BATCH)
    write_over(Case, plan.write, WRITTEN)
    note_in_parts(notes=plan.notes, by=by, at=at)
