"""Which villages a round goes to: drawn at random, so that anybody can repeat it, or chosen by hand."""

from hashlib import sha256

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.directory.models import Standing, Village
from zhucun.base.policy import policy
from zhucun.base.web.pages import done
from zhucun.work.inspections.actions import rounds as actions
from zhucun.work.inspections.forms.rounds import MOST, DrawForm, VillagesForm
from zhucun.work.inspections.models import Draw, Round
from zhucun.work.inspections.pools import pools_on
from zhucun.work.inspections.rules import InspectionsPolicy
from zhucun.work.inspections.sight import PLAN, draws_seen, round_seen
from zhucun.work.teams.models import Team

CATEGORIES = dict(Standing.Category.choices)


@login_required
def round_draw(request: Request, pk) -> HttpResponse:
    """Draw villages, so many of each class."""
    row = round_seen(request, pk)
    request.user.require(PLAN, request.now, row)
    pools, before = pools_on(row.county_id, row.held_on), list(draws_seen(request, row))
    usual = policy.on(row.held_on, InspectionsPolicy).per_class
    form = DrawForm(request.POST or None, pools=pools, usual=usual, again=bool(before))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draw_villages(
                round=row, numbers=form.numbers, reason=form.cleaned_data.get("reason", ""), by=request.user, at=request.now
            )  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(
                request, reverse("inspections:draw", args=[row.pk, made.number]), f"抽中 {len(made.drawn)} 个村。"
            )
    context = {
        "form": form, "round": row, "title": "重新抽取" if before else "随机抽取村", "pretitle": row.number, "before": before,
        "submit": "重新抽取" if before else "抽取", "cancel_url": reverse("inspections:round", args=[row.pk]),
    }  # fmt: skip
    return render(request, "inspections/draw_form.html", context)


def _draw_seen(request: Request, pk, number: int) -> tuple[Round, Draw]:
    row = round_seen(request, pk)
    return row, get_object_or_404(draws_seen(request, row), number=number)


@login_required
@require_safe
def draw(request: Request, pk, number: int) -> HttpResponse:
    """A draw: its seed, how it works, the pool and what came out."""
    row, made = _draw_seen(request, pk, number)
    context = {
        "round": row, "draw": made, "title": f"第 {made.number} 次抽取", "pretitle": row.number, "classes": _classes(made),
        "others": [one for one in draws_seen(request, row) if one.pk != made.pk],
        "form": None, "replaced": row.draws.filter(number__gt=made.number).exists(),
    }  # fmt: skip
    return render(request, "inspections/draw.html", context)


@login_required
@require_safe
def draw_check(request: Request, pk, number: int) -> HttpResponse:
    """自己验算: every code of the pool with its hash, in the order of the hashes, to be repeated with any tool."""
    row, made = _draw_seen(request, pk, number)
    context = {
        "round": row, "draw": made, "title": "随机抽取验算表", "classes": _classes(made),
        "back_url": reverse("inspections:draw", args=[row.pk, made.number]), "paper_sub": f"{row.number} 第 {made.number} 次抽取",
    }  # fmt: skip
    return render(request, "inspections/draw_check.html", context)


def _classes(made: Draw) -> list[dict]:
    """By class of village: the pool in the order of the hashes, each with its hash and whether it was drawn; one query."""
    codes = [code for pool in made.pools.values() for code in pool]
    names = {one.pk: one for one in Village.objects.filter(pk__in=codes).select_related("township")}
    drawn = set(made.drawn)
    found = []
    for name, pool in made.pools.items():
        lines = sorted((sha256(f"{made.seed}|{name}|{code}".encode()).hexdigest(), code) for code in pool)
        rows = [
            {"code": code, "village": names.get(code), "hash": value, "drawn": code in drawn} for value, code in lines
        ]
        found.append(
            {"key": name, "label": CATEGORIES[name], "asked": made.numbers.get(name, 0), "pool": len(pool), "rows": rows}
        )  # fmt: skip
    return found


@login_required
def round_villages(request: Request, pk) -> HttpResponse:
    """Choose villages by hand: search, tick, search again, save; a search saves nothing."""
    row = round_seen(request, pk)
    request.user.require(PLAN, request.now, row)
    everywhere = Village.objects.filter(county=row.county_id).select_related("township")
    drawn = row.draws.exists()
    searching = request.method != "POST" or "search" in request.POST
    kept = [str(code) for code in row.visits.order_by("village").values_list("village", flat=True)]
    form = VillagesForm(request.POST or {"villages": kept}, villages=everywhere, drawn=drawn)
    if form.is_valid() and not searching:
        try:
            actions.choose_villages(
                round=row, villages=form.cleaned_data["villages"], reason=form.cleaned_data.get("reason", ""),
                by=request.user, at=request.now,
            )  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            n = len(form.cleaned_data["villages"])
            return done(request, reverse("inspections:round", args=[row.pk]), f"已确定 {n} 个村。")
    data = getattr(form, "cleaned_data", {})
    chosen = list(data.get("villages") or ())
    found = _found(everywhere, data, row).exclude(pk__in=[one.pk for one in chosen]) if searching and request.method == "POST" else everywhere.none()  # fmt: skip
    context = {
        "form": form, "round": row, "title": "选村", "pretitle": row.number, "chosen": _told(chosen, row), "drawn": drawn,
        "found": _told(list(found[:MOST]), row), "more": found.count() > MOST, "searched": searching and request.method == "POST",
        "fixed": {str(code) for code in row.visits.filter(entered_at__isnull=False).values_list("village", flat=True)},
        "cancel_url": reverse("inspections:round", args=[row.pk]),
    }  # fmt: skip
    return render(request, "inspections/villages.html", context)


def _found(rows: QuerySet[Village], data: dict, row: Round) -> QuerySet[Village]:
    for term in (data.get("q") or "").split():
        rows = rows.filter(Q(name__icontains=term) | Q(pk__startswith=term) | Q(township__name__icontains=term))
    if data.get("category"):
        rows = rows.filter(pk__in=Standing.objects.on(row.held_on).filter(category=data["category"]).values("village"))
    return rows.order_by("pk")


def _told(villages: list[Village], row: Round) -> list[dict]:
    """Each village with its class and whether it has a team that day; two queries."""
    codes = [one.pk for one in villages]
    classes = dict(Standing.objects.on(row.held_on).filter(village__in=codes).values_list("village_id", "category"))
    held = set(Team.objects.on(row.held_on).filter(village__in=codes).values_list("village_id", flat=True))
    return [
        {"village": one, "category": CATEGORIES.get(classes.get(one.pk, ""), ""), "team": one.pk in held}
        for one in villages
    ]
