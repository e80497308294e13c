"""What waits for the three administrators and the county office."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import NOW, PASSWORD, TODAY
from zhucun.base.access.models import User
from zhucun.overview.office.notices import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def backed_up(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    Path(tmp_path, "last_backup.json").write_text(json.dumps({"at": NOW.isoformat(), "file": "x", "size": 1}))


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


def test_a_backup_is_due_after_a_week(world, settings):
    assert titles(world.sysadmin, date(2022, 12, 13)) == []
    assert titles(world.sysadmin, date(2022, 12, 14)) == ["已经 7 天没有备份"]
    Path(settings.DATA_DIR, "last_backup.json").unlink()
    assert titles(world.sysadmin) == ["还没有做过备份"]


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


def test_an_empty_installation_leads_its_installer_to_the_first_step(db):
    installer = User.objects.create_superuser("root", PASSWORD)
    assert "开始使用：分开三种管理员" in titles(installer)
