"""Leave (请假) and notices of outing (报备), and who decided about them."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import SpanWithinQuerySet, WithinQuerySet
from zhucun.base.people.models import Person
from zhucun.base.timeline.models import Span
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.work.attendance.rules import LeaveStatus, Level
from zhucun.work.teams.models import Posting

USER = settings.AUTH_USER_MODEL
HANDLING = (
    "attendance.leave_record", "attendance.leave_as_leader", "attendance.leave_as_township", "attendance.leave_as_county",
)  # fmt: skip
"""Permissions of those whose work leave is."""


class Leave(Span):
    """One 请假条 or 报备单: `start` to `end` (exclusive here, inclusive on paper), the posting it belongs to, where it stands."""

    SCOPE = {area: f"posting__{path}" for area, path in Posting.SCOPE.items()}

    class Kind(models.TextChoices):
        PERSONAL = "personal", "事假"
        SICK = "sick", "病假"
        ANNUAL = "annual", "公休"
        MARRIAGE = "marriage", "婚假"
        MATERNITY = "maternity", "产假"
        BEREAVEMENT = "bereavement", "丧假"
        DUTY = "duty", "公出报备"
        TRAINING = "training", "培训"
        MEETING = "meeting", "会议"

    NOTICES = (Kind.DUTY, Kind.TRAINING, Kind.MEETING)
    """报备: what counts as presence (视同驻村)."""
    SYMBOLS = {
        Kind.PERSONAL: "事", Kind.SICK: "病", Kind.ANNUAL: "休", Kind.MARRIAGE: "婚", Kind.MATERNITY: "产",
        Kind.BEREAVEMENT: "丧", Kind.DUTY: "公", Kind.TRAINING: "培", Kind.MEETING: "会",
    }  # fmt: skip

    class Status(models.TextChoices):
        ASKED = LeaveStatus.ASKED.value, "待批"
        APPROVED = LeaveStatus.APPROVED.value, "已批准"
        RETURNED = LeaveStatus.RETURNED.value, "已销假"
        REFUSED = LeaveStatus.REFUSED.value, "未批准"
        WITHDRAWN = LeaveStatus.WITHDRAWN.value, "已撤回"

    STANDING = (Status.APPROVED, Status.RETURNED)
    """Those that were approved and hold."""

    class Approver(models.TextChoices):
        LEADER = Level.LEADER.value, "队长"
        TOWNSHIP = Level.TOWNSHIP.value, "乡镇"
        COUNTY = Level.COUNTY.value, "县"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey("directory.Division", models.PROTECT, related_name="+", verbose_name="县")
    number = models.CharField("编号", max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="leaves", verbose_name="人员")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="leaves", verbose_name="任职")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    reason = models.CharField("事由", max_length=200, blank=True)
    place = models.CharField("外出地点", max_length=100, blank=True)
    stand_in = models.CharField("工作代理人", max_length=40, blank=True)
    document = models.CharField("召集单位或依据文件", max_length=100, blank=True)
    certificate = models.BooleanField("已查看诊断证明", default=False)
    extends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="extensions", verbose_name="续假自"
    )
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.ASKED)
    level = models.CharField("批准层级", max_length=10, choices=Approver, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)
    returned_on = models.DateField("销假日期", null=True, blank=True)
    before_cut = models.JSONField("随任职改动前", null=True, blank=True, editable=False)
    """Days and status before a change of postings cut it: `start`, `last`, `status`; None while it is whole."""
    asked_at = models.DateTimeField("申请时间")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="申请人（经办人）")

    objects = SpanWithinQuerySet.as_manager()

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "请假报备"
        ordering = ("-start", "number", "pk")
        indexes = (
            models.Index(fields=("person", "start"), name="attendance_leave_of_person"),
            models.Index(fields=("status", "start", "end"), name="attendance_leave_span"),
        )
        constraints = (
            *Span.Meta.constraints,
            models.UniqueConstraint(
                fields=("county", "number"),
                name="one_leave_per_number_and_county",
                violation_error_message="已经有请假报备用这个编号，请换一个。",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("approved", "returned")) | Q(approved_on__isnull=False),
                name="attendance_leave_approved_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True) | Q(returned_on__gte=F("start")),
                name="attendance_leave_returns_after_it_began",
                violation_error_message="销假日期早于开始日期，请检查。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting.person} {self.get_kind_display()}（{self.start} 至 {self.until}）"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: whoever handles leave there, the unit, the person; no team mate."""
        seen = Scope(unit=user.scope_on(day, "attendance.view").unit)
        for permission in HANDLING:
            seen |= user.scope_on(day, permission)
        return self.person.user_id == user.pk or seen.covers(self)

    @classmethod
    def kind_of(cls, symbol: str) -> str:
        """The kind whose days bear the symbol; empty for a symbol that needs no slip."""
        return next((str(kind) for kind, mark in cls.SYMBOLS.items() if mark == symbol), "")

    @property
    def until(self) -> date:
        """The last day, inclusive; a leave always has one."""
        assert self.end is not None
        return self.end - ONE_DAY

    @property
    def was_asked_afterwards(self) -> bool:
        """Whether the person wrote it down after its last day (补办): its days are those they were away, nothing is to come."""
        return self.asked_by_id == self.person.user_id and timezone.localtime(self.asked_at).date() > self.until

    @property
    def is_notice(self) -> bool:
        """Whether it is a 报备, which counts as presence, rather than leave."""
        return self.kind in self.NOTICES

    @property
    def days(self) -> int:
        """Calendar days, both ends included."""
        return (self.until - self.start).days + 1

    @property
    def symbol(self) -> str:
        """The mark of its days in the sheet 出勤."""
        return self.SYMBOLS[self.Kind(self.kind)]


class Decision(models.Model):
    """What one level said about a leave: opinion, agreed or not, and who entered it."""

    SCOPE = {area: f"leave__{path}" for area, path in Leave.SCOPE.items()}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    leave = models.ForeignKey(Leave, models.CASCADE, related_name="decisions", verbose_name="请假报备")
    level = models.CharField("层级", max_length=10, choices=Leave.Approver)
    agreed = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=200, blank=True)
    decided_at = models.DateTimeField("时间")
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="经手人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "请假审批"
        ordering = ("leave", "decided_at", "pk")
        constraints = (models.UniqueConstraint(fields=("leave", "level"), name="one_decision_per_leave_and_level"),)

    def __str__(self) -> str:
        return f"{self.get_level_display()}{'同意' if self.agreed else '不同意'}"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: as those of the slip."""
        return self.leave.may_be_seen_by(user, day)
