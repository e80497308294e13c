"""Looking at readings: the people on a printed page, their months, and what a reading says otherwise."""

from uuid import UUID

from zhucun.base.people.models import Person

from .models import PersonMonth, PrintedPage, Reading
from .roster import marks_of_leave, month_of
from .rules import BLANK, mark_for
from .scan.reading import Cell


def people_on(page: PrintedPage) -> list[Person]:
    """Everybody on a page, by the numbers it was printed with; one query."""
    numbers = [row["person"] for row in page.snapshot["rows"]]
    return list(Person.objects.filter(county=page.team.county_id, number__in=numbers))


def months_of(page: PrintedPage) -> dict[UUID, PersonMonth]:
    """By person: the month of the page's team as it stands now; one query."""
    return {row.person_id: row for row in PersonMonth.objects.filter(team=page.team_id, start=page.month)}


def differences(reading: Reading) -> list[tuple[Cell, str]]:
    """Cells of a reading that say something else than the month does now, each with the symbol that stands there."""
    assert reading.page is not None
    month = month_of(reading.page.month)
    people = {person.number: person.pk for person in people_on(reading.page)}
    held = months_of(reading.page)
    leaves = marks_of_leave(people.values(), month)
    found = []
    for cell in (Cell(**one) for one in reading.cells):
        person = people[cell.person]
        had = held[person].marks[cell.day - 1] if person in held else BLANK
        symbol = mark_for(cell.value, leaves.get((person, cell.day)))[0] if cell.value else BLANK
        if had != symbol and not (cell.value is None and had == BLANK):
            found.append((cell, had))
    return found
