"""Can a set of rule instances hold together? A small integer programme in which people who are alike are counted."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import highspy

from .diagnosis_question import Kind, Question
from .diagnosis_rules import PERSONAL
from .programme import ANSWERS, NODES, SECONDS, Programme


def is_possible(question: Question) -> bool | None:
    """Whether some plan keeps all the rules; None when that is not found out with bounded effort.

    Rules of single people seldom decide: first without them, which is quick.
    """
    simple = question.without(PERSONAL)
    if simple.rules != question.rules and _Model(simple).is_possible() is False:
        return False
    return _Model(question).is_possible()


class _Asked(Programme):
    """A programme asked once more, as it stands, where HiGHS breaks off: its presolve seldom fails, and that says nothing."""

    def is_possible(self) -> bool | None:
        """Whether some choice keeps all limits; None when bounded effort was not enough to tell, twice."""
        answer = super().is_possible()
        if answer is not None:
            return answer
        make: Any = highspy._Highs  # type: ignore[attr-defined]  # as in Programme
        highs = make()
        options = {"output_flag": False, "threads": 1, "parallel": "off", "random_seed": 2, "presolve": "off"}
        for name, value in {**options, "mip_max_nodes": NODES, "time_limit": SECONDS}.items():
            highs.setOptionValue(name, value)
        highs.passModel(self._as_highs())
        highs.run()
        return ANSWERS.get(highs.getModelStatus())


class _Model:
    """Teams by lead unit and village, their leaders by kind, and the others by kind.

    Others come from a pool: the people of units that may join. Villages that nobody concerned is barred from are one.
    """

    def __init__(self, question: Question):
        self.question = question
        self.programme = _Asked()
        self.drawn: dict[Kind, list[int]] = defaultdict(list)  # variables: how many of a kind are taken
        self.at: dict[tuple[str, str], list[int]] = defaultdict(list)  # those of a single person in a village
        self.of_unit: dict[str, list[Kind]] = defaultdict(list)
        for kind in question.kinds:
            self.of_unit[kind.unit].append(kind)
        self.pools = {unit: self._pool(unit) for unit in sorted(self.of_unit)}

    def is_possible(self) -> bool | None:
        """Build and solve."""
        classes = self._classes()
        if not all(units for _, units, _ in classes):
            return False
        self._teams(classes)
        for unit, villages in self.villages.items():
            wanted = [(village, 1, [self.teams[village, unit]]) for village in villages]
            self._draw(self._leaders(unit), wanted, as_leader=True)
        for pool in sorted(set(self.pools.values())):
            self._others(pool)
        self._people()
        return self.programme.is_possible()

    def _pool(self, unit: str) -> tuple[str, ...]:
        if not self.question.holds("H10", unit):
            return tuple(sorted(self.of_unit))
        return tuple(sorted({unit, *self.question.problem.units[unit].partners} & self.of_unit.keys()))

    def _members(self, pool: tuple[str, ...]) -> list[Kind]:
        return [kind for unit in pool for kind in self.of_unit[unit]]

    def _leaders(self, unit: str) -> list[Kind]:
        return [kind for kind in self.of_unit[unit] if kind.leads]

    def _classes(self) -> dict[tuple[int, tuple[str, ...], str], list[str]]:
        """Villages that are alike: by size, by the units that may lead, and by id where somebody is barred or locked."""
        able = {unit for unit in self.of_unit if self._leaders(unit)}
        classes: dict[tuple[int, tuple[str, ...], str], list[str]] = defaultdict(list)
        for village in self.question.served:
            units = [unit for unit in self.question.units_for(village) if unit in able]
            own = village if village in self.question.special else ""
            classes[self.question.size(village), tuple(units), own].append(village)
        return classes

    def _teams(self, classes: dict[tuple[int, tuple[str, ...], str], list[str]]) -> None:
        """How many teams each unit leads in each class of villages, which its first village stands for."""
        self.teams: dict[tuple[str, str], int] = {}
        self.villages: dict[str, list[str]] = defaultdict(list)  # by unit
        for (_, units, _), (village, *more) in classes.items():
            for unit in units:
                self.teams[village, unit] = self.programme.variable(len(more) + 1)
                self.villages[unit].append(village)
            self.programme.row({self.teams[village, unit]: 1 for unit in units}, len(more) + 1, len(more) + 1)
        for unit, villages in self.villages.items():
            most = self.question.capacity(unit)
            if most is not None:
                self.programme.row({self.teams[village, unit]: 1 for village in villages}, 0, most)

    def _others(self, pool: tuple[str, ...]) -> None:
        by_village: dict[str, list[int]] = defaultdict(list)
        for unit in (unit for unit, its in self.pools.items() if its == pool):
            for village in self.villages.get(unit, ()):
                by_village[village].append(self.teams[village, unit])
        wanted = [(village, self.question.size(village) - 1, teams) for village, teams in by_village.items()]
        kinds = self._members(pool)
        self._draw(kinds, [one for one in wanted if one[1]], as_leader=False)
        single = [kind for kind in kinds if kind.person]
        for village, _, teams in wanted:
            for kind in single:
                if not self.question.holds("H2", village) and self._may_be_locked_in(kind, village):
                    self._fill([kind], dict.fromkeys(teams, -1), village, low=-1)

    def _may_be_locked_in(self, kind: Kind, village: str) -> bool:
        return self.question.is_locked(kind, village) and not self.question.bars(kind, village, as_leader=False)

    def _draw(self, kinds: list[Kind], wanted: Iterable[tuple[str, int, list[int]]], *, as_leader: bool) -> None:
        """Take so many people for each team of some villages, out of some kinds."""
        alike: dict[int, int] = {}
        odd = [kind for kind in kinds if not kind.is_plain]
        for village, need, teams in wanted:
            if any(self.question.is_special(kind, village, as_leader=as_leader) for kind in odd):
                free = [kind for kind in kinds if not self.question.bars(kind, village, as_leader=as_leader)]
                self._fill(free, dict.fromkeys(teams, -need), village)
            else:
                alike |= dict.fromkeys(teams, -need)
        if alike:
            self._fill(kinds, alike)

    def _fill(self, kinds: list[Kind], terms: dict[int, int], village: str = "", low: int = 0) -> None:
        for kind in kinds:
            taken = self.programme.variable(self.question.kinds[kind])
            self.drawn[kind].append(taken)
            self.at[kind.person, village].append(taken)
            terms[taken] = 1
        self.programme.row(terms, low, 0)

    def _people(self) -> None:
        """Nobody is in two places (H6), couples are not both posted, and locked people are where they are locked."""
        for kind, count in self.question.kinds.items():
            self.programme.row(dict.fromkeys(self.drawn[kind], 1), 0, count)
        for rule in sorted(self.question.rules):
            if rule.kind == "H11":
                both = [kind for kind in self.question.kinds if kind.person in {rule.key, rule.to}]
                self.programme.row({taken: 1 for kind in both for taken in self.drawn[kind]}, 0, 1)
            if rule.kind == "go":
                self.programme.row(dict.fromkeys(self.at[rule.key, rule.to], 1), 1, 1)
