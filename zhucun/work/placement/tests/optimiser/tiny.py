"""Tiny invented instances of every odd kind, and their optimum found by trying all plans."""

import random
from collections.abc import Iterator
from itertools import combinations

from zhucun.work.placement.optimiser.problem import Candidate, Locks, Problem, Scores, Unit, Village
from zhucun.work.placement.optimiser.result import Team
from zhucun.work.placement.optimiser.scoring import breakdown


def tiny(seed: int) -> Problem:
    """One to four villages, one to four units, up to a dozen people; any rule may bite, any part may be empty."""
    dice = random.Random(seed)
    towns = ["T1", "T2", "T3", ""]
    villages = {
        f"V{n}": Village(
            size=dice.choice([1, 1, 1, 2, 2, 3]),
            township=dice.choice(towns),
            remote=dice.random() < 0.3,
            allowed_units=frozenset(dice.sample(["U0", "U1", "U2", "U3"], dice.randint(1, 4)))
            if dice.random() < 0.2
            else None,
        )
        for n in range(dice.randint(1, 4))
    }
    names = [f"U{n}" for n in range(dice.randint(1, 4))]
    units = {
        unit: Unit(dice.choice([0, 1, 2, 3]), tuple(dice.sample([*names, "U9"], dice.randint(0, len(names)))))
        for unit in names
    }
    people = [f"p{n}" for n in range(dice.randint(3, 12))]
    candidates = {person: _candidate(dice, person, names, people, towns, list(villages)) for person in people}
    return Problem(
        villages,
        units,
        candidates,
        _scores(dice, list(villages), names, people),
        _locks(dice, list(villages), names, people) if dice.random() < 0.3 else Locks(),
        {person: dice.choice([*villages, "V9"]) for person in people if dice.random() < 0.3},
    )


def _candidate(
    dice: random.Random, person: str, units: list[str], people: list[str], towns: list[str], villages: list[str]
) -> Candidate:
    return Candidate(
        unit=dice.choice(units),
        leader_ok=dice.random() < 0.75,
        leader_bonus=dice.randint(-20, 30),
        skills={skill: dice.randint(0, 5) for skill in ("a", "b", "c") if dice.random() < 0.5},
        home_village=dice.choice([*villages, "", "", "V9"]),
        home_township=dice.choice(towns),
        health_limited=dice.random() < 0.15,
        spouse=dice.choice([one for one in people if one != person] or [""]) if dice.random() < 0.15 else "",
    )


def _scores(dice: random.Random, villages: list[str], units: list[str], people: list[str]) -> Scores:
    scale = dice.choice([0, 1, 3, 100])
    return Scores(
        unit_village={
            unit: {village: dice.randint(-scale, scale) for village in villages if dice.random() < 0.8}
            for unit in units
        },
        person_village={
            person: {village: dice.randint(-scale, scale) for village in villages if dice.random() < 0.4}
            for person in people
            if dice.random() < 0.7
        },
        skill_tiers={
            village: {
                skill: tuple(sorted((dice.randint(0, 2 * scale) for _ in range(dice.randint(0, 4))), reverse=True))
                for skill in ("a", "b", "d")
                if dice.random() < 0.6
            }
            for village in villages
            if dice.random() < 0.8
        },
        joint_penalty=dice.choice([0, 8, -3]),
        stay_bonus=dice.choice([0, 25, -5]),
    )


def _locks(dice: random.Random, villages: list[str], units: list[str], people: list[str]) -> Locks:
    def pairs(ids: list[str]) -> frozenset[tuple[str, str]]:
        return frozenset((dice.choice(ids), dice.choice(villages)) for _ in range(dice.choice([0, 0, 1, 2])))

    return Locks(pairs(units), pairs(units), pairs(people), pairs(people), frozenset(one for one, _ in pairs(people)))


def every_team(problem: Problem, village: str) -> Iterator[Team]:
    """All teams that keep the rules of one team in one village, each leader tried."""
    need, locks = problem.villages[village], problem.locks
    for unit, home in problem.units.items():
        if village not in problem.scores.unit_village.get(unit, {}) or (unit, village) in locks.ban_unit_village:
            continue
        if need.allowed_units is not None and unit not in need.allowed_units:
            continue
        if any(v == village and u != unit for u, v in locks.unit_village):
            continue
        pool = [p for p, one in problem.candidates.items() if one.unit in {unit, *home.partners}]
        for members in combinations(sorted(pool), need.size):
            for leader in members:
                one = problem.candidates[leader]
                away = not one.home_township or one.home_township != need.township
                if one.leader_ok and one.unit == unit and away and _may(problem, village, members):
                    yield Team(unit, leader, members)


def _may(problem: Problem, village: str, members: tuple[str, ...]) -> bool:
    need, locks = problem.villages[village], problem.locks
    if any(v == village and person not in members for person, v in locks.person_village):
        return False
    for person in members:
        one = problem.candidates[person]
        if one.home_village == village or (need.remote and one.health_limited) or person in locks.person_out:
            return False
        if (person, village) in locks.ban_person_village or one.spouse in members:
            return False
        locked = {v for p, v in locks.person_village if p == person}
        if locked and village not in locked:
            return False
    return True


def best_by_trying(problem: Problem) -> tuple[int, int]:
    """How many villages can have a team at most, and the most points that so many can come to."""
    names = sorted(problem.villages)
    teams = {name: [(one, breakdown(problem, name, one).total) for one in every_team(problem, name)] for name in names}

    def best(at: int, posted: frozenset[str], led: tuple[str, ...]) -> tuple[int, int]:
        if at == len(names):
            return 0, 0
        top = best(at + 1, posted, led)
        for team, value in teams[names[at]]:
            spouses = {problem.candidates[one].spouse for one in team.members}
            married = {one for one in posted if problem.candidates[one].spouse in team.members}
            if (
                posted & {*team.members, *spouses}
                or married
                or led.count(team.unit) >= problem.units[team.unit].capacity
            ):
                continue
            served, points = best(at + 1, posted | {*team.members}, (*led, team.unit))
            top = max(top, (served + 1, points + value))
        return top

    return best(0, frozenset(), ())
