"""A problem as arrays: ids sorted and numbered, who may go where, which (unit, village) pairs can be."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhucun.work.placement.optimiser.problem import Problem

Array = np.ndarray
NEVER = np.float32(-1e6)
"""Stands for a team that cannot be; sums of several stay exact in float32."""


@dataclass
class Table:
    """One problem by number. Villages, units and people are numbered in the order of their sorted ids."""

    problem: Problem
    villages: list[str]
    units: list[str]
    people: list[str]
    place: dict[str, int]
    """Number of a village."""
    number: dict[str, int]
    """Number of a person; those who are out of it have none."""
    position: dict[str, int]
    """Number of a unit."""
    size: Array
    town: Array
    remote: Array
    capacity: Array
    unit_of: Array
    seat: Array
    """Number of the seat a person takes, of `seats`: spouses share one, so that only one of them is posted."""
    seats: int
    tiers: Array
    """[feature, village]: what the j-th point of a skill adds."""
    feature: list[tuple[str, int]]
    """(skill, j) of each feature, j counted from 1."""

    @cached_property
    def members(self) -> list[list[int]]:
        """Numbers of each unit's own people."""
        found: list[list[int]] = [[] for _ in self.units]
        for person, unit in enumerate(self.unit_of.tolist()):
            found[unit].append(person)
        return found

    @cached_property
    def apart(self) -> dict[int, list[int]]:
        """Spouses who do not share a seat, because one of them shares it with somebody else: both ways, by number."""
        found: dict[int, list[int]] = {}
        for person, name in enumerate(self.people):
            other = self.number.get(self.problem.candidates[name].spouse, person)
            if self.seat[other] != self.seat[person]:
                found.setdefault(person, []).append(other)
                found.setdefault(other, []).append(person)
        return found

    @cached_property
    def home_town(self) -> Array:
        """Number of each person's home township; -1 when there is none or no village of it is here."""
        towns = {self.problem.villages[one].township: int(self.town[at]) for at, one in enumerate(self.villages)}
        homes = (self.problem.candidates[one].home_township for one in self.people)
        return np.array([towns.get(home, -1) if home else -1 for home in homes], dtype=np.int32)

    @cached_property
    def weak(self) -> Array:
        """Whether a person's health is limited."""
        return np.array([self.problem.candidates[one].health_limited for one in self.people], dtype=bool)

    @cached_property
    def skills(self) -> list[str]:
        """Skills that count somewhere, in the order of `points`."""
        return list(dict.fromkeys(skill for skill, _ in self.feature))

    @cached_property
    def points(self) -> Array:
        """Skill points [person, skill]."""
        given = [self.problem.candidates[one].skills for one in self.people]
        return np.array([[one.get(s, 0) for s in self.skills] for one in given], dtype=np.int16).reshape(len(given), -1)

    @cached_property
    def fits(self) -> list[tuple[Array, Array]]:
        """For each person the villages that are not like any other to him, and what is added there."""
        return [self._fit(person) for person in self.people]

    def _fit(self, person: str) -> tuple[Array, Array]:
        problem, one = self.problem, self.problem.candidates[person]
        scores = problem.scores
        pairs = [(self.place[v], float(s)) for v, s in scores.person_village.get(person, {}).items() if v in self.place]
        if problem.previous.get(person) in self.place:
            pairs.append((self.place[problem.previous[person]], float(scores.stay_bonus)))
        if one.home_village in self.place:
            pairs.append((self.place[one.home_village], float(NEVER)))
        pairs += self._banned.get(person, [])
        return (
            np.array([village for village, _ in pairs], dtype=np.int32),
            np.array([value for _, value in pairs], dtype=np.float32),
        )

    @cached_property
    def _banned(self) -> dict[str, list[tuple[int, float]]]:
        found: dict[str, list[tuple[int, float]]] = {}
        for person, village in sorted(self.problem.locks.ban_person_village):
            if village in self.place:
                found.setdefault(person, []).append((self.place[village], float(NEVER)))
        return found

    @cached_property
    def only(self) -> dict[int, int]:
        """The one village of a person who is locked; -1 when it is not here."""
        locks = self.problem.locks.person_village
        return {self.number[p]: self.place.get(v, -1) for p, v in sorted(locks) if p in self.number}

    def pairs(self, unit: int) -> tuple[Array, Array]:
        """Villages a unit may lead in, by number and ascending, and its score in each."""
        name, locks = self.units[unit], self.problem.locks
        row = self.problem.scores.unit_village.get(name, {})
        where = np.array([self.place.get(village, -1) for village in row], dtype=np.int32)
        value = np.array(list(row.values()), dtype=np.int32)
        order = np.argsort(where, kind="stable")
        where, value = where[order], value[order]
        keep = (where >= 0) & ~self._closed(name)[where]
        if locks.ban_unit_village:
            keep &= ~np.isin(where, [self.place.get(v, -1) for u, v in locks.ban_unit_village if u == name])
        return where[keep], value[keep]

    def _closed(self, unit: str) -> Array:
        """Villages that allow only other units or are locked to another one."""
        closed = np.zeros(len(self.villages), dtype=bool)
        for village, allowed in self._choosy.items():
            closed[village] = unit not in allowed
        return closed

    @cached_property
    def _choosy(self) -> dict[int, frozenset[str]]:
        allowed = {
            at: units
            for at, one in enumerate(self.villages)
            if (units := self.problem.villages[one].allowed_units) is not None
        }
        for unit, village in sorted(self.problem.locks.unit_village):
            if village in self.place:
                at = self.place[village]
                allowed[at] = allowed.get(at, frozenset((unit,))) & {unit}
        return allowed

    @cached_property
    def locked_at(self) -> dict[int, list[int]]:
        """People locked to a village, by its number."""
        found: dict[int, list[int]] = {}
        for person, village in sorted(self.problem.locks.person_village):
            if person in self.number and village in self.place:
                found.setdefault(self.place[village], []).append(self.number[person])
        return found


