"""Hints about a month: each by a small table without a database, then gathered from what the rooms know."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from tests.cast import NOW, TODAY
from zhucun.work.attendance.actions import leaves, marks
from zhucun.work.attendance.hints.checking import found
from zhucun.work.attendance.hints.gathering import hints_of
from zhucun.work.attendance.hints.sheet import ADVICE, Code, Fact, Line, Sheet, Slip
from zhucun.work.attendance.roster import month_named
from zhucun.work.attendance.rules import AttendancePolicy
from zhucun.work.teams.models import Team

NOVEMBER = date(2022, 11, 1)  # a Tuesday
REST = frozenset({5, 6, 12, 13, 19, 20, 26, 27})
USUAL = "".join("调" if day in REST else "√" for day in range(1, 31))
ALL = frozenset(range(1, 31))
WANG, LI = UUID(int=1), UUID(int=2)


def line(marks=USUAL, who=WANG, name="王立新", **more):
    return Line(who, name, marks, more.pop("in_post", ALL), **more)


def sheet(*lines, **more):
    return Sheet(NOVEMBER, lines, REST, **more)


def codes(*lines, **more):
    return [hint.code for hint in found(sheet(*lines, **more))]


def put(day, symbol, marks=USUAL):
    return marks[: day - 1] + symbol + marks[day:]


def run(first, last, symbol, marks=USUAL):
    for day in range(first, last + 1):
        marks = put(day, symbol, marks)
    return marks


def only(*lines, **more):
    hints = found(sheet(*lines, **more))
    assert len(hints) == 1, hints
    return hints[0]


OTHER = line(who=LI, name="李敏")


def test_an_ordinary_month_gives_no_hint():
    assert codes(line(), OTHER) == []


@pytest.mark.parametrize(
    ("marks", "slips", "code", "days", "says"),
    [
        (USUAL, [Slip("事", frozenset({8, 9}))], Code.COVERED, (8, 9), "王立新11月8–9日有事假，却记在村。"),
        (USUAL, [Slip("公", frozenset({8}))], Code.COVERED, (8,), "王立新11月8日有因公外出（报备），却记在村。"),
        (put(8, "事"), [], Code.NO_SLIP, (8,), "王立新11月8日记事假，没有已批准的请假单。"),
        (put(9, "病", put(8, "事")), [], Code.NO_SLIP, (8, 9), "王立新11月8日记事假、9日记病假，没有已批准的请假单。"),
        (put(8, "病"), [Slip("事", frozenset({8}))], Code.OTHER_KIND, (8,), "王立新11月8日记病假，批的是事假。"),
        (put(8, "公"), [], Code.NO_NOTICE, (8,), "王立新11月8日记因公外出，没有报备单。"),
        (
            put(8, "事"),
            [Slip("事", frozenset({8}), overdue=True)],
            Code.NOT_BACK,
            (8,),
            "王立新的事假11月8日到期，还没有销假。",
        ),
        ("√" * 30, [], Code.NEVER_AWAY, tuple(sorted(REST)), "王立新全月 30 天都记在岗，包括 8 个休息日。"),
    ],
)
def test_what_one_line_says(marks, slips, code, days, says):
    hint = only(line(marks, slips=tuple(slips)), OTHER)
    assert (hint.code, hint.days, hint.sentence, hint.person) == (code, days, says, WANG)
    assert hint.advice


@pytest.mark.parametrize(
    ("marks", "slips"),
    [
        (put(8, "事"), [Slip("事", frozenset({8}))]),
        (put(8, "公"), [Slip("公", frozenset({8}))]),
        (run(11, 14, "事", USUAL), [Slip("事", frozenset({11, 12, 13, 14}))]),
        (put(8, "公"), [Slip("公", frozenset({8}), overdue=True)]),  # a notice needs no 销假
    ],
)
def test_marks_that_agree_with_their_slips_are_quiet(marks, slips):
    assert codes(line(marks, slips=tuple(slips)), OTHER) == []


def test_nobody_on_duty_is_told_for_working_days_wholly_recorded():
    away = Slip("事", frozenset({8, 9}))
    both = [line(run(8, 9, "事"), slips=(away,)), line(run(8, 9, "事"), LI, "李敏", slips=(away,))]
    hint = only(*both)
    assert (hint.code, hint.days, hint.person) == (Code.ALONE, (8, 9), None)
    assert codes(both[0], line(run(8, 9, "·"), LI, "李敏")) == []
    assert codes(*both, policy=AttendancePolicy(on_duty=0)) == []
    assert codes(both[0], line(in_post=ALL - {9}, who=LI, name="李敏", marks=put(9, "—"))) == [Code.ALONE]


def test_two_lines_alike_count_only_where_the_calendar_does_not_explain_them():
    odd = put(22, "调", put(16, "调", put(8, "调")))
    few = AttendancePolicy(days_a_month=10)
    assert codes(line(odd), line(odd, LI, "李敏"), policy=few) == [Code.ALONE, Code.ALIKE]
    assert codes(line(put(8, "调")), line(put(9, "调"), LI, "李敏")) == []
    assert codes(line(), OTHER) == []  # at work on working days, away on days of rest, like everybody


def test_the_same_weekday_for_three_months_and_no_swap():
    def fridays(month, days):
        return "".join("调" if date(2022, month, day).weekday() in (4, 5, 6) else "√" for day in range(1, days + 1))

    now, past = fridays(11, 30), ((date(2022, 10, 1), fridays(10, 31)), (date(2022, 9, 1), fridays(9, 30)))
    few = AttendancePolicy(days_a_month=10)
    hint = only(line(now, earlier=past), OTHER, policy=few)
    assert (hint.code, hint.days) == (Code.SAME_WEEKDAY, (4, 11, 18, 25))
    assert "连续 3 个月每个周五都不在村" in hint.sentence
    assert codes(line(now, earlier=past[:1]), OTHER, policy=few) == []
    assert codes(line(put(11, "√", now), earlier=past), OTHER, policy=few) == []


def test_somebody_on_leave_for_months_is_no_pattern():
    away = "产" * 30
    past = ((date(2022, 10, 1), "产" * 31), (date(2022, 9, 1), "产" * 30))
    assert Code.SAME_WEEKDAY not in codes(line(away, earlier=past, slips=(Slip("产", ALL),)), OTHER)


def test_far_more_than_the_middle_of_the_township():
    others = (35, 34, 36, 33, 61)
    assert codes(line(quarter=61), OTHER, others=others) == [Code.FAR_MORE]
    assert codes(line(quarter=55), OTHER, others=others) == []  # less than 1.6 times 35
    assert codes(line(quarter=24), OTHER, others=(10, 10, 10, 10, 24)) == []  # not 15 days more
    assert codes(line(quarter=61), OTHER, others=others[:4]) == []
    assert codes(line(), OTHER, others=others) == []


def test_marks_out_of_post_and_fewer_days_than_wanted():
    assert codes(line(in_post=ALL - {30}), OTHER) == [Code.OUT_OF_POST]
    few = run(14, 18, "调")
    hint = only(line(few), OTHER)
    assert (hint.code, hint.is_information) == (Code.BELOW, True)
    assert codes(line(put(30, "·", few)), OTHER) == []
    assert codes(line(few, in_post=ALL), OTHER, policy=AttendancePolicy(days_a_month=15)) == []


def test_a_fact_from_another_room_that_contradicts_a_mark():
    def said(day, present, marks=USUAL):
        return found(sheet(line(marks), OTHER, facts=(Fact(WANG, date(2022, 11, day), present, "督查 DC-12"),)))

    assert [hint.sentence for hint in said(8, False)] == ["王立新11月8日记在村，督查 DC-12记录不在岗。"]
    assert said(8, True) == []
    assert [hint.code for hint in said(8, True, put(8, "调"))] == [Code.SAID_OTHERWISE]
    assert said(8, False, put(8, "·")) == []
    assert found(sheet(line(), OTHER, facts=(Fact(WANG, date(2022, 10, 8), False, "督查"),))) == []


def test_every_hint_has_advice_and_a_key_of_its_own():
    assert set(ADVICE) == set(Code)
    hints = found(sheet(line(put(8, "事")), line(put(8, "事"), LI, "李敏")))
    assert len({hint.key for hint in hints}) == len(hints)
    again = found(replace(sheet(line(put(8, "事")), line(put(8, "事"), LI, "李敏"))))
    assert [hint.key for hint in again] == [hint.key for hint in hints]


# -- gathered ---------------------------------------------------------------------------------------------------------

MONTH = month_named("2022-11")


def seen(world, month=MONTH):
    teams = list(Team.objects.filter(pk=world.team_shiqiao.pk).select_related("village__township", "county"))
    return hints_of(teams, month, TODAY)[world.team_shiqiao.pk]


def fill(world, wang, li, month=MONTH):
    rows = {world.wang.pk: wang, world.li.pk: li}
    marks.fill(team=world.team_shiqiao, month=month, rows=rows, by=world.clerk_jin, at=NOW)


def test_slips_are_matched_and_those_not_ended_are_told(world):
    fill(world, put(8, "事"), USUAL)
    assert [hint.code for hint in seen(world)] == [Code.NO_SLIP]
    by = {"by": world.clerk_jin, "at": NOW}
    slip = leaves.record(posting=world.wang_posting, first=date(2022, 11, 8), last=date(2022, 11, 8), level="county",
                         fields={"kind": "personal", "reason": "家事"}, approved_on=date(2022, 11, 7), **by)  # fmt: skip
    assert [hint.code for hint in seen(world)] == [Code.NOT_BACK]
    leaves.give_back(leave=slip, returned_on=date(2022, 11, 9), **by)
    assert seen(world) == []


def test_a_slip_that_was_extended_is_not_overdue(world):
    fill(world, run(8, 9, "事"), USUAL)
    by = {"by": world.clerk_jin, "at": NOW, "level": "county", "approved_on": date(2022, 11, 7)}
    common = {"posting": world.wang_posting, "fields": {"kind": "personal", "reason": "家事"}}
    first = leaves.record(first=date(2022, 11, 8), last=date(2022, 11, 8), **common, **by)
    leaves.record(first=date(2022, 11, 9), last=date(2022, 11, 9), extends=first, **common, **by)
    assert [hint.days for hint in seen(world)] == [(9,)]


def test_the_months_before_are_looked_at(world):
    for name in ("2022-09", "2022-10", "2022-11"):
        month = month_named(name)
        days = range(1, month.until.day + 1)
        rows = "".join("调" if month.start.replace(day=day).weekday() in (4, 5, 6) else "√" for day in days)
        fill(world, rows, "√" * len(rows), month)
    assert Code.SAME_WEEKDAY in [hint.code for hint in seen(world)]


def absent_on_the_eighth(team, month):
    """A room's function, as the settings name it: facts, or plain tuples in their order."""
    posting = team.postings.get(role="first_secretary")
    yield (posting.person_id, month.start.replace(day=8), False, "督查 DC-12")


def test_another_room_tells_what_it_knows(world, settings):
    fill(world, USUAL, USUAL)
    assert seen(world) == []
    settings.ZHUCUN_PRESENCE = [f"{__name__}.absent_on_the_eighth"]
    assert [hint.code for hint in seen(world)] == [Code.SAID_OTHERWISE]


def test_hints_for_many_teams_cost_the_same(world, settings, django_assert_max_num_queries):
    settings.ZHUCUN_PRESENCE = []
    teams = list(Team.objects.select_related("village__township", "county"))
    with django_assert_max_num_queries(6):
        hints_of(teams, MONTH, TODAY)
