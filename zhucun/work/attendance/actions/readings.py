"""Readings kept, the questions they leave answered, pages met again taken or set aside."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division
from zhucun.base.journal import journal
from zhucun.work.attendance.models import PersonMonth, PrintedPage, Question, Reading
from zhucun.work.attendance.readings import keep_picture, months_of
from zhucun.work.attendance.roster import month_named, month_of, stays
from zhucun.work.attendance.rules import ABSENT, BLANK, mark_for, visible
from zhucun.work.attendance.scan.reading import READER, Read

from .taking import Ground, take

ANSWERS = ("村", "视", "假", "休", ABSENT, "空")
"""What a person may say stands in a cell: one of the four bubbles, an absence without notice, or nothing."""

CONFIRMED = "这个月乡镇已经确认，本次识读没有存入；如有出入请用“更正”。"
NOT_FILLED = "一格都没有填，没有存入。请填好再上传；填过而笔迹很淡的，请重新拍清楚，或对照纸上直接录入"


def keep_readings(*, reads: Iterable[Read], digest: str, batch: UUID, county: Division, township: Division | None, by,
                  at: datetime) -> list[Reading]:  # fmt: skip
    """Keep what was read from one file, a transaction a page: marks go in, doubtful cells become questions.

    A page met again, or of a month confirmed already, changes nothing; its differences are shown. `digest` is the file's
    SHA-256. A page this batch holds already is given back as it is, so that work broken off may simply be done again.
    """
    by.require("attendance.book_read", at)
    kept, found = [], Counter[int]()
    for read in reads:
        found[read.number] += 1
        place = {"batch": batch, "digest": digest, "number": read.number, "place": found[read.number]}
        kept.append(
            Reading.objects.filter(**place).first()
            or _put(read, place | {"county": county, "township": township}, by, at)
        )
    return kept


def _put(read: Read, place: dict, by, at: datetime) -> Reading:
    if read.page is None or read.reason:
        return _refused(read, place, by, at)
    if read.cells and all(cell.rule == "blank" for cell in read.cells):
        start = month_named(read.page.month).start
        told = f"{read.page.village}{start.year}年{start.month}月的月页{NOT_FILLED}"
        return _refused(replace(read, reason=told), place, by, at)
    try:
        return _kept(read, place, by, at)
    except ValidationError as refusal:
        return _refused(replace(read, reason="".join(refusal.messages)), place, by, at)


def _refused(read: Read, place: dict, by, at: datetime) -> Reading:
    row = Reading(
        **place, file=read.file[:200], state=Reading.State.REFUSED, reason=read.reason[:200], warnings=list(read.warnings),
        reader=READER, read_by=by, read_at=at,
    )  # fmt: skip
    row.picture = keep_picture(read.picture)
    with transaction.atomic():
        row.save(force_insert=True)
        _noted(row, "", by, at)
    return row


def _noted(row: Reading, code: str, by, at: datetime) -> None:
    data = {"file": row.file, "sha256": row.digest, "page": code, "state": row.state}
    journal.note(by=by, at=at, action="book.read", target=row, data=data, reason=row.reason)


@transaction.atomic
def _kept(read: Read, place: dict, by, at: datetime) -> Reading:
    page = _pages_locked().get(code=read.code)
    by.require("attendance.book_read", at, page.team)
    row = Reading(
        **place | {"county": page.team.county, "township": page.team.village.township}, page=page, file=read.file[:200],
        reader=READER, state=Reading.State.AGAIN, reason=_met_before(page), warnings=[*read.warnings, *_warnings(page)],
        cells=[asdict(cell) for cell in read.cells], picture=keep_picture(read.picture), read_by=by, read_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    if not row.reason:
        take(reading=row, by=by, at=at)
    _noted(row, page.code, by, at)
    return row


def _pages_locked():
    """Pages held until the transaction ends, so that one page uploaded twice at once is taken once."""
    return PrintedPage.objects.select_for_update(of=("self",)).select_related("team__village__township", "team__county")


def _warnings(page: PrintedPage) -> list[str]:
    latest = PrintedPage.objects.filter(team=page.team_id, month=page.month).order_by("-version").first()
    if latest is None or latest.version == page.version:
        return []
    return [f"这是第 {page.version} 版的纸，人员变动后已印过第 {latest.version} 版，请核对是否漏了新来的人。"]


def _met_before(page: PrintedPage) -> str:
    """Why a reading of this page must not write by itself; empty when it may."""
    if _is_confirmed(page):
        return CONFIRMED
    earlier = Reading.objects.filter(page=page, state__in=(Reading.State.OPEN, Reading.State.DONE)).first()
    if earlier is not None:
        when = timezone.localtime(earlier.read_at)
        return f"这一页 {when.month}月{when.day}日 {when:%H:%M} 已经读过，本次没有存入。"
    return ""


def _is_confirmed(page: PrintedPage) -> bool:
    """Whether the month of everybody on the page who is in post in it is confirmed, so that no cell may go in."""
    month, held = month_of(page.month), months_of(page)
    printed = {row["person"] for row in page.snapshot["rows"]}
    here = [stay.person for stay in stays([page.team], month).get(page.team_id, ()) if stay.person.number in printed]
    return bool(here) and all(one.pk in held and held[one.pk].is_confirmed for one in here)


@transaction.atomic
def answer(*, answers: Mapping[UUID, str], by, at: datetime) -> int:
    """Say what stands in some cells (question id → one of ANSWERS); they are written into the months, how many is returned.

    All or none. Whoever answered may change their own answer; the journal keeps both. Raises ValidationError for an answer
    that is none, a question answered otherwise by somebody else meanwhile, or a month confirmed meanwhile.
    """
    rows = Question.objects.select_for_update(of=("self", "reading")).filter(pk__in=answers).order_by("reading", "pk")
    paths = ("reading__page__team__village__township", "reading__page__team__county", "person", "answered_by")
    found = list(rows.select_related(*paths))
    for row in found:
        by.require("attendance.book_read", at, row.reading)
    wrong = [sentence for row in found if (sentence := _against(row, answers[row.pk], by))]
    if wrong or len(found) != len(answers):
        raise ValidationError(wrong or ["有的格子已经不在了，请刷新页面。"])
    fresh = [row for row in found if row.answer != answers[row.pk]]
    was = {row.pk: row.answer for row in fresh}
    for row in fresh:
        row.answer, row.answered_by, row.answered_at = answers[row.pk], by, at
    Question.objects.bulk_update(fresh, ["answer", "answered_by", "answered_at"])
    for reading in {row.reading_id: row.reading for row in fresh}.values():
        _write_answers(reading, [row for row in fresh if row.reading_id == reading.pk], was, by, at)
    return len(fresh)


def _against(row: Question, wanted: str, by) -> str:
    """Why this answer cannot be taken; empty when it can."""
    where = f"{row.person} {row.day.month}月{row.day.day}日"
    if wanted not in ANSWERS:
        return f"{where}：请选 {'、'.join(ANSWERS)} 之一。"
    if row.answered_at is not None and row.answer != wanted and row.answered_by_id != by.pk:
        return f"{where}：{row.answered_by}已经核对为“{row.answer}”，您的没有保存，请刷新页面。"
    if row.reading.state not in (Reading.State.OPEN, Reading.State.DONE):
        return f"{where}：这一页{row.reading.get_state_display()}，不用再核对。"
    return ""


def _write_answers(reading: Reading, rows: list[Question], was: Mapping[UUID, str], by, at: datetime) -> None:
    """Write answers into the months; one that only bears out what was taken as certain leaves what stands alone."""
    assert reading.page is not None
    ground = Ground.of(reading.page)
    for row in rows:
        if row.audit and row.answer == row.read and not was[row.pk]:
            continue
        ground.put(row.person_id, row.day.day, _symbol(row.answer, ground.leaves.get((row.person_id, row.day.day))))
    ground.write(PersonMonth.Origin.CHECKED, by, at)
    data = {f"{row.person.number} {row.day}": [was[row.pk] or row.read, row.answer] for row in rows}
    journal.note(by=by, at=at, action="book.checked", target=reading, data={"cells": data})
    if reading.state == Reading.State.OPEN and not reading.questions.filter(answered_at__isnull=True).exists():
        reading.state = Reading.State.DONE
        reading.save(update_fields=["state"])


def _symbol(answer: str, kind: str | None) -> str:
    return {"空": BLANK, ABSENT: ABSENT}.get(answer) or mark_for(answer, kind)[0]


@transaction.atomic
def take_again(*, reading: Reading, by, at: datetime) -> int:
    """Take a page read once more after all: what stands nowhere yet goes in, every clash becomes a question; how many.

    Raises ValidationError for a page that is not waiting for this, or whose month is confirmed (only a correction may
    change that).
    """
    row = _locked(reading, by, at)
    if row.state != Reading.State.AGAIN:
        raise ValidationError(f"这一页{row.get_state_display()}，不用再采用。")
    assert row.page is not None
    if _is_confirmed(row.page):
        raise ValidationError(CONFIRMED)
    asked = take(reading=row, by=by, at=at)
    journal.note(by=by, at=at, action="book.taken_again", target=row, data={"cells": asked})
    return asked


@transaction.atomic
def drop(*, reading: Reading, reason: str, by, at: datetime) -> None:
    """Set a reading aside: its open questions are not asked any more, the marks it wrote stay until somebody changes them."""
    row = _locked(reading, by, at)
    if row.state not in (Reading.State.OPEN, Reading.State.AGAIN):
        raise ValidationError(f"这一页{row.get_state_display()}，不用作废。")
    row.questions.filter(answered_at__isnull=True).delete()
    row.state, row.reason = Reading.State.DROPPED, visible(reason)[:200]
    row.save(update_fields=["state", "reason"])
    journal.note(by=by, at=at, action="book.reading_dropped", target=row, reason=row.reason)


def _locked(reading: Reading, by, at: datetime) -> Reading:
    rows = Reading.objects.select_for_update(of=("self",)).select_related(
        "page__team__village__township", "page__team__county"
    )
    row = rows.get(pk=reading.pk)
    by.require("attendance.book_read", at, row)
    return row
