"""The same month, leave, cell or objection worked on by several people at the same moment; on both engines, by threads."""

from collections import Counter
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.cast import NOW, account
from zhucun.base.access.permissions import Role
from zhucun.base.journal.models import Entry
from zhucun.base.journal.verify import verify
from zhucun.work.attendance.actions import leaves, marks, objections, readings
from zhucun.work.attendance.models import Correction, Decision, Leave, Objection, PersonMonth, PrintedPage, Question
from zhucun.work.attendance.roster import month_named, stays
from zhucun.work.attendance.tests import paper
from zhucun.work.teams.models import Posting

from .test_races import at_once, told

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = month_named("2022-11")
FULL = "√" * 30


@pytest.fixture
def second(world):
    """Another clerk of the same township."""
    return account(world, "second", "第二经办人", Role.TOWNSHIP, world.jinqiao)


def filled(world) -> PersonMonth:
    rows = {stay.person.pk: FULL for stay in stays([world.team_shiqiao], NOVEMBER)[world.team_shiqiao.pk]}
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows=rows, by=world.clerk_jin, at=NOW)
    return PersonMonth.objects.select_related("team__village", "person").get(person=world.li)


def confirmed(world) -> PersonMonth:
    filled(world)
    marks.confirm(team=world.team_shiqiao, month=NOVEMBER, signed=True, by=world.clerk_jin, at=NOW)
    return PersonMonth.objects.select_related("team__village", "person").get(person=world.li)


def test_two_clerks_at_the_same_line_of_the_grid(world, second):
    """Both have seen the same version: one is written whole, the others are told and lose nothing silently."""
    row = filled(world)

    def save(n):
        new = {world.li.pk: "调" * (n + 1) + "√" * (29 - n)}
        by = second if n % 2 else world.clerk_jin
        return marks.fill(
            team=world.team_shiqiao, month=NOVEMBER, rows=new, versions={world.li.pk: row.version}, by=by, at=NOW
        )

    done, sentences = told(at_once(8, save))
    assert done == 1
    assert all("刚刚被别人改过" in sentence for sentence in sentences)
    kept = PersonMonth.objects.get(pk=row.pk)
    assert (kept.version, kept.rest) == (row.version + 1, kept.marks.count("调"))
    assert Entry.objects.filter(action="attendance.filled").count() == 2
    assert verify().whole


def test_two_clerks_at_an_empty_month_make_one_line(world, second):
    """Nobody has a line yet: the unique line of the person is kept, whoever comes second is told."""

    def save(n):
        by = second if n % 2 else world.clerk_jin
        rows = {world.li.pk: "√" * (20 + n) + "调" * (10 - n)}
        return marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows=rows, versions={world.li.pk: 0}, by=by, at=NOW)

    done, _ = told(at_once(6, save))
    assert done == 1
    assert PersonMonth.objects.filter(person=world.li).count() == 1
    assert PersonMonth.objects.get(person=world.li).version == 1


def test_lines_of_two_people_saved_at_once_are_both_kept(world, second):
    filled(world)
    people = [world.wang, world.li]

    def save(n):
        by = second if n % 2 else world.clerk_jin
        return marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows={people[n].pk: "公" + "√" * 29}, by=by, at=NOW)

    assert at_once(2, save) == [1, 1]
    assert set(PersonMonth.objects.values_list("counts_as", flat=True)) == {1}


def test_a_month_is_confirmed_once(world, second):
    filled(world)

    def confirm(n):
        by = second if n % 2 else world.clerk_jin
        return marks.confirm(team=world.team_shiqiao, month=NOVEMBER, signed=True, by=by, at=NOW)

    results = at_once(6, confirm)
    assert Counter(results) == {2: 1, 0: 5}
    assert Entry.objects.filter(action="attendance.confirmed").count() == 1
    assert verify().whole


def test_a_month_confirmed_and_filled_at_once_is_one_or_the_other(world, second):
    """A line written after the confirmation would be a change without a correction."""
    row = filled(world)
    work = [
        lambda: marks.confirm(team=world.team_shiqiao, month=NOVEMBER, signed=True, by=world.clerk_jin, at=NOW),
        lambda: marks.fill(
            team=world.team_shiqiao, month=NOVEMBER, rows={world.li.pk: "公" + "√" * 29}, by=second, at=NOW
        ),
    ]
    at_once(2, lambda n: work[n]())
    kept = PersonMonth.objects.get(pk=row.pk)
    assert kept.is_confirmed
    order = list(
        Entry.objects.filter(action__startswith="attendance.").order_by("seq").values_list("action", flat=True)
    )
    assert order[-1] == "attendance.confirmed"
    assert (kept.marks[0] == "公") == (order.count("attendance.filled") == 2)


def asked(world, **fields) -> Leave:
    posting = Posting.objects.select_related("person", "team__village").get(pk=world.li_posting.pk)
    said = {"kind": "duty", "reason": "对接项目", "place": "县里"} | fields
    return leaves.ask(
        posting=posting, first=date(2022, 12, 8), last=date(2022, 12, 8), fields=said, by=world.member_li, at=NOW
    )


def test_a_leave_is_decided_once(world, second):
    leave = asked(world)

    def decide(n):
        by = second if n % 2 else world.clerk_jin
        return leaves.decide(leave=leave, agreed=n % 3 > 0, opinion=f"意见{n}", by=by, at=NOW)

    done, sentences = told(at_once(6, decide))
    assert done == 1
    assert all("不用再批" in sentence for sentence in sentences)
    kept, decision = Leave.objects.get(), Decision.objects.get()
    assert (kept.status == "approved") == decision.agreed
    assert Entry.objects.filter(action="leave.decided").count() == 1


