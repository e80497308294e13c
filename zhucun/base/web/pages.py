"""Small answers every room gives: back to a page, a question before a step, a job's progress, a refusal."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def done(request: HttpRequest, to: Any, message: str = "") -> HttpResponse:
    """Say `message` and go on to `to` (a URL, URL name or object); out of a drawer the whole page moves on."""
    if message:
        messages.success(request, message)
    return redirect(to)


def refused(request: HttpRequest, to: Any, sentences: Iterable[str]) -> HttpResponse:
    """Say why a step was not done, and go on to `to`; nothing was saved."""
    messages.error(request, " ".join(sentences))
    return redirect(to)


def confirm(
    request: HttpRequest,
    *,
    title: str,
    text: str,
    submit: str,
    cancel_url: str,
    facts: Any = (),
    danger: bool = False,
) -> HttpResponse:
    """Ask before a step that cannot simply be undone; the page posts back to its own address."""
    context = {
        "title": title,
        "text": text,
        "submit": submit,
        "cancel_url": cancel_url,
        "facts": facts,
        "danger": danger,
    }
    return render(request, "web/confirm.html", context)


def progress(
    request: HttpRequest,
    *,
    done: int,
    total: int,
    text: str = "",
    finished_url: str = "",
    failed: str = "",
) -> HttpResponse:
    """Answer the polling of `{% progress url %}`: `finished_url` opens the result, `failed` ends it with a sentence."""
    percent = min(100, round(100 * done / total)) if total else 0
    context = {
        "url": request.get_full_path(),
        "percent": percent,
        "text": text,
        "finished_url": finished_url,
        "failed": failed,
    }
    response = render(request, "web/_progress.html", context)
    if finished_url and request.headers.get("HX-Request") == "true":
        response.headers["HX-Redirect"] = finished_url
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page after a form whose token was missing or old (CSRF_FAILURE_VIEW)."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
