"""Scans and photos come in, are read in a process of their own, and what became of every page is told."""

from hashlib import sha256

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.request import Request
from zhucun.base.directory.models import Division
from zhucun.base.web import pages
from zhucun.work.attendance.forms.uploads import UploadForm, refusal_of
from zhucun.work.attendance.jobs import JOBS, READ, Work
from zhucun.work.attendance.models import Reading
from zhucun.work.attendance.scan.metadata import without_metadata
from zhucun.work.attendance.sight import READ as MAY_READ
from zhucun.work.attendance.sight import readings_seen

BROKEN_OFF = "识读中断了（可能是服务器重启）。已经读出的都在下面，还有 {} 个文件没有读，请点“继续识读”。"


@login_required
def upload(request: Request) -> HttpResponse:
    """Take files and start reading them."""
    request.user.require(MAY_READ, request.now)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given, counties=_counties(request))
    if form.is_valid():
        work = _taken(request, form.cleaned_data["county"], form.cleaned_data["scans"])
        transaction.on_commit(work.launch)
        return redirect("attendance:uploading", work.id)
    context = {"form": form, "title": "上传记录本", "pretitle": "出勤记录本"}
    return render(request, "attendance/upload.html", context)


def _counties(request: Request) -> list[Division]:
    scope = request.user.scope_on(request.today, MAY_READ)
    codes = scope.county | {code[:6] for code in scope.township}
    return list(Division.objects.filter(kind=Division.Kind.COUNTY, pk__in=codes))


def _taken(request: Request, county: Division, files: list[UploadedFile]) -> Work:
    """The files in a folder of their own, pictures without what a phone wrote into them; pages that cannot be read are
    the township's own, or the county's where the county uploads."""
    scope = request.user.scope_on(request.today, MAY_READ)
    towns = sorted(code for code in scope.township if code.startswith(county.pk))
    township = towns[0] if towns and county.pk not in scope.county else ""
    work = Work.begun(READ, request.user, request.now, county=county.pk, township=township)
    for file in files:
        refusal, digest = refusal_of(file), sha256()
        for piece in file.chunks():
            digest.update(piece)
        file.seek(0)
        content = b"" if refusal else without_metadata(file.read())
        name = (file.name or "文件").replace("\0", "")[:200]
        work.add(name, digest.hexdigest(), content, refusal)
    work.keep()
    return work


def _batch(request: Request, pk) -> tuple[Work | None, list[Reading]]:
    """What one uploaded, as long as its folder is there, and what was read of it; others' only as far as they may see it."""
    work = Work.found(pk)
    if work is not None and (work.stage != READ or work.user != str(request.user.pk)):
        work = None
    open_ones = Count("questions", filter=Q(questions__answered_at__isnull=True))
    found = readings_seen(request).filter(batch=pk).defer("cells", "page__snapshot")
    rows = list(found.annotate(open=open_ones).order_by("read_at", "file", "number", "place"))
    if work is None and not rows:
        raise Http404("没有这次上传，或者不是您上传的。")
    return work, rows


@login_required
@require_safe
def uploading(request: Request, pk) -> HttpResponse:
    """An upload as it stands: how far reading is, and what became of every page so far."""
    work, rows = _batch(request, pk)
    left = [one for one in work.uploads if not one.over] if work else []
    dead = bool(left) and (work.over or JOBS.told(pk)["dead"]) if work else False
    context = {
        "title": "识读结果" if not left else "正在识读", "pretitle": "出勤记录本", "work": work, "rows": rows, "left": left, "pk": pk,
        "tables": [(heading, [row for row in rows if (row.state == Reading.State.REFUSED) == is_refused])
                   for heading, is_refused in (("读出的页", False), ("没有读出的页", True))],
        "broken_off": BROKEN_OFF.format(len(left)) if dead else "", "working": bool(left) and not dead,
        "files": work.uploads if work else [], "open": sum(row.open for row in rows),
        "counts": [(label, n) for state, label in Reading.State.choices if (n := sum(row.state == state for row in rows))],
    }  # fmt: skip
    return render(request, "attendance/uploading.html", context)


@login_required
@require_safe
def upload_progress(request: Request, pk) -> HttpResponse:
    """How far reading is, asked by its page every second."""
    work, _ = _batch(request, pk)
    told = JOBS.told(pk)
    over = work is None or work.over or told["dead"] or all(one.over for one in work.uploads)
    url = reverse("attendance:uploading", args=[pk]) if over else ""
    return pages.progress(request, done=told["percent"], total=100, text=told["text"], finished_url=url)


@login_required
@require_POST
def upload_resume(request: Request, pk) -> HttpResponse:
    """Go on reading what a broken-off process has left."""
    request.user.require(MAY_READ, request.now)
    work, _ = _batch(request, pk)
    if work and any(not one.over for one in work.uploads) and (work.over or JOBS.told(pk)["dead"]):
        work.over, work.failed = False, ""
        work.keep()
        transaction.on_commit(work.launch)
    return redirect("attendance:uploading", pk)
