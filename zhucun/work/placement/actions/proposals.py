"""Computing proposals, changing them by hand, and what the meeting fixes, rules out and says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max

from zhucun.base.journal import journal
from zhucun.work.placement import instance as instances
from zhucun.work.placement import plan, rules
from zhucun.work.placement.instance import Instance
from zhucun.work.placement.models import Line, Proposal, Round, Seat
from zhucun.work.placement.optimiser.area.solving import is_large, solve_area
from zhucun.work.placement.optimiser.diagnosis import diagnose
from zhucun.work.placement.optimiser.pricing import prices_of
from zhucun.work.placement.optimiser.problem import Problem
from zhucun.work.placement.optimiser.result import Result, Team
from zhucun.work.placement.optimiser.scoring import breakdown, total
from zhucun.work.placement.optimiser.solve import solve
from zhucun.work.placement.optimiser.stop import Stop

from .guard import require_open

RIGHT = "placement.edit"
PARTS = tuple(rules.PARTS)


@transaction.atomic
def ask(
    *, round: Round, by, at: datetime, weights: Mapping[str, int] | None = None, note: str = "",
    based_on: Proposal | None = None, seed: int = 1,
) -> Proposal:  # fmt: skip
    """Put a proposal down to be computed; `weights` differ from the policy's in a trial, `based_on` asks for few changes.

    Raises ValidationError when there is nothing to compute from. The same asked for again while it is computed is one.
    """
    by.require(RIGHT, at, round)
    require_open(round=round, by=by, at=at)
    missing = {
        "还没有村参加这一批，请先带入村需求。": round.needs.exists(),
        "还没有推荐人选，请先由单位推荐或带入在任人员。": round.candidates.exists(),
        "还没有单位名额，请先设定各单位可牵头的工作队数。": round.quotas.filter(capacity__gt=0).exists(),
    }
    if not all(missing.values()):
        raise ValidationError([sentence for sentence, there in missing.items() if not there])
    weights = dict(weights or instances.current_weights(round))
    working = round.proposals.filter(state=Proposal.State.WORKING, made_by=by, seed=seed)
    same = next(
        (row for row in working if row.weights == weights and row.based_on_id == (based_on and based_on.pk)), None
    )
    if same is not None:
        return same  # a second submit finds the first
    proposal = Proposal.objects.create(
        round=round, number=_next_number(round), note=note, state=Proposal.State.WORKING, seed=seed, based_on=based_on,
        weights=weights, made_by=by, made_at=at,
    )  # fmt: skip
    journal.note(by=by, at=at, action="proposal.asked", target=proposal, data={"number": proposal.number, "note": note})
    return proposal


def _next_number(round: Round) -> int:
    return (Proposal.objects.filter(round=round).aggregate(last=Max("number"))["last"] or 0) + 1


def compute(
    *, proposal: Proposal, by, at: datetime, progress: Callable[[str, float], None] | None = None, seconds: float = 60
) -> Proposal:
    """Solve a proposal that was asked for and write down its teams, or why there are none.

    The solving itself happens outside any transaction; it may take as long as `seconds`. When the time was too short
    to know whether there is a plan at all, the proposal has failed.
    """
    by.require(RIGHT, at, proposal)
    instance = instances.build(proposal.round, proposal.weights)
    tell = progress or (lambda text, share: None)
    problem, start = instance.problem, None
    if proposal.based_on:
        start = plan.teams_of(proposal.based_on)
        problem = plan.near(instance, start)
    stop = Stop(seconds=seconds)
    if is_large(problem):  # a county with hundreds of villages
        result = solve_area(problem, stop=stop, seed=proposal.seed, progress=tell)
    else:
        result = solve(problem, stop=stop, seed=proposal.seed, progress=tell, start=start)
    findings = {} if result.is_feasible else _findings(instance, problem, result, tell)
    prices = {}
    if (
        result.is_feasible
    ):  # of the round's own problem: what others lose must not count the bonus for staying in a plan
        prices = prices_of(instance.problem, replace(result, objective=total(instance.problem, dict(result.teams))))
    return _keep(proposal=proposal, instance=instance, result=result, findings=findings, prices=prices, by=by, at=at)


def _findings(
    instance: Instance, problem: Problem, result: Result, tell: Callable[[str, float], None]
) -> dict[str, Any]:
    """Why there is no plan, in words people read: conflicts with their rules, and what alone would mend it."""
    tell("条件互相矛盾，正在找出是哪几条", 0.9)
    conflicts, repairs = diagnose(problem, name=instance.name, teams=result.teams)
    if result.problems and not conflicts:
        return {"message": "；".join(result.problems)}
    return {
        "conflicts": [{"rules": list(one.rules), "sentence": one.sentence} for one in conflicts],
        "repairs": [rules.repair_words(key, instance.name) for key in repairs],
    }


@transaction.atomic
def _keep(*, proposal: Proposal, instance: Instance, result: Result, findings, prices, by, at: datetime) -> Proposal:
    current = Proposal.objects.select_for_update().filter(pk=proposal.pk).values_list("state", flat=True).first()
    if current != Proposal.State.WORKING:
        return proposal  # given up meanwhile, or computed by a process started twice
    proposal.findings, proposal.prices, proposal.seconds = findings, prices, round(result.seconds, 2)
    proposal.basis = instance.fingerprint
    states = Proposal.State
    proposal.state = (
        states.READY if result.is_feasible else states.FAILED if "message" in findings else states.IMPOSSIBLE
    )
    worth = _write(proposal, instance, result.teams)
    proposal.objective = worth if result.is_feasible else None
    proposal.bound = result.bound if result.is_feasible and not proposal.based_on else None
    proposal.save()
    data = {
        "number": proposal.number,
        "state": proposal.state,
        "objective": proposal.objective,
        "bound": proposal.bound,
    }
    journal.note(by=by, at=at, action="proposal.computed", target=proposal, data=data)
    return proposal


def _write(proposal: Proposal, instance: Instance, teams: Mapping[str, Team]) -> int:
    """The proposal's lines and seats written anew; opinions stay where village and unit stay. Returns the plan's value."""
    said = {(line.village_id, line.unit_id): line for line in proposal.lines.all()}
    proposal.seats.all().delete()
    proposal.lines.all().delete()
    lines, seats, worth = [], [], 0
    for village, team in sorted(teams.items()):
        scores = _scores(instance, village, team)
        worth += sum(scores.values())
        unit = instance.quotas[team.unit].unit
        before = said.get((village, unit.pk))
        line = Line(
            proposal=proposal, village_id=village, unit=unit, scores=scores,
            opinion=before.opinion if before else "", reason=before.reason if before else "",
        )  # fmt: skip
        lines.append(line)
        seats += [
            Seat(proposal=proposal, line=line, candidate=instance.everybody[person], leads=person == team.leader)
            for person in team.members
        ]
    Line.objects.bulk_create(lines)
    Seat.objects.bulk_create(seats)
    return worth


def _scores(instance: Instance, village: str, team: Team) -> dict[str, int]:
    """A team's value by parts; nothing for one of a village, unit or person who may not take part any more."""
    problem = instance.problem
    known = set(team.members) <= problem.candidates.keys() and team.leader in team.members
    if not known or village not in problem.scores.unit_village.get(team.unit, {}):
        return dict.fromkeys(PARTS, 0)
    found = breakdown(problem, village, team)
    return {part: getattr(found, part) for part in PARTS}


