"""How villages are drawn, how rounds, findings, corrections and circulars move on, and what is due when; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar

from zhucun.base.policy.parameters import parameter


@dataclass(frozen=True)
class InspectionsPolicy:
    """The county's numbers for inspections; defaults from domain.md 1.10, 1.11 and 3.9."""

    ROOM: ClassVar = "inspections"
    GROUP: ClassVar = "督查与整改"

    per_class: int = parameter(3, "每类村至少抽查", "个", "山东济宁：每类村不少于 3 个")
    correction_days: int = parameter(15, "整改期限", "天", "没有另行写明的，自提出之日起计算")
    due_warning_days: int = parameter(3, "整改到期前提醒", "天")
    circular_days: int = parameter(7, "通报签收期限", "天", "印发之日起，收件单位几日内签收")


class RoundStatus(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    UNDERWAY = "underway"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class FindingStatus(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CorrectionStatus(StrEnum):
    """Where a correction stands."""

    ORDERED = "ordered"
    REPLIED = "replied"
    DONE = "done"


class CircularStatus(StrEnum):
    """Where a circular stands."""

    DRAFT = "draft"
    REVIEW = "review"
    SIGNING = "signing"
    ISSUED = "issued"


TRANSITIONS: dict[type[StrEnum], dict[StrEnum, frozenset[StrEnum]]] = {
    RoundStatus: {
        RoundStatus.PLANNED: frozenset({RoundStatus.UNDERWAY, RoundStatus.CANCELLED}),
        RoundStatus.UNDERWAY: frozenset({RoundStatus.CLOSED}),
        RoundStatus.CLOSED: frozenset({RoundStatus.UNDERWAY}),
        RoundStatus.CANCELLED: frozenset(),
    },
    FindingStatus: {
        FindingStatus.OPEN: frozenset({FindingStatus.CLOSED, FindingStatus.WITHDRAWN}),
        FindingStatus.CLOSED: frozenset({FindingStatus.OPEN}),
        FindingStatus.WITHDRAWN: frozenset(),
    },
    CorrectionStatus: {
        CorrectionStatus.ORDERED: frozenset({CorrectionStatus.REPLIED}),
        CorrectionStatus.REPLIED: frozenset({CorrectionStatus.DONE, CorrectionStatus.ORDERED}),
        CorrectionStatus.DONE: frozenset({CorrectionStatus.ORDERED}),
    },
    CircularStatus: {
        CircularStatus.DRAFT: frozenset({CircularStatus.REVIEW}),
        CircularStatus.REVIEW: frozenset({CircularStatus.SIGNING, CircularStatus.DRAFT}),
        CircularStatus.SIGNING: frozenset({CircularStatus.ISSUED, CircularStatus.DRAFT}),
        CircularStatus.ISSUED: frozenset(),
    },
}
"""What may follow what, for the four processes of the room; by enum, since statuses of the same name are equal texts."""

OWNERS: dict[type[StrEnum], dict[StrEnum, str]] = {
    RoundStatus: {RoundStatus.PLANNED: "inspections.plan", RoundStatus.UNDERWAY: "inspections.enter"},
    FindingStatus: {FindingStatus.OPEN: "inspections.close"},
    CorrectionStatus: {CorrectionStatus.ORDERED: "inspections.reply", CorrectionStatus.REPLIED: "inspections.verify"},
    CircularStatus: {
        CircularStatus.DRAFT: "inspections.circular_draft",
        CircularStatus.REVIEW: "inspections.circular_review",
        CircularStatus.SIGNING: "inspections.circular_sign",
        CircularStatus.ISSUED: "inspections.circular_receive",
    },
}
"""Whose turn it is in every status, by permission; nothing waits in those left out."""


class Turn(StrEnum):
    """What an open finding waits for; the value is how a list says it."""

    ORDER = "待提整改意见"
    REPLY = "待回复整改"
    VERIFY = "待核实"
    CLOSE = "可以销号"


def turn_of(finding: FindingStatus, corrections: Sequence[CorrectionStatus]) -> Turn | None:
    """What a finding with those corrections waits for; None when it is closed or withdrawn."""
    if finding is not FindingStatus.OPEN:
        return None
    if not corrections:
        return Turn.ORDER
    if CorrectionStatus.ORDERED in corrections:
        return Turn.REPLY
    return Turn.VERIFY if CorrectionStatus.REPLIED in corrections else Turn.CLOSE


def may_follow(before: StrEnum, after: StrEnum) -> bool:
    """Whether `after` may follow `before`."""
    return after in TRANSITIONS[type(before)][before]


def drawn(pool: Iterable[str], n: int, seed: str) -> list[str]:
    """`n` codes out of the pool, the same for the same pool and seed whoever draws, in the order drawn.

    Codes are put in the order of SHA-256(seed + "|" + code) and the first `n` are taken, so that anybody can repeat it
    by hand; nobody can steer it who does not choose the seed, which the system makes.
    """
    ordered = sorted(set(pool), key=lambda code: sha256(f"{seed}|{code}".encode()).hexdigest())
    return ordered[:n]


def drawn_by_class(pools: Mapping[str, Sequence[str]], numbers: Mapping[str, int], seed: str) -> list[str]:
    """The same for several classes of villages, each with its own number; classes in the order of their names.

    Not in the order given: a database may keep the classes of a draw in another one, and the draw must come out the same.
    """
    return [code for name in sorted(pools) for code in drawn(pools[name], numbers.get(name, 0), f"{seed}|{name}")]


def due_on(ordered_on: date, policy: InspectionsPolicy) -> date:
    """The last day of a correction ordered on a day without one of its own, inclusive."""
    return ordered_on + timedelta(days=policy.correction_days)


def is_overdue(due: date | None, done: date | None, day: date) -> bool:
    """Whether something due by a day, inclusive, was late on `day`: not done by then, or done after it was due."""
    return due is not None and due < (min(done, day) if done else day)


def next_number(taken: Iterable[int | None]) -> int:
    """The next 期号 of a year, without a gap: one more than there are."""
    numbers = {number for number in taken if number is not None}
    return next(n for n in range(1, len(numbers) + 2) if n not in numbers)
