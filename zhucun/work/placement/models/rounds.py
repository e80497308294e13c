"""A round and what is gathered for it: needs of villages, quotas of units, candidates."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit, Village, WithinQuerySet
from zhucun.base.people.models import Person
from zhucun.work.placement import rules

USER = settings.AUTH_USER_MODEL


class RoundQuerySet(WithinQuerySet):
    """Rounds, as far as somebody has to do with them."""

    def seen_by(self, scope: Scope) -> "RoundQuerySet":
        """Rounds of the area, those with a village of it, and those its unit sends people to."""
        village = Need.objects.within(scope).filter(round=OuterRef("pk"))
        unit = Quota.objects.within(scope).filter(round=OuterRef("pk"))
        return self.filter(scope.condition(self.model) | Exists(village) | Exists(unit))


class Round(models.Model):
    """年度选派: which villages get teams from `starts_on` on, decided in one meeting."""

    SCOPE = {"county": "county"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    title = models.CharField("名称", max_length=60)
    starts_on = models.DateField("到任日期")
    status = models.CharField(
        "状态",
        max_length=12,
        choices=[(one.value, one.label) for one in rules.Status],
        default=rules.Status.GATHERING.value,
    )
    met_on = models.DateField("研判日期", null=True, blank=True)
    attendees = models.CharField("参会部门", max_length=200, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)
    opened_at = models.DateTimeField("建立时间")
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="建立人")
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "选派批次"
        ordering = ("-starts_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "title"),
                name="one_round_per_title_and_county",
                violation_error_message="已经有同名的选派批次，请换一个名称。",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", approved_at__isnull=False, approved_by__isnull=False)
                | ~Q(status="approved") & Q(approved_at__isnull=True, approved_by__isnull=True),
                name="placement_round_approved_at_and_by_go_with_its_status",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> rules.Status:
        """Where the round stands."""
        return rules.Status(self.status)

    @property
    def is_open(self) -> bool:
        """Whether anything of it may still be changed."""
        return self.state in (rules.Status.GATHERING, rules.Status.DELIBERATING)


class Need(models.Model):
    """一村需求: how poor, weak and disorderly a village is judged (0 to 100), with the grounds, and whom it needs."""

    SCOPE = {"county": "village__county", "township": "village__township", "village": "village"}

    class Shortfall(models.TextChoices):
        INDUSTRY = "industry", "产业"
        ORGANISATION = "organisation", "组织"
        GOVERNANCE = "governance", "治理"
        DISPUTES = "disputes", "矛盾"
        OTHER = "other", "其他"

    SCORES = ("poor", "weak", "disorderly")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="needs", verbose_name="选派批次")
    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="村")
    size = models.PositiveSmallIntegerField("队伍人数")
    poor = models.PositiveSmallIntegerField("穷（0–100）")
    weak = models.PositiveSmallIntegerField("弱（0–100）")
    disorderly = models.PositiveSmallIntegerField("乱（0–100）")
    grounds = models.CharField("评分依据", max_length=400, blank=True)
    shortfall = models.CharField("村情短板", max_length=12, choices=Shortfall, blank=True)
    skills = models.CharField("需求专业", max_length=200, blank=True)
    remote = models.BooleanField("偏远", default=False)
    judged = models.BooleanField("已核对", default=False)
    filled_at = models.DateTimeField("填写时间")
    filled_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="填写人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "村需求"
        ordering = ("round", "village", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "village"), name="one_need_per_round_and_village"),
            models.CheckConstraint(
                condition=Q(poor__lte=100, weak__lte=100, disorderly__lte=100),
                name="placement_need_scores_lie_between_0_and_100",
                violation_error_message="穷、弱、乱评分应在 0 到 100 之间。",
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=10),
                name="placement_need_asks_for_1_to_10_people",
                violation_error_message="队伍人数应在 1 到 10 之间。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}（{self.round}）"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: whoever fills needs in there or sees the whole round; no team."""
        return any(user.may(permission, day, self) for permission in ("placement.view", "placement.need_edit"))


class Quota(models.Model):
    """单位名额: how many teams a unit may lead in a round, and with whom it may share one."""

    SCOPE = {"county": "round__county", "unit": "unit"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="quotas", verbose_name="选派批次")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    capacity = models.PositiveSmallIntegerField("可牵头工作队（支）")
    partners = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name="可联合的单位")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "单位名额"
        ordering = ("round", "unit__name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "unit"), name="one_quota_per_round_and_unit"),
            models.CheckConstraint(
                condition=Q(capacity__lte=50),
                name="placement_quota_is_at_most_50_teams",
                violation_error_message="一个单位最多牵头 50 支工作队，请检查数字。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit}（{self.round}）"


class Candidate(models.Model):
    """推荐人选: somebody a unit puts forward; avoidance and health stand on the review sheet (teams.Review)."""

    SCOPE = {"county": "round__county", "unit": "unit"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="candidates", verbose_name="选派批次")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="派出单位")
    may_lead = models.BooleanField("可任队长")
    spouse = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="同批推荐的配偶"
    )
    preference = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="意愿乡镇"
    )
    reason = models.CharField("仍要推荐的理由", max_length=200, blank=True)
    put_at = models.DateTimeField("推荐时间")
    put_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="推荐人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "推荐人选"
        ordering = ("round", "unit__name", "person__number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "person"),
                name="one_candidacy_per_round_and_person",
                violation_error_message="这个人在这一批里已经推荐过了。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}"
