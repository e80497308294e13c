"""The county office's day in the browser, on the demonstration as a newcomer starts it: a real server, real imports."""

import re
from datetime import date

import pytest
from openpyxl import Workbook

NEWCOMER = {
    "人员编号": "J001", "姓名": "江晚舟", "性别": "女", "出生年月": date(1988, 3, 1), "政治面貌": "中共党员", "学历": "大学本科", "职级": "科员及以下",
    "涉农专业": "是", "派出单位": "县农业农村局", "农村工作经历": "是", "脱贫攻坚驻村": "否",
}  # fmt: skip


def workbook(path, **fields):
    """A workbook with one person in the sheet 人员."""
    book = Workbook()
    book.active.title = "人员"
    book.active.append(list(NEWCOMER | fields))
    book.active.append(list((NEWCOMER | fields).values()))
    book.save(path)
    return path


def upload(tab, path):
    """Upload a workbook and wait until it was examined."""
    tab.goto("/exchange/")
    form = tab.locator("form#import")
    form.locator("input[type=file]").set_input_files(path)
    form.get_by_role("button", name="上传并检查").click()
    tab.wait_for_url(re.compile("/exchange/imports/"))


def transferred(tab) -> int:
    """The figure 调整队员 as the page of figures shows it; leaves its records open."""
    tab.goto("/indicators/")
    row = tab.locator("tr", has_text="调整队员")
    value = int(row.locator("td.num").first.inner_text())
    row.get_by_role("link").first.click()
    tab.wait_for_load_state()
    return value


@pytest.mark.parametrize("tab", ["desk"], indirect=True)
def test_a_problem_is_named_mended_and_the_person_is_in(tab, tmp_path):
    upload(tab, workbook(tmp_path / "wrong.xlsx", 派出单位="县没有这个局"))
    tab.get_by_text("县没有这个局").first.wait_for()
    upload(tab, workbook(tmp_path / "right.xlsx", 派出单位="县农业农村局"))
    tab.get_by_role("button", name="确认写入").click()
    tab.get_by_text("已写入").or_(tab.get_by_text("导入完成")).first.wait_for()
    tab.goto("/teams/people/?q=江晚舟")
    assert tab.get_by_role("link", name="江晚舟").first.is_visible()


@pytest.mark.parametrize(("tab", "team"), [("desk", "QD21-003"), ("phone", "QD21-004")], indirect=["tab"])
def test_a_member_is_transferred_and_the_figure_opens_the_record(tab, team):
    before = transferred(tab)
    tab.goto(f"/teams/?role=member&q={team}")
    tab.locator("tbody a[href*='/teams/teams/']").first.click()
    tab.wait_for_load_state()
    row = tab.locator("tr", has_text="队员").filter(has=tab.get_by_role("link", name="调整")).last
    name = row.get_by_role("link").first.inner_text()
    row.get_by_role("link", name="调整").click()
    form = tab.locator("form", has=tab.get_by_label("最后一天"))
    form.get_by_label("原因类别").select_option(index=1)
    form.get_by_role("button", name=re.compile("保存|办理|确认")).first.click()
    tab.get_by_text(re.compile(f"{name}.*调整|已办理")).first.wait_for()
    assert transferred(tab) == before + 1
    tab.get_by_role("searchbox").last.fill(name)
    tab.get_by_role("link", name=name).first.wait_for()
