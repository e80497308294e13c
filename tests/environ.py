"""Pytest plugin, loaded before Django: tests never see the operator's environment, data or network.

ZHUCUN_TEST_DATABASE_URL chooses the engine; without it tests run on SQLite, in a file, since threads cannot share one in
memory as a server's threads share a file.
"""

import os
import shutil
import socket
import sys
import tempfile

import pytest

_KEEP = {"ZHUCUN_TEST_DATABASE_URL", "ZHUCUN_TEST_CHROMIUM"}
for _name in [name for name in os.environ if name.startswith("ZHUCUN_") and name not in _KEEP]:
    del os.environ[_name]

_DATA = tempfile.mkdtemp(prefix="zhucun-tests-")
# The database in memory where there is a file system in memory: tests of durability bring their own place.
_BASE = tempfile.mkdtemp(prefix="zhucun-tests-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
os.environ["ZHUCUN_DATA_DIR"] = _DATA
os.environ["DJANGO_SETTINGS_MODULE"] = "zhucun.settings"
if url := os.environ.get("ZHUCUN_TEST_DATABASE_URL"):
    os.environ["ZHUCUN_DATABASE_URL"] = url

_connect = socket.socket.connect


def _connect_here_only(self, address):
    if self.family == socket.AF_UNIX or address[0] in {"127.0.0.1", "::1", "localhost"}:
        return _connect(self, address)
    raise AssertionError(f"a test tried to reach {address[0]}: the network is closed")


def pytest_configure(config):
    """Close the network, and swap what is slow on purpose for what is quick."""
    import zhucun  # noqa: F401  puts the newer SQLite in place before hypothesis or coverage import the old one

    socket.socket.connect = _connect_here_only
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.ALLOWED_HOSTS = ["*"]
    if not os.environ.get("ZHUCUN_TEST_DATABASE_URL"):
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{_BASE}/test.sqlite3"


def pytest_unconfigure(config):
    """Take the data folder away again."""
    socket.socket.connect = _connect
    shutil.rmtree(_DATA, ignore_errors=True)
    shutil.rmtree(_BASE, ignore_errors=True)


def missing(what: str) -> None:
    """Skip aloud where a tool is missing; on CI that is a failure, because nobody reads its skips."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"CI=true and {what} is missing", pytrace=False)
    sys.stderr.write(f"skipped: {what} is missing\n")
    pytest.skip(f"{what} is missing")
