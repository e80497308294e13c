"""An act and its entry stand or fall together; entries are numbered without gaps and can never be changed."""

import json
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy

from zhucun.base.journal import anchor, guard, journal
from zhucun.base.journal.chain import canonical
from zhucun.base.journal.journal import Note
from zhucun.base.journal.models import Entry, Head
from zhucun.base.journal.verify import verify
from zhucun.base.policy.models import Document

from .conftest import AT, Somebody

pytestmark = pytest.mark.django_db
NOTE = {"by": Somebody(), "at": AT, "action": "posting.opened"}


@transaction.atomic
def act_that_fails():
    Document.objects.create(title="管理办法", start=date(2021, 1, 1))
    journal.note(**NOTE, reason="never")
    raise ZeroDivisionError


def numbers() -> list[int]:
    return list(Entry.objects.order_by("seq").values_list("seq", flat=True))


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(data_dir):
    with pytest.raises(RuntimeError, match="transaction of the act"):
        journal.note(**NOTE)
    with pytest.raises(RuntimeError, match="transaction of the act"), journal.gathering(AT):
        pass
    assert numbers() == []


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_entry_and_no_gap(write):
    write(2)
    with pytest.raises(ZeroDivisionError):
        act_that_fails()
    write(1)
    assert numbers() == [1, 2, 3]
    assert not Document.objects.exists()
    assert verify().whole


def test_many_at_once_follow_one_another(write):
    write(1)
    journal.note_many(by=Somebody(), at=AT, notes=[Note("unit.added", data={"n": n}) for n in range(2500)])
    assert numbers() == list(range(1, 2502))
    assert Head.objects.get().count == 2501
    assert verify().whole


def test_nothing_to_note_is_nothing(data_dir):
    journal.note_many(by=Somebody(), at=AT, notes=[])
    assert not Head.objects.exists()


def test_gathered_entries_are_written_in_order_at_the_end(write, django_assert_max_num_queries):
    with django_assert_max_num_queries(12), journal.gathering(AT):
        for n in range(50):
            journal.note(**NOTE, data={"n": n})
        assert numbers() == []
    assert [json.loads(text)["n"] for text in Entry.objects.order_by("seq").values_list("data", flat=True)] == list(
        range(50)
    )
    assert verify().whole


def test_an_act_rolled_back_while_gathering_takes_its_entries_with_it(data_dir):
    with journal.gathering(AT):
        journal.note(**NOTE, reason="first")
        with pytest.raises(ZeroDivisionError):
            act_that_fails()
        with transaction.atomic():
            journal.note(**NOTE, reason="second")
    assert list(Entry.objects.order_by("seq").values_list("reason", flat=True)) == ["first", "second"]


def test_an_exception_out_of_the_gathering_writes_nothing(data_dir):
    with pytest.raises(ZeroDivisionError), journal.gathering(AT):
        act_that_fails()
    assert numbers() == []


def test_another_key_writes_nothing(write, settings):
    write(1)
    settings.SECRET_KEY = "x" * 50
    with pytest.raises(ValidationError, match=r"secret\.key"):
        write(1)
    assert numbers() == [1]
    assert "secret.key" in verify().problem


def test_the_moment_is_kept_as_local_time_whatever_zone_it_came_in(write):
    with transaction.atomic():
        journal.note(by=Somebody(), at=datetime(2022, 12, 7, 1, 0, 0, 123456, tzinfo=UTC), action="unit.added")
    entry = Entry.objects.get()
    assert entry.at == "2022-12-07T09:00:00.123456+08:00"
    with pytest.raises(ValueError, match="naive"), transaction.atomic():
        journal.note(by=Somebody(), at=datetime(2022, 12, 7), action="unit.added")  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["𠮷野家 👨‍👩‍👧", "e\u0301", "\ufeff全角１２３", "a\u2028b\r\nc\td", 'x"\\', "ends with space "]
)
def test_text_comes_back_as_it_was_hashed(write, text):
    write(1, reason=text, data={"text": text, text: 1})
    entry = Entry.objects.get()
    assert (entry.reason, json.loads(entry.data)["text"]) == (text, text)
    assert verify().whole


def test_what_no_database_keeps_is_replaced_before_it_is_hashed(write):
    write(1, reason="zero \0 and half \ud83d")
    assert Entry.objects.get().reason == "zero \ufffd and half ?"
    assert verify().whole


def test_the_text_of_data_is_one_and_the_same():
    data = {
        "z": UUID(int=1),
        "a": Decimal("1.50"),
        "m": date(2022, 1, 2),
        "s": {"b", "a"},
        "t": gettext_lazy("x"),
        "l": (1, None),
    }
    assert canonical(data) == (
        '{"a":"1.50","l":[1,null],"m":"2022-01-02","s":["a","b"],"t":"x","z":"00000000-0000-0000-0000-000000000001"}'
    )
    with pytest.raises(TypeError, match="cannot be kept"):
        canonical({"x": object()})


def test_changed_rows_are_told_by_their_names(world):
    changed = journal.apply(world.team_shiqiao, {"lead_unit": world.police, "number": "T001"})
    assert canonical(changed) == '{"lead_unit":["县财政局","县公安局"]}'


def test_an_entry_says_where_its_target_lies(world):
    entry = journal.history(world.li_posting).get(action="posting.opened")
    assert (entry.county, entry.township, entry.village) == ("430426", "430426102", world.shiqiao.code)
    assert entry.unit == str(world.farming.pk)


CHANGES = [
    "UPDATE journal_entry SET reason = 'x'",
    "UPDATE journal_entry SET reason = 'x' WHERE seq = 2",
    "DELETE FROM journal_entry",
    "DELETE FROM journal_entry WHERE seq = 3",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry WHERE seq = 2",
    "UPDATE OR REPLACE journal_entry SET seq = 1",
]
ON_POSTGRESQL = [
    "TRUNCATE journal_entry",
    "INSERT INTO journal_entry SELECT * FROM journal_entry WHERE seq = 2 ON CONFLICT (seq) DO UPDATE SET reason = 'x'",
]


def test_the_database_refuses_to_change_or_remove_an_entry(write):
    write(3)
    before = list(Entry.objects.values())
    for statement in CHANGES + (ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert list(Entry.objects.values()) == before
    assert guard.stands(connection)


def test_it_is_seen_whether_the_guard_stands(db):
    guard.remove(connection)
    assert not guard.stands(connection)
    guard.install(connection)
    guard.install(connection)
    assert guard.stands(connection)


@pytest.mark.django_db(transaction=True)
def test_an_anchor_is_kept_with_the_first_commit_and_then_hourly(write):
    write(3)
    name = Head.objects.get().journal
    assert [line["count"] for line in anchor.read(name)] == [1]

    os.utime(anchor.path_of(name), (0, 0))
    write(2)
    assert [line["count"] for line in anchor.read(name)] == [1, 4]


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_under_the_anchor_undoes_nothing(write, data_dir, caplog):
    (data_dir / "anchors").write_text("a file where the folder should be")
    write(1)
    assert numbers() == [1]


def test_going_on_with_another_key_proves_what_comes_after(write, settings):
    write(3)
    settings.SECRET_KEY = "another key of fifty characters, or near enough ok"
    with transaction.atomic():
        assert journal.begin_anew() == 3
    write(2)
    assert numbers() == [1, 2, 3, 4, 5]
    verdict = verify()
    assert (verdict.whole, verdict.entries, verdict.unproven) == (True, 5, 3)
