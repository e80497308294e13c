"""The plan of an area: parts solved side by side at prices, clashes settled, empty villages repaired, the rest polished."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from zhucun.work.placement.optimiser.result import Result, Team
from zhucun.work.placement.optimiser.scoring import total
from zhucun.work.placement.optimiser.stop import Stop

from .parts import Cut
from .prices import Prices
from .sharing import Offer, Shared, as_problem
from .table import Array, Table
from .teams import Teams
from .workers import Task, Workers

Plan = dict[str, Team]
Reach = float | Array


@dataclass(frozen=True)
class Terms:
    """What parts may use, and what they pay for what is shared, by seat and by unit, in whole tenths."""

    common: Shared
    seat: Array
    unit: Array


@dataclass
class Planner:
    """The plan as it stands, part by part, and what is needed to solve parts again."""

    table: Table
    teams: Teams
    cut: Cut
    prices: Prices
    common: Shared
    workers: Workers
    seed: int
    seconds: Callable[[], float]
    """Seconds that are left."""
    reduced: Array = field(init=False)
    """Value of each pair's best team less all prices; never above 0."""
    _keys: Array = field(init=False)
    _order: Array = field(init=False)
    plans: dict[int, Plan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        best = self.teams.best(self.prices.seat).astype(np.float64)
        self.reduced = best - self.prices.unit[self.teams.unit] - self.prices.village[self.teams.village]
        key = self.teams.unit.astype(np.int64) * len(self.table.villages) + self.teams.village
        self._order = np.argsort(key)
        self._keys = key[self._order]

    def loss(self, unit: str, village: str) -> float:
        """How far a pair's best team lies below the best of the village at the prices, in tenths."""
        key = self.table.position[unit] * len(self.table.villages) + self.table.place[village]
        return -float(self.reduced[self._order[np.searchsorted(self._keys, key)]])

    @property
    def whole(self) -> Plan:
        """All teams, by village."""
        return {village: team for part in sorted(self.plans) for village, team in sorted(self.plans[part].items())}

    @property
    def value(self) -> int:
        """The objective of what is planned, in tenths."""
        return total(self.table.problem, self.whole)

    def missing(self) -> list[int]:
        """Parts with a village that has no team."""
        return [part for part, villages in enumerate(self.cut.parts) if len(self.plans.get(part, ())) < len(villages)]

    def solve(
        self, groups: list[list[int]], *, reach: Reach, gap: float, factor: float = 1.0, terms: Terms | None = None
    ) -> list[Result]:
        """Solve groups of parts side by side, with pairs not more than `reach` tenths below the best at the prices.

        `reach` is one for all or by part. What is shared and used costs `factor` of its price, unless there are other
        `terms`. Nothing is booked.
        """
        given = terms or self._terms(factor)
        parts = self.cut.part[self.teams.village]
        pairs = np.flatnonzero(self.reduced >= -(reach[parts] if isinstance(reach, np.ndarray) else reach))
        parts = parts[pairs]

        def tasks() -> Iterator[Task]:
            for group in groups:
                villages = np.concatenate([self.cut.parts[part] for part in group])
                offer = Offer(pairs[np.isin(parts, group)], given.seat, given.unit)
                problem = as_problem(self.table, self.teams, given.common, set(group), villages, offer)
                start = {village: team for part in group for village, team in self.plans.get(part, {}).items()}
                yield problem, Stop(gap=gap, seconds=max(self.seconds() / 4, 5.0)), self.seed, start

        return list(self.workers.solve(tasks()))

    def _terms(self, factor: float) -> Terms:
        """What parts hold and what is free, at a share of its price."""
        common, prices = self.common, self.prices
        seat = np.where(common.seat, np.ceil(prices.seat * factor), 0)
        return Terms(common, seat, np.where(common.unit, np.ceil(prices.unit * factor), 0))

    def book(self, parts: Iterable[int], results: Iterable[Result]) -> list[int]:
        """Put new teams in the place of these parts' old ones; answers the parts that lost a team to another one.

        Locked villages go first, then teams that suit the prices best, of equals the first village.
        """
        again = set(parts)
        self.common.release(again)
        claims = []
        for result in results:
            for village, team in result.teams.items():
                free = (team.unit, village) not in self.table.problem.locks.unit_village
                claims.append((free, self.loss(team.unit, village), village, team))
        self.plans |= {part: {} for part in again}
        hurt = set()
        for _, _, village, team in sorted(claims, key=lambda one: one[:3]):
            part = int(self.cut.part[self.table.place[village]])
            if self.common.take(self.table, part, team):
                self.plans[part][village] = team
            else:
                hurt.add(part)
        return sorted(hurt)

    def settle(self, hurt: list[int], gap: float, reach: Reach, rounds: int = 12) -> None:
        """Solve parts that lost a team again with what is left, until no two want the same."""
        for _ in range(rounds):
            if not hurt or self.seconds() <= 0:
                break
            hurt = self.book(hurt, self.solve([[part] for part in hurt], reach=reach, factor=1.0, gap=gap))
        for part in hurt:
            self.book([part], self.solve([[part]], reach=reach, factor=1.0, gap=gap))

    def improve(self, groups: list[list[int]], *, gap: float, reach: Reach, factor: float = 0.0) -> None:
        """Solve groups again with what they hold and what is free, two at a time; keep what is better and clashes with nothing.

        Groups of one turn may not share a part.
        """
        for first in range(0, len(groups), 2):
            if self.seconds() <= 0:
                return
            turn = groups[first : first + 2]
            results = self.solve(turn, reach=reach, factor=factor, gap=gap)
            for group, result in zip(turn, results, strict=True):
                self._swap(group, result, gap, reach, factor)

    def _swap(self, group: list[int], result: Result, gap: float, reach: Reach, factor: float) -> None:
        """Book a group's new plan; when something was taken meanwhile solve it again, and go back when that is worse."""
        before = {part: self.plans.get(part, {}) for part in group}
        old = {village: team for part in group for village, team in before[part].items()}
        for attempt in (result, None):
            new = attempt or self.solve([group], reach=reach, factor=factor, gap=gap)[0]
            if not self.book(group, [new]) and self._rank(dict(new.teams)) >= self._rank(old):
                return
            self.book(group, [Result("feasible", 0, 0.0, teams=old)])

    def _rank(self, plan: Plan) -> tuple[int, int]:
        return len(plan), total(self.table.problem, plan)
