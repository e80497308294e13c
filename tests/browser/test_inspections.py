"""From an unannounced visit to a recall, in the browser: inspector, office, township, county leader, member; desk and phone."""

import re
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pypdfium2 as pdfium
from django.db import transaction
from docx import Document
from playwright.sync_api import expect

from tests import cast
from tests.browser.conftest import WIDTHS
from tests.cast import Facts, account, person
from zhucun.base.access.permissions import Role as R
from zhucun.base.directory import actions as directory
from zhucun.base.timeline import actions as timeline
from zhucun.work.accountability.models import Case
from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.models import Circular, Correction, Finding, Presence, Visit
from zhucun.work.inspections.tests import story
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Posting

FIRST = date(2022, 9, 6)
BETWEEN = date(2022, 9, 14), date(2022, 9, 20)
LAST = date(2022, 9, 26)
AFTER = date(2022, 9, 28)


@transaction.atomic
def county() -> SimpleNamespace:
    """The cast with an inspector, a second one of the office, and somebody who may follow 李敏."""
    world = cast.build()
    world.inspector = account(world, "inspector", "督查员", R.INSPECTOR, world.county)
    world.deputy = account(world, "deputy", "驻村办副主任", R.OFFICE, world.county)
    teams.grant_sight(posting=world.li_posting, by=world.caretaker, at=cast.AT)
    world.sun = person(world, Facts("孙勤", "P009", date(1988, 3, 1), world.farming))
    stand(world, FIRST)
    return world


def stand(world, day: date):
    """The county's clock goes on to a day."""
    timeline.stand_on(day=day, by=world.caretaker, at=cast.AT)


def once(enter):
    """Everybody comes with one tab a width, and keeps it."""
    tabs = {}

    def tab_of(user, width="desk"):
        if (user, width) not in tabs:
            tabs[user, width] = enter(user, width)
        return tabs[user, width]

    return tab_of


def press(tab, label: str, answer: str = ""):
    """A button by its whole label, and what the page answers to it."""
    tab.get_by_role("button", name=label, exact=True).click()
    if answer:
        tab.locator(".alert-success", has_text=answer).first.wait_for()


def sure(tab):
    """Answer 是 to the question before a step."""
    tab.locator("#ask [data-ask-yes]").click()


def downloaded(tab, label: str) -> bytes:
    """What a link downloads."""
    with tab.expect_download() as download:
        tab.get_by_role("link", name=label).first.click()
    return Path(download.value.path()).read_bytes()


def fetched(tab, label: str) -> bytes:
    """What stands behind a link that opens a paper of its own."""
    return tab.request.get(tab.get_by_role("link", name=label).first.get_attribute("href")).body()


def words(pdf: bytes) -> str:
    """What can be read on a PDF."""
    with pdfium.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


# --- the round ----------------------------------------------------------------------------------------------------------


def planned_and_drawn(tab, sound) -> str:
    """A round is planned, its village drawn and drawn again by whoever checks; where it is read."""
    tab.goto("/inspections/rounds/")
    sound(tab)
    tab.get_by_role("link", name="新建督查").first.click()
    plan = tab.locator("#drawer")
    plan.get_by_label("方式").select_option("暗访")
    plan.get_by_label("督查组").fill("县驻村办")
    plan.get_by_label("督查内容").fill("在岗情况、入户走访")
    press(tab, "建计划")
    tab.get_by_role("link", name="随机抽取村").wait_for()
    here = tab.url
    tab.get_by_role("link", name="随机抽取村").click()
    tab.get_by_label("示范村抽几个").fill("1")
    tab.get_by_label("重点村抽几个").fill("0")
    press(tab, "抽取")
    assert "石桥村" in tab.locator(".is-drawn").inner_text()
    sound(tab)
    tab.get_by_role("link", name="自己验算").click()
    assert re.search("石桥村（金桥镇）.*抽中", tab.locator("main").inner_text())
    tab.goto(here)
    press(tab, "开始督查", "督查已开始")
    return here


