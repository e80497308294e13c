"""How people and villages become numbers, which rule of the article a team follows, and how a round goes on; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import ClassVar

from zhucun.base.policy.parameters import parameter


class Status(StrEnum):
    """Where a round stands."""

    GATHERING = "gathering"
    DELIBERATING = "deliberating"
    APPROVED = "approved"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """As people read it."""
        return {"gathering": "征集中", "deliberating": "研判中", "approved": "已批准", "cancelled": "已作废"}[
            self.value
        ]


S = Status
# Owner of every status: the county office; townships and units add to a round while it is gathering.
TRANSITIONS = {
    S.GATHERING: {S.DELIBERATING, S.CANCELLED},
    S.DELIBERATING: {S.GATHERING, S.APPROVED, S.CANCELLED},
    S.APPROVED: set[Status](),
    S.CANCELLED: set[Status](),
}


@dataclass(frozen=True)
class PlacementPolicy:
    """The county's weights for 分村选队, in tenths of a point unless said otherwise; defaults from placement.md."""

    ROOM: ClassVar = "placement"
    GROUP: ClassVar = "分村选队"

    size: int = parameter(3, "每队人数", "人", "新建批次时带出，可逐村改；2017 两办意见：一般不少于 3 人")
    flagged: int = parameter(80, "认定为穷（弱、乱）村的起评分", "分", "由村情带出，乡镇核对后可改")
    plain: int = parameter(30, "未认定的起评分", "分", "由村情带出，乡镇核对后可改")

    key_factor: int = parameter(130, "重点村系数", "%", "重点村的需求看得更重")
    model_factor: int = parameter(115, "示范村系数", "%", "示范村的需求看得较重")
    ordinary_factor: int = parameter(100, "一般村系数", "%", "一般村按需求本身计")
    other_share: int = parameter(40, "其他部门折算", "%", "没有对口村情的部门，按三项评分平均数的这个比例计")
    led_before: int = parameter(50, "继续帮扶加分", "0.1 分", "单位已经帮扶这个村的，熟悉村情、有项目延续")
    joint_penalty: int = parameter(8, "联合组队扣分", "0.1 分/人", "队员来自别的单位，管理和保障要多一道协调")
    stay_bonus: int = parameter(25, "连任加分", "0.1 分/人", "已在这个村的人留任；越大，换的人越少")

    keep_bonus: int = parameter(
        200, "重新计算时保持原位", "0.1 分/人", "只在“尽量少变动”时用，不计入得分；越大，一处变动牵动的人越少"
    )

    leader_rank: int = parameter(20, "副科以上任队长", "0.1 分", "便于协调乡镇和派出单位")
    leader_rural: int = parameter(10, "有农村工作经历的任队长", "0.1 分", "熟悉农村工作")
    leader_relief: int = parameter(10, "参加过脱贫攻坚驻村的任队长", "0.1 分", "带过队伍、住过村")
    preference: int = parameter(20, "符合本人意愿乡镇", "0.1 分/人", "本人自愿填写；住得惯、留得住")
    familiar: int = parameter(15, "在这个乡镇驻过村", "0.1 分/人", "由任职台账得出，人熟地熟")

    skill_first: int = parameter(60, "需求专业：第一点", "0.1 分", "村里需要的专业，队里有人懂最要紧")
    skill_second: int = parameter(30, "需求专业：第二点", "0.1 分", "再多一人懂，作用减半")
    skill_third: int = parameter(10, "需求专业：第三点", "0.1 分", "第三人以后锦上添花")
    women: int = parameter(20, "队里有女同志", "0.1 分", "便于联系妇女儿童；只计第一人")
    young: int = parameter(20, "队里有年轻人", "0.1 分", "荆州等地要求每队至少 1 名 35 岁以下；只计第一人")
    young_age: int = parameter(35, "年轻人年龄上限", "周岁", "荆州 2018：每队至少 1 名 35 岁以下")
    party: int = parameter(15, "队里有党员", "0.1 分", "便于参加支部活动；第一人计全数，第二人减半")
    rural: int = parameter(15, "队里有人有农村工作经历", "0.1 分", "第一人计全数，第二人减半")
    relief: int = parameter(15, "队里有人参加过脱贫攻坚驻村", "0.1 分", "第一人计全数，第二人减半")
    groups: str = parameter(
        "种植：种植 作物 农学 园艺 植物 植保 病虫害 种养 油茶；林业：林学 林业；养殖：畜牧 畜禽 兽医 动物 水产 种养；"
        "财务：财务 会计 财政；经济：经济 集体经济 招商；电商：电子商务 电商 商务 营销；党务：党务 党建 组织 政治；"
        "文秘：文秘 文字 汉语言 行政管理；法律：法律 法学 法规；治安：治安 公安 侦查 反诈；调解：调解 信访 社会工作 群众；"
        "工程：水利 工程 土木 项目；加工：加工 食品",
        "专业归类用词", "", "需求专业、所学专业和特长按这些词归到一类再比对；一词可归几类",
    )  # fmt: skip


