"""Prices of seats (people) and units: sub-gradient steps, each one flow over the best teams; any prices give a bound."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from .flow import Flow, flow, potentials
from .table import Array
from .teams import IMPOSSIBLE, Teams

ROUNDING = 1e-3
"""More than float32 can be wrong by in a team's value, in tenths."""
LEFT_OUT = 5_000.0
"""What a village without a team costs in the flow, in tenths."""
WIDE, KEPT = 15, 60.0
"""Pairs a village keeps of each level of units at first; how far below the best a pair may lie later, in tenths."""
MOST_CLOSINGS, CLOSE = 8, 2e-6
"""Rounds in which pairs are added until the bound over all pairs is that of the flow, but for so small a share."""
SMOOTH, FIRST_STEP, LAST_STEP = 0.7, 0.05, 4e-4
"""Share of the old direction that is kept; first and last step as a share of a village's mean best value."""


@dataclass(frozen=True)
class Prices:
    """Prices by seat and by unit, and each village's best value after them; `total` is a proven bound, in tenths."""

    seat: Array
    unit: Array
    village: Array
    capacity: Array

    @property
    def total(self) -> float:
        """What no plan is worth more than."""
        return float(self.seat.sum() + (self.unit * self.capacity).sum() + self.village.sum())


def good_prices(teams: Teams, level: Array, steps: tuple[int, int], tell: Callable[[float], None]) -> Prices:
    """Prices after `steps` on pairs chosen by rank and on pairs chosen by these first prices, proven over all pairs.

    `level` numbers the kind of each unit (how far it reaches): pairs are ranked within it, since far-reaching units
    look best everywhere as long as nobody has a price.
    """
    seat = np.zeros(teams.table.seats)
    keep, done = _wide(teams, teams.best(seat), level), 0
    middle = (FIRST_STEP * LAST_STEP / 2) ** 0.5
    stages = (
        (steps[0], FIRST_STEP, FIRST_STEP / 2),
        (max(steps[1] // 2, 1), FIRST_STEP / 2, middle),
        (max(steps[1] - steps[1] // 2, 1), middle, LAST_STEP),
    )
    for count, first, last in stages:
        seat, unit = _descend(teams.only(keep), seat, count, (first, last), partial(_tell, tell, done, sum(steps) + 1))
        done += count
        keep = _near(teams, keep, seat, unit, KEPT)
    return _closed(teams, keep, proven(teams, seat, unit))


def _tell(tell: Callable[[float], None], done: int, steps: int, step: int) -> None:
    tell((done + step) / steps)


def _closed(teams: Teams, keep: Array, prices: Prices) -> Prices:
    """The prices of units made to go with all pairs: what the flow did not see and would have liked is added to it."""
    for _ in range(MOST_CLOSINGS):
        some = teams.only(keep)
        found, value = _flow(some, prices.seat)
        unit = potentials(some.unit, some.village, value, found.pairs, prices.capacity, len(prices.village))
        better = proven(teams, prices.seat, unit)
        prices = min(prices, better, key=lambda one: one.total)
        if better.total <= found.total + prices.seat.sum() + CLOSE * abs(found.total):
            break
        keep = keep | _near(teams, keep, prices.seat, unit, 0.0)
    return prices


def _near(teams: Teams, keep: Array, seat: Array, unit: Array, reach: float) -> Array:
    """Pairs that are worth at most `reach` less after prices than the best one of their village among those to `keep`."""
    value = teams.best(seat) - unit[teams.unit]
    best = np.full(len(teams.table.villages), -LEFT_OUT)
    np.maximum.at(best, teams.village[keep], value[keep])
    near: Array = value >= best[teams.village] - reach
    return near


def proven(teams: Teams, seat: Array, unit: Array) -> Prices:
    """The bound these prices give over all pairs."""
    value = teams.best(seat).astype(np.float64) - unit[teams.unit]
    return Prices(seat, unit, _highest(teams, value) + ROUNDING, teams.table.capacity)


def _highest(teams: Teams, value: Array) -> Array:
    best = np.full(len(teams.table.villages), -LEFT_OUT)
    np.maximum.at(best, teams.village, value)
    return best


def _wide(teams: Teams, value: Array, level: Array) -> Array:
    """All pairs of units that stay in a part; of the others the WIDE best of every village and of every unit."""
    of_unit: Array = level[teams.unit]
    group = teams.village.astype(np.int64) * (int(level.max(initial=0)) + 1) + of_unit
    keep: Array = (of_unit == 0) | _leading(group, value) | _leading(teams.unit, value)
    return keep


def _leading(group: Array, value: Array) -> Array:
    """Which are among the WIDE best of their group."""
    order = np.lexsort((-value, group))
    ranked = group[order]
    first = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    place = np.arange(len(ranked)) - np.repeat(first, np.diff(np.r_[first, len(ranked)]))
    keep = np.zeros(len(group), dtype=bool)
    keep[order[place < WIDE]] = True
    return keep


def _flow(teams: Teams, seat: Array) -> tuple[Flow, Array]:
    """The best flow at the prices of seats, and the pairs' values."""
    value, table = np.maximum(teams.best(seat), IMPOSSIBLE), teams.table
    return flow(teams.unit, teams.village, value, table.capacity, len(table.villages), LEFT_OUT), value


def _descend(
    teams: Teams, seat: Array, steps: int, between: tuple[float, float], tell: Callable[[int], None]
) -> tuple[Array, Array]:
    """Lower the bound step by step; the best prices of seats met, and the prices of units that go with them."""
    table = teams.table
    best, best_seat, direction, scale = np.inf, seat, np.zeros(table.seats), 0.0
    pairs: Array = np.zeros(0, dtype=np.intp)
    best_pairs, best_value = pairs, np.zeros(0)
    for step in range(steps):
        found, value = _flow(teams, seat)
        if found.total + seat.sum() < best:
            best, best_seat, best_pairs, best_value = found.total + seat.sum(), seat, found.pairs, value
        scale = scale or max(float(np.abs(value[found.pairs]).mean()), 1.0) if len(found.pairs) else 1.0
        used = np.bincount(table.seat[teams.people(found.pairs, seat)], minlength=table.seats)
        direction = SMOOTH * direction + (1 - SMOOTH) * (used - 1)
        length = scale * between[0] * (between[1] / between[0]) ** (step / max(steps - 1, 1))
        seat = np.maximum(seat + length * direction, 0)
        tell(step + 1)
    return best_seat, potentials(teams.unit, teams.village, best_value, best_pairs, table.capacity, len(table.villages))
