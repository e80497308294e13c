"""Who may be sent, and what speaks against it; when terms end; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from zhucun.base.policy.parameters import Weight, parameter
from zhucun.base.timeline.periods import age_on, months_after


@dataclass(frozen=True)
class TeamsPolicy:
    """The county's numbers for selecting and keeping teams; defaults from domain.md 1.2 and 6."""

    ROOM: ClassVar = "teams"
    GROUP: ClassVar = "选派与工作队"

    max_age: int = parameter(55, "选派年龄上限", "周岁", "各地 45 至 55 周岁")
    over_age: Weight = parameter(Weight.WARN, "超过年龄上限")
    secretary_in_party: Weight = parameter(Weight.REFUSE, "第一书记不是中共党员", note="中办 2021 年 5 月意见")
    not_on_staff: Weight = parameter(Weight.REFUSE, "非在编在岗人员", note="参照：湖北荆州 2018 年选派规定")
    weak_appraisal: Weight = parameter(
        Weight.REFUSE, "近两年考核为基本称职及以下", note="参照：湖北荆州 2018 年选派规定"
    )
    home_village: Weight = parameter(Weight.REFUSE, "派到本人老家所在村", note="任职回避")
    relatives: Weight = parameter(Weight.REFUSE, "派到近亲属任村“两委”的村", note="任职回避")
    spouse_posted: Weight = parameter(Weight.WARN, "夫妻同时驻村", note="一般不安排；参照：云南 2021 年规定")
    under_discipline: Weight = parameter(Weight.REFUSE, "在试用期或处分影响期内")
    unhealthy: Weight = parameter(Weight.WARN, "身体不能胜任")
    standard_unmet: Weight = parameter(
        Weight.REFUSE, "不符合五条选派标准之一", note="三个过硬、热爱“三农”工作、善于做群众工作"
    )
    not_reviewed: Weight = parameter(Weight.WARN, "没有选派审核表")
    review_months: int = parameter(12, "审核表有效期", "个月")
    recalled: Weight = parameter(Weight.REFUSE, "在召回影响期内")
    recall_ban_months: int = parameter(24, "召回影响期", "个月", "各地 2 至 3 年")
    second_leader: Weight = parameter(Weight.REFUSE, "工作队已有队长（第一书记）")

    min_people: int = parameter(2, "工作队最少人数", "人", "2017 两办意见：一般不少于 3 人；轻任务村可少")
    usual_people: int = parameter(3, "工作队一般人数", "人", "2017 两办意见")
    term_months: int = parameter(24, "任期", "个月", "每期不少于 2 年")
    term_warning_days: int = parameter(60, "期满前提醒", "天")
    handover_days: int = parameter(7, "离任交接期限", "天")


@dataclass(frozen=True)
class Sheet:
    """What the review sheet of a candidate says; `unmet` names the standards not met, villages are codes."""

    reviewed_on: date
    on_staff: bool
    weak_appraisal: bool
    home_village: str = ""
    relatives_in: str = ""
    spouse_posted: bool = False
    under_discipline: bool = False
    healthy: bool = True
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A person as the rules see one: born, in the party or not, days of recall (last days in post), the review sheet."""

    born: date
    in_party: bool
    recalls: tuple[date, ...] = ()
    sheet: Sheet | None = None


@dataclass(frozen=True)
class Place:
    """Where somebody is to be posted: the village's code, the role, and whether the team has a leader on that day."""

    village: str
    leads: bool
    first_secretary: bool
    has_leader: bool = False


class Doubt(StrEnum):
    """What may speak against sending somebody; the member's name in lower case is the policy field that weighs it."""

    OVER_AGE = "超过选派年龄上限"
    SECRETARY_IN_PARTY = "第一书记应当是中共党员"
    NOT_ON_STAFF = "不是在编在岗人员"
    WEAK_APPRAISAL = "近两年有一年考核为基本称职（基本合格）及以下，或未参加考核"
    HOME_VILLAGE = "这个村是本人老家所在村，应当回避"
    RELATIVES = "近亲属在这个村任村“两委”，应当回避"
    SPOUSE_POSTED = "配偶正在驻村，一般不安排夫妻同时驻村"
    UNDER_DISCIPLINE = "在试用期或处分影响期内"
    UNHEALTHY = "身体情况不适合驻村"
    STANDARD_UNMET = "不符合选派标准"
    NOT_REVIEWED = "没有有效的选派审核表"
    RECALLED = "曾被召回，还在影响期内"
    SECOND_LEADER = "这支工作队已经有队长（第一书记）"


