"""Jobs in a process of their own: how far, and whether anybody is still at it."""

import os
from uuid import uuid4

from zhucun.base.web import jobs
from zhucun.base.web.jobs import PROGRESS, Jobs

JOBS = Jobs("sums", "sum_job")


def test_a_process_counts_as_dead_when_it_is_gone_and_not_when_it_is_slow(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    job = uuid4()
    JOBS.tell(job, "正在写入", 70)
    os.utime(JOBS.folder(job) / PROGRESS, (0, 0))
    assert not JOBS.told(job)["dead"], "it is alive, however long it says nothing"
    monkeypatch.setattr(jobs, "_alive", lambda pid: False)
    assert JOBS.told(job)["dead"]
    JOBS.tell(job, "正在排队…", 1, pid=0)
    assert not JOBS.told(job)["dead"]


def test_a_job_nobody_has_told_of_is_neither_far_nor_dead(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert JOBS.told(uuid4()) == {"text": "", "percent": 0, "dead": False}
