"""Prices for a county: the linear programme over all teams, by sifting, with cuts; and the bound they prove."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .columns import Columns
from .cuts import broken_cuts
from .master import Choice, Empties, Master, whole
from .teams import BITS, ILLEGAL, Cuts, Prices, Teams, distinct, free, joined, no_cuts

BARELY = 1 << (BITS - 12)
"""A team must be worth this much (2^-BITS tenths, 1/4096 tenth) more than its prices to enter the programme."""
FEW = 20
"""With fewer new teams than this in a round, broken cuts are looked for as well."""


@dataclass(frozen=True)
class Clock:
    """When to stop (`ends` as time.monotonic), at which gap, and whom to tell how far it is."""

    gap: float = 0.0
    ends: float = float("inf")
    tell: Callable[[str, float], None] = field(default=lambda text, share: None)
    grace: float = 0.0  # seconds after the end for what cannot be left open

    @property
    def left(self) -> float:
        """Seconds left, never below 0."""
        return max(self.ends - time.monotonic(), 0.0)


@dataclass(frozen=True)
class Root:
    """The linear programme's answer: teams and cuts in it, prices, and the bound in 2^-BITS tenths, valid by itself."""

    teams: Teams
    prices: Prices
    bound: int
    whole: Choice | None
    empty: float  # how many villages go without a team, fractions added up


def root(columns: Columns, empties: Empties, seed: int, first: Teams, clock: Clock) -> Root:
    """Solves the linear programme over all teams with as many cuts as are broken; `first` teams are in it from the start.

    ArithmeticError when HiGHS gives up, which it has no reason to.
    """
    tables, villages = columns.tables, len(columns.tables.villages)
    nothing = free(villages, len(tables.units), len(tables.people))
    start = columns.best_above(nothing, ILLEGAL, 12, 24)
    master = Master(tables, empties, distinct(joined([first, start])), no_cuts(len(tables.people)), seed)
    prices = nothing
    while True:
        if not master.solve(clock.left):
            if clock.left:
                raise ArithmeticError("线性规划没有解出来。")
            return Root(master.teams, prices, bound(columns, empties, prices), None, float(villages))
        prices = master.prices()
        more = columns.best_above(prices, BARELY, 8)
        cuts = _broken(columns, master) if len(more) < FEW and clock.left else no_cuts(len(tables.people))
        if not clock.left or not (len(more) or len(cuts)):
            empty = float(master.share()[:villages].sum())
            return Root(master.teams, prices, bound(columns, empties, prices), whole(master), empty)
        master.cut(cuts)
        master.add(more)


def _broken(columns: Columns, master: Master) -> Cuts:
    """The cuts that the programme's present answer breaks."""
    share = master.share()[master.rows.villages :]
    some = share > 1e-6
    return broken_cuts(columns.tables, master.rows.of_person, master.teams.pick(some), share[some], master.cuts)


def bound(columns: Columns, empties: Empties, prices: Prices) -> int:
    """What no plan is worth more than, in 2^-BITS tenths: whole-number arithmetic, true for any prices."""
    none = (empties.value << BITS) - prices.village - prices.unit[-1]
    best = columns.best(prices)
    return prices.total + int((np.maximum(best, none) if empties.count else best).sum())
