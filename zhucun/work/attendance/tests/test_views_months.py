"""The month's page: a township's teams, the county's townships, a unit's people, a team's own line; nothing is ranked."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import NOW, account
from zhucun.base.access.permissions import Role
from zhucun.base.people import actions as people
from zhucun.work.attendance.actions import marks
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

NOVEMBER = month_named("2022-11")
REST = {5, 6, 12, 13, 19, 20, 26, 27}
USUAL = "".join("调" if day in REST else "√" for day in range(1, 31))
MONTHS = reverse("attendance:months")
MONTH = reverse("attendance:month", args=["2022-11"])


def fill(world, marks_of=USUAL, team="shiqiao"):
    rows = {"shiqiao": [world.wang, world.li], "gaoling": [world.zhao]}[team]
    clerk = world.clerk_jin if team == "shiqiao" else world.clerk_niao
    marks.fill(team=getattr(world, f"team_{team}"), month=NOVEMBER, rows={one.pk: marks_of for one in rows},
               by=clerk, at=NOW)  # fmt: skip


def confirm(world, team="shiqiao"):
    clerk = world.clerk_jin if team == "shiqiao" else world.clerk_niao
    marks.confirm(team=getattr(world, f"team_{team}"), month=NOVEMBER, signed=True, by=clerk, at=NOW)


def shown(client, where=MONTHS, **query):
    answer = client.get(where, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_township_sees_its_teams_of_the_last_whole_month_with_one_next_step(world, signed_in):
    text = shown(signed_in(world.clerk_jin))
    assert "2022年11月出勤" in text
    assert "石桥村" in text
    assert "高岭村" not in text
    assert ">录入<" in text
    fill(world)
    text = shown(signed_in(world.clerk_jin))
    assert ">确认<" in text
    assert reverse("attendance:confirm", args=["2022-11", world.team_shiqiao.pk]) in text
    confirm(world)
    text = shown(signed_in(world.clerk_jin))
    assert ">查看<" in text
    assert "2022-12-07" in text


def test_the_month_is_picked(world, signed_in):
    client = signed_in(world.clerk_jin)
    answer = client.get(MONTHS, {"month": "2022-06"})
    assert answer.headers["Location"] == reverse("attendance:month", args=["2022-06"])
    assert "2022年6月出勤" in shown(client, answer.headers["Location"])
    assert client.get(reverse("attendance:month", args=["2022-13"])).status_code == 404
    text = shown(client, reverse("attendance:month", args=["2022-12"]))
    assert 'rel="next"' not in text
    assert "还没有过完" in text


def test_the_county_sees_townships_in_the_order_of_their_codes_and_goes_down(world, signed_in):
    fill(world)
    confirm(world)
    for user in (world.office, world.leader_county):
        text = shown(signed_in(user))
        assert text.index("金桥镇") < text.index("鸟江镇")
        assert "1 个乡镇到期未确认" in text
        assert str(world.clerk_niao) in text  # whom to ask
        below = reverse("attendance:township", args=["2022-11", world.jinqiao.pk])
        assert below in text
        assert "石桥村" in shown(signed_in(user), below)
    assert signed_in(world.clerk_niao).get(below).status_code == 404


def test_a_township_that_is_done_goes_on_to_its_papers(world, signed_in):
    fill(world)
    client, sheets = signed_in(world.clerk_jin), reverse("attendance:month_sheets", args=["2022-11", world.jinqiao.pk])
    assert sheets not in shown(client)
    confirm(world)
    page = shown(client)
    assert sheets in page
    assert "整表录入" not in page


def test_nobody_is_late_with_a_month_before_attendance_was_kept(world, signed_in):
    fill(world)
    for user in (world.office, world.clerk_jin):
        text = shown(signed_in(user), reverse("attendance:month", args=["2022-03"]))
        assert "没有记录" in text if user == world.office else "石桥村" in text
        assert "到期未确认" not in text
        assert "已过期限" not in text


def test_a_month_that_is_not_due_yet_is_not_late(world, signed_in):
    text = shown(signed_in(world.office), reverse("attendance:month", args=["2022-12"]))
    assert "到期未确认" not in text


def test_a_unit_sees_its_own_people_only(world, signed_in):
    fill(world)
    text = shown(signed_in(world.contact_finance))
    assert "王立新" in text
    assert "李敏" not in text
    team = reverse("attendance:team", args=["2022-11", world.team_shiqiao.pk])
    text = shown(signed_in(world.contact_finance), team)
    assert "王立新" in text
    assert "李敏" not in text
    assert 'name="m-' not in text


def test_a_leader_and_a_member_see_their_team_and_no_hints(world, signed_in):
    leader = account(world, "leader_wang", "王队长")
    people.give_account(person=world.wang, user=leader, by=world.caretaker, at=NOW)
    teams.grant_sight(posting=world.wang_posting, by=world.caretaker, at=NOW)
    teams.grant_sight(posting=world.li_posting, by=world.caretaker, at=NOW)
    fill(world, "√" * 30)
    for user in (leader, world.member_li):
        text = shown(signed_in(user))
        assert "石桥村" in text
        assert "提示" not in text
        assert "已过期限" not in text  # lateness is the township's affair
        where = reverse("attendance:confirm", args=["2022-11", world.team_shiqiao.pk])
        page = shown(signed_in(user), where)
        assert "全月 30 天都记在岗" not in page
        assert "signed" not in page


def test_a_member_does_not_read_which_kind_of_leave_a_mate_took(world, signed_in):
    teams.grant_sight(posting=world.li_posting, by=world.caretaker, at=NOW)
    rows = {world.wang.pk: "病" + USUAL[1:], world.li.pk: "事" + USUAL[1:]}
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows=rows, by=world.clerk_jin, at=NOW)
    for name in ("attendance:team", "attendance:confirm"):
        where = reverse(name, args=["2022-11", world.team_shiqiao.pk])
        text = shown(signed_in(world.member_li), where)
        assert ">病</td>" not in text
        assert text.count(">假</td>") == 1
        assert text.count(">事</td>") == 1  # one's own
        assert "is-changed" not in text
        assert ">病</td>" in shown(signed_in(world.clerk_jin), where)


def test_a_stranger_and_administrators_see_nothing(world, signed_in):
    for user in (world.stranger, world.sysadmin, world.auditor):
        for where in (MONTHS, MONTH, reverse("attendance:grid", args=["2022-11"])):
            assert signed_in(user).get(where).status_code == 403


def test_the_list_goes_out_as_excel(world, signed_in):
    answer = signed_in(world.clerk_jin).get(MONTH, {"format": "xlsx"})
    assert answer.status_code == 200
    assert "spreadsheet" in answer.headers["Content-Type"]
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    answer.close()


def test_teams_without_hints_are_confirmed_together(world, signed_in):
    fill(world)
    client, where = signed_in(world.clerk_jin), reverse("attendance:confirm_many", args=["2022-11"])
    told = {"team": [str(world.team_shiqiao.pk)]}
    assert "请先看纸质记录本" in client.post(where, told, follow=True).content.decode()
    assert not PersonMonth.objects.filter(confirmed_on__isnull=False).exists()
    text = client.post(where, told | {"signed": "on"}, follow=True).content.decode()
    assert "已确认 1 支队" in text
    assert PersonMonth.objects.filter(confirmed_on=date(2022, 12, 7)).count() == 2


def test_teams_changed_since_they_were_seen_are_not_confirmed_together(world, signed_in):
    fill(world)
    client, where = signed_in(world.clerk_jin), reverse("attendance:confirm_many", args=["2022-11"])
    told = {"team": [str(world.team_shiqiao.pk)], "signed": "on", f"stamp-{world.team_shiqiao.pk}": "2.1"}
    text = client.post(where, told, follow=True).content.decode()
    assert "刚刚有人改过" in text
    assert not PersonMonth.objects.filter(confirmed_on__isnull=False).exists()
    client.post(where, told | {f"stamp-{world.team_shiqiao.pk}": "2.2"})
    assert PersonMonth.objects.filter(confirmed_on__isnull=False).count() == 2


@pytest.mark.parametrize("marks_of", ["√" * 30, USUAL[:20]])
def test_teams_with_hints_or_blanks_are_not(world, signed_in, marks_of):
    fill(world, marks_of)
    where = reverse("attendance:confirm_many", args=["2022-11"])
    told = {"team": [str(world.team_shiqiao.pk)], "signed": "on"}
    text = signed_in(world.clerk_jin).post(where, told, follow=True).content.decode()
    assert "都还没有确认" in text
    assert not PersonMonth.objects.filter(confirmed_on__isnull=False).exists()


def test_others_confirm_nothing_together(world, signed_in):
    fill(world)
    where = reverse("attendance:confirm_many", args=["2022-11"])
    told = {"team": [str(world.team_shiqiao.pk)], "signed": "on"}
    for user in (world.office, world.clerk_niao, world.contact_finance, world.stranger):
        assert signed_in(user).post(where, told).status_code in {302, 403}
    assert not PersonMonth.objects.filter(confirmed_on__isnull=False).exists()
    assert signed_in(world.clerk_jin).get(where).status_code == 405


def test_the_county_s_page_costs_the_same_for_every_month(world, signed_in, django_assert_max_num_queries):
    fill(world)
    county, township = signed_in(world.office), signed_in(world.clerk_jin)
    with django_assert_max_num_queries(20):
        county.get(MONTH)
    with django_assert_max_num_queries(30):
        township.get(MONTH)


def test_a_township_clerk_of_two_townships_sees_both(world, signed_in):
    from zhucun.base.access import actions as access

    access.grant(user=world.clerk_jin, role=Role.TOWNSHIP, area=world.niaojiang, start=date(2021, 1, 1), end=None,
                 by=world.caretaker, at=NOW)  # fmt: skip
    text = shown(signed_in(world.clerk_jin))
    assert "石桥村" in text
    assert "高岭村" in text


@pytest.mark.parametrize("month", ["1901-01", "9998-12", "2022-13"])
def test_a_month_nobody_can_mean_is_not_there(world, signed_in, month):
    client = signed_in(world.office)
    for name, args in (("month", []), ("grid", []), ("team", [world.team_shiqiao.pk]), ("township", ["430426102"])):
        assert client.get(reverse(f"attendance:{name}", args=[month, *args])).status_code == 404, name
    for address in (MONTHS, reverse("attendance:book")):
        for name in (month, "２０２２-11"):
            assert client.get(address, {"month": name}, follow=True).status_code == 200
    for day in ("1950-01-01", "1901-06-01", "2100-12-31"):
        assert client.get(reverse("attendance:county_summary"), {"on": day}).status_code == 200, day
