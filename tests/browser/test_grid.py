"""Tables that are filled in like a worksheet (grid.js): the keyboard, blocks from Excel, changes marked and guarded."""

from pathlib import Path

import pytest

from tests.browser.conftest import WIDTHS

WEB = Path(__file__).parents[2] / "zhucun/base/web/static"
HOST = "http://grid.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; img-src data:; font-src 'self'"
SHEETS = ("vendor/tabler/tabler.min.css", "web/theme.css")
TYPES = {".js": "text/javascript", ".css": "text/css"}
VILLAGES = ("杉木村", "托塘村", "风石村", "龙湾村")


def row(number, village):
    """One village: its class, the places wanted, a tick, a day, a remark, and a cell that only shows."""
    return f"""<tr><th scope="row">{village}</th>
      <td data-label="村类别"><select class="form-select" name="kind{number}" aria-label="{village}村类别">
        <option value="">未定</option><option value="poor">脱贫村</option><option value="weak">党组织软弱涣散村</option>
        <option value="old" disabled>旧类</option></select></td>
      <td data-label="人数"><input class="form-control" type="number" min="2" max="5" name="places{number}" value="3"
        aria-label="{village}人数"></td>
      <td data-label="重点"><input type="checkbox" name="key{number}" aria-label="{village}重点"></td>
      <td data-label="到任"><input class="form-control" type="date" name="day{number}" aria-label="{village}到任"></td>
      <td data-label="备注"><input class="form-control" name="note{number}" maxlength="8" aria-label="{village}备注"></td>
      <td data-label="乡镇">归阳镇</td></tr>"""


def markup():
    """A page with the grid under the same strict policy as ours."""
    styles = "".join(f'<link rel="stylesheet" href="/{sheet}">' for sheet in SHEETS)
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("驻点村", "村类别", "人数", "重点", "到任", "备注", "乡镇")
    )
    rows = "".join(row(number, village) for number, village in enumerate(VILLAGES))
    return f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>选派需求</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">{styles}
      <script type="module" src="/web/grid.js"></script></head><body><main><h1>选派需求</h1><form method="post" action="/saved">
      <div class="card"><div class="table-responsive" tabindex="0" role="region" aria-label="选派需求">
      <table class="table table-grid" data-grid><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></div>
      <button class="btn">保存</button></form></main></body></html>"""


def served(route):
    """The grid's page and our static files, from no server at all."""
    path = route.request.url.removeprefix(HOST).lstrip("/")
    if path in {"", "saved"}:
        route.fulfill(body=markup(), content_type="text/html", headers={"Content-Security-Policy": POLICY})
    elif (WEB / path).is_file():
        route.fulfill(body=(WEB / path).read_bytes(), content_type=TYPES.get(Path(path).suffix, "font/woff2"))
    else:
        route.fulfill(status=404)


@pytest.fixture(params=["desk", "phone"])
def grid(request, chromium):
    """A page with the grid; fails on script errors and on anything the policy refused."""
    context = chromium.new_context(viewport=WIDTHS[request.param], locale="zh-CN")
    context.route("**/*", served)
    tab = context.new_page()
    tab.set_default_timeout(10_000)
    wrong = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    tab.goto(f"{HOST}/")
    yield tab
    context.close()
    assert not wrong


def field(grid, name):
    return grid.locator(f"[name={name}]")


def value(grid, name):
    return field(grid, name).input_value()


def focused(grid):
    return grid.evaluate("document.activeElement.name")


