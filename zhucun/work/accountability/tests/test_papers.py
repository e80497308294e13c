"""The documents of a case, opened as Word and as PDF: what they must say, drafts before the notice."""

from io import BytesIO

import pypdfium2
import pytest
from django.urls import reverse
from docx import Document as WordFile

from tests.cast import TODAY
from zhucun.base.web.pdf import to_pdf
from zhucun.base.web.word import to_docx
from zhucun.work.accountability.actions.opening import About
from zhucun.work.accountability.models import Case
from zhucun.work.accountability.papers import PAPERS, papers_of

from .conftest import NUMBER, approved, carried_out, closed, heard, notified, opened

pytestmark = pytest.mark.django_db


def said(row: Case, paper: str) -> str:
    """The text of a paper, the same in both files."""
    document = PAPERS[paper].write(Case.objects.get(pk=row.pk), "县驻村办", TODAY)
    file = WordFile(BytesIO(to_docx(document)))
    cells = [cell.text for table in file.tables for line in table.rows for cell in line.cells]
    word = "\n".join([*(one.text for one in file.paragraphs), *cells])
    with pypdfium2.PdfDocument(to_pdf(document)) as pdf:
        printed = "".join(page.get_textpage().get_text_range() for page in pdf)
    for line in (one for one in word.replace("\t", "\n").splitlines() if one.strip()):
        assert squeezed(line) in squeezed(printed), line
    return word


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_reminder_and_its_slip(hands):
    text = said(notified(hands, "reminder"), "letter")
    for part in (
        "提醒函",
        NUMBER,
        "石桥村驻村工作队队员李敏：",
        "三次督查不在岗",
        "2022年12月11日前",
        "提醒函回执",
        "2022年12月4日",
        "15日内提出申诉",
    ):
        assert part in text
    assert "（草稿）" not in text
    assert "（草稿）" in said(approved(hands, "reminder"), "letter")


def test_the_person_is_told_what_is_alleged_and_until_when(hands):
    text = said(heard(hands), "statement")
    for part in ("陈述申辩告知书", "拟对你予以召回", "2022年12月6日前（含当日）", "不会加重处理", "陈述申辩书"):
        assert part in text


def test_the_interview_has_notice_and_record(hands):
    row = notified(hands, "interview")
    assert "对石桥村驻村工作队队员李敏进行约谈" in said(row, "notice")
    blank = said(row, "record")
    assert "承诺改正" not in blank
    assert "被约谈人签字" in blank
    done = said(carried_out(hands, "interview"), "record")
    assert "承诺改正" in done
    assert "2022年12月4日" in done


def test_the_recall_form_has_every_level(hands):
    text = said(closed(hands), "approval")
    for part in (
        "召回审批表",
        "李敏",
        "家中老人住院",
        "乡镇意见",
        "县驻村办意见",
        "县委组织部意见",
        "祁组函9号",
        "驻村工作领导小组意见",
        "影响期",
        "2024-12-05",
    ):
        assert part in text
    empty = said(opened(hands), "approval")
    assert "同意" not in empty


def test_the_order_asks_the_unit_to_select_anew(hands):
    text = said(carried_out(hands), "order")
    for part in (
        NUMBER,
        "关于召回李敏同志",
        "县农业农村局：",
        "2022年12月19日前（15日内）重新选派",
        "影响期至2024年12月5日",
        "提出申诉",
        "抄送：县委组织部，金桥镇党（工）委。",
    ):
        assert part in text


def test_a_unit_heads_interview_has_its_papers(hands):
    row = opened(hands, "interview", about=About(unit=hands.farming))
    assert "县农业农村局主要负责人" in said(row, "notice")


def test_each_measure_has_its_own_papers(hands):
    assert list(papers_of(opened(hands, "reminder"))) == ["letter"]
    assert not papers_of(opened(hands, "reminder", way="oral"))
    assert list(papers_of(opened(hands, "interview"))) == ["statement", "notice", "record"]
    assert list(papers_of(opened(hands, "recall"))) == ["statement", "approval", "order"]


def test_the_files_are_handed_out_to_those_who_see_the_case(hands, signed_in):
    row = notified(hands)
    for user in (hands.office, hands.clerk_jin, hands.contact_farming, hands.member_li):
        for form, kind in (("", "application/pdf"), ("docx", "application/vnd.openxmlformats")):
            answer = signed_in(user).get(reverse("accountability:case_paper", args=[row.pk, "order"]), {"format": form})
            assert answer["Content-Type"].startswith(kind)
    assert signed_in(hands.office).get(reverse("accountability:case_paper", args=[row.pk, "letter"])).status_code == 404


def test_a_form_that_fills_its_page_has_no_empty_one_behind_it(hands):
    row = carried_out(hands, "interview")
    for n in range(14):  # whatever the record's length, the last page says something
        row.result = "问题已指出，本人承诺改正。\n" * n
        with pypdfium2.PdfDocument(to_pdf(PAPERS["record"].write(row, "县驻村办", TODAY))) as pdf:
            last = pdf[len(pdf) - 1].get_textpage().get_text_range()
        assert "签字" in last, n


def test_a_line_of_a_form_stays_on_one_page(hands):
    row = Case.objects.get(pk=closed(hands).pk)
    for n in range(12):
        row.facts = "三次督查不在岗。\n" * n
        with pypdfium2.PdfDocument(to_pdf(PAPERS["approval"].write(row, "县驻村办", TODAY))) as pdf:
            pages = [page.get_textpage().get_text_range() for page in pdf]
        for label in ("乡镇意见", "县驻村办意见", "县委组织部意见", "驻村工作领导小组意见"):
            with_label = squeezed(next(page for page in pages if label in page)).partition(label)[2]
            assert "经手" in with_label, (n, label)
