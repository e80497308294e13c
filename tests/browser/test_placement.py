"""From needs to an approved list in the browser, on the demonstration: township, unit and county, desk and phone."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from tests.browser.conftest import signed_in

ROUND = "新一轮驻村工作队选派"


def to_round(tab):
    """Open the demonstration's round from the menu."""
    tab.goto("/placement/")
    tab.get_by_role("link", name=re.compile(ROUND)).first.click()
    tab.wait_for_url(re.compile("/placement/rounds/"))


def said(tab) -> str:
    """What the page answers."""
    return tab.locator(".alert").first.inner_text()


def asked_and_done(tab):
    """Answer 是 to the question before a step."""
    tab.locator("#ask [data-ask-yes]").click()


def wide_of(tab) -> int:
    """By how many pixels the page is wider than its window."""
    return tab.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture(scope="module")
def gathered(chromium, site):
    """The round is open again; the township judges a village, the unit puts somebody forward, the county goes on."""
    county = signed_in(chromium, site, "county")
    to_round(county)
    county.get_by_role("button", name="退回征集").click()
    county.get_by_text("已退回征集").wait_for()
    town = signed_in(chromium, site, "town")
    to_round(town)
    town.get_by_role("link", name="填写本乡镇村需求").click()
    cells = town.locator("table[data-grid] tbody tr").first.locator("input.grid-number")
    cells.first.fill("97")
    town.get_by_role("button", name="保存这一页").click()
    town.get_by_text("已保存，改了 1 个村").wait_for()
    unit = signed_in(chromium, site, "unit")
    to_round(unit)
    unit.get_by_role("link", name="推荐本单位人选").click()
    free = unit.locator("tbody input[type=checkbox]:not([disabled])")
    if free.count():
        free.first.check()
        unit.get_by_label("仍要推荐的理由").fill("熟悉农村工作，本人自愿")
        unit.get_by_role("button", name="推荐勾选的人").click()
        unit.get_by_text("已推荐 1 人").wait_for()
    to_round(county)
    county.get_by_role("button", name="进入研判").click()
    county.get_by_text("已进入研判").wait_for()
    town.goto(county.url)
    assert not town.get_by_role("link", name="填写本乡镇村需求").count()
    for tab in (county, town, unit):
        tab.context.close()


def computed(tab):
    """Compute a proposal and wait for its board."""
    to_round(tab)
    tab.get_by_role("button", name="计算方案").click()
    tab.locator("[data-board]").wait_for(timeout=90_000)


@pytest.mark.parametrize("tab", ["desk"], indirect=True)
def test_a_proposal_is_computed_changed_and_approved_and_the_notice_is_written(tab, gathered, axe):
    computed(tab)
    assert "已是最优" in tab.locator(".stat-grid").inner_text()
    assert tab.locator(".board-row:not(.board-head)").count() == 91
    assert axe(tab) == []
    first = tab.url
    exchanged(tab)
    assert tab.url != first, "a computed proposal stays as it is"
    tab.get_by_role("link", name="比较").click()
    tab.get_by_text("去处或队长职务不同的人").wait_for()
    assert tab.locator("section", has_text="去处或队长职务不同的人").locator("tbody tr").count() in (1, 2)
    tab.go_back()
    locked_and_computed_again(tab)
    approved(tab)


def exchanged(tab):
    """Somebody else takes a seat that the plan loses little by."""
    tab.locator(".board-village a").nth(4).click()
    tab.locator("#drawer .why").wait_for()
    tab.locator("#drawer").get_by_role("link", name="换谁合适").last.click()
    options = tab.locator("#drawer .seat-options:not(:empty)")
    options.locator("tbody tr").first.wait_for()
    tab.locator("#drawer").get_by_role("link", name="试算").last.click()
    tab.locator("#what-if .alert").wait_for(timeout=30_000)
    options.get_by_role("button", name=re.compile("^(换上|对换)$")).first.click()
    tab.get_by_text(re.compile("已另存为方案")).wait_for()


def locked_and_computed_again(tab):
    """A person does not take part: the next plan moves few others."""
    name = tab.locator(".board-row .person:not(.person-leads)").first.get_attribute("data-name")
    tab.locator(".board-village a").first.click()
    seat = tab.locator("#drawer .seat", has_text=name)
    before = tab.url.split("#")[0]
    seat.get_by_role("button", name="不参加").click()
    asked_and_done(tab)
    tab.wait_for_url(lambda here: not here.startswith(before), timeout=30_000)  # the board asked from is one, too
    tab.locator("[data-board]").wait_for(timeout=90_000)
    assert not tab.locator(f".person[data-name='{name}']").count()


def approved(tab):
    """Reasons, meeting, approval, list, print and the draft of the notice."""
    tab.get_by_role("link", name="研判批准").click()
    tab.get_by_role("link", name="意见和理由").click()
    reasons = tab.locator("table[data-grid] tbody tr")
    for n in range(reasons.count()):
        reasons.nth(n).locator("input").first.fill("对口部门名额已满，由县委统筹安排")
    if reasons.count():
        tab.get_by_role("button", name="保存").click()
        tab.get_by_text(re.compile("已保存|没有改动")).wait_for()
    if not tab.get_by_role("button", name="批准并写入台账").count():
        tab.get_by_role("link", name="研判会议").click()
        tab.get_by_label("研判日期").fill("2022-12-07")
        tab.get_by_label("参会部门").fill("县委组织部、县农业农村局")
        tab.get_by_role("button", name="保存").click()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="选派通知草稿").click()
    paper = Document(BytesIO(Path(download.value.path()).read_bytes()))
    assert any("通知" in paragraph.text for paragraph in paper.paragraphs)
    people = len(paper.tables[0].rows) - 1 if paper.tables else 0
    tab.get_by_role("button", name="批准并写入台账").click()
    asked_and_done(tab)
    tab.wait_for_url(re.compile("/decided/"), timeout=120_000)
    found = int(tab.locator(".table-found strong").inner_text().replace(",", ""))
    assert found == people > 200
    tab.locator("tbody a[href*='/placement/seats/']").first.click()
    tab.get_by_text("为什么这样派").wait_for()


@pytest.mark.parametrize("tab", ["phone"], indirect=True)
def test_the_pages_of_a_round_fit_a_phone(tab, gathered):
    to_round(tab)
    assert wide_of(tab) <= 0
    for path in ("needs/", "quotas/", "candidates/", "proposals/", "weights/", "others/"):
        here = tab.url
        tab.goto(here + path)
        assert wide_of(tab) <= 0, path
        tab.goto(here)
    tab.goto(tab.url + "proposals/")
    tab.locator("tbody a").first.click()
    tab.locator("[data-board]").wait_for()
    assert wide_of(tab) <= 0
    tab.locator(".board-village a").first.click()
    tab.locator("#drawer .why").wait_for()
    assert tab.locator("#drawer").evaluate("one => one.scrollWidth - one.clientWidth") <= 0
