"""A problem under some of its rules only: who counts as alike, and what each may do."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .diagnosis_rules import Rule, may_lead
from .problem import Candidate, Problem


class Kind(NamedTuple):
    """What decides where somebody may go, under the rules at hand; `person` where a lock or a spouse singles one out."""

    unit: str
    leads: bool
    home_village: str
    home_township: str
    is_limited: bool
    person: str

    @property
    def is_plain(self) -> bool:
        """Whether all villages are alike for somebody of this kind."""
        return not (self.home_village or self.home_township or self.is_limited or self.person)


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
        """How many people may be sent of each kind, in the order of their smallest id."""
        townships = {self.problem.villages[village].township for village in self.served}
        remote = any(self.problem.villages[village].remote for village in self.served)
        kinds: dict[Kind, int] = defaultdict(int)
        for person in sorted(self.problem.candidates):
            if not self.holds("out", person):
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
        rules = [rule for rule in self.rules if rule.kind in {"go", "not_go", "H11"}]
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

    @cached_property
    def _units(self) -> list[str]:
        return sorted(self.problem.units)

    @cached_property
    def _locked(self) -> dict[str, list[str]]:
        locked: dict[str, list[str]] = defaultdict(list)
        for rule in self.rules:
            if rule.kind == "lead":
                locked[rule.to].append(rule.key)
        return dict(locked)

    def units_for(self, village: str) -> list[str]:
        """The units that may lead in a village, sorted."""
        locked = self._locked.get(village)
        found = self._units if locked is None else locked if len(locked) == 1 else []
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
        odd = [kind for kind in self.kinds if not kind.is_plain]
        return {one for one in self.served if any(self.is_special(kind, one, as_leader=True) for kind in odd)}

    def is_special(self, kind: Kind, village: str, *, as_leader: bool) -> bool:
        """Whether a village is not like any other for somebody of a kind."""
        return self.bars(kind, village, as_leader=as_leader) or self.is_locked(kind, village)

    def is_locked(self, kind: Kind, village: str) -> bool:
        """Whether somebody of a kind must be in a village's team."""
        return bool(kind.person) and self.holds("go", kind.person, village)
