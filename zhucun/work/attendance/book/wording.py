"""What the typst templates are given: the words and numbers of a month page, a cover, a daily page, ready to be set."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from . import geometry
from .covers import Cover
from .drawing import CODE_MODULES, CODE_QUIET, MARKER_MODULES, code, marker
from .geometry import MARKERS, OPTIONS, PEOPLE_A_PAGE
from .glyphs import refuse_missing
from .pages import Day, Page, Row

Data = dict[str, object]

DAILY_LINES = 16
"""Lines of a daily page."""


def numbers() -> Data:
    """The numbers of geometry.py under the names the templates use; mm, and modules for the squares."""
    return {
        "width": geometry.PAGE_WIDTH,
        "height": geometry.PAGE_HEIGHT,
        "left": geometry.GRID_LEFT,
        "top": geometry.GRID_TOP,
        "column": geometry.COLUMN_PITCH,
        "row": geometry.ROW_PITCH,
        "person": geometry.PERSON_PITCH,
        "gap": geometry.PERSON_GAP,
        "people": PEOPLE_A_PAGE,
        "bubble": [geometry.BUBBLE_WIDTH, geometry.BUBBLE_HEIGHT],
        "outline": geometry.OUTLINE,
        "letter": geometry.LETTER_HEIGHT,
        "grey": geometry.LETTER_GREY,
        "options": OPTIONS,
        "codes": geometry.CODES,
        "code": [CODE_MODULES, CODE_QUIET],
        "marker": [geometry.MARKER_SIDE, MARKER_MODULES],
        "markers": [{"x": x, "y": y, "runs": marker(number)} for number, (x, y) in MARKERS.items()],
    }


def month_page(page: Page, key: bytes) -> Data:
    """A month page as the template sets it.

    Raises ValueError when a sign is not in the font, when more than five people stand on the page, or when somebody has a
    day that is none of the page's columns.
    """
    _check(page)
    text = page.code(key)
    return {
        "county": one_line(page.county_name),
        "month": month_text(page.month),
        "fields": [
            ["乡镇", one_line(page.township)],
            ["村（社区）", one_line(page.village)],
            ["工作队", one_line(page.team_name)],
            ["派出单位", one_line(page.unit)],
            ["队长", one_line(page.leader)],
        ],
        "code": text,
        "runs": code(text),
        "place": f"第{page.part}页 共{page.parts}页",
        "version": f"第{page.version}版",
        "provisional": page.provisional,
        "days": [[day.day, day.weekday, day.rest, one_line(day.name)] for day in page.days],
        "rows": [_row(row, page.days) for row in page.rows],
    }


def refuse_unprintable(pages: Iterable[Page]) -> None:
    """Refuse with ValueError, as `month_page` does, the first page that cannot be printed."""
    for page in pages:
        _check(page)


def cover_page(cover: Cover) -> Data:
    """A cover as the template sets it; raises ValueError when a sign is not in the font."""
    fields = [
        ["乡镇", one_line(cover.township)],
        ["村（社区）", one_line(cover.village)],
        ["工作队", one_line(cover.team_name)],
        ["派出单位", one_line(cover.unit)],
        ["队长", one_line(cover.leader)],
        ["编号", one_line(cover.number)],
    ]
    refuse_missing([("县名", cover.county_name), *((label, text) for label, text in fields)])
    return {"county": one_line(cover.county_name), "year": cover.year, "fields": fields}


def daily_pages(pages: Sequence[Page]) -> Iterator[Data]:
    """The daily pages of the month pages: one line for everybody and each day of service, days kept together.

    The parts of one team's month make one run of daily pages. Raises ValueError as `month_page` does.
    """
    for _, together in groupby(pages, key=lambda page: (page.county, page.team, page.month, page.version)):
        parts = list(together)
        for page in parts:
            _check(page)
        sheets = list(_sheets(_lines(parts)))
        for place, sheet in enumerate(sheets, start=1):
            yield {
                "county": one_line(parts[0].county_name),
                "month": month_text(parts[0].month),
                "fields": [one_line(text) for text in (parts[0].township, parts[0].village, parts[0].team_name)],
                "place": f"第{place}页 共{len(sheets)}页",
                "days": sheet,
            }


def one_line(text: str) -> str:
    """A text without line ends, tabs and doubled space."""
    return " ".join(text.split())


def month_text(month: str) -> str:
    """`2022-11` as 2022年11月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def runs(days: Iterable[int]) -> list[list[int]]:
    """Days as spans of days that follow each other: first and last day, inclusive."""
    found: list[list[int]] = []
    for day in sorted(days):
        if found and found[-1][1] == day - 1:
            found[-1][1] = day
        else:
            found.append([day, day])
    return found


def _row(row: Row, days: Sequence[Day]) -> Data:
    spans = runs(row.days)
    whole = len(row.days) == len(days)
    listed = "、".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
    return {
        "name": one_line(row.name),
        "role": one_line(row.role),
        "span": "" if whole else f"{listed}日" if listed else "本月无",
        "runs": spans,
    }


def _check(page: Page) -> None:
    if len(page.rows) > PEOPLE_A_PAGE:
        raise ValueError(f"{page.team_name}的一页最多印{PEOPLE_A_PAGE}人，给了{len(page.rows)}人；请分成几页。")
    columns = {day.day for day in page.days}
    for row in page.rows:
        if strange := sorted(set(row.days) - columns):
            raise ValueError(f"{row.name}的在队日期里有{page.month}没有的一天：{strange[0]}日。")
    refuse_missing(_spoken(page))


def _spoken(page: Page) -> Iterator[tuple[str, str]]:
    yield from (("县名", page.county_name), ("乡镇", page.township), ("村", page.village), ("工作队", page.team_name))
    yield from (("派出单位", page.unit), ("队长", page.leader))
    for row in page.rows:
        yield from (("姓名", row.name), ("职务", row.role))
    yield from (("节假日", day.name) for day in page.days)


def _lines(parts: Sequence[Page]) -> Iterator[tuple[Day, list[str]]]:
    for day in parts[0].days:
        names = [one_line(row.name) for page in parts for row in page.rows if day.day in row.days]
        for start in range(0, len(names), DAILY_LINES):
            yield day, names[start : start + DAILY_LINES]


def _sheets(lines: Iterable[tuple[Day, list[str]]]) -> Iterator[list[Data]]:
    sheet: list[Data] = []
    used = 0
    for day, names in lines:
        if used + len(names) > DAILY_LINES:
            yield sheet
            sheet, used = [], 0
        sheet.append({"day": day.day, "weekday": day.weekday, "rest": day.rest, "names": names})
        used += len(names)
    if sheet:
        yield sheet
