"""Sessions that end: after 30 idle minutes or 12 hours; and the first password, which must be changed."""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse

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
            if self._over(request.session):
                logout(request)
                messages.info(request, "您有一段时间没有操作，为了安全已经退出，请重新登录。已保存的内容不受影响。")
                return redirect(f"{reverse('access:sign_in')}?next={request.path}")
            if request.user.must_change_password and request.path not in _always():
                return redirect("access:change_password")
        return self.get_response(request)

    def _over(self, session) -> bool:
        moment = time.time()
        opened, used = session.setdefault("opened", moment), session.get("used", 0)
        if moment - used > TOUCH:
            session["used"] = moment
        return moment - opened > ABSOLUTE or (used and moment - used > IDLE)


def _always() -> set[str]:
    return {reverse("access:change_password"), reverse("access:sign_out")}
