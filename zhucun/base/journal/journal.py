"""Writing to the journal: always inside the transaction of what is written down."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from . import anchor
from .chain import canonical, genesis, link, seal_of
from .keys import fingerprint
from .models import Entry, Head

AREAS = ("county", "township", "village", "unit")
WRONG_KEY = (
    "现在的密钥与这个数据库的不同，系统已暂停写入，以免留痕接不上。请把原来的 secret.key 放回数据目录"
    "（或恢复原来的 ZHUCUN_SECRET_KEY），再重新启动；没有保存任何内容。"
)


@dataclass(frozen=True)
class Note:
    """One entry to be: `action` in the past tense (“posting.opened”), the row it was done to, plain data, a reason."""

    action: str
    target: models.Model | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


class _Kept:
    """An entry kept back by `gathering`; queued as a commit hook, so that a rolled back savepoint takes it away."""

    def __init__(self, entry: Entry):
        self.entry = entry

    def __call__(self) -> None:
        """Nothing is left to do at the commit."""


_gathered: ContextVar[list[_Kept] | None] = ContextVar("gathered", default=None)


def note(
    *, by, at: datetime, action: str, target=None, data: Mapping[str, Any] | None = None, reason: str = ""
) -> None:
    """Append one entry; raises RuntimeError outside a transaction, since an act and its entry stand or fall together."""
    note_many(by=by, at=at, notes=[Note(action, target, data or {}, reason)])


def note_many(*, by, at: datetime, notes: Iterable[Note]) -> None:
    """Append entries in order, gap-free, under the lock of the head row.

    Raises ValidationError when the secret key is not the one the journal was begun with.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of the act")
    entries = [_entry(one, by, at) for one in notes]
    gathered = _gathered.get()
    if gathered is None:
        _append(entries, at)
        return
    for kept in map(_Kept, entries):
        transaction.on_commit(kept)
        gathered.append(kept)


@contextmanager
def gathering(at: datetime) -> Iterator[None]:
    """Keep the entries of many acts of one transaction back and write them together at the end, in their order.

    An act inside that fails and is rolled back takes its entries with it; an exception that leaves the block, all.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of the act")
    token = _gathered.set([])
    try:
        yield
        gathered = _gathered.get() or []
    finally:
        _gathered.reset(token)
    standing = {id(hook) for _, hook, _ in connection.run_on_commit}
    _append([kept.entry for kept in gathered if id(kept) in standing], at)


def _append(entries: list[Entry], at: datetime) -> None:
    if not entries:
        return
    head = _locked_head()
    for entry in entries:
        head.count = entry.seq = head.count + 1
        head.hash = entry.hash = link(head.hash, entry)
    head.seal = seal_of(head)
    Entry.objects.bulk_create(entries, batch_size=1000)
    head.save(update_fields=["count", "hash", "seal"])
    journal, count, value = head.journal, head.count, head.hash
    # robust: what is committed is committed, even where the anchor's disk is full
    transaction.on_commit(lambda: anchor.keep_hourly(journal, count, value, at), robust=True)


def _locked_head() -> Head:
    head = Head.objects.select_for_update().first()
    if head is None:
        try:
            with transaction.atomic():
                _begin(uuid4())
        except IntegrityError:
            pass  # another writer was first; its row is locked below
        head = Head.objects.select_for_update().get()
    if head.key != fingerprint():
        raise ValidationError(WRONG_KEY)
    return head


def _begin(journal) -> None:
    head = Head(journal=journal, key=fingerprint(), hash=genesis(journal))
    head.seal = seal_of(head)
    head.save(force_insert=True)


def begin_anew() -> int:
    """Go on with another key, after the old one was lost: a new chain whose first entry follows the last one kept.

    Returns how many entries there are that nothing can prove any more. Run inside a transaction.
    """
    head = Head.objects.select_for_update().get()
    head.journal, head.key, head.first = uuid4(), fingerprint(), head.count + 1
    head.hash = genesis(head.journal)
    head.seal = seal_of(head)
    head.save()
    return head.count


def _entry(one: Note, by, at: datetime) -> Entry:
    target = one.target
    return Entry(
        at=timezone.localtime(at).isoformat(),
        actor=str(by.pk),
        actor_name=_text(by, 80),
        action=one.action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_name=_text(target, 200) if target is not None else "",
        data=_text(canonical(one.data)),
        reason=_text(one.reason),
        **_areas(target),
    )


def _text(value, longest: int | None = None) -> str:
    """Text that either engine keeps as it is: no zero characters, no halves of pairs."""
    return str(value)[:longest].replace("\0", "\ufffd").encode(errors="replace").decode()


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
