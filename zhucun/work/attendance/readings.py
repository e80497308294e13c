"""Looking at readings: whose page a code names, the people on it, what it says otherwise, how often reading errs."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Sum

from zhucun.base.access.scope import Scope
from zhucun.base.people.models import Person

from .book.pages import Page
from .models import PersonMonth, PrintedPage, Question, Reading
from .paging import printed
from .roster import marks_of_leave, month_of
from .rules import ABSENT, BLANK, OUT, mark_for, most_wrong
from .scan.reading import Cell, Lookup

UNKNOWN = "系统里没有这一页的印制记录（可能恢复过旧的备份），请重新打印后再填，或对照记录本手工录入"


def lookup_for(scope: Scope) -> Lookup:
    """Whose page a code names, for somebody who reads pages of that area; a sentence when it may not be taken."""

    def find(code: str) -> Page | str:
        rows = PrintedPage.objects.select_related("team__village__township")
        page = rows.filter(code=code).first()
        if page is None:
            return UNKNOWN
        if not scope.covers(page.team):
            return f"这是{page.team.village.township}的记录本，您只能识读本乡镇的"
        return printed(page)

    return find


def people_on(page: PrintedPage) -> list[Person]:
    """Everybody on a page, by the numbers it was printed with; one query."""
    numbers = [row["person"] for row in page.snapshot["rows"]]
    return list(Person.objects.filter(county=page.team.county_id, number__in=numbers))


def months_of(page: PrintedPage) -> dict[UUID, PersonMonth]:
    """By person: the month of the page's team as it stands now; one query."""
    return {row.person_id: row for row in PersonMonth.objects.filter(team=page.team_id, start=page.month)}


def keep_picture(picture: bytes) -> str:
    """Keep a page's picture under its digest, whole or not at all; empty when there is none."""
    if not picture:
        return ""
    row = Reading(picture=sha256(picture).hexdigest())
    if not row.path.exists():
        row.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=row.path.parent, delete=False) as draft:
            draft.write(picture)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(row.path)
    return row.picture


@dataclass(frozen=True)
class Difference:
    """A cell that says something else than stands: who, which day, what stands there and what was read."""

    person: Person
    day: date
    had: str
    cell: Cell

    @property
    def read(self) -> str:
        """What was read, in a word."""
        return self.cell.value or "空"


def differences(reading: Reading) -> list[Difference]:
    """Cells of a reading that say something else than the month does now; days out of post are left out."""
    assert reading.page is not None
    month = month_of(reading.page.month)
    people = {person.number: person for person in people_on(reading.page)}
    held = months_of(reading.page)
    leaves = marks_of_leave([person.pk for person in people.values()], month)
    found = []
    for cell in (Cell(**one) for one in reading.cells):
        person = people.get(cell.person)
        if person is None:
            continue
        had = held[person.pk].marks[cell.day - 1] if person.pk in held else BLANK
        says_nothing_new = cell.value is None and had in (BLANK, ABSENT)
        symbol = mark_for(cell.value, leaves.get((person.pk, cell.day)))[0] if cell.value else BLANK
        if had not in (symbol, OUT) and not says_nothing_new:
            found.append(Difference(person, month.start.replace(day=cell.day), had, cell))
    return found


@dataclass(frozen=True)
class Accuracy:
    """How reading fared: pages, cells, those a person was asked about, those looked at without doubt, those found wrong."""

    month: date | None
    pages: int
    cells: int
    asked: int
    audited: int
    wrong: int

    @property
    def asked_share(self) -> float:
        """Cells asked about in 100."""
        return 100 * self.asked / self.cells if self.cells else 0.0

    @property
    def most(self) -> float | None:
        """With 95 % certainty at most so many of 10,000 cells without doubt are wrong; None before anything was looked at."""
        share = most_wrong(self.wrong, self.audited)
        return None if share is None else 10_000 * share

    @property
    def says_little(self) -> bool:
        """Whether so few cells were looked at that the bound would only make people smile (over a tenth)."""
        return self.most is None or self.most > 1_000

    @property
    def estimate(self) -> float | None:
        """Wrong ones in 10,000 cells without doubt, by those looked at."""
        return 10_000 * self.wrong / self.audited if self.audited else None


class Items(Func):
    """How many things a list kept as JSON holds."""

    function = "JSON_ARRAY_LENGTH"
    output_field = IntegerField()

    def as_postgresql(self, compiler, connection, **context):
        """Lists are binary JSON there."""
        return self.as_sql(compiler, connection, function="JSONB_ARRAY_LENGTH", **context)


def accuracy(readings: QuerySet[Reading]) -> list[Accuracy]:
    """Of the readings given: by month of the page, the latest first; two queries."""
    taken = readings.filter(state__in=(Reading.State.OPEN, Reading.State.DONE)).order_by()
    counted = taken.values("page__month").annotate(pages=Count("pk"), n=Sum(Items("cells")))
    looked = Q(audit=True, answered_at__isnull=False)
    asked = {
        row["month"]: row
        for row in Question.objects.filter(reading__in=taken.values("pk"))
        .order_by()
        .values(month=F("reading__page__month"))
        .annotate(
            asked=Count("pk", filter=Q(audit=False)),
            audited=Count("pk", filter=looked),
            wrong=Count("pk", filter=looked & ~Q(answer=F("read"))),
        )
    }
    found = []
    for row in counted:
        said = asked.get(row["page__month"])
        numbers = [said["asked"], said["audited"], said["wrong"]] if said else [0, 0, 0]
        found.append(Accuracy(row["page__month"], row["pages"], row["n"] or 0, *numbers))
    return sorted(found, key=lambda one: one.month or date.min, reverse=True)


def together(months: Iterable[Accuracy]) -> Accuracy:
    """Several months as one."""
    rows = list(months)
    names = ("pages", "cells", "asked", "audited", "wrong")
    return Accuracy(None, *(sum(getattr(row, name) for row in rows) for name in names))


NEUTRAL = "系统看不准，或按规定抽查：请看图判断"
_TOLD = ("已", "没有请假单", "没有报备单", "日期还没有到")
"""How the reasons begin that no picture shows."""


def asked_about(question: Question) -> str:
    """What is said of a cell to whoever looks at it.

    What the picture cannot show (a clash with what stands, a leave, a day to come) is told. Everything else reads the same,
    whether the reader was in doubt or the cell is looked at as a sample: a person who knew would not look as closely, and
    the published rate of errors would be worth nothing. For the same reason the value read is shown nowhere.
    """
    return question.why if question.why.startswith(_TOLD) else NEUTRAL


@dataclass(frozen=True)
class Shown:
    """One cell as the page of a reading shows it: what stands in it, and whether it still waits or was looked at."""

    day: int
    text: str
    state: str = ""


def rows_of(reading: Reading) -> list[tuple[dict, list[Shown]]]:
    """By person of the page: every day of the month with what was read; cells that wait for a person say nothing."""
    assert reading.page is not None
    snapshot = reading.page.snapshot
    asked = {(row.person.number, row.day.day): row for row in reading.questions.select_related("person")}
    read = {(one["person"], one["day"]): one["value"] for one in reading.cells}

    def shown(number: str, day: int) -> Shown:
        row = asked.get((number, day))
        if row is None:
            return Shown(day, (read.get((number, day)) or "") if (number, day) in read else "—")
        return Shown(day, row.answer, "checked") if row.answered_at else Shown(day, "?", "open")

    days = [column["day"] for column in snapshot["days"]]
    return [(row, [shown(row["person"], day) for day in days]) for row in snapshot["rows"]]