def paste(grid, name, text):
    """Paste `text` into a field and return what is said about it: nothing where the browser is left to do it."""
    field(grid, name).evaluate(
        """(field, text) => {
          field.focus();
          const data = new DataTransfer();
          data.setData("text/plain", text);
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )
    return grid.locator(".grid-note").text_content()


def test_enter_and_arrows_move_up_and_down_in_the_column(grid):
    field(grid, "places0").focus()
    for key, at in [("Enter", "places1"), ("ArrowDown", "places2"), ("ArrowUp", "places1"), ("Shift+Enter", "places0")]:
        grid.keyboard.press(key)
        assert focused(grid) == at
    assert [value(grid, f"places{number}") for number in range(4)] == ["3"] * 4  # the arrows count nothing up
    field(grid, "kind3").focus()
    grid.keyboard.press("ArrowUp")
    assert focused(grid) == "kind2"
    assert value(grid, "kind3") == ""
    field(grid, "note3").focus()
    grid.keyboard.press("Enter")
    assert focused(grid) == "note3"
    assert grid.url == f"{HOST}/"  # Enter in the last row sends nothing off


def test_tab_goes_on_as_everywhere(grid):
    field(grid, "kind0").focus()
    grid.keyboard.press("Tab")
    assert focused(grid) == "places0"


def test_enter_while_characters_are_composed_stays(grid):
    field(grid, "note0").focus()
    prevented = field(grid, "note0").evaluate(
        """field => !field.dispatchEvent(
          new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert not prevented
    assert focused(grid) == "note0"


def test_control_d_copies_from_above(grid):
    field(grid, "kind0").select_option("weak")
    field(grid, "key0").check()
    field(grid, "note0").fill("路远")
    for name in ("kind1", "key1", "note1"):
        field(grid, name).focus()
        grid.keyboard.press("Control+d")
    assert value(grid, "kind1") == "weak"
    assert field(grid, "key1").is_checked()
    assert value(grid, "note1") == "路远"


def test_a_block_from_excel_spreads_to_the_right_and_down(grid):
    grid.evaluate(
        "window.heard = []; document.addEventListener('change', ({target}) => window.heard.push(target.name))"
    )
    said = paste(
        grid, "kind1", '脱贫村\t4\t是\t2022/12/7\t甲\r\n党组织 软弱涣散村\t５\t否\t2022年12月8日\t"乙\r\n丙"\r\n'
    )
    assert said == "已粘贴10格。"
    assert [value(grid, f"{name}1") for name in ("kind", "places", "day", "note")] == ["poor", "4", "2022-12-07", "甲"]
    assert [value(grid, f"{name}2") for name in ("kind", "places", "day", "note")] == [
        "weak",
        "5",
        "2022-12-08",
        "乙 丙",
    ]
    assert field(grid, "key1").is_checked()
    assert "key2" not in grid.evaluate("window.heard")  # it was unchecked before
    assert {"kind1", "places2", "note2"} <= set(grid.evaluate("window.heard"))


def test_what_does_not_fit_is_left_and_counted(grid):
    said = paste(grid, "kind3", "没有这一类\t9\t也许\t不是日期\t这句备注比八个字长\t白地市镇\t多出的\n脱贫村")
    assert said == (
        "已粘贴0格；6格没有填：第4行“村类别”不能填“没有这一类”、第4行“人数”不能填“9”、第4行“重点”不能填“也许”等；"
        "2格超出表格，没有填。"
    )
    assert [value(grid, f"{name}3") for name in ("kind", "places", "day", "note")] == ["", "3", "", ""]
    assert "“村类别”不能填“旧类”" in paste(grid, "kind0", "旧类")


def test_a_single_value_goes_into_a_text_the_usual_way(grid):
    assert paste(grid, "note0", "路远\r\n") == ""
    assert paste(grid, "kind0", "脱贫村\r\n") == "已粘贴1格。"


def test_changed_cells_are_marked_until_they_are_as_before(grid):
    field(grid, "places0").fill("4")
    field(grid, "kind1").select_option("poor")
    field(grid, "key1").check()
    assert grid.locator("td.is-changed").count() == 3
    assert grid.locator(".grid-count").text_content() == "有未保存的修改：3格"
    field(grid, "places0").fill("3")
    field(grid, "kind1").select_option("")
    field(grid, "key1").uncheck()
    assert grid.locator("td.is-changed").count() == 0
    assert grid.locator(".grid-count").text_content() == ""


def test_leaving_with_changes_asks_and_saving_does_not(grid):
    asked = []
    grid.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    field(grid, "note0").click()
    grid.keyboard.type("改")
    grid.goto(f"{HOST}/")
    assert asked == ["beforeunload"]
    field(grid, "note0").click()
    grid.keyboard.type("改")
    grid.get_by_role("button", name="保存").click()
    grid.wait_for_url(f"{HOST}/saved")
    assert asked == ["beforeunload"]


def test_what_htmx_saved_in_place_is_no_longer_a_change(grid):
    field(grid, "note0").fill("改")
    field(grid, "note1").fill("改")
    field(grid, "note0").evaluate(
        """field => field.dispatchEvent(new CustomEvent("htmx:afterRequest",
          {bubbles: true, detail: {successful: true, requestConfig: {verb: "post"}}}))"""
    )
    assert grid.locator("td.is-changed [name]").get_attribute("name") == "note1"


def test_the_grid_is_readable_and_accessible(grid, axe):
    field(grid, "note0").fill("改")
    assert axe(grid) == []
    assert grid.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
