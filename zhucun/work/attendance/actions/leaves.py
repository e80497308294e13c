"""Leave and notices: asked for, recorded from paper, decided step by step, extended, ended by 销假."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zhucun.base.journal import journal
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import ONE_DAY, end_after
from zhucun.work.attendance.models import Decision, Leave
from zhucun.work.attendance.rules import LADDER, TRANSITIONS, AttendancePolicy, LeaveStatus, Level, steps
from zhucun.work.teams.models import Posting

PERMISSIONS = {
    Level.LEADER: "attendance.leave_as_leader",
    Level.TOWNSHIP: "attendance.leave_as_township",
    Level.COUNTY: "attendance.leave_as_county",
}
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
    leave.save(force_insert=True)
    journal.note(by=by, at=at, action="leave.asked", target=leave, data=_told(leave))
    return leave


@transaction.atomic
def record(*, posting: Posting, first: date, last: date, fields: dict, level: str, approved_on: date, by, at: datetime,
           extends: Leave | None = None) -> Leave:  # fmt: skip
    """Write down a slip that was approved on paper, with the level that approved it and the day it did.

    Raises ValidationError as `ask` does, and for a level lower than the days need.
    """
    by.require("attendance.leave_record", at, posting)
    leave = _drafted(posting, first, last, fields, extends, by, at)
    needed = path_of(leave)[-1]
    if LADDER.index(Level(level)) < LADDER.index(needed):
        raise ValidationError(
            f"{leave.days} 天的{leave.get_kind_display()}要由{Leave.Approver(needed).label}批准，请核对纸质单据。"
        )
    if approved_on > timezone.localtime(at).date():
        raise ValidationError("批准日期不能晚于今天。")
    leave.status, leave.level, leave.approved_on = Leave.Status.APPROVED, level, approved_on
    leave.full_clean()
    leave.save(force_insert=True)
    data = _told(leave) | {"level": level, "approved_on": approved_on}
    journal.note(by=by, at=at, action="leave.recorded", target=leave, data=data)
    return leave


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
        setattr(leave, name, fields.get(name, getattr(leave, name)))
    leave.extends, leave.asked_by, leave.asked_at = extends, by, at
    wrong = _wrong(leave)
    if wrong:
        raise ValidationError(wrong)
    leave.number = _next_number(leave.county_id, timezone.localtime(at).year)
    leave.full_clean()
    return leave


def _wrong(leave: Leave) -> list[str]:
    wrong = []
    if leave.until < leave.start:
        return ["结束日期早于开始日期，请检查。"]
    if not (leave.posting.holds_on(leave.start) and leave.posting.holds_on(leave.until)):
        wrong.append("请假的日期超出了任职的时间，请检查。")
    if not leave.reason.strip():
        wrong.append("请写明事由。")
    if leave.is_notice and not leave.place.strip():
        wrong.append("报备请写明地点。")
    if leave.extends is not None and leave.extends.end != leave.start:
        wrong.append(f"续假要从原假期满的次日（{leave.extends.end}）开始。")
    others = overlapping(leave)
    if others:
        wrong.append(f"和已有的“{others[0]}”日期重叠，请检查。")
    return wrong


def overlapping(leave: Leave) -> list[Leave]:
    """Other leave or notices of the person, asked for or approved, that share a day with this one."""
    rows = Leave.objects.filter(person=leave.person, start__lt=leave.end, end__gt=leave.start)
    standing = (Leave.Status.ASKED, *Leave.STANDING)
    return list(rows.filter(status__in=standing).exclude(pk=leave.pk).select_related("posting__person"))


def _next_number(county: str, year: int) -> str:
    prefix = f"QJ{year}-"
    taken = Leave.objects.filter(county_id=county, number__startswith=prefix).values_list("number", flat=True)
    last = max((int(number[len(prefix) :]) for number in taken if number[len(prefix) :].isdecimal()), default=0)
    return f"{prefix}{last + 1:04}"


def _told(leave: Leave) -> dict:
    return {
        "number": leave.number, "kind": leave.kind, "start": leave.start, "last_day": leave.until, "reason": leave.reason,
    }  # fmt: skip


def path_of(leave: Leave) -> tuple[Level, ...]:
    """Who signs this leave, in order; a 续假 is judged by the days of the whole absence."""
    numbers = policy.on(leave.start, AttendancePolicy, area=leave.posting.team.village_id)
    days, earlier = leave.days, leave.extends
    while earlier is not None:
        days, earlier = days + earlier.days, earlier.extends
    return steps(days, is_leave=not leave.is_notice, leads=leave.posting.leads, policy=numbers)


def next_level(leave: Leave) -> Level | None:
    """Whose turn it is; None when nobody's."""
    if leave.status != Leave.Status.ASKED:
        return None
    decided = {Level(decision.level) for decision in leave.decisions.all()}
    return next((level for level in path_of(leave) if level not in decided), None)


