"""The user's own workbook with its problems marked, so that they can be mended where they are."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from zhucun.base.web.excel import Workbook
from zhucun.base.web.ledger import Problem

from .reading.gate import MB
from .reading.workbook import PLACE

MODULE = "zhucun.overview.exchange.reading.marker"
MOST = 2_000  # problems marked; beyond that it is not cell by cell that one mends
LARGEST = 6 * MB  # bytes of a workbook that is copied with marks; larger ones get the list alone


def marked(content: bytes, problems: Sequence[Problem]) -> bytes:
    """The marked copy, or a workbook with the list alone where a copy would be too much work."""
    if len(content) <= LARGEST:
        copy = _copied(content, problems[:MOST])
        if copy:
            return copy
    return listed(problems)


def _copied(content: bytes, problems: Sequence[Problem]) -> bytes:
    rows = [[p.sheet, p.row, p.column, p.value, p.sentence] for p in problems]
    head = json.dumps({"memory": 900 * MB, "seconds": 60, "problems": rows}, ensure_ascii=True) + "\n"
    environ = {"PYTHONPATH": str(PLACE), "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(  # noqa: S603  our own module, no text of the user's
            [sys.executable, "-m", MODULE], input=head.encode() + content, capture_output=True, env=environ,
            timeout=240, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""


def listed(problems: Sequence[Problem]) -> bytes:
    """A workbook that lists the problems."""
    book = Workbook()
    rows = ([p.sheet, p.row or None, p.column, p.value, p.sentence] for p in problems)
    book.sheet("问题清单", ("工作表", "行", "列", "填的是", "怎么改"), rows, widths={"填的是": 26, "怎么改": 80})
    with book.finish() as file:
        return file.read()
