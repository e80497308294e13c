"""专门台账: one row per posting, and ending several full terms at once."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division, Standing, Unit, Village
from zhucun.base.people.models import COLLEGE, PARTY, Record
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import year_to
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.teams import actions
from zhucun.work.teams.forms.postings import EndManyForm
from zhucun.work.teams.models import Posting
from zhucun.work.teams.rules import TeamsPolicy, due_when_begun_by

from . import roster
from .seen import area_name, manages, may, scope_of

EMPTY = Empty("台账里还没有人", "先成立工作队、办理到任，或者从已有的 Excel 台账导入。")


@login_required
@require_safe
def ledger(request: Request) -> HttpResponse:
    """The people in post on the day looked at, with everything the paper ledger holds."""
    scope = scope_of(request)
    table, due = ledger_table(request, manager=manages(scope)), request.GET.get("term") == "due"
    selecting = due and not request.GET.get("format") and may(request, "teams.posting_edit")
    if selecting:
        table = replace(table, columns=_to_select(table.columns))
    if request.GET.get("format") in {"xlsx", "print"}:
        table = on_paper(table, area_name(scope))
    rows = roster.with_facts(
        Posting.objects.within(scope).with_record(request.day).with_standing(request.day).ranked(), request.day
    )
    if request.GET.get("show") not in {"year", "all"}:
        rows = rows.on(request.day)
    context = {"selecting": selecting, "due": due, "may_open": may(request, "teams.edit"), "pretitle": "择优选派"}
    return answer(request, table, rows, template="teams/ledger.html", context=context, on_export=note_export)


def ledger_table(request: Request, *, manager: bool) -> Table:
    """The ledger as the reader sees it on that day."""
    numbers = policy.on(request.day, TeamsPolicy)
    return Table(
        "ledger",
        "驻村工作队专门台账",
        columns=roster.on_page(roster.columns(request.day, numbers, manager=manager)),
        filters=_filters(request, numbers),
        search=("person__name", "team__village__name", "unit__name", "team__number"),
        search_hint="姓名、村、单位或工作队编号",
        order=roster.ORDER,
        empty=EMPTY,
    )


def on_paper(table: Table, area: str) -> Table:
    """The ledger as 花名册 for workbook and print: running numbers, the order of the paper form, the area in the title."""
    name = next(column for column in table.columns if column.key == "name")
    rest = [column for column in table.columns if column is not name]
    at = next(index for index, column in enumerate(rest) if column.key == "sex")
    return replace(table, title=f"{area}驻村工作队花名册", columns=roster.on_paper((*rest[:at], name, *rest[at:])))


def _filters(request: Request, numbers: TeamsPolicy) -> tuple[Filter, ...]:
    year = year_to(request.day)

    def spread(rows: QuerySet, show: str) -> QuerySet:
        begun, ended = Q(start__gte=year.start, start__lte=year.until), Q(end__gt=year.start, end__lte=year.end)
        return rows.filter(begun | ended) if show == "year" else rows

    def recorded(rows: QuerySet, **wanted) -> QuerySet:
        return rows.filter(person__in=Record.objects.on(request.day).filter(**wanted).values("person"))

    def educated(rows: QuerySet, value: str) -> QuerySet:
        return recorded(rows, education__in=COLLEGE if value == "college" else [value])

    def political(rows: QuerySet, value: str) -> QuerySet:
        return recorded(rows, political__in=PARTY if value == "members" else [value])

    def classed(rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(team__village__in=Standing.objects.on(request.day).filter(category=value).values("village"))

    def roles(rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(role__in=Posting.LEADERS) if value == "leaders" else rows.filter(role=value)

    def due(rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(end=None, start__lte=due_when_begun_by(request.day, numbers))

    townships = township_choices(request)
    return (
        Filter(
            "show", "范围", (("year", f"{year.start.year}年有变动"), ("all", "全部历史")), spread, everything="在任"
        ),
        *(
            [Filter("township", "乡镇", townships, lambda rows, code: rows.filter(team__village__township=code))]
            if townships
            else ()
        ),
        Filter("category", "村类别", Standing.Category.choices, classed),
        Filter(
            "unit_category", "单位类别", Unit.Category.choices, lambda rows, value: rows.filter(unit__category=value)
        ),
        Filter("role", "职务", (("leaders", "队长（含第一书记）"), *Posting.Role.choices), roles),
        Filter("education", "学历", (("college", "大专以上"), *Record.Education.choices), educated),
        Filter("political", "政治面貌", (("members", "党员（含预备）"), *Record.Political.choices), political),
        Filter("term", "任期", (("due", "将满或已满"),), due),
    )


def township_choices(request: Request) -> list[tuple[str, str]]:
    """The townships with villages in the reader's area; empty where there is only one."""
    scope = scope_of(request)
    if not scope.is_county:
        townships = Division.objects.filter(pk__in=scope.township)
    else:
        townships = Division.objects.filter(pk__in=Village.objects.within(scope).values("township"))
    found = list(townships.values_list("code", "name"))
    return found if len(found) > 1 else []


def _to_select(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns where people are to be ticked: a box by the name, and the day the term is full."""
    shown = {"age": False, "education": False, "term_end": True}
    rest = (replace(column, shown=shown.get(column.key, column.shown)) for column in columns[1:])
    return Column("name", "选择人员", _tick, sort="person__name"), *rest


def _tick(posting: Posting):
    """The name with a box that belongs to the form of `end_postings`, wherever on the page that stands."""
    return format_html(
        '<label class="form-check pick-row"><input class="form-check-input" type="checkbox" name="posting" value="{}" form="end-many">'
        '<span class="form-check-label">{}</span></label>', posting.pk, posting.person.name,
    )  # fmt: skip


@login_required
def end_postings(request: Request) -> HttpResponse:
    """One form with one last day for several people whose terms are full; GET with the people chosen shows it."""
    scope = scope_of(request, "teams.posting_edit")
    chosen = (
        Posting.objects.within(scope)
        .filter(end=None)
        .select_related("person", "unit", "team__village")
        .order_by("team__number")
    )
    due_by = due_when_begun_by(request.today, policy.on(request.today, TeamsPolicy))
    form = EndManyForm(
        request.POST or None, postings=chosen, ticked=request.GET.getlist("posting"), due_by=due_by, day=request.today
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_postings(by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            many = len(form.cleaned_data["postings"])
            followed = "".join(sentence for one in form.cleaned_data["postings"] for sentence in one.followed)
            return done(
                request, f"{reverse('teams:ledger')}?term=due", f"{many} 人已办理离任，交接清单已经建好。{followed}"
            )
    context = {
        "form": form,
        "title": "批量办理期满",
        "pretitle": "专门台账",
        "submit": "确认办理",
        "cancel_url": f"{reverse('teams:ledger')}?term=due",
    }
    return render(request, "teams/end_many.html", context)
