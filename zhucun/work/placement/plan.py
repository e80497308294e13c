"""A proposal as teams by village code, and the reasons a team does not keep the hard rules, in words."""

import re
from collections.abc import Mapping
from dataclasses import replace

from . import rules
from .instance import Instance
from .models import Proposal
from .optimiser import checking
from .optimiser.problem import Problem
from .optimiser.result import Team


def teams_of(proposal: Proposal) -> dict[str, Team]:
    """The teams of a proposal as the optimiser names them."""
    members: dict[str, list[str]] = {}
    leaders: dict[str, str] = {}
    lines = {line.pk: line for line in proposal.lines.select_related("unit")}
    for line, number, leads in proposal.seats.values_list("line", "candidate__person__number", "leads"):
        members.setdefault(lines[line].village_id, []).append(number)
        if leads:
            leaders[lines[line].village_id] = number
    return {
        line.village_id: Team(
            line.unit.name, leaders.get(line.village_id, ""), tuple(sorted(members.get(line.village_id, ())))
        )
        for line in lines.values()
    }


def standing(instance: Instance, teams: Mapping[str, Team]) -> dict[str, Team]:
    """The teams whose village, unit and people are all still in the round; of the others nothing can be reckoned."""
    return {
        village: team
        for village, team in teams.items()
        if village in instance.needs and team.unit in instance.quotas and set(team.members) <= set(instance.candidates)
    }


def near(instance: Instance, teams: Mapping[str, Team]) -> Problem:
    """The instance's problem with a bonus for staying where a plan has people, instead of where they are now."""
    scores = replace(instance.problem.scores, stay_bonus=instance.keep_bonus)
    return instance.problem.replace(scores=scores, previous=where(teams))


def exchanged(teams: Mapping[str, Team], leaving: str, coming: str) -> dict[str, Team]:
    """The plan with two people in each other's places; who has none simply takes the place and the role."""
    other = {leaving: coming, coming: leaving}

    def turned(team: Team) -> Team:
        members = tuple(sorted(other.get(person, person) for person in team.members))
        return Team(team.unit, other.get(team.leader, team.leader), members)

    return {village: turned(team) for village, team in teams.items()}


def led_by(teams: Mapping[str, Team], village: str, person: str) -> dict[str, Team]:
    """The plan with another leader out of the team's own members."""
    team = teams[village]
    return {**teams, village: Team(team.unit, person, team.members)}


def swapped(teams: Mapping[str, Team], village: str, other: str) -> dict[str, Team]:
    """The plan with two whole teams in each other's villages."""
    return {**teams, village: teams[other], other: teams[village]}


def refusals(instance: Instance, teams: Mapping[str, Team]) -> list[str]:
    """Which hard rules a plan breaks, in sentences with names; empty when it keeps all."""
    return [in_words(instance, line) for line in checking.broken(instance.problem, teams)]


def in_words(instance: Instance, broken: str) -> str:
    """“H4a:P001 到了…” as people read it: the rule, and names for ids."""
    rule, _, rest = broken.partition(":")
    key, space, what = rest.partition(" ")
    return f"{rules.HARD_RULES.get(rule, rule)}：{instance.name(key)}{space}{named(instance, what)}"


def named(instance: Instance, text: str) -> str:
    """A sentence with the ids of people and villages replaced by their names.

    The judge writes numbers of people with a space on either side: “实有 3 人” is a count, even where somebody is no. 3.
    """
    ids = sorted({*instance.everybody, *instance.needs}, key=lambda key: (-len(key), key))
    if not ids:
        return text
    pattern = rf"(?<![0-9A-Za-z ])(?:{'|'.join(map(re.escape, ids))})(?![0-9A-Za-z ])"
    return re.sub(pattern, lambda found: instance.name(found[0]), text)


def moved(before: Mapping[str, Team], after: Mapping[str, Team]) -> dict[str, tuple[str, str]]:
    """Who goes elsewhere: 人员编号 → (village before, village after), empty for nowhere."""
    here, there = where(before), where(after)
    return {
        person: (here.get(person, ""), there.get(person, ""))
        for person in sorted({*here, *there})
        if here.get(person) != there.get(person)
    }


def where(teams: Mapping[str, Team]) -> dict[str, str]:
    """The village of everybody in a plan."""
    return {person: village for village, team in teams.items() for person in team.members}


def villages_led_by_rule(instance: Instance, teams: Mapping[str, Team]) -> tuple[int, int]:
    """(teams that follow the article's principle, teams for which it says anything: units of the three categories)."""
    # villages may have been dropped since
    here = [(village, team) for village, team in teams.items() if village in instance.needs]
    bound = [(village, team) for village, team in here if _category(instance, team.unit) in rules.PRINCIPLE]
    kept = sum(rules.follows(_category(instance, team.unit), instance.troubles(village)) for village, team in bound)
    return kept, len(bound)


def _category(instance: Instance, unit: str) -> str:
    return instance.quotas[unit].unit.category if unit in instance.quotas else ""
