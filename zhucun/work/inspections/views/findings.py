"""问题台账 with the columns of the paper one."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division
from zhucun.base.timeline.periods import parse
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.inspections.models import Circular, Correction, Finding, Step
from zhucun.work.inspections.rules import CorrectionStatus, FindingStatus, Turn, turn_of
from zhucun.work.inspections.sight import CLOSE, ENTER, area_of, findings_seen, may

TONES = {"open": "yellow", "closed": "green", "withdrawn": "gray"}
TURN_TONES = {Turn.ORDER: "yellow", Turn.REPLY: "yellow", Turn.VERIFY: "blue", Turn.CLOSE: "blue"}
CASES = "accountability.view"
PAPER = tuple(
    "number found_on township village person unit kind text asked due done verifier closed_on measures".split()
)
"""The columns of the paper ledger; on the screen what was ordered and done stands on the finding's page."""


@login_required
@require_safe
def findings(request: Request) -> HttpResponse:
    """The ledger of findings within sight."""
    context = {"pretitle": "日常管理", "may_take_up": may(request, ENTER) and may(request, CLOSE)}
    return answer(
        request, _table(request), findings_seen(request), template="inspections/findings.html", context=context, on_export=note_export
    )  # fmt: skip


def _table(request: Request) -> Table:
    wide = area_of(request).is_county
    columns = (
        Column("number", "编号", sort="number", link=lambda row: reverse("inspections:finding", args=[row.pk])),
        Column("step", "状态", lambda row: row.stands, kind="badge", tone=lambda row: row.tone),
        Column("found_on", "发现日期", sort="found_on", kind="date"),
        Column("township", "乡镇", "township.name", sort="township", shown=wide),
        Column("village", "村", "team.village.name", sort="team__village"),
        Column("person", "责任人", "person.name", sort="person__name"),
        Column("unit", "责任单位", "unit.name", sort="unit__name", kind="name"),
        Column("kind", "类别", sort="kind", shown=False),
        Column("text", "描述", kind="long"),
        Column("asked", "整改要求", lambda row: row.told.asked, kind="long", shown=False),
        Column("due", "整改期限", lambda row: row.told.due, kind="date"),
        Column("done", "整改情况", lambda row: row.told.reply, kind="long", shown=False),
        Column("verifier", "验收人", lambda row: row.told.verifier, shown=False),
        Column("closed_on", "销号日期", sort="closed_on", kind="date", shown=False),
        Column("measures", "通报、提醒、约谈", lambda row: "、".join(row.measures), shown=False),
        Column("source", "来源", lambda row: f"{row.round.number} {row.round.get_method_display()}", shown=False),
        Column("team", "工作队", "team.number", sort="team__number", shown=False),
        Column("manager", "责任在管理", "manager", kind="yesno", shown=False),
    )  # fmt: skip
    return Table(
        "findings", "问题台账", columns=columns, filters=_filters(request, wide), order=("-found_on", "-number", "pk"),
        search=("number", "text", "person__name", "unit__name", "team__village__name"), search_hint="编号、描述、姓名、单位或村",
        empty=Empty("还没有督查问题", "到村核查录入以后，发现的问题自动列在这里；无故不在岗的不用再写一遍。"),
        prepare=lambda rows: _attach(rows, request), paper=PAPER,
    )  # fmt: skip


def _filters(request: Request, wide: bool) -> tuple[Filter, ...]:
    year = request.today.year
    periods = [parse(f"{year}-Q{n}") for n in (4, 3, 2, 1)] + [parse(str(year - back)) for back in range(4)]
    spans = [(one.name, one.label) for one in periods if one.start <= request.today]
    turns = [(turn.name, turn.value) for turn in Turn]
    found = [
        Filter("state", "状态", Finding.State.choices, lambda rows, value: rows.filter(state=value)),
        Filter("turn", "下一步", turns, lambda rows, value: rows.awaiting(Turn[value])),
        Filter("kind", "类别", Finding.Kind.choices, lambda rows, value: rows.filter(kind=value)),
        Filter("overdue", "逾期", [("yes", "整改逾期")], lambda rows, value: rows.overdue(request.today)),
        Filter("manager", "责任", [("yes", "乡镇或单位的管理责任"), ("no", "驻村人员和工作队")], lambda rows, value: rows.filter(manager=value == "yes")),
        Filter("period", "时间", spans, lambda rows, value: rows.filter(found_on__gte=parse(value).start, found_on__lte=parse(value).until)),
    ]  # fmt: skip
    if wide:
        found.append(Filter("township", "乡镇", _towns, lambda rows, value: rows.filter(township=value)))
    return tuple(found)


