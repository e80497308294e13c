"""The figures of teams and people, counted by hand for the cast on 2022-12-07 and a year earlier."""

from datetime import date
from decimal import Decimal

import pytest

from zhucun.base.access.scope import Scope
from zhucun.base.timeline.periods import parse
from zhucun.work.teams import figures

pytestmark = pytest.mark.django_db

YEAR = parse("2022").to(date(2022, 12, 7))


def counted(name: str, scope: Scope, period=YEAR):
    return getattr(figures, name)(period, scope).value


@pytest.fixture
def county(world):
    return Scope(county=frozenset({world.county.code}))


def test_the_county_on_the_day(county):
    # wang 41, li 32, zhao 46 (his birthday is tomorrow): 119 / 3 = 39.67
    expected = {
        "teams": 2, "people": 3, "mean_age": Decimal("39.7"), "college": 3, "postgraduates": 1, "doctors": 0, "party_members": 3,
        "deputy_section": 1, "agriculture": 1, "rural_experience": 2, "poverty_relief": 1,
        "leaders_transferred": 0, "members_transferred": 1, "leaders_recalled": 0, "members_recalled": 0,
    }  # fmt: skip
    assert {name: counted(name, county) for name in expected} == expected


def test_a_year_earlier_qian_was_still_there(county):
    before = YEAR.a_year_earlier()
    assert (counted("people", county, before), counted("college", county, before)) == (4, 3)
    # 40 + 31 + 45 + 53 = 169 / 4 = 42.25, halves up
    assert counted("mean_age", county, before) == Decimal("42.3")


def test_a_township_and_a_unit_see_their_own(world):
    assert counted("people", Scope(township=frozenset({world.niaojiang.code}))) == 1
    farming = Scope(unit=frozenset({world.farming.pk}))
    assert (counted("people", farming), counted("teams", farming)) == (1, 0)
    assert counted("mean_age", Scope(village=frozenset({world.qingshui.code}))) is None


def test_every_number_opens_its_records(world, county):
    assert set(figures.postgraduates(YEAR, county).records) == {world.li_posting}
    assert set(figures.members_transferred(YEAR, county).records) == {world.qian_posting}
