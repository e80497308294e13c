"""The answer: teams with their scores, what is proven about them, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Team:
    """Who goes to one village: lead unit, leader, and all members sorted by id, the leader among them."""

    unit: str
    leader: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of a team's value, in tenths of a point; `joint` is a deduction and not positive."""

    unit: int
    person: int
    leader: int
    skills: int
    joint: int
    stay: int

    @property
    def total(self) -> int:
        """The team's value."""
        return self.unit + self.person + self.leader + self.skills + self.joint + self.stay


@dataclass(frozen=True, slots=True)
class Conflict:
    """A smallest set of rule instances (“H5:U1”) that cannot hold together, and the sentence that says so."""

    rules: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Result:
    """What `solve` answers; `status` is optimal, feasible, infeasible or invalid. `bound` is proven.

    When infeasible, `teams` is the best partial plan: it leaves the fewest villages without a team.
    """

    status: str
    seed: int
    seconds: float
    objective: int | None = None
    bound: int | None = None
    teams: Mapping[str, Team] = field(default_factory=dict)
    scores: Mapping[str, Breakdown] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_feasible(self) -> bool:
        """Whether every village has a team and no rule is broken."""
        return self.status in {"optimal", "feasible"}

    @property
    def gap(self) -> float | None:
        """(bound − objective) / |bound|; 0 when both are 0, None without a plan."""
        if self.objective is None or self.bound is None:
            return None
        return (self.bound - self.objective) / abs(self.bound) if self.bound else float(self.bound != self.objective)

    def as_json(self) -> dict[str, Any]:
        """The document of contract.md section 4."""
        teams = {
            village: {
                "unit": team.unit,
                "leader": team.leader,
                "members": list(team.members),
                "scores": {name: getattr(self.scores[village], name) for name in Breakdown.__dataclass_fields__},
            }
            for village, team in sorted(self.teams.items())
        }
        return {
            "status": self.status,
            "objective": self.objective,
            "bound": self.bound,
            "gap": self.gap,
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "teams": teams,
            "conflicts": [{"rules": list(one.rules), "sentence": one.sentence} for one in self.conflicts],
            "repairs": list(self.repairs),
            "problems": list(self.problems),
        }
