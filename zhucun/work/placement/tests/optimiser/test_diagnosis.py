"""A conflict is infeasible by itself and smallest, which trying every plan confirms; repairs repair; sentences are plain."""

import random
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from zhucun.work.placement.optimiser.diagnosis import diagnose
from zhucun.work.placement.optimiser.problem import Candidate, Locks, Problem, Scores, Unit, Village

NAMES = {
    "V1": "石桥村",
    "V2": "清水村",
    "V3": "高岭村",
    "U1": "县农业农村局",
    "U2": "县公安局",
    "a1": "王立新",
    "a2": "李敏",
}


def named(key: str) -> str:
    return NAMES.get(key, key)


def plain(villages: int = 1, units: int = 1, people: int = 4, size: int = 2) -> Problem:
    """V1…, each open to all of U1…, which have a1…, b1… that may all lead; nothing stands in the way of anything."""
    places, senders = [f"V{n + 1}" for n in range(villages)], [f"U{n + 1}" for n in range(units)]
    return Problem(
        villages={village: Village(size, township=f"T{village}") for village in places},
        units={unit: Unit(9) for unit in senders},
        candidates={
            f"{'ab'[n]}{at + 1}": Candidate(unit, leader_ok=True)
            for n, unit in enumerate(senders)
            for at in range(people)
        },
        scores=Scores({unit: dict.fromkeys(places, 50) for unit in senders}),
    )


def changed(problem: Problem, table: str, *keys: str, **values) -> Problem:
    """The problem with some fields of some villages, units or people exchanged."""
    old = getattr(problem, table)
    return problem.replace(**{table: {**old, **{key: replace(old[key], **values) for key in keys}}})


def told(problem: Problem) -> tuple[list[list[str]], list[str], str]:
    conflicts, repairs = diagnose(problem, name=named)
    return [list(one.rules) for one in conflicts], list(repairs), " ".join(one.sentence for one in conflicts)


def test_a_problem_with_a_plan_has_no_conflict():
    assert diagnose(plain()) == ((), ())


def test_the_example_of_the_contract():
    problem = plain(villages=3, units=2, people=6)
    problem = changed(problem, "units", "U1", capacity=1)
    problem = changed(problem, "candidates", "b2", "b3", "b4", "b5", "b6", leader_ok=False)
    rules, repairs, sentence = told(problem)
    assert rules == [["H1:V1", "H1:V2", "H1:V3", "H3:U2", "H5:U1"]]
    assert repairs == ["H5:U1", "H3:U2"]
    assert sentence == (
        "石桥村、清水村、高岭村只能由县农业农村局、县公安局两个单位承担，合起来只能牵头 2 支工作队"
        "（县农业农村局的名额是 1 支；县公安局合乎条件的队长只有 1 人）。"
    )


def locked(problem: Problem, **pairs) -> Problem:
    return problem.replace(locks=Locks(**{name: frozenset(one) for name, one in pairs.items()}))


@pytest.mark.parametrize(
    ("problem", "rules", "repairs", "said"),
    [
        (plain(people=1), ["H1:V1", "H2:V1"], ["H2:V1"], "石桥村共要 2 人，推荐的人选只有 1 人，差 1 人"),
        (
            changed(plain(people=1, units=2), "units", "U1", "U2"),
            ["H1:V1", "H2:V1", "H10:U1", "H10:U2"],
            ["H10:U1", "H10:U2", "H2:V1"],
            "县农业农村局、县公安局两个单位的工作队只用本单位和参与单位的人",
        ),
        (
            changed(plain(), "villages", "V1", allowed_units=frozenset()),
            ["H1:V1", "H7:V1"],
            ["H7:V1"],
            "石桥村没有单位可以承担",
        ),
        (
            changed(plain(people=2), "candidates", "a1", home_village="V1"),
            ["H1:V1", "H2:V1", "H4a:a1"],
            ["H2:V1", "H4a:a1"],
            "王立新不到老家所在的石桥村",
        ),
        (
            changed(plain(people=1, size=1), "candidates", "a1", home_township="TV1"),
            ["H1:V1", "H4b:a1"],
            ["H4b:a1"],
            "王立新不在老家所在的乡镇任队长",
        ),
        (
            changed(
                changed(plain(people=1, size=1), "villages", "V1", remote=True), "candidates", "a1", health_limited=True
            ),
            ["H1:V1", "H9:a1"],
            ["H9:a1"],
            "王立新因身体原因不到偏远的村",
        ),
        (
            changed(plain(people=2), "candidates", "a1", spouse="a2"),
            ["H1:V1", "H2:V1", "H11:a1+a2"],
            ["H2:V1", "H11:a1+a2"],
            "王立新和李敏是夫妻，不同时驻村",
        ),
        (
            locked(plain(units=2), unit_village=[("U1", "V1"), ("U2", "V1")]),
            ["H8:U1→V1", "H8:U2→V1"],
            ["H8:U1→V1", "H8:U2→V1"],
            "石桥村锁定由县农业农村局承担；石桥村锁定由县公安局承担",
        ),
        (
            locked(plain(), unit_village=[("U1", "V1")], ban_unit_village=[("U1", "V1")]),
            ["H8:U1→V1", "H8:ban:U1→V1"],
            ["H8:ban:U1→V1"],
            "石桥村排除了县农业农村局",
        ),
        (
            locked(plain(villages=2), person_village=[("a1", "V1"), ("a1", "V2")]),
            ["H8:a1→V1", "H8:a1→V2"],
            ["H8:a1→V1", "H8:a1→V2"],
            "这几项锁定互相矛盾：王立新锁定到石桥村；王立新锁定到清水村",
        ),
        (
            locked(plain(), person_village=[("a1", "V1")], ban_person_village=[("a1", "V1")]),
            ["H8:a1→V1", "H8:ban:a1→V1"],
            ["H8:a1→V1", "H8:ban:a1→V1"],
            "王立新排除到石桥村",
        ),
        (
            locked(plain(), person_village=[("a1", "V1")], person_out=["a1"]),
            ["H8:a1→V1", "H8:out:a1"],
            ["H8:a1→V1", "H8:out:a1"],
            "王立新不参加选派",
        ),
        (
            locked(plain(size=1), person_village=[("a1", "V1"), ("a2", "V1")]),
            ["H2:V1", "H8:a1→V1", "H8:a2→V1"],
            ["H8:a1→V1", "H8:a2→V1"],
            "石桥村要派 1 人",
        ),
    ],
)
def test_every_kind_of_rule_is_named(problem, rules, repairs, said):
    assert told(problem)[:2] == ([rules], repairs)
    assert said in told(problem)[2]


