"""The ledger workbook on its way out: the same sheets, with drop-downs and notes, and a page that explains them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import IO, Any

from django.db.models import Q

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit, Village
from zhucun.base.people.models import Record
from zhucun.base.web.excel import Workbook
from zhucun.base.web.sheets import Column, Sheet
from zhucun.work.accountability.models import Case
from zhucun.work.attendance.models import Leave, PersonMonth
from zhucun.work.inspections.models import Finding, Round, Visit
from zhucun.work.inspections.sheets import ROUNDS
from zhucun.work.teams.models import Team, people_seen_by

from .planning import PARTS

KINDS = {
    "text": "文字",
    "name": "姓名",
    "code": "编号（文本）",
    "identity": "号码（必须是文本格式）",
    "date": "日期，如 2021-05-20",
    "month_date": "年月或日期，如 1985-03",
    "month": "年月，如 2022-11",
    "choice": "下拉选择",
    "yesno": "是 或 否",
    "number": "数字",
    "money": "金额，两位小数",
    "many": "可填几个，用、隔开",
    "mark": "出勤符号",
}
EXPLANATION = "填表说明"
WIDE = {"text": 18, "name": 12, "code": 18, "identity": 22, "date": 14, "month_date": 14, "many": 18, "mark": 4}


def ledger(
    county: Division, day: date | None, *, in_clear: bool, scope: Scope | None = None
) -> tuple[IO[bytes], dict[str, int]]:
    """The workbook of a county and the number of rows on each sheet; sealed columns only when `in_clear`.

    With a `scope` smaller than the county it holds that part only: its villages, teams and people, and the units they name.
    """
    book, counts = Workbook(), {}
    been = _been(county, scope) if scope is not None else {}
    seen = part_of(county, scope, been) if scope is not None else None
    for part in PARTS:
        kept = [i for i, column in enumerate(part.sheet.columns) if in_clear or not column.sealed]
        whole = part.rows(county, day)
        told = whole if seen is None else _cut(part.sheet, (row for row in whole if seen[part.sheet.name](row)), been)
        rows = ([row[i] for i in kept] for row in told)
        counts[part.sheet.name] = _write(book, part.sheet, [part.sheet.columns[i] for i in kept], rows)
    return book.finish(), counts


def _been(county: Division, scope: Scope) -> dict[str, set[str]]:
    """By number: the rounds a scope may know, with the villages of it that each has been in or found something about.

    A round is told where it has been and found something, never where it is still to come, and no village of others.
    """
    findings = Finding.objects.filter(county=county).within(scope).order_by()
    visits = Visit.objects.filter(round__county=county).within(scope).order_by()
    visits = visits.filter(Q(entered_at__isnull=False) | Q(round__state=Round.State.CLOSED))
    found: dict[str, set[str]] = defaultdict(set)
    for number, village in (
        *findings.values_list("round__number", "team__village"),
        *visits.values_list("round__number", "village"),
    ):
        found[number].add(village)
    return found


def _cut(sheet: Sheet, rows: Iterable[list], been: dict[str, set[str]]) -> Iterator[list]:
    """The rows as a part tells them: of a round that went to others as well, only the villages of the part."""
    for row in rows:
        if sheet is ROUNDS:
            number, *facts, villages = row
            yield [number, *facts, "、".join(code for code in villages.split("、") if code in been[number])]
        else:
            yield row


def part_of(county: Division, scope: Scope, been: dict[str, set[str]]) -> dict[str, Callable[[list], bool]]:
    """For each sheet whether a row of it belongs to the scope, told by the keys in its first cells."""
    teams = Team.objects.filter(county=county).seen_by(scope)
    numbers = set(teams.values_list("number", flat=True))
    people = set(people_seen_by(scope).filter(county=county).values_list("number", flat=True))
    villages = set(Village.objects.within(scope).values_list("pk", flat=True)) | set(
        teams.values_list("village_id", flat=True)
    )
    towns = {county.pk} | {code[:9] for code in villages}
    sent = Record.objects.filter(person__in=people_seen_by(scope).filter(county=county))
    units = set(Unit.objects.within(scope).values_list("name", flat=True)) | set(
        sent.values_list("unit__name", flat=True)
    )
    units |= set(teams.values_list("lead_unit__name", flat=True)) | set(teams.values_list("partners__name", flat=True))
    return {
        "行政区划": lambda row: row[0] in towns,
        "行政村": lambda row: row[0] in villages,
        "派出单位": lambda row: row[0] in units,
        "人员": lambda row: row[0] in people,
        "工作队": lambda row: row[0] in numbers,
        "任职": lambda row: row[0] in numbers and row[1] in people,
        "督查通报": lambda row: False,
        "督查": lambda row: row[0] in been,
    } | _records_of(county, scope)


def _records_of(county: Division, scope: Scope) -> dict[str, Callable[[list], bool]]:
    """The same for what happened: who came from elsewhere left their leave and their cases there."""
    months = PersonMonth.objects.filter(team__county=county).within(scope).order_by()
    known = {
        (f"{start:%Y-%m}", team, person)
        for start, team, person in months.values_list("start", "team__number", "person__number")
    }
    findings = Finding.objects.filter(county=county).within(scope).order_by()
    cases = Case.objects.filter(county=county).within(scope).order_by()
    leaves, found, reminded, interviewed = (
        set(rows.values_list("number", flat=True))
        for rows in (
            Leave.objects.filter(county=county).within(scope),
            findings,
            cases.filter(measure=Case.Measure.REMINDER),
            cases.filter(measure=Case.Measure.INTERVIEW),
        )
    )
    return {
        "出勤": lambda row: tuple(row[:3]) in known,
        "请假报备": lambda row: row[0] in leaves,
        "督查问题": lambda row: row[0] in found,
        "整改意见": lambda row: row[2] in found,
        "提醒": lambda row: row[0] in reminded,
        "约谈": lambda row: row[0] in interviewed,
    }


def template() -> IO[bytes]:
    """The workbook with headers, drop-downs and notes only, and one more sheet that explains every column."""
    book = Workbook()
    for part in PARTS:
        _write(book, part.sheet, part.sheet.columns, (), fill_in=True)
    headers = ("工作表", "列", "必填", "填什么", "可选项", "说明")
    book.sheet(EXPLANATION, headers, explanation(), widths={"可选项": 40, "说明": 60, "填什么": 22})
    return book.finish()


def explanation() -> Iterator[list[str]]:
    """One line per column: where it is, whether it must be filled in, what goes in."""
    for part in PARTS:
        for column in part.sheet.columns:
            required = "必填" if column.required else ""
            choices = "、".join(column.choices)
            yield [part.sheet.name, column.header, required, KINDS[column.kind], choices, column.hint]


def _write(
    book: Workbook, sheet: Sheet, columns: Iterable[Column], rows: Iterable[list[Any]], fill_in: bool = False
) -> int:
    columns = list(columns)
    return book.sheet(
        sheet.name,
        [column.header for column in columns],
        rows,
        required=[column.header for column in columns if column.required],
        choices={column.header: drop_down(column) for column in columns if drop_down(column)},
        notes={column.header: note(column) for column in columns},
        text_columns=[
            c.header for c in columns if c.kind in {"text", "name", "code", "identity", "many", "month_date"}
        ],
        widths={column.header: WIDE.get(column.kind, max(12, len(column.header) * 2.4)) for column in columns},
        fill_in=fill_in,
    )


def drop_down(column: Column) -> tuple[str, ...]:
    """What a cell of the column offers."""
    if column.kind == "yesno":
        return ("是", "否")
    return column.choices if column.kind == "choice" else ()


def note(column: Column) -> str:
    """The comment on a header."""
    required = "必填。" if column.required else "可以空着。"
    choices = f"可选：{'、'.join(column.choices)}。" if column.choices else ""
    return f"{required}{KINDS[column.kind]}。{choices}{column.hint}"
