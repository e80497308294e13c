"""Sessions that end: after 30 idle minutes or 12 hours; the first password, which must be changed; refusals kept."""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from zhucun.base.timeline import clock

from . import actions

IDLE = 30 * 60  # seconds
ABSOLUTE = 12 * 3600
TOUCH = 60
"""The last moment of use is written to the session at most once a minute, so that reading a page writes nothing."""


class SessionMiddleware:
    """Signs out what has been idle or open too long, and leads a first password to its change."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            if _over(request.session):
                return _sign_out(request)
            if request.user.must_change_password and request.path not in _always():
                return redirect("access:change_password")
        return self.get_response(request)


class RefusalMiddleware:
    """Keeps every refusal (403) somebody signed in was given as an entry of the journal."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Write the refusal down and let Django show its sentence."""
        if isinstance(exception, PermissionDenied) and request.user.is_authenticated:
            actions.note_refusal(
                path=request.path, method=request.method, sentence=str(exception), by=request.user, at=request.now
            )


def _over(session) -> bool:
    """Whether the session has been idle or open too long; notes this use otherwise."""
    moment = time.time()
    opened = session.get("opened")
    if opened is None:
        session["opened"] = session["used"] = opened = moment
    used = session.get("used", opened)
    if moment - opened > ABSOLUTE or moment - used > IDLE:
        return True
    if moment - used > TOUCH:
        session["used"] = moment
    return False


def _sign_out(request):
    actions.note_sign_out(idle=True, by=request.user, at=clock.now())
    logout(request)
    messages.info(request, "您有一段时间没有操作，为了安全已经退出，请重新登录。已保存的内容不受影响。")
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _always() -> set[str]:
    return {reverse("access:change_password"), reverse("access:sign_out")}
