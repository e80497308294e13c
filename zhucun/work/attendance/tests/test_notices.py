"""What waits for whom: the township is reminded of its months, the county of late townships, each level of its leave."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.cast import NOW, TODAY, account
from zhucun.base.access.permissions import Role as R
from zhucun.base.people import actions as people
from zhucun.base.policy import actions as policy
from zhucun.work.attendance.actions import leaves, marks, objections
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.notices import waiting
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

EARLY = date(2022, 12, 3)


def titles(user, day=TODAY):
    return [todo.title for todo in waiting(type(user).objects.get(pk=user.pk), day)]


def confirmed(world, name="2022-11", li=""):
    month = month_named(name)
    rows = {world.wang.pk: "√" * month.until.day, world.li.pk: li or "√" * month.until.day}
    marks.fill(team=world.team_shiqiao, month=month, rows=rows, by=world.clerk_jin, at=NOW)
    marks.confirm(team=world.team_shiqiao, month=month, signed=True, by=world.clerk_jin, at=NOW)


def test_a_township_is_asked_to_confirm_by_the_policy_s_day(world):
    todo = next(iter(waiting(world.clerk_jin, TODAY)))
    assert todo.title == "2022年11月出勤：1 支队待确认"
    assert todo.due == date(2022, 12, 5)
    assert todo.url == "/attendance/months/2022-11/"
    confirmed(world)
    assert titles(world.clerk_jin) == []


def test_months_begun_and_left_are_named_too(world):
    month = month_named("2022-09")
    marks.fill(team=world.team_shiqiao, month=month, rows={world.wang.pk: "√" * 30}, by=world.clerk_jin, at=NOW)
    confirmed(world)
    assert titles(world.clerk_jin) == ["2022年9月出勤：还有 1 支队没有确认"]


def test_the_county_hears_of_townships_that_are_late_not_before(world):
    assert titles(world.office, EARLY) == []
    confirmed(world)
    todo = next(iter(waiting(world.office, TODAY)))
    assert (todo.title, todo.why) == ("2022年11月出勤：1 个乡镇到期未确认", "鸟江镇")
    assert todo.due == date(2022, 12, 5)


def test_nobody_else_is_reminded_of_a_month(world):
    teams.grant_sight(posting=world.li_posting, by=world.caretaker, at=NOW)
    for user in (world.member_li, world.contact_finance, world.leader_county, world.stranger):
        assert titles(user) == []


def test_an_objection_waits_for_the_township(world):
    confirmed(world)
    month = PersonMonth.objects.get(person=world.li)
    objections.object_to(month=month, day=date(2022, 11, 3), wanted="公", text="在县里开会", by=world.member_li, at=NOW)
    assert titles(world.clerk_jin) == ["1 条出勤异议待答复"]
    assert titles(world.clerk_niao) == ["2022年11月出勤：1 支队待确认"]


def test_leave_waits_for_the_level_whose_turn_it_is(world):
    confirmed(world)
    leader = account(world, "leader_wang", "王队长")
    people.give_account(person=world.wang, user=leader, by=world.caretaker, at=NOW)
    for posting in (world.wang_posting, world.li_posting):
        teams.grant_sight(posting=posting, by=world.caretaker, at=NOW)
    at = datetime(2022, 12, 7, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    leave = leaves.ask(posting=world.li_posting, first=date(2022, 12, 8), last=date(2022, 12, 9),
                       fields={"kind": "personal", "reason": "家事"}, by=world.member_li, at=at)  # fmt: skip
    assert titles(leader) == ["1 张请假报备单待审批"]
    assert titles(world.clerk_jin) == []
    leaves.decide(leave=leave, agreed=True, opinion="同意，我值守", by=leader, at=at)
    assert titles(leader) == []
    assert titles(world.clerk_jin) == ["1 张请假报备单待审批"]


def test_a_member_reads_until_when_a_confirmed_month_may_be_objected_to(world):
    confirmed(world, li="公" + "√" * 28 + "×")
    todo = next(iter(waiting(world.member_li, TODAY)))
    assert todo.title == "2022年11月出勤乡镇已确认"
    assert todo.why == "视同驻村 1 天、未报备缺勤 1 天；可以核对，12月22日前可提出异议，没有出入不用办"
    assert (todo.url, todo.due) == ("/attendance/mine/?month=2022-11", None)
    assert titles(world.member_li, date(2022, 12, 22)) == ["2022年11月出勤乡镇已确认"]
    assert titles(world.member_li, date(2022, 12, 23)) == []


def test_a_month_of_nothing_but_presence_is_told_only_when_it_is_changed(world):
    confirmed(world)
    assert titles(world.member_li) == []
    row, later = PersonMonth.objects.get(person=world.li), NOW + timedelta(days=30)
    marks.correct(month=row, day=date(2022, 11, 9), new="会", reason="查实", by=world.clerk_jin, at=later)
    marks.correct(month=row, day=date(2022, 11, 9), new="√", reason="原记录无误", by=world.clerk_jin, at=later)
    todo = next(iter(waiting(world.member_li, date(2023, 1, 21))))
    assert todo.why.startswith("更正 2 处；可以核对，1月21日前可提出异议")
    assert titles(world.member_li, date(2023, 1, 22)) == []


def test_the_county_s_own_period_for_objecting_counts(world):
    confirmed(world, li="√" * 29 + "×")
    policy.set_parameter(key="attendance.objection_days", value="3", start=date(2022, 12, 1), clause=None, by=world.office, at=NOW)  # fmt: skip
    assert [len(titles(world.member_li, date(2022, 12, day))) for day in (10, 11)] == [1, 0]


def test_asking_costs_little(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        list(waiting(world.clerk_jin, TODAY))


def test_leave_that_is_over_and_not_given_back_is_told_to_the_person_and_the_township(world):
    leave = leaves.record(
        posting=world.li_posting, first=date(2022, 12, 1), last=date(2022, 12, 5), fields={"kind": "personal", "reason": "家事"},
        level="", approved_on=date(2022, 11, 30), by=world.clerk_jin, at=NOW,
    )  # fmt: skip
    assert leave.level == "county", "nothing lower does for five days"
    told, asked = "事假 12月5日到期，还没有销假", "1 张假到期未销假"
    assert told in titles(world.member_li)
    assert asked in titles(world.clerk_jin)
    assert told not in titles(world.member_li, date(2022, 12, 5))
    assert asked not in titles(world.clerk_niao)
    leaves.give_back(leave=leave, returned_on=TODAY, by=world.member_li, at=NOW)
    assert told not in titles(world.member_li)
    assert asked not in titles(world.clerk_jin)


def slip(world, first, last, approved=None, **fields):
    fields = {"kind": "personal", "reason": "有事", "stand_in": "王立新"} | fields
    return leaves.record(posting=world.li_posting, first=first, last=last, fields=fields, level="county",
                         approved_on=approved or first, by=world.office, at=NOW)  # fmt: skip


def test_the_unit_hears_of_new_leave_and_of_who_has_not_come_back(world):
    contact = account(world, "contact_farming", "联络员", R.UNIT, world.farming)
    slip(world, date(2022, 11, 1), date(2022, 11, 2))
    slip(world, date(2022, 12, 5), date(2022, 12, 9), approved=date(2022, 12, 1))
    told = {todo.title: todo.url for todo in waiting(contact, NOW.date())}
    assert told == {
        "本单位人员 1 张请假报备新批": "/attendance/leaves/?state=new",
        "本单位人员 1 张假到期未销假": "/attendance/leaves/?state=over",
    }
    assert not [todo for todo in waiting(world.contact_finance, NOW.date()) if "本单位" in todo.title]


def test_the_member_hears_what_was_answered(world):
    confirmed(world)
    month = PersonMonth.objects.get(person=world.li)
    row = objections.object_to(month=month, day=date(2022, 11, 3), wanted="会", text="开会", by=world.member_li, at=NOW)
    told = lambda day: [todo.title for todo in waiting(world.member_li, day) if "异议" in todo.title]  # noqa: E731
    assert told(TODAY) == []
    objections.answer(objection=row, upheld=False, text="纸上是在村", by=world.clerk_jin, at=NOW)
    assert told(TODAY) == ["您对11月3日出勤的异议已答复：没有采纳"]
    assert told(date(2022, 12, 22)) == []
