"""What is done with workbooks: a ledger taken in, a ledger handed out."""

from collections.abc import Callable
from datetime import date, datetime
from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division
from zhucun.base.journal import journal
from zhucun.base.journal.models import Head

from . import exporting
from .importing import Outcome, Progress, compare, moved_on, read_ledger, stand
from .parsing import Read
from .planning import PARTS
from .reading.gate import Limits

ATTEMPTS = 3
BUSY = "导入期间有人一直在修改台账，为了不覆盖他们的改动，这次没有导入。请稍后再导入一次。"


def import_ledger(
    *,
    file: IO[bytes],
    name: str,
    by,
    at: datetime,
    limits: Limits,
    dry_run: bool = False,
    progress: Progress = lambda text, n: None,
) -> Outcome:
    """Take in a ledger workbook, all of it or nothing; the same file a second time changes nothing.

    Raises Fault when the file cannot be read, PermissionDenied without the right to import in its county. Problems
    inside the workbook are not raised but listed in the outcome, all at once. What the workbook changes is worked out
    before the transaction begins, and worked out again when somebody else wrote meanwhile.
    """
    return take_in(
        source=lambda: read_ledger(file, limits, progress),
        file=file,
        name=name,
        by=by,
        at=at,
        dry_run=dry_run,
        progress=progress,
    )


def take_in(
    *,
    source: Callable[[], Read],
    file: IO[bytes],
    name: str,
    by,
    at: datetime,
    dry_run: bool = False,
    progress: Progress = lambda text, n: None,
    settled: Callable[[], Any] = lambda: None,
) -> Outcome:
    """The same for lines from any source (a ledger workbook, a roster); `settled` runs inside the transaction."""
    by.require("exchange.import", at)
    for _ in range(ATTEMPTS):
        read = source()
        before = stand()
        outcome = compare(read=read, file=file, by=by, at=at, progress=progress)
        if outcome.status != "ready" or dry_run:
            outcome.status = "dry-run" if outcome.status == "ready" else outcome.status
            return outcome
        if _write(outcome=outcome, name=name, before=before, by=by, at=at, progress=progress, settled=settled):
            return outcome
    raise ValidationError(BUSY)


def _write(
    *, outcome: Outcome, name: str, before: tuple, by, at: datetime, progress: Progress, settled: Callable[[], Any]
) -> bool:
    """Write the plan in one transaction; False, with nothing written, when it no longer fits what is known."""
    book = outcome.book
    assert book is not None
    with transaction.atomic():
        Head.objects.select_for_update().first()
        if moved_on(before):
            return False
        for part in PARTS:
            if part.sheet.name in book.plans:
                progress(f"正在写入“{part.sheet.name}”", 0)
                part.write(plan=book.plans[part.sheet.name], by=by, at=at)
        county = Division.objects.get(pk=book.county)
        data = {"file": name, "sha256": outcome.digest, "sheets": outcome.sheets}
        journal.note(by=by, at=at, action="ledger.imported", target=county, data=data)
        settled()
    outcome.status = "imported"
    return True


def export_ledger(
    *, county: Division, day: date | None, by, at: datetime, reason: str = "", template: bool = False
) -> IO[bytes]:
    """The county's ledger as a workbook, as it was on `day` or as it is known last; a template holds headers only.

    ID numbers and telephones are in it only for those who may reveal them and who state a reason; for all others their
    columns are left out, so that such a workbook, imported again, takes nothing away. The export is journaled.
    """
    if template:
        return exporting.template()
    by.require("exchange.export", at)
    on = timezone.localtime(at).date()
    scope = by.scope_on(on, "exchange.export")
    if not scope.everything and county.pk not in scope.county:
        raise PermissionDenied(f"您的账号不能导出{county}的台账。")
    in_clear = bool(reason.strip()) and (scope.everything or county.pk in by.scope_on(on, "people.reveal").county)
    file, counts = exporting.ledger(county, day, in_clear=in_clear)
    with transaction.atomic():
        data = {"on": day, "sheets": counts, "in_clear": in_clear}
        journal.note(by=by, at=at, action="ledger.exported", target=county, data=data, reason=reason)
    return file
