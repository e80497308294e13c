"""Sealed columns: only at their own place, only with their own key; found and unique by a blind index."""

from base64 import b64decode, b64encode
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from tests.cast import AT, NOW, Facts, person
from zhucun.base.journal.models import Entry
from zhucun.base.people import actions
from zhucun.base.people.models import SEALED, Person, Record
from zhucun.base.people.sealing import blind_index, seal, unseal

PLACE = "people_person:id_number:1"
NUMBER = "430426198104020017"


@pytest.mark.parametrize("text", [NUMBER, "湖南省衡阳市祁东县金桥镇石桥村 3 组", "𠮷", "x" * 5000])
def test_what_was_sealed_comes_back_at_its_place(text):
    token = seal(text, PLACE)
    assert unseal(token, PLACE) == text
    assert text not in token
    assert token.startswith("v1$")
    assert seal(text, PLACE) != token, "the same text never gives the same token twice"


def test_nothing_stays_nothing():
    assert seal("", PLACE) == unseal("", PLACE) == blind_index("") == ""


@pytest.mark.parametrize("place", ["people_person:id_number:2", "people_person:phone:1", "other:id_number:1", ""])
def test_a_token_moved_elsewhere_cannot_be_opened(place):
    with pytest.raises(ValueError, match="打不开"):
        unseal(seal(NUMBER, PLACE), place)


def test_another_key_is_told_in_a_sentence(settings):
    token = seal(NUMBER, PLACE)
    settings.SECRET_KEY = "k" * 50
    with pytest.raises(ValueError, match=r"secret\.key"):
        unseal(token, PLACE)


def test_every_altered_bit_is_found():
    version, key, body = seal(NUMBER, PLACE).split("$")
    raw = b64decode(body)
    for place in range(len(raw)):
        altered = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(ValueError, match="打不开"):
            unseal(f"{version}${key}${b64encode(altered).decode()}", PLACE)


@pytest.mark.parametrize("token", ["x", "v1$x", "v1$x$y$z", "v1$$", "v9$0$AAAA", NUMBER, "v1$0$=", "v1$0$" + "A" * 8])
def test_what_is_no_token_is_told_as_well(token):
    with pytest.raises(ValueError, match="打不开"):
        unseal(token, PLACE)


def test_the_blind_index_tells_equal_from_different_and_nothing_else(settings):
    assert blind_index("11010519491231002x") == blind_index("11010519491231002X")
    assert blind_index(NUMBER) != blind_index(NUMBER[:-1] + "8")
    assert NUMBER not in blind_index(NUMBER)
    before = blind_index(NUMBER)
    settings.SECRET_KEY = "k" * 50
    assert blind_index(NUMBER) != before


@pytest.mark.django_db
class TestOnPeople:
    """The same on the rows themselves."""

    SAID = {
        "id_number": NUMBER,
        "phone": "13807340001",
        "address": "石桥村 3 组",
        "bank_card": "6222021234567890123",
        "emergency": "李某 13900000000",
    }

    @pytest.fixture
    def wang(self, world):
        actions.correct(person=world.wang, identity_fields=self.SAID, by=world.office, at=NOW)
        return Person.objects.get(pk=world.wang.pk)

    def test_they_read_in_clear_on_the_object_only(self, wang):
        assert {name: getattr(wang, name) for name in SEALED} == self.SAID
        kept = str(Person.objects.filter(pk=wang.pk).values().get())
        assert not [text for text in self.SAID.values() if text in kept]

    def test_a_row_given_anothers_tokens_opens_none_of_them(self, world, wang):
        Person.objects.filter(pk=world.li.pk).update(phone_sealed=wang.phone_sealed)
        thief = Person.objects.get(pk=world.li.pk)
        with pytest.raises(ValueError, match="打不开"):
            _ = thief.phone
        assert "打不开" in thief.masked("phone")

    def test_one_number_belongs_to_one_person(self, world, wang):
        with pytest.raises(ValidationError, match="已经有人用这个身份证号码"):
            person(world, Facts("王立心", "P100", wang.born, world.finance), id_number=NUMBER)
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=world.li.pk).update(id_number_index=wang.id_number_index)

    def test_a_wrong_number_is_refused(self, world):
        with pytest.raises(ValidationError, match="出生年月"):
            actions.correct(person=world.li, identity_fields={"id_number": NUMBER}, by=world.office, at=NOW)

    def test_the_journal_names_the_column_and_never_the_number(self, world, wang):
        entry = Entry.objects.filter(action="person.corrected", target_id=str(wang.pk)).last()
        assert "id_number" in entry.data
        assert "已更新" in entry.data
        kept = str(list(Entry.objects.values()))
        assert not [text for text in self.SAID.values() if text in kept]

    def test_reading_one_takes_the_right_and_a_reason_and_is_written_down(self, world, wang):
        with pytest.raises(PermissionDenied):
            actions.reveal(person=wang, name="id_number", reason="核对", by=world.clerk_jin, at=NOW)
        with pytest.raises(ValidationError, match="理由"):
            actions.reveal(person=wang, name="id_number", reason=" ", by=world.office, at=NOW)
        with pytest.raises(ValidationError, match="没有加密"):
            actions.reveal(person=wang, name="name", reason="核对", by=world.office, at=NOW)
        assert actions.reveal(person=wang, name="id_number", reason="办理保险", by=world.office, at=NOW) == NUMBER
        entry = Entry.objects.get(action="person.revealed")
        assert (entry.reason, entry.data) == ("办理保险", '{"column":"id_number"}')

    def test_a_key_that_is_lost_is_told_when_reading(self, world, wang, settings):
        settings.SECRET_KEY = "k" * 50
        with pytest.raises(ValidationError, match=r"secret\.key"):
            actions.reveal(person=wang, name="id_number", reason="办理保险", by=world.office, at=NOW)


@pytest.mark.django_db
def test_from_a_day_on_something_is_different_and_before_it_nothing_changes(world):
    record = actions.change_record(
        person=world.wang,
        start=date(2022, 7, 1),
        fields={"education": Record.Education.POSTGRADUATE},
        by=world.office,
        at=AT,
    )
    assert (world.wang.record_on(date(2022, 6, 30)).education, record.education) == ("undergraduate", "postgraduate")
    with pytest.raises(ValidationError, match="已经有记录"):
        actions.change_record(person=world.wang, start=date(2022, 7, 1), fields={}, by=world.office, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["1900-01-01", "2021-06-01"])
def test_the_database_keeps_one_record_at_a_time(world, start):
    said = {"person": world.wang, "unit": world.finance, "political": "party", "education": "college", "start": start}
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.create(**said)
