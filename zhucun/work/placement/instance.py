"""A round as the optimiser sees it: villages by code, units by name, people by 人员编号; and back to words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from zhucun.base.directory.models import Standing, Village
from zhucun.base.people.models import DEPUTY_SECTION, PARTY, Person, Record
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import ONE_DAY, age_on
from zhucun.work.teams.models import Posting, Team

from . import rules
from .eligible import Judged, judged_in
from .models import Candidate, Lock, Need, Quota, Round
from .optimiser import problem as p
from .optimiser.reading import document

Weights = Mapping[str, int]


@dataclass(frozen=True)
class Instance:
    """The problem, and the rows its ids stand for; `out` are those put forward who may not take part."""

    problem: p.Problem
    needs: Mapping[str, Need]
    quotas: Mapping[str, Quota]
    candidates: Mapping[str, Candidate]
    judged: Mapping[Candidate, Judged]
    classes: Mapping[str, str]
    weights: Weights
    keep_bonus: int

    def name(self, key: str) -> str:
        """How people call what has this id."""
        if key in self.needs:
            return self.needs[key].village.name
        return self.everybody[key].person.name if key in self.everybody else key

    @cached_property
    def fingerprint(self) -> str:
        """Tells whether two instances are the same: 64 hexadecimal digits."""
        text = json.dumps(document(self.problem), sort_keys=True, ensure_ascii=False)
        return sha256(text.encode(errors="replace")).hexdigest()

    @cached_property
    def everybody(self) -> dict[str, Candidate]:
        """All who were put forward by 人员编号, those too who may not take part."""
        return {row.person.number: row for row in self.judged}

    def troubles(self, village: str) -> rules.Troubles:
        """The three scores of a village."""
        return troubles_of(self.needs[village])

    @property
    def out(self) -> dict[Candidate, Judged]:
        """Those put forward who may not take part."""
        return {row: known for row, known in self.judged.items() if known.refusals}


def troubles_of(need: Need) -> rules.Troubles:
    """The three scores of a need."""
    return rules.Troubles(need.poor, need.weak, need.disorderly)


def current_weights(round: Round) -> dict[str, int]:
    """The weights of the policy in force on the round's first day in its county."""
    return rules.weights_of(policy.on(round.starts_on, rules.PlacementPolicy, area=round.county_id))


def build(round: Round, weights: Weights) -> Instance:
    """The whole round in a bounded number of queries."""
    needs = {row.village_id: row for row in round.needs.select_related("village__township")}
    quotas = {row.unit.name: row for row in round.quotas.select_related("unit").prefetch_related("partners")}
    known = judged_in(round)
    part = {row.person.number: row for row, one in known.items() if not one.refusals}
    classes = dict(Standing.objects.on(round.starts_on).filter(village__in=needs).values_list("village", "category"))
    numbers = policy.on(round.starts_on, rules.PlacementPolicy, area=round.county_id)
    groups = rules.groups_of(numbers.groups)
    asked = {village: rules.wanted(need.skills, groups) for village, need in needs.items()}
    homes = dict(
        Village.objects.filter(pk__in={known[row].home_village for row in part.values()}).values_list("pk", "township")
    )
    wants = sorted({skill for skills in asked.values() for skill in skills})
    people = {
        number: _candidate(
            row,
            known[row],
            weights,
            homes,
            _skills(row.person, known[row], round.starts_on, weights, wants, groups),
            row.spouse.number if row.spouse and row.spouse.number in part else "",
        )
        for number, row in part.items()
    }
    built = p.Problem(
        villages={code: p.Village(need.size, need.village.township_id, need.remote) for code, need in needs.items()},
        units=_units(quotas, part),
        candidates=people,
        scores=p.Scores(
            unit_village=_unit_village(quotas, needs, classes, weights, _led(round)),
            person_village=_person_village(round, part, needs, weights),
            skill_tiers={code: rules.tiers(skills, weights) for code, skills in asked.items()},
            joint_penalty=weights["joint_penalty"],
            stay_bonus=weights["stay_bonus"],
        ),
        locks=_locks(round, part, known),
        previous=_previous(round, part),
    )
    return Instance(built, needs, quotas, part, known, classes, weights, numbers.keep_bonus)


