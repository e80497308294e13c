"""What waits for somebody in attendance: months to confirm, cells to check, objections to answer, leave to decide.

And for whom it concerns: a month of one's own that may be looked at.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.urls import reverse

from zhucun.base.access.models import User
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division
from zhucun.base.notices.todos import Todo
from zhucun.base.timeline.periods import ONE_DAY, Period
from zhucun.work.teams.models import Team

from .days import OpenMonth, to_look_at
from .disagreements import after_confirmation
from .ladder import overdue, waiting_for
from .models import Leave, Objection, PersonMonth, Question, Reading
from .months import by_township, due_days, month_before, unconfirmed
from .roster import month_of
from .sight import VIEW

ROOM = "attendance"
NEW_FOR = 7 * ONE_DAY
"""For how long an approval counts as new (新批) in the copies of unit and county."""
ANSWERED_FOR = 15 * ONE_DAY
"""For how long an answered objection is told."""
NAMED = 3
"""How many disagreements after the confirmation are named one by one."""
EARLIER = 3
"""How many months before the last one are named; more would bury what is due now."""


def waiting(user: User, day: date) -> Iterator[Todo]:
    """For townships the month, the book and objections; for the county who is late; for each level the leave it decides.

    Whoever manages is reminded, never the member (domain.md 4): a month's marks are the township's work. The member only
    reads that a confirmed month may be looked at; nothing is late when they don't.
    """
    township = user.scope_on(day, "attendance.confirm")
    if township:
        yield from _to_confirm(township, day)
        yield from _to_check(user.scope_on(day, "attendance.book_read"))
        yield from _to_answer(user.scope_on(day, "attendance.correct"))
        yield from _to_put_right(user.scope_on(day, "attendance.correct"), day)
    county = Scope(county=user.scope_on(day, "attendance.leave_as_county").county)
    if county:
        yield from _late(county, day)
    yield from _to_decide(user, day)
    yield from _to_give_back(user, day)
    yield from _to_look_at(user, day)
    yield from _answers(user, day)
    unit = Scope(unit=user.scope_on(day, VIEW).unit)
    if unit:
        yield from _of_ones_people(unit, day)


def _to_confirm(scope: Scope, day: date) -> Iterator[Todo]:
    last = month_before(day)
    open_teams = by_township(unconfirmed(Team.objects.during(last).within(scope), last))
    if open_teams:
        n, due = sum(open_teams.values()), min(due_days(open_teams, last).values())
        why = f"村党组织书记在记录本上签字后，{due.month}月{due.day}日前确认"
        yield Todo(f"{last.label}出勤：{n} 支队待确认", why, _month_url(last), due, ROOM)
    rows = PersonMonth.objects.within(scope).filter(start__lt=last.start, confirmed_on__isnull=True)
    rows = rows.exclude(PersonMonth.WHOLLY_OUT)
    for start, n in rows.order_by("-start").values_list("start").annotate(n=Count("team", distinct=True))[:EARLIER]:
        month = month_of(start)
        yield Todo(f"{month.label}出勤：还有 {n} 支队没有确认", "已经过期", _month_url(month), None, ROOM)


def _month_url(month: Period) -> str:
    return reverse("attendance:month", args=[month.name])


def _to_check(scope: Scope) -> Iterator[Todo]:
    rows = Question.objects.within(scope).filter(answered_at__isnull=True, reading__state=Reading.State.OPEN)
    n = rows.count() if scope else 0
    if n:
        why = "记录本上看不清或有出入的格子，对照图片选一下"
        yield Todo(f"{n} 个识读格子待核对", why, reverse("attendance:questions"), None, ROOM)


def _to_answer(scope: Scope) -> Iterator[Todo]:
    n = Objection.objects.within(scope).filter(answered_at__isnull=True).count() if scope else 0
    if n:
        yield Todo(
            f"{n} 条出勤异议待答复", "本人对已确认的出勤有不同意见", reverse("attendance:objections"), None, ROOM
        )


def _to_put_right(scope: Scope, day: date) -> Iterator[Todo]:
    """Slips that came after the month was confirmed and say something else: the first ones by name, the others as a number."""
    found = after_confirmation(scope, day) if scope else []
    for one in found[:NAMED]:
        title = f"{one.leave.person}{one.days}，后来有了{one.leave.get_kind_display()}单"
        url = reverse("attendance:person_month", args=[one.month.pk])
        yield Todo(title, "已确认的出勤和后来的单子不一致，请核实；确有出入的更正", url, None, ROOM)
    if left := found[NAMED:]:
        names = "、".join(dict.fromkeys(one.leave.person.name for one in left[:5])) + ("等" if len(left) > 5 else "")
        url = _month_url(month_of(left[0].month.start))
        yield Todo(f"另有 {len(left)} 处已确认的出勤和后来的单子不一致", names, url, None, ROOM)


def _late(scope: Scope, day: date) -> Iterator[Todo]:
    last = month_before(day)
    open_teams = by_township(unconfirmed(Team.objects.during(last).within(scope), last))
    late = {town: due for town, due in due_days(open_teams, last).items() if day > due}
    if late:
        names = [str(town) for town in Division.objects.filter(pk__in=late).order_by("pk")]
        why = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
        title = f"{last.label}出勤：{len(late)} 个乡镇到期未确认"
        yield Todo(title, why, _month_url(last), min(late.values()), ROOM)


def _to_decide(user: User, day: date) -> Iterator[Todo]:
    mine = waiting_for(user, day)
    if mine:
        names = "、".join(dict.fromkeys(slip.person.name for slip in mine[:3])) + ("等" if len(mine) > 3 else "")
        yield Todo(f"{len(mine)} 张请假报备单待审批", names, reverse("attendance:leaves"), mine[0].start, ROOM)


def _to_give_back(user: User, day: date) -> Iterator[Todo]:
    """Leave that is over and not given back: told to the person, and to the township that may have the paper."""
    rows = Leave.objects.filter(overdue(day))
    for leave in rows.filter(person__user=user).order_by("start", "pk"):
        title = f"{leave.get_kind_display()} {leave.until.month}月{leave.until.day}日到期，还没有销假"
        why = "已经返岗的请销假，没有返岗的请续假"
        yield Todo(title, why, reverse("attendance:leave", args=[leave.pk]), leave.until, ROOM)
    scope = user.scope_on(day, "attendance.leave_record")
    n = rows.within(scope).exclude(person__user=user).count() if scope.township else 0
    if n:
        url = f"{reverse('attendance:leaves')}?state=over"
        yield Todo(f"{n} 张假到期未销假", "问本人是否已经返岗，按纸质单子销假", url, None, ROOM)


def _answers(user: User, day: date) -> Iterator[Todo]:
    """What the township has answered to one's own objections, for as long as one might object again."""
    rows = Objection.objects.filter(raised_by=user, answered_at__date__gt=day - ANSWERED_FOR).select_related("month")
    for row in rows.order_by("answered_at", "pk"):
        when = f"{row.day.month}月{row.day.day}日" if row.day else f"{row.month.start.month}月"
        word = "采纳，已更正" if row.upheld and row.day else "采纳" if row.upheld else "没有采纳"
        yield Todo(
            f"您对{when}出勤的异议已答复：{word}",
            row.answer,
            reverse("attendance:objection", args=[row.pk]),
            None,
            ROOM,
        )


