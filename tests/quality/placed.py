"""Two rounds of placement full of canaries: one under way with a proposal, one approved with an objection."""

from datetime import date
from types import SimpleNamespace

from tests.cast import AT
from zhucun.work.placement.actions import gathering, locks, objections, proposals, rounds
from zhucun.work.placement.models import Line, Proposal, Round, Seat

PARTS = {"unit": 900, "person": 0, "leader": 20, "skills": 60, "joint": 0, "stay": 25}


def settle(world: SimpleNamespace, sides: dict, by: dict) -> None:
    """Both rounds, and the objects of each side as its attributes."""
    world.round = rounds.open_round(county=world.county, title="2023年度选派", starts_on=date(2023, 3, 1), **by)
    world.decided_round = _approved(world, rounds.open_round(
        county=world.county, title="2022年度选派", starts_on=date(2022, 3, 1), **by))  # fmt: skip
    proposal, adopted = _proposal(world.round, by), _proposal(world.decided_round, by, adopted=True)
    for side in sides.values():
        side.round, side.decided_round, side.proposal = world.round, world.decided_round, proposal
        _of_side(side, world.round, proposal, by)
        side.seat = _seat(side, adopted, world.decided_round)
        side.objection = objections.object_to(seat=side.seat, text=f"{side.canary}-objection", **by)


def _approved(world, round: Round) -> Round:
    """An approval as it stands afterwards; what it does to the ledger is told elsewhere."""
    Round.objects.filter(pk=round.pk).update(status="approved", approved_by=world.caretaker, approved_at=AT)
    return Round.objects.get(pk=round.pk)


def _proposal(round: Round, by: dict, adopted: bool = False) -> Proposal:
    return Proposal.objects.create(
        round=round, number=1, state="ready", objective=1, bound=2, adopted=adopted, made_by=by["by"], made_at=AT,
        weights={**proposals.instances.current_weights(round)},
    )  # fmt: skip


def _of_side(side, round: Round, proposal: Proposal, by: dict) -> None:
    word = side.canary
    side.need = round.needs.select_related("village", "round").get(village=side.village)
    said = {"grounds": f"{word}-grounds", "skills": f"{word}-needs"}
    gathering.fill_needs(round=round, rows={side.need: said}, **by)
    side.quota = round.quotas.get(unit=side.unit)
    side.seat = _seat(side, proposal, round)
    side.candidate = side.seat.candidate
    side.lock = locks.lock(
        round=round, kind="unit_village", unit=side.unit, village=side.village, reason=f"{word}-lock", **by
    )


def _seat(side, proposal: Proposal, round: Round) -> Seat:
    candidate = round.candidates.filter(person=side.person).first()
    if candidate is None:
        candidate = round.candidates.create(
            person=side.person, unit=side.person.records.get().unit, may_lead=True, reason=f"{side.canary}-reason",
            put_by_id=round.opened_by_id, put_at=AT,
        )  # fmt: skip
    line = Line.objects.create(
        proposal=proposal, village=side.village, unit=side.unit, scores=PARTS, opinion=f"{side.canary}-line", reason=f"{side.canary}-why",
    )  # fmt: skip
    return Seat.objects.create(proposal=proposal, line=line, candidate=candidate, leads=True)
