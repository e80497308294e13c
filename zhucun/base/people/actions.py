"""What is done to people and their records."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.access.models import User
from zhucun.base.directory.models import Division
from zhucun.base.journal import journal
from zhucun.base.timeline.periods import BEGINNING

from . import identity
from .models import SEALED, Person, Record


@transaction.atomic
def register(
    *, county: Division, identity_fields: dict, record_fields: dict, by, at: datetime, start: date = BEGINNING
) -> Person:
    """Enter a person and what holds of them from `start` on (by default: as far back as anything asks).

    Raises ValidationError with every reason: taken number, wrong ID number, missing columns.
    """
    person = Person(county=county)
    _set(person, identity_fields)
    by.require("people.edit", at, person)
    _clean(person)
    person.save(force_insert=True)
    record = Record(person=person, start=start, **record_fields)
    record.full_clean()
    record.save(force_insert=True)
    journal.note(
        by=by, at=at, action="person.registered", target=person, data=_told(identity_fields) | _told(record_fields)
    )
    return person


@transaction.atomic
def correct(*, person: Person, identity_fields: dict, by, at: datetime, reason: str = "") -> dict:
    """Put right who a person is (a wrong birth date, a new phone number); returns what changed, sealed columns unnamed."""
    by.require("people.edit", at, person)
    changed = _set(person, identity_fields)
    if changed:
        _clean(person)
        person.save()
        journal.note(by=by, at=at, action="person.corrected", target=person, data=changed, reason=reason)
    return changed


@transaction.atomic
def correct_record(*, record: Record, fields: dict, by, at: datetime, reason: str = "") -> dict:
    """Put right what was wrongly written down: it was never as recorded. The span stays as it is."""
    by.require("people.edit", at, record)
    changed = journal.apply(record, fields)
    if changed:
        record.full_clean()
        record.save()
        journal.note(by=by, at=at, action="record.corrected", target=record.person, data=_told(changed), reason=reason)
    return changed


@transaction.atomic
def change_record(*, person: Person, start: date, fields: dict, by, at: datetime) -> Record:
    """From `start` on something about a person is different (a degree, a rank, another unit); before it nothing changes.

    Raises ValidationError when a later record exists already.
    """
    by.require("people.edit", at, person)
    last = person.records.order_by("-start").first()
    if last is None or last.start >= start:
        raise ValidationError(f"{person}在 {start} 当天或之后已经有记录，请改用“更正”，或选更晚的日期。")
    last.end = start
    last.save(update_fields=["end"])
    kept = {f.name: getattr(last, f.name) for f in Record._meta.concrete_fields if f.name not in {"id", "start", "end"}}
    record = Record(**kept | fields, start=start)
    record.full_clean()
    record.save(force_insert=True)
    journal.note(by=by, at=at, action="record.changed", target=person, data=_told(fields) | {"start": start})
    return record


@transaction.atomic
def reveal(*, person: Person, name: str, reason: str, by, at: datetime) -> str:
    """A sealed column in clear, for a stated reason; the reading itself is an entry of the journal."""
    by.require("people.reveal", at, person)
    if name not in SEALED:
        raise ValidationError("这一项没有加密。")
    if not reason.strip():
        raise ValidationError("请写明查看的理由，例如“办理保险”。")
    try:
        text = getattr(person, name)
    except ValueError as closed:
        raise ValidationError(str(closed)) from None
    journal.note(by=by, at=at, action="person.revealed", target=person, data={"column": name}, reason=reason)
    return text


@transaction.atomic
def give_account(*, person: Person, user: User, by, at: datetime) -> None:
    """Tie a sign-in to the person it belongs to."""
    by.require("access.account_edit", at)
    person.user = user
    person.save(update_fields=["user"])
    journal.note(by=by, at=at, action="person.account_given", target=person, data={"user": user.username})


def _set(person: Person, fields: dict) -> dict:
    """Set columns; what changed, with sealed columns named but never shown."""
    sealed = {name: text for name, text in fields.items() if name in SEALED and getattr(person, name) != (text or "")}
    changed = journal.apply(person, {name: value for name, value in fields.items() if name not in SEALED})
    for name, text in sealed.items():
        setattr(person, name, text)
    return changed | dict.fromkeys(sealed, "已更新（加密保存）")


def _clean(person: Person) -> None:
    number = person.id_number
    wrong = identity.fault(number, person.born, person.sex == Person.Sex.MALE) if number else ""
    if wrong:
        raise ValidationError(wrong)
    person.full_clean()


def _told(fields: dict) -> dict:
    """Columns as plain text for the journal, sealed ones left out."""
    return {name: str(value) if hasattr(value, "pk") else value for name, value in fields.items() if name not in SEALED}
