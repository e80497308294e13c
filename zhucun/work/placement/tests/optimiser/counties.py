"""Invented counties of moderate size for tests of the solver: every rule can bite, most of them somewhere do."""

import random

from zhucun.work.placement.optimiser.problem import Candidate, Locks, Problem, Scores, Unit, Village

SKILLS = ("agri", "law", "party", "trade")


def county(seed: int, villages: int = 24, units: int = 16, pool: int = 5, partners: int = 1) -> Problem:
    """Villages in towns of six, units with about `pool` people and up to `partners` others to draw on."""
    dice = random.Random(seed)
    places = {f"V{n:03}": _village(dice, n) for n in range(villages)}
    names = [f"U{n:03}" for n in range(units)]
    senders = {
        unit: Unit(dice.choice([1, 2, 2, 3]), tuple(dice.sample(names, dice.randint(0, partners)))) for unit in names
    }
    people = {
        f"{unit}p{n}": _candidate(dice, unit, n, villages)
        for unit in names
        for n in range(dice.randint(pool, pool + 3))
    }
    ids = sorted(people)
    for one, other in zip(dice.sample(ids, 8), dice.sample(ids, 8), strict=True):
        if one != other:
            people[one] = _with_spouse(people[one], other)
    return Problem(
        places,
        senders,
        people,
        _scores(dice, list(places), names, ids),
        Locks(person_out=frozenset(dice.sample(ids, 2))),
        {person: dice.choice(list(places)) for person in dice.sample(ids, len(ids) // 4)},
    )


def _village(dice: random.Random, number: int) -> Village:
    return Village(dice.choice([2, 3, 3, 3, 4]), f"T{number // 6}", dice.random() < 0.15)


def _candidate(dice: random.Random, unit: str, number: int, villages: int) -> Candidate:
    home = dice.randrange(villages)
    return Candidate(
        unit,
        leader_ok=number < 2 or dice.random() < 0.3,
        leader_bonus=dice.randrange(0, 40, 5),
        skills={skill: dice.randint(1, 2) for skill in SKILLS if dice.random() < 0.4},
        home_village=f"V{home:03}",
        home_township=f"T{home // 6}",
        health_limited=dice.random() < 0.08,
    )


def _with_spouse(candidate: Candidate, spouse: str) -> Candidate:
    parts = {name: getattr(candidate, name) for name in Candidate.__dataclass_fields__}
    return Candidate(**(parts | {"spouse": spouse}))


def _scores(dice: random.Random, villages: list[str], units: list[str], people: list[str]) -> Scores:
    return Scores(
        {unit: {village: dice.randint(0, 900) for village in villages if dice.random() < 0.9} for unit in units},
        {person: {village: dice.randint(-5, 30) for village in dice.sample(villages, 4)} for person in people},
        {village: {skill: (60, 30, 10) for skill in SKILLS if dice.random() < 0.6} for village in villages},
        joint_penalty=8,
        stay_bonus=25,
    )
