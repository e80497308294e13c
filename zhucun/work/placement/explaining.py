"""The parts of a team's score in words a village cadre understands: which fact gives how many points, by which weight."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhucun.base.people.models import DEPUTY_SECTION

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
    """Every part of a team's score with what it rests on; parts worth nothing say what is missing."""
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


def _unit(instance: Instance, village: str, team: Team) -> Iterator[str]:
    unit = instance.quotas[team.unit].unit
    troubles = instance.troubles(village)
    scores = f"穷 {troubles.poor}、弱 {troubles.weak}、乱 {troubles.disorderly}"
    principle = rules.PRINCIPLES[unit.category]
    if unit.category in rules.PRINCIPLE:
        word = rules.CONDITIONS[rules.PRINCIPLE[unit.category]]
        yield f"{unit}是{unit.get_category_display()}，{principle}，按“{word}”的评分计（该村{scores}）"
    else:
        yield f"{unit}是其他部门，按三项评分平均数的一部分计（该村{scores}）"
    if unit.category in rules.PRINCIPLE and not rules.follows(unit.category, troubles):
        yield f"该村主要是{troubles.words}，这个单位不是对口部门，要写明理由"


def _people(instance: Instance, village: str, team: Team) -> Iterator[str]:
    for person in team.members:
        worth = instance.problem.scores.person_village.get(person, {}).get(village, 0)
        row = instance.candidates[person]
        if worth:
            town = instance.needs[village].village.township
            word = f"本人意愿到{town}" if row.preference_id == town.pk else f"在{town}驻过村"
            yield f"{row.person}{word}（{worth / 10:g} 分）"


def _leader(instance: Instance, team: Team) -> Iterator[str]:
    record = instance.judged[instance.candidates[team.leader]].record
    if record is not None:
        has = [
            word
            for word, so in (
                ("副科以上", record.rank in DEPUTY_SECTION),
                ("有农村工作经历", record.rural),
                ("参加过脱贫攻坚驻村", record.poverty_relief),
            )
            if so
        ]
        yield f"队长{instance.name(team.leader)}：{'、'.join(has) or '没有加分情形'}"


def _skills(instance: Instance, village: str, team: Team) -> Iterator[str]:
    for skill, steps in instance.problem.scores.skill_tiers.get(village, {}).items():
        having = [person for person in team.members if instance.problem.candidates[person].skills.get(skill)]
        points = sum(instance.problem.candidates[person].skills[skill] for person in having)
        worth = sum(steps[:points])
        names = "、".join(instance.name(person) for person in having)
        label = rules.BALANCE[skill[1:]] if skill.startswith("=") else f"需要{skill}"
        if having and worth:
            yield f"{label}：{names}（{worth / 10:g} 分）"
        elif not skill.startswith("="):
            yield f"{label}：队里没有人懂"


def _joint(instance: Instance, team: Team) -> Iterator[str]:
    others = [person for person in team.members if instance.problem.candidates[person].unit != team.unit]
    if others:
        names = "、".join(f"{instance.name(person)}（{instance.problem.candidates[person].unit}）" for person in others)
        yield f"来自别的单位：{names}"


def _stay(instance: Instance, village: str, team: Team) -> Iterator[str]:
    staying = [person for person in team.members if instance.problem.previous.get(person) == village]
    yield f"留任：{'、'.join(map(instance.name, staying))}" if staying else "没有人留任"
