"""请假报备: the list, what waits for the reader first; the unit's and the county's copy is the same list."""

from django.contrib.auth.decorators import login_required
from django.db.models import Case, Q, Value, When
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.attendance import ladder
from zhucun.work.attendance.models import Leave
from zhucun.work.attendance.notices import NEW_FOR
from zhucun.work.attendance.roster import month_named
from zhucun.work.attendance.sight import ASK, RECORD, admit, knows_why, leaves_seen, managed, may
from zhucun.work.attendance.slips import TONES


@login_required
@require_safe
def leaves(request: Request) -> HttpResponse:
    """Leave and notices within sight, what waits for the reader first: a copy for the unit and the county as well."""
    admit(request)
    mine = {leave.pk for leave in ladder.waiting_for(request.user, request.today)}
    first = Case(When(pk__in=mine, then=Value(0)), default=Value(1))
    rows = leaves_seen(request).annotate(turn=first)
    may_ask, may_record = may(request, ASK), may(request, RECORD)
    context = {
        "pretitle": "日常管理", "may_ask": may_ask, "may_record": may_record, "waiting": len(mine), "needs_forms": may_ask or may_record,
    }  # fmt: skip
    table = _table(request, mine)
    return answer(request, table, rows, template="attendance/leaves.html", context=context, on_export=note_export)


def _table(request: Request, mine: set) -> Table:
    scope = managed(request)
    wide = bool(scope.county or scope.unit or len(scope.township) > 1)
    link = lambda row: reverse("attendance:leave", args=[row.pk])  # noqa: E731  the first column's, whichever it is
    kind = Column(
        "kind",
        "类别",
        kind="badge",
        sort="kind",
        tone=lambda row: "blue" if row.is_notice else "gray",
        link=None if scope else link,
    )
    team = Column("team", "工作队", "posting.team", sort="posting__team__number", shown=bool(scope))
    columns = (
        *((Column("person", "姓名", "person.name", sort="person__name", link=link),) if scope else ()),
        kind,
        Column("start", "从", sort="start", kind="date"),
        Column("until", "到", sort="end", kind="date"),
        Column("days", "天数", kind="number"),
        Column("status", "状态", lambda row: row.stands, kind="badge", tone=lambda row: TONES[row.status]),
        team,
        *((Column("township", "乡镇", "posting.team.village.township.name", sort="posting__team__village__township"),) if wide else ()),
        Column("unit", "派出单位", "posting.unit.name", sort="posting__unit__name", shown=False),
        *((Column("reason", "事由", kind="long"), Column("place", "地点", shown=False), Column("stand_in", "工作代理人", shown=False)) if knows_why(request) else ()),
        Column("level", "批准层级", shown=False),
        Column("approved_on", "批准日期", sort="approved_on", kind="date", shown=False),
        Column("returned_on", "销假日期", sort="returned_on", kind="date", shown=False),
        Column("number", "编号", sort="number", shown=False),
    )  # fmt: skip
    return Table(
        "leaves", "请假报备", columns=columns, filters=_filters(request, mine, wide), order=("turn", "-start", "number"),
        search=("person__name", "number", "posting__team__village__name"), search_hint="姓名、村或编号",
        empty=Empty("还没有请假报备", "离村前在这里写一张，或由乡镇登记已经批好的纸质单子。"), prepare=lambda rows: _tell_turns(request, rows, mine),
    )  # fmt: skip


def _tell_turns(request: Request, rows: list[Leave], mine: set) -> None:
    """Where each row stands in words: whose turn it is while it waits."""
    found = ladder.ladders([row for row in rows if row.status == Leave.Status.ASKED], request.today)
    for row in rows:
        turn = found[row.pk].turn if row.pk in found else None
        waits = "等我办理" if row.pk in mine else f"待{Leave.Approver(turn).label}批" if turn else ""
        row.stands = waits or row.get_status_display()  # type: ignore[attr-defined]


def _filters(request: Request, mine: set, wide: bool) -> tuple[Filter, ...]:
    day = request.today
    months = [day.replace(day=1)]
    while len(months) < 12:
        months.append((months[-1] - ONE_DAY).replace(day=1))
    decides = any(may(request, permission) for permission in ladder.PERMISSIONS.values())
    ways = {
        "mine": Q(pk__in=mine), "asked": Q(status=Leave.Status.ASKED), "new": Q(approved_on__gt=day - NEW_FOR),
        "away": Q(status__in=Leave.STANDING, start__lte=day, end__gt=day),
        "over": ladder.overdue(day),
        "refused": Q(status__in=(Leave.Status.REFUSED, Leave.Status.WITHDRAWN)),
    }  # fmt: skip
    labels = (
        *((("mine", "等我办理"),) if decides else ()), ("asked", "待批"), ("new", f"新批（{NEW_FOR.days} 天内）"), ("away", "今天不在村"),
        ("over", "到期未销假"), ("refused", "未批准、已撤回"),
    )  # fmt: skip
    found = [
        Filter("state", "状态", labels, lambda rows, value: rows.filter(ways[value])),
        Filter("kind", "类别", Leave.Kind.choices, lambda rows, value: rows.filter(kind=value)),
        Filter("month", "月份", [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in months],
               lambda rows, value: rows.during(month_named(value))),
    ]  # fmt: skip
    if wide:
        found.append(Filter("township", "乡镇", _townships, lambda rows, value: rows.filter(posting__team__village__township=value)))  # fmt: skip
    return tuple(found)


def _townships(request: Request) -> list[tuple[str, str]]:
    path = "posting__team__village__township"
    return list(leaves_seen(request).order_by(path).values_list(path, f"{path}__name").distinct())
