"""What was read goes into the month where it is beyond doubt, the rest is asked, and answers are written."""

import json
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import AT, NOW
from zhucun.base.journal.journal import history
from zhucun.base.policy import actions as policy
from zhucun.work.attendance.actions import leaves, marks
from zhucun.work.attendance.actions import readings as actions
from zhucun.work.attendance.actions.taking import _is_audited
from zhucun.work.attendance.models import PersonMonth, Question, Reading
from zhucun.work.attendance.readings import NEUTRAL, Accuracy, accuracy, asked_about, differences, lookup_for, together
from zhucun.work.attendance.roster import month_named
from zhucun.work.attendance.rules import most_wrong
from zhucun.work.attendance.scan.reading import Cell, Read
from zhucun.work.teams import actions as teams

from .paper import NOVEMBER, faint, keep, printed_page, read

STATE = Reading.State


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def no_audit(world):
    """Nothing is looked at without doubt."""
    audit(world, 0)


def audit(world, share):
    policy.set_parameter(
        key="attendance.audit_share", value=str(share), start=date(2022, 1, 1), clause=None, by=world.caretaker, at=AT
    )


def all_present(person, day):
    return "村"


def marks_of(person):
    return PersonMonth.objects.get(person=person, start=date(2022, 11, 1)).marks


def answered(world, row, **said):
    """Answer one question."""
    return actions.answer(answers={row.pk: said.pop("as_", "村")}, by=said.pop("by", world.clerk_jin), at=NOW)


def test_what_is_beyond_doubt_goes_in(world, no_audit):
    (row,) = keep(world, read(printed_page(world), lambda person, day: "休" if day in (5, 6) else "村"))
    assert (row.state, row.reason, row.township) == (STATE.DONE, "", world.jinqiao)
    assert marks_of(world.wang) == "√√√√调调" + "√" * 24
    assert PersonMonth.objects.get(person=world.li).origins == "r" * 30
    assert [entry.action for entry in history(row)] == ["book.read"]


def test_doubt_is_asked_and_the_answer_written_as_checked(world, no_audit):
    page = printed_page(world)
    (row,) = keep(world, read(page, lambda person, day: faint(person, day) if (person, day) == ("P002", 3) else "村"))
    assert row.state == STATE.OPEN
    assert marks_of(world.li)[:4] == "√√·√"
    question = row.questions.get()
    assert (question.person, question.day, question.read, question.why, question.audit) == (
        world.li, date(2022, 11, 3), "村", "笔迹很轻", False
    )  # fmt: skip
    assert answered(world, question, as_="休") == 1
    li = PersonMonth.objects.get(person=world.li)
    assert (li.marks[2], li.origins[2], li.origins[3]) == ("调", "k", "r")
    row.refresh_from_db()
    assert row.state == STATE.DONE
    assert history(row).first().action == "book.checked"


def test_a_blank_is_asked_and_may_be_an_absence_or_stay_blank(world, no_audit):
    (row,) = keep(
        world, read(printed_page(world), lambda person, day: None if day in (1, 2) and person == "P001" else "村")
    )
    first, second = row.questions.order_by("day")
    actions.answer(answers={first.pk: "×", second.pk: "空"}, by=world.clerk_jin, at=NOW)
    assert marks_of(world.wang)[:3] == "×·√"


def test_a_row_nobody_filled_in_is_told_once_and_taken_when_it_comes_again_filled(world, no_audit):
    page = printed_page(world)
    (row,) = keep(world, read(page, lambda person, day: None if person == "P001" else "村"))
    assert (row.state, row.questions.count()) == (STATE.DONE, 0)
    assert row.warnings == ["王立新这一行一格都没有填，没有逐格核对；请在纸上补填后重新上传，或直接录入。"]
    assert marks_of(world.li) == "√" * 30
    assert not PersonMonth.objects.filter(person=world.wang).exclude(marks="·" * 30).exists()
    (again,) = keep(world, read(page, all_present))
    assert (again.state, len(differences(again))) == (STATE.AGAIN, 30)
    assert actions.take_again(reading=again, by=world.clerk_jin, at=NOW) == 0
    assert marks_of(world.wang) == "√" * 30


