"""“Why not this one?”: what another person or unit would change, which rule stands against it, and what it costs for certain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from . import plan, rules
from .instance import Instance
from .models import Candidate
from .optimiser import pricing
from .optimiser.checking import broken
from .optimiser.result import Team
from .optimiser.scoring import breakdown
from .optimiser.solve import solve
from .optimiser.stop import Stop

CHECKED = 24
EXACT = Stop(gap=0.0005, seconds=8)
Teams = Mapping[str, Team]


@dataclass(frozen=True)
class Exchange:
    """Somebody else in a seat: what the plan gains (tenths), where they are now, and what stands against it."""

    person: str
    candidate: Candidate
    gain: int
    now_in: str
    against: tuple[str, ...]


def exchanges(instance: Instance, teams: Teams, leaving: str, only: Iterable[str] | None = None) -> list[Exchange]:
    """Who might take somebody's place, what the plan gains most first: those asked for with `only`, else whoever fits.

    Somebody who sits elsewhere changes places. All rules are checked for the first two dozen by gain.
    """
    where = plan.where(teams)
    others = [person for person in (instance.candidates if only is None else only) if person != leaving]
    others = [person for person in others if where.get(person) != where[leaving]]
    if only is None:
        others = [person for person in others if _fits(instance, teams, leaving, person, where)]
    gains = {person: _gain(instance, teams, leaving, person, where) for person in others}
    ranked = sorted(others, key=lambda person: (-gains[person], person))[:CHECKED]
    before = set(broken(instance.problem, teams))
    return [
        Exchange(
            person, instance.candidates[person], gains[person], instance.name(where[person]) if person in where else "",
            tuple(_new(instance, plan.exchanged(teams, leaving, person), before)),
        )
        for person in ranked
    ]  # fmt: skip


def _fits(instance: Instance, teams: Teams, leaving: str, coming: str, where: Mapping[str, str]) -> bool:
    """Whether both may sit in the other's place as far as their units, leading and homes go: enough to leave most out."""
    village, other = where[leaving], where.get(coming)
    back = other is None or _may_sit(instance, teams, other, leaving, teams[other].leader == coming)
    return back and _may_sit(instance, teams, village, coming, teams[village].leader == leaving)


def _may_sit(instance: Instance, teams: Teams, village: str, person: str, leads: bool) -> bool:
    one, unit = instance.problem.candidates[person], teams[village].unit
    if leads:
        return one.unit == unit and one.leader_ok and one.home_village != village
    return one.home_village != village and one.unit in {unit, *instance.problem.units[unit].partners}


def _new(instance: Instance, teams: Teams, before: set[str]) -> list[str]:
    """The rules a changed plan breaks that the plan before did not."""
    return [plan.in_words(instance, line) for line in broken(instance.problem, teams) if line not in before]


def _gain(instance: Instance, teams: Teams, leaving: str, coming: str, where: Mapping[str, str]) -> int:
    touched = {where[leaving], *([where[coming]] if coming in where else [])}
    part = {village: teams[village] for village in touched}
    return worth(instance, plan.exchanged(part, leaving, coming)) - worth(instance, part)


def worth(instance: Instance, teams: Teams) -> int:
    """What these teams are worth together, in tenths of a point."""
    return sum(breakdown(instance.problem, village, team).total for village, team in teams.items())


@dataclass(frozen=True)
class UnitOption:
    """Another unit in a village: its own score there, what is lost at least (None: nothing proven), what stands against it."""

    unit: str
    category: str
    follows: bool
    score: int | None
    loses: int | None
    against: tuple[str, ...]


def units(instance: Instance, teams: Teams, village: str, prices: Mapping) -> list[UnitOption]:
    """Every unit with a quota that could lead in a village instead, least loss first, those ruled out last."""
    troubles = instance.troubles(village)
    found = []
    for name, quota in instance.quotas.items():
        if name == teams[village].unit or not quota.capacity:
            continue
        against = tuple(reasons(instance, pricing.forbidding(instance.problem, village, unit=name)))
        loses = None if against or not prices else pricing.loss_at_least(instance.problem, prices, village, unit=name)
        category = quota.unit.category
        score = instance.problem.scores.unit_village.get(name, {}).get(village)
        kept = rules.follows(category, troubles)
        found.append(UnitOption(name, quota.unit.get_category_display(), kept, score, loses, against))
    return sorted(found, key=lambda one: (bool(one.against), one.loses if one.loses is not None else 0, one.unit))


def reasons(instance: Instance, keys: Iterable[str]) -> list[str]:
    """Rule instances (“H4a:P001”) as the rules read."""
    return list(dict.fromkeys(rules.HARD_RULES.get(key.partition(":")[0], key) for key in keys))


@dataclass(frozen=True)
class Certain:
    """The answer to “and if it must be so?”: what it costs (tenths), and who moves; or that it cannot be."""

    possible: bool
    costs: int = 0
    moves: tuple[tuple[str, str, str], ...] = ()

    @property
    def gains(self) -> int:
        """The same the other way round: a plan changed by hand may have been worse."""
        return -self.costs


def if_locked(instance: Instance, teams: Teams, village: str, *, unit: str = "", person: str = "") -> Certain:
    """Solve again with one lock more and a bonus for staying in this plan, as computing anew from it would."""
    locks = instance.problem.locks
    if unit:
        locks = replace(locks, unit_village=locks.unit_village | {(unit, village)})
    else:
        locks = replace(locks, person_village=locks.person_village | {(person, village)})
    asked = plan.near(instance, teams).replace(locks=locks)
    result = solve(asked, stop=EXACT, start=dict(teams))
    if not result.is_feasible:
        return Certain(False)
    moved = plan.moved(teams, result.teams)
    words = tuple((instance.name(who), instance.name(old), instance.name(new)) for who, (old, new) in moved.items())
    return Certain(True, worth(instance, teams) - worth(instance, result.teams), words)
