"""Divisions, villages and units from the ledger workbook: compared with what is known, then written in bulk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.timeline.periods import BEGINNING
from zhucun.base.web.ledger import Book, Line

from .models import Division, Standing, Unit, Village
from .sheets import DIVISIONS, UNITS, VILLAGES

BATCH = 500


@dataclass
class Plan:
    """Rows to add, rows to write over, rows of their history, and the entries that say so."""

    add: list = field(default_factory=list)
    write: list = field(default_factory=list)
    standings_add: list[Standing] = field(default_factory=list)
    standings_write: list[Standing] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


# -- 行政区划 -------------------------------------------------------------------------------------------------------


def plan_divisions(book: Book) -> None:
    """Compare 行政区划 with the divisions known; those of another county are refused."""
    plan = book.plans[DIVISIONS.name] = Plan()
    near = Division.objects.filter(code__startswith=book.county) | Division.objects.filter(code=book.county[:4])
    known = book.known[Division] = {division.code: division for division in near}
    lines = sorted(book.keyed(DIVISIONS), key=lambda pair: (len(pair[0]), pair[0]))
    for code, line in lines:
        _check_division(book, line, code)
        if not line.sound:
            continue
        fields = book.given(DIVISIONS, line, ("name", "kind"))
        division = known.get(code)
        if division is None:
            known[code] = division = Division(
                code=code, parent=known.get(code[:6] if len(code) == 9 else code[:4]), **fields
            )
            plan.add.append(division)
            plan.notes.append(Note("division.added", division, fields))
            book.add(DIVISIONS, line, code)
        else:
            _compare(book, DIVISIONS, line, code, division, fields, plan, "division.edited")
    _check_parents(book, lines)


def _check_division(book: Book, line: Line, code: str) -> None:
    if len(code) not in {6, 9} or not _digits(code):
        book.refuse(DIVISIONS, line, "code", "代码应是 6 位（县）或 9 位（乡镇、街道、管理处）数字，请核对。")
    elif code[:6] != book.county:
        book.refuse(
            DIVISIONS, line, "code", f"这不是 {book.county} 的代码。一个工作簿只放一个县，请把别的县另存一个工作簿。"
        )
    elif (line.values.get("kind", "县") == "县") != (len(code) == 6) and "kind" in line.values:
        book.refuse(DIVISIONS, line, "kind", "类型和代码对不上：6 位代码是“县”，9 位代码是街道、镇、乡或管理处。")


def _check_parents(book: Book, lines: list[tuple[str, Line]]) -> None:
    if book.county in book.known[Division] or book.county in book.mentioned[DIVISIONS.name]:
        return
    for code, line in lines:
        if len(code) == 9:
            sentence = f"系统里还没有县 {book.county}，请在“行政区划”里加一行县（6 位代码，类型填“县”）。"
            book.refuse(DIVISIONS, line, "code", sentence)


# -- 行政村 ---------------------------------------------------------------------------------------------------------


def plan_villages(book: Book) -> None:
    """Compare 行政村 with the villages known and the latest standing of each."""
    plan = book.plans[VILLAGES.name] = Plan()
    known = book.known[Village] = {village.code: village for village in Village.objects.filter(county_id=book.county)}
    standings = Standing.objects.filter(village__county_id=book.county).order_by("village", "start")
    latest = {standing.village_id: standing for standing in standings}
    for code, line in book.keyed(VILLAGES):
        _check_village(book, line, code, known.get(code))
        if not line.sound:
            continue
        fields = book.given(VILLAGES, line, ("name", "needs", "longitude", "latitude"))
        village = known.get(code)
        if village is None:
            _add_village(book, plan, line, code, fields)
        else:
            _change_village(book, plan, line, village, fields, latest.get(code))


def _check_village(book: Book, line: Line, code: str, village: Village | None) -> None:
    if len(code) != 12 or not _digits(code):
        book.refuse(VILLAGES, line, "code", "村的区划代码应是 12 位数字，请核对。")
        return
    if code[:6] != book.county:
        book.refuse(
            VILLAGES, line, "code", f"这个村不在 {book.county}。一个工作簿只放一个县，请把别的县另存一个工作簿。"
        )
    elif code[:9] not in book.known[Division]:
        if code[:9] not in book.mentioned[DIVISIONS.name]:
            book.refuse(
                VILLAGES, line, "code", f"系统和“行政区划”里都没有乡镇 {code[:9]}，请先补上这个乡镇，或改正村的代码。"
            )
        line.sound = False
    _check_point(book, line, village)


def _check_point(book: Book, line: Line, village: Village | None) -> None:
    point: dict[str, Any] = {}
    for name, most in (("longitude", 180), ("latitude", 90)):
        point[name] = line.values.get(name, getattr(village, name, None))
        if point[name] is not None and abs(point[name]) > most:
            book.refuse(VILLAGES, line, name, f"应在 -{most} 至 {most} 之间，请核对经度和纬度是不是填反了。")
    if (point["longitude"] is None) != (point["latitude"] is None):
        missing = "longitude" if point["longitude"] is None else "latitude"
        book.refuse(VILLAGES, line, missing, "经度和纬度要么都填，要么都空着。")


def _add_village(book: Book, plan: Plan, line: Line, code: str, fields: dict) -> None:
    town = book.known[Division][code[:9]]
    village = Village(code=code, township=town, county_id=book.county, **fields)
    book.known[Village][code] = village
    plan.add.append(village)
    start = line.values.get("start") or BEGINNING
    standing = Standing(village=village, start=start, **_class(line))
    plan.standings_add.append(standing)
    plan.notes.append(Note("village.added", village, _told(line) | fields | {"start": start}))
    book.add(VILLAGES, line, f"{code} {village.name}")


def _change_village(book: Book, plan: Plan, line: Line, village: Village, fields: dict, last: Standing | None) -> None:
    start = line.values.get("start")
    if last and start and start < last.start:
        sentence = f"早于现有类别的起始日期 {last.start}，请填 {last.start} 或更晚，或者空着。"
        book.refuse(VILLAGES, line, "start", sentence)
        return
    changed = journal.apply(village, fields)
    if changed:
        plan.write.append(village)
        plan.notes.append(Note("village.edited", village, changed))
    if last is None or (start and start > last.start):
        classed = _new_standing(plan, line, village, last)
    else:
        classed = _same_standing(plan, line, village, last)
    book.change(VILLAGES, line, f"{village.code} {village.name}", changed | classed)


def _new_standing(plan: Plan, line: Line, village: Village, last: Standing | None) -> dict[str, list]:
    start = line.values.get("start") or BEGINNING
    if last is not None and (last.end is None or last.end > start):
        last.end = start
        plan.standings_write.append(last)
    flags = _class(line)
    standing = Standing(village=village, start=start, **_kept(last) | flags)
    plan.standings_add.append(standing)
    plan.notes.append(Note("village.classed", village, _told(line) | {"start": start}))
    old = [last.category, _conditions(last), last.start_known] if last else ["", (), None]
    new = [standing.category, _conditions(standing), start]
    names = ("category", "conditions", "start")
    return {name: [a, b] for name, a, b in zip(names, old, new, strict=True) if a != b}


def _same_standing(plan: Plan, line: Line, village: Village, last: Standing) -> dict[str, list]:
    before = (last.category, _conditions(last))
    if not journal.apply(last, _class(line)):
        return {}
    plan.standings_write.append(last)
    plan.notes.append(Note("village.classed", village, _told(line) | {"start": last.start}))
    after = (last.category, _conditions(last))
    return {name: [a, b] for name, a, b in zip(("category", "conditions"), before, after, strict=True) if a != b}


def _class(line: Line) -> dict[str, Any]:
    """Category and flags of a standing as the line gives them."""
    flags: dict[str, Any] = {}
    if "category" in line.values:
        flags["category"] = line.values["category"]
    if "conditions" in line.values:
        flags |= {name: name in line.values["conditions"] for name, _ in Standing.CONDITIONS}
    return flags


def _kept(last: Standing | None) -> dict[str, Any]:
    """Flags of the standing before, for the columns the workbook leaves out."""
    return {name: getattr(last, name) for name, _ in Standing.CONDITIONS} if last else {}


def _conditions(standing: Standing) -> tuple[str, ...]:
    return tuple(name for name, _ in Standing.CONDITIONS if getattr(standing, name))


def _told(line: Line) -> dict[str, Any]:
    return {name: line.values[name] for name in ("category", "conditions") if name in line.values}


# -- 派出单位 -------------------------------------------------------------------------------------------------------


def plan_units(book: Book) -> None:
    """Compare 派出单位 with the county's units by name."""
    plan = book.plans[UNITS.name] = Plan()
    known = book.known[Unit] = {unit.name: unit for unit in Unit.objects.filter(county_id=book.county)}
    names = tuple(name for name in UNITS.fields if name != "name")
    for key, line in book.keyed(UNITS):
        fields = book.given(UNITS, line, names)
        unit = known.get(key)
        if unit is None:
            known[key] = unit = Unit(county_id=book.county, name=key, **fields)
            plan.add.append(unit)
            plan.notes.append(Note("unit.added", unit, {"name": key} | fields))
            book.add(UNITS, line, key)
        else:
            _compare(book, UNITS, line, key, unit, fields, plan, "unit.edited")


