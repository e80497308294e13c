"""分村选队 on invented instances by seed: first answer, proof, areas, a dropout, and the other ways beside it.

`python -m bench.placement [--counties 10] [--prefectures 1] [--provinces 0] [--dropouts 3] [--seconds 900]`; every row names the generator
and its seed, so that `bench.placement_instances.<generator>(<seed>)` makes the same problem again. Goals: placement.md.
"""

import argparse
import math
import os
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.placement_instances import county, prefecture, province
from zhucun.work.placement.optimiser.area.solving import solve_area
from zhucun.work.placement.optimiser.baselines import BASELINES
from zhucun.work.placement.optimiser.checking import broken
from zhucun.work.placement.optimiser.problem import Problem
from zhucun.work.placement.optimiser.result import Result
from zhucun.work.placement.optimiser.scoring import total
from zhucun.work.placement.optimiser.solve import solve
from zhucun.work.placement.optimiser.stop import Stop

FIRST, PROOF = Stop(gap=0.0015, seconds=20), Stop(gap=0.0, seconds=120)
PREFECTURE, PROVINCE = Stop(gap=0.0, seconds=300), (Stop(gap=0.004, seconds=600), Stop(gap=0.0025, seconds=900))


@dataclass(frozen=True)
class Goal:
    """What a row is measured by; `value` must not be more than `limit`."""

    text: str
    value: float
    limit: float

    def __str__(self) -> str:
        mark = "ok" if self.value <= self.limit else "MISSED"
        return f"{self.text}: {self.value:.4g} (goal {self.limit:g}) {mark}"


@dataclass(frozen=True)
class Timed:
    """A result with wall and CPU seconds of this process and its children."""

    result: Result
    wall: float
    cpu: float


def main() -> int:
    """Measure what is asked for, print a row each and the goals at the end; 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("counties", 10), ("prefectures", 1), ("provinces", 0), ("dropouts", 3), ("first-seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--seconds", type=float, default=900, help="no further row is begun after so many seconds")
    given = parser.parse_args()
    ends, goals = time.monotonic() + given.seconds, list[Goal]()
    measures: tuple[tuple[Callable[[range, float], Iterator[Goal]], int], ...] = (
        (counties, given.counties),
        (dropouts, given.dropouts),
        (prefectures, given.prefectures),
        (provinces, given.provinces),
    )
    for measure, count in measures:
        seeds = range(given.first_seed, given.first_seed + count)
        if count:
            goals += measure(seeds, ends)
    print()
    for goal in goals:
        print(goal)
    return int(any(goal.value > goal.limit for goal in goals))


def timed(make: Callable[[], Result]) -> Timed:
    """Run and measure; children count once they have ended."""
    wall, cpu = time.monotonic(), _cpu()
    result = make()
    return Timed(result, time.monotonic() - wall, _cpu() - cpu)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Memory(threading.Thread):
    """Looks twice a second how much this process and its children hold together; `peak` in MB (Linux).

    What a child reports about itself at its end counts the parent's memory too, from the moment it was started.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self._done = 0.0, threading.Event()

    def __enter__(self) -> "Memory":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        """Until the block ends."""
        while True:
            tasks = Path("/proc/self/task").glob("*/children")
            own = [os.getpid(), *(int(child) for task in tasks for child in task.read_text().split())]
            self.peak = max(self.peak, sum(map(_resident, own)))
            if self._done.wait(0.5):
                return


def _resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except (OSError, IndexError):
        return 0.0


def _checked(problem: Problem, result: Result) -> Result:
    wrong = broken(problem, result.teams)
    if wrong or not result.is_feasible:
        print(f"  !! {result.status}: {len(wrong)} broken, {wrong[:3]} {result.problems}")
    return result


