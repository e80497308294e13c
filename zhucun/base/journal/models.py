"""The journal's entries and its head."""

from django.db import models


class Entry(models.Model):
    """One thing done: the actor, the moment, the act, its target and what changed. No foreign keys: it outlives all."""

    SCOPE = {"county": "county", "township": "township", "village": "village", "unit": "unit"}

    seq = models.PositiveBigIntegerField("序号", primary_key=True)
    at = models.CharField("时间", max_length=32, help_text="ISO 8601 with offset, exactly as hashed")
    actor = models.CharField("操作人编号", max_length=36)
    actor_name = models.CharField("操作人", max_length=80)
    action = models.CharField("操作", max_length=60, db_index=True)
    target_type = models.CharField("对象类型", max_length=60, blank=True)
    target_id = models.CharField("对象编号", max_length=36, blank=True)
    target_name = models.CharField("对象", max_length=200, blank=True)
    county = models.CharField(max_length=12, blank=True)
    township = models.CharField(max_length=12, blank=True)
    village = models.CharField(max_length=12, blank=True)
    unit = models.CharField(max_length=36, blank=True)
    data = models.TextField("内容", help_text="canonical JSON")
    reason = models.TextField("理由", blank=True)
    hash = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = "留痕"
        ordering = ("-seq",)
        indexes = (models.Index(fields=("target_type", "target_id"), name="journal_entry_target"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.target_name}"


class Head(models.Model):
    """The one row that says where the chain stands; locked while entries are added, so that numbers have no gaps."""

    PUBLIC = "holds no business data"

    only = models.BooleanField(default=True, unique=True, editable=False)
    journal = models.UUIDField("日志编号")
    key = models.CharField("密钥指纹", max_length=16)
    first = models.PositiveBigIntegerField(default=1, help_text="the first entry this key can prove")
    count = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, help_text="keyed hash of this row, so that it cannot be wound back")

    class Meta:
        verbose_name = "留痕链头"

    def __str__(self) -> str:
        return f"{self.journal} {self.count}"
