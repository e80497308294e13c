"""Readings kept, the marks they bring, the questions they leave and their answers."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division
from zhucun.base.journal import journal
from zhucun.base.people.models import Person
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.models import PersonMonth, PrintedPage, Question, Reading
from zhucun.work.attendance.readings import differences, months_of, people_on
from zhucun.work.attendance.roster import marks_of_leave, month_of
from zhucun.work.attendance.rules import BLANK, OUT, AttendancePolicy, days_in, mark_for
from zhucun.work.attendance.scan.reading import READER, Cell, Read

from .marks import fill

ANSWERS = ("村", "视", "假", "休", "×", "空")
"""What a person may say stands in a cell: one of the four bubbles, an absence without notice, or nothing."""


def keep_readings(*, reads: Iterable[Read], digest: str, batch: UUID, county: Division, township: Division | None, by,
                  at: datetime) -> list[Reading]:  # fmt: skip
    """Keep what was read from one file, a transaction a page: marks go in, doubtful cells become questions.

    A page met again, or of a month confirmed already, changes nothing; its differences are shown. `digest` is the file's SHA-256.
    """
    by.require("attendance.book_read", at)
    kept = []
    for read in reads:
        place = {"batch": batch, "digest": digest, "number": read.number, "county": county, "township": township}
        kept.append(_refused(read, place, by, at) if read.page is None or read.reason else _kept(read, place, by, at))
    return kept


def _refused(read: Read, place: dict, by, at: datetime) -> Reading:
    row = Reading(
        **place,
        file=read.file[:200],
        state=Reading.State.REFUSED,
        reason=read.reason[:200],
        reader=READER,
        read_by=by,
        read_at=at,
    )
    row.picture = keep_picture(read.picture)
    with transaction.atomic():
        row.save(force_insert=True)
    return row


@transaction.atomic
def _kept(read: Read, place: dict, by, at: datetime) -> Reading:
    page = PrintedPage.objects.select_related("team__village__township", "team__county").get(code=read.code)
    by.require("attendance.book_read", at, page.team)
    row = Reading(
        **place | {"township": page.team.village.township}, page=page, file=read.file[:200], reader=READER,
        state=Reading.State.OPEN, warnings=[*read.warnings, *_warnings(page)], read_by=by, read_at=at,
        cells=[asdict(cell) for cell in read.cells], picture=keep_picture(read.picture),
    )  # fmt: skip
    row.reason = _met_before(page)
    if row.reason:
        row.state = Reading.State.AGAIN
    row.save(force_insert=True)
    if row.state == Reading.State.OPEN:
        _take(row, by, at)
    data = {"file": row.file, "sha256": row.digest, "page": page.code, "state": row.state}
    journal.note(by=by, at=at, action="book.read", target=row, data=data, reason=row.reason)
    return row


def keep_picture(picture: bytes) -> str:
    """Keep a page's picture under its digest, whole or not at all; empty when there is none."""
    if not picture:
        return ""
    row = Reading(picture=sha256(picture).hexdigest())
    if not row.path.exists():
        row.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=row.path.parent, delete=False) as draft:
            draft.write(picture)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(row.path)
    return row.picture


def _warnings(page: PrintedPage) -> list[str]:
    latest = PrintedPage.objects.filter(team=page.team_id, month=page.month).order_by("-version").first()
    if latest is None or latest.version == page.version:
        return []
    return [f"这是第 {page.version} 版的纸，人员变动后已印过第 {latest.version} 版，请核对是否漏了新来的人。"]


def _met_before(page: PrintedPage) -> str:
    """Why a reading of this page must not write by itself; empty when it may."""
    if PersonMonth.objects.filter(team=page.team_id, start=page.month, confirmed_on__isnull=False).exists():
        return "这个月乡镇已经确认，本次识读没有存入；如有出入请用“更正”。"
    earlier = Reading.objects.filter(page=page, state__in=(Reading.State.OPEN, Reading.State.DONE)).first()
    if earlier is not None:
        return (
            f"这一页 {timezone.localtime(earlier.read_at):%m月%d日 %H:%M} 已经读过，本次没有存入；下面列出两次的不同。"
        )
    return ""


def _take(row: Reading, by, at: datetime) -> None:
    """Write what is beyond doubt into the month where nothing stands yet; ask a person about the rest."""
    cells = [Cell(**cell) for cell in row.cells]
    assert row.page is not None
    people = {person.number: person for person in people_on(row.page)}
    month = month_of(row.page.month)
    held = months_of(row.page)
    leaves = marks_of_leave([person.pk for person in people.values()], month)
    today, share = timezone.localtime(at).date(), _audit_share(row, at)
    marks: dict[UUID, str] = {}
    asked: list[Question] = []
    for cell in cells:
        person, day = people[cell.person], month.start.replace(day=cell.day)
        if day > today and cell.value is None:
            continue
        had = held[person.pk].marks[cell.day - 1] if person.pk in held else BLANK
        symbol = mark_for(cell.value, leaves.get((person.pk, cell.day)))[0] if cell.value else ""
        why = cell.why if cell.human else "日期还没有到" if day > today else _clash(had, symbol)
        if not why:
            marks[person.pk] = _with(marks.get(person.pk) or _marks(held.get(person.pk), month), cell.day, symbol)
        if why or _is_audited(row, cell, share):
            asked.append(_question(row, person, day, cell, why))
    fill(team=row.page.team, month=month, rows=marks, by=by, at=at, origin=PersonMonth.Origin.READ)
    Question.objects.bulk_create(asked)
    if not asked:
        row.state = Reading.State.DONE
        row.save(update_fields=["state"])


