"""The printed pages of the book, what was read from scans of them, and what a person is asked about."""

from datetime import date
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhucun.base.directory.models import Division, WithinQuerySet
from zhucun.base.people.models import Person
from zhucun.work.teams.models import Team

USER = settings.AUTH_USER_MODEL


class PrintedPage(models.Model):
    """A month page as it was printed; `snapshot` is everything on it (book.pages.Page as plain data), never today's roster."""

    SCOPE = {"county": "team__county", "township": "team__village__township", "village": "team__village"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="pages", verbose_name="工作队")
    month = models.DateField("月份")
    version = models.PositiveSmallIntegerField("版次")
    part = models.PositiveSmallIntegerField("第几页")
    parts = models.PositiveSmallIntegerField("共几页")
    code = models.CharField("页码编码", max_length=60, unique=True)
    snapshot = models.JSONField("页面内容")
    printed_at = models.DateTimeField("印制时间")
    printed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="印制人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "记录本页"
        ordering = ("team__number", "month", "version", "part", "pk")
        constraints = (
            models.UniqueConstraint(fields=("team", "month", "version", "part"), name="one_page_per_team_month_and_version"),
            models.CheckConstraint(
                condition=Q(part__gte=1, part__lte=models.F("parts")), name="attendance_page_part_is_of_its_parts"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.team} {self.month.year}年{self.month.month}月记录本第{self.part}页（第{self.version}版）"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: whoever prints the book."""
        return user.scope_on(day, "attendance.book_print").covers(self)


class Reading(models.Model):
    """One page found in an uploaded scan or photo: read, or refused with a reason; its straightened picture stays as evidence.

    A photo of an open book shows two pages: `number` is the file's page, `place` counts what was found on it.
    """

    SCOPE = {
        "county": "county", "township": "township", "village": "page__team__village",
    }  # fmt: skip

    class State(models.TextChoices):
        REFUSED = "refused", "没有读出"
        OPEN = "open", "待核对"
        DONE = "done", "已存入"
        AGAIN = "again", "重复上传"
        DROPPED = "dropped", "已作废"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    batch = models.UUIDField("上传批次", db_index=True)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县")
    township = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="乡镇")
    page = models.ForeignKey(
        PrintedPage, models.PROTECT, null=True, blank=True, related_name="readings", verbose_name="记录本页"
    )
    file = models.CharField("文件名", max_length=200)
    number = models.PositiveSmallIntegerField("文件中第几页", default=1)
    place = models.PositiveSmallIntegerField("图中第几张", default=1)
    digest = models.CharField("文件 SHA-256", max_length=64)
    state = models.CharField("状态", max_length=8, choices=State)
    reason = models.CharField("原因", max_length=200, blank=True)
    warnings = models.JSONField("提示", default=list, blank=True)
    cells = models.JSONField("逐格识读", default=list, blank=True)
    picture = models.CharField("图片 SHA-256", max_length=64, blank=True)
    reader = models.CharField("识读程序版本", max_length=20, blank=True)
    read_at = models.DateTimeField("识读时间")
    read_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="上传人")

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "记录本识读"
        ordering = ("-read_at", "file", "number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("batch", "digest", "number", "place"), name="one_reading_per_batch_file_and_page"
            ),
            models.CheckConstraint(
                condition=Q(state="refused", page__isnull=True) & ~Q(reason="")
                | ~Q(state="refused") & Q(page__isnull=False),
                name="attendance_reading_has_a_page_or_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file} 第{self.number}页"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: whoever reads the book back."""
        return user.scope_on(day, "attendance.book_read").covers(self)

    @property
    def path(self) -> Path:
        """Where the straightened picture lies, outside anything a web server serves by itself."""
        return Path(settings.DATA_DIR) / "book" / self.picture[:2] / f"{self.picture}.jpg"


class Question(models.Model):
    """One cell a person is asked about: what was read, why it is asked, and the answer; `audit` cells are asked without doubt.

    `read` is the option read (村 视 假 休) or empty; `answer` the option a person chose.
    """

    SCOPE = {area: f"reading__{path}" for area, path in Reading.SCOPE.items()}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reading = models.ForeignKey(Reading, models.CASCADE, related_name="questions", verbose_name="识读")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    day = models.DateField("日期")
    read = models.CharField("读出", max_length=1, blank=True)
    why = models.CharField("原因", max_length=120, blank=True)
    crop = models.JSONField("图上位置", default=list, blank=True)
    audit = models.BooleanField("抽检", default=False)
    answer = models.CharField("核对结果", max_length=1, blank=True)
    answered_at = models.DateTimeField("核对时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )

    objects = WithinQuerySet.as_manager()

    class Meta:
        verbose_name = "待核对的格子"
        ordering = ("reading", "person__number", "day", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("reading", "person", "day"), name="one_question_per_reading_person_and_day"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="attendance_question_answer_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.day}"

    def may_be_seen_by(self, user, day: date) -> bool:
        """Whether `user` may read its documents: as those of the reading."""
        return self.reading.may_be_seen_by(user, day)
