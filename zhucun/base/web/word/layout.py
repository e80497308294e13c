"""The order on the page: head, title, text, signature, attachments, printing record."""

from collections.abc import Sequence

from docx.document import Document as WordFile
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from .grids import printing_record, table_of
from .looks import (
    BOTTOM,
    CHARACTER,
    LEADS,
    LONG,
    RED,
    RIGHT_SIDE,
    TEXT_WIDTH,
    TOP,
    element,
    empty_file,
    set_page,
    write_font,
)
from .papers import Attachment, Block, Document, Heading, Paragraph, day_text, lines, title_lines, width, written

MARK_SIZES = (26, 44)  # points: the largest that fits is taken
TWIPS_A_MM = 1440 / 25.4
LANDSCAPE_WIDTH = (LONG - TOP - BOTTOM) * TWIPS_A_MM


def laid_out(document: Document) -> WordFile:
    """The document as a Word file, every part at its place."""
    file = empty_file()
    _head(file, document)
    _title(file, title_lines(document.title))
    if document.draft:
        _add(file, "公文题注", "（草稿）")
    if document.to:
        _blank(file)
        _add(file, "公文主送", written(document.to))
    elif document.body:
        _blank(file)
    _blocks(file, document.body, TEXT_WIDTH)
    end = len(file.paragraphs)
    _attachment_list(file, [written(attachment.title) for attachment in document.attachments])
    _signature(file, document)
    # the end of the text stands on the page of the signature
    for paragraph in file.paragraphs[end - 1 : -1]:
        paragraph.paragraph_format.keep_with_next = True
    for index, attachment in enumerate(document.attachments, 1):
        _attachment(file, attachment, f"附件{index}" if len(document.attachments) > 1 else "附件")
    _record(file, document)
    return file


def _add(file: WordFile, style: str, text: str = "") -> WordParagraph:
    return file.add_paragraph(text, style)


def _blank(file: WordFile, count: int = 1) -> None:
    for _ in range(count):
        file.add_paragraph()


def _head(file: WordFile, document: Document) -> None:
    """The red name, two lines below it the number, below that a red line; without the name only the number."""
    number, imprint = written(document.number), [written(text) for text in document.imprint]
    if not document.mark:
        if number:
            _add(file, "公文字号", number).alignment = RIGHT_SIDE
            _blank(file, 2)
        return
    mark = written(document.mark)
    smallest, largest = MARK_SIZES
    size = max(smallest, min(largest, TEXT_WIDTH / 20 / max(width(mark), 1)))
    _add(file, "公文标志", mark).runs[0].font.size = Pt(int(size))
    _blank(file, 2)
    last = _add(file, "公文字号", number)
    if any(imprint):
        last = _add(file, "公文主送", "\t".join(imprint))
        last.paragraph_format.tab_stops.add_tab_stop(Pt(TEXT_WIDTH / 20), WD_TAB_ALIGNMENT.RIGHT)
    _red_line(last)
    _blank(file, 2)


def _red_line(paragraph: WordParagraph) -> None:
    borders = element("pBdr")
    # with what an exact line leaves below its letters, 8 points are the 4 mm of the standard
    borders.append(element("bottom", val="single", sz=18, space=8, color=RED))
    own = paragraph._p.get_or_add_pPr()
    own.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _title(file: WordFile, parts: Sequence[str]) -> None:
    paragraph = _add(file, "公文标题")
    for index, part in enumerate(parts):
        run = paragraph.add_run()
        if index:
            run.add_break(WD_BREAK.LINE)
        run.add_text(part)


def _blocks(file: WordFile, blocks: Sequence[Block], room: float) -> None:
    for block in blocks:
        if isinstance(block, Heading):
            _add(file, f"公文{'一二三四'[block.depth - 1]}级标题", written(block.text))
        elif isinstance(block, Paragraph):
            _paragraph(file, block)
        else:
            file.element.body.insert_element_before(table_of(block, room), "w:sectPr")


def _paragraph(file: WordFile, block: Paragraph) -> None:
    lead = written(block.lead)
    for index, text in enumerate(lines(block.text) or ([""] if lead else [])):
        paragraph = _add(file, "公文正文")
        if lead and not index:
            write_font(paragraph.add_run(lead)._r.get_or_add_rPr(), LEADS[Heading(lead).depth])
        paragraph.add_run(text)


def _attachment_list(file: WordFile, titles: Sequence[str]) -> None:
    """附件说明, one line below the text; the titles stand one below the other."""
    if titles:
        _blank(file)
    for index, title in enumerate(titles, 1):
        number = f"{index}." if len(titles) > 1 else ""
        label = f"附件：{number}" if index == 1 else number
        form = _add(file, "公文附件说明", label + title).paragraph_format
        form.left_indent = Pt((5 + width(number)) * CHARACTER / 20)
        form.first_line_indent = Pt(-width(label) * CHARACTER / 20)


def _signature(file: WordFile, document: Document) -> None:
    """The date four characters in from the right, the office centred above it."""
    day = day_text(document.day) if document.day else ""
    name = written(document.signature)
    if name or day:
        _blank(file, 2)
    if name:
        form = _add(file, "公文落款", name).paragraph_format
        form.right_indent = Pt(max(4 + (width(day) - width(name)) / 2 if day else 4, 0) * CHARACTER / 20)
    if day:
        _add(file, "公文落款", day).paragraph_format.right_indent = Pt(4 * CHARACTER / 20)
    if document.note:
        _add(file, "公文正文", written(document.note))


def _attachment(file: WordFile, attachment: Attachment, label: str) -> None:
    _new_section(file, attachment.landscape)
    _add(file, "公文附件号", label)
    _blank(file)
    _title(file, title_lines(attachment.title))
    _blank(file)
    _blocks(file, attachment.blocks, LANDSCAPE_WIDTH if attachment.landscape else TEXT_WIDTH)


def _new_section(file: WordFile, landscape: bool) -> None:
    section = file.add_section(WD_SECTION.NEW_PAGE)
    # the paragraph that carries the break is made too small to open a page of its own
    file.paragraphs[-1].style = "公文分节"
    set_page(section, landscape)


def _record(file: WordFile, document: Document) -> None:
    printed_on = (document.printed_on or document.day) if document.printed_by else None
    record = printing_record(
        written(document.copies),
        written(document.printed_by),
        f"{day_text(printed_on)}印发" if printed_on else "",
    )
    body = file.element.body
    if record is not None:
        if document.attachments and document.attachments[-1].landscape:
            _new_section(file, landscape=False)
        body.insert_element_before(record, "w:sectPr")
    if record is not None or body[-2].tag == qn("w:tbl"):
        _add(file, "公文分节")  # Word asks for a paragraph behind the last table
