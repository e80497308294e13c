"""Teams as columns: the list holds every team that keeps the rules, at its value, and the search finds what a list holds."""

import numpy as np
import pytest

from zhucun.work.placement.optimiser.columns import Columns
from zhucun.work.placement.optimiser.scoring import breakdown
from zhucun.work.placement.optimiser.solve import as_plan
from zhucun.work.placement.optimiser.tables import tables
from zhucun.work.placement.optimiser.teams import BITS, ILLEGAL, Cuts, Prices, Teams, free, no_cuts

from .counties import county
from .tiny import every_team, tiny

MANY = 10**6


def all_teams(columns: Columns) -> Teams:
    """Every team there is, whatever it is worth."""
    arrays = columns.tables
    nothing = free(len(arrays.villages), len(arrays.units), len(arrays.people))
    found = columns.above(nothing, ILLEGAL, MANY)
    assert found is not None
    return found


def some_prices(columns: Columns, seed: int, cuts: Cuts | None = None) -> Prices:
    """Prices of about the size that real ones have."""
    dice, arrays = np.random.default_rng(seed), columns.tables
    amounts = (
        dice.integers(0, 60 << BITS, n) for n in (len(arrays.villages), len(arrays.units) + 1, len(arrays.people) + 1)
    )
    village, unit, person = amounts
    person[-1] = 0
    cuts = cuts or no_cuts(len(arrays.people))
    return Prices(village, unit, person, dice.integers(0, 40 << BITS, len(cuts)), cuts, 0)


@pytest.mark.parametrize("limit", [MANY, 1])
def test_the_columns_are_exactly_the_teams_that_keep_the_rules(limit):
    """Trying every set of people and every leader finds the same sets, and the best leader's value."""
    for seed in range(120):
        problem = tiny(seed)
        columns = Columns(tables(problem), pair_limit=limit)
        wanted: dict[tuple, int] = {}
        for village in problem.villages:
            for team in (one for one in every_team(problem, village) if problem.units[one.unit].capacity):
                key, value = (village, team.unit, team.members), breakdown(problem, village, team).total
                wanted[key] = max(value, wanted.get(key, value))
        teams = all_teams(columns)
        found = {}
        for n in range(len(teams)):
            ((village, team),) = as_plan(columns.tables, teams.pick(np.array([n]))).items()
            found[village, team.unit, team.members] = int(teams.value[n])
            assert breakdown(problem, village, team).total == teams.value[n]
        assert found == wanted, seed


def test_searching_finds_what_listing_finds():
    """At any prices, with cuts as well, the branch and bound over a pool gives the best, the few best and all above a floor."""
    problem = county(1, villages=8, units=6, pool=7, partners=2)
    arrays = tables(problem)
    listed, searched = Columns(arrays), Columns(arrays, pair_limit=1)
    weight = np.random.default_rng(0).integers(0, 2, (5, len(arrays.people) + 1))
    weight[:, -1] = 0
    cuts = Cuts(weight, np.array([2, 2, 3, 2, 3]), np.ones(5, np.int64))
    for seed in range(6):
        prices = some_prices(listed, seed, cuts if seed % 2 else None)
        assert listed.best(prices).tolist() == searched.best(prices).tolist()
        floor = int(np.median(listed.best(prices))) - (30 << BITS)
        one, other = listed.above(prices, floor, MANY), searched.above(prices, floor, MANY)
        assert one is not None
        assert other is not None
        assert 0 < len(one) < MANY
        assert one.people.tolist() == other.people.tolist()
        assert one.value.tolist() == other.value.tolist()
        top = [prices.reduced(some.best_above(prices, ILLEGAL, 3)) for some in (listed, searched)]
        assert sorted(top[0].tolist()) == sorted(top[1].tolist())


def test_searching_keeps_to_tiers_that_do_not_fall():
    """Tiers that rise are not allowed in a file, but the search does not rely on that."""
    problem = tiny(4)
    rising = {village: {"a": (0, 0, 50), "b": (5, -9, 20)} for village in problem.villages}
    for seed in range(40):
        problem = tiny(seed)
        scores = problem.scores.__class__(
            problem.scores.unit_village, {}, dict.fromkeys(problem.villages, rising["V0"])
        )
        arrays = tables(problem.replace(scores=scores))
        listed, searched = Columns(arrays), Columns(arrays, pair_limit=1)
        for dice in range(3):
            prices = some_prices(listed, dice)
            assert listed.best(prices).tolist() == searched.best(prices).tolist()


def test_too_many_teams_are_refused():
    """Whoever asks for all teams above a floor is told when there are more than can be handled."""
    for limit in (MANY, 1):
        columns = Columns(tables(county(2, villages=14, units=6, pool=8)), pair_limit=limit)
        arrays = columns.tables
        nothing = free(len(arrays.villages), len(arrays.units), len(arrays.people))
        assert columns.above(nothing, ILLEGAL, 50) is None
