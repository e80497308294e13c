"""Documents, clauses and dated parameters."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from zhucun.base.timeline.models import Span


class Document(Span):
    """A rule in writing (管理办法, 通知), in force from `start` to `end`."""

    PUBLIC = "rules are for everybody to read"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    title = models.CharField("名称", max_length=120)
    number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("印发单位", max_length=80, blank=True)

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "制度文件"
        ordering = ("start", "title", "pk")
        constraints = (
            *Span.Meta.constraints,
            models.UniqueConstraint(fields=("title", "start"), name="one_document_per_title_and_start"),
        )

    def __str__(self) -> str:
        return f"《{self.title}》"


class Clause(models.Model):
    """One numbered provision of a document."""

    PUBLIC = "rules are for everybody to read"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="clauses", verbose_name="文件")
    number = models.CharField("条款", max_length=20)
    text = models.TextField("内容")

    class Meta:
        verbose_name = "条款"
        ordering = ("document", "number", "pk")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="one_clause_per_number_and_document"),
        )

    def __str__(self) -> str:
        return f"{self.document}{self.number}"


class Parameter(Span):
    """The value of one field of one policy from a day on; `area` is the code prefix it holds in, empty for everywhere."""

    PUBLIC = "rules are for everybody to read"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField("参数", max_length=60)
    value = models.CharField("值", max_length=400)
    area = models.CharField("适用范围", max_length=12, blank=True)
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="parameters", verbose_name="依据"
    )

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "参数"
        ordering = ("key", "area", "start", "pk")
        constraints = (
            *Span.Meta.constraints,
            models.UniqueConstraint(
                fields=("key", "area"), condition=Q(end__isnull=True), name="one_open_parameter_per_key_and_area"
            ),
            models.UniqueConstraint(fields=("key", "area", "start"), name="one_parameter_per_key_area_and_start"),
        )

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
