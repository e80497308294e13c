"""`zhucun placement_job ID STAGE`: the process behind the page of a proposal; started by the site, not by people."""

import logging

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from zhucun.base.access.models import User
from zhucun.base.timeline import clock
from zhucun.work.placement.actions import approval, measuring, proposals
from zhucun.work.placement.jobs import JOBS
from zhucun.work.placement.models import Proposal

log = logging.getLogger("zhucun.placement")
TROUBLE = "计算时出了意外，没有得到方案。请再算一次；如果还是这样，请联系系统管理员查看日志。"
NOT_APPROVED = "批准时出了意外，台账没有变动。请再批准一次；如果还是这样，请联系系统管理员查看日志。"


class Command(BaseCommand):
    """Computes a proposal that was asked for, measures the other ways beside it, or approves it."""

    help = "网站内部使用：在单独的进程里计算或批准一个分派方案。"

    def add_arguments(self, parser):
        """The proposal, what to do, and for whom."""
        parser.add_argument("proposal")
        parser.add_argument("stage", choices=["compute", "measure", "approve"])
        parser.add_argument("user")

    def handle(self, *args, proposal, stage, user, **options):
        """Do it in turn; whatever goes wrong ends as the proposal's own message."""
        found = Proposal.objects.filter(pk=proposal).select_related("round__county", "based_on").first()
        by = User.objects.filter(pk=user).first()
        if found is None or by is None:
            raise CommandError("没有这个方案。")
        with JOBS.turn(found.pk):
            getattr(self, stage)(found, by)

    def compute(self, found: Proposal, by: User) -> None:
        """Solve it."""
        try:
            proposals.compute(proposal=found, by=by, at=clock.now(), progress=_teller(found))
        except Exception:
            log.exception("proposal %s failed", found.pk)
            proposals.give_up(proposal=found, message=TROUBLE, by=by, at=clock.now())
            raise CommandError("方案没有算完。") from None

    def measure(self, found: Proposal, by: User) -> None:
        """Make plans in the other ways beside it."""
        measuring.measure(proposal=found, by=by, at=clock.now(), progress=_teller(found))

    def approve(self, found: Proposal, by: User) -> None:
        """Let the ledger follow it."""
        try:
            approval.approve(proposal=found, by=by, at=clock.now(), progress=_teller(found))
        except ValidationError as refusal:
            approval.refuse(proposal=found, sentences=refusal.messages, by=by, at=clock.now())
        except Exception:
            log.exception("approval of %s failed", found.pk)
            approval.refuse(proposal=found, sentences=[NOT_APPROVED], by=by, at=clock.now())
            raise CommandError("没有批准。") from None


def _teller(found: Proposal):
    return lambda text, share: JOBS.tell(found.pk, text, round(100 * share))
