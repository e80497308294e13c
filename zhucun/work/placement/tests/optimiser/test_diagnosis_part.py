"""Of a large problem only the surroundings of what was left out are looked at; what is found there holds for the whole."""

from dataclasses import replace

import pytest

from zhucun.work.placement.optimiser import diagnosis
from zhucun.work.placement.optimiser.diagnosis import diagnose
from zhucun.work.placement.optimiser.diagnosis_part import OUTSIDE, part
from zhucun.work.placement.optimiser.diagnosis_rules import rules_of
from zhucun.work.placement.optimiser.diagnosis_search import Search
from zhucun.work.placement.optimiser.problem import Locks, Problem
from zhucun.work.placement.optimiser.result import Team
from zhucun.work.placement.tests.optimiser.counties import county


@pytest.fixture
def short() -> Problem:
    """Three villages of 24 that only U000 and U001 may take, which lead one team each."""
    problem = county(1)
    only = {name: replace(problem.villages[name], allowed_units=frozenset({"U000", "U001"})) for name in PLACES}
    few = {name: replace(problem.units[name], capacity=1) for name in ("U000", "U001")}
    return problem.replace(villages={**problem.villages, **only}, units={**problem.units, **few})


PLACES = ("V003", "V011", "V020")


def plan(problem: Problem, *left_out: str) -> dict[str, Team]:
    return {village: Team("U002", "x", ("x",)) for village in problem.villages if village not in left_out}


def test_the_rivals_of_a_village_left_out_are_found(short, monkeypatch):
    monkeypatch.setattr(diagnosis, "WHOLE", 10)
    monkeypatch.setattr(diagnosis, "PARTS", (6,))
    conflicts, repairs = diagnose(short, teams=plan(short, "V020"))
    assert [one.rules[:3] for one in conflicts] == [("H1:V003", "H1:V011", "H1:V020")]
    assert "V003、V011、V020只能由U000、U001两个单位承担，合起来只能牵头 2 支工作队" in conflicts[0].sentence
    assert repairs == ()  # only the whole problem could tell
    assert not any(OUTSIDE in rule for one in conflicts for rule in one.rules)
    named = frozenset(rule for rule in rules_of(short) if rule.id in conflicts[0].rules)
    search = Search(short, 100)
    assert search.fails(named)
    assert not any(search.fails(named - {rule}) for rule in named)


def test_contradictory_locks_are_found_though_no_village_is_named(short, monkeypatch):
    monkeypatch.setattr(diagnosis, "WHOLE", 10)
    locked = county(2).replace(locks=Locks(unit_village=frozenset({("U003", "V005"), ("U004", "V005")})))
    conflicts, _ = diagnose(locked, teams=plan(locked))
    assert [one.rules for one in conflicts] == [("H8:U003→V005", "H8:U004→V005")]


def test_where_nothing_was_left_out_nothing_is_found(short, monkeypatch):
    monkeypatch.setattr(diagnosis, "WHOLE", 10)
    assert diagnose(county(1), teams=plan(county(1))) == ((), ())


def test_strangers_may_still_help(short):
    some, rules = part(short, plan(short, "V020"), 6)
    assert len(some.candidates) == len(short.candidates)
    assert not any(rule.key == OUTSIDE for rule in rules)


def test_questions_run_out(short):
    search = Search(short, 0)
    assert search.fails(frozenset(rules_of(short))) is None
    found = search.smallest(frozenset(rules_of(short)), lambda rule: rule.order)
    assert not found.is_smallest
