"""The process that marks problems in a copy of the user's workbook: the file on standard input, the copy on standard output.

Started like `child`, with limits of its own. The first argument is JSON: memory, seconds, and problems as
[sheet, row, header, value, sentence].
"""

import io
import json
import resource
import sys
import warnings

LIST = "问题清单"
HEADER_WITHIN = 12


def main() -> None:
    """Mark and hand out; any failure is an empty answer, the caller has a plainer list to offer."""
    given = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (given["memory"], given["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (given["seconds"], given["seconds"] + 5))
    warnings.simplefilter("ignore")
    content = marked(io.BytesIO(sys.stdin.buffer.read()), given["problems"])
    sys.stdout.buffer.write(content)


def marked(file: io.BytesIO, problems: list[list]) -> bytes:
    """The workbook with every problem cell coloured and commented, and a list of them as its first sheet."""
    from openpyxl import load_workbook  # noqa: PLC0415  after the limits are set

    book = load_workbook(file)
    titles = {"".join(title.split()): title for title in book.sheetnames if title != LIST}
    if LIST in book.sheetnames:
        del book[LIST]
    links = []
    columns: dict[str, dict[str, int]] = {}
    for sheet, row, header, _, sentence in problems:
        title = titles.get(sheet)
        if title is None:
            links.append("")
            continue
        page = book[title]
        headers = columns.setdefault(title, _headers(page))
        cell = page.cell(row or 1, headers.get(header, 1))
        _mark(cell, sentence)
        links.append(f"#'{title}'!{cell.coordinate}")
    _list(book, problems, links)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headers(page) -> dict[str, int]:
    """Column numbers by header, of the row near the top with the most texts in it."""
    best: dict[str, int] = {}
    for row in page.iter_rows(max_row=HEADER_WITHIN):
        texts = {
            "".join(str(cell.value).split()).strip("*＊"): cell.column for cell in row if isinstance(cell.value, str)
        }
        best = texts if len(texts) > len(best) else best
    return best


def _mark(cell, sentence: str) -> None:
    from openpyxl.cell.cell import MergedCell  # noqa: PLC0415
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    if isinstance(cell, MergedCell):
        return
    before = f"{cell.comment.text}\n" if cell.comment and cell.comment.author == LIST else ""
    cell.fill = PatternFill("solid", start_color="FFF4B6B0")
    cell.comment = Comment(before + sentence, LIST, width=320, height=120)


def _list(book, problems: list[list], links: list[str]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    page = book.create_sheet(LIST, 0)
    book.active = 0
    page.append(["工作表", "行", "列", "填的是", "怎么改"])
    for (sheet, row, header, value, sentence), link in zip(problems, links, strict=True):
        page.append([sheet, row or None, header, None, sentence])
        cell = page.cell(page.max_row, 4)
        cell.value, cell.data_type, cell.number_format = value, "s", "@"
        if link:
            page.cell(page.max_row, 1).hyperlink = link
            page.cell(page.max_row, 1).font = Font(color="FF1D4F91", underline="single")
        page.cell(page.max_row, 5).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", (14, 8, 18, 26, 80), strict=True):
        page.column_dimensions[letter].width = width
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "A2"


if __name__ == "__main__":
    main()
