"""A round of placement: what villages need, who is put forward, what was proposed, decided and objected to."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit, Village, WithinQuerySet
from zhucun.base.people.models import Person
from zhucun.work.teams.models import Posting

from .rules import Status

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
        "状态", max_length=12, choices=[(one.value, one.label) for one in Status], default=Status.GATHERING.value
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
    def state(self) -> Status:
        """Where the round stands."""
        return Status(self.status)

    @property
    def is_open(self) -> bool:
        """Whether anything of it may still be changed."""
        return self.state in (Status.GATHERING, Status.DELIBERATING)


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


class Lock(models.Model):
    """What the meeting has fixed (锁定) or ruled out (排除), and why."""

    SCOPE = {"county": "round__county"}

    class Kind(models.TextChoices):
        UNIT = "unit_village", "锁定单位到村"
        BAN_UNIT = "ban_unit_village", "单位不到此村"
        PERSON = "person_village", "锁定人员到村"
        BAN_PERSON = "ban_person_village", "人员不到此村"
        OUT = "person_out", "人员不参加"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="locks", verbose_name="选派批次")
    kind = models.CharField("种类", max_length=20, choices=Kind)
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="村")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    candidate = models.ForeignKey(
        Candidate, models.CASCADE, null=True, blank=True, related_name="locks", verbose_name="人选"
    )
    reason = models.CharField("理由", max_length=200, blank=True)
    made_at = models.DateTimeField("时间")
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="经手人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "锁定与排除"
        ordering = ("round", "made_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("unit_village", "ban_unit_village"), unit__isnull=False, village__isnull=False, candidate__isnull=True)
                | Q(kind__in=("person_village", "ban_person_village"), candidate__isnull=False, village__isnull=False, unit__isnull=True)
                | Q(kind="person_out", candidate__isnull=False, village__isnull=True, unit__isnull=True),
                name="placement_lock_names_what_its_kind_needs",
            ),
            models.UniqueConstraint(
                fields=("round", "kind", "village", "unit"), condition=Q(unit__isnull=False), name="one_lock_per_kind_unit_and_village"
            ),
            models.UniqueConstraint(
                fields=("round", "kind", "village", "candidate"),
                condition=Q(candidate__isnull=False, village__isnull=False), name="one_lock_per_kind_person_and_village",
            ),
            models.UniqueConstraint(
                fields=("round", "candidate"), condition=Q(kind="person_out"), name="one_lock_out_per_person"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        who = self.unit or self.candidate
        return f"{self.get_kind_display()}：{who}{f' → {self.village}' if self.village_id else ''}"


class Proposal(models.Model):
    """分派方案: computed, or changed by hand from one; a computed one is never altered."""

    SCOPE = {"county": "round__county"}

    class State(models.TextChoices):
        WORKING = "working", "正在计算"
        READY = "ready", "可以研判"
        IMPOSSIBLE = "impossible", "条件互相矛盾"
        FAILED = "failed", "没有算完"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="proposals", verbose_name="选派批次")
    number = models.PositiveSmallIntegerField("方案号")
    note = models.CharField("说明", max_length=120, blank=True)
    state = models.CharField("状态", max_length=10, choices=State)
    by_hand = models.BooleanField("手工调整", default=False)
    based_on = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="由哪个方案来"
    )
    weights = models.JSONField("权重", default=dict)
    seed = models.PositiveIntegerField("种子", default=1)
    objective = models.BigIntegerField("得分（0.1 分）", null=True, blank=True)
    bound = models.BigIntegerField("已证明的上限（0.1 分）", null=True, blank=True)
    seconds = models.FloatField("用时（秒）", null=True, blank=True)
    prices = models.JSONField("影子价格", default=dict, blank=True)
    findings = models.JSONField("矛盾与建议", default=dict, blank=True)
    adopted = models.BooleanField("采用", default=False)
    made_at = models.DateTimeField("时间")
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="经手人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "分派方案"
        ordering = ("round", "number", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="one_proposal_per_round_and_number"),
            models.UniqueConstraint(
                fields=("round",), condition=Q(adopted=True), name="one_adopted_proposal_per_round"
            ),
            models.CheckConstraint(
                condition=Q(bound__isnull=True) | Q(objective__isnull=True) | Q(bound__gte=F("objective")),
                name="placement_proposal_bound_is_not_below_its_value",
            ),
        )

    def __str__(self) -> str:
        return f"方案{self.number}"

    @property
    def is_working(self) -> bool:
        """Whether a process is at it."""
        return self.state == self.State.WORKING


class Line(models.Model):
    """一村一队 of a proposal: which unit leads, what the team scores, and what the meeting said of it."""

    SCOPE = {
        "county": "village__county",
        "township": "village__township",
        "village": "village",
        "unit": "unit",
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lines", verbose_name="方案")
    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="村")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="牵头单位")
    scores = models.JSONField("得分构成", default=dict)
    opinion = models.CharField("研判意见", max_length=200, blank=True)
    reason = models.CharField("不符合原则时的理由", max_length=200, blank=True)

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "一村一队"
        ordering = ("proposal", "village", "pk")
        constraints = (
            models.UniqueConstraint(fields=("proposal", "village"), name="one_line_per_proposal_and_village"),
        )

    def __str__(self) -> str:
        return f"{self.village}：{self.unit}"

    @property
    def total(self) -> int:
        """The team's value, in tenths of a point."""
        return sum(self.scores.values())


class Seat(models.Model):
    """A candidate's place in a proposed team; `posting` once it was approved."""

    SCOPE = {
        "county": "line__village__county",
        "township": "line__village__township",
        "village": "line__village",
        "unit": "candidate__unit",
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="seats", verbose_name="方案")
    line = models.ForeignKey(Line, models.CASCADE, related_name="seats", verbose_name="一村一队")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="seats", verbose_name="人选")
    leads = models.BooleanField("队长", default=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="任职"
    )

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "队内席位"
        ordering = ("line", "-leads", "pk")
        constraints = (
            models.UniqueConstraint(fields=("proposal", "candidate"), name="one_seat_per_proposal_and_candidate"),
            models.UniqueConstraint(fields=("line",), condition=Q(leads=True), name="one_leader_per_line"),
        )

    def __str__(self) -> str:
        return f"{self.candidate}（{self.line.village}）"


class Objection(models.Model):
    """陈述意见 of somebody placed, or of their unit, and the county office's answer."""

    SCOPE = {area: f"seat__{path}" for area, path in Seat.SCOPE.items()}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="objections", verbose_name="席位")
    text = models.CharField("意见", max_length=400)
    raised_at = models.DateTimeField("提出时间")
    raised_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="提出人")
    answer = models.CharField("答复", max_length=400, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "陈述意见"
        ordering = ("raised_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="placement_objection_answer_has_its_moment_and_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seat}的意见"
