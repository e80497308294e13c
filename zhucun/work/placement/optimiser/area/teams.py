"""The best team of every unit in every village at the people's prices: all teams' values kept, one pass per price."""

from dataclasses import dataclass, replace
from math import comb

import numpy as np

from . import rows as enumeration
from .table import NEVER, Array, Table

IMPOSSIBLE = float(NEVER) / 2
"""A value below this is no team at all."""
MOST_VALUES = 6_000_000
"""Values kept for one unit and team size: teams times villages. Above this they are not listed."""
_LARGEST = 25_000


@dataclass(frozen=True)
class Block:
    """A unit's teams of one size in the villages of that size: pairs `first`, `first + 1`, … one for each village."""

    unit: int
    size: int
    villages: Array
    value: Array
    """[village, team], tenths of a point; int16 where it fits, half the memory of float32."""
    first: int
    row: int
    """Number of the first team among all teams of its size."""
    crew: Array | None = None
    """Set where there are too many teams to list: then `value` is [village, person of the crew], what each adds alone."""
    lead: Array | None = None
    """With `crew`: by village, the unit's score and the most a leader adds."""

    def some(self, mask: Array, first: int) -> "Block":
        """The same block for some of its villages, numbered from `first`."""
        lead = None if self.lead is None else self.lead[mask]
        return replace(self, villages=self.villages[mask], value=self.value[mask], first=first, lead=lead)

    def best(self, charges: dict[int, Array], person: Array) -> Array:
        """The value less charges of the best team by village; of unlisted teams more than any of them is worth."""
        if self.crew is None or self.lead is None:
            return np.asarray((self.value - self.charge(charges)).max(axis=1))
        alone = self.value - person[self.crew]
        return np.asarray(np.partition(alone, -self.size, axis=1)[:, -self.size :].sum(axis=1) + self.lead)

    def charge(self, charges: dict[int, Array]) -> Array:
        """What the people of each listed team cost."""
        return charges[self.size][self.row : self.row + self.value.shape[1]]


@dataclass
class Teams:
    """All blocks of an area; a pair is one (unit, village), numbered through the blocks."""

    table: Table
    blocks: list[Block]
    members: dict[int, Array]
    """[team, size] by size: people by number."""
    leaders: dict[int, Array]
    unit: Array
    """Unit of each pair."""
    village: Array
    """Village of each pair."""

    def charges(self, prices: Array) -> tuple[dict[int, Array], Array]:
        """What each listed team's people cost together, by team size, and what each person costs; `prices` by seat."""
        person: Array = prices.astype(np.float32)[self.table.seat]
        return {size: person[members].sum(axis=1) for size, members in self.members.items()}, person

    def best(self, prices: Array) -> Array:
        """The value less prices of the best team of each pair, float32; never below the true one."""
        charges, person = self.charges(prices)
        found = np.empty(len(self.unit), dtype=np.float32)
        for block in self.blocks:
            found[block.first : block.first + len(block.villages)] = block.best(charges, person)
        return found

    def people(self, pairs: Array, prices: Array) -> Array:
        """The members of the best teams of the pairs given, one after the other, by number."""
        charges, person = self.charges(prices)
        firsts = np.array([block.first for block in self.blocks])
        found = [np.zeros(0, dtype=np.int32)]
        for pair, at in zip(pairs.tolist(), (np.searchsorted(firsts, pairs, side="right") - 1).tolist(), strict=True):
            block = self.blocks[at]
            value = block.value[pair - block.first]
            if block.crew is None:
                found.append(self.members[block.size][block.row + int((value - block.charge(charges)).argmax())])
            else:
                found.append(block.crew[np.argsort(person[block.crew] - value, kind="stable")[: block.size]])
        return np.concatenate(found)

    def only(self, keep: Array) -> "Teams":
        """The same teams for some of the pairs; `keep` is a mask of pairs."""
        blocks, first = [], 0
        for block in self.blocks:
            mask = keep[block.first : block.first + len(block.villages)]
            if mask.any():
                blocks.append(block.some(mask, first))
                first += len(blocks[-1].villages)
        return Teams(self.table, blocks, self.members, self.leaders, self.unit[keep], self.village[keep])


def possible(value: Array) -> Array:
    """Which entries of a block's values are teams that keep the rules."""
    able: Array = value > (-_LARGEST if value.dtype == np.int16 else IMPOSSIBLE)
    return able


def _small(value: Array) -> Array:
    """The same values in half the memory, where they fit."""
    able = value[value > IMPOSSIBLE]
    if able.max() > _LARGEST or able.min() <= -_LARGEST:
        return value
    small: Array = np.maximum(value, -_LARGEST - 1).astype(np.int16)
    return small


def enumerate_teams(table: Table, *, listed: bool = False) -> Teams:
    """All teams of all units in all villages they may lead in; pairs without any possible team are left out.

    Where a unit has too many teams they are not listed but judged by an upper bound, or with `listed` only the teams of
    its more useful people are listed.
    """
    blocks: list[Block] = []
    members: dict[int, list[Array]] = {}
    leaders: dict[int, list[Array]] = {}
    rows: dict[int, int] = {}
    first = 0
    for unit in range(len(table.units)):
        where, base = table.pairs(unit)
        whole = enumeration.crew(table, unit)
        for size in sorted(set(table.size[where].tolist())):
            here = np.flatnonzero(table.size[where] == size)
            most = MOST_VALUES // len(here)
            given = enumeration.trimmed(table, whole, size, most) if listed else whole
            if comb(len(given.people), size) > most:
                block = _loose(table, given, size, where[here], base[here], first)
            else:
                made = enumeration.rows(table, given, size)
                block = _block(table, given, made, where[here], base[here], first, rows.get(size, 0))
                if block is not None:
                    members.setdefault(size, []).append(made.members)
                    leaders.setdefault(size, []).append(given.people[made.leader])
                    rows[size] = rows.get(size, 0) + len(made.leader)
            if block is not None:
                blocks.append(block)
                first += len(block.villages)
    counts = [len(one.villages) for one in blocks]
    return Teams(
        table,
        blocks,
        {size: np.concatenate(parts) for size, parts in members.items()},
        {size: np.concatenate(parts) for size, parts in leaders.items()},
        np.repeat(np.array([one.unit for one in blocks], dtype=np.int32), counts),
        np.concatenate([one.villages for one in blocks] or [np.zeros(0, np.int32)]),
    )


def _block(
    table: Table, given: enumeration.Crew, made: enumeration.Rows, villages: Array, base: Array, first: int, row: int
) -> Block | None:
    """The listed teams, for the villages where one of them is possible."""
    if not len(made.leader):
        return None
    value = enumeration.worth(table, given, made, villages, base)
    able = value.max(axis=1) > IMPOSSIBLE
    size = made.members.shape[1]
    return Block(given.unit, size, villages[able], _small(value[able]), first, row) if able.any() else None


def _loose(table: Table, given: enumeration.Crew, size: int, villages: Array, base: Array, first: int) -> Block | None:
    """What each of many people adds alone; skills are worth no more together than one by one."""
    value, lead = enumeration.alone(table, given, villages, base)
    able = (lead > IMPOSSIBLE) & (np.partition(value, -size, axis=1)[:, -size] > IMPOSSIBLE)
    if not able.any():
        return None
    return Block(given.unit, size, villages[able], value[able], first, 0, given.people, lead[able])
