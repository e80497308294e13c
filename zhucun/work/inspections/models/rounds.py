"""Rounds of inspection, how their villages were drawn, and what was found on site."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Village, WithinQuerySet
from zhucun.work.inspections.rules import RoundStatus
from zhucun.work.teams.models import Posting, Team

USER = settings.AUTH_USER_MODEL


class Round(models.Model):
    """督查: one round with its method, day and group; the villages it goes to are its visits."""

    SCOPE = {"county": "county"}

    class Method(models.TextChoices):
        OPEN = "open", "明察"
        UNANNOUNCED = "unannounced", "暗访"
        PHONE = "phone", "电话"
        PAPERS = "papers", "资料"
        HOUSEHOLDS = "households", "入户"
        JOINT = "joint", "联合"

    class State(models.TextChoices):
        PLANNED = RoundStatus.PLANNED.value, "计划中"
        UNDERWAY = RoundStatus.UNDERWAY.value, "进行中"
        CLOSED = RoundStatus.CLOSED.value, "已结束"
        CANCELLED = RoundStatus.CANCELLED.value, "已取消"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    number = models.CharField("督查编号", max_length=40)
    held_on = models.DateField("日期")
    method = models.CharField("方式", max_length=12, choices=Method)
    group = models.CharField("督查组", max_length=120, blank=True)
    purpose = models.CharField("督查内容", max_length=400, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PLANNED)
    opened_at = models.DateTimeField("建立时间")
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="建立人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "督查"
        ordering = ("-held_on", "-number", "pk")
        indexes = (models.Index(fields=("county", "held_on"), name="inspections_round_in_time"),)
        constraints = (
            models.UniqueConstraint(
                fields=("county", "number"),
                name="one_round_per_number_and_county",
                violation_error_message="已经有督查用这个编号，请换一个。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.held_on.year}年{self.held_on.month}月{self.held_on.day}日{self.get_method_display()}（{self.number}）"

    @property
    def is_open(self) -> bool:
        """Whether something may still be entered."""
        return self.state in (self.State.PLANNED, self.State.UNDERWAY)


class Draw(models.Model):
    """随机抽取: the pool, the seed the system made and what came out; a draw is kept for good, a second one has its reason."""

    SCOPE = {"county": "round__county"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="draws", verbose_name="督查")
    number = models.PositiveSmallIntegerField("第几次抽取")
    seed = models.CharField("随机种子", max_length=32)
    pools = models.JSONField("抽取范围")
    numbers = models.JSONField("各类村数")
    drawn = models.JSONField("抽中")
    reason = models.CharField("重抽理由", max_length=200, blank=True)
    drawn_at = models.DateTimeField("抽取时间")
    drawn_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="经手人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "随机抽取"
        ordering = ("round", "number", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="one_draw_per_round_and_number"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="inspections_second_draw_has_its_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} 第{self.number}次抽取"


class Visit(models.Model):
    """到村核查: a village a round goes to, and its on-site sheet once entered; `key` keeps one submission from counting twice."""

    SCOPE = {"county": "village__county", "township": "village__township", "village": "village"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="visits", verbose_name="督查")
    village = models.ForeignKey(Village, models.PROTECT, related_name="visits", verbose_name="村")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="工作队")
    visited_on = models.DateField("核查日期", null=True, blank=True)
    time = models.CharField("核查时间", max_length=20, blank=True)
    witness = models.CharField("村干部签字", max_length=40, blank=True)
    ledgers_kept = models.BooleanField("台账齐全", null=True, blank=True)
    board_shown = models.BooleanField("有公示牌", null=True, blank=True)
    households = models.PositiveSmallIntegerField("走访农户数", null=True, blank=True)
    knowing = models.PositiveSmallIntegerField("认识工作队的户数", null=True, blank=True)
    note = models.CharField("其他情况", max_length=400, blank=True)
    key = models.UUIDField("提交标识", null=True, blank=True, unique=True, editable=False)
    entered_at = models.DateTimeField("录入时间", null=True, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="录入人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "到村核查"
        ordering = ("round", "village", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "village"),
                name="one_visit_per_round_and_village",
                violation_error_message="这一次督查已经有这个村。",
            ),
            models.CheckConstraint(
                condition=Q(knowing__isnull=True) | Q(households__isnull=False, knowing__lte=F("households")),
                name="inspections_visit_knows_not_more_than_it_asked",
                violation_error_message="认识工作队的户数不能多于走访户数。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village} {self.visited_on or self.round.held_on} 核查"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: the county, and others who deal with inspections there once it was visited."""
        seen = user.scope_on(day, "inspections.view")
        been = self.is_entered or self.round.state == Round.State.CLOSED
        return Scope(county=seen.county, everything=seen.everything).covers(self) or (been and seen.covers(self))

    @property
    def is_entered(self) -> bool:
        """Whether the on-site sheet has been entered."""
        return self.entered_at is not None


class Presence(models.Model):
    """在岗情况: where somebody was found to be at a visit."""

    SCOPE = {area: f"posting__{path}" for area, path in Posting.SCOPE.items() if area != "village"}

    class Found(models.TextChoices):
        HERE = "here", "在岗"
        NOTICE = "notice", "报备外出"
        LEAVE = "leave", "请假"
        ABSENT = "absent", "无故不在岗"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="presences", verbose_name="到村核查")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="presences", verbose_name="任职")
    day = models.DateField("日期")
    found = models.CharField("在岗情况", max_length=8, choices=Found)
    note = models.CharField("说明", max_length=200, blank=True)

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "在岗情况"
        ordering = ("visit", "posting", "pk")
        indexes = (models.Index(fields=("found", "day"), name="inspections_presence_found"),)
        constraints = (models.UniqueConstraint(fields=("visit", "posting"), name="one_presence_per_visit_and_posting"),)

    def __str__(self) -> str:
        return f"{self.posting.person} {self.day} {self.get_found_display()}"
