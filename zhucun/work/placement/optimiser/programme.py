"""Whole numbers within linear limits: is there any choice of them? Asked of HiGHS, always with the same answer."""

from typing import Any

import highspy
import numpy as np

NODES = 5_000
"""Nodes of branch and bound for one question; a county's questions need a few hundred at most."""
SECONDS = 20.0
"""A safety net above NODES."""

ANSWERS = {highspy.HighsModelStatus.kOptimal: True, highspy.HighsModelStatus.kInfeasible: False}


class Programme:
    """Variables from 0 to a limit, and rows low ≤ Σ factor · variable ≤ high; all whole numbers, no objective."""

    def __init__(self) -> None:
        self._most: list[int] = []
        self._rows: list[tuple[dict[int, int], int, int]] = []

    def variable(self, most: int) -> int:
        """A new variable from 0 to `most`, named by its number."""
        self._most.append(most)
        return len(self._most) - 1

    def row(self, factors: dict[int, int], low: int, high: int) -> None:
        """One more limit: factors by variable."""
        self._rows.append((factors, low, high))

    def is_possible(self) -> bool | None:
        """Whether some choice keeps all limits; None when NODES or SECONDS were not enough to tell."""
        if not all(low <= 0 <= high for factors, low, high in self._rows if not factors):
            return False
        if not self._most:
            return True
        make: Any = highspy._Highs  # type: ignore[attr-defined]  # Highs itself prints a banner while it is being made
        highs = make()
        options = {"output_flag": False, "threads": 1, "parallel": "off", "random_seed": 1}
        for name, value in {**options, "mip_max_nodes": NODES, "time_limit": SECONDS}.items():
            highs.setOptionValue(name, value)
        highs.passModel(self._as_highs())
        highs.run()
        return ANSWERS.get(highs.getModelStatus())

    def _as_highs(self) -> highspy.HighsLp:
        rows = [row for row in self._rows if row[0]]
        lp, count = highspy.HighsLp(), len(self._most)
        lp.num_col_, lp.num_row_ = count, len(rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(count), np.zeros(count), np.array(self._most, float)
        lp.row_lower_ = np.array([low for _, low, _ in rows], float)
        lp.row_upper_ = np.array([high for *_, high in rows], float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(factors) for factors, *_ in rows)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([at for factors, *_ in rows for at in factors], np.int32)
        lp.a_matrix_.value_ = np.array([one for factors, *_ in rows for one in factors.values()], float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * count
        return lp
