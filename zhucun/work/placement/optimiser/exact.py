"""The best plan of a county and its proof: branch and bound over the few teams that the prices leave in play."""

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from .columns import Columns
from .master import Choice, Empties, Master, choose
from .root import Clock, Root
from .teams import BITS, ILLEGAL, Teams, Unfinished, distinct, joined, several

IN_PLAY = 7
"""So many teams for each village are in play first."""
MOST, MOST_WHEN_SHORT = 400_000, 8_000
"""More teams in play than this are not handed to branch and bound: in general, and for a partial plan."""
LEAST_SECONDS = 0.5
"""What the search for a first plan is given even after the time is over: a plan is worth more than punctuality."""
SOON = 0.3


@dataclass(frozen=True)
class Outcome:
    """The best plan found (None: none at all), its value with the empty villages', and the proven bound, in tenths."""

    teams: Teams | None
    value: int
    bound: int

    def is_whole(self, columns: Columns) -> bool:
        """Whether every village has a team."""
        return self.teams is not None and len(self.teams) == len(columns.tables.villages)


@dataclass(frozen=True)
class Hunt:
    """What a search for the best plan goes by."""

    columns: Columns
    empties: Empties
    base: Root
    seed: int
    clock: Clock
    slack: int = 0
    """A plan this many tenths below the bound is good enough."""
    spare: Teams | None = None
    """A whole plan to go on with when no better one is found soon: in two steps, each with SOON of the time left."""

    def needed(self, best: Outcome) -> int:
        """Teams not above this reduced value (2^-BITS tenths) are in no plan better than the best one."""
        return ILLEGAL if best.teams is None else ((best.value + 1) << BITS) - self.base.bound - 1


def optimise(hunt: Hunt, plan: Teams | None = None) -> Outcome:
    """The best plan, proven unless the clock stops it; `plan` is one that is known to keep all rules.

    The teams whose reduced value is above a floor are in play; the floor falls until no team below it can matter.
    """
    best = _beginning(hunt, plan)
    floor = _first_floor(hunt)
    for step in count():
        if (step > 1 or not hunt.clock.left) and best.teams is None and hunt.spare is not None:
            best = replace(_beginning(hunt, hunt.spare), bound=best.bound)
        if _enough(hunt, best):
            break
        whole = best.is_whole(hunt.columns)
        if whole and not hunt.clock.left:
            break
        hunt.clock.tell(*(("正在证明没有更好的方案", 0.8) if whole else ("正在挑选各村的工作队", 0.5)))
        floor = max(floor, hunt.needed(best))
        offered = _offered(hunt, best, floor, step)
        teams, reached = offered or (hunt.base.teams, 0)
        best = _better(best, *_search(hunt, best, teams, reached))
        is_last = reached < 0 and (reached > floor or reached <= hunt.needed(best))
        if is_last or offered is None or not hunt.clock.left:
            break
        floor = max(floor * 4, ILLEGAL) if reached < 0 else floor
    return best


def _offered(hunt: Hunt, best: Outcome, floor: int, step: int) -> tuple[Teams, int] | None:
    """The teams to choose among in this step, and the floor above which they are all; None when they cannot be found."""
    whole = best.is_whole(hunt.columns)
    try:
        if step == 0 and not whole:
            return _few(hunt, floor)
        return (hunt.base.teams, 0) if step == 1 and not whole else _in_play(hunt, best, floor)
    except Unfinished:
        return None


def _beginning(hunt: Hunt, plan: Teams | None) -> Outcome:
    best = Outcome(None, 0, hunt.base.bound >> BITS)
    if plan is not None:
        short = len(hunt.columns.tables.villages) - len(plan)
        best = replace(best, teams=plan, value=int(plan.value.sum()) + short * hunt.empties.value)
    return best if hunt.base.whole is None else _better(best, hunt.base.whole, best.bound)


def _first_floor(hunt: Hunt) -> int:
    """The reduced value above which about IN_PLAY teams a village lie, in 2^-BITS tenths; at most -1 tenth."""
    reduced = -np.sort(-hunt.base.prices.reduced(hunt.base.teams))
    last = min(IN_PLAY * len(hunt.columns.tables.villages), len(reduced)) - 1
    return min(int(reduced[last]), 0) - (1 << BITS) if len(reduced) else -(1 << BITS)


def _few(hunt: Hunt, floor: int) -> tuple[Teams, int]:
    """The teams above the floor, and the floor; where many are equally good, a few of each village and the floor 0.

    Floor 0 says that nothing is known of the others.
    """
    with suppress(Unfinished):
        teams = hunt.columns.above(hunt.base.prices, floor, 2 * IN_PLAY * len(hunt.columns.tables.villages))
        if teams is not None:
            return teams, floor
    base = hunt.base.teams
    return base.pick(several(base.village, hunt.base.prices.reduced(base), IN_PLAY)), 0


def _in_play(hunt: Hunt, best: Outcome, floor: int) -> tuple[Teams, int]:
    """The teams above the floor, and the floor; it is raised when there are too many.

    It is lowered to where the proof is complete when that brings few more teams.
    """
    most = MOST_WHEN_SHORT if best.bound < hunt.empties.least else MOST
    some = hunt.columns.above(hunt.base.prices, floor, most)
    if some is not None and best.teams is not None:
        every = hunt.columns.above(hunt.base.prices, hunt.needed(best), 2 * len(some))
        return (some, floor) if every is None else (every, hunt.needed(best))
    while (teams := hunt.columns.above(hunt.base.prices, floor, most)) is None:
        floor //= 2
    return teams, floor


def _search(hunt: Hunt, best: Outcome, teams: Teams, floor: int) -> tuple[Choice | None, int]:
    """The best choice among these teams, all that lie above the floor, and what no plan at all is worth more than."""
    empties, whole = hunt.empties, best.is_whole(hunt.columns)
    if best.teams is not None:
        teams = distinct(joined([teams, best.teams]))
    if whole:
        empties = replace(empties, count=0)  # no village goes without for the better
    master = Master(hunt.columns.tables, empties, teams, hunt.base.prices.cuts, hunt.seed)
    seconds = hunt.clock.left if whole else max(hunt.clock.left * (SOON if hunt.spare else 1), LEAST_SECONDS)
    found = choose(master, best.teams, seconds=seconds, gap=hunt.clock.gap / 4, slack=hunt.slack)
    return found, max(found.bound, (hunt.base.bound + floor) >> BITS) if found else best.bound


def _better(best: Outcome, found: Choice | None, limit: int) -> Outcome:
    """The better plan of both with the lower bound of both."""
    bound = min(best.bound, limit)
    if found is None or (best.teams is not None and found.value <= best.value):
        return replace(best, bound=bound)
    return Outcome(found.teams, found.value, bound)


def _enough(hunt: Hunt, best: Outcome) -> bool:
    return best.teams is not None and best.bound - best.value <= max(hunt.clock.gap * abs(best.bound), hunt.slack)
