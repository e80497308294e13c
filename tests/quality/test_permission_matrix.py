"""Every page × every role × own and others' objects × GET and POST, from the URL resolver.

No error, no word of what lies outside one's area, nothing changed that is not one's own; the anonymous are led to sign in.
"""

import io
import logging
import re
import sys
import zipfile
from dataclasses import dataclass

import pytest
from django.conf import settings as site
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.cast import AT
from tests.house.test_pages import OPEN
from zhucun.base.access.models import User
from zhucun.base.journal.models import Entry
from zhucun.base.policy import actions as policy

from . import county
from .county import Side
from .pages import OF_BUSINESS, TAKES, address, filled, kind_of, pages

pytestmark = pytest.mark.django_db
PAGES = list(pages())
HIDDEN = {403, 404, 405}
WITHOUT_SIGN_IN = set(OPEN) | {"probe"}


@dataclass(frozen=True)
class Cell:
    """A role: on which side of the county it stands (empty: on both, or none), and what it must never read."""

    user: str
    side: str
    deaf: tuple[str, ...]


TOKEN = re.compile(r'(?<=X-CSRFToken": ")\w{64}|(?<=name="csrfmiddlewaretoken" value=")\w{64}')
"""What is drawn by lot in every page: 64 letters and digits, in which "T002" comes up by chance once in some 200,000 pages."""
NAMES_OF_JIN = ("王立新", "李敏", "石桥村", "清水村", "T001")
NAMES_OF_NIAO = ("赵刚", "钱有余", "高岭村", "T002")
ROLES = [
    Cell("office", "", ()),
    Cell("leader_county", "", ()),
    Cell("finance_bureau", "", ()),
    Cell("inspector", "", ()),
    Cell("clerk_jin", "jin", (county.NIAO, county.FORCE, *NAMES_OF_NIAO)),
    Cell("clerk_niao", "niao", (county.JIN, county.PURSE, *NAMES_OF_JIN)),
    Cell("contact_finance", "jin", (county.NIAO, county.FORCE, *NAMES_OF_NIAO)),
    Cell("member_li", "jin", (county.NIAO, county.FORCE, *NAMES_OF_NIAO)),
    Cell("leader_zhao", "niao", (county.JIN, county.PURSE, *NAMES_OF_JIN)),
    Cell("sysadmin", "none", county.ALL),
    Cell("secadmin", "none", county.ALL),
    Cell("auditor", "none", county.ALL),
    Cell("stranger", "none", (*county.ALL, *NAMES_OF_JIN, *NAMES_OF_NIAO)),
]
# role → pages where it reads what it is there to read
HEARS = {
    "auditor": {"office:journal", "office:entry"},
    # a candidate's home village may be anywhere in the county; a draw names every village that could have come out
    "contact_finance": {"teams:pick_village", "inspections:draw", "inspections:draw_check"},
    "clerk_jin": {"inspections:draw", "inspections:draw_check"},
    "clerk_niao": {"inspections:draw", "inspections:draw_check"},
    "leader_zhao": {"inspections:draw", "inspections:draw_check"},
}


def test_tokens_are_no_reading(client, world):
    client.force_login(world.office, backend="django.contrib.auth.backends.ModelBackend")
    for where in ("/", "/teams/nowhere/"):
        answer = client.get(where)
        drawn = re.findall(r"\b\w{64}\b", answer.content.decode())
        assert drawn
        assert not re.findall(r"\b\w{64}\b", text_of(answer))


def test_every_page_with_arguments_is_in_the_table():
    missing = [name for name, arguments in PAGES if arguments and name not in TAKES]
    assert not missing, "name the object it takes in tests/quality/pages.py"
    assert not set(TAKES) - {name for name, _ in PAGES}, "no longer a page"


@pytest.fixture(autouse=True)
def quiet():
    """A refusal is a log line with a traceback, and there are thousands."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def sides(world, settings, tmp_path):
    """Both halves of the county, full of canaries."""
    settings.DATA_DIR = tmp_path
    found = county.settle(world)
    document = policy.issue_document(
        title="管理办法",
        number="祁办〔2021〕1号",
        issuer="县委办",
        start=AT.date(),
        clauses={"第一条": "x"},
        by=world.caretaker,
        at=AT,
    )
    for side in found.values():
        side.document = document
    return found


class Visitor:
    """Somebody signed in; keeps the traceback's last line of what goes wrong."""

    def __init__(self, user):
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def ask(self, method: str, where: str, data=None):
        """One request inside a savepoint: (answer, its text, new entries of the journal that are acts)."""
        errors = []

        def told(sender, **kwargs):
            errors.append(repr(sys.exc_info()[1]))

        got_request_exception.connect(told)
        before = Entry.objects.count()
        sid = transaction.savepoint()
        cookies = dict(self.client.cookies)
        try:
            answer = getattr(self.client, method)(where, data or {})
            text = text_of(answer)
            acts = [
                action
                for action in Entry.objects.filter(seq__gt=before).values_list("action", flat=True)
                if not action.startswith(("access.", "list.", "figures.", "ledger.exported"))
            ]
        finally:
            transaction.savepoint_rollback(sid)
            got_request_exception.disconnect(told)
            self.client.cookies.clear()
            self.client.cookies.update(cookies)
        return answer, text, acts, errors


