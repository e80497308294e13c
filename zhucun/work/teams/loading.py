"""Teams and postings from the ledger workbook: compared with what is known, then written in bulk."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from zhucun.base.access.loading import Brought, settle
from zhucun.base.access.permissions import Role as AccessRole
from zhucun.base.directory.loading import BATCH, note_in_parts, write_over
from zhucun.base.directory.models import Unit, Village
from zhucun.base.directory.sheets import UNITS, VILLAGES
from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.people.models import Person, Record
from zhucun.base.people.sheets import PEOPLE
from zhucun.base.timeline.periods import end_after, last_day
from zhucun.base.web.ledger import Book, Line

from .models import Handover, Posting, Team
from .sheets import POSTINGS, TEAMS

OF_POSTING = ("role", "ending", "ending_reason", "document", "duties", "party_transferred")


@dataclass
class TeamPlan:
    """Teams to add or to write over, and their partners as (team, unit) pairs."""

    add: list[Team] = field(default_factory=list)
    write: list[Team] = field(default_factory=list)
    partners_add: list[tuple[Team, Unit]] = field(default_factory=list)
    partners_drop: list[int] = field(default_factory=list)
    changed: dict[UUID, Line] = field(default_factory=dict)  # teams whose time or village changes → their line
    notes: list[Note] = field(default_factory=list)


@dataclass
class PostingPlan:
    """Postings to add or to write over, those that end now, and the sight they bring."""

    add: list[Posting] = field(default_factory=list)
    write: list[Posting] = field(default_factory=list)
    ended: list[Posting] = field(default_factory=list)
    sights: list[Posting] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


# -- 工作队 ---------------------------------------------------------------------------------------------------------


def plan_teams(book: Book) -> None:
    """Compare 工作队 with the teams known by number."""
    plan = book.plans[TEAMS.name] = TeamPlan()
    teams = Team.objects.filter(county_id=book.county).select_related("village", "lead_unit")
    known = book.known[Team] = {team.number: team for team in teams}
    partners: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    if TEAMS.name in book.pages:
        joined = Team.partners.through.objects.filter(team__county_id=book.county)
        for key, team, unit in joined.values_list("pk", "team_id", "unit_id"):
            partners[team][unit] = key
    units = (Unit, UNITS)
    book.check_references(TEAMS, {"village": (Village, VILLAGES), "lead_unit": units, "partners": units})
    for number, line in book.keyed(TEAMS):
        village = book.find(TEAMS, line, "village", Village, VILLAGES)
        lead = book.find(TEAMS, line, "lead_unit", Unit, UNITS)
        joint = _partners(book, line, lead)
        if line.values.get("last_day") and line.values["last_day"] < line.values["start"]:
            book.refuse(TEAMS, line, "last_day", "撤销日期早于成立日期，请检查这两个日期。")
        if not line.sound:
            continue
        fields: dict[str, Any] = {"village": village, "lead_unit": lead, "start": line.values["start"]}
        if "last_day" in line.values:
            fields["end"] = end_after(line.values["last_day"])
        if number in known:
            _change_team(book, plan, line, known[number], fields, joint, partners[known[number].pk])
        else:
            _add_team(book, plan, line, number, fields, joint or [])


def _partners(book: Book, line: Line, lead: Unit | None) -> list[Unit] | None:
    """The partner units of a line; None when their column is left out."""
    if "partners" not in line.values:
        return None
    names = _whole_names(line.values["partners"], book.known[Unit].keys() | book.mentioned[UNITS.name])
    units = [book.find(TEAMS, line, "partners", Unit, UNITS, name) for name in names]
    if lead is not None and lead in units:
        book.refuse(TEAMS, line, "partners", f"“{lead.name}”已经是牵头单位，请从参与单位里删去。")
    return [unit for unit in units if unit is not None]


def _whole_names(parts: tuple[str, ...], known: Set[str]) -> list[str]:
    """Unit names out of what 、 has parted: a known name that holds a 、 itself is put together again."""
    names, first = [], 0
    while first < len(parts):
        joined = ((last, "、".join(parts[first:last])) for last in range(len(parts), first, -1))
        last, name = next(found for found in joined if found[0] == first + 1 or found[1] in known)
        names.append(name)
        first = last
    return names


def _add_team(book: Book, plan: TeamPlan, line: Line, number: str, fields: dict, joint: list[Unit]) -> None:
    team = Team(number=number, county_id=book.county, **fields)
    book.known[Team][number] = team
    plan.add.append(team)
    plan.partners_add += [(team, unit) for unit in joint]
    told = {
        "village": team.village_id,
        "lead": team.lead_unit.name,
        "partners": [unit.name for unit in joint],
        "start": team.start,
    }
    plan.notes.append(Note("team.opened", team, told | {"number": number, "last_day": team.last_day}))
    book.add(TEAMS, line, f"{number} {team}")


def _change_team(
    book: Book, plan: TeamPlan, line: Line, team: Team, fields: dict, joint: list[Unit] | None, had: dict
) -> None:
    before = {
        "village": team.village_id,
        "lead_unit": team.lead_unit.name,
        "start": team.start,
        "last_day": team.last_day,
    }
    if journal.apply(team, fields):
        plan.write.append(team)
    after = {
        "village": team.village_id,
        "lead_unit": team.lead_unit.name,
        "start": team.start,
        "last_day": team.last_day,
    }
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if {"village", "start", "last_day"} & set(changed):
        plan.changed[team.pk] = line
    if joint is not None and {unit.pk for unit in joint} != set(had):
        names = {unit.pk: unit.name for unit in book.known[Unit].values()}
        changed["partners"] = [tuple(sorted(names[key] for key in had)), tuple(unit.name for unit in joint)]
        plan.partners_drop += [row for key, row in had.items() if key not in {unit.pk for unit in joint}]
        plan.partners_add += [(team, unit) for unit in joint if unit.pk not in had]
    if changed:
        plan.notes.append(Note("team.corrected", team, changed))
    book.change(TEAMS, line, f"{team.number} {team}", changed)


# -- 任职 -----------------------------------------------------------------------------------------------------------


def plan_postings(book: Book) -> None:
    """Compare 任职 with the postings known; then look at every person's postings together, in the file and outside."""
    plan = book.plans[POSTINGS.name] = PostingPlan()
    teams = {team.pk: team for team in book.known[Team].values()}
    people = {person.pk: person for person in book.known[Person].values()}
    known: dict[tuple, Posting] = {}
    for old in Posting.objects.filter(team__county_id=book.county).iterator(chunk_size=2000):
        old.team, old.person = teams[old.team_id], people[old.person_id]
        known[old.team.number, old.person.number, old.start] = old
    _follow_records(book, plan, known)
    lines: dict[UUID, Line] = {}
    found = list(known.values())
    book.check_references(POSTINGS, {"team": (Team, TEAMS), "person": (Person, PEOPLE)})
    for key, line in book.keyed(POSTINGS):
        team = book.find(POSTINGS, line, "team", Team, TEAMS)
        person = book.find(POSTINGS, line, "person", Person, PEOPLE)
        _check_ending(book, line)
        if not line.sound:
            continue
        if key in known:
            _change_posting(book, plan, line, known[key])
            lines[known[key].pk] = line
        elif (posting := _new_posting(book, plan, line, team, person)) is not None:
            found.append(posting)
            lines[posting.pk] = line
    book.known[Posting] = {posting.pk: posting for posting in found}
    _check_overlaps(book, found, lines)
    _check_team_times(book, found, lines)
    _see_anew(book, plan, found)


