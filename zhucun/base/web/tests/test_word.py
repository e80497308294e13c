"""Official documents: the layout of GB/T 9704-2012, nothing empty, nothing hostile, nobody's name, the same bytes."""

from datetime import date
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document as read_docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from zhucun.base.web.word import Attachment, Document, Heading, Paragraph, Table, day_text, docx_response, to_docx
from zhucun.base.web.word.grids import fitted
from zhucun.base.web.word.papers import TITLE_LINE, title_lines, width

DAY = date(2022, 12, 7)
ROSTER = Table(["序号", "驻点村", "姓名"], [[1, "杉木村", "江晚舟"], [2, "杉木村", "李向前"], [3, "托塘村", "周明"]])
NOTICE = Document(
    issuer="祁东县驻村办",
    mark="祁东县驻村办文件",
    number="祁驻办〔2022〕5号",
    title="关于选派2022年度驻村工作队的通知",
    to="各乡镇党委：",
    body=[
        Heading("一、选派范围"),
        Paragraph("全县重点村。\n每村一队。"),
        Heading("（一）条件"),
        Heading("1.年龄"),
        Paragraph("两年。", lead="（二）期限。"),
    ],
    attachments=[Attachment("派驻名单", ROSTER), Attachment("基本情况", [Paragraph("说明。"), ROSTER], landscape=True)],
    signature="祁东县驻村办",
    day=DAY,
    note="（联系人：王小红）",
    copies="抄送：县委办公室。",
    printed_by="祁东县驻村办",
)


@cache
def notice():
    return read(NOTICE)


def read(document):
    return read_docx(BytesIO(to_docx(document)))


def texts(file):
    return [paragraph.text for paragraph in file.paragraphs if paragraph.text]


def paragraph_of(file, text):
    return next(paragraph for paragraph in file.paragraphs if paragraph.text == text)


def fonts(properties):
    return {properties.rFonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")}


def test_the_page_is_that_of_the_standard():
    section = notice().sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]


def test_the_text_has_22_lines_of_28_characters():
    style = notice().styles["公文正文"]
    assert style.font.size.pt == 16
    assert style.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert 225 / 22 * 0.995 < style.paragraph_format.line_spacing.mm <= 225 / 22
    squeeze = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 156 * 0.99 < 28 * (16 + squeeze) * 25.4 / 72 <= 156
    assert style.element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert style.paragraph_format.first_line_indent.pt == pytest.approx(2 * (16 + squeeze))


@pytest.mark.parametrize(
    ("text", "font", "size"),
    [
        ("祁东县驻村办文件", "方正小标宋简体", 44),
        ("祁驻办〔2022〕5号", "仿宋_GB2312", 16),
        ("关于选派2022年度驻村工作队的通知", "方正小标宋简体", 22),
        ("一、选派范围", "黑体", 16),
        ("（一）条件", "楷体_GB2312", 16),
        ("1.年龄", "仿宋_GB2312", 16),
        ("每村一队。", "仿宋_GB2312", 16),
        ("附件1", "黑体", 16),
    ],
)
def test_every_part_has_its_font_in_chinese_too(text, font, size):
    style = paragraph_of(notice(), text).style
    assert fonts(style.element.rPr) == {font}
    assert style.font.size.pt == size


def test_a_heading_in_the_line_has_its_own_font():
    paragraph = paragraph_of(notice(), "（二）期限。两年。")
    assert fonts(paragraph.runs[0]._r.rPr) == {"楷体_GB2312"}
    assert paragraph.runs[1]._r.rPr is None


def test_the_parts_stand_in_their_order():
    file = notice()
    assert texts(file) == [
        "祁东县驻村办文件",
        "祁驻办〔2022〕5号",
        "关于选派2022年度驻村工作队的通知",
        "各乡镇党委：",
        "一、选派范围",
        "全县重点村。",
        "每村一队。",
        "（一）条件",
        "1.年龄",
        "（二）期限。两年。",
        "附件：1.派驻名单",
        "2.基本情况",
        "祁东县驻村办",
        "2022年12月7日",
        "（联系人：王小红）",
        "附件1",
        "派驻名单",
        "附件2",
        "基本情况",
        "说明。",
    ]
    assert [cell.text for cell in file.tables[-1]._cells] == ["抄送：县委办公室。", "祁东县驻村办\t2022年12月7日印发"]


