"""The sheets 督查, 督查问题, 整改意见 and 督查通报 of the ledger workbook."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from zhucun.base.directory.models import Division
from zhucun.base.web.sheets import Column, Sheet, options

from .models import Circular, Correction, Finding, Round, Visit

ROUNDS = Sheet(
    "督查",
    key=("督查编号",),
    columns=(
        Column("督查编号", "number", required=True, kind="code", max_length=40, hint="全县不重复。"),
        Column("日期", "held_on", required=True, kind="date"),
        Column("方式", "method", required=True, kind="choice", **options(Round.Method)),
        Column("督查组", "group", max_length=120),
        Column("村区划代码", "villages", kind="many", max_length=12, hint="到过的村，几个村用、隔开。"),
    ),
)
FINDINGS = Sheet(
    "督查问题",
    key=("问题编号",),
    columns=(
        Column("问题编号", "number", required=True, kind="code", max_length=40, hint="全县不重复。"),
        Column("督查编号", "round", required=True, kind="code", max_length=40),
        Column("工作队编号", "team", kind="code", max_length=40),
        Column("责任人编号", "person", kind="code", max_length=40),
        Column("类别", "kind", required=True, kind="choice", **options(Finding.Kind)),
        Column("描述", "text", required=True, max_length=400),
        Column("销号日期", "closed_on", kind="date", hint="还没有销号的空着。"),
    ),
)
CORRECTIONS = Sheet(
    "整改意见",
    key=("意见编号",),
    columns=(
        Column("意见编号", "number", required=True, kind="code", max_length=40, hint="全县不重复。"),
        Column("督查编号", "round", required=True, kind="code", max_length=40),
        Column("问题编号", "finding", kind="code", max_length=40),
        Column("内容", "text", required=True, max_length=400),
        Column("整改期限", "due_on", kind="date"),
        Column("完成日期", "done_on", kind="date"),
    ),
)
CIRCULARS = Sheet(
    "督查通报",
    key=("年度", "期号"),
    columns=(
        Column("年度", "year", required=True, kind="number"),
        Column("期号", "number", required=True, kind="number"),
        Column("标题", "title", required=True, max_length=120),
        Column("印发日期", "issued_on", required=True, kind="date"),
    ),
)


def round_rows(county: Division, day: date | None) -> Iterator[list]:
    """Rounds begun and held by `day` (all without a day): one that is planned is told to nobody, one cancelled never was."""
    villages: dict = defaultdict(list)
    for round_id, code in (
        Visit.objects.filter(round__county=county).order_by("village").values_list("round", "village")
    ):
        villages[round_id].append(code)
    rows = Round.objects.filter(county=county).exclude(state__in=(Round.State.PLANNED, Round.State.CANCELLED))
    rows = rows.order_by("held_on", "number")
    for row in rows if day is None else rows.filter(held_on__lte=day):
        yield [row.number, row.held_on, row.get_method_display(), row.group, "、".join(villages[row.pk])]


def finding_rows(county: Division, day: date | None) -> Iterator[list]:
    """Findings of rounds held by `day`, withdrawn ones left out; a closing after it is not told."""
    rows = Finding.objects.filter(county=county).exclude(state=Finding.State.WITHDRAWN).order_by("number", "pk")
    rows = rows if day is None else rows.filter(round__held_on__lte=day)
    kinds = dict(Finding.Kind.choices)
    fields = ("number", "round__number", "team__number", "person__number", "kind", "text", "closed_on")
    for *start, kind, text, closed in rows.values_list(*fields).iterator(chunk_size=2000):
        yield [*(part or "" for part in start), kinds[kind], text, _told(closed, day)]


def correction_rows(county: Division, day: date | None) -> Iterator[list]:
    """Corrections of rounds held by `day`; what was done after it is not told."""
    rows = Correction.objects.filter(county=county).order_by("number", "pk")
    rows = rows if day is None else rows.filter(round__held_on__lte=day)
    fields = ("number", "round__number", "finding__number", "text", "due_on", "done_on")
    for number, round_number, finding, text, due, done in rows.values_list(*fields).iterator(chunk_size=2000):
        yield [number, round_number, finding or "", text, due, _told(done, day)]


def circular_rows(county: Division, day: date | None) -> Iterator[list]:
    """Circulars issued by `day`; drafts are nobody's business yet."""
    rows = Circular.objects.filter(county=county, state=Circular.State.ISSUED).order_by("year", "number")
    for row in rows if day is None else rows.filter(issued_on__lte=day):
        yield [row.year, row.number, row.title, row.issued_on]


def _told(known: date | None, day: date | None) -> date | None:
    return known if known is None or day is None or known <= day else None