def _units(quotas: Mapping[str, Quota], part: Mapping[str, Candidate]) -> dict[str, p.Unit]:
    """Units with a quota, and those that only lend people: they lead none."""
    names = {*quotas, *(row.unit.name for row in part.values())}
    partners = {name: tuple(sorted(unit.name for unit in row.partners.all())) for name, row in quotas.items()}
    return {
        name: p.Unit(
            quotas[name].capacity if name in quotas else 0,
            tuple(other for other in partners.get(name, ()) if other in names and other != name),
        )
        for name in sorted(names)
    }


def _candidate(
    row: Candidate, known: Judged, weights: Weights, homes: Mapping[str, str], skills, spouse: str
) -> p.Candidate:
    record = known.record
    assert record is not None  # whoever has none takes no part
    home = known.home_village
    return p.Candidate(
        unit=row.unit.name,
        leader_ok=row.may_lead,
        leader_bonus=leader_bonus(record, weights) if row.may_lead else 0,
        skills=skills,
        home_village=home,
        home_township=homes.get(home, ""),
        health_limited=known.health_limited,
        spouse=spouse,
    )


def leader_bonus(record: Record, weights: Weights) -> int:
    """What somebody is worth as a leader, in tenths of a point."""
    return (
        weights["leader_rank"] * (record.rank in DEPUTY_SECTION)
        + weights["leader_rural"] * record.rural
        + weights["leader_relief"] * record.poverty_relief
    )


def _skills(person: Person, known: Judged, day: date, weights: Weights, asked, groups) -> dict[str, int]:
    record = known.record
    assert record is not None
    holds = {
        "women": person.sex == Person.Sex.FEMALE,
        "young": age_on(person.born, day) <= weights["young_age"],
        "party": record.political in PARTY,
        "rural": record.rural,
        "relief": record.poverty_relief,
    }
    found = rules.points(record.major, record.skills, asked, groups)
    return found | {f"={name}": 1 for name, so in holds.items() if so}


def _unit_village(quotas, needs, classes, weights: Weights, led: set[tuple[str, str]]) -> dict[str, dict[str, int]]:
    return {
        name: {
            code: rules.unit_village(row.unit.category, troubles_of(need), classes.get(code, ""), weights)
            + weights["led_before"] * ((name, code) in led)
            for code, need in needs.items()
        }
        for name, row in quotas.items()  # a quota of 0 too: that is what then stands in the way, not a missing score
    }


def _led(round: Round) -> set[tuple[str, str]]:
    """(unit name, village code) of the teams in force on the day before the round begins."""
    teams = Team.objects.on(round.starts_on - ONE_DAY).filter(county=round.county_id)
    return set(teams.values_list("lead_unit__name", "village"))


def _person_village(round: Round, part, needs, weights: Weights) -> dict[str, dict[str, int]]:
    by_person = {row.person_id: number for number, row in part.items()}
    been = Posting.objects.filter(person__in=by_person, start__lt=round.starts_on)
    known = {(by_person[person], town) for person, town in been.values_list("person", "team__village__township")}
    found: dict[str, dict[str, int]] = {}
    for number, row in part.items():
        for code, need in needs.items():
            town = need.village.township_id
            worth = weights["preference"] * (row.preference_id == town) + weights["familiar"] * (
                (number, town) in known
            )
            if worth:
                found.setdefault(number, {})[code] = worth
    return found


def _previous(round: Round, part) -> dict[str, str]:
    """The village each one is in on the day before the round begins."""
    by_person = {row.person_id: number for number, row in part.items()}
    rows = Posting.objects.on(round.starts_on - ONE_DAY).filter(person__in=by_person)
    return {by_person[person]: village for person, village in rows.values_list("person", "team__village")}


def _locks(round: Round, part, known: Mapping[Candidate, Judged]) -> p.Locks:
    """What the meeting fixed, and villages ruled out because of relatives; people who take no part are passed over."""
    found: dict[str, set] = {kind: set() for kind in Lock.Kind.values}
    for lock in round.locks.select_related("unit", "candidate__person"):
        number = lock.candidate.person.number if lock.candidate else ""
        if lock.kind == Lock.Kind.OUT:
            found[lock.kind] |= {number} & set(part)
        elif lock.unit:
            found[lock.kind].add((lock.unit.name, lock.village_id))
        elif number in part or lock.kind == Lock.Kind.PERSON:
            found[lock.kind].add((number, lock.village_id))
    for number, row in part.items():
        if known[row].relatives_in:
            found[Lock.Kind.BAN_PERSON].add((number, known[row].relatives_in))
    return p.Locks(**{kind: frozenset(pairs) for kind, pairs in found.items()})
