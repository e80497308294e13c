"""One measure about one person or one unit's head, from its source to a closed file."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhucun.base.directory.models import Division, Unit, WithinQuerySet
from zhucun.base.people.models import Person
from zhucun.base.policy.models import Clause
from zhucun.work.accountability.rules import CaseStatus, Level
from zhucun.work.accountability.rules import Measure as M
from zhucun.work.inspections.models import Finding
from zhucun.work.teams.models import Posting

USER = settings.AUTH_USER_MODEL


class Case(models.Model):
    """一件处理: 提醒, 约谈 or 召回, about `person` or the head of `unit`; `on` is the day it took effect, empty before."""

    SCOPE = {"county": "county", "township": "township", "unit": "unit"}

    class Measure(models.TextChoices):
        REMINDER = M.REMINDER.value, "提醒"
        INTERVIEW = M.INTERVIEW.value, "约谈"
        RECALL = M.RECALL.value, "召回"

    class Way(models.TextChoices):
        ORAL = "oral", "口头"
        LETTER = "letter", "提醒函"
        CIRCULAR = "circular", "通报"

    class Target(models.TextChoices):
        LEADER = "leader", "工作队长"
        UNIT_HEAD = "unit_head", "单位主要负责人"
        MEMBER = "member", "队员"

    class Source(models.TextChoices):
        ABSENCE = "absence", "督查发现无故不在岗"
        FINDING = "finding", "督查问题"
        GRADE = "grade", "年度考核等次"
        COMPLAINT = "complaint", "群众反映或举报"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        DRAFT = CaseStatus.DRAFT.value, "立案"
        HEARING = CaseStatus.HEARING.value, "听取陈述申辩"
        APPROVAL = CaseStatus.APPROVAL.value, "审批中"
        NOTIFIED = CaseStatus.NOTIFIED.value, "已告知"
        DONE = CaseStatus.DONE.value, "已执行"
        CLOSED = CaseStatus.CLOSED.value, "已办结"
        DISMISSED = CaseStatus.DISMISSED.value, "不予处理"
        REVOKED = CaseStatus.REVOKED.value, "已撤销"

    OVER = (State.CLOSED, State.DISMISSED, State.REVOKED)
    VOID = (State.DISMISSED, State.REVOKED)
    """Cases that came to nothing and count nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    measure = models.CharField("处理", max_length=10, choices=Measure)
    number = models.CharField("编号", max_length=40)
    way = models.CharField("方式", max_length=10, choices=Way, blank=True)
    target = models.CharField("对象类型", max_length=10, choices=Target)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="人员")
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="任职"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="单位")
    head = models.CharField("单位主要负责人", max_length=40, blank=True)
    township = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="乡镇")
    source = models.CharField("来源", max_length=10, choices=Source)
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="督查问题"
    )
    after = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name="上一步处理"
    )
    grounds = models.CharField("事由", max_length=200)
    facts = models.TextField("事实和依据", blank=True)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据条款")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    on = models.DateField("日期", null=True, blank=True)
    notified_on = models.DateField("告知日期", null=True, blank=True)
    due_on = models.DateField("期限", null=True, blank=True)
    replied_on = models.DateField("回复日期", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    statement = models.TextField("陈述申辩", blank=True)
    statement_due = models.DateField("陈述申辩期限", null=True, blank=True)
    stated_at = models.DateTimeField("陈述时间", null=True, blank=True)
    stated_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="陈述录入人"
    )
    result = models.TextField("办理结果", blank=True)
    document = models.CharField("文号", max_length=60, blank=True)
    last_day = models.DateField("召回离任日期", null=True, blank=True)
    banned_until = models.DateField("影响期至", null=True, blank=True)
    successor = models.ForeignKey(Posting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接任")
    opened_on = models.DateField("立案日期")
    opened_at = models.DateTimeField("立案时间")
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="立案人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒约谈召回"
        ordering = ("-opened_on", "-number", "pk")
        indexes = (
            models.Index(fields=("measure", "on"), name="accountability_case_in_time"),
            models.Index(fields=("county", "-opened_on", "-number"), name="accountability_case_order"),
            models.Index(fields=("person", "measure"), name="accountability_case_person"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("county", "measure", "number"),
                name="one_case_per_measure_and_number",
                violation_error_message="这个编号已经用过，请换一个。",
            ),
            models.UniqueConstraint(
                fields=("finding", "measure", "person"),
                condition=Q(finding__isnull=False, person__isnull=False) & ~Q(state__in=("dismissed", "revoked")),
                name="one_measure_per_finding_and_person",
                violation_error_message="这个问题已经对这个人作过同样的处理。",
            ),
            models.CheckConstraint(
                condition=Q(target="unit_head", unit__isnull=False, person__isnull=True)
                | ~Q(target="unit_head") & Q(person__isnull=False),
                name="accountability_case_is_about_a_person_or_a_unit_head",
                violation_error_message="请写明处理的是谁：队长或队员写人员，单位主要负责人写单位。",
            ),
            models.CheckConstraint(
                condition=~Q(measure="recall") | Q(person__isnull=False),
                name="accountability_recall_is_about_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(measure="reminder") | ~Q(way=""), name="accountability_reminder_has_its_way"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_measure_display()}{self.who}（{self.number}）"

    @property
    def who(self) -> str:
        """Whom it is about, in words."""
        return str(self.person) if self.person_id else f"{self.unit}主要负责人{self.head}"

    def is_about(self, user) -> bool:
        """Whether `user` is the person it is about."""
        return self.person is not None and self.person.user_id == user.pk

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: as its page is seen, a draft by those who open cases, the person once told."""
        draft = self.state == self.State.DRAFT
        told = any((self.statement_due, self.notified_on, self.on)) and not draft
        if told and self.is_about(user):
            return True
        return user.may("accountability.view", day, self) and (not draft or user.may("accountability.open", day, self))

    @property
    def is_over(self) -> bool:
        """Whether nothing waits any more."""
        return self.state in self.OVER


class Opinion(models.Model):
    """What one level said about a case; those without an account of their own are entered with their document."""

    SCOPE = {area: f"case__{path}" for area, path in Case.SCOPE.items()}

    class By(models.TextChoices):
        TOWNSHIP = Level.TOWNSHIP.value, "乡镇"
        OFFICE = Level.OFFICE.value, "县驻村办"
        ORGANISATION = Level.ORGANISATION.value, "县委组织部"
        GROUP = Level.GROUP.value, "驻村工作领导小组"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="opinions", verbose_name="处理")
    level = models.CharField("层级", max_length=14, choices=By)
    agreed = models.BooleanField("同意")
    text = models.CharField("意见", max_length=300, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)
    given_at = models.DateTimeField("时间")
    given_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="经手人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "审批意见"
        ordering = ("case", "given_at", "pk")
        constraints = (models.UniqueConstraint(fields=("case", "level"), name="one_opinion_per_case_and_level"),)

    def __str__(self) -> str:
        return f"{self.get_level_display()}{'同意' if self.agreed else '不同意'}"


class Appeal(models.Model):
    """申诉 against a measure that took effect, by the person or the unit, and how it was decided."""

    SCOPE = {area: f"case__{path}" for area, path in Case.SCOPE.items()}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="appeals", verbose_name="处理")
    text = models.CharField("申诉理由", max_length=600)
    raised_at = models.DateTimeField("提出时间")
    raised_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="提出人")
    upheld = models.BooleanField("申诉成立", null=True, blank=True)
    answer = models.CharField("复核结论", max_length=600, blank=True)
    answered_at = models.DateTimeField("复核时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "申诉"
        ordering = ("-raised_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(answered_at__isnull=True), name="one_open_appeal_per_case",
                violation_error_message="已经提出申诉，还在复核。",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, upheld__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False) & ~Q(answer=""),
                name="accountability_appeal_answer_is_whole",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"对{self.case}的申诉"
