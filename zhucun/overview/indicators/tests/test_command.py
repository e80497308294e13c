"""`zhucun figures`, counted by hand for the cast on 2022-12-07."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import cast
from zhucun.base.directory import actions as directory
from zhucun.work.teams import actions as teams

pytestmark = pytest.mark.django_db


def figures(*arguments: str) -> dict:
    out = StringIO()
    call_command("figures", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def values(found: dict, key: str = "value") -> dict:
    return {one["code"]: one[key] for one in found["figures"]}


def test_the_county_until_today(world):
    found = figures("--period", "2022")
    head = {key: found[key] for key in ("county", "scope", "period", "start", "until")}
    assert head == {
        "county": "430426",
        "scope": "430426",
        "period": "2022",
        "start": "2022-01-01",
        "until": "2022-12-07",
    }
    # wang 41, li 32, zhao 46 until tomorrow: 119 / 3; a year earlier qian, 53, was there as well: 169 / 4 = 42.25
    expected = {
        "teams.count": 2, "people.count": 3, "people.mean_age": 39.7, "people.college": 3, "people.postgraduate": 1,
        "people.doctorate": 0, "people.party_members": 3, "people.deputy_section": 1, "people.agriculture": 1,
        "people.rural_experience": 2, "people.poverty_relief": 1, "teams.leaders_transferred": 0, "teams.members_transferred": 1,
        "accountability.leaders_recalled": 0, "accountability.members_recalled": 0, "attendance.days": 0, "attendance.months_due": 39,
        "attendance.months_met": 0, "attendance.unexcused": 0, "leave.days": 0,
    }  # fmt: skip
    assert expected.items() <= values(found).items()
    previous = values(found, "previous")
    assert (previous["people.count"], previous["people.mean_age"], previous["teams.members_transferred"]) == (
        4,
        42.3,
        0,
    )
    n = values(found, "n")
    assert (n["people.mean_age"], n["people.count"], n["teams.members_transferred"]) == (3, 3, 1)
    first = found["figures"][0]
    assert first == {"code": "teams.count", "label": "驻村工作队", "unit": "支", "value": 2, "previous": 2, "n": 2}


SCOPES = [
    ("430426102", 1, 2, 36.5, 2),
    ("430426103", 1, 1, 46.0, 2),
    ("430426103201", 1, 1, 46.0, 2),
    ("430426102202", 0, 0, None, 0),
    ("unit:县财政局", 1, 1, 41.0, 1),
    ("unit:县农业农村局", 0, 1, 32.0, 1),
]


def test_a_township_a_village_and_a_unit(world):
    for scope, teams_n, people, age, previous in SCOPES:
        found = figures("--period", "2022", "--scope", scope)
        assert (found["county"], found["scope"]) == ("430426", scope)
        counted = values(found)
        assert (counted["teams.count"], counted["people.count"], counted["people.mean_age"]) == (
            teams_n,
            people,
            age,
        ), scope
        assert values(found, "previous")["people.count"] == previous, scope
        assert values(found, "n")["people.mean_age"] == people, scope


def test_the_day_it_is_counted_to(world):
    assert (
        values(figures("--period", "2022", "--until", "2022-06-30"))["people.count"] == 4
    )  # the last day is inclusive
    assert values(figures("--period", "2022", "--until", "2022-07-01"))["people.count"] == 3
    half = figures("--period", "2022-H1")
    assert (half["until"], values(half)["teams.members_transferred"]) == ("2022-06-30", 1)
    assert values(figures("--period", "2022-H2"))["teams.members_transferred"] == 0
    assert values(figures("--period", "2022-06"))["teams.members_transferred"] == 1
    assert values(figures("--period", "2022-Q3", "--until", "2022-07-15"))["teams.members_transferred"] == 0


def test_a_year_earlier_than_the_first_team_there_was_nothing(world):
    found = figures("--period", "2021", "--until", "2021-12-07")
    assert values(found)["people.count"] == 4
    assert (values(found, "previous")["people.count"], values(found, "previous")["people.mean_age"]) == (0, None)


def test_a_recall_is_counted_apart_from_a_transfer(world):
    recall = {"ending": "recall", "reason": "走读", "by": world.caretaker, "at": cast.NOW}
    teams.end_posting(posting=world.zhao_posting, last_day=date(2022, 11, 30), **recall)
    teams.end_posting(posting=world.li_posting, last_day=date(2022, 12, 7), **recall)
    counted = values(figures("--period", "2022"))
    assert (counted["accountability.leaders_recalled"], counted["accountability.members_recalled"]) == (1, 1)
    assert (counted["teams.leaders_transferred"], counted["people.count"]) == (0, 2)


MISTAKES = {
    "--period 2022-13": "写法不对",
    "--period 去年": "写法不对",
    "--period 2022 --until 2023-01-01": "不在期间",
    "--period 2022 --until 年底": "不是日期",
    "--period 2022 --scope 430426999": "没有代码为 430426999",
    "--period 2022 --scope 430426102299": "没有代码",
    "--period 2022 --scope 全县": "看不懂",
    "--period 2022 --scope unit:县税务局": "没有名为“县税务局”的派出单位",
}


def test_bad_input_is_one_sentence(world):
    for arguments, sentence in MISTAKES.items():
        with pytest.raises(CommandError, match=sentence) as refusal:
            call_command("figures", *arguments.split())
        assert "\n" not in str(refusal.value)


def test_no_county_and_several_counties(db):
    with pytest.raises(CommandError, match="还没有县"):
        call_command("figures", "--period", "2022")


def test_of_several_counties_one_has_to_be_named(world):
    by = {"by": world.caretaker, "at": cast.AT}
    other = directory.add_division(code="430424", name="衡东县", kind="县", parent=None, **by)
    directory.add_unit(county=other, fields={"name": "县财政局", "category": "economy", "level": "county"}, **by)
    with pytest.raises(CommandError, match="430424 衡东县"):
        figures("--period", "2022")
    with pytest.raises(CommandError, match="都有名为“县财政局”的单位"):
        figures("--period", "2022", "--scope", "unit:县财政局")
    assert values(figures("--period", "2022", "--scope", "430424"))["people.count"] == 0
    assert values(figures("--period", "2022", "--scope", "430426"))["people.count"] == 3


def test_the_table_for_people_is_aligned(world):
    out = StringIO()
    call_command("figures", "--period", "2022", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "祁东县　2022年（2022-01-01 至 2022-12-07），上年同期 2021-01-01 至 2021-12-07"
    assert "平均年龄      39.7      42.3  -2.6  岁     people.mean_age" in lines
