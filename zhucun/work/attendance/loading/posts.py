"""Postings as a workbook will have them: who is in post when marks and leave are compared."""

from collections import defaultdict
from uuid import UUID

from zhucun.base.web.ledger import Book
from zhucun.work.attendance.following import marks_after
from zhucun.work.attendance.models import Leave, PersonMonth
from zhucun.work.attendance.sheets import MONTHS
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


def moved(book: Book) -> set[UUID]:
    """People with days written down before, some of whose postings change with the workbook or who get one more; two queries."""
    plan = book.plans[POSTINGS.name]
    found = {posting.person_id for posting in (*plan.add, *plan.write)}
    if not found:
        return found
    months = (
        PersonMonth.objects.filter(team__county_id=book.county).order_by().values_list("person", flat=True).distinct()
    )
    leaves = Leave.objects.filter(county_id=book.county).order_by().values_list("person", flat=True).distinct()
    return found & {*months, *leaves}


def warn_of_following(book: Book, held: Stays, people: set[UUID]) -> None:
    """One sentence for all months of `people` the workbook does not speak of that follow postings it changes."""
    lines = list(book.pages[POSTINGS.name].lines) if POSTINGS.name in book.pages else []
    rows = PersonMonth.objects.filter(person__in=people).select_related("person", "team").order_by("start")
    told = {
        row.person.name: f"{row.start:%Y-%m}" for row in rows
        if (row.person.number, row.name, row.team.number) not in book.mentioned[MONTHS.name]
        and marks_after(row, held[row.person_id], {}) != row.marks
    }  # fmt: skip
    if told and lines:
        name, month = next(iter(told.items()))
        sentence = f"任职改了以后，{len(told)} 人已有的出勤随之改（如{name} {month}）：不在任的日子记“—”，原来的记录留在“更正”里。"
        book.warn(POSTINGS, lines[0], "start", sentence)


def doubtful(book: Book) -> set[str]:
    """Numbers of people with a posting that is refused itself: whether they are in post cannot be said."""
    lines = book.pages[POSTINGS.name].lines if POSTINGS.name in book.pages else ()
    return {line.values.get("person", "") for line in lines if not line.sound}
