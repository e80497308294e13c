"""三员分立: the three administrators are three people, and none of them touches business data."""

from datetime import date
from itertools import combinations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import NOW
from zhucun.base.access import actions
from zhucun.base.access.models import Duty
from zhucun.base.access.permissions import ADMINISTRATORS, INSTALLER, ROLES, Permission, Role, may_hold_together

TODAY = date(2022, 12, 7)
BUSINESS = {
    p
    for p in Permission
    if p.split(".")[0] in {"directory", "people", "teams", "exchange", "indicators", "evidence", "policy"}
}


@pytest.mark.parametrize(("one", "other"), list(combinations(Role, 2)))
def test_which_two_roles_one_person_may_hold(one, other):
    assert may_hold_together({one, other}) == (not {one, other} & ADMINISTRATORS)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_be_held_alone(role):
    assert may_hold_together({role})


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_touches_no_business_data(role):
    assert not ROLES[role].may & BUSINESS
    assert ROLES[role].area == ""


def test_what_the_three_may_do_does_not_overlap():
    rights = [ROLES[role].may - {Permission.HEALTH_VIEW} for role in ADMINISTRATORS]
    assert all(not one & other for one, other in combinations(rights, 2))


def test_the_installer_sees_neither_business_data_nor_the_journal():
    assert not INSTALLER & (BUSINESS | {Permission.JOURNAL_VIEW})


def test_every_permission_belongs_to_some_role():
    carried = frozenset().union(*(spec.may for spec in ROLES.values()))
    assert set(Permission) - carried == {Permission.CLOCK_FIX}, "the demonstration's clock belongs to the command line"


@pytest.mark.django_db
def test_an_auditor_is_not_made_township_clerk_as_well(world):
    with pytest.raises(ValidationError, match="三个人"):
        actions.grant(
            user=world.auditor, role=Role.TOWNSHIP, area=world.jinqiao, start=TODAY, end=None, by=world.secadmin, at=NOW
        )


@pytest.mark.django_db
def test_an_administrators_former_duty_does_not_stand_in_the_way(world):
    actions.end_duty(duty=Duty.objects.get(user=world.auditor), end=TODAY, by=world.secadmin, at=NOW)
    assert actions.grant(
        user=world.auditor, role=Role.TOWNSHIP, area=world.jinqiao, start=TODAY, end=None, by=world.secadmin, at=NOW
    ).pk


@pytest.mark.django_db
def test_nobody_gives_oneself_a_role_or_closes_ones_own_account(world):
    with pytest.raises(ValidationError, match="不能给自己授权"):
        actions.grant(
            user=world.secadmin, role=Role.OFFICE, area=world.county, start=TODAY, end=None, by=world.secadmin, at=NOW
        )
    with pytest.raises(ValidationError, match="不能停用自己"):
        actions.set_active(user=world.sysadmin, active=False, by=world.sysadmin, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("secadmin", "access.account_edit"),
        ("sysadmin", "access.duty_edit"),
        ("auditor", "access.duty_edit"),
        ("office", "journal.view"),
    ],
)
def test_each_of_the_three_keeps_to_their_own(world, who, what):
    with pytest.raises(PermissionDenied, match="没有办理"):
        getattr(world, who).require(what, NOW)


@pytest.mark.django_db
def test_a_duty_holds_from_its_first_day_to_its_last(world):
    actions.grant(
        user=world.stranger,
        role=Role.TOWNSHIP,
        area=world.jinqiao,
        start=TODAY,
        end=date(2023, 1, 1),
        by=world.secadmin,
        at=NOW,
    )
    asked = {
        day: world.stranger.may("teams.view", day)
        for day in map(date.fromisoformat, ("2022-12-06", "2022-12-07", "2022-12-31", "2023-01-01"))
    }
    assert list(asked.values()) == [False, True, True, False]
