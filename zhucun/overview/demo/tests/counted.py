"""The exported workbook counted cell by cell with openpyxl: what the figures of the demonstration are held against."""

from collections import Counter, defaultdict
from contextlib import closing
from datetime import date, timedelta

from openpyxl import load_workbook

from zhucun.base.directory.models import Division
from zhucun.overview.exchange.exporting import ledger

NOTICES = {"公出报备": "公", "培训": "培", "会议": "会"}
INSPECTED = ("督查", "督查问题", "整改意见", "督查通报", "提醒", "约谈")
LEAVES = {"事假": "事", "病假": "病", "公休": "休", "婚假": "婚", "产假": "产", "丧假": "丧"}


def days(first: date, last: date) -> list[date]:
    """Every day from the one to the other."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def as_day(value) -> date | None:
    """What a cell of dates says."""
    return date.fromisoformat(str(value)[:10]) if value else None


def rows_of(sheet) -> list[dict]:
    """The lines of a sheet by their heads, without the star of a column that must be filled in."""
    lines = sheet.iter_rows(values_only=True)
    heads = [str(head).rstrip("*") for head in next(lines)]
    return [dict(zip(heads, line, strict=False)) for line in lines if line[0]]


class Workbook:
    """Sheets as plain rows: 任职, 出勤 and 请假报备, by name those of inspections; `marks` is the symbol by person and day."""

    def __init__(self) -> None:
        file, _ = ledger(Division.objects.get(pk="430426"), None, in_clear=False)
        with file, closing(load_workbook(file, read_only=True)) as book:
            postings, self.months, self.slips = (rows_of(book[name]) for name in ("任职", "出勤", "请假报备"))
            self.inspected = {name: rows_of(book[name]) for name in INSPECTED}
        self.in_post: dict[str, set[date]] = defaultdict(set)
        self.crew: dict[tuple[str, date], set[str]] = defaultdict(set)
        for row in postings:
            end = as_day(row["离任日期"]) or date(2022, 12, 31)
            for day in days(max(as_day(row["到任日期"]) or end, date(2021, 6, 1)), end):
                self.in_post[row["人员编号"]].add(day)
                self.crew[row["工作队编号"], day].add(row["人员编号"])
        self.marks: dict[tuple[str, date], str] = {}
        self.twice = 0
        for row in self.months:
            year, month = map(int, row["月份"].split("-"))
            for n in range(1, 32):
                if row[str(n)] not in (None, "—"):
                    key = row["人员编号"], date(year, month, n)
                    self.twice += key in self.marks
                    self.marks[key] = row[str(n)]

    def dated(self, sheet: str, column: str, year: int) -> list[dict]:
        """The rows of a sheet with a day of that year, up to the demonstration's day of it, in a column."""
        first, last = date(year, 1, 1), date(year, 12, 7)
        return [row for row in self.inspected[sheet] if first <= (as_day(row[column]) or date.min) <= last]

    def of_rounds(self, sheet: str, year: int) -> list[dict]:
        """The rows of a sheet that belong to rounds held in that year."""
        rounds = {row["督查编号"] for row in self.dated("督查", "日期", year)}
        return [row for row in self.inspected[sheet] if row["督查编号"] in rounds]

    def symbols(self, year: int) -> Counter[str]:
        """How often each symbol stands in a year."""
        return Counter(symbol for (_, day), symbol in self.marks.items() if day.year == year)

    def leave_days(self, year: int) -> int:
        """Calendar days of approved leave in a year, both ends included."""
        rows = [row for row in self.slips if row["类别"] in LEAVES and row["批准日期"]]
        return sum(day.year == year for row in rows for day in self.of_slip(row))

    @staticmethod
    def of_slip(row: dict) -> list[date]:
        """Every day of a slip."""
        first, last = (date.fromisoformat(str(row[name])[:10]) for name in ("开始日期", "结束日期"))
        return days(first, last)

    def met(self, first: date, last: date) -> tuple[int, int]:
        """Of the people in post on every day of a month: how many, and how many were there on twenty days."""
        whole = [person for person, held in self.in_post.items() if held.issuperset(days(first, last))]
        there = [
            sum(self.marks.get((person, day), "") in set("√公培会") for day in days(first, last)) for person in whole
        ]
        return len(whole), sum(n >= 20 for n in there)
