"""The summaries as workbooks: the sheets people sign drawn cell by cell as on paper, the tables of a township, the county and a unit."""

from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from zhucun.base.web.excel import FONT, Workbook, clean, sheet_name

from .county import CountySummary, Town
from .sheet import FOOT, LEAVES, LEGEND, NOTE, Row, TeamSheet
from .township import TownshipSummary
from .units import UnitSummary

BEFORE, AFTER = (
    ("序号", "姓名", "职务"),
    ("在村天数", "视同驻村天数", *(name for name, _ in LEAVES), "未报备缺勤", "应驻天数", "达标情况", "本人确认"),
)
GROUP = "请假天数"
WIDTHS = {"序号": 5, "姓名": 9, "职务": 11, "应驻天数": 9, "达标情况": 9, "本人确认": 11}
GRID = {**FONT, "font_size": 9, "border": 1, "align": "center", "text_wrap": True}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {**FONT, "bold": True, "font_size": 16, "align": "center"},
    "line": {**FONT, "font_size": 10},
    "head": {**GRID, "bold": True, "bg_color": "#E8EBF0"},
    "cell": {**GRID, "num_format": "@"},
    "number": GRID,
    "rest": {**GRID, "num_format": "@", "bg_color": "#EDEFF2"},
    "corrected": {**GRID, "num_format": "@", "underline": 1},
    "corrected_rest": {**GRID, "num_format": "@", "underline": 1, "bg_color": "#EDEFF2"},
}


def month_sheets(sheets: Sequence[TeamSheet]) -> IO[bytes]:
    """考勤月表 of the teams, one to a sheet, laid out as on paper (A4, landscape)."""
    book = Workbook(constant_memory=False)
    looks = {name: book.writer.add_format(look) for name, look in LOOKS.items()}
    taken: set[str] = set()
    for sheet in sheets:
        _MonthSheet(book, looks, _free(f"{sheet.team.village.name}{sheet.team.number}", taken), sheet).draw()
    return book.finish()


def _free(name: str, taken: set[str]) -> str:
    """A name for a sheet that no other has, whatever Excel makes of it."""
    base = name = sheet_name(name)
    n = 1
    while name.lower() in taken:
        n += 1
        name = f"{base[:27]} {n}"
    taken.add(name.lower())
    return name


class _MonthSheet:
    """One 考勤月表 being drawn."""

    def __init__(self, book: Workbook, looks: dict[str, Any], name: str, sheet: TeamSheet):
        self.page, self.looks, self.sheet = book.writer.add_worksheet(name), looks, sheet
        self.first = len(BEFORE)
        self.after = self.first + len(sheet.days)
        self.last = self.after + len(AFTER) - 1

    def draw(self) -> None:
        """Title, heads, people, legend and signatures."""
        page, sheet = self.page, self.sheet
        page.merge_range(0, 0, 0, self.last, clean(f"{sheet.team}考勤月表"), self.looks["title"])
        lead = f"{sheet.month.label}　{sheet.team.village.township.name}　编号：{sheet.team.number}　牵头单位：{sheet.team.lead_unit}　{sheet.state}"
        page.merge_range(1, 0, 1, self.last, clean(lead), self.looks["line"])
        self._heads()
        for n, row in enumerate(sheet.rows, start=1):
            self._row(3 + n, n, row)
        below = 4 + len(sheet.rows)
        for line in (LEGEND, NOTE, "　　　　".join(f"{one}：" for one in FOOT)):
            page.merge_range(below, 0, below, self.last, clean(line), self.looks["line"])
            below += 1
        page.set_row(below - 1, 34)
        page.freeze_panes(4, 2)
        page.repeat_rows(0, 3)
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.4)
        page.fit_to_pages(1, 0)

    def _heads(self) -> None:
        page, head = self.page, self.looks["head"]
        for column, name in [*enumerate(BEFORE), *enumerate(AFTER, start=self.after)]:
            page.set_column(column, column, WIDTHS.get(name, 6))
            if name not in dict(LEAVES):
                page.merge_range(2, column, 3, column, name, head)
        page.set_column(self.first, self.after - 1, 2.9)
        start = self.after + AFTER.index(LEAVES[0][0])
        page.merge_range(2, start, 2, start + len(LEAVES) - 1, GROUP, head)
        for column, (name, _) in enumerate(LEAVES, start=start):
            page.write_string(3, column, name, head)
        for column, day in enumerate(self.sheet.days, start=self.first):
            page.write_number(2, column, day.number, head)
            page.write_string(3, column, day.weekday, head)

    def _row(self, place: int, n: int, row: Row) -> None:
        page, cell, number = self.page, self.looks["cell"], self.looks["number"]
        page.set_row(place, 24)
        page.write_number(place, 0, n, number)
        page.write_string(place, 1, clean(row.name), cell)
        page.write_string(place, 2, row.role, cell)
        for column, one in enumerate(row.cells, start=self.first):
            look = ("corrected_rest" if one.rest else "corrected") if one.corrected else "rest" if one.rest else "cell"
            _text(page, place, column, one.symbol, self.looks[look])
        values = [
            row.tally.present,
            row.tally.counts_as,
            *row.leaves,
            row.tally.absent,
            row.due or row.due_text,
            row.standing,
            "",
        ]
        for column, value in enumerate(values, start=self.after):
            if isinstance(value, int):
                page.write_number(place, column, value, number)
            else:
                _text(page, place, column, value or "", cell)


