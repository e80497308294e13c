"""The independent judge: which hard rules a plan breaks, read off the rules alone; shares no code with the solver."""

from collections import Counter
from collections.abc import Iterator, Mapping

from .problem import Problem
from .result import Team


def broken(problem: Problem, teams: Mapping[str, Team]) -> list[str]:
    """The rule instances a complete plan breaks (“H4a:p3”), each with what is wrong; empty means it keeps all of them."""
    return [*_of_villages(problem, teams), *_of_people(problem, teams), *_of_locks(problem, teams)]


def _of_villages(problem: Problem, teams: Mapping[str, Team]) -> Iterator[str]:
    for village, need in problem.villages.items():
        if village not in teams:
            yield f"H1:{village} 没有工作队"
            continue
        team = teams[village]
        unit, leader = problem.units.get(team.unit), problem.candidates.get(team.leader)
        if unit is None or village not in problem.scores.unit_village.get(team.unit, {}):
            yield f"H7:{village} 单位{team.unit}不能承担"
        if need.allowed_units is not None and team.unit not in need.allowed_units:
            yield f"H7:{village} 单位{team.unit}不在允许之列"
        if len(team.members) != need.size or len(set(team.members)) != len(team.members):
            yield f"H2:{village} 应有 {need.size} 人，实有 {len(team.members)} 人"
        if leader is None or team.leader not in team.members or not leader.leader_ok or leader.unit != team.unit:
            yield f"H3:{village} 队长{team.leader}不合要求"
        home = {team.unit, *(unit.partners if unit else ())}
        for person in team.members:
            candidate = problem.candidates.get(person)
            if candidate is None or candidate.unit not in home:
                yield f"H10:{person} 不属于牵头单位及其参与单位"
    yield from (f"H1:{village} 不在题目里" for village in teams if village not in problem.villages)


def _of_people(problem: Problem, teams: Mapping[str, Team]) -> Iterator[str]:
    led = Counter(team.unit for team in teams.values())
    yield from (
        f"H5:{unit} 牵头 {n} 支"
        for unit, n in led.items()
        if unit not in problem.units or n > problem.units[unit].capacity
    )
    posted = Counter(person for team in teams.values() for person in team.members)
    yield from (f"H6:{person} 在 {n} 支工作队" for person, n in posted.items() if n > 1)
    for village, team in teams.items():
        need = problem.villages.get(village)
        for person in team.members:
            candidate = problem.candidates.get(person)
            if candidate is None or need is None:
                continue
            if candidate.home_village == village:
                yield f"H4a:{person} 到了本人老家所在村"
            if person == team.leader and candidate.home_township and candidate.home_township == need.township:
                yield f"H4b:{person} 在老家所在乡镇任队长"
            if need.remote and candidate.health_limited:
                yield f"H9:{person} 身体原因不能到偏远村"
            if candidate.spouse and candidate.spouse in posted:
                yield f"H11:{person} 与配偶同时驻村"


def _of_locks(problem: Problem, teams: Mapping[str, Team]) -> Iterator[str]:
    locks = problem.locks
    where = {person: village for village, team in teams.items() for person in team.members}
    for unit, village in locks.unit_village:
        if village not in teams or teams[village].unit != unit:
            yield f"H8:{village} 没有锁定的单位{unit}"
    for unit, village in locks.ban_unit_village:
        if village in teams and teams[village].unit == unit:
            yield f"H8:{village} 用了排除的单位{unit}"
    for person, village in locks.person_village:
        if where.get(person) != village:
            yield f"H8:{person} 没有到锁定的村{village}"
    for person, village in locks.ban_person_village:
        if where.get(person) == village:
            yield f"H8:{person} 到了排除的村{village}"
    for person in locks.person_out:
        if person in where:
            yield f"H8:{person} 不参加选派却派了"
