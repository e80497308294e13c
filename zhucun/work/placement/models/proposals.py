"""What is proposed, fixed, decided and objected to."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhucun.base.directory.models import Unit, Village, WithinQuerySet
from zhucun.work.teams.models import Posting

from .rounds import Candidate, Round

USER = settings.AUTH_USER_MODEL


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
    basis = models.CharField("条件指纹", max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField("改动次数", default=0, editable=False)
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
