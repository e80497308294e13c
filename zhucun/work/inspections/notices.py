"""What waits for somebody in inspections: rounds, sheets, corrections, findings to close, circulars."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from zhucun.base.access.models import User
from zhucun.base.notices.todos import Todo
from zhucun.base.policy import policy

from .models import Circular, Correction, Delivery, Finding, Round, Visit
from .rules import InspectionsPolicy, Turn

ROOM = "inspections"
AHEAD = 7
"""Days before a planned round within which it is named."""


def waiting(user: User, day: date) -> Iterator[Todo]:
    """For inspectors rounds and sheets; for whoever replies, verifies or closes their corrections; circulars on their way."""
    numbers = policy.on(day, InspectionsPolicy)
    yield from _rounds(user, day)
    yield from _to_reply(user, day, numbers)
    yield from _to_verify(user, day)
    yield from _to_close(user, day)
    yield from _circulars(user, day, numbers)


def _rounds(user: User, day: date) -> Iterator[Todo]:
    scope = user.scope_on(day, "inspections.plan")
    if scope:
        planned = Round.objects.within(scope).filter(
            state=Round.State.PLANNED, held_on__lte=day + timedelta(days=AHEAD)
        )
        for row in planned.order_by("held_on", "number")[:5]:
            why = "日期已过，请开始或取消" if row.held_on < day else "定好到哪些村，打印核查单"
            url = reverse("inspections:round", args=[row.pk])
            yield Todo(
                f"{row.held_on.month}月{row.held_on.day}日{row.get_method_display()}督查", why, url, row.held_on, ROOM
            )
    scope = user.scope_on(day, "inspections.enter")
    if scope:
        sheets = Visit.objects.within(scope).filter(
            entered_at__isnull=True, round__state=Round.State.UNDERWAY, round__held_on__lte=day
        )
        counts = sheets.order_by().values("round", "round__number", "round__held_on").annotate(n=Count("pk"))
        for row in counts.order_by("round__held_on", "round__number")[:5]:
            url = reverse("inspections:round", args=[row["round"]])
            yield Todo(
                f"{row['n']} 份现场核查单待录入", f"督查 {row['round__number']}", url, row["round__held_on"], ROOM
            )


def _to_reply(user: User, day: date, numbers: InspectionsPolicy) -> Iterator[Todo]:
    scope = user.scope_on(day, "inspections.reply")
    if not scope:
        return
    rows = Correction.objects.within(scope).filter(state=Correction.State.ORDERED)
    told = rows.aggregate(n=Count("pk"), first=Min("due_on"), late=Count("pk", filter=Q(due_on__lt=day)))
    if not told["n"]:
        return
    soon = told["first"] is not None and told["first"] <= day + timedelta(days=numbers.due_warning_days)
    why = f"其中 {told['late']} 条已经逾期" if told["late"] else "快到期了" if soon else "写明做了什么，由县里核实"
    yield Todo(f"{told['n']} 条整改意见待回复", why, _one_or_list(rows, told["n"], "reply"), told["first"], ROOM)


def _to_verify(user: User, day: date) -> Iterator[Todo]:
    scope = user.scope_on(day, "inspections.verify")
    if not scope:
        return
    rows = Correction.objects.within(scope).filter(state=Correction.State.REPLIED).exclude(replied_by=user)
    n = rows.count()
    if n:
        yield Todo(f"{n} 条整改待核实", "通过，或写明差什么退回", _one_or_list(rows, n, "verify"), None, ROOM)


def _one_or_list(rows: QuerySet[Correction], n: int, state: str) -> str:
    """The correction itself where there is one, else their list."""
    only = rows.values_list("pk", flat=True).first() if n == 1 else None
    return (
        reverse("inspections:correction", args=[only])
        if only
        else f"{reverse('inspections:corrections')}?state={state}"
    )


def _to_close(user: User, day: date) -> Iterator[Todo]:
    ledger = reverse("inspections:findings")
    scope = user.scope_on(day, "inspections.order")
    n = Finding.objects.within(scope).awaiting(Turn.ORDER).count() if scope else 0
    if n:
        yield Todo(f"{n} 个问题待提整改意见", "写明要求和期限", f"{ledger}?turn={Turn.ORDER.name}", None, ROOM)
    scope = user.scope_on(day, "inspections.close")
    n = Finding.objects.within(scope).awaiting(Turn.CLOSE).count() if scope else 0
    if n:
        yield Todo(f"{n} 个问题可以销号", "整改都已核实完成", f"{ledger}?turn={Turn.CLOSE.name}", None, ROOM)


def _circulars(user: User, day: date, numbers: InspectionsPolicy) -> Iterator[Todo]:
    url = reverse("inspections:circulars")
    steps = (
        ("inspections.circular_draft", Circular.State.DRAFT, Q(drafted_by=user), "份督查通报还是草稿", "写好后送审"),
        ("inspections.circular_review", Circular.State.REVIEW, ~Q(drafted_by=user), "份督查通报待审核", "通过，或写明意见退回"),
        ("inspections.circular_sign", Circular.State.SIGNING, Q(), "份督查通报待签发", "签发后编期号、送达"),
    )  # fmt: skip
    for permission, state, whose, what, why in steps:
        scope = user.scope_on(day, permission)
        n = Circular.objects.within(scope).filter(whose, state=state).count() if scope else 0
        if n:
            yield Todo(f"{n} {what}", why, f"{url}?state={state}", None, ROOM)
    scope = user.scope_on(day, "inspections.circular_receive")
    if scope:
        rows = Delivery.objects.within(scope).filter(received_at__isnull=True, circular__state=Circular.State.ISSUED)
        told = rows.aggregate(n=Count("pk"), first=Min("circular__issued_on"))
        if told["n"]:
            due = told["first"] + timedelta(days=numbers.circular_days)
            yield Todo(f"{told['n']} 份督查通报待签收", "看过以后点签收", url, due, ROOM)
