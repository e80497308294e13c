"""“Why not this one?”: losses that are certain, and rules that stand against it."""

import json

import pytest

from zhucun.work.placement.optimiser.pricing import forbidding, loss_at_least, prices_of
from zhucun.work.placement.optimiser.problem import Locks
from zhucun.work.placement.optimiser.single import merged
from zhucun.work.placement.optimiser.solve import solve

from .counties import county
from .tiny import every_team, tiny


def test_the_certain_loss_is_never_more_than_the_exact_one():
    """What the prices promise about a unit or person is a lower bound of what a re-solve with the lock finds."""
    problem = county(2, villages=12, units=9, partners=2)
    result = solve(problem)
    prices = json.loads(json.dumps(prices_of(problem, result)))
    certain = []
    for n, village in enumerate(sorted(problem.villages)):
        unit = sorted(problem.units)[n % len(problem.units)]
        person = sorted(problem.candidates)[n * 3]
        questions = {"unit": unit}, {"person": person}
        for asked in questions:
            if forbidding(problem, village, **asked):
                continue
            kind = "unit_village" if "unit" in asked else "person_village"
            lock = Locks(**{kind: frozenset({(next(iter(asked.values())), village)})})
            exact = solve(problem.replace(locks=merged(problem.locks, lock)), start=result.teams)
            loss = loss_at_least(problem, prices, village, **asked)
            assert loss >= 0
            if exact.is_feasible:
                assert loss <= result.objective - exact.objective
                certain.append((loss, result.objective - exact.objective))
    assert len(certain) > 10
    assert sum(loss for loss, _ in certain) > 0.5 * sum(exact for _, exact in certain)


def test_whoever_is_in_the_plan_costs_nothing():
    """The unit and the people a plan has in a village lose nothing there."""
    problem = county(3, villages=12, units=9)
    result = solve(problem)
    prices = prices_of(problem, result)
    for village, team in result.teams.items():
        assert loss_at_least(problem, prices, village, unit=team.unit) == 0
        assert loss_at_least(problem, prices, village, person=team.members[0]) == 0
        assert forbidding(problem, village, unit=team.unit) == []


def test_prices_need_a_plan():
    """Without a plan for all villages there are no prices."""
    problem = county(7, villages=14, units=4, pool=5)
    with pytest.raises(ValueError):
        prices_of(problem, solve(problem))


def test_something_is_forbidden_exactly_when_there_is_no_such_team():
    """Trying every team agrees with the rules named, for every unit and every person in every village."""
    named = set()
    for seed in range(150):
        problem = tiny(seed)
        for village in problem.villages:
            alone = problem.replace(villages={village: problem.villages[village]})
            teams = [team for team in every_team(alone, village) if problem.units[team.unit].capacity]
            for unit in problem.units:
                rules = forbidding(problem, village, unit=unit)
                assert bool(rules) != any(team.unit == unit for team in teams), (seed, village, unit, rules)
                named |= {rule.partition(":")[0] for rule in rules}
            for person in problem.candidates:
                rules = forbidding(problem, village, person=person)
                possible = [team for team in teams if person in team.members]
                assert bool(rules) or possible, (seed, village, person, rules)
                if rules and possible:
                    assert {rule.partition(":")[0] for rule in rules} == {"H11"}  # their spouse is locked elsewhere
                named |= {rule.partition(":")[0] for rule in rules}
    assert named >= {"H2", "H3", "H4a", "H4b", "H5", "H7", "H8", "H9", "H10", "H11"}


def test_the_rule_named_is_the_rule_in_the_way():
    """Home village, health, home township of the only leader, capacity: each is named with whom it concerns."""
    problem = county(1, villages=12, units=9)
    home = next(one for one in sorted(problem.candidates) if problem.candidates[one].home_village)
    assert f"H4a:{home}" in forbidding(problem, problem.candidates[home].home_village, person=home)
    weak = next(one for one in sorted(problem.candidates) if problem.candidates[one].health_limited)
    remote = next(one for one in sorted(problem.villages) if problem.villages[one].remote)
    assert f"H9:{weak}" in forbidding(problem, remote, person=weak)
    banned = problem.replace(locks=Locks(ban_unit_village=frozenset({("U001", remote)})))
    assert f"H8:ban:U001→{remote}" in forbidding(banned, remote, unit="U001")