@transaction.atomic
def give_up(*, proposal: Proposal, message: str, by, at: datetime) -> Proposal:
    """Say that a proposal will not be computed: its process ended, or nobody waits for it any more."""
    by.require(RIGHT, at, proposal)
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if current.state == Proposal.State.WORKING:
        current.state, current.findings = Proposal.State.FAILED, {"message": message}
        current.save(update_fields=["state", "findings"])
        journal.note(
            by=by, at=at, action="proposal.given_up", target=current, data={"number": current.number}, reason=message
        )
    return current


def change(
    *, proposal: Proposal, teams: Mapping[str, Team], words: str, by, at: datetime, version: int | None = None
) -> Proposal:
    """Let a proposal be `teams`; a computed one stays as it is, and the change becomes a proposal by hand of its own.

    `version` is what the page showed, by default what was loaded: when it is another by now, somebody changed the
    proposal meanwhile (or pressed twice), and nothing is changed. Returns the proposal changed. Raises ValidationError
    for that, and when the change breaks a hard rule that was kept before; `words` say what was changed.
    """
    by.require(RIGHT, at, proposal)
    instance = instances.build(proposal.round, proposal.weights)  # before the transaction, which others wait for
    before = set(plan.refusals(instance, plan.teams_of(proposal)))
    broken = [sentence for sentence in plan.refusals(instance, teams) if sentence not in before]
    if broken:
        raise ValidationError(f"不能这样调整：{'；'.join(broken)}。")
    return _change(proposal, instance, teams, words, by, at, proposal.version if version is None else version)


