"""Findings and corrections: from what was found to a closed file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division, Unit
from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.people.models import Person
from zhucun.base.policy import policy
from zhucun.work.inspections.models import Correction, Finding, Presence, Round, Step, Visit
from zhucun.work.inspections.numbers import next_in, one_by_one
from zhucun.work.inspections.rules import CorrectionStatus, FindingStatus, InspectionsPolicy, due_on, may_follow
from zhucun.work.teams.models import Posting, Team


@dataclass(frozen=True)
class Found:
    """A finding as it is told: what kind, in words, about whom; `source` names the record it was taken from, once only."""

    kind: str
    text: str
    team: Team | None = None
    person: Person | None = None
    unit: Unit | None = None
    township: Division | None = None
    manager: bool = False
    presence: Presence | None = None
    source: str = ""

    @classmethod
    def absence(cls, presence: Presence) -> "Found":
        """An absence without notice, about the person who was not there."""
        posting = presence.posting
        note = f"：{presence.note}" if presence.note else ""
        text = f"{presence.day.month}月{presence.day.day}日核查时{posting.get_role_display()}{posting.person}不在岗，没有请假报备{note}"
        return cls(
            Finding.Kind.ABSENT,
            text[:400],
            posting.team,
            posting.person,
            posting.unit,
            posting.team.village.township,
            presence=presence,
        )


@transaction.atomic
def add_findings(
    *, round: Round, found: Iterable[Found], by, at: datetime, visit: Visit | None = None
) -> list[Finding]:
    """Write down what a round found, numbered in the year's order; whoever is responsible is told by township and unit.

    Raises ValidationError for a cancelled round, a finding without words, or a record taken up already.
    """
    by.require("inspections.enter", at, round)
    if round.state == Round.State.CANCELLED:
        raise ValidationError("这次督查已取消，不能记问题。")
    prefix = f"WT{round.held_on.year}-"
    one_by_one(round.county_id)
    rows = []
    for one in found:
        row = _drafted(round, one, visit, by, at)
        row.number = next_in(Finding.objects.filter(county=round.county_id), prefix, 4)
        row.full_clean()
        row.save(force_insert=True)
        rows.append(row)
    notes = [Note("finding.added", row, {"number": row.number, "kind": row.kind, "text": row.text}) for row in rows]
    journal.note_many(by=by, at=at, notes=notes)
    return rows


def _drafted(round: Round, one: Found, visit: Visit | None, by, at: datetime) -> Finding:
    if not one.text.strip():
        raise ValidationError("请写明问题的具体情况。")
    team = one.team or (visit.team if visit else None)
    township = one.township or (team.village.township if team else visit.village.township if visit else None)
    unit = one.unit or _unit_of(one.person, team, round.held_on)
    on = visit.visited_on if visit and visit.visited_on else round.held_on
    return Finding(
        round=round, county_id=round.county_id, visit=visit, presence=one.presence, team=team, person=one.person, unit=unit,
        township=township, manager=one.manager, kind=one.kind, text=one.text.strip(), source=one.source, found_on=on,
        found_by=by, found_at=at,
    )  # fmt: skip


def _unit_of(person: Person | None, team: Team | None, day: date) -> Unit | None:
    """The unit that follows it up: the person's own, else the one that leads the team."""
    posting = Posting.objects.on(day).filter(person=person).select_related("unit").first() if person else None
    return posting.unit if posting else team.lead_unit if team else None


