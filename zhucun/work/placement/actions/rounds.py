"""Opening a round, moving it on, and what the meeting says of itself."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.directory.models import Division
from zhucun.base.journal import journal
from zhucun.work.placement.models import Round
from zhucun.work.placement.rules import TRANSITIONS, Status

from . import gathering
from .guard import require_open

RIGHT = "placement.edit"


@transaction.atomic
def open_round(
    *,
    county: Division,
    title: str,
    starts_on: date,
    by,
    at: datetime,
    bring_teams: bool = True,
    bring_people: bool = False,
) -> Round:
    """Begin a round whose people go to their villages on `starts_on`.

    With `bring_teams` every village that has a team the day before comes in with the scores its 村情 stands for, and
    every unit that leads one may lead as many again; with `bring_people` those in post are put forward to stay.
    Raises ValidationError for a title taken.
    """
    round = Round(county=county, title=title, starts_on=starts_on, opened_by=by, opened_at=at)
    by.require(RIGHT, at, round)
    round.full_clean()
    round.save(force_insert=True)
    journal.note(by=by, at=at, action="round.opened", target=round, data={"title": title, "start": starts_on})
    if bring_teams:
        gathering.bring_teams(round=round, by=by, at=at)
    if bring_people:
        gathering.bring_people(round=round, by=by, at=at)
    return round


@transaction.atomic
def move_on(*, round: Round, to: Status, by, at: datetime, reason: str = "") -> Round:
    """Let a round go on to another status, or back to gathering; approving is an act of its own (approval.approve).

    Raises ValidationError when the round cannot go there from where it stands, or is cancelled without a reason.
    """
    by.require(RIGHT, at, round)
    before = Status(Round.objects.select_for_update().values_list("status", flat=True).get(pk=round.pk))
    if before == to:
        return round
    if to not in TRANSITIONS[before] or to == Status.APPROVED:
        raise ValidationError(f"这一批现在是“{before.label}”，不能改成“{to.label}”。请刷新页面看看现在的情况。")
    if to == Status.CANCELLED and not reason.strip():
        raise ValidationError("请写明作废的原因。")
    round.status = to.value
    round.save(update_fields=["status"])
    journal.note(
        by=by, at=at, action="round.moved_on", target=round, data={"status": [before.value, to.value]}, reason=reason
    )
    return round


@transaction.atomic
def change_round(*, round: Round, fields: dict, by, at: datetime) -> Round:
    """Change the title or first day of an open round, or put down the meeting: day, departments, document number."""
    by.require(RIGHT, at, round)
    require_open(round=round, by=by, at=at)
    changed = journal.apply(round, fields)
    if changed:
        round.full_clean()
        round.save(update_fields=list(changed))
        journal.note(by=by, at=at, action="round.changed", target=round, data=changed)
    return round
