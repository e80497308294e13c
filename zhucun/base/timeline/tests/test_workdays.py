"""Working days of 2022 as published, of 2027 provisional, and as the office set them."""

from datetime import date

import pytest

from tests.cast import NOW
from zhucun.base.timeline import workdays
from zhucun.base.timeline.actions import set_calendar_day
from zhucun.base.timeline.models import CalendarDay

Kind = CalendarDay.Kind
D = date.fromisoformat


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        ("2022-01-03", "holiday", "元旦"), ("2022-01-29", "shifted_work", "春节"), ("2022-01-31", "holiday", "春节"), ("2022-02-06", "holiday", "春节"),
        ("2022-02-07", "workday", ""), ("2022-04-02", "shifted_work", "清明"), ("2022-04-05", "holiday", "清明"), ("2022-05-04", "holiday", "劳动节"),
        ("2022-05-07", "shifted_work", "劳动节"), ("2022-06-03", "holiday", "端午"), ("2022-09-12", "holiday", "中秋"), ("2022-10-07", "holiday", "国庆节"),
        ("2022-10-08", "shifted_work", "国庆节"), ("2022-10-09", "shifted_work", "国庆节"), ("2022-10-15", "weekend", ""), ("2022-12-07", "workday", ""),
    ],
)  # fmt: skip
def test_days_of_2022_as_published(day, kind, name):
    found = workdays.published(D(day))
    assert (found.kind, found.provisional) == (kind, False)
    assert found.name[:2] == name[:2]


def test_a_year_not_published_is_guessed_and_says_so():
    assert workdays.published(D("2027-10-08")) is None
    guessed = {day: workdays.provisional(D(day)) for day in ("2027-01-01", "2027-10-02", "2027-10-04", "2027-10-09")}
    assert [day.kind for day in guessed.values()] == [Kind.HOLIDAY, Kind.HOLIDAY, Kind.WORKDAY, Kind.WEEKEND]
    assert all(day.provisional for day in guessed.values())


@pytest.mark.django_db
class TestCount:
    @pytest.mark.parametrize(
        ("start", "end", "days"),
        [
            ("2022-01-01", "2023-01-01", 249), ("2022-10-01", "2022-11-01", 18), ("2022-10-01", "2022-10-08", 0), ("2022-10-08", "2022-10-10", 2),
            ("2022-12-07", "2022-12-07", 0), ("2022-12-30", "2023-01-04", 2), ("2022-02-07", "2022-02-08", 1),
        ],
    )  # fmt: skip
    def test_working_days_from_to_exclusive(self, start, end, days):
        assert workdays.count(D(start), D(end)) == days

    def test_what_the_office_sets_goes_before_what_was_published(self, world):
        set_calendar_day(day=D("2022-12-07"), kind="holiday", name="县里统一安排", by=world.office, at=NOW)
        assert workdays.count(D("2022-12-05"), D("2022-12-10")) == 4
        assert (workdays.of_day(D("2022-12-07")).name, workdays.of_day(D("2022-12-08")).name) == ("县里统一安排", "")

    def test_how_far_the_calendar_is_known(self, world):
        assert workdays.known_until(2022) == 2026
        assert workdays.known_until(2027) is None

    def test_a_year_has_every_day_once(self):
        for year, days in ((2022, 365), (2024, 366), (2027, 365)):
            assert len({day.day for day in workdays.of_year(year)}) == days


@pytest.mark.django_db
def test_only_the_office_sets_days(world):
    from django.core.exceptions import PermissionDenied, ValidationError

    with pytest.raises(PermissionDenied):
        set_calendar_day(day=D("2022-12-07"), kind="holiday", name="", by=world.clerk_jin, at=NOW)
    with pytest.raises(ValidationError):
        set_calendar_day(day=D("2022-12-07"), kind="no-kind", name="", by=world.office, at=NOW)
