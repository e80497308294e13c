"""`zhucun exchange_job ID STAGE`: the process behind an import page; started by the site, not by people."""

import logging

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.timeline import clock
from zhucun.overview.exchange import actions, jobs
from zhucun.overview.exchange.models import Job

log = logging.getLogger("zhucun.exchange")


class Command(BaseCommand):
    """Examines an uploaded workbook or writes what was confirmed."""

    help = "网站内部使用：在单独的进程里检查或写入一个导入。"

    def add_arguments(self, parser):
        """The import and what to do."""
        parser.add_argument("job")
        parser.add_argument("stage", choices=["examine", "carry_out"])

    def handle(self, *args, job, stage, **options):
        """Do it in turn; whatever goes wrong ends as the import's own message."""
        found = Job.objects.filter(pk=job).select_related("uploaded_by", "confirmed_by", "county").first()
        if found is None:
            raise CommandError("没有这个导入。")
        by = found.confirmed_by if stage == "carry_out" else found.uploaded_by
        try:
            with jobs.turn(found.pk):
                getattr(actions, stage)(job=found, by=by, at=clock.now())
        except Exception:
            log.exception("import %s failed in %s", job, stage)
            actions.give_up(job=found, message="处理时出了意外，什么都没有导入。请再试一次；如果还是这样，请联系系统管理员查看日志。",
                            by=by, at=clock.now())  # fmt: skip
            raise CommandError("导入没有完成。") from None
