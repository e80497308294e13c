"""Printing and reading in a process of their own: what they were asked for, and the files they work on."""

import json
import shutil
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

from zhucun.base.journal.vault_file import write_whole
from zhucun.base.web.jobs import Jobs

JOBS = Jobs("book", "book_job")
ASKED, MADE = "asked.json", "made"
PRINT, READ = "print", "read"
KEPT_FOR = timedelta(days=2)
"""How long a printed file can be fetched, and files nobody went on reading lie there."""


@dataclass
class Upload:
    """One file to be read: its name and digest as it came, why it is not read if so, how often reading it was begun."""

    name: str
    digest: str
    refusal: str = ""
    begun: int = 0
    over: bool = False


@dataclass
class Work:
    """What a job was asked for, by whom (user key) and when; kept in its folder as long as the job matters."""

    id: UUID
    stage: str
    user: str
    at: str
    options: dict[str, Any] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    over: bool = False
    failed: str = ""

    @classmethod
    def begun(cls, stage: str, user: Any, at: datetime, **options: Any) -> Self:
        """New work in a folder of its own; old folders are cleared away."""
        clear()
        work = cls(uuid4(), stage, str(user.pk), at.isoformat(), options)
        work.keep()
        return work

    @classmethod
    def found(cls, job: UUID) -> Self | None:
        """The work of a job; None when its folder is gone."""
        try:
            data = json.loads((JOBS.folder(job) / ASKED).read_text(encoding="utf-8"))
            uploads = [Upload(**one) for one in data.pop("uploads")]
            return cls(**data | {"id": UUID(data["id"]), "uploads": uploads})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def keep(self) -> None:
        """Write down how things stand."""
        text = json.dumps(asdict(self) | {"id": str(self.id)}, ensure_ascii=False)
        write_whole(JOBS.folder(self.id) / ASKED, text.encode())
        JOBS.folder(self.id).chmod(0o700)

    def add(self, name: str, digest: str, content: bytes, refusal: str = "") -> None:
        """One more file to be read; the same file twice is read once, and its other names are kept to be told."""
        if any(one.digest == digest for one in self.uploads):
            self.options.setdefault("same", []).append(name)
            return
        if not refusal:
            write_whole(self.file(digest), content)
        self.uploads.append(Upload(name, digest, refusal))

    def file(self, digest: str) -> Path:
        """Where an uploaded file lies until it is read."""
        return JOBS.folder(self.id) / digest

    @property
    def made(self) -> Path:
        """Where the printed file lies."""
        return JOBS.folder(self.id) / MADE

    def launch(self) -> None:
        """Start the process."""
        JOBS.launch(self.id, self.stage)

    def tell(self, text: str, percent: int) -> None:
        """Say how far it is."""
        JOBS.tell(self.id, text, percent)


def clear() -> None:
    """Remove the folders nothing has happened in for KEPT_FOR: no upload and no printed list of names stays lying about."""
    for folder in JOBS.folder(UUID(int=0)).parent.glob("*-*-*-*-*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > KEPT_FOR.total_seconds():
                shutil.rmtree(folder, ignore_errors=True)
