"""Figures, the records behind them, and the structure of the teams."""

from collections.abc import Sequence
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.web import tables

from . import pictures, structure
from .asked import Asked, read
from .catalogue import BY_CODE, Line, compared
from .papers import Paper, figures_workbook, structure_workbook
from .records import table_of


@require_safe
@login_required
def figures(request: Request) -> HttpResponseBase:
    """Every figure of a period in an area beside the one a year earlier; also as workbook and on paper."""
    asked = read(request)
    lines, paper = compared(asked.period, asked.area.scope), Paper("指标数据", asked)
    if request.GET.get("format") == "xlsx":
        return figures_workbook(request, paper, lines)
    if request.GET.get("format") == "print":
        note_export(request, paper, len(lines))
        return render(request, "indicators/figures_print.html", _figures(asked, paper, lines))
    return render(request, "indicators/figures.html", _figures(asked, paper, lines))


def _figures(asked: Asked, paper: Paper, lines: Sequence[Line]) -> dict:
    parts = [
        (part, [_linked(line, asked) for line in found]) for part, found in groupby(lines, lambda x: x.indicator.part)
    ]
    return {"title": paper.title, "asked": asked, "paper": paper, "parts": parts}


def _linked(line: Line, asked: Asked) -> dict:
    """A line with the addresses of its records; the county's own figures have none in a smaller area."""
    code = line.indicator.code
    if line.indicator.county_only and not asked.area.scope.is_county:
        return {"line": line, "url": "", "url_before": ""}
    return {"line": line, "url": asked.records(code), "url_before": asked.records_before(code)}


@require_safe
@login_required
def records(request: Request, code: str) -> HttpResponseBase:
    """The rows a figure was counted from."""
    asked, indicator = read(request), BY_CODE.get(code)
    if indicator is None or (indicator.county_only and not asked.area.scope.is_county):
        raise Http404
    figure = indicator.count(asked.period, asked.area.scope)
    table, rows = table_of(indicator, figure.records, asked)
    context = {"title": indicator.label, "asked": asked, "indicator": indicator, "counted": figure.counted}
    return tables.answer(
        request, table, rows, context=context, template="indicators/records.html", on_export=note_export,
        filename=f"{asked.area.label}{indicator.label} {asked.period.until}",
    )  # fmt: skip


@require_safe
@login_required
def shape(request: Request) -> HttpResponseBase:
    """队伍结构: the people in post by dimension, this year beside last; also as 队伍结构统计表."""
    asked = read(request)
    period, scope = asked.period, asked.area.scope
    lines, divided = compared(period, scope, structure.HEADLINES), structure.divided(period, scope)
    townships, paper = structure.by_township(period, scope), Paper("队伍结构统计表", asked)
    wanted = request.GET.get("format")
    if wanted == "xlsx":
        return structure_workbook(request, paper, lines, divided, townships, structure.by_unit(period, scope))
    context = {
        "asked": asked,
        "paper": paper,
        "lines": [_linked(line, asked) for line in lines],
        "townships": townships,
    }
    if wanted == "print":
        note_export(request, paper, len(lines))
        context |= {"divided": divided, "headlines": structure.HEADLINES, "units": structure.by_unit(period, scope)}
        return render(request, "indicators/structure_print.html", {"title": paper.title, **context})
    height = 90 + 30 * len(townships)  # pixels
    context |= {
        "charts": pictures.charts(divided, asked),
        "town_chart": pictures.townships(townships, asked),
        "town_height": height,
    }
    return render(request, "indicators/structure.html", {"title": "队伍结构", **context})
