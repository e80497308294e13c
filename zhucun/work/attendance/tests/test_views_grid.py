"""The month filled in like a worksheet: what is posted is written team by team, what is refused stays where it was typed."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from tests.cast import NOW
from zhucun.work.attendance.actions import marks
from zhucun.work.attendance.forms.grid import KEYS, parts_of
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import month_named
from zhucun.work.attendance.rules import SYMBOLS

USUAL = "√" * 20 + "调" * 10
GRID = reverse("attendance:grid", args=["2022-11"])


def address(world, month="2022-11", team=None):
    return reverse("attendance:team", args=[month, (team or world.team_shiqiao).pk])


def key(world, person, team=None):
    return f"{(team or world.team_shiqiao).pk.hex}-{person.pk.hex}"


def posted(client, where, **typed):
    """Everything a browser would send from the page, some lines typed over."""
    text = client.get(where).content.decode()
    data = dict(re.findall(r'name="([mov]-[0-9a-f-]+)" value="([^"]*)"', text))
    return data | typed


def line(world, person, marks, team=None):
    return {f"m-{key(world, person, team)}": marks}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("v√公", ["√", "√", "公", "·"]),
        ("√\t\t公\t×", ["√", "·", "公", "×"]),
        ("√|没有|公", ["√", "没有", "公", "·"]),
        ("√.✓-", ["√", "·", "√", "—"]),
        ("√√√√··", ["√", "√", "√", "√"]),
        ("√√√√√", ["√", "√", "√", "√", "√"]),
    ],
)
def test_lines_are_read_leniently(text, parts):
    assert parts_of(text, 4) == parts


def test_every_symbol_has_a_letter_of_its_own():
    assert set(KEYS) == set(SYMBOLS) - {"—"}
    assert len(set(KEYS.values())) == len(KEYS)


def test_a_clerk_fills_in_a_team_without_any_script(world, signed_in):
    client = signed_in(world.clerk_jin)
    data = posted(client, address(world), **line(world, world.wang, USUAL), **line(world, world.li, "v" * 30))
    answer = client.post(address(world), data)
    assert answer.status_code == 302
    assert PersonMonth.objects.get(person=world.wang).marks == USUAL
    assert PersonMonth.objects.get(person=world.li).marks == "√" * 30
    assert "没有改动" in client.post(address(world), posted(client, address(world)), follow=True).content.decode()


def test_what_cannot_be_understood_is_told_with_its_place_and_not_lost(world, signed_in):
    client = signed_in(world.clerk_jin)
    data = posted(client, address(world), **line(world, world.wang, "|".join(["√", "在岗吗", "公"])))
    text = client.post(address(world), data).content.decode()
    assert "王立新 11月2日“在岗吗”：看不懂这个符号。" in text
    assert "√|在岗吗|公" in text
    assert "is-wrong" in text
    assert not PersonMonth.objects.exists()


def test_a_day_too_many_is_told(world, signed_in):
    client = signed_in(world.clerk_jin)
    data = posted(client, address(world), **line(world, world.wang, "√" * 31))
    assert "只有 30 天，后面多填了“√”" in client.post(address(world), data).content.decode()


def test_lines_nobody_touched_are_not_written_over_what_others_did_meanwhile(world, signed_in):
    client = signed_in(world.clerk_jin)
    data = posted(client, address(world), **line(world, world.wang, USUAL))
    month = month_named("2022-11")
    marks.fill(team=world.team_shiqiao, month=month, rows={world.li.pk: "√" * 30}, by=world.office, at=NOW)
    assert client.post(address(world), data).status_code == 302
    assert PersonMonth.objects.get(person=world.li).marks == "√" * 30


def test_two_at_one_line_the_second_is_told_and_sees_the_difference(world, signed_in):
    client = signed_in(world.clerk_jin)
    data = posted(client, address(world), **line(world, world.wang, USUAL))
    month = month_named("2022-11")
    marks.fill(team=world.team_shiqiao, month=month, rows={world.wang.pk: "√" * 30}, by=world.office, at=NOW)
    answer = client.post(address(world), data)
    text = answer.content.decode()
    assert "刚刚被别人改过" in text
    assert f'value="{USUAL}"' in text
    assert text.count("is-changed") == 10
    assert PersonMonth.objects.get(person=world.wang).marks == "√" * 30
    again = dict(re.findall(r'name="([mov]-[0-9a-f-]+)" value="([^"]*)"', text))
    assert client.post(address(world), again).status_code == 302
    assert PersonMonth.objects.get(person=world.wang).marks == USUAL


def test_what_only_the_other_has_changed_stays_theirs(world, signed_in):
    client = signed_in(world.clerk_jin)
    data = posted(client, address(world), **line(world, world.wang, "公" + "·" * 29))
    theirs = {world.wang.pk: "√" * 29 + "病"}
    marks.fill(team=world.team_shiqiao, month=month_named("2022-11"), rows=theirs, by=world.office, at=NOW)
    text = client.post(address(world), data).content.decode()
    assert "刚刚被别人改过（周主任）" in text
    assert f'value="公{"√" * 28}病"' in text
    assert text.count("is-changed") == 1


def test_days_to_come_and_out_of_post_are_greyed_and_refused(world, signed_in):
    client = signed_in(world.clerk_jin)
    where = address(world, "2022-12")
    text = client.get(where).content.decode()
    assert "is-future" in text
    data = posted(client, where, **line(world, world.wang, "√" * 10))
    assert "这一天还没有到" in client.post(where, data).content.decode()
    may = client.get(address(world, "2021-05")).content.decode()
    assert may.count("is-out") == 2 * 19


def test_confirmed_lines_are_locked(world, signed_in):
    rows = {world.wang.pk: USUAL, world.li.pk: USUAL}
    month = month_named("2022-11")
    marks.fill(team=world.team_shiqiao, month=month, rows=rows, by=world.clerk_jin, at=NOW)
    marks.confirm(team=world.team_shiqiao, month=month, signed=True, by=world.clerk_jin, at=NOW)
    client = signed_in(world.clerk_jin)
    text = client.get(address(world)).content.decode()
    assert "乡镇已确认" in text
    assert 'name="m-' not in text
    data = line(world, world.wang, "√" * 30)
    assert "已由乡镇确认，您填的没有保存" in client.post(address(world), data).content.decode()
    assert PersonMonth.objects.get(person=world.wang).marks == USUAL


def test_leave_is_a_suggestion_that_writes_nothing(world, signed_in):
    from datetime import date

    from zhucun.work.attendance.actions import leaves

    leaves.record(posting=world.wang_posting, first=date(2022, 11, 8), last=date(2022, 11, 9), level="county",
                  fields={"kind": "personal", "reason": "家事"}, approved_on=date(2022, 11, 7), by=world.clerk_jin, at=NOW)  # fmt: skip
    text = signed_in(world.clerk_jin).get(address(world)).content.decode()
    assert text.count('data-leave="事"') == 2
    assert not PersonMonth.objects.exists()


def test_the_office_fills_in_a_township_and_others_may_not(world, signed_in):
    client = signed_in(world.office)
    where = f"{GRID}?township={world.niaojiang.pk}"
    data = posted(client, where, **line(world, world.zhao, USUAL, world.team_gaoling))
    assert client.post(where, data).status_code == 302
    assert PersonMonth.objects.get(person=world.zhao).marks == USUAL
    for user in (world.leader_county, world.contact_finance):
        theirs = signed_in(user)
        assert 'name="m-' not in theirs.get(address(world)).content.decode()
        assert theirs.post(address(world), line(world, world.wang, USUAL)).status_code == 403
    assert signed_in(world.clerk_niao).get(address(world)).status_code == 404
    assert signed_in(world.stranger).get(address(world)).status_code == 404


def test_a_township_s_grid_narrows_to_a_team(world, signed_in):
    client = signed_in(world.clerk_jin)
    text = client.get(GRID, {"team": str(world.team_shiqiao.pk)}).content.decode()
    assert "王立新" in text
    assert client.get(GRID, {"team": "x", "township": "y"}).status_code == 200


def test_the_month_before_and_after_are_one_click_away_with_what_was_picked(world, signed_in):
    client = signed_in(world.clerk_jin)
    picked = f"township={world.jinqiao.pk}&team={world.team_shiqiao.pk}"
    page = client.get(f"{GRID}?{picked}")
    for month, word in (("2022-10", "上月"), ("2022-12", "下月")):
        there = f"/attendance/months/{month}/grid/?{picked}"
        assert f'href="{escape(there)}"' in page.content.decode()
        assert word in page.content.decode()
        assert client.get(there).context["team"] == world.team_shiqiao
    now = client.get(reverse("attendance:grid", args=["2022-12"]))
    assert (now.context["previous_url"], now.context["next_url"]) == (GRID, "")
    assert "下月" not in now.content.decode()


def test_a_month_that_is_none_is_not_there(world, signed_in):
    assert signed_in(world.clerk_jin).get(reverse("attendance:grid", args=["2022-99"])).status_code == 404


def test_the_grid_costs_the_same_for_many(world, signed_in, django_assert_max_num_queries):
    client = signed_in(world.clerk_jin)
    with django_assert_max_num_queries(18):
        client.get(GRID)


def test_days_still_to_come_are_not_missing(world, signed_in):
    text = signed_in(world.clerk_jin).get(address(world, "2022-12")).content.decode()
    assert re.findall(r'mark-sum num">(\d+)</td></tr>', text) == ["7", "7"]


def test_a_page_older_than_the_confirmation_or_the_posting_says_what_it_did_not_save(world, signed_in):
    client, where = signed_in(world.office), address(world)
    rows = {world.wang.pk: USUAL, world.li.pk: USUAL}
    month = month_named("2022-11")
    marks.fill(team=world.team_shiqiao, month=month, rows=rows, by=world.clerk_jin, at=NOW)
    stale = posted(client, where, **line(world, world.wang, "公" + USUAL[1:]))
    marks.confirm(team=world.team_shiqiao, month=month, signed=True, by=world.clerk_jin, at=NOW)
    assert "王立新的2022年11月已由乡镇确认，您填的没有保存" in client.post(where, stale).content.decode()
    gone = {f"m-{key(world, world.qian)}": "√" * 30}
    assert "有人2022年11月已不在这张表里" in client.post(where, gone).content.decode()
    assert PersonMonth.objects.get(person=world.wang).marks == USUAL


def test_a_dash_does_not_rub_out_a_day_in_post(world, signed_in):
    client = signed_in(world.clerk_jin)
    client.post(address(world), line(world, world.wang, USUAL))
    answer = client.post(address(world), posted(client, address(world), **line(world, world.wang, "-" + USUAL[1:])))
    assert "王立新 11月1日“—”：这一天在任，要记出勤；没有记录就留空" in answer.content.decode()
    assert PersonMonth.objects.get(person=world.wang).marks == USUAL
