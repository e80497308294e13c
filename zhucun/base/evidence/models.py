"""Documents attached to any record."""

from datetime import date
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from zhucun.base.directory.models import WithinQuerySet

CLOSED = {"access", "journal"}
"""Rooms whose rows take no documents: duties and the journal."""


class Attachment(models.Model):
    """A file attached to a record; it may be seen by whoever may see that record, asked again at every download.

    A record that is not for everybody of its area says who may see it: `may_be_seen_by(user, day)`.
    """

    SCOPE: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=36)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveIntegerField("大小（字节）")
    digest = models.CharField("SHA-256", max_length=64)
    kind = models.CharField("类型", max_length=100)
    added_at = models.DateTimeField("上传时间")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "佐证材料"
        ordering = ("added_at", "pk")
        indexes = (models.Index(fields=("target_type", "target_id"), name="evidence_attachment_target"),)

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the content lies, outside anything a web server serves by itself."""
        return Path(settings.DATA_DIR) / "evidence" / self.digest[:2] / self.digest

    @property
    def target(self) -> models.Model | None:
        """The record it is attached to."""
        return record(self.target_type, self.target_id)


def record(target_type: str, target_id: str) -> models.Model | None:
    """The record called “app.model” and key, where documents may be attached to it: rows with an area of their own."""
    try:
        model = apps.get_model(target_type)
        if not getattr(model, "SCOPE", None) or model._meta.app_label in CLOSED:
            return None
        return model.objects.filter(pk=target_id).first()
    except (LookupError, ValueError, ValidationError):
        return None


def may_read(user, target: models.Model, day: date) -> bool:
    """Whether a user may read the documents of a record: as the record's own `may_be_seen_by` says, else whoever sees its area."""
    asked = getattr(target, "may_be_seen_by", None)
    return asked(user, day) if asked else user.scope_on(day).covers(target)


def attached_to(target: models.Model) -> models.QuerySet[Attachment]:
    """The documents attached to a record, oldest first."""
    return Attachment.objects.filter(target_type=target._meta.label_lower, target_id=str(target.pk))
