"""A question about one unit or person in one village, as a problem of that village alone."""

from dataclasses import replace

from .problem import Locks, Problem, Scores


def merged(some: Locks, others: Locks) -> Locks:
    """What either fixes or rules out."""
    return Locks(
        unit_village=some.unit_village | others.unit_village,
        ban_unit_village=some.ban_unit_village | others.ban_unit_village,
        person_village=some.person_village | others.person_village,
        ban_person_village=some.ban_person_village | others.ban_person_village,
        person_out=some.person_out | others.person_out,
    )


def alone(problem: Problem, village: str, unit: str = "", person: str = "") -> Problem:
    """The problem of this village alone, in which only the unit may lead or the person must be in the team.

    Only the units and people that matter to the question are in it. KeyError for unknown ids.
    """
    pools = {name: {name, *one.partners} for name, one in problem.units.items()}
    locks = problem.locks
    if unit:
        pools = {unit: pools[unit]}
    if person:
        own = problem.candidates[person].unit
        pools = {name: pool for name, pool in pools.items() if own in pool}
        locks = merged(locks, Locks(person_village=frozenset({(person, village)})))
    near = {name for pool in pools.values() for name in pool}
    people = {name: one for name, one in problem.candidates.items() if one.unit in near}
    return problem.replace(
        villages={village: problem.villages[village]},
        units={name: one for name, one in problem.units.items() if name in near},
        candidates=people,
        scores=_scores(problem.scores, village, set(pools), set(people)),
        locks=locks,
    )


def _scores(scores: Scores, village: str, leads: set[str], people: set[str]) -> Scores:
    rows, wishes = scores.unit_village, scores.person_village
    return replace(
        scores,
        unit_village={one: {village: rows[one][village]} for one in leads if village in rows.get(one, {})},
        person_village={one: {village: wishes[one].get(village, 0)} for one in people if one in wishes},
        skill_tiers={village: scores.skill_tiers.get(village, {})},
    )
