"""The reference page of the workbook (docs/reference/workbook.md), made from the declarations of the sheets."""

from collections.abc import Iterator

from .exporting import KINDS
from .planning import SHEETS, TO_COME


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 年度台账工作簿"
    yield ""
    yield "<!-- generated: zhucun.overview.exchange.reference; a test fails when it is stale -->"
    yield ""
    yield "一个 `.xlsx` 一个县。列的先后不限，列标题可以带 `*`；不认识的列和工作表跳过并提醒；工作表可以没有，也可以是空的。"
    yield "选填的列整列不要，就保留系统里已有的内容；列在而格子空着，就是清空。日期的最后一天都含在内。"
    for sheet in SHEETS.values():
        yield ""
        yield f"## {sheet.name}"
        yield ""
        yield f"按 {' + '.join(sheet.key)} 识别同一行。{sheet.note}".strip()
        yield ""
        yield "| 列 | 必填 | 填什么 | 最长 | 说明 |"
        yield "|---|---|---|---|---|"
        for column in sheet.columns:
            what = "、".join(column.choices) or KINDS[column.kind]
            longest = (
                str(column.max_length)
                if column.kind in {"text", "name", "code", "identity", "many"} and not column.choices
                else ""
            )
            yield f"| {column.header} | {'必填' if column.required else ''} | {what} | {longest} | {column.hint} |"
    yield ""
    yield "## 以后的工作表"
    yield ""
    yield f"这个版本还不收，遇到时跳过并提醒：{'、'.join(TO_COME)}。"
