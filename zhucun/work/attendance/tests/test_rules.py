"""What a mark counts as, who signs a leave, what a bubble of the book becomes; tables, without a database."""

from dataclasses import replace

import pytest

from zhucun.work.attendance import rules
from zhucun.work.attendance.rules import AttendancePolicy, LeaveStatus, Level, Trouble, steps

L, T, C = Level.LEADER, Level.TOWNSHIP, Level.COUNTY
POLICY = AttendancePolicy()


@pytest.mark.parametrize(
    ("days", "member", "leader"),
    [
        (1, (L,), (T,)),
        (2, (L, T), (T, C)),
        (3, (L, T), (T, C)),
        (4, (L, T, C), (T, C)),
        (30, (L, T, C), (T, C)),
    ],
)
def test_who_signs_by_days_and_role(days, member, leader):
    assert steps(days, is_leave=True, leads=False, policy=POLICY) == member
    assert steps(days, is_leave=True, leads=True, policy=POLICY) == leader


@pytest.mark.parametrize(("days", "leader"), [(1, (T,)), (3, (T,)), (4, (T, C))])
def test_where_leaders_do_not_go_higher_they_still_never_sign_for_themselves(days, leader):
    assert steps(days, is_leave=True, leads=True, policy=replace(POLICY, leader_goes_up=False)) == leader


@pytest.mark.parametrize("days", [1, 4, 40])
@pytest.mark.parametrize("leads", [True, False])
def test_a_notice_is_received_by_the_township_however_long(days, leads):
    assert steps(days, is_leave=False, leads=leads, policy=POLICY) == (T,)


@pytest.mark.parametrize(
    ("leader_days", "township_days", "days", "path"),
    [(0, 5, 1, (L, T)), (2, 5, 2, (L,)), (1, 5, 5, (L, T)), (1, 5, 6, (L, T, C)), (0, 0, 1, (L, T, C))],
)
def test_the_countys_numbers_move_the_steps(leader_days, township_days, days, path):
    policy = replace(POLICY, leader_days=leader_days, township_days=township_days)
    assert steps(days, is_leave=True, leads=False, policy=policy) == path


def test_every_status_has_its_way_on_and_three_have_none():
    assert set(rules.TRANSITIONS) == set(LeaveStatus)
    over = {status for status, further in rules.TRANSITIONS.items() if not further}
    assert over == {LeaveStatus.RETURNED, LeaveStatus.REFUSED, LeaveStatus.WITHDRAWN}
    reached = {LeaveStatus.ASKED}.union(*rules.TRANSITIONS.values())
    assert reached == set(LeaveStatus)


def test_a_row_of_marks_adds_up_and_days_out_of_post_belong_to_nothing():
    found = rules.tally("√√公培会事病休婚产丧调×·——")
    assert (found.present, found.counts_as, found.leave, found.rest, found.absent, found.blank) == (2, 3, 6, 1, 1, 1)
    assert found.counted == 5


@pytest.mark.parametrize(
    ("text", "symbol"), [("√", "√"), ("在村", "√"), (" v ", "√"), ("-", "—"), ("", "·"), ("年", "休"), ("?", None), ("√√", None)]
)  # fmt: skip
def test_a_symbol_is_understood_as_people_write_it(text, symbol):
    assert rules.symbol_of(text) == symbol


def test_every_other_spelling_means_a_symbol_of_the_sheet():
    assert set(rules.SPELLINGS.values()) <= {*rules.SYMBOLS, rules.BLANK}


def test_a_mark_stands_only_on_a_day_in_post_that_has_come():
    found = rules.troubles("√?√√—·", in_post=(1, 2, 4), last=3)
    assert found == {2: Trouble.UNKNOWN, 3: Trouble.NOT_IN_POST, 4: Trouble.NOT_YET}


def test_days_out_of_post_are_closed_with_a_dash_and_days_in_post_are_not():
    assert rules.closed("√—√", in_post=(1, 2)) == "√·—"


@pytest.mark.parametrize(
    ("option", "kind", "symbol", "asks"),
    [
        ("村", None, "√", ""),
        ("村", "公", "√", ""),
        ("村", "事", "√", "已批准请假，记录本却记在村"),
        ("视", None, "公", "没有报备单"),
        ("视", "培", "培", ""),
        ("视", "病", "公", "没有报备单"),
        ("假", "病", "病", ""),
        ("假", None, "事", "没有请假单"),
        ("假", "会", "事", "没有请假单"),
        ("休", None, "调", ""),
    ],
)
def test_a_bubble_becomes_a_symbol_by_the_leave_that_covers_the_day(option, kind, symbol, asks):
    assert rules.mark_for(option, kind) == (symbol, asks)
