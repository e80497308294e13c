"""Teams from a pool too large to list: branch and bound over sets of people, whole layers at a time."""

from dataclasses import dataclass, field

import numpy as np

from .tables import NEVER, Bools, Ints, Tables, legal
from .teams import BITS, ILLEGAL, Deadline, Prices, Teams

CHUNK = 2_000
"""Part teams looked at together: large enough for NumPy, small enough that good teams raise the floor early."""
CELLS = 8_000_000
"""Numbers kept in one search at most, about; wide teams from large pools are looked at fewer together."""
EFFORT = 60_000_000
"""Part teams and one more person, looked at in one search at most: some seconds. What is not looked at has a bound."""


@dataclass(frozen=True)
class _Pool:
    """n people of one unit's pool for one village, the most promising first; amounts in 2^-BITS tenths."""

    people: Ints  # (n,)
    alone: Ints  # (n,) score less price, without skills
    lead: Ints  # (n,) as leader
    points: Ints  # (n, S)
    worth: Ints  # (S, C + 1)
    upper: Ints  # (n + 1, size + 1): the most that r people from place j on can add
    later_lead: Ints  # (n + 1,): the best leader from place j on
    couples: tuple[tuple[int, int], ...]
    concave: bool


@dataclass(frozen=True)
class _Parts:
    """N part teams of d people."""

    places: Ints  # (N, d) ascending
    value: Ints  # (N,) without the leader
    lead: Ints  # (N,) the best leader so far
    counts: Ints  # (N, S) skill points, cut at the longest tier
    upper: Ints  # (N,) no whole team from here has a higher reduced value

    def pick(self, which: Ints | Bools) -> "_Parts":
        return _Parts(self.places[which], self.value[which], self.lead[which], self.counts[which], self.upper[which])


