"""待处理线索: what may lead to a measure and has not yet; each opens a case with everything already filled in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.work.accountability import sources
from zhucun.work.accountability.models import Case
from zhucun.work.accountability.sight import OPEN, area_of

MOST = 100


@login_required
@require_safe
def leads(request: Request) -> HttpResponse:
    """Absences with the measure policy asks for, other findings, reminders without a reply."""
    scope, day = area_of(request, OPEN), request.today
    found = sources.leads(scope, day)
    labels = dict(Case.Measure.choices)
    rows = [
        {
            "lead": one,
            "label": labels[one.measure],
            "tone": {"recall": "red", "interview": "yellow"}.get(one.measure, "blue"),
        }
        for one in found
    ]
    context = {
        "title": "待处理线索", "pretitle": "提醒、约谈、召回", "absences": sorted(rows, key=lambda row: row["lead"].finding.found_on, reverse=True)[:MOST],
        "absences_n": len(rows), "findings": sources.other_findings(scope, day)[:MOST], "unanswered": sources.unanswered(scope, day)[:MOST],
        "year": day.year, "most": MOST,
    }  # fmt: skip
    return render(request, "accountability/leads.html", context)
