"""A case takes effect: notice, reply or interview, the recall itself, the replacement, appeal, the closed file."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.journal import journal
from zhucun.base.policy import policy
from zhucun.work.accountability.models import Appeal, Case
from zhucun.work.accountability.rules import AccountabilityPolicy, CaseStatus, Measure, banned_until, deadline
from zhucun.work.accountability.steps import appeal_until, check_founded, next_for, took_part
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Posting
from zhucun.work.teams.rules import TeamsPolicy

from .moving import locked, moved

LATEST_RECALL = 31
"""Days ahead a recall's last day may lie; a later one is a slip of the keyboard."""


@transaction.atomic
def notify(*, case: Case, document: str, by, at: datetime) -> Case:
    """Give notice of an approved case: its time runs from today (reply, interview, or the unit's new selection).

    A reminder takes effect with the notice; an interview when it is held; a recall when the posting ends. Raises
    ValidationError for a case nobody has approved yet, and for a recall without the number of its document.
    """
    row = locked(case=case, by=by, at=at, permission="accountability.carry_out")
    if row.state in (Case.State.DRAFT, Case.State.HEARING) or next_for(row) is not None:
        raise ValidationError("还没有审批完，不能告知。")
    if row.measure == Case.Measure.RECALL and not document.strip():
        raise ValidationError("请填写召回决定的文号。")
    check_founded(row)
    today = timezone.localtime(at).date()
    row.document, row.notified_on = document.strip(), today
    row.due_on = deadline(Measure(row.measure), today, policy.on(today, AccountabilityPolicy))
    if row.measure == Case.Measure.REMINDER:
        row.on = today
    return moved(row=row, to=CaseStatus.NOTIFIED, action="case.notified", by=by, at=at)


@transaction.atomic
def reply(*, case: Case, text: str, by, at: datetime, replied_on: date | None = None) -> Case:
    """The answer to a reminder: by the person, or written down by the office from the returned slip."""
    row = locked(case=case, by=by, at=at)
    if row.person is None or row.person.user_id != by.pk:
        by.require("accountability.carry_out", at, row)
    _only(row, Measure.REMINDER)
    if not text.strip():
        raise ValidationError("请写明回复内容。")
    today = timezone.localtime(at).date()
    row.replied_on = replied_on or today
    if row.replied_on > today or (row.on and row.replied_on < row.on):
        raise ValidationError("回复日期应在提醒之日以后、今天以前（含当天）。")
    row.result = text.strip()
    return moved(row=row, to=CaseStatus.DONE, action="case.replied", by=by, at=at, reason=text)


@transaction.atomic
def hold(*, case: Case, held_on: date, place: str, record: str, by, at: datetime) -> Case:
    """The interview was held: day, place and the record (问题、态度、整改承诺、期限)."""
    row = locked(case=case, by=by, at=at, permission="accountability.carry_out")
    _only(row, Measure.INTERVIEW)
    if held_on > timezone.localtime(at).date() or held_on < (row.notified_on or row.opened_on):
        raise ValidationError("约谈日期应在通知之日以后、今天以前（含当天）。")
    if not record.strip():
        raise ValidationError("请写明约谈记录：问题、态度、整改承诺和期限。")
    row.on, row.place, row.result = held_on, place.strip(), record.strip()
    return moved(row=row, to=CaseStatus.DONE, action="case.held", by=by, at=at, reason=record)


@transaction.atomic
def carry_out(*, case: Case, last_day: date, by, at: datetime) -> Case:
    """Carry out a recall: end the posting by 召回 with its hand-over list, order the unit to select anew, start the ban clock.

    Raises ValidationError before the notice, when the posting has ended already, or for a last day before the notice or
    more than `LATEST_RECALL` days after today.
    """
    row = locked(case=case, by=by, at=at, permission="accountability.carry_out")
    _only(row, Measure.RECALL)
    assert row.posting is not None
    if row.state == Case.State.DONE:
        raise ValidationError(f"{row.person}的召回已经执行，{row.last_day} 离任。")
    if row.state != Case.State.NOTIFIED or row.notified_on is None:
        raise ValidationError(f"这件处理{row.get_state_display()}，不能执行召回。")
    check_founded(row)
    latest = timezone.localtime(at).date() + timedelta(days=LATEST_RECALL)
    if not row.notified_on <= last_day <= latest:
        raise ValidationError(f"离任日期应在告知之日 {row.notified_on} 至 {latest} 之间。")
    teams.end_posting(
        posting=row.posting, last_day=last_day, ending=Posting.Ending.RECALL, reason=row.grounds, by=by, at=at
    )
    months = policy.on(last_day, TeamsPolicy).recall_ban_months
    row.on = row.last_day = last_day
    row.banned_until = banned_until(last_day, months)
    return moved(row=row, to=CaseStatus.DONE, action="case.carried_out", by=by, at=at, reason=row.grounds)


