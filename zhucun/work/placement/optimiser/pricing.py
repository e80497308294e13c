"""“Why not this one?”: what a unit or person in a village would cost at least; the exact price is a new solution."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from .columns import Columns
from .forbidding import forbidding
from .problem import Problem
from .result import Result
from .root import Clock, root
from .single import alone
from .solve import known_teams, lenient
from .tables import Ints, Tables, tables
from .teams import BITS, ILLEGAL, Cuts, Prices

__all__ = ["forbidding", "loss_at_least", "prices_of"]


def prices_of(problem: Problem, result: Result) -> dict[str, Any]:
    """What one team in each village, of each unit, with each person costs, in tenths of a point; fit to be kept as JSON.

    The numbers are multiples of 2^-20, so that sums of them are exact. With them stand the plan's value and the
    bound they prove. ValueError when the result has no plan for all villages.
    """
    if result.objective is None:
        raise ValueError("没有方案，也就没有价格。")
    arrays = tables(problem)
    columns = Columns(arrays)
    base = root(columns, lenient(columns), result.seed, known_teams(arrays, columns.width, result.teams), Clock())
    prices, cuts = base.prices, base.prices.cuts
    return {
        "villages": _by_id(arrays.villages, prices.village),
        "units": _by_id(arrays.units, prices.unit),
        "people": _by_id(arrays.people, prices.person),
        "cuts": [
            {"people": _counts(arrays.people, weight), "divisor": divisor, "price": price / (1 << BITS)}
            for weight, divisor, price in zip(cuts.weight, cuts.divisor.tolist(), prices.cut.tolist(), strict=True)
            if price
        ],
        "bound": base.bound / (1 << BITS),
        "objective": result.objective,
    }


def _by_id(ids: tuple[str, ...], amounts: Ints) -> dict[str, float]:
    """Amounts other than 0, in tenths; the arrays have one more place at the end, for none at all."""
    return {one: amount / (1 << BITS) for one, amount in zip(ids, amounts.tolist(), strict=False) if amount}


def _counts(ids: tuple[str, ...], weight: Ints) -> dict[str, int]:
    return {one: count for one, count in zip(ids, weight.tolist(), strict=False) if count}


def loss_at_least(problem: Problem, prices: Mapping[str, Any], village: str, unit: str = "", person: str = "") -> int:
    """What the priced plan loses at least, in tenths, if this unit leads in a village, or this person is in its team.

    Never below 0; the plan's whole value when there can be no such team. The exact loss is that of a solution with the lock.
    KeyError for unknown ids.
    """
    arrays = tables(alone(problem, village, unit, person))
    best = int(Columns(arrays).best(_prices(arrays, prices))[0])
    objective = int(prices["objective"])
    if best < ILLEGAL:
        return max(objective, 0)
    reached = (_exact(prices["bound"]) + min(best, 0)) >> BITS
    return max(objective - reached, 0)


def _exact(tenths: float) -> int:
    return round(tenths * (1 << BITS))


def _prices(arrays: Tables, prices: Mapping[str, Any]) -> Prices:
    """The kept prices for the ids of some arrays."""

    def amounts(kind: str, ids: tuple[str, ...], spare: int) -> Ints:
        return np.array([*(_exact(prices[kind].get(one, 0)) for one in ids), *[0] * spare], np.int64)

    near = set(arrays.people)
    cuts = [one for one in prices["cuts"] if not near.isdisjoint(one["people"])]
    weight = [[*(one["people"].get(person, 0) for person in arrays.people), 0] for one in cuts]
    return Prices(
        village=amounts("villages", arrays.villages, 0),
        unit=amounts("units", arrays.units, 1),
        person=amounts("people", arrays.people, 1),
        cut=np.array([_exact(one["price"]) for one in cuts], np.int64),
        cuts=Cuts(
            np.array(weight, np.int64).reshape(len(cuts), len(arrays.people) + 1),
            np.array([one["divisor"] for one in cuts], np.int64),
            np.zeros(len(cuts), np.int64),
        ),
        total=0,
    )
