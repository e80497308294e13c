"""The external anchor: count and head hash, kept in a file outside the database, so that a cut tail is seen."""

import json
import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

EVERY = 3600  # seconds


def path_of(journal: UUID) -> Path:
    """The anchor file of a journal, one JSON line per anchor."""
    return Path(settings.DATA_DIR) / "anchors" / f"{journal}.jsonl"


def keep(journal: UUID, count: int, value: str, at: datetime) -> None:
    """Add an anchor line: at this moment the journal had `count` entries and ended in hash `value`."""
    file = path_of(journal)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="ascii") as lines:
        lines.write(json.dumps({"at": at.isoformat(), "count": count, "hash": value}) + "\n")


def keep_hourly(journal: UUID, count: int, value: str, at: datetime) -> None:
    """The same, at most once an hour."""
    file = path_of(journal)
    if not file.exists() or time.time() - file.stat().st_mtime >= EVERY:
        keep(journal, count, value, at)


def read(journal: UUID) -> list[dict]:
    """Every anchor kept for a journal, oldest first; an unreadable line counts as an anchor of nothing."""
    file = path_of(journal)
    if not file.exists():
        return []
    return [_line(text) for text in file.read_text(encoding="ascii", errors="replace").splitlines() if text]


def _line(text: str) -> dict:
    try:
        found = json.loads(text)
        return {"at": str(found["at"]), "count": int(found["count"]), "hash": str(found["hash"])}
    except (ValueError, KeyError, TypeError):
        return {"at": "1970-01-01T00:00:00+00:00", "count": -1, "hash": ""}
