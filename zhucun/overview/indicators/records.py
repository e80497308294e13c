"""The rows behind a figure as a table: postings (narrowed further by the dimensions of 队伍结构), teams, months, leave."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.db.models import DateField, Model, QuerySet, Value
from django.urls import reverse

from zhucun.base.directory.models import Division
from zhucun.base.web.tables import Column, Empty, Filter, Table
from zhucun.work.accountability.models import Case
from zhucun.work.attendance.models import Leave, PersonMonth
from zhucun.work.inspections.models import Circular, Correction, Finding, Round
from zhucun.work.teams.models import Team

from .asked import Asked
from .catalogue import Indicator
from .structure import Category, dimensions


def opened(name: str, *path: str) -> Callable:
    """The link of a cell: the page `name` of the row at the end of `path`."""

    def link(row) -> str:
        for step in path:
            row = getattr(row, step)
        return reverse(name, args=[row.pk])

    return link


POSTINGS = Table(
    "figure-postings", "任职记录",
    columns=(
        Column("person", "姓名", "person.name", sort="person__name", link=opened("teams:person", "person")),
        Column("age", "年龄", lambda row: row.person.age_on(row.as_on), sort="-person__born", kind="number"),
        Column("sex", "性别", "person.sex", sort="person__sex"),
        Column("role", "队内职务", sort="role"),
        Column("team", "驻点村", "team.village.name", sort="team__village", link=opened("teams:team", "team")),
        Column("township", "乡镇", "team.village.township.name", sort="team__village__township"),
        Column("unit", "派出单位", "unit.name", sort="unit__name", link=opened("teams:unit", "unit")),
        Column("education", "学历", "record.education", sort="record__education"),
        Column("degree", "学位", "record.degree", sort="record__degree", shown=False),
        Column("political", "政治面貌", "record.political", sort="record__political"),
        Column("rank", "职级", "record.rank", sort="record__rank"),
        Column("agriculture", "涉农专业", "record.agriculture", sort="record__agriculture", kind="yesno", shown=False),
        Column("rural", "农村工作经历", "record.rural", sort="record__rural", kind="yesno", shown=False),
        Column("poverty_relief", "脱贫攻坚驻村", "record.poverty_relief", sort="record__poverty_relief", kind="yesno", shown=False),
        Column("start", "到任日期", "start_known", sort="start", kind="date"),
        Column("last_day", "离任日期", "last_day", sort="end", kind="date", shown=False),
        Column("ending", "离任方式", sort="ending", shown=False),
        Column("reason", "离任原因", "ending_reason", kind="long", shown=False),
    ),
    search=("person__name", "team__village__name", "unit__name"), search_hint="姓名、村或单位",
    order=("team__village", "role", "start"), empty=Empty("这个指标没有记录", "期间或范围内没有符合的任职。"),
)  # fmt: skip

TEAMS = Table(
    "figure-teams", "工作队",
    columns=(
        Column("village", "驻点村", "village.name", sort="village", link=opened("teams:team")),
        Column("number", "编号", sort="number"),
        Column("township", "乡镇", "village.township.name", sort="village__township"),
        Column("unit", "牵头单位", "lead_unit.name", sort="lead_unit__name", link=opened("teams:unit", "lead_unit")),
        Column("start", "成立日期", "start_known", sort="start", kind="date"),
        Column("last_day", "撤销日期", "last_day", sort="end", kind="date", shown=False),
    ),
    search=("number", "village__name", "lead_unit__name"), search_hint="编号、村或单位",
    order=("village", "number"), empty=Empty("这个指标没有记录", "这一天、这个范围内没有在驻的工作队。"),
)  # fmt: skip

MONTHS = Table(
    "figure-months", "出勤月",
    columns=(
        Column("person", "姓名", "person.name", sort="person__name", link=opened("teams:person", "person")),
        Column("month", "月份", "name", sort="start", link=lambda row: reverse("attendance:month_sheet", args=[row.name, row.team_id])),
        Column("team", "驻点村", "team.village.name", sort="team__village", link=opened("teams:team", "team")),
        Column("township", "乡镇", "team.village.township.name", sort="team__village__township"),
        Column("unit", "派出单位", "unit.name", sort="unit__name", link=opened("teams:unit", "unit")),
        Column("present", "在村", sort="present", kind="number"),
        Column("counts_as", "视同驻村", sort="counts_as", kind="number"),
        Column("leave", "请假", sort="leave", kind="number"),
        Column("absent", "未报备缺勤", sort="absent", kind="number"),
        Column("confirmed_on", "乡镇确认", sort="confirmed_on", kind="date"),
    ),
    search=("person__name", "team__village__name", "unit__name"), search_hint="姓名、村或单位",
    order=("start", "team__village", "person__number"), empty=Empty("这个指标没有记录", "期间或范围内没有符合的出勤记录。"),
)  # fmt: skip

LEAVES = Table(
    "figure-leaves", "请假",
    columns=(
        Column("person", "姓名", "person.name", sort="person__name", link=opened("teams:person", "person")),
        Column("kind", "类别", sort="kind"),
        Column("start", "开始日期", sort="start", kind="date"),
        Column("until", "结束日期", "until", sort="end", kind="date"),
        Column("days", "天数", "days", kind="number"),
        Column("team", "驻点村", "posting.team.village.name", sort="posting__team__village", link=opened("teams:team", "posting", "team")),
        Column("township", "乡镇", "posting.team.village.township.name", sort="posting__team__village__township"),
        Column("unit", "派出单位", "posting.unit.name", sort="posting__unit__name"),
        Column("number", "编号", sort="number"),
    ),
    search=("person__name", "posting__team__village__name", "number"), search_hint="姓名、村或编号",
    order=("start", "number"), empty=Empty("这个指标没有记录", "期间或范围内没有已批准的请假。"),
)  # fmt: skip

ROUNDS = Table(
    "figure-rounds", "督查",
    columns=(
        Column("number", "督查编号", sort="number", link=opened("inspections:round")),
        Column("held_on", "日期", sort="held_on", kind="date"),
        Column("method", "方式", sort="method"),
        Column("group", "督查组"),
    ),
    search=("number", "group"), search_hint="编号或督查组",
    order=("held_on", "number"), empty=Empty("这个指标没有记录", "期间或范围内没有督查。"),
)  # fmt: skip

FINDINGS = Table(
    "figure-findings", "督查问题",
    columns=(
        Column("number", "问题编号", sort="number", link=opened("inspections:finding")),
        Column("found_on", "发现日期", sort="found_on", kind="date"),
        Column("kind", "类别", sort="kind"),
        Column("text", "描述", kind="long"),
        Column("township", "乡镇", "township.name", sort="township"),
        Column("team", "驻点村", "team.village.name", sort="team__village"),
        Column("person", "责任人", "person.name", sort="person__name"),
        Column("unit", "责任单位", "unit.name", sort="unit__name"),
        Column("closed_on", "销号日期", sort="closed_on", kind="date"),
    ),
    search=("number", "text", "person__name"), search_hint="编号、描述或责任人",
    order=("found_on", "number"), empty=Empty("这个指标没有记录", "期间或范围内没有发现问题。"),
)  # fmt: skip

CORRECTIONS = Table(
    "figure-corrections", "整改意见",
    columns=(
        Column("number", "意见编号", sort="number", link=opened("inspections:correction")),
        Column("round", "督查", "round.number", sort="round__number", link=opened("inspections:round", "round")),
        Column("text", "内容", kind="long"),
        Column("township", "乡镇", "township.name", sort="township"),
        Column("unit", "责任单位", "unit.name", sort="unit__name"),
        Column("due_on", "整改期限", sort="due_on", kind="date"),
        Column("state", "状态", sort="state"),
        Column("done_on", "完成日期", sort="done_on", kind="date"),
    ),
    search=("number", "text"), search_hint="编号或内容",
    order=("round__held_on", "number"), empty=Empty("这个指标没有记录", "期间或范围内没有整改意见。"),
)  # fmt: skip

CIRCULARS = Table(
    "figure-circulars", "督查通报",
    columns=(
        Column("number", "期号", "number", sort="number", kind="number", link=opened("inspections:circular")),
        Column("title", "标题", kind="long"),
        Column("issued_on", "印发日期", sort="issued_on", kind="date"),
    ),
    search=("title",), search_hint="标题",
    order=("issued_on", "number"), empty=Empty("这个指标没有记录", "期间内没有印发通报。"),
)  # fmt: skip

CASES = Table(
    "figure-cases", "处理",
    columns=(
        Column("number", "编号", sort="number", link=opened("accountability:case")),
        Column("on", "日期", sort="on", kind="date"),
        Column("who", "对象", "who", sort="person__name"),
        Column("target", "对象类型", sort="target"),
        Column("grounds", "事由", kind="long"),
        Column("township", "乡镇", "township.name", sort="township"),
        Column("unit", "单位", "unit.name", sort="unit__name"),
        Column("state", "状态", sort="state"),
    ),
    search=("number", "person__name", "unit__name"), search_hint="编号、姓名或单位",
    order=("on", "number"), empty=Empty("这个指标没有记录", "期间或范围内没有这样的处理。"),
)  # fmt: skip

OTHERS: dict[type[Model], tuple[Table, tuple[str, ...]]] = {
    Team: (TEAMS, ("village__township", "lead_unit")),
    PersonMonth: (MONTHS, ("person", "unit", "team__village__township")),
    Leave: (LEAVES, ("person", "posting__unit", "posting__team__village__township")),
    Round: (ROUNDS, ()),
    Finding: (FINDINGS, ("township", "team__village", "person", "unit")),
    Correction: (CORRECTIONS, ("round", "township", "unit")),
    Circular: (CIRCULARS, ()),
    Case: (CASES, ("person", "unit", "township")),
}
"""Tables of rows that are no postings, with what each shows beside the row itself."""

ENDED = ("last_day", "ending", "reason")


def table_of(indicator: Indicator, rows: QuerySet, asked: Asked) -> tuple[Table, QuerySet]:
    """The table for the records of a figure, and those records with all it shows; the period stands among its filters."""
    if rows.model in OTHERS:
        table, paths = OTHERS[rows.model]
        return _named(table, indicator, asked, ()), rows.select_related(*paths)
    day = Value(asked.period.until, output_field=DateField())
    postings = rows.annotate(as_on=day).select_related("person", "unit", "team__village__township", "record")
    table = _named(POSTINGS, indicator, asked, _narrowing(asked))
    if any(indicator.code.endswith(word) for word in ("transferred", "recalled")):
        shown = tuple(replace(column, shown=True) if column.key in ENDED else column for column in table.columns)
        table = replace(table, columns=shown, name="figure-endings")
    return table, postings


def _named(table: Table, indicator: Indicator, asked: Asked, more: tuple[Filter, ...]) -> Table:
    return replace(table, title=f"{indicator.label}：{table.title}", filters=(*asked.filters, *more))


def _narrowing(asked: Asked) -> tuple[Filter, ...]:
    towns = Division.objects.filter(villages__in=_villages(asked)).distinct().order_by("pk").values_list("pk", "name")
    found = [
        Filter(
            "township",
            "乡镇",
            lambda request: list(towns),
            lambda rows, code: rows.filter(team__village__township=code),
        )
    ]
    for one in dimensions(asked.period.until):
        choices = [(category.key, category.label) for category in one.categories]
        found.append(Filter(one.key, one.label, choices, partial(_apply, {c.key: c for c in one.categories})))
    return tuple(found)


def _villages(asked: Asked) -> QuerySet:
    return Team.objects.within(asked.area.scope).order_by().values("village")


def _apply(categories: dict[str, Category], rows: QuerySet, key: str) -> QuerySet:
    return rows.filter(categories[key].where)
