"""Villages without a team: their part solved again together with another one of the region, nearest kin first."""

from collections import Counter

from .plan import Planner

TRIES = 12
"""Other parts asked for each part with an empty village."""


def repair(planner: Planner, gap: float) -> None:
    """Fill empty villages: with what is free, then by joining the part with one other after the other."""
    for part in planner.missing():
        for group in [[part], *([part, other] for other in _kin(planner, part)[:TRIES])]:
            if part not in planner.missing() or planner.seconds() <= 0:
                break
            planner.improve([group], gap=gap, reach=float("inf"))


def _kin(planner: Planner, part: int) -> list[int]:
    """Other parts, by how many teams they have of units that may lead here as well, then by region and number."""
    table, cut = planner.table, planner.cut
    here = {int(unit) for unit in planner.teams.unit[cut.part[planner.teams.village] == part]}
    held = Counter(
        other
        for other, plan in planner.plans.items()
        for team in plan.values()
        if other != part and table.position[team.unit] in here
    )
    region = {at: int(cut.region[villages[0]]) for at, villages in enumerate(cut.parts)}
    return sorted(held, key=lambda other: (region[other] != region[part], -held[other], other))
