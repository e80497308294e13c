"""Whose people and unit capacities several parts may use, and who holds them; and a part as a problem of its own."""

from dataclasses import dataclass, field, replace

import numpy as np

from zhucun.work.placement.optimiser.problem import Candidate, Locks, Problem, Scores, Unit
from zhucun.work.placement.optimiser.result import Team

from .parts import Cut
from .prices import Prices, proven
from .table import Array, Table
from .teams import Teams


@dataclass
class Shared:
    """What is used across parts: which seats and units are, who holds each seat, how many teams of a unit each part leads.

    `holder` is the part that holds a seat or -1 when nobody does; seats and units that stay in one part are not counted.
    What locks promise to a part (`fixed` seats, `promised` teams of a unit) nobody else can take.
    """

    seat: Array
    unit: Array
    part_of_seat: Array
    """The first part in which each seat can be used, 0 where there is none."""
    holder: Array
    fixed: Array
    left: Array
    """Teams each unit may still lead, promised ones taken off."""
    promised: dict[tuple[int, int], int]
    led: dict[tuple[int, int], int] = field(default_factory=dict)
    """(part, unit): teams of shared units led in a part."""
    posted: dict[int, int] = field(default_factory=dict)
    """Part in which a person of `table.apart` is posted."""

    def take(self, table: Table, part: int, team: Team) -> bool:
        """Book a team's shared seats and unit for a part; False, and nothing is booked, when somebody else holds them."""
        unit, people = table.position[team.unit], [table.number[one] for one in team.members]
        seats = table.seat[people]
        seats = seats[self.seat[seats]]
        clash = any(self.posted.get(other, part) != part for one in people for other in table.apart.get(one, ()))
        if clash or not np.isin(self.holder[seats], (-1, part)).all() or not self._lead(part, unit):
            return False
        self.holder[seats] = part
        self.posted.update({one: part for one in people if one in table.apart})
        return True

    def _lead(self, part: int, unit: int) -> bool:
        if not self.unit[unit]:
            return True
        led = self.led.get((part, unit), 0)
        promised = led < self.promised.get((part, unit), 0)
        if not promised and self.left[unit] < 1:
            return False
        self.left[unit] -= not promised
        self.led[part, unit] = led + 1
        return True

    def release(self, parts: set[int]) -> None:
        """Give back all that these parts hold, except what locks promise them."""
        self.holder[np.isin(self.holder, sorted(parts)) & ~self.fixed] = -1
        for key in [one for one in self.led if one[0] in parts]:
            self.left[key[1]] += max(self.led.pop(key) - self.promised.get(key, 0), 0)
        self.posted = {one: part for one, part in self.posted.items() if part not in parts}

    def give_back(self, table: Table, part: int, team: Team) -> None:
        """Take one team of a part off the books."""
        unit, people = table.position[team.unit], [table.number[one] for one in team.members]
        seats = table.seat[people]
        self.holder[seats[self.seat[seats] & ~self.fixed[seats]]] = -1
        if self.unit[unit]:
            led = self.led[part, unit]
            self.left[unit] += led > self.promised.get((part, unit), 0)
            self.led[part, unit] = led - 1
        for one in people:
            self.posted.pop(one, None)

    def opened(self, capacity: Array) -> "Shared":
        """The books as if no part held more than locks promise it; `capacity` by unit."""
        left = capacity.astype(np.int64).copy()
        for (_, unit), teams in self.promised.items():
            left[unit] = max(left[unit] - teams, 0)
        return replace(self, holder=np.where(self.fixed, self.holder, -1), left=left, led={}, posted={})

    def capacity(self, unit: int, parts: set[int]) -> int:
        """Teams of a shared unit that these parts together may lead."""
        own = sum(max(self.led.get((part, unit), 0), self.promised.get((part, unit), 0)) for part in parts)
        return int(self.left[unit]) + own


def shared(table: Table, teams: Teams, cut: Cut) -> Shared:
    """What can be used in more than one part, with nothing held yet."""
    many = len(cut.parts)
    low, high = np.full(len(table.units), many), np.full(len(table.units), -1)
    np.minimum.at(low, teams.unit, cut.part[teams.village])
    np.maximum.at(high, teams.unit, cut.part[teams.village])
    use_low, use_high = low.copy(), high.copy()
    for unit, name in enumerate(table.units):
        for partner in table.problem.units[name].partners:
            if partner in table.position:
                other = table.position[partner]
                use_low[other], use_high[other] = min(use_low[other], low[unit]), max(use_high[other], high[unit])
    seat_low, seat_high = np.full(table.seats, many), np.full(table.seats, -1)
    np.minimum.at(seat_low, table.seat, use_low[table.unit_of])
    np.maximum.at(seat_high, table.seat, use_high[table.unit_of])
    common = Shared(
        seat=seat_low < seat_high,
        unit=low < high,
        part_of_seat=np.where(seat_low < many, seat_low, 0),
        holder=np.full(table.seats, -1, dtype=np.int32),
        fixed=np.zeros(table.seats, dtype=bool),
        left=table.capacity.astype(np.int64).copy(),
        promised={},
    )
    _promise(table, cut, common)
    return common


