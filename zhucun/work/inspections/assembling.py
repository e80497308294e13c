"""A circular's text out of its rounds' facts (domain.md 3.9): plain data in, plain text out, and nothing made up.

Where the records say nothing, a gap in 【 】 is left for the writer, and no circular goes on while one is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

GAP = "【"
NO_PRACTICES = "【好的做法请据实填写；没有的，删去这一部分。】"
NO_ORDERS = "【还没有提出整改意见。请先在督查中提出整改意见，或在这里写明整改要求和期限。】"
DIGITS = "〇一二三四五六七八九十"
COLUMNS = ("乡镇", "村", "姓名", "职务", "派出单位", "核查日期")
CELL = "｜"


@dataclass(frozen=True)
class Held:
    """One round: its day and its method in words."""

    on: date
    method: str


@dataclass(frozen=True)
class Said:
    """One finding: its kind in words, where and about whom, and what was found."""

    kind: str
    where: str
    who: str
    text: str


@dataclass(frozen=True)
class Ordered:
    """One correction: to whom, what, by when (inclusive)."""

    whom: str
    text: str
    due: date | None


@dataclass(frozen=True)
class Away:
    """Somebody found absent without notice."""

    township: str
    village: str
    person: str
    role: str
    unit: str
    day: date


@dataclass(frozen=True)
class Facts:
    """What the rounds of a circular found, counted and told."""

    office: str
    rounds: Sequence[Held] = ()
    townships: int = 0
    villages: int = 0
    people: int = 0
    here: int = 0
    notice: int = 0
    leave: int = 0
    absent: int = 0
    households: int = 0
    knowing: int = 0
    good: Sequence[str] = ()
    findings: Sequence[Said] = ()
    corrections: Sequence[Ordered] = ()
    away: Sequence[Away] = ()


def title_of(rounds: Sequence[Held]) -> str:
    """关于 X 月驻村帮扶工作队履职情况的督查通报; several months by their first and last."""
    months = sorted({(one.on.year, one.on.month) for one in rounds})
    if not months:
        return "关于驻村帮扶工作队履职情况的督查通报"
    first, last = months[0], months[-1]
    when = f"{first[1]}月" if first == last else f"{first[1]}月至{last[1]}月"
    if first[0] != last[0]:
        when = f"{first[0]}年{first[1]}月至{last[0]}年{last[1]}月"
    return f"关于{when}驻村帮扶工作队履职情况的督查通报"


def text_of(facts: Facts) -> str:
    """The whole text, every line a paragraph: 总体情况, 好的做法, 存在问题, 整改要求, and the list of those absent."""
    parts = [
        *_opening(facts), "一、总体情况", *_overall(facts), "二、好的做法", *(facts.good or [NO_PRACTICES]),
        "三、存在问题", *_problems(facts), "四、整改要求与期限", *_orders(facts), *_list(facts),
    ]  # fmt: skip
    return "\n".join(parts)


def _opening(facts: Facts) -> list[str]:
    days = "、".join(f"{one.on.month}月{one.on.day}日" for one in sorted(facts.rounds, key=lambda one: one.on))
    methods = "、".join(dict.fromkeys(one.method for one in facts.rounds))
    return [
        f"{days}，{facts.office}采取{methods}方式，对驻村帮扶工作队履职情况开展督查{len(facts.rounds)}次。现将有关情况通报如下："
    ]


def _overall(facts: Facts) -> list[str]:
    seen = []
    if facts.villages:  # a round of papers went nowhere
        found = [(facts.here, "在岗"), (facts.notice, "报备外出"), (facts.leave, "请假"), (facts.absent, "无故不在岗")]
        counted = "，".join(f"{label}{n}人次" for n, label in found if n)
        checked = f"共抽查{facts.townships}个乡镇{facts.villages}个村、驻村人员{facts.people}人次"
        seen.append(f"{checked}，其中{counted}" if counted else checked)
    if facts.households:
        seen.append(f"走访农户{facts.households}户，认识工作队的{facts.knowing}户")
    seen.append(f"发现问题{len(facts.findings)}起，提出整改意见{len(facts.corrections)}条")
    return ["；".join(seen) + "。"]


def _problems(facts: Facts) -> list[str]:
    if not facts.findings:
        return ["这次督查没有发现问题。"]
    lines = []
    for n, kind in enumerate(dict.fromkeys(one.kind for one in facts.findings), 1):
        lines.append(f"（{number(n)}）{kind}")
        here = [one for one in facts.findings if one.kind == kind]
        lines += [f"{at}.{_finding(one)}" for at, one in enumerate(here, 1)]
    return lines


def _finding(one: Said) -> str:
    who = "，".join(part for part in (one.where, one.who) if part)
    return f"{who}：{_stopped(one.text)}" if who else _stopped(one.text)


def _orders(facts: Facts) -> list[str]:
    if not facts.corrections:
        return [NO_ORDERS] if facts.findings else ["请各单位继续落实驻村工作制度。"]
    lines = []
    for at, one in enumerate(facts.corrections, 1):
        due = f"{one.due.year}年{one.due.month}月{one.due.day}日前完成。" if one.due else ""
        whom = f"{one.whom}：" if one.whom else ""
        lines.append(f"{at}.{whom}{_stopped(one.text)}{due}")
    return lines


def _list(facts: Facts) -> list[str]:
    if not facts.away:
        return []
    rows = [
        (one.township, one.village, one.person, one.role, one.unit, f"{one.day.month}月{one.day.day}日")
        for one in facts.away
    ]
    return ["附件：无故不在岗人员名单", *(CELL.join(row) for row in [COLUMNS, *rows])]


def _stopped(text: str) -> str:
    """The text as one line that ends with a full stop."""
    said = " ".join(text.split())
    return said if said.endswith(("。", "！", "？", "；")) else f"{said}。"


def number(n: int) -> str:
    """一 to 九十九, as headings count."""
    tens, ones = divmod(n, 10)
    return (f"{DIGITS[tens] if tens > 1 else ''}十" if tens else "") + (DIGITS[ones] if ones or not tens else "")
