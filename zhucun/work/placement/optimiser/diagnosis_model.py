"""Can a set of rule instances hold together? A small integer programme in which people who are alike are counted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .diagnosis_rules import PERSONAL, Rule, may_lead
from .problem import Candidate, Problem
from .programme import Programme


class Kind(NamedTuple):
    """What decides where somebody may go, under the rules at hand; `person` where a lock or a spouse singles one out."""

    unit: str
    leads: bool
    home_village: str
    home_township: str
    is_limited: bool
    person: str


@dataclass(frozen=True)
class Question:
    """A problem under some of its rules only. `softer` is one that is loosened a little instead of left away."""

    problem: Problem
    rules: frozenset[Rule]
    softer: Rule | None = None

    def holds(self, kind: str, key: str, to: str = "") -> bool:
        """Whether a rule instance is among those that must hold."""
        return (kind, key, to) in self.rules

    def without(self, kinds: Iterable[str]) -> "Question":
        """The same question without the rules of some kinds."""
        left = set(kinds)
        return Question(self.problem, frozenset(rule for rule in self.rules if rule.kind not in left), self.softer)

    @cached_property
    def served(self) -> list[str]:
        """The villages that must have a team, sorted; the others may go without one."""
        return sorted({rule.to or rule.key for rule in self.rules if rule.kind in {"H1", "lead", "go"}})

    @cached_property
    def kinds(self) -> dict[Kind, int]:
        """How many people there are of each kind, in the order of their smallest id."""
        townships = {self.problem.villages[village].township for village in self.served}
        remote = any(self.problem.villages[village].remote for village in self.served)
        kinds: dict[Kind, int] = defaultdict(int)
        for person in sorted(self.problem.candidates):
            kinds[self._kind(person, self.problem.candidates[person], townships, remote)] += 1
        return dict(kinds)

    def _kind(self, person: str, one: Candidate, townships: set[str], remote: bool) -> Kind:
        leads = one.leader_ok or not self.holds("H3", one.unit)
        near = leads and one.home_township in townships and self.holds("H4b", person)
        return Kind(
            one.unit,
            leads,
            one.home_village if self.holds("H4a", person) else "",
            one.home_township if near else "",
            remote and self.holds("H9", person),
            person if person in self._singled else "",
        )

    @cached_property
    def _singled(self) -> set[str]:
        rules = [rule for rule in self.rules if rule.kind in {"go", "not_go", "out", "H11"}]
        return {rule.key for rule in rules} | {rule.to for rule in rules if rule.kind == "H11"}

    def size(self, village: str) -> int:
        """How many people a team must have; without H2 its leader is enough, since fewer are never harder to find."""
        size = self.problem.villages[village].size if self.holds("H2", village) else 1
        return size - (self.softer == ("H2", village, ""))

    def capacity(self, unit: str) -> int | None:
        """How many teams a unit may lead; None without H5."""
        if not self.holds("H5", unit):
            return None
        return self.problem.units[unit].capacity + (self.softer == ("H5", unit, ""))

    def units_for(self, village: str) -> list[str]:
        """The units that may lead in a village, sorted."""
        locked = {rule.key for rule in self.rules if rule.kind == "lead" and rule.to == village}
        found = sorted(locked) if len(locked) == 1 else [] if locked else sorted(self.problem.units)
        if self.holds("H7", village):
            found = [unit for unit in found if may_lead(self.problem, unit, village)]
        return [unit for unit in found if not self.holds("not_lead", unit, village)]

    def bars(self, kind: Kind, village: str, *, as_leader: bool) -> bool:
        """Whether somebody of a kind may not be in a village's team, or not as its leader."""
        need = self.problem.villages[village]
        return bool(
            (kind.home_village == village)
            or (kind.is_limited and need.remote)
            or (kind.person and self.holds("not_go", kind.person, village))
            or (as_leader and kind.home_township and kind.home_township == need.township)
        )

    @cached_property
    def special(self) -> set[str]:
        """Villages where somebody is barred or locked."""
        return {one for one in self.served if any(self.is_special(kind, one, as_leader=True) for kind in self.kinds)}

    def is_special(self, kind: Kind, village: str, *, as_leader: bool) -> bool:
        """Whether a village is not like any other for somebody of a kind."""
        return self.bars(kind, village, as_leader=as_leader) or self.is_locked(kind, village)

    def is_locked(self, kind: Kind, village: str) -> bool:
        """Whether somebody of a kind must be in a village's team."""
        return bool(kind.person) and self.holds("go", kind.person, village)


def is_possible(question: Question) -> bool | None:
    """Whether some plan keeps all the rules; None when that is not found out with bounded effort.

    Rules of single people seldom decide: first without them, which is quick.
    """
    simple = question.without(PERSONAL)
    if simple.rules != question.rules and _Model(simple).is_possible() is False:
        return False
    return _Model(question).is_possible()


class _Model:
    """Teams by lead unit and village, their leaders by kind, and the others by kind.

    Others come from a pool: the people of units that may join. Villages that nobody concerned is barred from are one.
    """

    def __init__(self, question: Question):
        self.question = question
        self.programme = Programme()
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
        for (village, unit), team in self.teams.items():
            if self.pools[unit] == pool:
                by_village[village].append(team)
        wanted = [(village, self.question.size(village) - 1, teams) for village, teams in by_village.items()]
        kinds = self._members(pool)
        self._draw(kinds, [one for one in wanted if one[1]], as_leader=False)
        for village, _, teams in wanted:
            for kind in kinds:
                if not self.question.holds("H2", village) and self._may_be_locked_in(kind, village):
                    self._fill([kind], dict.fromkeys(teams, -1), village, low=-1)

    def _may_be_locked_in(self, kind: Kind, village: str) -> bool:
        return self.question.is_locked(kind, village) and not self.question.bars(kind, village, as_leader=False)

    def _draw(self, kinds: list[Kind], wanted: Iterable[tuple[str, int, list[int]]], *, as_leader: bool) -> None:
        """Take so many people for each team of some villages, out of some kinds."""
        alike: dict[int, int] = {}
        for village, need, teams in wanted:
            if any(self.question.is_special(kind, village, as_leader=as_leader) for kind in kinds):
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
            is_out = bool(kind.person) and self.question.holds("out", kind.person)
            self.programme.row(dict.fromkeys(self.drawn[kind], 1), 0, 0 if is_out else count)
        for rule in sorted(self.question.rules):
            if rule.kind == "H11":
                both = [kind for kind in self.question.kinds if kind.person in {rule.key, rule.to}]
                self.programme.row({taken: 1 for kind in both for taken in self.drawn[kind]}, 0, 1)
            if rule.kind == "go":
                self.programme.row(dict.fromkeys(self.at[rule.key, rule.to], 1), 1, 1)