def counties(seeds: range, ends: float) -> Iterator[Goal]:
    """First answer and proof of each county, and what the other ways reach of the optimum."""
    print(
        f"{'county':>12} {'first s':>8} {'gap %':>7} {'proof s':>8} {'CPU s':>7} {'objective':>10}  the other ways: % of it (left out)"
    )
    first, proof, gaps, without = [], [], [], 0
    for seed in seeds:
        if time.monotonic() > ends:
            break
        problem = county(seed)
        quick = timed(lambda p=problem: solve(p, stop=FIRST, seed=1))
        whole = timed(lambda p=problem: solve(p, stop=PROOF, seed=1))
        if whole.result.status == "infeasible":  # too few teams were drawn for the villages: nothing to compare
            without += 1
            print(f"{'county ' + str(seed):>12}  there is no plan, proven in {whole.cpu:.2f} s CPU", flush=True)
            continue
        best = _checked(problem, whole.result).objective or 0
        first.append(quick.cpu)
        proof.append(whole.cpu if whole.result.status == "optimal" else float("inf"))
        gaps.append(100 * (quick.result.gap if quick.result.gap is not None else 1))
        print(
            f"{'county ' + str(seed):>12} {quick.wall:8.2f} {gaps[-1]:7.3f} {whole.wall:8.2f} {whole.cpu:7.2f} {best:>10}  {_beside(problem, best)}",
            flush=True,
        )
    if first:
        print(
            f"  {len(first)} counties, judged by CPU seconds; worst proof {max(proof):.2f} s; {without} more have no plan"
        )
        yield Goal("county: first answer, median s", statistics.median(first), 0.5)
        yield Goal("county: its gap, mean %", statistics.mean(gaps), 0.15)
        yield Goal("county: proof, median s", statistics.median(proof), 1.5)
        yield Goal("county: proof, 95 of 100 s", sorted(proof)[math.ceil(0.95 * len(proof)) - 1], 10)
        yield Goal("county: peak memory, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 400)


def _beside(problem: Problem, best: int) -> str:
    parts = []
    for baseline in BASELINES.values():
        plan = baseline.make(problem)
        wrong = [one for one in broken(problem, plan) if not one.startswith("H1:")]
        left, share = len(problem.villages) - len(plan), 100 * total(problem, plan) / best if best else 0.0
        parts.append(f"{baseline.name} {share:.1f} ({left}){' BROKEN' if wrong else ''}")
    return " · ".join(parts)


def dropouts(seeds: range, ends: float) -> Iterator[Goal]:
    """A leader drops out of the proven plan: seconds to the new optimum, and how many others move."""
    print(f"\n{'county':>12} {'again s':>8} {'CPU s':>7} {'gap %':>7} {'moved':>6}")
    moved, again = [], []
    for seed in seeds:
        if time.monotonic() > ends:
            break
        problem = county(seed)
        before = solve(problem, stop=PROOF, seed=1).teams
        where = {person: village for village, team in before.items() for person in team.members}
        gone = before[sorted(before)[seed % len(before)]].leader
        locks = problem.locks.__class__(person_out=frozenset({gone}))
        later = problem.replace(previous=where, locks=locks)
        found = timed(lambda p=later, plan=before: solve(p, stop=FIRST, seed=1, start=plan))
        after = {
            person: village for village, team in _checked(later, found.result).teams.items() for person in team.members
        }
        moved.append(sum(after.get(person) != village for person, village in where.items() if person != gone))
        again.append(found.cpu)
        gap = 100 * (found.result.gap or 0)
        print(f"{'county ' + str(seed):>12} {found.wall:8.2f} {found.cpu:7.2f} {gap:7.3f} {moved[-1]:6}", flush=True)
    if again:
        yield Goal("dropout: solved again, median s", statistics.median(again), 1)
        yield Goal("dropout: others who move, median", statistics.median(moved), 3)


def prefectures(seeds: range, ends: float) -> Iterator[Goal]:
    """A prefecture from nothing to the end of what `solve_area` does."""
    for seed in seeds:
        yield from _area("prefecture", prefecture, seed, PREFECTURE, ends, (40, 600, 0.06))


def provinces(seeds: range, ends: float) -> Iterator[Goal]:
    """A province, quickly and better."""
    for seed in seeds:
        yield from _area("province", province, seed, PROVINCE[0], ends, (120, 2000, 0.4))
        yield from _area("province", province, seed, PROVINCE[1], ends, (300, 2000, 0.25))


def _area(
    name: str, make: Callable[[int], Problem], seed: int, stop: Stop, ends: float, limits: tuple[float, float, float]
) -> Iterator[Goal]:
    if time.monotonic() > ends:
        return
    problem = make(seed)
    with Memory() as memory:
        found = timed(lambda: solve_area(problem, stop=stop, seed=1))
    result = _checked(problem, found.result)
    gap = 100 * (result.gap if result.gap is not None else 1)
    size = f"{len(problem.villages)} villages, {len(problem.candidates)} candidates"
    print(
        f"\n{name} {seed} ({size}, stop at {100 * stop.gap:g} %): {result.status}, objective {result.objective}, bound {result.bound}, "
        f"gap {gap:.4f} %, wall {found.wall:.1f} s, CPU {found.cpu:.1f} s, {memory.peak:.0f} MB at most",
        flush=True,
    )
    named = f"{name} {seed}, stop at {100 * stop.gap:g} %"
    for text, value, limit in zip(("wall s", "MB", "gap %"), (found.wall, memory.peak, gap), limits, strict=True):
        yield Goal(f"{named}: {text}", value, limit)


if __name__ == "__main__":
    sys.exit(main())
