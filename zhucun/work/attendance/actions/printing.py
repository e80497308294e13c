"""Month pages printed with their snapshot."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.journal import journal
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.book.pages import Page
from zhucun.work.attendance.models import PrintedPage
from zhucun.work.attendance.paging import as_data, drafts, page_key, printed, same
from zhucun.work.teams.models import Team


@transaction.atomic
def print_pages(*, teams: Iterable[Team], month: Period, by, at: datetime) -> list[PrintedPage]:
    """The month pages of some teams, in the teams' order; a page already printed is taken again as long as nobody on it changed.

    Whenever people or calendar have changed, all pages of the team get the next version. Raises ValidationError when
    nobody of these teams is in post that month.
    """
    teams = list(teams)
    for team in teams:
        by.require("attendance.book_print", at, team)
    wanted = drafts(teams, month)
    if not wanted:
        raise ValidationError(f"{month.label}这些工作队没有人在任，没有可以印的页。")
    known: dict[UUID, list[PrintedPage]] = {}
    for row in (
        PrintedPage.objects.filter(team__in=wanted, month=month.start)
        .select_related("team")
        .order_by("version", "part")
    ):
        rows = known.setdefault(row.team_id, [])
        known[row.team_id] = [*rows, row] if rows and rows[0].version == row.version else [row]
    found: list[PrintedPage] = []
    new: list[PrintedPage] = []
    for team in teams:
        pages, rows = wanted.get(team.pk, []), known.get(team.pk, [])
        if len(pages) == len(rows) and all(same(page, printed(row)) for page, row in zip(pages, rows, strict=True)):
            found += rows
            continue
        version = rows[0].version + 1 if rows else 1
        if version > 99:
            raise ValidationError(f"{team}{month.label}的记录本已经印了 99 版，请先核对任职日期。")
        rows = [_page(team, month, replace(page, version=version), by, at) for page in pages]
        found, new = found + rows, new + rows
    PrintedPage.objects.bulk_create(new)
    for row in new:
        if row.part == 1:
            data = {"month": month.name, "version": row.version, "parts": row.parts}
            journal.note(by=by, at=at, action="book.printed", target=row.team, data=data)
    return found


def _page(team: Team, month: Period, page: Page, by, at: datetime) -> PrintedPage:
    return PrintedPage(
        team=team, month=month.start, version=page.version, part=page.part, parts=page.parts, code=page.code(page_key()),
        snapshot=as_data(page), printed_by=by, printed_at=at,
    )  # fmt: skip