def _of_ones_people(scope: Scope, day: date) -> Iterator[Todo]:
    """For the unit that sent them: leave newly approved, and who has not come back; the township has the work with it."""
    rows = Leave.objects.within(scope).select_related("person").order_by("start", "pk")
    new = list(rows.filter(status__in=Leave.STANDING, approved_on__gt=day - NEW_FOR))
    late = list(rows.filter(overdue(day)))
    for found, title, state in ((new, "{} 张请假报备新批", "new"), (late, "{} 张假到期未销假", "over")):
        if found:
            names = "、".join(dict.fromkeys(slip.person.name for slip in found[:5])) + ("等" if len(found) > 5 else "")
            url = f"{reverse('attendance:leaves')}?state={state}"
            yield Todo(f"本单位人员 {title.format(len(found))}", f"{names}；抄送，不用办理", url, None, ROOM)


def _to_look_at(user: User, day: date) -> Iterator[Todo]:
    """No due day: whoever has nothing against the month has nothing to do."""
    for one in to_look_at(user, day):
        month, until = month_of(one.row.start), f"{one.last.month}月{one.last.day}日"
        why = f"{_worth_a_look(one)}；可以核对，{until}前可提出异议，没有出入不用办"
        yield Todo(f"{month.label}出勤乡镇已确认", why, f"{reverse('attendance:mine')}?month={month.name}", None, ROOM)


def _worth_a_look(one: OpenMonth) -> str:
    """“视同驻村 2 天、请假 1 天、更正 1 处”."""
    row = one.row
    days = {
        "视同驻村": row.counts_as,
        "请假": row.leave,
        "调休": row.rest,
        "未报备缺勤": row.absent,
        "未记录": row.blank,
    }
    told = [f"{name} {n} 天" for name, n in days.items() if n]
    return "、".join([*told, *([f"更正 {one.changes} 处"] if one.changes else [])])
