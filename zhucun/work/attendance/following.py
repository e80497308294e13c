"""What postings put right mean for months and leave written down before: days out of post, days newly in post, the unit; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

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


def unit_after(row: PersonMonth, postings: Iterable[Posting]) -> UUID:
    """The unit (id) that sent the person, by the last posting in the team that touches the month; the row's own without one."""
    own = [one for one in postings if one.team_id == row.team_id and one.overlaps(row.start, row.end)]
    return max(own, key=lambda one: one.start).unit_id if own else row.unit_id


def span_after(start: date, last: date, postings: Iterable[Posting]) -> tuple[Posting, date, date] | None:
    """The posting, first and last day (inclusive) of a leave as far as the person is in post; None when on no day of it.

    It may go on from one posting into the next without a day between, as when a member becomes leader.
    """
    own = sorted((one for one in postings if one.overlaps(start, last + ONE_DAY)), key=lambda one: one.start)
    if not own:
        return None
    first, until = max(start, own[0].start), start
    for one in own:
        if one.start > max(first, until) + ONE_DAY:
            break
        until = min(last, one.last_day or last)
    return own[0], first, until


@dataclass(frozen=True)
class Standing:
    """Where a leave stands: its posting (id), first and last day, status, and what it was before postings cut it."""

    posting: UUID
    start: date
    last: date
    status: str
    before_cut: Mapping[str, str] | None

    @classmethod
    def of(cls, leave: Leave) -> Self:
        """As it stands now."""
        return cls(leave.posting_id, leave.start, leave.until, leave.status, leave.before_cut)


def standing_after(leave: Leave, postings: Iterable[Posting]) -> Standing:
    """The leave as the person's postings want it, measured by what it was before any of them cut it: whole, shortened, withdrawn.

    Days after the person was back are none to be left with.
    """
    start, last, status = leave.start, leave.until, leave.status
    if leave.before_cut:
        start, last = (date.fromisoformat(leave.before_cut[name]) for name in ("start", "last"))
        status = leave.before_cut["status"] if status == Leave.Status.WITHDRAWN else status
    whole = {"start": f"{start}", "last": f"{last}", "status": f"{status}"}
    found = span_after(start, last, postings)
    if found is None or (leave.returned_on and leave.returned_on < found[1]):
        return Standing(leave.posting_id, start, last, Leave.Status.WITHDRAWN.value, whole)
    posting, first, until = found
    return Standing(posting.pk, first, until, status, None if (first, until) == (start, last) else whole)
