"""名录: villages with their class on the day, units, divisions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.models import User
from zhucun.base.access.request import Request
from zhucun.base.directory import actions
from zhucun.base.directory.models import Division, Standing, Unit, Village
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.overview.office import sight
from zhucun.overview.office.forms.directory import OWN, ContactForm, StandingForm, UnitForm, VillageForm
from zhucun.work.teams.models import Team

from .gate import needs, with_verbs

TONES = {"model": "red", "key": "yellow", "ordinary": "gray"}


def conditions(village) -> list[str]:
    """穷村, 弱村, 乱村: those that hold on the day the row was read for."""
    return [label for field, label in Standing.CONDITIONS if getattr(village, field)]


def _townships(request: Any):
    scope = request.user.scope_on(request.today, sight.VIEW)
    return sight.townships_seen_by(scope).values_list("code", "name")


def _by_condition(rows, value: str):
    return rows.filter(**{value: True}) if value != "none" else rows.filter(poor=False, weak=False, disorderly=False)


VILLAGES = Table(
    "office-villages",
    "村（社区）名录",
    columns=(
        Column("name", "村（社区）", sort="name", link=lambda row: reverse("teams:village", args=[row.pk])),
        Column("township", "乡镇", "township.name", sort="township__code"),
        Column(
            "category", "村类别", lambda row: dict(Standing.Category.choices).get(row.category), sort="category",
            kind="badge", tone=lambda row: TONES.get(row.category, "gray"),
        ),
        Column("conditions", "村情", conditions),
        Column("since", "类别起始", sort="since", kind="date", value=lambda row: row.since if row.since and row.since.year > 1900 else None),
        Column(
            "team", "工作队", "team_number", sort="team_number",
            link=lambda row: reverse("teams:team", args=[row.team_id]) if row.team_id else "",
        ),
        Column("needs", "需求专业", kind="long"),
        Column("code", "区划代码", sort="code"),
        Column("longitude", "经度", kind="number", shown=False),
        Column("latitude", "纬度", kind="number", shown=False),
    ),
    filters=(
        Filter("township", "乡镇", _townships, lambda rows, code: rows.filter(township=code)),
        Filter("category", "村类别", Standing.Category.choices, lambda rows, value: rows.filter(category=value)),
        Filter("condition", "村情", (*Standing.CONDITIONS, ("none", "都不是")), _by_condition),
        Filter(
            "team", "工作队", (("yes", "有"), ("no", "没有")),
            lambda rows, value: rows.filter(team_id__isnull=value == "no"),
        ),
    ),
    search=("name", "code", "needs"),
    search_hint="村名、区划代码或需求专业",
    order=("code",),
    empty=Empty("还没有村（社区）", "村（社区）和类别从台账工作簿的“行政区划”“行政村”两张表导入。"),
)  # fmt: skip

UNITS = Table(
    "office-units",
    "派出单位名录",
    columns=(
        Column("name", "单位名称", sort="name", link=lambda row: reverse("teams:unit", args=[row.pk])),
        Column("category", "单位类别", sort="category", kind="badge"),
        Column("level", "单位层级", sort="level"),
        Column("chief", "主要负责人", sort="chief"),
        Column("deputy", "分管负责人", shown=False),
        Column("contact", "联络员"),
        Column("phone", "联系电话"),
        Column("people", "在岗人数", sort="people", kind="number"),
        Column("villages", "牵头驻点村", lambda row: [team.village.name for team in row.teams_now], kind="long"),
    ),
    filters=(
        Filter("category", "单位类别", Unit.Category.choices, lambda rows, value: rows.filter(category=value)),
        Filter("level", "单位层级", Unit.Level.choices, lambda rows, value: rows.filter(level=value)),
        Filter("chief", "主要负责人", (("missing", "没有填写"),), lambda rows, value: rows.filter(chief="")),
    ),
    search=("name", "chief", "deputy", "contact"),
    search_hint="单位名称、负责人或联络员",
    order=("name",),
    empty=Empty("还没有派出单位", "派出单位从台账工作簿的“派出单位”表导入，也可以逐个新增。"),
)

DIVISIONS = Table(
    "office-divisions",
    "行政区划",
    columns=(
        Column(
            "name",
            "乡镇（街道、管理处）",
            sort="name",
            link=lambda row: f"{reverse('office:villages')}?township={row.pk}",
        ),
        Column("kind", "类型", sort="kind", kind="badge"),
        Column("code", "代码", sort="code"),
        Column("county", "县", "parent.name", shown=False),
        Column("villages_seen", "村（社区）", sort="villages_seen", kind="number"),
        Column("teams_now", "工作队", sort="teams_now", kind="number"),
        Column("people", "在岗人数", sort="people", kind="number"),
    ),
    search=("name", "code"),
    search_hint="名称或代码",
    order=("code",),
    per_page=50,
    empty=Empty("还没有行政区划", "县和乡镇从台账工作簿的“行政区划”表导入。"),
)


@needs("directory.view")
@require_safe
def villages(request: Request) -> HttpResponseBase:
    """The villages of one's area with class, condition and team as on the day shown."""
    rows = sight.villages_on(request.user, request.today, request.day)
    table = VILLAGES
    if request.user.may("directory.edit", request.today):
        verbs = (
            Column("edit", "办理", lambda row: "修改", link=lambda row: reverse("office:village_edit", args=[row.pk])),
            Column(
                "class", "类别", lambda row: "重新认定", link=lambda row: reverse("office:village_class", args=[row.pk])
            ),
        )
        table = with_verbs(request, VILLAGES, *verbs)
    return answer(request, table, rows, template="office/villages.html", on_export=note_export)


