"""Leave and notices: asked for, recorded from paper, decided step by step, extended, ended by 销假."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division
from zhucun.base.journal import journal
from zhucun.base.timeline.periods import ONE_DAY, end_after
from zhucun.work.attendance.ladder import PERMISSIONS, Ladder, absent_together, ladder_of, overlapping, posting_of
from zhucun.work.attendance.models import Decision, Leave
from zhucun.work.attendance.rules import LADDER, LONGEST_LEAVE, TRANSITIONS, LeaveStatus, Level, visible
from zhucun.work.teams.models import Posting

FORESEEN = timedelta(days=366)
"""How long before it begins a leave is asked for or approved at the earliest."""
BACKDATED = timedelta(days=90)
"""How long after its last day somebody may still ask for leave here; later it is the township's, from the paper."""
FIELDS = ("kind", "reason", "place", "stand_in", "document", "certificate")


@transaction.atomic
def ask(
    *, posting: Posting, first: date, last: date, fields: dict, by, at: datetime, extends: Leave | None = None
) -> Leave:
    """Ask for leave or give notice of an outing for oneself, `first` to `last` inclusive; `extends` makes it a 续假.

    Raises PermissionDenied for anybody else's posting; ValidationError for days out of post, days that overlap another
    leave, missing reasons, or a 续假 that does not begin the day after what it extends.
    """
    if posting.person.user_id is None or posting.person.user_id != by.pk:
        raise PermissionDenied("请假报备由本人提出；代办请由乡镇经办人按纸质请假条登记。")
    by.require("attendance.leave_ask", at, posting.team)
    leave = _drafted(posting, first, last, fields, extends, by, at)
    if last < timezone.localtime(at).date() - BACKDATED:
        raise ValidationError(f"{last} 已经过去太久，不能在这里补办，请由乡镇按纸质单子登记。")
    leave.save(force_insert=True)
    journal.note(by=by, at=at, action="leave.asked", target=leave, data=_told(leave))
    return leave


@transaction.atomic
def record(*, posting: Posting, first: date, last: date, fields: dict, level: str, approved_on: date, by, at: datetime,
           extends: Leave | None = None, returned_on: date | None = None) -> Leave:  # fmt: skip
    """Write down a slip that was approved on paper, with the level that approved it and the day it did.

    Without a level it is the one the days need; `returned_on` is the 销假 the paper may have already. Raises ValidationError
    as `ask` and `give_back` do, for a lower level, and when nobody would stay on duty and no stand-in is named.
    """
    by.require("attendance.leave_record", at, posting)
    leave = _drafted(posting, first, last, fields, extends, by, at)
    ladder = ladder_of(leave)
    level = level or ladder.needed
    if LADDER.index(Level(level)) < LADDER.index(ladder.needed):
        whole = f"（和前后相连的假合计 {ladder.days} 天）" if ladder.days != leave.days else ""
        label = Leave.Approver(ladder.needed).label
        raise ValidationError(f"{leave.days} 天的{leave.get_kind_display()}{whole}要由{label}批准，请核对纸质单据。")
    if approved_on > timezone.localtime(at).date():
        raise ValidationError("批准日期不能晚于今天。")
    if approved_on < first - FORESEEN:
        raise ValidationError(f"批准日期 {approved_on} 比请假早了一年以上，请核对。")
    alone = absent_together(leave)
    if alone and not leave.stand_in:
        raise ValidationError(f"{alone}请在“工作代理人”里写明谁来值守。")
    leave.status, leave.level, leave.approved_on = Leave.Status.APPROVED, level, approved_on
    _check(leave)
    leave.save(force_insert=True)
    data = _told(leave) | {"level": level, "approved_on": approved_on}
    journal.note(by=by, at=at, action="leave.recorded", target=leave, data=data)
    return give_back(leave=leave, returned_on=returned_on, by=by, at=at) if returned_on else leave


def _drafted(posting: Posting, first: date, last: date, fields: dict, extends: Leave | None, by, at: datetime) -> Leave:
    posting = (
        Posting.objects.select_for_update(of=("self",))
        .select_related("person", "team__village", "unit")
        .get(pk=posting.pk)
    )
    leave = Leave(
        posting=posting, person=posting.person, county_id=posting.team.county_id, start=first, end=end_after(last)
    )
    for name in FIELDS:
        given = fields.get(name, getattr(leave, name))
        setattr(leave, name, visible(given) if isinstance(given, str) else given)
    leave.asked_by, leave.asked_at = by, at
    if leave.until >= leave.start:
        leave.extends = extends or _before(leave)
    wrong = _wrong(leave)
    if wrong:
        raise ValidationError(wrong)
    leave.number = _next_number(leave.county_id, timezone.localtime(at).year)
    _check(leave)
    return leave


