"""Divisions, villages with their class by date, and units: what is kept, refused and written down."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from tests.cast import NOW
from zhucun.base.directory import actions
from zhucun.base.directory.models import Standing, Unit, Village
from zhucun.base.journal.models import Entry

pytestmark = pytest.mark.django_db
D = date.fromisoformat


@pytest.fixture
def office(world):
    return {"by": world.office, "at": NOW}


def classed(world, office, start, category="key", conditions=frozenset()):
    return actions.class_village(
        village=world.shiqiao, start=D(start), category=category, conditions=set(conditions), **office
    )


def test_a_class_ends_where_the_next_begins(world, office):
    classed(world, office, "2022-06-01", conditions={"weak"})
    days = {day: world.shiqiao.standing_on(D(day)) for day in ("2020-12-31", "2021-01-01", "2022-05-31", "2022-06-01")}
    assert [s and (s.category, s.conditions) for s in days.values()] == [
        None,
        ("model", ["穷村"]),
        ("model", ["穷村"]),
        ("key", ["弱村"]),
    ]


def test_the_same_day_again_corrects(world, office):
    classed(world, office, "2022-06-01")
    classed(world, office, "2022-06-01", "ordinary")
    assert world.shiqiao.standings.count() == 2
    assert world.shiqiao.standing_on(D("2022-06-01")).category == "ordinary"


def test_history_is_changed_from_its_end_only(world, office):
    classed(world, office, "2022-06-01")
    with pytest.raises(ValidationError, match="已经有新的类别"):
        classed(world, office, "2022-01-01")


def test_a_class_that_is_none_is_refused_and_nothing_changes(world, office):
    with pytest.raises(ValidationError), transaction.atomic():
        classed(world, office, "2022-06-01", "grand")
    assert world.shiqiao.standings.get().end is None


def test_the_database_keeps_one_class_at_a_time(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.create(village=world.shiqiao, start=D("2022-01-01"), category="key")


@pytest.mark.parametrize("code", ["43042", "4304261020", "", "1234567890123"])
def test_a_code_has_the_length_of_its_level(world, office, code):
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        actions.add_division(code=code, name="x", kind="镇", parent=world.county, **office)


@pytest.mark.parametrize("point", [("112", None), (None, "26"), ("181", "26"), ("112", "91")])
def test_a_point_is_whole_and_on_earth(world, office, point):
    with pytest.raises(ValidationError):
        actions.edit_village(village=world.shiqiao, fields={"longitude": point[0], "latitude": point[1]}, **office)


def test_a_village_lies_in_the_county_of_its_township(world, office):
    village = actions.add_village(
        code="430426103299", name="新村", township=world.niaojiang, fields={"needs": "水利"}, **office
    )
    assert (village.county, village.needs) == (world.county, "水利")
    with pytest.raises(ValidationError, match="12 位数字"):
        actions.add_village(code="43042610329x", name="新村", township=world.niaojiang, fields={}, **office)


def test_a_unit_is_called_one_way_in_a_county(world, office):
    with pytest.raises(ValidationError, match="已经有同名的单位"):
        actions.add_unit(
            county=world.county, fields={"name": "县财政局", "category": "economy", "level": "county"}, **office
        )


def test_a_change_is_written_down_with_old_and_new(world, office):
    actions.edit_unit(unit=world.finance, fields={"chief": "陈局长", "phone": ""}, **office)
    assert Entry.objects.first().data == '{"chief":["","陈局长"]}'
    n = Entry.objects.count()
    actions.edit_unit(unit=world.finance, fields={"chief": "陈局长"}, **office)
    assert Entry.objects.count() == n, "nothing changed, nothing to write down"


def test_a_contact_changes_the_own_unit_and_four_columns_only(world):
    me = {"by": world.contact_finance, "at": NOW}
    actions.edit_unit(unit=world.finance, fields={"chief": "陈局长"}, **me)
    for unit, fields in (
        (world.finance, {"name": "改名"}),
        (world.police, {"chief": "x"}),
        (world.finance, {"chief": "x", "level": "city"}),
    ):
        with pytest.raises(PermissionDenied):
            actions.edit_unit(unit=unit, fields=fields, **me)
    assert Unit.objects.get(pk=world.finance.pk).name == "县财政局"


@pytest.mark.parametrize("who", ["clerk_jin", "contact_finance", "leader_county", "sysadmin", "auditor", "stranger"])
def test_others_change_nothing(world, who):
    me = {"by": getattr(world, who), "at": NOW}
    with pytest.raises(PermissionDenied):
        actions.edit_village(village=world.shiqiao, fields={"name": "x"}, **me)
    with pytest.raises(PermissionDenied):
        actions.class_village(village=world.shiqiao, start=D("2022-06-01"), category="key", conditions=set(), **me)
    with pytest.raises(PermissionDenied):
        actions.add_division(code="430426104", name="x", kind="镇", parent=world.county, **me)
    assert Village.objects.get(pk=world.shiqiao.pk).name == "石桥村"


def test_the_first_county_is_entered_once_and_only_by_who_grants_duties(world):
    with pytest.raises(ValidationError, match="已经登记过县"):
        actions.add_first_county(code="430424", name="衡东县", by=world.secadmin, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.add_first_county(code="430424", name="衡东县", by=world.sysadmin, at=NOW)
