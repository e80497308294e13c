"""The door of `area`: whether a problem is too large for the exact solver, and its solution with a proven gap."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from zhucun.work.placement.optimiser.checking import broken
from zhucun.work.placement.optimiser.problem import Problem
from zhucun.work.placement.optimiser.result import Result, Team
from zhucun.work.placement.optimiser.scoring import breakdown
from zhucun.work.placement.optimiser.solve import solve
from zhucun.work.placement.optimiser.stop import Stop

from .bound import Bound, bound_of_prices
from .parts import cut
from .plan import Planner
from .prices import good_prices
from .repair import repair
from .sharing import shared, whole_prices
from .table import tabulate
from .teams import enumerate_teams
from .workers import Workers

MOST_VILLAGES, MOST_PAIRS = 250, 60_000
"""What the exact solver is asked to do at once."""
COARSE = 0.003
"""Whoever is content with this gap gets it with fewer steps for the prices."""
MANY_PARTS = 40
"""With more parts than this each is solved less sharply: there is no time for proofs that the sum does not need."""
REACH = 100.0
"""Pairs of a part that lie up to so many tenths below the best at the prices are in play first."""

SLACK = 0.2
"""Parts are solved again with more pairs when that may sharpen the bound by more than this share of the gap to stop at."""
MOST_SWEEPS, ENOUGH = 8, 1e-4
"""Rounds of polishing couples of parts; a round that gains a smaller share than this is the last."""
TO_THE_END = Stop(gap=0.0, seconds=600.0)

Progress = Callable[[str, float], None]


def is_large(problem: Problem) -> bool:
    """Whether `solve_area` should be asked instead of the exact solver of a county."""
    if len(problem.villages) > MOST_VILLAGES:
        return True
    return sum(len(row) for row in problem.scores.unit_village.values()) > MOST_PAIRS


@dataclass(frozen=True)
class _Effort:
    """How sharply is worked: steps for the prices, gap of parts, how far below the best pairs are looked for."""

    steps: tuple[int, int]
    gap: float
    reach: float

    @classmethod
    def of(cls, parts: int, stop: Stop) -> "_Effort":
        gap = float(np.clip(stop.gap / 4, 1e-4, 1e-3))
        if parts > MANY_PARTS:
            return cls((12, 28) if stop.gap >= COARSE else (16, 50), max(gap, 5e-4), REACH)
        return cls((20, 80), gap, 2 * REACH)


def solve_area(
    problem: Problem, *, stop: Stop = TO_THE_END, seed: int = 0, progress: Progress | None = None, workers: int = 2
) -> Result:
    """A plan of an area of any size with a proven bound; the same for the same problem, stop and seed.

    Stops at a gap of `stop.gap`, at the end of what it can do, or about when `stop.seconds` are over; `workers` processes
    solve the parts. When villages stay without a team the status is “infeasible”, `teams` has the others and `problems`
    says which; that nothing better exists is not proven then. Raises ArithmeticError when its own plan breaks a rule.
    """
    began = time.monotonic()
    ends = began + stop.seconds
    tell = progress or (lambda text, share: None)
    tell("正在划分片区", 0.0)
    table = tabulate(problem)
    pieces = cut(table)
    if len(pieces.parts) < 2:
        return solve(problem, stop=stop, seed=seed, progress=progress)
    effort = _Effort.of(len(pieces.parts), stop)
    tell("正在列出各单位到各村的工作队", 0.02)
    teams = enumerate_teams(table)
    prices = good_prices(
        teams, pieces.level, effort.steps, lambda share: tell("正在为全域的人员和单位求价格", 0.1 + 0.3 * share)
    )
    common = shared(table, teams, pieces)
    prices = whole_prices(teams, prices, common)
    bound = bound_of_prices(table, teams, pieces, prices, common)
    with Workers(workers) as crew:
        planner = Planner(table, teams, pieces, prices, common, crew, seed, lambda: ends - time.monotonic())
        _work(planner, bound, stop, effort, tell)
    result = _result(problem, planner.whole, bound.total, seed, time.monotonic() - began)
    tell("方案已定", 1.0)
    return result


def _work(planner: Planner, bound: Bound, stop: Stop, effort: _Effort, tell: Progress) -> None:
    """Parts at prices, clashes, empty villages, polish; each only while the gap is not good enough."""
    tell("正在逐片求解", 0.4)
    parts = list(range(len(planner.cut.parts)))
    results = _priced(planner, bound, stop, effort)
    tell("正在协调几个片区都要的人员和单位", 0.6)
    planner.settle(planner.book(parts, results), effort.gap, effort.reach)
    if planner.missing():
        tell("正在补上还没有工作队的村", 0.75)
        repair(planner, effort.gap)
    if _gap(planner, bound) > stop.gap:
        tell("正在改进各片区的方案", 0.8)
        planner.improve([[part] for part in parts], gap=effort.gap, reach=effort.reach)
    _polish(planner, bound, stop, effort, tell)


def _polish(planner: Planner, bound: Bound, stop: Stop, effort: _Effort, tell: Progress) -> None:
    """Parts two by two, in other couples each time, while that gains enough."""
    for sweep in range(MOST_SWEEPS):
        if planner.seconds() <= 0 or planner.missing() or _gap(planner, bound) <= stop.gap:
            return
        tell("正在两片一组改进方案", 0.85 + 0.15 * sweep / MOST_SWEEPS)
        before = planner.value
        planner.improve(_couples(planner, sweep), gap=effort.gap, reach=effort.reach)
        if planner.value - before < ENOUGH * abs(before):
            return


def _priced(planner: Planner, bound: Bound, stop: Stop, effort: _Effort) -> list[Result]:
    """Every part solved at the prices of what is shared, and once more with all pairs that could matter; sharpens the bound."""
    parts = range(len(planner.cut.parts))
    results = planner.solve([[part] for part in parts], reach=REACH, factor=1.0, gap=effort.gap)
    reach = np.array([bound.sharpen(part, result, REACH) for part, result in enumerate(results)])
    more = np.flatnonzero(reach).tolist()
    slack = sum(float(bound.parts[part]) - (results[part].bound or 0) for part in more)
    worth_it = slack > SLACK * stop.gap * abs(bound.total) and stop.gap < COARSE
    if worth_it and planner.seconds() > 0:
        again = planner.solve([[part] for part in more], reach=reach, factor=1.0, gap=effort.gap)
        for part, result in zip(more, again, strict=True):
            bound.sharpen(part, result, float(reach[part]))
            results[part] = result if result.is_feasible else results[part]
    return results


def _gap(planner: Planner, bound: Bound) -> float:
    if planner.missing():
        return float("inf")
    return (bound.total - planner.value) / max(abs(bound.total), 1)


def _couples(planner: Planner, sweep: int) -> list[list[int]]:
    """Parts two by two within their regions, shuffled by seed and sweep; where the number is odd one stays alone."""
    regions: dict[int, list[int]] = {}
    for part in np.random.default_rng([abs(planner.seed), sweep]).permutation(len(planner.cut.parts)).tolist():
        regions.setdefault(int(planner.cut.region[planner.cut.parts[part][0]]), []).append(part)
    return [group[at : at + 2] for _, group in sorted(regions.items()) for at in range(0, len(group), 2)]


def _result(problem: Problem, plan: Mapping[str, Team], bound: int, seed: int, seconds: float) -> Result:
    wrong = [one for one in broken(problem, plan) if not one.startswith("H1:")]
    missing = sorted(set(problem.villages) - set(plan))
    if wrong and not missing:
        raise ArithmeticError(f"方案违反了规则：{'；'.join(wrong[:5])}")
    scores = {village: breakdown(problem, village, team) for village, team in plan.items()}
    if missing:
        some = "、".join(missing[:20]) + ("等" if len(missing) > 20 else "")
        told = (f"{len(missing)} 个村没有找到工作队：{some}。没有证明做不到。",)
        return Result("infeasible", seed, seconds, teams=plan, scores=scores, problems=told)
    objective = sum(one.total for one in scores.values())
    status = "optimal" if objective >= bound else "feasible"
    return Result(status, seed, seconds, objective, max(objective, bound), plan, scores)
