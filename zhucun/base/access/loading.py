"""Duties that many rows bring with them at once (the postings of a workbook)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from zhucun.base.directory.models import Village
from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note

from .models import Duty, User
from .permissions import Role, may_hold_together

BATCH = 500


@dataclass(frozen=True)
class Brought:
    """The duty one source (“posting:…”) brings with it: `start` inclusive, `end` exclusive."""

    source: str
    user: UUID | None  # a person's account; rows of people without one are not given
    role: Role
    village: Village
    start: date
    end: date | None


def settle(*, brought: list[Brought], by, at: datetime) -> None:
    """Let the duties of these sources be exactly those given; in a number of queries that grows by the batch.

    Runs inside the transaction of the action it belongs to, which has asked for the right already. Raises
    ValidationError when a role would be held beside one it must not be held with (三员分立).
    """
    for first in range(0, len(brought), BATCH):
        _settle(brought[first : first + BATCH], by, at)


def _settle(brought: list[Brought], by, at: datetime) -> None:
    users = User.objects.in_bulk({one.user for one in brought})
    old = Duty.objects.filter(source__in=[one.source for one in brought])
    journal.note_many(by=by, at=at, notes=[Note("duty.ended", duty, {"source": duty.source}) for duty in old])
    old.delete()
    held = list(Duty.objects.filter(user__in=users))
    duties, notes = [], []
    for one in brought:
        beside = {Role(duty.role) for duty in held if duty.user_id == one.user and duty.overlaps(one.start, one.end)}
        if not may_hold_together(beside | {one.role}):
            name = users[one.user].name
            raise ValidationError(f"{name}的账号是管理员，不能兼任工作队职务（三员分立）。请先给本人另开账号。")
        duty = Duty(
            user=users[one.user], role=one.role, village=one.village, start=one.start, end=one.end, source=one.source
        )
        duties.append(duty)
        data = {
            "user": duty.user.username,
            "role": one.role,
            "area": one.village.name,
            "start": one.start,
            "end": one.end,
        }
        notes.append(Note("duty.granted", duty, data))
    Duty.objects.bulk_create(duties)
    journal.note_many(by=by, at=at, notes=notes)
