"""What is larger than a county: every rule kept across parts, the bound true, every village served that can be."""

from dataclasses import replace

import pytest

from bench.placement_instances import Sizes, prefecture, province
from zhucun.work.placement.optimiser.area.parts import cut
from zhucun.work.placement.optimiser.area.plan import Planner
from zhucun.work.placement.optimiser.area.prices import good_prices
from zhucun.work.placement.optimiser.area.repair import repair
from zhucun.work.placement.optimiser.area.sharing import shared, whole_prices
from zhucun.work.placement.optimiser.area.solving import is_large, solve_area
from zhucun.work.placement.optimiser.area.table import tabulate
from zhucun.work.placement.optimiser.area.teams import enumerate_teams
from zhucun.work.placement.optimiser.area.workers import Workers
from zhucun.work.placement.optimiser.checking import broken
from zhucun.work.placement.optimiser.problem import Candidate, Locks, Problem, Scores, Unit, Village
from zhucun.work.placement.optimiser.result import Result, Team
from zhucun.work.placement.optimiser.scoring import total
from zhucun.work.placement.optimiser.solve import solve
from zhucun.work.placement.optimiser.stop import Stop

SMALL = Sizes(villages=12, units=9, city_units=5)
STOP = Stop(gap=0.0, seconds=60)
FREE = Locks()


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """Twelve villages make a part, so that the small prefectures of these tests fall into several."""
    monkeypatch.setattr("zhucun.work.placement.optimiser.area.parts.LARGEST", 14)


def _solved(problem, **how):
    return solve_area(problem, **({"stop": STOP, "seed": 1, "workers": 1} | how))


@pytest.fixture(scope="module")
def mini():
    return prefecture(3, counties=3, sizes=SMALL)


@pytest.fixture(scope="module")
def proven(mini):
    return solve(mini, stop=STOP)


def test_counties_are_found_without_labels(mini):
    pieces = cut(tabulate(mini))
    assert sorted(len(part) for part in pieces.parts) == [12, 12, 12]
    for part in pieces.parts:
        assert len({tabulate(mini).villages[one][:5] for one in part.tolist()}) == 1


def test_a_mini_prefecture_keeps_all_rules_and_its_bound_is_true(mini, proven):
    assert proven.status == "optimal"
    found = _solved(mini)
    assert found.is_feasible
    assert broken(mini, found.teams) == []
    assert total(mini, dict(found.teams)) == found.objective <= proven.objective <= found.bound
    assert found.gap < 0.01


@pytest.mark.parametrize("steps", [(1, 1), (3, 5), (20, 80)])
def test_any_prices_prove_a_bound(mini, proven, steps):
    table = tabulate(mini)
    prices = good_prices(enumerate_teams(table), cut(table).level, steps, lambda share: None)
    assert prices.total >= proven.objective - 1e-3


def test_the_same_seed_gives_the_same_plan_with_one_process_and_with_two(mini):
    one, two = _solved(mini), _solved(mini, workers=2)
    assert (one.teams, one.objective, one.bound) == (two.teams, two.objective, two.bound)


