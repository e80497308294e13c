"""The sheets 行政区划, 行政村 and 派出单位 of the ledger workbook."""

from collections.abc import Iterator
from datetime import date

from zhucun.base.web.sheets import Column, Sheet, options

from .models import Division, Standing, Unit, Village

KINDS = tuple(str(kind) for kind in (Division.Kind.COUNTY, *list(Division.Kind)[3:]))

DIVISIONS = Sheet(
    "行政区划",
    key=("代码",),
    columns=(
        Column(
            "代码",
            "code",
            required=True,
            kind="code",
            max_length=9,
            hint="县填 6 位，乡镇、街道、管理处填 9 位统计用区划代码。",
        ),
        Column("名称", "name", required=True, max_length=60),
        Column(
            "类型", "kind", required=True, kind="choice", choices=KINDS, hint="6 位代码填“县”，9 位代码填其余四种之一。"
        ),
    ),
    note="一个工作簿只放一个县：一行县，其余是它的乡镇、街道、管理处。",
)

VILLAGES = Sheet(
    "行政村",
    key=("区划代码",),
    columns=(
        Column(
            "区划代码",
            "code",
            required=True,
            kind="code",
            max_length=12,
            hint="12 位统计用区划代码，前 9 位是所在乡镇。",
        ),
        Column("名称", "name", required=True, max_length=60),
        Column("村类别", "category", required=True, kind="choice", **options(Standing.Category)),
        Column(
            "村情",
            "conditions",
            kind="many",
            choices=tuple(label for _, label in Standing.CONDITIONS),
            values=tuple(name for name, _ in Standing.CONDITIONS),
            hint="穷村、弱村、乱村，可以填几个，用、隔开，也可以空着。",
        ),
        Column("需求专业", "needs", max_length=200),
        Column("经度", "longitude", kind="number", places=6, hint="WGS-84，-180 至 180，和纬度一起填。"),
        Column("纬度", "latitude", kind="number", places=6, hint="WGS-84，-90 至 90，和经度一起填。"),
        Column(
            "类别起始日期",
            "start",
            kind="date",
            hint="从这一天起是这个类别。空着表示更正现有的类别；填比现有起始日期更晚的一天，表示从那天起换成新的类别。",
        ),
    ),
)

UNITS = Sheet(
    "派出单位",
    key=("单位名称",),
    columns=(
        Column("单位名称", "name", required=True, max_length=80, hint="写全称，别的工作表里要和这里一字不差。"),
        Column("单位类别", "category", required=True, kind="choice", **options(Unit.Category)),
        Column("单位层级", "level", required=True, kind="choice", **options(Unit.Level)),
        Column("主要负责人", "chief", max_length=40),
        Column("分管负责人", "deputy", max_length=40),
        Column("联络员", "contact", max_length=40),
        Column("联系电话", "phone", kind="code", max_length=40),
    ),
)


def division_rows(county: Division, day: date | None) -> Iterator[list]:
    """The county itself, then what lies directly under it."""
    for division in [county, *county.children.order_by("code")]:
        yield [division.code, division.name, division.kind]


def village_rows(county: Division, day: date | None) -> Iterator[list]:
    """Villages with their standing on `day`, or the latest one.

    A village that has never been given a class is left out unless it has a team: the sheet cannot carry it.
    """
    standings = standing_by_village(county, day)
    villages = Village.objects.filter(county=county)
    with_teams = set(villages.filter(teams__isnull=False).values_list("pk", flat=True))
    for village in villages.order_by("code").iterator(chunk_size=2000):
        standing = standings.get(village.pk)
        if standing is None and village.pk not in with_teams:
            continue
        yield [
            village.code,
            village.name,
            standing.get_category_display() if standing else "",
            "、".join(standing.conditions) if standing else "",
            village.needs,
            village.longitude,
            village.latitude,
            standing.start_known if standing else None,
        ]


def standing_by_village(county: Division, day: date | None) -> dict[str, Standing]:
    """Each village's standing on `day` (the earliest one where it began later), or the latest one of all."""
    found: dict[str, Standing] = {}
    for standing in Standing.objects.filter(village__county=county).order_by("village", "start"):
        if day is None or standing.village_id not in found or standing.start <= day:
            found[standing.village_id] = standing
    return found


def unit_rows(county: Division, day: date | None) -> Iterator[list]:
    """Units in order of name."""
    for unit in Unit.objects.filter(county=county).order_by("name"):
        level, category = unit.get_level_display(), unit.get_category_display()
        yield [unit.name, category, level, unit.chief, unit.deputy, unit.contact, unit.phone]