def test_what_is_empty_is_left_out():
    file = read(Document(issuer="祁东县驻村办", title="通知"))
    assert texts(file) == ["通知"]
    assert not file.tables
    assert len(file.paragraphs) == 1


def test_without_a_mark_the_number_stands_at_the_right():
    paragraph = paragraph_of(read(Document(issuer="x", title="函", number="〔2022〕3号")), "〔2022〕3号")
    assert paragraph.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert paragraph._p.pPr.find(qn("w:pBdr")) is None


def test_the_red_line_stands_below_the_number_or_the_imprint():
    assert paragraph_of(notice(), "祁驻办〔2022〕5号")._p.pPr.find(qn("w:pBdr")) is not None
    bulletin = Document(issuer="x", mark="驻村简报", number="第9期", imprint=("驻村办编", "2022年12月7日"), title="事")
    assert paragraph_of(read(bulletin), "驻村办编\t2022年12月7日")._p.pPr.find(qn("w:pBdr")) is not None


def test_a_long_mark_becomes_smaller():
    size = (
        paragraph_of(
            read(Document(issuer="x", title="t", mark="祁东县驻村工作领导小组办公室文件")),
            "祁东县驻村工作领导小组办公室文件",
        )
        .runs[0]
        .font.size
    )
    assert 26 <= size.pt * 16 / 16 <= 156 / 25.4 * 72 / 16


def test_the_office_stands_centred_above_the_date_and_the_end_of_the_text_with_them():
    file = notice()
    name, day = (paragraph_of(file, text) for text in ("祁东县驻村办", "2022年12月7日"))
    character = 15.75
    assert day.paragraph_format.right_indent.pt == pytest.approx(4 * character)
    assert name.paragraph_format.right_indent.pt == pytest.approx((4 + (6.5 - 6) / 2) * character, abs=0.05)
    assert paragraph_of(file, "（二）期限。两年。").paragraph_format.keep_with_next
    assert name.paragraph_format.keep_with_next


def test_a_day_is_written_in_arabic_numerals_without_zeros():
    assert day_text(date(2022, 1, 2)) == "2022年1月2日"


def test_a_draft_says_so_below_its_title():
    assert "（草稿）" not in texts(notice())
    assert texts(read(Document(issuer="x", title="通知", draft=True))) == ["通知", "（草稿）"]


def test_one_attachment_has_no_number():
    found = texts(read(Document(issuer="x", title="t", attachments=[Attachment("名单", ROSTER)])))
    assert found == ["t", "附件：名单", "附件", "名单"]


def test_every_attachment_begins_a_page_and_the_record_returns_to_the_upright_one():
    sections = notice().sections
    upright, turned = WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE
    assert [section.orientation for section in sections] == [upright, upright, turned, upright]
    assert sections[2].page_width > sections[2].page_height


