"""What postings put right mean for months and leave written down before: days out of post, days newly in post, the unit; pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from zhucun.base.timeline.periods import ONE_DAY
from zhucun.work.attendance.models import Leave, PersonMonth
from zhucun.work.attendance.roster import days_in_post, month_of
from zhucun.work.attendance.rules import BLANK, OUT
from zhucun.work.teams.models import Posting


def marks_after(row: PersonMonth, postings: Iterable[Posting], taken: Mapping[int, str]) -> str:
    """The row as the person's postings want it: — out of post, and what was `taken` from a day before (else a blank) in post."""
    in_post: set[int] = set()
    for posting in postings:
        if posting.team_id == row.team_id:
            in_post |= days_in_post(posting, month_of(row.start))

    def mark(day: int, kept: str) -> str:
        if day not in in_post:
            return OUT
        return taken.get(day, BLANK) if kept == OUT else kept

    return "".join(mark(day, kept) for day, kept in enumerate(row.marks, start=1))


def unit_after(row: PersonMonth, postings: Iterable[Posting]):
    """The unit (id) that sent the person, by the last posting in the team that touches the month; the row's own without one."""
    own = [one for one in postings if one.team_id == row.team_id and one.overlaps(row.start, row.end)]
    return max(own, key=lambda one: one.start).unit_id if own else row.unit_id


def span_after(leave: Leave, postings: Iterable[Posting]) -> tuple[Posting, date, date] | None:
    """The posting, first and last day (inclusive) of a leave as far as the person is in post; None when on no day of it.

    It may go on from one posting into the next without a day between, as when a member becomes leader.
    """
    own = sorted((one for one in postings if one.overlaps(leave.start, leave.end)), key=lambda one: one.start)
    if not own:
        return None
    first, last = max(leave.start, own[0].start), leave.start
    for one in own:
        if one.start > max(first, last) + ONE_DAY:
            break
        last = min(leave.until, one.last_day or leave.until)
    return own[0], first, last
