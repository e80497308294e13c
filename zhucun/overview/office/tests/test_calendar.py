"""日历: a year as twelve months, what is provisional said aloud, days set by the office."""

from datetime import date

import pytest
from django.urls import reverse

from zhucun.base.journal.models import Entry
from zhucun.base.timeline import workdays
from zhucun.base.timeline.models import CalendarDay
from zhucun.overview.office.year import lay_out

pytestmark = pytest.mark.django_db


def test_a_year_in_months_and_weeks():
    laid = lay_out(workdays.of_year(2022))
    assert [month.workdays for month in laid.months] == [21, 16, 23, 21, 20, 21, 21, 23, 21, 18, 22, 22]
    assert (laid.workdays, sum(n for _, n in laid.by_weekday)) == (249, 249)
    october = laid.months[9].weeks
    assert october[0][:5] == [None] * 5
    assert [cell.day.day for cell in october[1]] == [3, 4, 5, 6, 7, 8, 9]
    assert all(len(week) == 7 for month in laid.months for week in month.weeks)
    assert not laid.provisional


def page(client, **query):
    return client.get(reverse("office:calendar"), query)


def test_a_year_not_published_says_so(world, signed_in):
    client = signed_in(world.member_li)
    assert "2027 年的日历是暂定的" in page(client, year=2027).content.decode()
    shown = page(client, year=2022).content.decode()
    assert "暂定的。" not in shown
    assert "calendar/2022-10-01" not in shown, "a member sets no day"


@pytest.mark.parametrize("year", ["1999", "99999", "x", "", "２０２２", "-1"])
def test_a_year_that_is_none_shows_this_year(world, signed_in, year):
    assert page(signed_in(world.office), year=year).context["year"] == 2022


def test_the_office_sets_a_day(world, signed_in):
    client, url = signed_in(world.office), reverse("office:calendar_day", args=["2027-02-08"])
    assert client.post(url, {"kind": "holiday", "name": "春节"}).headers["Location"].endswith("?year=2027")
    day = CalendarDay.objects.get()
    assert (day.day, day.name, day.is_workday, day.provisional) == (date(2027, 2, 8), "春节", False, False)
    assert workdays.count(date(2027, 2, 8), date(2027, 2, 9)) == 0
    assert Entry.objects.first().action == "calendar.set"
    assert "春节" in client.get(url).content.decode()


def test_a_kind_that_is_none_is_refused(world, signed_in):
    url = reverse("office:calendar_day", args=["2027-02-08"])
    assert signed_in(world.office).post(url, {"kind": "party", "name": ""}).status_code == 200
    assert not CalendarDay.objects.exists()