def _check(leave: Leave) -> None:
    """The model's own checks, without asking again for the rows that were just loaded and the number that was just counted."""
    leave.full_clean(exclude=("county", "person", "posting", "extends", "asked_by"), validate_unique=False)


def _wrong(leave: Leave) -> list[str]:
    """What stands against a slip as it was filled in."""
    if leave.until < leave.start:
        return ["结束日期早于开始日期，请检查。"]
    if leave.days > LONGEST_LEAVE:
        return [f"从 {leave.start} 到 {leave.until} 有 {leave.days} 天，请检查日期有没有写错。"]
    if leave.start > timezone.localtime(leave.asked_at).date() + FORESEEN:
        return [f"{leave.start} 在一年以后，请检查年份有没有写错。"]
    wrong = []
    posting = posting_of(leave)
    if posting is None:
        wrong.append("请假的日期超出了任职的时间，请检查。")
    else:
        leave.posting = posting
    if not leave.reason.strip():
        wrong.append("请写明事由。")
    if leave.is_notice and not leave.place.strip():
        wrong.append("报备请写明地点。")
    others = overlapping(leave)
    if others:
        wrong.append(f"和已有的“{others[0]}”日期重叠，请检查。")
    return wrong + (_wrong_extension(leave, leave.extends) if leave.extends else [])


def _wrong_extension(leave: Leave, earlier: Leave) -> list[str]:
    """Why a 续假 cannot go on from `earlier`."""
    if (earlier.person_id, earlier.posting.team_id) != (leave.person_id, leave.posting.team_id):
        return ["续假要从本人在这支队的假期续，请检查。"]
    wrong = []
    if earlier.status not in (Leave.Status.APPROVED, Leave.Status.ASKED):
        wrong.append(f"要续的假{earlier.get_status_display()}，不能再续，请另外请假。")
    if earlier.is_notice != leave.is_notice:
        wrong.append("请假和报备不能互相续，请另外办理。")
    if earlier.end != leave.start:
        wrong.append(f"续假要从原假期满的次日（{earlier.end}）开始。")
    return wrong


def _before(leave: Leave) -> Leave | None:
    """The slip that this one goes on from without a day between, though nobody said it was a 续假."""
    rows = Leave.objects.filter(person=leave.person, posting__team=leave.posting.team_id, end=leave.start)
    found = rows.filter(status__in=(Leave.Status.APPROVED, Leave.Status.ASKED)).first()
    return found if found is not None and found.is_notice == leave.is_notice else None


def _next_number(county: str, year: int) -> str:
    """The next number of the year; two at once wait for each other at the county's row."""
    Division.objects.select_for_update().get(pk=county)
    prefix = f"QJ{year}-"
    taken = Leave.objects.filter(county_id=county, number__startswith=prefix).values_list("number", flat=True)
    last = max((int(number[len(prefix) :]) for number in taken if number[len(prefix) :].isdecimal()), default=0)
    return f"{prefix}{last + 1:04}"


def _told(leave: Leave) -> dict:
    return {
        "number": leave.number, "kind": leave.kind, "start": leave.start, "last_day": leave.until, "reason": leave.reason,
    }  # fmt: skip


@transaction.atomic
def decide(
    *, leave: Leave, agreed: bool, opinion: str, by, at: datetime, turn: str = "", certificate: bool = False
) -> Leave:
    """The level whose turn it is agrees or refuses; the last one's agreement approves.

    `turn` is the level the page was shown to, so that a second press never signs for the next one; `certificate` says that
    a diagnosis was looked at (it is not kept). Raises PermissionDenied out of turn or for one's own leave, ValidationError
    when decided meanwhile, for a refusal without its reason, or when nobody would stay on duty (策略：至少 1 人在岗).
    """
    leave = _locked(leave)
    ladder = ladder_of(leave, timezone.localtime(at).date())
    level = _whose_turn(leave, ladder, turn)
    if leave.person.user_id == by.pk:
        raise PermissionDenied("本人不能审批自己的请假。")
    by.require(PERMISSIONS[level], at, leave)
    opinion = visible(opinion)
    if not agreed and not opinion:
        raise ValidationError("不同意请写明理由。")
    alone = absent_together(leave) if agreed else ""
    if alone and not opinion:
        raise ValidationError(f"{alone}如仍同意，请在意见里写明谁来值守。")
    Decision.objects.create(leave=leave, level=level, agreed=agreed, opinion=opinion, decided_by=by, decided_at=at)
    if not agreed:
        _move(leave, LeaveStatus.REFUSED)
    elif not _above(level, ladder):
        leave.level, leave.approved_on = level, timezone.localtime(at).date()
        _move(leave, LeaveStatus.APPROVED)
        if leave.returned_on:  # told by a workbook before anybody had approved
            _move(leave, LeaveStatus.RETURNED)
    leave.certificate = leave.certificate or (certificate and leave.kind == Leave.Kind.SICK)
    leave.save(update_fields=["status", "level", "approved_on", "certificate"])
    data = {"level": level, "agreed": agreed, "status": leave.status}
    journal.note(by=by, at=at, action="leave.decided", target=leave, data=data, reason=opinion)
    return leave


