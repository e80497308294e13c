"""Rounds as office, inspector, county leader, clerks, contacts, leader, member and stranger see them; nobody learns of a visit before it."""

from datetime import date

import pytest
from django.urls import reverse

from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.models import Correction, Finding, Round
from zhucun.work.inspections.tests.story import DAY, at, enter, plan

LOOKS_OVER = ("office", "inspector", "leader_county")
OUTSIDE = ("clerk_jin", "clerk_niao", "contact_finance", "leader_wang")


def where(name: str, row=None) -> str:
    return reverse(f"inspections:{name}", args=[row.pk] if row else [])


@pytest.mark.parametrize("name", LOOKS_OVER)
def test_the_county_sees_rounds_before_they_begin(county, signed_in, name):
    held = plan(county)
    page = signed_in(getattr(county, name))
    assert held.number in page.get(where("rounds")).content.decode()
    assert "石桥村" in page.get(where("round", held)).content.decode()


@pytest.mark.parametrize("name", OUTSIDE)
def test_nobody_else_learns_of_a_visit_before_the_sheet_is_entered(county, signed_in, name):
    held = plan(county)
    page = signed_in(getattr(county, name))
    assert held.number not in page.get(where("rounds")).content.decode()
    for address in (where("round", held), where("visit", held.visits.get()), where("sheets", held)):
        assert page.get(address).status_code in {403, 404}


def test_afterwards_a_township_sees_its_own_villages_only(county, signed_in):
    held = plan(county, villages=[county.shiqiao, county.gaoling])
    enter(county, held)
    seen = signed_in(county.clerk_jin).get(where("round", held)).content.decode()
    assert "石桥村" in seen
    assert "高岭村" not in seen  # nobody has been there yet
    assert signed_in(county.clerk_niao).get(where("round", held)).status_code == 404


@pytest.mark.parametrize("name", ["member_li", "stranger", "sysadmin"])
def test_members_and_strangers_are_refused(county, signed_in, name):
    held = plan(county)
    enter(county, held)
    page = signed_in(getattr(county, name))
    assert {page.get(address).status_code for address in (where("rounds"), where("round", held))} == {403}


@pytest.mark.parametrize("name", ["clerk_jin", "contact_finance", "leader_wang", "leader_county"])
@pytest.mark.parametrize(
    "step", ["round_change", "round_villages", "round_draw", "round_cancel", "round_order", "round_finding"]
)
def test_only_those_who_plan_change_a_round(county, signed_in, name, step):
    held = plan(county)
    enter(county, held)
    page = signed_in(getattr(county, name))
    assert page.get(where(step, held)).status_code in {403, 404}
    assert page.post(where(step, held), {"reason": "x", "text": "x"}).status_code in {403, 404}
    assert page.post(where("round_move", held), {"to": "closed"}).status_code in {403, 404}
    assert Round.objects.get().state == "underway"


def test_a_round_from_plan_to_close_by_its_pages(county, signed_in):
    page = signed_in(county.inspector)
    planned = page.post(
        where("round_plan"),
        {"county": county.county.pk, "held_on": "2022-12-07", "method": "unannounced", "group": "县纪委监委"},
        follow=True,
    )
    held = Round.objects.get()
    assert "接下来确定到哪些村" in planned.content.decode()
    refused = page.post(where("round_move", held), {"to": "underway"}, follow=True).content.decode()
    assert "还没有确定到哪些村" in refused
    page.post(where("round_villages", held), {"villages": [county.shiqiao.pk]})
    assert "已开始" in page.post(where("round_move", held), {"to": "underway"}, follow=True).content.decode()
    assert "还有 1 个村" in page.post(where("round_move", held), {"to": "closed"}, follow=True).content.decode()
    enter(county, held, li="here")
    done = page.post(where("round_move", held), {"to": "closed"}, follow=True).content.decode()
    assert "起草督查通报" in done
    wrong = page.post(where("round_move", held), {"to": "cancelled"}, follow=True).content.decode()
    assert "没有这一步" in wrong
    page.post(where("round_reopen", held), {"reason": "漏录一个村"})
    assert Round.objects.get().state == "underway"


