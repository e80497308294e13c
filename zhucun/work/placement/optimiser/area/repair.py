"""Villages without a team: their part takes what it lacks from another one, which is solved again, and so on until all have one."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from zhucun.work.placement.optimiser.result import Result, Team

from .plan import Planner, Terms
from .table import Array

MOST_STEPS = 80
"""Parts solved again before it is given up."""
REACHES = (400.0, float("inf"))
"""Pairs so far below the best are in play: first the likely ones, and where these do not help all."""
TAKEN, LESS, AGAIN = 500.0, 150.0, 250.0
"""What it costs to take one person or unit from a part, how much less for each team that part could lead with units of
its own (up to two), and how much more each further time, in tenths: little is taken, where it hurts least, not in turns."""
ASTRAY = 3
"""So many more empty villages than at best, and the best plan is taken up again."""


def repair(planner: Planner, gap: float) -> None:
    """Fill empty villages, with what is free or else with what other parts hold; never ends with more than it began with."""
    chain = _Chain(planner, gap)
    fewest, kept = chain.empty(), planner.whole
    for _ in range(MOST_STEPS):
        todo = [part for part in planner.missing() if part not in chain.hopeless]
        if not todo or planner.seconds() <= 0:
            break
        chain.step(min(todo, key=lambda part: (chain.turns[part], part)))
        if chain.empty() < fewest:
            fewest, kept = chain.empty(), planner.whole
        elif chain.empty() > fewest + ASTRAY:
            chain.go_back(kept)
    if chain.empty() > fewest:
        chain.go_back(kept)


@dataclass
class _Chain:
    planner: Planner
    gap: float
    turns: Counter[int] = field(default_factory=Counter)
    hopeless: set[int] = field(default_factory=set)
    """Parts that would leave a village empty even if everybody were theirs."""
    seat: Array = field(init=False)
    unit: Array = field(init=False)

    def __post_init__(self) -> None:
        self.seat, self.unit = np.zeros(self.planner.table.seats), np.zeros(len(self.planner.table.units))

    def empty(self) -> int:
        """Villages without a team."""
        return len(self.planner.table.villages) - len(self.planner.whole)

    def go_back(self, plan: dict[str, Team]) -> None:
        """Take up an earlier plan again; what has become dearer stays so, and the next try goes another way."""
        self.planner.book(range(len(self.planner.cut.parts)), [Result("feasible", 0, 0.0, teams=plan)])

    def step(self, part: int) -> None:
        """Solve one part with what is free, and when that is not enough with what others hold, which they lose."""
        planner, turn = self.planner, self.turns[part]
        reach = REACHES[min(turn, 1)]
        self.turns[part] += 1
        planner.improve([[part]], gap=self.gap, reach=reach)
        if part not in planner.missing():
            return
        result = planner.solve([[part]], reach=reach, gap=self.gap, terms=self._terms(part))[0]
        if len(result.teams) > len(planner.plans[part]):
            planner.common.release({part})
            planner.plans[part] = {}
            self._take(list(result.teams.values()))
            planner.book([part], [result])
        elif turn:
            self.hopeless.add(part)

    def _terms(self, part: int) -> Terms:
        """Everything but what locks promise to others; what others hold costs its price and more each time it is taken."""
        common, prices = self.planner.common, self.planner.prices
        cost = TAKEN - LESS * np.clip(_spare(self.planner), 0, 2)
        held = (common.holder >= 0) & (common.holder != part)
        seat = np.where(held, np.ceil(prices.seat) + cost[common.holder] + self.seat, 0)
        unit = np.zeros(len(common.left))
        for (holder, at), teams in sorted(common.led.items()):
            if teams and holder != part and common.left[at] < 1 and not common.led.get((part, at)):
                dear = np.ceil(prices.unit[at]) + cost[holder] + self.unit[at]
                unit[at] = min(unit[at], dear) if unit[at] else dear
        return Terms(common.opened(self.planner.table.capacity), seat, unit)

    def _take(self, teams: Collection[Team]) -> None:
        """Dissolve the teams of other parts that stand in the way of these."""
        planner, table, common = self.planner, self.planner.table, self.planner.common
        wanted = {table.number[one] for team in teams for one in team.members}
        wanted |= {other for one in wanted for other in table.apart.get(one, ())}
        seats = {int(seat) for seat in table.seat[sorted(wanted)] if common.seat[seat]}
        for other in sorted(planner.plans):
            for village, team in sorted(planner.plans[other].items()):
                if seats & {int(table.seat[table.number[one]]) for one in team.members}:
                    self._dissolve(other, village)
        self.seat[sorted(seats)] += AGAIN
        for unit, count in sorted(Counter(team.unit for team in teams).items()):
            at = table.position[unit]
            if common.unit[at]:
                self._make_room(unit, count)

    def _make_room(self, unit: str, count: int) -> None:
        """Dissolve as many teams of a unit as are too many, those first that suit their villages least."""
        planner, at = self.planner, self.planner.table.position[unit]
        locked = planner.table.problem.locks.unit_village
        led = [
            (-planner.loss(unit, village), village, part)
            for part, plan in planner.plans.items()
            for village, team in plan.items()
            if team.unit == unit and (unit, village) not in locked
        ]
        for _, village, part in sorted(led)[: max(count - int(planner.common.left[at]), 0)]:
            self._dissolve(part, village)
            self.unit[at] += AGAIN

    def _dissolve(self, part: int, village: str) -> None:
        self.planner.common.give_back(self.planner.table, part, self.planner.plans[part].pop(village))


def _spare(planner: Planner) -> Array:
    """By part: how many more teams it could lead with units that go nowhere else, people left aside."""
    table, cut, common, teams = planner.table, planner.cut, planner.common, planner.teams
    home = np.zeros(len(table.units), dtype=np.int64)
    home[teams.unit] = cut.part[teams.village]
    spare = np.bincount(home, np.where(common.unit, 0, table.capacity), len(cut.parts))
    for part, plan in planner.plans.items():
        spare[part] -= sum(not common.unit[table.position[team.unit]] for team in plan.values())
    return spare
