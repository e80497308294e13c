"""留痕: read as sentences, filtered by day and act, exported under its own eyes, proved whole."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.directory import actions as directory
from zhucun.base.journal import journal
from zhucun.base.journal.models import Entry
from zhucun.base.policy import actions as policy
from zhucun.overview.office import story
from zhucun.work.teams import actions as teams

pytestmark = pytest.mark.django_db


def last():
    return Entry.objects.first()


def shown(client, **query):
    return [row.object.action for row in client.get(reverse("office:journal"), query).context["table"].rows]


def test_a_change_reads_with_old_and_new(world):
    directory.edit_unit(unit=world.finance, fields={"chief": "陈局长"}, by=world.office, at=NOW)
    entry = last()
    assert (story.action(entry), story.sentence(entry)) == ("修改派出单位", "主要负责人：（空） → 陈局长")


def test_codes_read_in_chinese(world):
    directory.class_village(
        village=world.gaoling,
        start=date(2022, 12, 1),
        category="key",
        conditions={"weak", "poor"},
        by=world.office,
        at=NOW,
    )
    assert story.sentence(last()) == "类别：重点村；村情：穷村、弱村；起始日期：2022-12-01"
    policy.set_parameter(key="teams.max_age", value="50", start=date(2022, 12, 1), clause=None, by=world.office, at=NOW)
    assert "参数：选派年龄上限" in story.sentence(last())
    assert "→ 50" in story.sentence(last())
    item = {"kind": "projects", "content": "饮水", "done": True}
    handover = world.qian_posting.handover
    teams.fill_handover(handover=handover, fields={"witness": "刘"}, items=[item], by=world.office, at=NOW)
    assert "项目、饮水、是" in story.sentence(last())


def test_the_role_of_a_duty_and_of_a_posting_each_read_right(world):
    granted = Entry.objects.filter(action="duty.granted").last()
    opened = Entry.objects.filter(action="posting.opened").last()
    assert "角色：县驻村办" in story.sentence(granted)
    assert "队内职务：第一书记兼队长" in story.sentence(opened)


@pytest.mark.parametrize("data", ["", "not json", "[1, 2]", '"text"', "null", '{"a": {"b": [1, null, true]}}'])
def test_an_entry_that_was_altered_is_still_shown(world, signed_in, data):
    entry = Entry(seq=10**6, at="never", actor="x", actor_name="？", action="old.act", data=data, hash="0" * 64)
    assert story.moment(entry) is None
    assert isinstance(story.sentence(entry), str)


def test_filters(world, signed_in):
    client = signed_in(world.auditor)
    directory.edit_unit(unit=world.finance, fields={"chief": "甲"}, by=world.office, at=NOW)
    late = datetime(2022, 12, 31, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    directory.edit_unit(unit=world.finance, fields={"chief": "乙"}, by=world.office, at=late)
    assert shown(client, action="unit.edited") == ["unit.edited"] * 2
    assert shown(client, **{"from": "2022-12-31"}) == ["unit.edited"]
    assert shown(client, **{"from": "2022-12-07", "until": "2022-12-30"}) == ["unit.edited"]
    assert shown(client, until="2022-12-31", q="周主任") == ["unit.edited", "unit.edited", "account.opened"]
    assert set(shown(client, group="duty.")) == {"duty.granted"}
    assert shown(client, **{"from": "someday", "action": "nothing"}) == shown(client), (
        "what is no day or act is ignored"
    )


def test_the_export_is_itself_an_entry(world, signed_in):
    client = signed_in(world.auditor)
    assert b"".join(client.get(reverse("office:journal"), {"format": "xlsx"}).streaming_content)[:2] == b"PK"
    assert (last().action, last().actor) == ("list.exported", str(world.auditor.pk))


def test_one_entry_with_what_else_happened_to_the_row(world, signed_in):
    directory.edit_unit(unit=world.finance, fields={"chief": "甲"}, by=world.office, at=NOW)
    page = signed_in(world.auditor).get(reverse("office:entry", args=[last().seq])).content.decode()
    assert all(word in page for word in ("周主任", "修改派出单位", "县财政局", "新增派出单位", last().hash))
    assert signed_in(world.auditor).get(reverse("office:entry", args=[10**9])).status_code == 404


def test_verifying_says_that_the_journal_is_whole_and_is_an_entry(world, signed_in):
    answer = signed_in(world.auditor).post(reverse("office:journal_verify"))
    assert "日志完整" in answer.content.decode()
    assert last().action == "journal.verified"


def test_verifying_names_the_entry_that_was_altered(world, signed_in, monkeypatch):
    from zhucun.base.journal.verify import Verdict

    found = Verdict(4, 1, 5, "第 5 条记录与校验值不符，内容或次序被改动过。")
    monkeypatch.setattr("zhucun.overview.office.actions.verify", lambda: found)
    page = signed_in(world.auditor).post(reverse("office:journal_verify")).content.decode()
    assert "第 5 条记录" in page
    assert "立即报告" in page
    assert "第 5 条记录" in last().data


def test_the_list_asks_a_fixed_number_of_questions(world, signed_in, django_assert_max_num_queries):
    client = signed_in(world.auditor)
    with django_assert_max_num_queries(12):
        client.get(reverse("office:journal"), {"per": "100"})


def test_moments_are_shown_in_the_time_of_the_county(world):
    from django.db import transaction

    with transaction.atomic():
        journal.note(by=world.office, at=NOW.astimezone(ZoneInfo("UTC")) + timedelta(hours=1), action="clock.fixed")
    assert f"{story.moment(last()):%H:%M}" == "10:00"
