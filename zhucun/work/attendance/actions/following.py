"""Months and leave follow postings that were put right, so that days out of post count nowhere."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhucun.base.directory.models import Unit
from zhucun.base.journal import journal
from zhucun.base.timeline.periods import end_after
from zhucun.work.attendance.following import marks_after, span_after, unit_after
from zhucun.work.attendance.ladder import OPEN
from zhucun.work.attendance.models import Correction, Leave, PersonMonth
from zhucun.work.attendance.rules import BLANK, OUT
from zhucun.work.teams.models import Posting

REASON = "任职有变动，出勤随之更正"
Postings = dict[UUID, list[Posting]]


@transaction.atomic
def follow_postings(*, people: Iterable[UUID], by, at: datetime) -> list[str]:
    """Bring months and leave of some people in line with their postings as they are now (ZHUCUN_FOLLOWERS).

    Marks on days out of post become — and are kept as corrections, confirmed or not, so that they come back when the
    posting is put right again; months follow the posting's unit; leave is shortened to the days in post, or withdrawn.
    Returns what was done, in sentences.
    """
    wanted = list(people)
    postings: Postings = defaultdict(list)
    for posting in Posting.objects.filter(person__in=wanted):
        postings[posting.person_id].append(posting)
    return [*_months(wanted, postings, by, at), *_leaves(wanted, postings, by, at)]


def _months(people: list[UUID], postings: Postings, by, at: datetime) -> list[str]:
    held = PersonMonth.objects.select_for_update(of=("self",)).filter(person__in=people)
    rows = list(held.select_related("person").order_by("start", "pk"))
    taken: dict[UUID, dict[int, str]] = defaultdict(dict)
    for one in Correction.objects.filter(month__in=rows, new=OUT, reason=REASON).order_by("made_at", "pk"):
        taken[one.month_id][one.day.day] = one.old
    told: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        marks, unit = marks_after(row, postings[row.person_id], taken[row.pk]), unit_after(row, postings[row.person_id])
        if (marks, unit) == (row.marks, row.unit_id):
            continue
        if marks != row.marks:
            told[row.person.name].append(f"{row.start.year}年{row.start.month}月")
        _rewrite(row, marks, unit, taken[row.pk], by, at)
    return [f"{name} {'、'.join(months)}的出勤随任职改了，原来的记录在“更正”里。" for name, months in told.items()]


def _rewrite(row: PersonMonth, marks: str, unit: UUID, taken: dict[int, str], by, at: datetime) -> None:
    """Both values of every day stay, a blank's only where something older would come back instead of it."""
    pairs = list(zip(row.marks, marks, strict=True))
    changed = [
        Correction(month=row, day=row.day(day), old=old, new=new, reason=REASON, made_by=by, made_at=at)
        for day, (old, new) in enumerate(pairs, start=1)
        if old != new and (day in taken or {old, new} != {BLANK, OUT})
    ]
    origins = "".join(
        PersonMonth.Origin.NONE if new in (BLANK, OUT) else kept if new == old else PersonMonth.Origin.CORRECTED
        for (old, new), kept in zip(pairs, row.origins, strict=True)
    )
    data = {"marks": [row.marks, marks]}
    if unit != row.unit_id:
        names = Unit.objects.in_bulk([row.unit_id, unit])
        data["unit"] = [names[row.unit_id].name, names[unit].name]
    row.set_marks(marks, origins)
    row.unit_id, row.version = unit, row.version + 1
    row.save(update_fields=["marks", "origins", *PersonMonth.TALLIES, "unit", "version"])
    Correction.objects.bulk_create(changed)
    journal.note(by=by, at=at, action="attendance.followed", target=row, data=data, reason=REASON)


def _leaves(people: list[UUID], postings: Postings, by, at: datetime) -> list[str]:
    rows = Leave.objects.select_for_update(of=("self",)).filter(person__in=people, status__in=OPEN)
    told = []
    for leave in rows.select_related("person").order_by("start", "pk"):
        found, was = span_after(leave, postings[leave.person_id]), [leave.start, leave.until]
        if found and [found[0].pk, *found[1:]] == [leave.posting_id, *was]:
            continue
        if found is None:
            leave.status = Leave.Status.WITHDRAWN
        else:
            leave.posting, leave.start, last = found
            leave.end = end_after(last)
        leave.save(update_fields=["status", "posting", "start", "end"])
        now = [leave.start, leave.until] if found else []
        if now != was:
            outcome = f"改为 {leave.start} 至 {leave.until}" if found else "撤回了"
            told.append(f"{leave.person.name}的{leave.get_kind_display()}（{leave.number}）超出任职的日子，{outcome}。")
        journal.note(by=by, at=at, action="leave.followed", target=leave, data={"days": [was, now]}, reason=REASON)
    return told
