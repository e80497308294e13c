"""The journal: entries a second one by one, gathered and in bulk, and the speed of `verify_journal`."""

import argparse
import os
import time
from types import SimpleNamespace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhucun.settings")
django.setup()

# ruff: noqa: E402  models need Django to be set up
from django.db import transaction
from django.utils import timezone

from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.journal.models import Entry
from zhucun.base.journal.verify import verify

BY = SimpleNamespace(pk="00000000-0000-0000-0000-000000000000")
DATA = {"team": "T0001", "role": "member", "start": "2022-05-20", "unit": "县财政局", "concerns": ["NO_REVIEW"]}


def main() -> None:
    """Print one line per way of writing, then the walk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=50_000)
    n = parser.parse_args().entries
    measured("note, one by one", n // 10, one_by_one)
    measured("note, gathered", n, gathered)
    measured("note_many", n, in_bulk)
    started = time.perf_counter()
    verdict = verify()
    took = time.perf_counter() - started
    print(f"verify: {verdict.entries} entries in {took:.2f} s, {verdict.entries / took:,.0f}/s, whole: {verdict.whole}")


def measured(name: str, n: int, write) -> None:
    """Write `n` entries in one transaction and say how long it took."""
    before = Entry.objects.count()
    started = time.perf_counter()
    with transaction.atomic():
        write(n, timezone.now())
    took = time.perf_counter() - started
    assert Entry.objects.count() == before + n
    print(f"{name}: {n} entries in {took:.2f} s, {n / took:,.0f}/s")


def one_by_one(n: int, at) -> None:
    """As single acts do."""
    for _ in range(n):
        journal.note(by=BY, at=at, action="posting.opened", data=DATA)


def gathered(n: int, at) -> None:
    """As an import of many acts does."""
    with journal.gathering(at):
        one_by_one(n, at)


def in_bulk(n: int, at) -> None:
    """All at once."""
    journal.note_many(by=BY, at=at, notes=[Note("posting.opened", None, DATA)] * n)


if __name__ == "__main__":
    main()
