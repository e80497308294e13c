"""The meeting: 研判表 as page, workbook and print, reasons, the approval, and the draft of 选派通知."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.policy import policy
from zhucun.base.policy.site import SitePolicy
from zhucun.base.web import pages
from zhucun.base.web.pages import done, refused
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.base.web.word import docx_response
from zhucun.work.placement import board, fates, notice
from zhucun.work.placement.actions import approval, proposals
from zhucun.work.placement.actions import rounds as round_actions
from zhucun.work.placement.board import Row
from zhucun.work.placement.forms.lines import SayForm
from zhucun.work.placement.forms.rounds import MeetingForm
from zhucun.work.placement.jobs import JOBS
from zhucun.work.placement.models import Line, Proposal
from zhucun.work.placement.rules import PRINCIPLES
from zhucun.work.placement.sight import EDIT, may, only_when_open, proposal_seen, whole_round


@login_required
@require_safe
def table(request: Request, pk) -> HttpResponse:
    """人岗匹配研判表 (domain.md 3.2): one row per village, on the page, in Excel and on paper."""
    found = proposal_seen(request, pk)
    rows = found.lines.select_related("village__township", "unit", "proposal__round")
    context = {
        "proposal": found, "round": found.round, "title": "人岗匹配研判表", "pretitle": f"{found.round} {found}",
        "may_edit": found.round.is_open and may(request, EDIT, found), "paper_sub": _heading(found), "all_columns": FORM_COLUMNS,
    }  # fmt: skip
    return answer(
        request, _table(found), rows, template="placement/table.html", context=context,
        filename=f"人岗匹配研判表-{found.round}", on_export=note_export,
    )  # fmt: skip


FORM_COLUMNS = (
    "no,village,category,shortfall,needs,unit,unit_category,principle,people,career,skills,opinion,reason,conclusion"
)
"""The columns of the form (domain.md 3.2) for paper; day, departments and document stand in its heading."""


def _heading(found: Proposal) -> str:
    """What stands below the title on paper: the round, the meeting, the document."""
    round = found.round
    met = f"研判日期：{round.met_on}" if round.met_on else ""
    words = (
        str(round),
        str(found),
        met,
        f"参会部门：{round.attendees}" if round.attendees else "",
        f"文号：{round.document}" if round.document else "",
    )
    return "　".join(word for word in words if word)


def _table(found: Proposal) -> Table:
    def attach(lines: list[Line]) -> None:
        """The board's row of each line, numbered in the order of villages, with everybody's record."""
        rows = {row.line.pk: row for row in board.rows_of(found, lines)}
        records = board.records_of(rows.values(), found.round.starts_on)
        order = {
            village: n for n, village in enumerate(found.lines.order_by("village").values_list("village", flat=True), 1)
        }
        for line in lines:
            line.row, line.records, line.no = rows[line.pk], records, order[line.village_id]

    def each(of) -> str:
        return lambda line: "；".join(filter(None, (of(line, seat) for seat in line.row.seats)))

    conclusion = "同意" if found.adopted else ""
    return Table(
        "placement-table", "人岗匹配研判表",
        columns=(
            Column("no", "序号", "no", kind="number"),
            Column("village", "村名", "village.name", sort="village", link=lambda line: reverse("placement:line", args=[found.pk, line.village_id])),
            Column("category", "村类型", lambda line: f"{line.row.category}、{line.row.troubles.words}" if line.row.troubles.words else line.row.category),
            Column("shortfall", "村情短板", lambda line: line.row.need.get_shortfall_display() if line.row.need else ""),
            Column("needs", "需求专业", lambda line: line.row.need.skills if line.row.need else "", kind="long"),
            Column("unit", "拟派单位", "unit.name", sort="unit__name"),
            Column("unit_category", "单位类别", "unit.category", sort="unit__category", shown=False),
            Column("principle", "匹配原则", lambda line: PRINCIPLES[line.unit.category]),
            Column("people", "拟派人员", each(lambda line, seat: f"{seat.candidate}{'（队长）' if seat.leads else ''}"), kind="long"),
            Column("career", "履历要点", each(lambda line, seat: _career(line.records.get(seat.candidate.person_id))), kind="long", shown=False),
            Column("skills", "技能特长", each(lambda line, seat: _skills(line.records.get(seat.candidate.person_id))), kind="long", shown=False),
            Column("opinion", "研判意见", kind="long"),
            Column("reason", "不符合原则时的理由", kind="long"),
            Column("met_on", "研判日期", lambda line: found.round.met_on, kind="date", shown=False),
            Column("attendees", "参会部门", lambda line: found.round.attendees, kind="long", shown=False),
            Column("conclusion", "结论", lambda line: conclusion),
            Column("document", "文号", lambda line: found.round.document, shown=False),
        ),
        filters=(Filter("category", "单位类别", list(PRINCIPLES.items()), _of_category),),
        search=("village__name", "unit__name", "seats__candidate__person__name"), search_hint="村、单位或姓名", order=("village", "pk"),
        empty=Empty("这个方案里还没有队伍", "先计算方案。"), prepare=attach,
    )  # fmt: skip


def _of_category(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(unit__category=value)


def _career(record) -> str:
    if record is None:
        return ""
    had = [word for word, so in (("农村工作经历", record.rural), ("脱贫攻坚驻村", record.poverty_relief)) if so]
    return f"{record.person.name}：{'、'.join(filter(None, (record.post or record.get_rank_display(), *had)))}"


def _skills(record) -> str:
    words = "、".join(filter(None, (record.major, record.skills))) if record else ""
    return f"{record.person.name}：{words}" if words else ""


@login_required
def meeting(request: Request, pk) -> HttpResponse:
    """When the meeting was, who was there, and the number of the document that follows."""
    round = whole_round(request, pk, EDIT)
    only_when_open(round)
    form = MeetingForm(
        request.POST or None, initial={name: getattr(round, name) for name in ("met_on", "attendees", "document")}
    )
    back = request.GET.get("proposal", "")
    target = (
        reverse("placement:approve", args=[back])
        if _is_proposal(round, back)
        else reverse("placement:round", args=[pk])
    )
    if request.method == "POST" and form.is_valid():
        try:
            round_actions.change_round(round=round, fields=form.cleaned_data, by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, target, "研判会议已记录。")
    context = {"form": form, "title": "记录研判会议", "pretitle": str(round), "cancel_url": target}
    return render(request, "web/form_page.html", context)


def _is_proposal(round, key: str) -> bool:
    return len(key) == 36 and any(str(one) == key for one in round.proposals.values_list("pk", flat=True))


@login_required
def reasons(request: Request, pk) -> HttpResponse:
    """Opinions and reasons of many villages on one page, those that need a reason first."""
    found = proposal_seen(request, pk, EDIT)
    only_when_open(found.round)
    rows = sorted(board.rows_of(found), key=lambda row: (not row.bound or row.follows, row.line.village_id))
    rows = rows if request.GET.get("all") else [row for row in rows if row.bound and not row.follows]
    forms = [SayForm(request.POST or None, line=row.line, prefix=row.line.village_id) for row in rows]
    valid = [form.is_valid() for form in forms]  # every one, so that all mistakes are told at once
    if request.method == "POST" and all(valid):
        try:
            n = proposals.say(
                proposal=found, lines={form.line: form.cleaned_data for form in forms}, by=request.user, at=request.now
            )
        except ValidationError as refusal:
            return refused(request, request.get_full_path(), refusal.messages)
        return done(
            request, reverse("placement:approve", args=[pk]), f"已保存 {n} 个村的研判意见。" if n else "没有改动。"
        )
    context = {
        "proposal": found, "round": found.round, "rows": list(zip(rows, forms, strict=True)), "title": "研判意见和理由", "pretitle": f"{found.round} {found}",
        "all": bool(request.GET.get("all")),
    }  # fmt: skip
    return render(request, "placement/reasons.html", context)


@login_required
def approve(request: Request, pk) -> HttpResponse:
    """What stands in the way, what will happen to the ledger, and the button."""
    found = proposal_seen(request, pk, EDIT)
    if found.adopted:
        return redirect("placement:decided", found.round_id)
    only_when_open(found.round)
    halted = list((found.findings or {}).get("refused", []))
    if request.method == "POST":
        try:
            approval.ask(proposal=found, by=request.user, at=request.now)
        except ValidationError:
            halted = ["还有事没有办完，办完后再批准。"]  # told one by one below, each with its place
        else:
            transaction.on_commit(lambda: JOBS.launch(found.pk, "approve", str(request.user.pk)))
            return redirect("placement:approving", found.pk)
    context = {
        "proposal": found, "round": found.round, "title": f"批准{found}", "pretitle": str(found.round), "refused": halted,
        "sums": board.sums_of(board.rows_of(found)), "outcome": fates.fates(found.round, found),
        "obstacles": approval.in_the_way(proposal=found, by=request.user, at=request.now),
    }  # fmt: skip
    return render(request, "placement/approve.html", context)


@login_required
@require_safe
def approving(request: Request, pk) -> HttpResponse:
    """The ledger is being changed: how far it is, then the list, or back with the reasons."""
    found = proposal_seen(request, pk, EDIT)
    told = JOBS.told(found.pk)
    refused = (found.findings or {}).get("refused")
    over = ""
    if found.adopted:
        over = reverse("placement:decided", args=[found.round_id])
        messages.success(request, f"{found}已批准。工作队和任职已写入台账，离任人员的交接清单已建好。")
    elif refused or told["dead"] or not told["text"]:
        over = reverse("placement:approve", args=[pk])
    if request.headers.get("HX-Request") == "true":
        return pages.progress(request, done=told["percent"], total=100, text=told["text"], finished_url=over)
    if over:
        return redirect(over)
    context = {"proposal": found, "round": found.round, "title": f"正在批准{found}", "pretitle": str(found.round)}
    return render(request, "placement/approving.html", context)


@login_required
@require_safe
def notice_word(request: Request, pk) -> HttpResponse:
    """The draft of 选派通知 as an editable Word file."""
    found = proposal_seen(request, pk)
    rows: list[Row] = board.rows_of(found)
    note_export(request, Table("notice", f"选派通知：{found.round}", ()), sum(len(row.seats) for row in rows))
    host = policy.on(request.today, SitePolicy, area=found.round.county_id).host
    return docx_response(notice.draft(found.round, rows, host, request.today), f"选派通知（草稿）-{found.round}")
