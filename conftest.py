"""Fixtures for every test: the universe, a frozen clock, signed-in clients."""

import pytest
import time_machine
from django.test import Client

from tests import cast


@pytest.fixture
def world(db):
    """The cast of tests/cast.py, on 2022-12-07 at nine."""
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build()


@pytest.fixture
def signed_in():
    """A function from a user to a client signed in as that user."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
