"""What is to be decided: villages, units, candidates, scores and locks as plain values. Scores are tenths of a point."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Village:
    """A village that gets one team of `size` people; `allowed_units` None means any unit that has a score for it."""

    size: int
    township: str = ""
    remote: bool = False
    allowed_units: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A sending unit: how many teams it may lead, and whose people may join its teams."""

    capacity: int
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person put forward by a unit. `skills` are whole points by name; empty strings mean nothing is known."""

    unit: str
    leader_ok: bool = False
    leader_bonus: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    home_village: str = ""
    home_township: str = ""
    health_limited: bool = False
    spouse: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """The parts of the objective. A pair missing from `unit_village` cannot be; tiers never rise."""

    unit_village: Mapping[str, Mapping[str, int]]
    person_village: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    skill_tiers: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    joint_penalty: int = 0
    stay_bonus: int = 0


Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Locks:
    """What the meeting has fixed or ruled out; pairs are (unit or person, village)."""

    unit_village: Pairs = frozenset()
    ban_unit_village: Pairs = frozenset()
    person_village: Pairs = frozenset()
    ban_person_village: Pairs = frozenset()
    person_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """One instance, by id; `previous` is last year's village of a person. Iterate ids sorted: file order decides nothing."""

    villages: Mapping[str, Village]
    units: Mapping[str, Unit]
    candidates: Mapping[str, Candidate]
    scores: Scores
    locks: Locks = Locks()
    previous: Mapping[str, str] = field(default_factory=dict)

    def replace(self, **changes: Any) -> "Problem":
        """The same problem with some parts exchanged."""
        return replace(self, **changes)

    def people_of(self, unit: str) -> Iterator[str]:
        """Ids of the unit's own candidates, sorted."""
        return (person for person in sorted(self.candidates) if self.candidates[person].unit == unit)
