"""What the page of an import shows, kept sealed beside it: changes, problems and warnings as plain data."""

import json
from uuid import UUID

from . import jobs
from .importing import Outcome
from .planning import SHEETS

MOST_ADDED, MOST_CHANGED, MOST_PROBLEMS = 200, 2_000, 5_000


def keep(job: UUID, outcome: Outcome) -> None:
    """Keep what the outcome shows."""
    jobs.keep(job, jobs.PREVIEW, _shown(outcome))


def holds(job: UUID, outcome: Outcome) -> bool:
    """Whether what the page has shown is what the outcome would do now; also when nothing was kept."""
    return jobs.kept(job, jobs.PREVIEW) in (None, _shown(outcome))


def _shown(outcome: Outcome) -> bytes:
    """Long lists are cut, their counts are not."""
    book = outcome.book
    data = {
        "problems": [p.as_dict() for p in outcome.problems[:MOST_PROBLEMS]],
        "warnings": [p.as_dict() for p in outcome.warnings[:MOST_PROBLEMS]],
        "sheets": [_sheet(name, book.changes.get(name, [])) for name in SHEETS] if book else [],
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _sheet(name: str, changes: list) -> dict:
    added = [_change(c) for c in changes if c.added][:MOST_ADDED]
    changed = [_change(c) for c in changes if not c.added][:MOST_CHANGED]
    count = sum(c.added for c in changes)
    return {
        "name": name,
        "added": added,
        "added_count": count,
        "changed": changed,
        "changed_count": len(changes) - count,
    }


def _change(change) -> dict:
    fields = [[header, old, new] for header, (old, new) in change.fields.items()]
    return {"row": change.row, "key": change.key, "fields": fields}


def read(job: UUID) -> dict:
    """What was kept; empty lists when it is gone."""
    raw = jobs.kept(job, jobs.PREVIEW)
    return json.loads(raw) if raw else {"problems": [], "warnings": [], "sheets": []}
