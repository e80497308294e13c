"""The ledger and its findings as office, inspector, clerks, contacts, leaders, the person, others and strangers see them."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from zhucun.base.evidence import actions as evidence
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.actions.opening import About
from zhucun.work.inspections.actions import findings
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.models import Correction, Finding
from zhucun.work.inspections.tests.story import (
    DAY,
    absence,
    at,
    done,
    enter,
    manager_finding,
    ordered,
    plan,
    replied,
)

PDF = b"%PDF-1.4 x"
LATER = date(2022, 12, 20)


def where(name: str, row=None, query: str = "") -> str:
    return reverse(f"inspections:{name}", args=[row.pk] if row else []) + query


@pytest.fixture
def found(county):
    """李敏 found absent."""
    county.finding = absence(county)
    return county


@pytest.mark.parametrize("name", ["office", "inspector", "leader_county", "clerk_jin", "leader_wang"])
def test_those_of_the_area_see_it_in_the_ledger_and_on_its_page(found, signed_in, name):
    page = signed_in(getattr(found, name))
    assert found.finding.number in page.get(where("findings")).content.decode()
    assert "李敏不在岗" in page.get(where("finding", found.finding)).content.decode()


@pytest.mark.parametrize("name", ["clerk_niao", "leader_zhao", "contact_police", "contact_finance"])
def test_those_of_elsewhere_see_nothing(found, signed_in, name):
    page = signed_in(getattr(found, name))
    assert found.finding.number not in page.get(where("findings")).content.decode()
    assert page.get(where("finding", found.finding)).status_code == 404
    for step in ("finding_order", "finding_close", "finding_reopen", "finding_withdraw"):
        assert page.post(where(step, found.finding), {"text": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["member_li", "stranger", "auditor"])
def test_members_and_strangers_have_no_ledger(found, signed_in, name):
    page = signed_in(getattr(found, name))
    assert {page.get(where(one)).status_code for one in ("findings", "corrections")} == {403}
    assert page.get(where("finding", found.finding)).status_code in {403, 404}


def test_the_person_reads_their_own_and_nobody_elses(found, signed_in):
    own = signed_in(found.member_li).get(where("mine")).content.decode()
    assert found.finding.number in own
    assert "陈述申辩" in own
    other = signed_in(found.leader_wang).get(where("mine")).content.decode()
    assert found.finding.number not in other
    assert "没有关于您的督查问题" in other
    assert signed_in(found.office).get(where("mine")).status_code == 403
    assert where("mine") in signed_in(found.member_li).get("/").content.decode()


def test_a_finding_goes_all_its_way_by_its_pages(found, signed_in):
    inspector, clerk, office = (signed_in(one) for one in (found.inspector, found.clerk_jin, found.office))
    inspector.post(where("finding_order", found.finding), {"text": "约见本人", "due": "2022-12-15"})
    one = Correction.objects.get()
    assert "待回复整改" in office.get(where("finding", found.finding)).content.decode()
    assert "回复整改情况" in clerk.get(where("correction", one)).content.decode()
    clerk.post(where("correction_reply", one), {"text": "已约见"})
    inspector.post(where("correction_verify", one), {"text": "少一份记录", "accepted": "no"})
    clerk.post(where("correction_reply", one), {"text": "补了记录"})
    inspector.post(where("correction_verify", one), {"text": "属实", "accepted": "yes"})
    assert "可以销号" in office.get(where("finding", found.finding)).content.decode()
    closed = office.post(where("finding_close", found.finding), {"text": "整改到位"}, follow=True).content.decode()
    for told in ("已销号", "少一份记录", "补了记录", "整改退回", "问题销号"):
        assert told in closed
    office.post(where("correction_reopen", one), {"text": "又发现不在岗"})
    assert Finding.objects.get().state == "open"


def test_a_leader_or_the_units_contact_may_reply_as_well(found, signed_in):
    one = ordered(found, found.finding)
    signed_in(found.leader_wang).post(where("correction_reply", one), {"text": "已谈话"})
    assert Correction.objects.get().replied_by == found.leader_wang


@pytest.mark.parametrize(
    ("step", "sentence"), [("finding_close", "还有 1 条整改意见"), ("finding_withdraw", "没有办完")]
)
def test_a_step_out_of_turn_is_told_and_what_was_typed_stays(found, signed_in, step, sentence):
    ordered(found, found.finding)
    answer = signed_in(found.office).post(where(step, found.finding), {"text": "写好的说明"})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Finding.objects.get().state == "open"


def test_the_second_to_close_is_told_by_whom_it_was_closed(found, signed_in):
    findings.close_finding(finding=found.finding, text="当场改正", by=found.deputy, at=at())
    text = signed_in(found.office).post(where("finding_close", found.finding), {"text": "到位"}).content.decode()
    assert "驻村办副主任已经在 2022-12-05 销号" in text


def test_words_are_asked_for(found, signed_in):
    one = ordered(found, found.finding)
    clerk = signed_in(found.clerk_jin)
    assert "必须填写" in clerk.post(where("correction_reply", one), {"text": ""}).content.decode()
    replied(found, one)
    inspector = signed_in(found.inspector)
    assert (
        "必须填写" in inspector.post(where("correction_verify", one), {"text": "", "accepted": "yes"}).content.decode()
    )
    text = inspector.post(where("correction_verify", one), {"text": "属实"}).content.decode()
    assert "核实通过" in text
    assert Correction.objects.get().state == "replied"


@pytest.mark.parametrize(
    ("name", "status"), [("clerk_jin", 403), ("leader_wang", 403), ("leader_county", 403), ("inspector", 403)]
)
def test_only_the_office_closes_and_withdraws(found, signed_in, name, status):
    page = signed_in(getattr(found, name))
    for step in ("finding_close", "finding_withdraw"):
        assert page.post(where(step, found.finding), {"text": "x"}).status_code == status


def test_who_replied_reads_that_another_has_to_verify(found, signed_in):
    from zhucun.base.access import actions as access

    access.grant(user=found.deputy, role="township", area=found.jinqiao, start=DAY, end=None, by=found.caretaker, at=at())  # fmt: skip
    found.deputy.__dict__.pop("_duties", None)
    one = replied(found, ordered(found, found.finding), by=found.deputy)
    page = signed_in(found.deputy)
    assert "要由别人核实" in page.get(where("correction", one)).content.decode()
    assert page.post(where("correction_verify", one), {"text": "属实", "accepted": "yes"}).status_code == 403


# -- the ledger ---------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(found):
    """Findings in every state, about a person, a team, a unit and a township."""
    held = plan(found, date(2022, 12, 6), villages=[found.gaoling])
    say = {"round": held, "by": found.inspector, "at": at(date(2022, 12, 6))}
    about = [
        Found("money", "账目不清", team=found.team_gaoling), Found("commuting", "走读", person=found.zhao, team=found.team_gaoling),
        Found("other", "未开展走访", unit=found.police, manager=True),
    ]  # fmt: skip
    found.money, found.commuting, found.unit_finding = findings.add_findings(found=about, **say)
    found.town_finding = manager_finding(found, held)
    ordered(found, found.finding, date(2022, 12, 6))
    done(found, replied(found, ordered(found, found.money), by=found.clerk_niao))
    findings.withdraw_finding(finding=found.commuting, text="请假", by=found.office, at=at(date(2022, 12, 6)))
    return found


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?state=withdrawn", {"commuting"}),
        ("?turn=CLOSE", {"money"}),
        ("?turn=ORDER", {"unit_finding", "town_finding"}),
        ("?turn=REPLY", {"finding"}),
        ("?overdue=yes", {"finding"}),
        ("?manager=yes", {"unit_finding", "town_finding"}),
        ("?manager=no", {"finding", "money", "commuting"}),
        ("?kind=money", {"money"}),
        ("?township=430426102", {"finding", "town_finding"}),
        ("?period=2022-Q4", {"finding", "money", "commuting", "unit_finding", "town_finding"}),
        ("?period=2022-Q1", set()),
        ("?period=2021", set()),
        ("?q=李敏", {"finding"}),
        ("?q=高岭村", {"money", "commuting"}),
        ("?q=账目", {"money"}),
    ],
)
def test_filters_narrow_the_ledger(ledger, signed_in, query, names):
    text = signed_in(ledger.office).get(where("findings", query=query)).content.decode()
    every = ("finding", "money", "commuting", "unit_finding", "town_finding")
    assert {name for name in every if getattr(ledger, name).number in text} == names


def test_each_sees_the_managers_findings_that_are_theirs(ledger, signed_in):
    def seen(user):
        text = signed_in(user).get(where("findings", query="?manager=yes")).content.decode()
        return {name for name in ("unit_finding", "town_finding") if getattr(ledger, name).number in text}

    assert seen(ledger.clerk_jin) == {"town_finding"}
    assert seen(ledger.contact_police) == {"unit_finding"}
    assert seen(ledger.leader_zhao) == set()
    assert seen(ledger.clerk_niao) == set()


def test_the_workbook_has_the_columns_of_the_paper_ledger(ledger, signed_in):
    answer = signed_in(ledger.office).get(where("findings", query="?format=xlsx&cols=all"))
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    head = next(row for row in rows if "编号" in row)
    assert {
        "来源",
        "发现日期",
        "乡镇",
        "村",
        "工作队",
        "责任人",
        "责任单位",
        "类别",
        "描述",
        "整改要求",
        "整改期限",
        "整改情况",
        "验收人",
        "销号日期",
    } <= set(head)
    line = next(row for row in rows if ledger.money.number in row)
    told = dict(zip(head, line, strict=True))
    assert (told["整改情况"], told["验收人"], told["状态"]) == ("已约见，考勤已更正", "督查员", "可以销号")


def test_the_screen_has_what_fits_and_the_print_the_columns_of_the_paper_ledger(ledger, signed_in):
    page = signed_in(ledger.office)
    table = page.get(where("findings")).context["table"]
    assert [head.label for head in table.heads] == [
        "编号",
        "状态",
        "发现日期",
        "乡镇",
        "村",
        "责任人",
        "责任单位",
        "描述",
        "整改期限",
    ]
    printed = page.get(where("findings", query=table.exports["print"])).content.decode()
    for label in ("类别", "整改要求", "整改情况", "验收人", "销号日期", "通报、提醒、约谈"):
        assert f"{label}</th>" in printed
    assert "乡镇</th>" not in signed_in(ledger.clerk_jin).get(where("findings")).content.decode()


def test_the_ledger_prints_and_asks_a_fixed_number_of_queries(ledger, signed_in, django_assert_max_num_queries):
    page = signed_in(ledger.office)
    assert "账目不清" in page.get(where("findings", query="?format=print")).content.decode()
    with django_assert_max_num_queries(22):
        page.get(where("findings"))
    with django_assert_max_num_queries(24):
        page.get(where("finding", ledger.finding))


def test_what_followed_is_told_to_those_who_may_know_of_cases(found, signed_in):
    case = opening.open_case(
        county=found.county, measure="reminder", way="letter", about=About(found.li_posting), source="absence", finding=found.finding,
        grounds="无故不在岗", facts="", by=found.office, at=at(),
    )  # fmt: skip
    opening.put_forward(case=case, by=found.office, at=at())
    assert case.number not in signed_in(found.clerk_jin).get(where("findings")).content.decode()  # not told yet
    opening.give_opinion(case=case, agreed=True, text="", by=found.office, at=at())
    effects.notify(case=case, document="祁驻村函〔2022〕1号", by=found.office, at=at())
    shown, there = ">提醒</td>", reverse("accountability:case", args=[case.pk])
    for name, told in (("office", True), ("clerk_jin", True), ("leader_wang", False)):
        page = signed_in(getattr(found, name))
        assert (shown in page.get(where("findings", query="?cols=measures")).content.decode()) is told
        assert (there in page.get(where("finding", found.finding)).content.decode()) is told


def test_corrections_are_listed_by_what_they_wait_for(ledger, signed_in):
    page = signed_in(ledger.office)
    late, settled = Correction.objects.get(finding=ledger.finding), Correction.objects.get(finding=ledger.money)
    for query, found in (
        ("?state=late", {late}),
        ("?state=reply", {late}),
        ("?state=done", {settled}),
        ("?state=verify", set()),
        ("", {late, settled}),
    ):
        text = page.get(where("corrections", query=query)).content.decode()
        assert {one for one in (late, settled) if one.number in text} == found
    assert settled.number not in signed_in(ledger.clerk_jin).get(where("corrections")).content.decode()


def test_documents_of_a_finding_are_read_by_those_who_see_it(found, signed_in):
    kept = evidence.attach(target=found.finding, file=BytesIO(PDF), name="会议通知.pdf", by=found.office, at=at())
    assert "会议通知.pdf" in signed_in(found.clerk_jin).get(where("finding", found.finding)).content.decode()
    assert signed_in(found.clerk_niao).get(reverse("evidence:download", args=[kept.pk])).status_code == 404


def test_get_changes_nothing(found, signed_in):
    one = ordered(found, found.finding)
    page = signed_in(found.office)
    for name, row in (
        ("finding_close", found.finding),
        ("finding_withdraw", found.finding),
        ("finding_order", found.finding),
        ("correction_reply", one),
        ("correction_verify", one),
    ):
        assert page.get(where(name, row)).status_code == 405


def test_a_finding_of_an_entered_sheet_leads_to_it(county, signed_in):
    held = plan(county)
    enter(county, held)
    text = signed_in(county.clerk_jin).get(where("finding", Finding.objects.get())).content.decode()
    assert "石桥村核查单" in text
    assert held.number in text


def test_every_label_of_the_page_leads_to_its_own_field(found, signed_in):
    replied(found, ordered(found, found.finding))
    for user in (found.office, found.inspector, found.clerk_jin):
        page = signed_in(user).get(where("finding", found.finding)).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
