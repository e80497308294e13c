"""Marks go in through one action, are confirmed, and change afterwards by correction only."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import NOW
from zhucun.base.journal.journal import history
from zhucun.work.attendance.actions import marks
from zhucun.work.attendance.models import Correction, PersonMonth
from zhucun.work.attendance.roster import month_named

NOVEMBER = month_named("2022-11")
FULL = "√" * 22 + "公" * 2 + "休" * 2 + "调" * 4


def fill(world, rows, by=None, month=NOVEMBER, team=None):
    return marks.fill(team=team or world.team_shiqiao, month=month, rows=rows, by=by or world.clerk_jin, at=NOW)


def test_a_month_is_kept_with_its_tallies_and_journaled_once(world):
    assert fill(world, {world.wang.pk: FULL, world.li.pk: "v" * 30}) == 2
    row = PersonMonth.objects.get(person=world.wang)
    assert (row.present, row.counts_as, row.leave, row.rest, row.absent, row.blank) == (22, 2, 2, 4, 0, 0)
    assert row.counted == 24
    assert row.origins == "g" * 30
    assert PersonMonth.objects.get(person=world.li).marks == "√" * 30
    assert history(world.team_shiqiao).first().action == "attendance.filled"


def test_the_same_again_changes_nothing(world):
    fill(world, {world.wang.pk: FULL})
    assert fill(world, {world.wang.pk: FULL}) == 0
    assert PersonMonth.objects.get(person=world.wang).version == 1


def test_a_clerk_of_another_township_may_not_fill(world):
    with pytest.raises(PermissionDenied):
        fill(world, {world.wang.pk: FULL}, by=world.clerk_niao)


def test_a_member_may_not_fill(world):
    with pytest.raises(PermissionDenied):
        fill(world, {world.li.pk: FULL}, by=world.member_li)


def test_a_day_that_has_not_come_is_refused_and_nothing_is_written(world):
    with pytest.raises(ValidationError, match="12月8日“√”：这一天还没有到"):
        fill(world, {world.wang.pk: "√" * 8}, month=month_named("2022-12"))
    assert not PersonMonth.objects.exists()


def test_days_out_of_post_become_a_dash_and_a_mark_there_is_refused(world):
    june, july = month_named("2022-06"), month_named("2022-07")
    fill(world, {world.qian.pk: "√" * 30}, by=world.clerk_niao, month=june, team=world.team_gaoling)
    assert PersonMonth.objects.get(person=world.qian).marks == "√" * 30
    with pytest.raises(ValidationError, match="有人2022年7月不在"):
        fill(world, {world.qian.pk: "√" * 31}, by=world.clerk_niao, month=july, team=world.team_gaoling)
    fill(world, {world.wang.pk: "·" * 19 + "√" * 12}, month=month_named("2021-05"))
    assert PersonMonth.objects.get(start=date(2021, 5, 1)).marks == "—" * 19 + "√" * 12


def test_two_people_at_one_row_the_second_is_told(world):
    fill(world, {world.wang.pk: FULL})
    with pytest.raises(ValidationError, match="刚刚被别人改过"):
        marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows={world.wang.pk: "√" * 30},
                   versions={world.wang.pk: 0}, by=world.clerk_jin, at=NOW)  # fmt: skip
    assert PersonMonth.objects.get(person=world.wang).marks == FULL


def confirmed(world):
    fill(world, {world.wang.pk: FULL, world.li.pk: "√" * 30})
    return marks.confirm(team=world.team_shiqiao, month=NOVEMBER, signed=True, by=world.clerk_jin, at=NOW)


def test_confirmation_locks_the_month_of_the_whole_team(world):
    assert confirmed(world) == 2
    assert set(PersonMonth.objects.values_list("confirmed_on", flat=True)) == {date(2022, 12, 7)}
    with pytest.raises(ValidationError, match="已由乡镇确认"):
        fill(world, {world.wang.pk: "√" * 30})


def test_confirmation_wants_the_signature_every_day_and_the_month_over(world):
    fill(world, {world.wang.pk: FULL, world.li.pk: "√" * 20})
    confirm = {"team": world.team_shiqiao, "month": NOVEMBER, "by": world.clerk_jin, "at": NOW}
    with pytest.raises(ValidationError, match="村党组织书记"):
        marks.confirm(**confirm, signed=False)
    with pytest.raises(ValidationError, match="李敏：11月21–30日没有记录"):
        marks.confirm(**confirm, signed=True)
    with pytest.raises(ValidationError, match="还没有过完"):
        marks.confirm(**confirm | {"month": month_named("2022-12")}, signed=True)
    with pytest.raises(PermissionDenied):
        marks.confirm(**confirm | {"by": world.office}, signed=True)


def test_a_correction_keeps_both_values_and_needs_a_reason(world):
    confirmed(world)
    row = PersonMonth.objects.get(person=world.li)
    correct = {"month": row, "day": date(2022, 11, 3), "new": "公", "by": world.clerk_jin, "at": NOW}
    with pytest.raises(ValidationError, match="理由"):
        marks.correct(**correct, reason=" ")
    marks.correct(**correct, reason="当天在县里协调项目，有报备单")
    row.refresh_from_db()
    assert (row.marks[:4], row.origins[2], row.counts_as) == ("√√公√", "c", 1)
    made = Correction.objects.get()
    assert (made.old, made.new, made.made_by) == ("√", "公", world.clerk_jin)


def test_an_unconfirmed_month_needs_no_correction(world):
    fill(world, {world.li.pk: FULL})
    row = PersonMonth.objects.get(person=world.li)
    with pytest.raises(ValidationError, match="可以直接修改"):
        marks.correct(month=row, day=date(2022, 11, 3), new="公", reason="x", by=world.clerk_jin, at=NOW)


def test_a_correction_cannot_put_a_mark_outside_the_posting(world):
    by = {"by": world.clerk_niao, "at": datetime(2022, 7, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))}
    month = month_named("2022-06")
    marks.fill(team=world.team_gaoling, month=month, rows={world.qian.pk: "√" * 30, world.zhao.pk: "√" * 30}, **by)
    marks.confirm(team=world.team_gaoling, month=month, signed=True, **by)
    row = PersonMonth.objects.get(person=world.qian)
    with pytest.raises(ValidationError, match="不在这个月里"):
        marks.correct(month=row, day=date(2022, 7, 1), new="√", reason="x", **by)


@pytest.fixture
def november_of_li(world):
    confirmed(world)
    return PersonMonth.objects.get(person=world.li)


def test_a_correction_made_over_another_one_is_refused_with_what_stands_there(world, november_of_li):
    said = {
        "month": november_of_li,
        "day": date(2022, 11, 2),
        "by": world.clerk_jin,
        "at": NOW,
        "version": november_of_li.version,
    }
    marks.correct(new="公", reason="报备单补到", **said)
    with pytest.raises(ValidationError, match="刚刚有人更正过，2022-11-02 现在记为“公”"):
        marks.correct(new="培", reason="培训通知", **said)
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("reason", ["\u200b\u202e", "\x01\x02 ", " "])
def test_a_reason_nobody_can_see_is_none(world, november_of_li, reason):
    with pytest.raises(ValidationError, match="请写明更正的理由"):
        marks.correct(month=november_of_li, day=date(2022, 11, 2), new="公", reason=reason, by=world.clerk_jin, at=NOW)


def test_a_day_to_come_is_not_corrected(world, november_of_li):
    """Even where a ledger of before had confirmed a month that was not over."""
    fill(world, {world.li.pk: "√" * 7}, month=month_named("2022-12"))
    row = PersonMonth.objects.get(start=date(2022, 12, 1))
    PersonMonth.objects.filter(pk=row.pk).update(confirmed_on=date(2022, 12, 7))
    with pytest.raises(ValidationError, match="2022-12-20 还没有到"):
        marks.correct(month=row, day=date(2022, 12, 20), new="√", reason="提前", by=world.clerk_jin, at=NOW)


def test_a_month_in_which_nobody_was_in_post_is_not_confirmed_already(world):
    with pytest.raises(ValidationError, match="2018年1月没有人在任"):
        marks.confirm(team=world.team_shiqiao, month=month_named("2018-01"), signed=True, by=world.clerk_jin, at=NOW)
