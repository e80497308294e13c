"""How every step of a case is held, checked and written down; used by the actions beside it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from zhucun.base.journal import journal
from zhucun.work.accountability.models import Case
from zhucun.work.accountability.rules import CaseStatus, may_follow


def locked(*, case: Case, by, at: datetime, permission: str = "") -> Case:
    """The case as it stands now, held until the transaction ends, for somebody who may do what `permission` says.

    Raises PermissionDenied for whoever the case is about: nobody handles their own case.
    """
    paths = (
        "county",
        "person",
        "unit",
        "township",
        "posting__team__village__township",
        "posting__person",
        "posting__unit",
        "finding",
    )
    row = Case.objects.select_for_update(of=("self",)).select_related(*paths).get(pk=case.pk)
    if permission:
        handles(row=row, permission=permission, by=by, at=at)
    return row


def handles(*, row: Case, permission: str, by, at: datetime) -> None:
    """Raise PermissionDenied unless `by` may do that to the case, and is not the person it is about."""
    by.require(permission, at, row)
    if row.is_about(by):
        raise PermissionDenied("这件处理涉及您本人，请由其他同志办理。")


def moved(*, row: Case, to: CaseStatus, action: str, by, at: datetime, reason: str = "") -> Case:
    """Move a held case on and write it down; raises ValidationError out of order."""
    before = CaseStatus(row.state)
    if not may_follow(before, to):
        raise ValidationError(f"这件处理{row.get_state_display()}，不能办这一步。请刷新页面。")
    row.state = to.value
    row.full_clean()
    row.save()
    journal.note(
        by=by, at=at, action=action, target=row, data={"number": row.number, "state": [before, to]}, reason=reason
    )
    return row
