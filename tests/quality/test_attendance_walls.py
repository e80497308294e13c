"""Nobody writes into another side's attendance, whatever they post: ids of foreign rows in the body, in the address, in both."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import reverse

from tests.quality import county
from tests.quality.attended import MONTH, OPEN
from tests.quality.test_permission_matrix import Visitor
from zhucun.work.attendance.models import (
    Correction,
    Decision,
    Leave,
    Objection,
    PersonMonth,
    PrintedPage,
    Question,
    Reading,
)

pytestmark = pytest.mark.django_db
MODELS: tuple[type[Model], ...] = (
    PersonMonth, Correction, Objection, Leave, Decision, PrintedPage, Reading, Question,
)  # fmt: skip
DEAF = {"clerk_niao", "leader_zhao", "stranger", "sysadmin", "secadmin", "auditor"}
LOOKING = {"leader_county", "finance_bureau", "inspector", "contact_finance"}
OWN = {"attendance:object", "attendance:leave_withdraw", "attendance:leave_return"}
"""Steps that belong to the person concerned; for everything else the member is one more stranger."""


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def sides(world, settings, tmp_path):
    """Both halves of the county."""
    settings.DATA_DIR = tmp_path
    return county.settle(world)


def rows_of(side) -> dict[str, list]:
    """Everything the room keeps of one side, column by column."""
    found = {}
    for model in MODELS:
        path = model.SCOPE["township"]  # type: ignore[attr-defined]
        rows: QuerySet = model._default_manager.filter(**{path: side.village.township_id})
        found[model.__name__] = list(rows.order_by("pk").values_list())
    return found


def acts(side) -> Iterator[tuple[str, str, dict]]:
    """(page, address, what is posted) for every step of the room, about rows of one side."""
    team, person, reading = side.team, side.open_month.person, side.reading
    key = f"{team.pk.hex}-{person.pk.hex}"
    line = {f"m-{key}": "×" * 30, f"o-{key}": side.open_month.marks, f"v-{key}": str(side.open_month.version)}
    decision = {"agreed": "yes", "opinion": "x", "turn": ""}
    slip = {
        "person": str(person.pk), "kind": "personal", "first": "2022-12-05", "last": "2022-12-05", "reason": "x",
        "stand_in": "x", "level": "county", "approved_on": "2022-12-05",
    }  # fmt: skip
    steps = [
        ("grid", [OPEN.name], line),
        ("team", [OPEN.name, team.pk], line),
        ("confirm", [OPEN.name, team.pk], {"signed": "on"}),
        ("confirm_many", [OPEN.name], {"signed": "on", "team": [str(team.pk)]}),
        ("questions", [], {f"cell-{side.question.pk}": "假"}),
        ("question_answer", [side.question.pk], {f"cell-{side.question.pk}": "假"}),
        ("reading_drop", [reading.pk], {"reason": "x"}),
        ("book_print", [], {"month": "2022-08", "township": team.village.township_id, "span": "month", "only": str(team.pk)}),
        ("leave_decide", [side.leave.pk], decision),
        ("leave_return", [side.decided.pk], {"returned_on": "2022-12-07"}),
        ("leave_withdraw", [side.leave.pk], {"reason": "x"}),
        ("leave_record", [], slip),
        ("correct", [side.person_month.pk], {"day": "9", "new": "×", "reason": "x"}),
        ("objection", [side.raised.pk], {"upheld": "True", "text": "x"}),
        ("object", [side.person_month.pk], {"wanted": "公", "text": "x"}),
    ]  # fmt: skip
    for name, arguments, data in steps:
        yield f"attendance:{name}", reverse(f"attendance:{name}", args=arguments), data


def changed(client: Client, where: str, data: dict, side) -> bool:
    """Whether posting changes anything of the side; undone afterwards."""
    before, sid = rows_of(side), transaction.savepoint()
    try:
        client.post(where, data)
        return rows_of(side) != before
    finally:
        transaction.savepoint_rollback(sid)


DOES: dict[str, str] = {"attendance:object": "own", "attendance:leave_decide": "leader", "attendance:leave_return": ""}
"""Who does a step where it is not the township's clerk; nobody yet: a leave that has not begun cannot be returned from."""


def test_each_step_works_for_whoever_it_belongs_to(world, sides):
    """Or the test after this one would prove nothing."""
    idle = []
    for side, clerk in ((sides["jin"], "clerk_jin"), (sides["niao"], "clerk_niao")):
        for name, where, data in acts(side):
            user = DOES.get(name, clerk)
            if user == "own":
                visitor = Visitor(side.account)
                where += "?day=10"
            elif user == clerk:
                visitor = Visitor(getattr(world, clerk))
            else:
                continue
            alone = name == "attendance:confirm_many" and side.name == "niao"  # its one person's day off is a hint
            if not changed(visitor.client, where, data, side) and not alone:
                idle.append((side.name, name))
    assert not idle


def test_nobody_else_changes_anything(world, sides):
    side, wrong = sides["jin"], []
    for user in sorted(DEAF | LOOKING | {"member_li"}):
        visitor = Visitor(getattr(world, user))
        for name, where, data in acts(side):
            if user == "member_li" and name in OWN:
                continue
            before, sid = rows_of(side), transaction.savepoint()
            answer, text, _, errors = visitor.ask("post", where, data)
            if errors or answer.status_code >= 500:
                wrong.append(f"{user} {name}: {answer.status_code} {errors}")
            if user in DEAF and (side.canary in text or "李敏" in text):
                wrong.append(f"{user} {name}: reads of it")
            transaction.savepoint_rollback(sid)
            if changed(visitor.client, where, data, side):
                wrong.append(f"{user} {name}: {answer.status_code} changed something")
            assert rows_of(side) == before
    assert not wrong, "\n".join(wrong)


def test_looking_at_any_page_writes_nothing(world, sides):
    side, wrong = sides["jin"], []
    before = rows_of(side)
    for user in ("office", "clerk_jin", "member_li", "contact_finance"):
        visitor = Visitor(getattr(world, user))
        for name, where, _ in acts(side):
            visitor.client.get(where)
            if rows_of(side) != before:
                wrong.append(f"{user} {name}")
    assert not wrong


def test_one_sides_row_in_the_others_address_does_not_pass(world, sides):
    """The clerk's own team in the path, another's person in the line of the grid."""
    own, other = sides["niao"], sides["jin"]
    key = f"{own.team.pk.hex}-{other.person.pk.hex}"
    data = {f"m-{key}": "×" * 30, f"o-{key}": "", f"v-{key}": "0"}
    client = Visitor(world.clerk_niao).client
    client.post(reverse("attendance:team", args=[MONTH.name, own.team.pk]), data)
    client.post(reverse("attendance:team", args=[OPEN.name, own.team.pk]), data)
    assert not PersonMonth.objects.filter(person=other.person, team=own.team).exists()
