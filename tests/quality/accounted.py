"""A case about somebody of each half of the county: heard, sent to approval, and full of canaries."""

from types import SimpleNamespace

from tests.cast import NOW
from zhucun.work.accountability.actions import opening
from zhucun.work.accountability.actions.opening import About


def settle(world: SimpleNamespace, sides: dict) -> None:
    """The case of each side as its attribute `case`, waiting for the township's opinion."""
    by = {"by": world.caretaker, "at": NOW}
    for side in sides.values():
        word = side.canary
        row = opening.open_case(
            county=world.county, measure="recall", about=About(side.posting), source="finding", finding=side.finding,
            grounds=f"{word}-grounds", facts=f"{word}-facts", **by,
        )  # fmt: skip
        opening.put_forward(case=row, **by)
        opening.state(case=row, text=f"{word}-statement", **by)
        side.case = opening.end_hearing(case=row, **by)