def test_two_blank_days_are_few_enough_to_be_asked(world, no_audit):
    at = datetime(2022, 11, 2, 12, tzinfo=NOW.tzinfo)
    page = printed_page(world, at=at)
    (row,) = keep(world, read(page, lambda person, day: "村" if person == "P002" and day < 3 else None), at=at)
    assert [(question.person, question.day.day) for question in row.questions.all()] == [
        (world.wang, 1),
        (world.wang, 2),
    ]


def test_a_page_goes_in_for_those_whose_month_is_open_only(world, no_audit):
    page = printed_page(world)
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows={world.wang.pk: "×" * 30}, by=world.clerk_jin, at=NOW)
    PersonMonth.objects.filter(person=world.wang).update(confirmed_on=NOW.date(), confirmed_by=world.clerk_jin)
    (row,) = keep(world, read(page, all_present))
    assert (row.state, marks_of(world.wang), marks_of(world.li)) == (STATE.DONE, "×" * 30, "√" * 30)
    PersonMonth.objects.filter(person=world.li).update(confirmed_on=NOW.date(), confirmed_by=world.clerk_jin)
    (again,) = keep(world, read(page, all_present))
    assert (again.state, again.reason) == (STATE.AGAIN, actions.CONFIRMED)


def test_a_page_nobody_filled_in_is_refused_by_its_name(world):
    (row,) = keep(world, read(printed_page(world), lambda person, day: None))
    assert (row.state, row.questions.count(), row.page) == (STATE.REFUSED, 0, None)
    assert row.reason.startswith("石桥村2022年11月的月页一格都没有填，没有存入。")
    assert not PersonMonth.objects.exists()


def leave(world, kind, first, last):
    fields = {"kind": kind, "reason": "有事", "place": "县城"}
    return leaves.record(
        posting=world.li_posting,
        first=first,
        last=last,
        fields=fields,
        level="county",
        approved_on=first,
        by=world.office,
        at=NOW,
    )


@pytest.mark.parametrize(
    ("kind", "option", "symbol", "why"),
    [
        ("sick", "假", "病", ""), ("training", "视", "培", ""), ("meeting", "视", "会", ""), ("duty", "视", "公", ""),
        ("sick", "村", "·", "已批准请假，记录本却记在村"), (None, "视", "公", ""), (None, "假", "事", "没有请假单"),
    ],
)  # fmt: skip
def test_a_bubble_becomes_the_kind_of_the_slip_that_covers_the_day(world, no_audit, kind, option, symbol, why):
    if kind:
        leave(world, kind, date(2022, 11, 8), date(2022, 11, 9))
    (row,) = keep(
        world,
        read(
            printed_page(world),
            lambda person, day: option if (person, day) == ("P002", 8) else "村" if day != 9 else "休",
        ),
    )
    assert marks_of(world.li)[7] == symbol
    assert [question.why for question in row.questions.all()] == ([why] if why else [])
    assert all(asked_about(question) == why for question in row.questions.all())


def test_what_clashes_with_what_stands_is_asked_not_overwritten(world, no_audit):
    marks.fill(
        team=world.team_shiqiao, month=NOVEMBER, rows={world.wang.pk: "公√" + "·" * 28}, by=world.clerk_jin, at=NOW
    )
    (row,) = keep(world, read(printed_page(world), all_present))
    assert row.questions.get().why == "已录入“公”，记录本读出“村”"
    wang = PersonMonth.objects.get(person=world.wang)
    assert (wang.marks[:3], wang.origins[:3]) == ("公√√", "ggr")