def test_a_leave_agreed_and_taken_back_at_once_is_one_story(world):
    leave = asked(world)
    work = [
        lambda: leaves.decide(leave=leave, agreed=True, opinion="", by=world.clerk_jin, at=NOW),
        lambda: leaves.withdraw(leave=leave, reason="", by=world.member_li, at=NOW),
    ]
    at_once(2, lambda n: work[n]())
    kept = Leave.objects.get()
    assert kept.status == "withdrawn"  # agreed first and taken back then, or taken back before
    assert Decision.objects.count() in {0, 1}
    last = Entry.objects.filter(action__startswith="leave.").order_by("seq").last()
    assert last.action == "leave.withdrawn"


def test_the_same_days_are_asked_for_once(world):
    results = at_once(6, lambda n: asked(world))
    done, sentences = told(results)
    assert (done, Leave.objects.count()) == (1, 1)
    assert all("重叠" in sentence for sentence in sentences)


def test_slips_written_down_at_once_have_numbers_of_their_own(world, second):
    def record(n):
        posting = Posting.objects.select_related("person", "team__village").get(pk=world.li_posting.pk)
        day = date(2022, 10, 3 + 3 * n)
        said = {"kind": "personal", "reason": "x"}
        by = second if n % 2 else world.clerk_jin
        return leaves.record(
            posting=posting, first=day, last=day, fields=said, level="county", approved_on=day, by=by, at=NOW
        )

    assert told(at_once(8, record))[0] == 8
    assert len(set(Leave.objects.values_list("number", flat=True))) == 8


def questioned(world) -> Question:
    page = paper.printed_page(world, by=world.clerk_jin)
    doubt = lambda person, day: paper.faint(person, day) if (person, day) == ("P002", 3) else "村"  # noqa: E731
    (reading,) = paper.keep(world, paper.read(page, doubt))
    return reading.questions.get(person=world.li, day=date(2022, 11, 3))


def test_a_question_is_answered_once(world):
    """Two people who see different things: the first answer stands and is written, the others are told whose it is."""
    question = questioned(world)
    clerks = [account(world, f"clerk{n}", f"经办人{n}", Role.TOWNSHIP, world.jinqiao) for n in range(4)]
    chosen = ["村", "假", "休", "视"]

    def answer(n):
        return readings.answer(answers={question.pk: chosen[n]}, by=clerks[n], at=NOW)

    done, sentences = told(at_once(4, answer))
    assert done == 1
    assert all("已经核对为" in sentence for sentence in sentences)
    kept = Question.objects.get(pk=question.pk)
    symbol = {"村": "√", "假": "事", "休": "调", "视": "公"}[kept.answer]
    assert PersonMonth.objects.get(person=world.li).marks[2] == symbol
    assert Entry.objects.filter(action="book.checked").count() == 1


def test_a_page_read_twice_at_once_is_written_once(world):
    page = paper.printed_page(world, by=world.clerk_jin)

    def keep(n):
        return paper.keep(world, paper.read(page, lambda person, day: "村"), digest=f"{n}" * 64)[0].state

    states = Counter(at_once(4, keep))
    assert states["again"] == 3, states
    assert PersonMonth.objects.filter(start=NOVEMBER.start).count() == 2


def test_a_page_printed_by_two_is_one_version(world, second):
    def print_page(n):
        return paper.printed_page(world, by=second if n % 2 else world.clerk_jin).code

    codes = at_once(4, lambda n: _or_conflict(lambda: print_page(n)))
    assert PrintedPage.objects.count() == 1
    assert {code for code in codes if isinstance(code, str)} == {PrintedPage.objects.get().code}


def _or_conflict(work):
    try:
        return work()
    except ValidationError as refusal:
        return refusal


def test_an_objection_is_answered_once_and_corrected_once(world, second):
    month = confirmed(world)
    objection = objections.object_to(
        month=month, day=date(2022, 11, 3), wanted="培", text="参加培训", by=world.member_li, at=NOW
    )

    def answer(n):
        by = second if n % 2 else world.clerk_jin
        return objections.answer(objection=objection, upheld=n % 3 > 0, text=f"答复{n}", by=by, at=NOW)

    done, sentences = told(at_once(6, answer))
    assert done == 1
    assert all("答复" in sentence for sentence in sentences)
    kept = Objection.objects.get()
    assert Correction.objects.count() == int(kept.upheld)
    assert (PersonMonth.objects.get(pk=month.pk).marks[2] == "培") == kept.upheld


def test_a_day_is_corrected_once(world, second):
    month = confirmed(world)
    said = {"day": date(2022, 11, 3), "new": "会", "reason": "会议通知后补", "at": NOW}
    results = at_once(4, lambda n: marks.correct(month=month, by=second if n % 2 else world.clerk_jin, **said))
    assert told(results)[0] == 1
    assert Correction.objects.count() == 1


def test_the_grid_saved_from_many_tabs_is_one_change_and_no_error(world, signed_in):
    """Through the page: every answer is a redirect or the page with a sentence."""
    row = filled(world)
    cookies = signed_in(world.clerk_jin).cookies
    key = f"{world.team_shiqiao.pk.hex}-{world.li.pk.hex}"
    where = reverse("attendance:team", args=["2022-11", world.team_shiqiao.pk])

    def send(n):
        client = Client()
        client.cookies = cookies
        data = {f"m-{key}": "公" * (n + 1) + "√" * (29 - n), f"o-{key}": FULL, f"v-{key}": str(row.version)}
        return client.post(where, data).status_code

    codes = Counter(at_once(8, send))
    assert set(codes) <= {200, 302}, codes
    assert codes[302] == 1
    assert PersonMonth.objects.get(pk=row.pk).version == row.version + 1