WEIGHTS = (
    "key_factor model_factor ordinary_factor other_share led_before joint_penalty stay_bonus leader_rank leader_rural "
    "leader_relief preference familiar skill_first skill_second skill_third women young young_age party rural relief"
).split()
"""The fields of the policy that make up the objective: what the page of weights offers, and a proposal keeps."""


def weights_of(policy: PlacementPolicy) -> dict[str, int]:
    """The weights of a policy by name."""
    return {name: getattr(policy, name) for name in WEIGHTS}


def labels() -> dict[str, tuple[str, str, str]]:
    """Label, unit and the sentence of why of each weight."""
    known = {one.name: one.metadata for one in fields(PlacementPolicy)}
    return {name: (known[name]["label"], known[name]["unit"], known[name]["note"]) for name in WEIGHTS}


PRINCIPLE = {"economy": "poor", "party": "weak", "justice": "disorderly"}
"""经济部门到穷村、党群部门到弱村、政法部门到乱村: unit category to the score that it answers to (the article)."""
PRINCIPLES = {
    "economy": "经济部门到穷村",
    "party": "党群部门到弱村",
    "justice": "政法部门到乱村",
    "other": "其他",
}
CONDITIONS = {"poor": "穷", "weak": "弱", "disorderly": "乱"}


@dataclass(frozen=True)
class Troubles:
    """The three scores of a village, 0 to 100."""

    poor: int
    weak: int
    disorderly: int

    @property
    def main(self) -> tuple[str, ...]:
        """The conditions that score highest; all of them when they tie, none when everything is 0."""
        top = max(self.poor, self.weak, self.disorderly)
        return tuple(name for name in CONDITIONS if top and getattr(self, name) == top)

    @property
    def words(self) -> str:
        """穷, 弱, 乱 or what ties."""
        return "、".join(CONDITIONS[name] for name in self.main)


def follows(category: str, troubles: Troubles) -> bool:
    """Whether a unit of this category is the one the article sends to a village with these troubles.

    A village that ties between two troubles, and one without any, is open to the units of either, or of all. Units of
    其他部门 answer to no trouble and never follow it.
    """
    return not troubles.main or PRINCIPLE.get(category) in troubles.main


def unit_village(category: str, troubles: Troubles, village_class: str, weights: Mapping[str, int]) -> int:
    """What a unit is worth in a village: floor(10 · need · factor / 100), in tenths of a point (placement.md).

    The need is the score the unit's category answers to; other units answer to a share of the mean of the three.
    """
    factor = weights[f"{village_class or 'ordinary'}_factor"]
    if category in PRINCIPLE:
        need: int = getattr(troubles, PRINCIPLE[category])
        return 10 * need * factor // 100
    total = troubles.poor + troubles.weak + troubles.disorderly
    return 10 * total * weights["other_share"] * factor // 30_000


def groups_of(text: str) -> dict[str, tuple[str, ...]]:
    """The groups of skills written as “种植：作物 园艺；财务：会计 财政”: name → words. Pieces without ： are passed over."""
    found = {}
    for piece in text.replace(";", "；").split("；"):
        name, colon, words = piece.replace(":", "：").partition("：")
        if colon and name.strip() and words.split():
            found[name.strip()] = tuple(words.split())
    return found


