"""The cells of a table of marks, written as text at once because a township's month has two thousand of them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from zhucun.work.attendance.matrix import VEILED, Column, Row, meaning
from zhucun.work.attendance.rules import ABSENT, BLANK, COUNTS_AS, LEAVES, OUT, PRESENT, REST

register = template.Library()
KINDS = {
    PRESENT: "mark-here", REST: "mark-rest", ABSENT: "mark-absent", OUT: "mark-out", BLANK: "",
    **dict.fromkeys(COUNTS_AS, "mark-counts"), **dict.fromkeys(LEAVES + VEILED, "mark-leave"),
}  # fmt: skip


@register.simple_tag
def mark_cells(row: Row, columns: Sequence[Column], pointed: Iterable[int] = ()) -> SafeString:
    """The days of one line as table cells; days with a hint (`pointed`) and suggestions from leave are marked."""
    pointed, in_post, stored, leave, corrected = set(pointed), row.stay.days, row.stored, row.leave, row.corrected
    cells = [
        _cell(
            mark,
            column.css,
            (n := column.number) in in_post,
            not row.is_veiled and mark != stored[n - 1],
            leave.get(n, ""),
            n in pointed,
            n in corrected,
        )
        for column, mark in zip(columns, row.shown, strict=False)
    ]
    return mark_safe("".join(cells))  # noqa: S308  # symbols of our own, anything else is escaped in _cell


@register.simple_tag
def blank_days(row: Row, columns: Sequence[Column]) -> int:
    """On how many days of one line nothing is recorded; days still to come are not missing."""
    return sum(mark == BLANK and not column.future for column, mark in zip(columns, row.shown, strict=False))


@lru_cache(maxsize=4096)
def _cell(mark: str, css: str, in_post: bool, changed: bool, leave: str, pointed: bool, corrected: bool) -> str:
    classes = ["mark", KINDS.get(mark, "is-wrong"), css]
    looks = {"is-out": not in_post, "is-pointed": pointed, "is-changed": changed, "is-corrected": corrected}
    classes += [word for word, holds in looks.items() if holds]
    leave = leave if in_post else ""
    words = (meaning(mark), f"有{meaning(leave)}单" if leave else "", "确认后更正" if corrected else "")
    told = "；".join(filter(None, words))
    given = f' data-leave="{leave}"' if leave else ""
    title = f' title="{escape(told)}"' if leave or corrected or mark not in KINDS else ""
    joined = " ".join(word for word in classes if word)
    return f'<td class="{joined}"{given}{title}>{"" if mark == BLANK else escape(mark)}</td>'
