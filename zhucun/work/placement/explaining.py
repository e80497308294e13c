"""The parts of a team's score in words a village cadre can add up: which fact gives how many points, by which weight."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhucun.base.directory.models import Standing
from zhucun.base.people.models import DEPUTY_SECTION
from zhucun.base.policy import policy

from . import rules
from .instance import Instance
from .optimiser.result import Team
from .optimiser.scoring import breakdown


@dataclass(frozen=True)
class Part:
    """One part of a score: its label, tenths of a point, and the facts behind it, a sentence each."""

    label: str
    worth: int
    facts: tuple[str, ...]


def why(instance: Instance, village: str, team: Team) -> list[Part]:
    """Every part of a team's score with what it rests on, the points of the facts adding up to those of the part.

    Parts worth nothing say what is missing. Teams are of people who take part, led by a unit that has a quota.
    """
    scores = breakdown(instance.problem, village, team)
    facts = {
        "unit": _unit(instance, village, team),
        "person": _people(instance, village, team),
        "leader": _leader(instance, team),
        "skills": _skills(instance, village, team),
        "joint": _joint(instance, team),
        "stay": _stay(instance, village, team),
    }
    return [Part(label, getattr(scores, part), tuple(facts[part])) for part, label in rules.PARTS.items()]


def points(tenths: int) -> str:
    """Tenths of a point with one decimal: 25 → 2.5, −8 → −0.8."""
    return f"{'−' if tenths < 0 else ''}{abs(tenths) / 10:.1f}"


def _unit(instance: Instance, village: str, team: Team) -> Iterator[str]:
    unit, troubles = instance.quotas[team.unit].unit, instance.troubles(village)
    worth = rules.unit_village(unit.category, troubles, instance.classes.get(village, ""), instance.weights)
    yield f"{unit}是{unit.get_category_display()}，{_need(instance, village, unit.category)}= {points(worth)} 分" + (
        "" if _is_even(instance, village, unit.category) else "（取到 0.1 分）"
    )
    before = instance.problem.scores.unit_village[team.unit][village] - worth
    if before:
        yield f"继续帮扶本村：+{points(before)} 分"
    if unit.category in rules.PRINCIPLE and not rules.follows(unit.category, troubles):
        yield f"该村{_scores(troubles, '、')}，主要是{troubles.words}，这个单位不是对口部门，要写明理由"


def _need(instance: Instance, village: str, category: str) -> str:
    """What a unit of a category answers to in a village, as a product: 80 × 130%（重点村）."""
    troubles, share = instance.troubles(village), instance.weights["other_share"]
    factor = f"{_factor(instance, village)}%（{_class(instance, village)}）"
    if category in rules.PRINCIPLE:
        name = rules.PRINCIPLE[category]
        word = rules.CONDITIONS[name]
        return f"{rules.PRINCIPLES[category]}，按“{word}”的评分计：{getattr(troubles, name)} × {factor}"
    return f"按三项评分平均数的 {share}% 计：（{_scores(troubles, ' + ')}）÷ 3 × {share}% × {factor}"


def _scores(troubles: rules.Troubles, between: str) -> str:
    return between.join(f"{word} {getattr(troubles, name)}" for name, word in rules.CONDITIONS.items())


def _factor(instance: Instance, village: str) -> int:
    return instance.weights[f"{instance.classes.get(village) or 'ordinary'}_factor"]


def _class(instance: Instance, village: str) -> str:
    known = instance.classes.get(village)
    return str(Standing.Category(known).label) if known else "村类别未定，按一般村"


def _is_even(instance: Instance, village: str, category: str) -> bool:
    """Whether the product comes to whole tenths, so that nothing was cut off (rules.unit_village)."""
    troubles, factor = instance.troubles(village), _factor(instance, village)
    if category in rules.PRINCIPLE:
        return 10 * getattr(troubles, rules.PRINCIPLE[category]) * factor % 100 == 0
    total = troubles.poor + troubles.weak + troubles.disorderly
    return 10 * total * instance.weights["other_share"] * factor % 30_000 == 0


def _people(instance: Instance, village: str, team: Team) -> Iterator[str]:
    town = instance.needs[village].village.township
    for person in team.members:
        worth = instance.problem.scores.person_village.get(person, {}).get(village, 0)
        row = instance.candidates[person]
        wish = instance.weights["preference"] * (row.preference_id == town.pk)
        facts = ((f"本人意愿到{town}", wish), (f"在{town}驻过村", worth - wish))
        if worth:
            yield f"{row.person}：" + "、".join(f"{word} {points(tenths)} 分" for word, tenths in facts if tenths)


def _leader(instance: Instance, team: Team) -> Iterator[str]:
    row, weights = instance.candidates[team.leader], instance.weights
    record = instance.judged[row].record
    if record is None:
        return
    facts = (
        ("副科以上", record.rank in DEPUTY_SECTION, weights["leader_rank"]),
        ("有农村工作经历", record.rural, weights["leader_rural"]),
        ("参加过脱贫攻坚驻村", record.poverty_relief, weights["leader_relief"]),
    )
    has = [f"{word} {points(tenths)} 分" for word, so, tenths in facts if so]
    if not instance.problem.candidates[team.leader].leader_ok:
        has = ["没有列为可任队长的人选，不加分"]
    yield f"队长{row.person}：{'、'.join(has) or '没有加分情形'}"


def _skills(instance: Instance, village: str, team: Team) -> Iterator[str]:
    groups = _groups(instance, village)
    for skill, steps in instance.problem.scores.skill_tiers.get(village, {}).items():
        having = [person for person in team.members if instance.problem.candidates[person].skills.get(skill)]
        total = sum(instance.problem.candidates[person].skills[skill] for person in having)
        if skill.startswith("="):
            if having and sum(steps[:total]):
                names = "、".join(map(instance.name, having))
                yield f"{rules.BALANCE[skill[1:]]}：{names}：{_steps(steps, total, '人')}"
            continue
        label = f"需要{_wanted(instance, village, skill, groups)}"
        names = "、".join(f"{instance.name(person)}（{_from(instance, person, skill, groups)}）" for person in having)
        yield f"{label}：{names}：{_steps(steps, total, '点')}" if having else f"{label}：队里没有人懂"


def _groups(instance: Instance, village: str) -> dict[str, tuple[str, ...]]:
    """The words by which skills were grouped when the round became numbers (instance.build)."""
    round = instance.needs[village].round
    return rules.groups_of(policy.on(round.starts_on, rules.PlacementPolicy, area=round.county_id).groups)


def _wanted(instance: Instance, village: str, skill: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    """A skill, with the village's own words when they were others: 调解（需求写的是社会工作、信访调解）."""
    pieces = filter(None, (piece.strip() for piece in re.split("[、，,；;/ ]", instance.needs[village].skills)))
    words = list(dict.fromkeys(piece for piece in pieces if skill in rules.wanted(piece, groups)))
    return skill if words in ([], [skill]) else f"{skill}（需求写的是{'、'.join(words)}）"


