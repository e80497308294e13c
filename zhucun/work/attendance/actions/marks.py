"""Marks go in, months are confirmed, and what was confirmed is put right."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from zhucun.base.journal import journal
from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.models import Correction, PersonMonth, Question
from zhucun.work.attendance.months import stamp_of
from zhucun.work.attendance.roster import Stay, month_of, stays
from zhucun.work.attendance.rules import BLANK, OUT, Trouble, closed, days_in, ranges, symbol_of, troubles, visible
from zhucun.work.teams.models import Team

LOCKED = "{}的{}已由乡镇确认，您填的没有保存；确有错误请用“更正”。"


@transaction.atomic
def fill(*, team: Team, month: Period, rows: Mapping[UUID, str], by, at: datetime,
         origin: str = PersonMonth.Origin.GRID, versions: Mapping[UUID, int] | None = None) -> int:  # fmt: skip
    """Write the month's marks of some people of a team (person id → one symbol a day); returns how many rows changed.

    A day out of post becomes —. All rows or none: raises ValidationError for somebody not in the team that month, a
    mark on a day not come yet, a confirmed row, or one that somebody else changed since (`versions` says what was seen).
    """
    by.require("attendance.fill", at, team)
    known = {stay.person.pk: stay for stay in stays([team], month).get(team.pk, ())}
    held = {row.person_id: row for row in _locked(team, month)}
    wrong, changed, told = [], [], {}
    for person, marks in rows.items():
        stay = known.get(person)
        if stay is None:
            wrong.append(f"有人{month.label}不在{team}，请刷新页面再填。")
            continue
        row, seen = held.get(person), (versions or {}).get(person)
        clean, sentences = _checked(stay, month, marks, timezone.localtime(at).date())
        wrong += sentences
        if row is not None and row.marks == clean:
            continue
        if row is not None and row.is_confirmed:
            wrong.append(LOCKED.format(stay.person, month.label))
        elif seen is not None and seen != (row.version if row else 0):
            who = f"（{row.filled_by}）" if row else ""
            wrong.append(f"{stay.person}的{month.label}出勤刚刚被别人改过{who}，您填的没有保存，请核对后再保存。")
        elif row is not None or clean.strip(BLANK + OUT):
            told[stay.person.number] = [row.marks if row else "", clean]
            changed.append(_written(row or _new(stay, month), clean, origin, by, at))
    if wrong:
        raise ValidationError(list(dict.fromkeys(wrong)))
    _keep(changed)
    if told:
        data = {"month": month.name, "marks": told, "origin": PersonMonth.Origin(origin).label}
        journal.note(by=by, at=at, action="attendance.filled", target=team, data=data)
    return len(changed)


def _locked(team: Team, month: Period):
    rows = PersonMonth.objects.filter(team=team, start=month.start)
    return rows.select_for_update(of=("self",)).select_related("person")


def _checked(stay: Stay, month: Period, marks: str, today: date) -> tuple[str, list[str]]:
    """The row as it would be kept, and a sentence for every day that cannot stand."""
    days = days_in(month.start)
    symbols = [symbol_of(mark) for mark in marks.ljust(days, BLANK)]
    last = 0 if today < month.start else days if today > month.until else today.day
    spare = "".join(symbol or "?" for symbol in symbols[days:]).strip(BLANK + OUT)
    found = troubles("".join(symbol or "?" for symbol in symbols[:days]), stay.days, last)
    sentences = [_sentence(stay, month, day, trouble, marks[day - 1]) for day, trouble in found.items()]
    sentences += [
        _sentence(stay, month, day, Trouble.IN_POST, OUT) for day in sorted(stay.days) if symbols[day - 1] == OUT
    ]
    if spare:
        sentences.append(f"{stay.person}：{month.label}只有 {days} 天，后面多填了“{spare}”。")
    return closed("".join(symbol or BLANK for symbol in symbols[:days]), stay.days), sentences


def _sentence(stay: Stay, month: Period, day: int, trouble: Trouble, mark: str) -> str:
    return f"{stay.person} {month.start.month}月{day}日“{mark}”：{trouble.value}。"


def _new(stay: Stay, month: Period) -> PersonMonth:
    row = PersonMonth(
        person=stay.person, team=stay.posting.team, unit=stay.posting.unit, start=month.start, end=month.end
    )
    row.set_marks("", "")
    return row


def _written(row: PersonMonth, marks: str, origin: str, by, at: datetime) -> PersonMonth:
    was, came = row.marks.ljust(len(marks), BLANK), row.origins.ljust(len(marks), PersonMonth.Origin.NONE)
    origins = "".join(
        PersonMonth.Origin.NONE.value if new in (BLANK, OUT) else kept if new == old else str(origin)
        for new, old, kept in zip(marks, was, came, strict=True)
    )
    row.set_marks(marks, origins)
    row.version += 1
    row.filled_by, row.filled_at = by, at
    return row


WRITTEN = ("marks", "origins", *PersonMonth.TALLIES, "version", "filled_by", "filled_at")


def _keep(rows: list[PersonMonth]) -> None:
    new = [row for row in rows if row.version == 1]
    for row in new:
        row.full_clean(exclude=("person", "team", "unit", "filled_by", "confirmed_by"), validate_unique=False)
    try:
        with transaction.atomic():
            PersonMonth.objects.bulk_create(new)
    except IntegrityError:  # an empty month holds no row to lock: somebody else began it at the same moment
        raise ValidationError(f"{new[0].person}的出勤刚刚被别人填过，请刷新后再填，您填的没有保存。") from None
    PersonMonth.objects.bulk_update([row for row in rows if row.version > 1], WRITTEN)


@transaction.atomic
def confirm(*, team: Team, month: Period, signed: bool, by, at: datetime, answers: Mapping[str, str] | None = None,
            stamp: str = "") -> int:  # fmt: skip
    """乡镇确认: lock the month of everybody in the team; returns how many rows it confirmed.

    `signed` says that the village's party secretary has signed the paper; `answers` keeps what the township found about
    the hints it was shown, `stamp` what the page was made of. Raises ValidationError before the month is over, without the
    signature, for a month changed since it was seen, with days in post on which nothing is recorded, or with cells of the
    book still to be looked at.
    """
    by.require("attendance.confirm", at, team)
    today = timezone.localtime(at).date()
    if today <= month.until:
        raise ValidationError(f"{month.label}还没有过完，次月 1 日起才能确认。")
    if not signed:
        raise ValidationError("请先看纸质记录本上村党组织书记是否已经签字，并在页面上勾选。")
    rows = {row.person_id: row for row in _locked(team, month)}
    missing, in_post = [], stays([team], month).get(team.pk, ())
    if stamp and stamp != stamp_of(rows.values()):
        raise ValidationError(f"{team}{month.label}出勤刚刚有人改过，下面是改过以后的，请重新看一遍再确认。")
    if not in_post:
        raise ValidationError(f"{team}{month.label}没有人在任，没有可以确认的出勤。")
    for stay in in_post:
        row = rows.get(stay.person.pk)
        days = [day for day in sorted(stay.days) if row is None or row.marks[day - 1] in (BLANK, OUT)]
        if days:
            missing.append(f"{stay.person}：{month.start.month}月{ranges(days)}没有记录。")
    waiting = Question.objects.filter(
        reading__page__team=team, reading__page__month=month.start, answered_at__isnull=True
    )
    if left := waiting.count():
        missing.append(f"记录本还有 {left} 个格子没有核对，请先在“核对识读”里看完。")
    if missing:
        raise ValidationError(missing)
    here = {stay.person.pk for stay in in_post}
    open_rows = [row for row in rows.values() if not row.is_confirmed and row.person_id in here]
    PersonMonth.objects.filter(pk__in=[row.pk for row in open_rows]).update(confirmed_on=today, confirmed_by=by)
    if open_rows:
        data = {"month": month.name, "people": [row.person.number for row in open_rows], "hints": dict(answers or {})}
        journal.note(by=by, at=at, action="attendance.confirmed", target=team, data=data)
    return len(open_rows)


@transaction.atomic
def confirm_many(*, stamps: Mapping[Team, str], month: Period, signed: bool, by, at: datetime) -> int:
    """Confirm the month of several teams, each as its stamp says it was seen, all or none; returns how many rows.

    For teams without open cells and without hints. Raises ValidationError with every team's reasons, as `confirm` does.
    """
    confirmed, wrong = 0, []
    for team, stamp in stamps.items():
        try:
            confirmed += confirm(team=team, month=month, signed=signed, stamp=stamp, by=by, at=at)
        except ValidationError as refusal:
            wrong += [f"{team}：{sentence}" for sentence in refusal.messages] if signed else refusal.messages
    if wrong:
        raise ValidationError(list(dict.fromkeys(wrong)))
    return confirmed


@transaction.atomic
def correct(
    *, month: PersonMonth, day: date, new: str, reason: str, by, at: datetime, version: int | None = None
) -> Correction:
    """Put right one day of a confirmed month; both values, the reason and the person stay.

    Raises PermissionDenied for one's own month, ValidationError without a reason, for an unconfirmed month (fill it in
    instead), a mark that cannot stand, or a month changed since it was seen (`version`).
    """
    row = PersonMonth.objects.select_for_update(of=("self",)).select_related("person", "team__village").get(pk=month.pk)
    by.require("attendance.correct", at, row)
    if row.person.user_id == by.pk:
        raise PermissionDenied("本人不能更正自己的出勤，请由县驻村办或乡镇其他经办人办理。")
    symbol, reason = symbol_of(new), visible(reason)
    if not reason:
        raise ValidationError("请写明更正的理由。")
    if not row.is_confirmed:
        raise ValidationError("这个月还没有确认，可以直接修改，不用办更正。")
    if symbol is None or symbol in (BLANK, OUT):
        raise ValidationError(f"“{new}”不能作为更正后的记录，请选一个出勤符号。")
    if not row.holds_on(day):
        raise ValidationError(f"{day} 不在这个月里。")
    if day > timezone.localtime(at).date():
        raise ValidationError(f"{day} 还没有到，不能有出勤记录。")
    old = row.marks[day.day - 1]
    if version is not None and version != row.version:
        raise ValidationError(f"这个月的出勤刚刚有人更正过，{day} 现在记为“{old}”。您的没有保存，请核对后再更正。")
    if old == symbol:
        raise ValidationError(f"这一天记的就是“{old}”，不用更正。")
    _refuse_out_of_post(row, day, symbol)
    at_day = day.day - 1
    marks = row.marks[:at_day] + symbol + row.marks[at_day + 1 :]
    row.set_marks(marks, row.origins[:at_day] + PersonMonth.Origin.CORRECTED + row.origins[at_day + 1 :])
    row.version += 1
    row.save(update_fields=["marks", "origins", *PersonMonth.TALLIES, "version"])
    found = Correction(month=row, day=day, old=old, new=symbol, reason=reason, made_by=by, made_at=at)
    found.full_clean()
    found.save(force_insert=True)
    data = {"day": day, "mark": [old, symbol]}
    journal.note(by=by, at=at, action="attendance.corrected", target=row, data=data, reason=reason)
    return found


def _refuse_out_of_post(row: PersonMonth, day: date, symbol: str) -> None:
    own = [
        stay for stay in stays([row.team], month_of(row.start)).get(row.team_id, ()) if stay.person.pk == row.person_id
    ]
    if troubles(BLANK * (day.day - 1) + symbol, own[0].days if own else (), day.day):
        raise ValidationError(f"{row.person} {day} 不在任，不能有出勤记录。")
