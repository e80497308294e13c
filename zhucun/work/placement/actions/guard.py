"""What must hold before anything of a round is written."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from zhucun.work.placement.models import Round
from zhucun.work.placement.rules import Status


def require_open(*, round: Round, by, at: datetime) -> None:
    """Raise ValidationError when nothing of the round may be changed any more; reads the status anew, locked.

    Whoever does not keep the whole round (townships, units) may add to it only while it is gathering.
    """
    status = Status(Round.objects.select_for_update().values_list("status", flat=True).get(pk=round.pk))
    if status not in (Status.GATHERING, Status.DELIBERATING):
        raise ValidationError(f"“{round}”{status.label}，不能再改。")
    if status is Status.DELIBERATING and not by.may("placement.edit", timezone.localtime(at).date(), round):
        raise ValidationError(f"“{round}”已经开始研判，不再接收填报。确需修改，请联系县驻村办。")
