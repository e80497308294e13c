"""A case is opened from a source, the person is heard, the levels give their opinion."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division, Unit
from zhucun.base.journal import journal
from zhucun.base.policy import policy
from zhucun.base.policy.models import Clause
from zhucun.work.accountability.models import Case, Opinion
from zhucun.work.accountability.rules import AccountabilityPolicy, CaseStatus, Level, Measure, deadline, heard_first
from zhucun.work.accountability.steps import check_founded, next_for, path_of
from zhucun.work.inspections.models import Finding
from zhucun.work.inspections.numbers import next_in
from zhucun.work.teams.models import Posting

from .moving import handles, locked, moved

PREFIXES = {Measure.REMINDER: "TX", Measure.INTERVIEW: "YT", Measure.RECALL: "ZH"}
PERMISSIONS = {
    Level.TOWNSHIP: "accountability.approve_township",
    Level.OFFICE: "accountability.approve_office",
    Level.ORGANISATION: "accountability.approve_organisation",
    Level.GROUP: "accountability.approve_group",
}
CHANGEABLE = {"grounds", "facts", "clause", "way", "place"}


@dataclass(frozen=True)
class About:
    """Whom a case is about: a posting (leader or member), or a unit whose head it is."""

    posting: Posting | None = None
    unit: Unit | None = None


@transaction.atomic
def open_case(*, county: Division, measure: str, about: About, source: str, grounds: str, facts: str, by, at: datetime, way: str = "",
              finding: Finding | None = None, after: Case | None = None, clause: Clause | None = None) -> Case:  # fmt: skip
    """Open a case from its source; what it is about is written down once, from the finding and the posting.

    Raises ValidationError for a recall of somebody no longer in post, a unit head for anything but an interview, a finding
    that is not about them or was withdrawn, or the same measure for the same finding twice.
    """
    row = _drafted(county, Measure(measure), about, way, by, at)
    handles(row=row, permission="accountability.open", by=by, at=at)
    _check_source(row, finding, after)
    row.source, row.grounds, row.facts = source, grounds.strip(), facts.strip()
    row.finding, row.after, row.clause = finding, after, clause
    row.number = next_in(
        Case.objects.filter(county=county, measure=measure), f"{PREFIXES[Measure(measure)]}{row.opened_on.year}-", 3
    )
    row.full_clean()
    row.save(force_insert=True)
    data = {"number": row.number, "measure": measure, "who": row.who, "source": source, "clause": str(clause or "")}
    journal.note(by=by, at=at, action="case.opened", target=row, data=data, reason=grounds)
    return row


def _drafted(county: Division, measure: Measure, about: About, way: str, by, at: datetime) -> Case:
    today = timezone.localtime(at).date()
    Division.objects.select_for_update().get(pk=county.pk)  # numbers are given one after the other
    way = way if measure is Measure.REMINDER else ""  # only a reminder has ways; an “oral recall” must skip nobody
    row = Case(county=county, measure=measure.value, way=way, opened_on=today, opened_by=by, opened_at=at)
    if about.posting is not None:
        posting = about.posting
        row.posting, row.person, row.unit = posting, posting.person, posting.unit
        row.township = posting.team.village.township
        row.target = Case.Target.LEADER if posting.leads else Case.Target.MEMBER
        if measure is Measure.RECALL and not posting.holds_on(today):
            raise ValidationError(f"{posting.person}已经离任，不能再召回。")
    elif about.unit is not None:
        row.unit, row.head, row.target = about.unit, about.unit.chief, Case.Target.UNIT_HEAD
        if measure is not Measure.INTERVIEW:
            raise ValidationError("对单位主要负责人只办约谈。")
    else:
        raise ValidationError("请写明处理的是谁。")
    if measure is Measure.REMINDER and not way:
        raise ValidationError("请选择提醒的方式：口头、提醒函或通报。")
    return row


def _check_source(row: Case, finding: Finding | None, after: Case | None) -> None:
    """A case rests on a finding that still stands and is about the same person (or unit), or follows a case of theirs."""
    if finding is not None:
        state = Finding.objects.select_for_update().values_list("state", flat=True).get(pk=finding.pk)
        if state == Finding.State.WITHDRAWN:
            raise ValidationError(f"问题 {finding.number} 已查明不属实并撤销，不能作为处理的依据。")
        if row.person_id and finding.person_id and finding.person_id != row.person_id:
            raise ValidationError(f"问题 {finding.number} 的责任人是{finding.person}，不是{row.person}。")
    if after is not None and row.person_id and after.person_id and after.person_id != row.person_id:
        raise ValidationError(f"{after}不是对{row.person}的处理，不能作为上一步。")


@transaction.atomic
def change_case(*, case: Case, fields: dict, by, at: datetime) -> Case:
    """Change grounds, facts, clause, way or place of a case not yet put to anybody; other fields raise KeyError."""
    row = locked(case=case, by=by, at=at, permission="accountability.open")
    if wrong := set(fields) - CHANGEABLE:
        raise KeyError(wrong)
    if row.measure != Case.Measure.REMINDER:
        fields = {name: value for name, value in fields.items() if name != "way"}
    if row.state != Case.State.DRAFT:
        raise ValidationError(f"这件处理{row.get_state_display()}，内容不能再改。")
    changed = journal.apply(row, fields)
    if changed:
        row.full_clean()
        row.save()
        journal.note(by=by, at=at, action="case.changed", target=row, data={"fields": sorted(changed)})
    return row


@transaction.atomic
def put_forward(*, case: Case, by, at: datetime) -> Case:
    """Put a draft to the person (where they are heard first), to approval, or straight to the notice of an oral reminder."""
    row = locked(case=case, by=by, at=at, permission="accountability.open")
    if not row.facts.strip() and row.measure != Case.Measure.REMINDER:
        raise ValidationError("请写明事实和依据。")
    check_founded(row)
    today = timezone.localtime(at).date()
    numbers = policy.on(today, AccountabilityPolicy)
    if heard_first(Measure(row.measure)):
        row.statement_due = today + timedelta(days=numbers.statement_days)
        return moved(row=row, to=CaseStatus.HEARING, action="case.told", by=by, at=at)
    if path_of(row):
        return moved(row=row, to=CaseStatus.APPROVAL, action="case.submitted", by=by, at=at)
    row.on = row.notified_on = today
    row.due_on = deadline(Measure(row.measure), today, numbers)
    return moved(row=row, to=CaseStatus.NOTIFIED, action="case.notified", by=by, at=at)


@transaction.atomic
def state(*, case: Case, text: str, by, at: datetime) -> Case:
    """陈述申辩: by the person concerned, or written down from paper by the township or the office; may be added to until approval."""
    row = locked(case=case, by=by, at=at)
    if row.person is None or row.person.user_id != by.pk:
        by.require("accountability.state", at, row)
    if row.state != Case.State.HEARING:
        raise ValidationError(f"这件处理{row.get_state_display()}，现在不收陈述申辩。")
    if not text.strip():
        raise ValidationError("请写明陈述申辩的内容；没有意见也请写“没有意见”。")
    row.statement = f"{row.statement}\n{text.strip()}".strip()
    row.stated_by, row.stated_at = by, at
    row.save(update_fields=["statement", "stated_by", "stated_at"])
    journal.note(by=by, at=at, action="case.stated", target=row, reason=text)
    return row


@transaction.atomic
def end_hearing(*, case: Case, by, at: datetime) -> Case:
    """Go on to approval: after a statement, or once its time is over.

    Raises ValidationError while the person may still speak and has not, and for a case never put to them.
    """
    row = locked(case=case, by=by, at=at, permission="accountability.open")
    if row.state != Case.State.HEARING:
        raise ValidationError(f"这件处理{row.get_state_display()}，不在听取陈述申辩。")
    if not row.statement and row.statement_due and timezone.localtime(at).date() <= row.statement_due:
        raise ValidationError(f"陈述申辩期到 {row.statement_due} 为止，本人还没有提出意见，不能提前进入审批。")
    return moved(row=row, to=CaseStatus.APPROVAL, action="case.submitted", by=by, at=at)


@transaction.atomic
def give_opinion(*, case: Case, agreed: bool, text: str, by, at: datetime, document: str = "", level: str = "") -> Case:
    """The level whose turn it is agrees or not; disagreement dismisses the case, the last agreement approves it.

    The organisation department has no account: the office enters its opinion with the number of its document. `level` is
    the one the page asked for: raises ValidationError when somebody has given its opinion meanwhile, so that nobody
    signs for the next level unawares.
    """
    row = locked(case=case, by=by, at=at)
    turn = next_for(row)
    _check_turn(row, turn, level)
    assert turn is not None
    handles(row=row, permission=PERMISSIONS[turn], by=by, at=at)
    if not agreed and not text.strip():
        raise ValidationError("不同意请写明理由。")
    if turn is Level.ORGANISATION and not document.strip():
        raise ValidationError("代录县委组织部意见，请填写文号。")
    found = Opinion(
        case=row,
        level=turn.value,
        agreed=agreed,
        text=text.strip(),
        document=document.strip(),
        given_by=by,
        given_at=at,
    )
    found.full_clean()
    found.save(force_insert=True)
    journal.note(by=by, at=at, action="case.judged", target=row, data={"level": turn, "agreed": agreed}, reason=text)
    if not agreed:
        return moved(row=row, to=CaseStatus.DISMISSED, action="case.dismissed", by=by, at=at, reason=text)
    return row


def _check_turn(row: Case, turn: Level | None, asked: str) -> None:
    given = row.opinions.filter(level=asked).select_related("given_by").first() if asked else None
    if given is not None:
        raise ValidationError(
            f"{given.get_level_display()}意见已经由{given.given_by}签署（{given}），您的意见没有保存。"
        )
    if turn is None:
        raise ValidationError(f"这件处理{row.get_state_display()}，不用再审批。")
    if asked and asked != turn:
        raise ValidationError("还没有轮到这一级签署意见，请刷新页面。")


@transaction.atomic
def dismiss(*, case: Case, reason: str, by, at: datetime) -> Case:
    """Drop a case before it took effect (不予处理), with the reason."""
    row = locked(case=case, by=by, at=at, permission="accountability.open")
    if not reason.strip():
        raise ValidationError("请写明不予处理的理由。")
    return moved(row=row, to=CaseStatus.DISMISSED, action="case.dismissed", by=by, at=at, reason=reason)
