"""What a mark means, what counts as presence, who approves leave, what a month's page must hold; pure."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from unicodedata import category

from zhucun.base.policy.parameters import parameter

PRESENT, REST, ABSENT, OUT, BLANK = "√", "调", "×", "—", "·"
COUNTS_AS = "公培会"
"""视同驻村: out on duty with a notice, training, meeting."""
LEAVES = "事病休婚产丧"
VEILED = "假"
"""Leave of any kind, to those who need not know which."""
SYMBOLS: dict[str, str] = {
    PRESENT: "在村", "公": "因公外出（报备）", "培": "培训", "会": "会议", "事": "事假", "病": "病假", "休": "公休",
    "婚": "婚假", "产": "产假", "丧": "丧假", REST: "调休", ABSENT: "未报备缺勤", OUT: "不在任",
}  # fmt: skip
"""Every symbol of the sheet 出勤 with its meaning, in the order of the contract; BLANK stands for nothing recorded."""

SPELLINGS: dict[str, str] = {
    "✓": PRESENT, "✔": PRESENT, "☑": PRESENT, "V": PRESENT, "v": PRESENT, "在": PRESENT, "村": PRESENT, "住": PRESENT,
    "●": PRESENT, "X": ABSENT, "x": ABSENT, "✕": ABSENT, "✗": ABSENT, "╳": ABSENT, "旷": ABSENT, "缺": ABSENT,
    "-": OUT, "–": OUT, "－": OUT, "―": OUT, "─": OUT, "": BLANK, " ": BLANK, "\u3000": BLANK,
    "视": "公", "差": "公", "假": "事", "年": "休", "视同": "公", "在村": PRESENT, "公出": "公", "培训": "培", "会议": "会",
    "事假": "事", "病假": "病", "公休": "休", "年休": "休", "婚假": "婚", "产假": "产", "丧假": "丧", "调休": REST,
    "缺勤": ABSENT, "旷工": ABSENT, "不在任": OUT,
}  # fmt: skip
"""Other ways people write the symbols, in Excel or at the keyboard."""


@dataclass(frozen=True)
class AttendancePolicy:
    """The county's numbers for presence and leave; defaults from domain.md 1.3 to 1.5 and 6."""

    ROOM: ClassVar = "attendance"
    GROUP: ClassVar = "出勤与请假"

    days_a_month: int = parameter(20, "每月驻村天数", "天", "各地一般不少于 20 天；在村和视同驻村都算")
    days_a_year: int = parameter(200, "每年驻村天数", "天", "青海 200 天，另有 220、240 天的；只作提示")
    confirm_by: int = parameter(5, "乡镇确认期限", "日", "次月几日前确认；内蒙古和林格尔为次月上旬")
    leader_days: int = parameter(1, "队长可批请假", "天", "参照：常用请假制度，1 天以内队长批")
    township_days: int = parameter(3, "乡镇可批请假", "天", "广西昭平 3 天，青海 5 天；超过的报县")
    leader_goes_up: bool = parameter(True, "队长请假上一级批", note="队长本人请假由上一级批准")
    yearly_days: int = parameter(30, "全年累计请假提醒", "天", "陕西白河：超过 30 天责令派出单位召回调整，系统只作提醒")
    on_duty: int = parameter(1, "在岗最少人数", "人", "队长和队员不得同时离岗，至少 1 人在岗")
    late_days: int = parameter(2, "补办请假期限", "天", "紧急情况可先口头请假，几日内补办")
    objection_days: int = parameter(15, "出勤异议期限", "天", "乡镇确认之日起，本人几日内可以提出")
    audit_share: int = parameter(2, "记录本识读抽检比例", "%", "识读有把握的格子里，随机抽几成给人核对，不作标示")


@dataclass(frozen=True)
class Tally:
    """What a row of marks adds up to, in days."""

    present: int = 0
    counts_as: int = 0
    leave: int = 0
    rest: int = 0
    absent: int = 0
    blank: int = 0

    @property
    def counted(self) -> int:
        """驻村天数: 在村 and 视同驻村 together."""
        return self.present + self.counts_as


def tally(marks: str) -> Tally:
    """Add up a row of marks; days out of post (—) belong to nothing."""
    return Tally(
        present=marks.count(PRESENT),
        counts_as=sum(marks.count(symbol) for symbol in COUNTS_AS),
        leave=sum(marks.count(symbol) for symbol in LEAVES),
        rest=marks.count(REST),
        absent=marks.count(ABSENT),
        blank=marks.count(BLANK),
    )


def veiled(marks: str) -> str:
    """A row with 假 for every kind of leave."""
    return "".join(VEILED if mark in LEAVES else mark for mark in marks)


def visible(text: str) -> str:
    """A text without signs nobody sees and those that turn its direction; empty when it says nothing."""
    return "".join(sign for sign in text if sign == "\n" or category(sign) not in {"Cc", "Cf"}).strip()


def symbol_of(text: str) -> str | None:
    """The symbol somebody meant by `text`; BLANK for nothing; None when it cannot be understood."""
    text = text.strip()
    if text in SYMBOLS or text == BLANK:
        return text
    return SPELLINGS.get(text)


