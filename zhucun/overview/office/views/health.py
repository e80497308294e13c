"""运行状况 for administrators, and the one word monitoring asks for."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.overview.office.health import alive, findings

from .gate import needs


@needs("office.health_view")
@require_safe
def health(request: Request) -> HttpResponse:
    """How the installation is, what is worst first."""
    found = findings(request.now)
    bad = [one for one in found if one.tone in {"red", "yellow"}]
    return render(request, "office/health.html", {"title": "运行状况", "findings": found, "bad": bad})


@never_cache
@require_safe
def probe(request: Request) -> HttpResponse:
    """`ok`, or 503: no data, no sign-in."""
    well = alive()
    return HttpResponse(
        "ok\n" if well else "unwell\n", status=200 if well else 503, content_type="text/plain; charset=utf-8"
    )
