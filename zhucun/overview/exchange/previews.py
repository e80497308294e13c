"""What the page of an import shows, kept sealed beside it: changes, problems and warnings as plain data."""

import json
from uuid import UUID

from zhucun.base.web.ledger import Problem

from . import jobs
from .importing import Outcome
from .planning import SHEETS

MOST_ADDED, MOST_CHANGED, MOST_PROBLEMS = 200, 2_000, 5_000


def keep(job: UUID, outcome: Outcome) -> None:
    """Keep what the outcome shows; long lists are cut, their counts are not."""
    book = outcome.book
    data = {
        "problems": [p.as_dict() for p in outcome.problems[:MOST_PROBLEMS]],
        "warnings": [p.as_dict() for p in outcome.warnings[:MOST_PROBLEMS]],
        "sheets": [_sheet(name, book.changes.get(name, [])) for name in SHEETS] if book else [],
    }
    jobs.keep(job, jobs.PREVIEW, json.dumps(data, ensure_ascii=False).encode())


def _sheet(name: str, changes: list) -> dict:
    added = [{"row": c.row, "key": c.key} for c in changes if c.added]
    changed = [
        {"row": c.row, "key": c.key, "fields": [[header, old, new] for header, (old, new) in c.fields.items()]}
        for c in changes
        if not c.added
    ]
    return {
        "name": name,
        "added": added[:MOST_ADDED],
        "added_count": len(added),
        "changed": changed[:MOST_CHANGED],
        "changed_count": len(changed),
    }


def read(job: UUID) -> dict:
    """What was kept; empty lists when it is gone."""
    raw = jobs.kept(job, jobs.PREVIEW)
    return json.loads(raw) if raw else {"problems": [], "warnings": [], "sheets": []}


def problems(data: dict) -> list[Problem]:
    """The kept problems."""
    return [Problem(**problem) for problem in data["problems"]]
