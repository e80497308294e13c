"""Rounds, findings, corrections and circulars from the ledger workbook: compared with what is known, then written in bulk."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from zhucun.base.directory.loading import BATCH, note_in_parts, write_over
from zhucun.base.directory.models import Unit, Village
from zhucun.base.directory.sheets import VILLAGES
from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.people.models import Person
from zhucun.base.people.sheets import PEOPLE
from zhucun.base.web.ledger import Book, Line
from zhucun.base.web.sheets import Sheet
from zhucun.work.teams.models import Posting, Team
from zhucun.work.teams.sheets import TEAMS

from .models import Circular, Correction, Finding, Round, Visit
from .sheets import CIRCULARS, CORRECTIONS, FINDINGS, ROUNDS

WITHDRAWN = "这个问题已查明不属实并撤销，导入不会重新打开，这一行没有写入；如果又发现问题，请换一个新编号另行登记。"


@dataclass
class Plan:
    """Rows of one sheet to add or to write over, visits that come and go with rounds, and the entries that say so."""

    add: list = field(default_factory=list)
    write: list = field(default_factory=list)
    visits_add: list[Visit] = field(default_factory=list)
    visits_drop: list[Any] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


# -- 督查 -----------------------------------------------------------------------------------------------------------


def plan_rounds(book: Book, day: date) -> None:
    """Compare 督查 with the rounds known by number; `day` is today: nothing was inspected after it."""
    plan = book.plans[ROUNDS.name] = Plan()
    known = book.known[Round] = {row.number: row for row in Round.objects.filter(county_id=book.county)}
    book.check_references(ROUNDS, {"villages": (Village, VILLAGES)})
    visits: dict[Any, dict[str, Visit]] = defaultdict(dict)
    if ROUNDS.name in book.pages:
        for visit in Visit.objects.filter(round__county_id=book.county):
            visits[visit.round_id][visit.village_id] = visit
    for number, line in book.keyed(ROUNDS):
        codes = line.values.get("villages", ())
        villages = [book.find(ROUNDS, line, "villages", Village, VILLAGES, code) for code in codes]
        if line.values["held_on"] > day:
            book.refuse(ROUNDS, line, "held_on", f"{line.values['held_on']} 还没有到，台账只记已经开展的督查。")
        if not line.sound:
            continue
        fields = book.given(ROUNDS, line, ("held_on", "method", "group"))
        row = known.get(number)
        if row is None:
            row = known[number] = Round(number=number, county_id=book.county, state=Round.State.CLOSED, **fields)
            _add(book, ROUNDS, plan, line, row, "inspection.imported", f"{number} {row.held_on}")
            changed: dict[str, Any] = {}
        else:
            changed = journal.apply(row, fields)
            if changed:
                plan.write.append(row)
        if "villages" in line.values:
            changed |= _villages(book, plan, row, villages, visits[row.pk])
        if row not in plan.add:
            _changed(book, ROUNDS, plan, line, row, changed, "inspection.imported", number, written=True)


def _villages(book: Book, plan: Plan, row: Round, villages: list[Village], had: dict[str, Visit]) -> dict[str, Any]:
    """The villages a round went to; one visited with its sheet entered stays."""
    wanted = {village.pk: village for village in villages}
    teams = {team.village_id: team for team in book.known[Team].values() if team.holds_on(row.held_on)}
    new = [code for code in wanted if code not in had]
    gone = [visit for code, visit in had.items() if code not in wanted and not visit.is_entered]
    plan.visits_add += [Visit(round=row, village=wanted[code], team=teams.get(code)) for code in new]
    plan.visits_drop += [visit.pk for visit in gone]
    if not new and not gone:
        return {}
    return {"villages": [tuple(sorted(had)), tuple(sorted({*wanted, *had} - {visit.village_id for visit in gone}))]}


def write_rounds(*, plan: Plan, by, at: datetime) -> None:
    """Write planned rounds and the villages they went to."""
    by.require("exchange.import", at)
    for row in plan.add:
        row.opened_by, row.opened_at = by, at
    Round.objects.bulk_create(plan.add, batch_size=BATCH)
    write_over(Round, plan.write, ("held_on", "method", "group"))
    Visit.objects.filter(pk__in=plan.visits_drop).delete()
    Visit.objects.bulk_create(plan.visits_add, batch_size=BATCH)
    note_in_parts(notes=plan.notes, by=by, at=at)


# -- 督查问题 -------------------------------------------------------------------------------------------------------


def plan_findings(book: Book, day: date) -> None:
    """Compare 督查问题 with the findings known by number; one that was withdrawn stays so, whatever a workbook says."""
    plan = book.plans[FINDINGS.name] = Plan()
    rows = Finding.objects.filter(county_id=book.county) if _speaks(book, FINDINGS, CORRECTIONS) else ()
    known = book.known[Finding] = {row.number: row for row in rows}
    targets = {"round": (Round, ROUNDS), "team": (Team, TEAMS), "person": (Person, PEOPLE)}
    book.check_references(FINDINGS, targets)
    held: dict[Any, list[Posting]] = defaultdict(list)
    for posting in book.known[Posting].values():
        held[posting.person_id].append(posting)
    rounds, teams, people = ({row.pk: row for row in book.known[model].values()} for model in (Round, Team, Person))
    for number, line in book.keyed(FINDINGS):
        fields = book.given(FINDINGS, line, ("kind", "text", "closed_on"))
        fields |= _references(book, FINDINGS, line, targets)
        round = fields.get("round")
        _not_after(book, FINDINGS, line, "closed_on", day)
        if round is not None and fields.get("closed_on") and fields["closed_on"] < round.held_on:
            book.refuse(FINDINGS, line, "closed_on", f"销号日期早于督查日期 {round.held_on}，请检查。")
        if not line.sound:
            continue
        row = known.get(number)
        if row is None:
            row = Finding(number=number, county_id=book.county, **fields)
            _place(row, held)
            known[number] = row
            _add(book, FINDINGS, plan, line, row, "finding.imported", number)
            continue
        if row.state == Finding.State.WITHDRAWN:
            book.warn(FINDINGS, line, "number", WITHDRAWN)
            book.change(FINDINGS, line, number, {})
            continue
        row.round, row.team, row.person = rounds[row.round_id], teams.get(row.team_id), people.get(row.person_id)
        changed = journal.apply(row, fields)
        if {"round", "team", "person", "closed_on"} & set(changed):
            _place(row, held)
        _changed(book, FINDINGS, plan, line, row, changed, "finding.imported", number)


def _place(row: Finding, held: dict[Any, list[Posting]]) -> None:
    """Township, unit, day and state of a finding, from its round, team and person."""
    on = row.found_on = row.round.held_on
    posting = next((one for one in held.get(row.person_id, ()) if one.holds_on(on)), None)
    team = row.team or (posting.team if posting else None)
    row.township_id = team.village.township_id if team else None
    row.unit_id = posting.unit_id if posting else team.lead_unit_id if team else None
    row.state = Finding.State.CLOSED if row.closed_on else Finding.State.OPEN


def write_findings(*, plan: Plan, by, at: datetime) -> None:
    """Write planned findings."""
    by.require("exchange.import", at)
    for row in plan.add:
        row.found_by, row.found_at = by, at
    Finding.objects.bulk_create(plan.add, batch_size=BATCH)
    fields = ("round", "team", "person", "kind", "text", "closed_on", "state", "found_on", "township", "unit")
    write_over(Finding, plan.write, fields)
    note_in_parts(notes=plan.notes, by=by, at=at)


# -- 整改意见 -------------------------------------------------------------------------------------------------------


def plan_corrections(book: Book, day: date) -> None:
    """Compare 整改意见 with the corrections known by number."""
    plan = book.plans[CORRECTIONS.name] = Plan()
    if CORRECTIONS.name not in book.pages:
        return
    known = {row.number: row for row in Correction.objects.filter(county_id=book.county)}
    targets = {"round": (Round, ROUNDS), "finding": (Finding, FINDINGS)}
    book.check_references(CORRECTIONS, targets)
    rounds, findings = ({row.pk: row for row in book.known[model].values()} for model in (Round, Finding))
    for number, line in book.keyed(CORRECTIONS):
        fields = book.given(CORRECTIONS, line, ("text", "due_on", "done_on"))
        fields |= _references(book, CORRECTIONS, line, targets)
        round, finding = fields.get("round"), fields.get("finding")
        _not_after(book, CORRECTIONS, line, "done_on", day)
        for name in ("due_on", "done_on"):
            if round is not None and fields.get(name) and fields[name] < round.held_on:
                book.refuse(CORRECTIONS, line, name, f"早于督查日期 {round.held_on}，请检查。")
        if round is not None and finding is not None and finding.round_id != round.pk:
            book.refuse(
                CORRECTIONS,
                line,
                "finding",
                f"问题 {finding.number} 不是督查 {round.number} 的，请核对。",
                finding.number,
            )
        if not line.sound:
            continue
        row = known.get(number)
        if row is None:
            row = Correction(number=number, county_id=book.county, **fields)
            _follow(row)
            _add(book, CORRECTIONS, plan, line, row, "correction.imported", number)
            continue
        row.round, row.finding = rounds[row.round_id], findings.get(row.finding_id)
        changed = journal.apply(row, fields)
        if {"finding", "done_on"} & set(changed):
            _follow(row)
        _changed(book, CORRECTIONS, plan, line, row, changed, "correction.imported", number)


def _follow(row: Correction) -> None:
    """A correction lies where its finding lies; it is done once it has its day."""
    finding = row.finding
    row.team_id, row.unit_id, row.township_id = (
        (finding.team_id, finding.unit_id, finding.township_id) if finding else (None, None, None)
    )
    if row.done_on:
        row.state = Correction.State.DONE
    elif row.state == Correction.State.DONE:
        row.state = Correction.State.ORDERED


def write_corrections(*, plan: Plan, by, at: datetime) -> None:
    """Write planned corrections."""
    by.require("exchange.import", at)
    for row in plan.add:
        row.ordered_by, row.ordered_at = by, at
    Correction.objects.bulk_create(plan.add, batch_size=BATCH)
    fields = ("round", "finding", "text", "due_on", "done_on", "state", "team", "unit", "township")
    write_over(Correction, plan.write, fields)
    note_in_parts(notes=plan.notes, by=by, at=at)


# -- 督查通报 -------------------------------------------------------------------------------------------------------


def plan_circulars(book: Book, day: date) -> None:
    """Compare 督查通报 with the circulars issued, by year and number."""
    plan = book.plans[CIRCULARS.name] = Plan()
    issued = Circular.objects.filter(county_id=book.county, number__isnull=False)
    known = {(row.year, row.number): row for row in issued}
    for (year, number), line in book.keyed(CIRCULARS):
        whole = all(value == int(value) and 0 < value < 10_000 for value in (year, number))
        if not whole:
            book.refuse(CIRCULARS, line, "number", "年度和期号要填整数，如 2022、3。")
        _not_after(book, CIRCULARS, line, "issued_on", day)
        if not line.sound:
            continue
        fields = book.given(CIRCULARS, line, ("title", "issued_on"))
        key = (int(year), int(number))
        row = known.get(key)
        if row is None:
            row = Circular(county_id=book.county, year=key[0], number=key[1], state=Circular.State.ISSUED, **fields)
            _add(book, CIRCULARS, plan, line, row, "circular.imported", f"{key[0]} 第{key[1]}期")
        else:
            changed = journal.apply(row, fields)
            _changed(book, CIRCULARS, plan, line, row, changed, "circular.imported", f"{key[0]} 第{key[1]}期")


def write_circulars(*, plan: Plan, by, at: datetime) -> None:
    """Write planned circulars."""
    by.require("exchange.import", at)
    for row in plan.add:
        row.drafted_by, row.drafted_at = by, at
    Circular.objects.bulk_create(plan.add, batch_size=BATCH)
    write_over(Circular, plan.write, ("title", "issued_on"))
    note_in_parts(notes=plan.notes, by=by, at=at)


# -- shared ---------------------------------------------------------------------------------------------------------


def _speaks(book: Book, *sheets: Sheet) -> bool:
    return any(sheet.name in book.pages for sheet in sheets)


def _references(book: Book, sheet: Sheet, line: Line, targets: dict[str, tuple[Any, Sheet]]) -> dict[str, Any]:
    """The rows that cells of a line refer to; an empty cell refers to none."""
    return {
        name: book.find(sheet, line, name, model, target) if line.values.get(name) else None
        for name, (model, target) in targets.items()
        if name in line.values
    }


def _not_after(book: Book, sheet: Sheet, line: Line, name: str, day: date) -> None:
    if line.values.get(name) and line.values[name] > day:
        book.refuse(sheet, line, name, f"{line.values[name]} 还没有到，请核对。")


def _add(book: Book, sheet: Sheet, plan: Plan, line: Line, row: Any, action: str, key: str) -> None:
    plan.add.append(row)
    plan.notes.append(Note(action, row, {name: _plain(value) for name, value in line.values.items()}))
    book.add(sheet, line, key)


def _changed(
    book: Book,
    sheet: Sheet,
    plan: Plan,
    line: Line,
    row: Any,
    changed: dict[str, Any],
    action: str,
    key: str,
    *,
    written: bool = False,
) -> None:
    told = {name: [_plain(value) for value in change] for name, change in changed.items()}
    if changed:
        if not written:
            plan.write.append(row)
        plan.notes.append(Note(action, row, told))
    book.change(sheet, line, key, told)


def _plain(value: Any) -> Any:
    """A row that a cell refers to by its number, everything else as it is."""
    if isinstance(value, Team | Person | Round | Finding):
        return value.number
    return value.name if isinstance(value, Unit) else value
