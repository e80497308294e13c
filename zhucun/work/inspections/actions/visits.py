"""An on-site sheet that was entered wrongly is corrected, with the reason; what it led to is not touched in silence."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.journal import journal
from zhucun.work.inspections.models import Finding, Presence, Round, Visit

from .findings import Found, add_findings
from .rounds import Seen


@transaction.atomic
def correct_visit(*, visit: Visit, fields: dict, seen: Iterable[Seen], reason: str, by, at: datetime) -> Visit:
    """Correct a sheet that was entered; the old and the new stand in the journal.

    Somebody found absent after all becomes a finding. Raises ValidationError without a reason, before the sheet was entered,
    for another day once something was found, and for lifting an absence whose finding has not been withdrawn (不属实) first.
    """
    row = Visit.objects.select_for_update(of=("self",)).select_related("round", "village__township", "team__lead_unit").get(pk=visit.pk)  # fmt: skip
    by.require("inspections.enter", at, row)
    if row.entered_at is None:
        raise ValidationError("这个村的核查单还没有录入。")
    if row.round.state == Round.State.CANCELLED:
        raise ValidationError("这次督查已取消，不能再改。")
    if not reason.strip():
        raise ValidationError("请写明更正的理由。")
    changed = journal.apply(row, fields)
    _check_day(row, changed, at)
    row.full_clean()
    row.save()
    told, absent = _apply(row, seen)
    if not changed and not told:
        raise ValidationError("和原来的核查单一样，没有要更正的。")
    data = {"fields": sorted(changed), "presence": told}
    journal.note(by=by, at=at, action="inspection.corrected", target=row, data=data, reason=reason)
    add_findings(round=row.round, found=[Found.absence(presence) for presence in absent], by=by, at=at, visit=row)
    return row


def _check_day(row: Visit, changed: dict, at: datetime) -> None:
    if row.visited_on is None or row.visited_on > timezone.localtime(at).date():
        raise ValidationError("核查日期不能晚于今天。")
    if "visited_on" in changed and row.findings.exists():
        raise ValidationError("这份核查单已经记了问题，核查日期不能再改。")


def _apply(row: Visit, seen: Iterable[Seen]) -> tuple[dict[str, list], list[Presence]]:
    """By person's number what was found before and now; the presences that became absences."""
    assert row.visited_on is not None
    known = {one.posting_id: one for one in row.presences.select_related("finding", "posting__person")}
    told: dict[str, list] = {}
    absent = []
    for one in seen:
        if one.posting.team_id != row.team_id or not one.posting.holds_on(row.visited_on):
            raise ValidationError(f"{one.posting.person} {row.visited_on} 不在这个村任职，请刷新页面。")
        presence = known.get(one.posting.pk) or Presence(visit=row, posting=one.posting, day=row.visited_on, found="")
        if (presence.found, presence.note, presence.day) == (one.found, one.note, row.visited_on):
            continue
        before = presence.found
        if before != one.found:
            _check_finding(presence, one.found)
        told[one.posting.person.number] = [before, one.found]
        presence.found, presence.note, presence.day = one.found, one.note, row.visited_on
        presence.full_clean()
        presence.save()
        if one.found == Presence.Found.ABSENT != before:
            absent.append(presence)
    return told, absent


def _check_finding(presence: Presence, found: str) -> None:
    finding: Finding | None = getattr(presence, "finding", None)
    if finding is None:
        return
    if found == Presence.Found.ABSENT:
        raise ValidationError(
            f"{presence.posting.person}不在岗的问题 {finding.number} 已经作为不属实撤销，请另外记录问题。"
        )
    if finding.state != Finding.State.WITHDRAWN:
        raise ValidationError(
            f"{presence.posting.person}不在岗已列为问题 {finding.number}，请先由县驻村办按“不属实”撤销，再更正核查单。"
        )
