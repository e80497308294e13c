"""A person's month of marks in a team, what was corrected after it was confirmed, and what the person objects to."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import SpanWithinQuerySet, Unit, WithinQuerySet
from zhucun.base.people.models import Person
from zhucun.base.timeline.models import Span
from zhucun.work.attendance.rules import Tally, tally
from zhucun.work.teams.models import Team

USER = settings.AUTH_USER_MODEL


def managed_by(user, day: date) -> Scope:
    """The areas whose people's days a user looks after: of villages only those where they lead the team."""
    scope = user.scope_on(day, "attendance.view")
    return replace(scope, village=user.scope_on(day, "attendance.leave_as_leader").village)


def objections_of(user, day: date) -> Scope:
    """The areas whose objections a user answers, and the unit whose people may have raised them."""
    return user.scope_on(day, "attendance.correct") | Scope(unit=managed_by(user, day).unit)


class PersonMonth(Span):
    """One line of the sheet 出勤: `marks` has a symbol for every day of the month, `origins` the door each came in by.

    The tallies repeat what `marks` says, so that sums need no reading of texts; only actions write both.
    """

    SCOPE = {
        "county": "team__county",
        "township": "team__village__township",
        "village": "team__village",
        "unit": "unit",
    }

    class Origin(models.TextChoices):
        READ = "r", "记录本识读"
        CHECKED = "k", "记录本识读，人工核对"
        GRID = "g", "对照记录本录入"
        LEDGER = "l", "台账导入"
        CORRECTED = "c", "确认后更正"
        NONE = "·", "没有记录"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="months", verbose_name="人员")
    team = models.ForeignKey(Team, models.PROTECT, related_name="months", verbose_name="工作队")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="派出单位")
    marks = models.CharField("出勤符号", max_length=31)
    origins = models.CharField("来源", max_length=31)
    present = models.PositiveSmallIntegerField("在村", default=0)
    counts_as = models.PositiveSmallIntegerField("视同驻村", default=0)
    leave = models.PositiveSmallIntegerField("请假", default=0)
    rest = models.PositiveSmallIntegerField("调休", default=0)
    absent = models.PositiveSmallIntegerField("未报备缺勤", default=0)
    blank = models.PositiveSmallIntegerField("未记录", default=0)
    confirmed_on = models.DateField("乡镇确认日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    version = models.PositiveIntegerField("改动次数", default=0, editable=False)
    filled_at = models.DateTimeField("最近录入时间")
    filled_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="录入人")

    objects = SpanWithinQuerySet.as_manager()

    WHOLLY_OUT = Q(present=0, counts_as=0, leave=0, rest=0, absent=0, blank=0)
    """Rows with — on every day: the person has no day in post in the month any more."""
    TALLIES = ("present", "counts_as", "leave", "rest", "absent", "blank")

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "出勤月"
        ordering = ("start", "team__number", "person__number", "pk")
        indexes = (
            models.Index(fields=("start", "team"), name="attendance_month_of_team"),
            models.Index(fields=("team", "start"), name="attendance_team_in_time"),
            models.Index(fields=("unit", "start"), name="attendance_month_of_unit"),
        )
        constraints = (
            *Span.Meta.constraints,
            models.UniqueConstraint(
                fields=("person", "start", "team"),
                name="one_month_per_person_and_team",
                violation_error_message="这个人在这支工作队这个月的出勤已经有了，请直接修改。",
            ),
            models.CheckConstraint(
                condition=Q(
                    blank__lte=Length("marks") - F("present") - F("counts_as") - F("leave") - F("rest") - F("absent")
                ),
                name="attendance_month_tallies_fit_its_days",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.start.year}年{self.start.month}月出勤"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: whoever looks after the person's days, and the person."""
        return self.person.user_id == user.pk or managed_by(user, day).covers(self)

    @property
    def counted(self) -> int:
        """驻村天数: 在村 and 视同驻村."""
        return self.present + self.counts_as

    @property
    def is_confirmed(self) -> bool:
        """Whether the township has confirmed it, so that only a correction may change it."""
        return self.confirmed_on is not None

    @property
    def name(self) -> str:
        """How the contract writes the month: `2022-11`."""
        return f"{self.start:%Y-%m}"

    def day(self, number: int) -> date:
        """A day of the month."""
        return self.start.replace(day=number)

    def set_marks(self, marks: str, origins: str) -> Tally:
        """Put marks, their origins and the tallies in place; nothing is saved."""
        found = tally(marks)
        self.marks, self.origins = marks, origins
        for name in self.TALLIES:
            setattr(self, name, getattr(found, name))
        return found


class Correction(models.Model):
    """One day of a confirmed month put right: both values, the reason, and who did it."""

    SCOPE = {area: f"month__{path}" for area, path in PersonMonth.SCOPE.items()}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    month = models.ForeignKey(PersonMonth, models.PROTECT, related_name="corrections", verbose_name="出勤月")
    day = models.DateField("日期")
    old = models.CharField("原记录", max_length=1)
    new = models.CharField("更正为", max_length=1)
    reason = models.CharField("理由", max_length=200)
    made_at = models.DateTimeField("更正时间")
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="更正人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "出勤更正"
        ordering = ("-made_at", "day", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(old=F("new")), name="attendance_correction_changes_something"),
        )

    def __str__(self) -> str:
        return f"{self.month.person} {self.day}：{self.old} → {self.new}"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: as those of the month."""
        return self.month.may_be_seen_by(user, day)


class Objection(models.Model):
    """What a person objects to in their own month: one day of it or the whole; answered by the township."""

    SCOPE = {area: f"month__{path}" for area, path in PersonMonth.SCOPE.items()}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    month = models.ForeignKey(PersonMonth, models.PROTECT, related_name="objections", verbose_name="出勤月")
    day = models.DateField("日期", null=True, blank=True)
    wanted = models.CharField("本人认为应为", max_length=1, blank=True)
    text = models.CharField("理由", max_length=400)
    raised_at = models.DateTimeField("提出时间")
    raised_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="提出人")
    upheld = models.BooleanField("采纳", null=True, blank=True)
    answer = models.CharField("答复", max_length=400, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "出勤异议"
        ordering = ("-raised_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("month", "day"),
                condition=Q(answered_at__isnull=True, day__isnull=False),
                name="one_open_objection_per_day",
                violation_error_message="这一天已经提过异议，还在等答复。",
            ),
            models.UniqueConstraint(
                fields=("month",),
                condition=Q(answered_at__isnull=True, day__isnull=True),
                name="one_open_objection_per_month",
                violation_error_message="这个月已经提过异议，还在等答复。",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, upheld__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False) & ~Q(answer=""),
                name="attendance_objection_answer_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month.person} {self.day or self.month.name}出勤异议"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: whoever answers it, the unit, and the person."""
        return self.month.person.user_id == user.pk or objections_of(user, day).covers(self)
