"""What reading gives back: pages found in a file, each read or refused, with a value, a confidence and reasons for every cell."""

from collections.abc import Callable
from dataclasses import dataclass, field

from zhucun.work.attendance.book.pages import Page

READER = "6"
"""Version of the reader; kept with every reading. Raise it whenever a threshold or a rule changes."""

Lookup = Callable[[str], "Page | str"]
"""From the text of a page's code to the page as printed, or a Chinese sentence saying why it cannot be taken."""


@dataclass(frozen=True)
class Cell:
    """One person-day as read: `value` is one of 村 视 假 休 or None; `human` sends it to a person; `why` says in Chinese why.

    `confidence` lies between 0 and 1; `measures` are the raw ink measures of the four bubbles, `rule` the name of the rule
    that fired; `crop` is the place of the cell in the page's picture: left, top, width, height in pixels.
    """

    person: str
    day: int
    value: str | None
    confidence: float
    human: bool
    why: str = ""
    rule: str = ""
    measures: tuple[float, ...] = ()
    crop: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True)
class Read:
    """One page found in a file, `number` counting the file's pages from 1: the printed page and its cells, or why it is refused.

    `reason` is a Chinese sentence for a village cadre when refused, else empty. `picture` is the straightened page as JPEG
    without any metadata, whose pixels the cells' crops refer to; `warnings` are sentences about the whole page.
    """

    file: str
    number: int
    reason: str = ""
    code: str = ""
    page: Page | None = None
    cells: tuple[Cell, ...] = ()
    picture: bytes = b""
    warnings: tuple[str, ...] = field(default=())

    @property
    def is_read(self) -> bool:
        """Whether the page was taken."""
        return not self.reason
