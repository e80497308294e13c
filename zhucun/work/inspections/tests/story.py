"""Rounds of the cast: 石桥村 visited on 2022-12-05, 王立新 there, 李敏 not; told through actions."""

from datetime import date, datetime
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.cast import AT, account
from zhucun.base.access.permissions import Role as R
from zhucun.work.attendance.actions import leaves
from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.models import Correction, Finding, Round, Visit
from zhucun.work.teams import actions as teams

DAY = date(2022, 12, 5)


def at(day: date = DAY, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def staff(world: SimpleNamespace) -> SimpleNamespace:
    """The cast with an inspector, a second one in the office, and accounts for both leaders."""
    world.inspector = account(world, "inspector", "督查员", R.INSPECTOR, world.county)
    world.deputy = account(world, "deputy", "驻村办副主任", R.OFFICE, world.county)
    world.contact_police = account(world, "contact_police", "公安局联络员", R.UNIT, world.police)
    for name, person in (("leader_wang", world.wang), ("leader_zhao", world.zhao)):
        user = account(world, name, person.name)
        teams.give_account(person=person, user=user, by=world.caretaker, at=AT)
        setattr(world, name, user)
    return world


def plan(world, day: date = DAY, villages=None, method: str = "unannounced") -> Round:
    """A round under way to those villages (石桥村)."""
    when = {"by": world.inspector, "at": at(day, 8)}
    held = rounds.plan_round(
        county=world.county, held_on=day, method=method, group="县纪委监委", purpose="在岗", **when
    )
    rounds.choose_villages(round=held, villages=villages or [world.shiqiao], **when)
    return rounds.move_round(round=held, to="underway", **when)


def sheet(held: Round, village=None) -> Visit:
    """The round's sheet of a village."""
    rows = held.visits.select_related("round", "village")
    return rows.get(village=village) if village else rows.get()


def enter(world, held: Round, found=(), wang="here", li="absent", **fields) -> Visit:
    """Enter the sheet of 石桥村."""
    seen = [Seen(world.wang_posting, wang), Seen(world.li_posting, li)]
    return rounds.enter_visit(
        visit=sheet(held, world.shiqiao), fields={"witness": "村主任"} | fields, seen=seen, found=list(found), key=uuid4(),
        by=world.inspector, at=at(held.held_on),
    )  # fmt: skip


def absence(world, day: date = DAY) -> Finding:
    """李敏 found absent in a round of that day."""
    enter(world, plan(world, day))
    return Finding.objects.select_related("round").get(found_on=day)


def ordered(world, finding: Finding, due: date | None = None) -> Correction:
    """Something to be put right about it."""
    return findings.order_correction(
        round=finding.round, finding=finding, text="乡镇约见本人，核实考勤", due=due, by=world.inspector, at=at(finding.found_on)
    )  # fmt: skip


def replied(world, correction: Correction, by=None) -> Correction:
    """金桥镇 says what was done."""
    return findings.reply(correction=correction, text="已约见，考勤已更正", by=by or world.clerk_jin, at=at(hour=15))


def done(world, correction: Correction) -> Correction:
    """Verified by the inspector."""
    return findings.verify(correction=correction, accepted=True, text="属实", by=world.inspector, at=at(hour=16))


def leave(world, day: date = DAY, kind: str = "meeting"):
    """李敏's approved notice for that day."""
    fields = {"kind": kind, "reason": "到县里开会", "place": "县城"}
    return leaves.record(
        posting=world.li_posting, first=day, last=day, fields=fields, level="county", approved_on=day, by=world.clerk_jin, at=at(day, 8)
    )  # fmt: skip


def manager_finding(world, held: Round, source: str = "test:1") -> Finding:
    """What 金桥镇 owes, in the ledger."""
    debt = Found("other", "11月出勤到期没有确认", township=world.jinqiao, manager=True, source=source)
    return findings.add_findings(round=held, found=[debt], by=world.office, at=at())[0]
