"""队伍结构: nobody counted twice or left out, the same numbers as the figures."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from zhucun.base.access.figure import Counted, count_by
from zhucun.base.access.scope import Scope
from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import age_on, parse
from zhucun.overview.indicators import structure
from zhucun.overview.indicators.catalogue import INDICATORS, counted
from zhucun.work.teams import figures
from zhucun.work.teams.models import Posting

pytestmark = pytest.mark.django_db

YEAR = parse("2022").to(date(2022, 12, 7))


@pytest.fixture
def county(world):
    return Scope(county=frozenset({world.county.code}))


def parts(divided, key):
    return {part.category.key: (part.now, part.before) for one, found in divided for part in found if one.key == key}


def test_the_cast_by_every_dimension(county):
    divided = structure.divided(YEAR, county)
    assert parts(divided, "age") == {
        "0-30": (0, 0), "31-35": (1, 1), "36-40": (0, 1), "41-45": (1, 1), "46-50": (1, 0), "51-55": (0, 1), "56": (0, 0),
    }  # fmt: skip
    assert parts(divided, "education") == {
        "postgraduate": (1, 1),
        "undergraduate": (1, 1),
        "college": (1, 1),
        "school": (0, 1),
    }
    assert parts(divided, "role") == {"first_secretary": (1, 1), "leader": (1, 1), "deputy": (0, 0), "member": (1, 2)}
    assert parts(divided, "category") == {"economy": (2, 2), "party": (0, 0), "justice": (1, 2), "other": (0, 0)}
    assert parts(divided, "sex") == {"male": (2, 3), "female": (1, 1)}


def test_every_dimension_adds_up_to_everybody(county):
    for dimension, found in structure.divided(YEAR, county):
        assert sum(part.now for part in found) == 3, dimension.label
        assert sum(part.before for part in found) == 4, dimension.label


def test_shares(county):
    education = next(found for one, found in structure.divided(YEAR, county) if one.key == "education")
    assert [part.share for part in education] == ["33.3%", "33.3%", "33.3%", "0.0%"]


def test_townships_and_units_are_the_figures_of_each(world, county):
    by_township = structure.by_township(YEAR, county)
    assert [place.row for place in by_township] == [world.jinqiao, world.niaojiang]
    for place in by_township:
        scope = Scope(township=frozenset({place.row.pk}))
        assert list(place.values) == counted(YEAR, scope, structure.HEADLINES)
        assert list(place.before) == counted(YEAR.a_year_earlier(), scope, structure.HEADLINES)
    by_unit = {place.row: place for place in structure.by_unit(YEAR, county)}
    assert set(by_unit) == {world.finance, world.farming, world.police}
    assert (by_unit[world.farming].values[0].value, by_unit[world.farming].people) == (0, 1)
    assert (by_unit[world.police].people, by_unit[world.police].people_before) == (1, 2)


def test_counting_everything_takes_a_few_queries(county, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):  # one for the rows of each kind, and who changed posting inside a month
        counted(YEAR, county, INDICATORS)
    with django_assert_max_num_queries(2):
        structure.divided(YEAR, county)
    with django_assert_max_num_queries(2):
        count_by([one.count(YEAR, county) for one in structure.HEADLINES], "township")


days = some.dates(date(1990, 1, 1), date(2030, 12, 31)) | some.sampled_from(
    [date(2024, 2, 29), date(2023, 2, 28), date(2023, 3, 1)]
)
births = some.integers(0, 70 * 365).map(lambda n: timedelta(days=n)) | some.just(timedelta(days=23 * 365 + 6))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=days, age=births)
def test_ages_in_the_database_are_completed_years(world, day, age):
    born = day - age
    Person.objects.filter(pk=world.wang.pk).update(born=born)
    Posting.objects.filter(pk=world.wang_posting.pk).update(start=date(1980, 1, 1))
    alone = Scope(unit=frozenset({world.finance.pk}))
    period = parse(str(day.year)).to(day)
    assert figures.mean_age(period, alone).value == age_on(born, day)
    bands = next(found for one, found in structure.divided(period, alone) if one.key == "age")
    inside = [part.category.key for part in bands if part.now]
    low, high = next(
        (low or 0, high or 200) for low, high in structure.AGES if (low or 0) <= age_on(born, day) <= (high or 200)
    )
    assert inside == [f"{low}-{high}" if high < 200 else f"{low}"]


def test_what_belongs_to_the_county_alone_is_empty_below_it(world, county):
    alone = (replace(INDICATORS[0], county_only=True),)
    assert counted(YEAR, county, alone) == [Counted(2, 2)]
    assert counted(YEAR, Scope(township=frozenset({world.jinqiao.pk})), alone) == [Counted(None, 0)]
