"""`zhucun print_book --month 2022-11`: month pages of the attendance book as a PDF, and where every bubble stands."""

import json
import os
from argparse import ArgumentParser
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from zhucun.base.access.actions import caretaker
from zhucun.base.directory.models import Division
from zhucun.base.journal.progress import Progress
from zhucun.base.journal.vault_file import write_whole
from zhucun.base.timeline import clock
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.actions.printing import print_pages
from zhucun.work.attendance.book.binding import Binding, bound, places
from zhucun.work.attendance.book.pages import Page
from zhucun.work.attendance.paging import page_key, printed
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams.models import Team


class Command(BaseCommand):
    """Keeps the pages with what stands on them, then writes the PDF, whole or not at all."""

    requires_system_checks: list[str] = []  # as in read_book
    help = "打印出勤记录本：某个月的月页，一队或全县，写成 PDF；--layout 另写每个圈的位置。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """As contract.md section 2 writes them."""
        parser.add_argument("--month", metavar="2022-11", required=True, help="月份")
        parser.add_argument("--team", metavar="NO", help="工作队编号；不写就是当月有人在任的所有工作队，按村排列")
        parser.add_argument("--output", metavar="FILE.pdf", required=True, help="写到哪个 PDF；已有的会被替换")
        parser.add_argument("--layout", metavar="FILE.json", help="另把每一页每个圈的位置（毫米）写成 JSON")
        parser.add_argument("--cover", action="store_true", help="每队前面加封面和填写说明")
        parser.add_argument("--county", metavar="CODE", help="有几个县时写明 6 位代码")

    def handle(self, *args: Any, month: str, team: str | None, county: str | None, **options: Any) -> None:
        """Find the teams, keep their pages, bind them, write."""
        output, layout = _place_for(options["output"]), _place_for(options["layout"])
        if layout is not None and layout == output:
            raise CommandError("--output 和 --layout 是同一个文件，请换一个文件名。")
        progress = Progress(self.stderr.write)
        try:
            period = month_named(month)
            teams = _teams(period, team, county)
            rows = print_pages(teams=teams, month=period, by=caretaker(), at=clock.now())
            books = [[printed(row) for row in own] for _, own in groupby(rows, key=lambda row: row.team_id)]
            total, binding = len(rows), Binding(cover=options["cover"])
            pdf = bound(books, page_key(), binding, lambda done: progress(f"已排好 {done} 页，共 {total} 页"))
        except ValidationError as refusal:
            raise CommandError("\n".join(refusal.messages)) from None
        except ValueError as refusal:
            raise CommandError(str(refusal)) from None
        _write(output, pdf)
        if layout is not None:
            _write(layout, _told(books, binding))
        self.stdout.write(f"已写入 {output}：{period.label} {len(books)} 支队，{total} 张月页。")


def _teams(month: Period, number: str | None, county: str | None) -> list[Team]:
    """The teams asked for, by village; CommandError when there are none or one does not say which."""
    if county and not Division.objects.filter(kind=Division.Kind.COUNTY, pk=county).exists():
        raise CommandError(f"系统里没有代码为 {county} 的县，请核对。")
    rows = Team.objects.select_related("village__township", "county", "lead_unit").order_by("village_id", "number")
    rows = rows.filter(county=county) if county else rows
    if number is None:
        return list(rows.during(month))
    found = list(rows.filter(number=number))
    if not found:
        raise CommandError(f"没有编号为“{number}”的工作队，请核对编号。")
    if len(found) > 1:
        raise CommandError(f"几个县都有编号为“{number}”的工作队，请用 --county 写明是哪个县。")
    return found


def _told(books: list[list[Page]], binding: Binding) -> bytes:
    return (json.dumps(places(books, binding), ensure_ascii=False) + "\n").encode()


def _place_for(name: str | None) -> Path | None:
    """The file to be written, refused before any work is done where it cannot be."""
    if name is None:
        return None
    try:
        path = Path(name).resolve()
        if path.is_dir():
            raise CommandError(f"“{name}”是一个文件夹，请写明文件名。")
        if path.exists() and not path.is_file():
            raise CommandError(f"“{name}”不是普通文件，不能写进去，请换一个文件名。")
        if not path.parent.is_dir():
            raise CommandError(f"没有“{path.parent}”这个文件夹，请先建好，或换一个地方。")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise CommandError(f"不能往“{path.parent}”里写文件，请检查权限，或换一个地方。")
    except (OSError, ValueError, RuntimeError) as trouble:
        raise CommandError(f"路径“{name}”用不了（{trouble}），请检查。") from None
    return path


def _write(path: Path | None, content: bytes) -> None:
    assert path is not None
    try:
        write_whole(path, content)
        path.chmod(0o644)
    except OSError as trouble:
        raise CommandError(f"文件 {path} 写不进去（{trouble.strerror or trouble}），请检查权限和磁盘空间。") from None
