"""Lets views redirect as ever: a redirect answered to htmx moves the whole page; tells what a page cannot be asked by."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

METHODS = ("GET", "HEAD", "POST")
"""What the site is asked by; nothing in it answers to anything else."""


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


class MethodMiddleware:
    """Turns away what is neither read nor sent, and gives a 405 a page: somebody reloaded the address of a button."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request) if request.method in METHODS else None
        if response is not None and response.status_code != 405:
            return response
        allowed = response.headers["Allow"] if response is not None else ", ".join(METHODS)
        refusal = render(request, "web/405.html", status=405)
        refusal.headers["Allow"] = allowed
        return refusal