def _whose_turn(leave: Leave, ladder: Ladder, seen: str) -> Level:
    """The level to sign now; ValidationError when somebody has done it since the page was shown."""
    last = leave.decisions.select_related("decided_by").last()
    if ladder.turn is None:
        told = f"（{last.decided_by}，{last}）" if last else ""
        raise ValidationError(f"这张单子{leave.get_status_display()}{told}，不用再批。")
    if seen and seen != ladder.turn:
        told = f"{last.decided_by}刚刚办过（{last}）" if last else "审批层级有变化"
        label = Leave.Approver(ladder.turn).label
        raise ValidationError(f"{told}，现在等{label}办理，您这一次没有重复记入。")
    return ladder.turn


def _above(level: Level, ladder: Ladder) -> list[Level]:
    return [one for one in ladder.path if LADDER.index(one) > LADDER.index(level)]


def _locked(leave: Leave) -> Leave:
    rows = Leave.objects.select_for_update(of=("self",)).select_related(
        "posting__team__village", "posting__person", "person"
    )
    return rows.get(pk=leave.pk)


def _move(leave: Leave, status: LeaveStatus) -> None:
    if status not in TRANSITIONS[LeaveStatus(leave.status)]:
        raise ValidationError(f"这张单子{leave.get_status_display()}，不能再办这一步。")
    leave.status = status.value


@transaction.atomic
def give_back(*, leave: Leave, returned_on: date, by, at: datetime) -> Leave:
    """销假: the person was back on `returned_on`; coming back early shortens the leave to the day before (at least one day).

    By the person, or by the township from the paper. Raises ValidationError for a day before the leave began or after
    today, or where the leave goes on in a 续假 on which it must be given back instead.
    """
    leave = _locked(leave)
    _require_own_or(leave, "attendance.leave_record", by, at)
    if returned_on < leave.start or returned_on > timezone.localtime(at).date():
        raise ValidationError("返岗日期应在请假开始之后、今天之前（含今天），请检查。")
    _move(leave, LeaveStatus.RETURNED)
    _refuse_extended(leave, "请在续假的单子上销假")
    was = leave.until
    leave.returned_on = returned_on
    if returned_on <= leave.until:
        leave.end = max(returned_on, leave.start + ONE_DAY)
    leave.before_cut = None
    leave.full_clean()
    leave.save(update_fields=["status", "returned_on", "end", "before_cut"])
    data = {"returned_on": returned_on, "last_day": [was, leave.until]}
    journal.note(by=by, at=at, action="leave.returned", target=leave, data=data)
    return leave


@transaction.atomic
def withdraw(*, leave: Leave, reason: str, by, at: datetime) -> Leave:
    """Take back a leave before it began, or one not approved yet: the person concerned, or the township with a reason.

    Raises ValidationError once an approved leave has begun, or while a 续假 goes on from it.
    """
    leave = _locked(leave)
    _require_own_or(leave, "attendance.leave_record", by, at)
    reason = visible(reason)
    if leave.person.user_id != by.pk and not reason:
        raise ValidationError("替本人撤回请写明理由。")
    if leave.status == Leave.Status.APPROVED and leave.start <= timezone.localtime(at).date():
        raise ValidationError("假期已经开始，请办理销假。")
    _move(leave, LeaveStatus.WITHDRAWN)
    _refuse_extended(leave, "请先撤回续假")
    leave.before_cut = None
    leave.save(update_fields=["status", "before_cut"])
    journal.note(by=by, at=at, action="leave.withdrawn", target=leave, data=_told(leave), reason=reason)
    return leave


def _refuse_extended(leave: Leave, instead: str) -> None:
    further = leave.extensions.filter(status__in=(Leave.Status.ASKED, *Leave.STANDING)).first()
    if further is not None:
        raise ValidationError(f"这张假已经续到 {further.until}（{further.number}），{instead}。")


def _require_own_or(leave: Leave, permission: str, by, at: datetime) -> None:
    if leave.person.user_id != by.pk or not by.is_active:
        by.require(permission, at, leave)
