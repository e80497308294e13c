"""What waits for the administrators and the county office because of accounts and the calendar."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from zhucun.base.access.locks import locked_usernames
from zhucun.base.access.models import Duty, User
from zhucun.base.notices.todos import Todo
from zhucun.base.timeline import workdays

ROOM = "office"


def waiting(user: User, day: date) -> Iterator[Todo]:
    """Accounts locked out or without a duty, and a calendar to be set; first steps and health stand on the home page."""
    if user.may("access.account_edit", day):
        yield from _locked()
    if user.may("access.duty_edit", day):
        yield from _without_duty(day)
    if user.may("timeline.calendar_edit", day):
        yield from _calendar(day)


def _locked() -> Iterator[Todo]:
    locked = locked_usernames()
    known = User.objects.filter(username__in=locked).order_by("username")
    for user in known[:10]:
        why = "密码连续输错；确认是本人后可以解锁，不是本人请告诉审计管理员"
        yield Todo(f"{user.name}的账号被锁定", why, reverse("office:account", args=[user.pk]), room=ROOM)


def _without_duty(day: date) -> Iterator[Todo]:
    holders = Duty.objects.on(day).values("user")
    n = User.objects.filter(is_active=True, is_caretaker=False, is_installer=False).exclude(pk__in=holders).count()
    if n:
        why = "登录后什么也看不到，请授予职责"
        yield Todo(f"{n} 个账号没有职责", why, f"{reverse('office:accounts')}?duty=none", room=ROOM)


def _calendar(day: date) -> Iterator[Todo]:
    year = day.year + 1 if day.month == 12 else day.year
    if (workdays.known_until(day.year) or 0) < year:
        why = "公布的放假和调休安排还没有录入，现在是暂定的"
        url = f"{reverse('office:calendar')}?year={year}"
        yield Todo(f"{year} 年的工作日历要设定", why, url, date(year - 1, 12, 31), ROOM)
