"""Forwarded headers are believed from the configured proxies only (ZHUCUN_PROXIES)."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED",
)


class ProxyMiddleware:
    """Takes the caller's address from a trusted proxy, and removes forwarded headers that anyone else sends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.proxies = [ipaddress.ip_network(text, strict=False) for text in settings.PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put REMOTE_ADDR right before anything else looks at it."""
        meta = request.META
        if self._trusted(meta.get("REMOTE_ADDR", "")):
            hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            # From the right: the first address that is not one of our own proxies is the caller's.
            meta["REMOTE_ADDR"] = next((hop for hop in reversed(hops) if not self._trusted(hop)), meta["REMOTE_ADDR"])
        else:
            for header in FORWARDED:
                meta.pop(header, None)
        return self.get_response(request)

    def _trusted(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self.proxies)
