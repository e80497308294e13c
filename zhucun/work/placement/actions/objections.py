"""Objecting to a placement, and answering: by the person concerned, their unit, and the county office."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from zhucun.base.journal import journal
from zhucun.work.placement.models import Objection, Seat
from zhucun.work.placement.rules import Status


@transaction.atomic
def object_to(*, seat: Seat, text: str, by, at: datetime) -> Objection:
    """Put down what the person placed, or their unit, has to say; only of an approved round, one open at a time."""
    if seat.candidate.person.user_id != by.pk:
        by.require("placement.object", at, seat)
    if not seat.proposal.adopted or seat.proposal.round.state is not Status.APPROVED:
        raise PermissionDenied("方案批准以后，本人和派出单位才能在这里提出意见。")
    if not text.strip():
        raise ValidationError({"text": "请写明意见。"})
    open_ones = Objection.objects.select_for_update().filter(seat=seat, answered_at__isnull=True)
    same = open_ones.filter(text=text).first()
    if same:
        return same
    if open_ones.exists():
        raise ValidationError("上一条意见还没有答复，请等县驻村办答复后再提。")
    row = Objection(seat=seat, text=text, raised_by=by, raised_at=at)
    row.full_clean()
    row.save(force_insert=True)
    journal.note(by=by, at=at, action="objection.raised", target=row, data={"text": text})
    return row


@transaction.atomic
def answer(*, objection: Objection, text: str, by, at: datetime) -> Objection:
    """Answer an objection, once; what follows from it is done as 调整 in the room of teams."""
    by.require("placement.edit", at, objection)
    current = Objection.objects.select_for_update().get(pk=objection.pk)
    if current.answered_at is not None:
        raise ValidationError("这条意见已经答复过了，请刷新页面查看。")
    if not text.strip():
        raise ValidationError({"answer": "请写明答复。"})
    objection.answer, objection.answered_by, objection.answered_at = text, by, at
    objection.full_clean()
    objection.save(update_fields=["answer", "answered_by", "answered_at"])
    journal.note(by=by, at=at, action="objection.answered", target=objection, data={"answer": text})
    return objection