@transaction.atomic
def order_correction(*, round: Round, text: str, due: date | None, by, at: datetime, finding: Finding | None = None,
                     township: Division | None = None, unit: Unit | None = None) -> Correction:  # fmt: skip
    """Order something to be put right, about a finding or the round as a whole; without a day of its own the policy's days count.

    Raises ValidationError for a finding that is closed, withdrawn or of another round, no words, or a day gone by.
    """
    by.require("inspections.order", at, round)
    if not text.strip():
        raise ValidationError("请写明整改要求。")
    one_by_one(round.county_id)
    finding = _orderable(finding, round) if finding is not None else None
    today = timezone.localtime(at).date()
    due = due or due_on(today, policy.on(today, InspectionsPolicy))
    if due < round.held_on:
        raise ValidationError(f"整改期限早于督查日期 {round.held_on}，请检查。")
    row = Correction(
        round=round, county_id=round.county_id, finding=finding, text=text.strip(), due_on=due, ordered_by=by, ordered_at=at,
        team=finding.team if finding else None, unit=finding.unit if finding else unit,
        township=finding.township if finding else township,
    )  # fmt: skip
    row.number = next_in(Correction.objects.filter(county=round.county_id), f"ZG{round.held_on.year}-", 4)
    row.full_clean()
    row.save(force_insert=True)
    data = {"number": row.number, "text": row.text, "due_on": due}
    journal.note(by=by, at=at, action="correction.ordered", target=row, data=data)
    return row


def _orderable(finding: Finding, round: Round) -> Finding:
    """The finding under lock, so that nobody closes it while something is ordered about it."""
    row = Finding.objects.select_for_update(of=("self",)).select_related("team", "unit", "township").get(pk=finding.pk)
    if row.round_id != round.pk:
        raise ValidationError("这个问题不是这次督查发现的，请刷新页面。")
    if row.state == Finding.State.CLOSED:
        raise ValidationError("这个问题已经销号，要提新的整改意见请先重新打开。")
    if row.state == Finding.State.WITHDRAWN:
        raise ValidationError("这个问题已经撤销，不能再提整改意见。")
    return row


@transaction.atomic
def reply(*, correction: Correction, text: str, by, at: datetime) -> Correction:
    """The township, team or unit says what was done; verified afterwards by somebody else."""
    row = _locked(correction, "inspections.reply", by, at)
    if not text.strip():
        raise ValidationError("请写明整改情况。")
    row.replied_by = by
    return _step(row, CorrectionStatus.REPLIED, Step.Kind.REPLY, text, by, at)


@transaction.atomic
def verify(*, correction: Correction, accepted: bool, text: str, by, at: datetime) -> Correction:
    """Accept what was replied, or send it back with the reason; nobody verifies their own reply."""
    row = _locked(correction, "inspections.verify", by, at)
    if row.state != Correction.State.REPLIED:
        raise ValidationError(f"这条整改意见{row.get_state_display()}，不用核实。请刷新页面。")
    if row.replied_by_id == by.pk:
        raise PermissionDenied("整改情况要由回复人以外的人核实。")
    if not text.strip():
        raise ValidationError("请写明核实情况。")
    if accepted:
        row.done_on = timezone.localtime(at).date()
        return _step(row, CorrectionStatus.DONE, Step.Kind.ACCEPTED, text, by, at)
    return _step(row, CorrectionStatus.ORDERED, Step.Kind.RETURNED, text, by, at)


@transaction.atomic
def close_finding(*, finding: Finding, text: str, by, at: datetime) -> Finding:
    """销号: close a finding whose corrections are all verified.

    Raises ValidationError when corrections wait, nothing is said of how it was settled, or somebody else closed it meanwhile.
    """
    row = _locked_finding(finding, by, at)
    if row.state == Finding.State.CLOSED:
        raise ValidationError(f"{row.closed_by or '有人'}已经在 {row.closed_on} 销号。")
    if row.state != Finding.State.OPEN:
        raise ValidationError("这个问题已经撤销，不用销号。")
    waiting = row.corrections.exclude(state=Correction.State.DONE).count()
    if waiting:
        raise ValidationError(f"还有 {waiting} 条整改意见没有核实完成，不能销号。")
    if not text.strip():
        raise ValidationError("请写明销号说明。")
    row.state, row.closed_on, row.closing, row.closed_by = (
        Finding.State.CLOSED,
        timezone.localtime(at).date(),
        text.strip()[:200],
        by,
    )
    row.full_clean()
    row.save(update_fields=["state", "closed_on", "closing", "closed_by"])
    journal.note(by=by, at=at, action="finding.closed", target=row, data={"number": row.number}, reason=text)
    return row


