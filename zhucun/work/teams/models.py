"""Teams, postings by date, review sheets and hand-overs."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import SpanWithinQuerySet, Unit, Village, WithinQuerySet
from zhucun.base.people.models import Person, Record
from zhucun.base.timeline.models import Span, in_force


class TeamQuerySet(SpanWithinQuerySet):
    """Teams, in force for a time, in an area."""

    def seen_by(self, scope: Scope) -> "TeamQuerySet":
        """Teams of the area, led by the unit, or with people the unit sent (joint teams)."""
        sent = Posting.objects.within(scope).filter(team=OuterRef("pk"))
        return self.filter(scope.condition(self.model) | Exists(sent))


class Team(Span):
    """A village-stationed work team (驻村工作队)."""

    SCOPE = {"county": "county", "township": "village__township", "village": "village", "unit": "lead_unit"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField("工作队编号", max_length=40)
    county = models.ForeignKey("directory.Division", models.PROTECT, related_name="+", verbose_name="县")
    village = models.ForeignKey(Village, models.PROTECT, related_name="teams", verbose_name="驻点村")
    lead_unit = models.ForeignKey(Unit, models.PROTECT, related_name="teams_led", verbose_name="牵头单位")
    partners = models.ManyToManyField(Unit, related_name="teams_joined", blank=True, verbose_name="参与单位")

    objects = TeamQuerySet.as_manager()

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "工作队"
        ordering = ("number", "pk")
        indexes = (models.Index(fields=("county", "village", "number"), name="teams_team_in_ledger_order"),)
        constraints = (
            *Span.Meta.constraints,
            models.UniqueConstraint(
                fields=("county", "number"),
                name="one_team_per_number_and_county",
                violation_error_message="已经有工作队用这个编号，请换一个编号。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village}驻村工作队"


class PostingQuerySet(SpanWithinQuerySet):
    """Postings, in force for a time, in an area."""

    def with_record(self, day: date) -> "PostingQuerySet":
        """Adds `record`: the person's record in force on `day`, to filter, sort and read by (`record__education`)."""
        return self.annotate(
            record=models.FilteredRelation("person__records", condition=in_force(day, "person__records__"))
        )

    def with_standing(self, day: date) -> "PostingQuerySet":
        """Adds `standing`: class and condition of the team's village in force on `day`, to filter and sort by."""
        path = "team__village__standings"
        return self.annotate(standing=models.FilteredRelation(path, condition=in_force(day, f"{path}__")))

    def ranked(self) -> "PostingQuerySet":
        """Adds `place`: the order of the roles on paper, leaders first."""
        cases = (models.When(role=role, then=place) for place, role in enumerate(Posting.Role.values))
        return self.annotate(place=models.Case(*cases, output_field=models.SmallIntegerField()))


class Posting(Span):
    """A person in a team in a role, from 到任 (start) to 离任 (last day inclusive on paper, end exclusive here)."""

    SCOPE = {
        "county": "team__county",
        "township": "team__village__township",
        "village": "team__village",
        "unit": "unit",
    }

    class Role(models.TextChoices):
        FIRST_SECRETARY = "first_secretary", "第一书记兼队长"
        LEADER = "leader", "队长"
        DEPUTY = "deputy", "副队长"
        MEMBER = "member", "队员"

    class Ending(models.TextChoices):
        TERM = "term", "期满"
        TRANSFER = "transfer", "调整"
        RECALL = "recall", "召回"
        OTHER = "other", "其他"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="postings", verbose_name="工作队")
    person = models.ForeignKey(Person, models.PROTECT, related_name="postings", verbose_name="人员")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="postings", verbose_name="派出单位", help_text="到任当天所在的单位"
    )
    role = models.CharField("队内职务", max_length=16, choices=Role)
    ending = models.CharField("离任方式", max_length=8, choices=Ending, blank=True)
    ending_reason = models.CharField("离任原因", max_length=200, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)
    duties = models.CharField("分工", max_length=100, blank=True)
    party_transferred = models.BooleanField("党组织关系已转入", null=True, blank=True)

    followed: Sequence[str] = ()
    """What other rooms changed of themselves after the last action, in sentences; not kept."""

    objects = PostingQuerySet.as_manager()

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "任职"
        ordering = ("team__number", "start", "pk")
        indexes = (
            models.Index(fields=("start", "end"), name="teams_posting_span"),
            models.Index(fields=("team", "end", "start"), name="teams_posting_of_team"),
            models.Index(fields=("ending", "end"), name="teams_posting_ending"),
        )
        constraints = (
            *Span.Meta.constraints,
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(end__isnull=True),
                name="one_open_posting_per_person",
                violation_error_message="这个人还在别的工作队任职，请先办理离任。",
            ),
            models.UniqueConstraint(
                fields=("team", "person", "start"),
                name="one_posting_per_team_person_and_start",
                violation_error_message="同一支工作队里已经有这个人同一天到任的记录。",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True, ending="") | Q(end__isnull=False) & ~Q(ending=""),
                name="teams_posting_end_and_ending_go_together",
                violation_error_message="离任日期和离任方式要么都填，要么都不填。",
            ),
        )

    LEADERS = (Role.FIRST_SECRETARY, Role.LEADER)

    def __str__(self) -> str:
        return f"{self.person}（{self.team}{self.get_role_display()}）"

    @property
    def leads(self) -> bool:
        """Whether the role counts as 队长."""
        return self.role in self.LEADERS

    @property
    def source(self) -> str:
        """What a duty granted with this posting names as its source."""
        return f"posting:{self.pk}"