@transaction.atomic
def decide(*, leave: Leave, agreed: bool, opinion: str, by, at: datetime) -> Leave:
    """The level whose turn it is agrees or refuses; the last one's agreement approves.

    Raises PermissionDenied out of turn or for one's own leave, ValidationError when decided meanwhile, for a refusal
    without its reason, or when nobody would stay on duty in the village (策略：至少 1 人在岗).
    """
    leave = _locked(leave)
    level = next_level(leave)
    if level is None:
        raise ValidationError(f"这张单子{leave.get_status_display()}，不用再批。")
    by.require(PERMISSIONS[level], at, leave)
    if leave.person.user_id == by.pk:
        raise PermissionDenied("本人不能审批自己的请假。")
    if not agreed and not opinion.strip():
        raise ValidationError("不同意请写明理由。")
    alone = absent_together(leave) if agreed else ""
    if alone and not opinion.strip():
        raise ValidationError(f"{alone}如仍同意，请在意见里写明谁来值守。")
    Decision.objects.create(
        leave=leave, level=level, agreed=agreed, opinion=opinion.strip(), decided_by=by, decided_at=at
    )
    if not agreed:
        _move(leave, LeaveStatus.REFUSED)
    elif level == path_of(leave)[-1]:
        leave.level, leave.approved_on = level, timezone.localtime(at).date()
        _move(leave, LeaveStatus.APPROVED)
    leave.save(update_fields=["status", "level", "approved_on"])
    data = {"level": level, "agreed": agreed, "status": leave.status}
    journal.note(by=by, at=at, action="leave.decided", target=leave, data=data, reason=opinion)
    return leave


def absent_together(leave: Leave) -> str:
    """The sentence that too few would stay on duty on a day of this leave; empty when enough do."""
    numbers = policy.on(leave.start, AttendancePolicy, area=leave.posting.team.village_id)
    team = leave.posting.team
    postings = Posting.objects.filter(team=team, start__lt=leave.end).filter(
        Q(end__isnull=True) | Q(end__gt=leave.start)
    )
    away = Leave.objects.filter(posting__team=team, status__in=Leave.STANDING, start__lt=leave.end, end__gt=leave.start)
    here, others = list(postings), list(away.exclude(pk=leave.pk))
    for n in range(leave.days):
        day = leave.start + n * ONE_DAY
        gone = {one.person_id for one in others if one.holds_on(day)} | {leave.person_id}
        left = {one.person_id for one in here if one.holds_on(day)} - gone
        if len(left) < numbers.on_duty:
            return f"{day} 这支队在岗不足 {numbers.on_duty} 人。"
    return ""


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
    """销假: the person was back on `returned_on`; coming back early shortens the leave to the day before.

    By the person, or by the township from the paper. Raises ValidationError for a day before the leave began or after today.
    """
    leave = _locked(leave)
    _require_own_or(leave, "attendance.leave_record", by, at)
    if returned_on < leave.start or returned_on > timezone.localtime(at).date():
        raise ValidationError("返岗日期应在请假开始之后、今天之前（含今天），请检查。")
    _move(leave, LeaveStatus.RETURNED)
    was = leave.until
    leave.returned_on = returned_on
    if leave.start < returned_on <= leave.until:
        leave.end = returned_on
    leave.full_clean()
    leave.save(update_fields=["status", "returned_on", "end"])
    data = {"returned_on": returned_on, "last_day": [was, leave.until]}
    journal.note(by=by, at=at, action="leave.returned", target=leave, data=data)
    return leave


@transaction.atomic
def withdraw(*, leave: Leave, reason: str, by, at: datetime) -> Leave:
    """Take back a leave before it began: the person who asked, or the township with a reason."""
    leave = _locked(leave)
    _require_own_or(leave, "attendance.leave_record", by, at)
    if leave.status == Leave.Status.APPROVED and leave.start <= timezone.localtime(at).date():
        raise ValidationError("假期已经开始，请办理销假。")
    _move(leave, LeaveStatus.WITHDRAWN)
    leave.save(update_fields=["status"])
    journal.note(by=by, at=at, action="leave.withdrawn", target=leave, data=_told(leave), reason=reason)
    return leave


def _require_own_or(leave: Leave, permission: str, by, at: datetime) -> None:
    if leave.person.user_id != by.pk or not by.is_active:
        by.require(permission, at, leave)
