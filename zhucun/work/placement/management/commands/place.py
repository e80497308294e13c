"""`zhucun place`: one placement instance in, one answer out (contract.md section 4); touches no database."""

import json
import os
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.journal.progress import Progress
from zhucun.work.placement.optimiser.area.solving import is_large, solve_area
from zhucun.work.placement.optimiser.checking import broken
from zhucun.work.placement.optimiser.diagnosis import diagnose
from zhucun.work.placement.optimiser.problem import Problem
from zhucun.work.placement.optimiser.reading import Invalid, read
from zhucun.work.placement.optimiser.result import Result
from zhucun.work.placement.optimiser.solve import solve
from zhucun.work.placement.optimiser.stop import Stop

SECONDS = 600.0
"""A safety net for an instance that cannot be proven: most counties take some seconds, a province some minutes."""
LEAST_DIAGNOSIS = 1.0
"""Seconds for finding out why there is no plan, even when the time is over."""
UNPROVEN_PART = "无解已经证明，但写出的部分方案没有证明是最好的，也许还能多安排几个村。"
LARGEST_SEED = 2**31 - 1
LONGEST = 1e9  # seconds
STATUS = {"optimal": "已求得最优方案，并且证明没有更好的", "feasible": "已求得可行方案，还没有证明是最好的"}
TOLD = 20  # problems on the screen; the answer has them all


class Command(BaseCommand):
    """Solve an instance."""

    help = "分村选队：读入一个题目（JSON），求出每个村的工作队，把结果写成 JSON；不用数据库。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """As contract.md section 2 writes them."""
        parser.add_argument("instance", metavar="INSTANCE.json", help="题目文件")
        parser.add_argument("--output", metavar="SOLUTION.json", required=True, help="结果写到哪个文件；已有的会被替换")
        parser.add_argument("--seed", type=_seed, default=1, metavar="N", help="随机种子，默认 1；种子相同结果就相同")
        parser.add_argument(
            "--time-limit", type=_seconds, default=SECONDS, metavar="S", help=f"最多算几秒，默认 {SECONDS:.0f}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, solve, explain, write; exit code 1 unless there is a plan."""
        output = _place_for(options["output"], options["instance"])
        progress = Progress(self.stderr.write)
        try:
            result = self._answer(options["instance"], options["seed"], options["time_limit"], progress)
            _write(output, result)
        except MemoryError:
            raise CommandError("内存不够，没有算完。请关闭其他程序，或按市州、县拆成几个题目再算。") from None
        except OSError as trouble:
            raise CommandError(f"结果没有写成“{output}”（{trouble.strerror or trouble}）。请检查磁盘和权限。") from None
        except ArithmeticError as trouble:
            raise CommandError(f"没有求出可信的结果，什么也没有写：{trouble}") from None
        if not result.is_feasible:
            raise CommandError(_refusal(result, output))
        self.stdout.write(_summary(result, output))

    def _answer(self, instance: str, seed: int, seconds: float, progress: Progress) -> Result:
        began = time.monotonic()
        progress("正在读题目")
        try:
            problem = read(instance, warn=lambda sentence: self.stderr.write(f"注意：{sentence}"))
        except Invalid as mistake:
            return Result("invalid", seed, time.monotonic() - began, problems=mistake.problems)
        result = _solved(problem, seed, seconds, lambda text, share: progress(f"{text}，已完成 {share:.0%}"))
        if result.is_feasible:
            return result
        progress("正在查找无解的原因")
        left = began + seconds - time.monotonic()
        conflicts, repairs = diagnose(problem, teams=result.teams, seconds=max(left, LEAST_DIAGNOSIS))
        problems = (UNPROVEN_PART,) if conflicts and result.problems else result.problems
        spent = time.monotonic() - began
        return replace(result, conflicts=conflicts, repairs=repairs, problems=problems, seconds=spent)


def _solved(problem: Problem, seed: int, seconds: float, tell: Callable[[str, float], None]) -> Result:
    """The result, once an independent judge has found no fault with the plan."""
    result = (solve_area if is_large(problem) else solve)(problem, stop=Stop(0.0, seconds), seed=seed, progress=tell)
    faults = broken(problem, result.teams)
    if not result.is_feasible:
        faults = [fault for fault in faults if not fault.startswith(("H1:", "H8:"))]
    if faults:
        raise ArithmeticError(f"方案自查不合规（{'；'.join(faults[:5])}），这是程序的差错，请报告开发者。")
    return result


def _seed(text: str) -> int:
    if not text.isdecimal() or len(text) > 10 or int(text) > LARGEST_SEED:
        raise ArgumentTypeError(f"应为 0 到 {LARGEST_SEED} 的整数，现在是“{text[:20]}”")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not (isfinite(seconds) and 0 < seconds <= LONGEST):
        raise ArgumentTypeError(f"应为大于 0 的秒数，如 60，现在是“{text[:20]}”")
    return seconds


def _place_for(output: str, instance: str) -> Path:
    """The file to be written, refused before any work is done where it cannot be."""
    try:
        path, given = Path(output).resolve(), Path(instance).resolve()
        if path == given or (path.exists() and given.exists() and path.samefile(given)):
            raise CommandError("结果文件和题目文件是同一个，会盖掉题目。请给 --output 换一个文件名。")
        if path.is_dir():
            raise CommandError(f"“{output}”是一个文件夹，请在 --output 里写明文件名。")
        if path.exists() and not path.is_file():
            raise CommandError(f"“{output}”不是普通文件，请给 --output 换一个文件名。")
        if not path.parent.is_dir():
            raise CommandError(f"没有“{path.parent}”这个文件夹，请先建好，或给 --output 换一个地方。")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise CommandError(f"不能往“{path.parent}”里写文件，请检查权限，或给 --output 换一个地方。")
    except (OSError, ValueError, RuntimeError) as trouble:
        raise CommandError(f"路径“{output}”用不了（{trouble}），请检查 --output 和题目的路径。") from None
    return path


def _write(path: Path, result: Result) -> None:
    """All of it or nothing: written beside its place, then put there."""
    text = json.dumps(result.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
    beside = path.with_name(f".{path.name[:100]}.{os.getpid()}.tmp")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _summary(result: Result, output: Path) -> str:
    gap = result.gap or 0.0
    return (
        f"{STATUS[result.status]}：{len(result.teams)} 个村都有工作队。\n"
        f"目标值 {result.objective}（十分之一分），上界 {result.bound}，差距 {gap:.4%}，用时 {result.seconds:.1f} 秒。\n"
        f"结果已写入 {output}。"
    )


def _refusal(result: Result, output: Path) -> str:
    """Why there is no plan, a sentence a line."""
    if result.status == "invalid":
        head, lines = f"题目有 {len(result.problems)} 处问题，没有求解：", result.problems
    else:
        proven = (
            "没有一个方案能让每个村都有工作队又不违反规则" if result.conflicts else "没有求出每个村都有工作队的方案"
        )
        head = f"{proven}；能安排的 {len(result.teams)} 个村已写在结果里。"
        lines = tuple(one.sentence for one in result.conflicts) + result.problems
    more = [f"……另有 {len(lines) - TOLD} 条，见结果文件。"] if len(lines) > TOLD else []
    repairs = [f"放宽下面任何一条就有方案：{'、'.join(result.repairs)}。"] if result.repairs else []
    return "\n".join([head, *lines[:TOLD], *more, *repairs, f"结果已写入 {output}。"])
