"""Rounds are planned, their villages drawn or chosen, the on-site sheets entered, and closed."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division, Standing, Village
from zhucun.base.journal import journal
from zhucun.work.inspections.models import Draw, Presence, Round, Visit
from zhucun.work.inspections.numbers import next_in, one_by_one
from zhucun.work.inspections.pools import pools_on
from zhucun.work.inspections.rules import RoundStatus, drawn_by_class, may_follow
from zhucun.work.teams.models import Posting, Team

from .findings import Found, add_findings


@dataclass(frozen=True)
class Seen:
    """Where somebody was found to be: one of Presence.Found, with a note."""

    posting: Posting
    found: str
    note: str = ""


@transaction.atomic
def plan_round(*, county: Division, held_on: date, method: str, group: str, purpose: str, by, at: datetime) -> Round:
    """Plan a round; its number follows the year's last."""
    row = Round(county=county, held_on=held_on, method=method, group=group, purpose=purpose, opened_by=by, opened_at=at)
    by.require("inspections.plan", at, row)
    one_by_one(county.pk)
    row.number = next_in(Round.objects.filter(county=county), f"DC{held_on.year}-")
    row.full_clean()
    row.save(force_insert=True)
    data = {"number": row.number, "held_on": held_on, "method": method, "group": group}
    journal.note(by=by, at=at, action="inspection.planned", target=row, data=data)
    return row


@transaction.atomic
def change_round(*, round: Round, fields: dict, by, at: datetime) -> Round:
    """Change day, method, group or purpose of a round that is not over."""
    row = _locked(round, "inspections.plan", by, at)
    _only_open(row)
    changed = journal.apply(row, fields)
    if changed:
        row.full_clean()
        row.save()
        journal.note(by=by, at=at, action="inspection.changed", target=row, data=changed)
    return row


@transaction.atomic
def draw_villages(*, round: Round, numbers: Mapping[str, int], by, at: datetime, reason: str = "") -> Draw:
    """Draw the villages of a planned round at random: so many of each class of village that has a team that day.

    The system makes the seed; pool, seed and result are kept for good and shown, so that anybody can repeat it. Drawing
    again needs a reason, keeps the first draw, and replaces the villages. Raises ValidationError for empty classes.
    """
    row = _locked(round, "inspections.plan", by, at)
    if row.state != Round.State.PLANNED:
        raise ValidationError("这次督查已经开始，不能再抽取。")
    before = row.draws.count()
    if before and not reason.strip():
        raise ValidationError("已经抽取过一次，重新抽取要写明理由；前一次的结果仍然保留。")
    pools = pools_on(row.county_id, row.held_on)
    wrong = [
        f"{Standing.Category(name).label}只有 {len(pools[name])} 个有工作队的村。"
        for name in pools
        if numbers.get(name, 0) > len(pools[name])
    ]
    if wrong or not any(numbers.values()):
        raise ValidationError(wrong or ["请填写每类村各抽几个。"])
    seed = secrets.token_hex(8)
    codes = drawn_by_class(pools, numbers, seed)
    found = Draw(
        round=row,
        number=before + 1,
        seed=seed,
        pools=pools,
        numbers=dict(numbers),
        drawn=codes,
        reason=reason,
        drawn_by=by,
        drawn_at=at,
    )
    found.full_clean()
    found.save(force_insert=True)
    _set_villages(row, codes)
    data = {"seed": seed, "numbers": dict(numbers), "villages": codes}
    journal.note(by=by, at=at, action="inspection.drawn", target=row, data=data, reason=reason)
    return found


@transaction.atomic
def choose_villages(*, round: Round, villages: Iterable[Village], by, at: datetime, reason: str = "") -> None:
    """Name the villages of a round by hand (a report, a follow-up); villages already visited stay.

    Raises ValidationError for a village of another county, and for changing without a reason what was drawn at random.
    """
    row = _locked(round, "inspections.plan", by, at)
    _only_open(row)
    villages = list(villages)
    if any(village.county_id != row.county_id for village in villages):
        raise ValidationError("只能选本县的村。")
    codes = [village.pk for village in villages]
    before = set(row.visits.values_list("village_id", flat=True))
    if before != set(codes) and row.draws.exists() and not reason.strip():
        raise ValidationError("这些村是随机抽取的，手工增减要写明理由。")
    _set_villages(row, codes)
    journal.note(by=by, at=at, action="inspection.villages_chosen", target=row, data={"villages": codes}, reason=reason)


