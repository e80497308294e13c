"""Two processes that solve parts; the answers are the same whichever of them is faster."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType

from zhucun.work.placement.optimiser.problem import Problem
from zhucun.work.placement.optimiser.result import Result, Team
from zhucun.work.placement.optimiser.solve import solve
from zhucun.work.placement.optimiser.stop import Stop

Task = tuple[Problem, Stop, int, dict[str, Team]]
"""A problem, when to stop, the seed, and a plan to begin with."""

AHEAD = 6
"""Tasks that wait or are being solved."""


def _solve(task: Task) -> Result:
    problem, stop, seed, start = task
    return solve(problem, stop=stop, seed=seed, start=start)


def _leave_with_parent() -> None:
    """End this worker when the process that started it has been killed: nobody would ever tell it to."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Workers:
    """Solves problems side by side in processes of its own; with one worker, or where none may be started, in this one."""

    def __init__(self, workers: int = 2) -> None:
        alone = workers < 2 or multiprocessing.current_process().daemon
        context = multiprocessing.get_context("spawn")
        self._pool = None if alone else ProcessPoolExecutor(workers, context, _leave_with_parent)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def solve(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The results in the order of the tasks, which are made only a few ahead: each is large."""
        if self._pool is None:
            yield from map(_solve, tasks)
            return
        ahead: deque[Future[Result]] = deque()
        for task in tasks:
            ahead.append(self._pool.submit(_solve, task))
            if len(ahead) >= AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
