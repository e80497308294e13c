"""A document as the plain data official.typ sets: texts and numbers only, so that nothing typed is ever read as typst."""

from collections.abc import Sequence
from typing import Any

from zhucun.base.web.cells import text_of
from zhucun.base.web.word import Attachment, Document, Heading, Paragraph, Table, day_text
from zhucun.base.web.word.grids import high_of, measured
from zhucun.base.web.word.papers import Block, lines, title_lines, width, written

TEXT_WIDTH, LANDSCAPE_WIDTH = 8844, 12755
"""156 mm and 225 mm in twentieths of a point, as base/web/word counts."""
MARK_SIZES = (26, 44)
SHORT = 300
"""How many letters of a cell surely fit one page."""
LEADS = {1: "strong", 2: "plain", 3: "plain", 4: "plain"}

Data = dict[str, Any]


def data_of(document: Document) -> Data:
    """Everything of a document in the order of the page."""
    day = day_text(document.day) if document.day else ""
    printed_on = (document.printed_on or document.day) if document.printed_by else None
    name = written(document.signature)
    titles = [written(one.title) for one in document.attachments]
    return {
        "mark": written(document.mark), "mark_size": _mark_size(written(document.mark)),
        "number": written(document.number), "imprint": [written(text) for text in document.imprint],
        "title": title_lines(document.title), "draft": document.draft, "to": written(document.to),
        "blocks": _blocks(document.body, TEXT_WIDTH), "attached": _attached(titles),
        "name": name, "day": day, "name_in": max(4 + (width(day) - width(name)) / 2 if day else 4, 0),
        "note": written(document.note), "attachments": [_attachment(document, one, at) for at, one in enumerate(document.attachments, 1)],
        "copies": written(document.copies), "printed_by": written(document.printed_by),
        "printed_on": f"{day_text(printed_on)}印发" if printed_on else "",
    }  # fmt: skip


def texts(data: Any) -> list[str]:
    """Every text of the data, to be looked through for signs the font lacks."""
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        return [text for value in data.values() for text in texts(value)]
    return [text for value in data for text in texts(value)] if isinstance(data, list) else []


def _mark_size(mark: str) -> int:
    smallest, largest = MARK_SIZES
    return int(max(smallest, min(largest, TEXT_WIDTH / 20 / max(width(mark), 1))))


def _attached(titles: Sequence[str]) -> list[Data]:
    """附件说明: each title with its label and how far it hangs, in characters."""
    many = len(titles) > 1
    found = []
    for at, title in enumerate(titles, 1):
        number = f"{at}." if many else ""
        label = f"附件：{number}" if at == 1 else number
        found.append({"label": label, "title": title, "in": 5 + width(number), "hang": width(label)})
    return found


def _attachment(document: Document, attachment: Attachment, at: int) -> Data:
    room = LANDSCAPE_WIDTH if attachment.landscape else TEXT_WIDTH
    return {
        "label": f"附件{at}" if len(document.attachments) > 1 else "附件", "title": title_lines(attachment.title),
        "landscape": attachment.landscape, "blocks": _blocks(attachment.blocks, room),
    }  # fmt: skip


def _blocks(blocks: Sequence[Block], room: float) -> list[Data]:
    found: list[Data] = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append({"kind": "heading", "depth": block.depth, "text": written(block.text)})
        elif isinstance(block, Paragraph):
            lead = written(block.lead)
            for at, text in enumerate(lines(block.text) or ([""] if lead else [])):
                strong = bool(lead) and not at and LEADS[Heading(lead).depth] == "strong"
                found.append({"kind": "text", "lead": lead if not at else "", "strong": strong, "text": text})
        else:
            found.append(_table(block, room))
    return found


def _table(table: Table, room: float) -> Data:
    rows = [[lines(text_of(value)) for value in row] for row in table.rows]
    size, widths, left = measured(table, rows, room)
    columns = len(table.columns)
    rows = [(row + [[]] * columns)[:columns] for row in rows]
    return {
        "kind": "table", "size": size, "widths": widths, "head": [written(name) for name in table.columns],
        "rows": [
            [{"text": "\n".join(cell), "left": at in left, "span": _span(rows, table.merge, n, at), "more": max(high_of(table, n) - max(map(len, row)), 0), "whole": _whole(table, row)} for at, cell in enumerate(row)]
            for n, row in enumerate(rows)
        ],
    }  # fmt: skip


def _whole(table: Table, row: list[list[str]]) -> bool:
    """Whether a row stays on one page: where nothing is merged, and it is too short to need two."""
    return not table.merge and all(len(cell) <= 10 and sum(map(len, cell)) <= SHORT for cell in row)


def _span(rows: list[list[list[str]]], merge: int, n: int, at: int) -> int:
    """How many rows a cell covers; 0 for one covered by the cell above it."""
    if at >= merge:
        return 1

    def same(one: int, other: int) -> bool:
        return rows[one][: at + 1] == rows[other][: at + 1]

    if n and same(n, n - 1):
        return 0
    last = n
    while last + 1 < len(rows) and same(n, last + 1):
        last += 1
    return last - n + 1
