"""What is done with workbooks: a ledger taken in, a ledger handed out."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division
from zhucun.base.journal import journal
from zhucun.base.journal.models import Head

from . import exporting, jobs, marking, previews
from .importing import Outcome, Progress, compare, moved_on, read_ledger, require_county, stand
from .models import OPEN, WORKING, Habit, Job, Status
from .parsing import Read
from .planning import PARTS, SHEETS
from .reading.gate import WEB, Fault, Limits, glance
from .reading.workbook import spooled
from .roster import reading as roster

LEFT_AFTER = timedelta(days=1)
ATTEMPTS = 3
CHANGED = "您查看以后，台账被别人改过，会写入的内容和刚才不一样了，所以还没有写入。请再看一遍下面的内容，再确认。"
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
    agreed: Callable[[Outcome], bool] = lambda outcome: True,
    settled: Callable[[dict], Any] = lambda counts: None,
) -> Outcome:
    """The same for lines from any source (a ledger workbook, a roster); `settled` runs inside the transaction.

    What is not `agreed` to is not written: its status stays “ready”.
    """
    by.require("exchange.import", at)
    for _ in range(ATTEMPTS):
        read = source()
        before = stand()
        outcome = compare(read=read, file=file, by=by, at=at, progress=progress)
        if outcome.status != "ready" or dry_run:
            outcome.status = "dry-run" if outcome.status == "ready" else outcome.status
            return outcome
        if not agreed(outcome):
            return outcome
        if _write(outcome=outcome, name=name, before=before, by=by, at=at, progress=progress, settled=settled):
            return outcome
    raise ValidationError(BUSY)


def _write(
    *, outcome: Outcome, name: str, before: tuple, by, at: datetime, progress: Progress, settled: Callable[[dict], Any]
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
        told = {
            sheet: "新增 {added}，修改 {changed}，不变 {unchanged}".format(**n) for sheet, n in outcome.sheets.items()
        }
        data = {"file": name, "sha256": outcome.digest, "sheets": told}
        journal.note(by=by, at=at, action="ledger.imported", target=county, data=data)
        settled(outcome.sheets)
    outcome.status = "imported"
    return True


def export_ledger(
    *, county: Division, day: date | None, by, at: datetime, reason: str = "", template: bool = False
) -> IO[bytes]:
    """The county's ledger as a workbook, as it was on `day` or as it is known last; a template holds headers only.

    Who looks after a township or a unit gets that part; of a round that went elsewhere as well it names the own villages only,
    so that the preview of importing a part shows the others as leaving the round. ID numbers and telephones are in it only
    for those who may reveal them and who state a reason; for all others their columns are left out, so that such a workbook,
    imported again, takes none of them away. The export is journaled.
    """
    if template:
        return exporting.template()
    by.require("exchange.export", at)
    on = timezone.localtime(at).date()
    scope = by.scope_on(on, "exchange.export")
    whole = scope.everything or county.pk in scope.county
    in_clear = bool(reason.strip()) and (scope.everything or county.pk in by.scope_on(on, "people.reveal").county)
    file, counts = exporting.ledger(county, day, in_clear=in_clear, scope=None if whole else scope)
    with transaction.atomic():
        data = {"on": day, "sheets": counts, "in_clear": in_clear}
        journal.note(by=by, at=at, action="ledger.exported", target=county, data=data, reason=reason)
    return file


# -- imports through the pages: uploaded, examined, confirmed, written ------------------------------------------------


def submit(*, county: Division, kind: str, name: str, content: bytes, by, at: datetime) -> Job:
    """Take an uploaded workbook and start examining it; what was left lying about is cleared away first.

    Raises Fault for a file that is no bearable workbook, PermissionDenied without the right to import in the county.
    """
    by.require("exchange.import", at)
    require_county(by, at, county.pk)
    with spooled(content) as file:
        glance(file, WEB)
    job = Job(county=county, kind=kind, name=name[:200], size=len(content), digest=sha256(content).hexdigest())
    job.uploaded_at, job.uploaded_by = at, by
    jobs.keep(job.pk, jobs.UPLOAD, content)
    sweep(by=by, at=at)
    with transaction.atomic():
        job.save(force_insert=True)
        transaction.on_commit(lambda: jobs.launch(job.pk, "examine"))
    return job


def examine(*, job: Job, by, at: datetime) -> None:
    """Work out what an uploaded workbook would change and keep it for the page; writes nothing of the ledger.

    A roster whose columns nobody has matched yet is only looked at, so that the page can ask.
    """
    if job.status != Status.EXAMINING:
        return
    content = jobs.kept(job.pk, jobs.UPLOAD) or b""
    try:
        with spooled(content) as file:
            if job.kind == Job.Kind.ROSTER and not job.answers:
                _look(job, file, by, at)
                return
            outcome = compare(read=_source(job, file), file=file, by=by, at=at, progress=_progress(job))
    except (Fault, PermissionDenied) as refusal:
        _end(job, Status.FAILED, by, message=str(refusal))
        return
    _keep_outcome(job, outcome, content)
    status = {"refused": Status.REFUSED, "unchanged": Status.UNCHANGED, "ready": Status.READY}[outcome.status]
    counts = {} if status == Status.REFUSED else outcome.sheets
    _end(job, status, by, counts=counts, problems=len(outcome.problems))


@transaction.atomic
def confirm(*, job: Job, by, at: datetime) -> bool:
    """Let what was examined be written; False when it is not waiting for that (any more): confirming twice writes once."""
    by.require("exchange.import", at, job)
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.status != Status.READY:
        return False
    locked.status, locked.message, locked.confirmed_at, locked.confirmed_by = Status.APPLYING, "", at, by
    locked.save(update_fields=["status", "message", "confirmed_at", "confirmed_by"])
    transaction.on_commit(lambda: jobs.launch(job.pk, "carry_out"))
    return True


def carry_out(*, job: Job, by, at: datetime) -> None:
    """Write a confirmed import; the import is marked as done in the same transaction, so it is written once or not at all.

    Only what was shown is written: where somebody's changes meanwhile make it another thing, that is shown and asked again.
    """
    if job.status != Status.APPLYING:
        return
    content = jobs.kept(job.pk, jobs.UPLOAD) or b""
    try:
        with spooled(content) as file:
            outcome = take_in(
                source=lambda: _source(job, file), file=file, name=job.name, by=by, at=at, progress=_progress(job),
                agreed=lambda outcome: previews.holds(job.pk, outcome), settled=lambda counts: _settle(job, counts, by),
            )  # fmt: skip
    except (Fault, PermissionDenied, ValidationError) as refusal:
        words = "".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        _end(job, Status.FAILED, by, message=words)
        return
    if outcome.status == "ready":
        _keep_outcome(job, outcome, content)
        _end(job, Status.READY, by, counts=outcome.sheets, message=CHANGED, confirmed_at=None, confirmed_by=None)
        return
    if outcome.status == "refused":
        _keep_outcome(job, outcome, content)
        _end(job, Status.REFUSED, by, counts={}, problems=len(outcome.problems))
    elif outcome.status == "unchanged":
        _end(job, Status.UNCHANGED, by, counts=outcome.sheets)
    jobs.forget(job.pk, *([jobs.UPLOAD] if outcome.status != "refused" else []), jobs.PROGRESS)


@transaction.atomic
def abandon(*, job: Job, by, at: datetime) -> None:
    """Give an import up and remove its file; one that is being written or over is left as it is."""
    by.require("exchange.import", at, job)
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.is_open:
        _end(locked, Status.ABANDONED, by)
        jobs.forget(job.pk)


def give_up(*, job: Job, message: str, by, at: datetime) -> None:
    """Mark an import whose process broke off; nothing of it was written."""
    if Job.objects.filter(pk=job.pk, status__in=WORKING).update(status=Status.FAILED, message=message[:400]):
        jobs.forget(job.pk)


@transaction.atomic
def answer(*, job: Job, columns: dict, words: dict, fingerprint: str, by, at: datetime, complete: bool) -> None:
    """Keep how a roster is to be read, for this import and for the next with the same headers; when complete, examine it.

    `columns` maps the roster's columns to what they hold, `words` a column's words to what they mean.
    """
    by.require("exchange.import", at, job)
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.status != Status.MAPPING:
        return
    locked.answers = {"columns": columns, "words": words} if complete else {}
    locked.status = Status.EXAMINING if complete else Status.MAPPING
    locked.save(update_fields=["answers", "status"])
    kept = {"columns": columns, "words": words, "kept_at": at, "kept_by": by}
    Habit.objects.update_or_create(county=job.county, fingerprint=fingerprint, defaults=kept)
    if complete:
        transaction.on_commit(lambda: jobs.launch(job.pk, "examine"))


@transaction.atomic
def ask_again(*, job: Job, by, at: datetime) -> None:
    """Let a refused roster's columns and words be answered anew, without uploading it again."""
    by.require("exchange.import", at, job)
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.status == Status.REFUSED and locked.kind == Job.Kind.ROSTER:
        _end(locked, Status.MAPPING, by, answers={}, problems=0)


