"""What the hints look at and what they are: a team's month as plain data, and the sentences; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from zhucun.work.attendance.rules import COUNTS_AS, AttendancePolicy, days_in, ranges


class Code(StrEnum):
    """What a hint is about; the value is its short name on the page."""

    COVERED = "请假报备期间记在村"
    NO_SLIP = "没有请假单"
    OTHER_KIND = "与假条类别不同"
    NO_NOTICE = "没有报备单"
    NOT_BACK = "没有销假"
    ALONE = "无人在岗"
    NEVER_AWAY = "整月无休"
    ALIKE = "两人逐日相同"
    SAME_WEEKDAY = "固定一天不在村"
    FAR_MORE = "明显多于他人"
    OUT_OF_POST = "不在任却有记录"
    SAID_OTHERWISE = "与其他记录不一致"
    BELOW = "不足规定天数"


ADVICE = {
    Code.COVERED: "请和本人核实：提前返岗的补办销假，没有返岗的改为请假符号。",
    Code.NO_SLIP: "请本人补办请假；已有纸质请假条的，在“请假报备”里登记。",
    Code.OTHER_KIND: "请对照请假条改成一致的符号。",
    Code.NO_NOTICE: "请本人补报备；已有报备单或会议、培训通知的，在“请假报备”里登记。",
    Code.NOT_BACK: "请本人办理销假，或按纸质请假条登记返岗日期。",
    Code.ALONE: "请问明当天由谁值守；记录有误的先改正。",
    Code.NEVER_AWAY: "请对照纸质记录本，看休息日是否确实在村。",
    Code.ALIKE: "请看纸质记录本上两人是否各自签名。",
    Code.SAME_WEEKDAY: "请问明原因，如固定值班、例会或轮休安排。",
    Code.FAR_MORE: "请对照纸质记录本抽几天核实；确实在村的不用改。",
    Code.OUT_OF_POST: "请核对到任、离任日期；日期没有错的，清除这几天的记录。",
    Code.SAID_OTHERWISE: "请核对两份记录，以查实的为准，有误的改正。",
    Code.BELOW: "仅供参考：有正当原因的照实确认即可。",
}
FOR_INFORMATION = {Code.BELOW}


class Fact(NamedTuple):
    """What another room knows of one day: somebody was there, or was not, and how that is known (`督查 DC-12`).

    A plain tuple in this order will do as well, for rooms that do not know this one.
    """

    person_id: UUID
    day: date
    present: bool
    source: str


@dataclass(frozen=True)
class Slip:
    """One approved leave or notice as the month sees it: its symbol, the days (1–31) it covers, what is missing of it.

    `overdue`: over, and neither ended by 销假 nor extended by the day it is looked at.
    """

    symbol: str
    days: frozenset[int]
    number: str = ""
    overdue: bool = False

    @property
    def is_notice(self) -> bool:
        """Whether it is a 报备 rather than leave."""
        return self.symbol in COUNTS_AS


@dataclass(frozen=True)
class Line:
    """One person's month: marks (one a day), days in post (1–31), slips, months before it (latest first), the quarter so far.

    `quarter` is days in the quarter up to and with this month, None where a month of it is not recorded.
    """

    person: UUID
    name: str
    marks: str
    in_post: frozenset[int]
    slips: tuple[Slip, ...] = ()
    earlier: tuple[tuple[date, str], ...] = ()
    quarter: int | None = None

    def mark(self, day: int) -> str:
        """What stands on a day of the month."""
        return self.marks[day - 1]


@dataclass(frozen=True)
class Sheet:
    """A team's month with everything the hints look at; `others` are the quarters' days of the township's people."""

    month: date
    lines: tuple[Line, ...]
    rest_days: frozenset[int]
    policy: AttendancePolicy = field(default_factory=AttendancePolicy)
    others: tuple[int, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def days(self) -> range:
        """The days of the month."""
        return range(1, days_in(self.month) + 1)

    def in_words(self, days: Iterable[int]) -> str:
        """Days of the month as people write them: 11月3日、5–9日."""
        return f"{self.month.month}月{ranges(sorted(days))}"


@dataclass(frozen=True)
class Hint:
    """One thing worth a look: whom it concerns (None: the team), which days, a plain sentence."""

    code: Code
    sentence: str
    person: UUID | None = None
    days: tuple[int, ...] = ()

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE[self.code]

    @property
    def is_information(self) -> bool:
        """Whether it only informs and asks for nothing."""
        return self.code in FOR_INFORMATION

    @property
    def key(self) -> str:
        """A short name that stays the same as long as the hint does, for the answer to it."""
        told = f"{self.code.name}|{self.person}|{self.days}|{self.sentence}"
        return sha256(told.encode()).hexdigest()[:12]
