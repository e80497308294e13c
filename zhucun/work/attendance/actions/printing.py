"""Month pages printed with their snapshot."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.journal import journal
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.book.pages import Page
from zhucun.work.attendance.book.wording import refuse_unprintable
from zhucun.work.attendance.models import PrintedPage
from zhucun.work.attendance.paging import Edition, as_data, editions, page_key
from zhucun.work.teams.models import Posting, Team

MOST_VERSIONS, MOST_PARTS = 99, 9
"""What a page's code has room for."""


@transaction.atomic
def print_pages(*, teams: Iterable[Team], month: Period, by, at: datetime) -> list[PrintedPage]:
    """The month pages of some teams, in the teams' order; a page already printed is taken again as long as nobody on it changed.

    Whenever people or calendar have changed, all pages of the team get the next version. All or none: raises
    ValidationError when nobody of these teams is in post that month, or with every page that cannot be printed.
    """
    teams = list(teams)
    for team in teams:
        by.require("attendance.book_print", at, team)
    # held until the end, so that two who print at once get the same pages
    list(Team.objects.select_for_update(of=("self",)).filter(pk__in=[team.pk for team in teams]).order_by("pk"))
    wanted = editions(teams, month)
    if not wanted:
        raise ValidationError(f"{month.label}没有人在任，没有可以印的页。")
    wrong = [sentence for one in wanted for sentence in _against(one, month)]
    if wrong:
        raise ValidationError(wrong)
    found: list[PrintedPage] = []
    new: list[PrintedPage] = []
    for one in wanted:
        if one.holds:
            found += one.rows
            continue
        version = one.last.version + 1 if one.last else 1
        rows = [_page(one.team, month, replace(page, version=version), by, at) for page in one.drafts]
        found, new = found + rows, new + rows
    PrintedPage.objects.bulk_create(new)
    for row in new:
        if row.part == 1:
            data = {"month": month.name, "version": row.version, "parts": row.parts}
            journal.note(by=by, at=at, action="book.printed", target=row.team, data=data)
    return found


def print_books(*, teams: Iterable[Team], months: Iterable[Period], by, at: datetime) -> dict[Team, list[PrintedPage]]:
    """By team, in the teams' order: its pages of several months; a month in which none of the teams has anybody is left out.

    A transaction a month. Raises ValidationError as `print_pages` does, and when nobody is in post in any of the months.
    """
    teams, months = list(teams), list(months)
    manned = [month for month in months if Posting.objects.during(month).filter(team__in=teams).exists()]
    if not manned:
        when = "、".join(month.label for month in months[:1] + months[1:][-1:])
        raise ValidationError(f"{when}没有人在任，没有可以印的页。")
    found: dict[Team, list[PrintedPage]] = {team: [] for team in teams}
    for month in manned:
        for row in print_pages(teams=teams, month=month, by=by, at=at):
            found[row.team].append(row)
    return {team: rows for team, rows in found.items() if rows}


def _against(one: Edition, month: Period) -> list[str]:
    """Why a team's month cannot be printed, in sentences."""
    name = f"{one.team}{month.label}"
    if one.last and one.last.version >= MOST_VERSIONS and not one.holds:
        return [f"{name}的记录本已经印了 {MOST_VERSIONS} 版，请先核对任职日期。"]
    if len(one.drafts) > MOST_PARTS:
        return [f"{name}有 {one.people} 人在任，一支队最多印 {MOST_PARTS} 页，请先核对任职。"]
    try:
        refuse_unprintable(one.drafts)
    except ValueError as refusal:
        return [f"{name}：{refusal}"]
    return []


def _page(team: Team, month: Period, page: Page, by, at: datetime) -> PrintedPage:
    return PrintedPage(
        team=team, month=month.start, version=page.version, part=page.part, parts=page.parts, code=page.code(page_key()),
        snapshot=as_data(page), printed_by=by, printed_at=at,
    )  # fmt: skip
