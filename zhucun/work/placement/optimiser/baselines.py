"""The other ways it is done, for comparison: each takes a problem and gives teams that keep every rule, villages left out or not.

All share one table of teams and one book of who is taken; locked villages come first in each, as the meeting has fixed them.
`quick_plans` need no table of teams: what the exact solver falls back on where time is short or teams are too many to list.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from .area.flow import flow
from .area.prices import LEFT_OUT
from .area.table import Array, Table, tabulate
from .area.teams import Block, Teams, enumerate_teams, possible
from .problem import Problem
from .result import Team
from .tables import Bools, Ints, Tables, legal

Plan = dict[str, Team]


@dataclass(frozen=True)
class Baseline:
    """A way to make a plan, its name and one sentence on how it goes."""

    name: str
    sentence: str
    make: Callable[[Problem], Plan]


class _Book:
    """Who is taken, which units may still lead, which villages have a team."""

    def __init__(self, problem: Problem) -> None:
        self.table: Table = tabulate(problem)
        self.teams: Teams = enumerate_teams(self.table, listed=True)
        self.free = np.ones(self.table.seats, dtype=bool)
        self.left = self.table.capacity.copy()
        self.plan: Plan = {}
        self.block = np.repeat(np.arange(len(self.teams.blocks)), [len(one.villages) for one in self.teams.blocks])
        self.best = self.teams.best(np.zeros(self.table.seats))
        locks = problem.locks
        fixed = {village for _, village in locks.unit_village | locks.person_village}
        self.locked = np.array([one in fixed for one in self.table.villages], dtype=bool)

    def pairs(self, order: Array) -> Array:
        """All pairs by ascending `order`, those of locked villages first; equals by number."""
        return np.lexsort((order, ~self.locked[self.teams.village]))

    def is_open(self, pair: int) -> bool:
        """Whether the village has no team and the unit may lead one more."""
        village, unit = int(self.teams.village[pair]), int(self.teams.unit[pair])
        return self.left[unit] > 0 and self.table.villages[village] not in self.plan

    def try_pair(self, pair: int, *, first: bool = False) -> None:
        """Give the village of an open pair the best team of free people, or the first one by list; nothing when there is none."""
        if not self.is_open(pair):
            return
        block: Block = self.teams.blocks[self.block[pair]]
        value = block.value[pair - block.first]
        seats = self.table.seat[self.teams.members[block.size][block.row : block.row + len(value)]]
        able = self.free[seats].all(axis=1) & possible(value)
        if able.any():
            row = int(able.argmax()) if first else int(np.where(able, value.astype(np.float32), -np.inf).argmax())
            self.take(pair, block, row)

    def take(self, pair: int, block: Block, row: int) -> None:
        """Write a team down and cross its people out, spouses included."""
        members = self.teams.members[block.size][block.row + row]
        leader = int(self.teams.leaders[block.size][block.row + row])
        self.free[self.table.seat[members]] = False
        for person in members.tolist():
            self.free[self.table.seat[self.table.apart.get(person, [])]] = False
        self.left[block.unit] -= 1
        people = self.table.people
        village = self.table.villages[int(self.teams.village[pair])]
        names = tuple(sorted(people[one] for one in members.tolist()))
        self.plan[village] = Team(self.table.units[block.unit], people[leader], names)

    def go_through(self, pairs: Iterable[int], *, first: bool = False) -> Plan:
        """Try pairs one after the other."""
        for pair in pairs:
            self.try_pair(pair, first=first)
        return dict(sorted(self.plan.items()))


def list_order(problem: Problem) -> Plan:
    """Village after village by id, each gets the first unit and the first people by id that the rules allow."""
    book = _Book(problem)
    order = book.teams.village.astype(np.int64) * len(book.table.units) + book.teams.unit
    return book.go_through(book.pairs(order).tolist(), first=True)


def by_rule(problem: Problem) -> Plan:
    """Units to the villages where their score is highest, pair after pair; then each the best of its people."""
    book = _Book(problem)
    rows, names, villages = problem.scores.unit_village, book.table.units, book.table.villages
    pairs = zip(book.teams.unit.tolist(), book.teams.village.tolist(), strict=True)
    score = np.array([rows[names[unit]][villages[village]] for unit, village in pairs], dtype=np.int64)
    return book.go_through(book.pairs(-score).tolist())


def greedy(problem: Problem) -> Plan:
    """Always the team that is worth most among all that are still possible."""
    book = _Book(problem)
    queue = _by_value(book)
    while queue:
        pair, block, row = queue.pop()
        seats = book.table.seat[book.teams.members[block.size][block.row + row]]
        if book.is_open(pair) and book.free[seats].all():
            book.take(pair, block, row)
    return dict(sorted(book.plan.items()))


def _by_value(book: _Book) -> list[tuple[int, Block, int]]:
    """All possible teams, the best last, those of locked villages behind all others."""
    found: list[tuple[Array, ...]] = []
    for number, block in enumerate(book.teams.blocks):
        row, team = np.nonzero(possible(block.value))
        value = block.value[row, team].astype(np.float32)
        found.append((np.full(len(row), number), row, team, value, book.locked[block.villages[row]]))
    if not found:
        return []
    at, row, team, value, locked = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((-np.arange(len(value)), value, locked))
    columns = zip(at[order].tolist(), row[order].tolist(), team[order].tolist(), strict=True)
    blocks = book.teams.blocks
    return [(blocks[block].first + village, blocks[block], one) for block, village, one in columns]


def hungarian(problem: Problem) -> Plan:
    """Units and villages matched best as if every unit had its best team each time; people are found after that."""
    book = _Book(problem)
    table, teams = book.table, book.teams
    matched = flow(teams.unit, teams.village, book.best, table.capacity, len(table.villages), LEFT_OUT).pairs
    first = book.pairs(-book.best)
    book.go_through(first[np.isin(first, matched)].tolist())
    return book.go_through(first.tolist())


BASELINES: dict[str, Baseline] = {
    "list_order": Baseline("按名单顺序", "逐村往下排，哪个单位、哪些人在名单上靠前就派谁。", list_order),
    "by_rule": Baseline(
        "只按部门对口", "经济部门到穷村、党群部门到弱村、政法部门到乱村，先定单位，再从本单位挑人。", by_rule
    ),
    "greedy": Baseline("逐村挑最好的", "每次从还能组成的工作队里挑得分最高的一支，直到挑完。", greedy),
    "hungarian": Baseline(
        "先配单位，再配人", "先让单位与村的配对总分最高，再给每一对找人，人不够的换单位。", hungarian
    ),
}
"""By key: the other ways, in the order in which a page shows them."""


Placed = list[tuple[int, int, tuple[int, ...]]]
"""A plan by position: village, unit, members ascending."""


def quick_plans(arrays: Tables) -> Iterator[Placed]:
    """Plans made village by village, whole or not: fewest choices first, highest unit scores first, by list."""
    units, villages = np.nonzero(legal(arrays.served))
    score, choices = arrays.served[units, villages], legal(arrays.served).sum(axis=0)[villages]
    free = np.array([len(pool) for pool in arrays.pools], np.int64)
    locked = np.array([not must for must in arrays.must], np.bool_)[villages]
    size = arrays.size[villages]
    for keys in (
        (units, -score, villages, choices, -size),
        (villages, units, -score),
        (units, villages),
        (units, -free[units], villages, choices),
    ):
        order = np.lexsort((*keys, locked))
        yield _Quick(arrays).go_through(villages[order].tolist(), units[order].tolist())


class _Quick:
    """Who is free and how often each unit leads, while one plan is made without listing teams."""

    def __init__(self, arrays: Tables) -> None:
        self.arrays = arrays
        self.free = np.ones(len(arrays.people), np.bool_)
        self.led = np.zeros(len(arrays.units), np.int64)
        self.scarce: Bools = np.any(legal(arrays.lead), axis=0)
        self.spouses: dict[int, list[int]] = {}
        for one, other in arrays.couples:
            self.spouses.setdefault(one, []).append(other)
            self.spouses.setdefault(other, []).append(one)

    def go_through(self, villages: list[int], units: list[int]) -> Placed:
        """Try pairs one after the other."""
        plan: Placed = []
        done = set[int]()
        for village, unit in zip(villages, units, strict=True):
            if village not in done and self.led[unit] < self.arrays.capacity[unit]:
                members = self._team(village, unit)
                if members:
                    plan.append((village, unit, tuple(sorted(members))))
                    done.add(village)
                    self._take(unit, members)
        return plan

    def _take(self, unit: int, members: list[int]) -> None:
        self.led[unit] += 1
        for one in members:
            self.free[[one, *self.spouses.get(one, ())]] = False

    def _team(self, village: int, unit: int) -> list[int]:
        """Who is locked here, a leader, then the others, those who cannot lead first; nobody when that is no team."""
        arrays, pool, must = self.arrays, self.arrays.pools[unit], self.arrays.must[village]
        able = pool[self.free[pool] & legal(arrays.fit[village, pool])]
        leads = (arrays.own[able] == unit) & legal(arrays.lead[village, able])
        if len(able) < arrays.size[village] or not set(must) <= set(able.tolist()) or not leads.any():
            return []
        rank: Ints = np.lexsort((able, -arrays.fit[village, able], self.scarce[able]))
        leaders: Ints = able[leads]
        gain = arrays.fit[village, leaders] + arrays.lead[village, leaders] + np.isin(leaders, must) * (1 << 40)
        order = [*must, int(leaders[gain.argmax()]), *able[rank].tolist()]
        return self._apart(order, int(arrays.size[village]), len(must), village, unit)

    def _apart(self, order: list[int], size: int, fixed: int, village: int, unit: int) -> list[int]:
        """The first `size` people of whom none are a couple; nobody when there are too few, or nobody among them may lead."""
        team: list[int] = []
        for one in dict.fromkeys(order):
            if len(team) < size and not set(self.spouses.get(one, ())) & set(team):
                team.append(one)
        arrays = self.arrays
        has_leader = any(arrays.own[one] == unit and legal(arrays.lead[village, one]) for one in team)
        return team if len(team) == size and set(order[:fixed]) <= set(team) and has_leader else []