def _check_ending(book: Book, line: Line) -> None:
    last, ending = line.values.get("last_day"), line.values.get("ending", "")
    if last and not ending and "ending" in line.values:
        book.refuse(POSTINGS, line, "ending", "填了离任日期就要填离任方式：期满、调整、召回或其他。", "")
    elif ending and not last and "last_day" in line.values:
        book.refuse(POSTINGS, line, "last_day", "填了离任方式就要填离任日期；还在任的把离任方式空着。", "")
    elif last and "ending" not in line.values and line.sound:
        book.refuse(POSTINGS, line, "last_day", "这张工作表没有“离任方式”一列，请补上这一列。")
    elif ending and "last_day" not in line.values and line.sound:
        book.refuse(POSTINGS, line, "ending", "这张工作表没有“离任日期”一列，请补上这一列。")
    if last and "start" in line.values and last < line.values["start"]:
        book.refuse(POSTINGS, line, "last_day", "离任日期早于到任日期，请检查这两个日期。")


def _fields(line: Line) -> dict[str, Any]:
    fields = {name: line.values[name] for name in OF_POSTING if name in line.values}
    return fields | {"end": end_after(line.values["last_day"])} if "last_day" in line.values else fields


def _new_posting(book: Book, plan: PostingPlan, line: Line, team: Team, person: Person) -> Posting | None:
    start = line.values["start"]
    records: list[Record] = book.plans[PEOPLE.name].records[person.pk]
    record = next((record for record in records if record.holds_on(start)), None)
    if record is None:
        book.refuse(POSTINGS, line, "start", f"{person}在这一天还没有人员情况记录，请核对到任日期。")
        return None
    posting = Posting(team=team, person=person, unit_id=record.unit_id, start=start, **_fields(line))
    plan.add.append(posting)
    told = {
        "team": team.number,
        "role": posting.role,
        "start": start,
        "last_day": posting.last_day,
        "ending": posting.ending,
    }
    plan.notes.append(Note("posting.opened", posting, told))
    if person.user_id:
        plan.sights.append(posting)
    book.add(POSTINGS, line, f"{team.number} {person.number} {person.name}")
    return posting


