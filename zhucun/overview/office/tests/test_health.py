"""运行状况: each thing looked at, good and bad; and the first steps of an empty installation."""

import json
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from tests.cast import NOW, PASSWORD
from zhucun.base.access.models import User
from zhucun.base.directory.models import Division
from zhucun.base.journal import guard
from zhucun.overview.office import health
from zhucun.overview.office.beginning import steps

pytestmark = pytest.mark.django_db


def found(name, now=NOW):
    return next(one for one in health.findings(now) if one.name == name)


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_the_page_shows_every_finding_with_a_sentence(world, signed_in):
    for who in (world.sysadmin, world.secadmin):
        answer = signed_in(who).get(reverse("office:health"))
        assert answer.status_code == 200
        names = {one.name for one in answer.context["findings"]}
        assert {
            "系统版本",
            "数据库",
            "写入安全",
            "磁盘空间",
            "最近备份",
            "留痕日志",
            "库外锚点",
            "工作日历",
            "锁定的账号",
            "密钥指纹",
        } <= names
        assert all(one.sentence.endswith("。") for one in answer.context["findings"])


def test_what_is_worst_comes_first(world):
    tones = [one.tone for one in health.findings(NOW)]
    assert tones == sorted(tones, key=("red", "yellow", "green", "gray").index)


@pytest.mark.parametrize(("days", "tone"), [(None, "red"), (0, "green"), (6, "green"), (7, "yellow")])
def test_the_last_backup(world, data_dir, days, tone):
    if days is not None:
        at = (NOW - timedelta(days=days)).isoformat()
        Path(data_dir, "last_backup.json").write_text(json.dumps({"at": at, "file": "/b/x.zip", "size": 2048}))
    assert found("最近备份").tone == tone


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"at": "never"}'])
def test_an_unreadable_note_of_a_backup_counts_as_none(world, data_dir, text):
    Path(data_dir, "last_backup.json").write_text(text)
    assert found("最近备份").tone == "red"


@pytest.mark.parametrize(("free", "tone"), [(2**29, "red"), (2**31, "yellow"), (2**40, "green")])
def test_the_disk(world, monkeypatch, free, tone):
    usage = namedtuple("usage", "total used free")(2**41, 0, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert found("磁盘空间").tone == tone


def test_an_anchor_that_is_gone(world, data_dir):
    assert found("库外锚点").tone == "red"


def test_a_guard_that_was_taken_away(world):
    guard.remove(connection)
    assert found("留痕的防改触发器").tone == "red"


def test_a_weak_database_and_a_waiting_migration(world, monkeypatch):
    monkeypatch.setattr(health, "weaknesses", lambda: ["SQLite 的 synchronous 低于 FULL。"])
    monkeypatch.setattr(health, "pending", lambda: 2)
    assert found("写入安全").tone == "red"
    assert "zhucun migrate" in found("数据库结构").sentence


@pytest.mark.parametrize(("month", "year", "tone"), [(6, 2026, "green"), (12, 2026, "yellow"), (1, 2027, "red")])
def test_the_calendar(world, month, year, tone):
    assert found("工作日历", NOW.replace(year=year, month=month)).tone == tone


def test_the_probe_says_unwell_without_saying_why(world, client, monkeypatch):
    monkeypatch.setattr(health, "pending", lambda: 1)
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (503, b"unwell\n")


def states(user):
    return [step["state"] for step in steps(user, NOW.date())]


def test_the_first_steps_of_an_empty_installation(db, client):
    installer = User.objects.create_superuser("root", PASSWORD)
    client.force_login(installer, backend="django.contrib.auth.backends.ModelBackend")
    assert states(installer) == ["now", "todo", "todo", "todo", "todo"]
    assert client.get(reverse("office:start")).status_code == 200
    assert "6 位数字" in client.post(reverse("office:county_add"), {"name": "祁东县", "code": "43"}).content.decode()
    assert client.post(reverse("office:county_add"), {"name": "祁东县", "code": "430426"}).status_code == 302
    assert Division.objects.get().kind == "县"
    assert (
        "已经登记过县"
        in client.post(reverse("office:county_add"), {"name": "衡东县", "code": "430424"}).content.decode()
    )
    assert states(installer)[1] == "done"


def test_a_county_at_work_has_done_them_all(world):
    assert states(world.sysadmin) == ["done"] * 5
