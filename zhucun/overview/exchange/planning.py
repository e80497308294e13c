"""The sheets of the ledger workbook in the order they lean on each other; a workbook becomes a plan."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhucun.base.directory import loading as directory
from zhucun.base.directory import sheets as directory_sheets
from zhucun.base.directory.models import Division
from zhucun.base.people import loading as people
from zhucun.base.people import sheets as people_sheets
from zhucun.base.web.ledger import Book, Problem
from zhucun.base.web.sheets import Sheet
from zhucun.work.accountability import loading as accountability
from zhucun.work.accountability import sheets as accountability_sheets
from zhucun.work.attendance import loading as attendance
from zhucun.work.attendance import sheets as attendance_sheets
from zhucun.work.inspections import loading as inspections
from zhucun.work.inspections import sheets as inspections_sheets
from zhucun.work.teams import loading as teams
from zhucun.work.teams import sheets as teams_sheets

from .parsing import MOST_PROBLEMS, Read


@dataclass(frozen=True)
class Part:
    """One sheet: how it is compared (`plan`), written (`write`) and handed out (`rows`)."""

    sheet: Sheet
    plan: Callable[[Book, date], None]
    write: Callable[..., None]
    rows: Callable[[Division, date | None], Iterator[list]]


PARTS = (
    Part(
        directory_sheets.DIVISIONS,
        lambda book, day: directory.plan_divisions(book),
        directory.write_divisions,
        directory_sheets.division_rows,
    ),
    Part(
        directory_sheets.VILLAGES,
        lambda book, day: directory.plan_villages(book),
        directory.write_villages,
        directory_sheets.village_rows,
    ),
    Part(
        directory_sheets.UNITS,
        lambda book, day: directory.plan_units(book),
        directory.write_units,
        directory_sheets.unit_rows,
    ),
    Part(people_sheets.PEOPLE, people.plan_people, people.write_people, people_sheets.person_rows),
    Part(
        teams_sheets.TEAMS,
        lambda book, day: teams.plan_teams(book),
        teams.write_teams,
        teams_sheets.team_rows,
    ),
    Part(
        teams_sheets.POSTINGS,
        lambda book, day: teams.plan_postings(book),
        teams.write_postings,
        teams_sheets.posting_rows,
    ),
    Part(attendance_sheets.MONTHS, attendance.plan_months, attendance.write_months, attendance_sheets.month_rows),
    Part(attendance_sheets.LEAVES, attendance.plan_leaves, attendance.write_leaves, attendance_sheets.leave_rows),
    Part(inspections_sheets.ROUNDS, inspections.plan_rounds, inspections.write_rounds, inspections_sheets.round_rows),
    Part(
        inspections_sheets.FINDINGS,
        inspections.plan_findings,
        inspections.write_findings,
        inspections_sheets.finding_rows,
    ),
    Part(
        inspections_sheets.CORRECTIONS,
        inspections.plan_corrections,
        inspections.write_corrections,
        inspections_sheets.correction_rows,
    ),
    Part(
        inspections_sheets.CIRCULARS,
        inspections.plan_circulars,
        inspections.write_circulars,
        inspections_sheets.circular_rows,
    ),
    Part(
        accountability_sheets.REMINDERS,
        accountability.plan_reminders,
        accountability.write_cases,
        accountability_sheets.reminder_rows,
    ),
    Part(
        accountability_sheets.INTERVIEWS,
        accountability.plan_interviews,
        accountability.write_cases,
        accountability_sheets.interview_rows,
    ),
)
SHEETS = {part.sheet.name: part.sheet for part in PARTS}
# Sheets of the contract whose rooms are not built yet: skipped with a warning of their own.
TO_COME = ("督查 督查问题 整改意见 督查通报 提醒 约谈 考核 表彰 培训 刊物 中心工作 联点 到村调研 帮扶资金 待遇").split()


def plan(read: Read, day: date, progress: Callable[[str], Any] = lambda text: None) -> Book:
    """Compare every sheet with the database; the book that comes back holds all problems, or what is to be written.

    `day` is today: nobody is born after it. Reads only.
    """
    county = county_of(read)
    book = Book(county, read.pages, read.problems, read.warnings)
    if not county or len(read.problems) > MOST_PROBLEMS:
        return book
    for part in PARTS:
        progress(part.sheet.name)
        part.plan(book, day)
    return book


def county_of(read: Read) -> str:
    """The 6-digit code of the county the workbook is about; empty, with a problem noted, when that cannot be told.

    It is what most codes of 行政区划 and 行政村 begin with (a code of another county is that line's problem), else the
    only county known.
    """
    names = (directory_sheets.DIVISIONS.name, directory_sheets.VILLAGES.name)
    lines = (line for name in names if name in read.pages for line in read.pages[name].lines)
    codes = (line.values.get("code", "") for line in lines)
    counted = Counter(code[:6] for code in codes if len(code) in {6, 9, 12} and code.isascii() and code.isdigit())
    if counted:
        return counted.most_common(1)[0][0]
    known = list(Division.objects.filter(kind=Division.Kind.COUNTY).values_list("code", flat=True)[:2])
    if len(known) == 1:
        return known[0]
    if any(page.lines for page in read.pages.values()):
        why = "系统里有几个县" if known else "系统里还没有县"
        sentence = f"看不出这个工作簿是哪个县的（{why}），请在“行政区划”里加一行县（6 位代码，类型填“县”）。"
        read.problems.append(Problem(names[0], 0, "", "", sentence))
    return ""
