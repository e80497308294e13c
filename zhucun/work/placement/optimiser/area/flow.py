"""Units × villages as one min-cost flow: each village gets one unit, each unit leads at most its capacity."""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from .table import Array

FINE = 16
"""Parts of a tenth that the flow counts in; values are rounded up to them, so that its total stays a bound."""


@dataclass(frozen=True)
class Flow:
    """`pairs` that are used (by number, one a village at most) and the total in tenths, never below the true best."""

    total: float
    pairs: Array


def flow(unit: Array, village: Array, value: Array, capacity: Array, villages: int, left_out: float) -> Flow:
    """The best use of pairs (`unit`, `village`) worth `value`; leaving a village out costs `left_out` tenths."""
    units = len(capacity)
    network = min_cost_flow.SimpleMinCostFlow()
    cost = -np.ceil(value.astype(np.float64) * FINE).astype(np.int64)
    ones, source = np.ones(len(cost), dtype=np.int64), villages + units
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        unit.astype(np.int64) + villages, village.astype(np.int64), ones, cost
    )
    every = np.arange(units, dtype=np.int64)
    network.add_arcs_with_capacity_and_unit_cost(np.full(units, source), every + villages, capacity, 0 * every)
    every = np.arange(villages, dtype=np.int64)
    penalty = np.full(villages, int(left_out * FINE), dtype=np.int64)
    network.add_arcs_with_capacity_and_unit_cost(np.full(villages, source), every, np.ones_like(every), penalty)
    network.set_nodes_supplies(every, -np.ones_like(every))
    network.set_node_supply(source, villages)
    if network.solve() != network.OPTIMAL:
        raise ArithmeticError("最小费用流没有求解成功。")
    return Flow(-network.optimal_cost() / FINE, np.flatnonzero(network.flows(arcs) > 0))


def potentials(unit: Array, village: Array, value: Array, used: Array, capacity: Array, villages: int) -> Array:
    """Prices of units that go with a best flow, by relaxation along its alternating paths; never negative.

    `unit` must be ascending. Small rounding is left in them: who needs a bound takes each village's best after prices.
    """
    price, worth = np.zeros(len(capacity)), np.zeros(villages)
    first = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]]) if len(unit) else np.zeros(0, dtype=np.intp)
    value = value.astype(np.float64)
    for _ in range(200):
        worth[village[used]] = value[used] - price[unit[used]]
        over = np.maximum.reduceat(value - worth[village], first) if len(first) else np.zeros(0)
        raised = np.maximum(price[unit[first]], over)
        if not len(first) or (raised - price[unit[first]]).max() < 0.5:
            break
        price[unit[first]] = raised
    return price
