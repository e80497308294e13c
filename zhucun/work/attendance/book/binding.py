"""Books of several teams or months bound into one PDF, piece by piece, so that one can tell how far it is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import pypdfium2 as pdfium

from .covers import COVER_PAGES, Cover
from .layout import layout
from .pages import Page
from .printing import book

PIECE = 20
"""Month pages set at a time: a second and a half."""

Progress = Callable[[int], object]
"""Told how many month pages are done."""


@dataclass(frozen=True)
class Binding:
    """What a book has besides its month pages."""

    cover: bool = False
    daily: bool = False


def cover_of(page: Page) -> Cover:
    """The cover of the book a month page belongs to."""
    return Cover(
        county_name=page.county_name, year=int(page.month[:4]), township=page.township, village=page.village,
        team_name=page.team_name, unit=page.unit, leader=page.leader, number=page.team,
    )  # fmt: skip


def bound(
    books: Sequence[Sequence[Page]], key: bytes, binding: Binding, progress: Progress = lambda done: None
) -> bytes:
    """One PDF of several books, each the month pages of one team, in the order given.

    Raises ValueError as `printing.book` does.
    """
    pieces, done = [], 0
    for piece in _pieces(books, binding):
        pieces.append(_set(piece, key, binding))
        done += len(piece)
        progress(done)
    return pieces[0] if len(pieces) == 1 else _joined(pieces)


def places(books: Sequence[Sequence[Page]], binding: Binding) -> list[dict[str, object]]:
    """The layout of what `bound` gives without daily pages: where every bubble stands, by page of the PDF."""
    found: list[dict[str, object]] = []
    before = 0
    for pages in books:
        before += COVER_PAGES if binding.cover else 0
        found += layout(pages, before)
        before += len(pages)
    return found


def _pieces(books: Iterable[Sequence[Page]], binding: Binding) -> Iterator[Sequence[Page]]:
    """A book at a time where it has a cover or daily pages, else some month pages at a time."""
    if binding.cover or binding.daily:
        yield from books
        return
    pages = [page for one in books for page in one]
    yield from (pages[first : first + PIECE] for first in range(0, max(1, len(pages)), PIECE))


def _set(pages: Sequence[Page], key: bytes, binding: Binding) -> bytes:
    front = cover_of(pages[0]) if binding.cover and pages else None
    return book(pages, key, front=front, daily=binding.daily)


def _joined(pieces: Sequence[bytes]) -> bytes:
    whole_book, into = pdfium.PdfDocument.new(), BytesIO()
    try:
        for piece in pieces:
            with pdfium.PdfDocument(piece) as one:
                whole_book.import_pages(one)
        whole_book.save(into)
    finally:
        whole_book.close()
    return into.getvalue()
