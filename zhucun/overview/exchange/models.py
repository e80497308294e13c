"""Imports on their way from an uploaded file to a written ledger, and how a county's own roster is to be read."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from zhucun.base.directory.models import Division, WithinQuerySet


class Status(models.TextChoices):
    """Where an import stands."""

    EXAMINING = "examining", "正在检查"
    MAPPING = "mapping", "待对应列"
    READY = "ready", "待确认"
    REFUSED = "refused", "有问题，未导入"
    UNCHANGED = "unchanged", "没有变化"
    APPLYING = "applying", "正在写入"
    DONE = "done", "已导入"
    FAILED = "failed", "没有完成"
    ABANDONED = "abandoned", "已放弃"


S = Status
# Owners: the working process moves on from EXAMINING and APPLYING, a person from MAPPING and READY.
TRANSITIONS = {
    S.EXAMINING: {S.MAPPING, S.READY, S.REFUSED, S.UNCHANGED, S.FAILED, S.ABANDONED},
    S.MAPPING: {S.EXAMINING, S.ABANDONED},
    S.READY: {S.APPLYING, S.ABANDONED},
    S.APPLYING: {S.DONE, S.READY, S.REFUSED, S.UNCHANGED, S.FAILED},
    S.REFUSED: {S.MAPPING, S.ABANDONED},
    S.UNCHANGED: set(),
    S.DONE: set(),
    S.FAILED: set(),
    S.ABANDONED: set(),
}
OPEN = (S.EXAMINING, S.MAPPING, S.READY, S.REFUSED)
WORKING = (S.EXAMINING, S.APPLYING)


class Job(models.Model):
    """One uploaded workbook; its file lies sealed beside the database until the import is over."""

    SCOPE = {"county": "county"}

    class Kind(models.TextChoices):
        LEDGER = "ledger", "台账工作簿"
        ROSTER = "roster", "花名册"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    kind = models.CharField("种类", max_length=8, choices=Kind)
    name = models.CharField("文件", max_length=200)
    size = models.PositiveIntegerField("大小（字节）")
    digest = models.CharField("SHA-256", max_length=64)
    status = models.CharField("结果", max_length=10, choices=Status, default=Status.EXAMINING)
    counts = models.JSONField("各工作表", default=dict, blank=True)
    problems = models.PositiveIntegerField("问题", default=0)
    message = models.CharField("说明", max_length=400, blank=True)
    answers = models.JSONField("列的对应", default=dict, blank=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "导入"
        ordering = ("-uploaded_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="exchange_job_confirmed_at_and_by_go_together",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """Whether a process is at it."""
        return self.status in WORKING

    @property
    def is_open(self) -> bool:
        """Whether it may still be abandoned."""
        return self.status in OPEN

    @property
    def total(self) -> dict[str, int]:
        """Added, changed and unchanged rows over all sheets."""
        return {kind: sum(n[kind] for n in self.counts.values()) for kind in ("added", "changed", "unchanged")}


class Habit(models.Model):
    """How a county's roster was read last time: columns by header, words by the choice they mean; by its headers' fingerprint."""

    SCOPE = {"county": "county"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey(Division, models.CASCADE, related_name="+", verbose_name="县")
    fingerprint = models.CharField("列标题指纹", max_length=64)
    columns = models.JSONField("列的对应", default=dict)
    words = models.JSONField("用词的对应", default=dict)
    kept_at = models.DateTimeField("保存时间")
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "花名册读法"
        ordering = ("county", "pk")
        constraints = (
            models.UniqueConstraint(fields=("county", "fingerprint"), name="one_habit_per_county_and_headers"),
        )

    def __str__(self) -> str:
        return f"{self.county}花名册读法"
