"""What may be done to teams and postings, told with the cast."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import NOW
from zhucun.base.access.models import Duty
from zhucun.base.journal.models import Entry
from zhucun.work.teams import actions
from zhucun.work.teams.models import Handover, Posting

pytestmark = pytest.mark.django_db


def test_a_person_cannot_be_in_two_teams_on_one_day(world):
    with pytest.raises(ValidationError, match="时间重叠"):
        actions.post(
            person=world.li,
            team=world.team_gaoling,
            role="member",
            start=date(2022, 1, 1),
            reason="补充",
            by=world.office,
            at=NOW,
        )


def test_a_transfer_ends_the_posting_names_a_successor_and_opens_the_handover_list(world):
    arrival = actions.transfer(
        posting=world.li_posting, last_day=date(2022, 12, 31), reason="工作需要", by=world.office, at=NOW,
        successor=world.qian, successor_reason="熟悉情况",
    )  # fmt: skip
    world.li_posting.refresh_from_db()
    assert (world.li_posting.end, world.li_posting.ending) == (date(2023, 1, 1), "transfer")
    assert (arrival.start, arrival.role, arrival.unit) == (date(2023, 1, 1), "member", world.police)
    assert Handover.objects.get(posting=world.li_posting).receiver == arrival
    assert Entry.objects.filter(action="posting.ended_by_transfer", reason="工作需要").count() == 1


def test_a_failed_successor_leaves_the_posting_open(world):
    with pytest.raises(ValidationError):
        actions.transfer(
            posting=world.li_posting,
            last_day=date(2022, 12, 31),
            reason="工作需要",
            by=world.office,
            at=NOW,
            successor=world.zhao,
        )
    world.li_posting.refresh_from_db()
    assert world.li_posting.end is None
    assert not Handover.objects.filter(posting=world.li_posting).exists()


def test_a_doubt_to_be_justified_needs_a_reason(world):
    with pytest.raises(ValidationError, match="没有有效的选派审核表"):
        actions.post(
            person=world.qian, team=world.team_shiqiao, role="member", start=date(2022, 12, 8), by=world.office, at=NOW
        )


def test_a_recalled_person_is_barred_until_the_ban_is_over(world):
    actions.end_posting(
        posting=world.li_posting, last_day=date(2022, 11, 30), ending="recall", reason="走读", by=world.office, at=NOW
    )
    again = {
        "person": world.li,
        "team": world.team_shiqiao,
        "role": "member",
        "reason": "续派",
        "by": world.office,
        "at": NOW,
    }
    with pytest.raises(ValidationError, match="影响期"):
        actions.post(start=date(2024, 11, 29), **again)
    assert actions.post(start=date(2024, 11, 30), **again).pk


def test_a_township_clerk_may_not_end_a_posting(world):
    with pytest.raises(PermissionDenied):
        actions.end_posting(
            posting=world.li_posting, last_day=date(2022, 12, 31), ending="term", reason="", by=world.clerk_jin, at=NOW
        )
    assert Posting.objects.get(pk=world.li_posting.pk).end is None


def test_a_posting_lets_the_persons_account_see_the_village_while_it_lasts(world):
    day = date(2022, 12, 7)
    assert world.member_li.scope_on(day).village == {world.shiqiao.code}
    actions.end_posting(
        posting=world.li_posting, last_day=date(2022, 12, 31), ending="term", reason="", by=world.office, at=NOW
    )
    duty = Duty.objects.get(source=world.li_posting.source)
    assert (duty.last_day, duty.role) == (date(2022, 12, 31), "member")
    world.member_li.__dict__.pop("_duties", None)
    assert not world.member_li.scope_on(date(2023, 1, 1))


def test_closing_a_team_ends_everybody_in_post(world):
    actions.close_team(
        team=world.team_shiqiao, last_day=date(2022, 12, 31), ending="term", reason="轮换", by=world.office, at=NOW
    )
    world.team_shiqiao.refresh_from_db()
    assert world.team_shiqiao.last_day == date(2022, 12, 31)
    assert {p.last_day for p in world.team_shiqiao.postings.all()} == {date(2022, 12, 31)}


def test_a_handover_list_is_signed_only_when_everything_is_handed_over(world):
    handover = Handover.objects.get(posting=world.qian_posting)
    line = {"kind": "projects", "content": "安全饮水二期", "done": False}
    fields = {"witness": "鸟江镇 刘书记", "signed_on": date(2022, 7, 2)}
    with pytest.raises(ValidationError, match="未交接"):
        actions.fill_handover(handover=handover, fields=fields, items=[line], by=world.clerk_niao, at=NOW)
    actions.fill_handover(handover=handover, fields=fields, items=[line | {"done": True}], by=world.clerk_niao, at=NOW)
    assert [item.content for item in handover.items.all()] == ["安全饮水二期"]
