"""The teams a unit can form, and what each is worth in each village: one matrix product per unit and team size."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np

from .table import NEVER, Array, Table


@lru_cache(maxsize=256)
def _subsets(n: int, k: int) -> Array:
    return np.array(list(combinations(range(n), k)), dtype=np.int16).reshape(-1, k)


@dataclass(frozen=True)
class Crew:
    """Whom a unit can send: its own people first, then its partners'."""

    unit: int
    people: Array
    own: int
    leads: Array
    """Whether each of `people` may lead a team of this unit."""
    bonus: Array
    homed: Array
    """Whether each has a home township, in which he cannot lead."""


@dataclass(frozen=True)
class Rows:
    """Teams of one unit and size: members by number [team, size], leader [team], members of other units [team]."""

    members: Array
    leader: Array
    local: Array
    strangers: Array


def crew(table: Table, unit: int) -> Crew:
    """Own people and those of the partners."""
    problem = table.problem
    partners = problem.units[table.units[unit]].partners
    others = [table.position[one] for one in dict.fromkeys(partners) if one in table.position]
    people = list(table.members[unit])
    own = len(people)
    for other in others:
        people += table.members[other] if other != unit else []
    given = [problem.candidates[table.people[one]] for one in people]
    leads = np.array([one.leader_ok and at < own for at, one in enumerate(given)], dtype=bool)
    bonus = np.array([one.leader_bonus for one in given], dtype=np.float32)
    homed = np.array([bool(one.home_township) for one in given], dtype=bool)
    return Crew(unit, np.array(people, dtype=np.int32), own, leads, bonus, homed)


def trimmed(table: Table, given: Crew, size: int, most: int) -> Crew:
    """The crew cut to as many people as make `most` teams: whoever is locked, may lead, or has more skills stays."""
    order = sorted(
        range(len(given.people)),
        key=lambda at: (
            int(given.people[at]) not in table.only,
            not given.leads[at],
            -int(table.points[given.people[at]].sum()),
            at,
        ),
    )
    while len(order) > size and comb(len(order), size) > most:
        order.pop()
    keep = np.array(sorted(order), dtype=np.intp)
    own = int((keep < given.own).sum())
    return Crew(given.unit, given.people[keep], own, given.leads[keep], given.bonus[keep], given.homed[keep])


def alone(table: Table, given: Crew, villages: Array, base: Array) -> tuple[Array, Array]:
    """What each person adds without the others, [village, person], and the unit's score with its best leader, [village]."""
    points = table.points[given.people]
    column = {skill: at for at, skill in enumerate(table.skills)}
    value = personal(table, given.people, villages).T
    for at, (skill, point) in enumerate(table.feature):
        value = value + np.outer(table.tiers[at, villages], points[:, column[skill]] >= point).astype(np.float32)
    value[:, given.own :] -= np.float32(table.problem.scores.joint_penalty)
    able = np.where(given.leads[:, None], led(table, given, villages), NEVER)
    return value, base.astype(np.float32) + able.max(axis=0, initial=NEVER)


def rows(table: Table, given: Crew, size: int) -> Rows:
    """Every team of this size with each leader it might need: the best one, and the next where that one is at home."""
    local = _subsets(len(given.people), size)
    seats = np.sort(table.seat[given.people][local], axis=1)
    keep = given.leads[local].any(axis=1) & ~(seats[:, 1:] == seats[:, :-1]).any(axis=1)
    local = local[keep]
    strangers = (local >= given.own).sum(axis=1)
    rank = np.where(given.leads[local], -given.bonus[local], np.inf)
    order = np.argsort(rank, axis=1, kind="stable")
    found: list[tuple[Array, Array]] = []
    needed = np.ones(len(local), dtype=bool)
    for turn in range(size):
        who = np.take_along_axis(local, order[:, turn : turn + 1], axis=1)[:, 0]
        needed &= given.leads[who]
        if not needed.any():
            break
        found.append((np.flatnonzero(needed), who[needed]))
        needed = needed & given.homed[who]
    which = np.concatenate([one for one, _ in found]) if found else np.zeros(0, dtype=np.intp)
    leader = np.concatenate([who for _, who in found]) if found else np.zeros(0, dtype=np.int16)
    return Rows(given.people[local[which]], leader, local[which], strangers[which])


def worth(table: Table, given: Crew, made: Rows, villages: Array, base: Array) -> Array:
    """What each team is worth in each village, [village, team] float32; far below zero where a rule stands against it.

    `base` is the unit's score in each of the villages.
    """
    people, problem = given.people, table.problem
    points = table.points[people]
    left = [np.zeros((len(made.leader), len(people)), dtype=np.float32) for _ in range(2)]
    np.put_along_axis(left[0], made.local.astype(np.intp), 1, axis=1)
    left[1][np.arange(len(made.leader)), made.leader] = 1
    right = [personal(table, people, villages), led(table, given, villages)]
    totals = {skill: points[:, at][made.local].sum(axis=1) for at, skill in enumerate(table.skills)}
    steps = [(totals[skill] >= point).astype(np.float32) for skill, point in table.feature]
    if steps:
        left.append(np.stack(steps, axis=1))
        right.append(table.tiers[:, villages])
    value = np.concatenate(right).T @ np.concatenate(left, axis=1).T
    value += base[:, None].astype(np.float32)
    value -= (problem.scores.joint_penalty * made.strangers).astype(np.float32)
    _require_locked(table, made, villages, value)
    return value


def _require_locked(table: Table, made: Rows, villages: Array, value: Array) -> None:
    if not table.locked_at:
        return
    for at, village in enumerate(villages.tolist()):
        for person in table.locked_at.get(village, ()):
            value[at, ~(made.members == person).any(axis=1)] += NEVER


def led(table: Table, given: Crew, villages: Array) -> Array:
    """What each person adds as leader in each village, [person, village]; nobody leads in the home township."""
    home = table.home_town[given.people]
    added = np.repeat(given.bonus[:, None], len(villages), axis=1)
    added[(home[:, None] == table.town[villages][None, :]) & (home[:, None] >= 0)] += NEVER
    return added


def personal(table: Table, people: Array, villages: Array) -> Array:
    """What each person adds in each village, [person, village]: fit, staying on, and the rules about home, health and locks."""
    added = np.zeros((len(people), len(villages)), dtype=np.float32)
    added[np.ix_(table.weak[people], table.remote[villages])] += NEVER
    local = np.full(len(table.villages) + 1, -1, dtype=np.int32)
    local[villages] = np.arange(len(villages), dtype=np.int32)
    for at, person in enumerate(people.tolist()):
        where, what = table.fits[person]
        here = local[where]
        inside = here >= 0
        np.add.at(added[at], here[inside], what[inside])
        only = table.only.get(person)
        if only is not None:
            added[at, villages != only] += NEVER
    return added