def _set_villages(row: Round, codes: list[str]) -> None:
    row.visits.filter(entered_at__isnull=True).exclude(village__in=codes).delete()
    there = set(row.visits.values_list("village_id", flat=True))
    teams = {
        team.village_id: team for team in Team.objects.on(row.held_on).filter(village__in=codes).order_by("-number")
    }
    Visit.objects.bulk_create(
        Visit(round=row, village_id=code, team=teams.get(code)) for code in dict.fromkeys(codes) if code not in there
    )


@transaction.atomic
def move_round(*, round: Round, to: str, by, at: datetime, reason: str = "") -> Round:
    """Begin, close, take up again or cancel a round.

    Raises ValidationError out of order, for beginning without villages (查资料 needs none), closing with sheets not entered,
    and for cancelling or taking up again without a reason.
    """
    row = _locked(round, "inspections.plan", by, at)
    before, after = RoundStatus(row.state), RoundStatus(to)
    if not may_follow(before, after):
        raise ValidationError(f"这次督查{row.get_state_display()}，不能办这一步。")
    if after is RoundStatus.UNDERWAY and row.method != Round.Method.PAPERS and not row.visits.exists():
        raise ValidationError("还没有确定到哪些村，请先抽取或选村。")
    left = row.visits.filter(entered_at__isnull=True).count() if after is RoundStatus.CLOSED else 0
    if left:
        raise ValidationError(f"还有 {left} 个村的现场核查单没有录入。没有去的村请先从名单中去掉。")
    if (after is RoundStatus.CANCELLED or before is RoundStatus.CLOSED) and not reason.strip():
        raise ValidationError("请写明理由。")
    row.state = after.value
    row.save(update_fields=["state"])
    journal.note(by=by, at=at, action="inspection.moved_on", target=row, data={"state": [before, after]}, reason=reason)
    return row


@transaction.atomic
def enter_visit(
    *, visit: Visit, fields: dict, seen: Iterable[Seen], found: Iterable[Found], key: UUID, by, at: datetime
) -> Visit:
    """Enter an on-site sheet: who was there, what else was seen, what was found; the same `key` a second time changes nothing.

    Raises ValidationError when the round is not under way, the sheet was entered by another submission, or something in it
    cannot be. An absence without notice becomes a finding about the person by itself.
    """
    row = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("round", "village__township", "team__lead_unit")
        .get(pk=visit.pk)
    )
    by.require("inspections.enter", at, row)
    if row.key == key:
        return row
    if row.entered_at is not None:
        raise ValidationError(
            f"这个村的核查单 {timezone.localtime(row.entered_at):%m月%d日 %H:%M} 已由{row.entered_by}录入，要改请用“更正核查单”。"
        )
    if row.round.state != Round.State.UNDERWAY:
        raise ValidationError(f"这次督查{row.round.get_state_display()}，不能录入核查单。")
    journal.apply(row, fields)
    row.visited_on = row.visited_on or row.round.held_on
    if row.visited_on > timezone.localtime(at).date():
        raise ValidationError("核查日期不能晚于今天。")
    row.key, row.entered_by, row.entered_at = key, by, at
    row.full_clean()
    row.save()
    presences = _keep_presences(row, seen)
    told = {presence.posting.person.number: presence.found for presence in presences}
    journal.note(by=by, at=at, action="inspection.visited", target=row, data={"presence": told})
    absent = [Found.absence(presence) for presence in presences if presence.found == Presence.Found.ABSENT]
    add_findings(round=row.round, found=[*absent, *found], by=by, at=at, visit=row)
    return row


def _keep_presences(visit: Visit, seen: Iterable[Seen]) -> list[Presence]:
    assert visit.visited_on is not None
    rows = []
    for one in seen:
        if one.posting.team_id != visit.team_id or not one.posting.holds_on(visit.visited_on):
            raise ValidationError(f"{one.posting.person} {visit.visited_on} 不在这个村任职，请刷新页面。")
        rows.append(Presence(visit=visit, posting=one.posting, day=visit.visited_on, found=one.found, note=one.note))
    for row in rows:
        row.full_clean()
    return Presence.objects.bulk_create(rows)


def _locked(round: Round, permission: str, by, at: datetime) -> Round:
    row = Round.objects.select_for_update(of=("self",)).select_related("county").get(pk=round.pk)
    by.require(permission, at, row)
    return row


def _only_open(row: Round) -> None:
    if not row.is_open:
        raise ValidationError(f"这次督查{row.get_state_display()}，不能再改。")