def test_the_same_page_again_changes_nothing_and_shows_what_differs(world, no_audit):
    page = printed_page(world)
    keep(world, read(page, all_present))
    (again,) = keep(
        world, read(page, lambda person, day: "休" if (person, day) == ("P001", 5) else "村"), digest="e" * 64
    )
    assert again.state == STATE.AGAIN
    assert "12月7日 09:00 已经读过" in again.reason
    assert marks_of(world.wang) == "√" * 30
    (one,) = differences(again)
    assert (one.person, one.day, one.had, one.read) == (world.wang, date(2022, 11, 5), "√", "休")
    assert actions.take_again(reading=again, by=world.clerk_jin, at=NOW) == 1
    answered(world, again.questions.get(), as_="休")
    assert marks_of(world.wang)[4] == "调"
    with pytest.raises(ValidationError, match="不用再采用"):
        actions.take_again(reading=again, by=world.clerk_jin, at=NOW)


def test_a_page_read_in_the_middle_of_the_month_and_at_its_end_asks_nothing_twice(world, no_audit):
    page, early = printed_page(world), datetime(2022, 11, 15, 9, tzinfo=NOW.tzinfo)
    keep(world, read(page, lambda person, day: "村" if day <= 15 else None), at=early)
    assert marks_of(world.wang) == "√" * 15 + "·" * 15
    assert not Question.objects.exists()
    (again,) = keep(world, read(page, all_present), digest="e" * 64)
    assert len(differences(again)) == 30
    assert actions.take_again(reading=again, by=world.clerk_jin, at=NOW) == 0
    assert marks_of(world.wang) == "√" * 30


def test_a_day_to_come_is_asked(world, no_audit):
    (row,) = keep(
        world, read(printed_page(world, month=month_named("2022-12")), lambda person, day: "村" if day <= 8 else None)
    )
    assert {question.day.day for question in row.questions.all()} == {8}
    assert asked_about(row.questions.first()) == "日期还没有到"
    with pytest.raises(ValidationError, match="这一天还没有到"):
        answered(world, row.questions.first())
    answered(world, row.questions.first(), as_="空")


def test_a_confirmed_month_is_left_alone(world, no_audit):
    page = printed_page(world)
    rows = {world.wang.pk: "√" * 30, world.li.pk: "√" * 30}
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows=rows, by=world.clerk_jin, at=NOW)
    marks.confirm(team=world.team_shiqiao, month=NOVEMBER, signed=True, by=world.clerk_jin, at=NOW)
    (row,) = keep(world, read(page, lambda person, day: "休"))
    assert row.state == STATE.AGAIN
    assert "已经确认" in row.reason
    assert len(differences(row)) == 60
    with pytest.raises(ValidationError, match="已经确认"):
        actions.take_again(reading=row, by=world.clerk_jin, at=NOW)
    assert marks_of(world.wang) == "√" * 30


def test_a_month_confirmed_meanwhile_is_not_changed_by_an_answer(world, no_audit):
    (row,) = keep(
        world,
        read(printed_page(world), lambda person, day: faint(person, day) if (person, day) == ("P001", 1) else "村"),
    )
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows={world.wang.pk: "√" * 30}, by=world.clerk_jin, at=NOW)
    PersonMonth.objects.update(confirmed_on=NOW.date(), confirmed_by=world.office)  # as a workbook may bring it
    with pytest.raises(ValidationError, match="已由乡镇确认"):
        answered(world, row.questions.get(), as_="休")
    assert row.questions.get().answered_at is None
    answered(world, row.questions.get(), as_="村")  # which stands already


def test_people_who_left_since_become_a_warning_not_a_mark(world, no_audit):
    page = printed_page(world)
    teams.end_posting(
        posting=world.li_posting,
        last_day=date(2022, 11, 20),
        ending="transfer",
        reason="调整",
        by=world.caretaker,
        at=AT,
    )
    (row,) = keep(world, read(page, all_present))
    assert marks_of(world.li) == "√" * 20 + "—" * 10
    assert row.warnings == ["李敏11月21–30日不在任，记录本上填的没有存入；如果任职日期有误，请先改正再重新上传。"]
    assert row.state == STATE.DONE


