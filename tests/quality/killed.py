"""Run by test_kills.py: children that write as fast as they can, each killed without warning after some milliseconds."""

import json
import os
import random
import signal
import sys
import time
from types import SimpleNamespace
from uuid import uuid4

import django

django.setup()

# ruff: noqa: E402  models need Django to be set up
from django.db import connection, connections, transaction
from django.utils import timezone

from zhucun.base.journal import journal
from zhucun.base.timeline.models import CalendarDay

BY = SimpleNamespace(pk="7c9e6679-7425-40de-944b-e07fc1f90ae7")


def write(pipe: int) -> None:
    """Acts with their entries until the end comes; each is acknowledged after its commit and not before."""
    while True:
        key = str(uuid4())
        with transaction.atomic():
            day = CalendarDay(day=f"{random.randint(1900, 9999):04}-01-01", kind="workday", name=key)
            CalendarDay.objects.bulk_create(
                [day], update_conflicts=True, unique_fields=["day"], update_fields=["name", "kind"]
            )
            journal.note(by=BY, at=timezone.now(), action="calendar.set", data={"key": key})
        os.write(pipe, f"{key}\n".encode())


def main(kills: int, acknowledged: int, longest: float) -> None:
    """Kill until there were enough of both, or time is over; print every acknowledged key."""
    connections.close_all()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    found: list[str] = []
    killed, until = 0, time.monotonic() + longest
    while (killed < kills or len(found) < acknowledged) and time.monotonic() < until:
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(here)
            write(there)
        os.close(there)
        time.sleep(random.uniform(0.03, 0.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        killed += 1
        with os.fdopen(here, "rb") as lines:
            found += [line.strip().decode() for line in lines if line.endswith(b"\n")]
    sys.stdout.write(json.dumps({"killed": killed, "acknowledged": found}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