def _change_posting(book: Book, plan: PostingPlan, line: Line, posting: Posting) -> None:
    was_open = posting.end is None
    changed = journal.apply(posting, _fields(line))
    if "end" in changed:
        changed["last_day"] = [last_day(day) for day in changed.pop("end")]
    if changed:
        plan.write.append(posting)
        ends = was_open and posting.end is not None
        action = f"posting.ended_by_{posting.ending}" if ends else "posting.corrected"
        plan.notes.append(Note(action, posting, changed, posting.ending_reason if ends else ""))
        if ends:
            plan.ended.append(posting)
        if posting.person.user_id and {"role", "last_day"} & set(changed):
            plan.sights.append(posting)
    book.change(POSTINGS, line, f"{posting.team.number} {posting.person.number} {posting.person.name}", changed)


def _follow_records(book: Book, plan: PostingPlan, known: dict[tuple, Posting]) -> None:
    """Postings begun while a record held whose unit is put right name the new unit too (as `actions.follow_record`)."""
    moved = {record.person_id: record for record in book.plans[PEOPLE.name].moved}
    for posting in known.values():
        record = moved.get(posting.person_id)
        if record and record.holds_on(posting.start) and posting.unit_id != record.unit_id:
            old = book.plans[PEOPLE.name].units[posting.unit_id].name
            posting.unit = record.unit
            plan.write.append(posting)
            plan.notes.append(Note("posting.corrected", posting, {"unit": [old, record.unit.name]}, "派出单位更正"))


def _check_overlaps(book: Book, postings: list[Posting], lines: dict[UUID, Line]) -> None:
    """No two postings of a person share a day; said at the line that comes later in the workbook."""
    of_person: dict[UUID, list[Posting]] = defaultdict(list)
    for posting in postings:
        of_person[posting.person_id].append(posting)
    for own in of_person.values():
        own.sort(key=lambda posting: posting.start)
        longest = own[0]
        for posting in own[1:]:
            if longest.end is None or posting.start < longest.end:
                _refuse_overlap(book, longest, posting, lines)
            if longest.end is not None and (posting.end is None or posting.end > longest.end):
                longest = posting


def _refuse_overlap(book: Book, one: Posting, other: Posting, lines: dict[UUID, Line]) -> None:
    here, there = (other, one) if other.pk in lines else (one, other)
    line = lines.get(here.pk)
    if line is None:
        return  # both stand in the database already and neither is touched
    if there.pk in lines and lines[there.pk].number > line.number:
        here, there, line = there, here, lines[there.pk]
    where = f"第 {lines[there.pk].number} 行" if there.pk in lines else "系统里已有"
    until = f"至 {there.last_day}" if there.end else "至今"
    sentence = f"和{where}的任职（{there.team.number}，{there.start} {until}）时间重叠，请先填上前一次的离任日期，或改正到任日期。"
    book.refuse(POSTINGS, line, "start", f"{here.person}{sentence}")


