"""The pages of readings and questions: who sees them, what they say and hide, and what answering does."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.cast import AT, NOW
from zhucun.base.people import actions as people
from zhucun.work.attendance.actions import readings as actions
from zhucun.work.attendance.models import PersonMonth, Question, Reading
from zhucun.work.attendance.readings import NEUTRAL
from zhucun.work.attendance.scan.reading import Read
from zhucun.work.teams import actions as teams

from .paper import faint, keep, picture, printed_page, read

QUESTIONS, READINGS = reverse("attendance:questions"), reverse("attendance:readings")


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def doubtful(world):
    """A page of 石桥村 with two cells in doubt."""
    page = printed_page(world)
    say = lambda person, day: faint(person, day, "休") if person == "P002" and day in (1, 2) else "村"  # noqa: E731
    return keep(world, read(page, say, picture=picture()))[0]


def status(client, where, *query):
    """What is answered, a file read to its end."""
    answer = client.get(where, *query)
    if answer.streaming:
        list(answer.streaming_content)  # which closes the file
    return answer.status_code


def cell(reading, person, day=1):
    return reverse("attendance:cell_picture", args=[reading.pk, person.pk, day])


@pytest.mark.parametrize("name", ["contact_finance", "member_li", "leader_county", "stranger", "sysadmin"])
def test_others_are_refused(world, signed_in, doubtful, name):
    client = signed_in(getattr(world, name))
    for where in (
        QUESTIONS,
        READINGS,
        reverse("attendance:reading", args=[doubtful.pk]),
        reverse("attendance:page_picture", args=[doubtful.pk]),
    ):
        assert client.get(where).status_code in (403, 404)
    question = doubtful.questions.first()
    where = reverse("attendance:question_answer", args=[question.pk])
    assert client.post(where, {f"cell-{question.pk}": "村"}).status_code == 404
    assert not Question.objects.exclude(answered_at=None).exists()


def test_another_township_sees_nothing(world, signed_in, doubtful):
    client = signed_in(world.clerk_niao)
    assert "石桥" not in client.get(QUESTIONS).content.decode() + client.get(READINGS).content.decode()
    assert client.get(reverse("attendance:reading", args=[doubtful.pk])).status_code == 404
    assert client.get(cell(doubtful, world.li)).status_code == 404
    for name in ("reading_take", "reading_drop"):
        assert client.post(reverse(f"attendance:{name}", args=[doubtful.pk])).status_code == 404


def test_pictures_are_for_readers_the_leader_and_the_person(world, signed_in, doubtful):
    people.give_account(person=world.wang, user=world.stranger, by=world.caretaker, at=AT)
    teams.grant_sight(posting=world.wang_posting, by=world.caretaker, at=AT)
    teams.grant_sight(posting=world.li_posting, by=world.caretaker, at=AT)
    whole = reverse("attendance:page_picture", args=[doubtful.pk])
    seen = {
        user.username: [status(signed_in(user), where) for where in (cell(doubtful, world.li), cell(doubtful, world.wang), whole)]
        for user in (world.office, world.clerk_jin, world.stranger, world.member_li, world.contact_finance)
    }  # fmt: skip
    assert seen == {
        "office": [200, 200, 200], "clerk_jin": [200, 200, 200], "stranger": [200, 200, 403], "member_li": [200, 404, 403],
        "contact_finance": [404, 404, 403],
    }  # fmt: skip
    answer = signed_in(world.clerk_jin).get(cell(doubtful, world.li))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert answer["Cache-Control"].startswith("private")


def test_pictures_that_are_not_there(world, signed_in, doubtful):
    client = signed_in(world.clerk_jin)
    assert client.get(cell(doubtful, world.li, 31)).status_code == 404
    assert client.get(cell(doubtful, world.zhao)).status_code == 404
    assert client.get(reverse("attendance:cell_picture", args=[doubtful.pk, "x", 1])).status_code == 404
    assert client.get(reverse("attendance:cell_picture", args=[uuid4(), world.li.pk, 1])).status_code == 404
    doubtful.path.unlink()
    assert client.get(cell(doubtful, world.li, 3)).status_code in (200, 404)  # perhaps still in memory
    assert client.get(reverse("attendance:page_picture", args=[doubtful.pk])).status_code == 404


def test_the_page_shows_the_cells_and_neither_value_nor_reason_of_the_reader(world, signed_in, doubtful):
    text = signed_in(world.clerk_jin).get(QUESTIONS).content.decode()
    assert text.count("data-question\n") == 2
    assert "李敏" in text
    assert "11月1日" in text
    assert NEUTRAL in text
    assert "笔迹很轻" not in text
    assert " checked" not in text
    assert "audit" not in text


def test_answering_without_scripts_saves_the_page_and_shows_the_next(world, signed_in, doubtful):
    client = signed_in(world.clerk_jin)
    first, second = doubtful.questions.order_by("day")
    answer = client.post(QUESTIONS, {f"cell-{first.pk}": "休", f"cell-{second.pk}": ""}, follow=True)
    assert "已保存 1 个格子" in answer.content.decode()
    assert PersonMonth.objects.get(person=world.li).marks[:3] == "调·√"
    client.post(QUESTIONS, {f"cell-{second.pk}": "×"})
    doubtful.refresh_from_db()
    assert doubtful.state == Reading.State.DONE
    assert "没有要核对的格子" in client.get(QUESTIONS).content.decode()


def test_nothing_chosen_says_so_and_a_refusal_keeps_what_was_chosen(world, signed_in, doubtful):
    client = signed_in(world.clerk_jin)
    assert "还没有选" in client.post(QUESTIONS, {}, follow=True).content.decode()
    first, second = doubtful.questions.order_by("day")
    text = client.post(QUESTIONS, {f"cell-{first.pk}": "休", f"cell-{second.pk}": "?"}).content.decode()
    assert "请选 村、视、假、休、×、空 之一" in text
    assert text.count(" checked") == 1
    assert client.post(QUESTIONS, {"cell-x": "村", f"cell-{uuid4()}": "村"}).status_code == 200


def test_one_answer_at_a_time_by_keyboard(world, signed_in, doubtful):
    client = signed_in(world.clerk_jin)
    question = doubtful.questions.order_by("day").first()
    where, field = reverse("attendance:question_answer", args=[question.pk]), f"cell-{question.pk}"
    assert client.get(where).status_code == 405
    assert "已存：休" in client.post(where, {field: "休"}).content.decode()
    other = signed_in(world.office).post(where, {field: "村"})
    assert other.status_code == 422
    assert "已经核对为“休”" in other.content.decode()
    assert client.post(where, {}).status_code == 422
    assert "已存：村" in client.post(where, {field: "村"}).content.decode()


def test_questions_of_one_reading_or_township(world, signed_in, doubtful):
    client = signed_in(world.office)
    for query, n in (
        ({"reading": doubtful.pk}, 2),
        ({"reading": uuid4()}, 0),
        ({"reading": "x"}, 0),
        ({"township": "430426102"}, 2),
        ({"township": "\0"}, 0),
    ):
        answer = client.get(QUESTIONS, query)
        assert answer.status_code == 200
        assert answer.content.decode().count("data-question\n") == n


def test_a_page_of_questions_asks_a_bounded_number_of_times(world, signed_in, django_assert_max_num_queries):
    page = printed_page(world)
    keep(world, read(page, lambda person, day: faint(person, day), picture=picture()))
    client = signed_in(world.clerk_jin)
    with django_assert_max_num_queries(14):
        assert client.get(QUESTIONS).content.decode().count("data-question\n") == 20


def test_a_reading_hides_what_is_asked_and_shows_what_was_answered(world, signed_in, doubtful):
    client = signed_in(world.clerk_jin)
    where = reverse("attendance:reading", args=[doubtful.pk])
    text = client.get(where).content.decode()
    assert text.count('<td class="cell-open">?') == 2
    actions.answer(answers={doubtful.questions.order_by("day").first().pk: "假"}, by=world.clerk_jin, at=NOW)
    assert '<td class="cell-checked">假</td>' in client.get(where).content.decode()
    answer = client.post(reverse("attendance:reading_drop", args=[doubtful.pk]), {"reason": "传错了"}, follow=True)
    assert "已作废" in answer.content.decode()


def test_a_page_met_again_shows_the_differences_and_may_be_taken(world, signed_in, doubtful):
    again = keep(world, read(printed_page(world), lambda person, day: "休", picture=picture()), digest="e" * 64)[0]
    client = signed_in(world.clerk_jin)
    where = reverse("attendance:reading", args=[again.pk])
    text = client.get(where).content.decode()
    assert "已经读过" in text
    assert "采用这一次" in text
    answer = client.post(reverse("attendance:reading_take", args=[again.pk]))
    assert answer.headers["Location"] == f"{QUESTIONS}?reading={again.pk}"
    again.refresh_from_db()
    assert again.state == Reading.State.OPEN
    assert (
        "不用再采用" in client.post(reverse("attendance:reading_take", args=[again.pk]), follow=True).content.decode()
    )


def test_a_refused_page_says_why_and_what_to_do(world, signed_in):
    (row,) = keep(world, Read("照片.jpg", 1, "右上角没有拍到，请把整页拍进去"))
    text = signed_in(world.clerk_jin).get(reverse("attendance:reading", args=[row.pk])).content.decode()
    assert "右上角没有拍到" in text
    assert "重新上传这一页" in text
    assert "对照记录本手工录入" in text


def test_the_list_filters_and_publishes_how_often_reading_errs(world, signed_in, doubtful):
    keep(world, Read("照片.jpg", 1, "照片抖动"))
    client = signed_in(world.office)
    for query, n in (
        ({}, 2),
        ({"state": "refused"}, 1),
        ({"month": "2022-11"}, 1),
        ({"month": "x"}, 2),
        ({"township": "430426102"}, 2),
        ({"q": "石桥"}, 1),
    ):
        assert f'<strong class="num">{n}</strong> 条' in client.get(READINGS, query).content.decode(), query
    text = client.get(READINGS).content.decode()
    assert "读得准不准" in text
    assert 'id="accuracy"' in text
    assert status(client, READINGS, {"format": "xlsx"}) == 200


def test_the_list_asks_a_bounded_number_of_times(world, signed_in, doubtful, django_assert_max_num_queries):
    client = signed_in(world.office)
    with django_assert_max_num_queries(15):
        client.get(READINGS)
