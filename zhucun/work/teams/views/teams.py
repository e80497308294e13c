"""The list of teams, a team's page, opening, closing and changing its units."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Standing, Village
from zhucun.base.policy import policy
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.teams import actions
from zhucun.work.teams.forms.teams import CloseForm, OpenForm, UnitsForm
from zhucun.work.teams.models import Posting, Team
from zhucun.work.teams.rules import TeamsPolicy

from . import links
from .ledger import township_choices
from .roster import CLASS_TONES
from .seen import may, own_scope, scope_of, team_seen
from .team_page import team_facts


def _leader(team: Team) -> Posting | None:
    return next((posting for posting in team.postings_now if posting.leads), None)


def _standing(team: Team) -> Standing | None:
    return next(iter(team.village.standings_now), None)


COLUMNS = (
    Column("number", "编号", sort="number", link=lambda team: links.team(team.pk)),
    Column("village", "驻点村", "village.name", sort="village__name", link=lambda team: links.village(team.village_id)),
    Column("township", "乡镇", "village.township.name", sort="village_id"),
    Column(
        "category", "村类别", lambda team: getattr(_standing(team), "get_category_display", str)(), kind="badge",
        tone=lambda team: CLASS_TONES.get(getattr(_standing(team), "category", ""), "gray"),
    ),
    Column("lead_unit", "牵头单位", "lead_unit.name", sort="lead_unit__name", link=lambda team: links.unit(team.lead_unit_id)),
    Column("partners", "参与单位", lambda team: [unit.name for unit in team.partners.all()], kind="long"),
    Column(
        "leader", "队长", lambda team: getattr(_leader(team), "person", None),
        link=lambda team: links.person(getattr(_leader(team), "person_id", None)),
    ),
    Column("people", "人数", lambda team: len(team.postings_now), kind="number"),
    Column("start", "成立日期", sort="start", kind="date"),
    Column("last_day", "撤销日期", sort="end", kind="date", shown=False),
)  # fmt: skip


@login_required
@require_safe
def teams(request: Request) -> HttpResponse:
    """The teams in force on the day looked at."""
    scope = scope_of(request)
    rows = Team.objects.seen_by(scope).select_related("lead_unit").prefetch_related(
        "partners",
        Prefetch("village", Village.objects.select_related("township").prefetch_related(
            Prefetch("standings", Standing.objects.on(request.day), to_attr="standings_now")
        )),
        Prefetch("postings", Posting.objects.on(request.day).within(scope).select_related("person").ranked().order_by("place"), to_attr="postings_now"),
    )  # fmt: skip
    if request.GET.get("show") != "all":
        rows = rows.on(request.day)
    may_open = may(request, "teams.edit")
    context = {"may_open": may_open, "pretitle": "择优选派"}
    return answer(
        request, _table(request, may_open), rows, template="teams/teams.html", context=context, on_export=note_export
    )


def _table(request: Request, may_open: bool) -> Table:
    townships = township_choices(request)
    empty = Empty(
        "还没有工作队", "成立第一支工作队，或者从已有的 Excel 台账导入。", reverse("teams:team_open"), "成立工作队"
    )
    nothing = Empty("这一天没有您能看到的工作队", "换一个查看日期试试；如果应当有，请联系县驻村办核对您的职责范围。")
    return Table(
        "teams", "驻村工作队", COLUMNS,
        filters=(
            Filter("show", "范围", (("all", "全部历史"),), lambda rows, value: rows, everything="存续"),
            *([Filter("township", "乡镇", townships, lambda rows, code: rows.filter(village__township=code))] if townships else ()),
            Filter("category", "村类别", Standing.Category.choices, lambda rows, value: rows.filter(
                village__in=Standing.objects.on(request.day).filter(category=value).values("village"))),
        ),
        search=("number", "village__name", "lead_unit__name"), search_hint="编号、村名或牵头单位",
        order=("village_id", "number"), empty=empty if may_open else nothing,
    )  # fmt: skip


@login_required
@require_safe
def team(request: Request, pk) -> HttpResponse:
    """Everything about one team: who is there, who was, what was handed over, what was done."""
    found = team_seen(request, pk)
    context = team_facts(found, own_scope(request), request.day)
    rights = {"may_edit": "teams.edit", "may_post": "teams.posting_edit"}
    context |= {name: may(request, right, found) for name, right in rights.items()}
    return render(request, "teams/team.html", context | {"title": str(found), "pretitle": f"择优选派 · {found.number}"})


@login_required
def team_open(request: Request) -> HttpResponse:
    """成立工作队."""
    scope = scope_of(request, "teams.edit")
    form = OpenForm(
        request.POST or None, scope=scope, day=request.today, initial={"village": request.GET.get("village")}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        again = Team.objects.filter(number=data["number"], village=data["village"], start=data["start"]).first()
        if again is not None:
            return done(request, links.team(again.pk), f"{again}已经成立，不用重复办理。")
        try:
            made = actions.open_team(**data | {"partners": list(data["partners"])}, by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, links.team(made.pk), f"{made}已成立，接着请办理队长和队员到任。")
    context = {
        "form": form,
        "title": "成立工作队",
        "pretitle": "择优选派",
        "submit": "成立",
        "cancel_url": reverse("teams:teams"),
    }
    return render(request, "web/form_page.html", context)


@login_required
def team_units(request: Request, pk) -> HttpResponse:
    """Which units the team is joined of, from now on."""
    found = team_seen(request, pk)
    request.user.require("teams.edit", request.now, found)
    form = UnitsForm(request.POST or None, team=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.change_units(
                team=found, **data | {"partners": list(data["partners"])}, by=request.user, at=request.now
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, links.team(pk), "牵头、参与单位已变更。")
    intro = "这里只改工作队由哪些单位组成；人员的进出请在工作队页面逐人办理到任、调整。"
    context = {
        "form": form,
        "title": "变更单位",
        "pretitle": str(found),
        "submit": "保存",
        "cancel_url": links.team(pk),
        "intro": intro,
    }
    return render(request, "web/form_page.html", context)


@login_required
def team_close(request: Request, pk) -> HttpResponse:
    """撤销工作队: everybody still in post leaves with it."""
    found = team_seen(request, pk)
    request.user.require("teams.edit", request.now, found)
    if found.end is not None:
        return done(request, links.team(pk), f"{found}已于 {found.last_day} 撤销，不用重复办理。")
    form = CloseForm(request.POST or None, initial={"last_day": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_team(team=found, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            found.refresh_from_db(fields=["end"])
        else:
            return done(request, links.team(pk), f"{found}已撤销，最后一天是 {found.last_day}。")
    staying = Posting.objects.filter(team=found, end=None).select_related("person", "unit")
    number = policy.on(request.today, TeamsPolicy, area=found.village_id).handover_days
    context = {
        "form": form,
        "title": "撤销工作队",
        "pretitle": str(found),
        "cancel_url": links.team(pk),
        "staying": staying,
        "days": number,
    }
    return render(request, "teams/team_close.html", context)
