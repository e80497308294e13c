"""The county solved: prices by sifting and cuts, then branch and bound over the few teams the prices leave in play."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from .columns import Columns
from .cuts import broken_cuts
from .master import Choice, Empties, Master, choose, whole
from .teams import BITS, ILLEGAL, Prices, Teams, distinct, free, joined, no_cuts

BARELY = 1 << (BITS - 12)
"""A team must be worth this much (2^-BITS tenths, 1/4096 tenth) more than its prices to enter the programme."""
FEW = 20
"""With fewer new teams than this in a round, broken cuts are looked for as well."""
IN_PLAY = 7
"""So many teams for each village are in play first."""
MOST = 400_000
"""More teams in play than this are not handed to branch and bound."""
LEAST_SECONDS = 2.0
"""What the search for a first plan is given even after the time is over: a plan is worth more than punctuality."""


@dataclass(frozen=True)
class Clock:
    """When to stop (`ends` as time.monotonic), at which gap, and whom to tell how far it is."""

    gap: float = 0.0
    ends: float = float("inf")
    tell: Callable[[str, float], None] = field(default=lambda text, share: None)

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
    empty: float  # villages' worth of shares that go without a team


@dataclass(frozen=True)
class Outcome:
    """The best plan found (None: none at all), its value with the empty villages', and the proven bound, in tenths."""

    root: Root
    teams: Teams | None
    value: int
    bound: int

    @property
    def served(self) -> int:
        """How many villages have a team."""
        return 0 if self.teams is None else len(self.teams)


def root(columns: Columns, empties: Empties, seed: int, first: Teams, clock: Clock) -> Root:
    """Solves the linear programme over all teams with as many cuts as are broken; `first` teams are in it from the start."""
    tables = columns.tables
    people, villages = len(tables.people), len(tables.villages)
    nothing = free(villages, len(tables.units), people)
    start = columns.best_above(nothing, ILLEGAL, 12, 24)
    master = Master(tables, empties, distinct(joined([first, start])), no_cuts(people), seed)
    while master.solve():
        prices = master.prices()
        more = columns.best_above(prices, BARELY, 8)
        if clock.left and len(more) < FEW:
            share = master.share()[villages:]
            some = share > 1e-6
            cuts = broken_cuts(tables, master.rows.of_person, master.teams.pick(some), share[some], master.cuts)
            master.cut(cuts)
        else:
            cuts = no_cuts(people)
        if not clock.left or not (len(more) or len(cuts)):
            empty = float(master.share()[:villages].sum())
            return Root(master.teams, prices, bound(columns, empties, prices), whole(master), empty)
        master.add(more)
    raise ArithmeticError("线性规划没有解出来。")


def bound(columns: Columns, empties: Empties, prices: Prices) -> int:
    """What no plan is worth more than, in 2^-BITS tenths: whole-number arithmetic, true for any prices."""
    none = (empties.value << BITS) - prices.village - prices.unit[-1]
    best = columns.best(prices)
    return prices.total + int((np.maximum(best, none) if empties.count else best).sum())


def optimise(
    columns: Columns, empties: Empties, *, seed: int, clock: Clock, first: Teams, plan: Teams | None = None
) -> Outcome:
    """The best plan, proven unless the clock stops it; `first` are teams worth a look, `plan` a plan known to be legal."""
    clock.tell("正在为村、单位和人员求价格", 0.2)
    base = root(columns, empties, seed, first if plan is None else joined([first, plan]), clock)
    best = Outcome(base, None, 0, base.bound >> BITS)
    if plan is not None:
        best = replace(best, teams=plan, value=_value(columns, empties, plan))
    if base.whole is not None:
        best = _better(best, base.whole, best.bound)
    floor = _first_floor(columns, base)
    while not _enough(best, clock):
        clock.tell(*(("正在挑选各村的工作队", 0.5) if best.teams is None else ("正在证明没有更好的方案", 0.8)))
        floor = max(floor, _needed(base, best))
        teams, reached = _in_play(columns, base, floor, few=best.teams is None)
        best = _better(best, *_search(columns, empties, base, best, teams, reached, seed, clock))
        if not clock.left or ILLEGAL < floor < reached < 0 or reached <= _needed(base, best):
            break
        floor = floor * 4 if reached < 0 else floor
    return best


def _first_floor(columns: Columns, base: Root) -> int:
    """The reduced value above which about IN_PLAY teams a village lie, in 2^-BITS tenths; at most -1 tenth."""
    reduced = -np.sort(-base.prices.reduced(base.teams))
    last = min(_few(columns), len(reduced)) - 1
    return min(int(reduced[last]), 0) - (1 << BITS) if len(reduced) else -(1 << BITS)


def _few(columns: Columns) -> int:
    return IN_PLAY * len(columns.tables.villages)


def _needed(base: Root, best: Outcome) -> int:
    """Teams not above this reduced value are in no plan better than the best one."""
    return ILLEGAL if best.teams is None else ((best.value + 1) << BITS) - base.bound - 1


def _in_play(columns: Columns, base: Root, floor: int, few: bool) -> tuple[Teams, int]:
    """The teams above the floor, and the floor; it is raised when there are too many.

    With `few` not more than about twice _few of them, or else the best of those the prices were made with: then the
    floor is 0, for nothing is known of the others.
    """
    teams = columns.above(base.prices, floor, 2 * _few(columns) if few else MOST)
    if teams is None and few:
        best = np.argsort(-base.prices.reduced(base.teams), kind="stable")[: _few(columns)]
        return distinct(base.teams.pick(best)), 0
    while teams is None:
        floor //= 2
        teams = columns.above(base.prices, floor, MOST)
    return teams, floor


def _search(
    columns: Columns, empties: Empties, base: Root, best: Outcome, teams: Teams, floor: int, seed: int, clock: Clock
) -> tuple[Choice | None, int]:
    """The best choice among these teams, all that lie above the floor, and what no plan at all is worth more than."""
    if best.teams is not None:
        teams = distinct(joined([teams, best.teams]))
    master = Master(columns.tables, empties, teams, base.prices.cuts, seed)
    seconds = max(clock.left, LEAST_SECONDS) if best.teams is None else clock.left
    found = choose(master, best.teams, seconds=seconds, gap=clock.gap / 10)
    return found, max(found.bound, (base.bound + floor) >> BITS) if found else best.bound


def _better(best: Outcome, found: Choice | None, limit: int) -> Outcome:
    """The better plan of both with the lower bound of both."""
    bound = min(best.bound, limit)
    if found is None or (best.teams is not None and found.value <= best.value):
        return replace(best, bound=bound)
    return replace(best, teams=found.teams, value=found.value, bound=bound)


def _enough(best: Outcome, clock: Clock) -> bool:
    return best.teams is not None and best.bound - best.value <= clock.gap * abs(best.bound)


def _value(columns: Columns, empties: Empties, plan: Teams) -> int:
    return int(plan.value.sum()) + (len(columns.tables.villages) - len(plan)) * empties.value
