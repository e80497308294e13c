"""The cast with a canary in everything it says: words that stand in one township's records and nowhere else.

金桥镇 sings JIN, 鸟江镇 sings NIAO, the police FORCE and the finance bureau PURSE; whoever sees one side only must never
read a word of the other.
"""

from datetime import date
from io import BytesIO
from types import SimpleNamespace

from tests.cast import AT, MAY_2021, Facts, account, person
from tests.quality import accounted, attended, inspected, placed, scanned
from zhucun.base.access.permissions import Role as R
from zhucun.base.directory import actions as directory
from zhucun.base.evidence import actions as evidence
from zhucun.base.evidence.models import attached_to
from zhucun.base.journal.journal import history
from zhucun.base.people import actions as people
from zhucun.overview.exchange.models import Job
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Handover, Standard

JIN, NIAO, PURSE, FORCE = "canaryjin", "canaryniao", "canarypurse", "canaryforce"
ALL = (JIN, NIAO, PURSE, FORCE)
PDF = b"%PDF-1.4 canary"


def settle(world: SimpleNamespace) -> dict[str, "Side"]:
    """Fill the cast's county with canaries, more accounts, ended postings, hand-overs, reviews and documents; its two halves."""
    by = {"by": world.caretaker, "at": AT}
    world.finance_bureau = account(world, "finance_bureau", "财政股", R.FINANCE, world.county)
    world.inspector = account(world, "inspector", "督查员", R.INSPECTOR, world.county)
    world.leader_zhao = account(world, "leader_zhao", "赵队长")
    people.give_account(person=world.zhao, user=world.leader_zhao, **by)
    teams.grant_sight(posting=world.zhao_posting, **by)
    world.sun = person(world, Facts("孙小满", "P005", date(1985, 5, 5), world.finance, rural=True))
    world.sun_posting = teams.post(
        person=world.sun, team=world.team_shiqiao, role="member", start=MAY_2021, reason="首批", **by
    )
    teams.end_posting(
        posting=world.sun_posting, last_day=date(2022, 7, 31), ending="transfer", reason=f"年龄 {JIN}", **by
    )
    sides = {name: Side(world, name) for name in ("jin", "niao")}
    for side in sides.values():
        _sing(side, by)
    placed.settle(world, sides, by)
    attended.settle(world, sides)
    scanned.settle(world, sides)
    inspected.settle(world, sides)
    accounted.settle(world, sides)
    return sides


class Side:
    """One half of the county: its objects by kind, as the arguments of pages need them."""

    def __init__(self, world: SimpleNamespace, name: str):
        jin = name == "jin"
        self.name, self.canary, self.force = name, JIN if jin else NIAO, PURSE if jin else FORCE
        self.team = world.team_shiqiao if jin else world.team_gaoling
        self.posting = world.li_posting if jin else world.zhao_posting
        self.ended = world.sun_posting if jin else world.qian_posting
        self.person = world.li if jin else world.zhao
        self.village = world.shiqiao if jin else world.gaoling
        self.unit = world.finance if jin else world.police
        self.account = world.member_li if jin else world.leader_zhao

    @property
    def record(self):
        return self.person.records.get()

    @property
    def handover(self):
        return Handover.objects.get(posting=self.ended)

    @property
    def duty(self):
        return self.account.duties.first()

    @property
    def attachment(self):
        return attached_to(self.team).get()

    @property
    def entry(self):
        return history(self.team).first()


def _sing(side: Side, by: dict) -> None:
    word = side.canary
    directory.edit_village(village=side.village, fields={"needs": f"{word}-needs"}, **by)
    directory.edit_unit(unit=side.unit, fields={"chief": f"{side.force}-chief", "phone": "0734-6260000"}, **by)
    said = {"native_place": f"{word}-place", "address": f"{word}-address", "phone": "13807340002"}
    people.correct(person=side.person, identity_fields=said, **by)
    people.correct_record(record=side.record, fields={"skills": f"{word}-skills", "major": f"{word}-major"}, **by)
    for posting in (side.posting, side.ended):
        teams.correct_posting(
            posting=posting, fields={"document": f"{word}-{posting.role}"}, reason=f"{word}-why", **by
        )
    fields = {"witness": f"{word}-witness", "signed_on": None}
    items = [{"kind": "projects", "content": f"{word}-item", "done": False}]
    teams.fill_handover(handover=side.handover, fields=fields, items=items, **by)
    review = {"reviewed_on": date(2022, 5, 5), "on_staff": True, "appraisal_last": "competent", "appraisal_before": "competent",
              "opinion": f"{word}-opinion"}  # fmt: skip
    teams.fill_review(
        record=side.record, fields=review, judgements=dict.fromkeys(Standard.values, (True, f"{word}-grounds")), **by
    )
    side.job = Job.objects.create(
        county=side.team.county, kind="roster", name=f"{word}.xlsx", size=1, digest="0" * 64, status="mapping",
        uploaded_at=AT, uploaded_by=by["by"], message=f"{word}-message",
    )  # fmt: skip
    evidence.attach(target=side.team, file=BytesIO(PDF + word.encode()), name=f"{word}.pdf", **by)
