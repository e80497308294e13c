"""The installed product examined through its commands alone: print_book, then read_book over simulated files."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ZHUCUN = Path(sys.executable).parent / "zhucun"
BATCH = 40

_MEASURED = """import json, resource, subprocess, sys
code = subprocess.run(sys.argv[2:], check=False).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
sys.exit(code)"""
"""A small process between us and the command: the peak of a child counts the memory of whoever started it."""


@dataclass
class Reading:
    """Answers of the reader, what it cost, and what it complained about."""

    answers: list[dict] = field(default_factory=list)
    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: float = 0.0
    complaints: list[str] = field(default_factory=list)


def _call(arguments: list[str], env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ZHUCUN), *arguments], capture_output=True, text=True, check=False, env={**os.environ, **(env or {})}
    )


def demo(folder: Path) -> dict[str, str]:
    """Build the demonstration county in a folder; what the environment must be to use it."""
    env = {"ZHUCUN_DATA_DIR": str(folder), "ZHUCUN_DATABASE_URL": f"sqlite:///{folder / 'zhucun.sqlite3'}"}
    done = _call(["demo", "--no-serve"], env)
    if done.returncode:
        sys.exit(f"zhucun demo: {done.stderr.strip()}")
    return env


def printed(month: str, team: str | None, folder: Path, env: Mapping[str, str]) -> tuple[bytes, list[dict]]:
    """A book by print_book, with its layout."""
    pdf, layout = folder / "book.pdf", folder / "layout.json"
    team_option = ["--team", team] if team else []
    done = _call(["print_book", "--month", month, *team_option, "--layout", str(layout), "--output", str(pdf)], env)
    if done.returncode:
        sys.exit(f"zhucun print_book: {done.stderr.strip()}")
    return pdf.read_bytes(), json.loads(layout.read_text())


def read(files: list[Path], env: Mapping[str, str] | None = None, batch: int = BATCH) -> Reading:
    """All files through read_book, some at a time; a batch that fails is tried again file by file."""
    reading, started = Reading(), time.perf_counter()
    for at in range(0, len(files), batch):
        _batch(files[at : at + batch], env, reading)
        if sys.stderr.isatty():
            print(f"\rread {min(at + batch, len(files))}/{len(files)} files", end="", file=sys.stderr, flush=True)
    reading.wall = time.perf_counter() - started
    return reading


def _batch(files: list[Path], env: Mapping[str, str] | None, reading: Reading) -> None:
    with tempfile.NamedTemporaryFile(suffix=".json") as note:
        command = [sys.executable, "-c", _MEASURED, note.name, str(ZHUCUN), "read_book", *map(str, files), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **(env or {})})
        cpu, peak = json.loads(Path(note.name).read_text())
    reading.cpu, reading.peak_mb = reading.cpu + cpu, max(reading.peak_mb, peak)
    try:
        reading.answers += json.loads(done.stdout)
    except ValueError:
        if len(files) == 1:
            reading.complaints.append(f"{files[0].name}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
        else:
            said = done.stderr.strip()[-200:]
            reading.complaints.append(f"a batch of {len(files)} had to be repeated file by file: {said}")
            for file in files:
                _batch([file], env, reading)
        return
    if "Traceback" in done.stderr:
        reading.complaints.append(f"traceback: {done.stderr.strip()[-300:]}")