def _check_team_times(book: Book, postings: list[Posting], lines: dict[UUID, Line]) -> None:
    """Every posting lies within its team's own time; looked at where either of them is in the workbook."""
    changed = book.plans[TEAMS.name].changed
    leaders: dict[UUID, list[Posting]] = defaultdict(list)
    for posting in postings:
        team, line = posting.team, lines.get(posting.pk)
        if posting.leads:
            leaders[team.pk].append(posting)
        if line is None and team.pk not in changed:
            continue
        span = f"{team.start} {f'至 {team.last_day}' if team.end else '至今'}"
        name = ""
        if posting.start < team.start:
            name = "start"
        elif team.end and (posting.end is None or posting.end > team.end):
            name = "last_day"
        if name and line is not None:
            sentence = f"任职时间要在工作队 {team.number} 存续期间（{span}）之内，请检查到任、离任日期，或工作队的成立、撤销日期。"
            book.refuse(POSTINGS, line, name, sentence, getattr(posting, name) or "")
        elif name:
            until = f"至 {posting.last_day}" if posting.end else "至今未离任"
            sentence = (
                f"{posting.person}在这支队任职（{posting.start} {until}），超出了工作队的时间，请先在“任职”里改好。"
            )
            book.refuse(TEAMS, changed[team.pk], name, sentence)
    _warn_of_two_leaders(book, leaders, lines)


def _warn_of_two_leaders(book: Book, leaders: dict[UUID, list[Posting]], lines: dict[UUID, Line]) -> None:
    for own in leaders.values():
        own.sort(key=lambda posting: posting.start)
        for one, other in pairwise(own):
            line = lines.get(other.pk) or lines.get(one.pk)
            if line is not None and (one.end is None or other.start < one.end):
                book.warn(
                    POSTINGS,
                    line,
                    "role",
                    f"工作队 {one.team.number} 同时有两位队长（{one.person}、{other.person}），请核对。",
                )


def _see_anew(book: Book, plan: PostingPlan, postings: list[Posting]) -> None:
    """People with an account see the village their team moves to."""
    changed = book.plans[TEAMS.name].changed
    told = {posting.pk for posting in plan.sights}
    plan.sights += [p for p in postings if p.team_id in changed and p.person.user_id and p.pk not in told]


# -- writing --------------------------------------------------------------------------------------------------------


def write_teams(*, plan: TeamPlan, by, at: datetime) -> None:
    """Write planned teams and their partners."""
    by.require("exchange.import", at)
    Team.objects.bulk_create(plan.add, batch_size=BATCH)
    write_over(Team, plan.write, ("village", "lead_unit", "start", "end"))
    through = Team.partners.through
    for first in range(0, len(plan.partners_drop), BATCH):
        through.objects.filter(pk__in=plan.partners_drop[first : first + BATCH]).delete()
    through.objects.bulk_create([through(team=team, unit=unit) for team, unit in plan.partners_add], batch_size=BATCH)
    note_in_parts(notes=plan.notes, by=by, at=at)


def write_postings(*, plan: PostingPlan, by, at: datetime) -> None:
    """Write planned postings: first what changes, so that what ends makes room; then what is new.

    Postings that end with this workbook get their hand-over list, as `actions.end_posting` gives one; those that had
    ended before they came into the system do not. Accounts of posted people see the village as long as the posting lasts.
    """
    by.require("exchange.import", at)
    changed = list({posting.pk: posting for posting in plan.write}.values())
    write_over(Posting, changed, ("end", "unit", *OF_POSTING))
    Posting.objects.bulk_create(plan.add, batch_size=BATCH)
    handovers = [Handover(posting=posting) for posting in plan.ended]
    Handover.objects.bulk_create(handovers, batch_size=BATCH, ignore_conflicts=True)
    note_in_parts(notes=plan.notes, by=by, at=at)
    settle(brought=[_sight(posting) for posting in plan.sights], by=by, at=at)


def _sight(posting: Posting) -> Brought:
    role = AccessRole.TEAM_LEADER if posting.leads else AccessRole.MEMBER
    return Brought(posting.source, posting.person.user_id, role, posting.team.village, posting.start, posting.end)
