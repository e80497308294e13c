"""调整、召回、期满: postings that ended in a period, with the same counts as the figures."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.timeline.periods import BEGINNING, Period, parse, year_to
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.teams import figures
from zhucun.work.teams.models import Posting

from . import links
from .ledger import township_choices
from .roster import ENDING_TONES, ROLE_TONES
from .seen import manages, scope_of

ALL = "all"
EMPTY = Empty("这段时间没有人离任", "换一个期间看看；办理调整、期满、召回在工作队页面。")
COLUMNS = (
    Column("name", "姓名", "person.name", sort="person__name", link=lambda p: links.person(p.person_id)),
    Column(
        "village",
        "驻点村",
        "team.village.name",
        sort="team__village__name",
        link=lambda p: links.village(p.team.village_id),
    ),
    Column("team", "工作队", "team.number", sort="team__number", link=lambda p: links.team(p.team_id)),
    Column("township", "乡镇", "team.village.township.name", sort="team__village_id", shown=False),
    Column("role", "队内职务", sort="role", kind="badge", tone=lambda p: ROLE_TONES[p.role]),
    Column("unit", "派出单位", "unit.name", sort="unit__name", link=lambda p: links.unit(p.unit_id)),
    Column("start", "到任日期", sort="start", kind="date", shown=False),
    Column("last_day", "离任日期", sort="end", kind="date"),
    Column("ending", "离任方式", sort="ending", kind="badge", tone=lambda p: ENDING_TONES[p.ending]),
    Column("ending_reason", "原因", kind="long"),
    Column("successor", "接任", lambda p: _receiver(p) and _receiver(p).person, shown=False),
    Column(
        "paper", "审批表", lambda p: "打印" if p.ending == Posting.Ending.TRANSFER else "", link=lambda p: _paper(p)
    ),
)

CAUSES = {"ending_reason", "paper"}
"""Columns for those who manage people; causes may speak of health or fault."""


def _paper(posting: Posting) -> str:
    """调整审批表, for endings without fault only."""
    return reverse("teams:posting_paper", args=[posting.pk]) if posting.ending == Posting.Ending.TRANSFER else ""


def _receiver(posting: Posting) -> Posting | None:
    handover = getattr(posting, "handover", None)
    return handover.receiver if handover else None


@login_required
@require_safe
def changes(request: Request) -> HttpResponse:
    """Who left their team in a period, how, and why; the counts on top are those of the figures."""
    scope = scope_of(request)
    period = asked_period(request)
    rows = Posting.objects.ended_in(period).within(scope)
    rows = rows.select_related("person", "unit", "team__village__township", "handover__receiver__person")
    context = {"counts": counts(request, period, scope), "period": period, "pretitle": "日常管理"}
    return answer(
        request,
        _table(request, manages(scope)),
        rows,
        template="teams/changes.html",
        context=context,
        on_export=note_export,
    )


def asked_period(request: Request) -> Period:
    """The period of the address (`2022-Q3` …), cut at the day looked at; without one the year so far."""
    name = request.GET.get("period", "")
    if name == ALL:
        return Period(BEGINNING, request.day, ALL)
    try:
        period = parse(name) if name else year_to(request.day)
    except ValueError:
        return year_to(request.day)
    return period.to(request.day) if request.day in period else period


def periods(request: Request) -> list[tuple[str, str]]:
    """The periods offered: this year's halves, quarters and months so far, the years before, all time."""
    year, day = request.day.year, request.day
    names = (
        [f"{year}-H{n}" for n in (1, 2)]
        + [f"{year}-Q{n}" for n in range(1, 5)]
        + [f"{year}-{n:02}" for n in range(1, 13)]
    )
    begun = [parse(name) for name in names if parse(name).start <= day]
    before = [parse(str(year - n)) for n in range(1, 4)]
    found = {period.name: period.label for period in [*begun, *before]}
    asked = request.GET.get("period", "")
    if asked and asked not in found | {ALL: ""}:
        found |= {asked: parse(asked).label} if _is_period(asked) else {}
    return [*found.items(), (ALL, "全部时间")]


def _is_period(name: str) -> bool:
    try:
        return parse(name).name == name
    except ValueError:
        return False


def counts(request: Request, period: Period, scope: Scope) -> list[dict]:
    """The tiles on top, each opening its rows below."""
    ended = Posting.objects.ended_in(period).within(scope)
    shown = [
        ("调整队长", figures.leaders_transferred(period, scope).value, "transfer", "leaders"),
        ("调整队员", figures.members_transferred(period, scope).value, "transfer", "members"),
        ("召回队长", figures.leaders_recalled(period, scope).value, "recall", "leaders"),
        ("召回队员", figures.members_recalled(period, scope).value, "recall", "members"),
        ("期满", ended.filter(ending="term").count(), "term", ""),
        ("其他", ended.filter(ending="other").count(), "other", ""),
    ]
    asked = request.GET.get("period", "")
    base = f"{reverse('teams:changes')}?{f'period={period.name}&' if asked else ''}"
    return [
        {"label": label, "value": value, "url": f"{base}ending={ending}" + (f"&role={role}" if role else "")}
        for label, value, ending, role in shown
    ]


def _columns(request: Request, manager: bool) -> tuple[Column, ...]:
    """The columns for this reader; a link to print has no place in a file."""
    left_out = (CAUSES if not manager else set()) | ({"paper"} if request.GET.get("format") else set())
    return tuple(column for column in COLUMNS if column.key not in left_out)


def _table(request: Request, manager: bool) -> Table:
    def roles(rows: QuerySet, value: str) -> QuerySet:
        leaders = Q(role__in=Posting.LEADERS)
        return rows.filter(leaders if value == "leaders" else ~leaders)

    townships = township_choices(request)
    return Table(
        "changes", "调整、召回、期满", _columns(request, manager),
        filters=(
            Filter("period", "期间", periods, lambda rows, value: rows, everything=f"{request.day.year}年"),
            Filter("ending", "离任方式", Posting.Ending.choices, lambda rows, value: rows.filter(ending=value)),
            Filter("role", "职务", (("leaders", "队长（含第一书记）"), ("members", "副队长、队员")), roles),
            *([Filter("township", "乡镇", townships, lambda rows, code: rows.filter(team__village__township=code))] if townships else ()),
        ),
        search=("person__name", "team__village__name", "unit__name"), search_hint="姓名、村或单位",
        order=("-end", "team__village_id"), empty=EMPTY,
    )  # fmt: skip
