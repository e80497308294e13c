"""An import before anything is written: the lines of a file, what they would change, and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from zhucun.base.journal.models import Entry, Head
from zhucun.base.web.ledger import Book, Problem

from .parsing import Read, parse
from .planning import SHEETS, TO_COME, plan
from .reading.gate import Fault, Limits
from .reading.workbook import read as read_workbook

Progress = Callable[[str, int], Any]
TOUCHED = ("directory.", "people.", "teams.", "access.", "attendance.", "inspections.", "accountability.")


@dataclass
class Outcome:
    """How an import ended: imported, unchanged, refused or dry-run; what each sheet brought; what is wrong or odd."""

    status: str
    county: str = ""
    sheets: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    book: Book | None = None
    digest: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "status": self.status,
            "county": self.county,
            "sha256": self.digest,
            "sheets": self.sheets,
            "problems": [problem.as_dict() for problem in self.problems],
            "warnings": [warning.as_dict() for warning in self.warnings],
        }


def read_ledger(file: IO[bytes], limits: Limits, progress: Progress = lambda text, n: None) -> Read:
    """The lines of a ledger workbook; raises Fault for a file that is none."""
    read = parse(read_workbook(file, limits), SHEETS, TO_COME, lambda sheet, n: progress(f"正在读取“{sheet}”", n))
    if not read.met and not any(warning.sheet in TO_COME for warning in read.warnings):
        names = "、".join(SHEETS)
        raise Fault(f"工作簿里没有一张认得的工作表。请按模板把工作表命名为：{names}；花名册请用“导入花名册”。")
    return read


def compare(*, read: Read, file: IO[bytes], by, at: datetime, progress: Progress) -> Outcome:
    """Work out what the lines would change: refused, unchanged, or ready to be written."""
    book = plan(read, timezone.localtime(at).date(), lambda sheet: progress(f"正在核对“{sheet}”", 0))
    if book.county:
        require_county(by, at, book.county)
    status = "refused" if book.problems else "unchanged" if book.is_unchanged else "ready"
    order = {name: place for place, name in enumerate(SHEETS)}
    problems = sorted(_placed(book.problems, read), key=lambda problem: (order.get(problem.sheet, -1), problem.row))
    sheets = {name: book.counts(sheet) for name, sheet in SHEETS.items() if name in book.pages}
    return Outcome(status, book.county, sheets, problems, _placed(book.warnings, read), book, digest_of(file))


def _placed(problems: list[Problem], read: Read) -> list[Problem]:
    """Problems where the reader knows them: a roster has columns of its own."""
    if not read.places:
        return problems
    return [
        replace(p, sheet=place[0], column=place[1]) if (place := read.places.get((p.sheet, p.column))) else p
        for p in problems
    ]


def require_county(by, at: datetime, county: str) -> None:
    """Importing into a county needs a duty in that very county (the caretaker has every one)."""
    scope = by.scope_on(timezone.localtime(at).date(), "exchange.import")
    if not scope.everything and county not in scope.county:
        raise PermissionDenied(f"您的账号不能导入 {county} 的台账，只能导入本县的。请核对工作簿里的区划代码。")


def stand() -> tuple:
    """Where the journal stands: everything written leaves an entry, so the same stand means the same data."""
    return Head.objects.values_list("journal", "count").first() or (None, 0)


def moved_on(before: tuple) -> bool:
    """Whether anything an import looks at was written since."""
    now = stand()
    if now == before:
        return False
    since = Entry.objects.filter(seq__gt=before[1]).values_list("target_type", flat=True).distinct()
    return now[0] != before[0] or any(kind.startswith(TOUCHED) for kind in since)


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of the file, hex."""
    file.seek(0)
    digest = sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()
