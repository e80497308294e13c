"""Divisions, villages with their standing by date, and the units that send people."""

from datetime import date
from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import In

from zhucun.base.timeline.models import Span, SpanQuerySet


class Division(models.Model):
    """省 市 县 or a unit of township level; its statistical division code (GB/T 2260, GB/T 10114) is its key."""

    PUBLIC = "division codes are published by the statistics bureau"

    class Kind(models.TextChoices):
        PROVINCE = "省", "省"
        CITY = "市", "市"
        COUNTY = "县", "县"
        SUBDISTRICT = "街道", "街道"
        TOWN = "镇", "镇"
        TOWNSHIP = "乡", "乡"
        OFFICE = "管理处", "管理处"

    code = models.CharField("代码", max_length=9, primary_key=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=6, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )

    class Meta:
        verbose_name = "行政区划"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=In(Length("code"), (2, 4, 6, 9)),  # no regex: SQLite distrusts Django's REGEXP in a schema
                name="directory_division_code_has_2_4_6_or_9_digits",
                violation_error_message="区划代码应为 6 位（县）或 9 位（乡级）数字。",
            ),
        )

    def __str__(self) -> str:
        return self.name


class WithinQuerySet(models.QuerySet):
    """Rows that lie in an area; see `access.scope`."""

    def within(self, scope):
        """Rows the scope covers; the empty scope covers none."""
        return self.filter(scope.condition(self.model))


class SpanWithinQuerySet(SpanQuerySet, WithinQuerySet):
    """Rows that hold for a while and lie in an area."""


class Village(models.Model):
    """A village or community (村、社区) that may have a team; its 12-digit division code is its key."""

    SCOPE = {"county": "county", "township": "township", "village": "pk"}

    code = models.CharField(
        "区划代码", max_length=12, primary_key=True, validators=[RegexValidator(r"^\d{12}$", "应为 12 位数字。")]
    )
    name = models.CharField("名称", max_length=60)
    township = models.ForeignKey(Division, models.PROTECT, related_name="villages", verbose_name="乡镇")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    needs = models.CharField("需求专业", max_length=200, blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=6, null=True, blank=True)

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "行政村"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    longitude__isnull=False, latitude__isnull=False
                )  # comparing with NULL alone would let half a point pass
                & Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="directory_village_point_on_earth",
                violation_error_message="经度应在 -180 至 180 之间，纬度应在 -90 至 90 之间，并且两个都填。",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def standing_on(self, day: date) -> "Standing | None":
        """The village's class and condition on `day`."""
        return self.standings.on(day).first()


class Standing(Span):
    """村类别 and 村情 of a village, as decided for a time."""

    SCOPE = {"county": "village__county", "township": "village__township", "village": "village"}

    class Category(models.TextChoices):
        MODEL = "model", "示范村"
        KEY = "key", "重点村"
        ORDINARY = "ordinary", "一般村"

    CONDITIONS = (("poor", "穷村"), ("weak", "弱村"), ("disorderly", "乱村"))

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    village = models.ForeignKey(Village, models.CASCADE, related_name="standings", verbose_name="村")
    category = models.CharField("村类别", max_length=8, choices=Category)
    poor = models.BooleanField("穷村", default=False)
    weak = models.BooleanField("弱村", default=False)
    disorderly = models.BooleanField("乱村", default=False)

    objects = SpanWithinQuerySet.as_manager()

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "村类别"
        ordering = ("village", "start", "pk")
        constraints = (
            *Span.Meta.constraints,
            models.UniqueConstraint(
                fields=("village",),
                condition=Q(end__isnull=True),
                name="one_open_standing_per_village",
                violation_error_message="一个村同一时间只能有一个类别。",
            ),
            models.UniqueConstraint(fields=("village", "start"), name="one_standing_per_village_and_start"),
        )

    def __str__(self) -> str:
        return f"{self.village} {self.get_category_display()}"

    @property
    def conditions(self) -> list[str]:
        """穷村, 弱村, 乱村: those that hold."""
        return [label for field, label in self.CONDITIONS if getattr(self, field)]


class Unit(models.Model):
    """A unit that sends people (派出单位)."""

    SCOPE = {"county": "county", "unit": "pk"}

    class Category(models.TextChoices):
        ECONOMY = "economy", "经济部门"
        PARTY = "party", "党群部门"
        JUSTICE = "justice", "政法部门"
        OTHER = "other", "其他部门"

    class Level(models.TextChoices):
        CENTRAL = "central", "中央"
        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "县"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    name = models.CharField("单位名称", max_length=80)
    category = models.CharField("单位类别", max_length=8, choices=Category)
    level = models.CharField("单位层级", max_length=8, choices=Level)
    chief = models.CharField("主要负责人", max_length=40, blank=True)
    deputy = models.CharField("分管负责人", max_length=40, blank=True)
    contact = models.CharField("联络员", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "派出单位"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "name"),
                name="one_unit_per_name_and_county",
                violation_error_message="已经有同名的单位，请直接使用它，或写全称加以区别。",
            ),
        )

    def __str__(self) -> str:
        return self.name
