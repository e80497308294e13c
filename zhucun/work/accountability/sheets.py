"""The sheets 提醒 and 约谈 of the ledger workbook; a recall stands in 任职, where the posting ends by 召回."""

from collections.abc import Iterator
from datetime import date

from zhucun.base.directory.models import Division
from zhucun.base.web.sheets import Column, Sheet, options

from .models import Case

REMINDERS = Sheet(
    "提醒",
    key=("提醒编号",),
    columns=(
        Column("提醒编号", "number", required=True, kind="code", max_length=40, hint="全县不重复。"),
        Column("日期", "on", required=True, kind="date"),
        Column("人员编号", "person", required=True, kind="code", max_length=40),
        Column("方式", "way", required=False, kind="choice", hint="空着的按口头。", **options(Case.Way)),
        Column("事由", "grounds", required=True),
        Column("回复日期", "replied_on", kind="date"),
    ),
)
INTERVIEWS = Sheet(
    "约谈",
    key=("约谈编号",),
    columns=(
        Column("约谈编号", "number", required=True, kind="code", max_length=40, hint="全县不重复。"),
        Column("日期", "on", required=True, kind="date"),
        Column("对象类型", "target", required=True, kind="choice", **options(Case.Target)),
        Column("人员编号", "person", kind="code", max_length=40, hint="约谈队长或队员时填。"),
        Column("单位名称", "unit", max_length=80, hint="约谈单位主要负责人时填。"),
        Column("事由", "grounds", required=True),
    ),
)


def reminder_rows(county: Division, day: date | None) -> Iterator[list]:
    """Reminders given by `day` (all without a day), revoked ones left out."""
    for row in _rows(county, Case.Measure.REMINDER, day):
        replied = row.replied_on if day is None or (row.replied_on and row.replied_on <= day) else None
        yield [row.number, row.on, row.person.number, row.get_way_display(), row.grounds, replied]


def interview_rows(county: Division, day: date | None) -> Iterator[list]:
    """Interviews held by `day` (all without a day), revoked ones left out."""
    for row in _rows(county, Case.Measure.INTERVIEW, day):
        person = row.person.number if row.person else ""
        unit = row.unit.name if row.unit and row.target == Case.Target.UNIT_HEAD else ""
        yield [row.number, row.on, row.get_target_display(), person, unit, row.grounds]


def _rows(county: Division, measure: str, day: date | None):
    rows = Case.objects.filter(county=county, measure=measure, on__isnull=False).exclude(state__in=Case.VOID)
    rows = rows.select_related("person", "unit").defer("person__address_sealed", "person__emergency_sealed")
    return (rows if day is None else rows.filter(on__lte=day)).order_by("number", "pk").iterator(chunk_size=2000)
