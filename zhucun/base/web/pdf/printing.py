"""An official document set by typst: the same document is always the same bytes."""

import json
from functools import lru_cache
from pathlib import Path

import typst
from fontTools.ttLib import TTCollection
from noto_cjk_sans_otc import FONT_PATH

from zhucun.base.web.word import Document

from .parts import data_of, texts

TEMPLATES = Path(__file__).parent
MAIN = TEMPLATES / "official.typ"
FONT = Path(str(FONT_PATH))
FAMILY = "Noto Sans CJK SC"
MADE_AT = 1_640_995_200  # 2022-01-01 in UTC: a fixed date, or two prints of one document would differ
_REMEMBERED = 11  # runs until typst drops what an older one left (comemo's eviction in its Python binding)


def to_pdf(document: Document) -> bytes:
    """The document as an A4 PDF; raises ValueError with a sentence for signs the font lacks, which would print as holes."""
    data = data_of(document)
    if lacking := missing("".join(texts(data))):
        listed = "、".join(f"“{sign}”（U+{ord(sign):04X}）" for sign in lacking[:5])
        raise ValueError(f"文中的{listed}字库里没有，印不出来。请改用 Word 文件，或换一种写法。")
    # words reach the template as values of JSON and are set as text, so nothing a user typed is ever read as typst
    given = {"data": json.dumps(data | {"font": FAMILY}, ensure_ascii=False)}
    compiler = typst.Compiler(MAIN, root=TEMPLATES, font_paths=_fonts(), sys_inputs=given)
    made = compiler.compile(format="pdf", timestamp=MADE_AT, pdf_tags=False)
    _forget()
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


def missing(text: str) -> str:
    """The signs of a text which the font lacks, each once; spaces and line ends are not counted."""
    signs = _signs()
    return "".join(dict.fromkeys(sign for sign in text if not sign.isspace() and ord(sign) not in signs))


def _forget() -> None:
    """Let typst drop what it remembers of a print: it keeps ten runs, 2 MB a page, which a server would carry for ever."""
    empty = typst.Compiler(root=TEMPLATES, font_paths=_fonts())
    for _ in range(_REMEMBERED):
        empty.compile(b" ", format="pdf", pdf_tags=False)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT.parent])


@lru_cache(maxsize=1)
def _signs() -> frozenset[int]:
    with TTCollection(str(FONT), lazy=True) as fonts:
        for font in fonts.fonts:
            if font["name"].getDebugName(4) == FAMILY:
                return frozenset(font["cmap"].getBestCmap())
    raise LookupError(f"{FAMILY} is not in {FONT}")
