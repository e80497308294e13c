"""A person objects to their own month; the township answers, and what it upholds is corrected."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.journal import journal
from zhucun.work.attendance.days import last_day_to_object
from zhucun.work.attendance.models import Objection, PersonMonth
from zhucun.work.attendance.rules import BLANK, OUT, symbol_of, visible

from .marks import correct


@transaction.atomic
def object_to(*, month: PersonMonth, day: date | None, wanted: str, text: str, by, at: datetime) -> Objection:
    """Object to one day of one's own confirmed month, or to all of it (`day` None); only the person concerned may.

    Raises ValidationError without a reason, before confirmation (tell the township), after the policy's days, or while an
    earlier objection to the same waits; PermissionDenied for anybody else's month.
    """
    if month.person.user_id is None or month.person.user_id != by.pk:
        raise PermissionDenied("出勤异议由本人提出。")
    text = visible(text)
    symbol = symbol_of(wanted) if day is not None and wanted.strip() else ""
    wrong = _wrong(month, day, symbol, text, timezone.localtime(at).date())
    if wrong:
        raise ValidationError(wrong)
    found = Objection(month=month, day=day, wanted=symbol or "", text=text, raised_by=by, raised_at=at)
    found.full_clean()
    found.save(force_insert=True)
    data = {"day": day, "wanted": found.wanted}
    journal.note(by=by, at=at, action="attendance.objected", target=found, data=data, reason=text)
    return found


def _wrong(month: PersonMonth, day: date | None, symbol: str | None, text: str, today: date) -> list[str]:
    """What stands against the objection."""
    last = last_day_to_object(month, day, today)
    if last is None:
        return ["这个月乡镇还没有确认，如有出入请先和乡镇经办人核对记录本。"]
    if today > last:
        return [f"异议期到 {last} 为止（从乡镇确认或更正之日起算）。"]
    wrong = [] if text else ["请写明理由。"]
    if day is not None and not month.holds_on(day):
        return [f"{day} 不在这个月里。"]
    if day is not None and symbol in (None, BLANK, OUT, ""):
        return [*wrong, "请选这一天应当怎样记。"]
    if day is not None and month.marks[day.day - 1] == OUT:
        return [*wrong, f"{day} 不在任；任职日期有误的，请联系乡镇经办人。"]
    if day is not None and month.marks[day.day - 1] == symbol:
        return [*wrong, f"这一天记的就是“{symbol}”，不用提异议。"]
    return wrong


@transaction.atomic
def answer(*, objection: Objection, upheld: bool, text: str, by, at: datetime) -> Objection:
    """Answer an objection; one upheld about a day is followed by the correction it asks for, in the same step.

    Raises PermissionDenied for one's own, ValidationError without an answer, or when somebody else has answered meanwhile.
    """
    row = Objection.objects.select_for_update(of=("self",)).select_related("month__team__village", "month__person")
    found = row.get(pk=objection.pk)
    by.require("attendance.correct", at, found)
    if found.raised_by_id == by.pk:
        raise PermissionDenied("本人不能答复自己的异议，请由县驻村办或乡镇其他经办人答复。")
    if found.answered_at is not None:
        raise ValidationError(f"{found.answered_by}已经答复过了：{found.answer}")
    text = visible(text)
    if not text:
        raise ValidationError("请写明答复。")
    found.upheld, found.answer, found.answered_by, found.answered_at = upheld, text, by, at
    found.full_clean()
    found.save(update_fields=["upheld", "answer", "answered_by", "answered_at"])
    journal.note(
        by=by, at=at, action="attendance.objection_answered", target=found, data={"upheld": upheld}, reason=text
    )
    if upheld and found.day is not None and found.month.marks[found.day.day - 1] != found.wanted:
        reason = f"采纳本人异议：{text}"[:200]
        correct(month=found.month, day=found.day, new=found.wanted, reason=reason, by=by, at=at)
    return found
