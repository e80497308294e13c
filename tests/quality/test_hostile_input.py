"""Whatever stands in an address or is posted to a form: an answer below 500, and nothing half written."""

import logging
import os
import random
import sys

import pytest
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client

from zhucun.base.journal.verify import verify

from . import county
from .pages import address, filled, pages
from .test_attendance_walls import acts as attendance_steps

pytestmark = pytest.mark.django_db
EFFORT = int(os.environ.get("EFFORT", "1"))  # more of it by hand: EFFORT=10 pytest tests/quality
GETS, POSTS = 450 * EFFORT, 600 * EFFORT  # on each engine, other ones on each

STRINGS = [
    "", " ", "0", "-1", "1e309", "NaN", "Infinity", "99999999999999999999", "1" * 5000, "x" * 20_000, "\0", "a\0b", "\ud83d".encode("utf-16", "surrogatepass").decode("latin-1"),
    "' OR 1=1 --", "\"; DROP TABLE journal_entry; --", "%", "%%%s%s%n", "_", "\\", "<script>alert(1)</script>", "{{ 7*7 }}", "{% load x %}",
    "../../etc/passwd", "\r\nSet-Cookie: x=1", "=cmd|' /C calc'!A1", "＝１＋１", "𠮷" * 300, "e\u0301\u200b\u202e", "\ufeff", "None", "null", "true", "[]", "{}", "0x10", "１２",
    "2022-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2022-12-08T00:00", "2022/12/08", "1900-01-01", "-0001-01-01",
    "430426102201", "43042610220", "00000000-0000-0000-0000-000000000000", "not-a-uuid", "office", "18446744073709551616", "-9223372036854775809", "1.5", "on", "all", ",", ".", "-", "--", "-number",
]  # fmt: skip
PARAMETERS = (
    "q sort page per cols on format scope until period from to township unit role category kind day year ending term status person team village "
    "area action actor start last_day end next id pk code number group tab month by open reading state kind only span turn batch"
).split()


