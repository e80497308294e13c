"""A month from the printed book to a corrected day, the grid shared by two clerks, and leave: township, member, unit, county."""

import re
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from tests.browser import attendance as scene
from zhucun.work.attendance.models import Correction, Leave, PersonMonth, Question, Reading

MONTH = "/attendance/months/2022-11/"


@pytest.fixture
def jobs_here(monkeypatch):
    """Processes that the site starts work on the database of the test, and have ended before it is emptied."""
    if connection.vendor != "sqlite":
        pytest.skip("jobs of the browser tests run on SQLite")
    monkeypatch.setenv("ZHUCUN_DATABASE_URL", f"sqlite:///{connection.settings_dict['NAME']}")
    started = []

    class Noted(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr("zhucun.base.web.jobs.subprocess.Popen", Noted)
    yield
    assert [process.wait(20) for process in started] == [0] * len(started)


def said(tab) -> str:
    """What the page answers to what was just done."""
    return tab.locator(".alert-success").first.inner_text()


# --- from paper to a correction -----------------------------------------------------------------------------------------


def meant(person: str, day: int) -> str:
    """What the village filled in: 李敏 forgot the 8th and filled two bubbles on the 16th."""
    if person == "P002" and day in (8, 16):
        return "" if day == 8 else "村休"
    return "休" if day in scene.REST else "村"


def printed(tab, sound, folder: Path) -> bytes:
    """The township prints November of its fifteen teams, in a process of its own."""
    tab.goto("/attendance/book/?month=2022-11")
    sound(tab)
    tab.get_by_role("button", name="生成 PDF（15 支队）").click()
    link = tab.get_by_role("link", name="下载 PDF")
    link.wait_for(timeout=60_000)
    assert "15 支队、15 张月页" in tab.locator("main").inner_text()
    with tab.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "出勤记录本-2022年11月-金桥镇.pdf"
    download.value.save_as(folder / "book.pdf")
    return (folder / "book.pdf").read_bytes()


def uploaded(tab, sound, scan: bytes):
    """The scan comes back; the page goes on by itself when it was read."""
    tab.goto("/attendance/upload/")
    sound(tab)
    file = {"name": "石桥村11月.pdf", "mimeType": "application/pdf", "buffer": scan}
    tab.get_by_label("扫描件或照片").set_input_files(file)
    tab.get_by_role("button", name="上传并识读").click()
    tab.get_by_role("heading", name="识读结果").wait_for(timeout=60_000)
    assert "石桥村" in tab.locator("tbody").inner_text()
    tab.get_by_role("link", name=re.compile("去核对 . 个格子")).click()


def answered(tab, sound):
    """Every cell asked about, by keyboard: the paper says 村 on the 8th, the 16th is taken for a day of rest by mistake."""
    tab.locator(".question.is-current").wait_for()
    sound(tab)
    cards = tab.locator("[data-question]")
    asked = cards.count()
    assert asked == Question.objects.filter(answered_at__isnull=True).count() >= 2
    for number in range(asked):
        card = tab.locator(".question.is-current")
        person = "P002" if "李敏" in card.inner_text() else "P001"
        day = int(re.search(r"11月(\d+)日", card.inner_text())[1])
        right = {"": "1", "村休": "4", "村": "1", "休": "4"}[meant(person, day)]
        tab.keyboard.press(right)
        cards.nth(number).locator(".said-kept").wait_for()
    tab.keyboard.press("Enter")  # the button below them has the focus now
    tab.get_by_text("没有要核对的格子").wait_for()
    assert Reading.objects.get().state == Reading.State.DONE
    tab.get_by_role("link", name="看出勤，去确认").click()


class Clicks:
    """Counts what a person presses."""

    def __init__(self):
        self.n = 0

    def __call__(self, locator):
        self.n += 1
        locator.click()


def sign_and_confirm(tab, click):
    click(tab.get_by_label("村党组织书记已经签字"))
    click(tab.get_by_role("button", name="确认2022年11月出勤"))
    tab.locator(".alert-success").wait_for()


def confirmed(tab, sound):
    """Fifteen teams without open cells: three one after the other, the rest together, within three clicks a team."""
    click = Clicks()
    tab.wait_for_url("**/attendance/")
    sound(tab)
    line = tab.locator("tbody tr", has_text="石桥村")
    assert re.search(r"石桥村\s+T001\s+2\s+60\s+—\s+1/1 页", line.inner_text())
    click(line.get_by_role("link", name="确认"))
    assert tab.locator("td.mark.is-blank").count() == 0
    sound(tab)
    for n in range(3):
        before = click.n
        sign_and_confirm(tab, click)
        assert click.n - before <= 3
        assert f"还有 {14 - n} 支队可以确认" in said(tab)
    click(tab.get_by_role("link", name="返回"))
    click(tab.get_by_text("12 支队没有空白、没有提示"))
    click(tab.get_by_label("勾选各队的纸质记录本上"))
    click(tab.get_by_role("button", name="一起确认"))
    assert "已确认 12 支队" in said(tab)
    assert PersonMonth.objects.filter(confirmed_on__isnull=False).count() == 16
    assert click.n <= 3 * 15
    return click.n


def pictured(place):
    """The cell on paper is shown."""
    picture = place.locator(".day-picture img")
    picture.scroll_into_view_if_needed()
    picture.page.wait_for_function("one => one.complete && one.naturalWidth > 50", arg=picture.element_handle())


def objected(tab, sound):
    """The member finds the day on the phone, sees what was read there, and objects."""
    tab.goto("/attendance/mine/?month=2022-11")
    sound(tab)
    tab.get_by_role("link", name=re.compile("^11月16日")).click()
    drawer = tab.locator("#drawer")
    drawer.get_by_text("不算驻村天数").wait_for()
    assert "记录本识读" in drawer.inner_text()
    pictured(drawer)
    assert drawer.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    drawer.get_by_role("link", name="提出异议").click()
    tab.get_by_label("应当记为").select_option("√")
    tab.get_by_label("理由").fill("16日在村里修渠，村支书和施工队都在场")
    tab.get_by_role("button", name="提出异议").click()
    assert "异议已提出" in said(tab)
    assert "异议" in tab.get_by_role("link", name=re.compile("^11月16日")).inner_text()


def upheld(tab, sound):
    """The township looks it up and agrees: the day is put right in the same step, and both values stay."""
    tab.goto("/attendance/objections/")
    sound(tab)
    tab.get_by_role("link", name="李敏").first.click()
    assert "修渠" in tab.locator("main").inner_text()
    pictured(tab.locator("main"))
    sound(tab)
    tab.get_by_label("采纳", exact=True).check()
    tab.get_by_label("答复").fill("核对日页和施工记录，当天在村")
    tab.get_by_role("button", name="答复").click()
    assert "出勤已同时更正" in said(tab)
    made = Correction.objects.get()
    assert (made.old, made.new) == ("调", "√")
    tab.goto("/attendance/corrections/")
    assert re.search("调 调休.*√ 在村", tab.locator("tbody").inner_text(), re.DOTALL)


def test_a_month_from_the_printed_book_to_a_corrected_day(transactional_db, enter, sound, jobs_here, tmp_path):
    world = scene.county(14)
    scene.record(world, world.others)
    town, member = enter(world.clerk_jin), enter(world.member_li, "phone")
    uploaded(town, sound, scene.scanned(printed(town, sound, tmp_path), "石桥村", meant))
    answered(town, sound)
    confirmed(town, sound)
    objected(member, sound)
    upheld(town, sound)
    member.goto("/attendance/mine/?month=2022-11")
    day = member.get_by_role("link", name=re.compile("^11月16日"))
    assert "更正" in day.inner_text()
    day.click()
    member.locator("#drawer .day-change").wait_for()
    assert "核对日页和施工记录" in member.locator("#drawer").inner_text()
    assert "确认后更正" in member.locator("#drawer .day-facts").inner_text()
    town.goto("/attendance/readings/")
    sound(town)
    town.goto("/attendance/summaries/townships/?period=2022-11")
    sound(town)
    the_unit_and_the_county_see_it(world, enter, sound)


def the_unit_and_the_county_see_it(world, enter, sound):
    unit = enter(world.contact_farming)
    unit.goto("/attendance/summaries/units/")
    assert [name.split()[0] for name in unit.locator("tbody th").all_inner_texts()] == ["李敏"]
    assert unit.locator("tbody td.num").all_inner_texts()[10] == "22"  # November: the 16th counts now, nothing is open
    sound(unit)
    office = enter(world.office)
    office.goto(MONTH)
    sound(office)
    rows = [" ".join(one.split()) for one in office.locator("tbody tr").all_inner_texts()]
    assert rows == [
        "金桥镇 15 15 — 金桥经办人、金桥另一经办人 2022-12-05 已全部确认",
        "鸟江镇 1 0 1 鸟江经办人 2022-12-05 到期未确认",
    ]
    office.goto("/attendance/summaries/county/?period=2022-11")
    office.locator(".picture-place svg").wait_for()
    sound(office)


# --- the grid, shared ---------------------------------------------------------------------------------------------------


def cell(tab, row: int, day: int):
    return tab.locator("tr[data-row]").nth(row).locator("td.mark").nth(day - 1)


def line(tab, row: int) -> str:
    return tab.locator(".mark-text").nth(row).input_value()


def paste(tab, block: str):
    """What Excel puts on the clipboard, into the cell that has the focus."""
    tab.evaluate(
        """block => {
          const data = new DataTransfer();
          data.setData("text/plain", block);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        block,
    )


def test_two_clerks_at_one_grid_and_nothing_is_lost(transactional_db, enter, sound):
    world = scene.county(1)
    one, two = enter(world.clerk_jin), enter(world.second_clerk)
    for tab in (one, two):
        tab.goto(f"{MONTH}grid/")
    cell(one, 0, 1).click()
    one.keyboard.type("vvgt")
    cell(one, 0, 1).click()
    cell(one, 1, 4).click(modifiers=["Shift"])
    one.keyboard.press("Control+d")
    assert line(one, 1)[:5] == "√√公调·"
    cell(one, 2, 1).click()
    paste(one, "\t".join(["v"] * 4 + ["调", "调休", "开会", "✓"]) + "\r\n")
    assert "1格看不懂" in one.locator(".grid-note").text_content()
    sound(one)
    one.get_by_role("button", name="保存").click()
    assert "还有1格看不懂" in one.locator(".grid-note").text_content()
    assert not PersonMonth.objects.exists()
    one.keyboard.press("h")
    cell(two, 1, 20).click()
    two.keyboard.type("bb")  # the other clerk is a little faster, with two days of the same person
    two.keyboard.press("Control+s")
    assert "改了 1 人" in said(two)
    one.get_by_role("button", name="保存").click()
    told = one.locator(".error-summary").inner_text()
    assert "其他 1 人已经保存" in told
    assert re.search("李敏.*刚刚被别人改过（金桥另一经办人）", told)
    assert line(one, 1) == "√√公调" + "·" * 15 + "病病" + "·" * 9  # one's own, and the other clerk's beside it
    assert one.locator("tr[data-row]").nth(1).locator("td.is-changed").count() == 4
    one.get_by_role("button", name="保存").click()
    assert "已保存，改了 2 人" in said(one)
    kept = {row.person.name: row.marks for row in PersonMonth.objects.select_related("person")}
    assert kept["李敏"] == "√√公调" + "·" * 15 + "病病" + "·" * 9
    assert kept["王立新"][:5] == "√√公调·"
    assert kept["周甲"][:8] == "√√√√调调会√"


# --- leave --------------------------------------------------------------------------------------------------------------


def agreed(tab, opinion: str) -> str:
    """Whoever's turn it is finds the slip in front of the list, and agrees."""
    tab.goto("/attendance/leaves/")
    tab.get_by_text("张等您办理").wait_for()
    tab.get_by_role("link", name="李敏").first.click()
    tab.get_by_label("意见").fill(opinion)
    tab.get_by_role("button", name="同意", exact=True).click()
    return said(tab)


def test_leave_is_asked_for_on_a_phone_decided_printed_and_given_back(transactional_db, enter, sound):
    world = scene.county(0)
    member = enter(world.member_li, "phone")
    member.goto("/attendance/leaves/")
    assert "还没有请假报备" in member.locator("main").inner_text()
    member.get_by_role("link", name="请假 / 报备").click()
    member.get_by_label("类别").select_option("事假")
    member.get_by_label("从哪天起").fill("2022-12-06")
    member.get_by_label("到哪天止").fill("2022-12-08")
    member.locator(".slip-path", has_text="3 天").wait_for()
    assert "金桥镇" in member.locator(".slip-path").inner_text()
    member.get_by_label("事由").fill("孩子住院")
    sound(member)
    member.get_by_role("button", name="提交").click()
    assert "等队长办理" in said(member)
    assert "等乡镇办理" in agreed(enter(world.leader, "phone"), "同意，我留村值守")
    town = enter(world.clerk_jin)
    town.goto("/attendance/leaves/")
    sound(town)
    town.get_by_role("link", name="李敏").first.click()
    sound(town)
    assert "已批准" in agreed(town, "同意")
    member.reload()
    with member.context.expect_page() as opened:
        member.get_by_role("link", name="打印请假条").click()
    slip = opened.value
    slip.wait_for_load_state()
    paper = slip.locator("main, body").first.inner_text()
    assert all(words in paper for words in ("驻村工作队员请假审批表", "李敏", "孩子住院", "同意，我留村值守"))
    slip.close()
    member.get_by_label("返岗日期").fill("2022-12-07")
    member.get_by_role("button", name="销假").click()
    assert "已销假，2022-12-06 至 2022-12-06，共 1 天" in said(member)
    sound(member)
    assert Leave.objects.get().status == Leave.Status.RETURNED
    for user, told in ((world.contact_farming, "孩子住院"), (world.office, "金桥镇")):
        copy = enter(user)
        copy.goto("/attendance/leaves/")
        row = copy.locator("tbody tr", has_text="李敏").inner_text()
        assert "已销假" in row
        assert told in row
    other = enter(world.contact_finance)
    other.goto("/attendance/leaves/")
    assert "李敏" not in other.locator("main").inner_text()
