"""A month of each half of the county, confirmed and objected to, and a slip that waits, all full of canaries."""

from datetime import date
from types import SimpleNamespace

from tests.cast import NOW
from zhucun.work.attendance.actions import leaves, marks, objections
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import month_named, stays
from zhucun.work.teams.models import Posting

MONTH = month_named("2022-11")


def settle(world: SimpleNamespace, sides: dict) -> None:
    """The objects of each side as its attributes: `person_month`, `leave` and `raised`."""
    by = {"by": world.caretaker, "at": NOW}
    for side in sides.values():
        word = side.canary
        rows = {stay.person.pk: "√√×" + "√" * 27 for stay in stays([side.team], MONTH)[side.team.pk]}
        marks.fill(team=side.team, month=MONTH, rows=rows, **by)
        marks.confirm(team=side.team, month=MONTH, signed=True, **by)
        side.person_month = PersonMonth.objects.select_related("person", "team").get(
            person=side.person, start=MONTH.start
        )
        marks.correct(month=side.person_month, day=date(2022, 11, 4), new="公", reason=f"{word}-correction", **by)
        side.raised = objections.object_to(
            month=side.person_month, day=date(2022, 11, 3), wanted="培", text=f"{word}-objection", by=side.account, at=NOW
        )  # fmt: skip
        posting = Posting.objects.select_related("person", "team__village").get(pk=side.posting.pk)
        fields = {
            "kind": "personal",
            "reason": f"{word}-reason",
            "place": f"{word}-place",
            "stand_in": f"{word}-stand-in",
        }
        day = date(2022, 12, 12)
        side.leave = leaves.ask(posting=posting, first=day, last=day, fields=fields, by=side.account, at=NOW)