@needs("directory.edit")
def village_edit(request: Request, code: str) -> HttpResponse:
    """Change the name, the needed skills or the point of a village."""
    village = _village(request, code)
    initial = {name: getattr(village, name) for name in VillageForm.base_fields}
    form = VillageForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.edit_village(village=village, fields=form.cleaned_data, by=request.user, at=request.now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, "office:villages", f"{village}的信息已保存。")
    context = {
        "form": form,
        "title": f"修改{village}",
        "pretitle": f"{village.township}　{village.code}",
        "cancel_url": reverse("office:villages"),
    }
    return render(request, "web/form_page.html", context)


@needs("directory.edit")
def village_class(request: Request, code: str) -> HttpResponse:
    """Decide the class and condition of a village from a day on; its history stands below."""
    village = _village(request, code)
    now = village.standing_on(request.today)
    initial = (
        {
            "start": request.today,
            "category": now.category,
            "conditions": [f for f, _ in Standing.CONDITIONS if getattr(now, f)],
        }
        if now
        else {"start": request.today}
    )
    form = StandingForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            standing = actions.class_village(village=village, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(
                request, "office:villages", f"{village}自 {standing.start} 起为{standing.get_category_display()}。"
            )
    context = {
        "form": form, "title": f"认定{village}的类别", "pretitle": village.township.name, "submit": "确认认定",
        "history": village.standings.order_by("-start"), "cancel_url": reverse("office:villages"),
    }  # fmt: skip
    return render(request, "office/village_class.html", context)


def _village(request: Request, code: str) -> Village:
    scope = request.user.scope_on(request.today, sight.VIEW)
    village = get_object_or_404(sight.villages_seen_by(scope).select_related("township"), pk=code)
    request.user.require("directory.edit", request.now, village)
    return village


@needs("directory.view")
@require_safe
def units(request: Request) -> HttpResponseBase:
    """The sending units one may see, with their people in post as on the day shown."""
    scope = request.user.scope_on(request.today, sight.VIEW)
    leading = Team.objects.on(request.day).seen_by(scope).select_related("village").order_by("number", "pk")
    rows = (
        sight.units_on(request.user, request.today, request.day)
        .select_related("county")
        .prefetch_related(Prefetch("teams_led", leading, to_attr="teams_now"))
    )
    table = UNITS
    if request.user.may("directory.unit_contact_edit", request.today):
        mine = request.user.scope_on(request.today, "directory.unit_contact_edit")
        verb = Column(
            "edit",
            "办理",
            lambda row: "修改" if mine.covers(row) else None,
            link=lambda row: reverse("office:unit_edit", args=[row.pk]) if mine.covers(row) else "",
        )
        table = with_verbs(request, UNITS, verb)
    may_add = request.user.may("directory.edit", request.today)
    return answer(
        request, table, rows, template="office/units.html", context={"may_add": may_add}, on_export=note_export
    )


@needs("directory.edit")
def unit_add(request: Request) -> HttpResponse:
    """Enter a sending unit by hand."""
    counties = _counties(request.user, request.today)
    form = UnitForm(request.POST or None, counties=counties)
    if form.is_valid():
        fields = form.cleaned_data
        county = fields.pop("county", None) or counties.first()
        try:
            unit = actions.add_unit(county=county, fields=fields, by=request.user, at=request.now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, "office:units", f"已新增{unit}。")
    return render(
        request, "web/form_page.html", {"form": form, "title": "新增派出单位", "cancel_url": reverse("office:units")}
    )


@needs("directory.view")
def unit_edit(request: Request, pk) -> HttpResponse:
    """Change a unit; its own contact changes the people in charge and the phone only."""
    scope = request.user.scope_on(request.today, sight.VIEW)
    unit = get_object_or_404(sight.units_seen_by(scope), pk=pk)
    request.user.require("directory.unit_contact_edit", request.now, unit)
    whole = request.user.may("directory.edit", request.today, unit)
    kind = UnitForm if whole else ContactForm
    initial = {name: getattr(unit, name) for name in (*OWN, "name", "category", "level")}
    form = kind(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.edit_unit(unit=unit, fields=form.cleaned_data, by=request.user, at=request.now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, "office:units", f"{unit}的信息已保存。")
    intro = "" if whole else "联络员可以更新本单位的负责人和联系方式；单位名称、类别由县驻村办维护。"
    context = {"form": form, "title": f"修改{unit}", "intro": intro, "cancel_url": reverse("office:units")}
    return render(request, "web/form_page.html", context)


def _counties(user: User, today):
    return Division.objects.filter(pk__in=user.scope_on(today, "directory.edit").county)


@needs("directory.view")
@require_safe
def divisions(request: Request) -> HttpResponseBase:
    """The divisions of township level with their villages, teams and people as on the day shown."""
    rows = sight.townships_on(request.user, request.today, request.day).select_related("parent")
    counts = [(row.villages_seen, row.teams_now, row.people) for row in rows]  # type: ignore[attr-defined]
    context = {"totals": [sum(column) for column in zip(*counts, strict=True)] or [0, 0, 0], "count": len(counts)}
    return answer(request, DIVISIONS, rows, template="office/divisions.html", context=context, on_export=note_export)
