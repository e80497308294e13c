"""What the environment says, and what is said back when it is wrong."""

import os
import re
import stat
import subprocess
import sys

import pytest

from zhucun import environment
from zhucun.environment import BadEnvironment

GOOD = (3, 53, 4)


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in [name for name in os.environ if name.startswith("ZHUCUN_")]:
        monkeypatch.delenv(name)


def test_sqlite_in_the_data_folder_is_the_default(tmp_path):
    found = environment.database(tmp_path, GOOD)
    assert found["NAME"] == str(tmp_path / "zhucun.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL; PRAGMA synchronous=FULL" in found["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    ("version", "affected"),
    [((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False)],
)
def test_an_affected_sqlite_does_not_run_in_wal_mode(tmp_path, version, affected):
    command = environment.database(tmp_path, version)["OPTIONS"]["init_command"]
    assert ("journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA" in command) is affected
    assert ("WAL" in command) is not affected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://ann:p%40ss@db:5433/zhucun", ("zhucun", "ann", "p@ss", "db", "5433")),
        ("postgresql:///zhucun?host=/run/pg&user=ann", ("zhucun", "ann", "", "/run/pg", "")),
        ("postgres://ann@%2Frun%2Fpg/zhucun", ("zhucun", "ann", "", "/run/pg", "")),
        ("postgres://[::1]:5432/zhucun", ("zhucun", "", "", "::1", "5432")),
    ],
)
def test_a_postgresql_address_is_taken_apart(monkeypatch, tmp_path, url, expected):
    monkeypatch.setenv("ZHUCUN_DATABASE_URL", url)
    found = environment.database(tmp_path, GOOD)
    assert tuple(found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == expected
    assert found["CONN_MAX_AGE"] == 0


def test_further_options_of_an_address_reach_the_driver(monkeypatch, tmp_path):
    monkeypatch.setenv("ZHUCUN_DATABASE_URL", "postgres:///zhucun?sslmode=require&options=-c%20work_mem%3D8MB")
    options = environment.database(tmp_path, GOOD)["OPTIONS"]
    assert options["sslmode"] == "require"
    assert options["options"].startswith("-c statement_timeout=5s")
    assert options["options"].endswith("-c work_mem=8MB")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a/b",
        "zhucun.db",
        "postgres://host",
        "postgres://h:port/db",
        "sqlite://x",
        "sqlite:///x.db",
        "postgres://[::1/db",
    ],
)
def test_a_wrong_address_is_answered_with_examples(monkeypatch, tmp_path, url):
    monkeypatch.setenv("ZHUCUN_DATABASE_URL", url)
    with pytest.raises(BadEnvironment, match="请写成 postgres://"):
        environment.database(tmp_path, GOOD)


def test_a_sqlite_file_may_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("ZHUCUN_DATABASE_URL", "sqlite:////srv/%E5%BA%93.sqlite3")
    assert environment.database(tmp_path, GOOD)["NAME"] == "/srv/库.sqlite3"


def test_the_secret_key_is_made_once_and_for_the_owner_only(tmp_path):
    first = environment.secret_key(tmp_path)
    assert len(first) > 50
    assert environment.secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_short_secret_key_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("ZHUCUN_SECRET_KEY", "secret")
    with pytest.raises(BadEnvironment, match="至少用 32 个字符"):
        environment.secret_key(tmp_path)


def test_a_cut_key_file_is_not_replaced(tmp_path):
    (tmp_path / "secret.key").write_text("cut")
    with pytest.raises(BadEnvironment, match="从备份中恢复"):
        environment.secret_key(tmp_path)


def test_an_address_among_the_hosts_is_refused(monkeypatch):
    monkeypatch.setenv("ZHUCUN_ALLOWED_HOSTS", "http://10.1.2.3/")
    with pytest.raises(BadEnvironment, match="不带 http://"):
        environment.hosts()


def test_empty_hosts_are_refused(monkeypatch):
    monkeypatch.setenv("ZHUCUN_ALLOWED_HOSTS", " , ")
    with pytest.raises(BadEnvironment, match="是空的"):
        environment.hosts()


def test_proxies_are_addresses(monkeypatch):
    monkeypatch.setenv("ZHUCUN_PROXIES", "10.0.0.0/24, nginx")
    with pytest.raises(BadEnvironment, match="“nginx”不是 IP"):
        environment.networks()


@pytest.mark.parametrize(("text", "answer"), [("1", True), ("是", True), ("No", False), ("", False)])
def test_yes_and_no(monkeypatch, text, answer):
    monkeypatch.setenv("ZHUCUN_DEBUG", text)
    assert environment.flag("ZHUCUN_DEBUG") is answer


def test_neither_yes_nor_no(monkeypatch):
    monkeypatch.setenv("ZHUCUN_DEBUG", "maybe")
    with pytest.raises(BadEnvironment, match="1（是）或 0（否）"):
        environment.flag("ZHUCUN_DEBUG")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHUCUN_DATABASE_URL", "oracle://x"),
        ("ZHUCUN_DATA_DIR", "/proc/zhucun"),
        ("ZHUCUN_SECRET_KEY", "x"),
        ("ZHUCUN_ALLOWED_HOSTS", "https://a"),
        ("ZHUCUN_DEBUG", "perhaps"),
        ("ZHUCUN_PROXIES", "here"),
    ],
)
def test_the_command_answers_a_bad_environment_with_one_sentence(tmp_path, name, value):
    done = subprocess.run(
        [sys.executable, "-m", "zhucun", "check"],
        env={"ZHUCUN_DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"], name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert re.search(r"^\S.*。$", done.stderr.strip()), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
