"""What is wrong with a document: every problem with its place, and values looked at where they stand."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any

SHOWN = 200
"""How many problems are told in full; of the rest only how many."""

LONG = 40  # characters of an offending value that are quoted
ID_LENGTH = 200


class NotWhole(str):
    """A number that is not a whole one (1.5, 1e3, NaN, or too long), as it was written."""


class Doubled(dict[str, Any]):
    """An object in which a key was written more than once; `twice` names them."""

    def __init__(self, pairs: list[tuple[str, Any]]):
        super().__init__(pairs)
        self.twice = [key for key, n in Counter(key for key, _ in pairs).items() if n > 1]


def shown(value: Any) -> str:
    """A value as a sentence quotes it: short, and never a whole table."""
    if isinstance(value, dict):
        return "一个对象"
    if isinstance(value, list):
        return "一个列表"
    if isinstance(value, str):
        return f"“{value if len(value) <= LONG else value[:LONG] + '…'}”"
    return json.dumps(value)


class Findings:
    """Collects problems, and warns of what is skipped."""

    def __init__(self, warn: Callable[[str], None]):
        self.count = 0
        self._sentences: list[str] = []
        self._warn = warn

    def add(self, path: str, sentence: str) -> None:
        """One more problem, at a path such as `candidates.a1.unit`."""
        self.count += 1
        if len(self._sentences) < SHOWN:
            self._sentences.append(_printable(f"{path}：{sentence}"))

    def warn(self, path: str, sentence: str) -> None:
        """Something skipped that may be a slip of the pen."""
        self._warn(_printable(f"{path}：{sentence}"))

    def told(self) -> tuple[str, ...]:
        """The sentences in the order found, and how many more there are."""
        more = self.count - len(self._sentences)
        return (*self._sentences, *([f"另外还有 {more} 处问题没有列出，请先改正以上各处。"] if more else []))


def _printable(sentence: str) -> str:
    """Without lone surrogates and control characters, which no terminal and no UTF-8 file takes."""
    clean = sentence.encode("utf-8", "backslashreplace").decode()
    return clean if clean.isprintable() else "".join(c if ord(c) >= 32 and ord(c) != 127 else "�" for c in clean)


class Node:
    """An object of the document at its path; each question answers with a usable value and reports what is wrong.

    Where the object itself is wrong that alone is reported, and every question answers its default.
    """

    def __init__(self, value: Any, path: str, findings: Findings, fields: Collection[str] = ()):
        self.path, self.findings = path, findings
        self.is_broken = not isinstance(value, dict)
        self.value: dict[str, Any] = {} if self.is_broken else value
        if self.is_broken:
            findings.add(path, f"应当是一个对象（用花括号括起），现在是{shown(value)}。")
        for key in getattr(value, "twice", ()):
            findings.add(self.at(key), "这个键写了不止一次，只能留一个。")
        if fields:
            for key in self.value.keys() - set(fields):
                findings.warn(self.at(key), "不认识这一项，没有用它。")

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, sentence: str) -> None:
        """Report a problem at a key."""
        self.findings.add(self.at(key), sentence)

    def items(self) -> Iterator[tuple[str, Any]]:
        """Keys and values."""
        return iter(self.value.items())

    def node(self, key: str, fields: Collection[str] = (), required: bool = False) -> "Node":
        """The object at a key; empty where it is missing and may be."""
        value = self.value.get(key)
        if value is None:
            value = {}
            if required and not self.is_broken:
                self.wrong(key, "缺少这一项，请补上（一个对象，用花括号括起）。")
        return Node(value, self.at(key), self.findings, fields)

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """The whole number at a key, from low to high; without a default it is required."""
        value = self.value.get(key)
        if value is None and (default is not None or self.is_broken):
            return low if default is None else default
        if value is None:
            self.wrong(key, f"缺少这一项，请写一个 {low} 到 {high} 的整数。")
        elif type(value) is not int or not low <= value <= high:
            self.wrong(key, f"应当是 {low} 到 {high} 的整数，现在是{shown(value)}。")
        else:
            return value
        return low

    def flag(self, key: str) -> bool:
        """Yes or no, no by default."""
        value = self.value.get(key, False)
        if value is not None and type(value) is not bool:
            self.wrong(key, f"应当是 true 或 false，现在是{shown(value)}。")
        return value is True

    def text(self, key: str) -> str:
        """A text, empty by default."""
        value = self.value.get(key)
        if value is None:
            return ""
        if type(value) is not str:
            self.wrong(key, f"应当是文字（用英文双引号括起），现在是{shown(value)}。")
            return ""
        return value if is_writable(value) else self._unwritable(key)

    def _unwritable(self, key: str) -> str:
        self.wrong(key, "里面有残缺的字符（半个代理对），请重新输入这段文字。")
        return ""

    def list(self, key: str) -> list[Any]:
        """A list, empty by default."""
        value = self.value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, f"应当是一个列表（用方括号括起），现在是{shown(value)}。")
            return []
        return value

    def ids(self) -> Iterator[tuple[str, Any]]:
        """Keys that are ids of their own, each with its value; what cannot be an id is reported."""
        for key, value in self.value.items():
            if not key.strip():
                self.wrong(key, "编号不能是空的，请写上编号。")
            elif not is_writable(key) or any(ord(c) < 32 for c in key):
                self.wrong(key, "编号里有残缺的字符或控制字符，请重新输入编号。")
            elif len(key) > ID_LENGTH:
                self.wrong(key[:LONG] + "…", f"编号有 {len(key)} 个字，超过 {ID_LENGTH} 个，请改短。")
            yield key, value


def is_writable(text: str) -> bool:
    """Whether a text can be written as UTF-8, that is, holds no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