@pytest.fixture(autouse=True)
def quiet():
    """Refusals are log lines, and there are thousands."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def sides(world, settings, tmp_path):
    """A county full of records."""
    settings.DATA_DIR = tmp_path
    found = county.settle(world)
    for side in found.values():
        side.document = None
    return found


@pytest.fixture
def places(world, sides):
    """(address, client of somebody who may use it) of every page."""
    clients = {}
    for name in ("office", "sysadmin", "secadmin", "auditor"):
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(getattr(world, name), backend="django.contrib.auth.backends.ModelBackend")
    found = []
    for name, arguments in pages():
        if name in LEFT_ALONE:
            continue
        where = address(name, arguments, sides["jin"])
        user = next((user for prefix, user in USERS.items() if name.startswith(prefix)), "office")
        found.append((name, where, clients[user]))
    return found


USERS = {"office:acc": "sysadmin", "office:pick_person": "sysadmin", "office:dut": "secadmin", "office:pick_area": "secadmin",
         "office:journal": "auditor", "office:entry": "auditor", "office:health": "sysadmin"}  # fmt: skip
LEFT_ALONE = {"access:sign_out", "office:document", "office:clauses_add", "office:document_end", "probe"}


class Ward:
    """Asks inside savepoints and keeps what went wrong."""

    def __init__(self):
        self.wrong: list[str] = []
        self.asked = 0

    def ask(self, said: str, send, *arguments, **options) -> None:
        """One request, undone afterwards."""
        errors = []
        told = lambda sender, **kwargs: errors.append(repr(sys.exc_info()[1])[:300])  # noqa: E731
        got_request_exception.connect(told)
        sid = transaction.savepoint()
        self.asked += 1
        try:
            answer = send(*arguments, **options)
            if answer.streaming:
                list(answer.streaming_content)
            if answer.status_code >= 500 or errors:
                self.wrong.append(f"{answer.status_code} {said[:500]!r} {errors}")
            if "Set-Cookie: x" in str(answer.headers):
                self.wrong.append(f"header written by the visitor: {said[:300]!r}")
        finally:
            transaction.savepoint_rollback(sid)
            got_request_exception.disconnect(told)


def test_addresses_nobody_meant(places):
    dice, ward = random.Random(f"get {connection.vendor}"), Ward()
    for n in range(GETS):
        name, where, client = places[n % len(places)]
        query = QueryDict(mutable=True)
        for _ in range(dice.randint(1, 5)):
            query.appendlist(dice.choice(PARAMETERS), dice.choice(STRINGS))
        headers = {"HX-Request": "true"} if dice.random() < 0.3 else {}
        asked = f"{where}?{query.urlencode()}"
        ward.ask(f"{name} {asked}", client.get, asked, headers=headers)
    assert ward.asked >= GETS
    assert not ward.wrong, f"{len(ward.wrong)} of {ward.asked}:\n" + "\n".join(ward.wrong[:20])


def test_forms_filled_in_by_an_enemy(places):
    dice, ward = random.Random(f"post {connection.vendor}"), Ward()
    forms = [(name, where, client, data) for name, where, client in places if (data := filled(client, where))]
    assert len(forms) >= 20
    for n in range(POSTS):
        name, where, client, data = forms[n % len(forms)]
        said = {**data}
        for field in dice.sample(list(said), min(len(said), dice.choice((1, 1, 2, 3, 99)))):
            change = dice.random()
            if change < 0.1:
                del said[field]
            elif change < 0.2:
                said[field] = [dice.choice(STRINGS) for _ in range(3)]
            else:
                said[field] = dice.choice(STRINGS)
        ward.ask(f"{name} {where} {said}", client.post, where, said)
    assert not ward.wrong, f"{len(ward.wrong)} of {ward.asked}:\n" + "\n".join(ward.wrong[:20])
    assert verify().whole


def test_steps_of_attendance_filled_in_by_an_enemy(world, sides):
    """Lines of the grid, answers to cells and slips are posted without a form object; one clerk may do each of them."""
    dice, ward = random.Random(f"steps {connection.vendor}"), Ward()
    client = Client(raise_request_exception=False)
    client.force_login(world.clerk_jin, backend="django.contrib.auth.backends.ModelBackend")
    steps = list(attendance_steps(sides["jin"]))
    for n in range(POSTS // 3):
        name, where, data = steps[n % len(steps)]
        said = {**data}
        for field in dice.sample(list(said), dice.randint(1, len(said))):
            said[field] = dice.choice([*STRINGS, "√" * 31, "√\t调|公,,×" * 9, ["√", "×"], said[field]])
        if dice.random() < 0.3:
            said[f"{dice.choice(('m-', 'o-', 'v-', 'cell-', 'hint-'))}{dice.choice(STRINGS)[:200]}"] = dice.choice(
                STRINGS
            )
        ward.ask(f"{name} {where} {said}", client.post, where, said)
    assert not ward.wrong, f"{len(ward.wrong)} of {ward.asked}:\n" + "\n".join(ward.wrong[:20])
    assert verify().whole


def test_bodies_that_are_no_forms(places):
    bodies = [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"), (b"{" * 1000, "application/json"), (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"), (b"a=" + b"%ff" * 200, "application/x-www-form-urlencoded"), (b"<x/>", "text/xml"),
        (b"&".join(b"f%d=1" % n for n in range(6000)), "application/x-www-form-urlencoded"),
    ]  # fmt: skip
    ward = Ward()
    for n, (name, where, client) in enumerate(places):
        body, kind = bodies[n % len(bodies)]
        ward.ask(f"{name} {kind}", client.post, where, body, content_type=kind)
    assert not ward.wrong, "\n".join(ward.wrong[:20])


def test_paths_nobody_meant(places):
    client = places[0][2]
    paths = ["/%00", "/%ff%fe", "/..%2f..%2fetc/passwd", "//evil.example/", "/teams/teams/%s/" % ("x" * 5000), "/office/journal/%s/" % ("9" * 40),
             "/office/parameters/%27/", "/office/calendar/2022-13-45/", "/office/calendar/x/", "/indicators/records/x'/", "/teams/villages/%00/",
             "/evidence/attach/teams.team/x/", "/evidence/attach/auth.user/1/", "/evidence/attach/x/y/", "/office/villages/%E4%B8%80/edit/"]  # fmt: skip
    ward = Ward()
    for path in paths:
        for method in (client.get, client.post):
            ward.ask(path[:80], method, path)
    assert not ward.wrong, "\n".join(ward.wrong[:20])
