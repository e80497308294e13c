"""From rules that cannot hold together to a smallest set of them, by leaving away what is not needed."""

import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

from .diagnosis_model import is_possible
from .diagnosis_question import Question
from .diagnosis_rules import Rule
from .problem import Problem

Rules = frozenset[Rule]

VILLAGE_KINDS = {"H1", "H2", "H7"}
UNIT_KINDS = {"H3", "H5", "H10"}
SELDOM = ({"H11"}, {"H9"}, {"H4b"}, {"H4a"}, {"not_go"}, {"out"}, {"go"}, {"not_lead"}, {"lead"})
KINDS_LAST = ({"H10"}, {"H2"}, {"H7"}, {"H3"}, {"H5"})


class Found(NamedTuple):
    """A set of rules that cannot hold together; `is_smallest` when none can be left away, which was then shown of each."""

    rules: Rules
    is_smallest: bool


class Search:
    """Asks about sets of rules, as long as there are questions left and time.monotonic() is before `ends`."""

    def __init__(self, problem: Problem, questions: int, ends: float = inf):
        self.problem, self.left, self.ends = problem, questions, ends
        self._known: dict[tuple[Rules, Rule | None], bool | None] = {}

    def fails(self, rules: Rules, softer: Rule | None = None) -> bool | None:
        """Whether some rules cannot hold together; None when that is not known."""
        key = rules, softer
        if key not in self._known:
            if self.left <= 0 or time.monotonic() > self.ends:
                return None
            self.left -= 1
            answer = is_possible(Question(self.problem, rules, softer))
            self._known[key] = None if answer is None else not answer
        return self._known[key]

    def smallest(self, rules: Rules, order: Callable[[Rule], Any]) -> Found:
        """A smallest set within rules that fail: whole kinds are left away first, then villages, units, single rules.

        What comes first in `order` is left away first where there is a choice.
        """
        self._is_certain = True
        if self.fails(rest := frozenset(rule for rule in rules if not any(rule.kind in kinds for kinds in SELDOM))):
            rules = rest
        rules = self._thin(rules, [[r for r in rules if r.kind in kinds] for kinds in (*SELDOM, *KINDS_LAST)])
        rules = self._thin(rules, _bundles(rules, _village, order))
        rules = self._thin(rules, _bundles(rules, _unit, order))
        rules = self._thin(rules, [[rule] for rule in sorted(rules, key=order)])
        return Found(rules, self._is_certain)

    def _thin(self, rules: Rules, bundles: list[list[Rule]]) -> Rules:
        """Leave away bundles, many at once where that goes, then one by one; those like a needed one are needed."""
        bundles = [bundle for bundle in bundles if bundle]
        step = max(len(bundles) // 2, 1)
        while bundles:
            at, removed = 0, False
            likeness, needed = _Likeness(self.problem, rules), set[Hashable]()
            while at < len(bundles):
                mark = likeness.of(bundles[at]) if step == 1 else None
                rest = rules.difference(*bundles[at : at + step])
                if mark is None or mark not in needed:
                    answer = self.fails(rest)
                    self._is_certain &= answer is not None or step > 1
                    if answer:
                        rules, removed = rest, True
                        del bundles[at : at + step]
                        likeness, needed = _Likeness(self.problem, rules), set()
                        continue
                    if answer is False and mark is not None:
                        needed.add(mark)
                at += step
            if step == 1:
                break
            step = max(step // 2, 1) if removed else 1
        return rules


def _village(rule: Rule) -> str:
    return rule.key if rule.kind in VILLAGE_KINDS else rule.to if rule.kind != "H11" else ""


def _unit(rule: Rule) -> str:
    return rule.key if rule.kind in UNIT_KINDS | {"lead", "not_lead"} else ""


def _bundles(rules: Iterable[Rule], subject: Callable[[Rule], str], order: Callable[[Rule], Any]) -> list[list[Rule]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in sorted(rules, key=order):
        found[subject(rule)].append(rule)
    found.pop("", None)
    return list(found.values())


class _Likeness:
    """Which villages, and which units, could change places under some rules without anybody noticing."""

    def __init__(self, problem: Problem, rules: Rules):
        self.question = Question(problem, rules)
        self.held: dict[tuple[bool, str], list[str]] = defaultdict(list)
        for rule in sorted(rules):
            if rule.kind in VILLAGE_KINDS | UNIT_KINDS:
                self.held[rule.kind in UNIT_KINDS, rule.key].append(rule.kind)
        self.marks: dict[tuple[bool, str], Hashable] = {}
        self.is_plain = not any(rule.kind in {"lead", "not_lead", "go", "not_go"} for rule in rules)

    def of(self, bundle: list[Rule]) -> Hashable:
        """Equal for bundles that are as good as the same; None for one that is like no other."""
        subjects = {(rule.kind in UNIT_KINDS, rule.key) for rule in bundle if rule.kind in VILLAGE_KINDS | UNIT_KINDS}
        if (
            not self.is_plain
            or len(subjects) != 1
            or any(rule.kind not in VILLAGE_KINDS | UNIT_KINDS for rule in bundle)
        ):
            return None
        (subject,) = subjects
        if subject not in self.marks:
            self.marks[subject] = self._unit_mark(subject[1]) if subject[0] else self._village_mark(subject[1])
        mark = self.marks[subject]
        return None if mark is None else (tuple(sorted(rule.kind for rule in bundle)), tuple(self.held[subject]), mark)

    def _village_mark(self, village: str) -> Hashable:
        if village in self.question.special:
            return None
        size = self.question.problem.villages[village].size
        return size, tuple(self.question.units_for(village))

    def _unit_mark(self, unit: str) -> Hashable:
        problem, kinds = self.question.problem, [kind for kind in self.question.kinds if kind.unit == unit]
        linked = problem.units[unit].partners or any(unit in one.partners for one in problem.units.values())
        if linked or any(kind.home_village or kind.home_township or kind.is_limited or kind.person for kind in kinds):
            return None
        people = tuple(sorted((kind.leads, self.question.kinds[kind]) for kind in kinds))
        return problem.units[unit].capacity, people, tuple(v for v in self.question.served if unit in self.led[v])

    @cached_property
    def led(self) -> dict[str, set[str]]:
        """The units that may lead in each village that must have a team."""
        return {village: set(self.question.units_for(village)) for village in self.question.served}