def entered(tab, sound, here: str):
    """The sheet on a phone: kept over a reload and without signal; an answer that got lost counts once."""
    tab.goto(here)
    tab.get_by_role("link", name="录入", exact=True).click()
    tab.locator("[data-visit-form]").wait_for()
    sound(tab)
    tab.locator(".who-row", has_text="王立新").get_by_label("在岗", exact=True).check()
    li = tab.locator(".who-row", has_text="李敏")
    li.get_by_label("无故不在岗").check()
    li.locator(".who-note").fill("电话不通，村里不知去向")
    tab.get_by_label("走访农户").fill("5")
    tab.get_by_label("在场村干部").fill("刘书记")
    tab.wait_for_function("() => Object.values(localStorage).some(kept => kept.includes('刘书记'))")
    tab.reload()
    tab.get_by_text("已恢复").wait_for()
    assert tab.get_by_label("在场村干部").input_value() == "刘书记"
    assert li.get_by_label("无故不在岗").is_checked()
    tab.context.set_offline(True)
    press(tab, "提交核查单")
    tab.get_by_text("没有信号，没有发出去").wait_for()
    assert not Presence.objects.exists()
    tab.context.set_offline(False)
    answer_lost(tab)
    press(tab, "再发一次")
    tab.get_by_text("核查时间").wait_for()
    assert [Presence.objects.count(), Finding.objects.count()] == [2, 1]
    assert tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('zhucun-visit:')).length") == 0
    sound(tab)


def answer_lost(tab):
    """The sheet arrives, the answer does not."""

    def lose(route):
        if route.request.method != "POST":
            return route.fallback()
        route.fetch(max_redirects=0)
        return route.abort()

    tab.route("**/inspections/visits/**", lose)
    press(tab, "再发一次")
    tab.get_by_text("没有信号，没有发出去").wait_for()
    tab.unroute("**/inspections/visits/**")
    assert Visit.objects.get().is_entered


def corrected(world, enter, sound, here: str):
    """The office orders, the township replies, the inspector verifies, the office closes."""
    office, town, inspector = enter(world.office), enter(world.clerk_jin), enter(world.inspector)
    office.goto("/inspections/findings/")
    sound(office)
    office.get_by_role("link", name="WT2022-0001").first.click()
    office.get_by_label("整改要求").fill("乡镇约见本人，核实九月考勤")
    press(office, "提出", "已提出")
    town.goto("/inspections/corrections/")
    sound(town)
    town.get_by_role("link", name="ZG2022-0001").first.click()
    sound(town)
    town.get_by_label("整改情况").fill("已约见本人，检讨并补办手续")
    press(town, "回复整改情况", "等县里核实")
    assert not town.get_by_role("button", name="核实通过").count()
    inspector.goto(f"/inspections/corrections/{Correction.objects.get().pk}/")
    inspector.get_by_label("核实情况").fill("到村复查，本人在岗")
    press(inspector, "核实通过", "核实完成")
    office.reload()
    office.get_by_label("销号说明").fill("整改到位")
    press(office, "销号", "销号")
    assert Finding.objects.get().state == Finding.State.CLOSED
    sound(office)
    inspector.goto(here)
    press(inspector, "结束督查", "督查已结束")
    sound(inspector)


# --- the circular -------------------------------------------------------------------------------------------------------


def told(world, enter, sound):
    """The circular is drafted from the round, reviewed, signed with its number, received; Word and PDF say the same."""
    office = enter(world.office)
    office.goto("/inspections/rounds/")
    office.get_by_role("link", name="DC2022-01").first.click()
    office.get_by_role("link", name="起草督查通报").click()
    body = office.get_by_label("正文")
    assert "李敏" in body.input_value()
    body.fill(
        re.sub("【.*?】", "第一书记王立新在村。", body.input_value())
    )  # what no record says is left to the writer
    assert office.get_by_label("金桥镇").is_checked()
    press(office, "预览")
    office.locator("#circular-preview article").wait_for()
    sound(office)
    press(office, "存为草稿")
    press(office, "送审", "已送审")
    where = office.url
    for user, label in ((world.inspector, "审核通过"), (world.leader_county, "签发")):
        tab = enter(user)
        tab.goto(where)
        press(tab, label, "已")
    assert (Circular.objects.get().year, Circular.objects.get().number) == (2022, 1)
    town = enter(world.clerk_jin)
    town.goto("/inspections/circulars/")
    sound(town)
    assert "2022年第1期" in town.locator("tbody").inner_text()
    town.locator("tbody a").first.click()
    press(town, "签收", "已签收")
    sound(town)
    paper = Document(BytesIO(downloaded(town, "Word")))
    text = "".join(one.text for one in paper.paragraphs)
    printed = words(fetched(town, "打印 PDF"))
    assert all(one in text and one in printed for one in ("第1期", "石桥村", "李敏"))


