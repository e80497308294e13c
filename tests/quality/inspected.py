"""A round to each half of the county: drawn, visited, closed, with a finding, a correction replied to, a circular, all full of canaries."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

from tests.cast import NOW
from zhucun.work.inspections.actions import circulars, findings, rounds
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.models import Finding

DAY = date(2022, 12, 5)


def settle(world: SimpleNamespace, sides: dict) -> None:
    """The objects of each side as its attributes: `inspection`, `onsite`, `finding`, `order`, `circular` and `delivery`."""
    by = {"by": world.caretaker, "at": NOW}
    for side in sides.values():
        word = side.canary
        side.inspection = rounds.plan_round(
            county=world.county,
            held_on=DAY,
            method="unannounced",
            group=f"{word}-group",
            purpose=f"{word}-purpose",
            **by,
        )
        rounds.draw_villages(round=side.inspection, numbers={side.village.standing_on(DAY).category: 1}, **by)
        rounds.move_round(round=side.inspection, to="underway", **by)
        side.onsite = side.inspection.visits.get()
        rounds.enter_visit(
            visit=side.onsite, fields={"note": f"{word}-note", "witness": f"{word}-witness"},
            seen=[Seen(side.posting, "absent", f"{word}-phone")], found=[Found("ledger", f"{word}-ledger")], key=uuid4(), **by,
        )  # fmt: skip
        side.inspection = rounds.move_round(round=side.inspection, to="closed", **by)
        side.finding = Finding.objects.select_related("round").get(round=side.inspection, person=side.person)
        side.order = findings.order_correction(
            round=side.inspection, finding=side.finding, text=f"{word}-order", due=None, **by
        )
        findings.reply(correction=side.order, text=f"{word}-reply", **by)
        _told(world, side, by)


def _told(world: SimpleNamespace, side, by: dict) -> None:
    """A circular, issued to the side's township and unit."""
    side.circular = circulars.draft_circular(
        county=world.county, rounds=[side.inspection], title=f"关于督查情况的通报 {side.canary}", body=f"一、总体情况\n{side.canary}-body",
        townships=[side.village.township], units=[side.unit], **by,
    )  # fmt: skip
    circulars.submit(circular=side.circular, by=world.office, at=NOW)
    circulars.review(circular=side.circular, agreed=True, remark="", **by | {"by": world.inspector})
    circulars.sign(circular=side.circular, agreed=True, remark="", by=world.leader_county, at=NOW)
    side.delivery = side.circular.deliveries.get(township=side.village.township)
