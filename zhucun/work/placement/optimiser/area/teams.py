"""The best team of every unit in every village at the people's prices: all teams' values kept, one pass per price."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from . import rows as enumeration
from .table import NEVER, Array, Table

IMPOSSIBLE = float(NEVER) / 2
"""A value below this is no team at all."""


@dataclass(frozen=True)
class Block:
    """A unit's teams of one size in the villages of that size: pairs `first`, `first + 1`, … one for each village."""

    unit: int
    villages: Array
    value: Array
    """[village, team], tenths of a point."""
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
        person = prices.astype(np.float32)[self.table.seat]
        return {size: person[members].sum(axis=1) for size, members in self.members.items()}

    def best(self, prices: Array) -> Array:
        """The value less prices of the best team of each pair, float32."""
        charges = self.charges(prices)
        found = np.empty(len(self.unit), dtype=np.float32)
        for block in self.blocks:
            n, teams = block.value.shape
            charge = charges[self.size_of(block)][block.row : block.row + teams]
            np.max(block.value - charge, axis=1, out=found[block.first : block.first + n])
        return found

    def size_of(self, block: Block) -> int:
        """People in a team of this block."""
        return int(self.table.size[block.villages[0]])

    def near(self, prices: Array, least: Array) -> Iterator[tuple[Block, Array, Array, Array]]:
        """Block by block: (block, village index, team index, value less prices) of all teams that reach `least` of their pair."""
        charges = self.charges(prices)
        for block in self.blocks:
            n, teams = block.value.shape
            charge = charges[self.size_of(block)][block.row : block.row + teams]
            floor = least[block.first : block.first + n]
            wanted = np.flatnonzero(floor < np.inf)
            if len(wanted):
                value = block.value[wanted] - charge
                at, team = np.nonzero(value >= np.maximum(floor[wanted], IMPOSSIBLE)[:, None])
                yield block, wanted[at], team, value[at, team]

    def only(self, keep: Array) -> "Teams":
        """The same teams for some of the pairs; `keep` is a mask of pairs."""
        blocks, first = [], 0
        for block in self.blocks:
            mask = keep[block.first : block.first + len(block.villages)]
            if mask.any():
                blocks.append(Block(block.unit, block.villages[mask], block.value[mask], first, block.row))
                first += len(blocks[-1].villages)
        return Teams(self.table, blocks, self.members, self.leaders, self.unit[keep], self.village[keep])


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
            blocks.append(Block(unit, where[here], value, first, rows.get(size, 0)))
            members.setdefault(size, []).append(made.members)
            leaders.setdefault(size, []).append(given.people[made.leader])
            first += len(here)
            rows[size] = rows.get(size, 0) + len(made.leader)
    return Teams(
        table,
        blocks,
        {size: np.concatenate(parts) for size, parts in members.items()},
        {size: np.concatenate(parts) for size, parts in leaders.items()},
        np.concatenate([np.full(len(one.villages), one.unit, dtype=np.int32) for one in blocks] or [np.zeros(0, np.int32)]),
        np.concatenate([one.villages for one in blocks] or [np.zeros(0, np.int32)]),
    )
