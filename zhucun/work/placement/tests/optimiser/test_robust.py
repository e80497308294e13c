"""The solver when it has too little time or too many teams: never “infeasible” unproven, never over its time or memory."""

from types import SimpleNamespace

import numpy as np
import pytest

from zhucun.work.placement.optimiser import columns as columns_module
from zhucun.work.placement.optimiser import deep, diagnosis_model, programme
from zhucun.work.placement.optimiser import solve as solving
from zhucun.work.placement.optimiser.baselines import quick_plans
from zhucun.work.placement.optimiser.checking import broken
from zhucun.work.placement.optimiser.columns import Columns
from zhucun.work.placement.optimiser.deep import Deep
from zhucun.work.placement.optimiser.exact import Outcome
from zhucun.work.placement.optimiser.problem import Candidate, Problem, Scores, Unit, Village
from zhucun.work.placement.optimiser.scoring import total
from zhucun.work.placement.optimiser.solve import as_plan, known_teams, solve
from zhucun.work.placement.optimiser.stop import Stop
from zhucun.work.placement.optimiser.tables import tables
from zhucun.work.placement.optimiser.teams import BITS, ILLEGAL, Deadline, Unfinished, free

from .counties import county
from .tiny import best_by_trying, tiny

AT_ONCE = Stop(seconds=0.001)


def wide(villages: int, size: int, units: int, pool: int, capacity: int, score: int = 50) -> Problem:
    """Few units with many people each, every unit worth `score` in every village, at 0 all of them differently."""
    dice = np.random.default_rng(villages)
    places = {f"V{n:02}": Village(size) for n in range(villages)}
    senders = {f"U{n:02}": Unit(capacity) for n in range(units)}
    people = {f"{unit}p{n:03}": Candidate(unit, leader_ok=n % 3 == 0) for unit in senders for n in range(pool)}
    rows = {unit: {place: score or int(dice.integers(1, 900)) for place in places} for unit in senders}
    wishes = {} if score else {one: {place: int(dice.integers(-9, 30)) for place in places} for one in people}
    return Problem(places, senders, people, Scores(rows, wishes))


@pytest.mark.parametrize("score", [0, 50])
@pytest.mark.parametrize("stop", [AT_ONCE, Stop(seconds=0.3)])
def test_what_can_be_served_is_never_called_infeasible(score, stop):
    """Pools of forty for teams of five, with no time: a whole legal plan and a bound that is true."""
    problem = wide(12, 5, 4, 40, 4, score)
    result = solve(problem, stop=stop)
    assert result.is_feasible
    assert broken(problem, result.teams) == []
    assert result.objective <= result.bound
    assert not score or (result.status, result.bound) == ("optimal", 600)


def test_many_equal_scores_are_settled():
    """Ninety villages that are all alike: any plan is the best, and the bound of single villages says so."""
    problem = wide(90, 3, 30, 10, 3)
    result = solve(problem, stop=AT_ONCE)
    assert (result.status, result.objective, result.bound) == ("optimal", 4500, 4500)
    assert broken(problem, result.teams) == []


def test_without_time_the_bounds_are_true_and_nothing_unproven_is_claimed():
    """Tiny counties of every kind without time: legal plans, true bounds, a sentence where nothing is proven."""
    for seed in range(150):
        problem = tiny(seed)
        served, points = best_by_trying(problem)
        result = solve(problem, stop=AT_ONCE)
        faults = {fault.partition(":")[0] for fault in broken(problem, result.teams)}
        if result.is_feasible:
            assert (served, faults) == (len(problem.villages), set()), seed
            assert result.objective <= points <= result.bound, seed
        else:
            assert faults <= {"H1", "H8"}, seed
            assert served < len(problem.villages) or result.problems or tables(problem).lost_locks, seed


def test_teams_that_are_only_searched_for_are_proven_all_the_same(monkeypatch):
    """With nothing listed and little effort for each search, what is claimed is true."""
    monkeypatch.setattr(columns_module, "PAIR_LIMIT", 1)
    for effort in (10, 200, 3000):
        monkeypatch.setattr(deep, "EFFORT", effort)
        for seed in range(40):
            problem = tiny(seed)
            served, points = best_by_trying(problem)
            result = solve(problem, stop=Stop(seconds=1))
            if result.is_feasible:
                assert broken(problem, result.teams) == []
                assert result.objective <= points <= result.bound, (effort, seed)
                assert result.status != "optimal" or result.objective == points, (effort, seed)
            else:
                assert served < len(problem.villages) or result.problems or tables(problem).lost_locks, seed


def test_a_search_that_is_broken_off_says_what_it_may_have_missed(monkeypatch):
    """The best value is then a bound from above, and all teams above a floor cannot be had."""
    arrays = tables(wide(4, 4, 2, 12, 2, 0))
    nothing = free(len(arrays.villages), len(arrays.units), len(arrays.people))
    exact = Columns(arrays).best(nothing)
    for effort in (-1, 20, 400):
        monkeypatch.setattr(deep, "EFFORT", effort)
        searched = Columns(arrays, pair_limit=1)
        assert (searched.best(nothing) >= exact).all()
        assert (searched.at_most() >= exact >> BITS).all()
        assert len(searched.best_above(nothing, ILLEGAL, 5)) <= 5 * len(arrays.villages) * len(arrays.units)
        with pytest.raises(Unfinished):
            searched.above(nothing, ILLEGAL, 10**6)


