"""One round: its villages with their sheets, what was found, what was ordered, the circulars made from it."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division, Standing
from zhucun.work.inspections.models import Circular, Draw, Presence, Round, Visit
from zhucun.work.inspections.sight import (
    ENTER,
    ORDER,
    PLAN,
    corrections_seen,
    draws_seen,
    findings_seen,
    may,
    round_seen,
    visits_seen,
    whole_county,
)  # fmt: skip

from .finding_page import CORRECTION_TONES
from .findings import TONES as FINDING_TONES
from .rounds import TONES

MOST = 200
"""How many findings and corrections the page lists; the ledger has them all."""


@dataclass(frozen=True)
class Sheet:
    """A village of a round as the page lists it."""

    visit: Visit
    category: str
    here: int
    absent: int
    away: int


@login_required
@require_safe
def round(request: Request, pk) -> HttpResponse:
    """A round at a glance."""
    row = round_seen(request, pk)
    sheets = _sheets(visits_seen(request).filter(round=row), row)
    entered = sum(sheet.visit.is_entered for sheet in sheets)
    draws = list(draws_seen(request, row))
    findings = (
        findings_seen(request).filter(round=row).select_related("person", "unit", "team__village", "township", "round")
    )
    corrections = corrections_seen(request).filter(round=row).select_related("finding", "township", "unit")
    context = {
        "round": row, "title": f"{row.get_method_display()}督查", "pretitle": f"督查　{row.number}", "tone": TONES[row.state],
        "sheets": sheets, "entered": entered, "left": len(sheets) - entered, "draws": draws, "changed": _changed(draws, sheets),
        "findings": [(one, FINDING_TONES[one.state]) for one in findings.order_by("number")[:MOST]],
        "corrections": [(one, CORRECTION_TONES[one.state]) for one in corrections.order_by("number")[:MOST]],
        "circulars": _circulars(request, row), "steps": _steps(row, len(sheets), entered), "whole": whole_county(request),
        "may_plan": may(request, PLAN, row), "may_enter": may(request, ENTER, row), "may_order": may(request, ORDER, row),
        "needs_villages": row.method != Round.Method.PAPERS,
    }  # fmt: skip
    return render(request, "inspections/round.html", context)


def _sheets(rows: QuerySet[Visit], row: Round) -> list[Sheet]:
    """The villages in the order of their codes, each with its class that day and who was found where; three queries."""
    visits = list(rows.order_by("village"))
    codes = [visit.village_id for visit in visits]
    classes = dict(Standing.objects.on(row.held_on).filter(village__in=codes).values_list("village_id", "category"))
    labels = dict(Standing.Category.choices)
    found: dict = {}
    for visit, how in Presence.objects.filter(visit__in=visits).values_list("visit", "found"):
        found.setdefault(visit, []).append(how)
    return [
        Sheet(
            visit, labels.get(classes.get(visit.village_id, ""), ""), (own := found.get(visit.pk, [])).count("here"),
            own.count("absent"), own.count("leave") + own.count("notice"),
        )
        for visit in visits
    ]  # fmt: skip


def _changed(draws: list[Draw], sheets: list[Sheet]) -> str:
    """What was added or taken out by hand after the last draw, in words; empty where nothing was."""
    if not draws:
        return ""
    drawn, there = set(draws[-1].drawn), {sheet.visit.village_id for sheet in sheets}
    parts = [(len(there - drawn), "增加"), (len(drawn - there), "去掉")]
    return "、".join(f"手工{word} {n} 个村" for n, word in parts if n)


def _circulars(request: Request, row: Round) -> list[Circular]:
    """Circulars made from the round: drafts only for those who look over the county."""
    rows = row.circulars.order_by("-issued_on", "pk")
    return list(rows if whole_county(request) else rows.filter(state=Circular.State.ISSUED))


def _steps(row: Round, villages: int, entered: int) -> list[dict]:
    """From the plan to the closed round."""
    if row.state == Round.State.CANCELLED:
        return [{"label": "计划", "state": "done"}, {"label": "已取消", "state": "done"}]
    closed, begun = row.state == Round.State.CLOSED, row.state != Round.State.PLANNED
    papers = row.method == Round.Method.PAPERS and not villages
    done = [True, begun or bool(villages), begun, closed or (begun and bool(villages) and entered == villages), closed]
    notes = [
        f"{row.held_on:%m-%d}", "查资料不到村" if papers else f"{villages} 个村" if villages else "", "", f"{entered}/{villages} 份" if villages else "", "",
    ]  # fmt: skip
    labels = ["计划", "确定村", "开始", "到村核查", "结束"]
    now = done.index(False) if False in done else len(done)
    return [
        {"label": label, "note": note, "state": "done" if there else "now" if at == now else "todo"}
        for at, (label, note, there) in enumerate(zip(labels, notes, done, strict=True))
    ]


def county_towns(row: Round) -> QuerySet[Division]:
    """The townships of the round's county."""
    return Division.objects.filter(parent=row.county_id).order_by("pk")


def round_url(row: Round) -> str:
    """Where a round is read."""
    return reverse("inspections:round", args=[row.pk])
