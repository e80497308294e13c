"""`zhucun placement_job ID`: the process behind the page of a proposal; started by the site, not by people."""

import logging

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.timeline import clock
from zhucun.work.placement.actions import proposals
from zhucun.work.placement.jobs import JOBS
from zhucun.work.placement.models import Proposal

log = logging.getLogger("zhucun.placement")
TROUBLE = "计算时出了意外，没有得到方案。请再算一次；如果还是这样，请联系系统管理员查看日志。"


class Command(BaseCommand):
    """Computes a proposal that was asked for."""

    help = "网站内部使用：在单独的进程里计算一个分派方案。"

    def add_arguments(self, parser):
        """The proposal."""
        parser.add_argument("proposal")

    def handle(self, *args, proposal, **options):
        """Compute it in turn; whatever goes wrong ends as the proposal's own message."""
        found = Proposal.objects.filter(pk=proposal).select_related("round", "based_on", "made_by").first()
        if found is None:
            raise CommandError("没有这个方案。")
        try:
            with JOBS.turn(found.pk):
                proposals.compute(
                    proposal=found, by=found.made_by, at=clock.now(),
                    progress=lambda text, share: JOBS.tell(found.pk, text, round(100 * share)),
                )  # fmt: skip
        except Exception:
            log.exception("proposal %s failed", proposal)
            proposals.give_up(proposal=found, message=TROUBLE, by=found.made_by, at=clock.now())
            raise CommandError("方案没有算完。") from None
