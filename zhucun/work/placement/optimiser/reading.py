"""An instance document becomes a Problem, or every reason why not; and a Problem becomes a document again."""

import json
import stat
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any

from .fields import problem_of
from .findings import Doubled, Findings, NotWhole, shown
from .problem import Problem

FORMAT = "zhucun-placement/1"
MB = 1024 * 1024
LIMIT = 150 * MB
"""The largest document read, in bytes: a whole province is about 110 MB."""

LONGEST = 40  # digits of a number that is still read, to be refused with its value in the sentence
REMEMBERED = 1 << 16  # different numbers kept once in memory; scores of a province repeat a few thousand of them

SYNTAX = {
    "Expecting value": "这里应当有一个值",
    "Expecting property name enclosed in double quotes": "这里应当是用英文双引号括起的键",
    "Expecting ':' delimiter": "键后面缺少英文冒号",
    "Expecting ',' delimiter": "缺少英文逗号，或者括号没有配对",
    "Unterminated string starting at": "文字没有用英文双引号结束",
    "Invalid control character at": "文字里有换行或控制字符",
    "Invalid \\escape": "反斜杠后面的写法不对",
    "Invalid \\uXXXX escape": "\\u 后面应当是四位十六进制数",
    "Extra data": "文件末尾有多余的内容",
    "Illegal trailing comma before end of object": "最后一项后面多了逗号",
    "Illegal trailing comma before end of array": "最后一项后面多了逗号",
}


class Invalid(Exception):
    """The document is no instance; `problems` says everything that is wrong, a plain Chinese sentence each."""

    def __init__(self, problems: tuple[str, ...]):
        super().__init__("\n".join(problems))
        self.problems = problems


def read(source: str | Path | bytes, *, warn: Callable[[str], None] = lambda sentence: None) -> Problem:
    """The instance in a file, or in the bytes of one (UTF-8, with or without a byte order mark).

    Raises Invalid with every problem found, at most `findings.SHOWN` and then how many more. `warn` gets a sentence for
    each field nobody knows; they are skipped.
    """
    raw = source if isinstance(source, bytes) else _content(Path(source))
    if len(raw) > LIMIT:
        raise _too_large(len(raw))
    text = _decoded(raw)
    del raw, source  # a province is large: not three times in memory
    document = _parsed(text)
    del text
    findings = Findings(warn)
    problem = problem_of(_instance(document), findings)
    if findings.count:
        raise Invalid(findings.told())
    return problem


def document(problem: Problem) -> dict[str, Any]:
    """The instance as a document that `read` takes back: plain dicts and lists, ids sorted, defaults left out."""
    return {"format": FORMAT, **_plain(problem)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if not _is_default(value, one)}
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, frozenset):
        return [_plain(one) for one in sorted(value)]
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _is_default(holder: Any, one: Field[Any]) -> bool:
    default = one.default_factory() if one.default_factory is not MISSING else one.default
    return bool(getattr(holder, one.name) == default)


def _content(path: Path) -> bytes:
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise Invalid((f"“{path}”是一个文件夹，请给出 JSON 文件的路径。",))
        if not stat.S_ISREG(state.st_mode):
            raise Invalid((f"“{path}”不是普通文件，请先把内容存成一个 JSON 文件。",))
        if state.st_size > LIMIT:
            raise _too_large(state.st_size)
        with path.open("rb") as file:
            return file.read(LIMIT + 1)
    except FileNotFoundError:
        raise Invalid((f"找不到文件“{path}”，请检查路径。",)) from None
    except PermissionError:
        raise Invalid((f"没有权限读文件“{path}”，请检查文件的权限。",)) from None
    except (OSError, ValueError) as trouble:
        raise Invalid((f"读不了文件“{path}”（{trouble}），请检查路径和磁盘。",)) from None


def _too_large(size: int) -> Invalid:
    return Invalid((f"文件有 {size / MB:.0f} MB，超过 {LIMIT // MB} MB，没有读。请按市州或县拆成几个文件。",))


def _decoded(raw: bytes) -> str:
    if not raw.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Invalid(("文件是空的，请写入题目（一个 JSON 对象）。",))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        raise Invalid((f"文件不是 UTF-8 编码（第 {mistake.start + 1} 个字节），请另存为 UTF-8。",)) from None


def _parsed(text: str) -> Any:
    """The document with numbers that are not whole as NotWhole, and objects with a key written twice as Doubled."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_Integers().__getitem__,
            parse_float=NotWhole,
            parse_constant=NotWhole,
        )
    except json.JSONDecodeError as mistake:
        what = SYNTAX.get(mistake.msg, mistake.msg)
        where = f"第 {mistake.lineno} 行第 {mistake.colno} 列"
        raise Invalid((f"文件不是正确的 JSON：{where}，{what}。请改正后再试。",)) from None
    except RecursionError:
        raise Invalid(("文件里的括号套得太深，不是题目的格式。请对照格式说明检查。",)) from None


class _Integers(dict[str, Any]):
    """Equal numbers are one object in memory; a number too long for Python is NotWhole."""

    def __missing__(self, digits: str) -> int | NotWhole:
        number = int(digits) if len(digits) <= LONGEST else NotWhole(digits)
        if len(self) < REMEMBERED:
            self[digits] = number
        return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(pairs)


def _instance(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Invalid((f"文件的最外层应当是一个对象（用花括号括起），现在是{shown(document)}。",))
    given = document.get("format")
    if given is None:
        raise Invalid((f'format：缺少格式名称，请写上 "format": "{FORMAT}"。',))
    if given != FORMAT:
        raise Invalid((f"format：不认识{shown(given)}这个格式，请写成“{FORMAT}”。",))
    return document
