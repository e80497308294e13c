"""A case is opened, prefilled from what is known; a draft is put right."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zhucun.base.access.request import Request
from zhucun.base.directory.models import Unit
from zhucun.base.web.forms import pick_options, pick_term
from zhucun.base.web.pages import done
from zhucun.work.accountability import beginnings
from zhucun.work.accountability.actions import opening as actions
from zhucun.work.accountability.forms.opening import DraftForm, OpenForm
from zhucun.work.accountability.sight import OPEN, area_of, case_seen, finding_for, postings_for

MOST = 21


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_open(request: Request) -> HttpResponse:
    """Open a case: from a finding (`?finding=`), after another case (`?after=`), or from nothing but a form."""
    scope = area_of(request, OPEN)
    asked = request.POST if request.method == "POST" else request.GET
    finding = finding_for(request, asked["finding"]) if _is_key(asked.get("finding")) else None
    after = case_seen(request, asked["after"]) if _is_key(asked.get("after")) else None
    start = beginnings.of(finding, after, request.GET.get("measure", ""), request.today)
    data = request.POST if request.method == "POST" else None
    form = OpenForm(
        data,
        initial=start.fields,
        postings=postings_for(request),
        units=Unit.objects.within(scope),
        on=start.on,
        day=request.today,
    )
    if request.method == "POST" and form.is_valid():
        about = form.about
        county = about.posting.team.county if about.posting else about.unit.county
        try:
            row = actions.open_case(
                county=county, about=about, finding=finding, after=after, by=request.user, at=request.now, **form.told
            )
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(
                request, reverse("accountability:case", args=[row.pk]), f"已立案，编号 {row.number}。核对无误后提交。"
            )
    context = {
        "form": form, "title": "立案", "pretitle": "提醒、约谈、召回", "finding": finding, "after": after, "start": start, "submit": "立案",
        "cancel_url": reverse("accountability:leads" if finding or after else "accountability:cases"),
    }  # fmt: skip
    return render(request, "accountability/case_open.html", context)


def _is_key(text: str | None) -> bool:
    """Whether a text could be the key of a row."""
    return (
        bool(text)
        and len(text) == 36
        and text.count("-") == 4
        and all(letter in "0123456789abcdef-" for letter in text.lower())
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_change(request: Request, pk) -> HttpResponse:
    """Put a draft right before anybody is told."""
    row = case_seen(request, pk)
    request.user.require(OPEN, request.now, row)
    kept = {name: getattr(row, name) for name in ("way", "grounds", "facts", "clause", "place")}
    form = DraftForm(
        request.POST if request.method == "POST" else None, initial=kept, day=request.today, measure=row.measure
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_case(case=row, fields=form.cleaned_data, by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, reverse("accountability:case", args=[pk]), "已保存。")
    context = {
        "form": form,
        "title": f"修改：{row}",
        "pretitle": "提醒、约谈、召回",
        "cancel_url": reverse("accountability:case", args=[pk]),
    }
    return render(request, "web/form_page.html", context)


@login_required
@require_safe
def pick_person(request: Request) -> HttpResponse:
    """People who are or were in post, those in post first, each with where."""
    term = pick_term(request)
    rows = postings_for(request).filter(
        Q(person__name__icontains=term)
        | Q(person__number__icontains=term)
        | Q(team__village__name__icontains=term)
        | Q(unit__name__icontains=term)
    )
    found: dict = {}
    for row in rows.order_by("-start", "person__number")[: MOST * 3]:
        found.setdefault(row.person_id, row)
    return pick_options(
        request,
        [
            (pk, f"{row.person.name} {row.person.number}", f"{row.team.village}{row.get_role_display()}　{row.unit}")
            for pk, row in found.items()
        ],
    )
