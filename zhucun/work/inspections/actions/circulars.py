"""Circulars: drafted from rounds, reviewed by another, signed, numbered and delivered, received."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from zhucun.base.directory.models import Division, Unit
from zhucun.base.journal import journal
from zhucun.work.inspections.assembling import GAP
from zhucun.work.inspections.models import Circular, Delivery, Round
from zhucun.work.inspections.rules import CircularStatus, may_follow, next_number


@transaction.atomic
def draft_circular(*, county: Division, rounds: Iterable[Round], title: str, body: str, townships: Iterable[Division],
                   units: Iterable[Unit], by, at: datetime) -> Circular:  # fmt: skip
    """Begin a circular on some rounds of the county, for some townships and units; the number comes with issuing."""
    rounds = list(rounds)
    row = Circular(
        county=county, year=timezone.localtime(at).year, title=title, body=body, drafted_by=by, drafted_at=at
    )
    by.require("inspections.circular_draft", at, row)
    if any(round.county_id != county.pk for round in rounds):
        raise ValidationError("只能根据本县的督查起草通报。")
    begun = Round.objects.filter(
        pk__in=[round.pk for round in rounds], state__in=(Round.State.UNDERWAY, Round.State.CLOSED)
    )
    if begun.count() != len(rounds):
        raise ValidationError("只能根据进行中或已结束的督查起草通报。")
    row.full_clean()
    row.save(force_insert=True)
    row.rounds.set(rounds)
    _address(row, townships, units)
    data = {"title": title, "rounds": [round.number for round in rounds]}
    journal.note(by=by, at=at, action="circular.drafted", target=row, data=data)
    return row


@transaction.atomic
def change_circular(
    *, circular: Circular, fields: dict, townships: Iterable[Division], units: Iterable[Unit], by, at: datetime
) -> Circular:
    """Change title, text or addressees of a draft."""
    row = _locked(circular, "inspections.circular_draft", by, at)
    if row.state != Circular.State.DRAFT:
        raise ValidationError(f"这份通报{row.get_state_display()}，不能再改；要改请先退回起草。")
    changed = journal.apply(row, fields)
    row.full_clean()
    row.save()
    _address(row, townships, units)
    journal.note(by=by, at=at, action="circular.changed", target=row, data={"fields": sorted(changed)})
    return row


def _address(row: Circular, townships: Iterable[Division], units: Iterable[Unit]) -> None:
    row.deliveries.all().delete()
    Delivery.objects.bulk_create(
        [Delivery(circular=row, township=town) for town in townships]
        + [Delivery(circular=row, unit=unit) for unit in units]
    )


@transaction.atomic
def submit(*, circular: Circular, by, at: datetime) -> Circular:
    """Hand a draft to whoever reviews it."""
    row = _locked(circular, "inspections.circular_draft", by, at)
    if not row.body.strip() or not row.deliveries.exists():
        raise ValidationError("正文和主送单位都要有，才能送审。")
    if GAP in row.body:
        raise ValidationError("正文里还有【 】标出的地方没有填写，请补全或删去再送审。")
    return _move(row, CircularStatus.REVIEW, "circular.submitted", "", by, at)


@transaction.atomic
def review(*, circular: Circular, agreed: bool, remark: str, by, at: datetime) -> Circular:
    """Pass a circular on to be signed, or back to the draft with a remark; nobody reviews what they drafted."""
    row = _locked(circular, "inspections.circular_review", by, at)
    if row.drafted_by_id == by.pk:
        raise PermissionDenied("起草人不能审核自己起草的通报。")
    if not agreed and not remark.strip():
        raise ValidationError("退回请写明意见。")
    row.remark = remark.strip()
    if agreed:
        row.reviewed_by, row.reviewed_at = by, at
    to = CircularStatus.SIGNING if agreed else CircularStatus.DRAFT
    return _move(row, to, "circular.reviewed" if agreed else "circular.returned", remark, by, at)


@transaction.atomic
def sign(*, circular: Circular, agreed: bool, remark: str, by, at: datetime) -> Circular:
    """Sign a circular off: it gets the year's next number, today's date, and goes to its addressees; or back to the draft."""
    row = _locked(circular, "inspections.circular_sign", by, at)
    if not agreed and not remark.strip():
        raise ValidationError("退回请写明意见。")
    row.remark = remark.strip()
    if not agreed:
        row.reviewed_by = row.reviewed_at = None  # it will be reviewed anew
        return _move(row, CircularStatus.DRAFT, "circular.returned", remark, by, at)
    Division.objects.select_for_update().get(pk=row.county_id)  # one number after the other
    row.issued_on = timezone.localtime(at).date()
    row.year = row.issued_on.year
    taken = Circular.objects.filter(county=row.county_id, year=row.year)
    row.number = next_number(taken.values_list("number", flat=True))
    row.signed_by, row.signed_at = by, at
    return _move(row, CircularStatus.ISSUED, "circular.issued", remark, by, at)


@transaction.atomic
def receive(*, delivery: Delivery, by, at: datetime) -> Delivery:
    """签收 at an addressee; a second time changes nothing."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("circular", "township", "unit")
    row = rows.get(pk=delivery.pk)
    by.require("inspections.circular_receive", at, row)
    if row.circular.state != Circular.State.ISSUED:
        raise ValidationError("这份通报还没有印发。")
    if row.received_at is None:
        row.received_by, row.received_at = by, at
        row.save(update_fields=["received_by", "received_at"])
        journal.note(by=by, at=at, action="circular.received", target=row)
    return row


def _move(row: Circular, to: CircularStatus, action: str, reason: str, by, at: datetime) -> Circular:
    if not may_follow(CircularStatus(row.state), to):
        raise ValidationError(f"这份通报{row.get_state_display()}，不能办这一步。请刷新页面。")
    row.state = to.value
    row.full_clean()
    row.save()
    data = {"number": row.number, "issued_on": row.issued_on} if row.number else {}
    journal.note(by=by, at=at, action=action, target=row, data=data, reason=reason)
    return row


def _locked(circular: Circular, permission: str, by, at: datetime) -> Circular:
    row = Circular.objects.select_for_update(of=("self",)).select_related("county").get(pk=circular.pk)
    by.require(permission, at, row)
    return row
