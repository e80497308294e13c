"""The sheets 出勤 and 请假报备 of the ledger workbook."""

from collections.abc import Iterator
from datetime import date

from zhucun.base.directory.models import Division
from zhucun.base.web.sheets import Column, Sheet, options

from .models import Leave, PersonMonth
from .rules import BLANK, SPELLINGS, SYMBOLS

DAYS = range(1, 32)
_WORDS = "，".join(f"{symbol} {meaning}" for symbol, meaning in SYMBOLS.items())

MONTHS = Sheet(
    "出勤",
    key=("人员编号", "月份", "工作队编号"),
    columns=(
        Column("月份", "month", required=True, kind="month", hint="如 2022-11。"),
        Column("工作队编号", "team", required=True, kind="code", max_length=40),
        Column("人员编号", "person", required=True, kind="code", max_length=40),
        *(
            Column(
                str(day), f"d{day}", kind="mark", choices=tuple(SYMBOLS), spellings=SPELLINGS, blank=BLANK, into="marks",
                hint=f"{_WORDS}；没有记录的空着。" if day == 1 else "",
            )
            for day in DAYS
        ),
        Column("乡镇确认日期", "confirmed_on", kind="date", hint="乡镇还没有确认的空着。"),
    ),
    note="一个人一个月一行；当月换了工作队的，每支队各一行。",
    beyond=(Column("出勤", "marks", max_length=31),),
)  # fmt: skip

LEAVES = Sheet(
    "请假报备",
    key=("编号",),
    columns=(
        Column("编号", "number", required=True, kind="code", max_length=40, hint="全县不重复。"),
        Column("人员编号", "person", required=True, kind="code", max_length=40),
        Column("类别", "kind", required=True, kind="choice", **options(Leave.Kind)),
        Column("开始日期", "start", required=True, kind="date"),
        Column("结束日期", "last_day", required=True, kind="date", hint="最后一天（含）。"),
        Column("事由", "reason"),
        Column("批准层级", "level", kind="choice", **options(Leave.Approver)),
        Column("批准日期", "approved_on", kind="date", hint="还没有批准的空着，不计入请假天数。"),
        Column("销假日期", "returned_on", kind="date"),
    ),
)


def month_rows(county: Division, day: date | None) -> Iterator[list]:
    """Person-months begun by `day` (all without a day) with a day in post; what lies after that day is not told."""
    rows = (
        PersonMonth.objects.filter(team__county=county)
        .exclude(PersonMonth.WHOLLY_OUT)
        .order_by("start", "team__number", "person__number", "pk")
    )
    fields = ("start", "team__number", "person__number", "marks", "confirmed_on")
    for start, team, person, marks, confirmed in (
        (rows if day is None else rows.filter(start__lte=day)).values_list(*fields).iterator(chunk_size=2000)
    ):
        told = marks if day is None or (day.year, day.month) > (start.year, start.month) else marks[: day.day]
        signs = ["" if sign == BLANK else sign for sign in told]
        known = confirmed if day is None or (confirmed and confirmed <= day) else None
        yield [f"{start:%Y-%m}", team, person, *signs, *[""] * (31 - len(signs)), known]


def leave_rows(county: Division, day: date | None) -> Iterator[list]:
    """Leave and notices begun by `day` (all without a day), those refused or withdrawn left out; what came later is not told."""
    rows = Leave.objects.filter(county=county).exclude(status__in=(Leave.Status.REFUSED, Leave.Status.WITHDRAWN))
    rows = rows.select_related("person").order_by("number", "pk")
    rows = rows.defer("person__address_sealed", "person__emergency_sealed")
    for leave in (rows if day is None else rows.filter(start__lte=day)).iterator(chunk_size=2000):
        approved, returned = (
            known if known and (day is None or known <= day) else None
            for known in (leave.approved_on, leave.returned_on)
        )
        level = leave.get_level_display() if approved or day is None else ""
        start = [leave.number, leave.person.number, leave.get_kind_display(), leave.start, leave.until, leave.reason]
        yield [*start, level, approved, returned]
