"""A journal to write in: somebody to act, and a data folder of the test's own."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from zhucun.base.journal import journal

AT = datetime(2022, 12, 7, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Somebody:
    """An actor; the journal asks for a key and a name only."""

    pk: str = "7c9e6679-7425-40de-944b-e07fc1f90ae7"

    def __str__(self) -> str:
        return "周主任"


@pytest.fixture
def data_dir(settings, tmp_path):
    """A data folder of the test's own, for anchors."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def write(data_dir):
    """Write n entries, each in a transaction of its own."""

    def notes(n: int = 1, **said) -> None:
        for number in range(n):
            with transaction.atomic():
                entry = {"action": "posting.opened", "data": {"number": number, "unit": "县财政局"}} | said
                journal.note(by=Somebody(), at=AT, **entry)

    return notes
