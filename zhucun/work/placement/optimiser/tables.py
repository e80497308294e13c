"""A problem as arrays: ids become positions in sorted order, every rule about one person and one village a NEVER."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .problem import Problem

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = -(1 << 38)
"""Stands for “cannot be”; far below any score, and small enough that a sum of some, priced, still fits an int64."""


@dataclass(frozen=True)
class Tables:
    """V villages, U units, P people, S skills by position; scores in tenths of a point, NEVER where a rule forbids."""

    villages: tuple[str, ...]
    units: tuple[str, ...]
    people: tuple[str, ...]
    size: Ints  # (V,)
    capacity: Ints  # (U,)
    pools: tuple[Ints, ...]  # for each unit the people who may join its teams, ascending
    own: Ints  # (P,) the person's own unit, -1 when it is unknown
    served: Ints  # (U, V) the unit's score for the village
    fit: Ints  # (V, P) the person's score for the village with the stay bonus
    lead: Ints  # (V, P) what the person adds as the leader there
    points: Ints  # (P, S) skill points, cut at the longest tier
    worth: Ints  # (V, S, C + 1) what c points of a skill are worth
    joint_penalty: int
    couples: tuple[tuple[int, int], ...]
    must: tuple[tuple[int, ...], ...]  # for each village the people locked to it
    lost_locks: bool  # some lock names a village or person that does not exist

    def valueless(self) -> "Tables":
        """The same rules with every score 0: what is left is how many villages can have a team."""
        zero = {name: np.minimum(getattr(self, name), 0) for name in ("served", "fit", "lead")}
        zero = {name: np.where(values > NEVER, 0, NEVER) for name, values in zero.items()}
        return replace(self, **zero, worth=np.zeros_like(self.worth), joint_penalty=0)


def legal(values: Ints) -> Bools:
    """Where no rule forbids; sums with at least one NEVER in them are far below half of it."""
    return values > NEVER // 2


def tables(problem: Problem) -> Tables:
    """The arrays of a problem. Ids that nothing else knows (partners, spouses, scores) are passed over."""
    villages, units, people = (tuple(sorted(part)) for part in (problem.villages, problem.units, problem.candidates))
    at_village, at_unit, at_person = ({one: n for n, one in enumerate(ids)} for ids in (villages, units, people))
    must, lost = _must(problem, at_village, at_person)
    own = np.array([at_unit.get(problem.candidates[one].unit, -1) for one in people], np.int64)
    points, worth = _skills(problem, villages, people)
    return Tables(
        villages=villages,
        units=units,
        people=people,
        size=np.array([problem.villages[one].size for one in villages], np.int64),
        capacity=np.array([max(problem.units[one].capacity, 0) for one in units], np.int64),
        pools=_pools(problem, units, at_unit, own),
        own=own,
        served=_served(problem, villages, units, at_village, at_unit),
        fit=_fit(problem, villages, people, at_village, at_person),
        lead=_lead(problem, villages, people),
        points=points,
        worth=worth,
        joint_penalty=problem.scores.joint_penalty,
        couples=_couples(problem, people, at_person),
        must=must,
        lost_locks=lost,
    )


def _pools(problem: Problem, units: tuple[str, ...], at_unit: dict[str, int], own: Ints) -> tuple[Ints, ...]:
    def pool(unit: str) -> Ints:
        sources = [at_unit[one] for one in {unit, *problem.units[unit].partners} if one in at_unit]
        return np.flatnonzero(np.isin(own, sources))

    return tuple(pool(unit) for unit in units)


def _served(
    problem: Problem,
    villages: tuple[str, ...],
    units: tuple[str, ...],
    at_village: dict[str, int],
    at_unit: dict[str, int],
) -> Ints:
    """(U, V): H7 and H8 for units, and nothing for units that lead no team at all."""
    served = np.full((len(units), len(villages)), NEVER, np.int64)
    for unit, row in problem.scores.unit_village.items():
        if unit in at_unit and problem.units[unit].capacity > 0:
            known = [(at_village[village], value) for village, value in row.items() if village in at_village]
            for village, value in known:
                served[at_unit[unit], village] = value
    for n, village in enumerate(villages):
        allowed = problem.villages[village].allowed_units
        if allowed is not None:
            served[[m for m, unit in enumerate(units) if unit not in allowed], n] = NEVER
    for unit, village in problem.locks.ban_unit_village:
        if unit in at_unit and village in at_village:
            served[at_unit[unit], at_village[village]] = NEVER
    for unit, village in problem.locks.unit_village:
        if village in at_village:
            served[[m for m, one in enumerate(units) if one != unit], at_village[village]] = NEVER
    return served


def _fit(
    problem: Problem,
    villages: tuple[str, ...],
    people: tuple[str, ...],
    at_village: dict[str, int],
    at_person: dict[str, int],
) -> Ints:
    """(V, P): scores of people with the stay bonus; H4a, H8 for people and H9."""
    fit = np.zeros((len(villages), len(people)), np.int64)
    for person, row in problem.scores.person_village.items():
        for village, value in row.items():
            if person in at_person and village in at_village:
                fit[at_village[village], at_person[person]] = value
    for person, village in problem.previous.items():
        if person in at_person and village in at_village:
            fit[at_village[village], at_person[person]] += problem.scores.stay_bonus
    for village, person in _ruled_out(problem, villages, people, at_village, at_person):
        fit[village, person] = NEVER
    return fit


def _ruled_out(
    problem: Problem,
    villages: tuple[str, ...],
    people: tuple[str, ...],
    at_village: dict[str, int],
    at_person: dict[str, int],
) -> Iterator[tuple[int, int]]:
    """Pairs of positions (village, person) that a rule forbids."""
    remote = [n for n, village in enumerate(villages) if problem.villages[village].remote]
    locked = defaultdict(set)
    for person, village in problem.locks.person_village:
        locked[person].add(village)
    for n, person in enumerate(people):
        candidate = problem.candidates[person]
        if candidate.home_village in at_village:
            yield at_village[candidate.home_village], n
        if candidate.health_limited:
            yield from ((village, n) for village in remote)
        if person in problem.locks.person_out or candidate.spouse == person:
            yield from ((village, n) for village in range(len(villages)))
        if person in locked:
            yield from ((m, n) for m, village in enumerate(villages) if village not in locked[person])
    for person, village in problem.locks.ban_person_village:
        if person in at_person and village in at_village:
            yield at_village[village], at_person[person]


def _lead(problem: Problem, villages: tuple[str, ...], people: tuple[str, ...]) -> Ints:
    """(V, P): the leader bonus; H3 as far as it is about the person, and H4b."""
    candidates = [problem.candidates[one] for one in people]
    bonus = np.array([one.leader_bonus if one.leader_ok else NEVER for one in candidates], np.int64)
    lead = np.tile(bonus, (len(villages), 1))
    for n, village in enumerate(villages):
        town = problem.villages[village].township
        lead[n, [m for m, one in enumerate(candidates) if one.home_township and one.home_township == town]] = NEVER
    return lead


def _skills(problem: Problem, villages: tuple[str, ...], people: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Points (P, S) and worth (V, S, C + 1), C the longest tier; more points than tiers are worth no more."""
    rows = [problem.scores.skill_tiers.get(village, {}) for village in villages]
    names = sorted({skill for row in rows for skill in row})
    longest = max((len(steps) for row in rows for steps in row.values()), default=0)
    points = np.zeros((len(people), len(names)), np.int64)
    worth = np.zeros((len(villages), len(names), longest + 1), np.int64)
    for n, person in enumerate(people):
        points[n] = [min(max(problem.candidates[person].skills.get(skill, 0), 0), longest) for skill in names]
    for n, row in enumerate(rows):
        for s, skill in enumerate(names):
            steps = np.array(row.get(skill, ()), np.int64)
            worth[n, s, 1:] = np.cumsum(np.concatenate([steps, np.zeros(longest - len(steps), np.int64)]))
    return points, worth


def _couples(problem: Problem, people: tuple[str, ...], at_person: dict[str, int]) -> tuple[tuple[int, int], ...]:
    spouses = ((n, at_person.get(problem.candidates[person].spouse, n)) for n, person in enumerate(people))
    return tuple(sorted({(min(pair), max(pair)) for pair in spouses if pair[0] != pair[1]}))


def _must(
    problem: Problem, at_village: dict[str, int], at_person: dict[str, int]
) -> tuple[tuple[tuple[int, ...], ...], bool]:
    """Who is locked to each village, -1 for somebody who is not a candidate; whether a lock names no known village."""
    must: list[set[int]] = [set() for _ in at_village]
    for person, village in problem.locks.person_village:
        if village in at_village:
            must[at_village[village]].add(at_person.get(person, -1))
    named = {village for _, village in problem.locks.person_village | problem.locks.unit_village}
    return tuple(tuple(sorted(people)) for people in must), not named <= set(at_village)
