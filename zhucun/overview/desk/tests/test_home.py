"""The home page of each role."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from tests import cast
from zhucun.base.access import actions as access
from zhucun.base.access.permissions import Role
from zhucun.overview.desk import home
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Handover

pytestmark = pytest.mark.django_db


def opened(signed_in, user, **query):
    answer = signed_in(user).get(reverse("desk:home"), query)
    assert answer.status_code == 200
    return answer, answer.content.decode()


def test_the_county_office_sees_what_waits_and_the_county_beside_last_year(world, signed_in):
    answer, text = opened(signed_in, world.office)
    assert "上午好，周主任" in text
    assert "星期三" in text
    titles = [todo.title for todo in answer.context["todos"]]
    assert "高岭村驻村工作队：人数不足" in titles
    stats = {one["label"]: (one["value"], one["previous"]) for one in answer.context["stats"]}
    assert stats["驻村人员"] == (3, 4)
    assert [chart.title for chart in answer.context["charts"]] == ["年龄（周岁）", "学历"]
    assert {"派人", "登记人员"} <= {one.label for one in answer.context["quick"]}


def test_a_township_clerk_sees_the_teams_of_the_township_only(world, signed_in):
    answer, text = opened(signed_in, world.clerk_jin)
    assert [team.village for team in answer.context["teams"]] == [world.shiqiao]
    assert "石桥村" in text
    assert "王立新" in text
    assert "高岭村" not in text
    assert "赵刚" not in text
    assert "派人" not in {one.label for one in answer.context["quick"]}


def test_a_unit_sees_its_own_people(world, signed_in):
    answer, text = opened(signed_in, world.contact_finance)
    assert [posting.person for posting in answer.context["people"]] == [world.wang]
    assert "李敏" not in text


def test_a_unit_is_one_click_from_the_summary_of_its_people_s_attendance(world, signed_in):
    client = signed_in(world.contact_finance)
    quick = {one.label: one.url for one in client.get(reverse("desk:home")).context["quick"]}
    assert quick["出勤汇总"] == "/attendance/summaries/units/"
    assert "王立新" in client.get(quick["出勤汇总"]).content.decode()
    for user in (world.office, world.clerk_jin, world.leader_county, world.member_li):
        assert "出勤汇总" not in {one.label for one in opened(signed_in, user)[0].context["quick"]}


def test_a_county_leader_sees_figures_and_nothing_to_edit(world, signed_in):
    answer, _ = opened(signed_in, world.leader_county)
    assert [one.label for one in answer.context["quick"]] == ["队伍结构统计表"]
    assert answer.context["stats"][1]["value"] == 3


def test_a_member_sees_village_team_term_and_whom_to_ask(world, signed_in):
    answer, text = opened(signed_in, world.member_li)
    mine = answer.context["mine"]
    assert (mine.posting, mine.full, mine.days) == (world.li_posting, date(2023, 5, 20), 567)
    assert [one.person for one in mine.others] == [world.wang]
    assert mine.contacts == [("金桥镇经办人", "金桥经办人"), ("县驻村办", "周主任")]
    assert "stats" not in answer.context
    for words in ("我的驻点村", "石桥村", "示范村", "穷村", "2021-05-20", "王立新", "没有待办"):
        assert words in text
    assert "高岭村" not in text


def test_a_member_sees_the_hand_over_lists_of_the_own_team(world, signed_in):
    last = {"last_day": date(2022, 12, 1), "ending": "term", "reason": "", "by": world.caretaker, "at": cast.NOW}
    teams.end_posting(posting=world.wang_posting, **last)
    answer, text = opened(signed_in, world.member_li)
    assert answer.context["mine"].handovers == [Handover.objects.get(posting=world.wang_posting)]
    assert "王立新的交接" in text
    assert [(one.what, one.posting) for one in answer.context["changes"]] == [("期满", world.wang_posting)]


def test_the_day_looked_at_moves_everything_but_the_to_dos(world, signed_in):
    now, _ = opened(signed_in, world.office)
    then, _ = opened(signed_in, world.office, on="2022-06-01")
    assert then.context["stats"][1]["value"] == 4
    assert [todo.title for todo in then.context["todos"]] == [todo.title for todo in now.context["todos"]]
    before, text = opened(signed_in, world.member_li, on="2021-01-01")
    assert before.context["mine"] is None
    assert "没有待办" in text


def test_administrators_see_only_their_own_kind_of_things(world, signed_in):
    for user, there in ((world.sysadmin, "账号与职责"), (world.secadmin, "授予职责"), (world.auditor, "最近的留痕")):
        answer, text = opened(signed_in, user)
        assert there in text
        assert {todo.room for todo in answer.context["todos"]} <= {"office"}
        assert "驻村队伍" not in text
        assert "stats" not in answer.context
        for name in ("王立新", "李敏", "石桥村"):
            assert name not in text or user is world.auditor, (user.username, name)


def test_somebody_without_duty_is_told_whom_to_ask(world, signed_in):
    _, text = opened(signed_in, world.stranger)
    assert "还没有职责" in text


def test_an_office_without_teams_is_shown_three_steps(db, signed_in):
    by = access.caretaker()
    from zhucun.base.directory import actions as directory

    county = directory.add_division(code="430426", name="祁东县", kind="县", parent=None, by=by, at=cast.AT)
    office = access.open_account(
        username="o", name="办公室", password=cast.PASSWORD, by=by, at=cast.AT, must_change=False
    )
    access.grant(user=office, role=Role.OFFICE, area=county, start=date(2021, 1, 1), end=None, by=by, at=cast.AT)
    answer, text = opened(signed_in, office)
    assert "三步把全县的台账建起来" in text
    assert "<figure" not in text
    assert answer.context["empty"]


def test_recent_changes_are_those_of_sixty_days(world):
    scope = world.office.scope_on(cast.TODAY, "teams.view")
    assert home.recent_changes(scope, cast.TODAY) == []
    changes = home.recent_changes(scope, date(2022, 8, 28))
    assert [(one.day, one.what, one.posting) for one in changes] == [(date(2022, 6, 30), "调整", world.qian_posting)]
    assert home.recent_changes(scope, date(2022, 8, 29)) == []
    assert {one.what for one in home.recent_changes(scope, cast.MAY_2021)} == {"到任"}


@pytest.mark.parametrize(
    ("hour", "words"), [(6, "早上好"), (9, "上午好"), (12, "中午好"), (15, "下午好"), (20, "晚上好")]
)
def test_the_greeting_goes_with_the_clock(hour, words):
    assert home.greeting(datetime(2022, 12, 7, hour)) == words  # noqa: DTZ001  only the hour is read


def test_the_number_of_queries_is_bounded(world, signed_in, django_assert_max_num_queries):
    for user in (world.office, world.clerk_jin, world.contact_finance, world.member_li):
        client = signed_in(user)
        client.get(reverse("desk:home"))
        with django_assert_max_num_queries(55):
            client.get(reverse("desk:home"))