def _text(page, row: int, column: int, text: str, look: Any) -> None:
    """A text, or an empty cell with its borders."""
    if text:
        page.write_string(row, column, text, look)
    else:
        page.write_blank(row, column, None, look)


TOWNSHIP = ("序号", "村", "工作队", "派出单位", "姓名", "应驻", "实驻", "视同", "请假", "缺勤", "累计（本年）", "距目标差", "备注")  # fmt: skip


def township(summary: TownshipSummary, preface: Sequence[str]) -> IO[bytes]:
    """乡镇月度出勤汇总表 as a workbook."""
    book = Workbook()
    rows: list[Sequence[Any]] = [
        (n, line.posting.team.village.name, line.posting.team.number, line.posting.unit.name, line.posting.person.name,
         line.due, line.present, line.counts_as, line.leave, line.absent, line.year_total, line.gap, "；".join(line.remarks))
        for n, line in enumerate(summary.lines, start=1)
    ]  # fmt: skip
    totals = summary.totals
    rows.append(("合计", "", "", "", f"{len(summary.lines)} 人", None, *totals.values(), None, None, ""))
    widths = {"序号": 6, "村": 14, "工作队": 12, "派出单位": 22, "姓名": 10, "备注": 36}
    book.sheet("乡镇月度出勤汇总表", TOWNSHIP, rows, preface=preface, widths=widths)
    return book.finish()


def county_heads(summary: CountySummary) -> list[str]:
    """The heads of 县汇总: person-months where the period is longer than one month."""
    kinds = [f"{kind}{'人数' if summary.is_month else '人月'}" for kind in ("达标", "未达标", "未录完")]
    own = ["县"] if summary.several else []
    return [
        *own,
        "乡镇",
        "队数",
        "人数",
        "人均驻村天数",
        *kinds,
        "请假人次",
        *(one.label for one in summary.more),
        "上报时间",
    ]


def county(summary: CountySummary, preface: Sequence[str]) -> IO[bytes]:
    """县汇总 as a workbook."""
    book = Workbook()
    rows = [_town(town, summary) for town in (*summary.towns, summary.total)]
    book.sheet("县月度出勤汇总表", county_heads(summary), rows, preface=preface, widths={"乡镇": 16, "上报时间": 34})
    return book.finish()


def _town(town: Town, summary: CountySummary) -> list[Any]:
    own = [town.division.parent.name if town.division.parent else ""] if summary.several else []
    measure = town.measure
    told = reported(town, summary)
    return [
        *own,
        town.division.name,
        town.teams,
        town.people,
        measure.mean,
        measure.met,
        measure.short,
        measure.open,
        town.slips,
        *town.more,
        told,
    ]


def reported(town: Town, summary: CountySummary) -> str:
    """上报时间 in words: the day the last team was confirmed, what is late, what is missing."""
    found = town.reported
    if not found.expected:
        return "本月未完"
    day: date | None = found.last_on
    if summary.is_month:
        said = [f"{day}"] if day and not found.waiting else []
        late = "逾期" if found.late and not found.waiting else ""
        missing = f"还有 {found.waiting} 队未确认" if found.waiting else ""
        overdue = f"（逾期 {found.overdue} 队）" if found.overdue else ""
        return " ".join(part for part in (*said, late, f"{missing}{overdue}") if part)
    late = f"逾期确认 {found.late} 队次" if found.late else ""
    missing = f"未确认 {found.waiting} 队次" if found.waiting else ""
    return "；".join(part for part in (late, missing) if part) or "都已按期确认"


def unit(summary: UnitSummary, preface: Sequence[str]) -> IO[bytes]:
    """派出单位版 as a workbook."""
    book = Workbook()
    months = [f"{n}月" for n in range(1, 13)]
    rows: list[Sequence[Any]] = [
        (line.posting.team.village.township.name, line.posting.team.village.name, line.posting.person.name,
         *(month.text if month.days is None else month.days for month in line.months), line.total)
        for line in summary.lines
    ]  # fmt: skip
    rows.append(("合计", "", f"{len(summary.lines)} 人", *summary.sums, summary.total))
    widths = {"乡镇": 14, "村": 14, "人员": 12} | dict.fromkeys(months, 7)
    book.sheet("派出单位出勤汇总表", ("乡镇", "村", "人员", *months, "累计"), rows, preface=preface, widths=widths)
    return book.finish()
