"""The keyed hash that ties each entry to the one before it."""

import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from .keys import derive
from .models import Entry

HASHED = (
    "seq", "at", "actor", "actor_name", "action", "target_type", "target_id", "target_name",
    "county", "township", "village", "unit", "data", "reason",
)  # fmt: skip


def canonical(data: Mapping) -> str:
    """The one JSON text of `data`: sorted keys, no spaces, dates in ISO, Decimals and UUIDs as text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value)
    raise TypeError(f"cannot be kept in the journal: {value!r}")


def genesis(journal: UUID) -> str:
    """What stands before the first entry of a journal."""
    return sha256(f"zhucun-journal:{journal}".encode()).hexdigest()


def link(before: str, entry: Entry) -> str:
    """HMAC-SHA256 over the hash before and every kept column, hex."""
    body = canonical({name: getattr(entry, name) for name in HASHED})
    return hmac.new(derive("journal:v1"), f"{before}\n{body}".encode(), sha256).hexdigest()
