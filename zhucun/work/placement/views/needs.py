"""村需求: the list, one village, and all of them as a grid like a sheet of Excel."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division, Standing, Village
from zhucun.base.web.forms import pick_options, pick_term
from zhucun.base.web.pages import done, refused
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.placement.actions import gathering as actions
from zhucun.work.placement.forms.needs import FIELDS, BringForm, NeedForm
from zhucun.work.placement.instance import troubles_of
from zhucun.work.placement.models import Need, Round
from zhucun.work.placement.sight import (
    EDIT,
    NEED,
    may,
    may_gather,
    need_seen,
    only_when_open,
    only_while_gathering,
    part_of,
    round_seen,
    whole_round,
)

GRID_ROWS = 60
CLASS_TONES = {"model": "green", "key": "blue"}


@login_required
@require_safe
def needs(request: Request, pk) -> HttpResponse:
    """What the villages of one's area need."""
    round = round_seen(request, pk)
    rows = Need.objects.within(part_of(request)).filter(round=round).select_related("village__township")
    context = {
        "round": round, "title": "村需求", "pretitle": str(round), "may_fill": may_gather(request, NEED, round),
        "may_bring": round.is_open and may(request, EDIT, round),
    }  # fmt: skip
    return answer(request, _table(round), rows, template="placement/needs.html", context=context, on_export=note_export)


def _table(round: Round) -> Table:
    towns = Division.objects.filter(pk__in=round.needs.values("village__township")).order_by("pk")
    return Table(
        "needs", "村需求",
        columns=(
            Column("village", "村", "village.name", sort="village", link=lambda row: reverse("placement:need", args=[row.pk])),
            Column("township", "乡镇", "village.township.name", sort="village__township"),
            Column("category", "村类别", lambda row: row.category_words, kind="badge", tone=lambda row: CLASS_TONES.get(row.category, "gray")),
            Column("poor", "穷", sort="poor", kind="number"),
            Column("weak", "弱", sort="weak", kind="number"),
            Column("disorderly", "乱", sort="disorderly", kind="number"),
            Column("main", "村情类型", lambda row: troubles_of(row).words, kind="badge", tone=lambda row: "yellow"),
            Column("size", "人数", sort="size", kind="number"),
            Column("shortfall", "村情短板", sort="shortfall", shown=False),
            Column("skills", "需求专业", kind="long"),
            Column("remote", "偏远", sort="remote", kind="yesno"),
            Column("judged", "已核对", sort="judged", kind="yesno"),
            Column("grounds", "评分依据", kind="long"),
        ),
        filters=(
            Filter("township", "乡镇", [(town.pk, town.name) for town in towns], lambda rows, code: rows.filter(village__township=code)),
            Filter("judged", "核对", (("no", "还没核对"), ("yes", "已核对")), lambda rows, value: rows.filter(judged=value == "yes")),
        ),
        search=("village__name", "skills", "grounds"), search_hint="村名、专业或依据", order=("village", "pk"),
        empty=Empty("还没有村参加这一批", "把要派队的村加进来；新建批次时可以一次带入现在有工作队的村。"),
        prepare=lambda rows: attach_categories(rows, round),
    )  # fmt: skip


def attach_categories(rows: list[Need], round: Round) -> None:
    """村类别 on the round's first day, for the rows of a page: one query."""
    standings = Standing.objects.on(round.starts_on).filter(village__in=[row.village_id for row in rows])
    known = {one.village_id: one for one in standings}
    for row in rows:
        standing = known.get(row.village_id)
        row.category = standing.category if standing else ""
        row.category_words = standing.get_category_display() if standing else "未定"


