"""The “查看日期” switch that stands on every page."""

from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .middleware import SESSION_KEY
from .periods import YEARS


@require_POST
def as_on(request: HttpRequest) -> HttpResponse:
    """Read every page as on the posted day; an empty day, or today, goes back to today."""
    text = request.POST.get("day", "").strip()
    try:
        day = date.fromisoformat(text) if text else request.today
        if day.year not in YEARS:
            raise ValueError
    except ValueError:
        messages.error(
            request,
            f"“{text[:20]}”不是日期，或者不在 {YEARS[0]} 年到 {YEARS[-1]} 年之间；请写成 2022-12-07 这样，查看日期没有改变。",
        )
    else:
        if day == request.today:
            request.session.pop(SESSION_KEY, None)
        else:
            request.session[SESSION_KEY] = day.isoformat()
    back = request.POST.get("next", "/")
    return redirect(_without_day(back) if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")


def _without_day(url: str) -> str:
    """The address without `on=`, which would win over the day just chosen."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "on"]
    return urlunsplit(parts._replace(query=urlencode(kept)))
