"""Every legal team of an instance: listed outright where that is possible, searched for where there are too many."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations
from math import comb

import numpy as np

from .deep import Deep
from .tables import NEVER, Bools, Ints, Tables, legal
from .teams import BITS, Deadline, Prices, Teams, Unfinished, distinct, free, joined, no_teams, several

PAIR_LIMIT, TOTAL_LIMIT = 200_000, 6_000_000
"""Teams listed outright for one unit and team size, and the numbers that all lists together take, about."""
TIED = 4
"""Where more than this many times the teams asked for are equally good, only so many are given."""


@dataclass(frozen=True)
class Listed:
    """All teams of one unit and size: K sets of people for each of W villages."""

    unit: int
    villages: Ints  # (W,)
    pool: Ints  # who is in some set
    sets: Ints  # (K, size)
    values: Ints  # (W, K) in tenths, NEVER where a rule forbids

    def reduced(self, prices: Prices) -> Ints:
        """(W, K): value less prices, in 2^-BITS tenths."""
        cost = prices.of_people(self.sets, self.pool) + prices.unit[self.unit]
        reduced: Ints = (self.values << BITS) - cost - prices.village[self.villages][:, None]
        return reduced

    def best(self, prices: Prices) -> Ints:
        """(W,) the highest reduced value in each village."""
        highest: Ints = self.reduced(prices).max(axis=1)
        return highest

    at_most = best

    def above(
        self, prices: Prices, floor: int, keep: int | None, width: int, most: int | None = None
    ) -> tuple[Teams, Ints, bool]:
        """The teams whose reduced value is above the floor, at most about the `keep` best a village, these values, and True.

        With more than `most` of them the rest is left away.
        """
        reduced = self.reduced(prices)
        if keep is not None and keep < reduced.shape[1]:
            floors = np.partition(reduced, -keep, axis=1)[:, -keep]
            which = reduced >= np.maximum(floors, floor + 1)[:, None]  # more than `keep` where several are equal
            self._thin(which, reduced, floors, keep)
        else:
            which = reduced > floor
        which &= legal(self.values)
        row, column = np.divmod(np.flatnonzero(which)[: None if most is None else most + 1], which.shape[1])
        people = np.full((len(row), width), -1, np.int64)
        people[:, : self.sets.shape[1]] = self.sets[column]
        unit = np.full(len(row), self.unit, np.int64)
        return Teams(self.villages[row], unit, people, self.values[row, column]), reduced[row, column], True

    def _thin(self, which: Bools, reduced: Ints, floors: Ints, keep: int) -> None:
        """Of very many equally good teams of a village only some are left, of each village others."""
        for row in np.flatnonzero(which.sum(axis=1) > TIED * keep).tolist():
            equal = np.flatnonzero(which[row] & (reduced[row] == floors[row]))
            order = np.argsort((equal + 7919 * self.villages[row]) * 2_654_435_761 % 2**32, kind="stable")
            which[row, equal[order[(TIED - 1) * keep :]]] = False


def team_values(tables: Tables, unit: int, villages: Ints, sets: Ints) -> Ints:
    """(W, K): what each set of people is worth in each village under the unit, NEVER where a rule forbids it."""
    stranger = tables.joint_penalty * (tables.own[sets] != unit).sum(axis=1)
    values = tables.served[unit, villages][:, None] - stranger
    fit, lead = tables.fit[villages], np.where(tables.own == unit, tables.lead[villages], NEVER)
    values = values + sum(fit[:, people] for people in sets.T)
    leader = np.full_like(values, NEVER)
    for people in sets.T:
        np.maximum(leader, lead[:, people], out=leader)
    values += leader
    counts = np.minimum(tables.points[sets].sum(axis=1), tables.worth.shape[2] - 1)  # (K, S)
    for skill in np.flatnonzero(counts.any(axis=0)):
        values += tables.worth[villages, skill][:, counts[:, skill]]
    for row, village in enumerate(villages):
        for person in tables.must[village]:
            values[row, ~(sets == person).any(axis=1)] = NEVER
    return np.where(legal(values), values, NEVER)


@lru_cache(maxsize=64)
def _choices(n: int, size: int) -> Ints:
    """(C(n, size), size): all ways to choose from range(n), in lexical order."""
    flat = np.fromiter(chain.from_iterable(combinations(range(n), size)), np.int64, comb(n, size) * size)
    return flat.reshape(-1, size)


def _sets(tables: Tables, unit: int, pool: Ints, size: int) -> Ints:
    """(K, size): the sets of people from the pool with somebody of the unit who may lead and no couple."""
    sets: Ints = pool[_choices(len(pool), size)]
    leads = (tables.own == unit) & legal(tables.lead).any(axis=0)
    keep = leads[sets].any(axis=1)
    inside = set(pool.tolist())
    for one, other in tables.couples:
        if one in inside and other in inside:
            keep &= ~((sets == one).any(axis=1) & (sets == other).any(axis=1))
    chosen: Ints = sets[keep]
    return chosen


@dataclass(frozen=True)
class _Source:
    """The teams of one size that a unit can send, and how many cells listing them takes."""

    unit: int
    villages: Ints
    pool: Ints
    size: int

    @property
    def cells(self) -> int:
        return comb(len(self.pool), self.size) * (len(self.villages) + self.size)


def _sources(tables: Tables) -> Iterator[_Source]:
    for unit, pool in enumerate(tables.pools):
        served = legal(tables.served[unit])
        for size in np.unique(tables.size[served]).tolist():
            villages = np.flatnonzero(served & (tables.size == size))
            usable = pool[legal(tables.fit[np.ix_(villages, pool)]).any(axis=0)]
            if 0 < size <= len(usable):
                yield _Source(unit, villages, usable, size)


class Columns:
    """All legal teams of an instance, asked for by price; `width` is the size of the largest."""

    def __init__(self, tables: Tables, pair_limit: int | None = None, deadline: Deadline | None = None) -> None:
        self.tables, self.deadline = tables, deadline or Deadline()
        self.parts: list[Listed | Deep] = []
        room, most = TOTAL_LIMIT, PAIR_LIMIT if pair_limit is None else pair_limit
        sources = sorted(_sources(tables), key=lambda one: (one.cells, one.unit, one.size))
        self.width = max((one.size for one in sources), default=0)
        for source in sources:
            room -= source.cells
            if room < 0 or comb(len(source.pool), source.size) > most or self.deadline.is_over:
                part = Deep(tables, source.unit, source.villages, source.pool, source.size, self.deadline)
                self.parts.append(part)
                continue
            sets = _sets(tables, source.unit, source.pool, source.size)
            if len(sets):
                values = team_values(tables, source.unit, source.villages, sets)
                self.parts.append(Listed(source.unit, source.villages, source.pool, sets, values))

    def best(self, prices: Prices) -> Ints:
        """(V,) the highest reduced value of any team in each village, in 2^-BITS tenths; NEVER << BITS without one.

        It is more where there was no time to find it exactly.
        """
        best = np.full(len(self.tables.villages), NEVER << BITS, np.int64)
        for part in self.parts:
            best[part.villages] = np.maximum(best[part.villages], part.best(prices))
        return best

    def at_most(self) -> Ints:
        """(V,) what no team in each village is worth more than, in tenths, found quickly; below NEVER // 2 without one."""
        arrays = self.tables
        nothing = free(len(arrays.villages), len(arrays.units), len(arrays.people))
        most = np.full(len(arrays.villages), NEVER << BITS, np.int64)
        for part in self.parts:
            most[part.villages] = np.maximum(most[part.villages], part.at_most(nothing))
        return most >> BITS

    def any_in(self, village: int) -> bool:
        """Whether some team can go to the village."""
        arrays = self.tables
        return bool(
            legal(self.best(free(len(arrays.villages), len(arrays.units), len(arrays.people))) >> BITS)[village]
        )

    def above(self, prices: Prices, floor: int, limit: int) -> Teams | None:
        """All teams whose reduced value is above the floor; None when there are more than the limit; Unfinished."""
        found: list[Teams] = [no_teams(self.width)]
        room = limit
        for part in self.parts:
            teams, _, is_all = part.above(
                prices, floor, None if isinstance(part, Listed) else room + 1, self.width, room
            )
            room -= len(teams)
            if room < 0:
                return None
            if not is_all:
                raise Unfinished
            found.append(teams)
        return distinct(joined(found))

    def best_above(self, prices: Prices, floor: int, a_village: int, a_unit: int = 0) -> Teams:
        """Of the teams whose reduced value is above the floor, the best few of each village and of each unit."""
        keep = max(a_village, a_unit)
        found = [part.above(prices, floor, keep, self.width) for part in self.parts]
        if not found:
            return no_teams(self.width)
        teams, reduced = joined([one[0] for one in found]), np.concatenate([one[1] for one in found])
        which = several(teams.village, reduced, a_village) | several(teams.unit, reduced, a_unit)
        return distinct(teams.pick(which))
