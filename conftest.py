"""Fixtures for every test: the universe, a frozen clock, signed-in clients."""

import shutil

import pytest
import time_machine
from django.db import connection
from django.test import Client, TransactionTestCase

from tests import cast, snapshot
from zhucun.base.journal import anchor, guard


@pytest.fixture(autouse=True, scope="session")
def emptied_after_use():
    """Tests that commit (transactional_db, live_server) empty the tables afterwards, which the journal's guard refuses."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(self):
        guard.remove(connection)
        try:
            flush(self)
        finally:
            guard.install(connection)
            shutil.rmtree(anchor.folder(), ignore_errors=True)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture
def world(db):
    """The cast of tests/cast.py, on 2022-12-07 at nine."""
    with time_machine.travel(cast.NOW, tick=False):
        yield snapshot.taken() or snapshot.take(cast.build)


@pytest.fixture
def signed_in():
    """A function from a user to a client signed in as that user."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
