"""Chromium for the browser tests, at both widths, with axe-core; no request may leave this machine."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.environ import missing

CHROMIUM = os.environ.get("ZHUCUN_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDTHS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
AXE = Path(__file__).parent / "vendor/axe.min.js"

# Playwright keeps an event loop in this thread, which Django would take for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    """Marks every test here as `browser`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests."""
    if not Path(CHROMIUM).exists():
        missing(f"Chromium at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["desk"])
def page(request, chromium, live_server):
    """A fresh page at the width of a desk, or of those asked for: @pytest.mark.parametrize("page", …, indirect=True).

    The test fails on a script error, on anything the content security policy refused, and on a foreign request.
    """
    context = chromium.new_context(viewport=WIDTHS[request.param], base_url=live_server.url, locale="zh-CN")
    tab = context.new_page()
    tab.set_default_timeout(10_000)
    wrong = []
    tab.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    tab.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    tab.on("request", lambda sent: wrong.append(f"foreign: {sent.url}") if foreign(sent.url, live_server.url) else None)
    yield tab
    context.close()
    assert not wrong


def foreign(url: str, here: str) -> bool:
    """Whether an address lies outside the test's own server."""
    return not url.startswith((here, "data:", "blob:", "about:"))


@pytest.fixture
def axe():
    """A function that returns the accessibility violations of a page, each as “rule: where”."""
    if not AXE.exists():
        missing("axe-core (make setup)")
    source = AXE.read_text(encoding="utf-8")

    def violations(tab) -> list[str]:
        tab.evaluate(source)  # goes round the content security policy, which a script tag would not
        found = tab.evaluate("() => axe.run().then(result => result.violations)")
        return [f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'][:3])}" for one in found]

    return violations


@pytest.fixture
def enter(chromium, live_server):
    """A function from a user and a width to a page signed in; script errors, refused content and foreign requests fail."""
    contexts, wrong = [], []

    def open_for(user, width="desk"):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context = chromium.new_context(viewport=WIDTHS[width], base_url=live_server.url, locale="zh-CN")
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        tab = context.new_page()
        tab.set_default_timeout(15_000)
        tab.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        tab.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        tab.on("request", lambda sent: wrong.append(sent.url) if foreign(sent.url, live_server.url) else None)
        return tab

    yield open_for
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def sound(axe):
    """A function that refuses a page with a fault of accessibility, or wider than its window, at both widths."""

    def check(tab):
        before = tab.viewport_size
        for name, size in WIDTHS.items():
            tab.set_viewport_size(size)
            assert axe(tab) == [], (tab.url, name)
            wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (tab.url, name, wide)
        tab.set_viewport_size(before)

    return check


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The address of a demonstration built and served by the product's own commands."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHUCUN_")}
    environ["ZHUCUN_DATA_DIR"] = str(tmp_path_factory.mktemp("demo"))
    zhucun = [sys.executable, "-m", "zhucun"]
    subprocess.run([*zhucun, "demo", "--no-serve"], env=environ, check=True, capture_output=True, timeout=400)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*zhucun, "serve", "--port", str(port)], env=environ, stdout=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        assert address in server.stdout.readline()
        yield address
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


def signed_in(chromium, site, username: str, width: str = "desk"):
    """A page signed in by one click on the demonstration's sign-in page; its context must be closed."""
    context = chromium.new_context(viewport=WIDTHS[width], base_url=site, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto("/")
    page.get_by_role("button", name=username).click()
    page.wait_for_url(f"{site}/")
    return page


@pytest.fixture(params=["desk", "phone"])
def tab(request, site, chromium):
    """The county office at its desk, or with a phone."""
    page = signed_in(chromium, site, "county", request.param)
    yield page
    page.context.close()
