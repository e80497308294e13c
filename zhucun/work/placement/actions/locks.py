"""What the meeting fixes and rules out, for every further computation."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.directory.models import Unit, Village
from zhucun.base.journal import journal
from zhucun.work.placement.models import Candidate, Lock, Round

from .guard import require_open

RIGHT = "placement.edit"


@transaction.atomic
def lock(
    *, round: Round, kind: str, by, at: datetime, village: Village | None = None, unit: Unit | None = None,
    candidate: Candidate | None = None, reason: str = "",
) -> Lock:  # fmt: skip
    """Fix or rule out a pair for every further computation; the same twice is one lock.

    Raises ValidationError for a lock that contradicts one in force: the sentence names it.
    """
    row = Lock(
        round=round, kind=kind, village=village, unit=unit, candidate=candidate, reason=reason, made_by=by, made_at=at
    )
    by.require(RIGHT, at, row)
    require_open(round=round, by=by, at=at)
    same = Lock.objects.filter(round=round, kind=kind, village=village, unit=unit, candidate=candidate).first()
    if same:
        return same
    _refuse_strangers(row)
    for other in _against(row):
        raise ValidationError(f"和已有的“{other}”矛盾，请先解除那一条。")
    row.full_clean()
    row.save(force_insert=True)
    journal.note(by=by, at=at, action="lock.set", target=row, data={"lock": str(row)}, reason=reason)
    return row


def _refuse_strangers(row: Lock) -> None:
    """Raise ValidationError when the lock names somebody or something that is not in the round."""
    round = row.round
    wrong = {
        f"{row.village}不在这一批里。": row.village and not round.needs.filter(village=row.village).exists(),
        f"{row.unit}没有这一批的名额。": row.unit and not round.quotas.filter(unit=row.unit).exists(),
        f"{row.candidate}不是这一批的人选。": row.candidate and row.candidate.round_id != round.pk,
    }
    found = [sentence for sentence, so in wrong.items() if so]
    if found:
        raise ValidationError(found)


def _against(row: Lock):
    """Locks of the round that cannot hold together with this one."""
    K = Lock.Kind
    rows = Lock.objects.filter(round=row.round).select_related("village", "unit", "candidate__person")
    if row.unit:
        opposite = K.BAN_UNIT if row.kind == K.UNIT else K.UNIT
        found = list(rows.filter(kind=opposite, unit=row.unit, village=row.village))
        return found + (list(rows.filter(kind=K.UNIT, village=row.village)) if row.kind == K.UNIT else [])
    of = rows.filter(candidate=row.candidate)
    if row.kind == K.OUT:
        return list(of.filter(kind=K.PERSON))
    opposite = K.BAN_PERSON if row.kind == K.PERSON else K.PERSON
    found = list(of.filter(kind=opposite, village=row.village))
    return found + (list(of.filter(kind__in=(K.PERSON, K.OUT))) if row.kind == K.PERSON else [])


@transaction.atomic
def unlock(*, lock: Lock, by, at: datetime) -> None:
    """Lift what was fixed or ruled out."""
    by.require(RIGHT, at, lock)
    require_open(round=lock.round, by=by, at=at)
    journal.note(by=by, at=at, action="lock.lifted", target=lock, data={"lock": str(lock)})
    lock.delete()