@login_required
def need(request: Request, pk) -> HttpResponse:
    """One village: filled in by whoever may, read by whoever keeps the round."""
    row = need_seen(request, pk)
    attach_categories([row], row.round)
    if not (may_gather(request, NEED, row.round) and may(request, NEED, row)):
        if request.method == "POST":
            request.user.require(NEED, request.now, row)
        return render(
            request, "placement/need_read.html", {"need": row, "title": row.village.name, "pretitle": str(row.round)}
        )
    form = NeedForm(request.POST or None, need=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.fill_needs(round=row.round, rows={row: form.cleaned_data}, by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, reverse("placement:needs", args=[row.round_id]), f"{row.village}的需求已保存。")
    context = {
        "form": form, "need": row, "title": f"村需求：{row.village}", "pretitle": str(row.round), "submit": "保存",
        "cancel_url": reverse("placement:needs", args=[row.round_id]), "may_drop": may(request, EDIT, row.round),
    }  # fmt: skip
    return render(request, "placement/need.html", context)


@login_required
def needs_grid(request: Request, pk) -> HttpResponse:
    """Many villages at once, like a sheet: 60 a page, or those of a township; pasted from Excel where that is quicker."""
    round = round_seen(request, pk)
    only_while_gathering(request, NEED, round)
    scope = request.user.scope_on(request.today, NEED)
    rows = (
        Need.objects.within(scope)
        .filter(round=round)
        .select_related("village__township", "village__county", "round")
        .order_by("village")
    )
    towns = Division.objects.filter(pk__in=rows.values("village__township")).order_by("pk")
    town = request.GET.get("township", "")
    rows = rows.filter(village__township=town) if town else rows
    page = max(1, int(number)) if (number := request.GET.get("page", "1")).isdecimal() and len(number) < 5 else 1
    count = rows.count()
    shown = list(rows[(page - 1) * GRID_ROWS : page * GRID_ROWS])
    attach_categories(shown, round)
    forms = [NeedForm(request.POST or None, need=row, prefix=f"n{row.pk}") for row in shown]
    wrong: list[str] = []
    valid = [form.is_valid() for form in forms]  # every one, so that all mistakes are told at once
    if request.method == "POST" and all(valid):
        told = {"judged": True} if "all_judged" in request.POST else {}
        rows = {form.need: form.cleaned_data | told for form in forms}
        try:
            n = actions.fill_needs(round=round, rows=rows, by=request.user, at=request.now)
        except ValidationError as refusal:
            wrong = refusal.messages
        else:
            return done(request, request.get_full_path(), f"已保存，改了 {n} 个村。" if n else "没有改动。")
    context = {
        "round": round, "forms": forms, "refused": wrong, "title": "村需求：整表填写", "pretitle": str(round), "towns": towns, "town": town,
        "fields": FIELDS, "pages": range(1, -(-count // GRID_ROWS) + 1), "page": page, "count": count, "shortfalls": Need.Shortfall.choices,
    }  # fmt: skip
    return render(request, "placement/needs_grid.html", context)


@login_required
def needs_bring(request: Request, pk) -> HttpResponse:
    """More villages join."""
    round = whole_round(request, pk, EDIT)
    only_when_open(round)
    form = BringForm(request.POST or None, villages=_absent(round))
    if request.method == "POST" and form.is_valid():
        try:
            n = actions.bring_villages(round=round, villages=form.chosen, by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, reverse("placement:needs", args=[pk]), f"加入了 {n} 个村，评分由村情带出，请核对。")
    context = {
        "form": form,
        "title": "加入村",
        "pretitle": str(round),
        "submit": "加入",
        "cancel_url": reverse("placement:needs", args=[pk]),
    }
    return render(request, "web/form_page.html", context)


def _absent(round: Round):
    return (
        Village.objects.filter(county=round.county_id)
        .exclude(pk__in=round.needs.values("village"))
        .select_related("township")
    )


@login_required
@require_POST
def teams_bring(request: Request, pk) -> HttpResponse:
    """Every village with a team, and the units that lead them, as the ledger knows them."""
    round = whole_round(request, pk, EDIT)
    back = reverse("placement:round", args=[pk])
    try:
        n = actions.bring_teams(round=round, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, back, refusal.messages)
    return done(request, back, f"带入了 {n} 个现有工作队的村和它们的牵头单位；已经在的没有改动。")


@login_required
@require_safe
def pick_village(request: Request) -> HttpResponse:
    """Villages of the counties whose rounds one keeps, by name or township."""
    request.user.require(EDIT, request.now)
    term = pick_term(request)
    rows = Village.objects.filter(county__in=request.user.scope_on(request.today, EDIT).county).select_related(
        "township"
    )
    rows = (rows.filter(name__icontains=term) | rows.filter(township__name__icontains=term))[:21]
    return pick_options(request, [(row.pk, f"{row.name}（{row.township}）", row.pk) for row in rows])


@login_required
@require_POST
def need_drop(request: Request, pk) -> HttpResponse:
    """One village leaves the round."""
    row = need_seen(request, pk)
    request.user.require(EDIT, request.now, row.round)
    try:
        actions.drop_needs(round=row.round, needs=[row], by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, reverse("placement:need", args=[pk]), refusal.messages)
    return done(
        request, reverse("placement:needs", args=[row.round_id]), f"{row.village}不再参加这一批，请重新计算方案。"
    )
