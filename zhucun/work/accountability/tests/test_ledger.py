"""提醒 and 约谈 from the ledger: what it does not speak of stays, and every case is counted where it lies."""

import pytest

from zhucun.base.directory.models import Unit
from zhucun.base.timeline.periods import parse
from zhucun.overview.exchange.tests.books import D, full, sentences, take
from zhucun.overview.indicators import areas
from zhucun.work.accountability import figures
from zhucun.work.accountability.models import Case

pytestmark = pytest.mark.django_db


def reminder(**more):
    given = full()
    given["提醒"][0] |= more
    return given


def test_a_column_left_out_keeps_the_way_and_where_the_case_stands():
    take(reminder())
    given = reminder()
    for name in ("方式", "回复日期"):
        del given["提醒"][0][name]
    assert take(given).status == "unchanged"
    case = Case.objects.get(measure="reminder")
    assert (case.way, case.state, case.replied_on) == ("letter", "closed", D(2022, 6, 18))


def test_an_empty_way_is_oral_only_for_a_reminder_nobody_knows():
    take(reminder(方式=""))
    assert Case.objects.get(measure="reminder").way == "oral"
    take(reminder())
    assert take(reminder(方式="")).status == "unchanged"
    assert Case.objects.get(measure="reminder").way == "letter"


def test_a_reply_closes_a_reminder_and_its_withdrawal_opens_it_again():
    take(reminder(回复日期=None, 方式="提醒函"))
    assert Case.objects.get(measure="reminder").state == "notified"
    take(reminder())
    assert Case.objects.get(measure="reminder").state == "closed"


@pytest.mark.parametrize("state", ["done", "revoked"])
def test_the_course_of_a_case_is_not_undone_by_the_same_workbook(state):
    take(full())
    Case.objects.update(state=state)
    assert take(full()).status == "unchanged"
    assert set(Case.objects.values_list("state", flat=True)) == {state}


def test_a_revoked_case_that_the_workbook_repeats_is_said():
    take(full())
    Case.objects.update(state="revoked")
    assert [str(one) for one in take(full()).warnings if "撤销" in one.sentence]


def test_the_head_of_that_time_stays_the_head():
    take(full())
    Unit.objects.filter(name="县财政局").update(chief="继任者")
    given = full()
    given["派出单位"][0]["主要负责人"] = "继任者"
    assert take(given).status == "unchanged"
    assert Case.objects.get(measure="interview").head == "周正"


def test_a_case_about_somebody_else_moves_with_its_posting():
    take(full())
    assert sentences(take(reminder(人员编号="P001"))) == []
    case = Case.objects.get(measure="reminder")
    assert (case.person.number, case.posting.person.number, case.unit.name) == ("P001", "P001", "县财政局")


@pytest.mark.parametrize(
    ("scope", "reminded"), [("430426", 1), ("430426102", 1), ("430426102201", 1), ("430426102202", 0)]
)
def test_a_reminder_is_counted_where_the_person_was_in_post(scope, reminded):
    take(full())
    assert figures.reminded(parse("2022"), areas.named(scope).scope).value == reminded
