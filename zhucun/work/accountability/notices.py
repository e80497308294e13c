"""What waits for whom in a case, and until when; the person concerned is told of their rights first."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from zhucun.base.access.models import User
from zhucun.base.notices.todos import Todo

from .actions.opening import PERMISSIONS
from .models import Appeal, Case
from .sight import APPEAL, CARRY_OUT, CLOSE, OPEN, REVIEW, VIEW, own_cases
from .sources import leads
from .standing import due_of
from .steps import took_part, turns

ROOM = "accountability"
S = Case.State


def waiting(user: User, day: date) -> Iterator[Todo]:
    """For the person what they may answer; for each level its opinions; for the office the next step; for units whom to send anew."""
    yield from _own(user, day)
    rows = _open_cases(user, day)
    yield from _grouped(rows, user, day)
    yield from _to_review(user, day)
    scope = user.scope_on(day, OPEN)
    n = len(leads(scope, day)) if scope else 0
    if n:
        yield Todo(
            f"{n} 条无故不在岗待处理",
            "按规定应当提醒、约谈或召回，点开即可立案",
            reverse("accountability:leads"),
            None,
            ROOM,
        )


def mine(user: User, day: date) -> set[UUID]:
    """The cases whose next step is this user's."""
    return {row.pk for rows in _by_step(_open_cases(user, day), user, day).values() for row in rows}


def _own(user: User, day: date) -> Iterator[Todo]:
    rows = own_cases(user).filter(
        Q(state=S.HEARING, statement="", statement_due__gte=day) | Q(state=S.NOTIFIED, measure="reminder")
    )
    for row in rows:
        url = reverse("accountability:case", args=[row.pk])
        if row.state == S.HEARING:
            yield Todo(
                f"您有权就拟作出的{row.get_measure_display()}陈述申辩", row.grounds, url, row.statement_due, ROOM
            )
        else:
            yield Todo("请回复提醒", row.grounds, url, row.due_on, ROOM)


def _open_cases(user: User, day: date) -> list[Case]:
    """Cases of one's areas that wait for anything, their opinions with them; two queries."""
    scope = user.scope_on(day, VIEW)
    if not scope:
        return []
    rows = Case.objects.within(scope).exclude(state__in=Case.OVER).exclude(person__user=user)
    paths = ("county", "person", "unit", "township", "posting__team")
    return list(
        rows.select_related(*paths).prefetch_related("opinions", "appeals").order_by("due_on", "opened_on", "number")
    )


TITLES = {
    "judge": "待签署意见", "put_forward": "立案后待提交", "end_hearing": "已听取意见，待提交审批", "notify": "审批完毕，待告知", "hold": "待进行",
    "carry_out": "待执行", "unanswered": "提醒逾期未回复", "close": "待办结", "reselect": "后待重新选派",
}  # fmt: skip


def _by_step(rows: Iterable[Case], user: User, day: date) -> dict[str, list[Case]]:
    """The cases whose next step this user takes, by the step."""
    rows = list(rows)
    asked = turns(rows)
    found: dict[str, list[Case]] = {}
    for row in rows:
        step = _step(row, asked.get(row.pk), user, day)
        if step:
            found.setdefault(step, []).append(row)
    return found


def _step(row: Case, turn, user: User, day: date) -> str:
    def may(permission: str) -> bool:
        return user.may(permission, day, row)

    if row.state == S.DRAFT:
        return "put_forward" if may(OPEN) else ""
    if row.state == S.HEARING:
        over = bool(row.statement) or bool(row.statement_due and row.statement_due < day)
        return "end_hearing" if over and may(OPEN) else ""
    if row.state == S.APPROVAL:
        return ("judge" if may(PERMISSIONS[turn]) else "") if turn else "notify" if may(CARRY_OUT) else ""
    unsent = row.measure == "recall" and row.successor_id is None
    if unsent and row.state in (S.NOTIFIED, S.DONE) and may(APPEAL):
        return "reselect"
    if row.state == S.NOTIFIED and may(CARRY_OUT):
        late = row.measure == "reminder" and row.due_on is not None and row.due_on < day
        return {"interview": "hold", "recall": "carry_out"}.get(row.measure, "unanswered" if late else "")
    ready = row.state == S.DONE and not any(one.answered_at is None for one in row.appeals.all())
    return "close" if ready and may(CLOSE) else ""


def _grouped(rows: list[Case], user: User, day: date) -> Iterator[Todo]:
    """One line for each kind of step: a single case directly, several as the list of what waits for the reader."""
    for step, found in _by_step(rows, user, day).items():
        due = min((one for one in map(due_of, found) if one), default=None)
        names = "、".join(dict.fromkeys(f"{row.who}{row.get_measure_display()}" for row in found[:3])) + (
            "等" if len(found) > 3 else ""
        )
        if len(found) == 1:
            url, title = (
                reverse("accountability:case", args=[found[0].pk]),
                f"{found[0].get_measure_display()}{TITLES[step]}",
            )
        else:
            url, title = reverse("accountability:cases") + "?state=mine", f"{len(found)} 件处理{TITLES[step]}"
        yield Todo(title, names, url, due, ROOM)


def _to_review(user: User, day: date) -> Iterator[Todo]:
    """Appeals that wait for somebody who took no part in the case."""
    scope = user.scope_on(day, REVIEW)
    if not scope:
        return
    rows = Appeal.objects.within(scope).filter(answered_at__isnull=True).exclude(case__person__user=user)
    for row in (
        rows.select_related("case__person", "case__unit").prefetch_related("case__opinions").order_by("raised_at")[:20]
    ):
        if not took_part(row.case, user):
            url = reverse("accountability:case", args=[row.case.pk])
            yield Todo(
                f"对{row.case.who}的{row.case.get_measure_display()}有申诉待复核", row.text[:60], url, None, ROOM
            )
