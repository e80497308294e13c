"""What every template knows: where it is shown, and the version."""

from django.http import HttpRequest

from zhucun import __version__


def furniture(request: HttpRequest) -> dict:
    """`layout` (whole page, or drawer when htmx asks for one) and `version`."""
    in_drawer = request.headers.get("HX-Target") == "drawer-body"
    return {
        "layout": "web/_drawer.html" if in_drawer else "web/page.html",
        "version": __version__,
    }