def test_old_paper_is_taken_with_a_warning(world, no_audit):
    old = printed_page(world)
    teams.end_posting(
        posting=world.li_posting,
        last_day=date(2022, 11, 29),
        ending="transfer",
        reason="调整",
        by=world.caretaker,
        at=AT,
    )
    printed_page(world)
    (row,) = keep(world, read(old, lambda person, day: "村" if day < 30 else None))
    assert "这是第 1 版的纸" in row.warnings[0]


def test_a_refused_page_is_kept_with_its_reason(world):
    (row,) = keep(world, Read("照片.jpg", 1, "照片抖动，看不清二维码，请把手机放稳重拍"))
    assert (row.state, row.page, row.township) == (STATE.REFUSED, None, world.jinqiao)
    with pytest.raises(ValidationError, match="没有读出，不用作废"):
        actions.drop(reading=row, reason="", by=world.clerk_jin, at=NOW)


def test_two_pages_in_one_photo_and_the_same_work_done_again(world, no_audit):
    page, batch = printed_page(world), uuid4()
    reads = [read(page, all_present), Read("石桥.jpg", 1, "这一页是空白的")]
    first = keep(world, *reads, batch=batch)
    assert [row.place for row in first] == [1, 2]
    assert keep(world, *reads, batch=batch) == first
    assert Reading.objects.count() == 2


def test_who_may_read_and_whose_pages(world):
    page = printed_page(world)
    for user in (world.contact_finance, world.member_li, world.leader_county, world.stranger):
        with pytest.raises(PermissionDenied):
            keep(world, read(page, all_present), by=user)
    with pytest.raises(PermissionDenied):
        keep(world, read(page, all_present), by=world.clerk_niao)
    assert not Reading.objects.exists()
    scope = world.clerk_niao.scope_on(NOW.date(), "attendance.book_read")
    assert lookup_for(scope)(page.code) == "这是金桥镇的记录本，您只能识读本乡镇的"
    assert lookup_for(world.office.scope_on(NOW.date()))(page.code).team == "T001"
    assert "没有这一页的印制记录" in lookup_for(scope)("ZC1*T001*202211*V09*1/1*ABCD*ABCDEFGH")


def test_two_people_at_one_cell_the_second_is_told(world, no_audit):
    (row,) = keep(
        world,
        read(printed_page(world), lambda person, day: faint(person, day) if (person, day) == ("P001", 1) else "村"),
    )
    question = row.questions.get()
    answered(world, question, as_="村")
    assert answered(world, question, as_="村", by=world.office) == 0
    with pytest.raises(ValidationError, match="王立新 11月1日：金桥经办人已经核对为“村”"):
        answered(world, question, as_="休", by=world.office)
    assert marks_of(world.wang)[0] == "√"


def test_whoever_answered_may_change_their_own_answer(world, no_audit):
    (row,) = keep(
        world,
        read(printed_page(world), lambda person, day: faint(person, day) if (person, day) == ("P001", 1) else "村"),
    )
    answered(world, row.questions.get(), as_="休")
    assert answered(world, row.questions.get(), as_="村") == 1
    assert marks_of(world.wang)[0] == "√"
    assert json.loads(history(row).first().data)["cells"] == {"P001 2022-11-01": ["休", "村"]}


