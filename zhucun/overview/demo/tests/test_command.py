"""`zhucun demo` never touches a county's own data."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from tests import cast
from zhucun.base.access.actions import caretaker
from zhucun.base.people.models import Person
from zhucun.overview.demo import actions
from zhucun.overview.demo.builder.found import Found, found


@pytest.mark.django_db
def test_an_empty_database_is_nothing_even_after_a_command_was_run():
    assert found() is Found.NOTHING
    caretaker()
    assert found() is Found.NOTHING


@pytest.mark.parametrize("options", [[], ["--reset"]])
def test_a_countys_own_data_is_refused_with_a_sentence(world, options):
    people = Person.objects.count()
    with pytest.raises(CommandError, match="正式数据"):
        call_command("demo", "--no-serve", *options)
    assert Person.objects.count() == people


def test_a_countys_own_data_is_not_wiped(world):
    with pytest.raises(ValidationError):
        actions.wipe(by=world.caretaker, at=cast.NOW)
    assert Person.objects.exists()


def test_a_countys_own_data_is_not_built_upon(world):
    with pytest.raises(ValidationError):
        actions.build(by=world.caretaker, at=cast.NOW)


@pytest.mark.django_db
def test_the_first_account_alone_makes_it_a_countys():
    call_command("createsuperuser", "--noinput", username="first", name="安装人")
    assert found() is Found.OTHER


@pytest.mark.django_db
def test_another_process_serves_what_was_just_built(monkeypatch):
    """typst starts threads while the book is printed; workers forked from that process would wait for them for ever."""
    gone_on = []
    monkeypatch.setattr(actions, "build", lambda **_: None)
    monkeypatch.setattr("os.execv", lambda program, words: gone_on.append(words[1:]))
    monkeypatch.setattr("zhucun.overview.demo.management.commands.demo.connections.close_all", lambda: None)
    monkeypatch.setattr("zhucun.overview.demo.management.commands.demo.serve", lambda **_: None)
    call_command("demo", "--port", "8123")
    assert gone_on == [["-m", "zhucun", "demo", "--port", "8123"]]
