"""What townships and units owe, day by day, and how it comes into the ledger."""

from datetime import date

import pytest
from django.urls import reverse

from zhucun.work.inspections.actions import circulars, findings
from zhucun.work.inspections.models import Finding, Round
from zhucun.work.inspections.owed import SOURCES, circulars_waiting, corrections_overdue, months_open, owed
from zhucun.work.inspections.tests.story import absence, at, ordered, plan, replied

TODAY = date(2022, 12, 7)
PAGE = "inspections:managers"


@pytest.fixture
def scope(county):
    """The county as its office sees it."""
    return county.office.scope_on(TODAY)


def test_a_month_is_owed_from_the_day_after_the_policys_day(county, scope):
    def late(day: date) -> dict:
        return {one.source.split(":")[1]: one for one in months_open(scope, day) if one.township == county.jinqiao}

    november = late(TODAY).get("2022-11")
    october = late(TODAY)["2022-10"]
    assert october.what == "2022年10月出勤到期没有确认，还有 1 支队"
    assert (november is not None) == (date(2022, 12, october.due.day) < TODAY)
    assert "2022-10" not in late(october.due)
    assert "2022-10" in late(date(2022, 11, october.due.day + 1))


def test_a_correction_is_owed_by_the_township_or_else_by_the_unit(county, scope):
    late = ordered(county, absence(county), date(2022, 12, 6))
    to_unit = findings.order_correction(
        round=late.round, text="按时到村", due=date(2022, 12, 6), unit=county.police, by=county.inspector, at=at()
    )  # fmt: skip
    assert {(one.source, one.who) for one in corrections_overdue(scope, TODAY)} == {
        (f"correction:{late.pk}", county.jinqiao), (f"correction:{to_unit.pk}", county.police),
    }  # fmt: skip
    assert not list(corrections_overdue(scope, date(2022, 12, 6)))
    replied(county, late)
    assert [one.who for one in corrections_overdue(scope, TODAY)] == [county.police]


def test_a_circular_is_owed_after_its_days(county, scope):
    round = absence(county).round
    paper = circulars.draft_circular(
        county=county.county, rounds=[round], title="关于12月督查情况的通报", body="一、总体情况\n抽查 1 村。", townships=[county.jinqiao],
        units=[county.police], by=county.office, at=at(),
    )  # fmt: skip
    circulars.submit(circular=paper, by=county.office, at=at())
    circulars.review(circular=paper, agreed=True, remark="", by=county.deputy, at=at())
    circulars.sign(circular=paper, agreed=True, remark="", by=county.leader_county, at=at())
    assert not list(circulars_waiting(scope, date(2022, 12, 12)))
    assert {one.who for one in circulars_waiting(scope, date(2022, 12, 13))} == {county.jinqiao, county.police}
    circulars.receive(delivery=paper.deliveries.get(township=county.jinqiao), by=county.clerk_jin, at=at(hour=17))
    assert [one.who for one in circulars_waiting(scope, date(2022, 12, 13))] == [county.police]


def test_what_is_owed_is_asked_in_a_fixed_number_of_queries(county, scope, django_assert_max_num_queries):
    with django_assert_max_num_queries(6 * 5 + 4):
        owed(scope, TODAY)
    assert len(SOURCES) == 3


def test_the_office_takes_up_what_it_decides_in_a_round_begun_in_the_same_step(county, signed_in):
    late = ordered(county, absence(county), date(2022, 12, 6))
    page, where = signed_in(county.office), reverse(PAGE)
    assert f"整改意见 {late.number} 到期没有回复" in page.get(where).content.decode()
    answer = page.post(where, {"source": [f"correction:{late.pk}"], "round": ""}, follow=True).content.decode()
    made = Finding.objects.get(manager=True)
    assert made.number in answer
    assert (made.township, made.person, made.round.method) == (county.jinqiao, None, "papers")
    again = page.get(where).content.decode()
    assert made.number in again
    assert f'value="correction:{late.pk}"' not in again  # nothing is taken up twice
    told = page.post(where, {"source": [f"correction:{late.pk}"], "round": str(made.round.pk)}).content.decode()
    assert "已经列入问题台账" in told
    assert Round.objects.filter(method="papers").count() == 1


def test_nothing_ticked_is_told_and_no_round_is_begun(county, signed_in):
    late = ordered(county, absence(county), date(2022, 12, 6))
    text = signed_in(county.office).post(reverse(PAGE), {"round": ""}).content.decode()
    assert "先勾选" in text
    assert late.number in text
    assert not Round.objects.filter(method="papers").exists()


def test_a_round_of_another_method_is_not_offered(county, signed_in):
    late = ordered(county, absence(county), date(2022, 12, 6))
    other = plan(county, TODAY)
    page = signed_in(county.office)
    assert f'value="{other.pk}"' not in page.get(reverse(PAGE)).content.decode()
    assert page.post(reverse(PAGE), {"source": [f"correction:{late.pk}"], "round": str(other.pk)}).status_code == 200
    assert not Finding.objects.filter(manager=True).exists()


@pytest.mark.parametrize(
    "name", ["inspector", "clerk_jin", "contact_finance", "leader_wang", "member_li", "leader_county", "stranger"]
)
def test_nobody_but_the_office_takes_up(county, signed_in, name):
    page = signed_in(getattr(county, name))
    assert page.get(reverse(PAGE)).status_code == 403
    assert page.post(reverse(PAGE), {"source": ["x"]}).status_code == 403
