"""The menu: in the article's order, every entry opens for whoever sees it."""

from datetime import date
from importlib.resources import files

import pytest
from django.urls import reverse

from tests import cast
from zhucun.base import web
from zhucun.base.access.permissions import ROLES, Permission, Role
from zhucun.overview.desk.menu import EITHER, MENU, may_open, shown

DAY = date(2022, 12, 7)
ENTRIES = [entry for group in MENU for entry in group.entries]


def test_the_groups_stand_in_the_order_of_the_article():
    assert [group.label for group in MENU] == ["总览", "择优选派", "日常管理", "能力培育", "优化保障", "系统"]


def test_every_entry_is_a_page():
    for entry in ENTRIES:
        assert reverse(entry.name), entry.name


def test_every_icon_is_carried():
    carried = files(web).joinpath("icons.txt").read_text(encoding="utf-8").split()
    assert not {entry.icon for entry in ENTRIES} - set(carried)


def test_every_permission_of_a_role_that_opens_pages_stands_in_the_menu():
    asked = {entry.permission for entry in ENTRIES} | {one for several in EITHER.values() for one in several}
    for permission in (Permission.TEAM_VIEW, Permission.PERSON_VIEW, Permission.DIRECTORY_VIEW, Permission.POLICY_VIEW):
        assert permission in asked


@pytest.mark.django_db
def test_everybody_can_open_what_their_menu_shows(world, signed_in):
    users = [world.office, world.clerk_jin, world.contact_finance, world.leader_county, world.member_li]
    users += [world.sysadmin, world.secadmin, world.auditor, world.stranger]
    users += [
        cast.account(world, "cashier", "财政局", Role.FINANCE, world.county),
        cast.account(world, "inspector", "督查", Role.INSPECTOR, world.county),
    ]
    users += [cast.account(world, "team_leader", "队长", Role.TEAM_LEADER, world.shiqiao)]
    refused = []
    for user in users:
        client = signed_in(user)
        for entry in ENTRIES:
            if may_open(entry, user, DAY):
                answer = client.get(reverse(entry.name))
                if answer.status_code != 200:
                    refused.append((user.username, entry.name, answer.status_code))
                    continue
                assert [one.label for group in answer.context["menu"] for one in group.items if one.active] == [
                    entry.label
                ]


@pytest.mark.django_db
def test_groups_with_nothing_in_them_are_hidden(world):
    assert [group.label for group in shown(world.office, DAY, "desk:home")] == ["总览", "择优选派", "日常管理", "系统"]
    assert [(g.label, [i.label for i in g.items]) for g in shown(world.auditor, DAY, "")] == [
        ("总览", ["首页"]),
        ("系统", ["留痕日志"]),
    ]
    assert [item.label for group in shown(world.sysadmin, DAY, "") for item in group.items] == [
        "首页",
        "账号与职责",
        "运行状况",
    ]


@pytest.mark.django_db
def test_a_member_has_a_short_menu(world):
    labels = [item.label for group in shown(world.member_li, DAY, "") for item in group.items]
    assert labels == ["首页", "工作队", "人员", "我的出勤", "请假报备", "工作交接", "制度文件", "工作日历"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "active"),
    [
        ("teams:team", "工作队"),
        ("teams:person", "人员"),
        ("teams:village", "村"),
        ("teams:unit", "派出单位"),
        ("teams:posting_transfer", "专门台账"),
        ("indicators:records", "指标数据"),
        ("desk:search", "首页"),
        ("office:parameter_set", "制度参数"),
    ],
)
def test_a_page_below_an_entry_marks_it(world, page, active):
    items = [item for group in shown(world.office, DAY, page) for item in group.items]
    assert [item.label for item in items if item.active] == [active]


def test_every_role_finds_something_to_do():
    for role, spec in ROLES.items():
        entries = [one for one in ENTRIES if one.permission in spec.may and role not in one.not_for]
        assert entries or role is Role.SECURITY, role
