"""The rows behind a figure as a table: postings or teams, narrowed further by the dimensions of 队伍结构."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.db.models import DateField, QuerySet, Value
from django.urls import reverse

from zhucun.base.directory.models import Division
from zhucun.base.web.tables import Column, Empty, Filter, Table
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

ENDED = ("last_day", "ending", "reason")


def table_of(indicator: Indicator, rows: QuerySet, asked: Asked) -> tuple[Table, QuerySet]:
    """The table for the records of a figure, and those records with all it shows; the period stands among its filters."""
    if rows.model is Team:
        return _named(TEAMS, indicator, asked, ()), rows.select_related("village__township", "lead_unit")
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