@dataclass(frozen=True)
class Concern:
    """A doubt that holds: how heavy it weighs, the detail in words, and the policy key whose clause it rests on."""

    doubt: Doubt
    weight: Weight
    detail: str = ""

    @property
    def key(self) -> str:
        """The parameter that decides the weight."""
        return f"teams.{self.doubt.name.lower()}"

    @property
    def sentence(self) -> str:
        """What people read."""
        return f"{self.doubt.value}{f'（{self.detail}）' if self.detail else ''}"

    @property
    def refuses(self) -> bool:
        """Whether it cannot be set aside with a reason."""
        return self.weight is Weight.REFUSE


def concerns(candidate: Candidate, place: Place, day: date, policy: TeamsPolicy) -> list[Concern]:
    """Everything that speaks against posting the candidate there on `day`, refusals first; empty means nothing does."""
    found = [
        Concern(doubt, getattr(policy, doubt.name.lower()), detail)
        for doubt, detail in (
            *_of_person(candidate, place, day, policy),
            *_of_sheet(candidate.sheet, place, day, policy),
        )
    ]
    weighing = [concern for concern in found if concern.weight is not Weight.IGNORE]
    return sorted(weighing, key=lambda concern: not concern.refuses)


def _of_person(candidate: Candidate, place: Place, day: date, policy: TeamsPolicy) -> Iterator[tuple[Doubt, str]]:
    age = age_on(candidate.born, day)
    if age > policy.max_age:
        yield Doubt.OVER_AGE, f"{age} 周岁，上限 {policy.max_age} 周岁"
    if place.first_secretary and not candidate.in_party:
        yield Doubt.SECRETARY_IN_PARTY, ""
    free_from = [months_after(last, policy.recall_ban_months) for last in candidate.recalls]
    if any(day < free for free in free_from):
        yield Doubt.RECALLED, f"到 {max(free_from)} 为止"
    if place.leads and place.has_leader:
        yield Doubt.SECOND_LEADER, ""


def _of_sheet(sheet: Sheet | None, place: Place, day: date, policy: TeamsPolicy) -> Iterator[tuple[Doubt, str]]:
    if sheet is None or not review_holds(sheet.reviewed_on, day, policy):
        yield (
            Doubt.NOT_REVIEWED,
            "" if sheet is None else f"上一份是 {sheet.reviewed_on}，已超过 {policy.review_months} 个月",
        )
    if sheet is None:
        return
    holds = {
        Doubt.NOT_ON_STAFF: not sheet.on_staff,
        Doubt.WEAK_APPRAISAL: sheet.weak_appraisal,
        Doubt.HOME_VILLAGE: sheet.home_village == place.village,
        Doubt.RELATIVES: sheet.relatives_in == place.village,
        Doubt.SPOUSE_POSTED: sheet.spouse_posted,
        Doubt.UNDER_DISCIPLINE: sheet.under_discipline,
        Doubt.UNHEALTHY: not sheet.healthy,
        Doubt.STANDARD_UNMET: bool(sheet.unmet),
    }
    yield from (
        (doubt, "、".join(sheet.unmet) if doubt is Doubt.STANDARD_UNMET else "") for doubt, so in holds.items() if so
    )


def review_holds(reviewed_on: date, day: date, policy: TeamsPolicy) -> bool:
    """Whether a review sheet filled in on `reviewed_on` still holds on `day`, that last day included."""
    return months_after(reviewed_on, policy.review_months) >= day


def term_ends(start: date, policy: TeamsPolicy) -> date:
    """The day a term begun on `start` is full (期满): the same day of the month `term_months` later."""
    return months_after(start, policy.term_months)


def due_when_begun_by(day: date, policy: TeamsPolicy) -> date:
    """The last first day whose term is full, or will be within the policy's warning days, on `day`; inclusive."""
    return months_after(day + timedelta(days=policy.term_warning_days), -policy.term_months)


class Shortage(StrEnum):
    """What a team lacks."""

    NOBODY = "没有队员在任"
    NO_LEADER = "没有队长（第一书记）"
    TOO_FEW = "人数不足"


def shortages(people: int, leaders: int, policy: TeamsPolicy) -> list[Shortage]:
    """What a team in force lacks on a day, by how many people and leaders it has in post; empty means nothing."""
    if people == 0:
        return [Shortage.NOBODY]
    found = {Shortage.NO_LEADER: leaders == 0, Shortage.TOO_FEW: people < policy.min_people}
    return [shortage for shortage, holds in found.items() if holds]
