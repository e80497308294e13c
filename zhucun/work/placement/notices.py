"""What waits for somebody because of a round: needs to judge, people to put forward, a meeting, an answer."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from zhucun.base.access.models import User
from zhucun.base.notices.todos import Todo

from .models import Candidate, Need, Objection, Proposal, Quota, Round, Seat
from .rules import Status

ROOM = "placement"


def waiting(user: User, day: date) -> Iterator[Todo]:
    """For townships their villages not judged yet, for units people to put forward, for the county what to decide."""
    county = user.scope_on(day, "placement.edit")
    if county:
        yield from _to_decide(county)
        yield from _to_answer(county)
        return
    yield from _decided(user, day)
    yield from _to_judge(user, day)
    yield from _to_put_forward(user, day)


def _decided(user: User, day: date) -> Iterator[Todo]:
    """Approved lists that concern the area, until the people are there."""
    scope = user.scope_on(day, "placement.need_edit") | user.scope_on(day, "placement.candidate_edit")
    seats = Seat.objects.within(scope).filter(proposal__adopted=True, proposal__round__starts_on__gte=day)
    for round in Round.objects.filter(pk__in=seats.values("proposal__round")) if scope else ():
        n = seats.filter(proposal__round=round).count()
        yield Todo(
            f"{round}：名单已批准",
            f"涉及 {n} 人，请做好接洽和交接",
            reverse("placement:decided", args=[round.pk]),
            round.starts_on,
            ROOM,
        )


def _to_judge(user: User, day: date) -> Iterator[Todo]:
    scope = user.scope_on(day, "placement.need_edit")
    if scope:
        rows = Need.objects.within(scope).filter(judged=False, round__status=Status.GATHERING.value)
        for round in Round.objects.filter(pk__in=rows.values("round")):
            n = rows.filter(round=round).count()
            yield Todo(
                f"{n} 个村的需求等您核对", str(round), reverse("placement:needs_grid", args=[round.pk]), None, ROOM
            )


def _to_put_forward(user: User, day: date) -> Iterator[Todo]:
    scope = user.scope_on(day, "placement.candidate_edit")
    if scope:
        quotas = (
            Quota.objects.within(scope).filter(round__status=Status.GATHERING.value).select_related("round", "unit")
        )
        for quota in quotas:
            n = Candidate.objects.filter(round=quota.round_id, unit=quota.unit_id).count()
            why = f"{quota.unit}可牵头 {quota.capacity} 支，已推荐 {n} 人"
            yield Todo(
                f"{quota.round}：请推荐人选",
                why,
                reverse("placement:candidates_add", args=[quota.round_id]),
                None,
                ROOM,
            )


def _to_decide(scope) -> Iterator[Todo]:
    for round in Round.objects.within(scope).filter(status=Status.DELIBERATING.value):
        ready = round.proposals.filter(state=Proposal.State.READY).count()
        why = f"已有 {ready} 个方案，研判后批准" if ready else "还没有方案，请先计算"
        yield Todo(f"研判：{round}", why, reverse("placement:round", args=[round.pk]), round.starts_on, ROOM)


def _to_answer(scope) -> Iterator[Todo]:
    n = Objection.objects.within(scope).filter(answered_at__isnull=True).count()
    if n:
        yield Todo(f"{n} 条对派驻的意见待答复", "分村选队", reverse("placement:objections"), None, ROOM)
