"""Invented instances of 分村选队 by seed: a county, a prefecture of counties, a province of prefectures.

Numbers follow the product: need 0–100 by the unit's category times the class factor, ten tenths to a point.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhucun.work.placement.optimiser.problem import Candidate, Problem, Scores, Unit, Village

CLASSES = ((115, 0.15), (130, 0.30), (100, 0.55))
"""Factor in percent and share of 示范村, 重点村, 一般村."""
SKILLS = ("agriculture", "industry", "law", "party_work", "finance", "teaching")
BALANCE = {"woman": 0.3, "young": 0.3, "party_member": 0.7, "rural": 0.35, "relief": 0.25}
"""Share of people with each trait that a team should have at least one or two of."""
JOINT_PENALTY, STAY_BONUS = 40, 100


@dataclass(frozen=True)
class Sizes:
    """How many of everything: villages and units per county, units of cities and of the province."""

    villages: int = 91
    units: int = 66
    city_units: int = 0
    province_units: int = 0


class Row(Mapping[str, int]):
    """Scores of one unit for villages that lie side by side: a view into an array, for sizes at which dicts are too large."""

    __slots__ = ("_ids", "_place", "_start", "_values")

    def __init__(self, ids: list[str], place: dict[str, int], start: int, values: np.ndarray) -> None:
        self._ids, self._place, self._start, self._values = ids, place, start, values

    def __getitem__(self, village: str) -> int:
        at = self._place[village] - self._start
        if not 0 <= at < len(self._values):
            raise KeyError(village)
        return int(self._values[at])

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids[self._start : self._start + len(self._values)])

    def __len__(self) -> int:
        return len(self._values)

    def values(self) -> Any:
        """All scores in the order of the villages."""
        return self._values.tolist()

    def items(self) -> Any:
        """Pairs of village and score."""
        return list(zip(self, self._values.tolist(), strict=True))


@dataclass
class _Country:
    """What is being made; villages of a county, a city or the province lie side by side."""

    dice: np.random.Generator
    sizes: Sizes
    ids: list[str] = field(default_factory=list)
    villages: dict[str, Village] = field(default_factory=dict)
    needs: list[np.ndarray] = field(default_factory=list)
    factors: list[int] = field(default_factory=list)
    tiers: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    reach: dict[str, tuple[int, int]] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    wishes: dict[str, dict[str, int]] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)


def county(seed: int, sizes: Sizes | None = None) -> Problem:
    """One county: 91 villages, 66 units, about 320 candidates; plain dicts. Same seed, same problem."""
    return _finished(_Country(np.random.default_rng(seed), sizes or Sizes()), [1])


def prefecture(seed: int, counties: int = 13, sizes: Sizes | None = None) -> Problem:
    """Counties side by side, and city units whose people may go to any of them: 1,196 villages, about 4,200 candidates."""
    given = sizes or Sizes(villages=92, units=61, city_units=65)
    return _finished(_Country(np.random.default_rng(seed), given), [counties])


def province(seed: int, prefectures: int = 10, counties: int = 132, sizes: Sizes | None = None) -> Problem:
    """Prefectures side by side, and units of the province: 12,012 villages, about 40,600 candidates, 4.2 million pairs."""
    given = sizes or Sizes(villages=91, units=57, city_units=48, province_units=320)
    shares = [len(part) for part in np.array_split(np.arange(counties), prefectures)]
    return _finished(_Country(np.random.default_rng(seed), given), shares)


def _finished(made: _Country, shares: list[int]) -> Problem:
    for city, counties in enumerate(shares, start=1):
        first = len(made.ids)
        for number in range(1, counties + 1):
            start = len(made.ids)
            _villages(made, f"{city:02}{number:02}")
            _units(made, f"C{city:02}{number:02}", made.sizes.units, start)
        _units(made, f"B{city:02}", made.sizes.city_units, first)
    _units(made, "A", made.sizes.province_units, 0)
    _couples(made)
    place = {village: at for at, village in enumerate(made.ids)}
    rows = {unit: _row(made, place, unit) for unit in made.units}
    small = len(made.ids) <= 250
    unit_village = {unit: dict(row) if small else row for unit, row in rows.items()}
    scores = Scores(unit_village, made.wishes, made.tiers, JOINT_PENALTY, STAY_BONUS)
    return Problem(made.villages, made.units, made.candidates, scores, previous=made.previous)


def _villages(made: _Country, county: str) -> None:
    dice, n = made.dice, made.sizes.villages
    needs = np.clip(dice.normal(45, 22, (n, 3)), 0, 100).round()
    factors = dice.choice([factor for factor, _ in CLASSES], n, p=[share for _, share in CLASSES])
    sizes = dice.choice([2, 3, 4], n, p=[0.13, 0.74, 0.13])
    for at in range(n):
        village = f"V{county}{at + 1:03}"
        made.ids.append(village)
        made.villages[village] = Village(int(sizes[at]), f"T{county}{at // 8 + 1:02}", bool(dice.random() < 0.12))
        made.needs.append(needs[at])
        made.factors.append(int(factors[at]))
        made.tiers[village] = _tiers(dice)


def _tiers(dice: np.random.Generator) -> dict[str, tuple[int, ...]]:
    """What skills are worth in a village: two or three it needs, and a balanced team."""
    wanted = dice.choice(len(SKILLS), int(dice.integers(2, 4)), replace=False)
    tiers = {}
    for skill in sorted(wanted.tolist()):
        top = int(dice.integers(4, 9)) * 10
        tiers[SKILLS[skill]] = (top, top // 2, top // 6)
    return tiers | {"woman": (30,), "young": (20, 10), "party_member": (20, 10), "rural": (25, 10), "relief": (20,)}


def _units(made: _Country, prefix: str, count: int, start: int) -> None:
    """Units of one level, whose people may go to the villages from `start` to the last one made."""
    dice = made.dice
    names = [f"{prefix}u{at + 1:03}" for at in range(count)]
    for at, unit in enumerate(names):
        capacity = int(dice.choice([1, 2, 3], p=[0.62, 0.3, 0.08]))
        partners = (names[(at + 1) % count],) if count > 1 and dice.random() < 0.08 else ()
        made.units[unit] = Unit(capacity, partners)
        made.reach[unit] = (start, len(made.ids))
        people = 3 * capacity + int(dice.choice([-1, 0, 1, 2], p=[0.12, 0.43, 0.32, 0.13]))
        for number in range(max(people, 2)):
            _person(made, unit, f"{unit}p{number + 1:02}", first=number < capacity)


def _person(made: _Country, unit: str, person: str, *, first: bool) -> None:
    dice, (start, stop) = made.dice, made.reach[unit]
    home = made.ids[int(dice.integers(start, stop))] if dice.random() < 0.6 else ""
    skills = {SKILLS[at]: int(dice.integers(1, 3)) for at in dice.choice(len(SKILLS), 2, replace=False).tolist()}
    skills |= {trait: 1 for trait, share in BALANCE.items() if dice.random() < share}
    leads = first or bool(dice.random() < 0.3)
    made.candidates[person] = Candidate(
        unit=unit,
        leader_ok=leads,
        leader_bonus=int(dice.integers(0, 9)) * 5 if leads else 0,
        skills=skills,
        home_village=home,
        home_township=made.villages[home].township if home else "",
        health_limited=bool(dice.random() < 0.05),
    )
    made.wishes[person] = _wishes(made, home, start, stop)
    if dice.random() < 0.12:
        made.previous[person] = made.ids[int(dice.integers(start, stop))]


def _wishes(made: _Country, home: str, start: int, stop: int) -> dict[str, int]:
    """The dialect of the home township counts 15, each of three preferred villages 10 to 30."""
    near = made.ids.index(home, start, stop) if home else start
    town = made.villages[home].township if home else ""
    around = made.ids[max(start, near - 7) : min(stop, near + 8)] if home else []
    wishes = {one: 15 for one in around if made.villages[one].township == town and one != home}
    for at in made.dice.integers(start, stop, 3).tolist():
        wishes[made.ids[at]] = wishes.get(made.ids[at], 0) + int(made.dice.integers(2, 7)) * 5
    return wishes


def _couples(made: _Country) -> None:
    """A couple in a hundred people: half of them in neighbouring units, half further away, across counties too."""
    names = list(made.candidates)
    for at in made.dice.choice(len(names), len(names) // 100, replace=False).tolist():
        away = int(made.dice.integers(6, 12 if made.dice.random() < 0.5 else 400))
        one, other = names[at], names[(at + away) % len(names)]
        if not made.candidates[one].spouse and not made.candidates[other].spouse:
            _marry(made.candidates, one, other)


def _marry(candidates: dict[str, Candidate], one: str, other: str) -> None:
    for person, spouse in ((one, other), (other, one)):
        old = candidates[person]
        parts = {name: getattr(old, name) for name in Candidate.__dataclass_fields__}
        candidates[person] = Candidate(**(parts | {"spouse": spouse}))


def _row(made: _Country, place: dict[str, int], unit: str) -> Row:
    """floor(10 · need · factor / 100), a little for having been there, a little less for distance."""
    dice, (start, stop) = made.dice, made.reach[unit]
    needs, factors = np.array(made.needs[start:stop]), np.array(made.factors[start:stop])
    category = int(dice.choice(4, p=[0.35, 0.25, 0.15, 0.25]))
    need = needs[:, category] if category < 3 else 0.4 * needs.mean(axis=1)
    value = np.floor(10 * need * factors / 100).astype(np.int32)
    value += np.where(dice.random(stop - start) < 0.03, 60, 0) - dice.integers(0, 30, stop - start)
    return Row(made.ids, place, start, value)
