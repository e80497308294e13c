"""`make test`: everything on SQLite, the browser tests, and everything but those on PostgreSQL.

What a machine lacks is skipped aloud; with CI=true it is a failure.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests import postgres

PYTEST = [sys.executable, "-m", "pytest", "-q"]
CI = os.environ.get("CI", "").lower() in {"1", "true"}
CHROMIUM = os.environ.get("ZHUCUN_TEST_CHROMIUM", "/usr/bin/chromium")
NOTHING_COLLECTED = 5
PURE = ("*/placement/tests/optimiser/*", "*/attendance/book/tests/*", "*/attendance/scan/tests/*")
"""Tests that know no database, so that one engine says all."""


def main() -> int:
    """Run the steps and answer whether all of them passed: PostgreSQL beside the other two, its output shown last."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that PostgreSQL is stopped then, too
    paths = sys.argv[1:] or ["zhucun", "tests"]
    paths = [path for path in paths if Path(path.split("::")[0]).exists()]
    with ThreadPoolExecutor(1) as beside, TemporaryFile("w+", encoding="utf-8") as kept:
        postgresql = beside.submit(timed, lambda: on_postgres(paths, kept))
        results = {}
        for name, step in {
            "SQLite": lambda: pytest(*paths, "-m", "not browser"),
            "browser": lambda: browser(paths),
        }.items():
            print(f"\n=== {name} ===", flush=True)
            results[name] = timed(step)
        results["PostgreSQL"] = postgresql.result()
        kept.seek(0)
        print(f"\n=== PostgreSQL ===\n{kept.read()}", flush=True)
    print("\n".join(f"{name}: {result}" for name, result in results.items()), flush=True)
    return int(any(result.startswith("FAILED") for result in results.values()))


def timed(step: Callable[[], str]) -> str:
    """What a step answers, and how long it took."""
    started = time.monotonic()
    return f"{step()} ({time.monotonic() - started:.0f} s)"


def pytest(*arguments: str, output: IO[str] | None = None, **environ: str) -> str:
    """One run of pytest; no test selected is no failure."""
    done = subprocess.run(
        [*PYTEST, *arguments], env={**os.environ, **environ}, stdout=output, stderr=output, check=False
    )
    return "passed" if done.returncode in {0, NOTHING_COLLECTED} else "FAILED"


def browser(paths: list[str]) -> str:
    """The tests that drive Chromium: a process of their own, since Playwright keeps an event loop running."""
    if not Path(CHROMIUM).exists():
        return missing(f"Chromium at {CHROMIUM} (Debian: apt install chromium fonts-noto-cjk)")
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
    if not fonts.stdout.strip():
        return missing("a Chinese font (Debian: apt install fonts-noto-cjk)")
    return pytest(*paths, "-m", "browser", DJANGO_ALLOW_ASYNC_UNSAFE="true")


def on_postgres(paths: list[str], output: IO[str]) -> str:
    """The same tests on a PostgreSQL that lives as long as they do."""
    if os.environ.get("ZHUCUN_TEST_DATABASE_URL"):
        return "skipped: ZHUCUN_TEST_DATABASE_URL is set, the first run used it"
    if postgres.binaries() is None:
        return missing("a PostgreSQL server (Debian: apt install postgresql)")
    with postgres.cluster() as url:
        without = ("-m", "not browser and not house", *(f"--ignore-glob={path}" for path in PURE))
        return pytest(*paths, *without, output=output, ZHUCUN_TEST_DATABASE_URL=url)


def missing(what: str) -> str:
    """Say aloud what is not there."""
    print(f"skipped: {what} is missing", flush=True)
    return f"FAILED: {what} is missing and CI=true" if CI else f"skipped: {what} is missing"


if __name__ == "__main__":
    sys.exit(main())
