"""What the database refuses or cannot do just now reaches people as a sentence, never as an error."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.test import Client, RequestFactory

from zhucun.base.web import trouble
from zhucun.work.teams.models import Posting, Team

pytestmark = pytest.mark.django_db


def refused(write) -> IntegrityError:
    with pytest.raises(IntegrityError) as told, transaction.atomic():
        write()
    return told.value


def test_a_constraint_speaks_its_own_words(world):
    again = {"team": world.team_gaoling, "person": world.li, "unit": world.farming, "role": "member"}
    error = refused(lambda: Posting.objects.create(start=date(2022, 12, 8), **again))
    # PostgreSQL sees the overlap of two open postings before it sees that there are two
    assert trouble.conflict(error) in {"这个人还在别的工作队任职，请先办理离任。", trouble.OVERLAP}
    error = refused(lambda: Team.objects.filter(pk=world.team_gaoling.pk).update(number="T001"))
    assert trouble.conflict(error) == "已经有工作队用这个编号，请换一个编号。"
    error = refused(lambda: Posting.objects.filter(pk=world.li_posting.pk).update(end=date(2020, 1, 1), ending="term"))
    assert trouble.conflict(error) == "结束日期不能早于起始日期，请检查这两个日期。"


def test_a_constraint_without_words_is_told_as_a_conflict(world):
    error = refused(lambda: Posting.objects.filter(pk=world.li_posting.pk).update(person=None))
    assert trouble.conflict(error) == trouble.CONFLICT
    assert trouble.conflict(DataError("value too long")) == trouble.UNFIT


@pytest.mark.parametrize(
    ("words", "state", "sentence"),
    [
        ("database is locked", None, trouble.BUSY),
        ("database or disk is full", None, trouble.FULL),
        ("disk I/O error", None, trouble.FULL),
        ("attempt to write a readonly database", None, trouble.FULL),
        ("canceling statement due to lock timeout", "55P03", trouble.BUSY),
        ("deadlock detected", "40P01", trouble.BUSY),
        ("canceling statement due to statement timeout", "57014", trouble.SLOW),
        ("could not extend file", "53100", trouble.FULL),
        ("server closed the connection unexpectedly", None, trouble.LOST),
    ],
)
def test_what_the_database_could_not_do_is_told(words, state, sentence):
    error = OperationalError(words)
    error.__cause__ = Exception() if state is None else type("Cause", (Exception,), {"sqlstate": state})()
    assert trouble.failure(error) == sentence


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (IntegrityError("x"), 409),
        (DataError("x"), 409),
        (OperationalError("x"), 503),
        (ValidationError("请改"), 409),
        (KeyError("x"), None),
    ],
)
def test_the_page_says_that_nothing_was_kept(error, status):
    request = RequestFactory().post("/x/")
    request.user, request.session = SimpleNamespace(is_authenticated=False), {}
    answer = trouble.TroubleMiddleware(lambda request: None).process_exception(request, error)
    if status is None:
        assert answer is None
        return
    assert answer.status_code == status
    assert "没有保存，以前保存的都在" in answer.content.decode()
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_trouble_outside_of_views_is_told_as_well(world, monkeypatch):
    """The session could not be saved: that happens in a middleware, after the view."""

    def save(self, *args, **kwargs):
        raise OperationalError("database is locked")

    client = Client(raise_request_exception=False)
    client.force_login(world.office, backend="django.contrib.auth.backends.ModelBackend")
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", save)
    answer = client.post("/timeline/as-on/", {"day": "2022-01-01"})
    assert (answer.status_code, trouble.BUSY in answer.content.decode()) == (503, True)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such limits")
def test_postgresql_holds_nobody_up_for_long():
    with connection.cursor() as cursor:
        for name, value in (
            ("statement_timeout", "5s"),
            ("lock_timeout", "3s"),
            ("idle_in_transaction_session_timeout", "10s"),
        ):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone()[0] == value
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]
    assert connection.settings_dict["CONN_MAX_AGE"] == 0
    assert connection.pool is not None


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite")
def test_sqlite_keeps_what_it_acknowledges_and_waits_for_other_writers():
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000, "trusted_schema": 0,
              "journal_size_limit": 67108864}  # fmt: skip
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    assert found == wanted
    assert connection.transaction_mode == "IMMEDIATE"


def test_too_many_files_are_told_with_how_many_may_be_sent(client, world, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    client.force_login(world.clerk_jin, backend="django.contrib.auth.backends.ModelBackend")
    scans = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(4)]
    answer = client.post("/timeline/as-on/", {"scan": scans})
    assert (answer.status_code, "一次选的文件超过了 3 个。请分几次上传。" in answer.content.decode()) == (400, True)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = client.post("/timeline/as-on/", {f"x{n}": "1" for n in range(4)})
    assert (answer.status_code, "一次提交的内容太多。请分几次办理。" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_what_is_neither_read_nor_sent_is_turned_away(client, world, method):
    client.force_login(world.office, backend="django.contrib.auth.backends.ModelBackend")
    answer = getattr(client, method)("/attendance/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert "这个网址不能直接打开" in answer.content.decode()


def test_the_address_of_a_button_says_so_when_it_is_opened(client, world):
    client.force_login(world.office, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/timeline/as-on/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "这个网址不能直接打开" in answer.content.decode()
