"""Who may print what, what the page says of earlier prints, and the file that comes out."""

import io
import zipfile
from datetime import date

import pypdfium2 as pdfium
import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.cast import AT, Facts, person
from zhucun.base.people import actions as people
from zhucun.work.attendance import jobs
from zhucun.work.attendance.models import PrintedPage
from zhucun.work.teams import actions as teams

from .paper import printed_page

BOOK, PRINT = reverse("attendance:book"), reverse("attendance:book_print")


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def launched(monkeypatch):
    """The processes that would be started."""
    started = []
    monkeypatch.setattr(jobs.JOBS.__class__, "launch", lambda self, job, *stage: started.append((job, *stage)))
    return started


@pytest.fixture
def leader_wang(world):
    people.give_account(person=world.wang, user=world.stranger, by=world.caretaker, at=AT)
    teams.grant_sight(posting=world.wang_posting, by=world.caretaker, at=AT)
    return world.stranger


def body(answer):
    return b"".join(answer.streaming_content)


def made(client, **said):
    """Ask for a file and fetch it."""
    answer = client.post(PRINT, {"month": "2022-11", **said}, follow=True)
    assert answer.status_code == 200, answer.content
    return answer, answer.redirect_chain[-1][0]


@pytest.mark.parametrize("name", ["contact_finance", "member_li", "leader_county", "stranger", "sysadmin"])
def test_others_are_refused(world, signed_in, name):
    client = signed_in(getattr(world, name))
    assert client.get(BOOK).status_code == 403
    assert client.post(PRINT, {"month": "2022-11"}).status_code == 403
    assert not PrintedPage.objects.exists()


def test_printing_is_no_get(world, signed_in):
    assert signed_in(world.office).get(PRINT).status_code == 405


def test_everybody_sees_their_own_teams(world, signed_in, leader_wang):
    seen = {
        name: [village for village in ("石桥村", "高岭村") if village in signed_in(user).get(BOOK, {"month": "2022-11"}).content.decode()]
        for name, user in (("office", world.office), ("jin", world.clerk_jin), ("niao", world.clerk_niao), ("leader", leader_wang))
    }  # fmt: skip
    assert seen == {"office": ["石桥村", "高岭村"], "jin": ["石桥村"], "niao": ["高岭村"], "leader": ["石桥村"]}


def test_the_page_tells_what_was_printed_and_what_no_longer_holds(world, signed_in):
    client = signed_in(world.office)
    assert "还没有印" in client.get(BOOK, {"month": "2022-11"}).content.decode()
    printed_page(world, by=world.clerk_jin)
    assert "已印，有效" in client.get(BOOK, {"month": "2022-11"}).content.decode()
    sun = person(world, Facts("孙小满", "P005", date(1985, 5, 5), world.finance))
    teams.post(
        person=sun,
        team=world.team_shiqiao,
        role="member",
        start=date(2022, 11, 14),
        reason="增派",
        by=world.caretaker,
        at=AT,
    )
    text = client.get(BOOK, {"month": "2022-11"}).content.decode()
    assert "人员有变动，请重印" in text
    assert "金桥经办人" in text


def test_a_calendar_not_published_is_told(world, signed_in):
    text = signed_in(world.office).get(BOOK, {"month": "2027-02"}).content.decode()
    assert "<strong>暂定</strong>" in text


def test_a_file_for_one_s_own_teams(world, signed_in):
    client = signed_in(world.clerk_jin)
    answer, where = made(client)
    assert "已生成" in answer.content.decode()
    file = client.get(f"{where}file/")
    assert file["Content-Type"] == "application/pdf"
    with pdfium.PdfDocument(body(file)) as pdf:
        assert len(pdf) == 1
    assert PrintedPage.objects.get().printed_by == world.clerk_jin
    assert signed_in(world.clerk_niao).get(where).status_code == 404
    assert signed_in(world.clerk_niao).get(f"{where}file/").status_code == 404


def test_a_zip_has_a_pdf_a_team_with_its_cover(world, signed_in):
    client = signed_in(world.office)
    _, where = made(client, kind="zip", cover="on")
    with zipfile.ZipFile(io.BytesIO(body(client.get(f"{where}file/")))) as file:
        assert file.namelist() == ["金桥镇-石桥村-T001.pdf", "鸟江镇-高岭村-T002.pdf"]
        with pdfium.PdfDocument(file.read("金桥镇-石桥村-T001.pdf")) as pdf:
            assert len(pdf) == 3


def test_one_team_only_and_never_somebody_else_s(world, signed_in, leader_wang):
    client = signed_in(leader_wang)
    made(client, only=str(world.team_shiqiao.pk))
    answer, _ = made(client, only=str(world.team_gaoling.pk))
    assert "没有您可以打印的工作队" in answer.content.decode()
    assert {row.team for row in PrintedPage.objects.all()} == {world.team_shiqiao}


def test_a_year_runs_in_a_process_and_ends_with_a_file(world, signed_in, launched, django_capture_on_commit_callbacks):
    client = signed_in(world.office)
    with django_capture_on_commit_callbacks(execute=True):
        answer, where = made(client, span="year")
    assert "正在排版" in answer.content.decode()
    ((job, stage),) = launched
    call_command("book_job", str(job), stage)
    assert "HX-Redirect" in client.get(f"{where}progress/", headers={"HX-Request": "true"}).headers
    with pdfium.PdfDocument(body(client.get(f"{where}file/"))) as pdf:
        assert len(pdf) == 24
    assert "2022年全年" in client.get(where).content.decode()


def test_what_cannot_be_printed_is_told(world, signed_in):
    people.correct(person=world.li, identity_fields={"name": "李\U00030000"}, by=world.caretaker, at=AT)
    client = signed_in(world.office)
    answer, where = made(client)
    text = answer.content.decode()
    assert "没有生成" in text
    assert "字库里没有" in text
    assert client.get(f"{where}file/").status_code == 404
    assert not PrintedPage.objects.exists()


@pytest.mark.parametrize("month", ["", "x", "2022-13", "2022", "9999-12", "0001-01"])
def test_months_nobody_meant(world, signed_in, month):
    client = signed_in(world.office)
    assert client.get(BOOK, {"month": month}).status_code == 200
    assert client.post(PRINT, {"month": month}).status_code == 302


def test_the_page_of_a_county_asks_a_bounded_number_of_times(world, signed_in, django_assert_max_num_queries):
    client = signed_in(world.office)
    printed_page(world)
    with django_assert_max_num_queries(16):
        client.get(BOOK, {"month": "2022-11"})


@pytest.mark.parametrize(("month", "sentence"), [
    ("２０２２-11", "不是月份，请写成 2022-11"), ("2031-01", "2031年1月还早"), ("9998-12", "太远了")])  # fmt: skip
def test_a_month_that_cannot_be_printed_leaves_no_page_behind(world, signed_in, month, sentence):
    answer = signed_in(world.clerk_jin).post(PRINT, {"month": month}, follow=True)
    assert sentence in answer.content.decode()
    assert not PrintedPage.objects.exists()
