"""督查通报: drafted from rounds, reviewed, signed, numbered by the year without gaps, delivered with receipt."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhucun.base.directory.models import Division, Unit, WithinQuerySet
from zhucun.work.inspections.rules import CircularStatus

from .rounds import Round

USER = settings.AUTH_USER_MODEL


class Circular(models.Model):
    """One circular; `number` (期号) comes with issuing, so that a year's numbers have no gap."""

    SCOPE = {"county": "county"}

    class State(models.TextChoices):
        DRAFT = CircularStatus.DRAFT.value, "起草"
        REVIEW = CircularStatus.REVIEW.value, "待审核"
        SIGNING = CircularStatus.SIGNING.value, "待签发"
        ISSUED = CircularStatus.ISSUED.value, "已印发"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("期号", null=True, blank=True)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文", blank=True)
    rounds = models.ManyToManyField(Round, related_name="circulars", blank=True, verbose_name="所依据的督查")
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    remark = models.CharField("审核意见", max_length=200, blank=True)
    drafted_at = models.DateTimeField("起草时间")
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="起草人")
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    signed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "督查通报"
        ordering = ("-year", "-number", "-drafted_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "year", "number"),
                condition=Q(number__isnull=False),
                name="one_circular_per_year_and_number",
                violation_error_message="这一年已经有这一期通报。",
            ),
            models.CheckConstraint(
                condition=Q(state="issued", number__isnull=False, issued_on__isnull=False)
                | ~Q(state="issued") & Q(number__isnull=True, issued_on__isnull=True),
                name="inspections_circular_issued_has_number_and_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}年督查通报第{self.number}期" if self.number else f"督查通报（{self.get_state_display()}）"


class Delivery(models.Model):
    """To whom a circular goes, and when it was received there."""

    SCOPE = {"county": "circular__county", "township": "township", "unit": "unit"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    circular = models.ForeignKey(Circular, models.CASCADE, related_name="deliveries", verbose_name="督查通报")
    township = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="乡镇")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    received_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "通报送达"
        ordering = ("circular", "township", "unit__name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(township__isnull=False, unit__isnull=True) | Q(township__isnull=True, unit__isnull=False),
                name="inspections_delivery_goes_to_one_addressee",
            ),
            models.UniqueConstraint(fields=("circular", "township"), name="one_delivery_per_circular_and_township"),
            models.UniqueConstraint(fields=("circular", "unit"), name="one_delivery_per_circular_and_unit"),
        )

    def __str__(self) -> str:
        return f"{self.circular} → {self.township or self.unit}"
