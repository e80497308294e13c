"""Work in a process of its own, for whatever takes longer than a page: how far it is, whether it lives, starting it."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

PROGRESS = "progress.json"
SILENT_AFTER = 90  # seconds after which a process that has not begun will not begin any more


@dataclass(frozen=True)
class Jobs:
    """The jobs of one room: `area` names their folder beside the database, `command` the management command they run."""

    area: str
    command: str

    def folder(self, job: UUID) -> Path:
        """Where the files of a job lie."""
        return Path(settings.DATA_DIR) / self.area / str(job)

    def tell(self, job: UUID, text: str, percent: int, pid: int | None = None) -> None:
        """Say how far the job is; its page asks every second. `pid` 0 stands for a process still to come."""
        place = self.folder(job)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place / f".{PROGRESS}.{os.getpid()}"
        process = os.getpid() if pid is None else pid
        said = {"text": text, "percent": percent, "pid": process, "born": _born(process)}
        draft.write_text(json.dumps(said), encoding="utf-8")
        draft.replace(place / PROGRESS)

    def told(self, job: UUID) -> dict[str, Any]:
        """How far the job is, and in `dead` whether its process is gone without having finished."""
        file = self.folder(job) / PROGRESS
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
            silent = time.time() - file.stat().st_mtime
        except (OSError, ValueError):
            return {"text": "", "percent": 0, "dead": False}
        pid = found.get("pid")
        gone = pid and (not _alive(pid) or _born(pid) != found.get("born"))  # another process may have its number now
        return found | {"dead": silent > 3 and bool(gone) if pid else silent > SILENT_AFTER}

    def launch(self, job: UUID, *arguments: str) -> None:
        """Start the process; it outlives the request."""
        self.tell(job, "正在排队…", 1, pid=0)
        subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "zhucun", self.command, str(job), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    @contextmanager
    def turn(self, job: UUID) -> Iterator[None]:
        """One job of the room at a time on this machine; the others wait and say so."""
        place = Path(settings.DATA_DIR) / self.area
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (place / "turn.lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    self.tell(job, "前面还有一个在处理，正在排队…", 1)
                    time.sleep(1)
            yield


def _born(pid: int) -> str:
    """When a process began, in ticks since the machine did; empty where that cannot be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return not Path("/proc/self").exists()  # without /proc only silence tells
    return state.rpartition(")")[2].split()[0] != "Z"
