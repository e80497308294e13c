"""Postings put right, and what follows: marks, figures, leave, the unit, the way back; nothing counts out of post."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.cast import NOW
from zhucun.base.journal.journal import history
from zhucun.base.policy import actions as policy
from zhucun.overview.exchange.tests.books import D, good, take
from zhucun.overview.exchange.tests.test_round_trip import exported
from zhucun.work.attendance import slips
from zhucun.work.attendance.actions import leaves, marks
from zhucun.work.attendance.actions.following import REASON
from zhucun.work.attendance.models import Correction, Leave, PersonMonth
from zhucun.work.attendance.notices import waiting
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

from .paper import faint, keep, printed_page, read

OCTOBER, NOVEMBER = month_named("2022-10"), month_named("2022-11")


@pytest.fixture
def autumn(world):
    """October of 石桥村 confirmed, November filled in: everybody present every day."""
    for month, days in ((OCTOBER, 31), (NOVEMBER, 30)):
        rows = {world.wang.pk: "√" * days, world.li.pk: "√" * days}
        marks.fill(team=world.team_shiqiao, month=month, rows=rows, by=world.clerk_jin, at=NOW)
    marks.confirm(team=world.team_shiqiao, month=OCTOBER, signed=True, by=world.clerk_jin, at=NOW)
    return world


def end(world, last=date(2022, 10, 15), at=NOW):
    world.li_posting.refresh_from_db()
    return teams.end_posting(posting=world.li_posting, last_day=last, ending="term", reason="", by=world.office, at=at)


def put_back(world, at=NOW):
    fields = {"end": None, "ending": "", "ending_reason": ""}
    world.li_posting.refresh_from_db()
    return teams.correct_posting(posting=world.li_posting, fields=fields, reason="写错了", by=world.office, at=at)


SLIP_FIELDS = {"kind": "personal", "reason": "有事", "place": "县城", "stand_in": "王立新"}


def row(world, month=OCTOBER, who="li"):
    return PersonMonth.objects.get(person=getattr(world, who), start=month.start)


def leave(world, first, last, kind="personal"):
    fields = {"kind": kind, "reason": "有事", "place": "县城", "stand_in": "王立新"}
    return leaves.record(posting=world.li_posting, first=first, last=last, fields=fields, level="county",
                         approved_on=first, by=world.office, at=NOW)  # fmt: skip


def test_days_after_the_last_one_count_nowhere_and_both_values_stay(autumn):
    posting = end(autumn)
    assert posting.followed == ["李敏的出勤随任职改了：46 天改为不在任（原来的记录在“更正”里）。"]
    october, november = row(autumn), row(autumn, NOVEMBER)
    assert (october.marks, october.present, october.confirmed_on) == ("√" * 15 + "—" * 16, 15, NOW.date())
    assert (november.marks, november.present) == ("—" * 30, 0)
    made = Correction.objects.filter(month=october).order_by("day")
    assert [(one.day.day, one.old, one.new, one.reason) for one in made] == [
        (day, "√", "—", REASON) for day in range(16, 32)
    ]
    assert history(october).first().action == "attendance.followed"
    assert row(autumn, who="wang").marks == "√" * 31


def test_put_right_again_the_marks_come_back(autumn):
    end(autumn)
    put_back(autumn)
    assert (row(autumn).marks, row(autumn).present) == ("√" * 31, 31)
    assert row(autumn, NOVEMBER).marks == "√" * 30
    assert row(autumn).origins == "g" * 31, "as it was read or typed"
    assert not Correction.objects.exists(), "nothing is changed in the end; the journal has both ways"
    assert [entry.action for entry in history(row(autumn))][:2] == ["attendance.followed"] * 2


def test_a_day_emptied_meanwhile_stays_empty(autumn):
    end(autumn)
    put_back(autumn)
    marks.fill(
        team=autumn.team_shiqiao, month=NOVEMBER, rows={autumn.li.pk: "·" + "√" * 29}, by=autumn.clerk_jin, at=NOW
    )
    end(autumn, at=NOW + timedelta(hours=1))
    put_back(autumn, at=NOW + timedelta(hours=2))
    assert row(autumn, NOVEMBER).marks == "·" + "√" * 29


def test_days_newly_in_post_are_open_and_may_be_corrected(autumn):
    teams.correct_posting(
        posting=autumn.li_posting, fields={"start": date(2022, 10, 10)}, reason="写错了", by=autumn.office, at=NOW
    )
    assert row(autumn).marks == "—" * 9 + "√" * 22
    PersonMonth.objects.filter(person=autumn.li, start=OCTOBER.start).update(marks="—" * 9 + "√" * 22)
    Correction.objects.all().delete()  # as if the month had come in like that
    teams.correct_posting(
        posting=autumn.li_posting, fields={"start": date(2021, 5, 20)}, reason="写对了", by=autumn.office, at=NOW
    )
    assert (row(autumn).marks, row(autumn).blank) == ("·" * 9 + "√" * 22, 9)
    marks.correct(month=row(autumn), day=date(2022, 10, 3), new="√", reason="纸上有", by=autumn.clerk_jin, at=NOW)
    assert row(autumn).marks[2] == "√"


def test_a_dash_in_post_is_no_record_when_the_month_is_confirmed(autumn):
    PersonMonth.objects.filter(person=autumn.li, start=NOVEMBER.start).update(marks="—" * 9 + "√" * 21)
    with pytest.raises(ValidationError, match="李敏：11月1–9日没有记录"):
        marks.confirm(team=autumn.team_shiqiao, month=NOVEMBER, signed=True, by=autumn.clerk_jin, at=NOW)


def test_who_is_out_of_post_is_not_confirmed_with_the_team(autumn):
    end(autumn)
    assert marks.confirm(team=autumn.team_shiqiao, month=NOVEMBER, signed=True, by=autumn.clerk_jin, at=NOW) == 1
    assert row(autumn, NOVEMBER).confirmed_on is None


def test_leave_out_of_post_is_withdrawn_and_leave_across_the_last_day_shortened(autumn):
    before, across, after = (
        leave(autumn, date(2022, 10, first), date(2022, 10, last)) for first, last in ((3, 4), (14, 17), (20, 21))
    )
    posting = end(autumn)
    assert posting.followed[1:] == [
        f"李敏的事假（{across.number}）超出任职的日子，改为 2022-10-14 至 2022-10-15。",
        f"李敏的事假（{after.number}）都在任职以外，撤回了。",
    ]
    assert [(one.status, one.days) for one in Leave.objects.order_by("start")] == [
        ("approved", 2),
        ("approved", 2),
        ("withdrawn", 2),
    ]
    assert history(after).first().action == "leave.followed"
    assert before.number in {one.number for one in Leave.objects.filter(status="approved")}


def test_leave_goes_on_where_somebody_only_changes_the_role(autumn):
    slip = leave(autumn, date(2022, 10, 14), date(2022, 10, 17))
    end(autumn)
    slip.refresh_from_db()
    assert slip.until == date(2022, 10, 15), "the new role is not there yet"
    again = posted_again(autumn)
    slip.refresh_from_db()
    assert (slip.until, slip.status, slip.before_cut) == (date(2022, 10, 17), "approved", None)
    assert f"李敏的事假（{slip.number}）恢复为 2022-10-14 至 2022-10-17。" in again.followed
    assert row(autumn).marks == "√" * 31, "both postings are of one team"
    both = leave(autumn, date(2022, 10, 18), date(2022, 10, 19))
    assert both.extends == slip, "续假 from one role into the next"
    seen = slips.check(
        posting=again, kind="personal", first=date(2022, 10, 24), last=date(2022, 10, 25), by=autumn.member_li, at=NOW
    )
    assert seen.in_post
    across = slips.check(
        posting=again, kind="personal", first=date(2022, 10, 12), last=date(2022, 10, 17), by=autumn.member_li, at=NOW
    )
    assert across.in_post, "the preview says what the action does"
    both.delete()
    slip.delete()
    assert leave(autumn, date(2022, 10, 14), date(2022, 10, 17)).days == 4


def posted_again(world, start=date(2022, 10, 16)):
    return teams.post(
        person=world.li, team=world.team_shiqiao, role="deputy", start=start, by=world.caretaker, at=NOW, reason="改任"
    )


def test_a_wrong_end_undone_leaves_no_trace_on_marks_and_leave(autumn):
    slips = [leave(autumn, date(2022, 10, first), date(2022, 10, first + 1)) for first in (14, 20)]
    leaves.give_back(leave=slips[1], returned_on=date(2022, 10, 22), by=autumn.clerk_jin, at=NOW)
    before = list(Leave.objects.order_by("start").values())
    end(autumn, date(2022, 10, 14))
    assert [one.status for one in Leave.objects.order_by("start")] == ["approved", "withdrawn"]
    put_back(autumn)
    assert list(Leave.objects.order_by("start").values()) == before


def test_leave_does_not_come_back_over_what_was_written_down_meanwhile(autumn):
    cut = leave(autumn, date(2022, 10, 14), date(2022, 10, 17))
    end(autumn)
    other = teams.post(
        person=autumn.li,
        team=autumn.team_gaoling,
        role="member",
        start=date(2022, 10, 17),
        by=autumn.caretaker,
        at=NOW,
        reason="轮换",
    )
    leaves.record(posting=other, first=date(2022, 10, 17), last=date(2022, 10, 17), fields=SLIP_FIELDS, level="county",
                  approved_on=date(2022, 10, 17), by=autumn.office, at=NOW)  # fmt: skip
    autumn.li_posting.refresh_from_db()
    teams.correct_posting(
        posting=autumn.li_posting, fields={"end": date(2022, 10, 17)}, reason="写错了", by=autumn.office, at=NOW
    )
    cut.refresh_from_db()
    assert cut.until == date(2022, 10, 15), "the 17th is another slip's now"
    assert row(autumn).marks == "√" * 16 + "—" * 15


def test_a_leave_given_back_is_not_left_with_days_after_the_return(autumn):
    slip = leave(autumn, date(2022, 11, 5), date(2022, 11, 12))
    Leave.objects.filter(pk=slip.pk).update(
        returned_on=date(2022, 11, 7), status="returned"
    )  # as a workbook may have it
    autumn.li_posting.refresh_from_db()
    teams.correct_posting(
        posting=autumn.li_posting, fields={"start": date(2022, 11, 9)}, reason="写错了", by=autumn.office, at=NOW
    )
    slip.refresh_from_db()
    assert (slip.status, slip.start) == ("withdrawn", date(2022, 11, 5))


def test_who_is_out_of_post_holds_nothing_up(autumn):
    page = printed_page(autumn)
    (reading,) = keep(
        autumn, read(page, lambda person, day: faint(person, day, "休") if (person, day) == ("P002", 6) else "村")
    )
    PersonMonth.objects.filter(person=autumn.li, start=NOVEMBER.start).update(marks="·" * 30)
    end(autumn, date(2022, 10, 31))
    assert not reading.questions.filter(person=autumn.li, answered_at__isnull=True).exists()
    reading.questions.all().delete()
    assert marks.confirm(team=autumn.team_shiqiao, month=NOVEMBER, signed=True, by=autumn.clerk_jin, at=NOW) == 1
    assert not [todo.title for todo in waiting(autumn.clerk_jin, date(2023, 1, 2)) if "11月出勤：还有" in todo.title]


def test_a_page_whose_only_questions_were_about_somebody_out_of_post_is_done(autumn):
    policy.set_parameter(
        key="attendance.audit_share", value="0", start=date(2022, 1, 1), clause=None, by=autumn.caretaker, at=NOW
    )
    PersonMonth.objects.filter(start=NOVEMBER.start).delete()
    (reading,) = keep(
        autumn,
        read(printed_page(autumn), lambda person, day: faint(person, day) if (person, day) == ("P002", 6) else "村"),
    )
    assert reading.state == "open"
    end(autumn, date(2022, 10, 31))
    reading.refresh_from_db()
    assert reading.state == "done"
    assert history(reading).first().action == "book.followed"


def test_months_go_with_a_unit_put_right(autumn):
    record = autumn.li.records.get()
    teams.correct_person(
        record=record,
        identity_fields={},
        record_fields={"unit": autumn.finance},
        reason="写错了",
        by=autumn.caretaker,
        at=NOW,
    )
    assert {one.unit for one in PersonMonth.objects.filter(person=autumn.li)} == {autumn.finance}
    assert not Correction.objects.exists()


def test_a_month_changed_since_it_was_seen_is_not_confirmed(autumn):
    marks.fill(
        team=autumn.team_shiqiao, month=NOVEMBER, rows={autumn.li.pk: "×" + "√" * 29}, by=autumn.clerk_jin, at=NOW
    )
    with pytest.raises(ValidationError, match="刚刚有人改过"):
        marks.confirm(team=autumn.team_shiqiao, month=NOVEMBER, signed=True, stamp="2.2", by=autumn.clerk_jin, at=NOW)
    assert (
        marks.confirm(team=autumn.team_shiqiao, month=NOVEMBER, signed=True, stamp="2.3", by=autumn.clerk_jin, at=NOW)
        == 2
    )


# -- by workbook ----------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db
MAY = {
    "月份": "2022-05",
    "工作队编号": "T001",
    "人员编号": "P001",
    **{str(day): "√" for day in range(1, 32)},
    "乡镇确认日期": D(2022, 6, 3),
}
SLIP = {
    "编号": "QJ-1",
    "人员编号": "P001",
    "类别": "事假",
    "开始日期": D(2022, 5, 9),
    "结束日期": D(2022, 5, 20),
    "批准层级": "县",
    "批准日期": D(2022, 5, 7),
}
ENDING = {"离任日期": D(2022, 5, 15), "离任方式": "期满"}


def test_a_workbook_that_ends_a_posting_brings_the_months_along_and_says_so_before():
    take(good() | {"出勤": [MAY], "请假报备": [SLIP]})
    given = good()
    given["任职"][0] |= ENDING
    outcome = take(given)
    assert [one.sentence for one in outcome.warnings] == [
        "任职改了以后，1 人已有的出勤随之改（如王立新 2022-05）：不在任的日子记“—”，原来的记录留在“更正”里。"
    ]
    may = PersonMonth.objects.get()
    assert (may.marks, may.present, Correction.objects.count()) == ("√" * 15 + "—" * 16, 15, 16)
    assert Leave.objects.get().until == date(2022, 5, 15)


def test_a_workbook_that_says_both_is_not_followed_twice():
    take(good() | {"出勤": [MAY], "请假报备": [SLIP]})
    given = good() | {
        "出勤": [MAY | {str(day): "—" for day in range(16, 32)}],
        "请假报备": [SLIP | {"结束日期": D(2022, 5, 15)}],
    }
    given["任职"][0] |= ENDING
    outcome = take(given)
    assert outcome.status == "imported"
    assert not [one for one in outcome.warnings if "随之改" in one.sentence]
    assert Correction.objects.count() == 16
    assert {one.reason for one in Correction.objects.all()} == {"台账导入更正"}


def test_an_empty_cell_takes_back_no_approval_and_no_return():
    take(good() | {"请假报备": [SLIP | {"销假日期": D(2022, 5, 21)}]})
    outcome = take(good() | {"请假报备": [SLIP | {"批准日期": "", "批准层级": "", "销假日期": ""}]})
    slip = Leave.objects.get()
    assert (outcome.status, slip.status, slip.approved_on, slip.returned_on, slip.level) == (
        "unchanged", "returned", date(2022, 5, 7), date(2022, 5, 21), "county",
    )  # fmt: skip
    assert [one.sentence for one in outcome.warnings] == [
        "QJ-1 在系统里已经批准，不能用导入取消，仍按原来的。", "QJ-1 在系统里已经销假，不能用导入取消，仍按原来的。",
    ]  # fmt: skip


def test_a_return_without_an_approval_is_pointed_at():
    outcome = take(good() | {"请假报备": [SLIP | {"批准日期": "", "销假日期": D(2022, 5, 21)}]})
    assert "没有批准日期，却填了销假日期：按待批收" in outcome.warnings[0].sentence
    assert Leave.objects.get().status == "asked"


def test_another_day_of_confirmation_is_pointed_at():
    take(good() | {"出勤": [MAY]})
    outcome = take(good() | {"出勤": [MAY | {"乡镇确认日期": D(2022, 7, 1)}]})
    assert "这个月原来 2022-06-03 确认，将改为 2022-07-01" in outcome.warnings[0].sentence


def test_after_an_ending_the_export_comes_in_again_as_it_went_out():
    given = good() | {
        "出勤": [MAY, MAY | {"月份": "2022-06", "31": "", "乡镇确认日期": D(2022, 7, 3)}],
        "请假报备": [SLIP],
    }
    take(given)
    ended = good()
    ended["任职"][0] |= ENDING
    take(ended)
    assert PersonMonth.objects.get(start=date(2022, 6, 1)).marks == "—" * 30
    outcome = take(exported())
    assert (outcome.status, [str(one) for one in outcome.problems]) == ("unchanged", [])


def test_an_older_workbook_is_told_of_a_slip_withdrawn_and_of_days_out_of_post():
    take(good() | {"请假报备": [SLIP]})
    Leave.objects.update(status="withdrawn")
    outcome = take(good() | {"请假报备": [SLIP]})
    assert [one.sentence for one in outcome.warnings] == ["QJ-1 在系统里已撤回，这一行没有用。"]
    given = good()
    given["任职"][0] |= ENDING
    outcome = take(given | {"请假报备": [SLIP | {"编号": "QJ-2"}]})
    assert [one.sentence for one in outcome.warnings] == [
        "这张单子有不在任的日子（QJ-2 从 2022-05-09 到 2022-05-20，任职只在 2022-05-09 到 2022-05-15），照收，请核对。"
    ]
