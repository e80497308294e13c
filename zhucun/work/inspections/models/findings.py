"""Findings (问题), the corrections ordered about them (整改意见), and every step from reply to verification."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from zhucun.base.directory.models import Division, Unit, WithinQuerySet
from zhucun.base.people.models import Person
from zhucun.work.inspections.rules import CorrectionStatus, FindingStatus, Turn
from zhucun.work.teams.models import Team

from .rounds import Presence, Round, Visit

USER = settings.AUTH_USER_MODEL
AREAS = {"county": "county", "township": "township", "village": "team__village", "unit": "unit"}
"""Where a finding and its corrections lie: the township and the unit are told when it is written."""


class FindingQuerySet(WithinQuerySet):
    """Findings by what they wait for."""

    def awaiting(self, turn: Turn) -> "FindingQuerySet":
        """Open findings that wait for that (`rules.turn_of` in the database)."""
        rows = self.filter(state=FindingStatus.OPEN)
        if turn is Turn.ORDER:
            return rows.filter(~_corrections())
        if turn is Turn.REPLY:
            return rows.filter(_corrections(state=CorrectionStatus.ORDERED))
        replied = _corrections(state=CorrectionStatus.REPLIED)
        if turn is Turn.VERIFY:
            return rows.filter(replied, ~_corrections(state=CorrectionStatus.ORDERED))
        return rows.filter(_corrections(), ~_corrections(~Q(state=CorrectionStatus.DONE)))

    def overdue(self, day: date) -> "FindingQuerySet":
        """Open findings with a correction nobody has replied to by its last day."""
        late = Correction.objects.filter(state=CorrectionStatus.ORDERED, due_on__lt=day, finding__isnull=False)
        return self.filter(state=FindingStatus.OPEN, pk__in=late.order_by().values("finding"))


def _corrections(*conditions: Q, **fields: str) -> Exists:
    return Exists(Correction.objects.filter(*conditions, finding=OuterRef("pk"), **fields))


class Finding(models.Model):
    """问题: what a round found, about a team, a person, a unit or a township; `source` names a record it was taken from."""

    SCOPE = AREAS

    class Kind(models.TextChoices):
        ABSENT = "absent", "不在岗"
        COMMUTING = "commuting", "走读"
        LEDGER = "ledger", "台账不实"
        MONEY = "money", "资金"
        CONDUCT = "conduct", "作风"
        VILLAGERS = "villagers", "群众反映"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        OPEN = FindingStatus.OPEN.value, "未销号"
        CLOSED = FindingStatus.CLOSED.value, "已销号"
        WITHDRAWN = FindingStatus.WITHDRAWN.value, "不属实，已撤销"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="findings", verbose_name="督查")
    number = models.CharField("问题编号", max_length=40)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="到村核查"
    )
    presence = models.OneToOneField(
        Presence, models.PROTECT, null=True, blank=True, related_name="finding", verbose_name="在岗情况"
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="工作队"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="责任人"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="责任单位"
    )
    township = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="乡镇")
    manager = models.BooleanField("责任在乡镇或单位", default=False)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    text = models.CharField("描述", max_length=400)
    source = models.CharField("来源记录", max_length=120, blank=True)
    found_on = models.DateField("发现日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    closing = models.CharField("销号说明", max_length=200, blank=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="销号人")
    found_at = models.DateTimeField("录入时间")
    found_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="录入人")

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "督查问题"
        ordering = ("-found_on", "-number", "pk")
        indexes = (
            models.Index(fields=("county", "-found_on", "-number"), name="inspections_finding_in_order"),
            models.Index(fields=("state", "found_on"), name="inspections_finding_open"),
            models.Index(fields=("township", "-found_on"), name="inspections_finding_of_town"),
            # the ledger's order within a state, with what else it filters by, so that a filtered count reads no rows
            models.Index(
                fields=("county", "state", "-found_on", "-number", "kind", "manager", "township"),
                name="inspections_finding_counted",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("county", "number"),
                name="one_finding_per_number_and_county",
                violation_error_message="已经有问题用这个编号，请换一个。",
            ),
            models.UniqueConstraint(
                fields=("county", "source"),
                condition=~Q(source=""),
                name="one_finding_per_source_and_county",
                violation_error_message="这件事已经列入问题台账。",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | ~Q(state="closed") & Q(closed_on__isnull=True),
                name="inspections_finding_closed_has_its_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: whoever deals with inspections there; no team mate."""
        return user.may("inspections.view", day, self)


class Correction(models.Model):
    """整改意见: what is to be put right by when, about a finding or the round as a whole."""

    SCOPE = AREAS

    class State(models.TextChoices):
        ORDERED = CorrectionStatus.ORDERED.value, "待回复"
        REPLIED = CorrectionStatus.REPLIED.value, "待核实"
        DONE = CorrectionStatus.DONE.value, "已完成"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="corrections", verbose_name="督查")
    number = models.CharField("意见编号", max_length=40)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="问题"
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="工作队")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任单位")
    township = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="乡镇")
    text = models.CharField("内容", max_length=400)
    due_on = models.DateField("整改期限", null=True, blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.ORDERED)
    done_on = models.DateField("完成日期", null=True, blank=True)
    replied_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回复人")
    ordered_at = models.DateTimeField("提出时间")
    ordered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="提出人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "整改意见"
        ordering = ("due_on", "number", "pk")
        indexes = (
            models.Index(fields=("state", "due_on"), name="inspections_correction_due"),
            models.Index(fields=("county", "due_on", "number"), name="inspections_correction_order"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("county", "number"),
                name="one_correction_per_number_and_county",
                violation_error_message="已经有整改意见用这个编号，请换一个。",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | ~Q(state="done") & Q(done_on__isnull=True),
                name="inspections_correction_done_has_its_day",
            ),
        )

    def __str__(self) -> str:
        return f"整改意见 {self.number}"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: whoever deals with inspections there; no team mate."""
        return user.may("inspections.view", day, self)


class Step(models.Model):
    """One step of a correction: a reply, a verification, sending it back, taking it up again."""

    SCOPE = {area: f"correction__{path}" for area, path in AREAS.items()}

    class Kind(models.TextChoices):
        REPLY = "reply", "回复"
        ACCEPTED = "accepted", "核实完成"
        RETURNED = "returned", "退回重改"
        REOPENED = "reopened", "重新整改"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    correction = models.ForeignKey(Correction, models.PROTECT, related_name="steps", verbose_name="整改意见")
    kind = models.CharField("步骤", max_length=10, choices=Kind)
    text = models.CharField("说明", max_length=400)
    taken_at = models.DateTimeField("时间")
    taken_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="经手人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "整改步骤"
        ordering = ("correction", "taken_at", "pk")

    def __str__(self) -> str:
        return f"{self.correction} {self.get_kind_display()}"
