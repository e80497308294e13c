"""People and what holds of them by date; sensitive columns are sealed."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from zhucun.base.directory.models import Division, SpanWithinQuerySet, Unit
from zhucun.base.timeline.models import Span
from zhucun.base.timeline.periods import age_on

from .identity import masked
from .sealing import blind_index, seal, unseal

SEALED = ("id_number", "phone", "address", "bank_card", "emergency")
"""Columns kept encrypted (domain.md 3.1 names them sensitive)."""


class Sealed:
    """A column read and written in clear on the object, kept encrypted in `<name>_sealed`."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, row, owner=None):
        return self if row is None else unseal(getattr(row, f"{self.name}_sealed"), self._place(row))

    def __set__(self, row, text):
        setattr(row, f"{self.name}_sealed", seal(text or "", self._place(row)))
        if self.name == "id_number":
            row.id_number_index = blind_index(text or "") or None

    def _place(self, row) -> str:
        return f"people_person:{self.name}:{row.pk}"


class PersonQuerySet(models.QuerySet):
    """People; their area is that of their records, since the sending unit changes over the years."""

    def within(self, scope) -> "PersonQuerySet":
        """People of the scope's county, or ever sent by its unit."""
        return self.filter(Exists(Record.objects.within(scope).filter(person=OuterRef("pk"))))


class Person(models.Model):
    """A cadre: who it is. What changes over the years (学历, 职级, 派出单位 …) stands in the records."""

    SCOPE = {"county": "county"}

    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    number = models.CharField("人员编号", max_length=40)
    name = models.CharField("姓名", max_length=40)
    sex = models.CharField("性别", max_length=6, choices=Sex)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    born = models.DateField("出生年月", help_text="只知道年月的记当月 1 日")
    native_place = models.CharField("籍贯", max_length=60, blank=True)
    party_joined_on = models.DateField("入党时间", null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="person", verbose_name="账号"
    )

    id_number_sealed = models.CharField(max_length=120, blank=True, editable=False)
    id_number_index = models.CharField(max_length=64, null=True, blank=True, editable=False)
    phone_sealed = models.CharField(max_length=160, blank=True, editable=False)
    address_sealed = models.CharField(max_length=600, blank=True, editable=False)
    bank = models.CharField("开户行", max_length=60, blank=True)
    bank_card_sealed = models.CharField(max_length=160, blank=True, editable=False)
    emergency_sealed = models.CharField(max_length=300, blank=True, editable=False)

    id_number = Sealed()
    phone = Sealed()
    address = Sealed()
    bank_card = Sealed()
    emergency = Sealed()

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人员"
        ordering = ("number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "number"),
                name="one_person_per_number_and_county",
                violation_error_message="已经有人用这个人员编号，请核对是不是同一个人。",
            ),
            models.UniqueConstraint(
                fields=("county", "id_number_index"),
                condition=Q(id_number_index__isnull=False),
                name="one_person_per_id_number_and_county",
                violation_error_message="已经有人用这个身份证号码，请核对是不是同一个人。",
            ),
        )
        indexes = (models.Index(fields=("name",), name="people_person_name"),)

    def __str__(self) -> str:
        return self.name

    def age_on(self, day: date) -> int:
        """Completed years on `day`."""
        return age_on(self.born, day)

    def record_on(self, day: date) -> "Record | None":
        """What held of the person on `day`."""
        return self.records.on(day).select_related("unit").first()

    def masked(self, name: str) -> str:
        """A sealed column as it may be shown to everybody with sight of the person."""
        try:
            return masked(getattr(self, name))
        except ValueError:
            return "（打不开，密钥不同）"


class Record(Span):
    """What holds of a person for a time: 政治面貌, 学历, 职级, 派出单位 and the article's three kinds of experience."""

    SCOPE = {"county": "person__county", "unit": "unit"}

    class Political(models.TextChoices):
        PARTY = "party", "中共党员"
        PROBATIONARY = "probationary", "中共预备党员"
        LEAGUE = "league", "共青团员"
        DEMOCRATIC = "democratic", "民主党派"
        NONE = "none", "群众"

    class Education(models.TextChoices):
        POSTGRADUATE = "postgraduate", "研究生"
        UNDERGRADUATE = "undergraduate", "大学本科"
        COLLEGE = "college", "大学专科"
        SCHOOL = "school", "高中及以下"

    class Degree(models.TextChoices):
        DOCTOR = "doctor", "博士"
        MASTER = "master", "硕士"
        BACHELOR = "bachelor", "学士"
        NONE = "none", "无"

    class Rank(models.TextChoices):
        COUNTY_CHIEF = "county_chief", "县处级正职"
        COUNTY_DEPUTY = "county_deputy", "县处级副职"
        SECTION_CHIEF = "section_chief", "乡科级正职"
        SECTION_DEPUTY = "section_deputy", "乡科级副职"
        STAFF = "staff", "科员及以下"
        TECHNICAL = "technical", "专业技术人员"
        OTHER = "other", "其他"

    class Identity(models.TextChoices):
        CIVIL_SERVANT = "civil_servant", "公务员"
        REFERENCE = "reference", "参公"
        INSTITUTION = "institution", "事业"
        ENTERPRISE = "enterprise", "国企"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="records", verbose_name="人员")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="派出单位")
    post = models.CharField("工作职务", max_length=80, blank=True)
    political = models.CharField("政治面貌", max_length=12, choices=Political)
    education = models.CharField("学历", max_length=13, choices=Education)
    degree = models.CharField("学位", max_length=8, choices=Degree, blank=True)
    school = models.CharField("毕业院校", max_length=60, blank=True)
    major = models.CharField("所学专业", max_length=60, blank=True)
    agriculture = models.BooleanField("涉农专业", default=False)
    rank = models.CharField("职级", max_length=14, choices=Rank, blank=True)
    title = models.CharField("专业技术职务", max_length=40, blank=True)
    identity = models.CharField("人员身份", max_length=13, choices=Identity, blank=True)
    rural = models.BooleanField("农村工作经历", default=False)
    poverty_relief = models.BooleanField("脱贫攻坚驻村", default=False)
    skills = models.CharField("特长", max_length=200, blank=True)

    objects = SpanWithinQuerySet.as_manager()

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "人员情况"
        ordering = ("person", "start", "pk")
        constraints = (
            *Span.Meta.constraints,
            models.UniqueConstraint(
                fields=("person",), condition=Q(end__isnull=True), name="one_open_record_per_person"
            ),
            models.UniqueConstraint(fields=("person", "start"), name="one_record_per_person_and_start"),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.unit}"


COLLEGE = (Record.Education.POSTGRADUATE, Record.Education.UNDERGRADUATE, Record.Education.COLLEGE)
PARTY = (Record.Political.PARTY, Record.Political.PROBATIONARY)
DEPUTY_SECTION = (
    Record.Rank.COUNTY_CHIEF,
    Record.Rank.COUNTY_DEPUTY,
    Record.Rank.SECTION_CHIEF,
    Record.Rank.SECTION_DEPUTY,
)
"""大专以上, 党员, 副科以上 as contract.md section 3 counts them."""
