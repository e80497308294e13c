"""Forwarded headers count only when they come from our own proxy."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from zhucun.base.web.proxy import FORWARDED, ProxyMiddleware


@pytest.fixture
def meta(settings):
    """A function from headers to the request's META after the middleware."""
    settings.PROXIES = ["10.0.0.0/24"]

    def read(**headers):
        request = RequestFactory().get("/", **headers)
        ProxyMiddleware(lambda _: HttpResponse())(request)
        return request.META

    return read


def test_a_stranger_cannot_choose_their_address_or_scheme(meta):
    sent = dict.fromkeys(FORWARDED, "https") | {"HTTP_X_FORWARDED_FOR": "10.0.0.1"}
    found = meta(REMOTE_ADDR="8.8.8.8", **sent)
    assert found["REMOTE_ADDR"] == "8.8.8.8"
    assert not set(FORWARDED) & set(found)


def test_the_proxy_tells_the_callers_address(meta):
    found = meta(
        REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2, 10.0.0.9", HTTP_X_FORWARDED_PROTO="https"
    )
    assert found["REMOTE_ADDR"] == "2.2.2.2", "the caller's own claim of 1.1.1.1 is not believed"
    assert found["HTTP_X_FORWARDED_PROTO"] == "https"


@pytest.mark.parametrize("address", ["", "unix", "10.0.0.5"])
def test_without_a_forwarded_address_nothing_changes(meta, address):
    assert meta(REMOTE_ADDR=address)["REMOTE_ADDR"] == address
