"""Gives every request its moment and the day its content is read on."""

from datetime import date

from . import clock
from .periods import YEARS

SESSION_KEY = "as_on"


class AsOnMiddleware:
    """`request.now` and `request.today` are the clock; `request.day` is the reader's “查看日期” (today unless switched)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.now = clock.now()
        request.today = request.now.date()
        request.day = chosen_day(request) or request.today
        return self.get_response(request)


def chosen_day(request) -> date | None:
    """The day asked for in the address (`?on=`) or kept in the session; None when neither is a date anybody may mean."""
    for text in (request.GET.get("on"), request.session.get(SESSION_KEY)):
        try:
            day = date.fromisoformat(text or "")
        except ValueError:
            continue
        if day.year in YEARS:
            return day
    return None
