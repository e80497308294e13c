"""One cell of a workbook becomes a value of its column, or a sentence that says how to mend it; pure."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhucun.base.web.sheets import Column

EARLIEST, LATEST = 1900, 2100
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060\xad"))
UNTIDY = re.compile(r"[\x00-\x1f\x7f-\xa0\xad\u2000-\u206f\u3000\ufeff]|  |^ | $|_x000")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+|_x000[Dd]_")
BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
SEPARATORS = re.compile(r"[、，,;；\n]")
DAY = re.compile(r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*[日号]?)?\s*月?)(?:\s+0?0:00(?::00)?)?")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?\.?")
DAY_DIGITS, MONTH_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})"), re.compile(r"(\d{4})(\d{2})")
HELD_AS_NUMBER = "“{}”被 Excel 当成了数字，后几位已经丢失。请把这一列设成“文本”格式，再重新填写完整的号码。"


class Wrong(Exception):
    """Why a cell cannot be used, in one sentence."""


def value_of(cell: Any, column: Column) -> Any:
    """The value of a cell as its column's kind wants it; raises Wrong with a sentence."""
    if isinstance(cell, list):
        cell = _special(cell, column)
    if cell is None or (isinstance(cell, str) and not tidy(cell)):
        if column.required:
            raise Wrong(f"“{column.header}”必须填写。")
        return column.empty
    return READERS[column.kind](cell, column)


def tidy(text: str) -> str:
    """Text without invisible characters, line breaks and doubled spaces."""
    if not UNTIDY.search(text):
        return text
    return " ".join(CONTROL.sub(" ", text.translate(INVISIBLE)).split())


def plain(text: Any) -> str:
    """Text for comparing: half-width, no spaces at all."""
    if isinstance(text, str) and text.isascii() and text.isalnum():
        return text
    return "".join(unicodedata.normalize("NFKC", tidy(str(text))).split())


def shown(cell: Any) -> str:
    """A raw cell as a message repeats it."""
    if isinstance(cell, list):
        return "（公式）" if cell[0] == "f" else str(cell[1])
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and abs(cell) >= 1e15:
        return f"{cell:.6G}"  # as Excel shows it
    text = tidy(str(cell)) if cell is not None else ""
    return text if len(text) <= 60 else f"{text[:60]}…（共 {len(text)} 字）"


def _special(cell: list, column: Column) -> Any:
    kind = cell[0]
    if kind == "f":
        raise Wrong("单元格里是公式，系统只收数值。请选中这一格复制，再“选择性粘贴—数值”。")
    if kind == "e":
        raise Wrong(f"单元格里是错误值 {cell[1]}，请改正或清空。")
    if column.kind in {"date", "month_date", "month"}:
        return cell
    return cell[1]


# -- texts ----------------------------------------------------------------------------------------------------------


def _text(cell: Any, column: Column) -> str:
    return _fitting(tidy(_words(cell)), column)


def _name(cell: Any, column: Column) -> str:
    return _fitting(BETWEEN_HAN.sub("", tidy(_words(cell))), column)


def _code(cell: Any, column: Column) -> str:
    if isinstance(cell, bool | float):
        raise Wrong("这里要填编号或号码，请把单元格设成“文本”格式后重新填写。")
    return _fitting(plain(cell), column)


def _identity(cell: Any, column: Column) -> str:
    if not isinstance(cell, str):
        raise Wrong(HELD_AS_NUMBER.format(column.header))
    return _fitting(plain(cell).upper(), column)


def _fitting(text: str, column: Column) -> str:
    if len(text) > column.max_length:
        raise Wrong(f"有 {len(text)} 个字，最多 {column.max_length} 个，请缩短。")
    return text


def _words(cell: Any) -> str:
    return ("是" if cell else "否") if isinstance(cell, bool) else str(cell)


# -- days -----------------------------------------------------------------------------------------------------------


def _date(cell: Any, column: Column) -> date:
    if isinstance(cell, list):
        return _excel_day(cell)
    text = plain(cell)
    found = DAY.fullmatch(text) or (DAY_DIGITS.fullmatch(text) if isinstance(cell, str | int) else None)
    if not found or not found[3]:
        raise Wrong(_not_a_day(cell, text))
    return _day(text, *(int(part) for part in found.groups()[:3]))


