"""Hints from marks and slips that do not agree: leave, notices, 销假, and what other rooms know of a day; pure."""

from collections.abc import Iterable, Iterator

from zhucun.work.attendance.rules import BLANK, COUNTS_AS, LEAVES, OUT, PRESENT, SYMBOLS, ranges

from .sheet import Code, Hint, Line, Sheet, Slip

THERE = PRESENT + COUNTS_AS
ANNUAL = "休"


def covered(sheet: Sheet) -> Iterator[Hint]:
    """The book says 村 on days a leave or notice covers."""
    for line in sheet.lines:
        for slip in line.slips:
            days = sorted(day for day in slip.days if line.mark(day) == PRESENT)
            if days:
                what = SYMBOLS[slip.symbol]
                yield Hint(
                    Code.COVERED, f"{line.name}{sheet.in_words(days)}有{what}，却记在村。", line.person, tuple(days)
                )


def without_slip(sheet: Sheet) -> Iterator[Hint]:
    """事 病 … without an approved leave on the day."""
    for line in sheet.lines:
        held = {day for slip in line.slips if not slip.is_notice for day in slip.days}
        bare = [day for day in sheet.days if line.mark(day) in LEAVES and day not in held]
        if bare:
            rests = [day for day in bare if day in sheet.rest_days and line.mark(day) == ANNUAL]
            perhaps = f"{ranges(rests)}是休息日：纸上的“休”应记“调”。" if rests else ""
            sentence = f"{line.name}{_told(sheet, line, bare)}，没有已批准的请假单。{perhaps}"
            yield Hint(Code.NO_SLIP, sentence, line.person, tuple(bare))


def of_other_kind(sheet: Sheet) -> Iterator[Hint]:
    """病 where the approved leave is 事, or the other way round."""
    for line in sheet.lines:
        for slip in line.slips:
            days = [day for day in sorted(slip.days) if _differs(line.mark(day), slip)]
            for symbol, own in _by_symbol(line, days):
                sentence = f"{line.name}{sheet.in_words(own)}记{SYMBOLS[symbol]}，批的是{SYMBOLS[slip.symbol]}。"
                yield Hint(Code.OTHER_KIND, sentence, line.person, tuple(own))


def _differs(mark: str, slip: Slip) -> bool:
    same = COUNTS_AS if slip.is_notice else LEAVES
    return mark != slip.symbol and mark in same


def without_notice(sheet: Sheet) -> Iterator[Hint]:
    """公 培 会 without a notice (报备) on the day."""
    for line in sheet.lines:
        held = {day for slip in line.slips if slip.is_notice for day in slip.days}
        bare = [day for day in sheet.days if line.mark(day) in COUNTS_AS and day not in held]
        if bare:
            sentence = f"{line.name}{_told(sheet, line, bare)}，没有报备单。"
            yield Hint(Code.NO_NOTICE, sentence, line.person, tuple(bare))


def not_back(sheet: Sheet) -> Iterator[Hint]:
    """A leave that is over and was not ended by 销假."""
    for line in sheet.lines:
        for slip in line.slips:
            if slip.overdue and not slip.is_notice:
                last = max(slip.days)
                sentence = f"{line.name}的{SYMBOLS[slip.symbol]}{sheet.in_words([last])}到期，还没有销假。"
                yield Hint(Code.NOT_BACK, sentence, line.person, (last,))


def out_of_post(sheet: Sheet) -> Iterator[Hint]:
    """Marks on days out of post."""
    for line in sheet.lines:
        days = [day for day in sheet.days if line.mark(day) not in (BLANK, OUT) and day not in line.in_post]
        if days:
            yield Hint(
                Code.OUT_OF_POST, f"{line.name}{sheet.in_words(days)}不在任，却有记录。", line.person, tuple(days)
            )


def said_otherwise(sheet: Sheet) -> Iterator[Hint]:
    """A fact from another room that contradicts a mark: found absent where 在村 stands, or seen where an absence stands."""
    lines = {line.person: line for line in sheet.lines}
    for fact in sheet.facts:
        line = lines.get(fact.person_id)
        if line is None or (fact.day.year, fact.day.month) != (sheet.month.year, sheet.month.month):
            continue
        mark = line.mark(fact.day.day)
        known = mark not in (BLANK, OUT)
        if known and (mark not in THERE if fact.present else mark == PRESENT):
            seen = "在岗" if fact.present else "不在岗"
            sentence = f"{line.name}{sheet.in_words([fact.day.day])}记{SYMBOLS[mark]}，{fact.source}记录{seen}。"
            yield Hint(Code.SAID_OTHERWISE, sentence, line.person, (fact.day.day,))


def _by_symbol(line: Line, days: Iterable[int]) -> Iterator[tuple[str, list[int]]]:
    known: dict[str, list[int]] = {}
    for day in days:
        known.setdefault(line.mark(day), []).append(day)
    yield from known.items()


def _told(sheet: Sheet, line: Line, days: Iterable[int]) -> str:
    """“11月3日记事假、8–9日记病假”."""
    month = f"{sheet.month.month}月"
    parts = [f"{ranges(own)}记{SYMBOLS[symbol].removesuffix('（报备）')}" for symbol, own in _by_symbol(line, days)]
    return month + "、".join(parts)
