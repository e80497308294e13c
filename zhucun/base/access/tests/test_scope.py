"""Which rows one sees: by the areas of one's duties, and nothing by none."""

from datetime import date

import pytest
from django.apps import apps

from zhucun.base.access.scope import NOTHING, Scope
from zhucun.base.directory.models import Division, Unit, Village

pytestmark = pytest.mark.django_db
TODAY = date(2022, 12, 7)
Team, Posting = apps.get_model("teams.Team"), apps.get_model("teams.Posting")  # a room above: asked by name


def names(queryset):
    return {str(row) for row in queryset}


@pytest.mark.parametrize("model", [Village, Unit, Team, Posting])
def test_the_empty_scope_sees_nothing(world, model):
    assert not NOTHING
    assert not model.objects.within(NOTHING).exists()


def test_each_sees_their_own_area(world):
    def seen(user):
        return names(Village.objects.within(user.scope_on(TODAY, "directory.view")))

    everything = {"石桥村", "清水村", "高岭村"}
    expected = {
        "office": everything, "leader_county": everything, "clerk_jin": {"石桥村", "清水村"}, "clerk_niao": {"高岭村"},
        "member_li": {"石桥村"}, "contact_finance": set(), "stranger": set(), "sysadmin": set(), "secadmin": set(), "auditor": set(),
    }  # fmt: skip
    assert {name: seen(getattr(world, name)) for name in expected} == expected


def test_a_unit_sees_the_people_it_sent_and_the_teams_it_leads(world):
    scope = world.contact_finance.scope_on(TODAY)
    assert set(Posting.objects.within(scope)) == {world.wang_posting}
    assert set(Team.objects.within(scope)) == {world.team_shiqiao}
    assert scope.covers(world.finance)
    assert not scope.covers(world.police)


def test_covers_says_the_same_as_within(world):
    for user in (world.office, world.clerk_jin, world.contact_finance, world.member_li, world.stranger):
        scope = user.scope_on(TODAY)
        for model in (Village, Unit, Team, Posting):
            assert set(model.objects.within(scope)) == {row for row in model.objects.all() if scope.covers(row)}


def test_scopes_add_up(world):
    both = Scope(township=frozenset({"430426102"})) | Scope(unit=frozenset({world.police.pk}))
    assert names(Team.objects.within(both)) == {"石桥村驻村工作队", "高岭村驻村工作队"}
    assert not both.is_county
    assert (both | Scope(county=frozenset({"430426"}))).is_county


def test_what_is_public_is_for_everybody(world):
    assert NOTHING.covers(world.county)
    assert Division.objects.filter(NOTHING.condition(Division)).count() == 3


def test_a_scope_may_be_narrowed_to_a_permission(world):
    assert world.clerk_jin.scope_on(TODAY, "teams.view").township == {"430426102"}
    assert not world.clerk_jin.scope_on(TODAY, "teams.posting_edit")


def test_a_closed_account_sees_nothing(world):
    world.office.is_active = False
    assert not world.office.scope_on(TODAY)
