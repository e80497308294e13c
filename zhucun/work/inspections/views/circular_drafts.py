"""Drafting a 督查通报: which rounds, the text they make, and changing it."""

from itertools import takewhile

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division, Unit
from zhucun.base.policy import policy
from zhucun.base.policy.site import SitePolicy
from zhucun.base.web.pages import done
from zhucun.work.inspections.actions import circulars as actions
from zhucun.work.inspections.assembling import text_of, title_of
from zhucun.work.inspections.circular import addressees, facts_of, parsed
from zhucun.work.inspections.forms.circulars import CircularForm, RoundsForm
from zhucun.work.inspections.models import Circular, Round
from zhucun.work.inspections.sight import DRAFT, circular_seen, drafting

MOST_ROUNDS = 60


def _rounds(request: Request) -> QuerySet[Round]:
    """Rounds a circular may rest on, the newest first, each with whether one has told of it."""
    rows = Round.objects.within(drafting(request)).filter(state__in=(Round.State.UNDERWAY, Round.State.CLOSED))
    told = Circular.rounds.through.objects.filter(round=OuterRef("pk"))
    return rows.annotate(told=Exists(told)).order_by("-held_on", "-number")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def circular_draft(request: Request) -> HttpResponse:
    """Choose rounds, read what they make, put it right, keep it as a draft."""
    rows = _rounds(request)
    asked = request.POST if request.method == "POST" else request.GET
    choice = RoundsForm(asked if "rounds" in asked else None, rounds=rows)
    if not choice.is_valid():
        return _choose(request, choice, rows)
    chosen = list(choice.cleaned_data["rounds"].select_related("county").order_by("held_on", "number"))
    form = _form(
        request,
        request.POST if request.method == "POST" else None,
        initial=_assembled(request, chosen) if request.method != "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.draft_circular(
                county=chosen[0].county, rounds=chosen, by=request.user, at=request.now, **form.cleaned_data
            )
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, reverse("inspections:circular", args=[row.pk]), "已存为草稿，看过版面后送审。")
    return _editor(request, form, "起草督查通报", chosen=chosen)


def _choose(request: Request, choice: RoundsForm, rows: QuerySet[Round]) -> HttpResponse:
    """The page that asks which rounds; those not told of yet that came after the last one told of are ticked."""
    choice.fields["rounds"].queryset = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:MOST_ROUNDS]))
    if not choice.is_bound:
        since = takewhile(lambda one: not one.told, choice.fields["rounds"].queryset)  # the newest first
        choice.initial["rounds"] = [one.pk for one in since]
    context = {"form": choice, "title": "起草督查通报：选督查", "pretitle": "督查通报", "any": rows.exists()}
    return render(request, "inspections/circular_rounds.html", context)


def _assembled(request: Request, chosen: list[Round]) -> dict:
    """What the form begins with: everything the records of the rounds say."""
    office = policy.on(request.today, SitePolicy, area=chosen[0].county_id).host
    facts = facts_of(chosen, office)
    townships, units = addressees(chosen)
    return {
        "title": title_of(facts.rounds),
        "body": text_of(facts),
        "townships": [one.pk for one in townships],
        "units": [one.pk for one in units],
    }


def _form(request: Request, data=None, initial: dict | None = None) -> CircularForm:
    scope = drafting(request)
    townships = Division.objects.filter(parent__in=scope.county).order_by("pk")
    return CircularForm(data, initial=initial, townships=townships, units=Unit.objects.within(scope))


def _editor(request: Request, form: CircularForm, title: str, **more) -> HttpResponse:
    context = {"form": form, "title": title, "pretitle": "督查通报", "cancel_url": reverse("inspections:circulars")}
    return render(request, "inspections/circular_form.html", context | more)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def circular_change(request: Request, pk) -> HttpResponse:
    """Change a draft."""
    row = circular_seen(request, pk)
    request.user.require(DRAFT, request.now, row)
    kept = {"title": row.title, "body": row.body, "townships": [], "units": []}
    for one in row.deliveries.all():
        kept["townships" if one.township_id else "units"].append(one.township_id or one.unit_id)
    form = _form(request, request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data.pop(name) for name in ("title", "body")}
        try:
            actions.change_circular(circular=row, fields=fields, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.cleaned_data |= fields
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, reverse("inspections:circular", args=[pk]), "已保存。")
    return _editor(request, form, "修改督查通报", circular=row, cancel_url=reverse("inspections:circular", args=[pk]))


@login_required
@require_POST
def circular_preview(request: Request) -> HttpResponse:
    """How the text typed so far will stand on the paper; keeps nothing."""
    drafting(request)
    body, attachments, copies = parsed(request.POST.get("body", "")[:20_000])
    title = request.POST.get("title", "")[:200]
    context = {"document": {"title": title, "body": body, "attachments": attachments, "copies": copies, "draft": True}}
    return render(request, "inspections/_circular_text.html", context)
