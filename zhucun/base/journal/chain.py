"""The keyed hash that ties each entry to the one before it."""

import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise

from .keys import derive
from .models import Entry, Head

HASHED = (
    "seq", "at", "actor", "actor_name", "action", "target_type", "target_id", "target_name",
    "county", "township", "village", "unit", "data", "reason",
)  # fmt: skip


def canonical(data: Mapping) -> str:
    """The one JSON text of `data`: sorted keys, no spaces, dates in ISO; Decimals, UUIDs and rows as text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID, Model, Promise)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"cannot be kept in the journal: {value!r}")


def genesis(journal: UUID) -> str:
    """What stands before the first entry of a journal."""
    return sha256(f"zhucun-journal:{journal}".encode()).hexdigest()


def link(before: str, entry: Entry) -> str:
    """HMAC-SHA256 over the hash before and every kept column, hex."""
    body = canonical({name: getattr(entry, name) for name in HASHED})
    return _keyed("journal:v1", f"{before}\n{body}")


def seal_of(head: Head) -> str:
    """What the head row must carry: a keyed hash of itself, so that a shorter chain cannot be given a fitting head."""
    return _keyed("journal:head:v1", f"{head.journal}\n{head.first}\n{head.count}\n{head.hash}")


def anchor_mark(journal: UUID, at: str, count: int, value: str) -> str:
    """What an anchor line must carry, so that it cannot be rewritten without the key."""
    return _keyed("journal:anchor:v1", f"{journal}\n{at}\n{count}\n{value}")


def _keyed(purpose: str, text: str) -> str:
    # surrogatepass: what was tampered with must give another hash, never an error
    return hmac.digest(derive(purpose), text.encode(errors="surrogatepass"), "sha256").hex()
