"""The first requests of a new server come all at once, and all are answered."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

AT_ONCE = 24


def zhucun(*arguments, data, **more):
    environ = {"ZHUCUN_DATA_DIR": str(data), "PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen([sys.executable, "-m", "zhucun", *arguments], env=environ, text=True, **more)


@pytest.fixture
def address(tmp_path):
    """A server on an empty database; it is stopped by its own pid."""
    assert zhucun("migrate", "-v0", data=tmp_path).wait(timeout=120) == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "log").open("w+")
    server = zhucun("serve", "--port", str(port), data=tmp_path, stdout=subprocess.PIPE, stderr=log)
    try:
        first = server.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in first, first
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(timeout=30)
        server.stdout.close()
        log.seek(0)
        text = log.read()
        log.close()
    assert code == 0, text
    assert "Traceback" not in text, text


def get(url):
    """The status of a page; a worker that is still starting makes the connection wait, not fail."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.status


@pytest.mark.skipif("ZHUCUN_TEST_DATABASE_URL" in os.environ, reason="the server has its own SQLite")
def test_the_first_requests_at_once_are_all_answered(address):
    started = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = list(pool.map(get, [f"{address}/access/sign-in/"] * AT_ONCE))
    assert statuses == [200] * AT_ONCE
    assert time.monotonic() - started < 60
