"""What every template knows: where it is shown, and who runs the site."""

from django.conf import settings
from django.http import HttpRequest

from zhucun import __version__


def furniture(request: HttpRequest) -> dict:
    """`layout` (whole page, or drawer when htmx asks for one), `version` and `organiser`."""
    in_drawer = request.headers.get("HX-Target") == "drawer-body"
    return {
        "layout": "web/_drawer.html" if in_drawer else "web/page.html",
        "version": __version__,
        "organiser": getattr(settings, "ZHUCUN_ORGANISER", ""),
    }
