"""Leave as the member, the leader, the clerks, the unit, the county and a stranger see it."""

from datetime import date, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.cast import AT, NOW, account
from zhucun.base.access.permissions import Role as R
from zhucun.work.attendance.actions import leaves as actions
from zhucun.work.attendance.actions import marks
from zhucun.work.attendance.models import Leave, PersonMonth
from zhucun.work.attendance.notices import waiting
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

DAY = date(2022, 12, 12)
ASKED = {"kind": "personal", "first": "2022-12-12", "last": "2022-12-13", "reason": "家中老人住院陪护"}


def url(name, *args, **query):
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"attendance:{name}", args=args) + (f"?{tail}" if tail else "")


def text(client, address, status=200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


@pytest.fixture
def staffed(world) -> SimpleNamespace:
    """The cast with an account for 王立新, who leads 石桥村, and a contact of 县农业农村局, which sent 李敏."""
    world.leader_wang = account(world, "leader_wang", "王立新")
    teams.give_account(person=world.wang, user=world.leader_wang, by=world.caretaker, at=AT)
    world.contact_farming = account(world, "contact_farming", "农业农村局联络员", R.UNIT, world.farming)
    return world


def ask(world, days=2, start=DAY, **fields) -> Leave:
    fields = {"kind": "personal", "reason": "家中老人住院陪护"} | fields
    return actions.ask(posting=world.li_posting, first=start, last=start + timedelta(days=days - 1), fields=fields,
                       by=world.member_li, at=NOW)  # fmt: skip


def record(world, posting, start, days=2, **fields) -> Leave:
    fields = {"kind": "personal", "reason": "办事", "stand_in": "村支书"} | fields
    return actions.record(posting=posting, first=start, last=start + timedelta(days=days - 1), fields=fields, level="county",
                          approved_on=min(start, NOW.date()), by=world.caretaker, at=NOW)  # fmt: skip


# -- who sees what ------------------------------------------------------------------------------------------------


def test_each_sees_the_slips_of_their_area_and_a_member_only_their_own(staffed, signed_in):
    leave = ask(staffed)
    record(staffed, staffed.wang_posting, date(2022, 11, 1), kind="sick", reason="腰椎问题")
    record(staffed, staffed.zhao_posting, date(2022, 11, 2))
    for user, sees in (
        (staffed.office, {"李敏", "王立新", "赵刚"}),
        (staffed.clerk_jin, {"李敏", "王立新"}),
        (staffed.clerk_niao, {"赵刚"}),
        (staffed.contact_farming, {"李敏"}),
        (staffed.contact_finance, {"王立新"}),
        (staffed.leader_wang, {"李敏", "王立新"}),
    ):
        page = text(signed_in(user), url("leaves"))
        assert {name for name in ("李敏", "王立新", "赵刚") if f">{name}</a>" in page} == sees, user
    page = text(signed_in(staffed.member_li), url("leaves"))
    assert "腰椎问题" not in page
    assert "共 <strong" in page
    assert str(leave.pk) in page
    assert signed_in(staffed.stranger).get(url("leaves")).status_code == 403
    theirs = Leave.objects.get(person=staffed.wang)
    for name in ("leave", "leave_slip"):
        assert signed_in(staffed.member_li).get(url(name, theirs.pk)).status_code == 404
        assert signed_in(staffed.stranger).get(url(name, leave.pk)).status_code == 404
        assert signed_in(staffed.clerk_niao).get(url(name, leave.pk)).status_code == 404


def test_who_only_counts_days_reads_no_reasons(staffed, signed_in):
    leave = ask(staffed)
    for user in (staffed.leader_county, account(staffed, "fin", "财政股", R.FINANCE, staffed.county)):
        client = signed_in(user)
        assert "家中老人" not in text(client, url("leaves")) + text(client, url("leave", leave.pk))
        assert client.get(url("leave_slip", leave.pk)).status_code == 403
    assert "家中老人" in text(signed_in(staffed.contact_farming), url("leave", leave.pk))


def test_somebody_who_left_still_reads_their_own(staffed, signed_in):
    leave = ask(staffed)
    teams.end_posting(posting=staffed.li_posting, last_day=date(2022, 12, 6), ending="transfer", reason="轮换",
                      by=staffed.caretaker, at=NOW)  # fmt: skip
    client = signed_in(staffed.member_li)
    assert "家中老人" in text(client, url("leave", leave.pk))
    assert str(leave.pk) in text(client, url("leaves"))
    assert client.get(url("leave_ask")).status_code == 403


def test_what_waits_for_the_reader_stands_first(staffed, signed_in):
    ask(staffed, start=date(2022, 12, 10))
    record(staffed, staffed.wang_posting, date(2022, 12, 20), days=3)
    page = text(signed_in(staffed.leader_wang), url("leaves"))
    assert page.index("等我办理</span>") < page.index("2022-12-20")
    assert "有 <strong>1</strong> 张等您办理" in page
    page = text(signed_in(staffed.clerk_jin), url("leaves"))
    assert "待队长批" in page
    assert "等您办理" not in page


def test_nobody_is_offered_what_is_not_theirs_to_do(staffed, signed_in):
    finance = account(staffed, "fin", "财政股", R.FINANCE, staffed.county)
    for user, decides, writes in (
        (staffed.office, True, True), (staffed.clerk_jin, True, True), (staffed.leader_wang, True, True), (staffed.member_li, False, True),
        (staffed.contact_farming, False, False), (staffed.leader_county, False, False), (finance, False, False),
    ):  # fmt: skip
        page = text(signed_in(user), url("leaves"))
        assert ("等我办理" in page, "空白单" in page) == (decides, writes), user
        assert text(signed_in(user), url("leaves", state="mine"))


def test_the_copy_of_unit_and_county_is_there_at_once(staffed, signed_in):
    record(staffed, staffed.li_posting, date(2022, 12, 5))
    record(staffed, staffed.li_posting, date(2022, 11, 5))
    for user in (staffed.contact_farming, staffed.office):
        page = text(signed_in(user), url("leaves", state="new"))
        assert "2022-12-05" in page
        assert "2022-11-05" not in page


@pytest.mark.parametrize("query", [{"state": "mine"}, {"state": "asked"}, {"state": "away"}, {"state": "over"},
                                   {"state": "refused"}, {"month": "2022-12"}, {"kind": "duty"}, {"township": "430426102"},
                                   {"state": "x", "month": "y"}])  # fmt: skip
def test_every_filter_answers(staffed, signed_in, query):
    ask(staffed)
    assert signed_in(staffed.office).get(url("leaves", **query)).status_code == 200


def test_many_slips_ask_no_more_questions_than_few(staffed, signed_in, django_assert_max_num_queries):
    for n in range(20):
        ask(staffed, days=1, start=date(2022, 12, 10) + timedelta(days=2 * n))
    client = signed_in(staffed.office)
    with django_assert_max_num_queries(24):
        client.get(url("leaves"))
    client = signed_in(staffed.leader_wang)
    with django_assert_max_num_queries(24):
        client.get(url("leaves"))


def test_the_list_leaves_as_a_workbook_and_says_so(staffed, signed_in):
    ask(staffed)
    answer = signed_in(staffed.clerk_jin).get(url("leaves", format="xlsx"))
    assert answer.headers["Content-Type"].startswith("application/vnd.openxml")
    assert b"".join(answer.streaming_content).startswith(b"PK")


# -- asking -------------------------------------------------------------------------------------------------------


def test_a_member_asks_and_is_told_at_once_who_decides(staffed, signed_in):
    client = signed_in(staffed.member_li)
    page = text(client, url("leave_check", kind="personal", first="2022-12-12", last="2022-12-15"))
    assert "4 天" in page
    assert page.index("队长") < page.index("金桥镇") < page.index("县驻村办")
    answer = client.post(url("leave_ask"), ASKED, follow=True)
    assert "已提交，编号 QJ2022-0001，等队长办理。" in answer.content.decode()
    assert Leave.objects.get().reason == "家中老人住院陪护"


def test_what_was_typed_stays_when_it_is_refused(staffed, signed_in):
    ask(staffed)
    page = signed_in(staffed.member_li).post(url("leave_ask"), ASKED | {"stand_in": "王立新"}).content.decode()
    assert "日期重叠" in page
    assert "家中老人住院陪护" in page
    assert 'value="王立新"' in page
    page = signed_in(staffed.member_li).post(url("leave_ask"), ASKED | {"kind": "duty"}).content.decode()
    assert "报备请写明地点" in page


def test_the_check_warns_of_overlap_few_on_duty_the_years_limit_and_lateness(staffed, signed_in):
    record(staffed, staffed.wang_posting, DAY)
    record(staffed, staffed.li_posting, date(2022, 3, 1), days=29)
    record(staffed, staffed.li_posting, date(2022, 12, 19))
    client = signed_in(staffed.member_li)
    page = text(client, url("leave_check", kind="personal", first="2022-12-12", last="2022-12-13"))
    assert "2022-12-12 这支队在岗不足 1 人" in page
    assert "超过全年累计 30 天的提醒线" in page
    assert "1 天以内队长批准；3 天以内乡镇批准，超过的报县" in page
    assert page.count("依据系统默认规则") == 1, "what two sentences rest on is told once"
    assert "日期重叠" in text(client, url("leave_check", kind="personal", first="2022-12-18", last="2022-12-20"))
    assert "补办" in text(client, url("leave_check", kind="personal", first="2022-12-01", last="2022-12-01"))
    assert "结束日期早于开始日期，请检查。" in text(
        client, url("leave_check", kind="personal", first="2022-12-20", last="2022-12-18")
    )
    assert "不都在任期内" in text(client, url("leave_check", kind="personal", first="2021-05-01", last="2021-05-30"))
    assert "日期写法不对" in text(client, url("leave_check", kind="x", first="y"))
    for query in ({}, {"kind": "x", "first": "2022-12-12"}, {"first": "2022-12-12", "kind": "sick"}):
        assert "选好类别和日期以后" in text(client, url("leave_check", **query))


def test_a_slip_is_extended_from_its_page(staffed, signed_in):
    first = record(staffed, staffed.li_posting, date(2022, 12, 6))
    client = signed_in(staffed.member_li)
    assert f"extends={first.pk}" in text(client, url("leave", first.pk))
    page = text(client, url("leave_ask", extends=first.pk))
    assert "续假" in page
    assert 'value="2022-12-08"' in page
    sent = {"kind": "personal", "first": "2022-12-08", "last": "2022-12-09", "reason": "还没有出院"}
    client.post(url("leave_ask", extends=first.pk), sent)
    assert Leave.objects.get(start=date(2022, 12, 8)).extends == first
    assert client.get(url("leave_ask", extends=staffed.li.pk)).status_code == 404
    assert client.get(url("leave_ask", extends="x")).status_code == 200


def test_only_members_in_post_ask(staffed, signed_in):
    for user in (staffed.clerk_jin, staffed.office, staffed.contact_finance, staffed.stranger):
        assert signed_in(user).get(url("leave_ask")).status_code == 403
        assert signed_in(user).post(url("leave_ask"), ASKED).status_code == 403


# -- from paper ---------------------------------------------------------------------------------------------------


def test_the_township_records_a_paper_slip(staffed, signed_in):
    clerk = signed_in(staffed.clerk_jin)
    sent = ASKED | {
        "person": str(staffed.li.pk),
        "level": "township",
        "approved_on": "2022-12-06",
        "first": "2022-11-21",
        "last": "2022-11-22",
    }
    answer = clerk.post(url("leave_record"), sent | {"more": "1"}, follow=True)
    assert "李敏的事假已登记" in answer.content.decode()
    row = Leave.objects.get()
    assert (row.status, row.level, row.asked_by) == ("approved", "township", staffed.clerk_jin)
    page = text(clerk, url("leave", row.pk))
    assert "纸质 12-06" in page
    assert "李敏 P002" in text(clerk, url("pick_person", q="石桥"))


def test_a_paper_signed_too_low_out_of_post_or_of_another_township_is_refused(staffed, signed_in):
    clerk = signed_in(staffed.clerk_jin)
    sent = ASKED | {"person": str(staffed.li.pk), "level": "leader", "approved_on": "2022-12-06"}
    assert "要由乡镇批准" in clerk.post(url("leave_record"), sent).content.decode()
    page = clerk.post(url("leave_record"), sent | {"first": "2021-05-01", "last": "2021-05-02"}).content.decode()
    assert "李敏 2021-05-01 不在任" in page
    page = clerk.post(url("leave_record"), sent | {"person": str(staffed.zhao.pk)}).content.decode()
    assert "没有找到这个人" in page
    assert "赵刚" not in text(clerk, url("pick_person", q="赵"))
    page = clerk.post(url("leave_record"), sent | {"certificate": "on", "level": "county"}).content.decode()
    assert "只有病假才看诊断证明" in page
    assert not Leave.objects.exists()
    for user in (staffed.member_li, staffed.leader_wang, staffed.contact_finance, staffed.stranger):
        assert signed_in(user).get(url("leave_record")).status_code == 403
        assert signed_in(user).get(url("pick_person", q="李")).status_code == 403


# -- deciding and ending ------------------------------------------------------------------------------------------


def test_several_slips_from_a_hint_lead_back_to_the_hint(staffed, signed_in):
    clerk = signed_in(staffed.clerk_jin)
    hint = f"/attendance/months/2022-11/teams/{staffed.team_shiqiao.pk}/confirm/?from=hint&x=1"
    opened = f"{url('leave_record')}?{urlencode({'person': staffed.li.pk, 'kind': 'personal', 'next': hint})}"
    sent = {"person": str(staffed.li.pk), "kind": "personal", "first": "2022-11-07", "last": "2022-11-07", "reason": "家事",
            "level": "leader", "approved_on": "2022-11-06"}  # fmt: skip
    further = clerk.post(opened, sent | {"more": "1"}).headers["Location"]
    page = clerk.get(further)
    assert page.context["cancel_url"] == hint
    assert (page.context["form"]["person"].value(), Leave.objects.count()) == (None, 1)
    assert "返回</a>" in page.content.decode()
    again = clerk.post(further, sent | {"first": "2022-11-14", "last": "2022-11-14", "more": "1"}).headers["Location"]
    assert again == further
    assert clerk.post(further, sent | {"first": "2022-11-21", "last": "2022-11-21"}).headers["Location"] == hint
    assert Leave.objects.count() == 3


@pytest.mark.parametrize("asked", ["", "https://example.com/", "//example.com", "javascript:alert(1)"])
def test_no_slip_leads_out_of_the_house(staffed, signed_in, asked):
    page = signed_in(staffed.clerk_jin).get(f"{url('leave_record')}?{urlencode({'next': asked})}")
    assert page.context["cancel_url"] == url("leaves")


def test_a_slip_goes_up_from_page_to_page(staffed, signed_in):
    leave = ask(staffed)
    leader, clerk = signed_in(staffed.leader_wang), signed_in(staffed.clerk_jin)
    assert "等您办理" in text(leader, url("leave", leave.pk))
    assert "等您办理" not in text(clerk, url("leave", leave.pk))
    answer = leader.post(url("leave_decide", leave.pk), {"agreed": "yes", "turn": "leader"}, follow=True)
    assert "接下来等乡镇办理" in answer.content.decode()
    page = leader.post(url("leave_decide", leave.pk), {"agreed": "yes", "turn": "leader"}).content.decode()
    assert "您这一次没有重复记入" in page
    page = clerk.post(url("leave_decide", leave.pk), {"agreed": "no", "turn": "township"}).content.decode()
    assert "不同意请写明理由" in page
    clerk.post(url("leave_decide", leave.pk), {"agreed": "yes", "turn": "township", "opinion": "注意安全"})
    leave.refresh_from_db()
    assert leave.status == "approved"
    page = text(signed_in(staffed.member_li), url("leave", leave.pk))
    assert "注意安全" in page
    assert "撤回" in page


def test_others_may_look_but_not_decide(staffed, signed_in):
    leave = ask(staffed)
    for user in (staffed.member_li, staffed.contact_farming, staffed.office, staffed.leader_county):
        assert signed_in(user).post(url("leave_decide", leave.pk), {"agreed": "yes"}).status_code == 403
    for name in ("leave_decide", "leave_return", "leave_withdraw"):
        assert signed_in(staffed.clerk_niao).post(url(name, leave.pk), {"agreed": "yes"}).status_code == 404
        assert signed_in(staffed.clerk_jin).get(url(name, leave.pk)).status_code == 405


def test_sick_leave_takes_no_papers_but_a_tick(staffed, signed_in):
    leave = ask(staffed, kind="sick", reason="复查")
    page = text(signed_in(staffed.leader_wang), url("leave", leave.pk))
    assert "已查看诊断证明" in page
    assert "上传材料" not in page
    assert "不在这里存放诊断证明" in page
    sent = {"agreed": "yes", "turn": "leader", "certificate": "on"}
    signed_in(staffed.leader_wang).post(url("leave_decide", leave.pk), sent)
    leave.refresh_from_db()
    assert leave.certificate is True


def test_back_again_and_taken_back(staffed, signed_in):
    member = signed_in(staffed.member_li)
    leave = record(staffed, staffed.li_posting, date(2022, 12, 1), days=5)
    page = member.post(url("leave_return", leave.pk), {"returned_on": "2022-12-09"}).content.decode()
    assert "返岗日期应在" in page
    answer = member.post(url("leave_return", leave.pk), {"returned_on": "2022-12-04"}, follow=True)
    assert "已销假，2022-12-01 至 2022-12-03，共 3 天。" in answer.content.decode()
    later = ask(staffed)
    clerk = signed_in(staffed.clerk_jin)
    assert "写明理由" in clerk.post(url("leave_withdraw", later.pk), {"reason": ""}).content.decode()
    assert "已撤回" in member.post(url("leave_withdraw", later.pk), follow=True).content.decode()


def test_a_late_return_and_one_never_reported_are_shown(staffed, signed_in):
    leave = record(staffed, staffed.li_posting, date(2022, 12, 1), days=2)
    clerk = signed_in(staffed.clerk_jin)
    assert "已满，还没有销假" in text(clerk, url("leave", leave.pk))
    clerk.post(url("leave_return", leave.pk), {"returned_on": "2022-12-06"})
    assert "晚返岗 3 天" in text(clerk, url("leave", leave.pk))


# -- on paper -----------------------------------------------------------------------------------------------------


def test_the_paper_is_empty_where_nobody_signed_and_knows_the_days_used(staffed, signed_in):
    record(staffed, staffed.li_posting, date(2022, 3, 1), days=3)
    leave = ask(staffed)
    page = text(signed_in(staffed.member_li), url("leave_slip", leave.pk))
    assert "2022 年已批准 3 天（不含本次）：事假 3 天" in page
    assert (page.count("签字："), page.count("按请假天数不需要")) == (4, 1), "three days do not go up to the county"
    signed_in(staffed.leader_wang).post(
        url("leave_decide", leave.pk), {"agreed": "yes", "turn": "leader", "opinion": "属实"}
    )
    page = text(signed_in(staffed.clerk_jin), url("leave_slip", leave.pk))
    assert "同意　属实" in page
    assert page.count("签字：") == 3
    record(staffed, staffed.li_posting, date(2022, 11, 1), days=1)
    page = text(signed_in(staffed.clerk_jin), url("leave_slip", leave.pk))
    assert "2022 年已批准 3 天" not in page, "still waiting: what was approved meanwhile is known"


def test_the_paper_of_a_slip_recorded_from_paper_points_there(staffed, signed_in):
    leave = record(staffed, staffed.li_posting, date(2022, 11, 7), days=1)
    record(staffed, staffed.li_posting, date(2022, 11, 21), days=2)
    page = text(signed_in(staffed.clerk_jin), url("leave_slip", leave.pk))
    assert "见纸质原件" in page
    assert "2022 年已批准 0 天" in page, "as it was on the day it was approved"


def test_leave_against_a_confirmed_month_is_told_to_who_asks_who_decides_and_who_puts_it_right(staffed, signed_in):
    november = month_named("2022-11")
    rows = {staffed.wang.pk: "√" * 30, staffed.li.pk: "√" * 30}
    marks.fill(team=staffed.team_shiqiao, month=november, rows=rows, by=staffed.clerk_jin, at=NOW)
    marks.confirm(team=staffed.team_shiqiao, month=november, signed=True, by=staffed.clerk_jin, at=NOW)
    told = "11月15日记在村，乡镇 12月7日已确认"
    client = signed_in(staffed.member_li)
    assert told in text(client, url("leave_check", kind="personal", first="2022-11-15", last="2022-11-15"))
    assert told in text(client, url("leave_check", kind="meeting", first="2022-11-15", last="2022-11-15"))
    leave = ask(staffed, start=date(2022, 11, 15), days=1)
    page = text(signed_in(staffed.leader_wang), url("leave", leave.pk))
    assert told in page
    assert "请先问清楚再批" in page
    assert not [todo for todo in waiting(staffed.clerk_jin, NOW.date()) if "后来有了" in todo.title]
    actions.decide(leave=leave, agreed=True, opinion="", by=staffed.leader_wang, at=NOW)
    found = [todo for todo in waiting(staffed.clerk_jin, NOW.date()) if "后来有了" in todo.title]
    assert [todo.title for todo in found] == ["李敏11月15日记在村，后来有了事假单"]
    assert not [todo for todo in waiting(staffed.clerk_niao, NOW.date()) if "后来有了" in todo.title]
    page = text(signed_in(staffed.clerk_jin), reverse("attendance:confirm", args=["2022-11", staffed.team_shiqiao.pk]))
    assert "确认以后的新情况" in page
    assert "李敏11月15日有事假，却记在村。" in page
    assert "还没有销假" not in page, "it was asked for afterwards"
    marks.correct(
        month=PersonMonth.objects.get(person=staffed.li),
        day=date(2022, 11, 15),
        new="事",
        reason="补假",
        by=staffed.clerk_jin,
        at=NOW,
    )
    assert not [todo for todo in waiting(staffed.clerk_jin, NOW.date()) if "后来有了" in todo.title]


def test_leave_over_the_new_year_is_counted_year_by_year(staffed, signed_in):
    page = text(signed_in(staffed.member_li), url("leave_check", kind="sick", first="2022-12-20", last="2023-02-28"))
    assert '加上这一张共 <strong class="num">12</strong> 天' in page
    assert '加上这一张共 <strong class="num">59</strong> 天' in page
    assert "2023 年超过全年累计 30 天的提醒线" in page
    assert "2022 年超过" not in page


def test_blank_forms_are_for_everybody_of_the_house(staffed, signed_in):
    assert "请假审批表" in text(signed_in(staffed.member_li), url("slip_blank"))
    page = text(signed_in(staffed.clerk_jin), url("slip_blank", kind="notice"))
    assert "报备单" in page
    assert "乡镇签收" in page
    assert signed_in(staffed.stranger).get(url("slip_blank")).status_code == 403


def test_who_decides_sees_what_team_mates_have_asked_for_on_the_same_days(staffed, signed_in):
    """The one who waits himself does not: whose turn it is looks at the team."""
    mine = ask(staffed)
    theirs = actions.ask(
        posting=staffed.wang_posting, first=mine.start, last=mine.until, fields={"kind": "annual", "reason": "年休假"},
        by=staffed.leader_wang, at=NOW,
    )  # fmt: skip
    told = "同队的"
    assert told in text(signed_in(staffed.clerk_jin), url("leave", theirs.pk))
    assert told not in text(signed_in(staffed.leader_wang), url("leave", theirs.pk))
    assert told not in text(signed_in(staffed.office), url("leave", theirs.pk))


def test_a_slip_on_paper_may_say_already_that_its_person_is_back(staffed, signed_in):
    posted = {"person": staffed.li.pk, "kind": "personal", "first": "2022-11-07", "last": "2022-11-09", "reason": "家事", "level": "county",
              "approved_on": "2022-11-07", "returned_on": "2022-11-09"}  # fmt: skip
    answer = signed_in(staffed.clerk_jin).post(url("leave_record"), posted)
    assert answer.status_code == 302
    leave = Leave.objects.get()
    assert (leave.status, leave.days, leave.returned_on) == ("returned", 2, date(2022, 11, 9))
    posted |= {"first": "2022-11-14", "last": "2022-11-14", "returned_on": "2022-11-13"}
    page = signed_in(staffed.clerk_jin).post(url("leave_record"), posted).content.decode()
    assert "返岗日期应在请假开始之后" in page
    assert Leave.objects.count() == 1, "nothing half written"