def tabulate(problem: Problem) -> Table:
    """The arrays of a problem; people of unknown units and those locked out are left aside."""
    villages, units = sorted(problem.villages), sorted(problem.units)
    known, out = set(units), problem.locks.person_out
    people = sorted(p for p, one in problem.candidates.items() if one.unit in known and p not in out)
    towns = {"": -1}
    for village in villages:
        towns.setdefault(problem.villages[village].township, len(towns))
    number = {person: at for at, person in enumerate(people)}
    position = {unit: at for at, unit in enumerate(units)}
    seat, seats = _seats(problem, people, number)
    feature, tiers = _tiers(problem, villages)
    return Table(
        problem=problem,
        villages=villages,
        units=units,
        people=people,
        place={village: at for at, village in enumerate(villages)},
        number=number,
        position=position,
        size=np.array([problem.villages[one].size for one in villages], dtype=np.int32),
        town=np.array([towns[problem.villages[one].township] for one in villages], dtype=np.int32),
        remote=np.array([problem.villages[one].remote for one in villages], dtype=bool),
        capacity=np.array([problem.units[one].capacity for one in units], dtype=np.int64),
        unit_of=np.array([position[problem.candidates[one].unit] for one in people], dtype=np.int32),
        seat=seat,
        seats=seats,
        tiers=tiers,
        feature=feature,
    )


def _seats(problem: Problem, people: list[str], number: dict[str, int]) -> tuple[Array, int]:
    """One seat a person, one for both of a couple; a person named by several keeps the seat with the first."""
    seat = np.full(len(people), -1, dtype=np.int32)
    seats = 0
    for at, person in enumerate(people):
        if seat[at] < 0:
            seat[at] = seats
            seats += 1
            other = number.get(problem.candidates[person].spouse, at)
            if other != at and seat[other] < 0:
                seat[other] = seat[at]
    return seat, seats


def _tiers(problem: Problem, villages: list[str]) -> tuple[list[tuple[str, int]], Array]:
    scores = problem.scores.skill_tiers
    longest: dict[str, int] = {}
    for village in villages:
        for skill, steps in scores.get(village, {}).items():
            longest[skill] = max(longest.get(skill, 0), len(steps))
    feature = [(skill, point) for skill in sorted(longest) for point in range(1, longest[skill] + 1)]
    first = {skill: at for at, (skill, point) in enumerate(feature) if point == 1}
    tiers = np.zeros((len(feature), len(villages)), dtype=np.float32)
    for at, village in enumerate(villages):
        for skill, steps in scores.get(village, {}).items():
            if steps:
                tiers[first[skill] : first[skill] + len(steps), at] = steps
    return feature, tiers