def test_answers_are_all_or_none_and_only_known_ones(world, no_audit):
    (row,) = keep(
        world,
        read(printed_page(world), lambda person, day: faint(person, day) if day < 3 and person == "P001" else "村"),
    )
    first, second = row.questions.order_by("day")
    with pytest.raises(ValidationError, match="请选 村、视、假、休、×、空 之一"):
        actions.answer(answers={first.pk: "村", second.pk: "?"}, by=world.clerk_jin, at=NOW)
    with pytest.raises(ValidationError, match="已经不在了"):
        actions.answer(answers={first.pk: "村", uuid4(): "村"}, by=world.clerk_jin, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.answer(answers={first.pk: "村"}, by=world.clerk_niao, at=NOW)
    assert row.questions.filter(answered_at=None).count() == 2


def test_a_dropped_page_is_not_asked_about_any_more(world, no_audit):
    (row,) = keep(world, read(printed_page(world), lambda person, day: faint(person, day) if day == 1 else "村"))
    question = row.questions.first()
    actions.drop(reading=row, reason="传错了", by=world.clerk_jin, at=NOW)
    row.refresh_from_db()
    assert (row.state, row.reason, row.questions.count()) == (STATE.DROPPED, "传错了", 0)
    assert marks_of(world.wang)[1] == "√"
    with pytest.raises(ValidationError, match="已经不在了"):
        answered(world, question)
    (again,) = keep(world, read(printed_page(world), all_present), digest="e" * 64)
    assert again.state == STATE.DONE


def test_a_sample_of_what_is_certain_is_asked_and_looks_like_the_rest(world):
    audit(world, 100)
    (row,) = keep(
        world,
        read(printed_page(world), lambda person, day: faint(person, day) if (person, day) == ("P001", 1) else "村"),
    )
    assert row.questions.count() == 60
    assert row.questions.filter(audit=True).count() == 59
    assert {asked_about(question) for question in row.questions.all()} == {NEUTRAL}
    assert marks_of(world.li) == "√" * 30  # written meanwhile


def test_a_sample_borne_out_leaves_what_stands_and_a_wrong_one_is_put_right(world):
    audit(world, 100)
    (row,) = keep(world, read(printed_page(world), all_present))
    first, second = row.questions.filter(person=world.wang).order_by("day")[:2]
    marks.fill(
        team=world.team_shiqiao, month=NOVEMBER, rows={world.wang.pk: "公" + "√" * 29}, by=world.clerk_jin, at=NOW
    )
    actions.answer(answers={first.pk: "村", second.pk: "休"}, by=world.clerk_jin, at=NOW)
    assert marks_of(world.wang)[:3] == "公调√"
    (one,) = accuracy(Reading.objects.all())
    assert (one.pages, one.cells, one.asked, one.audited, one.wrong) == (1, 60, 0, 2, 1)
    assert together([one, one]).audited == 4
    assert one.estimate == 5000


def test_two_percent_are_looked_at():
    page_cells = [(f"P{n:03}", day) for n in range(400) for day in range(1, 31)]
    row = Reading(digest="ab" * 32, number=1)
    drawn = sum(_is_audited(row, Cell(person, day, "村", 1, False), 2) for person, day in page_cells)
    assert 180 < drawn < 300


@pytest.mark.parametrize(("audited", "says_little"), [(0, True), (2, True), (29, True), (30, False)])
def test_a_bound_over_a_tenth_is_not_worth_telling(audited, says_little):
    assert Accuracy(None, 3, 360, 6, audited, 0).says_little is says_little


@pytest.mark.parametrize(
    ("wrong", "audited", "most"), [(0, 0, None), (0, 300, 0.01), (0, 2, 1.0), (1, 1000, 0.00474), (10, 1000, 0.01696)]
)
def test_the_bound_of_what_may_be_wrong(wrong, audited, most):
    assert most_wrong(wrong, audited) == (None if most is None else pytest.approx(most, rel=0.01))


def test_a_file_that_breaks_keeps_what_was_read_before(world, no_audit):
    page = printed_page(world)
    rows = keep(world, read(page, all_present), Read("石桥.jpg", 2, "读这个文件时出了意外，没有读完。"))
    assert [row.state for row in rows] == [STATE.DONE, STATE.REFUSED]


def test_a_month_with_cells_still_to_be_looked_at_is_not_confirmed(world, no_audit):
    page = printed_page(world)
    (row,) = keep(world, read(page, lambda person, day: faint(person, day) if (person, day) == ("P002", 3) else "村"))
    told = {"team": world.team_shiqiao, "month": NOVEMBER, "signed": True, "by": world.clerk_jin, "at": NOW}
    typed = {world.li.pk: "√" * 30}
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows=typed, by=world.clerk_jin, at=NOW)
    with pytest.raises(ValidationError, match="还有 1 个格子没有核对"):
        marks.confirm(**told)
    answered(world, row.questions.get())
    assert marks.confirm(**told) == 2
