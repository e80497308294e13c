"""Every step of every process of rules.TRANSITIONS, tried by every role through the actions; and every step not in the table, by those who may do most."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from tests.cast import account
from zhucun.base.access.permissions import ROLES, Permission, Role
from zhucun.work.inspections.actions import circulars, findings, rounds
from zhucun.work.inspections.models import Circular
from zhucun.work.inspections.rules import (
    OWNERS,
    TRANSITIONS,
    CircularStatus,
    CorrectionStatus,
    FindingStatus,
    RoundStatus,
)
from zhucun.work.inspections.tests.story import DAY, absence, at, done, enter, ordered, plan, replied, staff

Act = Callable[..., object]
NOON = at(date(2022, 12, 7), 12)
ROUND, FINDING, CORRECTION, CIRCULAR = RoundStatus, FindingStatus, CorrectionStatus, CircularStatus

ASKS: dict[tuple, str] = {
    (ROUND.PLANNED, ROUND.UNDERWAY): "inspections.plan",
    (ROUND.PLANNED, ROUND.CANCELLED): "inspections.plan",
    (ROUND.UNDERWAY, ROUND.CLOSED): "inspections.plan",
    (ROUND.CLOSED, ROUND.UNDERWAY): "inspections.plan",
    (FINDING.OPEN, FINDING.CLOSED): "inspections.close",
    (FINDING.OPEN, FINDING.WITHDRAWN): "inspections.close",
    (FINDING.CLOSED, FINDING.OPEN): "inspections.close",
    (CORRECTION.ORDERED, CORRECTION.REPLIED): "inspections.reply",
    (CORRECTION.REPLIED, CORRECTION.DONE): "inspections.verify",
    (CORRECTION.REPLIED, CORRECTION.ORDERED): "inspections.verify",
    (CORRECTION.DONE, CORRECTION.ORDERED): "inspections.order",
    (CIRCULAR.DRAFT, CIRCULAR.REVIEW): "inspections.circular_draft",
    (CIRCULAR.REVIEW, CIRCULAR.SIGNING): "inspections.circular_review",
    (CIRCULAR.REVIEW, CIRCULAR.DRAFT): "inspections.circular_review",
    (CIRCULAR.SIGNING, CIRCULAR.ISSUED): "inspections.circular_sign",
    (CIRCULAR.SIGNING, CIRCULAR.DRAFT): "inspections.circular_sign",
}
"""The permission each step asks for; a step added to the table without one fails the test below."""
STEPS = [(kind, before, after) for kind, table in TRANSITIONS.items() for before in table for after in table[before]]
NOT_STEPS = [
    (kind, before, after) for kind, table in TRANSITIONS.items() for before in table for after in table
    if before != after and after not in table[before]
]  # fmt: skip


@pytest.fixture
def everyone(world):
    """One account of every role, in 金桥镇, 石桥村 and the units of those who serve there."""
    staff(world)
    areas = {
        "county": world.county,
        "township": world.jinqiao,
        "unit": world.farming,
        "village": world.shiqiao,
        "": None,
    }
    world.as_role = {
        role: account(world, f"as_{role}", spec.label, role, areas[spec.area]) for role, spec in ROLES.items()
    }
    return world


def round_at(world, state: RoundStatus):
    when = {"by": world.inspector, "at": at()}
    if state is ROUND.PLANNED or state is ROUND.CANCELLED:
        held = rounds.plan_round(county=world.county, held_on=DAY, method="open", group="", purpose="", **when)
        rounds.choose_villages(round=held, villages=[world.shiqiao], **when)
        return rounds.move_round(round=held, to="cancelled", reason="x", **when) if state is ROUND.CANCELLED else held
    held = plan(world)
    enter(world, held)
    return rounds.move_round(round=held, to="closed", **when) if state is ROUND.CLOSED else held


def finding_at(world, state: FindingStatus):
    row, when = absence(world), {"by": world.deputy, "at": at()}
    if state is FINDING.CLOSED:
        return findings.close_finding(finding=row, text="到位", **when)
    return findings.withdraw_finding(finding=row, text="不属实", **when) if state is FINDING.WITHDRAWN else row


def correction_at(world, state: CorrectionStatus):
    row = ordered(world, absence(world))
    if state is not CORRECTION.ORDERED:
        row = replied(world, row)
    return done(world, row) if state is CORRECTION.DONE else row


def circular_at(world, state: CircularStatus):
    when = {"by": world.deputy, "at": at(hour=16)}
    row = circulars.draft_circular(
        county=world.county, rounds=[absence(world).round], title="关于12月督查情况的通报", body="一、总体情况\n抽查 1 村。",
        townships=[world.jinqiao], units=[], **when,
    )  # fmt: skip
    order = [CIRCULAR.DRAFT, CIRCULAR.REVIEW, CIRCULAR.SIGNING, CIRCULAR.ISSUED]
    steps = [
        partial(circulars.submit, circular=row, **when),
        partial(circulars.review, circular=row, agreed=True, remark="", by=world.inspector, at=at(hour=17)),
        partial(circulars.sign, circular=row, agreed=True, remark="", by=world.leader_county, at=at(hour=18)),
    ]
    for step in steps[: order.index(state)]:
        step()
    return Circular.objects.get(pk=row.pk)


MAKE = {ROUND: round_at, FINDING: finding_at, CORRECTION: correction_at, CIRCULAR: circular_at}


def step_of(row, kind, before, after) -> Act:
    """The action that takes a row from one state to the other; what would take it there where there is none."""
    if kind is ROUND:
        return partial(rounds.move_round, round=row, to=after, reason="理由")
    if kind is FINDING:
        act = {
            FINDING.CLOSED: findings.close_finding, FINDING.WITHDRAWN: findings.withdraw_finding, FINDING.OPEN: findings.reopen_finding,
        }[after]  # fmt: skip
        return partial(act, finding=row, text="理由")
    if kind is CORRECTION:
        if after is CORRECTION.REPLIED:
            return partial(findings.reply, correction=row, text="已改")
        if after is CORRECTION.DONE or before is CORRECTION.REPLIED:
            return partial(findings.verify, correction=row, accepted=after is CORRECTION.DONE, text="核实")
        return partial(findings.reopen_correction, correction=row, text="理由")
    if after is CIRCULAR.REVIEW:
        return partial(circulars.submit, circular=row)
    if after is CIRCULAR.ISSUED or before is CIRCULAR.SIGNING:
        return partial(circulars.sign, circular=row, agreed=after is CIRCULAR.ISSUED, remark="意见")
    return partial(circulars.review, circular=row, agreed=after is CIRCULAR.SIGNING, remark="意见")


def test_every_step_has_its_permission_and_every_owner_is_one():
    assert set(ASKS) == {(before, after) for _, before, after in STEPS}
    assert len(ASKS) == len(STEPS)
    names = {str(one) for one in Permission}
    assert set(ASKS.values()) <= names
    assert {name for table in OWNERS.values() for name in table.values()} <= names


def test_whoever_owns_a_state_can_move_it_on_or_act_in_it():
    """A state with an owner has a step that asks for the owner's permission, or is left by doing the owner's work in it."""
    work_inside = {ROUND.UNDERWAY: "inspections.enter", CIRCULAR.ISSUED: "inspections.circular_receive"}
    for kind, owners in OWNERS.items():
        for state, name in owners.items():
            asked = {ASKS[state, after] for after in TRANSITIONS[kind][state]}
            assert name in asked or work_inside.get(state) == name


@pytest.mark.parametrize(("kind", "before", "after"), STEPS, ids=str)
def test_a_step_is_taken_by_those_roles_that_hold_its_permission_and_by_no_other(everyone, kind, before, after):
    row = MAKE[kind](everyone, before)
    expected = {role for role, spec in ROLES.items() if ASKS[before, after] in spec.may}
    took = set()
    for role in Role:
        try:
            with transaction.atomic():
                moved = step_of(row, kind, before, after)(by=everyone.as_role[role], at=NOON)
                assert moved.state == after.value
                took.add(role)
                transaction.set_rollback(True)  # every role tries the same row
        except PermissionDenied:
            pass
        row.refresh_from_db()
        assert row.state == before.value
    assert took == expected
    assert took


@pytest.mark.parametrize(("kind", "before", "after"), NOT_STEPS, ids=str)
def test_a_step_that_is_not_in_the_table_is_refused_with_a_sentence_to_everybody(everyone, kind, before, after):
    row = MAKE[kind](everyone, before)
    act = step_of(row, kind, before, after)
    for role in (Role.OFFICE, Role.INSPECTOR, Role.TOWNSHIP, Role.UNIT, Role.COUNTY_LEADER):
        with pytest.raises((ValidationError, PermissionDenied)), transaction.atomic():
            act(by=everyone.as_role[role], at=NOON)
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        act(by=everyone.caretaker, at=NOON)
    assert all("，" in message or "。" in message for message in refusal.value.messages)
    row.refresh_from_db()
    assert row.state == before.value


@pytest.mark.parametrize("name", ["clerk_niao", "leader_zhao", "contact_police", "member_li", "stranger"])
def test_nobody_of_elsewhere_replies(everyone, name):
    row = ordered(everyone, absence(everyone))
    with pytest.raises(PermissionDenied):
        findings.reply(correction=row, text="已改", by=getattr(everyone, name), at=NOON)


def test_who_replied_does_not_verify(everyone):
    """An account of the office that holds a township's duty as well."""
    from zhucun.base.access import actions as access

    access.grant(user=everyone.deputy, role="township", area=everyone.jinqiao, start=DAY, end=None, by=everyone.caretaker, at=at())  # fmt: skip
    everyone.deputy.__dict__.pop("_duties", None)
    row = replied(everyone, ordered(everyone, absence(everyone)), by=everyone.deputy)
    with pytest.raises(PermissionDenied, match="以外的人"):
        findings.verify(correction=row, accepted=True, text="属实", by=everyone.deputy, at=NOON)