def test_the_clock_is_looked_at_between_layers_of_a_search(monkeypatch):
    """The search stops at the first look after the end; with the time over nothing is listed at all."""
    now = iter(range(10**6))
    monkeypatch.setattr("zhucun.work.placement.optimiser.teams.time", SimpleNamespace(monotonic=lambda: next(now)))
    grown = []
    monkeypatch.setattr(deep, "_grown", lambda *args, real=deep._grown: grown.append(1) or real(*args))
    monkeypatch.setattr(deep, "CHUNK", 10)
    arrays = tables(wide(1, 6, 1, 30, 1, 0))
    columns = Columns(arrays, pair_limit=1, deadline=Deadline(ends=8))
    with pytest.raises(Unfinished):
        columns.above(free(1, 1, len(arrays.people)), ILLEGAL, 10**7)
    assert 0 < len(grown) <= 8
    assert all(isinstance(part, Deep) for part in Columns(arrays, deadline=Deadline(ends=0)).parts)


def test_wide_teams_are_searched_for_within_little_memory(monkeypatch):
    """Teams of sixty: what waits in a search stays within about the cells it may have."""
    held = []

    def watched(parts, chunk, real=deep._layers):
        layers = real(parts, chunk)
        held.append(sum(part.places.size for part in layers))
        return layers

    monkeypatch.setattr(deep, "_layers", watched)
    monkeypatch.setattr(deep, "EFFORT", 200_000)
    monkeypatch.setattr(deep, "CELLS", 1_000_000)
    result = solve(wide(2, 60, 1, 150, 2, 0), stop=Stop(seconds=1))
    assert (result.status, len(result.teams)) == ("feasible", 2)
    assert 0 < sum(held[:100]) < 3_000_000


@pytest.mark.parametrize("size", [5, 1_000_000])
def test_a_village_larger_than_every_pool_is_settled_by_counting(size):
    """No list, no search, no array of that width."""
    problem = wide(3, 1, 2, 4, 2, 0)
    problem = problem.replace(villages=problem.villages | {"V00": Village(size)})
    columns = Columns(tables(problem))
    assert columns.width == 1
    assert not columns.any_in(0)
    result = solve(problem)
    assert (result.status, sorted(result.teams), result.problems) == ("infeasible", ["V01", "V02"], ())


def test_of_very_many_equal_teams_only_some_are_given():
    """Teams of equal value do not flood the programme, and not every village is offered the same ones."""
    arrays = tables(wide(10, 3, 1, 20, 10))
    nothing = free(len(arrays.villages), len(arrays.units), len(arrays.people))
    columns = Columns(arrays)
    (listed,) = columns.parts
    teams, _, is_all = listed.above(nothing, ILLEGAL, 5, 3)
    assert is_all
    assert 5 * 10 <= len(teams) <= 5 * 10 * columns_module.TIED
    assert len(np.unique(teams.people, axis=0)) > 5 * columns_module.TIED


def test_the_quick_plans_keep_every_rule():
    """Each is a plan of legal teams that can all be at once, in tiny counties of every kind and in usual ones."""
    for problem in [*map(tiny, range(200)), *map(county, range(4))]:
        arrays = tables(problem)
        for placed in quick_plans(arrays):
            teams = solving._teams(arrays, max(arrays.size.tolist()), placed)
            plan = as_plan(arrays, teams)
            assert len(plan) == len(placed)
            assert teams.value.sum() == total(problem, plan)
            assert {fault.partition(":")[0] for fault in broken(problem, plan)} <= {"H1", "H8"}
            assert not [fault for fault in broken(problem, plan) if fault.startswith("H8:") and "锁定" not in fault]


def test_a_question_that_highs_breaks_off_is_asked_again(monkeypatch):
    """No answer is not “no time”: the same limits are put once more, without presolve."""
    question = diagnosis_model._Asked()
    one, other = question.variable(1), question.variable(1)
    question.row({one: 1, other: 1}, 2, 2)
    monkeypatch.setattr(programme.Programme, "is_possible", lambda self: None)
    assert question.is_possible() is True
    question.row({one: 1}, 0, 0)
    assert question.is_possible() is False


def test_the_time_is_kept_by_the_grace(monkeypatch):
    """What may be added to the caller's time is a fifth of it, and half a minute at most."""
    ends = []
    monkeypatch.setattr(
        "zhucun.work.placement.optimiser.solve._short",
        lambda columns, seed, clock, first: ends.append(clock.grace) or (Outcome(None, 0, 0), False),
    )
    for seconds in (0.001, 1.0, 1000.0):
        solve(county(7, villages=14, units=4, pool=5), stop=Stop(seconds=seconds))
    assert ends == [pytest.approx(0.0002), pytest.approx(0.2), 30.0]


def test_of_partial_plans_the_fullest_is_given(monkeypatch):
    """Where the search came to nothing the quick plan stands, with the sentence that nothing is proven."""
    monkeypatch.setattr(
        "zhucun.work.placement.optimiser.solve._short",
        lambda columns, seed, clock, first: (Outcome(None, 0, 0), False),
    )
    problem = county(7, villages=14, units=4, pool=5)
    result = solve(problem, stop=AT_ONCE)
    assert result.status == "infeasible"
    assert len(result.teams) >= 5
    assert {fault.partition(":")[0] for fault in broken(problem, result.teams)} == {"H1"}
    assert "也没有证明无解" in result.problems[0]
    arrays = tables(problem)
    again = as_plan(arrays, known_teams(arrays, Columns(arrays).width, result.teams))
    assert {village: team.members for village, team in again.items()} == {
        village: team.members for village, team in result.teams.items()
    }
