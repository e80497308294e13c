"""What was acknowledged is there after the writer was killed without warning; what was not is there whole or not at all."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.db import connection

from zhucun.base.journal.models import Entry, Head
from zhucun.base.journal.verify import verify
from zhucun.base.timeline.models import CalendarDay

pytestmark = pytest.mark.django_db(transaction=True)
EFFORT = int(os.environ.get("EFFORT", "1"))
KILLS, ACKNOWLEDGED, LONGEST = 100 * EFFORT, 5000 * EFFORT, 40 * EFFORT  # seconds


def test_nothing_acknowledged_is_lost_by_kills(tmp_path, settings):
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = f"postgres://{connection.settings_dict['USER']}@/{name}?host={connection.settings_dict['HOST']}"
    environ = {
        **os.environ,
        "ZHUCUN_DATABASE_URL": url,
        "ZHUCUN_DATA_DIR": str(tmp_path),
        "ZHUCUN_SECRET_KEY": site.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "zhucun.settings",
    }
    command = [sys.executable, "-m", "tests.quality.killed", str(KILLS), str(ACKNOWLEDGED), str(LONGEST)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    acknowledged = result["acknowledged"]
    assert result["killed"] >= 20
    assert len(acknowledged) >= 500, "a machine too slow to say anything"

    kept = [json.loads(text)["key"] for text in Entry.objects.order_by("seq").values_list("data", flat=True)]
    assert not set(acknowledged) - set(kept), "lost"
    assert len(kept) == len(set(kept)), "twice"
    assert len(kept) - len(acknowledged) <= result["killed"], "at most the one being written at each kill"
    assert set(CalendarDay.objects.values_list("name", flat=True)) <= set(kept), "an act without its entry"
    assert Head.objects.get().count == len(kept)
    settings.DATA_DIR = tmp_path
    verdict = verify()
    assert verdict.whole, verdict.problem
