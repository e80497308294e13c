"""A month of each half of the county confirmed and objected to, one open, slips that wait and are decided, all full of canaries."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from tests.cast import NOW
from zhucun.work.attendance.actions import leaves, marks, objections
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import month_named, stays
from zhucun.work.teams.models import Posting

MONTH, OPEN = month_named("2022-11"), month_named("2022-09")
EARLY = datetime(2022, 10, 3, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def settle(world: SimpleNamespace, sides: dict) -> None:
    """The objects of each side as its attributes: `person_month`, `open_month`, `leave`, `decided` and `raised`."""
    by = {"by": world.caretaker, "at": NOW}
    for side in sides.values():
        word = side.canary
        rows = {stay.person.pk: "√√×" + "√" * 27 for stay in stays([side.team], MONTH)[side.team.pk]}
        marks.fill(team=side.team, month=MONTH, rows=rows, **by)
        marks.confirm(team=side.team, month=MONTH, signed=True, answers={"连续缺勤": f"{word}-hint"}, **by)
        side.person_month = PersonMonth.objects.select_related("person", "team").get(
            person=side.person, start=MONTH.start
        )
        marks.correct(month=side.person_month, day=date(2022, 11, 4), new="公", reason=f"{word}-correction", **by)
        side.raised = objections.object_to(
            month=side.person_month, day=date(2022, 11, 3), wanted="培", text=f"{word}-objection", by=side.account, at=NOW
        )  # fmt: skip
        answered = objections.object_to(
            month=side.person_month, day=date(2022, 11, 8), wanted="会", text=f"{word}-text", by=side.account, at=NOW
        )  # fmt: skip
        objections.answer(objection=answered, upheld=True, text=f"{word}-answer", **by)
        posting = Posting.objects.select_related("person", "team__village").get(pk=side.posting.pk)
        fields = {
            "kind": "personal",
            "reason": f"{word}-reason",
            "place": f"{word}-place",
            "stand_in": f"{word}-stand-in",
        }
        day = date(2022, 12, 12)
        side.leave = leaves.ask(posting=posting, first=day, last=day, fields=fields, by=side.account, at=NOW)
        _decided(side, posting, fields, by)
        _open(side, by["by"])


def _decided(side, posting: Posting, fields: dict, by: dict) -> None:
    """A notice received with an opinion, and a leave written down from paper."""
    said = fields | {"kind": "duty", "document": f"{side.canary}-document"}
    day = date(2022, 12, 15)
    asked = leaves.ask(posting=posting, first=day, last=day, fields=said, by=side.account, at=NOW)
    side.decided = leaves.decide(leave=asked, agreed=True, opinion=f"{side.canary}-opinion", **by)
    paper = {"first": date(2022, 12, 1), "last": date(2022, 12, 2), "level": "county", "approved_on": date(2022, 12, 1)}
    leaves.record(posting=posting, fields=fields | {"kind": "annual"}, **paper, **by)


def _open(side, by) -> None:
    """A whole month that waits for its confirmation."""
    people = [stay.person.pk for stay in stays([side.team], OPEN)[side.team.pk]]
    rows = {person: "√" * (4 + 3 * n) + "调" + "√" * (25 - 3 * n) for n, person in enumerate(people)}
    marks.fill(team=side.team, month=OPEN, rows=rows, by=by, at=EARLY)
    side.open_month = PersonMonth.objects.get(person=side.person, start=OPEN.start)