# --- the ladder ---------------------------------------------------------------------------------------------------------


def reminded(world, enter, sound):
    """The first absence: a letter, answered by the member on the phone."""
    office = enter(world.office)
    office.goto("/accountability/leads/")
    sound(office)
    office.get_by_role("link", name="立案", exact=True).last.click()
    assert "第 1 次无故不在岗" in office.locator("main").inner_text()
    office.get_by_label("方式").select_option("提醒函")
    sound(office)
    press(office, "立案")
    press(office, "提交")
    press(office, "同意")
    office.get_by_label("文号").fill("祁驻村函〔2022〕1号")
    press(office, "告知", "已告知")
    assert "提醒" in words(fetched(office, "PDF"))
    member = enter(world.member_li, "phone")
    member.goto("/accountability/mine/")
    sound(member)
    member.get_by_role("link", name="看材料、回复").click()
    sound(member)
    member.get_by_label("回复内容").fill("接受提醒，今后按规定报备")
    press(member, "回复提醒", "回复已登记")
    office.reload()
    office.get_by_label("办理结果").fill("本人已回复")
    press(office, "办结", "已办结")
    assert Case.objects.get().state == Case.State.CLOSED


def away_again(world, day: date):
    """One more round finds 李敏 away."""
    when = {"by": world.inspector, "at": datetime.combine(day, cast.NOW.timetz())}
    held = rounds.plan_round(
        county=world.county, held_on=day, method="unannounced", group="县驻村办", purpose="在岗情况", **when
    )
    rounds.choose_villages(round=held, villages=[world.shiqiao], **when)
    rounds.move_round(round=held, to="underway", **when)
    seen = [Seen(world.wang_posting, "here"), Seen(world.li_posting, "absent", "村里不知去向")]
    rounds.enter_visit(visit=held.visits.get(), fields={"witness": "刘书记"}, seen=seen, found=[], key=uuid4(), **when)


def heard(world, enter, sound) -> str:
    """The third absence: the file is opened from the lead, and the member speaks first."""
    office = enter(world.office)
    office.goto("/accountability/leads/")
    lead = office.locator("tbody tr", has_text="召回")
    assert "李敏" in lead.inner_text()
    lead.get_by_role("link", name="立案").click()
    assert "第 3 次无故不在岗" in office.locator("main").inner_text()
    press(office, "立案")
    press(office, "提交", "已提交")
    assert not office.get_by_role("button", name="提交审批").count()
    member = enter(world.member_li, "phone")
    member.goto("/accountability/mine/")
    member.get_by_role("link", name="看材料、陈述申辩").click()
    sound(member)
    member.get_by_label("陈述申辩").fill("家中老人住院，没有及时报备")
    press(member, "提交陈述申辩", "已记入卷宗")
    office.reload()
    press(office, "提交审批", "已提交审批")
    return office.url


def agreed(world, enter, where: str):
    """Township, office, organisation by its document, county leader; nobody out of turn."""
    early = enter(world.leader_county)
    early.goto(where)
    assert not early.get_by_role("button", name="同意", exact=True).count()
    for user, document in ((world.clerk_jin, ""), (world.office, ""), (world.deputy, "祁组函〔2022〕9号"), (world.leader_county, "")):  # fmt: skip
        tab = enter(user)
        tab.goto(where)
        if document:
            press(tab, "同意")
            assert "请填写文号" in tab.locator(".alert-danger").inner_text()
            tab.get_by_label("县委组织部文号").fill(document)
        press(tab, "同意", "意见已签署")


