"""Downloading a document, for whoever may see the record it is attached to."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from .models import Attachment


@login_required
@require_GET
def download(request: HttpRequest, pk) -> FileResponse:
    """The file, always as a download; 404 for others' records and for content that is missing from the data folder."""
    row = get_object_or_404(Attachment, pk=pk)
    target = row.target
    if target is None or not request.user.scope_on(request.today).covers(target) or not row.path.exists():
        raise Http404("没有这份材料，或者您的账号看不到它所属的记录。")
    return FileResponse(row.path.open("rb"), as_attachment=True, filename=row.name, content_type=row.kind)
