"""The external anchor: count and head hash, kept in a file outside the database, so that a cut tail is seen."""

import hmac
import json
import os
import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from .chain import anchor_mark

EVERY = 3600  # seconds
UNREADABLE = {"at": "", "count": -1, "hash": ""}


def folder() -> Path:
    """Where anchors are kept; a copy of it belongs on another machine."""
    return Path(settings.DATA_DIR) / "anchors"


def path_of(journal: UUID) -> Path:
    """The anchor file of a journal, one JSON line per anchor."""
    return folder() / f"{journal}.jsonl"


def keep(journal: UUID, count: int, value: str, at: datetime) -> None:
    """Add an anchor line: at this moment the journal had `count` entries and ended in hash `value`."""
    file = path_of(journal)
    file.parent.mkdir(parents=True, exist_ok=True)
    moment = at.isoformat()
    line = {"at": moment, "count": count, "hash": value, "mark": anchor_mark(journal, moment, count, value)}
    with file.open("ab") as lines:  # one write, so that a line is there whole or not at all
        lines.write(json.dumps(line).encode() + b"\n")
        lines.flush()
        os.fsync(lines.fileno())


def keep_hourly(journal: UUID, count: int, value: str, at: datetime) -> None:
    """The same, at most once an hour."""
    file = path_of(journal)
    if not file.exists() or time.time() - file.stat().st_mtime >= EVERY:
        keep(journal, count, value, at)


def read(journal: UUID) -> list[dict]:
    """Every anchor kept for a journal, oldest first; a line that is unreadable or was rewritten counts as UNREADABLE."""
    file = path_of(journal)
    if not file.exists():
        return []
    return [_line(journal, text) for text in file.read_text(encoding="ascii", errors="replace").splitlines() if text]


def lines_up_to(journal: UUID, count: int) -> list[bytes]:
    """The anchor lines, as they stand in the file, of the first `count` entries; unreadable ones among them."""
    file = path_of(journal)
    found = file.read_text(encoding="ascii", errors="replace").splitlines() if file.exists() else []
    return [f"{text}\n".encode() for text in found if text and _line(journal, text)["count"] <= count]


def others(journal: UUID | None) -> list[str]:
    """Journals that have anchors here and are not the one in the database."""
    return sorted(file.stem for file in folder().glob("*.jsonl") if file.stem != str(journal))


def retire(journal: UUID, why: str) -> Path | None:
    """Put a journal's anchors aside, when the journal itself was given up or set back on purpose; None without any."""
    file = path_of(journal)
    if not file.exists():
        return None
    aside = file.with_name(f"{file.stem}.{why}-{time.strftime('%Y%m%d-%H%M%S')}.retired")
    file.replace(aside)
    return aside


def _line(journal: UUID, text: str) -> dict:
    try:
        found = json.loads(text)
        at, count, value = str(found["at"]), int(found["count"]), str(found["hash"])
        if hmac.compare_digest(anchor_mark(journal, at, count, value), str(found["mark"])):
            return {"at": at, "count": count, "hash": value}
    except (ValueError, KeyError, TypeError):
        pass
    return UNREADABLE
