"""A Result of a Problem: the best plan with its proof, or the best partial plan and the proof that there is no whole one."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from .baselines import Placed, quick_plans
from .columns import Columns
from .exact import Hunt, Outcome, optimise
from .master import Empties
from .problem import Problem
from .result import Result, Team
from .root import Clock, root
from .scoring import breakdown
from .stop import Stop
from .tables import NEVER, Ints, Tables, legal, tables
from .teams import Deadline, Teams, joined, no_teams

TO_PROOF = Stop()
LEFT_OUT = 5_000
"""What a village without a team costs at least while plans are compared, in tenths."""
PARTIAL_GAP, SMALL = 0.02, 1_000
"""So near to its best, as a share of its points, is near enough for a partial plan; with few teams it is found exactly."""
SOME = 1e-6
"""Shares of villages without a team from here on are no rounding error."""
GRACE, GRACE_SHARE = 30.0, 0.2
"""Seconds, at most, and share of the caller's for finding any whole plan or proving that there is none, after these are over."""


def solve(
    problem: Problem,
    *,
    stop: Stop = TO_PROOF,
    seed: int = 0,
    progress: Callable[[str, float], None] | None = None,
    start: Mapping[str, Team] | None = None,
) -> Result:
    """The best plan of a county, proven unless `stop` allows less; the same for the same problem and seed.

    `progress` is told what is being done and which share of the work lies behind, 0 to 1. `start` is a plan to begin
    with, of this or a similar problem; what no longer keeps the rules is left out. When no plan keeps all rules the
    status is “infeasible”, and `teams` is the best partial plan: the fewest villages without a team, then most points.
    """
    began = time.monotonic()
    grace = min(GRACE, GRACE_SHARE * stop.seconds)
    clock = Clock(stop.gap, began + stop.seconds, progress or (lambda text, share: None), grace)
    clock.tell("正在列出合规的工作队", 0.0)
    arrays = tables(problem)
    outcome, short = _solved(arrays, seed, clock, start or {})
    result = _result(problem, arrays, outcome, short, seed, time.monotonic() - began)
    clock.tell("方案已定", 1.0)
    return result


def _solved(arrays: Tables, seed: int, clock: Clock, start: Mapping[str, Team]) -> tuple[Outcome, bool]:
    """The best plan, and whether it is proven that every plan leaves a village out."""
    villages = len(arrays.villages)
    if not villages:
        return Outcome(no_teams(0), 0, 0), False
    columns = Columns(arrays, deadline=Deadline(clock.ends))
    known = known_teams(arrays, columns.width, start)
    plan = known if len(known) == villages and _fits(arrays, known) else None
    spare, most = _spare(arrays, columns.width), int(columns.at_most().sum())
    is_whole = len(spare) == villages
    if is_whole and _fullness(spare)[1] >= most:
        return Outcome(spare, most, most), False
    clock.tell("正在为村、单位和人员求价格", 0.1)
    empties = lenient(columns)
    base = root(columns, empties, seed, known, clock)
    if base.empty < SOME or is_whole or plan is not None:
        outcome = optimise(Hunt(columns, empties, base, seed, clock, spare=spare if is_whole else None), plan)
        if outcome.is_whole(columns):
            return replace(outcome, bound=min(outcome.bound, most)), False
    outcome, short = _short(columns, seed, clock, base.teams)
    return _fuller(outcome, spare), short


def _spare(arrays: Tables, width: int) -> Teams:
    """The best plan, whole or not, among those that are made at once."""
    return max((_teams(arrays, width, plan) for plan in quick_plans(arrays)), key=_fullness)


def _teams(arrays: Tables, width: int, plan: Placed) -> Teams:
    """The teams of a plan, with their values."""
    teams = no_teams(width)
    if plan:
        people = np.array([list(members) + [-1] * (width - len(members)) for _, _, members in plan], np.int64)
        village, unit = (np.array([one[n] for one in plan], np.int64) for n in (0, 1))
        teams = _valued(arrays, Teams(village, unit, people, np.zeros(len(plan), np.int64)))
    return teams


def _fullness(teams: Teams) -> tuple[int, int]:
    """Of partial plans the one with more villages is better, of these the one with more points."""
    return len(teams), int(teams.value.sum())


def _fuller(outcome: Outcome, spare: Teams | None) -> Outcome:
    """The outcome with the plan that serves more villages, or earns more with as many."""
    if spare is None or (outcome.teams is not None and _fullness(outcome.teams) >= _fullness(spare)):
        return outcome
    return replace(outcome, teams=spare)