class Standard(models.TextChoices):
    """The five core standards of the article."""

    POLITICS = "politics", "政治过硬"
    ABILITY = "ability", "能力过硬"
    CONDUCT = "conduct", "作风过硬"
    FARMING = "farming", "热爱“三农”工作"
    PEOPLE = "people", "善于做群众工作"


class Review(models.Model):
    """选派审核表 of one person, filled in by the sending unit or the county office before a posting."""

    SCOPE = {"county": "record__person__county", "unit": "record__unit"}

    class Appraisal(models.TextChoices):
        EXCELLENT = "excellent", "优秀"
        COMPETENT = "competent", "称职（合格）"
        BASIC = "basic", "基本称职（基本合格）"
        FAILED = "failed", "不称职（不合格）"
        NONE = "none", "未参加考核"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="reviews", verbose_name="人员")
    reviewed_on = models.DateField("审核日期")
    on_staff = models.BooleanField("在编在岗")
    appraisal_last = models.CharField("上一年度考核", max_length=10, choices=Appraisal)
    appraisal_before = models.CharField("前一年度考核", max_length=10, choices=Appraisal)
    home_village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="本人老家所在村"
    )
    relatives_in = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="近亲属任村“两委”的村"
    )
    spouse_posted = models.BooleanField("配偶正在驻村", default=False)
    under_discipline = models.BooleanField("在试用期或处分影响期内", default=False)
    healthy = models.BooleanField("身体能够胜任驻村工作", default=True)
    opinion = models.CharField("审核意见", max_length=400, blank=True)
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填表人")
    filled_at = models.DateTimeField("填表时间")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "选派审核表"
        ordering = ("-reviewed_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("record", "reviewed_on"),
                name="one_review_per_record_and_day",
                violation_error_message="这个人当天已经有一份审核表，请直接修改那一份。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.record.person} 选派审核表 {self.reviewed_on}"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents (appraisals, health checks): whoever fills in review sheets there."""
        return user.may("teams.review_edit", day, self)


class Judgement(models.Model):
    """One of the five standards on a review sheet: met or not, and on what grounds."""

    SCOPE = {"county": "review__record__person__county", "unit": "review__record__unit"}

    review = models.ForeignKey(Review, models.CASCADE, related_name="judgements", verbose_name="审核表")
    standard = models.CharField("标准", max_length=10, choices=Standard)
    met = models.BooleanField("符合")
    grounds = models.CharField("依据", max_length=200, blank=True)

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "标准审核"
        ordering = ("review", "pk")
        constraints = (
            models.UniqueConstraint(fields=("review", "standard"), name="one_judgement_per_review_and_standard"),
        )

    def __str__(self) -> str:
        return f"{self.get_standard_display()} {'符合' if self.met else '不符合'}"


class Handover(models.Model):
    """交接清单 of a posting that ended: what was handed to whom, signed by three."""

    SCOPE = {area: f"posting__{path}" for area, path in Posting.SCOPE.items()}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    posting = models.OneToOneField(Posting, models.PROTECT, related_name="handover", verbose_name="离任任职")
    receiver = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="received", verbose_name="接收人"
    )
    witness = models.CharField("监交人", max_length=40, blank=True)
    signed_on = models.DateField("三方签字日期", null=True, blank=True)

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "交接清单"
        ordering = ("posting__end", "pk")

    def __str__(self) -> str:
        return f"{self.posting} 交接清单"


class HandoverItem(models.Model):
    """One line of a hand-over list (domain.md 3.9)."""

    SCOPE = {area: f"handover__{path}" for area, path in Handover.SCOPE.items()}

    class Kind(models.TextChoices):
        HOUSEHOLDS = "households", "户情资料"
        PROJECTS = "projects", "项目"
        MONEY = "money", "资金"
        PROPERTY = "property", "印章、物资、资料"
        PENDING = "pending", "未办事项"
        PARTY = "party", "党组织关系"

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items", verbose_name="交接清单")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    content = models.CharField("内容", max_length=300)
    done = models.BooleanField("已交接", default=False)

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "交接事项"
        ordering = ("handover", "pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.content}"


def people_seen_by(scope: Scope):
    """People of the area's records, and those posted in it at any time: former members stay in a team's history."""
    posted = Posting.objects.within(scope).filter(person=OuterRef("pk"))
    recorded = Record.objects.within(scope).filter(person=OuterRef("pk"))
    return Person.objects.filter(scope.condition(Person) | Exists(posted) | Exists(recorded))
