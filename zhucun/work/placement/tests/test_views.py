"""Pages of a round as the county, a township, a unit, somebody placed and a stranger see them."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import Facts, account, person
from zhucun.base.access.permissions import Role
from zhucun.base.directory import actions as directory
from zhucun.base.people import actions as people
from zhucun.work.placement.actions import approval, objections
from zhucun.work.placement.models import Proposal
from zhucun.work.placement.optimiser.result import Team

from .conftest import candidate, deliberating, proposal

PLAN = {
    "430426102201": Team("县财政局", "P001", ("P001", "P002")),
    "430426103201": Team("县公安局", "P003", ("P003",)),
}


def url(name, *args, **query):
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"placement:{name}", args=args) + (f"?{tail}" if tail else "")


@pytest.fixture
def planned(staffed):
    """The round with a proposal as everybody is posted now."""
    staffed.proposal = proposal(staffed, PLAN)
    return staffed


@pytest.fixture
def decided(planned):
    """The same, approved."""
    deliberating(planned)
    planned.proposal.refresh_from_db()
    planned.proposal.round.refresh_from_db()
    approval.approve(proposal=planned.proposal, **planned.by)
    planned.round.refresh_from_db()
    return planned


def text(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_office_sees_the_steps_and_what_is_still_missing(told, signed_in):
    page = text(signed_in(told.office), url("round", told.round.pk))
    assert "各村一共要 3 人，只推荐了 0 人，还差 3 人。" in page
    assert "2 个单位，2 支" in page


def test_a_township_fills_in_its_own_villages_like_a_sheet(told, signed_in):
    clerk = signed_in(told.clerk_jin)
    page = text(clerk, url("needs_grid", told.round.pk))
    assert "石桥村" in page
    assert "高岭村" not in page
    row = told.round.needs.get(village=told.shiqiao)
    sent = {f"n{row.pk}-{name}": value for name, value in {
        "poor": "91", "weak": "20", "disorderly": "10", "size": "3", "shortfall": "industry", "skills": "果树栽培", "grounds": "脱贫户多",
    }.items()}  # fmt: skip
    answer = clerk.post(url("needs_grid", told.round.pk), sent, follow=True)
    assert "已保存，改了 1 个村" in answer.content.decode()
    row.refresh_from_db()
    assert (row.poor, row.skills, row.filled_by) == (91, "果树栽培", told.clerk_jin)


def test_a_wrong_cell_is_named_with_village_and_column_and_nothing_is_saved(told, signed_in):
    row = told.round.needs.get(village=told.shiqiao)
    sent = {
        f"n{row.pk}-{name}": value
        for name, value in {"poor": "190", "weak": "20", "disorderly": "10", "size": "x"}.items()
    }
    page = signed_in(told.clerk_jin).post(url("needs_grid", told.round.pk), sent).content.decode()
    assert "石桥村 穷：" in page
    assert "石桥村 队伍人数：" in page
    row.refresh_from_db()
    assert row.poor == 80


def test_a_unit_ticks_its_own_people_only(told, signed_in):
    contact = signed_in(told.contact_finance)
    page = text(contact, url("candidates_add", told.round.pk))
    assert "王立新" in page
    assert "赵刚" not in page
    answer = contact.post(
        url("candidates_add", told.round.pk), {"people": [told.wang.pk, told.zhao.pk], "reason": "推荐"}
    )
    assert answer.status_code == 200
    assert not told.round.candidates.exists()
    contact.post(url("candidates_add", told.round.pk), {"people": [told.wang.pk], "reason": "熟悉农村工作"})
    assert told.round.candidates.get().person == told.wang


def test_a_proposal_is_the_countys_until_it_is_approved(planned, signed_in):
    for user in (planned.clerk_jin, planned.contact_finance, planned.member_li, planned.stranger):
        assert signed_in(user).get(url("proposal", planned.proposal.pk)).status_code == 404
        assert signed_in(user).get(url("decided", planned.round.pk)).status_code in (403, 404)
    page = text(signed_in(planned.leader_county), url("proposal", planned.proposal.pk))
    assert "王立新" in page
    assert "研判批准" not in page


def test_the_board_asks_as_many_questions_for_thirty_villages_as_for_two(
    planned, signed_in, django_assert_max_num_queries
):
    by = {"by": planned.caretaker, "at": planned.by["at"]}
    teams = dict(PLAN)
    for n in range(30):
        village = directory.add_village(
            code=f"4304261022{n + 10}", name=f"村{n}", township=planned.jinqiao, fields={}, **by
        )
        who = person(planned, Facts(f"人{n}", f"X{n:03}", date(1990, 1, 1), planned.finance))
        planned.round.needs.create(
            village=village, size=1, poor=5, weak=0, disorderly=0, filled_by=planned.office, filled_at=by["at"]
        )
        planned.round.candidates.create(
            person=who, unit=planned.finance, may_lead=True, put_by=planned.office, put_at=by["at"]
        )
        teams[village.pk] = Team("县财政局", f"X{n:03}", (f"X{n:03}",))
    larger = proposal(planned, teams)
    client = signed_in(planned.office)
    client.get(url("proposal", larger.pk))  # what is read once
    with django_assert_max_num_queries(40) as few:
        client.get(url("proposal", planned.proposal.pk))
    with django_assert_max_num_queries(len(few)):
        client.get(url("proposal", larger.pk))


def test_the_reasons_of_a_team_are_told_in_words(planned, signed_in):
    page = text(signed_in(planned.office), url("line", planned.proposal.pk, planned.shiqiao.pk))
    assert "县财政局是经济部门，经济部门到穷村，按“穷”的评分计：80 × 115%（示范村）= 92.0 分" in page
    assert "留任：王立新、李敏各 2.5 分" in page
    assert "来自别的单位：李敏（县农业农村局）−0.8 分" in page


def test_somebody_who_cannot_take_a_seat_is_shown_with_the_rule(planned, signed_in):
    client = signed_in(planned.office)
    page = text(client, url("seat_options", planned.proposal.pk, planned.shiqiao.pk, seat="P001", q="赵刚"))
    assert "队长由牵头单位可任队长的人担任" in page
    assert "没有找到这样的人选" in text(
        client, url("seat_options", planned.proposal.pk, planned.shiqiao.pk, seat="P001", q="无此人")
    )


def test_an_exchange_the_rules_forbid_is_refused_with_names(planned, signed_in):
    sent = {"leaving": candidate(planned, planned.wang).pk, "coming": candidate(planned, planned.zhao).pk}
    answer = signed_in(planned.office).post(url("exchange", planned.proposal.pk, planned.shiqiao.pk), sent, follow=True)
    assert "不能这样调整：队长由牵头单位可任队长的人担任" in answer.content.decode()
    assert Proposal.objects.count() == 1


def test_a_leader_is_changed_in_a_proposal_of_its_own(planned, signed_in):
    planned.round.candidates.filter(person=planned.li).update(unit=planned.finance)
    sent = {"person": candidate(planned, planned.li).pk}
    answer = signed_in(planned.office).post(url("lead", planned.proposal.pk, planned.shiqiao.pk), sent, follow=True)
    assert "石桥村改由李敏任队长（已另存为方案2，方案1保持原样）" in answer.content.decode()
    changed = Proposal.objects.get(number=2)
    assert changed.seats.get(leads=True, line__village=planned.shiqiao).candidate.person == planned.li
    assert planned.proposal.seats.get(leads=True, line__village=planned.shiqiao).candidate.person == planned.wang


def test_what_stands_in_the_way_of_approving_is_listed(planned, signed_in):
    page = text(signed_in(planned.office), url("approve", planned.proposal.pk))
    assert "这一批现在是“征集中”，要在“研判中”才能批准。" in page
    assert "还没有填写研判会议的日期和参会部门。" in page
    assert "批准并写入台账" not in page


def test_the_table_of_the_meeting_prints_and_exports_what_the_form_asks(planned, signed_in):
    deliberating(planned)
    client = signed_in(planned.office)
    printed = text(client, url("table", planned.proposal.pk, format="print"))
    for word in ("村名", "村情短板", "匹配原则", "经济部门到穷村", "王立新（队长）；李敏"):
        assert word in printed
    book = client.get(url("table", planned.proposal.pk, format="xlsx", cols="all"))
    assert b"".join(book.streaming_content)[:2] == b"PK"


def test_each_sees_the_approved_list_of_the_own_area(decided, signed_in):
    assert "赵刚" in text(signed_in(decided.office), url("decided", decided.round.pk))
    township = text(signed_in(decided.clerk_jin), url("decided", decided.round.pk))
    assert "李敏" in township
    assert "赵刚" not in township
    unit = text(signed_in(decided.contact_finance), url("decided", decided.round.pk))
    assert "王立新" in unit
    assert "李敏" not in unit


def test_somebody_placed_reads_why_and_objects_once_and_is_answered(decided, signed_in):
    seat = decided.proposal.seats.get(candidate__person=decided.li)
    mine = signed_in(decided.member_li)
    assert "为什么派我到这里" in text(mine, url("seat", seat.pk))
    mine.post(url("seat", seat.pk), {"text": "孩子年幼，请照顾"})
    mine.post(url("seat", seat.pk), {"text": "再提一次"})
    row = seat.objections.get()
    office = signed_in(decided.office)
    assert "孩子年幼" in text(office, url("objections"))
    office.post(url("objection", row.pk), {"answer": "已安排就近的村"})
    assert "已安排就近的村" in text(mine, url("seat", seat.pk))
    other = decided.proposal.seats.get(candidate__person=decided.zhao)
    assert mine.get(url("seat", other.pk)).status_code == 404


def test_a_seat_of_a_proposal_not_approved_is_nobodys_to_read(planned, signed_in):
    seat = planned.proposal.seats.get(candidate__person=planned.li)
    assert signed_in(planned.member_li).get(url("seat", seat.pk)).status_code == 404
    with pytest.raises(Exception, match="批准以后"):
        objections.object_to(seat=seat, text="x", by=planned.member_li, at=planned.by["at"])


def test_the_draft_of_the_notice_is_a_word_file_with_the_list(planned, signed_in):
    deliberating(planned)
    answer = signed_in(planned.office).get(url("notice", planned.proposal.pk))
    assert answer.content[:2] == b"PK"
    assert "filename" in answer.headers["Content-Disposition"]


def test_the_instance_leaves_as_a_document_and_is_noted(planned, signed_in):
    answer = signed_in(planned.office).get(url("instance", planned.round.pk))
    assert answer.json()["format"] == "zhucun-placement/1"
    assert set(answer.json()["villages"]) == {"430426102201", "430426103201"}
    assert signed_in(planned.leader_county).get(url("instance", planned.round.pk)).status_code == 403


def test_changed_weights_become_a_trial_of_their_own(planned, signed_in):
    client = signed_in(planned.office)
    before = Proposal.objects.count()
    sent = dict.fromkeys(planned.proposal.weights, "10") | {"young_age": "35", "note": ""}
    client.post(url("weights", planned.round.pk), sent)
    trial = Proposal.objects.order_by("-number").first()
    assert Proposal.objects.count() == before + 1
    assert trial.weights["stay_bonus"] == 100
    assert trial.weights["young_age"] == 35
    assert "重点村系数 130→10%" in trial.note
    assert "连任加分 2.5→10.0 分" in trial.note


def test_the_county_office_waits_for_nothing_that_the_township_must_do(told, signed_in):
    from zhucun.work.placement.notices import waiting

    todos = list(waiting(told.clerk_jin, date(2022, 12, 7)))
    assert [todo.title for todo in todos] == ["1 个村的需求等您核对"]
    assert list(waiting(told.stranger, date(2022, 12, 7))) == []
    deliberating(told)
    assert list(waiting(told.clerk_jin, date(2022, 12, 7))) == []
    assert [todo.title for todo in waiting(told.office, date(2022, 12, 7))] == ["研判：新一轮驻村工作队选派"]


def test_another_county_finds_nothing_here(planned, signed_in):
    other = directory.add_division(
        code="430481", name="耒阳市", kind="县", parent=None, by=planned.caretaker, at=planned.by["at"]
    )
    client = signed_in(account(planned, "leiyang", "耒阳驻村办", Role.OFFICE, other))
    for name, pk in (("round", planned.round.pk), ("proposal", planned.proposal.pk), ("weights", planned.round.pk)):
        assert client.get(url(name, pk)).status_code == 404
    assert client.post(url("proposal_ask", planned.round.pk)).status_code == 404


def test_somebody_placed_is_led_to_the_reasons_from_the_home_page(decided, signed_in):
    seat = decided.proposal.seats.get(candidate__person=decided.li)
    page = text(signed_in(decided.member_li), reverse("desk:home"))
    assert url("seat", seat.pk) in page
    assert "placement/seats" not in text(signed_in(decided.leader_county), reverse("desk:home"))


def test_a_unit_without_quota_or_somebody_without_record_breaks_no_page(planned, signed_in):
    client = signed_in(planned.office)
    planned.round.quotas.filter(unit=planned.finance).delete()
    people.correct_record(
        record=planned.zhao.records.get(), fields={"end": date(2022, 12, 31)}, reason="离职", **planned.by
    )
    for village, number in ((planned.shiqiao, "P001"), (planned.gaoling, "P003")):
        for address in (
            url("line", planned.proposal.pk, village.pk),
            url("seat_options", planned.proposal.pk, village.pk, seat=number),
            url("what_if", planned.proposal.pk, village.pk, unit="县公安局"),
            url(
                "exchange_check",
                planned.proposal.pk,
                village.pk,
                leaving=candidate(planned, planned.wang).pk,
                coming=candidate(planned, planned.zhao).pk,
            ),
        ):
            assert client.get(address).status_code == 200, address
    for name in ("proposal", "proposal_map", "table", "reasons", "approve", "compare", "notice"):
        assert client.get(url(name, planned.proposal.pk)).status_code == 200, name
