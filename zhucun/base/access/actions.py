"""What is done to accounts and duties."""

from dataclasses import dataclass
from datetime import date, datetime

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.journal import journal

from .models import AREAS, Duty, ShownAccount, User
from .permissions import Role, may_hold_together


@dataclass(frozen=True)
class Nobody:
    """Whoever sits at the sign-in page: the actor of an entry about a sign-in that failed."""

    pk: str = ""
    name: str = "未登录的人"

    def __str__(self) -> str:
        return self.name


NOBODY = Nobody()


def caretaker() -> User:
    """The actor of the command line on the server itself; it cannot sign in."""
    user, new = User.objects.get_or_create(
        username="caretaker", defaults={"name": "服务器命令行", "is_caretaker": True}
    )
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


@transaction.atomic
def open_account(*, username: str, name: str, password: str, by: User, at: datetime, must_change: bool = True) -> User:
    """Open an account with a first password; raises ValidationError for a taken name or a weak password."""
    by.require("access.account_edit", at)
    user = User(username=username, name=name, must_change_password=must_change)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    journal.note(by=by, at=at, action="account.opened", target=user, data={"username": username})
    return user


@transaction.atomic
def show_account(*, user: User, password: str, purpose: str, place: int, by: User, at: datetime) -> None:
    """Offer an account with its password on the sign-in page of a demonstration."""
    by.require("timeline.clock_fix", at)
    ShownAccount.objects.update_or_create(
        user=user, defaults={"password": password, "purpose": purpose, "place": place}
    )
    journal.note(by=by, at=at, action="account.shown", target=user)


@transaction.atomic
def change_password(*, user: User, password: str, by: User, at: datetime) -> None:
    """Set a new password: one's own, or as administrator a first one that must be changed at the next sign-in."""
    if user != by:
        by.require("access.account_edit", at)
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = user != by
    user.save(update_fields=["password", "must_change_password"])
    journal.note(by=by, at=at, action="account.password_changed", target=user)


@transaction.atomic
def set_active(*, user: User, active: bool, by: User, at: datetime) -> None:
    """Close an account or open it again; an administrator cannot close their own."""
    by.require("access.account_edit", at)
    if user == by:
        raise ValidationError("不能停用自己的账号，请由另一位系统管理员办理。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    journal.note(by=by, at=at, action="account.activated" if active else "account.closed", target=user)


@transaction.atomic
def unlock(*, user: User, by: User, at: datetime) -> None:
    """Let somebody sign in again at once who was locked out after too many wrong passwords."""
    by.require("access.account_edit", at)
    reset(username=user.username)
    journal.note(by=by, at=at, action="account.unlocked", target=user)


@transaction.atomic
def grant(*, user: User, role: Role, area, start: date, end: date | None, by: User, at: datetime) -> Duty:
    """Give a role in an area (a division, village or unit; None for administrators) from `start` to `end`, exclusive.

    Raises ValidationError when the role would be held beside one it must not be held with (三员分立).
    """
    by.require("access.duty_edit", at)
    if user == by:
        raise ValidationError("不能给自己授权，请由另一位安全管理员办理。")
    return _grant(user=user, role=role, area=area, start=start, end=end, source="", by=by, at=at)


@transaction.atomic
def end_duty(*, duty: Duty, end: date, by: User, at: datetime) -> None:
    """Take a role away from `end` on; the role is refused at the next request of that day."""
    by.require("access.duty_edit", at)
    _end(duty, end, by, at)


def grant_by(
    *, source: str, user: User, role: Role, area, start: date, end: date | None, by: User, at: datetime
) -> Duty:
    """Give the role that something else brings with it (a posting); that action has asked for the right already."""
    return _grant(user=user, role=role, area=area, start=start, end=end, source=source, by=by, at=at)


def withdraw_by(*, source: str, end: date, by: User, at: datetime) -> None:
    """End on `end` (exclusive) the duties something else brought with it; a duty not begun by then is removed."""
    for duty in Duty.objects.filter(source=source).select_related("user"):
        _end(duty, end, by, at)


def _grant(*, user: User, role: Role, area, start: date, end: date | None, source: str, by: User, at: datetime) -> Duty:
    held = {Role(duty.role) for duty in Duty.objects.filter(user=user) if duty.overlaps(start, end)}
    if not may_hold_together(held | {Role(role)}):
        raise ValidationError("系统、安全、审计三种管理员须由三个人分别担任，也不能兼任业务角色。请另开账号。")
    duty = Duty(user=user, role=role, start=start, end=end, source=source, **_area(area))
    duty.full_clean()
    duty.save(force_insert=True)
    data = {"user": user.username, "role": role, "area": str(area or ""), "start": start, "end": end}
    journal.note(by=by, at=at, action="duty.granted", target=duty, data=data)
    user.__dict__.pop("_duties", None)
    return duty


def _area(row) -> dict:
    if row is None:
        return {}
    kinds = {"village": "village", "unit": "unit"}
    kind = kinds.get(row._meta.model_name) or ("county" if len(row.pk) == 6 else "township")
    return {name: row if name == kind else None for name in AREAS}


def _end(duty: Duty, end: date, by: User, at: datetime) -> None:
    data = {"user": duty.user.username, "role": duty.role, "end": [duty.end, end]}
    journal.note(by=by, at=at, action="duty.ended", target=duty, data=data)
    if end <= duty.start:
        duty.delete()
    else:
        duty.end = end
        duty.save(update_fields=["end"])
    duty.user.__dict__.pop("_duties", None)


@transaction.atomic
def note_sign_in(*, by: User, at: datetime) -> None:
    """Write down that somebody signed in; nothing counts these entries (国办函〔2026〕12号)."""
    journal.note(by=by, at=at, action="access.signed_in", target=by)


@transaction.atomic
def note_sign_out(*, idle: bool, by: User, at: datetime) -> None:
    """Write down that somebody signed out, or (`idle`) was signed out after a time limit."""
    journal.note(by=by, at=at, action="access.timed_out" if idle else "access.signed_out", target=by)


@transaction.atomic
def note_failed_sign_in(*, username: str, locked: bool, by: Nobody, at: datetime) -> None:
    """Write down a wrong password for an account; an unknown name is not kept, it may be a password typed too early."""
    user = User.objects.filter(username=username).first()
    journal.note(by=by, at=at, action="access.locked" if locked else "access.sign_in_failed", target=user)


@transaction.atomic
def note_refusal(*, path: str, method: str, sentence: str, by: User, at: datetime) -> None:
    """Write down that somebody asked for what they may not do; the asking itself has been rolled back."""
    journal.note(
        by=by, at=at, action="access.refused", data={"path": path[:200], "method": method}, reason=sentence[:400]
    )


@transaction.atomic
def note_export(*, title: str, count: int, form: str, by: User, at: datetime) -> None:
    """Write down that a list left the system as a file or on paper: which one, how many rows."""
    journal.note(by=by, at=at, action="list.exported", data={"list": title, "rows": count, "form": form})
