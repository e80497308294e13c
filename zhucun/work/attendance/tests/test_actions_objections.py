"""A person objects to their own confirmed month in time; the township answers, and what it upholds is corrected at once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import AT, NOW, account
from zhucun.base.access import actions as access
from zhucun.base.access.permissions import Role as R
from zhucun.base.journal.journal import history
from zhucun.work.attendance.actions import marks, objections
from zhucun.work.attendance.models import Correction, Objection, PersonMonth
from zhucun.work.attendance.roster import month_named

NOVEMBER = month_named("2022-11")
THIRD = date(2022, 11, 3)


@pytest.fixture
def confirmed(world):
    """The cast with November confirmed on 7 December: 李敏 has a × on the 3rd."""
    rows = {world.wang.pk: "√" * 30, world.li.pk: "√√×" + "√" * 27}
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows=rows, by=world.clerk_jin, at=NOW)
    world.draft = PersonMonth.objects.get(person=world.li)
    marks.confirm(team=world.team_shiqiao, month=NOVEMBER, signed=True, by=world.clerk_jin, at=NOW)
    world.month = PersonMonth.objects.get(person=world.li)
    return world


def object_to(world, **changes) -> Objection:
    asked = {
        "month": world.month,
        "day": THIRD,
        "wanted": "公",
        "text": "当天在县里办项目",
        "by": world.member_li,
        "at": NOW,
    }
    return objections.object_to(**asked | changes)


def answer(world, objection, upheld=True, text="查报备单属实", **changes) -> Objection:
    asked = {"objection": objection, "upheld": upheld, "text": text, "by": world.clerk_jin, "at": NOW}
    return objections.answer(**asked | changes)


def test_what_is_upheld_is_corrected_in_the_same_step_with_both_values(confirmed):
    found = answer(confirmed, object_to(confirmed))
    assert (found.upheld, found.answered_by) == (True, confirmed.clerk_jin)
    row = PersonMonth.objects.get(pk=confirmed.month.pk)
    assert (row.marks[2], row.origins[2], row.absent, row.counts_as) == ("公", "c", 0, 1)
    made = Correction.objects.get()
    assert (made.old, made.new, made.reason) == ("×", "公", "采纳本人异议：查报备单属实")
    assert [entry.action for entry in history(found)] == ["attendance.objection_answered", "attendance.objected"]


def test_what_is_not_upheld_changes_nothing_but_is_answered(confirmed):
    found = answer(confirmed, object_to(confirmed), upheld=False, text="村里签字记录为缺勤")
    assert found.upheld is False
    assert PersonMonth.objects.get(pk=confirmed.month.pk).marks[2] == "×"
    assert not Correction.objects.exists()


def test_an_objection_to_the_whole_month_is_answered_without_a_correction(confirmed):
    found = answer(confirmed, object_to(confirmed, day=None, wanted="√", text="整月和记录本不符"))
    assert (found.wanted, found.upheld) == ("", True)
    assert not Correction.objects.exists()


def test_only_the_person_concerned_objects(confirmed):
    for by in (confirmed.clerk_jin, confirmed.office, confirmed.contact_finance, confirmed.stranger):
        with pytest.raises(PermissionDenied, match="本人提出"):
            object_to(confirmed, by=by)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": " "}, "写明理由"),
        ({"day": date(2022, 12, 3)}, "不在这个月"),
        ({"wanted": ""}, "应当怎样记"),
        ({"wanted": "—"}, "应当怎样记"),
        ({"wanted": "哦"}, "应当怎样记"),
        ({"wanted": "×"}, "记的就是“×”"),
        ({"at": NOW + timedelta(days=16)}, "异议期到 2022-12-22 为止"),
    ],
)
def test_an_objection_that_cannot_stand_is_refused_with_its_reason(confirmed, changes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        object_to(confirmed, **changes)
    assert not Objection.objects.exists()


def test_the_last_day_counts(confirmed):
    assert object_to(confirmed, at=NOW + timedelta(days=15)).pk


def test_before_confirmation_one_talks_to_the_township(confirmed):
    with pytest.raises(ValidationError, match="还没有确认"):
        object_to(confirmed, month=confirmed.draft)


def test_the_same_day_is_objected_to_once_until_it_is_answered(confirmed):
    first = object_to(confirmed)
    with pytest.raises(ValidationError, match="这一天已经提过异议"):
        object_to(confirmed, wanted="培")
    object_to(confirmed, day=date(2022, 11, 4))
    object_to(confirmed, day=None)
    with pytest.raises(ValidationError, match="这个月已经提过异议"):
        object_to(confirmed, day=None)
    answer(confirmed, first, upheld=False)
    assert object_to(confirmed).pk


def test_a_later_correction_may_be_objected_to_as_well(confirmed):
    late = NOW + timedelta(days=40)
    marks.correct(month=confirmed.month, day=date(2022, 11, 9), new="×", reason="督查", by=confirmed.clerk_jin, at=late)
    confirmed.month.refresh_from_db()
    with pytest.raises(ValidationError, match="异议期"):
        object_to(confirmed, at=late)
    assert object_to(confirmed, day=date(2022, 11, 9), wanted="√", at=late + timedelta(days=15)).pk


def test_it_is_answered_once_by_the_township_or_the_county_with_words(confirmed):
    found = object_to(confirmed)
    for by in (confirmed.clerk_niao, confirmed.member_li, confirmed.contact_finance, confirmed.leader_county):
        with pytest.raises(PermissionDenied):
            answer(confirmed, found, by=by)
    with pytest.raises(ValidationError, match="写明答复"):
        answer(confirmed, found, text="  ")
    answer(confirmed, found, by=confirmed.office)
    with pytest.raises(ValidationError, match="周主任已经答复过了：查报备单属实"):
        answer(confirmed, found, upheld=False, text="不行")


def test_what_was_corrected_meanwhile_is_not_corrected_twice(confirmed):
    found = object_to(confirmed)
    marks.correct(month=confirmed.month, day=THIRD, new="公", reason="查实", by=confirmed.clerk_jin, at=NOW)
    answer(confirmed, found)
    assert Correction.objects.count() == 1


def test_nobody_answers_or_corrects_their_own(confirmed):
    access.grant(user=confirmed.member_li, role=R.TOWNSHIP, area=confirmed.jinqiao, start=date(2022, 1, 1), end=None,
                 by=confirmed.caretaker, at=AT)  # fmt: skip
    confirmed.member_li.__dict__.pop("_duties", None)
    with pytest.raises(PermissionDenied, match="本人不能答复"):
        answer(confirmed, object_to(confirmed), by=confirmed.member_li)
    with pytest.raises(PermissionDenied, match="本人不能更正"):
        marks.correct(month=confirmed.month, day=THIRD, new="√", reason="x", by=confirmed.member_li, at=NOW)
    other = account(confirmed, "clerk_two", "金桥副职", R.TOWNSHIP, confirmed.jinqiao)
    assert answer(confirmed, Objection.objects.get(), by=other).upheld
