"""The solver of a county: its plans are the best there are, its bounds are true, and the same comes out every time."""

import json
import random

import pytest

from zhucun.work.placement.optimiser import columns as columns_module
from zhucun.work.placement.optimiser.checking import broken
from zhucun.work.placement.optimiser.problem import Candidate, Locks, Problem, Scores, Unit, Village
from zhucun.work.placement.optimiser.result import Result
from zhucun.work.placement.optimiser.scoring import total
from zhucun.work.placement.optimiser.solve import solve
from zhucun.work.placement.optimiser.stop import FIRST_ANSWER, Stop

from .counties import county
from .tiny import best_by_trying, tiny


def judged(problem: Problem) -> Result:
    """The result, after comparing it with all plans there are."""
    served, points = best_by_trying(problem)
    result = solve(problem)
    if served == len(problem.villages):
        assert (result.status, result.objective, result.bound) == ("optimal", points, points)
        assert broken(problem, result.teams) == []
    else:
        assert (result.status, result.objective, result.problems) == ("infeasible", None, ())
        assert (len(result.teams), total(problem, dict(result.teams))) == (served, points)
    return result


def test_no_plan_is_better_than_the_solvers():
    """On hundreds of tiny odd instances, trying all plans finds the same number of teams and the same value."""
    statuses = [judged(tiny(seed)).status for seed in range(500)]
    assert statuses.count("optimal") > 100


def test_no_plan_is_better_where_teams_are_searched_for(monkeypatch):
    """The same with every pool taken as too large to list."""
    monkeypatch.setattr(columns_module, "PAIR_LIMIT", 1)
    statuses = [judged(tiny(seed)).status for seed in range(500, 700)]
    assert statuses.count("optimal") > 30


def test_listing_and_searching_agree_on_a_county(monkeypatch):
    """Pools of dozens of people give the same proven value either way."""
    problem = county(2, villages=8, units=7, pool=12, partners=2)
    listed = solve(problem)
    monkeypatch.setattr(columns_module, "PAIR_LIMIT", 500)
    searched = solve(problem)
    assert listed.status == searched.status == "optimal"
    assert listed.objective == searched.objective
    assert broken(problem, searched.teams) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_county_keeps_every_hard_rule_and_is_proven(seed):
    """Two dozen villages, couples, limited health, people who are out: nothing broken, bound and value meet."""
    problem = county(seed)
    result = solve(problem)
    assert result.status == "optimal"
    assert broken(problem, result.teams) == []
    assert result.bound == result.objective == total(problem, dict(result.teams))
    assert sum(one.total for one in result.scores.values()) == result.objective


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_never_below_the_optimum(seed):
    """However early one stops, what is called proven is true, and the gap is no larger than asked for."""
    problem = county(seed, partners=2)
    best = solve(problem)
    for gap in (0.02, 0.002):
        early = solve(problem, stop=Stop(gap=gap))
        assert early.objective <= best.objective <= early.bound
        assert early.gap <= gap
    assert solve(problem, stop=FIRST_ANSWER).is_feasible


def shuffled(problem: Problem, seed: int) -> Problem:
    """The same problem with every mapping in another order."""
    dice = random.Random(seed)

    def mixed(mapping):
        items = [(key, mixed(value) if isinstance(value, dict) else value) for key, value in mapping.items()]
        return dict(dice.sample(items, len(items)))

    scores = Scores(
        mixed(problem.scores.unit_village),
        mixed(problem.scores.person_village),
        mixed(problem.scores.skill_tiers),
        problem.scores.joint_penalty,
        problem.scores.stay_bonus,
    )
    parts = {name: mixed(getattr(problem, name)) for name in ("villages", "units", "candidates", "previous")}
    return problem.replace(scores=scores, **parts)


def as_bytes(result: Result) -> str:
    """The answer as it is written, but for the time."""
    return json.dumps({**result.as_json(), "seconds": 0})


def test_the_order_of_the_file_decides_nothing():
    """The same instance with its keys shuffled gets the same answer byte for byte, ties and gaps included."""
    flat = county(5, villages=10, units=8)
    flat = flat.replace(
        scores=Scores({unit: dict.fromkeys(row, 100) for unit, row in flat.scores.unit_village.items()})
    )
    short = county(7, villages=14, units=4, pool=5)
    for problem in (county(3), flat, short):
        wanted = as_bytes(solve(problem, seed=7))
        assert [as_bytes(solve(shuffled(problem, dice), seed=7)) for dice in (1, 2)] == [wanted, wanted]


def test_any_seed_finds_the_optimum():
    """Seeds choose among equals only."""
    assert len({solve(county(1), seed=seed).objective for seed in (0, 1, 2, -5, 2**40)}) == 1


