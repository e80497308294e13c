"""What is done to attached documents."""

import os
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction

from zhucun.base.journal import journal

from .models import Attachment
from .rules import LARGEST, kind_of


def attach(*, target: models.Model, file: File, name: str, by, at: datetime) -> Attachment:
    """Attach a file to a record; raises ValidationError for a kind, size or content that is not accepted."""
    by.require("evidence.add", at, target)
    name = PurePath(name.replace("\\", "/")).name[:200]
    content = file.read(LARGEST + 1)
    kind, wrong = kind_of(name, content[:16], len(content))
    if wrong:
        raise ValidationError(wrong)
    row = Attachment(
        target_type=target._meta.label_lower, target_id=str(target.pk), name=name, size=len(content),
        digest=sha256(content).hexdigest(), kind=kind, added_at=at, added_by=by,
    )  # fmt: skip
    _keep(row, content)
    with transaction.atomic():
        row.full_clean()
        row.save(force_insert=True)
        journal.note(by=by, at=at, action="evidence.attached", target=target, data={"name": name, "sha256": row.digest})
    return row


def _keep(row: Attachment, content: bytes) -> None:
    """Write the content under its digest, whole or not at all; the same content is kept once."""
    if row.path.exists():
        return
    row.path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=row.path.parent, delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(row.path)
