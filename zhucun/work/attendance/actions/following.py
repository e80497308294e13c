"""Months and leave follow postings that were put right, so that days out of post count nowhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from zhucun.base.directory.loading import BATCH, note_in_parts
from zhucun.base.directory.models import Unit
from zhucun.base.journal.journal import Note
from zhucun.base.timeline.periods import end_after
from zhucun.work.attendance.following import Standing, marks_after, standing_after, unit_after
from zhucun.work.attendance.ladder import OPEN
from zhucun.work.attendance.models import Correction, Leave, PersonMonth, Question, Reading
from zhucun.work.attendance.rules import BLANK, OUT
from zhucun.work.teams.models import Posting

REASON = "任职有变动，出勤随之更正"
Postings = dict[UUID, list[Posting]]
WRITTEN = ("marks", "origins", *PersonMonth.TALLIES, "unit", "version")


@transaction.atomic
def follow_postings(*, people: Iterable[UUID], by, at: datetime) -> list[str]:
    """Bring months and leave of some people in line with their postings as they are now (ZHUCUN_FOLLOWERS).

    Marks on days out of post become — and are kept as corrections, confirmed or not; when the posting is put right again they
    come back and the corrections go. Months follow the posting's unit, open questions about days out of post are asked no
    more, leave is shortened to the days in post or withdrawn, and made whole again likewise. Returns what was done, in sentences.
    """
    wanted = list(people)
    postings: Postings = defaultdict(list)
    for posting in Posting.objects.filter(person__in=wanted):
        postings[posting.person_id].append(posting)
    told = [*_months(wanted, postings, by, at), *_leaves(wanted, postings, by, at)]
    _ask_no_more(wanted, postings, by, at)
    return told


def _months(people: list[UUID], postings: Postings, by, at: datetime) -> list[str]:
    held = PersonMonth.objects.select_for_update(of=("self",)).filter(person__in=people)
    rows = list(held.select_related("person").order_by("start", "team__number", "person__number", "pk"))
    takes = {
        (one.month_id, one.day.day): one
        for one in Correction.objects.filter(month__person__in=people, new=OUT, reason=REASON).order_by("made_at", "pk")
    }
    taken: dict[UUID, dict[int, str]] = defaultdict(dict)
    for (month, day), one in takes.items():
        taken[month][day] = one.old
    changed, notes, made, undone = [], [], [], []
    told: dict[str, Counter[str]] = defaultdict(Counter)
    sent = {posting.unit_id for own in postings.values() for posting in own} | {row.unit_id for row in rows}
    units = Unit.objects.in_bulk(sent)
    for row in rows:
        own = postings[row.person_id]
        marks, unit = marks_after(row, own, taken[row.pk]), unit_after(row, own)
        if (marks, unit) == (row.marks, row.unit_id):
            continue
        for day, (old, new) in enumerate(zip(row.marks, marks, strict=True), start=1):
            if old not in (new, BLANK) and new == OUT:
                made.append(
                    Correction(month=row, day=row.day(day), old=old, new=OUT, reason=REASON, made_by=by, made_at=at)
                )
                told[row.person.name]["天改为不在任（原来的记录在“更正”里）"] += 1
            elif old == OUT != new:
                undone += [takes[row.pk, day].pk] if (row.pk, day) in takes else []
                told[row.person.name]["天待补记" if new == BLANK else "天恢复原来的记录"] += 1
        data: dict[str, Any] = {"marks": [row.marks, marks]}
        if unit != row.unit_id:
            data["unit"] = [units[row.unit_id].name, units[unit].name]
        notes.append(Note("attendance.followed", row, data, REASON))
        changed.append(_rewritten(row, marks, unit))
    PersonMonth.objects.bulk_update(changed, WRITTEN, batch_size=500)
    Correction.objects.bulk_create(made, batch_size=BATCH)
    for first in range(0, len(undone), BATCH):
        Correction.objects.filter(pk__in=undone[first : first + BATCH]).delete()
    note_in_parts(notes=notes, by=by, at=at)
    return [
        f"{name}的出勤随任职改了：{'、'.join(f'{n} {what}' for what, n in counts.items())}。"
        for name, counts in told.items()
    ]


def _rewritten(row: PersonMonth, marks: str, unit: UUID) -> PersonMonth:
    """The row with other marks; where a day came from stays with it, so that it is known again when the day comes back."""
    origin = PersonMonth.Origin

    def came(mark: str, kept: str) -> str:
        if mark == BLANK:
            return origin.NONE.value
        return origin.CORRECTED.value if kept == origin.NONE and mark != OUT else kept

    row.set_marks(marks, "".join(came(mark, kept) for mark, kept in zip(marks, row.origins, strict=True)))
    row.unit_id, row.version = unit, row.version + 1
    return row


def _ask_no_more(people: list[UUID], postings: Postings, by, at: datetime) -> None:
    """Open questions of the book about days out of post go; a page without any other is done."""
    asked = Question.objects.filter(person__in=people, answered_at__isnull=True, reading__state=Reading.State.OPEN)
    idle: dict[Reading, list[Question]] = defaultdict(list)
    for one in asked.select_related("reading__page", "person"):
        team = one.reading.page.team_id if one.reading.page else None
        if not any(posting.team_id == team and posting.holds_on(one.day) for posting in postings[one.person_id]):
            idle[one.reading].append(one)
    Question.objects.filter(pk__in=[one.pk for cells in idle.values() for one in cells]).delete()
    left = Question.objects.filter(reading__in=list(idle), answered_at__isnull=True).values("reading")
    Reading.objects.filter(pk__in=[row.pk for row in idle]).exclude(pk__in=left).update(state=Reading.State.DONE)
    notes = [
        Note("book.followed", row, {"cells": [f"{one.person.number} {one.day}" for one in cells]}, REASON)
        for row, cells in idle.items()
    ]
    note_in_parts(notes=notes, by=by, at=at)


def _leaves(people: list[UUID], postings: Postings, by, at: datetime) -> list[str]:
    held = Leave.objects.select_for_update(of=("self",)).filter(person__in=people)
    held = held.filter(Q(status__in=OPEN) | Q(before_cut__isnull=False))
    rows = list(held.select_related("person").order_by("start", "pk"))
    changed, notes, told = [], [], []
    for leave in rows:
        was, now = Standing.of(leave), standing_after(leave, postings[leave.person_id])
        if now == was or _meets_another(leave, now, rows):
            continue
        leave.posting_id, leave.start, leave.end = now.posting, now.start, end_after(now.last)
        leave.status, leave.before_cut = now.status, dict(now.before_cut) if now.before_cut else None
        changed.append(leave)
        days = {"days": [[was.start, was.last], [now.start, now.last]], "status": [was.status, now.status]}
        notes.append(Note("leave.followed", leave, days, REASON))
        told += _told(leave, was, now)
    Leave.objects.bulk_update(changed, ("posting", "start", "end", "status", "before_cut"), batch_size=500)
    note_in_parts(notes=notes, by=by, at=at)
    return told


def _meets_another(leave: Leave, now: Standing, rows: list[Leave]) -> bool:
    """Whether a leave that was cut would come to lie over one that was written down meanwhile."""
    if leave.before_cut is None or now.status not in OPEN:
        return False
    others = (one for one in rows if one.pk != leave.pk and one.person_id == leave.person_id and one.status in OPEN)
    return any(one.start <= now.last and one.until >= now.start for one in others)


def _told(leave: Leave, was: Standing, now: Standing) -> list[str]:
    if (now.start, now.last, now.status) == (was.start, was.last, was.status):
        return []
    which = f"{leave.person.name}的{leave.get_kind_display()}（{leave.number}）"
    if now.status == Leave.Status.WITHDRAWN:
        return [f"{which}都在任职以外，撤回了。"]
    if now.before_cut is None:
        return [f"{which}恢复为 {now.start} 至 {now.last}。"]
    return [f"{which}超出任职的日子，改为 {now.start} 至 {now.last}。"]
