"""What a team is worth: the objective of one team, part by part."""

from collections.abc import Iterable

from .problem import Candidate, Problem
from .result import Breakdown, Team


def breakdown(problem: Problem, village: str, team: Team) -> Breakdown:
    """The parts of a team's value in a village, in tenths of a point; KeyError when unit and village have no score."""
    scores, candidates = problem.scores, problem.candidates
    strangers = sum(candidates[person].unit != team.unit for person in team.members)
    stayers = sum(problem.previous.get(person) == village for person in team.members)
    return Breakdown(
        unit=scores.unit_village[team.unit][village],
        person=sum(scores.person_village.get(person, {}).get(village, 0) for person in team.members),
        leader=candidates[team.leader].leader_bonus,
        skills=skills(problem, village, (candidates[person] for person in team.members)),
        joint=-scores.joint_penalty * strangers,
        stay=scores.stay_bonus * stayers,
    )


def skills(problem: Problem, village: str, members: Iterable[Candidate]) -> int:
    """What the members' skill points together are worth in a village: of each skill as many tiers as there are points."""
    people = list(members)
    tiers = problem.scores.skill_tiers.get(village, {})
    return sum(sum(steps[: sum(one.skills.get(skill, 0) for one in people)]) for skill, steps in tiers.items())


def total(problem: Problem, teams: dict[str, Team]) -> int:
    """The objective of a whole plan."""
    return sum(breakdown(problem, village, team).total for village, team in teams.items())
