"""Which hard rules rule a unit or a person out for a village, by rule instance (“H4a:p3”)."""

from collections.abc import Iterator

from .columns import Columns
from .problem import Problem
from .single import alone
from .tables import tables


def forbidding(problem: Problem, village: str, unit: str = "", person: str = "") -> list[str]:
    """The rules that keep this unit from leading in a village, or this person from its team; empty when none does.

    Empty exactly when there is such a team, were all other villages left aside. A capacity (H5) of 0 counts, and a
    spouse (H11) who is locked to some village.
    KeyError for unknown ids.
    """
    found = list(dict.fromkeys(_of_unit(problem, village, unit) if unit else _of_person(problem, village, person)))
    if found or Columns(tables(alone(problem, village, unit, person))).any_in(0):
        return found
    if unit:
        return list(dict.fromkeys(_of_pool(problem, village, unit))) or [f"H2:{village}"]
    leads = [one for one in sorted(problem.units) if problem.candidates[person].unit in _home(problem, one)]
    return list(dict.fromkeys(rule for one in leads for rule in _of_unit(problem, village, one))) or [f"H2:{village}"]


def _home(problem: Problem, unit: str) -> set[str]:
    return {unit, *problem.units[unit].partners}


def _of_unit(problem: Problem, village: str, unit: str) -> Iterator[str]:
    """What keeps the unit itself away, whoever its people are."""
    need, locks = problem.villages[village], problem.locks
    known = village in problem.scores.unit_village.get(unit, {})
    if not known or (need.allowed_units is not None and unit not in need.allowed_units):
        yield f"H7:{village}"
    if problem.units[unit].capacity < 1:
        yield f"H5:{unit}"
    if (unit, village) in locks.ban_unit_village:
        yield f"H8:ban:{unit}→{village}"
    yield from (f"H8:{one}→{village}" for one, place in sorted(locks.unit_village) if place == village and one != unit)
    for one, place in sorted(locks.person_village):
        if place == village and (
            one not in problem.candidates or problem.candidates[one].unit not in _home(problem, unit)
        ):
            yield f"H8:{one}→{village}"
            yield f"H10:{unit}"


def _of_person(problem: Problem, village: str, person: str) -> Iterator[str]:
    """What keeps the person away, whoever leads."""
    one, need, locks = problem.candidates[person], problem.villages[village], problem.locks
    if one.home_village == village:
        yield f"H4a:{person}"
    if need.remote and one.health_limited:
        yield f"H9:{person}"
    if person in locks.person_out:
        yield f"H8:out:{person}"
    if (person, village) in locks.ban_person_village:
        yield f"H8:ban:{person}→{village}"
    places = {place for who, place in locks.person_village if who == person}
    if village not in places:
        yield from (f"H8:{person}→{place}" for place in sorted(places))
    posted = {who for who, _ in locks.person_village}
    married = {who for who, other in problem.candidates.items() if other.spouse == person} | {one.spouse}
    yield from (f"H11:{'+'.join(sorted((person, who)))}" for who in sorted(married & posted & set(problem.candidates)))
    others = sorted(who for who, place in locks.person_village if place == village and who != person)
    if len(others) >= need.size:
        yield from (f"H8:{who}→{village}" for who in others)
    if not any(one.unit in _home(problem, unit) for unit in problem.units):
        yield f"H10:{one.unit}"


def _of_pool(problem: Problem, village: str, unit: str) -> Iterator[str]:
    """Why the unit's people make no team there: nobody may lead, or too few may go."""
    own = list(problem.people_of(unit))
    able = [person for person in own if problem.candidates[person].leader_ok]
    if not able:
        yield f"H3:{unit}"
        return
    town = problem.villages[village].township
    barred = {person: list(_of_person(problem, village, person)) for person in able}
    for person in able:
        if problem.candidates[person].home_township and problem.candidates[person].home_township == town:
            barred[person].append(f"H4b:{person}")
    if all(barred.values()):
        yield from (rule for rules in barred.values() for rule in rules)
        return
    pool = [one for name in sorted(_home(problem, unit)) for one in problem.people_of(name)]
    yield from (rule for person in pool for rule in _of_person(problem, village, person))
    yield f"H2:{village}"
    yield f"H10:{unit}"
    yield from (
        f"H11:{'+'.join(sorted((one, problem.candidates[one].spouse)))}"
        for one in pool
        if problem.candidates[one].spouse in pool
    )
