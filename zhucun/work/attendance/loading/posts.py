"""Postings as a workbook will have them: who is in post when marks and leave are compared."""

from collections import defaultdict
from uuid import UUID

from zhucun.base.web.ledger import Book
from zhucun.work.teams.models import Posting
from zhucun.work.teams.sheets import POSTINGS

Stays = dict[UUID, list[Posting]]


def stays(book: Book) -> Stays:
    """By person: their postings as they will be when the workbook is written, in order of time."""
    found: Stays = defaultdict(list)
    for posting in book.known[Posting].values():
        found[posting.person_id].append(posting)
    for own in found.values():
        own.sort(key=lambda posting: posting.start)
    return found


def doubtful(book: Book) -> set[str]:
    """Numbers of people with a posting that is refused itself: whether they are in post cannot be said."""
    lines = book.pages[POSTINGS.name].lines if POSTINGS.name in book.pages else ()
    return {line.values.get("person", "") for line in lines if not line.sound}
