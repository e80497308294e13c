"""Whose figures: a county, township, village or unit, found by what the command line or a page was given."""

import re
from dataclasses import dataclass

from django.db.models import Q

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit, Village

COUNTY = Division.Kind.COUNTY


@dataclass(frozen=True)
class Area:
    """An area by the key that stands in addresses, its name, its kind as a heading, its county and its scope."""

    key: str
    label: str
    kind: str
    county: str
    scope: Scope


def of(row: Division | Village | Unit) -> Area:
    """The area that a row of the directory is."""
    if isinstance(row, Unit):
        return Area(str(row.pk), row.name, "派出单位", row.county_id, Scope(unit=frozenset({row.pk})))
    keys = frozenset({row.pk})
    if isinstance(row, Village):
        return Area(row.pk, row.name, "村", row.county_id, Scope(village=keys))
    if row.kind == COUNTY:
        return Area(row.pk, row.name, "县", row.pk, Scope(county=keys))
    return Area(row.pk, row.name, "乡镇", row.pk[:6], Scope(township=keys))


def named(text: str) -> Area:
    """The area `--scope` names: 6, 9 or 12 digits, `unit:NAME`, or nothing where there is one county only.

    Raises ValueError with one plain sentence.
    """
    text = text.strip()
    if not text:
        return _only_county()
    if text.startswith("unit:"):
        return _unit(text.removeprefix("unit:").strip())
    if not re.fullmatch(r"\d{6}|\d{9}|\d{12}", text):
        raise ValueError(f"范围“{text}”看不懂，请写 6 位县代码、9 位乡镇代码、12 位村代码，或写 unit:单位名称。")
    row = (Village if len(text) == 12 else Division).objects.filter(pk=text).first()
    if row is None:
        raise ValueError(f"没有代码为 {text} 的县、乡镇或村，请核对代码；台账中有的才能统计。")
    return of(row)


def _only_county() -> Area:
    counties = list(Division.objects.filter(kind=COUNTY)[:20])
    if not counties:
        raise ValueError("数据库里还没有县，请先用 zhucun import_ledger 导入台账。")
    if len(counties) > 1:
        codes = "、".join(f"{county.code} {county.name}" for county in counties)
        raise ValueError(f"数据库里有几个县（{codes}），请用 --scope 写明县代码。")
    return of(counties[0])


def _unit(name: str) -> Area:
    units = list(Unit.objects.filter(name=name).select_related("county")[:20])
    if not units:
        raise ValueError(f"没有名为“{name}”的派出单位，请写台账里的单位全称。")
    if len(units) > 1:
        counties = "、".join(unit.county.name for unit in units)
        raise ValueError(f"几个县（{counties}）都有名为“{name}”的单位，不能只按名称统计，请先在台账里把名称区分开。")
    return of(units[0])


def offered(own: Scope) -> list[Area]:
    """The areas somebody with that scope may choose among, in the order of their codes; villages below a township only."""
    divisions = Division.objects.filter(Q(pk__in=own.county | own.township) | Q(parent__in=own.county))
    villages = Village.objects.none() if own.county else Village.objects.within(own)
    rows = [
        *divisions.order_by("pk"),
        *villages.only("name", "county_id").order_by("pk"),
        *Unit.objects.within(own).only("name", "county_id").order_by("name", "pk"),
    ]
    return [of(row) for row in rows]


def chosen(key: str, own: Scope, areas: list[Area]) -> Area | None:
    """The offered area with that key, or any village or unit within `own`; None for every other."""
    for area in areas:
        if area.key == key:
            return area
    if re.fullmatch(r"\d{12}", key):
        row = Village.objects.within(own).filter(pk=key).first()
        return of(row) if row else None
    return None


def whole(own: Scope, areas: list[Area]) -> Area:
    """Everything somebody sees as one area: named by the single duty behind it, or all of it together."""
    largest = [area for area in areas if area.scope == own]
    if largest:
        return Area("", largest[0].label, largest[0].kind, largest[0].county, own)
    county = areas[0].county if areas else ""
    return Area("", "可以查看的全部范围", "", county, own)
