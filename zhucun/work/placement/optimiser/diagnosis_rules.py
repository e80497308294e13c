"""The rule instances of a problem that can bind at all, each with the id people see."""

from collections.abc import Iterator
from typing import NamedTuple

from .problem import Problem

KINDS = "H1 H2 H3 H4a H4b H5 H7 lead not_lead go not_go out H9 H10 H11".split()
"""The kinds in the order of their ids. Nobody can be in two places (H6): that is no rule one could loosen."""

EASE = "lead not_lead go not_go out H5 H3 H10 H7 H2 H11 H9 H4b H4a H1".split()
"""The kinds by how easily they are loosened: what the meeting fixed itself first, a village without a team last."""

LOCKS = frozenset({"lead", "not_lead", "go", "not_go", "out"})
"""What the meeting has fixed or ruled out (H8)."""

PERSONAL = frozenset({"H4a", "H4b", "H9", "not_go"})
"""Kinds that keep one person away from a village; they seldom decide."""

FORMS = {
    "lead": "H8:{0}→{1}",
    "not_lead": "H8:ban:{0}→{1}",
    "go": "H8:{0}→{1}",
    "not_go": "H8:ban:{0}→{1}",
    "out": "H8:out:{0}",
    "H11": "H11:{0}+{1}",
}


class Rule(NamedTuple):
    """One rule for one village, unit, person or pair; `kind` is one of KINDS."""

    kind: str
    key: str
    to: str = ""

    @property
    def id(self) -> str:
        """“H5:U1”, “H8:U1→V1”, “H8:ban:a1→V2”, “H8:out:F”, “H11:a+b”."""
        return FORMS.get(self.kind, f"{self.kind}:{{0}}").format(self.key, self.to)

    @property
    def order(self) -> tuple[int, str, str]:
        """For sorting: by kind, then by id."""
        return KINDS.index(self.kind), self.key, self.to


def rules_of(problem: Problem) -> list[Rule]:
    """Every rule instance that forbids anything, sorted."""
    found = {*_of_villages(problem), *_of_units(problem), *_of_people(problem), *_of_locks(problem)}
    return sorted(found, key=lambda rule: rule.order)


def may_lead(problem: Problem, unit: str, village: str) -> bool:
    """Whether H7 lets a unit lead in a village: it has a score there, and is among the allowed units."""
    allowed = problem.villages[village].allowed_units
    return village in problem.scores.unit_village.get(unit, {}) and (allowed is None or unit in allowed)


def _of_villages(problem: Problem) -> Iterator[Rule]:
    for village in problem.villages:
        yield Rule("H1", village)
        yield Rule("H2", village)
        if not all(may_lead(problem, unit, village) for unit in problem.units):
            yield Rule("H7", village)


def _of_units(problem: Problem) -> Iterator[Rule]:
    for unit in problem.units:
        yield Rule("H5", unit)
        yield Rule("H10", unit)
    yield from {Rule("H3", one.unit) for one in problem.candidates.values() if not one.leader_ok}


def _of_people(problem: Problem) -> Iterator[Rule]:
    townships = {village.township for village in problem.villages.values()} - {""}
    is_remote = any(village.remote for village in problem.villages.values())
    for person, one in problem.candidates.items():
        if one.home_village in problem.villages:
            yield Rule("H4a", person)
        if one.home_township in townships:
            yield Rule("H4b", person)
        if one.health_limited and is_remote:
            yield Rule("H9", person)
        if one.spouse in problem.candidates:
            yield Rule("H11", *sorted((person, one.spouse)))


def _of_locks(problem: Problem) -> Iterator[Rule]:
    locks = problem.locks
    yield from (Rule("lead", *pair) for pair in locks.unit_village)
    yield from (Rule("not_lead", *pair) for pair in locks.ban_unit_village)
    yield from (Rule("go", *pair) for pair in locks.person_village)
    yield from (Rule("not_go", *pair) for pair in locks.ban_person_village)
    yield from (Rule("out", person) for person in locks.person_out)
