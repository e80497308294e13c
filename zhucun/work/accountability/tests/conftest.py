"""The cast with a second office hand, an inspector, units' contacts and a member of another team; cases at any stage."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from tests.cast import account
from zhucun.base.access.permissions import Role as R
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.actions.opening import About
from zhucun.work.accountability.models import Case
from zhucun.work.inspections.actions import rounds
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.teams import actions as teams

OPENED = datetime(2022, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TOLD = OPENED + timedelta(days=1)
AGREED = OPENED + timedelta(days=2)
NOTIFIED = OPENED + timedelta(days=3)
NUMBER = "祁驻村〔2022〕12号"


@pytest.fixture
def hands(world) -> SimpleNamespace:
    """Everybody whose turn may come, and the member of another team who must see nothing."""
    world.deputy = account(world, "deputy", "驻村办副主任", R.OFFICE, world.county)
    world.third = account(world, "third", "驻村办干事", R.OFFICE, world.county)
    world.inspector = account(world, "inspector", "督查员", R.INSPECTOR, world.county)
    world.leader_two = account(world, "leader_two", "县委副书记", R.COUNTY_LEADER, world.county)
    world.contact_farming = account(world, "contact_farming", "农业局联络员", R.UNIT, world.farming)
    for name, who in (("member_wang", world.wang), ("member_zhao", world.zhao)):
        setattr(world, name, account(world, name, str(who)))
        teams.give_account(person=who, user=getattr(world, name), by=world.caretaker, at=OPENED)
    with transaction.atomic():
        teams.grant_sight(posting=world.li_posting, by=world.caretaker, at=OPENED)
    return world


def absence(world, day: date, posting=None):
    """An unannounced round that finds somebody of 石桥村 away; the finding."""
    posting = posting or world.li_posting
    when = {"by": world.inspector, "at": datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))}
    held = rounds.plan_round(
        county=world.county, held_on=day, method="unannounced", group="县驻村办", purpose="", **when
    )
    rounds.choose_villages(round=held, villages=[world.shiqiao], **when)
    rounds.move_round(round=held, to="underway", **when)
    rounds.enter_visit(
        visit=held.visits.get(),
        fields={"witness": "村主任"},
        seen=[Seen(posting, "absent", "电话不通")],
        found=[],
        key=uuid4(),
        **when,
    )
    return held.findings.get()


def opened(world, measure: str = "recall", **more) -> Case:
    """A draft about 李敏, opened by the office."""
    told = {
        "way": "letter" if measure == "reminder" else "",
        "source": "other",
        "grounds": "多次无故不在岗",
        "facts": "三次督查不在岗",
    } | more
    about = told.pop("about", About(world.li_posting))
    return opening.open_case(county=world.county, measure=measure, about=about, by=world.office, at=OPENED, **told)


def heard(world, measure: str = "recall", **more) -> Case:
    """Put to the person, or (a reminder) to approval."""
    return opening.put_forward(case=opened(world, measure, **more), by=world.office, at=OPENED)


def submitted(world, measure: str = "recall", **more) -> Case:
    """The person has spoken, the levels are asked."""
    row = heard(world, measure, **more)
    if row.state == Case.State.HEARING:
        opening.state(case=row, text="家中老人住院", by=world.office, at=TOLD)
        row = opening.end_hearing(case=row, by=world.office, at=TOLD)
    return row


def approved(world, measure: str = "recall", **more) -> Case:
    """Every level has agreed."""
    row = submitted(world, measure, **more)
    if measure == "recall":
        opening.give_opinion(case=row, agreed=True, text="", by=world.clerk_jin, at=AGREED)
    opening.give_opinion(case=row, agreed=True, text="", by=world.deputy, at=AGREED)
    if measure == "recall":
        opening.give_opinion(case=row, agreed=True, text="", document="祁组函9号", by=world.deputy, at=AGREED)
        opening.give_opinion(case=row, agreed=True, text="", by=world.leader_county, at=AGREED)
    row.refresh_from_db()
    return row


def notified(world, measure: str = "recall", **more) -> Case:
    """Told."""
    return effects.notify(case=approved(world, measure, **more), document=NUMBER, by=world.office, at=NOTIFIED)


def carried_out(world, measure: str = "recall", **more) -> Case:
    """Replied to, held, or recalled."""
    row = notified(world, measure, **more)
    if measure == "recall":
        return effects.carry_out(case=row, last_day=date(2022, 12, 5), by=world.office, at=NOTIFIED)
    if measure == "interview":
        return effects.hold(
            case=row, held_on=NOTIFIED.date(), place="县驻村办", record="承诺改正", by=world.office, at=NOTIFIED
        )
    return effects.reply(case=row, text="接受", by=world.office, at=NOTIFIED)


def closed(world, measure: str = "recall", **more) -> Case:
    """The file is closed."""
    return effects.close(case=carried_out(world, measure, **more), result="已办结", by=world.office, at=NOTIFIED)
