"""A roster looked at, so that somebody can say what its columns hold; and read, once that is said."""

from collections.abc import Callable
from typing import IO, Any

from zhucun.base.directory.models import Division
from zhucun.overview.exchange.parsing import Read
from zhucun.overview.exchange.reading.gate import WEB, Fault
from zhucun.overview.exchange.reading.workbook import read as read_workbook

from . import guess
from .convert import Conversion
from .grid import Grid, grid_of
from .places import County

NO_ROSTER = (
    "没有找到花名册：前 15 行里没有认得出的列标题（如姓名、性别、出生年月、单位、村）。"
    "请确认每人一行、上方有一行列标题，再上传。"
)


def look(file: IO[bytes], county: Division) -> dict[str, Any]:
    """Headers, first values and different words of a roster, with a guess what each column holds."""
    grid = _grid(file)
    guessed = guess.columns(grid.headers)
    return {
        "sheet": grid.sheet,
        "rows": len(grid.rows),
        "header_row": grid.header_row,
        "fingerprint": grid.fingerprint,
        "headers": grid.headers,
        "guess": guessed,
        "examples": guess.examples(grid, guessed),
        "words": [guess.words_of(grid, index) for index in range(len(grid.headers))],
    }


def read(file: IO[bytes], county: Division, answers: dict[str, Any], progress: Callable[[str, int], Any]) -> Read:
    """The lines of a roster read as answered; raises Fault when the file holds none."""
    progress("正在读取花名册", 0)
    grid = _grid(file)
    return Conversion(grid, County.load(county.pk), answers).run()


def _grid(file: IO[bytes]) -> Grid:
    grid = grid_of(read_workbook(file, WEB))
    if not grid.rows:
        raise Fault(NO_ROSTER)
    return grid
