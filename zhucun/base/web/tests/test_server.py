"""What stands against serving is said before anything is opened."""

import socket

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from zhucun.base.web import server
from zhucun.base.web.durability import weaknesses
from zhucun.base.web.server import CannotServe


def test_a_taken_port_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotServe, match=f"127.0.0.1:{port} 用不了.*--port"):
            server.refuse_taken("127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_cannot_be_is_named(port):
    with pytest.raises(CannotServe, match="--port"):
        server.refuse_taken("127.0.0.1", port)


def test_one_server_per_data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    first = server.hold_lock()
    with pytest.raises(CannotServe, match="已经有一个正在运行的服务"):
        server.hold_lock()
    first.close()
    server.hold_lock().close()


@pytest.mark.django_db
def test_a_migrated_database_may_be_served():
    server.refuse_unmigrated()


@pytest.mark.django_db
def test_an_older_database_is_refused(monkeypatch):
    monkeypatch.setattr(server.MigrationExecutor, "migration_plan", lambda *_: [("x", False)] * 3)
    with pytest.raises(CommandError, match="还有 3 步没有升级，请先运行 zhucun migrate"):
        call_command("serve", port=1)


@pytest.mark.django_db
def test_static_files_are_collected_once(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = tmp_path / "static"
    calls = []
    monkeypatch.setattr(server, "call_command", lambda *_, **__: calls.append(1) or settings.STATIC_ROOT.mkdir())
    server.collect_static()
    server.collect_static()
    assert len(calls) == 1


@pytest.mark.django_db
def test_the_test_database_is_looked_at():
    found = weaknesses()
    if connection.vendor == "sqlite":
        assert found == []
    else:
        assert [text for text in found if "fsync" in text], "the throw-away cluster runs without fsync"


def test_an_affected_sqlite_is_told(monkeypatch, db):
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    monkeypatch.setattr("zhucun.base.web.durability.has_wal_bug", lambda _: True)
    assert any("TRUNCATE" in text for text in weaknesses())
