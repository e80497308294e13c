"""Why there is no plan: smallest sets of rules that cannot hold together, and single rules whose loosening would help."""

import time
from collections.abc import Callable, Mapping

from .diagnosis_part import part
from .diagnosis_question import Question
from .diagnosis_rules import EASE, LOCKS, Rule, may_lead, rules_of
from .diagnosis_search import Found, Rules, Search
from .diagnosis_words import sentence
from .problem import Problem
from .result import Conflict, Team

QUESTIONS = 1_500
"""How many sets of rules are tried at most; a county needs 30 to 300."""
SECONDS = 60.0
"""A safety net above QUESTIONS: nothing new is asked after it."""

CONFLICTS = 3
REPAIRS = 12
"""So many conflicts, and repairs, are named at most."""

LONG = 40
"""A conflict of more rules than this is a shortage all over: no other order is tried to find a smaller one."""

WHOLE = 300
"""Up to so many villages the whole problem is looked at, above only the surroundings of villages left without a team."""
PARTS = (30, 100, 300)
"""How many villages around those left out are looked at, until their rules are found not to hold together."""


def diagnose(
    problem: Problem,
    name: Callable[[str], str] = str,
    teams: Mapping[str, Team] | None = None,
    seconds: float = SECONDS,
) -> tuple[tuple[Conflict, ...], tuple[str, ...]]:
    """Conflicts and repairs of a problem without a plan, rules by id (“H5:U1”); both empty where nothing was found.

    A conflict is a set of rule instances that cannot hold together even if nothing else did, and could if any one of
    them were left away; its sentence says so where there was no time to show that. A rule left away means: H1 the
    village may go without a team, H2 the leader alone is a team, H3 anybody of the unit may lead, H5 the unit may lead
    any number, H7 any unit may take the village, H10 anybody may join the unit's teams, the others do not apply.
    That nobody is in two teams (H6) is never left away.

    A repair is one rule instance whose loosening alone makes a plan possible: H5 one team more, H2 one person fewer,
    the others left away; H1, a village without a team, only where nothing else helps. The easiest come first.

    `name` says how an id is shown in sentences. `teams` is the best partial plan: with more than WHOLE villages only
    the surroundings of the villages it leaves out are looked at, and no repairs are named. After `seconds` nothing new
    is asked.
    """
    search, rules = _failing(problem, teams or {}, min(seconds, SECONDS))
    if not rules:
        return (), ()
    found = _conflicts(search, rules)
    repairs = _repairs(search, rules, found) if search.problem is problem else ()
    return tuple(_told(search.problem, one, name) for one in found), tuple(rule.id for rule in repairs)


def _failing(problem: Problem, teams: Mapping[str, Team], seconds: float) -> tuple[Search, Rules]:
    """The problem, or the part of a large one, whose rules cannot hold together; no rules when none was found."""
    ends = time.monotonic() + seconds
    search = Search(problem, QUESTIONS, ends)
    if len(problem.villages) <= WHOLE:
        rules = frozenset(rules_of(problem))
        return search, rules if search.fails(rules) else frozenset()
    for most in PARTS:
        some, rules = part(problem, teams, most)
        search = Search(some, QUESTIONS, ends)
        if search.fails(rules):
            return search, rules
    return search, frozenset()


def _conflicts(search: Search, rules: Rules) -> list[Found]:
    """A smallest conflict, of locks alone where there is one; then one that shares no more than villages' needs with it."""
    found: list[Found] = []
    while len(found) < CONFLICTS and search.fails(rules):
        locks = frozenset(rule for rule in rules if rule.kind in LOCKS)
        found.append(_smaller(search, locks if search.fails(locks) else rules))
        loose = {rule for rule in found[-1].rules if rule.kind not in {"H1", "H2"}}
        if not loose:
            break
        rules -= loose
    return found


def _smaller(search: Search, rules: Rules) -> Found:
    """The smaller of what two orders of leaving away lead to: easily served villages first, and last."""
    choices = {rule: _choices(search.problem, rule) for rule in rules}
    rank = {rule: at for at, rule in enumerate(sorted(rules, key=lambda rule: rule.order, reverse=True))}
    first = search.smallest(rules, lambda rule: (-choices[rule], rank[rule]))
    if len(first.rules) > LONG:
        return first
    second = search.smallest(rules, lambda rule: (choices[rule], rank[rule]))
    return min(first, second, key=lambda one: (not one.is_smallest, len(one.rules)))


def _choices(problem: Problem, rule: Rule) -> int:
    """How many units may serve the village of a rule."""
    if rule.kind not in {"H1", "H2", "H7"}:
        return 0
    return sum(may_lead(problem, unit, rule.key) for unit in problem.units)


def _repairs(search: Search, rules: Rules, found: list[Found]) -> list[Rule]:
    """Only a rule of every conflict can be one."""
    common = sorted(frozenset.intersection(*(one.rules for one in found)), key=lambda r: (EASE.index(r.kind), r.order))
    needs = [rule for rule in common if rule.kind == "H1"]
    return _helping(search, rules, [rule for rule in common if rule.kind != "H1"]) or _helping(search, rules, needs)


def _helping(search: Search, rules: Rules, candidates: list[Rule]) -> list[Rule]:
    helping: list[Rule] = []
    for rule in candidates:
        if len(helping) < REPAIRS and _helps(search, rules, rule):
            helping.append(rule)
    return helping


def _helps(search: Search, rules: Rules, rule: Rule) -> bool:
    if rule.kind == "H2" and search.problem.villages[rule.key].size == 1:
        return False
    fails = search.fails(rules, rule) if rule.kind in {"H2", "H5"} else search.fails(rules - {rule})
    return fails is False


def _told(problem: Problem, found: Found, name: Callable[[str], str]) -> Conflict:
    rules = sorted(found.rules, key=lambda rule: rule.order)
    said = sentence(Question(problem, found.rules), name, found.is_smallest)
    return Conflict(tuple(rule.id for rule in rules), said)
