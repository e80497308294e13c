"""Hints from the marks by themselves: days without anybody, months without a day off, rows alike, the same weekday; pure."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from statistics import median

from zhucun.work.attendance.rules import BLANK, COUNTS_AS, OUT, PRESENT, tally

from .sheet import Code, Hint, Sheet

CHANGES = 3
"""How many changes of symbol, beyond those of the calendar, two equal rows must have before they are worth a look."""
MONTHS_ALIKE = 3
"""For how many months in a row the same weekday away is worth a look (audits found whole years, domain.md 1.10)."""
TIMES_MEDIAN, DAYS_MORE, FEWEST = 1.6, 15, 5
"""“61 days claimed where neighbours had 35” (domain.md 1.10); below five people a median says nothing."""
WEEKDAYS = "一二三四五六日"
THERE = PRESENT + COUNTS_AS


def nobody_on_duty(sheet: Sheet) -> Iterator[Hint]:
    """Working days on which fewer people than the policy wants were in the village; days not wholly recorded are left out."""
    days = []
    for day in sheet.days:
        marks = [line.mark(day) for line in sheet.lines if day in line.in_post]
        known = marks and BLANK not in marks and day not in sheet.rest_days
        if known and marks.count(PRESENT) < sheet.policy.on_duty:
            days.append(day)
    if days:
        yield Hint(
            Code.ALONE,
            f"{sheet.in_words(days)}（工作日）在村不足 {sheet.policy.on_duty} 人，全队都不在村或人数不够。",
            None,
            tuple(days),
        )


def never_away(sheet: Sheet) -> Iterator[Hint]:
    """Present on every single day of the month, all days of rest included."""
    for line in sheet.lines:
        whole = set(sheet.days) <= line.in_post and sheet.rest_days
        if whole and all(mark in THERE for mark in line.marks):
            sentence = f"{line.name}全月 {len(line.marks)} 天都记在岗，包括 {len(sheet.rest_days)} 个休息日。"
            yield Hint(Code.NEVER_AWAY, sentence, line.person, tuple(sorted(sheet.rest_days)))


def alike(sheet: Sheet) -> Iterator[Hint]:
    """Two members whose month is the same day by day, with changes that the calendar does not explain."""
    for one, other in combinations(sheet.lines, 2):
        if one.marks == other.marks and _own_changes(sheet, one.marks) >= CHANGES:
            sentence = f"{other.name}和{one.name}这个月的出勤逐日相同。"
            yield Hint(Code.ALIKE, sentence, other.person)


def _own_changes(sheet: Sheet, marks: str) -> int:
    """Changes from one day to the next that do not fall on the edge of a weekend or holiday, where everybody changes."""
    edges = {day for day in sheet.days if (day in sheet.rest_days) != (day - 1 in sheet.rest_days)}
    pairs = enumerate(pairwise(marks), start=2)
    return sum(now != before and day not in edges for day, (before, now) in pairs)


def same_weekday(sheet: Sheet) -> Iterator[Hint]:
    """Away on the same weekday for three months and more without a single swap; long leave, away on every weekday, is none."""
    for line in sheet.lines:
        months = ((sheet.month, line.marks), *line.earlier)
        away = [_always_away(start, marks) for start, marks in months]
        for weekday in range(5):
            run = next((n for n, days in enumerate(away) if weekday not in days), len(away))
            if run >= MONTHS_ALIKE and all(len(days) <= 2 for days in away[:run]):
                days = tuple(day for day in sheet.days if sheet.month.replace(day=day).weekday() == weekday)
                sentence = f"{line.name}连续 {run} 个月每个周{WEEKDAYS[weekday]}都不在村，没有一次调换。"
                yield Hint(Code.SAME_WEEKDAY, sentence, line.person, days)


def _always_away(month: date, marks: str) -> set[int]:
    """Weekdays (0–4) on every one of which the month has a mark that is not 在村."""
    kept: dict[int, list[str]] = {}
    for day, mark in enumerate(marks, start=1):
        kept.setdefault(month.replace(day=day).weekday(), []).append(mark)
    return {weekday for weekday in range(5) if not {PRESENT, BLANK, OUT} & set(kept.get(weekday, [BLANK]))}


def far_more(sheet: Sheet) -> Iterator[Hint]:
    """Far more days in the quarter than the middle one of the township's people."""
    if len(sheet.others) < FEWEST:
        return
    middle = median(sheet.others)
    for line in sheet.lines:
        if line.quarter is not None and line.quarter >= max(TIMES_MEDIAN * middle, middle + DAYS_MORE):
            sentence = f"{line.name}本季度已记 {line.quarter} 天，本乡镇居中的是 {middle:g} 天。"
            yield Hint(Code.FAR_MORE, sentence, line.person)


def below(sheet: Sheet) -> Iterator[Hint]:
    """Fewer days than the policy's in a month wholly in post; said only when the month is wholly recorded."""
    for line in sheet.lines:
        counted = tally(line.marks).counted
        whole = set(sheet.days) <= line.in_post and BLANK not in line.marks
        if whole and counted < sheet.policy.days_a_month:
            sentence = f"{line.name}驻村 {counted} 天，规定每月 {sheet.policy.days_a_month} 天。"
            yield Hint(Code.BELOW, sentence, line.person)