def recalled(world, enter, sound, where: str):
    """Told, carried out, followed, closed; the files can be printed."""
    office = enter(world.office)
    office.goto(where)
    office.get_by_label("文号").fill("祁驻村〔2022〕12号")
    press(office, "告知")
    press(office, "执行召回")
    sure(office)
    office.locator(".alert-success", has_text="召回已执行").wait_for()
    world.li_posting.refresh_from_db()
    assert (world.li_posting.ending, world.li_posting.last_day) == ("recall", LAST)
    assert office.locator(".paper-list li").count() >= 3
    for n in range(office.locator(".paper-list li").count()):
        line = office.locator(".paper-list li").nth(n)
        address = line.get_by_role("link", name="PDF").get_attribute("href")
        assert "李敏" in words(office.request.get(address).body()), line.inner_text()
        Document(BytesIO(office.request.get(f"{address}?format=docx").body()))
    stand(world, AFTER)
    posted(office, f"/teams/teams/{world.team_shiqiao.pk}/post/", "孙勤")
    office.locator(".alert-success", has_text="孙勤已到任").wait_for()
    office.goto(where)
    office.get_by_label("接任人选").select_option(index=1)
    press(office, "登记接任人选", "接任人选已登记")
    office.get_by_label("办理结果").fill("孙勤已到岗并办理交接")
    press(office, "办结", "已办结")
    assert Case.objects.get(measure="recall").state == Case.State.CLOSED
    sound(office)


def posted(tab, address: str, name: str):
    """Somebody is to join a team."""
    tab.goto(address)
    tab.locator("[data-pick-text]").first.press_sequentially(name)
    tab.get_by_role("option", name=re.compile(name)).first.click()
    tab.get_by_label("说明理由").fill("召回后重新选派")
    press(tab, "确认到任")


def barred(world, enter):
    """The ban is seen at the next selection, and its reason is told."""
    office = enter(world.office)
    posted(office, f"/teams/teams/{world.team_gaoling.pk}/post/", "李敏")
    expect(office.locator("main")).to_contain_text("曾被召回，还在影响期内")
    assert not Posting.objects.filter(person=world.li, team=world.team_gaoling).exists()


def test_from_an_unannounced_visit_to_a_recall_and_a_ban(transactional_db, enter, sound):
    world, enter = county(), once(enter)
    inspector = enter(world.inspector)
    here = planned_and_drawn(inspector, sound)
    entered(enter(world.inspector, "phone"), sound, here)
    corrected(world, enter, sound, here)
    told(world, enter, sound)
    reminded(world, enter, sound)
    for day in BETWEEN:
        away_again(world, day)
    stand(world, LAST)
    where = heard(world, enter, sound)
    agreed(world, enter, where)
    recalled(world, enter, sound, where)
    barred(world, enter)
    for page in ("/accountability/", "/inspections/findings/owed/"):
        office = enter(world.office)
        office.goto(page)
        sound(office)
    member = enter(world.member_li, "phone")
    member.goto("/inspections/mine/")
    sound(member)


def test_the_ledger_of_findings_fits_its_frame(transactional_db, enter, sound):
    """A real county's names and sentences, at a desk of 1440 px and on a phone, without scrolling sideways."""
    with transaction.atomic():
        world = county()
        office = directory.add_unit(
            county=world.county, fields={"name": "祁东县住房和城乡建设局", "category": "economy", "level": "county"}, by=world.caretaker, at=cast.AT
        )  # fmt: skip
        held = story.plan(world)
        about = {"team": world.team_shiqiao, "person": world.li, "unit": office, "township": world.jinqiao}
        text = "台账记8月走访12户，核对9户，其中5户说没有来过，3户签字不是本人，村干部说当天没有看到本人，电话未接"
        written = findings.add_findings(
            round=held, found=[Found("ledger", text, **about)], by=world.office, at=story.at()
        )
        story.ordered(world, written[0], due=date(2022, 12, 20))
    tab = enter(world.office)
    tab.goto("/inspections/findings/")
    expect(tab.get_by_text(written[0].number)).to_be_visible()
    expect(tab.get_by_text("2022-12-20")).to_be_visible()
    frame = tab.locator(".table-responsive")
    for width in ("desk", "phone"):
        tab.set_viewport_size(WIDTHS[width])
        assert frame.evaluate("one => one.scrollWidth - one.clientWidth") <= 0, width
    sound(tab)