def text_of(answer) -> str:
    """What a reader finds in an answer, files opened."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            content = b"\n".join(file.read(name) for name in file.namelist() if name.endswith(".xml"))
    return TOKEN.sub("", content.decode(errors="replace")) + answer.headers.get("Content-Disposition", "")


def addresses(name: str, arguments: tuple[str, ...], sides: dict[str, Side]):
    """(side the object lies on, address): both for pages with an argument, once for those without."""
    if not arguments or isinstance(TAKES[name], dict):
        return [("", address(name, arguments, sides["jin"]))]
    return [(key, address(name, arguments, side)) for key, side in sides.items()]


def tries(arguments: tuple[str, ...], post: dict) -> list[tuple[str, dict]]:
    """What is asked of one address: the page, what the office would post; of a list, its workbook on another day too."""
    others = [] if arguments else [("get", {"format": "xlsx", "on": "2021-06-01"})]
    return [("get", {}), *others, ("post", dict(post))]


@pytest.fixture
def posts(sides, world):
    """What the county office would post to each address: others try the same."""
    office, found = Visitor(world.office).client, {}
    admin = {"office:acc": world.sysadmin, "office:dut": world.secadmin}
    for name, arguments in PAGES:
        for _, where in addresses(name, arguments, sides):
            client = office
            if name[:10] in admin:
                client = Visitor(admin[name[:10]]).client
            found[where] = filled(client, where)
    return found


def test_every_role_reads_and_changes_its_own_only(world, sides, posts, subtests):
    # the rights are the same on both engines: on the second one those who stand on one side of the county are enough
    for role in ROLES if connection.vendor == "sqlite" else [role for role in ROLES if role.side == "jin"]:
        with subtests.test(role=role.user):
            _walk(role, world, sides, posts)


def _walk(role, world, sides, posts):
    visitor, wrong, asked = Visitor(getattr(world, role.user)), [], 0
    for name, arguments in PAGES:
        for side, where in addresses(name, arguments, sides if role.side in sides else {"jin": sides["jin"]}):
            foreign = role.side in sides and side and side != role.side and kind_of(name) in OF_BUSINESS
            for method, data in tries(arguments, posts[where]):
                asked += 1
                answer, text, acts, errors = visitor.ask(method, where, data)
                said = f"{method} {name} {side} {data} → {answer.status_code}"
                if answer.status_code >= 500 or errors:
                    wrong.append(f"{said} error {errors}")
                if foreign and answer.status_code not in HIDDEN:
                    wrong.append(f"{said} foreign and shown")
                if foreign and acts:
                    wrong.append(f"{said} foreign and done: {acts}")
                heard = [word for word in role.deaf if word in text and name not in HEARS.get(role.user, ())]
                if heard:
                    wrong.append(f"{said} reads {heard}")
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(wrong[:40])


GIVES_AWAY = {
    "is_caretaker": "on", "is_installer": "on", "is_active": "on", "is_superuser": "on", "by": "1", "at": "2000-01-01", "pk": "1",
    "county": "430427", "source": "x", "user": "1", "id_number_index": "x", "id_number_sealed": "x", "filled_by": "1", "filled_at": "2000-01-01",
}  # fmt: skip


def test_fields_a_form_does_not_declare_are_not_taken(world, sides, posts, subtests):
    for user in ("office", "sysadmin", "secadmin", "contact_finance"):
        with subtests.test(user=user):
            _post_more(user, world, sides, posts)


def _post_more(user, world, sides, posts):
    """Everything that makes somebody a caretaker or another actor, posted along with every form."""
    visitor, wrong = Visitor(getattr(world, user)), []
    raised = list(User.objects.filter(is_caretaker=True) | User.objects.filter(is_installer=True))
    for name, arguments in PAGES:
        for side, where in addresses(name, arguments, sides):
            sid, before = transaction.savepoint(), Entry.objects.count()
            declared = posts[where]
            visitor.client.post(
                where, {key: value for key, value in GIVES_AWAY.items() if key not in declared} | declared
            )
            if list(User.objects.filter(is_caretaker=True) | User.objects.filter(is_installer=True)) != raised:
                wrong.append(f"{name} {side}")
            actors = set(Entry.objects.filter(seq__gt=before).values_list("actor", flat=True))
            if actors - {str(getattr(world, user).pk)}:
                wrong.append(f"{name} {side} by another actor")
            transaction.savepoint_rollback(sid)
    assert not wrong


def test_the_anonymous_are_led_to_sign_in(world, sides):
    visitor, wrong = Visitor(None), []
    for name, arguments in PAGES:
        if name in WITHOUT_SIGN_IN:
            continue
        for _, where in addresses(name, arguments, sides):
            for method in ("get", "post"):
                answer, _, acts, errors = visitor.ask(method, where)
                led = answer.status_code == 302 and answer.headers["Location"].startswith(reverse(site.LOGIN_URL))
                if not (led or answer.status_code == 405) or acts or errors:
                    wrong.append(f"{method} {name} → {answer.status_code} {acts} {errors}")
    assert not wrong
