"""Findings of the ledger are counted in the village they belong to, also when only a person is named."""

import pytest

from zhucun.base.timeline.periods import parse
from zhucun.overview.exchange.tests.books import full, sentences, take
from zhucun.overview.indicators import areas
from zhucun.work.inspections import figures

pytestmark = pytest.mark.django_db

AREAS = [
    ("430426", 1),
    ("430426102", 1),
    ("430426102201", 1),
    ("430426102202", 0),
    ("unit:县委组织部", 1),
    ("unit:县财政局", 0),
]
COUNTS = [figures.findings, figures.corrections, figures.rounds]


@pytest.mark.parametrize("team", ["T001", ""])
@pytest.mark.parametrize(("area", "number"), AREAS)
@pytest.mark.parametrize("count", COUNTS, ids=lambda count: count.__name__)
def test_what_names_a_person_lies_where_the_person_was(count, area, number, team):
    given = full()
    given["督查"][0]["村区划代码"] = ""
    given["督查问题"][0]["工作队编号"] = team
    assert sentences(take(given)) == []
    assert count(parse("2022"), areas.named(area).scope).value == number


@pytest.mark.parametrize(("until", "number"), [("2022-06", 0), ("2022", 0)])
def test_a_closed_finding_is_open_nowhere(until, number):
    take(full())
    assert figures.open_findings(parse(until), areas.named("430426102201").scope).value == number


@pytest.mark.parametrize(("header", "cell"), [("年度", 2022.5), ("期号", "1.4")])
def test_a_broken_year_or_number_of_a_circular_is_refused_and_not_rounded(header, cell):
    given = full()
    given["督查通报"][0][header] = cell
    assert [(one.column, one.row) for one in take(given).problems] == [(header, 2)]
