"""People from the ledger workbook: compared with what is known, then written in bulk."""

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
from zhucun.base.timeline.periods import BEGINNING, years_before
from zhucun.base.web.ledger import Book, Line

from . import identity
from .models import Person, Record
from .sealing import blind_index
from .sheets import PEOPLE, SEALED

YOUNGEST = 16  # years; nobody younger may be employed (劳动法 第十五条)
OF_PERSON = ("name", "sex", "ethnicity", "born", "native_place", "party_joined_on", "bank")
OF_RECORD = tuple(
    "political education degree school major agriculture rank post title identity rural poverty_relief skills".split()
)
WRITTEN_OVER = (*OF_PERSON, "id_number_index", *(f"{name}_sealed" for name in SEALED))
TOLD = "已更新（加密保存）"


@dataclass
class Plan:
    """People and records to add or to write over, and records whose unit was put right."""

    add: list[Person] = field(default_factory=list)
    write: list[Person] = field(default_factory=list)
    renumbered: list[Person] = field(default_factory=list)  # whose ID number changes: freed first, so that two may swap
    records_add: list[Record] = field(default_factory=list)
    records_write: list[Record] = field(default_factory=list)
    moved: list[Record] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    records: dict[UUID, list[Record]] = field(default_factory=lambda: defaultdict(list))
    owners: dict[str, Person] = field(default_factory=dict)
    claims: list[tuple[str, Line, Person]] = field(default_factory=list)
    units: dict[UUID, Unit] = field(default_factory=dict)


def plan_people(book: Book, day: date) -> None:
    """Compare 人员 with the people known; a row puts right the person's latest record in place."""
    plan = book.plans[PEOPLE.name] = Plan()
    people = Person.objects.filter(county_id=book.county)
    known = book.known[Person] = {person.number: person for person in people.iterator(chunk_size=2000)}
    plan.owners = {person.id_number_index: person for person in known.values() if person.id_number_index}
    for record in (
        Record.objects.filter(person__county_id=book.county).order_by("person", "start").iterator(chunk_size=2000)
    ):
        plan.records[record.person_id].append(record)
    plan.units = {unit.pk: unit for unit in book.known[Unit].values()}
    book.check_references(PEOPLE, {"unit": (Unit, UNITS)})
    for number, line in book.keyed(PEOPLE):
        unit = book.find(PEOPLE, line, "unit", Unit, UNITS) if "unit" in line.values else None
        person = known.get(number)
        _check(book, line, person, day)
        if line.sound:
            _add(book, plan, line, number, unit) if person is None else _change(book, plan, line, person, unit)
    _settle_claims(book, plan)


def _check(book: Book, line: Line, person: Person | None, day: date) -> None:
    born = line.values.get("born") or getattr(person, "born", None)
    if born and born > day:
        book.refuse(PEOPLE, line, "born", "出生年月在今天之后，请核对年份。")
    elif born and born > years_before(day, YOUNGEST):
        book.refuse(PEOPLE, line, "born", f"按这个出生年月还不满 {YOUNGEST} 周岁，请核对年份。")
    number = line.values.get("id_number")
    if number is None and person is not None and {"born", "sex"} & set(line.values) and _differs(line, person):
        number = person.id_number
    if number:
        sex = line.values.get("sex") or getattr(person, "sex", None)
        wrong = identity.fault(number, born, None if sex is None else sex == Person.Sex.MALE)
        if wrong:
            book.refuse(PEOPLE, line, "id_number", wrong, number)
    if line.values.get("degree") in {"doctor", "master"} and line.values.get("education") not in {None, "postgraduate"}:
        book.warn(PEOPLE, line, "degree", "有博士或硕士学位，学历却不是研究生，请核对（不影响导入）。")


def _differs(line: Line, person: Person) -> bool:
    return any(name in line.values and line.values[name] != getattr(person, name) for name in ("born", "sex"))


