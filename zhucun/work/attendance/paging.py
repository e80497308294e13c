"""A team's month as pages of the book: drawn up from the postings of the month, kept as printed, found again by code."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from uuid import UUID

from zhucun.base.journal.keys import derive
from zhucun.base.timeline import workdays
from zhucun.base.timeline.models import CalendarDay
from zhucun.base.timeline.periods import Period
from zhucun.work.teams.models import Team

from .book.geometry import PEOPLE_A_PAGE
from .book.pages import Day, Page, Row
from .models import PrintedPage
from .roster import Stay, stays

WEEKDAYS = "一二三四五六日"


def page_key() -> bytes:
    """The key under which this installation's pages carry their MAC."""
    return derive("attendance-book")


def drafts(teams: Iterable[Team], month: Period) -> dict[UUID, list[Page]]:
    """By team: its pages for the month as they would be printed now, as version 0; nobody in post, no page."""
    teams = list(teams)
    known = stays(teams, month)
    calendar = [day for day in workdays.of_year(month.start.year) if day.day in month]
    return {team.pk: list(_pages(team, month, calendar, known[team.pk])) for team in teams if team.pk in known}


def _pages(team: Team, month: Period, calendar: list[CalendarDay], people: list[Stay]) -> Iterator[Page]:
    groups = [people[first : first + PEOPLE_A_PAGE] for first in range(0, len(people), PEOPLE_A_PAGE)]
    village, head = team.village, people[0]
    for part, group in enumerate(groups, start=1):
        yield Page(
            county=team.county_id, county_name=team.county.name, township=village.township.name, village=village.name,
            team=team.number, team_name=str(team), leader=head.person.name if head.posting.leads else "",
            unit=team.lead_unit.name, month=month.name, version=0, part=part, parts=len(groups),
            days=tuple(_column(day) for day in calendar), rows=tuple(_row(stay) for stay in group),
            provisional=any(day.provisional for day in calendar),
        )  # fmt: skip


def _column(day: CalendarDay) -> Day:
    name = day.name if day.kind == CalendarDay.Kind.HOLIDAY else ""
    return Day(day.day.day, WEEKDAYS[day.day.weekday()], not day.is_workday, name)


def _row(stay: Stay) -> Row:
    return Row(stay.person.number, stay.person.name, stay.posting.get_role_display(), tuple(sorted(stay.days)))


def as_data(page: Page) -> dict:
    """A page as plain data, for the snapshot."""
    return asdict(page)


def as_page(data: dict) -> Page:
    """A snapshot as the page it was taken of."""
    rows = tuple(Row(**row | {"days": tuple(row["days"])}) for row in data["rows"])
    return Page(**data | {"days": tuple(Day(**day) for day in data["days"]), "rows": rows})


def printed(page: PrintedPage) -> Page:
    """The page as it was printed."""
    return as_page(page.snapshot)


def same(one: Page, other: Page) -> bool:
    """Whether two pages differ in nothing but their version, so that the paper printed before still holds."""
    return replace(one, version=0) == replace(other, version=0)


def latest(teams: Iterable[UUID], month: Period) -> dict[UUID, list[PrintedPage]]:
    """By team: the pages of the last version printed for the month, in order; one query."""
    rows = PrintedPage.objects.filter(team__in=list(teams), month=month.start).select_related("team", "printed_by")
    found: dict[UUID, list[PrintedPage]] = {}
    for row in rows.order_by("team", "version", "part"):
        before = found.get(row.team_id, [])
        found[row.team_id] = [*before, row] if before and before[0].version == row.version else [row]
    return found


@dataclass
class Edition:
    """A team's month: its pages as they would be printed now, and those printed last."""

    team: Team
    drafts: list[Page]
    rows: list[PrintedPage] = field(default_factory=list)

    @property
    def people(self) -> int:
        """How many stand on the pages."""
        return sum(len(page.rows) for page in self.drafts)

    @property
    def provisional(self) -> bool:
        """Whether the calendar of the month is not published yet."""
        return any(page.provisional for page in self.drafts)

    @property
    def last(self) -> PrintedPage | None:
        """The first page of the version printed last."""
        return self.rows[0] if self.rows else None

    @cached_property
    def before(self) -> list[Page]:
        """The pages as they were printed last."""
        return [printed(row) for row in self.rows]

    @cached_property
    def holds(self) -> bool:
        """Whether the paper printed last says what would be printed now."""
        return len(self.before) == len(self.drafts) and all(map(same, self.drafts, self.before))

    @property
    def change(self) -> str:
        """Why it should be printed anew; empty when it need not be, or never was."""
        if not self.rows or self.holds:
            return ""
        if [page.rows for page in self.before] != [page.rows for page in self.drafts]:
            return "人员有变动"
        return "放假安排有变动" if self.before[0].days != self.drafts[0].days else "名称有变动"


def editions(teams: Iterable[Team], month: Period) -> list[Edition]:
    """The teams with somebody in post that month, in the order given."""
    teams = list(teams)
    known = drafts(teams, month)
    rows = latest(known, month)
    return [Edition(team, known[team.pk], rows.get(team.pk, [])) for team in teams if team.pk in known]
