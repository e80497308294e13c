"""`zhucun book_job JOB STAGE`: the process behind the pages of the book; started by the site, not by people."""

import logging
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.access.models import User
from zhucun.base.timeline import clock
from zhucun.work.attendance import press
from zhucun.work.attendance.jobs import JOBS, PRINT, READ, Work

log = logging.getLogger("zhucun.attendance")


class Command(BaseCommand):
    """Prints pages of the book, or reads uploaded ones."""

    help = "网站内部使用：在单独的进程里排版或识读出勤记录本。"

    def add_arguments(self, parser):
        """The job and what to do."""
        parser.add_argument("job", type=UUID)
        parser.add_argument("stage", choices=[PRINT, READ])

    def handle(self, *args, job, stage, **options):
        """Do it in turn; whatever goes wrong ends as the job's own message."""
        work = Work.found(job)
        by = User.objects.filter(pk=work.user).first() if work else None
        if work is None or by is None or work.stage != stage:
            raise CommandError("没有这个任务。")
        try:
            with JOBS.turn(job):
                if stage == PRINT:
                    press.do_print(work, by, clock.now())
                else:
                    press.do_read(work, by, clock.now)
        except Exception:
            log.exception("job %s failed in %s", job, stage)
            work.failed, work.over = press.TROUBLE, True
            work.keep()
            raise CommandError("没有做完。") from None