def test_locks_hold():
    """A unit and a person fixed to villages are there, those ruled out are not, whoever is out stays out."""
    problem = county(4)
    before = solve(problem)
    villages = sorted(before.teams)
    first, other = villages[:2]
    person = next(one for one in before.teams[villages[5]].members if one != before.teams[villages[5]].leader)
    locks = Locks(
        ban_unit_village=frozenset({(before.teams[first].unit, first)}),
        ban_person_village=frozenset({(person, villages[5])}),
        person_out=frozenset({before.teams[other].leader}),
    )
    after = solve(problem.replace(locks=locks))
    assert after.is_feasible
    assert broken(problem.replace(locks=locks), after.teams) == []
    assert after.objective < before.objective + 1
    fixed = Locks(
        unit_village=frozenset({(after.teams[first].unit, first)}),
        person_village=frozenset({(one, other) for one in after.teams[other].members}),
    )
    again = solve(problem.replace(locks=fixed))
    assert broken(problem.replace(locks=fixed), again.teams) == []
    assert again.teams[other].members == after.teams[other].members


def test_a_start_is_taken_up_and_never_harms():
    """A plan to begin with, whole, outdated or nonsense, changes nothing about the optimum."""
    problem = county(0)
    best = solve(problem)
    part = {village: team for n, (village, team) in enumerate(sorted(best.teams.items())) if n % 3}
    swapped = dict(zip(part, reversed(part.values()), strict=True))
    unknown = {"nowhere": next(iter(part.values())), **part}
    for start in (best.teams, part, swapped, unknown):
        result = solve(problem, start=start)
        assert (result.status, result.objective) == ("optimal", best.objective)


def test_after_one_withdrawal_few_others_move():
    """With the default stay bonus a re-solve after one person drops out mostly moves at most three others."""
    problem = county(1, villages=30, units=22)
    before = solve(problem)
    where = {person: village for village, team in before.teams.items() for person in team.members}
    moved = []
    for gone in sorted(where)[5::9]:
        out = Locks(person_out=problem.locks.person_out | {gone})
        after = solve(problem.replace(previous=where, locks=out), start=before.teams)
        assert after.status == "optimal"
        there = {person: village for village, team in after.teams.items() for person in team.members}
        moved.append(sum(one != gone and there.get(one) != where[one] for one in where))
    assert sorted(moved)[len(moved) // 2] <= 3
    assert max(moved) <= 9


def test_the_smallest_counties():
    """No villages at all, a village nobody can serve, a team of one: every end of the scale has an answer."""
    nothing = Problem({}, {}, {}, Scores({}))
    assert (solve(nothing).status, solve(nothing).objective, solve(nothing).bound) == ("optimal", 0, 0)
    lonely = nothing.replace(villages={"V": Village(1)})
    assert (solve(lonely).status, solve(lonely).teams) == ("infeasible", {})
    one = lonely.replace(
        units={"U": Unit(1)}, candidates={"a": Candidate("U", leader_ok=True)}, scores=Scores({"U": {"V": -7}})
    )
    assert (solve(one).status, solve(one).objective, solve(one).bound) == ("optimal", -7, -7)
    assert solve(one.replace(villages={"V": Village(2)})).status == "infeasible"
    assert solve(one.replace(units={"U": Unit(0)})).status == "infeasible"
    lost = one.replace(locks=Locks(person_village=frozenset({("a", "elsewhere")})))
    assert (solve(lost).status, solve(lost).teams) == ("infeasible", {})


def test_without_enough_people_the_fewest_villages_are_left_out():
    """A partial plan keeps every rule but H1, leaves out as few villages as can be, and has the most points of those."""
    problem = county(7, villages=14, units=4, pool=5)
    result = solve(problem)
    assert result.status == "infeasible"
    assert {line.partition(":")[0] for line in broken(problem, result.teams)} == {"H1"}
    served = problem.replace(villages={one: problem.villages[one] for one in result.teams})
    assert solve(served).objective == total(problem, dict(result.teams))


def test_progress_is_told_in_order():
    """Whoever waits hears what is being done, in sentences, from 0 to 1."""
    heard: list[tuple[str, float]] = []
    solve(county(0), progress=lambda text, share: heard.append((text, share)))
    assert heard[0][1] == 0.0
    assert heard[-1][1] == 1.0
    assert all(text and 0 <= share <= 1 for text, share in heard)


def test_a_short_time_still_gives_a_plan():
    """When the time is over at once there is a plan nevertheless, with a bound that is true."""
    problem = county(3)
    result = solve(problem, stop=Stop(seconds=0.01))
    assert result.is_feasible
    assert broken(problem, result.teams) == []
    assert result.objective <= solve(problem).objective <= result.bound
