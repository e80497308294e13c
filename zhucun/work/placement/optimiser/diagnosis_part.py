"""The part of a large problem around the villages that a partial plan leaves without a team."""

from collections import Counter
from collections.abc import Mapping

from .diagnosis_rules import Rule, may_lead, rules_of
from .problem import Candidate, Locks, Problem, Scores, Unit
from .result import Team

OUTSIDE = "（其他单位）"
"""Stands for all units that may lead in none of the villages looked at: people who could only join or lead elsewhere."""


def part(problem: Problem, teams: Mapping[str, Team], most: int) -> tuple[Problem, frozenset[Rule]]:
    """A problem of at most `most` villages and its rules; what cannot hold together there cannot in the whole either.

    The villages left out or under contradictory locks come first, then those that share most units with them.
    """
    villages = _around(problem, _left_out(problem, teams), most)
    leading = {unit for unit in problem.units if any(may_lead(problem, unit, village) for village in villages)}
    units = leading | {partner for unit in leading for partner in problem.units[unit].partners}
    smaller = Problem(
        villages={village: problem.villages[village] for village in villages},
        units={unit: problem.units[unit] for unit in units} | {OUTSIDE: Unit(len(villages))},
        candidates={person: _known(one, units) for person, one in problem.candidates.items()},
        scores=Scores({unit: _row(problem, unit, villages) for unit in units}),
        locks=_locks(problem.locks, villages, units, problem),
    )
    return smaller, frozenset(rule for rule in rules_of(smaller) if rule.key != OUTSIDE)


def _left_out(problem: Problem, teams: Mapping[str, Team]) -> list[str]:
    locks = problem.locks
    twice = Counter(village for _, village in locks.unit_village), Counter(person for person, _ in locks.person_village)
    odd = {village for _, village in locks.unit_village if twice[0][village] > 1}
    odd |= {village for person, village in locks.person_village if twice[1][person] > 1 or person in locks.person_out}
    odd |= {village for _, village in locks.unit_village & locks.ban_unit_village}
    odd |= {village for _, village in locks.person_village & locks.ban_person_village}
    return [*sorted(odd), *sorted(problem.villages.keys() - teams.keys() - odd)]


def _around(problem: Problem, first: list[str], most: int) -> list[str]:
    """Some of the villages left out, and their nearest rivals: those that few others but the same units may serve."""
    chosen = first[: most // 3]
    units = {unit for unit in problem.units if any(may_lead(problem, unit, village) for village in chosen)}
    shared: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for unit, row in problem.scores.unit_village.items():
        (shared if unit in units else other).update(village for village in row if may_lead(problem, unit, village))
    rivals = shared.keys() - set(chosen)
    near = sorted(rivals, key=lambda village: (-shared[village] / (shared[village] + other[village]), village))
    return sorted([*chosen, *near[: most - len(chosen)]])


def _known(one: Candidate, units: set[str]) -> Candidate:
    """Somebody of the units looked at; of anybody else only that there is somebody."""
    return one if one.unit in units else Candidate(OUTSIDE, leader_ok=True)


def _row(problem: Problem, unit: str, villages: list[str]) -> dict[str, int]:
    row = problem.scores.unit_village.get(unit, {})
    return {village: row[village] for village in villages if village in row}


def _locks(locks: Locks, villages: list[str], units: set[str], problem: Problem) -> Locks:
    """Those between the villages and people looked at."""
    here = set(villages)
    people = {person for person, one in problem.candidates.items() if one.unit in units}
    return Locks(
        unit_village=frozenset(
            (unit, village) for unit, village in locks.unit_village if village in here and unit in units
        ),
        ban_unit_village=frozenset(
            (unit, village) for unit, village in locks.ban_unit_village if village in here and unit in units
        ),
        person_village=frozenset(
            (one, village) for one, village in locks.person_village if village in here and one in people
        ),
        ban_person_village=frozenset(
            (one, village) for one, village in locks.ban_person_village if village in here and one in people
        ),
        person_out=locks.person_out & people,
    )
