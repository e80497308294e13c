"""The township confirms: what to look at first, the signature on paper, one button, then the next team."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from tests.cast import MAY_2021, NOW, Facts, person
from zhucun.base.journal.journal import history
from zhucun.work.attendance.actions import leaves, marks
from zhucun.work.attendance.hints.gathering import hints_of
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

NOVEMBER = month_named("2022-11")
REST = {5, 6, 12, 13, 19, 20, 26, 27}
USUAL = "".join("调" if day in REST else "√" for day in range(1, 31))


def address(team):
    return reverse("attendance:confirm", args=["2022-11", team.pk])


def fill(world, team=None, people=None, marks_of=USUAL):
    rows = {one.pk: marks_of for one in people or [world.wang, world.li]}
    marks.fill(team=team or world.team_shiqiao, month=NOVEMBER, rows=rows, by=world.clerk_jin, at=NOW)


@pytest.fixture
def second(world):
    """Another team of 金桥镇, in 清水村, with one person."""
    team = teams.open_team(
        number="T003", village=world.qingshui, lead_unit=world.finance, partners=[], start=MAY_2021, by=world.caretaker, at=NOW
    )  # fmt: skip
    world.zhou = person(world, Facts("周小川", "P009", date(1985, 1, 1), world.finance))
    teams.post(person=world.zhou, team=team, role="leader", start=MAY_2021, reason="首批", by=world.caretaker, at=NOW)
    return team


def test_a_team_is_confirmed_with_answers_that_the_journal_keeps(world, signed_in):
    fill(world, marks_of="√" * 30)
    client, where = signed_in(world.clerk_jin), address(world.team_shiqiao)
    text = client.get(where).content.decode()
    assert "王立新全月 30 天都记在岗" in text
    hint = hints_of([world.team_shiqiao], NOVEMBER, date(2022, 12, 7))[world.team_shiqiao.pk][0]
    told = {f"hint-{hint.key}": "抗旱，全体停休"}
    text = client.post(where, told).content.decode()
    assert "请先看纸质记录本" in text
    assert "抗旱，全体停休" in text  # nothing typed is lost
    answer = client.post(where, told | {"signed": "on"})
    assert answer.headers["Location"] == reverse("attendance:month", args=["2022-11"])
    assert PersonMonth.objects.filter(confirmed_by=world.clerk_jin).count() == 2
    entry = history(world.team_shiqiao).first()
    assert "抗旱，全体停休" in entry.data
    text = client.get(where).content.decode()
    assert "乡镇已确认" in text
    assert "说明：抗旱，全体停休" in text


def test_what_has_come_up_since_the_page_was_opened_is_shown_first(world, signed_in):
    fill(world)
    client, where = signed_in(world.clerk_jin), address(world.team_shiqiao)
    stamp = re.search(r'name="stamp" value="([^"]+)"', client.get(where).content.decode())[1]
    fields = {"kind": "personal", "reason": "有事", "stand_in": "王立新"}
    leaves.record(posting=world.li_posting, first=date(2022, 11, 8), last=date(2022, 11, 8), fields=fields, level="county",
                  approved_on=date(2022, 11, 7), returned_on=date(2022, 11, 9), by=world.office, at=NOW)  # fmt: skip
    text = client.post(where, {"signed": "on", "stamp": stamp}).content.decode()
    assert "刚刚有了新的提示" in text
    assert "李敏11月8日有事假，却记在村" in text
    assert not PersonMonth.objects.filter(confirmed_on__isnull=False).exists()
    told = dict.fromkeys(re.findall(r'name="(hint-[^"]+)"', text), "")
    client.post(where, {"signed": "on", "stamp": stamp} | told)
    assert PersonMonth.objects.filter(confirmed_on__isnull=False).count() == 2


def test_after_one_team_the_next_one_is_opened(world, signed_in, second):
    fill(world)
    fill(world, second, [world.zhou])
    client = signed_in(world.clerk_jin)
    answer = client.post(address(world.team_shiqiao), {"signed": "on"})
    assert answer.headers["Location"] == address(second)
    text = client.post(address(second), {"signed": "on"}, follow=True).content.decode()
    assert "本乡镇这个月全部确认完毕" in text


def test_a_team_that_is_not_recorded_is_not_the_next(world, signed_in, second):
    fill(world)
    text = signed_in(world.clerk_jin).post(address(world.team_shiqiao), {"signed": "on"}, follow=True).content.decode()
    assert "还有 1 支队要先录入或核对" in text


def test_blank_days_are_told(world, signed_in):
    fill(world, marks_of=USUAL[:20])
    client = signed_in(world.clerk_jin)
    assert "还有 20 天没有记录" in client.get(address(world.team_shiqiao)).content.decode()
    text = client.post(address(world.team_shiqiao), {"signed": "on"}).content.decode()
    assert "王立新：11月21–30日没有记录" in text


def test_others_read_or_find_nothing(world, signed_in):
    fill(world)
    where = address(world.team_shiqiao)
    for user in (world.office, world.leader_county, world.contact_finance):
        client = signed_in(user)
        text = client.get(where).content.decode()
        assert "王立新" in text
        assert 'name="signed"' not in text
        assert client.post(where, {"signed": "on"}).status_code == 403
    for user in (world.clerk_niao, world.stranger):
        assert signed_in(user).get(where).status_code == 404
    assert not PersonMonth.objects.filter(confirmed_on__isnull=False).exists()


def test_the_page_costs_a_fixed_number_of_queries(world, signed_in, django_assert_max_num_queries):
    fill(world)
    client = signed_in(world.clerk_jin)
    with django_assert_max_num_queries(26):
        client.get(address(world.team_shiqiao))


def test_a_slip_a_hint_misses_is_written_down_with_what_is_known_filled_in(world, signed_in):
    fill(world, marks_of=USUAL[:13] + "公公" + USUAL[15:])
    client, where = signed_in(world.clerk_jin), address(world.team_shiqiao)
    found = re.search(r'href="([^"]+)">登记这张单子', client.get(where).content.decode())
    assert found is not None
    there = unescape(found[1])
    form = client.get(there).context["form"]
    assert [str(form[name].value()) for name in ("kind", "first", "last")] == ["duty", "2022-11-14", "2022-11-15"]
    told = {"person": form["person"].value(), "kind": "duty", "first": "2022-11-14", "last": "2022-11-15", "reason": "送材料",
            "place": "县城", "level": "township", "approved_on": "2022-11-11"}  # fmt: skip
    assert client.post(there, told).headers["Location"] == where


def test_the_way_back_leads_nowhere_else(world, signed_in):
    there = reverse("attendance:leave_record") + "?next=https://example.com/"
    page = signed_in(world.clerk_jin).get(there).content.decode()
    assert f'href="{reverse("attendance:leaves")}">取消' in page


def test_whoever_reads_the_month_finds_its_sheet(world, signed_in):
    fill(world)
    sheet = reverse("attendance:month_sheet", args=["2022-11", world.team_shiqiao.pk])
    for user in (world.clerk_jin, world.office, world.contact_finance):
        client = signed_in(user)
        assert sheet in client.get(address(world.team_shiqiao)).content.decode()
        assert client.get(sheet).status_code == 200
