"""The figures and 队伍结构统计表 as files that leave the system: workbooks and print views, each noted in the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import FileResponse

from zhucun.base.access.exports import note_export
from zhucun.base.access.figure import Value
from zhucun.base.access.request import Request
from zhucun.base.web.excel import Workbook, attachment

from .asked import Asked
from .catalogue import Line
from .structure import HEADLINES, Dimension, Part, Place


@dataclass(frozen=True)
class Paper:
    """What leaves the system: its title and the lines that say of whom and when."""

    title: str
    asked: Asked

    @property
    def lines(self) -> list[str]:
        """The lines above the headers."""
        period, before = self.asked.period, self.asked.before
        span = f"{period.label}（{period.start} 至 {period.until}），上年同期 {before.start} 至 {before.until}"
        return [self.title, f"{self.asked.area.label}　{span}"]

    @property
    def day_lines(self) -> list[str]:
        """The same for what is counted on a day."""
        return [self.title, f"{self.asked.area.label}　{self.asked.period.until}，上年同日 {self.asked.before.until}"]

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.asked.area.label}{self.title} {self.asked.period.until}.xlsx"


def figures_workbook(request: Request, paper: Paper, lines: Sequence[Line]) -> FileResponse:
    """The figures page as a workbook of one sheet."""
    heads = ("指标", "单位", "本期", "上年同期", "增减", "怎么算", "数据来源", "代码")
    rows = [
        (one.label, one.unit, line.now.value, line.before.value, line.change, one.definition, one.source, one.code)
        for line in lines
        for one in (line.indicator,)
    ]
    book = Workbook()
    book.sheet(
        paper.title, heads, rows, preface=paper.lines, widths={"怎么算": 50, "数据来源": 30, "代码": 34, "指标": 18}
    )
    return _handed_out(request, paper, book, len(rows))


def structure_workbook(
    request: Request,
    paper: Paper,
    lines: Sequence[Line],
    divided: Iterable[tuple[Dimension, Sequence[Part]]],
    townships: Sequence[Place],
    units: Sequence[Place],
) -> FileResponse:
    """队伍结构统计表: the whole against last year, then one row a township and one row a unit (domain.md 3.12)."""
    day, before = paper.asked.period.until, paper.asked.before.until
    book = Workbook()
    heads: tuple[str, ...] = ("项目", "类别", f"{day}", "占比", f"{before}", "占比 ", "增减")
    rows: list[tuple] = [
        ("总体", f"{x.indicator.label}（{x.indicator.unit}）", x.now.value, "", x.before.value, "", x.change)
        for x in lines
    ]
    for dimension, parts in divided:
        rows += [(dimension.label, p.category.label, p.now, p.share, p.before, p.share_before, p.change) for p in parts]
    book.sheet(paper.title, heads, rows, preface=paper.day_lines, widths={"类别": 26})
    labels = [f"{one.label}（{one.unit}）" for one in HEADLINES]
    for name, places in (("乡镇", townships), ("派出单位", units)):
        heads = (name, *labels, f"{before} 人数")
        book.sheet(name, heads, [_row(place) for place in places], preface=paper.day_lines, widths={name: 24})
    return _handed_out(request, paper, book, len(rows) + len(townships) + len(units))


def _row(place: Place) -> list[str | Value]:
    return [place.row.name, *(one.value for one in place.values), place.people_before]


def _handed_out(request: Request, paper: Paper, book: Workbook, rows: int) -> FileResponse:
    note_export(request, paper, rows)
    return attachment(book.finish(), paper.name)
