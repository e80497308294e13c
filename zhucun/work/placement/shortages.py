"""What cannot work out in a round, whatever is computed: counted before anybody waits, and said with names."""

from collections.abc import Iterator
from dataclasses import dataclass

from .models import Round

NAMED = 8


@dataclass(frozen=True)
class Unit:
    """A unit's quota, and who could fill it: its own leaders, and the people of it and its partners."""

    name: str
    capacity: int
    leaders: int
    people: int


def of(round: Round) -> list[str]:
    """Sentences on villages, quotas, leaders and people that are too few; empty does not promise a plan."""
    sizes = list(round.needs.values_list("size", flat=True))
    units = list(_units(round))
    return [sentence for sentence in (*_in_all(round, sizes, units), *_of_units(sizes, units)) if sentence]


def _in_all(round: Round, sizes: list[int], units: list[Unit]) -> Iterator[str]:
    villages, seats, people = len(sizes), sum(sizes), round.candidates.count()
    teams = sum(unit.capacity for unit in units)
    if teams < villages:
        yield f"{villages} 个村要 {villages} 支工作队，各单位合起来只能牵头 {teams} 支，还差 {villages - teams} 支。"
    if people < seats:
        yield f"各村一共要 {seats} 人，只推荐了 {people} 人，还差 {seats - people} 人。"
    able = sum(min(unit.capacity, unit.leaders) for unit in units)
    if able < min(teams, villages):
        yield f"可任队长的人不够：各单位按自己可任队长的人数合起来只能牵头 {able} 支，{villages} 个村还差 {villages - able} 支。"


def _of_units(sizes: list[int], units: list[Unit]) -> Iterator[str]:
    """Units that cannot fill their quota; only told where the quotas are needed to the last one or nearly so."""
    spare = sum(min(unit.capacity, unit.leaders) for unit in units) - len(sizes)
    least = min(sizes, default=1)
    short = [unit for unit in units if unit.capacity and unit.people < unit.capacity * least]
    lost = sum(unit.capacity - unit.people // least for unit in short)
    if short and lost > spare:
        words = "、".join(
            f"{unit.name}（可牵头 {unit.capacity} 支，连同联合单位只有 {unit.people} 人）" for unit in short[:NAMED]
        )
        yield f"有的单位人手不够：{words}{'等' if len(short) > NAMED else ''}。请增加人选、加上可联合的单位，或减少名额、村的人数。"


def _units(round: Round) -> Iterator[Unit]:
    by_unit: dict = {}
    for unit, leads in round.candidates.values_list("unit", "may_lead"):
        leaders, people = by_unit.get(unit, (0, 0))
        by_unit[unit] = (leaders + leads, people + 1)
    for quota in round.quotas.select_related("unit").prefetch_related("partners"):
        pool = {quota.unit_id, *(unit.pk for unit in quota.partners.all())}
        people = sum(by_unit.get(unit, (0, 0))[1] for unit in pool)
        yield Unit(quota.unit.name, quota.capacity, by_unit.get(quota.unit_id, (0, 0))[0], people)
