"""A sharper proven bound: what each part solved exactly is worth at the prices of what parts share."""

from dataclasses import dataclass

import numpy as np

from zhucun.work.placement.optimiser.result import Result

from .parts import Cut
from .prices import Prices
from .sharing import Shared
from .table import Array, Table
from .teams import Teams


@dataclass
class Bound:
    """By part, in tenths: what no plan of it is worth more than, after prices of what is shared; and their sum."""

    shared: float
    parts: Array
    linear: Array
    """What the prices alone prove for each part."""

    @property
    def total(self) -> int:
        """What no plan of the area is worth more than, in whole tenths."""
        return int(np.floor(self.shared + self.parts.sum() + 1e-3))

    def sharpen(self, part: int, result: Result, reach: float) -> float:
        """Use a part's own bound, found with pairs up to `reach` tenths below the best; answers the reach that would help.

        A plan that uses any other pair is worth at least `reach` less than the prices alone prove. 0: nothing would help.
        """
        if not result.is_feasible or result.bound is None or result.objective is None:
            return 0.0
        floor = float(self.linear[part]) - reach
        self.parts[part] = min(self.parts[part], max(result.bound, floor))
        return float(self.linear[part]) - result.objective if result.bound < floor else 0.0


def bound_of_prices(table: Table, teams: Teams, cut: Cut, prices: Prices, common: Shared) -> Bound:
    """The bound of the prices, split into what is shared and what belongs to each part."""
    of_unit = np.zeros(len(table.units), dtype=np.int64)
    of_unit[teams.unit] = cut.part[teams.village]
    many, units = len(cut.parts), prices.unit * table.capacity
    parts = np.bincount(cut.part, prices.village, many)
    parts += np.bincount(of_unit, np.where(common.unit, 0, units), many)
    parts += np.bincount(common.part_of_seat, np.where(common.seat, 0, prices.seat), many)
    spread = float(prices.seat[common.seat].sum() + units[common.unit].sum())
    return Bound(spread, parts.copy(), parts)
