"""The lists of a month: teams of a township, townships of a county, people of a unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from zhucun.base.timeline.periods import Period
from zhucun.base.web.tables import Column, Empty, Table
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.months import Step, TeamMonth
from zhucun.work.teams.models import Team

NO_MONTH = Empty("这个月没有工作队", "换一个月份，或在“工作队”里看各队的起止日期。")
STEP_TONES = {Step.FILL: "yellow", Step.CHECK: "yellow", Step.CONFIRM: "red", Step.WAIT: "gray", Step.SEE: "green"}


def team_table(lines: dict, month: Period, manages: bool) -> Table:
    """One line a team: what is recorded, what is asked, and the one next step for those who manage."""

    def of(value: Callable[[TeamMonth], object]) -> Callable[[Team], object]:
        return lambda team: value(lines[team.pk])

    columns = (
        Column("village", "村", "village.name", sort="village", link=of(lambda line: _team_url(line))),
        Column("team", "工作队", "number", sort="number"),
        Column("people", "人数", of(lambda line: len(line.stays)), kind="number"),
        Column("recorded", "已记天数", of(lambda line: line.recorded), kind="number"),
        Column("blank", "空白天数", of(lambda line: line.blank or ""), kind="number"),
        Column("pages", "记录本已读", of(lambda line: f"{line.pages_read}/{line.pages} 页" if line.pages else "没有印制")),
        Column("questions", "待核对", of(lambda line: line.questions or ""), kind="number"),
        Column("hints", "提示", of(lambda line: sum(not hint.is_information for hint in line.hints if not line.confirmed_on) or ""), kind="number"),
        Column("confirmed", "确认日期", of(lambda line: line.confirmed_on), kind="date"),
        Column("step", "下一步", of(lambda line: (line.step if manages else Step.SEE).value), kind="badge", link=of(lambda line: _step_url(line, manages)), tone=of(lambda line: STEP_TONES[line.step] if manages else "gray")),
    )  # fmt: skip
    kept = columns if manages else tuple(one for one in columns if one.key not in {"pages", "questions", "hints"})
    return Table(
        "months", f"{month.label}出勤", kept, order=("village", "number"), empty=NO_MONTH, per_page=100,
        search=("village__name", "number") if len(lines) > 5 else (), search_hint="村或编号",
    )  # fmt: skip


def _team_url(line: TeamMonth) -> str:
    return reverse("attendance:team", args=[line.month.name, line.team.pk])


def _step_url(line: TeamMonth, manages: bool) -> str:
    if manages and line.step is Step.CHECK:
        return reverse("attendance:questions")
    if manages and (line.step is Step.CONFIRM or line.confirmed_on):
        return reverse("attendance:confirm", args=[line.month.name, line.team.pk])
    return _team_url(line)


@dataclass(frozen=True)
class Progress:
    """By township: teams with a month, those not confirmed, those of them past the day, the last day in time.

    `is_over` says that the month has passed, so that it can be confirmed at all; `is_kept`, that attendance was kept by then;
    `clerks` are whom to ask.
    """

    teams: dict[str, int]
    unconfirmed: dict[str, int]
    late: dict[str, int]
    due: dict[str, date]
    is_over: bool = True
    is_kept: bool = True
    clerks: Mapping[str, str] = field(default_factory=dict)


def township_table(month: Period, progress: Progress) -> Table:
    """One line a township, in the order of their codes; nothing is ranked."""
    return Table(
        "townships", f"{month.label}出勤",
        columns=(
            Column("name", "乡镇", "name", sort="code", link=lambda town: reverse("attendance:township", args=[month.name, town.pk])),
            Column("teams", "工作队", lambda town: progress.teams[town.pk], kind="number"),
            Column("confirmed", "已确认", lambda town: progress.teams[town.pk] - progress.unconfirmed.get(town.pk, 0), kind="number"),
            Column("open", "未确认", lambda town: progress.unconfirmed.get(town.pk, 0) or "", kind="number"),
            Column("clerk", "经办人", lambda town: progress.clerks.get(town.pk, "")),
            Column("due", "确认期限", lambda town: progress.due[town.pk] if progress.is_kept else None, kind="date"),
            Column("state", "进度", lambda town: _state(town.pk, progress), kind="badge", tone=lambda town: "yellow" if town.pk in progress.late else "gray" if town.pk in progress.unconfirmed or not progress.is_over else "green"),
        ),
        order=("code",), search=("name",), search_hint="乡镇", empty=NO_MONTH, per_page=100,
    )  # fmt: skip


def _state(town: str, progress: Progress) -> str:
    if not progress.is_over:
        return Step.WAIT.value
    if not progress.is_kept and town in progress.unconfirmed:
        return "没有记录"
    return "到期未确认" if town in progress.late else "确认中" if town in progress.unconfirmed else "已全部确认"


def people_table(month: Period) -> Table:
    """One line a person of the unit: days by kind, and when the township confirmed them."""

    def attach(postings: list) -> None:
        held = PersonMonth.objects.filter(person__in=[row.person_id for row in postings], start=month.start)
        known = {(row.person_id, row.team_id): row for row in held}
        for posting in postings:
            posting.month = known.get((posting.person_id, posting.team_id))

    return Table(
        "people_months", f"{month.label}出勤",
        columns=(
            Column("name", "姓名", "person.name", sort="person__name", link=lambda row: reverse("attendance:team", args=[month.name, row.team_id])),
            Column("township", "乡镇", "team.village.township.name", sort="team__village__township"),
            Column("village", "村", "team.village.name", sort="team__village"),
            Column("role", "职务", "role"),
            Column("counted", "驻村天数", "month.counted", kind="number"),
            Column("present", "在村", "month.present", kind="number"),
            Column("counts_as", "视同驻村", "month.counts_as", kind="number"),
            Column("leave", "请假", "month.leave", kind="number"),
            Column("blank", "空白", "month.blank", kind="number"),
            Column("confirmed", "乡镇确认", "month.confirmed_on", kind="date"),
        ),
        order=("team__village", "person__number"), search=("person__name", "team__village__name"), search_hint="姓名或村",
        empty=Empty("本单位这个月没有驻村人员", "换一个月份看看。"), per_page=100, prepare=attach,
    )  # fmt: skip
