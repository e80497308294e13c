"""What a job of the book does: pages bound into a file, or uploaded files read one after the other."""

import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO

from django.core.exceptions import ValidationError

from zhucun.base.access.models import User
from zhucun.base.directory.models import Division
from zhucun.base.journal.vault_file import write_whole
from zhucun.work.teams.models import Team

from .actions.printing import print_books
from .actions.readings import keep_readings
from .jobs import Upload, Work
from .models import PrintedPage
from .paging import page_key, printed
from .readings import lookup_for
from .roster import month_named
from .scan.reading import Lookup, Read

log = logging.getLogger("zhucun.attendance")
TROUBLE = "处理时出了意外，没有做完。请再试一次；如果还是这样，请联系系统管理员查看日志。"
FILE_TROUBLE = "读这个文件时出了意外，没有读完。请换一种方式重新扫描或拍照；也可以对照记录本手工录入。"
ATTEMPTS = 2
"""How often a file is begun before it is taken for one that breaks the process."""


def do_print(work: Work, by: User, at: datetime) -> None:
    """Make the file asked for; what stands against it ends as the work's own sentences."""
    teams = Team.objects.filter(pk__in=work.options["teams"]).select_related("village__township", "county", "lead_unit")
    months = [month_named(name) for name in work.options["months"]]
    try:
        books = print_books(teams=teams.order_by("village_id", "number"), months=months, by=by, at=at)
        content = _file(work, books)
    except (ValidationError, ValueError) as refusal:
        sentences = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        work.failed = "\n".join(sentences)
    else:
        leaves = 0 if work.options["kind"] == "zip" else _leaves(content)
        work.options |= {
            "pages": sum(map(len, books.values())),
            "books": len(books),
            "size": len(content),
            "leaves": leaves,
        }
        write_whole(work.made, content)
    work.over = True
    work.keep()


def _file(work: Work, books: dict[Team, list[PrintedPage]]) -> bytes:
    from .book.binding import Binding, bound  # noqa: PLC0415  typst is heavy, and most processes never print

    binding, total = Binding(work.options["cover"], work.options["daily"]), sum(map(len, books.values()))
    pages = {team: [printed(row) for row in rows] for team, rows in books.items()}

    def tell(done: int) -> None:
        work.tell(f"正在排版，已排好 {done} 页，共 {total} 页", round(100 * done / total))

    if work.options["kind"] != "zip":
        return bound(list(pages.values()), page_key(), binding, tell)
    into, done = BytesIO(), 0
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        for team, own in pages.items():
            file.writestr(f"{_name(team)}.pdf", bound([own], page_key(), binding))
            done += len(own)
            tell(done)
    return into.getvalue()


def _name(team: Team) -> str:
    """A file's name that every system takes."""
    words = f"{team.village.township}-{team.village}-{team.number}"
    return "".join("_" if sign in '\\/:*?"<>|' or ord(sign) < 32 else sign for sign in words)


def do_read(work: Work, by: User, now: Callable[[], datetime]) -> None:
    """Read every file that is left, each page kept as soon as it is read; broken off, it is simply called again."""
    lookup = lookup_for(by.scope_on(now().date(), "attendance.book_read"))
    for n, upload in enumerate(work.uploads):
        if upload.over:
            continue
        text = f"正在读第 {n + 1} 个文件，共 {len(work.uploads)} 个：{upload.name}"
        work.tell(text, round(100 * n / len(work.uploads)))
        upload.begun += 1
        work.keep()
        _read_one(work, upload, lookup, by, now())
        work.file(upload.digest).unlink(missing_ok=True)
        upload.over = True
        work.keep()
    work.over = True
    work.keep()


def _read_one(work: Work, upload: Upload, lookup: Lookup, by: User, at: datetime) -> None:
    county = Division.objects.get(pk=work.options["county"])
    township = Division.objects.filter(pk=work.options["township"]).first()
    keep_readings(
        reads=_reads(work, upload, lookup, county.pk), digest=upload.digest, batch=work.id, county=county, township=township,
        by=by, at=at,
    )  # fmt: skip


def _reads(work: Work, upload: Upload, lookup: Lookup, county: str) -> Iterator[Read]:
    """The pages of one file; whatever happens while reading it, a sentence about it comes last."""
    if upload.refusal or upload.begun > ATTEMPTS:
        yield Read(upload.name, 1, upload.refusal or FILE_TROUBLE)
        return
    from .scan.reader import read  # noqa: PLC0415  OpenCV is heavy, and only this process reads

    number = 0
    try:
        content = work.file(upload.digest).read_bytes()
        leaves = _leaves(content)
        for one in read(upload.name, content, lookup, county, page_key()):
            yield one
            number = one.number
            work.tell(f"{upload.name}：已读 {number} 页，共 {leaves} 页", _percent(work, min(1.0, number / leaves)))
    except Exception:
        log.exception("reading %s of %s failed", upload.digest, work.id)
        yield Read(upload.name, number + 1, FILE_TROUBLE)


def _leaves(content: bytes) -> int:
    """How many pages a file has, as far as one can tell."""
    if not content.startswith(b"%PDF"):
        return 1
    import pypdfium2 as pdfium  # noqa: PLC0415  as above

    try:
        with pdfium.PdfDocument(content) as document:
            return max(1, len(document))
    except pdfium.PdfiumError:
        return 1


def _percent(work: Work, part: float) -> int:
    """How far the work is when `part` of the file at hand is done."""
    return round(100 * (sum(one.over for one in work.uploads) + part) / max(1, len(work.uploads)))
