"""The other ways it is done keep every hard rule, leave villages out rather than break one, and never beat the optimum."""

import time

import pytest

from bench.placement_instances import Sizes, county, prefecture
from zhucun.work.placement.optimiser.baselines import BASELINES
from zhucun.work.placement.optimiser.checking import broken
from zhucun.work.placement.optimiser.problem import Locks, Problem, Scores
from zhucun.work.placement.optimiser.scoring import total
from zhucun.work.placement.optimiser.solve import solve

SMALL = Sizes(villages=20, units=16)


def _wrong(problem, plan):
    return [one for one in broken(problem, plan) if not one.startswith("H1:")]


@pytest.mark.parametrize("key", BASELINES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_baseline_is_legal_and_not_better_than_the_optimum(key, seed):
    problem = county(seed, SMALL)
    plan = BASELINES[key].make(problem)
    assert _wrong(problem, plan) == []
    assert plan
    if len(plan) == len(problem.villages):
        assert total(problem, plan) <= solve(problem).objective


@pytest.mark.parametrize("key", BASELINES)
def test_a_baseline_keeps_locks_and_couples_apart(key):
    problem = prefecture(4, counties=2, sizes=Sizes(villages=10, units=8, city_units=4))
    free = solve(problem).teams
    fixed = next(village for village, team in free.items() if team.unit.startswith("B"))
    other = next(village for village in free if village != fixed)
    locks = Locks(
        unit_village=frozenset({(free[fixed].unit, fixed)}),
        person_village=frozenset({(free[other].members[0], other)}),
    )
    problem = problem.replace(locks=locks)
    assert _wrong(problem, BASELINES[key].make(problem)) == []


@pytest.mark.parametrize("key", BASELINES)
def test_a_county_takes_less_than_a_second(key):
    problem, began = county(7), time.process_time()
    plan = BASELINES[key].make(problem)
    assert time.process_time() - began < 1
    assert _wrong(problem, plan) == []


@pytest.mark.parametrize("key", BASELINES)
def test_nothing_to_do_is_done(key):
    assert BASELINES[key].make(Problem({}, {}, {}, Scores({}))) == {}


def test_every_baseline_has_a_name_and_a_sentence_for_the_page():
    assert list(BASELINES) == ["list_order", "by_rule", "greedy", "hungarian"]
    assert all(one.name and one.sentence.endswith("。") for one in BASELINES.values())