def days_in(month: date) -> int:
    """How many days the month of `month` has."""
    return monthrange(month.year, month.month)[1]


def ranges(days: Iterable[int]) -> str:
    """Days as people write them: 3日、5–9日."""
    parts: list[list[int]] = []
    for day in days:
        if parts and day == parts[-1][-1] + 1:
            parts[-1].append(day)
        else:
            parts.append([day])
    return "、".join(f"{part[0]}日" if len(part) == 1 else f"{part[0]}–{part[-1]}日" for part in parts)


class Trouble(StrEnum):
    """Why a mark cannot stand on a day."""

    NOT_IN_POST = "这一天不在任，不能有出勤记录"
    NOT_YET = "这一天还没有到"
    IN_POST = "这一天在任，要记出勤；没有记录就留空"
    UNKNOWN = "看不懂这个符号"


def troubles(marks: str, in_post: Iterable[int], last: int) -> dict[int, Trouble]:
    """The days (1–31) of a row whose mark cannot stand: out of post, later than day `last`, or not a symbol."""
    found, held = {}, set(in_post)
    for day, symbol in enumerate(marks, start=1):
        if symbol in {BLANK, OUT}:
            continue
        if symbol not in SYMBOLS:
            found[day] = Trouble.UNKNOWN
        elif day not in held:
            found[day] = Trouble.NOT_IN_POST
        elif day > last:
            found[day] = Trouble.NOT_YET
    return found


def closed(marks: str, in_post: Iterable[int]) -> str:
    """The row with — on every day out of post, and nothing of that kind on the days in post."""
    held = set(in_post)
    kept = (OUT if day not in held else BLANK if symbol == OUT else symbol for day, symbol in enumerate(marks, start=1))
    return "".join(kept)


# -- leave and notices of outing ---------------------------------------------------------------------------------


LONGEST_LEAVE = 400
"""Days of one slip; more is a slip of the keyboard (the longest leave there is, 产假, has less than half of it)."""


class Level(StrEnum):
    """Who decides about a leave."""

    LEADER = "leader"
    TOWNSHIP = "township"
    COUNTY = "county"


LADDER = (Level.LEADER, Level.TOWNSHIP, Level.COUNTY)


class LeaveStatus(StrEnum):
    """Where a leave or notice stands."""

    ASKED = "asked"
    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


TRANSITIONS: dict[LeaveStatus, frozenset[LeaveStatus]] = {
    LeaveStatus.ASKED: frozenset({LeaveStatus.APPROVED, LeaveStatus.REFUSED, LeaveStatus.WITHDRAWN}),
    LeaveStatus.APPROVED: frozenset({LeaveStatus.RETURNED, LeaveStatus.WITHDRAWN}),
    LeaveStatus.RETURNED: frozenset(),
    LeaveStatus.REFUSED: frozenset(),
    LeaveStatus.WITHDRAWN: frozenset(),
}


def steps(days: int, *, is_leave: bool, leads: bool, policy: AttendancePolicy) -> tuple[Level, ...]:
    """Who signs, in order, for `days` calendar days: the last one approves, those before give their opinion.

    A notice of outing (报备) is received by the township. Leave runs up the ladder as far as its days need; a leader
    does not sign for themselves and, where policy says so, goes one level higher than a member would.
    """
    if not is_leave:
        return (Level.TOWNSHIP,)
    reach = 0 if days <= policy.leader_days else 1 if days <= policy.township_days else 2
    if leads:
        reach = min(2, reach + 1) if policy.leader_goes_up else max(1, reach)
    path = LADDER[: reach + 1]
    return path[1:] if leads else path


def mark_for(option: str, kind: str | None) -> tuple[str, str]:
    """A book bubble as a symbol, and a question to the township if there is one (contract.md, 出勤).

    `kind` is the symbol of the approved leave or notice that covers the day (事 病 … 公 培 会), or None.
    """
    if option == "村":
        asked = "已批准请假，记录本却记在村" if kind and kind in LEAVES else ""
        return PRESENT, asked
    if option == "休":
        return REST, ""
    if option == "视":
        notice = kind if kind and kind in COUNTS_AS else None
        return notice or "公", "" if notice else "没有报备单"
    leave = kind if kind and kind in LEAVES else None
    return leave or "事", "" if leave else "没有请假单"


# -- how often reading errs -----------------------------------------------------------------------------------------


def most_wrong(wrong: int, audited: int) -> float | None:
    """The share of cells that is wrong at most, with 95 % certainty, when `wrong` of `audited` were; None before any.

    The upper bound of a Poisson count (Wilson and Hilferty): 3 divided by the number looked at when none was wrong (the rule
    of three), 4.7 when one was. Never over 1.
    """
    if not audited:
        return None
    n = wrong + 1
    bound: float = n * (1 - 1 / (9 * n) + 1.645 / (3 * float(n) ** 0.5)) ** 3
    return min(1.0, max(3.0, bound) / audited)
