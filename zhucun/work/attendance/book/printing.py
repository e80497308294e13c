"""The attendance book as PDF: month pages, cover with 填写说明, daily pages; the same bytes for the same pages."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import typst

from .covers import Cover
from .glyphs import FAMILY, FONT, MONO
from .pages import Page
from .wording import Data, cover_page, daily_pages, month_page, numbers

TEMPLATES = Path(__file__).parent
MAIN = TEMPLATES / "book.typ"

MADE_AT = 1_640_995_200  # 2022-01-01 in UTC: a fixed date, or two prints of one page would differ

_REMEMBERED = 11  # runs until typst drops what an older one left (comemo's eviction in its Python binding)


def book(pages: Sequence[Page], key: bytes, *, front: Cover | None = None, daily: bool = False) -> bytes:
    """The PDF of the month pages, A4 landscape, one sheet each, in the order given; `key` signs their codes.

    With `front`, its cover and 填写说明 come before them (`COVER_PAGES` pages); with `daily`, their daily pages after them.
    Raises ValueError with a Chinese sentence when nothing is to be printed, or a page cannot be (see `wording.month_page`).
    """
    if not pages:
        raise ValueError("没有要印的月页。")
    return _pdf(
        covers=[cover_page(front)] if front else [],
        months=[month_page(page, key) for page in pages],
        dailies=list(daily_pages(pages)) if daily else [],
    )


def cover(one: Cover) -> bytes:
    """The PDF of one cover: the cover itself, and inside it 填写说明 and the legend; raises ValueError as `book` does."""
    return _pdf(covers=[cover_page(one)])


def daily(pages: Sequence[Page]) -> bytes:
    """The PDF of the daily pages for the people and days of the month pages; raises ValueError as `book` does."""
    sheets = list(daily_pages(pages))
    if not sheets:
        raise ValueError("没有要印的日页。")
    return _pdf(dailies=sheets)


def _pdf(*, covers: Sequence[Data] = (), months: Sequence[Data] = (), dailies: Sequence[Data] = ()) -> bytes:
    data = {
        "font": FAMILY,
        "mono": MONO,
        "numbers": numbers(),
        "covers": covers,
        "months": months,
        "dailies": dailies,
    }
    # words reach the template as values of JSON and are set as text, so nothing a user typed is ever read as typst
    compiler = typst.Compiler(
        MAIN, root=TEMPLATES, font_paths=_fonts(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )
    made = compiler.compile(format="pdf", timestamp=MADE_AT, pdf_tags=False)
    _forget()
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


def _forget() -> None:
    """Let typst drop what it remembers of a print: it keeps ten runs, 2 MB a page, which a server would carry for ever."""
    empty = typst.Compiler(root=TEMPLATES, font_paths=_fonts())
    for _ in range(_REMEMBERED):
        empty.compile(b" ", format="pdf", pdf_tags=False)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT.parent])
