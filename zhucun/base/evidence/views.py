"""Downloading a document, for whoever may see the record it is attached to; adding one to a record."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from . import actions
from .models import Attachment, may_read, record


@login_required
@require_GET
def download(request: HttpRequest, pk) -> FileResponse:
    """The file, always as a download; 404 for others' records and for content that is missing from the data folder."""
    row = get_object_or_404(Attachment, pk=pk)
    target = row.target
    if target is None or not may_read(request.user, target, request.today) or not row.path.exists():
        raise Http404("没有这份材料，或者您的账号看不到它所属的记录。")
    return FileResponse(row.path.open("rb"), as_attachment=True, filename=row.name, content_type=row.kind)


@login_required
@require_POST
def attach(request: HttpRequest, target_type: str, target_id: str) -> HttpResponse:
    """Add a document to a record one sees; what is wrong with the file is said on the page one came from."""
    target = record(target_type, target_id)
    if target is None or not may_read(request.user, target, request.today):
        raise Http404("没有这条记录，或者您的账号看不到它。")
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ValidationError("还没有选择文件，请先选择要上传的文件。")
        actions.attach(target=target, file=file, name=file.name, by=request.user, at=request.now)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"“{file.name}”已上传。")
    back = request.POST.get("next", "/")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")
