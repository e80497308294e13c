"""The choice among teams as a linear and a mixed-integer programme in HiGHS: one row a village, unit, person or couple."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from .tables import Ints, Tables
from .teams import BITS, Cuts, Prices, Teams, both, joined, no_cuts, no_teams

Floats = NDArray[np.float64]

LEAN = {"mip_allow_restart": False, "mip_pool_soft_limit": 500, "mip_pool_age_limit": 5, "mip_lp_age_limit": 3}
"""The programmes are small and come with their own cuts: restarts and a large pool of cuts took half of the time."""
NO_GUESSING = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
"""With a good plan at hand the search for better ones by guessing took half of the time of the proof."""


@dataclass(frozen=True)
class Empties:
    """Up to `count` villages may go without a team, each at a value of `value` tenths; `least` is what a whole plan has."""

    count: int
    value: int
    least: int


@dataclass(frozen=True)
class Rows:
    """R rows: villages, units, the villages without a team, then couples and people who are in none."""

    villages: int
    units: int
    lower: Floats  # (R,)
    upper: Floats  # (R,)
    of_person: Ints  # (P + 1, most couples of one person or 1): rows of a person, padded with -1; the last is nobody's


def rows(tables: Tables, empties: Empties) -> Rows:
    """The rows of an instance. A couple's row makes the rows of its two people needless."""
    villages, units = len(tables.villages), len(tables.units)
    mine: dict[int, list[int]] = defaultdict(list)
    start = villages + units + 1
    for n, couple in enumerate(tables.couples):
        for person in couple:
            mine[person].append(start + n)
    single = [person for person in range(len(tables.people)) if person not in mine]
    mine.update({person: [start + len(tables.couples) + n] for n, person in enumerate(single)})
    of_person = np.full((len(tables.people) + 1, max(map(len, mine.values()), default=1)), -1, np.int64)
    for person, own in mine.items():
        of_person[person, : len(own)] = own
    packing = np.ones(len(tables.couples) + len(single))
    upper = np.concatenate([np.ones(villages), tables.capacity, [empties.count], packing])
    lower = np.concatenate([np.ones(villages), np.full(len(upper) - villages, -highspy.kHighsInf)])
    return Rows(villages, units, lower, upper, of_person)


