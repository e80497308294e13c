"""`zhucun read_book FILE…`: scans and photos of the book's pages become proposed marks; nothing is written without --save."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.access.actions import caretaker
from zhucun.base.directory.models import Division
from zhucun.base.journal.progress import Progress
from zhucun.base.timeline import clock
from zhucun.work.attendance.actions.readings import keep_readings
from zhucun.work.attendance.models import Reading
from zhucun.work.attendance.paging import page_key
from zhucun.work.attendance.readings import lookup_for
from zhucun.work.attendance.scan.metadata import without_metadata
from zhucun.work.attendance.scan.reader import read
from zhucun.work.attendance.scan.reading import Cell, Read

WORDS = {"村": "在村", "视": "视同", "假": "请假", "休": "休", None: None}
"""A bubble as the answer calls it."""
REASONS = 3
"""How many reasons the sentence names when nothing could be read."""


class Command(BaseCommand):
    """Reads every file in the order given."""

    requires_system_checks: list[str] = []  # they load every page of the product, half of the time of reading a file
    help = "识读出勤记录本的扫描件或照片（png、jpg、pdf）；不加 --save 什么都不写入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """As contract.md section 2 and book.md write them."""
        parser.add_argument("files", metavar="FILE", nargs="+", help="扫描件或照片")
        parser.add_argument("--json", action="store_true", help="把结果以一个 JSON 数组输出到标准输出，每页一项")
        parser.add_argument("--save", action="store_true", help="存入：有把握的进出勤，看不准的等人核对")
        parser.add_argument("--county", metavar="CODE", help="有几个县时写明 6 位代码")

    def handle(self, *args: Any, files: list[str], county: str | None, save: bool, **options: Any) -> None:
        """Read, keep where asked to, and say what was found; with --json standard output is an array whatever happens.

        CommandError (exit code 1) after that, when not one page could be read.
        """
        try:
            pages = self._pages(files, county, save=save)
        except CommandError:
            if options["json"]:
                self.stdout.write("[]")
            raise
        if options["json"]:
            self.stdout.write(json.dumps(pages, ensure_ascii=False))
        else:
            for page in pages:
                self.stdout.write(_as_line(page))
            self.stdout.write(_summary(pages, save=save))
        if all(page["status"] == "refused" for page in pages):
            raise CommandError(_nothing_read(pages))

    def _pages(self, files: list[str], county: str | None, *, save: bool) -> list[dict[str, Any]]:
        """Every page of the files in order, kept where asked to."""
        paths = [_readable(name) for name in files]
        found, batch, progress = _county(county), uuid4(), Progress(self.stderr.write)
        pages: list[dict[str, Any]] = []
        for n, (name, path) in enumerate(zip(files, paths, strict=True)):
            progress(f"正在读第 {n + 1} 个文件，共 {len(files)} 个，已读 {len(pages)} 页")
            content = _content(path, name)
            reads = list(_reads(name, content, found.pk, progress, len(pages)))
            pages += [_as_json(name, one) for one in reads]
            if save:
                _save(reads, content, batch, found, self.stderr.write)
        return pages


def _readable(name: str) -> Path:
    """A file that is there; CommandError with a sentence otherwise, before anything is read."""
    path = Path(name)
    try:
        if path.is_dir():
            raise CommandError(f"{name} 是一个文件夹，请写明文件夹里的文件。")
        path.open("rb").close()
    except FileNotFoundError:
        raise CommandError(f"没有找到文件 {name}，请核对路径。") from None
    except (OSError, ValueError) as trouble:
        raise CommandError(f"文件 {name} 打不开（{getattr(trouble, 'strerror', None) or trouble}），请检查。") from None
    return path


def _content(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, MemoryError) as trouble:
        raise CommandError(f"文件 {name} 读不出来（{getattr(trouble, 'strerror', None) or '内存不够'}）。") from None


def _county(code: str | None) -> Division:
    counties = Division.objects.filter(kind=Division.Kind.COUNTY)
    found = list(counties.filter(pk=code) if code else counties)
    if len(found) == 1:
        return found[0]
    if code:
        raise CommandError(f"系统里没有代码为 {code} 的县，请核对。")
    if not found:
        raise CommandError("系统里还没有县，也就没有打印过记录本。请先导入台账。")
    raise CommandError(f"系统里有几个县，请用 --county 写明：{'、'.join(f'{one.pk} {one}' for one in found)}。")


def _reads(name: str, content: bytes, county: str, progress: Progress, before: int) -> Iterator[Read]:
    lookup = lookup_for(caretaker().scope_on(clock.today()))  # the command line reads every township's pages
    for n, one in enumerate(read(Path(name).name, without_metadata(content), lookup, county, page_key()), start=1):
        progress(f"已读 {before + n} 页")
        yield one


def _save(reads: list[Read], content: bytes, batch: UUID, county: Division, warn: Callable[[str], object]) -> None:
    """Keep the pages of a file, and tell what is to be known besides."""
    kept = keep_readings(
        reads=reads, digest=sha256(content).hexdigest(), batch=batch, county=county, township=None, by=caretaker(),
        at=clock.now(),
    )  # fmt: skip
    for row in kept:
        if row.state == Reading.State.AGAIN or row.warnings:
            warn(f"{row}：{'；'.join(filter(None, (row.reason, *row.warnings)))}")


def _as_json(name: str, one: Read) -> dict[str, Any]:
    page = one.page if one.is_read else None
    return {
        "file": name,
        "page": one.number,
        "team": page.team if page else None,
        "month": page.month if page else None,
        "version": page.version if page else None,
        "part": page.part if page else None,
        "status": "read" if page else "refused",
        "reason": str(one.reason) if not page else "",
        "cells": [_cell(cell) for cell in one.cells] if page else [],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "person": cell.person,
        "day": cell.day,
        "value": WORDS[cell.value],
        "confidence": cell.confidence,
        "human": cell.human,
        "why": cell.why,
    }


def _as_line(page: dict[str, Any]) -> str:
    where = f"{page['file']} 第{page['page']}页"
    if page["status"] == "refused":
        return f"{where}：没有读出，{page['reason']}。"
    asked = sum(cell["human"] for cell in page["cells"])
    part = f"第{page['part']}页 第{page['version']}版"
    return f"{where}：{page['team']} {page['month']} {part}，{len(page['cells'])} 格，要人核对 {asked} 格。"


def _summary(pages: list[dict[str, Any]], *, save: bool) -> str:
    read_ones = [page for page in pages if page["status"] == "read"]
    kept = "结果已保存，请到“记录本识读”查看。" if save else "没有写入；要存入请加 --save。"
    return f"共 {len(pages)} 页，读出 {len(read_ones)} 页，没有读出 {len(pages) - len(read_ones)} 页。{kept}"


def _nothing_read(pages: list[dict[str, Any]]) -> str:
    reasons = list(dict.fromkeys(page["reason"] for page in pages))
    why = "；".join(reasons[:REASONS]) + ("等" if len(reasons) > REASONS else "")
    return f"共 {len(pages)} 页，一页也没有读出{f'（{why}）' if why else ''}，请按原因重新扫描或拍照后再读。"
