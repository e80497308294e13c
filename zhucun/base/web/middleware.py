"""Lets views redirect as ever: a redirect answered to htmx moves the whole page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class HtmxRedirectMiddleware:
    """Turns 3xx answers to htmx requests into HX-Redirect; without it a page would be loaded into a drawer.

    It must stand above everything that redirects (sign-in above all).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or response.status_code not in (301, 302, 303, 307, 308):
            return response
        moved = HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
        moved.cookies = response.cookies
        return moved