class Master:
    """The programme over a growing set of teams and cuts; HiGHS minimises, so costs are values turned round."""

    def __init__(self, tables: Tables, empties: Empties, teams: Teams, cuts: Cuts, seed: int) -> None:
        self.rows, self.empties = rows(tables, empties), empties
        self.teams, self.cuts = no_teams(teams.people.shape[1]), no_cuts(len(tables.people))
        self.highs = _highs(seed)
        none = np.zeros(0, np.int32)
        self.highs.addRows(len(self.rows.lower), self.rows.lower, self.rows.upper, 0, none, none, np.zeros(0))
        villages = self.rows.villages
        entries = np.column_stack([np.arange(villages), np.full(villages, villages + self.rows.units)]).ravel()
        self._add(np.full(villages, -empties.value), np.arange(villages) * 2, entries, np.ones(len(entries)))
        self.cut(cuts)
        self.add(teams)

    def _add(self, costs: Ints, starts: Ints, entries: Ints, values: Floats) -> None:
        n = len(costs)
        infinite = np.full(n, highspy.kHighsInf)
        starts, entries = starts.astype(np.int32), entries.astype(np.int32)
        self.highs.addCols(n, costs.astype(float), np.zeros(n), infinite, len(entries), starts, entries, values)

    def add(self, teams: Teams) -> None:
        """More teams to choose from."""
        if len(teams):
            self._add(-teams.value, *_entries(self.rows, self.cuts, teams))
            self.teams = joined([self.teams, teams])

    def cut(self, cuts: Cuts) -> None:
        """More cuts to keep to."""
        if len(cuts):
            counts = cuts.counts(self.teams.people)
            cut, team = np.nonzero(counts)
            starts = np.searchsorted(cut, np.arange(len(cuts))).astype(np.int32)
            lower, upper = np.full(len(cuts), -highspy.kHighsInf), cuts.limit.astype(float)
            column = (self.rows.villages + team).astype(np.int32)
            self.highs.addRows(len(cuts), lower, upper, len(cut), starts, column, counts[cut, team].astype(float))
            self.cuts = both(self.cuts, cuts)

    def solve(self, seconds: float = highspy.kHighsInf) -> bool:
        """Solves the linear programme; whether it has an answer, and had it in time."""
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + seconds)
        self.highs.run()
        return bool(self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def prices(self) -> Prices:
        """The prices at which the solved programme balances: exact, and never negative where a row is only a limit."""
        dual = -np.array(self.highs.getSolution().row_dual)
        exact = np.rint(np.ldexp(dual, BITS)).astype(np.int64)
        villages, limits = self.rows.villages, len(self.rows.lower)
        exact[villages:] = np.maximum(exact[villages:], 0)
        person = np.where(self.rows.of_person >= 0, exact[self.rows.of_person], 0).sum(axis=1)
        most = np.concatenate([self.rows.upper.astype(np.int64), self.cuts.limit])
        unit = exact[villages : villages + self.rows.units + 1]
        return Prices(exact[:villages], unit, person, exact[limits:], self.cuts, int(exact @ most))

    def share(self) -> Floats:
        """(V + N,) how much of each column is taken, the villages without a team first."""
        return np.array(self.highs.getSolution().col_value)


def _entries(rows: Rows, cuts: Cuts, teams: Teams) -> tuple[Ints, Ints, Floats]:
    """Starts (N,), row numbers and values of the entries of one column a team."""
    wide = teams.people.shape[1] * rows.of_person.shape[1]
    people = rows.of_person[teams.people].reshape(len(teams), wide)  # -1, nobody, is the last row of of_person
    every = np.column_stack([teams.village, rows.villages + teams.unit, people])
    cut = np.broadcast_to(len(rows.lower) + np.arange(len(cuts)), (len(teams), len(cuts)))
    numbers = np.column_stack([every, cut])
    values = np.column_stack([every >= 0, cuts.counts(teams.people).T])
    used = values > 0
    return np.r_[0, np.cumsum(used.sum(axis=1))[:-1]], numbers[used], values[used].astype(float)


def _highs(seed: int) -> Any:
    make: Any = highspy._Highs  # type: ignore[attr-defined]  # Highs itself prints a banner while it is being made
    highs = make()
    options = {"output_flag": False, "threads": 1, "random_seed": seed % 2**31, "parallel": "off"}
    for name, value in {**options, **LEAN}.items():
        highs.setOptionValue(name, value)
    return highs


@dataclass(frozen=True)
class Choice:
    """The teams taken, their value with the empty villages', and what no choice among those offered can surpass."""

    teams: Teams
    value: int
    bound: int


def choose(master: Master, start: Teams | None, *, seconds: float, gap: float, slack: int = 0) -> Choice | None:
    """The best whole choice among the teams of the programme by branch and bound; None when none is found in time.

    `start` is a choice to be improved on, all of it among the teams; `gap` is the relative and `slack` the absolute gap, in
    tenths, that is good enough.
    """
    highs, villages = master.highs, master.rows.villages
    n = villages + len(master.teams)
    highs.changeColsIntegrality(n, np.arange(n, dtype=np.int32), np.ones(n, np.uint8))
    ends = highs.getRunTime() + seconds
    for name, value in {"mip_rel_gap": gap, "mip_abs_gap": slack + 0.9, "time_limit": ends}.items():
        highs.setOptionValue(name, value)
    if start is not None:
        for name, value in NO_GUESSING.items():
            highs.setOptionValue(name, value)
        solution = highspy.HighsSolution()
        solution.col_value = _as_shares(master, start).tolist()
        highs.setSolution(solution)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return _choice(master, master.share(), info.mip_dual_bound)


def whole(master: Master) -> Choice | None:
    """The solved linear programme's answer when it takes only whole teams."""
    share = master.share()
    if np.abs(share - np.rint(share)).max(initial=0.0) > 1e-6:
        return None
    return _choice(master, share, master.highs.getInfo().objective_function_value)


def _choice(master: Master, share: Floats, cost: float) -> Choice:
    """What is taken; numbers are whole, so the bound may be rounded down with some room for the solver's tolerance."""
    taken, villages = share > 0.5, master.rows.villages
    teams = master.teams.pick(taken[villages:])
    value = int(teams.value.sum()) + master.empties.value * int(taken[:villages].sum())
    bound = int(np.floor(-cost + 1e-3)) if np.isfinite(cost) else np.iinfo(np.int64).max
    return Choice(teams, value, max(value, int(bound)))


def _as_shares(master: Master, start: Teams) -> Floats:
    """(V + N,) the start as 0 and 1 for each column."""
    chosen = {
        (v, u, *p) for v, u, p in zip(start.village.tolist(), start.unit.tolist(), start.people.tolist(), strict=True)
    }
    every = zip(master.teams.village.tolist(), master.teams.unit.tolist(), master.teams.people.tolist(), strict=True)
    taken = [float((village, unit, *people) in chosen) for village, unit, people in every]
    empty = np.ones(master.rows.villages)
    empty[start.village] = 0.0
    return np.concatenate([empty, taken])
