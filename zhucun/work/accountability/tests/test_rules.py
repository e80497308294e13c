"""The ladder, who approves, how a case moves; every status has an owner and a way on."""

from datetime import date

import pytest

from zhucun.base.access.permissions import Permission
from zhucun.work.accountability.rules import (
    OWNERS,
    PATHS,
    TRANSITIONS,
    AccountabilityPolicy,
    CaseStatus,
    Consequence,
    Level,
    Measure,
    RecallPath,
    after_absences,
    banned_until,
    deadline,
    heard_first,
    heavier,
    levels,
    next_level,
)

NUMBERS = AccountabilityPolicy()


@pytest.mark.parametrize(("n", "measure"), [(0, None), (1, "reminder"), (2, "interview"), (3, "recall"), (4, "recall")])
def test_the_ladder_of_absences(n, measure):
    assert after_absences(n, NUMBERS) == measure


def test_a_county_may_lay_nothing_on_the_first_absence():
    assert after_absences(1, AccountabilityPolicy(first_absence=Consequence.NOTHING)) is None


@pytest.mark.parametrize(
    ("measure", "oral", "asked"),
    [
        (Measure.REMINDER, True, ()),
        (Measure.REMINDER, False, (Level.OFFICE,)),
        (Measure.INTERVIEW, False, (Level.OFFICE,)),
        (Measure.INTERVIEW, True, (Level.OFFICE,)),
        (Measure.RECALL, True, (Level.TOWNSHIP, Level.OFFICE, Level.ORGANISATION, Level.GROUP)),
    ],
)
def test_nobody_is_skipped_but_for_an_oral_reminder(measure, oral, asked):
    assert levels(measure, oral=oral, policy=NUMBERS) == asked


def test_every_way_of_approval_a_county_may_choose_is_known():
    assert set(PATHS) == set(RecallPath)
    assert all(
        levels(Measure.RECALL, oral=False, policy=AccountabilityPolicy(recall_approval=path)) for path in RecallPath
    )


def test_who_is_asked_next():
    path = PATHS[RecallPath.ALL]
    assert next_level(path, []) is Level.TOWNSHIP
    assert next_level(path, [Level.TOWNSHIP]) is Level.OFFICE
    assert next_level(path, list(path)) is None


def test_only_a_reminder_may_be_answered_afterwards():
    assert [one for one in Measure if not heard_first(one)] == [Measure.REMINDER]


def test_heavier_and_deadlines():
    assert heavier(Measure.RECALL, Measure.INTERVIEW)
    assert not heavier(Measure.REMINDER, Measure.REMINDER)
    day = date(2022, 12, 1)
    assert [deadline(one, day, NUMBERS).day for one in Measure] == [8, 11, 16]
    assert banned_until(date(2022, 9, 15), 24) == date(2024, 9, 15)


def test_every_status_stands_in_the_table_and_has_an_owner_or_is_the_end():
    assert set(TRANSITIONS) == set(CaseStatus)
    ends = {status for status, following in TRANSITIONS.items() if not following}
    assert ends == {CaseStatus.DISMISSED, CaseStatus.REVOKED}
    assert set(OWNERS) == set(CaseStatus) - ends - {
        CaseStatus.CLOSED
    }  # a closed file waits for nobody, but may be appealed against
    assert all(Permission(one) for owners in OWNERS.values() for one in owners)


def test_every_status_is_reached_from_a_draft():
    found, edge = set(), {CaseStatus.DRAFT}
    while edge:
        found |= edge
        edge = {after for before in edge for after in TRANSITIONS[before]} - found
    assert found == set(CaseStatus)
