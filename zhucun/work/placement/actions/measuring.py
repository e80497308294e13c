"""The other ways it is done, measured beside a proposal and kept with it."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from zhucun.base.journal import journal
from zhucun.work.placement import instance as instances
from zhucun.work.placement import plan
from zhucun.work.placement.models import Proposal
from zhucun.work.placement.optimiser import baselines, checking
from zhucun.work.placement.optimiser.scoring import breakdown

RIGHT = "placement.edit"


def measure(
    *, proposal: Proposal, by, at: datetime, progress: Callable[[str, float], None] = lambda text, share: None
) -> list[dict[str, Any]]:
    """Make a plan of the proposal's round in every other way, and keep what each comes to with the proposal.

    Each row: key, value in tenths, villages left without a team, rules broken (none is expected), teams that follow
    the principle of those it binds, the worst served village's value, seconds.
    """
    by.require(RIGHT, at, proposal)
    built = instances.build(proposal.round, proposal.weights)
    ways = [(key, way.name, way.make) for key, way in baselines.BASELINES.items()]
    rows = []
    for n, (key, name, make) in enumerate(ways):
        progress(f"正在按“{name}”排一遍", n / len(ways))
        begun = time.perf_counter()
        teams = make(built.problem)
        rows.append({"key": key, "seconds": round(time.perf_counter() - begun, 3)} | _sums(built, teams))
    rows.append({"key": "best", "seconds": proposal.seconds or 0} | _sums(built, plan.teams_of(proposal)))
    with transaction.atomic():
        proposal.findings = (proposal.findings or {}) | {"others": rows}
        proposal.save(update_fields=["findings"])
        data = {"number": proposal.number, "rows": len(rows)}
        journal.note(by=by, at=at, action="proposal.measured", target=proposal, data=data)
    return rows


def _sums(built: instances.Instance, teams) -> dict[str, Any]:
    values = [breakdown(built.problem, village, team).total for village, team in teams.items()]
    following, bound = plan.villages_led_by_rule(built, teams)
    broken = [line for line in checking.broken(built.problem, teams) if not line.startswith("H1:")]
    return {
        "value": sum(values), "missing": len(built.needs) - len(teams), "broken": len(broken), "following": following, "bound": bound,
        "worst": min(values, default=0),
    }  # fmt: skip