@dataclass(frozen=True)
class Deep:
    """All teams of one unit and size in some villages (W,), found on demand."""

    tables: Tables
    unit: int
    villages: Ints
    people: Ints
    size: int
    deadline: Deadline = field(default_factory=Deadline)

    def best(self, prices: Prices) -> Ints:
        """(W,) the highest reduced value in each village, or more where the search was not finished."""
        return np.array([self._best(village, prices) for village in self.villages.tolist()], np.int64)

    def _best(self, village: int, prices: Prices) -> int:
        _, values, rest = self._search(village, prices, ILLEGAL, 1)
        return max(int(values.max(initial=NEVER << BITS)), rest)

    def at_most(self, prices: Prices) -> Ints:
        """(W,) what the reduced values in each village are not above, without any search."""
        starts = (self._start(self._pool(one, prices), one, prices) for one in self.villages.tolist())
        return np.array([max((int(one.upper[0]) for one in start), default=NEVER << BITS) for start in starts])

    def above(
        self, prices: Prices, floor: int, keep: int | None, width: int, most: int | None = None
    ) -> tuple[Teams, Ints, bool]:
        """The teams whose reduced value is above the floor, at most the `keep` best a village, these values, and whether that is all.

        With more than `most` of them the rest is not looked for.
        """
        sets, reduced, villages = [], [], []
        room, is_all = float("inf") if most is None else most, True
        for village in self.villages.tolist():
            if room < 0:
                break
            found, values, rest = self._search(village, prices, max(floor, ILLEGAL), keep)
            room, is_all = room - len(found), is_all and rest <= max(floor, ILLEGAL)
            sets.append(found)
            reduced.append(values)
            villages.append(np.full(len(found), village, np.int64))
        chosen, amounts, village = np.concatenate(sets), np.concatenate(reduced), np.concatenate(villages)
        cost = prices.village[village] + prices.unit[self.unit] + prices.of_people(chosen, self.people)
        people = np.full((len(chosen), width), -1, np.int64)
        people[:, : self.size] = chosen
        unit = np.full(len(chosen), self.unit, np.int64)
        return Teams(village, unit, people, (amounts + cost) >> BITS), amounts, is_all

    def _search(self, village: int, prices: Prices, floor: int, keep: int | None) -> tuple[Ints, Ints, int]:
        """(M, size) people ascending, (M,) reduced values, the highest first, and what no team not looked at is above."""
        pool, effort = self._pool(village, prices), EFFORT
        chunk = min(max(CELLS // (len(pool.people) * self.size * (self.size + 8) // 2 + 1), 1), CHUNK)
        sets, values = np.zeros((0, self.size), np.int64), np.zeros(0, np.int64)
        stack = self._start(pool, village, prices)
        while stack:
            if effort < 0 or self.deadline.is_over:
                break
            parts = stack.pop()
            parts = parts.pick(parts.upper > floor)
            if parts.places.shape[1] < self.size:
                effort -= len(parts.value) * len(pool.people)
                stack.extend(_layers(_grown(pool, parts, self.size, floor), chunk))
                continue
            reduced = parts.upper - self._cut_costs(prices, pool.people[parts.places])
            whole = reduced > floor
            sets, values = np.concatenate([sets, parts.places[whole]]), np.concatenate([values, reduced[whole]])
            order = np.argsort(-values, kind="stable")[:keep]
            sets, values = sets[order], values[order]
            if keep is not None and len(values) == keep:
                floor = max(floor, int(values[-1]))
        rest = max((int(parts.upper.max(initial=NEVER << BITS)) for parts in stack), default=NEVER << BITS)
        return np.sort(pool.people[sets], axis=1), values, rest if rest > floor else NEVER << BITS

    def _cut_costs(self, prices: Prices, sets: Ints) -> Ints:
        """(N,) what falls to whole teams only, and so is left out of the bounds of part teams."""
        alone: Ints = prices.person[sets].sum(axis=1)
        return prices.of_people(sets, self.people) - alone

    def _pool(self, village: int, prices: Prices) -> _Pool:
        tables, people = self.tables, self.people[legal(self.tables.fit[village, self.people])]
        stranger = tables.joint_penalty * (tables.own[people] != self.unit)
        alone = ((tables.fit[village, people] - stranger) << BITS) - prices.person[people]
        worth = tables.worth[village] << BITS
        gain = alone + _most(worth, tables.points[people])
        first = np.isin(people, tables.must[village])
        order = np.lexsort((people, -gain, ~first))
        people, gain = people[order], gain[order]
        lead = np.where(tables.own[people] == self.unit, tables.lead[village, people], NEVER)
        later = np.r_[np.maximum.accumulate(lead[::-1])[::-1], NEVER] << BITS
        at = {person: n for n, person in enumerate(people.tolist())}
        couples = tuple((at[one], at[other]) for one, other in tables.couples if one in at and other in at)
        concave = bool((np.diff(worth, 2) <= 0).all() and (np.diff(worth) >= 0).all())
        upper = _prefixes(gain, self.size)
        return _Pool(people, alone[order], lead << BITS, tables.points[people], worth, upper, later, couples, concave)

    def _start(self, pool: _Pool, village: int, prices: Prices) -> list[_Parts]:
        """The team of those locked to the village alone; nothing when they cannot all be in it."""
        tables, n = self.tables, len(self.tables.must[village])
        if not legal(tables.served[self.unit, village]) or n > self.size:
            return []
        if set(pool.people[:n].tolist()) != set(tables.must[village]):
            return []
        if any(one < n and other < n for one, other in pool.couples):
            return []
        counts = np.minimum(pool.points[:n].sum(axis=0), pool.worth.shape[1] - 1)
        value = (int(tables.served[self.unit, village]) << BITS) - int(prices.unit[self.unit] + prices.village[village])
        value += int(pool.alone[:n].sum()) + int(pool.worth[np.arange(len(counts)), counts].sum())
        lead = int(pool.lead[:n].max(initial=NEVER << BITS))
        most = value + int(pool.upper[n, self.size - n]) + max(lead, int(pool.later_lead[n]) if n < self.size else lead)
        places, amount = np.arange(n)[None, :], np.array([value])
        return [_Parts(places, amount, np.array([lead]), counts[None, :], np.array([most]))]


def _most(worth: Ints, points: Ints) -> Ints:
    """(n,) the most a person's skill points (n, S) can add to any team."""
    longest = worth.shape[1] - 1
    have = np.arange(longest + 1)
    most = np.zeros(len(points), np.int64)
    for skill, row in enumerate(worth):
        gains = row[np.minimum(have[None, :] + have[:, None], longest)] - row[None, :]  # [points added, points there]
        most += gains.max(axis=1)[points[:, skill]]
    return most


def _prefixes(gain: Ints, size: int) -> Ints:
    """(n + 1, size + 1) sums of the r highest gains from place j on; gains fall, but for those locked to the village, who come first."""
    n = len(gain)
    sums = np.r_[0, np.cumsum(gain)]
    start, count = np.arange(n + 1)[:, None], np.arange(size + 1)[None, :]
    upper: Ints = sums[np.minimum(start + count, n)] - sums[start]
    upper[start + count > n] = NEVER << BITS
    return upper


def _grown(pool: _Pool, parts: _Parts, size: int, floor: int) -> _Parts:
    """All part teams with one more person behind the last that may still come to more than the floor."""
    n, longest = len(pool.people), pool.worth.shape[1] - 1
    left = size - parts.places.shape[1] - 1
    last = parts.places[:, -1:] if parts.places.shape[1] else np.full((len(parts.value), 1), -1)
    adds = np.repeat(pool.alone[None, :], len(parts.value), axis=0)  # (N, n)
    for skill in np.flatnonzero(pool.points.any(axis=0)):
        there = parts.counts[:, skill]
        row, more = pool.worth[skill], np.minimum(there[:, None] + pool.points[None, :, skill], longest)
        adds += row[more] - row[there][:, None]
    adds[np.arange(n)[None, :] <= last] = NEVER << BITS
    lead = np.maximum(parts.lead[:, None], pool.lead[None, :])
    most_lead = np.maximum(lead, pool.later_lead[None, 1:]) if left else lead
    rest = np.repeat(pool.upper[None, 1:, left], len(parts.value), axis=0)
    if pool.concave and 0 < left <= n:
        rest = np.minimum(
            rest, np.sort(np.partition(adds, n - left, axis=1)[:, n - left :]).clip(NEVER << BITS).sum(axis=1)[:, None]
        )
    upper = parts.value[:, None] + adds + most_lead + rest
    for one, other in pool.couples:
        one, other = min(one, other), max(one, other)
        upper[(parts.places == one).any(axis=1), other] = NEVER << BITS
    row, place = np.nonzero(upper > floor)
    counts = np.minimum(parts.counts[row] + pool.points[place], longest)
    places = np.column_stack([parts.places[row], place])
    return _Parts(places, parts.value[row] + adds[row, place], lead[row, place], counts, upper[row, place])


def _layers(parts: _Parts, chunk: int) -> list[_Parts]:
    """The part teams in chunks, the most promising last, where the search goes on."""
    order = np.argsort(-parts.upper, kind="stable")
    return [parts.pick(order[start : start + chunk]) for start in range(0, len(order), chunk)][::-1]
