"""留痕: the journal as sentences, filtered, exported, and proved to be whole (auditor)."""

from dataclasses import replace
from datetime import date, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.journal import anchor
from zhucun.base.journal.labels import ACTIONS
from zhucun.base.journal.models import Entry, Head
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.overview.office import actions, story

from .gate import needs

AUDITOR = "journal.view"
ALARMING = {"access.refused", "access.locked", "person.revealed"}


def _day_of(key: str):
    """A choice that is whatever day stands in the address: the template draws it as a date input."""

    def choices(request: Request) -> list[tuple[str, str]]:
        text = request.GET.get(key, "")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return []
        return [(day.isoformat(), text)] if 1900 <= day.year <= 2100 else []

    return choices


def _until(rows, value: str):
    return rows.filter(at__lt=(date.fromisoformat(value) + timedelta(days=1)).isoformat())


GROUPS = (
    ("access.", "登录和退出"), ("account.", "账号"), ("duty.", "职责"), ("person.", "人员"), ("record.", "人员情况"),
    ("team.", "工作队"), ("posting.", "任职"), ("parameter.", "制度参数"), ("list.", "导出"),
)  # fmt: skip


JOURNAL = Table(
    "office-journal",
    "留痕日志",
    columns=(
        Column("seq", "序号", kind="text", link=lambda row: f"{row.seq}/"),
        Column("at", "时间", story.moment, kind="date"),
        Column("actor_name", "操作人"),
        Column("action", "操作", story.action, kind="badge", tone=lambda row: "red" if row.action in ALARMING else "gray"),
        Column("target_name", "对象", kind="long"),
        Column("changes", "内容", story.sentence, kind="long"),
        Column("reason", "理由", kind="long"),
        Column("hash", "校验值", shown=False),
    ),
    filters=(
        Filter("from", "从", _day_of("from"), lambda rows, value: rows.filter(at__gte=value)),
        Filter("until", "到", _day_of("until"), _until),
        Filter("group", "范围", GROUPS, lambda rows, value: rows.filter(action__startswith=value)),
        Filter("action", "操作", sorted(ACTIONS.items(), key=lambda item: item[1]), lambda rows, value: rows.filter(action=value)),
    ),
    search=("actor_name", "target_name", "reason"),
    search_hint="操作人、对象或理由",
    order=("-seq",),
    per_page=50,
    empty=Empty("没有留痕记录"),
)  # fmt: skip

BRIEF = replace(
    JOURNAL, columns=tuple(replace(c, value=story.brief) if c.key == "changes" else c for c in JOURNAL.columns)
)


@needs(AUDITOR)
@require_safe
def journal(request: Request) -> HttpResponseBase:
    """The entries, newest first."""
    table = JOURNAL if request.GET.get("format") else BRIEF
    return answer(request, table, Entry.objects.all(), template="office/journal.html", on_export=note_export)


@needs(AUDITOR)
@require_safe
def entry(request: Request, seq: int) -> HttpResponse:
    """One entry in full, with what else was done to the same row."""
    row = get_object_or_404(Entry, pk=seq)
    others = Entry.objects.none()
    if row.target_id:
        others = Entry.objects.filter(target_type=row.target_type, target_id=row.target_id).exclude(pk=seq)[:20]
    context = {
        "title": f"第 {row.seq} 条留痕", "entry": row, "at": story.moment(row), "action": story.action(row), "changes": story.changes(row),
        "others": [(other, story.moment(other), story.action(other), story.changes(other)) for other in others],
    }  # fmt: skip
    return render(request, "office/journal_entry.html", context)


@needs(AUDITOR)
@require_POST
def journal_verify(request: Request) -> HttpResponse:
    """Have the whole journal checked, and show the result with the latest anchors."""
    verdict = actions.verify_journal(by=request.user, at=request.now)
    head = Head.objects.first()
    anchors = anchor.read(head.journal)[-10:][::-1] if head else []
    context = {"title": "核对留痕日志", "verdict": verdict, "anchors": anchors, "head": head}
    return render(request, "office/journal_verified.html", context)
