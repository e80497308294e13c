"""Every step of every measure tried at every stage by every role: it is done only by whoever it belongs to, in its time."""

import itertools
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from tests.cast import NOW
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.models import Case
from zhucun.work.accountability.rules import CaseStatus, may_follow
from zhucun.work.accountability.standing import stand
from zhucun.work.accountability.views.offers import STEPS

from .conftest import approved, carried_out, closed, heard, notified, opened, submitted

pytestmark = pytest.mark.django_db
ROLES = (
    "office", "third", "clerk_jin", "clerk_niao", "contact_farming", "contact_finance", "leader_county", "leader_two", "inspector", "member_li",
    "member_wang", "member_zhao", "sysadmin", "auditor", "stranger",
)  # fmt: skip
SAY = {
    "put_forward": lambda row, who: opening.put_forward(case=row, by=who, at=NOW),
    "state": lambda row, who: opening.state(case=row, text="没有意见", by=who, at=NOW),
    "end_hearing": lambda row, who: opening.end_hearing(case=row, by=who, at=NOW),
    "judge": lambda row, who: opening.give_opinion(
        case=row, agreed=True, text="同意", document="文1号", by=who, at=NOW
    ),
    "notify": lambda row, who: effects.notify(case=row, document="文2号", by=who, at=NOW),
    "reply": lambda row, who: effects.reply(case=row, text="接受", by=who, at=NOW),
    "hold": lambda row, who: effects.hold(
        case=row, held_on=NOW.date(), place="县驻村办", record="承诺改正", by=who, at=NOW
    ),
    "carry_out": lambda row, who: effects.carry_out(case=row, last_day=date(2022, 12, 7), by=who, at=NOW),
    "close": lambda row, who: effects.close(case=row, result="办结", by=who, at=NOW),
    "appeal": lambda row, who: effects.appeal(case=row, text="不服", by=who, at=NOW),
    "dismiss": lambda row, who: opening.dismiss(case=row, reason="不予", by=who, at=NOW),
    "revoke": lambda row, who: effects.revoke(case=row, reason="撤销", by=who, at=NOW),
}
OFFICE = {"office", "third"}
BELONGS = {
    "put_forward": OFFICE, "state": {*OFFICE, "clerk_jin", "member_li"}, "end_hearing": OFFICE, "notify": OFFICE, "reply": {*OFFICE, "member_li"},
    "hold": OFFICE, "carry_out": OFFICE, "close": OFFICE, "appeal": {"member_li", "contact_farming"}, "dismiss": OFFICE, "revoke": OFFICE,
    "judge": {*OFFICE, "clerk_jin", "leader_county", "leader_two"},
}  # fmt: skip
STAGES = (opened, heard, submitted, approved, notified, carried_out, closed)


class Undone(Exception):
    """Takes a tried step back."""


def tried(row: Case, step: str, who) -> str:
    """The state a step led to, “refused” or “forbidden”; nothing of it stays."""
    after = None
    try:
        with transaction.atomic():
            SAY[step](Case.objects.get(pk=row.pk), who)
            after = Case.objects.get(pk=row.pk).state
            raise Undone
    except Undone:
        return after
    except PermissionDenied:
        return "forbidden"
    except ValidationError as refusal:
        after = refusal
    assert all(message.endswith("。") for message in after.messages), after.messages
    return "refused"


@pytest.mark.parametrize(("measure", "stage"), list(itertools.product(("reminder", "interview", "recall"), STAGES)))
def test_a_step_is_done_by_whom_it_belongs_to_in_its_time(hands, measure, stage):
    row = stage(hands, measure)
    row = Case.objects.select_related("person", "posting").prefetch_related("opinions", "appeals").get(pk=row.pk)
    for step, role in itertools.product(SAY, ROLES):
        who = getattr(hands, role)
        result = tried(row, step, who)
        offered = step in stand(row, who, NOW.date()).may
        if result not in {"refused", "forbidden"}:
            assert role in BELONGS[step], f"{role} may {step} a {measure} that is {row.state}"
            assert result == row.state or may_follow(CaseStatus(row.state), CaseStatus(result))
            assert offered, f"the page does not offer {step} to {role} for a {measure} that is {row.state}"
        if offered:
            assert result not in {"refused", "forbidden"}, f"the page offers {step} to {role}, but it is {result}"


def test_every_step_of_the_pages_is_tried():
    assert set(STEPS) == {*SAY, "succeed", "answer"}  # which have tests of their own
