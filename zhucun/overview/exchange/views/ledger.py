"""The ledger workbook: start page, upload, an import from examination to result, export."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.directory.models import Division, Unit
from zhucun.base.web import pages
from zhucun.base.web.excel import attachment
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.overview.exchange import actions, exporting, jobs, previews
from zhucun.overview.exchange.forms import ExportForm, UploadForm
from zhucun.overview.exchange.models import TRANSITIONS, Job, Status
from zhucun.overview.exchange.reading.gate import Fault

IMPORT, EXPORT = "exchange.import", "exchange.export"
TONES = {
    Status.DONE: "green",
    Status.READY: "blue",
    Status.MAPPING: "blue",
    Status.EXAMINING: "blue",
    Status.APPLYING: "blue",
    Status.REFUSED: "red",
    Status.FAILED: "red",
}
JOBS = Table(
    "imports",
    "导入记录",
    columns=(
        Column("name", "文件", sort="name", link=lambda job: reverse("exchange:job", args=[job.pk])),
        Column("kind", "种类"),
        Column("status", "结果", sort="status", kind="badge", tone=lambda job: TONES.get(job.status, "gray")),
        Column("added", "新增", lambda job: job.total["added"], kind="number"),
        Column("changed", "修改", lambda job: job.total["changed"], kind="number"),
        Column("problems", "问题", sort="problems", kind="number"),
        Column("uploaded_at", "上传时间", sort="uploaded_at", kind="date"),
        Column("uploaded_by", "上传人", "uploaded_by.name"),
    ),
    filters=(Filter("status", "结果", Status.choices, lambda rows, value: rows.filter(status=value)),),
    search=("name",),
    search_hint="文件名",
    order=("-uploaded_at", "pk"),
    empty=Empty("还没有导入过", "在上面选择台账工作簿或花名册，先检查、再确认，不会直接写入。"),
    per_page=10,
)


def counties_of(request, permission):
    """The counties in which the reader's duties carry the permission, be it for a part of them."""
    scope = request.user.scope_on(request.today, permission)
    codes = scope.county | {code[:6] for code in scope.township | scope.village}
    codes |= set(Unit.objects.filter(pk__in=scope.unit).values_list("county_id", flat=True))
    return list(Division.objects.filter(kind=Division.Kind.COUNTY, pk__in=codes))


def job_or_404(request, id):
    """An import of a county whose ledger the reader may take in."""
    scope = request.user.scope_on(request.today, IMPORT)
    return get_object_or_404(Job.objects.within(scope).select_related("county", "uploaded_by", "confirmed_by"), pk=id)


@login_required
@require_safe
def home(request):
    """Import, export, template, and what was imported before."""
    request.user.require(EXPORT, request.now)
    context = {"title": "台账导入导出", "export": export_form(request)}
    if not request.user.may(IMPORT, request.today):
        return render(request, "exchange/home_export.html", context | {"title": "导出台账"})
    counties = counties_of(request, IMPORT)
    context |= {
        "may_import": True,
        "upload": UploadForm(counties=counties, auto_id="ledger_%s"),
        "roster": UploadForm(counties=counties, auto_id="roster_%s"),
        "sheets": list(actions.SHEETS.values()),
    }
    rows = Job.objects.within(request.user.scope_on(request.today, IMPORT)).select_related("uploaded_by")
    return answer(request, JOBS, rows, template="exchange/home.html", context=context)


@login_required
@require_POST
def upload(request):
    """Take a ledger workbook and go on to its page."""
    return take_upload(request, Job.Kind.LEDGER, "导入台账工作簿")


def take_upload(request, kind, title):
    """Take an uploaded workbook of either kind; refused files come back with the sentence at the field."""
    request.user.require(IMPORT, request.now)
    form = UploadForm(request.POST, request.FILES, counties=counties_of(request, IMPORT))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = actions.submit(
                county=form.cleaned_data["county"], kind=kind, name=file.name, content=file.read(),
                by=request.user, at=request.now,
            )  # fmt: skip
            return redirect("exchange:job", job.pk)
        except Fault as fault:
            form.add_error("file", str(fault))
    context = {"form": form, "title": title, "submit": "上传并检查", "cancel_url": reverse("exchange:home")}
    return render(request, "web/form_page.html", context)


