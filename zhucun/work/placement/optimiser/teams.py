"""Many teams side by side as arrays, and the prices of villages, units and people they are judged by."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .tables import NEVER, Bools, Ints

BITS = 20
"""Prices are whole numbers of 2^-20 tenths, so that sums of them, and with them every bound, are exact."""
ILLEGAL = (NEVER // 2) << BITS
"""What breaks a rule has a reduced value below this."""


class Unfinished(Exception):
    """Not all teams that were asked for could be looked through within the time or the effort allowed."""


@dataclass
class Deadline:
    """When listing and searching for teams stop (time.monotonic), whatever they were asked for; may be put off."""

    ends: float = float("inf")

    @property
    def is_over(self) -> bool:
        """Whether it is too late."""
        return time.monotonic() > self.ends


@dataclass(frozen=True)
class Teams:
    """N teams by position: village (N,), unit (N,), people (N, widest team, ascending, then -1), value (N,) in tenths."""

    village: Ints
    unit: Ints
    people: Ints
    value: Ints

    def __len__(self) -> int:
        return len(self.value)

    def pick(self, which: Ints | Bools) -> "Teams":
        """The teams at these places, in this order."""
        return Teams(self.village[which], self.unit[which], self.people[which], self.value[which])


def no_teams(width: int) -> Teams:
    """None at all; `width` is the size of the largest team."""
    nothing = np.zeros(0, np.int64)
    return Teams(nothing, nothing, np.zeros((0, width), np.int64), nothing)


def joined(parts: Sequence[Teams]) -> Teams:
    """All teams of the parts, in order; ValueError without a part."""
    return Teams(
        np.concatenate([one.village for one in parts]),
        np.concatenate([one.unit for one in parts]),
        np.concatenate([one.people for one in parts]),
        np.concatenate([one.value for one in parts]),
    )


def distinct(teams: Teams) -> Teams:
    """The same teams in the order of village, unit and people, each once."""
    keys = np.column_stack([teams.village, teams.unit, teams.people])
    return teams.pick(np.unique(keys, axis=0, return_index=True)[1])


def several(kind: Ints, reduced: Ints, count: int) -> Bools:
    """(N,) whether a team is among the `count` highest of its kind; equals in the order they come."""
    order = np.lexsort((-reduced, kind))
    ordered = kind[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, np.int64)
    rank = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
    which = np.zeros(len(kind), np.bool_)
    which[order[rank < count]] = True
    return which


@dataclass(frozen=True)
class Cuts:
    """C true statements about whole teams that the linear programme does not see by itself.

    Each names some rows that can be used once (people, couples); a team that uses `divisor` of them counts once, twice
    that many twice, and so on; no plan counts more than `limit` times. (Five people make one team of three, not 5/3.)
    """

    weight: Ints  # (C, P + 1) how many of the named rows a person uses; nobody, the last, uses none
    divisor: Ints  # (C,)
    limit: Ints  # (C,)

    def __len__(self) -> int:
        return len(self.limit)

    def counts(self, people: Ints, which: Ints | None = None) -> Ints:
        """(C, N): how often each of the cuts, or of those `which`, counts teams of these people (N, size)."""
        chosen = np.arange(len(self)) if which is None else which
        counts = [self.weight[cut][people].sum(axis=1) // self.divisor[cut] for cut in chosen.tolist()]
        return np.array(counts, np.int64).reshape(len(chosen), len(people))


def no_cuts(people: int) -> Cuts:
    """No cuts over this many people."""
    nothing = np.zeros(0, np.int64)
    return Cuts(np.zeros((0, people + 1), np.int64), nothing, nothing)


def both(some: Cuts, others: Cuts) -> Cuts:
    """The cuts of both, in order."""
    pairs = ((getattr(some, name), getattr(others, name)) for name in ("weight", "divisor", "limit"))
    return Cuts(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class Prices:
    """What one team in a village (V,), of a unit (U + 1,), with a person (P + 1,) and under a cut (C,) costs.

    Amounts are in 2^-BITS tenths; the last unit is “no team at all”, the last person nobody. `total` is what all that
    is there to be had costs together: with no team worth more than its prices, no plan is worth more than the total.
    """

    village: Ints
    unit: Ints
    person: Ints
    cut: Ints
    cuts: Cuts
    total: int

    def of_people(self, sets: Ints, pool: Ints) -> Ints:
        """(K,) what the people of each set (K, size), all from the pool, cost with the cuts they fall under."""
        active = (self.cut > 0) & (self.cuts.weight[:, pool].sum(axis=1) >= self.cuts.divisor)
        which = np.flatnonzero(active)
        cost: Ints = self.person[sets].sum(axis=1) + self.cut[which] @ self.cuts.counts(sets, which)
        return cost

    def reduced(self, teams: Teams) -> Ints:
        """(N,) the teams' values less their prices."""
        people = self.person[teams.people].sum(axis=1) + self.cut @ self.cuts.counts(teams.people)
        reduced: Ints = (teams.value << BITS) - self.village[teams.village] - self.unit[teams.unit] - people
        return reduced


def free(villages: int, units: int, people: int) -> Prices:
    """Prices at which everything is free."""
    nothing = np.zeros(0, np.int64)
    village, unit, person = (np.zeros(n, np.int64) for n in (villages, units + 1, people + 1))
    return Prices(village, unit, person, nothing, no_cuts(people), 0)