@transaction.atomic
def reopen_finding(*, finding: Finding, text: str, by, at: datetime) -> Finding:
    """Open a closed finding again, with the reason: it came back, or was not settled after all."""
    row = _locked_finding(finding, by, at)
    if not may_follow(FindingStatus(row.state), FindingStatus.OPEN):
        raise ValidationError("这个问题还没有销号。")
    if not text.strip():
        raise ValidationError("请写明重新打开的理由。")
    was, row.state, row.closed_on, row.closing, row.closed_by = row.closed_on, Finding.State.OPEN, None, "", None
    row.save(update_fields=["state", "closed_on", "closing", "closed_by"])
    journal.note(by=by, at=at, action="finding.reopened", target=row, data={"closed_on": [was, None]}, reason=text)
    return row


@transaction.atomic
def withdraw_finding(*, finding: Finding, text: str, by, at: datetime) -> Finding:
    """Withdraw an open finding that proved not to be so (不属实); it stays to be read and counts nowhere.

    Raises ValidationError without the reason, or while a correction about it waits.
    """
    row = _locked_finding(finding, by, at)
    if not may_follow(FindingStatus(row.state), FindingStatus.WITHDRAWN):
        raise ValidationError(f"这个问题{row.get_state_display()}，不能撤销。")
    if not text.strip():
        raise ValidationError("请写明撤销的理由和依据。")
    if row.corrections.exclude(state=Correction.State.DONE).exists():
        raise ValidationError("这个问题还有整改意见没有办完，请先办完。")
    row.state, row.closing = Finding.State.WITHDRAWN, text.strip()[:200]
    row.save(update_fields=["state", "closing"])
    journal.note(by=by, at=at, action="finding.withdrawn", target=row, data={"number": row.number}, reason=text)
    return row


@transaction.atomic
def reopen_correction(*, correction: Correction, text: str, by, at: datetime) -> Correction:
    """Take up again a correction that was done, since it did not last; its finding is opened again with it."""
    row = _locked(correction, "inspections.order", by, at)
    if row.state != Correction.State.DONE:
        raise ValidationError(f"这条整改意见{row.get_state_display()}，不用重新整改。请刷新页面。")
    if not text.strip():
        raise ValidationError("请写明重新整改的理由。")
    row.done_on = None
    _step(row, CorrectionStatus.ORDERED, Step.Kind.REOPENED, text, by, at)
    if row.finding is not None and row.finding.state == Finding.State.CLOSED:
        reopen_finding(finding=row.finding, text=text, by=by, at=at)
    return row


def _step(row: Correction, to: CorrectionStatus, kind: str, text: str, by, at: datetime) -> Correction:
    if not may_follow(CorrectionStatus(row.state), to):
        raise ValidationError(f"这条整改意见{row.get_state_display()}，不能办这一步。请刷新页面。")
    row.state = to.value
    row.full_clean()
    row.save(update_fields=["state", "done_on", "replied_by"])
    Step.objects.create(correction=row, kind=kind, text=text.strip()[:400], taken_by=by, taken_at=at)
    journal.note(
        by=by, at=at, action=CORRECTION_ACTIONS[Step.Kind(kind)], target=row, data={"number": row.number}, reason=text
    )
    return row


CORRECTION_ACTIONS = {
    Step.Kind.REPLY: "correction.replied",
    Step.Kind.ACCEPTED: "correction.accepted",
    Step.Kind.RETURNED: "correction.returned",
    Step.Kind.REOPENED: "correction.reopened",
}


def _locked(correction: Correction, permission: str, by, at: datetime) -> Correction:
    rows = Correction.objects.select_for_update(of=("self",)).select_related(
        "round", "finding", "team__village", "township", "unit"
    )
    row = rows.get(pk=correction.pk)
    by.require(permission, at, row)
    return row


def _locked_finding(finding: Finding, by, at: datetime) -> Finding:
    row = (
        Finding.objects.select_for_update(of=("self",))
        .select_related(
            "round", "team__village"
        )  # closed_by not: joined before the wait for the lock, it would be stale
        .get(pk=finding.pk)
    )
    by.require("inspections.close", at, row)
    return row
