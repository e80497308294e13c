"""Periods, last days and ages, as tables; no database."""

from datetime import date

import pytest

from zhucun.base.timeline.periods import (
    BEGINNING,
    Period,
    age_on,
    end_after,
    last_day,
    months_after,
    parse,
    year_to,
    years_before,
)

D = date.fromisoformat


@pytest.mark.parametrize(
    ("name", "start", "until", "label"),
    [
        ("2022", "2022-01-01", "2022-12-31", "2022年"),
        ("2022-H1", "2022-01-01", "2022-06-30", "2022年上半年"),
        ("2022-H2", "2022-07-01", "2022-12-31", "2022年下半年"),
        ("2022-Q1", "2022-01-01", "2022-03-31", "2022年第1季度"),
        ("2022-Q4", "2022-10-01", "2022-12-31", "2022年第4季度"),
        ("2022-11", "2022-11-01", "2022-11-30", "2022年11月"),
        ("2022-02", "2022-02-01", "2022-02-28", "2022年2月"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
        (" 2022-q3 ", "2022-07-01", "2022-09-30", "2022年第3季度"),
    ],
)
def test_a_period_by_its_name(name, start, until, label):
    period = parse(name)
    assert (period.start, period.until, period.label) == (D(start), D(until), label)
    assert period.start in period
    assert period.until in period
    assert period.end not in period


@pytest.mark.parametrize(
    "name",
    [
        "",
        "22",
        "2022-13",
        "2022-00",
        "2022-Q5",
        "2022-H3",
        "2022-1",
        "2022年",
        "9999",
        "1900",
        "2022-11-01",
        "二〇二二",
    ],
)
def test_a_name_that_is_none_is_refused_with_how_to_write_it(name):
    with pytest.raises(ValueError, match="请写成"):
        parse(name)


def test_a_period_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="早于"):
        Period(D("2022-02-01"), D("2022-01-31"), "x")


@pytest.mark.parametrize(
    ("name", "until", "before"),
    [
        ("2022", "2022-12-07", ("2021-01-01", "2021-12-07", "2021")),
        ("2024-02", "2024-02-29", ("2023-02-01", "2023-02-28", "2023-02")),
        ("2022-Q3", "2022-08-15", ("2021-07-01", "2021-08-15", "2021-Q3")),
    ],
)
def test_the_same_span_a_year_earlier(name, until, before):
    period = parse(name).to(D(until)).a_year_earlier()
    assert (period.start.isoformat(), period.until.isoformat(), period.name) == before


def test_a_period_is_cut_at_a_day_inside_it_only():
    assert parse("2022").to(D("2022-12-07")).until == D("2022-12-07")
    with pytest.raises(ValueError, match="不在期间"):
        parse("2022").to(D("2023-01-01"))


def test_months_of_a_period_the_last_one_cut():
    months = list(parse("2022").to(D("2022-03-15")).months())
    assert [(m.start.isoformat(), m.until.isoformat(), m.name) for m in months] == [
        ("2022-01-01", "2022-01-31", "2022-01"),
        ("2022-02-01", "2022-02-28", "2022-02"),
        ("2022-03-01", "2022-03-15", "2022-03"),
    ]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2022-01-31", 1, "2022-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2022-12-15", 1, "2023-01-15"), ("2022-01-15", -1, "2021-12-15"),
        ("2022-03-31", -1, "2022-02-28"), ("2021-05-20", 24, "2023-05-20"), ("2022-08-31", 0, "2022-08-31"), ("2022-10-31", 13, "2023-11-30"),
    ],
)  # fmt: skip
def test_the_same_day_some_months_later(day, months, expected):
    assert months_after(D(day), months).isoformat() == expected


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [("2024-02-29", 1, "2023-02-28"), ("2024-02-29", 4, "2020-02-29"), ("2022-12-07", 1, "2021-12-07")],
)
def test_years_before(day, years, expected):
    assert years_before(D(day), years).isoformat() == expected


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1981-04-02", "2022-04-01", 40),
        ("1981-04-02", "2022-04-02", 41),
        ("2000-02-29", "2023-02-28", 22),
        ("2000-02-29", "2023-03-01", 23),
    ],
)
def test_completed_years(born, day, age):
    assert age_on(D(born), D(day)) == age


@pytest.mark.parametrize(
    ("end", "last"),
    [(None, None), ("2022-07-01", "2022-06-30"), ("2023-01-01", "2022-12-31"), ("2024-03-01", "2024-02-29")],
)
def test_last_days_are_inclusive_and_there_and_back(end, last):
    end, last = (D(text) if text else None for text in (end, last))
    assert (last_day(end), end_after(last)) == (last, end)


def test_the_year_so_far():
    assert (year_to(D("2022-12-07")).start, year_to(D("2022-12-07")).until) == (D("2022-01-01"), D("2022-12-07"))
    assert D("1949-10-01") > BEGINNING
