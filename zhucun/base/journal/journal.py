"""Writing to the journal: always inside the transaction of what is written down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, models, transaction

from . import anchor
from .chain import canonical, genesis, link
from .keys import fingerprint
from .models import Entry, Head

AREAS = ("county", "township", "village", "unit")


@dataclass(frozen=True)
class Note:
    """One entry to be: `action` in the past tense (“posting.opened”), the row it was done to, plain data, a reason."""

    action: str
    target: models.Model | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def note(*, by, at: datetime, action: str, target=None, data: Mapping[str, Any] | None = None, reason: str = "") -> None:
    """Append one entry; raises RuntimeError outside a transaction, since an act and its entry stand or fall together."""
    note_many(by=by, at=at, notes=[Note(action, target, data or {}, reason)])


def note_many(*, by, at: datetime, notes: Iterable[Note]) -> None:
    """Append entries in order, gap-free, under the lock of the head row."""
    notes = list(notes)
    if not notes:
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of the act")
    head = _locked_head()
    entries = []
    for one in notes:
        entry = _entry(one, head.count + 1, by, at)
        entry.hash = head.hash = link(head.hash, entry)
        head.count = entry.seq
        entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=1000)
    head.save()
    count, value = head.count, head.hash
    transaction.on_commit(lambda: anchor.keep_hourly(head.journal, count, value, at))


def _locked_head() -> Head:
    head = Head.objects.select_for_update().first()
    if head is None:
        journal = uuid4()
        try:
            with transaction.atomic():
                Head.objects.create(journal=journal, key=fingerprint(), hash=genesis(journal))
        except IntegrityError:
            pass  # another writer was first; its row is locked below
        head = Head.objects.select_for_update().get()
    return head


def _entry(one: Note, seq: int, by, at: datetime) -> Entry:
    target = one.target
    return Entry(
        seq=seq,
        at=at.isoformat(),
        actor=str(by.pk),
        actor_name=str(by)[:80],
        action=one.action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_name=str(target)[:200] if target is not None else "",
        data=canonical(one.data),
        reason=one.reason,
        **_areas(target),
    )


def _areas(target) -> dict[str, str]:
    """Where the target lies, by its SCOPE, so that the journal can be read within one's area."""
    scope = getattr(target, "SCOPE", None) or {}
    return {area: _reach(target, scope[area]) for area in AREAS if area in scope}


def _reach(row, path: str) -> str:
    """The key at the end of `path` (“team__village__county”), read from loaded relations."""
    *steps, last = path.split("__")
    for step in steps:
        row = getattr(row, step, None)
    if row is None:
        return ""
    key = row.pk if last == "pk" else getattr(row, f"{last}_id", None) or getattr(row, last, "")
    return str(getattr(key, "pk", key) or "")


def history(target: models.Model) -> models.QuerySet:
    """What was written down about one row, newest first."""
    return Entry.objects.filter(target_type=target._meta.label_lower, target_id=str(target.pk))


def apply(row: models.Model, fields: Mapping[str, Any]) -> dict[str, list]:
    """Set `fields` on the row; what really changed, as {field: [old, new]}, ready to be kept as an entry's data."""
    changed = {name: [getattr(row, name), new] for name, new in fields.items() if getattr(row, name) != new}
    for name, (_, new) in changed.items():
        setattr(row, name, new)
    return changed
