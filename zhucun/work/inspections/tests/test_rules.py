"""Draws can be repeated, deadlines include their last day, a finding waits for one thing at a time; tables, no database."""

from datetime import date
from hashlib import sha256

import pytest

from zhucun.work.inspections.rules import (
    CorrectionStatus,
    FindingStatus,
    InspectionsPolicy,
    Turn,
    drawn,
    drawn_by_class,
    due_on,
    is_overdue,
    next_number,
    turn_of,
)

ORDERED, REPLIED, DONE = CorrectionStatus.ORDERED, CorrectionStatus.REPLIED, CorrectionStatus.DONE


@pytest.mark.parametrize(
    ("corrections", "turn"),
    [
        ([], Turn.ORDER), ([ORDERED], Turn.REPLY), ([REPLIED], Turn.VERIFY), ([DONE], Turn.CLOSE), ([DONE, ORDERED], Turn.REPLY), ([DONE, REPLIED], Turn.VERIFY),
        ([REPLIED, ORDERED], Turn.REPLY), ([DONE, DONE], Turn.CLOSE),
    ],
)  # fmt: skip
def test_an_open_finding_waits_for_the_first_thing_still_to_do(corrections, turn):
    assert turn_of(FindingStatus.OPEN, corrections) is turn


@pytest.mark.parametrize("state", [FindingStatus.CLOSED, FindingStatus.WITHDRAWN])
def test_a_finding_that_is_over_waits_for_nothing(state):
    assert turn_of(state, [ORDERED]) is None


@pytest.mark.parametrize(
    ("due", "done", "day", "late"),
    [
        (date(2022, 12, 7), None, date(2022, 12, 7), False),
        (date(2022, 12, 7), None, date(2022, 12, 8), True),
        (date(2022, 12, 7), date(2022, 12, 7), date(2023, 1, 1), False),
        (date(2022, 12, 7), date(2022, 12, 9), date(2023, 1, 1), True),
        (None, None, date(2023, 1, 1), False),
    ],
)
def test_the_last_day_is_still_in_time(due, done, day, late):
    assert is_overdue(due, done, day) is late


def test_a_deadline_counts_the_policys_days():
    assert due_on(date(2022, 12, 1), InspectionsPolicy(correction_days=15)) == date(2022, 12, 16)


def test_numbers_of_a_year_have_no_gap():
    assert [next_number([]), next_number([1, 2]), next_number([2, None])] == [1, 3, 1]


POOL = [f"4304261{n:05}" for n in range(40)]


def test_the_same_pool_and_seed_give_the_same_villages_whoever_draws():
    assert drawn(POOL, 5, "a1b2") == drawn(reversed(POOL), 5, "a1b2")
    assert drawn(POOL, 5, "a1b2") != drawn(POOL, 5, "a1b3")


def test_anybody_can_repeat_it_by_hand():
    by_hand = sorted(POOL, key=lambda code: sha256(f"seed|model|{code}".encode()).hexdigest())[:3]
    assert drawn_by_class({"model": POOL}, {"model": 3}, "seed") == by_hand


def test_every_village_is_drawn_about_as_often_as_any_other():
    counts = dict.fromkeys(POOL, 0)
    for seed in range(4000):
        for code in drawn(POOL, 4, str(seed)):
            counts[code] += 1
    assert all(300 < n < 500 for n in counts.values())  # 400 expected, five standard deviations either way


def test_adding_a_village_to_the_pool_does_not_shuffle_the_others():
    before = drawn(POOL, 40, "x")
    after = [code for code in drawn([*POOL, "430426999999"], 41, "x") if code != "430426999999"]
    assert before == after