def _add(book: Book, plan: Plan, line: Line, number: str, unit: Any) -> None:
    person = Person(county_id=book.county, number=number, **book.given(PEOPLE, line, OF_PERSON))
    for name in SEALED:
        if line.values.get(name):
            setattr(person, name, line.values[name])
    if person.id_number_index:
        plan.claims.append((person.id_number_index, line, person))
    record = Record(person=person, unit=unit, start=BEGINNING, **book.given(PEOPLE, line, OF_RECORD))
    book.known[Person][number] = person
    plan.records[person.pk].append(record)
    plan.add.append(person)
    plan.records_add.append(record)
    plan.notes.append(Note("person.registered", person, {"number": number, "unit": unit.name}))
    book.add(PEOPLE, line, f"{number} {person.name}")


def _change(book: Book, plan: Plan, line: Line, person: Person, unit: Any) -> None:
    changed = journal.apply(person, book.given(PEOPLE, line, OF_PERSON)) | _reseal(plan, line, person)
    if changed:
        plan.write.append(person)
    put_right = _put_right(book, plan, line, person, unit)
    if changed or put_right:
        action = "record.corrected" if put_right else "person.corrected"
        plan.notes.append(Note(action, person, changed | put_right))
    book.change(PEOPLE, line, f"{person.number} {person.name}", changed | put_right)


def _put_right(book: Book, plan: Plan, line: Line, person: Person, unit: Unit) -> dict[str, Any]:
    """Correct the latest record in place; a person without any gets one."""
    fields = book.given(PEOPLE, line, OF_RECORD)
    if not plan.records[person.pk]:
        record = Record(person=person, unit=unit, start=BEGINNING, **fields)
        plan.records[person.pk].append(record)
        plan.records_add.append(record)
        return {"unit": ["", unit.name]}
    record = plan.records[person.pk][-1]
    changed = journal.apply(record, fields)
    if unit.pk != record.unit_id:
        changed["unit"] = [plan.units[record.unit_id].name, unit.name]
        record.unit = unit
        plan.moved.append(record)
    if changed:
        plan.records_write.append(record)
    return changed


def _reseal(plan: Plan, line: Line, person: Person) -> dict[str, Any]:
    """Set ID number, telephone and the like where they differ; the values themselves are told to nobody."""
    changed = {}
    if "id_number" in line.values:
        index = blind_index(line.values["id_number"]) or None
        if index != person.id_number_index:
            plan.owners.pop(person.id_number_index or "", None)
            person.id_number = line.values["id_number"]
            plan.renumbered.append(person)
            changed["id_number"] = TOLD
            if index:
                plan.claims.append((index, line, person))
    for name in SEALED:
        if name != "id_number" and name in line.values and line.values[name] != getattr(person, name):
            setattr(person, name, line.values[name])
            changed[name] = TOLD
    return changed


def _settle_claims(book: Book, plan: Plan) -> None:
    """Every new ID number belongs to one person only, counting those already known."""
    for index, line, person in plan.claims:
        owner = plan.owners.setdefault(index, person)
        if owner is not person:
            sentence = f"这个身份证号码已经是 {owner.number} {owner.name} 的，请核对是不是同一个人，或者哪一个抄错了。"
            book.refuse(PEOPLE, line, "id_number", sentence)


def write_people(*, plan: Plan, by, at: datetime) -> None:
    """Write planned people and records; ID numbers that change hands are freed first."""
    by.require("exchange.import", at)
    for first in range(0, len(plan.renumbered), BATCH):
        keys = [person.pk for person in plan.renumbered[first : first + BATCH]]
        Person.objects.filter(pk__in=keys).update(id_number_index=None)
    Person.objects.bulk_create(plan.add, batch_size=BATCH)
    write_over(Person, plan.write, WRITTEN_OVER)
    Record.objects.bulk_create(plan.records_add, batch_size=BATCH)
    write_over(Record, plan.records_write, (*OF_RECORD, "unit"))
    note_in_parts(notes=plan.notes, by=by, at=at)
