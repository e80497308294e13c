"""Many writers at once, as threads and as processes: every number once, none missing, the chain whole."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection, transaction

from zhucun.base.journal import journal
from zhucun.base.journal.models import Entry, Head
from zhucun.base.journal.verify import verify

from .conftest import AT, Somebody

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8


def whole(n: int) -> None:
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, n + 1))
    assert Head.objects.get().count == n
    verdict = verify()
    assert verdict.whole, verdict.problem


def write_some(n: int) -> int:
    """Acts of one or a few entries; every third one changes its mind at the end."""
    kept = 0
    try:
        for number in range(n):
            try:
                with transaction.atomic():
                    for _ in range(1 + number % 3):
                        journal.note(by=Somebody(), at=AT, action="posting.opened", data={"n": number})
                    if number % 3 == 2:
                        raise ZeroDivisionError
                kept += 1 + number % 3
            except ZeroDivisionError:
                pass
    finally:
        connection.close()
    return kept


def test_eight_threads_from_the_very_first_entry_on(data_dir):
    with ThreadPoolExecutor(WRITERS) as pool:
        kept = sum(pool.map(write_some, [15] * WRITERS))
    assert kept == WRITERS * 15
    whole(kept)


def test_verifying_while_others_write_finds_nothing_wrong(data_dir):
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write_some, 20) for _ in range(4)]
        while not all(writer.done() for writer in writers):
            verdict = verify()
            assert verdict.whole, verdict.problem
    whole(sum(writer.result() for writer in writers))


PROCESS = """
import django; django.setup()
from zhucun.base.journal.tests.test_writers import write_some
print(write_some(12))
"""


def test_processes_share_one_chain(data_dir):
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = f"postgres://{connection.settings_dict['USER']}@/{name}?host={connection.settings_dict['HOST']}"
    environ = {
        **os.environ,
        "ZHUCUN_DATABASE_URL": url,
        "ZHUCUN_DATA_DIR": str(data_dir),
        "ZHUCUN_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "zhucun.settings",
    }
    command = [sys.executable, "-c", PROCESS]
    processes = [subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    kept = sum(int(process.communicate(timeout=100)[0]) for process in processes)
    assert kept == 4 * 12
    whole(kept)
