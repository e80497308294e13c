"""The on-site sheet: printed before the visit, entered once on whatever is at hand, read and corrected afterwards."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.web.pages import done
from zhucun.work.inspections.actions import rounds as actions
from zhucun.work.inspections.actions import visits as correcting
from zhucun.work.inspections.forms.visits import CorrectForm, FoundRows, VisitForm
from zhucun.work.inspections.models import Finding, Presence, Round, Visit
from zhucun.work.inspections.presence import Expected, expected
from zhucun.work.inspections.sight import ENTER, area_of, findings_seen, may, round_seen, visit_seen, visits_seen

PRESENCE_TONES = {"here": "green", "notice": "blue", "leave": "blue", "absent": "red"}


def _people(visit: Visit, data=None) -> list[Expected]:
    """Who is in post on the day of the visit, or on the day typed into the form."""
    day = visit.visited_on or visit.round.held_on
    if data is not None:
        form = VisitForm(data, people=())
        form.is_valid()
        day = form.cleaned_data.get("visited_on") or day
    return expected([visit.team_id], day).get(visit.team_id, [])


@login_required
def visit(request: Request, pk) -> HttpResponse:
    """The sheet of a village: the form while it waits, what was entered afterwards."""
    row = visit_seen(request, pk)
    if request.method == "POST":
        return _entered(request, row)
    if row.is_entered or not may(request, ENTER, row):
        return _shown(request, row)
    people = _people(row)
    form = VisitForm.fresh(row, people, request.today)
    return _form(request, row, form, FoundRows(form_kwargs={"people": people}, prefix="found"))


def _entered(request: Request, row: Visit) -> HttpResponse:
    people = _people(row, request.POST)
    form = VisitForm(request.POST, people=people)
    rows = FoundRows(request.POST, form_kwargs={"people": people}, prefix="found")
    request.user.require(ENTER, request.now, row)
    valid = form.is_valid() & rows.is_valid()
    if not valid or (form.contradictions and "sure" not in request.POST):
        return _form(request, row, form, rows, doubts=form.contradictions if valid else [])
    found = [one.found for one in rows.forms if one.found]
    try:
        actions.enter_visit(
            visit=row, fields=form.facts, seen=form.seen, found=found, key=form.key_given, by=request.user, at=request.now
        )  # fmt: skip
    except ValidationError as refusal:
        form.add_error(None, ValidationError(refusal.messages))
        return _form(request, row, form, rows)
    said = f"{row.village}核查单已录入。" + ("材料可以在这一页下面上传。" if found else "")
    return done(request, reverse("inspections:visit", args=[row.pk]), said)


def _form(request: Request, row: Visit, form: VisitForm, rows, doubts=()) -> HttpResponse:
    context = {
        "visit": row, "round": row.round, "form": form, "rows": rows, "doubts": doubts, "title": f"{row.village}核查单",
        "pretitle": f"{row.round.number}　{row.village.township}", "begun": form.is_bound or row.round.state == Round.State.UNDERWAY,
        "draft": f"visit:{row.pk}:{request.user.pk}", "cancel_url": reverse("inspections:round", args=[row.round_id]),
    }  # fmt: skip
    return render(request, "inspections/visit_form.html", context)


def _shown(request: Request, row: Visit) -> HttpResponse:
    """What was entered; who was found where only as far as one may read of these people."""
    presences = Presence.objects.within(area_of(request)) if not _looks_over(request, row) else Presence.objects.all()
    presences = (
        presences.filter(visit=row).select_related("posting__person", "posting__unit").order_by("posting__start", "pk")
    )
    findings = findings_seen(request).filter(visit=row).select_related("person").order_by("number")
    context = {
        "visit": row, "round": row.round, "title": f"{row.village}核查单", "pretitle": f"{row.round.number}　{row.village.township}",
        "presences": [(one, PRESENCE_TONES[one.found]) for one in presences], "findings": findings, "may_correct": row.is_entered and may(request, ENTER, row),
        "draft": f"visit:{row.pk}:{request.user.pk}",
    }  # fmt: skip
    return render(request, "inspections/visit.html", context)


def _looks_over(request: Request, row: Visit) -> bool:
    """Whether the reader may read of everybody in the village: the county, its township, its team's leader."""
    return area_of(request).covers(row)


@login_required
def visit_correct(request: Request, pk) -> HttpResponse:
    """更正核查单: an entered sheet put right, with the reason."""
    row = visit_seen(request, pk)
    request.user.require(ENTER, request.now, row)
    here = reverse("inspections:visit", args=[row.pk])
    if not row.is_entered:
        return redirect(here)
    people = _people(row, request.POST or None)
    form, why = VisitForm.of(row, people, request.POST or None), CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid() & why.is_valid():
        try:
            correcting.correct_visit(
                visit=row, fields=form.facts, seen=form.seen, by=request.user, at=request.now, **why.cleaned_data
            )
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, here, "已更正，原来的内容留在日志里。")
    context = {
        "visit": row, "round": row.round, "form": form, "why": why, "title": f"更正{row.village}核查单", "pretitle": row.round.number,
        "cancel_url": here, "correcting": True, "begun": True,
    }  # fmt: skip
    return render(request, "inspections/visit_form.html", context)


@login_required
@require_safe
def sheets(request: Request, pk) -> HttpResponse:
    """现场核查单 on A4, one page a village: of the whole round, or of the one that `?visit=` names."""
    row = round_seen(request, pk)
    request.user.require(ENTER, request.now, row)
    visits = visits_seen(request).filter(round=row).order_by("village")
    asked = request.GET.get("visit", "")
    chosen = [one for one in visits if not asked or str(one.pk) == asked]
    people = expected([one.team_id for one in chosen], row.held_on)
    context = {
        "round": row, "title": "现场核查单", "sheets": [(one, people.get(one.team_id, [])) for one in chosen], "kinds": Finding.Kind.choices,
        "back_url": reverse("inspections:round", args=[row.pk]),
    }  # fmt: skip
    return render(request, "inspections/sheets.html", context)