def test_a_village_is_left_out_only_when_nothing_else_helps():
    problem = changed(plain(villages=3, people=6), "units", "U1", capacity=1)
    assert told(problem)[:2] == (
        [["H1:V1", "H1:V2", "H5:U1"]],
        [],
    )  # one team more is not enough, one village less neither
    problem = changed(plain(people=0, units=2), "candidates")
    assert told(problem)[1] == ["H1:V1"]


def test_two_troubles_are_two_conflicts_and_no_single_repair():
    problem = plain(villages=2)
    problem = changed(problem, "villages", "V1", "V2", allowed_units=frozenset())
    assert told(problem)[:2] == ([["H1:V1", "H7:V1"], ["H1:V2", "H7:V2"]], [])


# Trying every plan, by the ids of the rules alone.


class Everything:
    """All rules hold."""

    def __contains__(self, rule: str) -> bool:
        return True


def possible(problem: Problem, rules: Collection[str], one_more: str = "") -> bool:
    """Whether some plan keeps the rules named; `one_more` is the H5 or H2 that is loosened by one."""
    locks = problem.locks
    needed = {village for village in problem.villages if f"H1:{village}" in rules}
    needed |= {
        v for pairs in (locks.unit_village, locks.person_village) for one, v in pairs if f"H8:{one}→{v}" in rules
    }
    choices = [list(teams(problem, village, rules, one_more)) for village in sorted(needed)]

    def go(at: int, led: dict[str, int], posted: frozenset[str]) -> bool:
        if at == len(choices):
            return True
        for unit, members in choices[at]:
            most = problem.units[unit].capacity + (one_more == f"H5:{unit}")
            full = f"H5:{unit}" in rules and led.get(unit, 0) >= most
            everybody = posted | members
            if full or posted & members or apart(problem, everybody, rules):
                continue
            if go(at + 1, {**led, unit: led.get(unit, 0) + 1}, everybody):
                return True
        return False

    return go(0, {}, frozenset())


def apart(problem: Problem, posted: Collection[str], rules: Collection[str]) -> bool:
    return any(
        problem.candidates[one].spouse in posted
        and f"H11:{min(one, problem.candidates[one].spouse)}+{max(one, problem.candidates[one].spouse)}" in rules
        for one in posted
    )


def teams(
    problem: Problem, village: str, rules: Collection[str], one_more: str
) -> Iterator[tuple[str, frozenset[str]]]:
    need, locks = problem.villages[village], problem.locks
    sizes = [need.size - (one_more == f"H2:{village}")] if f"H2:{village}" in rules else range(1, 5)
    for unit, home in problem.units.items():
        legal = village in problem.scores.unit_village.get(unit, {})
        legal &= need.allowed_units is None or unit in need.allowed_units
        banned = (unit, village) in locks.ban_unit_village and f"H8:ban:{unit}→{village}" in rules
        other = any(v == village and u != unit and f"H8:{u}→{v}" in rules for u, v in locks.unit_village)
        if banned or other or (not legal and f"H7:{village}" in rules):
            continue
        for members in (frozenset(some) for size in sizes for some in combinations(problem.candidates, size)):
            here = all(p in members for p, v in locks.person_village if v == village and f"H8:{p}→{v}" in rules)
            joined = f"H10:{unit}" not in rules or all(
                problem.candidates[one].unit in {unit, *home.partners} for one in members
            )
            able = any(may_lead(problem, one, unit, village, rules) for one in members)
            if here and joined and able and all(may_go(problem, one, village, rules) for one in members):
                yield unit, members


