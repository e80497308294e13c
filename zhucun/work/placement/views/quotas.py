"""单位名额: how many teams each unit may lead, and with whom."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Unit
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.placement.actions import gathering as actions
from zhucun.work.placement.forms.people import NewQuotaForm, QuotaForm
from zhucun.work.placement.models import Candidate, Quota, Round
from zhucun.work.placement.rules import PRINCIPLES
from zhucun.work.placement.sight import EDIT, may, only_when_open, quota_seen, whole_round

QUOTAS = Table(
    "quotas", "单位名额",
    columns=(
        Column("unit", "单位", "unit.name", sort="unit__name", link=lambda row: reverse("placement:quota", args=[row.pk])),
        Column("category", "单位类别", "unit.category", sort="unit__category"),
        Column("principle", "匹配原则", lambda row: PRINCIPLES[row.unit.category]),
        Column("capacity", "可牵头（支）", sort="capacity", kind="number"),
        Column("people", "推荐人选", sort="people", kind="number"),
        Column("leaders", "可任队长", sort="leaders", kind="number"),
        Column("partners", "可联合的单位", lambda row: "、".join(unit.name for unit in row.partners.all()), kind="long"),
        Column("hint", "提示", lambda row: "队长不够" if row.leaders < row.capacity else "", kind="badge", tone=lambda row: "yellow"),
    ),
    filters=(Filter("category", "单位类别", Unit.Category.choices, lambda rows, value: rows.filter(unit__category=value)),),
    search=("unit__name",), search_hint="单位名称", order=("unit__name", "pk"),
    empty=Empty("还没有设定单位名额", "新建批次时可以按现在牵头的工作队数带入，也可以逐个加入单位。"),
)  # fmt: skip


@login_required
@require_safe
def quotas(request: Request, pk) -> HttpResponse:
    """Units of a round with what they lead and whom they put forward."""
    round = whole_round(request, pk)
    people = Candidate.objects.filter(round=round, unit=OuterRef("unit")).order_by().values("unit")
    rows = round.quotas.select_related("unit").prefetch_related("partners").annotate(
        people=Coalesce(Subquery(people.annotate(n=Count("pk")).values("n")), 0),
        leaders=Coalesce(Subquery(people.annotate(n=Count("pk", filter=Q(may_lead=True))).values("n")), 0),
    )  # fmt: skip
    context = {
        "round": round,
        "title": "单位名额",
        "pretitle": str(round),
        "may_edit": round.is_open and may(request, EDIT, round),
    }
    return answer(request, QUOTAS, rows, template="placement/quotas.html", context=context, on_export=note_export)


@login_required
def quota(request: Request, pk) -> HttpResponse:
    """One unit's quota."""
    row = quota_seen(request, pk)
    request.user.require(EDIT, request.now, row.round)
    only_when_open(row.round)
    form = QuotaForm(request.POST or None, quota=row)
    if request.method == "POST" and form.is_valid():
        return _set(request, row.round, row.unit, form) or _page(request, form, row.round, f"单位名额：{row.unit}")
    return _page(request, form, row.round, f"单位名额：{row.unit}")


@login_required
def quota_new(request: Request, pk) -> HttpResponse:
    """A unit joins the round."""
    round = whole_round(request, pk, EDIT)
    only_when_open(round)
    units = Unit.objects.filter(county=round.county_id).exclude(pk__in=round.quotas.values("unit"))
    form = NewQuotaForm(request.POST or None, quota=Quota(round=round, capacity=1), units=units)
    if request.method == "POST" and form.is_valid():
        return _set(request, round, form.cleaned_data["unit"], form) or _page(request, form, round, "加入单位")
    return _page(request, form, round, "加入单位")


def _set(request: Request, round: Round, unit: Unit, form: QuotaForm) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        actions.set_quota(
            round=round,
            unit=unit,
            capacity=data["capacity"],
            partners=data["partners"],
            by=request.user,
            at=request.now,
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None
    return done(request, reverse("placement:quotas", args=[round.pk]), f"{unit}的名额已保存。")


def _page(request: Request, form: QuotaForm, round: Round, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "pretitle": str(round),
        "cancel_url": reverse("placement:quotas", args=[round.pk]),
    }
    return render(request, "web/form_page.html", context)