def sweep(*, by, at: datetime) -> None:
    """Remove the files of imports nobody came back to within a day; their rows stay as a trace."""
    old = Job.objects.filter(uploaded_at__lt=at - LEFT_AFTER, status__in=[*OPEN, *WORKING])
    for job in old:
        jobs.forget(job.pk)
    old.update(status=Status.ABANDONED)


def _source(job: Job, file: IO[bytes]) -> Read:
    if job.kind == Job.Kind.ROSTER:
        return roster.read(file, job.county, job.answers, _progress(job))
    return read_ledger(file, WEB, _progress(job))


def _look(job: Job, file: IO[bytes], by, at: datetime) -> None:
    """Look at a roster for the page that asks what its columns hold."""
    looked = roster.look(file, job.county)
    jobs.keep(job.pk, jobs.LOOKED, json.dumps(looked, ensure_ascii=False).encode())
    _end(job, Status.MAPPING, by)


def _keep_outcome(job: Job, outcome: Outcome, content: bytes) -> None:
    previews.keep(job.pk, outcome)
    if outcome.problems:
        jobs.tell(job.pk, "正在标出有问题的单元格…", 95)
        jobs.keep(job.pk, jobs.MARKED, marking.marked(content, outcome.problems))


def _progress(job: Job) -> Progress:
    """Tells the page how far it is: reading, comparing and writing take about a third each."""
    order = list(SHEETS)

    def progress(text: str, n: int) -> None:
        sheet = next((place for place, name in enumerate(order) if f"“{name}”" in text), 0)
        base = {"正在核": 40, "正在写": 65}.get(text[:3], 5)
        jobs.tell(job.pk, f"{text}，已读 {n} 行…" if n else f"{text}…", base + sheet * 5)

    return progress


def _settle(job: Job, counts: dict, by) -> None:
    """Inside the transaction that writes: the import is done, unless another process was first."""
    done = Job.objects.filter(pk=job.pk, status=Status.APPLYING).update(status=Status.DONE, counts=counts, problems=0)
    if not done:
        raise ValidationError("这个导入已经写过了，没有再写第二次。")


def _end(job: Job, status: Status, by, **fields) -> None:
    fields |= {"status": status, "message": fields.get("message", "")[:400]}
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=list(fields))
    jobs.forget(job.pk, jobs.PROGRESS)