def test_a_plan_is_cancelled_with_a_reason_and_what_was_typed_stays(county, signed_in):
    when = {"by": county.inspector, "at": at()}
    held = rounds.plan_round(county=county.county, held_on=DAY, method="open", group="", purpose="", **when)
    page = signed_in(county.inspector)
    assert "必须填写" in page.post(where("round_cancel", held), {"reason": ""}).content.decode()
    page.post(where("round_cancel", held), {"reason": "改期"})
    assert Round.objects.get().state == "cancelled"
    again = page.post(where("round_cancel", held), {"reason": "又取消一次"}).content.decode()
    assert "不能办这一步" in again
    assert "又取消一次" in again


def test_a_wrong_day_is_told_and_nothing_is_kept(county, signed_in):
    answer = signed_in(county.inspector).post(
        where("round_plan"), {"county": county.county.pk, "held_on": "0202-12-07", "method": "open"}
    )
    assert answer.status_code == 200
    assert "1900 到 2100" in answer.content.decode()
    assert not Round.objects.exists()


def test_the_list_is_filtered_by_year_state_and_method(county, signed_in):
    old, new = plan(county, date(2021, 12, 1), method="phone"), plan(county)
    page = signed_in(county.office)
    for query, found in (
        ("?year=2021", [old]),
        ("?method=phone", [old]),
        ("?state=underway", [old, new]),
        ("?state=closed", []),
    ):
        text = page.get(where("rounds") + query).content.decode()
        assert [one for one in (old, new) if one.number in text] == found


def test_pages_ask_a_fixed_number_of_queries(county, signed_in, django_assert_max_num_queries):
    held = plan(county, villages=[county.shiqiao, county.gaoling, county.qingshui])
    enter(county, held)
    page = signed_in(county.inspector)
    for name, most in (("rounds", 12), ("round", 20)):
        page.get(where(name, held if name == "round" else None))
        with django_assert_max_num_queries(most):
            page.get(where(name, held if name == "round" else None))


def test_a_finding_from_papers_and_an_order_to_a_unit_are_written_by_hand(county, signed_in):
    held = plan(county, method="papers")
    page = signed_in(county.inspector)
    page.post(
        where("round_finding", held), {"kind": "ledger", "text": "11月记录本缺两页", "village": county.shiqiao.pk}
    )
    found = Finding.objects.get()
    assert (found.team, found.township, found.unit) == (county.team_shiqiao, county.jinqiao, county.finance)
    about_nobody = page.post(where("round_finding", held), {"kind": "ledger", "text": "缺页"}).content.decode()
    assert "关于哪个村" in about_nobody
    assert "缺页" in about_nobody
    both = page.post(
        where("round_finding", held), {"kind": "other", "text": "x", "person": county.li.pk, "manager": "on"}
    ).content.decode()
    assert "不要再写责任人" in both
    page.post(where("round_finding", held), {"kind": "conduct", "text": "带队饮酒", "person": county.li.pk})
    assert Finding.objects.get(person=county.li).team == county.team_shiqiao
    page.post(where("round_order", held), {"text": "按时到村", "unit": county.police.pk, "due": "2022-12-20"})
    order = Correction.objects.get()
    assert (order.unit, order.due_on) == (county.police, date(2022, 12, 20))
    findings.reply(correction=order, text="已部署", by=county.contact_police, at=at(hour=15))


@pytest.mark.parametrize(("name", "count"), [("inspector", 1), ("clerk_jin", 0), ("stranger", 0)])
def test_search_boxes_answer_inspectors_only(county, signed_in, name, count):
    page = signed_in(getattr(county, name))
    for kind, term in (("pick_person", "李敏"), ("pick_village", "石桥"), ("pick_unit", "县公安局")):
        answer = page.get(reverse(f"inspections:{kind}"), {"q": term})
        assert answer.status_code == (200 if count else 403)
        assert answer.content.decode().count(term) >= count
