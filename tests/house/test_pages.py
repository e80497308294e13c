"""Every page asks who is there; no template needs what the content security policy forbids."""

import re
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.tree import label, templates

# URL name → why it needs no sign-in
OPEN = {
    "access:sign_in": "where one signs in",
    "access:locked_out": "told to those who cannot sign in",
    "access:sign_out": "leaving is always allowed",
    "timeline:as_on": "changes one's own view only",
    "probe": "one word for monitoring, no data",
}
# URL name → why someone without any duty may see it
EVERYBODY = {
    **OPEN,
    "access:change_password": "one's own",
    "desk:home": "says that no duty has been given yet",
}
VALUES = {"uuid": UUID(int=7), "int": 7, "str": "430426", "slug": "x", "path": "x"}


def urls(patterns=None, namespace=""):
    for item in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(item, URLResolver):
            yield from urls(item.url_patterns, f"{namespace}{item.namespace}:" if item.namespace else namespace)
        elif isinstance(item, URLPattern):
            kwargs = {
                key: VALUES[type(c).__name__.removesuffix("Converter").lower().replace("string", "str")]
                for key, c in item.pattern.converters.items()
            }
            yield f"{namespace}{item.name}", kwargs


URLS = list(urls())


def is_sign_in(response):
    return response.status_code == 302 and response.headers["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "kwargs"), URLS, ids=[name for name, _ in URLS])
def test_a_page_leads_the_anonymous_to_sign_in(client, name, kwargs):
    if name in OPEN:
        pytest.skip(OPEN[name])
    address = reverse(name, kwargs=kwargs)
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    assert is_sign_in(answer), answer.status_code


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "kwargs"), URLS, ids=[name for name, _ in URLS])
def test_a_page_shows_a_stranger_nothing(client, stranger, name, kwargs):
    client.force_login(stranger)
    address = reverse(name, kwargs=kwargs)
    answers = [client.get(address), client.post(address)]
    assert all(answer.status_code < 500 for answer in answers)
    if name not in EVERYBODY:
        assert {answer.status_code for answer in answers} <= {403, 404, 405}


@pytest.fixture
def stranger(db):
    """Somebody with an account and no duty."""
    from zhucun.base.access import actions
    from zhucun.base.timeline import clock

    return actions.open_account(
        username="stranger",
        name="路人",
        password="lu-ren-2022-Abc",
        must_change=False,
        by=actions.caretaker(),
        at=clock.now(),
    )


FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "an on… attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "hx-on or js:": re.compile(r"\bhx-on|[\"']js:", re.I),
    "another host": re.compile(r"(?:src|href|action|hx-get|hx-post)\s*=\s*[\"'](?:https?:)?//", re.I),
    "an address written by hand": re.compile(r"(?:href|action|hx-get|hx-post)=\"/[a-z]", re.I),
}


@pytest.mark.parametrize("path", templates(), ids=label)
def test_a_template_obeys_the_content_security_policy(path):
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_static_files_can_be_named_by_their_content(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