def test_a_table_repeats_its_head_and_keeps_its_rows_whole():
    table = notice().tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows][:2] == [
        ["序号", "驻点村", "姓名"],
        ["1", "杉木村", "江晚舟"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert table._tbl.tblPr.find(qn("w:tblBorders")) is not None


def test_equal_values_below_each_other_become_one_cell():
    rows = [["归阳镇", "杉木村", "甲"], ["归阳镇", "杉木村", "乙"], ["白地市镇", "杉木村", "丙"]]
    table = read(Document(issuer="x", title="t", body=[Table(["乡镇", "村", "姓名"], rows, merge=2)])).tables[0]
    cells = [row.cells for row in table.rows]
    assert cells[1][0]._tc is cells[2][0]._tc
    assert cells[1][1]._tc is cells[2][1]._tc
    assert [cell.text for cell in cells[3]] == ["白地市镇", "杉木村", "丙"]  # another township's village of that name


def test_widths_are_proportions_of_the_text():
    table = read(Document(issuer="x", title="t", body=[Table(["甲", "乙"], [["1", "2"]], widths=[1, 3])])).tables[0]
    assert [round(cell.width.mm) for cell in table.rows[1].cells] == [39, 117]


def test_short_columns_keep_what_they_need():
    shares = fitted([3, 5, 60], room=40)
    assert shares[:2] == [3, 5]
    assert sum(shares) == pytest.approx(40)


def test_much_in_a_row_is_written_smaller():
    table = read(Document(issuer="x", title="t", body=[Table(["甲", "乙"], [["字" * 30, "字" * 30]])])).tables[0]
    assert table.rows[1].cells[0].paragraphs[0].runs[0].font.size.pt == 9


def test_short_rows_and_missing_values_leave_cells_empty():
    table = read(Document(issuer="x", title="t", body=[Table(["甲", "乙"], [["1"], [None, 2, "zu viel"]])])).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["甲", "乙"], ["1", ""], ["", "2"]]


def test_page_numbers_stand_at_the_outer_side():
    file = notice()
    odd, even = file.sections[0].footer.paragraphs[0], file.sections[0].even_page_footer.paragraphs[0]
    assert (odd.text, even.text) == ("— 1 —", "— 1 —")
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    assert file.settings.odd_and_even_pages_header_footer
    assert fonts(odd.style.element.rPr) == {"宋体"}
    assert odd.style.font.size.pt == 14
    assert "PAGE" in [node.text for node in odd._p.iter(qn("w:instrText"))]


HOSTILE = "<w:p/>&amp; {{ 7*7 }} {% load %} \x00\x0b\x1f\ud800\ufffe]]>“’\t末"


def test_hostile_text_is_only_text():
    file = read(
        Document(
            issuer=HOSTILE,
            mark=HOSTILE,
            number=HOSTILE,
            title=HOSTILE,
            to=HOSTILE,
            body=[Heading(HOSTILE), Paragraph(HOSTILE, lead=HOSTILE), Table([HOSTILE], [[HOSTILE]])],
            attachments=[Attachment(HOSTILE, [])],
            signature=HOSTILE,
            note=HOSTILE,
            copies=HOSTILE,
            printed_by=HOSTILE,
        )
    )
    shown = "<w:p/>&amp; {{ 7*7 }} {% load %} ]]>“’ 末"
    assert texts(file).count(shown) >= 5
    assert file.tables[0].rows[1].cells[0].text == shown
    assert file.core_properties.author == shown


@settings(max_examples=20, deadline=None)
@given(st.text(), st.text())
def test_any_text_makes_a_file_that_can_be_read(one, other):
    read(Document(issuer=one, title=other, body=[Paragraph(one), Heading(other), Table([other], [[one]])], copies=one))


@given(st.text(alphabet="关于选派2022年度驻村工作队队员和第一书记的通知、《》（）AB", max_size=70))
def test_a_title_loses_nothing_when_it_is_broken(title):
    assert "".join(title_lines(title)) == title


def test_a_long_title_is_broken_evenly_and_not_inside_a_word():
    found = title_lines("关于选派2022年度乡村振兴驻村帮扶工作队和第一书记的通知")
    assert found == ["关于选派2022年度乡村振兴驻村", "帮扶工作队和第一书记的通知"]
    assert all(width(line) <= TITLE_LINE for line in found)
    assert title_lines("祁东县驻村工作领导小组办公室关于选派驻村工作队的通知")[1].startswith("关于")
    assert title_lines("我自己\n断行") == ["我自己", "断行"]


def test_the_same_document_is_the_same_bytes():
    assert to_docx(NOTICE) == to_docx(NOTICE)
    with ZipFile(BytesIO(to_docx(NOTICE))) as packed:
        assert {part.date_time[0] for part in packed.infolist()} == {1980}


def test_the_file_names_the_office_and_nobody_else():
    about = notice().core_properties
    assert (about.author, about.last_modified_by) == ("祁东县驻村办", "祁东县驻村办")
    assert (about.title, about.comments) == (NOTICE.title, "")
    assert about.created.date() == about.modified.date() == DAY


def test_the_download_keeps_its_chinese_name():
    response = docx_response(NOTICE, '选派"通知"/2022\r\n.docx')
    assert response.headers["Content-Type"].endswith("wordprocessingml.document")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    header = response.headers["Content-Disposition"]
    assert header.startswith("attachment; filename*=utf-8''%E9%80%89%E6%B4%BE%20%E9%80%9A")
    assert header.endswith(".docx")
    assert header.count(".docx") == 1
    assert response.content == to_docx(NOTICE)
