"""Workbooks: real dates, text that stays text, drop-downs over a hidden sheet, notes, and nothing that breaks a file."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from zhucun.base.web.excel import Workbook, attachment, clean, sheet_name

MIDNIGHT = datetime.fromisoformat("2022-12-07")  # workbooks know no time zone
MOMENT = MIDNIGHT + timedelta(hours=9, minutes=5)


def book_of(*sheets, **options):
    book = Workbook()
    for name, headers, rows in sheets:
        book.sheet(name, headers, rows, **options)
    return read(book)


def read(book):
    with book.finish() as file:
        return load_workbook(file)


def test_cells_keep_their_types():
    rows = [["004260", date(2022, 12, 7), 12, Decimal("3.50"), True, None, ["甲", "乙"], MOMENT]]
    page = book_of(("表", list("abcdefgh"), rows))["表"]
    cells = page[2]
    assert [cell.value for cell in cells[:7]] == ["004260", MIDNIGHT, 12, 3.5, "是", None, "甲、乙"]
    assert cells[0].number_format == "@"
    assert cells[1].number_format == "yyyy-mm-dd"
    assert cells[7].value == MOMENT


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "http://x", "\t=1", "{=1}", "1e5"])
def test_no_text_becomes_a_formula_a_link_or_a_number(text):
    cell = book_of(("表", ["a"], [[text]]))["表"]["A2"]
    assert cell.data_type == "s"
    assert cell.value == text
    assert cell.hyperlink is None


def test_a_day_before_excels_calendar_is_text():
    assert book_of(("表", ["a"], [[date(1899, 1, 1)]]))["表"]["A2"].value == "1899-01-01"


def test_drop_downs_point_to_the_hidden_dictionary():
    book = book_of(
        ("人员", ["姓名", "性别"], []),
        ("工作队", ["编号", "性别"], []),
        choices={"性别": ["男", "女"]},
        notes={"姓名": "必填"},
        required=["姓名"],
        text_columns=["编号"],
    )
    assert book["字典"].sheet_state == "hidden"
    assert [row[0].value for row in book["字典"].iter_rows()] == ["男", "女"]
    validation = book["人员"].data_validations.dataValidation[0]
    assert validation.formula1 == "选项1"
    assert str(validation.sqref).startswith("B2:B")
    assert book.defined_names["选项1"].attr_text == "字典!$A$1:$A$2"
    assert book["人员"]["A1"].comment.text.endswith("必填")
    assert book["工作队"].column_dimensions["A"].width > 0


def test_headers_freeze_and_filter_below_the_preface():
    book = Workbook()
    assert (
        book.sheet("表", ["a", "b", "c", "d"], ([n, n, n, n] for n in range(3)), preface=["标题", "截至 2022-12-07"])
        == 3
    )
    page = read(book)["表"]
    assert page["A1"].value == "标题"
    assert page["A3"].value == "a"
    assert page.freeze_panes == "B4"
    assert page.auto_filter.ref == "A3:D6"


def test_what_xml_cannot_carry_is_left_out():
    assert clean("a\x00b\x0bc\ud800d\uffff") == "abcd"
    assert len(clean("长" * 40_000)) == 32_767
    assert book_of(("表", ["a\x01"], [["\ud800x"]]))["表"]["A2"].value == "x"


@pytest.mark.parametrize(("name", "wanted"), [("a/b:c", "a b c"), ("名" * 40, "名" * 31), ("''", "表"), ("", "表")])
def test_sheet_names_are_ones_excel_accepts(name, wanted):
    assert sheet_name(name) == wanted


def test_a_download_has_a_safe_name():
    response = attachment(BytesIO(), '台账/2022"\r\nX: y.xlsx')
    assert "\n" not in response["Content-Disposition"]
    assert "%22" not in response["Content-Disposition"]