def _towns(request: Request) -> list[tuple[str, str]]:
    rows = Division.objects.filter(parent__in=area_of(request).county).order_by("pk")
    return list(rows.values_list("pk", "name"))


class Told:
    """What the ledger says of a finding's corrections: what was asked, by when, what was done, who accepted it."""

    def __init__(self, corrections: list[Correction], steps: dict[UUID, list[Step]]):
        own = [step for correction in corrections for step in steps.get(correction.pk, ())]
        replies = [step for step in own if step.kind == Step.Kind.REPLY]
        accepted = [step for step in own if step.kind == Step.Kind.ACCEPTED]
        waiting = [one.due_on for one in corrections if one.state == Correction.State.ORDERED and one.due_on]
        self.asked = "；".join(one.text for one in corrections)
        self.waiting = min(waiting, default=None)
        self.due = self.waiting or max((one.due_on for one in corrections if one.due_on), default=None)
        self.reply = replies[-1].text if replies else ""
        self.verifier = str(accepted[-1].taken_by) if accepted else ""


def _attach(rows: list[Finding], request: Request) -> None:
    """What the columns need, whatever the number of rows: a fixed number of queries, without joins over the whole ledger."""
    prefetch_related_objects(rows, "round", "township", "person", "unit", "team__village")
    keys = [row.pk for row in rows]
    corrections: dict[UUID | None, list[Correction]] = defaultdict(list)
    for one in Correction.objects.filter(finding__in=keys).order_by("ordered_at", "number"):
        corrections[one.finding_id].append(one)
    steps: dict[UUID, list[Step]] = defaultdict(list)
    held = [one.pk for own in corrections.values() for one in own]
    for step in Step.objects.filter(correction__in=held).select_related("taken_by").order_by("taken_at", "pk"):
        steps[step.correction_id].append(step)
    circulars = _circulars({row.round_id for row in rows})
    measures = measures_of(keys) if may(request, CASES) else {}
    for row in rows:
        own = corrections[row.pk]
        row.told = Told(own, steps)  # type: ignore[attr-defined]
        row.measures = [*circulars[row.round_id], *(label for label, _ in measures.get(row.pk, ()))]  # type: ignore[attr-defined]
        turn = turn_of(FindingStatus(row.state), [CorrectionStatus(one.state) for one in own])
        late = turn is Turn.REPLY and row.told.waiting and row.told.waiting < request.today  # type: ignore[attr-defined]
        row.stands = "整改逾期" if late else turn.value if turn else row.get_state_display()  # type: ignore[attr-defined]
        row.tone = "red" if late else TURN_TONES[turn] if turn else TONES[row.state]  # type: ignore[attr-defined]


def _circulars(rounds: Iterable[UUID]) -> dict[UUID, list[str]]:
    """By round: the issued circulars made from it."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Circular.objects.filter(rounds__in=list(rounds), state=Circular.State.ISSUED).order_by("year", "number")
    for key, year, number in rows.values_list("rounds", "year", "number"):
        found[key].append(f"{year}年第{number}期通报")
    return found


def measures_of(findings: list[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """By finding: what was done about it further up (提醒, 约谈, 召回), as the rooms named in ZHUCUN_MEASURES tell it."""
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for path in settings.ZHUCUN_MEASURES:
        told: Callable = import_string(path)
        for key, label, url in told(findings):
            found[key].append((label, url))
    return found
