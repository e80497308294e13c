"""Villages without a team: their part solved again with another one that holds shared units and can best do without."""

import numpy as np

from .plan import Planner

TRIES = 16
"""Other parts asked for each part with an empty village."""
REACHES = (400.0, float("inf"))
"""Pairs so far below the best are in play: first the likely ones, then all."""


def repair(planner: Planner, gap: float) -> None:
    """Fill empty villages: with what is free, then by joining the part with one other after the other, then with two."""
    for part in planner.missing():
        kin = _kin(planner, part)[:TRIES]
        groups = [[part], *([part, one] for one in kin), *([part, *kin[at : at + 2]] for at in (0, 2) if kin[at + 1 :])]
        for reach in REACHES:
            for group in groups if reach < float("inf") else groups[:3]:
                if part not in planner.missing() or planner.seconds() <= 0:
                    break
                planner.improve([group], gap=gap, reach=reach)


def _kin(planner: Planner, part: int) -> list[int]:
    """Parts that lead teams of shared units which may serve here too: most unused capacity of its own first."""
    table, cut, common, teams = planner.table, planner.cut, planner.common, planner.teams
    here = np.zeros(len(table.units), dtype=bool)
    here[teams.unit[cut.part[teams.village] == part]] = True
    spare = np.zeros(len(cut.parts), dtype=np.int64)
    home = np.zeros(len(table.units), dtype=np.int64)
    home[teams.unit] = cut.part[teams.village]
    np.add.at(spare, home[~common.unit], table.capacity[~common.unit])
    helpers = set()
    for other, plan in planner.plans.items():
        for team in plan.values():
            unit = table.position[team.unit]
            spare[other] -= not common.unit[unit]
            if other != part and common.unit[unit] and here[unit]:
                helpers.add(other)
    region = [int(cut.region[villages[0]]) for villages in cut.parts]
    return sorted(helpers, key=lambda other: (-spare[other], region[other] != region[part], other))
