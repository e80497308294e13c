"""A problem as arrays: ids become positions in sorted order, every rule about one person and one village a NEVER."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

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


def legal(values: Ints) -> Bools:
    """Where no rule forbids; sums with at least one NEVER in them are far below half of it."""
    return values > NEVER // 2


@dataclass(frozen=True)
class _Places:
    """The ids of a problem in order, and each id's position."""

    problem: Problem
    villages: tuple[str, ...]
    units: tuple[str, ...]
    people: tuple[str, ...]
    village: dict[str, int]
    unit: dict[str, int]
    person: dict[str, int]


def _places(problem: Problem) -> _Places:
    ids = [tuple(sorted(part)) for part in (problem.villages, problem.units, problem.candidates)]
    at = [{one: n for n, one in enumerate(part)} for part in ids]
    return _Places(problem, ids[0], ids[1], ids[2], at[0], at[1], at[2])


def tables(problem: Problem) -> Tables:
    """The arrays of a problem. Ids that nothing else knows (partners, spouses, scores) are passed over."""
    at = _places(problem)
    own = np.array([at.unit.get(problem.candidates[one].unit, -1) for one in at.people], np.int64)
    points, worth = _skills(at)
    named = {village for _, village in problem.locks.person_village | problem.locks.unit_village}
    return Tables(
        villages=at.villages,
        units=at.units,
        people=at.people,
        size=np.array([problem.villages[one].size for one in at.villages], np.int64),
        capacity=np.array([max(problem.units[one].capacity, 0) for one in at.units], np.int64),
        pools=tuple(_pool(at, unit, own) for unit in at.units),
        own=own,
        served=_served(at),
        fit=_fit(at),
        lead=_lead(at),
        points=points,
        worth=worth,
        joint_penalty=problem.scores.joint_penalty,
        couples=_couples(at),
        must=_must(at),
        lost_locks=not named <= set(at.village),
    )


def _pool(at: _Places, unit: str, own: Ints) -> Ints:
    sources = [at.unit[one] for one in {unit, *at.problem.units[unit].partners} if one in at.unit]
    return np.flatnonzero(np.isin(own, sources))


def _served(at: _Places) -> Ints:
    """(U, V): H7, H8 for units, and nothing for units that lead no team at all."""
    problem, served = at.problem, np.full((len(at.units), len(at.villages)), NEVER, np.int64)
    for n, unit in enumerate(at.units):
        if problem.units[unit].capacity > 0:
            row = problem.scores.unit_village.get(unit, {})
            for village, value in row.items():
                if village in at.village:
                    served[n, at.village[village]] = value
    for n, village in enumerate(at.villages):
        allowed = problem.villages[village].allowed_units
        if allowed is not None:
            served[[m for m, unit in enumerate(at.units) if unit not in allowed], n] = NEVER
    for unit, village in problem.locks.ban_unit_village:
        if unit in at.unit and village in at.village:
            served[at.unit[unit], at.village[village]] = NEVER
    for unit, village in problem.locks.unit_village:
        if village in at.village:
            served[[m for m, one in enumerate(at.units) if one != unit], at.village[village]] = NEVER
    return served


def _fit(at: _Places) -> Ints:
    """(V, P): scores of people with the stay bonus; H4a, H8 for people and H9."""
    problem, fit = at.problem, np.zeros((len(at.villages), len(at.people)), np.int64)
    for person, row in problem.scores.person_village.items():
        if person in at.person:
            for village, value in row.items():
                if village in at.village:
                    fit[at.village[village], at.person[person]] = value
    for person, village in problem.previous.items():
        if person in at.person and village in at.village:
            fit[at.village[village], at.person[person]] += problem.scores.stay_bonus
    for place, whom in _ruled_out(at):
        fit[place, whom] = NEVER
    return fit


def _ruled_out(at: _Places) -> Iterator[tuple[int, int]]:
    """Pairs of positions (village, person) that a rule forbids."""
    problem, every = at.problem, range(len(at.villages))
    remote = [n for n, village in enumerate(at.villages) if problem.villages[village].remote]
    locked = defaultdict(set)
    for person, village in problem.locks.person_village:
        locked[person].add(at.village.get(village, -1))
    for n, person in enumerate(at.people):
        candidate = problem.candidates[person]
        if candidate.home_village in at.village:
            yield at.village[candidate.home_village], n
        if candidate.health_limited:
            yield from ((village, n) for village in remote)
        if person in problem.locks.person_out or candidate.spouse == person:
            yield from ((village, n) for village in every)
        if person in locked:
            yield from ((village, n) for village in every if village not in locked[person])
    for person, village in problem.locks.ban_person_village:
        if person in at.person and village in at.village:
            yield at.village[village], at.person[person]


def _lead(at: _Places) -> Ints:
    """(V, P): the leader bonus; H3 as far as it is about the person, and H4b."""
    candidates = [at.problem.candidates[one] for one in at.people]
    bonus = np.array([one.leader_bonus if one.leader_ok else NEVER for one in candidates], np.int64)
    lead = np.tile(bonus, (len(at.villages), 1))
    for n, village in enumerate(at.villages):
        town = at.problem.villages[village].township
        lead[n, [m for m, one in enumerate(candidates) if one.home_township and one.home_township == town]] = NEVER
    return lead


def _skills(at: _Places) -> tuple[Ints, Ints]:
    """Points (P, S) and worth (V, S, C + 1), C the longest tier; more points than tiers are worth no more."""
    rows = [at.problem.scores.skill_tiers.get(village, {}) for village in at.villages]
    names = sorted({skill for row in rows for skill in row})
    longest = max((len(steps) for row in rows for steps in row.values()), default=0)
    points = np.zeros((len(at.people), len(names)), np.int64)
    worth = np.zeros((len(at.villages), len(names), longest + 1), np.int64)
    for n, person in enumerate(at.people):
        have = at.problem.candidates[person].skills
        points[n] = [min(max(have.get(skill, 0), 0), longest) for skill in names]
    for n, row in enumerate(rows):
        for s, skill in enumerate(names):
            steps = np.array(row.get(skill, ()), np.int64)
            worth[n, s, 1:] = np.cumsum(np.concatenate([steps, np.zeros(longest - len(steps), np.int64)]))
    return points, worth


def _couples(at: _Places) -> tuple[tuple[int, int], ...]:
    spouses = ((n, at.person.get(at.problem.candidates[person].spouse, n)) for n, person in enumerate(at.people))
    return tuple(sorted({(min(pair), max(pair)) for pair in spouses if pair[0] != pair[1]}))


def _must(at: _Places) -> tuple[tuple[int, ...], ...]:
    """Who is locked to each village; -1 for somebody who is not a candidate."""
    must: list[set[int]] = [set() for _ in at.villages]
    for person, village in at.problem.locks.person_village:
        if village in at.village:
            must[at.village[village]].add(at.person.get(person, -1))
    return tuple(tuple(sorted(people)) for people in must)