@transaction.atomic
def name_successor(*, case: Case, successor: Posting, by, at: datetime) -> Case:
    """The unit has sent somebody else: the posting in the same team that follows the recalled one."""
    row = locked(case=case, by=by, at=at, permission="accountability.carry_out")
    if (
        row.measure != Case.Measure.RECALL
        or row.state != Case.State.DONE
        or row.last_day is None
        or row.posting is None
    ):
        raise ValidationError("召回执行以后才能登记接任人选。")
    if (
        successor.team_id != row.posting.team_id
        or successor.start <= row.last_day
        or successor.person_id == row.person_id
    ):
        raise ValidationError("接任的人应当在召回之后到同一支工作队任职。")
    row.successor = successor
    row.save(update_fields=["successor"])
    teams.name_receiver(posting=row.posting, receiver=successor, by=by, at=at)
    journal.note(by=by, at=at, action="case.succeeded", target=row, data={"person": successor.person.number})
    return row


def _only(row: Case, measure: Measure) -> None:
    if row.measure != measure.value:
        raise ValidationError(f"这是一件{row.get_measure_display()}，没有这一步。")


@transaction.atomic
def close(*, case: Case, result: str, by, at: datetime) -> Case:
    """Close the file: what came of it; a recall only once somebody has followed, or with the reason why nobody does.

    A reminder nobody replied to may be closed too, with what follows from that. Raises ValidationError while an appeal
    waits, and for interviews not held and recalls not carried out.
    """
    row = locked(case=case, by=by, at=at, permission="accountability.close")
    if row.state == Case.State.NOTIFIED and row.measure != Case.Measure.REMINDER:
        raise ValidationError(f"{row.get_measure_display()}还没有执行，不能办结；确实不再执行的，请撤销并写明理由。")
    if row.appeals.filter(answered_at__isnull=True).exists():
        raise ValidationError("申诉还在复核，不能办结。")
    if not result.strip():
        raise ValidationError(
            "请写明办理结果；召回后没有接任人选的，写明理由。" if row.measure == "recall" else "请写明办理结果。"
        )
    row.result = f"{row.result}\n{result.strip()}".strip()
    return moved(row=row, to=CaseStatus.CLOSED, action="case.closed", by=by, at=at, reason=result)


@transaction.atomic
def revoke(*, case: Case, reason: str, by, at: datetime) -> Case:
    """撤销 a measure that was told but not carried out (the person has left, new facts), with the reason.

    Raises ValidationError once it was carried out (then it takes an appeal), and while an appeal waits.
    """
    row = locked(case=case, by=by, at=at, permission="accountability.close")
    if row.state != Case.State.NOTIFIED:
        raise ValidationError(f"这件处理{row.get_state_display()}，不能这样撤销。")
    if row.appeals.filter(answered_at__isnull=True).exists():
        raise ValidationError("申诉还在复核，请先作出复核结论。")
    if not reason.strip():
        raise ValidationError("请写明撤销的理由。")
    row.on = None
    return moved(row=row, to=CaseStatus.REVOKED, action="case.revoked", by=by, at=at, reason=reason)


@transaction.atomic
def appeal(*, case: Case, text: str, by, at: datetime) -> Appeal:
    """申诉 by the person or their unit, within the policy's days from the notice; one at a time.

    Raises ValidationError too late, before the notice, or without a reason.
    """
    row = locked(case=case, by=by, at=at)
    if row.person is None or row.person.user_id != by.pk:
        by.require("accountability.appeal", at, row)
    if row.state not in (Case.State.NOTIFIED, Case.State.DONE, Case.State.CLOSED):
        raise ValidationError(f"这件处理{row.get_state_display()}，不能申诉。")
    if not text.strip():
        raise ValidationError("请写明申诉理由。")
    last = appeal_until(row)
    if last is not None and timezone.localtime(at).date() > last:
        raise ValidationError(f"申诉期到 {last} 为止。")
    found = Appeal(case=row, text=text.strip(), raised_by=by, raised_at=at)
    found.full_clean()
    found.save(force_insert=True)
    journal.note(by=by, at=at, action="case.appealed", target=row, reason=text)
    return found


@transaction.atomic
def answer_appeal(*, appeal: Appeal, upheld: bool, text: str, by, at: datetime) -> Appeal:
    """Decide an appeal, by somebody who neither opened the case nor gave an opinion on it; one upheld revokes the measure.

    A recall carried out already becomes an ending without fault (其他), so that the ban is lifted.
    """
    found = Appeal.objects.select_for_update(of=("self",)).select_related("case").get(pk=appeal.pk)
    row = locked(case=found.case, by=by, at=at, permission="accountability.review")
    if found.answered_at is not None:
        raise ValidationError(f"{found.answered_by}已经作出复核结论。")
    if took_part(row, by):
        raise PermissionDenied("申诉要由没有经办过这件处理的人复核。")
    if not text.strip():
        raise ValidationError("请写明复核结论和理由。")
    found.upheld, found.answer, found.answered_by, found.answered_at = upheld, text.strip(), by, at
    found.full_clean()
    found.save()
    journal.note(by=by, at=at, action="case.appeal_answered", target=row, data={"upheld": upheld}, reason=text)
    if upheld:
        _revoke(row, text, by, at)
    return found


def _revoke(row: Case, text: str, by, at: datetime) -> None:
    if row.last_day is not None and row.posting is not None:
        teams.lift_recall(posting=row.posting, reason=f"申诉成立：{text}"[:200], by=by, at=at)
        row.banned_until = None
    row.on = None
    moved(row=row, to=CaseStatus.REVOKED, action="case.revoked", by=by, at=at, reason=text)
