"""Which measure follows what, who approves it, how a case moves on and what it starts; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from zhucun.base.policy.parameters import parameter
from zhucun.base.timeline.periods import months_after


class Measure(StrEnum):
    """What is done about a person or the head of a unit, from light to heavy."""

    REMINDER = "reminder"
    INTERVIEW = "interview"
    RECALL = "recall"


class Level(StrEnum):
    """Who gives an opinion on a case."""

    TOWNSHIP = "township"
    OFFICE = "office"
    ORGANISATION = "organisation"
    GROUP = "group"


class Consequence(StrEnum):
    """What policy may lay on an unexcused absence that an inspection found."""

    NOTHING = "不处理"
    REMIND = "提醒"
    INTERVIEW = "约谈"
    RECALL = "召回"


MEASURES = {
    Consequence.REMIND: Measure.REMINDER, Consequence.INTERVIEW: Measure.INTERVIEW, Consequence.RECALL: Measure.RECALL,
}  # fmt: skip


class RecallPath(StrEnum):
    """Whose opinions a recall needs, in order; as the county chooses it on the page of parameters."""

    ALL = "乡镇、县驻村办、县委组织部、驻村工作领导小组"
    WITHOUT_GROUP = "乡镇、县驻村办、县委组织部"
    COUNTY = "县驻村办、县委组织部、驻村工作领导小组"
    OFFICE_AND_GROUP = "乡镇、县驻村办、驻村工作领导小组"


PATHS = {
    RecallPath.ALL: (Level.TOWNSHIP, Level.OFFICE, Level.ORGANISATION, Level.GROUP),
    RecallPath.WITHOUT_GROUP: (Level.TOWNSHIP, Level.OFFICE, Level.ORGANISATION),
    RecallPath.COUNTY: (Level.OFFICE, Level.ORGANISATION, Level.GROUP),
    RecallPath.OFFICE_AND_GROUP: (Level.TOWNSHIP, Level.OFFICE, Level.GROUP),
}


@dataclass(frozen=True)
class AccountabilityPolicy:
    """The county's numbers for reminders, interviews and recalls; defaults from domain.md 1.5, 1.8 and 6."""

    ROOM: ClassVar = "accountability"
    GROUP: ClassVar = "提醒、约谈、召回"

    first_absence: Consequence = parameter(Consequence.REMIND, "第 1 次无故不在岗", note="广西昭平：1 次年度不得评优")
    second_absence: Consequence = parameter(Consequence.INTERVIEW, "第 2 次无故不在岗", note="广西昭平：2 次基本称职")
    third_absence: Consequence = parameter(
        Consequence.RECALL, "第 3 次无故不在岗", note="广西昭平：3 次不称职；各地多作召回"
    )
    reply_days: int = parameter(7, "提醒函回复期限", "天")
    statement_days: int = parameter(5, "陈述申辩期限", "天", "告知之日起；期满没有提出视为没有意见")
    hold_days: int = parameter(10, "约谈办理期限", "天")
    reselect_days: int = parameter(15, "召回后重新选派期限", "天")
    appeal_days: int = parameter(15, "申诉期限", "天", "送达之日起")
    recall_approval: RecallPath = parameter(
        RecallPath.ALL, "召回审批层级", note="按顺序签署意见，任何一级不同意即不予召回"
    )


class CaseStatus(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    HEARING = "hearing"
    APPROVAL = "approval"
    NOTIFIED = "notified"
    DONE = "done"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    REVOKED = "revoked"


S = CaseStatus
TRANSITIONS: dict[CaseStatus, frozenset[CaseStatus]] = {
    S.DRAFT: frozenset({S.HEARING, S.APPROVAL, S.NOTIFIED, S.DISMISSED}),
    S.HEARING: frozenset({S.APPROVAL, S.DISMISSED}),
    S.APPROVAL: frozenset({S.NOTIFIED, S.DISMISSED}),
    S.NOTIFIED: frozenset({S.DONE, S.CLOSED, S.REVOKED}),
    S.DONE: frozenset({S.CLOSED, S.REVOKED}),
    S.CLOSED: frozenset({S.REVOKED}),
    S.DISMISSED: frozenset(),
    S.REVOKED: frozenset(),
}

OWNERS: dict[CaseStatus, tuple[str, ...]] = {
    S.DRAFT: ("accountability.open",),
    S.HEARING: ("accountability.state", "accountability.open"),
    S.APPROVAL: (
        "accountability.approve_township", "accountability.approve_office", "accountability.approve_organisation",
        "accountability.approve_group", "accountability.carry_out",
    ),
    S.NOTIFIED: ("accountability.carry_out", "accountability.close"),
    S.DONE: ("accountability.close",),
}  # fmt: skip
"""Whose turn it may be in every status, by permission; nothing waits in those left out."""


def may_follow(before: CaseStatus, after: CaseStatus) -> bool:
    """Whether `after` may follow `before`."""
    return after in TRANSITIONS[before]


def heard_first(measure: Measure) -> bool:
    """Whether the person is heard (陈述申辩) before anybody gives an opinion; a reminder may be answered afterwards."""
    return measure is not Measure.REMINDER


def levels(measure: Measure, *, oral: bool, policy: AccountabilityPolicy) -> tuple[Level, ...]:
    """Who must agree, in order: nobody to an oral reminder, the office to a letter or an interview, the policy's levels to a recall."""
    if measure is Measure.RECALL:
        return PATHS[policy.recall_approval]
    return () if oral and measure is Measure.REMINDER else (Level.OFFICE,)


def after_absences(n: int, policy: AccountabilityPolicy) -> Measure | None:
    """The measure due after the n-th unexcused absence an inspection found within a year; the third one's for any further."""
    ladder = (policy.first_absence, policy.second_absence, policy.third_absence)
    return MEASURES.get(ladder[min(n, len(ladder)) - 1]) if n > 0 else None


def heavier(one: Measure, other: Measure) -> bool:
    """Whether the first measure is heavier than the second."""
    order = list(Measure)
    return order.index(one) > order.index(other)


def deadline(measure: Measure, on: date, policy: AccountabilityPolicy) -> date:
    """The last day, inclusive, for what follows the notice: the reply, the interview, or the new person the unit selects."""
    days = {
        Measure.REMINDER: policy.reply_days, Measure.INTERVIEW: policy.hold_days, Measure.RECALL: policy.reselect_days,
    }[measure]  # fmt: skip
    return on + timedelta(days=days)


def banned_until(last_day: date, months: int) -> date:
    """The day from which somebody recalled after `last_day` may be selected again, as eligibility counts it (teams.rules)."""
    return months_after(last_day, months)


def next_level(path: Sequence[Level], given: Sequence[Level]) -> Level | None:
    """Whose opinion is asked for next; None when everybody has given theirs."""
    return next((level for level in path if level not in given), None)