def test_progress_is_told_in_order(mini):
    told = []
    _solved(mini, progress=lambda text, share: told.append((text, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == ("方案已定", 1.0)


def _town(part: int, villages: int = 8, units: int = 8) -> tuple[dict, dict, dict, dict]:
    """A county that could live by itself: one unit with two people for each village, one of them may lead."""
    places = {f"V{part}{at}": Village(2, f"T{part}") for at in range(villages)}
    names = {f"U{part}{at}": Unit(1) for at in range(units)}
    people = {}
    for at, name in enumerate(names):
        people[f"{name}a"] = Candidate(name, leader_ok=True, leader_bonus=at)
        people[f"{name}b"] = Candidate(name)
    scores = {
        name: {place: 100 + 7 * ((at * 5 + int(place[2:])) % 11) for place in places} for at, name in enumerate(names)
    }
    return places, names, people, scores


def _area(*towns: tuple[dict, dict, dict, dict], locks: Locks = FREE) -> Problem:
    places, names, people, scores = ({key: one for town in towns for key, one in town[at].items()} for at in range(4))
    return Problem(places, names, people, Scores(scores), locks)


def _with_city(locks: Locks = FREE, units: int = 7) -> Problem:
    """Three counties that lack a unit each, and three city units that may go to any of them."""
    towns = [_town(part, units=units) for part in (1, 2, 3)]
    places = [place for town in towns for place in town[0]]
    city = {f"X{at}": Unit(1) for at in range(3 * (8 - units))}
    people = {}
    for name in city:
        people |= {f"{name}a": Candidate(name, leader_ok=True), f"{name}b": Candidate(name)}
    scores = {name: {place: 300 if place.startswith("V1") else 60 for place in places} for name in city}
    return _area(*towns, ({}, city, people, scores), locks=locks)


def test_people_handed_to_one_part_are_not_used_by_another():
    """All three counties want the same city units; in a first version 204 people were posted twice."""
    problem = _with_city()
    found = _solved(problem)
    assert broken(problem, found.teams) == []
    assert found.objective == solve(problem, stop=STOP).objective
    posted = [person for team in found.teams.values() for person in team.members]
    assert len(posted) == len(set(posted))


def test_a_village_without_a_team_is_repaired_by_solving_around_it():
    """The city's own units are best where they are not needed: every county still gets what it lacks."""
    problem = _with_city(units=6)
    found = _solved(problem)
    assert set(found.teams) == set(problem.villages)
    assert found.is_feasible


def test_parts_that_lack_a_unit_take_it_from_the_one_that_holds_them_all():
    """One county holds all three city units and could do with one: the others get theirs, and everybody is served."""
    problem = _with_city()
    table = tabulate(problem)
    teams, pieces = enumerate_teams(table), cut(table)
    common = shared(table, teams, pieces)
    prices = whole_prices(teams, good_prices(teams, pieces.level, (2, 4), lambda share: None), common)
    planner = Planner(table, teams, pieces, prices, common, Workers(1), 1, lambda: 60.0)
    plan = {f"V{part}{at}": f"U{part}{at}" for part in (1, 2, 3) for at in range(7)}
    plan |= {"V15": "X0", "V16": "X1", "V17": "X2"}
    crews = {village: Team(unit, f"{unit}a", (f"{unit}a", f"{unit}b")) for village, unit in plan.items()}
    assert planner.book([0, 1, 2], [Result("feasible", 0, 0.0, teams=crews)]) == []
    assert len(planner.missing()) == 2
    repair(planner, 0.0)
    assert planner.missing() == []
    assert broken(problem, planner.whole) == []


def test_locks_hold_across_parts():
    locks = Locks(
        unit_village=frozenset({("X0", "V37")}),
        ban_unit_village=frozenset({("X1", "V10")}),
        person_village=frozenset({("X2a", "V20")}),
        person_out=frozenset({"X1b"}),
    )
    problem = _with_city(locks).replace(units=_with_city().units | {"X3": Unit(1)})
    people = problem.candidates | {"X3a": Candidate("X3", leader_ok=True), "X3b": Candidate("X3")}
    rows = problem.scores.unit_village | {"X3": dict.fromkeys(problem.villages, 50)}
    problem = problem.replace(candidates=people, scores=replace(problem.scores, unit_village=rows))
    found = _solved(problem)
    assert broken(problem, found.teams) == []
    assert found.teams["V37"].unit == "X0"
    assert "X2a" in found.teams["V20"].members


def test_spouses_of_different_counties_are_not_both_posted():
    problem = _area(_town(1, units=9), _town(2, units=9), _town(3, units=9))
    married = {"U10a": "U20a", "U20a": "U10a", "U11b": "U31b", "U31b": "U11b"}
    people = {name: replace(one, spouse=married.get(name, "")) for name, one in problem.candidates.items()}
    problem = problem.replace(candidates=people)
    found = _solved(problem)
    assert broken(problem, found.teams) == []
    assert found.objective <= solve(problem, stop=STOP).objective <= found.bound


def test_three_people_who_name_each_other_as_spouses_keep_apart():
    """A data error the rules still have an answer to: whoever is named by two is not posted with either."""
    problem = _area(_town(1, units=9), _town(2, units=9), _town(3, units=9))
    named = {"U10a": "U20a", "U20a": "U10a", "U30a": "U20a"}
    people = {name: replace(one, spouse=named.get(name, "")) for name, one in problem.candidates.items()}
    problem = problem.replace(candidates=people)
    found = _solved(problem)
    assert found.is_feasible
    assert broken(problem, found.teams) == []


def test_prices_of_what_parts_share_are_paid_once(mini):
    """Seats and units that only one part can use are no business of the others."""
    table = tabulate(mini)
    teams, pieces = enumerate_teams(table), cut(table)
    common = shared(table, teams, pieces)
    names = {table.units[at] for at in common.unit.nonzero()[0].tolist()}
    assert names
    assert all(name.startswith("B") for name in names)


def test_a_village_nobody_can_serve_is_named():
    problem = _with_city()
    problem = problem.replace(villages=problem.villages | {"V99": Village(2, "T9")})
    found = _solved(problem)
    assert found.status == "infeasible"
    assert set(found.teams) == set(problem.villages) - {"V99"}
    assert "V99" in found.problems[0]


def test_an_area_without_any_structure_is_solved_too():
    """Thirty villages in which every unit may lead: the parts are townships and neighbours."""
    made = prefecture(5, counties=1, sizes=Sizes(villages=30, units=26))
    found = _solved(made)
    best = solve(made, stop=STOP)
    assert broken(made, found.teams) == []
    assert found.objective <= best.objective <= found.bound
    assert found.objective >= 0.97 * best.objective


def test_levels_of_a_mini_province():
    made = province(1, prefectures=2, counties=4, sizes=Sizes(villages=8, units=8, city_units=3, province_units=3))
    found = _solved(made)
    assert broken(made, found.teams) == []
    assert found.gap < 0.02


def test_only_what_is_larger_than_a_county_is_large(mini):
    assert not is_large(mini)
    assert is_large(prefecture(1, counties=3))


def test_units_with_very_many_people_keep_the_bound_true(mini, proven, monkeypatch):
    """Teams that are too many to list are judged by what each person adds alone: more than the truth, never less."""
    monkeypatch.setattr("zhucun.work.placement.optimiser.area.teams.MOST_VALUES", 40)
    table = tabulate(mini)
    prices = good_prices(enumerate_teams(table), cut(table).level, (5, 10), lambda share: None)
    assert prices.total >= proven.objective - 1e-3
    found = _solved(mini)
    assert broken(mini, found.teams) == []
    assert found.objective <= proven.objective <= found.bound
