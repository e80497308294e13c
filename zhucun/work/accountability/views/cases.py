"""提醒、约谈、召回: the list, and one case on its page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.policy import policy
from zhucun.base.policy.site import SitePolicy
from zhucun.base.web.pages import refused
from zhucun.base.web.pdf import pdf_response
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.base.web.word import docx_response
from zhucun.work.accountability.models import Case
from zhucun.work.accountability.notices import mine
from zhucun.work.accountability.papers import papers_of
from zhucun.work.accountability.sight import OPEN, case_seen, cases_seen, may
from zhucun.work.accountability.standing import MEASURE_TONES, TONES, Standing, due_of, stand, waits
from zhucun.work.accountability.steps import turns

from .offers import STEPS

MEASURES = Case.Measure.choices


@login_required
@require_safe
def cases(request: Request) -> HttpResponse:
    """Cases within sight, the newest first; recall (fault) here, transfer (no fault) elsewhere."""
    rows = cases_seen(request)
    counts = dict(rows.order_by().values_list("measure").annotate(n=Count("pk")))
    query = request.GET.get("measure", "")
    tabs = [{"key": "", "label": "全部", "n": sum(counts.values()), "active": query not in counts}]
    tabs += [{"key": key, "label": label, "n": counts.get(key, 0), "active": query == key} for key, label in MEASURES]
    waiting = mine(request.user, request.today)
    context = {
        "pretitle": "日常管理", "tabs": tabs, "may_open": may(request, OPEN), "waiting": len(waiting),
        "may_see_changes": may(request, "teams.view"),
    }  # fmt: skip
    table = _table(request, waiting)
    return answer(request, table, rows.prefetch_related("opinions"), template="accountability/cases.html", context=context, on_export=note_export)  # fmt: skip


def _table(request: Request, waiting: set) -> Table:
    columns = (
        Column("who", "对象", "who", sort="person__name", link=lambda row: reverse("accountability:case", args=[row.pk])),
        Column("measure", "处理", kind="badge", sort="measure", tone=lambda row: MEASURE_TONES[row.measure]),
        Column("grounds", "事由", kind="long"),
        Column("state", "状态", kind="badge", sort="state", tone=lambda row: TONES[row.state]),
        Column("waits", "等什么", lambda row: row.waits),
        Column("due", "期限", lambda row: due_of(row), kind="date"),
        Column("opened_on", "立案日期", kind="date", sort="opened_on"),
        Column("on", "执行日期", kind="date", sort="on", shown=False),
        Column("township", "乡镇", "township.name", sort="township"),
        Column("unit", "派出单位", "unit.name", sort="unit__name"),
        Column("target", "对象类型", shown=False), Column("way", "方式", shown=False), Column("source", "来源", shown=False),
        Column("clause", "依据条款", lambda row: str(row.clause or ""), shown=False),
        Column("document", "文号", shown=False), Column("replied_on", "回复日期", kind="date", shown=False),
        Column("banned_until", "影响期至", kind="date", shown=False), Column("number", "编号", sort="number", shown=False),
    )  # fmt: skip
    empty = Empty("还没有提醒、约谈或召回", "督查发现的问题，可以从“待处理线索”直接立案，不用再录一遍。")
    return Table(
        "cases", "提醒、约谈、召回", columns, filters=_filters(waiting), order=("-opened_on", "-number"), empty=empty, prepare=_tell,
        search=("person__name", "unit__name", "number", "grounds"), search_hint="姓名、单位、编号或事由",
    )  # fmt: skip


def _tell(rows: list[Case]) -> None:
    asked = turns(rows)
    for row in rows:
        row.waits = waits(row, asked.get(row.pk))  # type: ignore[attr-defined]


def _filters(waiting: set) -> tuple[Filter, ...]:
    ways = {
        "mine": Q(pk__in=waiting), "open": ~Q(state__in=Case.OVER), **{key: Q(state=key) for key in Case.State.values},
    }  # fmt: skip
    labels = (("mine", "等我办理"), ("open", "在办"), *Case.State.choices)
    return (
        Filter("measure", "处理", MEASURES, lambda rows, value: rows.filter(measure=value)),
        Filter("state", "状态", labels, lambda rows, value: rows.filter(ways[value])),
        Filter("year", "年度", _years, lambda rows, value: rows.filter(opened_on__year=int(value))),
        Filter(
            "township",
            "乡镇",
            lambda request: _places(request, "township"),
            lambda rows, value: rows.filter(township=value),
        ),
        Filter(
            "unit", "派出单位", lambda request: _places(request, "unit"), lambda rows, value: rows.filter(unit=value)
        ),
    )


def _years(request: Request) -> list[tuple[str, str]]:
    years = _plain(request).dates("opened_on", "year", order="DESC")
    return [(str(day.year), f"{day.year}年") for day in years]


def _places(request: Request, name: str) -> list[tuple[str, str]]:
    rows = _plain(request).filter(**{f"{name}__isnull": False}).order_by(f"{name}__name")
    return [(str(pk), label) for pk, label in rows.values_list(name, f"{name}__name").distinct()]


def _plain(request: Request) -> QuerySet[Case]:
    return cases_seen(request).select_related(None).order_by()


# -- one case ----------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def case(request: Request, pk) -> HttpResponse:
    """One case: what is alleged on what clause, every step with who and when, whose turn it is, what may be done next."""
    return case_page(request, case_seen(request, pk))


def case_page(request: Request, row: Case, name: str = "", form: Any = None) -> HttpResponse:
    """The page of a case, with the form that was refused in place of a fresh one."""
    found = stand(row, request.user, request.today)
    forms = _forms(request, row, found, name, form)
    context = {
        "case": row, "stand": found, "title": f"{row.get_measure_display()}：{row.who}", "pretitle": f"{row.get_way_display()}　{row.number}".strip(),
        "tone": TONES[row.state], "now": [one for one in forms if one["now"]], "later": [one for one in forms if not one["now"]], "papers": papers_of(row),
        "opinions": list(row.opinions.all()), "appeals": list(row.appeals.all()), "may_change": "change" in found.may,
        "person_url": reverse("teams:person", args=[row.person_id]) if row.person_id and may(request, "people.view") else "",
    }  # fmt: skip
    return render(request, "accountability/case.html", context)


def _forms(request: Request, row: Case, found: Standing, name: str, form: Any) -> list[dict]:
    """The steps open to the reader, what waits now on top; one that was refused with what was typed."""
    rows = []
    for step in STEPS.values():
        if step.name not in found.may and step.name != name:
            continue
        shown = form if step.name == name else step.fresh(request, row)
        now = step.main and (
            step.name != "state" or found.own
        )  # written down for somebody only where it comes on paper
        label = "代录陈述申辩" if step.name == "state" and not found.own else step.label
        rows.append(
            {"step": step, "label": label, "form": shown, "url": step.url(row), "now": now, "open": step.name == name}
        )
    if not any(one["now"] for one in rows):
        for one in rows:
            one["now"] = one["step"].name == "close"  # nothing else is waited for
    return rows


@login_required
@require_safe
def case_paper(request: Request, pk, paper: str) -> HttpResponse:
    """One document of a case, as PDF or (`?format=docx`) as a Word file to be finished by hand."""
    row = case_seen(request, pk)
    found = papers_of(row).get(paper)
    if found is None:
        raise Http404("这件处理没有这份文书。")
    office = policy.on(row.notified_on or request.today, SitePolicy, area=row.county_id).host
    document, name = found.write(row, office, request.today), f"{found.name} {row.who} {row.number}"
    if request.GET.get("format") == "docx":
        return docx_response(document, name)
    try:
        return pdf_response(document, name)
    except ValueError as unprintable:
        return refused(request, reverse("accountability:case", args=[pk]), [str(unprintable)])
