"""What townships and units owe is taken into the ledger of findings, as the county office decides."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division
from zhucun.work.inspections.models import Finding, Round
from zhucun.work.inspections.rules import RoundStatus

from .findings import Found, add_findings
from .rounds import move_round, plan_round


@transaction.atomic
def take_up(*, county: Division, round: Round | None, found: Sequence[Found], by, at: datetime) -> list[Finding]:
    """Take up what managers owe, in a round of method 资料 that is open, or in one begun today.

    Raises ValidationError for nothing chosen, a round of another method or one that is over, and what was taken up before.
    """
    if not found:
        raise ValidationError("请先勾选要列入问题台账的事项。")
    if round is None:
        today = timezone.localtime(at).date()
        purpose = "乡镇和派出单位管理责任落实情况"
        round = plan_round(
            county=county, held_on=today, method=Round.Method.PAPERS, group="县驻村办", purpose=purpose, by=by, at=at
        )
    if round.method != Round.Method.PAPERS or not round.is_open or round.county_id != county.pk:
        raise ValidationError("请选一次还没有结束的资料督查，或新建一次。")
    if round.state == Round.State.PLANNED:
        round = move_round(round=round, to=RoundStatus.UNDERWAY, by=by, at=at)
    return add_findings(round=round, found=found, by=by, at=at)