def _promise(table: Table, cut: Cut, common: Shared) -> None:
    """Set aside for each part what its locks need."""
    for unit, village in sorted(table.problem.locks.unit_village):
        at = table.position.get(unit, -1)
        if at >= 0 and village in table.place and common.unit[at]:
            key = int(cut.part[table.place[village]]), at
            common.promised[key] = common.promised.get(key, 0) + 1
            common.left[at] = max(common.left[at] - 1, 0)
    for person, home in table.only.items():
        seat = table.seat[person]
        if home >= 0 and common.seat[seat]:
            common.holder[seat], common.fixed[seat] = cut.part[home], True


def whole_prices(teams: Teams, prices: Prices, common: Shared) -> Prices:
    """The same prices with those of shared seats and units rounded up to whole tenths, and the bound they give."""
    seat = np.where(common.seat, np.ceil(prices.seat - 1e-6), prices.seat)
    unit = np.where(common.unit, np.ceil(prices.unit - 1e-6), prices.unit)
    return proven(teams, seat, unit)


@dataclass(frozen=True)
class Offer:
    """What parts may use: pairs by number, and at which price (by seat and unit, whole tenths) what they do not hold."""

    pairs: Array
    seat: Array
    unit: Array


def as_problem(table: Table, teams: Teams, common: Shared, parts: set[int], villages: Array, offer: Offer) -> Problem:
    """Some parts as one problem: their villages, the offered pairs, the people not held by others; prices are deducted.

    Units and people that others hold are left out, so that parts solved side by side can only clash over what is free.
    """
    problem, here = table.problem, {table.villages[one] for one in villages.tolist()}
    capacity = {
        unit: common.capacity(unit, parts) if common.unit[unit] else int(table.capacity[unit])
        for unit in np.unique(teams.unit[offer.pairs]).tolist()
    }
    rows: dict[str, dict[str, int]] = {}
    for unit, village in zip(teams.unit[offer.pairs].tolist(), teams.village[offer.pairs].tolist(), strict=True):
        if capacity[unit] > 0:
            name, place = table.units[unit], table.villages[village]
            rows.setdefault(name, {})[place] = problem.scores.unit_village[name][place] - int(offer.unit[unit])
    units, candidates = _people(table, common, parts, rows, capacity, here)
    fits = {one: _fit(table, one, here, int(offer.seat[table.seat[table.number[one]]])) for one in candidates}
    scores = problem.scores
    return Problem(
        villages={one: problem.villages[one] for one in sorted(here)},
        units=units,
        candidates=candidates,
        scores=Scores(
            unit_village=rows,
            person_village={one: row for one, row in fits.items() if row},
            skill_tiers={one: scores.skill_tiers[one] for one in sorted(here) if one in scores.skill_tiers},
            joint_penalty=scores.joint_penalty,
            stay_bonus=scores.stay_bonus,
        ),
        locks=_locks(problem.locks, here, set(units), set(candidates)),
        previous={one: problem.previous[one] for one in candidates if problem.previous.get(one) in here},
    )


def _people(
    table: Table,
    common: Shared,
    parts: set[int],
    rows: dict[str, dict[str, int]],
    capacity: dict[int, int],
    here: set[str],
) -> tuple[dict[str, Unit], dict[str, Candidate]]:
    """Units that lead or whose people may join, and those of their people who are free for these parts."""
    problem = table.problem
    units = {name: replace(problem.units[name], capacity=capacity[table.position[name]]) for name in rows}
    for name in list(rows):
        for partner in problem.units[name].partners:
            if partner in table.position and partner not in units:
                units[partner] = Unit(0)
    held = common.holder[table.seat]
    free = ~common.seat[table.seat] | (held < 0) | np.isin(held, sorted(parts))
    found: dict[str, Candidate] = {}
    for name in sorted(units):
        for person in table.members[table.position[name]]:
            only = table.only.get(person)
            away = any(common.posted.get(other, -1) not in {-1, *parts} for other in table.apart.get(person, ()))
            if free[person] and not away and (only is None or (only >= 0 and table.villages[only] in here)):
                found[table.people[person]] = problem.candidates[table.people[person]]
    for name, one in found.items():
        if one.spouse and one.spouse not in found:
            found[name] = replace(one, spouse="")
    return units, found


def _fit(table: Table, person: str, here: set[str], price: int) -> dict[str, int]:
    given = table.problem.scores.person_village.get(person, {})
    if price:
        return {village: given.get(village, 0) - price for village in sorted(here)}
    return {village: value for village, value in given.items() if village in here}


def _locks(locks: Locks, here: set[str], units: set[str], people: set[str]) -> Locks:
    """The locks that concern these villages, units and people."""
    return Locks(
        unit_village=frozenset(one for one in locks.unit_village if one[1] in here),
        ban_unit_village=frozenset(one for one in locks.ban_unit_village if one[1] in here and one[0] in units),
        person_village=frozenset(one for one in locks.person_village if one[1] in here),
        ban_person_village=frozenset(one for one in locks.ban_person_village if one[1] in here and one[0] in people),
    )