def _month_date(cell: Any, column: Column) -> date:
    if isinstance(cell, list):
        return _excel_day(cell)
    text = plain(cell)
    if isinstance(cell, float) and re.fullmatch(r"\d{4}\.\d", text):
        raise Wrong(f"数字 {text} 分不清是 1 月还是 10 月，请写成 {text[:4]}-01 或 {text[:4]}-10。")
    month = MONTH.fullmatch(text) or MONTH_DIGITS.fullmatch(text)
    if month and not 1 <= int(month[2]) <= 12:
        raise Wrong(f"没有“{text}”这个月，请核对年份和月份。")
    if month:
        return _day(text, int(month[1]), int(month[2]), 1)
    return _date(cell, column)


def _month(cell: Any, column: Column) -> str:
    day = _month_date(cell, column)
    return f"{day:%Y-%m}"


def _excel_day(cell: list) -> date:
    if cell[0] == "t":
        raise Wrong(f"“{cell[1]}”带有时刻，请只填日期。")
    return _day(cell[1], *(int(part) for part in cell[1].split("-")))


def _day(text: str, year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(max(year, 1), month)[1]:
        raise Wrong(f"没有“{text}”这一天，请核对年月日。")
    if not EARLIEST <= year <= LATEST or (year, month, day) == (EARLIEST, 1, 1):
        raise Wrong(f"“{text}”不在 {EARLIEST} 年至 {LATEST} 年之间，请核对年份。")
    return date(year, month, day)


def _not_a_day(cell: Any, text: str) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 1 <= cell < 100_000:
        return f"单元格里是数字 {text}，不是日期。请把单元格设成“日期”格式，或写成 2021-05-20。"
    return f"“{shown(cell)}”不是日期，请写成 2021-05-20 这样的年月日。"


# -- choices and numbers --------------------------------------------------------------------------------------------


def _choice(cell: Any, column: Column) -> str:
    wanted = plain(_words(cell))
    for value, label in column.labels.items():
        if plain(label) == wanted:
            return value
    raise Wrong(f"“{shown(cell)}”不在可选项里，请填：{'、'.join(column.choices)}。")


def _mark(cell: Any, column: Column) -> str:
    text = tidy(cell) if isinstance(cell, str) else shown(cell)  # a number or truth value is no empty cell
    found = text if text in column.choices else column.spellings.get(text) or column.spellings.get(plain(text))
    if found is None:
        raise Wrong(f"“{shown(cell)}”不是这里的符号，请填：{' '.join(column.choices)}，没有的空着。")
    return found


def _yesno(cell: Any, column: Column) -> bool:
    found = {"是": True, "否": False}.get(plain(_words(cell)))
    if found is None:
        raise Wrong(f"“{shown(cell)}”看不懂，请填“是”或“否”。")
    return found


def _number(cell: Any, column: Column) -> Decimal:
    try:
        number = Decimal(plain(cell) if isinstance(cell, str) else repr(cell))
    except InvalidOperation:
        raise Wrong(f"“{shown(cell)}”不是数字，请只填数字。") from None
    if isinstance(cell, bool) or not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise Wrong(f"“{shown(cell)}”不是可用的数字，请核对。")
    if column.kind == "number" and not column.places and number != number.to_integral_value():
        raise Wrong(f"“{shown(cell)}”不是整数，这里只能填整数。")
    return number.quantize(Decimal(1).scaleb(-(2 if column.kind == "money" else column.places)))


def _many(cell: Any, column: Column) -> tuple[str, ...]:
    parts = [BETWEEN_HAN.sub("", tidy(part)) for part in SEPARATORS.split(_words(cell))]
    parts = list(dict.fromkeys(part for part in parts if part))
    if column.choices:
        chosen = {_choice(part, column) for part in parts}
        return tuple(value for value in column.labels if value in chosen)
    return tuple(_fitting(part, column) for part in parts)


READERS: dict[str, Callable[[Any, Column], Any]] = {
    "text": _text,
    "name": _name,
    "code": _code,
    "identity": _identity,
    "date": _date,
    "month_date": _month_date,
    "month": _month,
    "choice": _choice,
    "yesno": _yesno,
    "number": _number,
    "money": _number,
    "many": _many,
    "mark": _mark,
}
