"""Imports that run in a process of their own: their files (sealed), how far they are, and starting them."""

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from zhucun.base.journal.keys import derive

UPLOAD, LOOKED, PREVIEW, MARKED, PROGRESS = "upload", "looked", "preview", "marked", "progress.json"
SILENT_AFTER = 90  # seconds after which a process that has not begun will not begin any more


def folder(job: UUID) -> Path:
    """Where the files of an import lie."""
    return Path(settings.DATA_DIR) / "exchange" / str(job)


def keep(job: UUID, name: str, content: bytes) -> None:
    """Keep a file of the import: encrypted, since it holds ID numbers, and whole or not at all."""
    place = folder(job)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    nonce = secrets.token_bytes(12)
    draft = place / f".{name}.{secrets.token_hex(4)}"
    draft.write_bytes(nonce + AESGCM(derive("exchange:v1")).encrypt(nonce, content, f"{job}:{name}".encode()))
    draft.replace(place / name)


def kept(job: UUID, name: str) -> bytes | None:
    """The content of a kept file; None when it is not there any more."""
    try:
        raw = (folder(job) / name).read_bytes()
    except OSError:
        return None
    return AESGCM(derive("exchange:v1")).decrypt(raw[:12], raw[12:], f"{job}:{name}".encode())


def forget(job: UUID, *names: str) -> None:
    """Remove the named files of an import, or all of them."""
    if not names:
        shutil.rmtree(folder(job), ignore_errors=True)
    for name in names:
        (folder(job) / name).unlink(missing_ok=True)


def tell(job: UUID, text: str, percent: int, pid: int | None = None) -> None:
    """Say how far the import is; the page asks for it every second. `pid` 0 stands for a process still to come."""
    place = folder(job)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place / f".{PROGRESS}.{os.getpid()}"
    draft.write_text(
        json.dumps({"text": text, "percent": percent, "pid": os.getpid() if pid is None else pid}), encoding="utf-8"
    )
    draft.replace(place / PROGRESS)


def told(job: UUID) -> dict[str, Any]:
    """How far the import is, and in `dead` whether its process is gone without having finished."""
    file = folder(job) / PROGRESS
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        silent = time.time() - file.stat().st_mtime
    except (OSError, ValueError):
        return {"text": "", "percent": 0, "dead": False}
    pid = found.get("pid")
    return found | {"dead": silent > 3 and not _alive(pid) if pid else silent > SILENT_AFTER}


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return not Path("/proc/self").exists()  # without /proc only silence tells
    return state.rpartition(")")[2].split()[0] != "Z"


def launch(job: UUID, stage: str) -> None:
    """Start the process that examines or carries out an import; it outlives the request."""
    tell(job, "正在排队…", 1, pid=0)
    subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", "zhucun", "exchange_job", str(job), stage],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


@contextmanager
def turn(job: UUID) -> Iterator[None]:
    """One import at a time on this machine; the others wait and say so."""
    place = Path(settings.DATA_DIR) / "exchange"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / "turn.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                tell(job, "前面还有一个导入在处理，正在排队…", 1)
                time.sleep(1)
        yield
