"""The reader against simulated pages, by condition: silent errors, flags, refused pages, CPU.

.venv/bin/python -m bench.book_training.measure --people stress --seed 5000000 --pages 10
.venv/bin/python -m bench.book_training.measure --people normal --seed 6000000 --pages 100 --conditions scan phone
"""

import argparse
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import cv2
import numpy as np

from zhucun.work.attendance.scan.reader import read

from .camera import CONDITIONS, NORMAL_USE
from .collect import simulated
from .filling import NORMAL, STRESS
from .page import COUNTY, KEY

PEOPLE = {"normal": NORMAL, "stress": STRESS}


@dataclass
class Tally:
    """What was counted under one condition."""

    pages: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    cpu: list[float] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)


def one_page(tally: Tally, seed: int, people: str, condition: str) -> None:
    """Simulate one page, read it and count."""
    content, page, truth = simulated(seed, PEOPLE[people], condition)
    start = time.process_time()
    reads = list(read("page", content, lambda code: page, COUNTY, KEY))
    tally.cpu.append((time.process_time() - start) * 1000)
    tally.pages += 1
    for one in reads:
        if one.reason:
            tally.refused[one.reason] += 1
        for cell in one.cells:
            meant, group = truth[cell.person, cell.day]
            tally.groups[group] += 1
            tally.flagged[group] += cell.human
            tally.wrong[group] += cell.value != meant
            if cell.human and group == "ordinary":
                tally.rules[cell.rule] += 1
            if not cell.human and cell.value != meant:
                tally.silent[group] += 1
                tally.cases.append(f"{condition} {seed} {cell.person} {cell.day} {group}: {meant} read {cell.value}")


def report(tallies: dict[str, Tally]) -> None:
    """Print a line a condition, then the groups of corrections, then every silent error on an ordinary mark."""
    print(
        "condition | pages | refused | ordinary | silent | wrong incl. flagged | flagged % | CPU mean / p95 ms | rules"
    )
    every = Tally()
    for name, tally in tallies.items():
        n = max(1, tally.groups["ordinary"])
        print(
            f"{name} | {tally.pages} | {sum(tally.refused.values())} | {n} | {tally.silent['ordinary']} | "
            f"{tally.wrong['ordinary']} | {100 * tally.flagged['ordinary'] / n:.2f} | "
            f"{np.mean(tally.cpu):.0f} / {np.percentile(tally.cpu, 95):.0f} | {dict(tally.rules)} {dict(tally.refused) or ''}"
        )
        every.cpu += tally.cpu
        every.cases += tally.cases
        for part in ("groups", "silent", "flagged", "wrong"):
            getattr(every, part).update(getattr(tally, part))
    print(
        f"all: CPU mean {np.mean(every.cpu):.0f}, median {np.median(every.cpu):.0f}, p95 {np.percentile(every.cpu, 95):.0f}"
    )
    for group in sorted(every.groups):
        n = every.groups[group]
        print(
            f"{group}: {n}, silent {every.silent[group]} ({every.silent[group] / n:.2%}), flagged {every.flagged[group] / n:.2%}"
        )
    for case in every.cases:
        if " struck " not in case:
            print(case)


def main() -> None:
    """Measure as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", choices=PEOPLE, default="stress")
    parser.add_argument("--seed", type=int, default=5_000_000)
    parser.add_argument("--pages", type=int, default=10, help="a condition")
    parser.add_argument("--conditions", nargs="*")
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    names = wanted.conditions or (list(CONDITIONS) if wanted.people == "stress" else list(NORMAL_USE))
    tallies: dict[str, Tally] = defaultdict(Tally)
    for at, name in enumerate(names):
        for number in range(wanted.pages):
            one_page(tallies[name], wanted.seed + at * 10_000 + number, wanted.people, name)
    report(tallies)


if __name__ == "__main__":
    main()
