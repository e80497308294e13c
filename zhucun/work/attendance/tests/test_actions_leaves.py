"""Leave goes up its ladder step by step, is extended, given back and taken back; nobody decides about themselves."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import AT, NOW, account
from zhucun.base.access.permissions import Role as R
from zhucun.base.journal.journal import history
from zhucun.base.people import actions as people
from zhucun.base.policy import actions as policies
from zhucun.work.attendance import ladder
from zhucun.work.attendance.actions import leaves
from zhucun.work.attendance.ladder import next_level, path_of
from zhucun.work.attendance.models import Decision, Leave
from zhucun.work.attendance.rules import Level
from zhucun.work.teams import actions as teams

L, T, C = Level.LEADER, Level.TOWNSHIP, Level.COUNTY
TODAY = NOW.date()
FIELDS = {"kind": "personal", "reason": "家中有事"}


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def staffed(world) -> SimpleNamespace:
    """The cast with an account for 王立新, who leads 石桥村."""
    world.leader_wang = account(world, "leader_wang", "王立新")
    teams.give_account(person=world.wang, user=world.leader_wang, by=world.caretaker, at=AT)
    world.wang.refresh_from_db()
    world.wang_posting.refresh_from_db()
    return world


def ask(world, days=1, start=date(2022, 12, 12), who="li", **changes) -> Leave:
    posting = getattr(world, f"{who}_posting")
    by = {"li": world.member_li, "wang": getattr(world, "leader_wang", None)}[who]
    fields = FIELDS | {key: value for key, value in changes.items() if key in leaves.FIELDS}
    extra = {key: value for key, value in changes.items() if key not in leaves.FIELDS}
    last = start + timedelta(days=days - 1)
    return leaves.ask(
        **{"posting": posting, "first": start, "last": last, "fields": fields, "by": by, "at": NOW} | extra
    )


def record(world, days=1, start=date(2022, 11, 7), who="li", level="county", **changes) -> Leave:
    last = start + timedelta(days=days - 1)
    asked = {"posting": getattr(world, f"{who}_posting"), "first": start, "last": last, "fields": FIELDS, "level": level,
             "approved_on": start, "by": world.clerk_jin, "at": NOW}  # fmt: skip
    return leaves.record(**asked | changes)


def decide(leave, by, agreed=True, opinion="", **changes) -> Leave:
    """One signature, a minute after the one before."""
    moment = NOW + timedelta(minutes=Decision.objects.count())
    return leaves.decide(leave=leave, agreed=agreed, opinion=opinion, by=by, at=moment, **changes)


# -- the ladder ---------------------------------------------------------------------------------------------------


def test_one_day_is_the_leaders_to_approve(staffed):
    leave = ask(staffed)
    assert (leave.number, leave.status, path_of(leave, TODAY)) == ("QJ2022-0001", "asked", (L,))
    leave = decide(leave, staffed.leader_wang)
    assert (leave.status, leave.level, leave.approved_on) == ("approved", "leader", TODAY)
    assert [entry.action for entry in history(leave)] == ["leave.decided", "leave.asked"]


def test_four_days_go_from_leader_over_township_to_county_in_turn(staffed):
    leave = ask(staffed, days=4)
    for by in (staffed.clerk_jin, staffed.office):
        with pytest.raises(PermissionDenied):
            decide(leave, by)
    for level, by in ((L, staffed.leader_wang), (T, staffed.clerk_jin), (C, staffed.office)):
        assert next_level(leave, TODAY) == level
        leave = decide(leave, by)
    assert (leave.status, leave.level, next_level(leave, TODAY)) == ("approved", "county", None)
    assert [one.level for one in Decision.objects.all()] == ["leader", "township", "county"]


def test_a_team_without_a_leader_who_can_sign_goes_to_the_township(world):
    leave = ask(world)
    found = ladder.ladder_of(leave, TODAY)
    assert (found.path, found.turn, found.leaderless, found.needed) == ((T,), T, True, L)
    assert decide(leave, world.clerk_jin).level == "township"


def test_a_leader_on_leave_is_not_waited_for_but_one_on_an_errand_is(staffed):
    record(staffed, start=date(2022, 12, 5), days=5, who="wang")
    leave = ask(staffed, start=date(2022, 12, 20))
    assert path_of(leave, date(2022, 12, 4)) == (L,)
    assert path_of(leave, date(2022, 12, 7)) == (T,)
    Leave.objects.filter(person=staffed.wang).update(kind="duty")
    assert path_of(leave, date(2022, 12, 7)) == (L,)


def test_a_leader_who_left_after_signing_is_not_asked_again_and_none_is_waited_for(staffed):
    leave = ask(staffed, days=2)
    decide(leave, staffed.leader_wang)
    teams.end_posting(posting=staffed.wang_posting, last_day=date(2022, 12, 6), ending="transfer", reason="轮换",
                      by=staffed.caretaker, at=NOW)  # fmt: skip
    assert next_level(leave, TODAY) == T
    assert decide(leave, staffed.clerk_jin, opinion="村里由支部书记值守").status == "approved"


def test_a_turn_never_goes_back_down_when_a_leader_comes(world):
    leave = ask(world, days=4)
    decide(leave, world.clerk_jin)
    world.leader_wang = account(world, "leader_wang", "王立新")
    teams.give_account(person=world.wang, user=world.leader_wang, by=world.caretaker, at=AT)
    assert path_of(leave, TODAY) == (L, T, C)
    assert next_level(leave, TODAY) == C


def test_a_leaders_leave_goes_one_level_up_and_never_to_themselves(staffed):
    assert path_of(ask(staffed, who="wang"), TODAY) == (T,)
    leave = ask(staffed, who="wang", days=2, start=date(2022, 12, 20))
    assert path_of(leave, TODAY) == (T, C)
    with pytest.raises(PermissionDenied, match="本人不能"):
        decide(leave, staffed.leader_wang)


def test_nobody_decides_about_their_own_leave_whatever_else_they_are(staffed):
    from zhucun.base.access import actions as access

    access.grant(user=staffed.member_li, role=R.TOWNSHIP, area=staffed.jinqiao, start=date(2022, 1, 1), end=None,
                 by=staffed.caretaker, at=AT)  # fmt: skip
    leave = ask(staffed, days=2)
    decide(leave, staffed.leader_wang)
    staffed.member_li.__dict__.pop("_duties", None)
    with pytest.raises(PermissionDenied, match="本人不能"):
        decide(leave, staffed.member_li)
    assert ladder.waiting_for(staffed.member_li, TODAY) == []


def test_a_notice_is_received_by_the_township(staffed):
    with pytest.raises(ValidationError, match="地点"):
        ask(staffed, kind="duty", days=5)
    leave = ask(staffed, kind="duty", days=5, place="县水利局", document="县水利局通知")
    assert path_of(leave, TODAY) == (T,)
    assert decide(leave, staffed.clerk_jin).is_notice


def test_another_townships_clerk_may_not_decide(staffed):
    leave = ask(staffed, days=2)
    decide(leave, staffed.leader_wang)
    with pytest.raises(PermissionDenied):
        decide(leave, staffed.clerk_niao)


def test_the_numbers_of_the_day_it_begins_decide(staffed):
    policies.set_parameter(key="attendance.township_days", value="5", start=date(2022, 12, 15), area="", clause=None,
                           by=staffed.office, at=NOW)  # fmt: skip
    assert path_of(ask(staffed, days=4, start=date(2022, 12, 10)), TODAY) == (L, T, C)
    assert path_of(ask(staffed, days=4, start=date(2022, 12, 20)), TODAY) == (L, T)


def test_refusing_needs_a_reason_and_ends_it(staffed):
    leave = ask(staffed)
    with pytest.raises(ValidationError, match="不同意请写明理由"):
        decide(leave, staffed.leader_wang, agreed=False)
    leave = decide(leave, staffed.leader_wang, agreed=False, opinion="年底检查，请改期")
    assert (leave.status, leave.approved_on, leave.level) == ("refused", None, "")
    assert ask(staffed).number == "QJ2022-0002"


def test_two_people_at_one_slip_the_second_is_told_and_signs_for_nobody(staffed):
    leave = ask(staffed, days=2)
    decide(leave, staffed.leader_wang, turn="leader")
    with pytest.raises(ValidationError, match="王立新刚刚办过（队长同意），现在等乡镇办理"):
        decide(leave, staffed.leader_wang, turn="leader")
    other = account(staffed, "clerk_two", "金桥副职", R.TOWNSHIP, staffed.jinqiao)
    decide(leave, staffed.clerk_jin, turn="township")
    with pytest.raises(ValidationError, match="已批准（金桥经办人，乡镇同意），不用再批"):
        decide(leave, other, agreed=False, opinion="不行", turn="township")
    assert Decision.objects.count() == 2


def test_a_diagnosis_is_seen_but_kept_for_sick_leave_only(staffed):
    assert decide(ask(staffed, kind="sick"), staffed.leader_wang, certificate=True).certificate is True
    other = ask(staffed, start=date(2022, 12, 20))
    assert decide(other, staffed.leader_wang, certificate=True).certificate is False


# -- asking -------------------------------------------------------------------------------------------------------


def test_leave_is_asked_for_by_oneself(staffed):
    with pytest.raises(PermissionDenied, match="本人提出"):
        ask(staffed, by=staffed.leader_wang)
    with pytest.raises(PermissionDenied, match="本人提出"):
        ask(staffed, posting=staffed.zhao_posting)


def test_a_slip_of_long_ago_is_written_down_by_the_township(staffed):
    with pytest.raises(ValidationError, match="2022-09-07 已经过去太久"):
        ask(staffed, start=date(2022, 9, 7))
    assert ask(staffed, start=date(2022, 9, 8)).days == 1
    assert record(staffed, start=date(2022, 9, 7)).days == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days": 0}, "结束日期早于开始日期"),
        ({"days": 401}, "401 天，请检查日期"),
        ({"start": date(2021, 5, 19)}, "超出了任职的时间"),
        ({"reason": "  "}, "写明事由"),
    ],
)
def test_a_slip_that_cannot_stand_is_refused_with_its_reason(staffed, changes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        ask(staffed, **changes)
    assert not Leave.objects.exists()


def test_days_that_overlap_another_slip_are_refused_but_not_a_refused_or_withdrawn_one(staffed):
    first = ask(staffed, days=3)
    with pytest.raises(ValidationError, match=r"和已有的“李敏 事假（2022-12-12 至 2022-12-14）”日期重叠"):
        ask(staffed, days=2, start=date(2022, 12, 14))
    leaves.withdraw(leave=first, reason="", by=staffed.member_li, at=NOW)
    assert ask(staffed, days=2, start=date(2022, 12, 14)).status == "asked"


def test_numbers_go_on_within_the_year_and_past_four_digits(staffed):
    first = ask(staffed)
    Leave.objects.filter(pk=first.pk).update(number="QJ2022-9999")
    assert ask(staffed, start=date(2022, 12, 20)).number == "QJ2022-10000"
    assert ask(staffed, start=date(2022, 12, 22)).number == "QJ2022-10001"


# -- 续假 ----------------------------------------------------------------------------------------------------------


def test_an_extension_is_judged_by_the_whole_absence(staffed):
    first = decide(decide(ask(staffed, days=2), staffed.leader_wang), staffed.clerk_jin)
    more = ask(staffed, days=2, start=date(2022, 12, 14), extends=first)
    found = ladder.ladder_of(more, TODAY)
    assert (found.days, found.path) == (4, (L, T, C))


def test_what_goes_on_without_a_day_between_is_an_extension_even_if_nobody_says_so(staffed):
    first = ask(staffed, days=2)
    more = ask(staffed, days=2, start=date(2022, 12, 14))
    assert more.extends == first
    assert path_of(more, TODAY) == (L, T, C)
    before = ask(staffed, days=1, start=date(2022, 12, 11))
    assert before.extends is None
    assert ladder.ladder_of(before, TODAY).days == 5
    errand = ask(staffed, days=1, start=date(2022, 12, 16), kind="training", place="县委党校")
    assert errand.extends is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start": date(2022, 12, 16)}, "次日（2022-12-14）开始"),
        ({"kind": "meeting", "place": "县里"}, "不能互相续"),
    ],
)
def test_an_extension_goes_on_from_its_own_sort_the_day_after(staffed, changes, sentence):
    first = ask(staffed, days=2)
    with pytest.raises(ValidationError, match=sentence):
        ask(staffed, **{"days": 1, "start": date(2022, 12, 14), "extends": first} | changes)


def test_nobody_extends_somebody_elses_or_a_refused_leave(staffed):
    theirs = ask(staffed, who="wang")
    with pytest.raises(ValidationError, match="本人在这支队"):
        ask(staffed, start=date(2022, 12, 13), extends=theirs)
    mine = decide(ask(staffed), staffed.leader_wang, agreed=False, opinion="改期")
    with pytest.raises(ValidationError, match="未批准，不能再续"):
        ask(staffed, start=date(2022, 12, 13), extends=mine)


def test_what_was_extended_is_given_back_and_withdrawn_at_its_end(staffed):
    first = decide(ask(staffed, start=TODAY), staffed.leader_wang)
    more = ask(staffed, start=date(2022, 12, 8), extends=first)
    with pytest.raises(ValidationError, match="请在续假的单子上销假"):
        leaves.give_back(leave=first, returned_on=TODAY, by=staffed.member_li, at=NOW)
    leaves.withdraw(leave=more, reason="", by=staffed.member_li, at=NOW)
    assert leaves.give_back(leave=first, returned_on=TODAY, by=staffed.member_li, at=NOW).status == "returned"
    first = ask(staffed, start=date(2022, 12, 20))
    ask(staffed, start=date(2022, 12, 21), extends=first)
    with pytest.raises(ValidationError, match="请先撤回续假"):
        leaves.withdraw(leave=first, reason="", by=staffed.member_li, at=NOW)


# -- on duty ------------------------------------------------------------------------------------------------------


def test_when_nobody_would_stay_the_one_who_agrees_says_who_minds_the_village(staffed):
    record(staffed, days=2, start=date(2022, 12, 12), who="wang", approved_on=TODAY)
    leave = ask(staffed, start=date(2022, 12, 13))
    with pytest.raises(ValidationError, match="2022-12-13 这支队在岗不足 1 人。如仍同意，请在意见里写明谁来值守"):
        decide(leave, staffed.leader_wang)
    assert decide(leave, staffed.leader_wang, opinion="由村支部书记值守").status == "approved"


def test_somebody_staying_is_enough(staffed):
    record(staffed, days=2, start=date(2022, 12, 12), who="wang", approved_on=TODAY)
    assert ladder.absent_together(ask(staffed, start=date(2022, 12, 14))) == ""


# -- from paper ---------------------------------------------------------------------------------------------------


def test_a_paper_slip_is_recorded_as_approved_with_its_level_and_day(staffed):
    leave = record(staffed, days=2, level="township")
    assert (leave.status, leave.level, leave.approved_on) == ("approved", "township", date(2022, 11, 7))
    assert [entry.action for entry in history(leave)] == ["leave.recorded"]


def test_a_leader_may_sign_on_paper_without_an_account(world):
    assert record(world, level="leader").level == "leader"


def test_a_paper_signed_too_low_is_refused_with_the_level_it_needs(staffed):
    with pytest.raises(ValidationError, match=r"4 天的事假要由县批准"):
        record(staffed, days=4, level="township")
    record(staffed, days=3, level="township")
    with pytest.raises(ValidationError, match=r"1 天的事假（和前后相连的假合计 4 天）要由县批准"):
        record(staffed, days=1, start=date(2022, 11, 10), level="township")


def test_paper_is_recorded_by_the_township_and_not_before_it_was_approved(staffed):
    with pytest.raises(ValidationError, match="不能晚于今天"):
        record(staffed, approved_on=date(2022, 12, 8))
    for by in (staffed.clerk_niao, staffed.member_li, staffed.leader_wang, staffed.contact_finance):
        with pytest.raises(PermissionDenied):
            record(staffed, by=by)


def test_a_late_paper_is_counted_from_its_start(staffed):
    assert ladder.days_late(ask(staffed, start=date(2022, 12, 5))) == 0
    assert ladder.days_late(ask(staffed, start=date(2022, 12, 3))) == 4
    assert ladder.days_late(record(staffed)) == 0


# -- the end ------------------------------------------------------------------------------------------------------


def approved(world, days=5, start=date(2022, 12, 1)) -> Leave:
    return record(world, days=days, start=start)


def give_back(world, leave, day, **changes) -> Leave:
    return leaves.give_back(**{"leave": leave, "returned_on": day, "by": world.member_li, "at": NOW} | changes)


@pytest.mark.parametrize(
    ("returned", "until"),
    [
        (date(2022, 12, 3), date(2022, 12, 2)),
        (date(2022, 12, 1), date(2022, 12, 1)),
        (date(2022, 12, 5), date(2022, 12, 4)),
        (date(2022, 12, 6), date(2022, 12, 5)),
        (date(2022, 12, 7), date(2022, 12, 5)),
    ],
)
def test_coming_back_early_shortens_the_leave_but_never_to_nothing(staffed, returned, until):
    leave = give_back(staffed, approved(staffed), returned)
    assert (leave.status, leave.until, leave.returned_on) == ("returned", until, returned)


def test_nobody_comes_back_before_they_left_or_tomorrow_or_twice(staffed):
    leave = approved(staffed)
    for day in (date(2022, 11, 30), date(2022, 12, 8)):
        with pytest.raises(ValidationError, match="返岗日期"):
            give_back(staffed, leave, day)
    give_back(staffed, leave, TODAY)
    with pytest.raises(ValidationError, match="已销假，不能再办"):
        give_back(staffed, leave, TODAY)


def test_leave_is_given_back_by_oneself_or_from_paper_by_the_township(staffed):
    leave = approved(staffed)
    for by in (staffed.leader_wang, staffed.clerk_niao, staffed.contact_finance):
        with pytest.raises(PermissionDenied):
            give_back(staffed, leave, TODAY, by=by)
    assert give_back(staffed, leave, TODAY, by=staffed.clerk_jin).status == "returned"


def test_leave_is_withdrawn_before_it_begins_only(staffed):
    leave = approved(staffed, start=TODAY)
    with pytest.raises(ValidationError, match="请办理销假"):
        leaves.withdraw(leave=leave, reason="", by=staffed.member_li, at=NOW)
    later = record(staffed, days=5, start=date(2022, 12, 20), approved_on=TODAY)
    with pytest.raises(ValidationError, match="写明理由"):
        leaves.withdraw(leave=later, reason=" ", by=staffed.clerk_jin, at=NOW)
    assert leaves.withdraw(leave=later, reason="本人电话说明不请了", by=staffed.clerk_jin, at=NOW).status == "withdrawn"
    late = ask(staffed, start=date(2022, 12, 1))
    assert leaves.withdraw(leave=late, reason="", by=staffed.member_li, at=NOW).status == "withdrawn"


# -- what is counted, and what waits -----------------------------------------------------------------------------


def test_days_used_are_counted_by_kind_within_the_calendar_year(staffed):
    record(staffed, days=4, start=date(2021, 12, 30), level="county", approved_on=date(2021, 12, 29))
    record(staffed, days=2, start=date(2022, 3, 1), fields=FIELDS | {"kind": "sick"})
    record(staffed, days=9, start=date(2022, 4, 1), fields=FIELDS | {"kind": "training", "place": "长沙"})
    ask(staffed)
    used = ladder.used_in(staffed.li.pk, 2022)
    assert (used.days, used.words) == (4, "事假 2 天、病假 2 天")
    assert ladder.used_in(staffed.li.pk, 2021).days == 2


def test_what_waits_for_whom_in_few_queries(staffed, django_assert_max_num_queries):
    zhao = account(staffed, "leader_zhao", "赵刚")
    people.give_account(person=staffed.zhao, user=zhao, by=staffed.caretaker, at=AT)
    one, four = ask(staffed), ask(staffed, days=4, start=date(2022, 12, 20))
    notice = ask(staffed, kind="duty", place="县里", start=date(2022, 12, 28))
    assert ladder.waiting_for(staffed.leader_wang, TODAY) == [one, four]
    assert ladder.waiting_for(staffed.clerk_jin, TODAY) == [notice]
    decide(four, staffed.leader_wang)
    assert ladder.waiting_for(staffed.clerk_jin, TODAY) == [four, notice]
    for nobody in (staffed.office, staffed.clerk_niao, staffed.member_li, staffed.contact_finance, staffed.stranger):
        assert ladder.waiting_for(nobody, TODAY) == []
    decide(four, staffed.clerk_jin)
    with django_assert_max_num_queries(6):
        assert ladder.waiting_for(staffed.office, TODAY) == [four]


def test_a_slip_from_paper_that_leaves_nobody_on_duty_names_who_stands_in(staffed):
    record(staffed, days=2, start=date(2022, 11, 7), who="wang")
    with pytest.raises(ValidationError, match="2022-11-07 这支队在岗不足 1 人。请在“工作代理人”里写明谁来值守"):
        record(staffed, days=2, start=date(2022, 11, 7))
    leave = record(staffed, days=2, start=date(2022, 11, 7), fields=FIELDS | {"stand_in": "村支书"})
    assert leave.status == Leave.Status.APPROVED


@pytest.mark.parametrize(("start", "approved", "sentence"), [
    (date(2024, 3, 1), date(2022, 12, 1), "在一年以后"), (date(2022, 11, 7), date(1900, 1, 1), "早了一年以上")])  # fmt: skip
def test_a_year_typed_wrong_is_told(staffed, start, approved, sentence):
    with pytest.raises(ValidationError, match=sentence):
        record(staffed, start=start, approved_on=approved)


def test_leave_written_down_after_it_was_over_is_not_overdue_and_neither_is_a_notice(staffed):
    over = lambda: {leave.number for leave in Leave.objects.filter(ladder.overdue(TODAY))}  # noqa: E731
    paper = record(staffed, start=date(2022, 11, 7))
    notice = record(staffed, start=date(2022, 11, 9), fields={"kind": "meeting", "reason": "会", "place": "县城"})
    mine = ask(staffed, start=date(2022, 11, 14))
    for by in (staffed.leader_wang,):
        decide(mine, by)
    mine.refresh_from_db()
    assert (mine.status, mine.was_asked_afterwards, notice.status) == ("approved", True, "approved")
    assert over() == {paper.number}
    leaves.ask(
        posting=staffed.li_posting,
        first=date(2022, 11, 8),
        last=date(2022, 11, 8),
        fields=FIELDS,
        by=staffed.member_li,
        at=NOW,
        extends=paper,
    )
    assert over() == set(), "it goes on in a 续假"