@login_required
@require_safe
def job(request, id):
    """An import as it stands: under way, waiting for a decision, or over."""
    found = job_or_404(request, id)
    if found.status == Status.MAPPING:
        return redirect("exchange:roster_columns", found.pk)
    if found.is_working and jobs.told(found.pk)["dead"]:
        mark_dead(request, found)
    context = {
        "title": found.name,
        "job": found,
        "steps": steps(found),
        "preview": previews.read(found.pk)
        if found.status in {Status.READY, Status.REFUSED, Status.UNCHANGED}
        else None,
        "counts": [{"name": name, **n} for name, n in found.counts.items()],
        "nothing_new": found.status == Status.UNCHANGED,
        "upload": UploadForm(counties=[found.county], auto_id="again_%s"),
    }
    return render(request, f"exchange/job_{template_of(found)}.html", context)


def template_of(found: Job) -> str:
    """Which page shows an import in its state."""
    if found.is_working:
        return "working"
    return {Status.READY: "ready", Status.REFUSED: "refused"}.get(Status(found.status), "over")


def steps(found: Job) -> list[dict]:
    """The way of an import, as the head of its page shows it."""
    labels = (
        ["上传", "对应列", "检查", "确认", "写入"]
        if found.kind == Job.Kind.ROSTER
        else ["上传", "检查", "确认", "写入"]
    )
    now = {
        Status.MAPPING: "对应列", Status.EXAMINING: "检查", Status.REFUSED: "检查", Status.READY: "确认", Status.APPLYING: "写入",
    }.get(Status(found.status))  # fmt: skip
    if now is None:
        over = found.status == Status.DONE
        return [{"label": label, "state": "done" if over or label == "上传" else "todo"} for label in labels]
    place = labels.index(now) if now in labels else 1
    states = ["done"] * place + ["now"] + ["todo"] * (len(labels) - place - 1)
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def mark_dead(request, found):
    """The process is gone without a word: say so instead of turning for ever."""
    message = "处理中断了（可能是服务器重启），什么都没有写入。请重新上传。"
    actions.give_up(job=found, message=message, by=request.user, at=request.now)
    found.refresh_from_db()


@login_required
@require_safe
def job_progress(request, id):
    """How far an import is, asked by its page every second."""
    found = job_or_404(request, id)
    told = jobs.told(found.pk)
    over = not found.is_working or told["dead"]
    url = reverse("exchange:job", args=[found.pk]) if over else ""
    return pages.progress(request, done=told["percent"], total=100, text=told["text"], finished_url=url)


@login_required
@require_POST
def job_confirm(request, id):
    """Let it be written; pressed twice it is written once."""
    found = job_or_404(request, id)
    actions.confirm(job=found, by=request.user, at=request.now)
    return redirect("exchange:job", found.pk)


@login_required
@require_POST
def job_abandon(request, id):
    """Give it up and remove the file."""
    found = job_or_404(request, id)
    actions.abandon(job=found, by=request.user, at=request.now)
    messages.success(request, "已放弃这次导入，上传的文件已删除，台账没有变动。")
    return redirect("exchange:home")


@login_required
@require_safe
def job_marked(request, id):
    """The reader's own workbook with its problems marked."""
    found = job_or_404(request, id)
    content = jobs.kept(found.pk, jobs.MARKED) if Status.ABANDONED in TRANSITIONS[found.status] else None
    if content is None:
        raise Http404("这份文件已经清理了，请重新上传检查。")
    return attachment(BytesIO(content), f"问题标注-{found.name}")


@login_required
@require_safe
def template(request):
    """The empty workbook with drop-downs and notes."""
    request.user.require(EXPORT, request.now)
    return attachment(exporting.template(), "台账模板.xlsx")


def export_form(request, data=None):
    """The form of an export, as the reader may fill it in."""
    in_clear = bool(request.user.scope_on(request.today, "people.reveal").county)
    return ExportForm(data, counties=counties_of(request, EXPORT), in_clear=in_clear, auto_id="export_%s")


@login_required
def export(request):
    """Hand out the ledger on a day; asking shows the form, sending it the workbook."""
    request.user.require(EXPORT, request.now)
    form = export_form(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        county, day = form.cleaned_data["county"], form.cleaned_data["day"]
        reason = form.cleaned_data.get("reason", "")
        file = actions.export_ledger(county=county, day=day, by=request.user, at=request.now, reason=reason)
        return attachment(file, f"{county.name}台账-{(day or request.today).isoformat()}.xlsx")
    context = {"form": form, "title": "导出台账", "submit": "导出", "cancel_url": reverse("exchange:home")}
    return render(request, "web/form_page.html", context)
