"""The parts of an official document as plain data, and how its texts are measured and written."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhucun.base.web.excel import UNWRITABLE

# what a heading begins with → its level: 一、 / （一） / 1. / （1）
NUMBERS = ("[一二三四五六七八九十百]+、", "[（(][一二三四五六七八九十百]+[）)]", r"\d+[.．]", r"[（(]\d+[）)]")
TITLE_LINE = 19  # characters of the title in one line; twenty would just fit
# what a title must not tear at the end of a line
WHOLE = re.compile(
    "乡村振兴|驻村|帮扶|工作队|第一书记|队员|队长|选派|轮换|年度|督查|约谈|召回|考核|培训|情况|办公室|领导小组|关于|会议|纪要"
    r"|\d+[年月日号期]*|[A-Za-z0-9]+"
)
CLOSING, OPENING = "的、，。；：）》”’〕)", "（《“‘〔("


@dataclass(frozen=True)
class Heading:
    """A heading of the text; its level (1 to 4) is told by its number unless given: 一、（一）1.（1）."""

    text: str
    level: int = 0

    @property
    def depth(self) -> int:
        """The level, 1 where the text begins with no number."""
        found = (level for level, number in enumerate(NUMBERS, 1) if re.match(number, self.text.strip()))
        return min(self.level, 4) or next(found, 1)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; every line of `text` is one. `lead` is a heading in the same line (“（一）总体目标。”)."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Table:
    """A table with borders whose header row is repeated on every page.

    `widths` are proportions, by default what the texts need. In the first `merge` columns equal values that follow
    each other become one cell. `size` of the text in points, by default 12, or less where much stands in a row. `high`
    is how many lines each row is high at least, where a form leaves room for handwriting.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[float] = ()
    merge: int = 0
    size: float = 0
    high: Sequence[float] = ()


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Attachment:
    """What stands behind the document on pages of its own: one block or several; `landscape` for wide tables."""

    title: str
    body: Block | Sequence[Block]
    landscape: bool = False

    @property
    def blocks(self) -> list[Block]:
        """The blocks in their order."""
        return [self.body] if isinstance(self.body, Heading | Paragraph | Table) else list(self.body)


@dataclass(frozen=True)
class Document:
    """An official document; whatever is empty is left out.

    `issuer` is the office as the file's author. `mark` is the red name at the head (“祁东县驻村办文件”), left out where
    paper with a printed head is used. `imprint` are two texts left and right above the red line (the office and the day
    of a 简报). A line break in `title` is kept, otherwise long titles are broken evenly. `to` ends with a colon,
    `copies` begins with 抄送. `note` stands below the date (“（联系人：…）”). `printed_by` is the office in the printing
    record, on `printed_on` or else `day`. A `draft` says so below its title.
    """

    issuer: str
    title: str
    body: Sequence[Block] = ()
    number: str = ""
    mark: str = ""
    imprint: tuple[str, str] = ("", "")
    to: str = ""
    attachments: Sequence[Attachment] = ()
    signature: str = ""
    day: date | None = None
    note: str = ""
    copies: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    draft: bool = False


def written(text: Any) -> str:
    """The text in one line without what XML cannot carry."""
    return " ".join(lines(text))


def lines(text: Any) -> list[str]:
    """The lines of a text that are not empty, each without what XML cannot carry."""
    found = UNWRITABLE.sub("", str(text or "")).replace("\t", " ").splitlines()
    return [line.strip() for line in found if line.strip()]


def day_text(day: date) -> str:
    """A day as documents write it: 2022年12月7日."""
    return f"{day.year}年{day.month}月{day.day}日"


def width(text: str) -> float:
    """How wide a text is, in characters: Latin letters and digits take half of one."""
    return sum(1 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def title_lines(title: str) -> list[str]:
    """The title in lines of about equal length, not torn inside a word or number, before 的, or at a bracket."""
    given = lines(title)
    if len(given) != 1 or width(given[0]) <= TITLE_LINE:
        return given
    rest, found = given[0], []
    for left in range(int(-(-width(rest) // TITLE_LINE)), 1, -1):
        cuts = [at for at in _gaps(rest) if width(rest[:at]) <= TITLE_LINE]
        if not cuts:
            break
        ideal = width(rest) / left
        cut = min(cuts, key=lambda at: abs(width(rest[:at]) - ideal) - (4 if rest.startswith("关于", at) else 0))
        found.append(rest[:cut])
        rest = rest[cut:]
    return [*found, rest]


def _gaps(text: str) -> list[int]:
    """Where a line may end."""
    torn = {at for word in WHOLE.finditer(text) for at in range(word.start() + 1, word.end())}
    return [
        at for at in range(1, len(text)) if at not in torn and text[at] not in CLOSING and text[at - 1] not in OPENING
    ]
