"""Imports that run in a process of their own: their files, sealed."""

import secrets
import shutil
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhucun.base.journal.keys import derive
from zhucun.base.web.jobs import PROGRESS as PROGRESS
from zhucun.base.web.jobs import Jobs

UPLOAD, LOOKED, PREVIEW, MARKED = "upload", "looked", "preview", "marked"

JOBS = Jobs("exchange", "exchange_job")
folder, tell, told, launch, turn = JOBS.folder, JOBS.tell, JOBS.told, JOBS.launch, JOBS.turn


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
