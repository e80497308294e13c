"""ID numbers, telephones, bank cards and addresses stand nowhere in clear: database, write-ahead log, logs, journal, backup, pages."""

import io
import logging
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.access.actions import caretaker
from zhucun.base.journal import vault, vault_tables
from zhucun.base.people import actions as people
from zhucun.base.people.identity import check_character
from zhucun.base.people.models import Person
from zhucun.base.web.log import MaskingFormatter

from .pages import filled

pytestmark = pytest.mark.django_db(transaction=True)


def planted(n: int) -> dict[str, str]:
    """A set of invented numbers."""
    first = f"43042619810402{2 * n + 1:03d}"  # all men born that day
    return {
        "id_number": first + check_character(first),
        "phone": f"1380734{n:04d}",
        "bank_card": f"622202123456789{n:04d}",
        "address": f"金桥镇石桥村第{n}组刘家院子",
        "emergency": f"刘某某 1390734{n:04d}",
    }


def needles(said: dict[str, str]) -> list[str]:
    return [
        said["id_number"],
        said["id_number"][:17],
        said["phone"],
        said["bank_card"],
        said["address"],
        said["emergency"][4:],
    ]


@pytest.fixture
def log():
    """Everything logged, as the site's own handler writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter())
    root, django = logging.getLogger(), logging.getLogger("django.request")
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    django.propagate, before = True, django.propagate
    yield stream
    root.removeHandler(handler)
    root.level, django.propagate = level, before


def test_no_planted_number_is_found_anywhere(world, signed_in, settings, tmp_path, log):
    settings.DATA_DIR = tmp_path
    said = [planted(n) for n in range(12)]
    cast = [world.wang, world.li, world.zhao, world.qian]
    born = {"sex": "male", "born": date(1981, 4, 2)}
    for n, person in enumerate(cast):
        people.correct(person=person, identity_fields=said[n] | born, by=world.office, at=NOW)
    pages = read_and_post(world, signed_in(world.office), said)
    fail_aloud(said)
    file = tmp_path / "backup.zip"
    vault.backup(path=file, by=caretaker, at=NOW)

    everything = {"pages": pages, "log": log.getvalue(), "backup": unpacked(file)}
    with vault_tables.snapshot() as rows:
        everything["tables"] = "".join(str(row) for table in vault_tables.tables() for row in rows(table))
    for path in [*tmp_path.rglob("*"), *database_files()]:
        if path.is_file():
            everything[path.name] = path.read_bytes().decode("utf-8", errors="replace")
    assert Person.objects.get(number="P900").id_number == said[8]["id_number"], "registered through the page"
    assert Person.objects.get(pk=world.zhao.pk).phone == said[7]["phone"], "corrected through the page"
    found = [
        (where, text)
        for where, content in everything.items()
        for one in said
        for text in needles(one)
        if text in content
    ]
    assert not found
    assert "[证件号]" in everything["log"]
    assert "[电话]" in everything["log"]


def read_and_post(world, client: Client, said: list[dict[str, str]]) -> str:
    """Look at everybody, search for numbers, register and correct through the pages; all answers but the forms typed in."""
    shown = []
    for person in (world.wang, world.li):
        for name in ("teams:person", "teams:person_reveal"):
            shown.append(client.get(reverse(name, args=[person.pk])).content.decode())
    for one in said:
        for name in ("teams:people", "teams:ledger", "office:accounts"):
            client.get(reverse(name), {"q": one["id_number"]})
        client.get(f"/teams/people/{one['id_number']}/")
        client.get(f"/nowhere/{one['phone']}/", {"token": one["phone"]})
    shown.append(client.get(reverse("teams:people"), {"format": "xlsx"}).getvalue().decode("latin-1"))
    where = reverse("teams:person_correct", args=[world.zhao.pk])
    client.post(where, filled(client, where) | said[7])
    where = reverse("teams:person_new")
    client.post(where, filled(client, where) | said[8] | {"number": "P900", "sex": "male", "born": "1981-04-02"})
    return "".join(shown)


def fail_aloud(said: list[dict[str, str]]) -> None:
    """Errors whose message and values carry numbers."""
    for one in said:
        try:
            raise ValueError(f"身份证号码 {one['id_number']} 电话 {one['phone']}")
        except ValueError:
            logging.getLogger("zhucun.test").exception(
                "导入失败：%s", {name: one[name] for name in ("id_number", "phone", "bank_card")}
            )


def unpacked(file: Path) -> str:
    """Every member of a zip as text."""
    with zipfile.ZipFile(file) as members:
        return "".join(members.read(name).decode("utf-8", errors="replace") for name in members.namelist())


def database_files() -> list[Path]:
    """The SQLite file with its log and index; nothing of PostgreSQL's own."""
    if connection.vendor != "sqlite":
        return []
    name = Path(connection.settings_dict["NAME"])
    found = list(name.parent.glob(f"{name.name}*"))
    assert any(path.name.endswith("-wal") for path in found)
    return found
