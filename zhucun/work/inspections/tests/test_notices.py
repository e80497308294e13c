"""To-dos of inspections: each person's own, with what is due first, in a fixed number of queries."""

from datetime import date

import pytest

from zhucun.work.inspections.actions import circulars, findings, rounds
from zhucun.work.inspections.notices import waiting
from zhucun.work.inspections.tests.story import DAY, absence, at, done, ordered, plan, replied

TODAY = date(2022, 12, 7)


def told(user, day=TODAY) -> list[str]:
    return [todo.title for todo in waiting(user, day)]


def test_a_planned_round_is_named_a_week_before_and_after_its_day(county):
    when = {"by": county.inspector, "at": at()}
    rounds.plan_round(county=county.county, held_on=date(2022, 12, 14), method="open", group="", purpose="", **when)
    assert told(county.inspector, date(2022, 12, 6)) == []
    assert told(county.inspector) == told(county.office) == ["12月14日明察督查"]
    late = next(waiting(county.inspector, date(2022, 12, 15)))
    assert "日期已过" in late.why
    assert told(county.clerk_jin) == told(county.leader_wang) == []  # nobody is warned of a visit


def test_sheets_wait_from_the_day_of_the_round(county):
    plan(county, date(2022, 12, 7))
    assert "1 份现场核查单待录入" in told(county.inspector)
    assert told(county.inspector, date(2022, 12, 6)) == []


def test_a_finding_waits_for_each_in_turn(county):
    found = absence(county)
    assert "1 个问题待提整改意见" in told(county.inspector)
    one = ordered(county, found, date(2022, 12, 10))
    for user in (county.clerk_jin, county.leader_wang):
        todo = next(waiting(user, TODAY))
        assert (todo.title, todo.due) == ("1 条整改意见待回复", date(2022, 12, 10))
        assert str(one.pk) in todo.url
    assert told(county.clerk_niao) == told(county.contact_police) == told(county.member_li) == []
    assert "逾期" in next(waiting(county.clerk_jin, date(2022, 12, 11))).why
    replied(county, one)
    assert told(county.clerk_jin) == []
    assert "1 条整改待核实" in told(county.inspector)
    done(county, one)
    assert told(county.office) == ["1 个问题可以销号"]
    findings.close_finding(finding=found, text="到位", by=county.office, at=at(hour=17))
    assert told(county.office) == []


def test_a_circular_waits_for_each_in_turn(county):
    round = absence(county).round
    paper = circulars.draft_circular(
        county=county.county, rounds=[round], title="关于12月督查情况的通报", body="一、总体情况\n抽查 1 村。", townships=[county.jinqiao],
        units=[], by=county.office, at=at(),
    )  # fmt: skip
    assert "1 份督查通报还是草稿" in told(county.office)
    assert "1 份督查通报还是草稿" not in told(county.deputy)
    circulars.submit(circular=paper, by=county.office, at=at())
    assert "1 份督查通报待审核" in told(county.deputy)
    assert "1 份督查通报待审核" not in told(county.office)
    circulars.review(circular=paper, agreed=True, remark="", by=county.deputy, at=at())
    assert told(county.leader_county) == ["1 份督查通报待签发"]
    circulars.sign(circular=paper, agreed=True, remark="", by=county.leader_county, at=at())
    todo = next(one for one in waiting(county.clerk_jin, TODAY) if "签收" in one.title)
    assert todo.due == date(2022, 12, 12)
    assert told(county.clerk_niao) == []


@pytest.mark.parametrize("name", ["office", "inspector", "clerk_jin", "leader_wang", "contact_finance"])
def test_what_waits_is_asked_in_a_fixed_number_of_queries(county, name, django_assert_max_num_queries):
    ordered(county, absence(county), DAY)
    plan(county, TODAY)
    user = getattr(county, name)
    user.duties_on(TODAY)
    with django_assert_max_num_queries(12):
        list(waiting(user, TODAY))
