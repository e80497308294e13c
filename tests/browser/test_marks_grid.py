"""The month filled in like a worksheet (attendance/grid.js): letters, ranges, filling, undo, blocks from Excel, saving."""

import pytest

from tests import cast
from zhucun.base.timeline import actions as timeline
from zhucun.work.attendance.models import PersonMonth

DAY = cast.TODAY


@pytest.fixture
def sheet(page, transactional_db):
    """The clerk of 金桥镇 before 石桥村's empty November."""
    world = cast.build()
    timeline.stand_on(day=DAY, by=world.caretaker, at=cast.AT)
    page.goto("/access/sign-in/")
    page.get_by_label("用户名").fill("clerk_jin")
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    page.goto(f"/attendance/months/2022-11/teams/{world.team_shiqiao.pk}/")
    return page


def cell(sheet, row, day):
    return sheet.locator("tr[data-row]").nth(row).locator("td.mark").nth(day - 1)


def text(sheet, row):
    return sheet.locator(".mark-text").nth(row).input_value()


def note(sheet):
    return sheet.locator(".grid-note").text_content()


def paste(sheet, block):
    sheet.evaluate(
        """block => {
          const data = new DataTransfer();
          data.setData("text/plain", block);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        block,
    )


def test_a_month_is_filled_in_by_keyboard_and_saved(sheet, axe):
    assert axe(sheet) == []
    cell(sheet, 0, 1).click()
    sheet.keyboard.type("vvgx")
    assert text(sheet, 0)[:5] == "√√公×·"
    sheet.keyboard.press("Control+z")
    assert text(sheet, 0)[:5] == "√√公··"
    cell(sheet, 0, 1).click()
    cell(sheet, 1, 3).click(modifiers=["Shift"])
    sheet.keyboard.press("Control+d")
    assert text(sheet, 1)[:4] == "√√公·"
    cell(sheet, 1, 3).click()
    sheet.keyboard.press("Shift+ArrowRight")
    sheet.keyboard.press("Control+r")
    assert text(sheet, 1)[:5] == "√√公公·"
    for row in (0, 1):
        sheet.locator("tr[data-row] th.mark-name").nth(row).click()
        sheet.get_by_role("button", name="选中的空格填√").click()
        assert "8格是休息日，没有动" in note(sheet)
        sheet.get_by_role("button", name="选中的休息日填调").click()
    assert "·" not in text(sheet, 0) + text(sheet, 1)
    cell(sheet, 1, 5).dblclick()
    sheet.keyboard.insert_text("事假")
    sheet.keyboard.press("Enter")
    assert text(sheet, 1)[4] == "事"
    sheet.keyboard.press("Control+s")
    sheet.locator(".alert-success").wait_for()
    assert PersonMonth.objects.get(person__name="李敏").marks.startswith("√√公公事调√")


def test_a_block_from_excel_is_pasted_and_what_is_none_is_marked_not_lost(sheet):
    cell(sheet, 0, 28).click()
    paste(sheet, "v\t在岗吗\t会\t公\r\n病\t\t✓\r\n√")
    assert note(sheet) == "粘贴了5格；1格看不懂，标红了，请改；2格超出表格。"
    assert cell(sheet, 0, 29).text_content() == "在岗吗"
    assert text(sheet, 1)[27:] == "病·√"
    sheet.get_by_role("button", name="保存").click()
    assert "还有1格看不懂" in note(sheet)
    assert not PersonMonth.objects.exists()
    sheet.keyboard.press("t")
    sheet.get_by_role("button", name="保存").click()
    sheet.locator(".alert-success").wait_for()
    assert PersonMonth.objects.get(person__name="王立新").marks[27:] == "√调会"


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_the_buttons_fill_and_the_page_does_not_scroll_sideways(sheet):
    cell(sheet, 0, 2).click()
    sheet.locator("[data-symbol='√']").click()
    sheet.locator("[data-symbol='公']").click()
    assert text(sheet, 0)[:4] == "·√公·"
    assert sheet.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
