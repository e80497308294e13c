"""The same document as PDF: its parts on the page, the page itself, and that nothing typed is read as anything but text."""

from datetime import date

import pypdfium2
import pytest

from zhucun.base.web.pdf import pdf_response, to_pdf
from zhucun.base.web.word import Attachment, Document, Heading, Paragraph, Table

DAY = date(2022, 3, 14)


def document(**changes) -> Document:
    parts = {
        "issuer": "县驻村办", "title": "关于3月督查情况的通报", "to": "各乡镇党委：", "signature": "县驻村办", "day": DAY,
        "body": [Heading("一、总体情况"), Paragraph("抽查5个村。")],
    }  # fmt: skip
    return Document(**(parts | changes))


def read(made: bytes) -> list[str]:
    with pypdfium2.PdfDocument(made) as file:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in file]


def test_the_page_is_a4_and_says_the_document():
    made = to_pdf(document(copies="抄送：县委组织部。", printed_by="县驻村办"))
    with pypdfium2.PdfDocument(made) as file:
        width, height = file[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    (text,) = read(made)
    for part in (
        "关于3月督查情况的通报",
        "各乡镇党委：",
        "一、总体情况",
        "抽查5个村。",
        "2022年3月14日印发",
        "抄送：县委组织部。",
        "— 1 —",
    ):
        assert part in text


def test_the_same_document_is_the_same_bytes():
    assert to_pdf(document()) == to_pdf(document())


def test_what_is_typed_is_text_and_never_typst():
    typed = '#set text(red) #read("/etc/passwd") $x^2$ *粗* \\ [a] // 注 @b `c` <d> ]) #('
    said = read(to_pdf(document(body=[Paragraph(typed)], title="标题 #pagebreak()")))
    assert typed.replace(" ", "") in "".join(said).replace("\n", "").replace(" ", "")


def test_a_draft_says_so_and_has_no_red_head():
    text = read(to_pdf(document(draft=True)))[0]
    assert "（草稿）" in text
    assert "（草稿）" not in read(to_pdf(document(mark="督查通报", number="2022年第1期")))[0]


def test_attachments_stand_on_pages_of_their_own_also_across():
    table = Table(("村", "姓名"), [("石桥村", "李敏"), ("石桥村", "王立新")], merge=1)
    pages = read(to_pdf(document(attachments=[Attachment("名单", table), Attachment("统计表", table, landscape=True)])))
    assert len(pages) == 3
    assert "附件：1.名单" in pages[0]
    assert pages[1].startswith("附件1")
    assert pages[1].count("石桥村") == 1  # one cell over both rows
    assert "附件2" in pages[2]


def test_a_full_page_has_twenty_two_lines_of_twenty_eight_signs():
    pages = read(to_pdf(document(body=[Paragraph("字" * 28 * 80)], to="")))
    full = [line for line in pages[1].splitlines() if line.startswith("字")]
    assert (len(full), {len(line) for line in full}) == (22, {28})


def test_a_sign_the_font_lacks_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="印不出来"):
        to_pdf(document(body=[Paragraph("李\U000323af")]))


def test_the_download_has_its_name():
    answer = pdf_response(document(), "督查/通报.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "%E7%9D%A3%E6%9F%A5%20%E9%80%9A%E6%8A%A5.pdf" in answer["Content-Disposition"]