# -- all of them ----------------------------------------------------------------------------------------------------


def _compare(book: Book, sheet, line: Line, key: str, row, fields: dict, plan: Plan, action: str) -> None:
    changed = journal.apply(row, fields)
    if changed:
        plan.write.append(row)
        plan.notes.append(Note(action, row, changed))
    book.change(sheet, line, key, changed)


def _digits(code: str) -> bool:
    return code.isascii() and code.isdigit()


def write_divisions(*, plan: Plan, by, at: datetime) -> None:
    """Write planned divisions, counties before what lies under them."""
    by.require("exchange.import", at)
    for length in (6, 9):
        Division.objects.bulk_create([row for row in plan.add if len(row.code) == length], batch_size=BATCH)
    write_over(Division, plan.write, ("name", "kind"))
    journal.note_many(by=by, at=at, notes=plan.notes)


def write_villages(*, plan: Plan, by, at: datetime) -> None:
    """Write planned villages and their standings; what ends is ended before what follows it begins."""
    by.require("exchange.import", at)
    Village.objects.bulk_create(plan.add, batch_size=BATCH)
    write_over(Village, plan.write, ("name", "needs", "longitude", "latitude"))
    write_over(Standing, plan.standings_write, ("end", "category", *(name for name, _ in Standing.CONDITIONS)))
    Standing.objects.bulk_create(plan.standings_add, batch_size=BATCH)
    note_in_parts(notes=plan.notes, by=by, at=at)


def write_units(*, plan: Plan, by, at: datetime) -> None:
    """Write planned units."""
    by.require("exchange.import", at)
    Unit.objects.bulk_create(plan.add, batch_size=BATCH)
    write_over(Unit, plan.write, ("category", "level", "chief", "deputy", "contact", "phone"))
    note_in_parts(notes=plan.notes, by=by, at=at)


def write_over(model, rows: list, fields: tuple[str, ...]) -> None:
    """Write the given fields of rows that exist, in few statements: an insert that meets its own key updates instead."""
    key = model._meta.pk.name
    model.objects.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=[key], update_fields=fields)


def note_in_parts(*, notes: list[Note], by, at: datetime, size: int = 5000) -> None:
    """Journal many entries without holding all of them in memory twice."""
    for part in _parts(notes, size):
        journal.note_many(by=by, at=at, notes=part)


def _parts(rows: list, size: int) -> Iterator[list]:
    for first in range(0, len(rows), size):
        yield rows[first : first + size]
