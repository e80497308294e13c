"""Page, fonts and paragraph styles of GB/T 9704-2012, written into an empty Word file."""

from dataclasses import dataclass

from docx import Document as new_file
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

MARK, BODY, KAI, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
RED = "FF0000"

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26  # mm
LONG, SHORT = 297, 210  # A4, mm
PITCH = 579  # one line of 22, in twentieths of a point
TEXT_WIDTH = 8844  # 156 mm, in twentieths of a point
CHARACTER = 315  # 28 of them fit into the line, in twentieths of a point
SQUEEZE = -5  # what takes 16 points down to that; not by the character grid, which LibreOffice reads otherwise
NUMBER_LINE = 320  # the line of the page number

CENTRE, BOTH, LEFT_SIDE, RIGHT_SIDE = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
)


@dataclass(frozen=True)
class Look:
    """One paragraph style: sizes in points, `first` characters of indent, `line` in twentieths of a point (0: single).

    Where `grid` is off, the text keeps its own width and height instead of the 28 characters and 22 lines of a page.
    """

    id: str
    name: str
    font: str = BODY
    size: float = 16
    align: WD_ALIGN_PARAGRAPH = LEFT_SIDE
    first: int = 0
    line: int = PITCH
    before: int = 0
    keep: bool = False
    grid: bool = True
    outline: int = 0
    color: str = ""


LOOKS = (
    # its top stands 35 mm below that of the text
    Look("GwMark", "公文标志", MARK, 44, CENTRE, line=0, before=1984, grid=False, color=RED),
    Look("GwNumber", "公文字号", align=CENTRE),
    Look("GwTitle", "公文标题", MARK, 22, CENTRE, line=640, keep=True, grid=False),
    Look("GwUnderTitle", "公文题注", KAI, align=CENTRE),
    Look("GwTo", "公文主送", align=BOTH),
    Look("GwText", "公文正文", align=BOTH, first=2),
    Look("GwHeading1", "公文一级标题", HEI, align=BOTH, first=2, keep=True, outline=1),
    Look("GwHeading2", "公文二级标题", KAI, align=BOTH, first=2, keep=True, outline=2),
    Look("GwHeading3", "公文三级标题", align=BOTH, first=2, keep=True, outline=3),
    Look("GwHeading4", "公文四级标题", align=BOTH, first=2, keep=True, outline=4),
    Look("GwList", "公文附件说明"),
    Look("GwSign", "公文落款", align=RIGHT_SIDE),
    Look("GwAttachment", "公文附件号", HEI, keep=True),
    Look("GwHead", "公文表头", HEI, 12, CENTRE, line=0, grid=False),
    Look("GwCell", "公文表格", BODY, 12, CENTRE, line=0, grid=False),
    Look("GwRecord", "公文版记", BODY, 14, line=480, grid=False),
    Look("GwPage", "公文页码", SONG, 14, line=NUMBER_LINE, grid=False),
    Look("GwBreak", "公文分节", size=1, line=20, grid=False),
)
LEADS = {1: HEI, 2: KAI, 3: BODY, 4: BODY}


def empty_file() -> WordFile:
    """A Word file with the page and the styles, and nothing on it."""
    file = new_file()
    thumbnail = [key for key, part in file.part.package.rels.items() if part.reltype.endswith("/thumbnail")]
    for key in thumbnail:
        del file.part.package.rels[key]
    _defaults(file)
    for look in LOOKS:
        _style(file, look)
    set_page(file.sections[0])
    _numbers(file)
    return file


def write_font(properties, name: str) -> None:
    """Name the font for every script: Word asks separately for Latin and East Asian text."""
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def element(name: str, **attributes: object):
    """An element of the Word namespace with its attributes."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def set_page(section: Section, landscape: bool = False) -> None:
    """The page of a section; a landscape one is the same sheet turned, its head at the binding."""
    section.page_width, section.page_height = (Mm(LONG), Mm(SHORT)) if landscape else (Mm(SHORT), Mm(LONG))
    section.orientation = 1 if landscape else 0  # type: ignore[assignment]
    top, right, bottom, left = (LEFT, TOP, RIGHT, BOTTOM) if landscape else (TOP, RIGHT, BOTTOM, LEFT)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(bottom - 7) - Pt(NUMBER_LINE / 20)  # the number 7 mm below the text
    own = section._sectPr
    for old in own.findall(qn("w:docGrid")):
        own.remove(old)
    own.append(element("docGrid", type="lines", linePitch=PITCH))


def _defaults(file: WordFile) -> None:
    defaults = file.styles.element.find(qn("w:docDefaults"))
    text = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    write_font(text, BODY)
    for tag, value in (("w:sz", "32"), ("w:szCs", "32")):
        text.find(qn(tag)).set(qn("w:val"), value)
    for lang in (text.find(qn("w:lang")), file.settings.element.find(qn("w:themeFontLang"))):
        lang.set(qn("w:eastAsia"), "zh-CN")
    defaults.find(f"{qn('w:pPrDefault')}/{qn('w:pPr')}").clear()
    shape = file.styles["Normal"].element.get_or_add_pPr()
    # no space is put between digits and characters, or 2022年 would be torn; a page has its 22 lines, widows or not
    for name in ("widowControl", "autoSpaceDE", "autoSpaceDN"):
        shape.append(element(name, val=0))
    shape.append(element("spacing", before=0, after=0, line=PITCH, lineRule="exact"))
    for setting in file.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _style(file: WordFile, look: Look) -> None:
    style: ParagraphStyle = file.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)  # type: ignore[assignment]
    style.base_style = file.styles["Normal"]
    style.element.set(qn("w:styleId"), look.id)
    style.quick_style = True
    style.font.size = Pt(look.size)
    write_font(style.element.get_or_add_rPr(), look.font)
    if look.color:
        style.font.color.rgb = RGBColor.from_string(look.color)
    form = style.paragraph_format
    form.alignment, form.keep_with_next = look.align, look.keep or None
    if look.line:
        form.line_spacing = Pt(look.line / 20)
    else:
        form.line_spacing = 1.0
    form.space_before = Pt(look.before / 20)
    own = style.element.get_or_add_pPr()
    if look.first:
        form.first_line_indent = Pt(look.first * CHARACTER / 20)
        own.ind.set(qn("w:firstLineChars"), str(look.first * 100))
    if look.grid:
        style.element.rPr.insert_element_before(element("spacing", val=SQUEEZE), "w:sz")
    else:
        own.insert_element_before(element("snapToGrid", val=0), "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
    if look.outline:
        own.append(element("outlineLvl", val=look.outline - 1))


def _numbers(file: WordFile) -> None:
    """Page numbers “— 1 —”, on the outer side of the sheet, one character in from the edge."""
    file.settings.odd_and_even_pages_header_footer = True
    section = file.sections[0]
    for footer, side in ((section.footer, RIGHT_SIDE), (section.even_page_footer, LEFT_SIDE)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "公文页码"
        paragraph.alignment = side
        indent = Pt(14)
        paragraph.paragraph_format.left_indent = indent if side == LEFT_SIDE else None
        paragraph.paragraph_format.right_indent = indent if side == RIGHT_SIDE else None
        paragraph.add_run("— ")
        run = paragraph.add_run()
        run._r.append(element("fldChar", fldCharType="begin"))
        paragraph.add_run()._r.append(_instruction("PAGE"))
        paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))
        paragraph.add_run("1")
        paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))
        paragraph.add_run(" —")


def _instruction(text: str):
    made = element("instrText")
    made.text = text
    return made