def _from(instance: Instance, person: str, skill: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    """Where somebody's points in a skill come from: 所学专业, 特长 or both."""
    record = instance.judged[instance.candidates[person]].record
    assert record is not None  # whoever has none takes no part
    major = rules.points(record.major, "", [skill], groups)
    return (
        ("专业、特长各一点" if rules.points("", record.skills, [skill], groups) else "专业一点")
        if major
        else "特长一点"
    )


def _steps(steps: tuple[int, ...], total: int, each: str) -> str:
    """What so many points, or people, of one kind come to: 第一点 6.0 + 第二点 3.0 = 9.0 分."""
    counted = [f"第{'一二三'[n]}{each} {points(worth)}" for n, worth in enumerate(steps[:total])]
    text = f"{counted[0]} 分" if len(counted) == 1 else f"{' + '.join(counted)} = {points(sum(steps[:total]))} 分"
    return text if total <= len(steps) else f"{text}（第{'二三四'[len(steps) - 1]}{each}起不再加）"


def _joint(instance: Instance, team: Team) -> Iterator[str]:
    units = {person: instance.problem.candidates[person].unit for person in team.members}
    others = [f"{instance.name(person)}（{unit}）" for person, unit in units.items() if unit != team.unit]
    if others:
        yield f"来自别的单位：{_each(others, -instance.problem.scores.joint_penalty)}"


def _stay(instance: Instance, village: str, team: Team) -> Iterator[str]:
    staying = [instance.name(one) for one in team.members if instance.problem.previous.get(one) == village]
    yield f"留任：{_each(staying, instance.problem.scores.stay_bonus)}" if staying else "没有人留任"


def _each(names: list[str], tenths: int) -> str:
    """黄国清、唐小芳各 2.5 分; a bracket takes no space after it."""
    text = "、".join(names) + ("各" if len(names) > 1 else "")
    return f"{text}{'' if text.endswith('）') else ' '}{points(tenths)} 分"
