"""Where an area can be cut: villages that share units of small reach belong together; nobody has to label counties."""

from dataclasses import dataclass

import numpy as np

from .table import Array, Table

LARGEST = 160
"""Villages a part may have: what the exact solver proves within seconds."""
USUAL = 100
"""Villages that small groups are put together to."""
CITY = 2_500
"""Villages a region may have: what is solved again around a village without a team."""


@dataclass(frozen=True)
class Cut:
    """Part of each village, level of each unit: 0 stays in a part, 1 in a region, 2 goes beyond it."""

    part: Array
    region: Array
    level: Array
    parts: list[Array]
    """Villages of each part, by number."""


def cut(table: Table) -> Cut:
    """Parts and regions of an area. Where units tie nothing together, townships do, and then the order of ids."""
    reach = [table.pairs(unit)[0] for unit in range(len(table.units))]
    part = _filled(table, _tied(table, reach, LARGEST))
    region = _tied(table, [*_villages(part), *reach], CITY)
    level = np.array([_level(part[one], region[one]) for one in reach], dtype=np.int8)
    return Cut(part, region, level, _villages(part))


def _level(parts: Array, regions: Array) -> int:
    if len(parts) == 0 or (parts == parts[0]).all():
        return 0
    return 1 if (regions == regions[0]).all() else 2


def _villages(part: Array) -> list[Array]:
    order = np.argsort(part, kind="stable")
    return np.split(order, np.cumsum(np.bincount(part))[:-1])


def _tied(table: Table, reach: list[Array], largest: int) -> Array:
    """Number of each village's group: units of small reach first, each ties its villages if they fit together."""
    group = np.arange(len(table.villages))
    size = np.ones(len(group), dtype=np.int64)
    for villages in sorted(reach, key=lambda one: (len(one), one[:1].tolist())):
        groups = np.unique(group[villages])
        if len(groups) > 1 and int(size[groups].sum()) <= largest:
            group[np.isin(group, groups)] = groups[0]
            size[groups[0]] = size[groups].sum()
    return np.unique(group, return_inverse=True)[1].astype(np.int32)


def _filled(table: Table, group: Array) -> Array:
    """Small groups put together while they fit: of one township first, then in the order of their villages."""
    groups = _villages(group)
    groups.sort(key=lambda one: (len(one) > LARGEST // 3, int(table.town[one[0]]), int(one[0])))
    part, filled, number = np.zeros(len(group), dtype=np.int32), 0, 0
    aim = min(LARGEST, USUAL)
    for villages in groups:
        if filled and (filled + len(villages) > aim):
            number, filled = number + 1, 0
        part[villages] = number
        filled += len(villages)
    return part
