"""Who sees which page of teams, and that nobody sees a row of somebody else's."""

import pytest
from django.urls import reverse

from tests.cast import NOW, TODAY
from zhucun.work.teams import actions
from zhucun.work.teams.models import Handover

pytestmark = pytest.mark.django_db

LISTS = ("ledger", "teams", "people", "changes", "handovers")
SHIQIAO = ("王立新", "李敏")  # 金桥镇
GAOLING = ("赵刚", "钱有余")  # 鸟江镇


def page(name, row=None, **query):
    address = reverse(f"teams:{name}", args=[row] if row is not None else [])
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else address


def text_of(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")


def test_the_office_sees_every_list(world, signed_in):
    client = signed_in(world.office)
    assert {client.get(page(name, show="all", period="all")).status_code for name in LISTS} == {200}


@pytest.mark.parametrize("who", ["stranger", "sysadmin", "secadmin", "auditor"])
def test_lists_are_refused_to_whoever_has_no_part_in_them(world, signed_in, who):
    client = signed_in(getattr(world, who))
    for name in LISTS:
        answer = client.get(page(name))
        assert answer.status_code == 403
        assert "职责" in text_of(answer)


def test_the_anonymous_are_led_to_sign_in(world, client):
    for name in LISTS:
        assert client.get(page(name)).headers["Location"].startswith("/access/sign-in/")


@pytest.mark.parametrize(
    ("who", "foreign"),
    [("clerk_jin", GAOLING), ("clerk_niao", SHIQIAO), ("contact_finance", ("李敏", *GAOLING)), ("member_li", GAOLING)],
)
def test_a_list_holds_no_row_of_others(world, signed_in, who, foreign):
    client = signed_in(getattr(world, who))
    for name in LISTS:
        for form in ("", "xlsx", "print"):
            query = {"show": "all", "period": "all", "cols": "all", **({"format": form} if form else {})}
            answer = client.get(page(name, **query))
            assert answer.status_code == 200
            names = shared_strings(answer) if form == "xlsx" else text_of(answer)
            assert not [canary for canary in foreign if canary in names], (name, form)


def shared_strings(answer):
    """Everything a workbook says, in one text."""
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


def rows_of(world):
    """(URL name, key, what a reader of the row's own area may do with it by GET)."""
    handover = Handover.objects.get(posting=world.qian_posting)
    record = world.zhao.record_on(TODAY)
    return [
        *[(name, world.team_gaoling.pk) for name in ("team", "team_close", "team_units", "post", "post_check")],
        *[(name, world.zhao_posting.pk) for name in ("posting_end", "posting_transfer", "posting_correct", "posting_paper", "successor_check")],
        *[(name, world.zhao.pk) for name in ("person", "person_correct", "person_change", "person_reveal")],
        ("handover", handover.pk), ("review", record.pk), ("village", world.gaoling.pk), ("unit", world.police.pk),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["clerk_jin", "contact_finance", "member_li", "stranger", "sysadmin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_row_of_another_area_is_not_found(world, signed_in, who, method):
    client = signed_in(getattr(world, who))
    found = {name: getattr(client, method)(page(name, pk)).status_code for name, pk in rows_of(world)}
    reads = {"team", "post_check", "posting_paper", "successor_check", "person", "village", "unit"}
    expected = {name: 405 if method == "post" and name in reads else 404 for name in found}
    assert found == expected


def test_the_office_opens_every_page_of_a_row(world, signed_in):
    client = signed_in(world.office)
    assert {name: client.get(page(name, pk)).status_code for name, pk in rows_of(world)} == dict.fromkeys(
        (name for name, _ in rows_of(world)), 200
    )


def test_a_clerk_reads_the_own_township_and_changes_nothing_but_handovers(world, signed_in):
    client = signed_in(world.clerk_niao)
    found = {name: client.get(page(name, pk)).status_code for name, pk in rows_of(world)}
    readable = {"team", "posting_paper", "person", "handover", "village", "unit"}
    assert {name for name, status in found.items() if status == 200} == readable
    assert found["review"] == 404  # the sheets are the unit's and the county's
    refused = {
        "team_close",
        "team_units",
        "post",
        "post_check",
        "posting_end",
        "posting_transfer",
        "posting_correct",
        "successor_check",
    }
    assert {name for name in refused if found[name] == 403} == refused


def test_a_unit_contact_sees_the_joint_team_but_only_the_own_people(world, signed_in):
    text = text_of(signed_in(world.contact_finance).get(page("team", world.team_shiqiao.pk)))
    assert "王立新" in text
    assert "李敏" not in text
    assert "另有 1 人由其他单位派出" in text


def test_a_member_sees_the_own_page_and_team_and_no_buttons(world, signed_in):
    client = signed_in(world.member_li)
    own = text_of(client.get(page("person", world.li.pk)))
    assert "您本人的全部信息" in own
    assert "没有人查看过" in own
    team = text_of(client.get(page("team", world.team_shiqiao.pk)))
    assert "李敏" in team
    assert "王立新" in team
    assert "办理到任" not in team
    assert client.get(page("team_open")).status_code == 403
    assert client.get(page("reviews")).status_code == 403


def test_somebody_whose_posting_is_over_still_sees_the_own_page(world, signed_in):
    actions.end_posting(
        posting=world.li_posting, last_day=TODAY.replace(day=1), ending="term", reason="", by=world.office, at=NOW
    )
    client = signed_in(world.member_li)
    assert client.get(page("person", world.li.pk)).status_code == 200
    assert client.get(page("team", world.team_shiqiao.pk)).status_code == 404
    assert client.get(page("person", world.wang.pk)).status_code == 404


def test_whoever_reads_only_is_shown_nothing_to_do(world, signed_in):
    client = signed_in(world.leader_county)
    for address in (
        page("ledger"),
        page("team", world.team_gaoling.pk),
        page("person", world.zhao.pk),
        page("village", world.gaoling.pk),
    ):
        text = text_of(client.get(address))
        assert "data-drawer" not in text.partition("<main")[2]
        assert not [word for word in ("办理到任", "召回</a>", "修改村信息") if word in text]


def test_search_boxes_answer_only_those_who_may_use_them(world, signed_in):
    assert "赵刚" in text_of(signed_in(world.office).get(page("pick_person", q="公安")))
    for who in ("clerk_niao", "member_li", "leader_county", "contact_finance"):
        assert signed_in(getattr(world, who)).get(page("pick_person", q="赵")).status_code == 403
    assert "石桥村" in text_of(signed_in(world.contact_finance).get(page("pick_village", q="石桥")))


def test_a_page_of_a_list_asks_a_bounded_number_of_questions(world, signed_in, django_assert_max_num_queries):
    client = signed_in(world.office)
    for name in LISTS:
        client.get(page(name))
        with django_assert_max_num_queries(24):  # with session, clock, account, duties, menu and footer of the frame
            client.get(page(name, show="all", period="all"))


def test_team_mates_are_told_no_causes_and_no_numbers(world, signed_in):
    actions.end_posting(
        posting=world.wang_posting,
        last_day=TODAY.replace(day=1),
        ending="transfer",
        reason="健康：心脏手术",
        by=world.office,
        at=NOW,
    )
    mate, clerk = signed_in(world.member_li), signed_in(world.clerk_jin)
    addresses = [
        page("team", world.team_shiqiao.pk), page("village", world.shiqiao.pk), page("person", world.wang.pk),
        page("changes", cols="all"), page("ledger", show="all", cols="all"),
    ]  # fmt: skip
    for address in addresses:
        told = text_of(mate.get(address))
        assert "心脏" not in told
        assert "身份证号码" not in told
        assert "心脏" in text_of(clerk.get(address))
    assert mate.get(page("posting_paper", world.wang_posting.pk)).status_code == 403
