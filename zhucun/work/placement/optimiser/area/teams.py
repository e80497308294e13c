"""The best team of every unit in every village at the people's prices: all teams' values kept, one pass per price."""

from dataclasses import dataclass

import numpy as np

from . import rows as enumeration
from .table import NEVER, Array, Table

IMPOSSIBLE = float(NEVER) / 2
"""A value below this is no team at all."""
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

    def charges(self, prices: Array) -> dict[int, Array]:
        """What each team's people cost together, by team size; `prices` by seat."""
        person: Array = prices.astype(np.float32)[self.table.seat]
        return {size: person[members].sum(axis=1) for size, members in self.members.items()}

    def best(self, prices: Array) -> Array:
        """The value less prices of the best team of each pair, float32."""
        charges = self.charges(prices)
        found = np.empty(len(self.unit), dtype=np.float32)
        for block in self.blocks:
            n, teams = block.value.shape
            charge = charges[block.size][block.row : block.row + teams]
            np.max(block.value - charge, axis=1, out=found[block.first : block.first + n])
        return found

    def chosen(self, pairs: Array, prices: Array) -> list[tuple[int, int, Array, int]]:
        """The best team of each pair given: (unit, village, members, leader), by number, in the order of the pairs."""
        charges = self.charges(prices)
        firsts = np.array([block.first for block in self.blocks])
        found = []
        for pair, at in zip(pairs.tolist(), (np.searchsorted(firsts, pairs, side="right") - 1).tolist(), strict=True):
            block = self.blocks[at]
            charge = charges[block.size][block.row : block.row + block.value.shape[1]]
            team = block.row + int((block.value[pair - block.first] - charge).argmax())
            members, leader = self.members[block.size][team], int(self.leaders[block.size][team])
            found.append((block.unit, int(self.village[pair]), members, leader))
        return found

    def only(self, keep: Array) -> "Teams":
        """The same teams for some of the pairs; `keep` is a mask of pairs."""
        blocks, first = [], 0
        for block in self.blocks:
            mask = keep[block.first : block.first + len(block.villages)]
            if mask.any():
                blocks.append(Block(block.unit, block.size, block.villages[mask], block.value[mask], first, block.row))
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
    return np.maximum(value, -_LARGEST - 1).astype(np.int16)


def enumerate_teams(table: Table) -> Teams:
    """All teams of all units in all villages they may lead in; pairs without any possible team are left out."""
    blocks: list[Block] = []
    members: dict[int, list[Array]] = {}
    leaders: dict[int, list[Array]] = {}
    rows: dict[int, int] = {}
    first = 0
    for unit in range(len(table.units)):
        where, base = table.pairs(unit)
        given = enumeration.crew(table, unit)
        for size in sorted(set(table.size[where].tolist())):
            made = enumeration.rows(table, given, size)
            if not len(made.leader):
                continue
            here = np.flatnonzero(table.size[where] == size)
            value = enumeration.worth(table, given, made, where[here], base[here])
            here, value = here[(able := value.max(axis=1) > IMPOSSIBLE)], value[able]
            if not len(here):
                continue
            blocks.append(Block(unit, size, where[here], _small(value), first, rows.get(size, 0)))
            members.setdefault(size, []).append(made.members)
            leaders.setdefault(size, []).append(given.people[made.leader])
            first += len(here)
            rows[size] = rows.get(size, 0) + len(made.leader)
    return Teams(
        table,
        blocks,
        {size: np.concatenate(parts) for size, parts in members.items()},
        {size: np.concatenate(parts) for size, parts in leaders.items()},
        np.concatenate(
            [np.full(len(one.villages), one.unit, dtype=np.int32) for one in blocks] or [np.zeros(0, np.int32)]
        ),
        np.concatenate([one.villages for one in blocks] or [np.zeros(0, np.int32)]),
    )
