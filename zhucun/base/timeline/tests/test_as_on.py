"""“查看日期”: the day pages are read on, and the clock rights are asked on."""

from datetime import date

import pytest
from django.test import RequestFactory

from tests.cast import NOW
from zhucun.base.timeline import clock
from zhucun.base.timeline.actions import stand_on
from zhucun.base.timeline.middleware import SESSION_KEY, AsOnMiddleware
from zhucun.base.timeline.models import in_force

pytestmark = pytest.mark.django_db


def seen(path="/", session=None):
    request = RequestFactory().get(path)
    request.session = session or {}
    AsOnMiddleware(lambda r: r)(request)
    return request.today, request.day


@pytest.mark.parametrize(
    ("path", "session", "day"),
    [
        ("/", {}, "2022-12-07"),
        ("/?on=2021-06-30", {}, "2021-06-30"),
        ("/", {SESSION_KEY: "2021-06-30"}, "2021-06-30"),
        ("/?on=2020-01-01", {SESSION_KEY: "2021-06-30"}, "2020-01-01"),
        ("/?on=nonsense", {SESSION_KEY: "2021-06-30"}, "2021-06-30"),
        ("/?on=2021-02-30", {SESSION_KEY: "x"}, "2022-12-07"),
    ],
)
def test_which_day_is_shown(world, path, session, day):
    assert seen(path, session) == (date(2022, 12, 7), date.fromisoformat(day))


def switch(client, **fields):
    return client.post("/timeline/as-on/", fields)


def test_the_switch_is_kept_until_today_is_chosen_again(world, signed_in):
    client = signed_in(world.office)
    assert switch(client, day="2021-06-30", next="/access/password/").headers["Location"] == "/access/password/"
    assert client.session[SESSION_KEY] == "2021-06-30"
    switch(client, day="")
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("day", ["去年", "2022-13-01", "2021-02-29"])
def test_what_is_no_day_changes_nothing_and_says_so(world, signed_in, day):
    client = signed_in(world.office)
    switch(client, day="2021-06-30")
    switch(client, day=day)
    assert client.session[SESSION_KEY] == "2021-06-30"
    assert "不是日期" in client.get("/access/password/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_the_switch_leads_to_no_other_site(world, signed_in, elsewhere):
    assert switch(signed_in(world.office), day="", next=elsewhere).headers["Location"] == "/"


def test_get_is_refused(client):
    assert client.get("/timeline/as-on/").status_code == 405


def test_a_demonstration_stands_on_its_own_day(world):
    assert clock.today() == date(2022, 12, 7)
    stand_on(day=date(2023, 3, 1), by=world.caretaker, at=NOW)
    assert clock.today() == date(2023, 3, 1)
    assert (clock.now().hour, clock.now().utcoffset().seconds) == (9, 8 * 3600)


def test_a_span_holds_from_its_first_day_to_its_last(world):
    postings = type(world.qian_posting).objects
    assert [
        world.qian_posting in postings.filter(in_force(date(2022, month, day))) for month, day in ((6, 30), (7, 1))
    ] == [True, False]
    world.qian_posting.refresh_from_db()
    assert (world.qian_posting.last_day, world.qian_posting.holds_on(date(2022, 7, 1))) == (date(2022, 6, 30), False)


def test_choosing_a_day_takes_the_one_in_the_address_away(world, signed_in):
    client = signed_in(world.office)
    answer = switch(client, day="", next="/indicators/?year=2021&on=2021-12-07&part=")
    assert answer.headers["Location"] == "/indicators/?year=2021&part="
