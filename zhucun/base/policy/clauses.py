"""Clauses in the order of the paper: 第三条 before 第二十条, which no database sorts so."""

import re
from collections.abc import Iterable, Iterator

from django import forms
from django.forms.models import ModelChoiceIterator

from .models import Clause

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile(f"第?([{''.join((*_DIGITS, *_UNITS))}]+|\\d+)")


def ordinal(number: str) -> tuple[int, str]:
    """A clause number as it sorts: 第二十一条 after 第三条; what is no number comes last, by its text."""
    found = _NUMBER.search(number)
    if not found:
        return 10_000, number
    text, total, last = found[1], 0, 0
    if text.isdecimal():
        return int(text), number
    for c in text:
        if c in _UNITS:
            total += (last or 1) * _UNITS[c]
            last = 0
        else:
            last = last * 10 + _DIGITS[c]
    return total + last, number


def in_order(clauses: Iterable[Clause]) -> list[Clause]:
    """Clauses of one document or of several, document by document as these sort."""
    return sorted(
        clauses, key=lambda one: (one.document.start, one.document.title, one.document_id, ordinal(one.number))
    )


class _InOrder(ModelChoiceIterator):
    """The choices of a field, sorted after they are loaded."""

    def __iter__(self) -> Iterator:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from (self.choice(one) for one in in_order(self.queryset.select_related("document")))


class ClauseChoiceField(forms.ModelChoiceField):
    """One clause of those given, chosen from a list in the order of the paper."""

    iterator = _InOrder
