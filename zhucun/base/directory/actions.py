"""What is done to the directory of divisions, villages and units."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.journal import journal

from .models import Division, Standing, Unit, Village


@transaction.atomic
def add_division(*, code: str, name: str, kind: str, parent: Division | None, by, at: datetime) -> Division:
    """Enter a division; raises ValidationError for a code that is taken or malformed, PermissionDenied without the right."""
    by.require("directory.edit", at)
    division = Division(code=code, name=name, kind=kind, parent=parent)
    division.full_clean()
    division.save(force_insert=True)
    journal.note(by=by, at=at, action="division.added", target=division, data={"name": name, "kind": kind})
    return division


@transaction.atomic
def add_first_county(*, code: str, name: str, by, at: datetime) -> Division:
    """Enter the county of a new installation, so that its office can be given its duty; afterwards the ledger does it.

    Raises ValidationError when there is a county already or the code is not one of a county (6 digits).
    """
    by.require("access.duty_edit", at)
    if Division.objects.filter(kind=Division.Kind.COUNTY).exists():
        raise ValidationError("已经登记过县了，其他行政区划请由县驻村办用台账导入。")
    if len(code) != 6 or not code.isdigit():
        raise ValidationError("县的代码是 6 位数字，例如 430426。")
    county = Division(code=code, name=name, kind=Division.Kind.COUNTY)
    county.full_clean()
    county.save(force_insert=True)
    journal.note(by=by, at=at, action="division.added", target=county, data={"name": name, "kind": county.kind})
    return county


@transaction.atomic
def add_unit(*, county: Division, fields: dict, by, at: datetime) -> Unit:
    """Enter a sending unit with the given columns; raises ValidationError when the name is taken."""
    unit = Unit(county=county, **fields)
    by.require("directory.edit", at, unit)
    unit.full_clean()
    unit.save(force_insert=True)
    journal.note(by=by, at=at, action="unit.added", target=unit, data=fields)
    return unit


@transaction.atomic
def edit_unit(*, unit: Unit, fields: dict, by, at: datetime) -> Unit:
    """Change columns of a unit; the unit's own contact may change the people in charge (主要负责人 …) only."""
    own = {"chief", "deputy", "contact", "phone"}
    by.require("directory.unit_contact_edit" if set(fields) <= own else "directory.edit", at, unit)
    changed = journal.apply(unit, fields)
    if changed:
        unit.full_clean()
        unit.save(update_fields=list(changed))
        journal.note(by=by, at=at, action="unit.edited", target=unit, data=changed)
    return unit


@transaction.atomic
def add_village(*, code: str, name: str, township: Division, fields: dict, by, at: datetime) -> Village:
    """Enter a village of a township; its county is that of the township."""
    village = Village(code=code, name=name, township=township, county=township.parent, **fields)
    by.require("directory.edit", at, village)
    village.full_clean()
    village.save(force_insert=True)
    journal.note(by=by, at=at, action="village.added", target=village, data={"name": name, **fields})
    return village


@transaction.atomic
def edit_village(*, village: Village, fields: dict, by, at: datetime) -> Village:
    """Change the name, needed skills or point of a village."""
    by.require("directory.edit", at, village)
    changed = journal.apply(village, fields)
    if changed:
        village.full_clean()
        village.save(update_fields=list(changed))
        journal.note(by=by, at=at, action="village.edited", target=village, data=changed)
    return village


@transaction.atomic
def class_village(*, village: Village, start: date, category: str, conditions: set[str], by, at: datetime) -> Standing:
    """Decide 村类别 and 村情 from `start` on; the standing before it ends the day before.

    `conditions` holds any of poor, weak, disorderly. The same start again corrects that standing. Raises
    ValidationError when a later standing exists already: history is corrected from its last entry backwards.
    """
    by.require("directory.edit", at, village)
    if village.standings.filter(start__gt=start).exists():
        raise ValidationError(f"{village}在 {start} 之后已经有新的类别，请改那一条，或选更晚的起始日期。")
    flags = {field: field in conditions for field, _ in Standing.CONDITIONS}
    village.standings.filter(end__isnull=True, start__lt=start).update(end=start)
    standing, _ = Standing.objects.update_or_create(
        village=village, start=start, defaults={"category": category, "end": None, **flags}
    )
    standing.full_clean()
    data = {"start": start, "category": category, "conditions": conditions}
    journal.note(by=by, at=at, action="village.classed", target=village, data=data)
    return standing