@transaction.atomic
def _change(proposal: Proposal, instance: Instance, teams, words: str, by, at: datetime, version: int) -> Proposal:
    require_open(round=proposal.round, by=by, at=at)
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if current.is_working or current.adopted:
        raise ValidationError("这个方案正在计算或已经采用，不能改。")
    if current.version != version:
        raise ValidationError("方案刚被改过（也可能点了两次），这一次没有再改。请看现在的样子。")
    changed = _same_by_hand(proposal, teams) if not proposal.by_hand else None
    if changed is not None:
        return changed
    changed = proposal if proposal.by_hand else _by_hand(proposal, by, at)
    changed.objective = _write(changed, instance, teams)
    changed.basis, changed.version = instance.fingerprint, version + 1
    if changed.bound is not None and changed.bound < changed.objective:
        changed.bound = None  # villages or people were changed since the bound was proven
    changed.save(update_fields=["objective", "bound", "basis", "version"])
    data = {"number": changed.number, "change": words}
    journal.note(by=by, at=at, action="proposal.changed", target=changed, data=data)
    return changed


def _same_by_hand(proposal: Proposal, teams: Mapping[str, Team]) -> Proposal | None:
    """The proposal by hand that this change made already: a second submit finds the first."""
    rows = proposal.round.proposals.filter(based_on=proposal, by_hand=True).select_related("round")
    return next((row for row in rows if plan.teams_of(row) == dict(teams)), None)


def _by_hand(proposal: Proposal, by, at: datetime) -> Proposal:
    """A copy to be changed, with what the meeting said of each line."""
    copy = Proposal.objects.create(
        round=proposal.round, number=_next_number(proposal.round), note=f"由{proposal}手工调整", state=Proposal.State.READY,
        by_hand=True, based_on=proposal, weights=proposal.weights, seed=proposal.seed, bound=proposal.bound,
        prices=proposal.prices, basis=proposal.basis, made_by=by, made_at=at,
    )  # fmt: skip
    Line.objects.bulk_create(
        Line(proposal=copy, village_id=line.village_id, unit_id=line.unit_id, opinion=line.opinion, reason=line.reason)
        for line in proposal.lines.all()
    )
    return copy


@transaction.atomic
def say(*, proposal: Proposal, lines: Mapping[Line, Mapping[str, str]], by, at: datetime) -> int:
    """Put down what the meeting said of teams: 研判意见, and the reason where the principle is not followed."""
    by.require(RIGHT, at, proposal)
    require_open(round=proposal.round, by=by, at=at)
    notes = []
    for line, fields in lines.items():
        changed = journal.apply(line, fields)
        if changed:
            line.full_clean()
            line.save(update_fields=list(changed))
            notes.append(journal.Note("proposal.discussed", line, changed))
    if notes:
        Proposal.objects.filter(pk=proposal.pk).update(version=F("version") + 1)
        proposal.refresh_from_db(fields=["version"])
    journal.note_many(by=by, at=at, notes=notes)
    return len(notes)