def _short(columns: Columns, seed: int, clock: Clock, first: Teams) -> tuple[Outcome, bool]:
    """The plan with the fewest villages left out and, of these, about the most points; whether it is proven short.

    The fewest are found first, at a price beside which points hardly count; then the best plan with so few.
    """
    clock.tell("正在查找不得不空缺的村", 0.4)
    patient = replace(clock, gap=0.0, ends=max(clock.ends, time.monotonic() + clock.grace))
    columns.deadline.ends = patient.ends
    empties = strict(columns)
    base = root(columns, empties, seed, first, patient)
    fewest = optimise(Hunt(columns, empties, base, seed, patient, slack=-empties.value * 9 // 10))
    if fewest.teams is None:
        return fewest, False
    left = Empties(len(columns.tables.villages) - len(fewest.teams), 0, empties.least)
    base = root(columns, left, seed, joined([base.teams, fewest.teams]), patient)
    rough = PARTIAL_GAP if left.count and len(base.teams) > SMALL else 0.0
    about = replace(patient, gap=max(clock.gap, rough))
    return optimise(Hunt(columns, left, base, seed, about), fewest.teams), fewest.bound < empties.least


def lenient(columns: Columns) -> Empties:
    """A village without a team costs more than one more team can earn: mild numbers, good for prices."""
    best = max(int(columns.at_most().max(initial=0)), 0)
    return Empties(len(columns.tables.villages), -LEFT_OUT - 2 * best, _least(columns.tables))


def strict(columns: Columns) -> Empties:
    """A village without a team costs ten times what two plans can differ: fewest first."""
    best, least = np.maximum(columns.at_most(), 0), _least(columns.tables)
    return Empties(len(best), -10 * (int(best.sum()) - min(least, 0) + 1), least)


def _least(arrays: Tables) -> int:
    """What a plan of all villages is worth at least, in tenths; no rule is looked at."""

    def lowest(values: Ints) -> Ints:
        found: Ints = np.where(legal(values), values, 0).min(axis=1, initial=0)
        return found

    skills = arrays.worth.min(axis=2).sum(axis=1)
    people = lowest(arrays.fit) - max(arrays.joint_penalty, 0)
    return int((lowest(arrays.served.T) + lowest(arrays.lead) + skills + arrays.size * people).sum())


def known_teams(arrays: Tables, width: int, start: Mapping[str, Team]) -> Teams:
    """Those teams of a plan that keep the rules of a team."""
    villages, units, people = (
        {one: n for n, one in enumerate(ids)} for ids in (arrays.villages, arrays.units, arrays.people)
    )
    found = [no_teams(width)]
    for name, team in sorted(start.items()):
        if name not in villages or team.unit not in units or not set(team.members) <= set(people):
            continue
        village, unit, members = villages[name], units[team.unit], sorted(people[one] for one in set(team.members))
        if len(members) == arrays.size[village] > 0 and set(members) <= set(arrays.pools[unit].tolist()):
            padded = np.array([members + [-1] * (width - len(members))])
            found.append(Teams(np.array([village]), np.array([unit]), padded, np.zeros(1, np.int64)))
    teams = _valued(arrays, joined(found))
    apart = [not any({*couple} <= {*team} for couple in arrays.couples) for team in teams.people.tolist()]
    return teams.pick(legal(teams.value) & np.array(apart, np.bool_))


def _valued(arrays: Tables, teams: Teams) -> Teams:
    """The same teams with their values, NEVER where a rule forbids one."""
    village, unit, people, there = teams.village[:, None], teams.unit[:, None], teams.people, teams.people >= 0
    strange = there & (arrays.own[people] != unit)
    lead = np.where(there & ~strange, arrays.lead[village, people], NEVER).max(axis=1, initial=NEVER)
    points = np.where(there[:, :, None], arrays.points[people], 0).sum(axis=1)
    counts = np.minimum(points, arrays.worth.shape[2] - 1)
    value = arrays.served[teams.unit, teams.village] + lead - arrays.joint_penalty * strange.sum(axis=1)
    value += np.where(there, arrays.fit[village, people], 0).sum(axis=1)
    value += arrays.worth[village, np.arange(counts.shape[1]), counts].sum(axis=1)
    for n, (place, team) in enumerate(zip(teams.village.tolist(), people.tolist(), strict=True)):
        if not set(arrays.must[place]) <= {one for one in team if one >= 0}:
            value[n] = NEVER
    return replace(teams, value=np.where(legal(value), value, NEVER))


def _fits(arrays: Tables, teams: Teams) -> bool:
    """Whether these teams can all be at once: no unit, person or couple too often."""
    led = np.bincount(teams.unit, minlength=len(arrays.units))
    posted = np.bincount(teams.people[teams.people >= 0], minlength=len(arrays.people))
    alone = all(posted[one] + posted[other] <= 1 for one, other in arrays.couples)
    return bool((led <= arrays.capacity).all() and (posted <= 1).all() and alone)


def _result(problem: Problem, arrays: Tables, outcome: Outcome, short: bool, seed: int, seconds: float) -> Result:
    teams = as_plan(arrays, outcome.teams) if outcome.teams is not None else {}
    scores = {village: breakdown(problem, village, team) for village, team in teams.items()}
    if len(teams) < len(arrays.villages) or arrays.lost_locks:
        unproven = () if short or arrays.lost_locks else ("时间用完，没有找到每个村都有工作队的方案，也没有证明无解。",)
        return Result("infeasible", seed, seconds, teams=teams, scores=scores, problems=unproven)
    objective = sum(one.total for one in scores.values())
    status = "optimal" if outcome.bound <= objective else "feasible"
    return Result(status, seed, seconds, objective, max(outcome.bound, objective), teams, scores)


def as_plan(arrays: Tables, teams: Teams) -> dict[str, Team]:
    """Teams by village id, each with its best leader; of equals the first by id."""
    plan = {}
    for village, unit, people in zip(teams.village.tolist(), teams.unit.tolist(), teams.people.tolist(), strict=True):
        members = [one for one in people if one >= 0]
        able = [one for one in members if arrays.own[one] == unit]
        leader = max(able, key=lambda one: (int(arrays.lead[village, one]), -one))
        names = tuple(arrays.people[one] for one in members)
        plan[arrays.villages[village]] = Team(arrays.units[unit], arrays.people[leader], names)
    return dict(sorted(plan.items()))
