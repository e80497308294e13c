"""What waits for the three administrators and the county office."""

from datetime import date

import pytest
from django.test import Client

from tests.cast import TODAY
from zhucun.overview.office.notices import waiting

pytestmark = pytest.mark.django_db


def titles(user, day=TODAY):
    return [todo.title for todo in waiting(user, day)]


def test_a_county_in_order_leaves_nothing_to_the_system_administrator(world):
    assert titles(world.sysadmin) == []
    assert titles(world.auditor) == []
    assert titles(world.member_li) == []


def test_accounts_without_a_duty_wait_for_the_security_administrator(world):
    [todo] = waiting(world.secadmin, TODAY)
    assert (todo.title, todo.url) == ("1 个账号没有职责", "/office/accounts/?duty=none")


def test_who_is_locked_out_waits_for_the_system_administrator(world):
    for _ in range(5):
        Client().post("/access/sign-in/", {"username": "office", "password": "wrong"})
        Client().post("/access/sign-in/", {"username": "no-such-name", "password": "wrong"})
    assert titles(world.sysadmin) == ["周主任的账号被锁定"]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2022-12-07", []),
        ("2026-11-30", []),
        ("2026-12-01", ["2027 年的工作日历要设定"]),
        ("2027-01-05", ["2027 年的工作日历要设定"]),
    ],
)
def test_a_calendar_not_published_waits_for_the_office(world, day, found):
    assert [title for title in titles(world.office, date.fromisoformat(day)) if "日历" in title] == found


def test_the_home_page_of_an_administrator_shows_them(world, signed_in):
    page = signed_in(world.secadmin).get("/").content.decode()
    assert "1 个账号没有职责" in page
    assert "待办" not in signed_in(world.sysadmin).get("/").content.decode()