def may_go(problem: Problem, person: str, village: str, rules: Collection[str]) -> bool:
    one, locks = problem.candidates[person], problem.locks
    return not (
        (one.home_village == village and f"H4a:{person}" in rules)
        or (one.health_limited and problem.villages[village].remote and f"H9:{person}" in rules)
        or ((person, village) in locks.ban_person_village and f"H8:ban:{person}→{village}" in rules)
        or (person in locks.person_out and f"H8:out:{person}" in rules)
        or any(p == person and v != village and f"H8:{p}→{v}" in rules for p, v in locks.person_village)
    )


def may_lead(problem: Problem, person: str, unit: str, village: str, rules: Collection[str]) -> bool:
    one, township = problem.candidates[person], problem.villages[village].township
    near = one.home_township and one.home_township == township and f"H4b:{person}" in rules
    return one.unit == unit and (one.leader_ok or f"H3:{unit}" not in rules) and not near


def drawn(seed: int) -> Problem:
    """One to three villages and units, two to seven people; rules bite everywhere, so that most have no plan."""
    dice = random.Random(seed)
    villages = [f"V{n}" for n in range(dice.randint(1, 3))]
    units = [f"U{n}" for n in range(dice.randint(1, 3))]
    people = [f"p{n}" for n in range(dice.randint(2, 7))]

    def pairs(ids: list[str]) -> frozenset[tuple[str, str]]:
        return frozenset((dice.choice(ids), dice.choice(villages)) for _ in range(dice.choice([0, 0, 0, 1, 2])))

    return Problem(
        villages={
            village: Village(
                dice.choice([1, 2, 2, 3]),
                dice.choice(["T1", "T2", ""]),
                dice.random() < 0.4,
                frozenset(dice.sample(units, dice.randint(0, len(units)))) if dice.random() < 0.3 else None,
            )
            for village in villages
        },
        units={unit: Unit(dice.choice([0, 1, 1, 2]), tuple(dice.sample(units, dice.randint(0, 1)))) for unit in units},
        candidates={
            person: Candidate(
                unit=dice.choice(units),
                leader_ok=dice.random() < 0.6,
                home_village=dice.choice([*villages, "", ""]),
                home_township=dice.choice(["T1", "T2", "", ""]),
                health_limited=dice.random() < 0.3,
                spouse=dice.choice([one for one in people if one != person]) if dice.random() < 0.2 else "",
            )
            for person in people
        },
        scores=Scores({unit: {v: 1 for v in villages if dice.random() < 0.8} for unit in units}),
        locks=Locks(pairs(units), pairs(units), pairs(people), pairs(people), frozenset(p for p, _ in pairs(people))),
    )


@pytest.mark.parametrize("start", range(0, 200, 20))
def test_conflicts_are_infeasible_and_smallest_and_repairs_repair(start):
    for seed in range(start, start + 20):
        problem = drawn(seed)
        conflicts, repairs = diagnose(problem)
        assert bool(conflicts) is not possible(problem, Everything()), seed
        for rules in (set(one.rules) for one in conflicts):
            assert not possible(problem, rules), (seed, rules)
            assert all(possible(problem, rules - {rule}) for rule in rules), (seed, rules)
        for rule in repairs:
            assert repaired(problem, rule), (seed, rule)
        others = {rule for one in conflicts for rule in one.rules} - {*repairs}
        assert not any(repaired(problem, rule) for rule in others if not rule.startswith("H1:")), (seed, repairs)


class AllBut:
    """All rules hold but one."""

    def __init__(self, rule: str):
        self.rule = rule

    def __contains__(self, rule: str) -> bool:
        return rule != self.rule


def repaired(problem: Problem, rule: str) -> bool:
    if rule.startswith("H5:"):
        return possible(problem, Everything(), one_more=rule)
    if rule.startswith("H2:"):
        return problem.villages[rule[3:]].size > 1 and possible(problem, Everything(), one_more=rule)
    return possible(problem, AllBut(rule))


def test_the_answer_does_not_hang_on_the_order_of_the_file():
    for seed in range(30):
        problem = drawn(seed)
        shuffled = problem.replace(
            villages=dict(reversed(problem.villages.items())),
            units=dict(reversed(problem.units.items())),
            candidates=dict(reversed(problem.candidates.items())),
        )
        assert diagnose(problem) == diagnose(shuffled)