def skills_in(text: str, groups: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The groups a text names by one of their words."""
    return {name for name, words in groups.items() if any(word in text for word in words)}


def wanted(text: str, groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The skills a village asks for, in order: groups where words are known, else the word itself (at most eight)."""
    found: list[str] = []
    for mark in "，,；;/ ":
        text = text.replace(mark, "、")
    for word in filter(None, (piece.strip() for piece in text.split("、"))):
        found += [name for name in sorted(skills_in(word, groups)) or [word] if name not in found]
    return found[:8]


def points(major: str, skills: str, asked: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """A person's points in each skill asked for: one for 所学专业, one for 特长; skills without a point are left out."""
    by_text = [(skills_in(text, groups), text) for text in (major, skills)]
    found = {name: sum(name in known or name in text for known, text in by_text) for name in asked}
    return {name: n for name, n in found.items() if n}


def tiers(asked: Iterable[str], weights: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """What each further point of a skill is worth in a village; balance of the team as skills that everybody wants."""
    steps = sorted((weights["skill_first"], weights["skill_second"], weights["skill_third"]), reverse=True)
    wants = {name: tuple(steps) for name in asked}
    balance = {
        "women": (weights["women"],),
        "young": (weights["young"],),
        "party": (weights["party"], weights["party"] // 2),
        "rural": (weights["rural"], weights["rural"] // 2),
        "relief": (weights["relief"], weights["relief"] // 2),
    }
    return wants | {f"={name}": worth for name, worth in balance.items()}


BALANCE = {"women": "女同志", "young": "年轻人", "party": "党员", "rural": "农村工作经历", "relief": "脱贫攻坚驻村"}
PARTS = {
    "unit": "单位对口", "person": "个人与村", "leader": "队长", "skills": "专业与结构", "joint": "联合组队", "stay": "连任",
}  # fmt: skip
"""The parts of a team's score, as people read them."""

HARD_RULES = {
    "H1": "每个村恰好一支工作队",
    "H2": "队伍人数等于该村需要的人数",
    "H3": "队长由牵头单位可任队长的人担任",
    "H4a": "不到本人老家所在村",
    "H4b": "不在本人老家所在乡镇任队长",
    "H5": "单位牵头的工作队不超过名额",
    "H6": "一人只在一支工作队",
    "H7": "单位能够承担该村",
    "H8": "遵守会议的锁定与排除",
    "H9": "身体受限的不到偏远村",
    "H10": "队员来自牵头单位或可联合的单位",
    "H11": "夫妻不同时驻村",
}
"""The hard rules of placement.md, as people read them."""

REPAIRS = {
    "H1": "{}这一批先不派队",
    "H2": "{}少派 1 人",
    "H3": "{}再有一名可任队长的人",
    "H5": "{}的名额增加 1 支",
    "H7": "允许别的单位承担{}",
    "H10": "{}可以联合别的单位",
    "H11": "{}夫妻可以同时驻村",
}
"""What loosening a single rule means, as people read it; for the others that the rule does not apply (diagnosis.py)."""


def in_points(tenths: int) -> str:
    """A change of a plan's value as people read it."""
    if not tenths:
        return "整个方案得分不变"
    return f"整个方案{'多' if tenths > 0 else '少'} {abs(tenths) / 10:.1f} 分"


def repair_words(key: str, name: Callable[[str], str]) -> str:
    """A repair (“H5:县财政局”) in words."""
    rule, _, rest = key.partition(":")
    who = "和".join(name(one) for one in rest.split("+")) if rule == "H11" else name(rest)
    if rule == "H8":
        return "解除锁定或排除：" + " → ".join(
            name(one) for one in rest.replace("ban:", "").replace("out:", "").split("→")
        )
    return REPAIRS[rule].format(who) if rule in REPAIRS else f"{who}不适用“{HARD_RULES.get(rule, rule)}”"


def needs_reason(category: str, troubles: Troubles, reason: str) -> bool:
    """Whether a team that does not follow the article's principle still lacks its reason in writing.

    The principle says nothing of 其他部门: they need none.
    """
    return category in PRINCIPLE and not follows(category, troubles) and not reason.strip()