def _clash(had: str, symbol: str) -> str:
    return f"已录入“{had}”，记录本读出“{symbol}”" if had not in (BLANK, OUT, symbol) else ""


def _question(row: Reading, person: Person, day: date, cell: Cell, why: str) -> Question:
    return Question(
        reading=row, person=person, day=day, read=cell.value or "", why=why[:120], crop=list(cell.crop), audit=not why
    )


def _marks(row: PersonMonth | None, month: Period) -> str:
    return row.marks if row else BLANK * days_in(month.start)


def _with(marks: str, day: int, symbol: str) -> str:
    return marks[: day - 1] + symbol + marks[day:]


def _audit_share(row: Reading, at: datetime) -> int:
    assert row.page is not None
    return policy.on(timezone.localtime(at).date(), AttendancePolicy, area=row.page.team.village_id).audit_share


def _is_audited(row: Reading, cell: Cell, share: int) -> bool:
    """Whether a cell without doubt is shown to a person too: `share` percent, by a hash nobody can steer."""
    drawn = sha256(f"{row.digest}*{row.number}*{cell.person}*{cell.day}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % 10_000 < share * 100


@transaction.atomic
def answer(*, answers: Mapping[UUID, str], by, at: datetime) -> int:
    """Say what stands in some cells (question id → one of ANSWERS); they are written into the months, how many is returned.

    All or none. Raises ValidationError for an answer that is none, a question answered by somebody else meanwhile, or a
    month confirmed meanwhile.
    """
    rows = Question.objects.select_for_update(of=("self",)).filter(pk__in=answers)
    found = list(rows.select_related("reading__page__team__village__township", "reading__page__team__county", "person"))
    wrong = []
    for row in found:
        by.require("attendance.book_read", at, row.reading)
        if answers[row.pk] not in ANSWERS:
            wrong.append(f"{row.person} {row.day}：请选 {'、'.join(ANSWERS)} 之一。")
        elif row.answered_at is not None and row.answer != answers[row.pk]:
            wrong.append(f"{row.person} {row.day}：{row.answered_by}已经核对为“{row.answer}”，请刷新页面。")
    if wrong or len(found) != len(answers):
        raise ValidationError(wrong or ["有的格子已经不在了，请刷新页面。"])
    fresh = [row for row in found if row.answered_at is None]
    for row in fresh:
        row.answer, row.answered_by, row.answered_at = answers[row.pk], by, at
    Question.objects.bulk_update(fresh, ["answer", "answered_by", "answered_at"])
    for reading in {row.reading_id: row.reading for row in fresh}.values():
        _write_answers(reading, [row for row in fresh if row.reading_id == reading.pk], by, at)
    return len(fresh)


def _write_answers(reading: Reading, rows: list[Question], by, at: datetime) -> None:
    assert reading.page is not None
    month = month_of(reading.page.month)
    held = months_of(reading.page)
    leaves = marks_of_leave([row.person_id for row in rows], month)
    marks: dict[UUID, str] = {}
    for row in rows:
        symbol = _symbol(row.answer, leaves.get((row.person_id, row.day.day)))
        marks[row.person_id] = _with(
            marks.get(row.person_id) or _marks(held.get(row.person_id), month), row.day.day, symbol
        )
    fill(team=reading.page.team, month=month, rows=marks, by=by, at=at, origin=PersonMonth.Origin.CHECKED)
    data = {f"{row.person.number} {row.day}": [row.read, row.answer] for row in rows}
    journal.note(by=by, at=at, action="book.checked", target=reading, data={"cells": data})
    if not reading.questions.filter(answered_at__isnull=True).exists():
        reading.state = Reading.State.DONE
        reading.save(update_fields=["state"])


def _symbol(answer: str, kind: str | None) -> str:
    return {"空": BLANK, "×": "×"}.get(answer) or mark_for(answer, kind)[0]


@transaction.atomic
def take_again(*, reading: Reading, by, at: datetime) -> int:
    """Take a page read once more after all: every cell that differs from what stands becomes a question; how many."""
    row = _locked(reading, by, at)
    if row.state != Reading.State.AGAIN:
        raise ValidationError("这一页不用重新采用。")
    assert row.page is not None
    differing = differences(row)
    people = {person.number: person for person in people_on(row.page)}
    asked = [
        _question(
            row,
            people[cell.person],
            row.page.month.replace(day=cell.day),
            cell,
            f"已录入“{had}”，这次读出“{cell.value or '空'}”",
        )
        for cell, had in differing
    ]
    Question.objects.bulk_create(asked)
    row.state, row.reason = (Reading.State.OPEN if asked else Reading.State.DONE), ""
    row.save(update_fields=["state", "reason"])
    journal.note(by=by, at=at, action="book.taken_again", target=row, data={"cells": len(asked)})
    return len(asked)


@transaction.atomic
def drop(*, reading: Reading, reason: str, by, at: datetime) -> None:
    """Set a reading aside: its open questions are not asked any more, the marks it wrote stay until somebody changes them."""
    row = _locked(reading, by, at)
    if row.state not in (Reading.State.OPEN, Reading.State.AGAIN):
        raise ValidationError(f"这一页{row.get_state_display()}，不用作废。")
    row.questions.filter(answered_at__isnull=True).delete()
    row.state, row.reason = Reading.State.DROPPED, reason[:200]
    row.save(update_fields=["state", "reason"])
    journal.note(by=by, at=at, action="book.reading_dropped", target=row, reason=reason)


def _locked(reading: Reading, by, at: datetime) -> Reading:
    rows = Reading.objects.select_for_update(of=("self",)).select_related(
        "page__team__village__township", "page__team__county"
    )
    row = rows.get(pk=reading.pk)
    by.require("attendance.book_read", at, row)
    return row
