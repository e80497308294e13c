"""Words and cells of the pages of placement."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.forms import BaseForm

from zhucun.base.people.models import Person

register = template.Library()


@register.simple_tag
def tenths(value: int | None, sign: bool = False) -> str:
    """Tenths of a point as points with one decimal: 1035 → 103.5; with `sign` a plus before gains. A dash for none."""
    if value is None:
        return "—"
    text = f"{abs(value) / 10:,.1f}"
    return f"{'−' if value < 0 else '+' if sign and value else ''}{text}"


@register.simple_tag
def gap(proposal: Any) -> str:
    """How far a proposal is at most from the best there can be: 已是最优, 最多差 0.12%, or that it is not compared."""
    if proposal.objective is None:
        return "—"
    if proposal.bound is None:
        return "少变动方案，不比"
    missing = proposal.bound - proposal.objective
    return "已是最优" if missing == 0 else f"最多差 {100 * missing / abs(proposal.bound or 1):.2f}%"


@register.simple_tag
def age(person: Person, day: date) -> int:
    """Completed years on a day."""
    return person.age_on(day)


@register.simple_tag
def cell(form: BaseForm, name: str) -> Any:
    """One field of a row of a grid."""
    return form[name]


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, to loop over."""
    return text.split()


@register.simple_tag
def wrong_cells(forms: Iterable[BaseForm]) -> list[str]:
    """What is wrong in a grid, each with its village and column."""
    return [
        f"{form.need.village} {bound.label}：{message}"
        for form in forms
        if form.is_bound
        for bound in form
        for message in bound.errors
    ]


@register.simple_tag
def difference(one: int, two: int) -> int:
    """One number less the other."""
    return one - two
