"""Tables with borders, and the printing record (版记) at the foot of the last page.

Written as XML straight away: python-docx looks a cell up by walking the whole table, which a long roster would feel.
"""

from collections.abc import Sequence
from math import sqrt

from docx.oxml.ns import qn

from zhucun.base.web.cells import text_of

from .looks import TEXT_WIDTH, element
from .papers import Table, lines, width, written

SIZES = (12, 10.5, 9)
LONGEST_CENTRED = 10  # characters; longer texts read better from the left
WIDEST = 40  # characters a column may ask for before its text is broken
PADDING = 1.2  # characters a cell keeps free, left and right together
ROW = 1.7  # height of a row, in times of its text
LINE = 1.35  # height of one line more, in times of its text
EDGE = 100  # the same in twentieths of a point, on one side


def table_of(table: Table, room: float):
    """The table as an element; `room` is the width of the text in twentieths of a point."""
    rows = [[lines(text_of(value)) for value in row] for row in table.rows]
    size, widths, left = measured(table, rows, room)
    made = _frame(widths, dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), 4))
    columns = len(table.columns)
    made.append(_row([[written(name)] for name in table.columns], widths, "GwHead", size, head=True))
    above: list[list[str]] = []
    for number, row in enumerate(rows):
        row = (row + [[]] * columns)[:columns]
        joined = next((at for at in range(table.merge) if not above or row[at] != above[at]), table.merge)
        made.append(
            _row(row, widths, "GwCell", size, left=left, joined=joined, merge=table.merge, high=high_of(table, number))
        )
        above = row
    return made


def high_of(table: Table, row: int) -> float:
    """How many lines a row is high at least; 0 where nothing was asked for."""
    return table.high[row] if row < len(table.high) else 0


def measured(table: Table, rows: Sequence[Sequence[list[str]]], room: float) -> tuple[float, list[int], set[int]]:
    """The size of the text, the widths of the columns in `room`, and the columns whose text stands left; for PDF as well."""
    needs = _needs(table.columns, rows)
    size = table.size or next((size for size in SIZES if sum(needs) * size * 20 <= room), SIZES[-1])
    widths = _shares(table.widths or fitted(needs, room / size / 20), room)
    return size, widths, {at for at, need in enumerate(needs) if need - PADDING > LONGEST_CENTRED}


def fitted(needs: Sequence[float], room: float) -> list[float]:
    """What each column gets of `room` characters: those that need little get it, the long ones share the rest, the longest most."""
    if sum(needs) <= room:
        return list(needs)
    given: dict[int, float] = {}
    while True:
        open_ = [at for at in range(len(needs)) if at not in given]
        share = (room - sum(given.values())) / max(len(open_), 1)
        modest = [at for at in open_ if needs[at] <= share]
        if not modest:
            scale = share * len(open_) / sum(sqrt(needs[at]) for at in open_)
            return [given.get(at, sqrt(needs[at]) * scale) for at in range(len(needs))]
        given |= {at: needs[at] for at in modest}


def _needs(columns: Sequence[str], rows: Sequence[Sequence[list[str]]]) -> list[float]:
    needs = [width(written(name)) for name in columns]
    for row in rows:
        for at, texts in enumerate(row[: len(needs)]):
            needs[at] = max([needs[at], *(min(width(text), WIDEST) for text in texts)])
    return [max(need, 2) + PADDING for need in needs]


def _shares(widths: Sequence[float], room: float) -> list[int]:
    total = sum(widths) or 1
    return [int(room * one / total) for one in widths]


def _frame(widths: Sequence[int], borders: dict[str, int], edge: int = EDGE):
    made, own = element("tbl"), element("tblPr")
    own.append(element("tblW", w=sum(widths), type="dxa"))
    own.append(element("jc", val="center"))
    lines_ = element("tblBorders")
    for side, thick in borders.items():
        lines_.append(element(side, val="single", sz=thick, space=0, color="000000"))
    own.append(lines_)
    own.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=edge, type="dxa"))
    own.append(margins)
    grid = element("tblGrid")
    for one in widths:
        grid.append(element("gridCol", w=one))
    made.append(own)
    made.append(grid)
    return made


def _row(cells, widths, style, size, *, head=False, left=frozenset(), joined=0, merge=0, high=0):
    made, own = element("tr"), element("trPr")
    own.append(element("cantSplit"))
    if size:
        own.append(element("trHeight", val=round(size * 20 * max(ROW, high * LINE)), hRule="atLeast"))
    if head:
        own.append(element("tblHeader"))
    made.append(own)
    for at, (texts, one) in enumerate(zip(cells, widths, strict=True)):
        cell, shape = element("tc"), element("tcPr")
        shape.append(element("tcW", w=one, type="dxa"))
        if at < merge:
            shape.append(element("vMerge") if at < joined else element("vMerge", val="restart"))
        shape.append(element("vAlign", val="center"))
        cell.append(shape)
        shown = [] if at < joined else texts
        for text in shown or [""]:
            cell.append(_paragraph(text, style, size, left=at in left))
        made.append(cell)
    return made


def _paragraph(text: str, style: str, size: float = 0, *, left: bool = False):
    made, own = element("p"), element("pPr")
    own.append(element("pStyle", val=style))
    if left:
        own.append(element("jc", val="left"))
    made.append(own)
    if text:
        made.append(_run(text, size))
    return made


def _run(text: str, size: float = 0):
    run, words = element("r"), element("t")
    if size and size != SIZES[0]:
        own = element("rPr")
        for tag in ("sz", "szCs"):
            own.append(element(tag, val=round(size * 2)))
        run.append(own)
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    return run


def printing_record(copies: str, printed_by: str, printed_on: str):
    """The record at the foot of the last page: 抄送, then who printed it and when; None where there is nothing."""
    made = _frame([TEXT_WIDTH], {"top": 8, "bottom": 8, "insideH": 6}, edge=0)  # 0.35 mm and 0.25 mm
    made.tblPr.insert(
        0, element("tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom")
    )
    label = copies.partition("：")[0] + "：" if "：" in copies[:6] else ""
    if copies:
        made.append(_record_row(copies, hanging=round(width(label) * 280)))
    if printed_by or printed_on:
        made.append(_record_row(printed_by, printed_on))
    return made if copies or printed_by or printed_on else None


def _record_row(text: str, right: str = "", hanging: int = 0):
    row = _row([[text]], [TEXT_WIDTH], "GwRecord", 0)
    paragraph = next(row.iter(qn("w:p")))
    own = paragraph.find(qn("w:pPr"))
    if right:
        tabs, run = element("tabs"), element("r")
        tabs.append(element("tab", val="right", pos=TEXT_WIDTH - 280))
        own.append(tabs)
        run.append(element("tab"))
        paragraph.append(run)
        paragraph.append(_run(right))
    own.append(element("ind", left=280 + hanging, right=280, hanging=hanging))
    return row
