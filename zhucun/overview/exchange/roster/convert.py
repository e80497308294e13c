"""Rows of a roster become lines of the ledger's sheets, which then go the way every workbook goes."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhucun.base.directory.sheets import UNITS, VILLAGES
from zhucun.base.people import identity
from zhucun.base.people.models import Person
from zhucun.base.people.sealing import blind_index
from zhucun.base.people.sheets import PEOPLE
from zhucun.base.web.ledger import Line, Page, Problem
from zhucun.base.web.sheets import Column, Sheet
from zhucun.overview.exchange.cells import Wrong, plain, shown, tidy, value_of
from zhucun.overview.exchange.parsing import Read
from zhucun.work.teams.sheets import POSTINGS, TEAMS

from . import guess
from .grid import Grid
from .places import County
from .targets import BY_KEY, Target

PERSONAL = (
    "sex ethnicity born political education degree major agriculture rank rural poverty_relief skills id_number phone native_place "
    "party_joined_on school post title identity address bank bank_card emergency"
).split()
TAKEN = {"agriculture": "否", "rural": "否", "poverty_relief": "否", "rank": "其他"}
"""What a new person gets where the roster has no such column."""
TICKS = ("agriculture", "rural", "poverty_relief", "party_transferred")
OF_POSTING = ("document", "duties", "party_transferred")
MUST = ("sex", "born", "political", "education")
FILLED_DOWN = {
    "township": ("village", "category", "conditions", "team"),
    "village": ("category", "conditions", "team"),
    "category": (),
    "conditions": (),
    "team": (),
}
START = Column("到村时间", "start", kind="month_date")
CONDITIONS = {"穷": "poor", "弱": "weak", "乱": "disorderly"}


@dataclass
class Member:
    """One row of the roster, understood."""

    line: Line
    village: str
    unit: str
    role: str
    start: date | None
    whole_day: bool
    team: str
    more: dict[str, Any]
    category: Any = None
    conditions: Any = None
    known: bool = False
    person: dict[str, Any] = field(default_factory=dict)


class Conversion:
    """Turns the rows of one roster into pages; problems keep the roster's own rows and headers."""

    def __init__(self, grid: Grid, county: County, answers: dict[str, Any]):
        self.grid, self.county = grid, county
        self.words: dict[str, Any] = answers.get("words", {})
        self.places = {key: int(index) for index, key in answers.get("columns", {}).items() if key in BY_KEY}
        self.read = Read()
        self.lines: dict[str, list[Line]] = {sheet.name: [] for sheet in (VILLAGES, UNITS, PEOPLE, TEAMS, POSTINGS)}
        self.above: dict[str, Any] = {}
        self.next_number = 1

    def run(self) -> Read:
        """Everything, in the order of the rows."""
        members = [member for number, cells in self.grid.rows if (member := self._member(number, cells))]
        self._villages(members)
        self._units(members)
        teams = self._teams(members)
        for member in members:
            self._person(member)
            self._posting(member, teams)
        sheets = {sheet.name: sheet for sheet in (VILLAGES, UNITS, PEOPLE, TEAMS, POSTINGS)}
        for name, lines in self.lines.items():
            if lines:
                fields = frozenset(key for line in lines for key in line.values)
                self.read.pages[name] = Page(sheets[name], fields, lines)
        self.read.places = self._places()
        self.read.rows = len(members)
        self._say_what_is_taken([member for member in members if not member.known])
        return self.read

    def _places(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Where a problem of a ledger cell is to be shown: the roster's sheet and header."""
        found = {}
        for key, index in self.places.items():
            target = BY_KEY[key]
            found[target.sheet.name, target.column.header] = (self.grid.sheet, self.grid.headers[index])
            place = self.grid.sheet, self.grid.headers[index]
            others = {
                "number": [(POSTINGS, "人员编号")],
                "unit": [(UNITS, "单位名称"), (TEAMS, "牵头单位"), (TEAMS, "参与单位")],
            }
            found |= {(sheet.name, header): place for sheet, header in others.get(key, [])}
        for sheet in (VILLAGES, UNITS, PEOPLE, TEAMS, POSTINGS):
            for column in sheet.columns:
                found.setdefault((sheet.name, column.header), (self.grid.sheet, ""))
        return found

    # -- one row -----------------------------------------------------------------------------------------------------

    def _cell(self, key: str, cells: list) -> Any:
        index = self.places.get(key)
        cell = cells[index] if index is not None and index < len(cells) else None
        return None if isinstance(cell, str) and not tidy(cell) else cell

    def _member(self, number: int, cells: list) -> Member | None:
        self._look_above(cells)
        if self._cell("name", cells) is None:
            return None
        line = Line(number, {})
        values = {k: self._value(line, k, self._cell(k, cells)) for k in ("name", *PERSONAL) if k in self.places}
        start, whole_day = self._start(line, self._cell("start", cells))
        member = Member(
            line=line,
            village=self._village(line),
            unit=self._unit(line, cells),
            role=self._choice(line, "role", self._cell("role", cells)) or "member",
            start=start,
            whole_day=whole_day,
            team=plain(self.above.get("team") or ""),
            more={key: self._value(line, key, self._cell(key, cells)) for key in OF_POSTING if key in self.places},
            category=self.above.get("category"),
            conditions=self.above.get("conditions"),
            person=values,
        )
        values["number"], member.known = self._number(line, cells, values)
        self._split_unit(member, self._cell("unit", cells))
        return member

    def _split_unit(self, member: Member, cell: Any) -> None:
        """“县水利局办公室主任”: what follows the unit's name is the person's post there."""
        text, name = plain(shown(cell)), plain(member.unit)
        if "post" not in self.places and name and text.startswith(name) and len(text) > len(name):
            member.person["post"] = text[len(name) :]

    def _look_above(self, cells: list) -> None:
        """What stands once for several rows holds until the next township or village begins."""
        for key, below in FILLED_DOWN.items():
            value = self._cell(key, cells)
            if value is None:
                continue
            if value != self.above.get(key):
                for lower in below:
                    self.above.pop(lower, None)
            self.above[key] = value

    def _refuse(self, line: Line, key: str, cell: Any, sentence: str) -> None:
        line.sound = False
        index = self.places.get(key)
        header = self.grid.headers[index] if index is not None else ""
        self.read.problems.append(Problem(self.grid.sheet, line.number, header, shown(cell), sentence))

    def _value(self, line: Line, key: str, cell: Any) -> Any:
        """The value of a cell; None when it is empty or cannot be used."""
        target = BY_KEY[key]
        if target.asks:
            return self._choice(line, key, cell)
        if key in TICKS:
            return self._tick(line, target, cell)
        if cell is None:
            return None
        try:
            return value_of(cell, target.column) or None
        except Wrong as wrong:
            self._refuse(line, key, cell, str(wrong))
            return None

    def _choice(self, line: Line, key: str, cell: Any) -> str | None:
        if cell is None:
            return None
        value = guess.meaning(BY_KEY[key], cell, self.words.get(key, {}))
        if value is None:
            choices = "、".join(BY_KEY[key].column.choices)
            self._refuse(line, key, cell, f"“{shown(cell)}”不知道算哪一项，请改成：{choices}，或回上一步说明它的意思。")
        return value or None

    def _tick(self, line: Line, target: Target, cell: Any) -> bool:
        """A tick; an empty cell of a column of ticks is no."""
        if cell is None:
            return False
        answered = self.words.get(target.key, {}).get(plain(cell))
        found = guess.truth(cell) if answered is None else answered == "yes"
        if found is None:
            self._refuse(line, target.key, cell, f"“{shown(cell)}”看不懂，请打√或空着，也可以填“是”“否”。")
        return bool(found)

    def _start(self, line: Line, cell: Any) -> tuple[date | None, bool]:
        """The first day, and whether the day itself was given and not only the month."""
        if cell is None:
            default = self.words.get("defaults", {}).get("start", "")
            return (date.fromisoformat(default), True) if default else (None, False)
        try:
            day = value_of(cell, START)
        except Wrong as wrong:
            self._refuse(line, "start", cell, str(wrong))
            return None, False
        return day, isinstance(cell, list) or day.day != 1

    def _village(self, line: Line) -> str:
        name, town = shown(self.above.get("village")), shown(self.above.get("township"))
        if not name:
            self._refuse(line, "village", None, "这一行没有驻点村，请补上。")
            return ""
        village, sentence = self.county.village(name, town)
        if village is None:
            self._refuse(line, "village", name, sentence)
            return ""
        return village.code

    def _unit(self, line: Line, cells: list) -> str:
        cell = self._cell("unit", cells)
        if cell is None:
            self._refuse(line, "unit", None, "这一行没有派出单位，请补上。")
            return ""
        answered = self.words.get("unit", {}).get(plain(cell))
        return answered or self.county.unit(shown(cell)) or tidy(str(cell))[:80]

    def _number(self, line: Line, cells: list, values: dict) -> tuple[str, bool]:
        """The person's number and whether the person is known: as written, by ID number, by name and birth, else a new one."""
        given = self._cell("number", cells)
        if given is not None:
            number = self._value(line, "number", given) or ""
            return number, number in self.county.numbers
        known = self.county.by_index.get(blind_index(values.get("id_number") or ""))
        born = values.get("born") or _born(values.get("id_number"))
        same = self.county.by_name.get((values.get("name"), born.year, born.month), []) if born and not known else []
        if len(same) > 1:
            self._refuse(
                line, "name", values.get("name"), "系统里有几个同名同出生年月的人，请补上身份证号码或人员编号。"
            )
        if known or same:
            return (known or same[0]).number, True
        while (number := f"{self.county.code}-{self.next_number:04}") in self.county.numbers:
            self.next_number += 1
        self.next_number += 1
        return number, False

    # -- the sheets --------------------------------------------------------------------------------------------------

    def _add(self, sheet: Sheet, member: Member, values: dict[str, Any]) -> None:
        self.lines[sheet.name].append(Line(member.line.number, values, member.line.sound))

    def _villages(self, members: list[Member]) -> None:
        if "category" not in self.places and "conditions" not in self.places:
            return
        seen = set()
        for member in members:
            if not member.village or member.village in seen:
                continue
            seen.add(member.village)
            values: dict[str, Any] = {"code": member.village}
            category = self._choice(member.line, "category", member.category)
            if category:
                values["category"] = category
            if "conditions" in self.places:
                text = shown(member.conditions)
                values["conditions"] = tuple(name for word, name in CONDITIONS.items() if word in text)
            if category or member.village in self.county.classed:
                self._add(VILLAGES, member, values)

    def _units(self, members: list[Member]) -> None:
        seen = set()
        kinds, levels = self.words.get("unit_category", {}), self.words.get("unit_level", {})
        rows = dict(self.grid.rows)
        for member in members:
            name = member.unit
            if not name or name in seen or plain(name) in self.county.units:
                continue
            seen.add(name)
            cells = rows[member.line.number]
            category = self._choice(member.line, "unit_category", self._cell("unit_category", cells)) or kinds.get(name)
            level = self._choice(member.line, "unit_level", self._cell("unit_level", cells)) or levels.get(name)
            values = {
                "name": name,
                "category": category or guess.unit_category(name),
                "level": level or guess.unit_level(name),
            }
            self._add(UNITS, member, values)

    def _teams(self, members: list[Member]) -> dict[str, str]:
        """Team numbers by village; a village without a team gets one, from the earliest day anybody came."""
        of_village: dict[str, list[Member]] = {}
        for member in members:
            if member.village:
                of_village.setdefault(member.village, []).append(member)
        numbers = {}
        for village, own in of_village.items():
            teams = self.county.teams.get(village, [])
            numbers[village] = next((m.team for m in own if m.team), "") or (
                teams[0].number if teams else f"{village}-1"
            )
            if len(teams) > 1 and not own[0].team:
                self._refuse(own[0].line, "village", None, "这个村有几支工作队，请在花名册里加一列“工作队编号”。")
            if numbers[village] not in self.county.team_numbers:
                self._open_team(numbers[village], village, own)
        return numbers

    def _open_team(self, number: str, village: str, own: list[Member]) -> None:
        starts = [member.start for member in own if member.start]
        leaders = [m for m in own if m.role == "first_secretary"] + [m for m in own if m.role == "leader"] + own
        lead = leaders[0].unit
        partners = tuple(sorted({member.unit for member in own if member.unit} - {lead}))
        if starts and lead:
            values = {
                "number": number,
                "village": village,
                "lead_unit": lead,
                "partners": partners,
                "start": min(starts),
                "last_day": None,
            }
            self._add(TEAMS, own[0], values)

    def _person(self, member: Member) -> None:
        values = {key: value for key, value in member.person.items() if value is not None}
        if member.unit:
            values["unit"] = member.unit
        if not member.known:
            self._complete(member, values)
        self._add(PEOPLE, member, values)

    def _complete(self, member: Member, values: dict[str, Any]) -> None:
        """What a new person lacks: told by the ID number, taken as no, or asked for."""
        number = values.get("id_number", "")
        if number and not identity.fault(number):
            values.setdefault("sex", Person.Sex.MALE if int(number[16]) % 2 else Person.Sex.FEMALE)
            values.setdefault("born", _born(number))
        for key in MUST:
            if key not in values and member.line.sound:
                self._refuse(member.line, key, None, f"新增的人员要有“{BY_KEY[key].label}”，请补上。")
        for key in TICKS[:3]:
            values.setdefault(key, False)
        values.setdefault("rank", "other")

    def _say_what_is_taken(self, new: list[Member]) -> None:
        """Columns the roster lacks are filled in for new people; nobody should think the roster said so."""
        for key, taken in TAKEN.items():
            if new and key not in self.places:
                sentence = f"花名册里没有“{BY_KEY[key].label}”这一列，新增的 {len(new)} 人先记作“{taken}”。请补上这一列再导入，或以后逐人更正。"
                self.read.warnings.append(Problem(self.grid.sheet, self.grid.header_row, "", "", sentence))

    def _posting(self, member: Member, teams: dict[str, str]) -> None:
        team, person = teams.get(member.village, ""), member.person["number"]
        current = self.county.starts.get((team, person))
        start = member.start
        if current and (
            start is None or (not member.whole_day and (start.year, start.month) == (current.year, current.month))
        ):
            start = current
        if not team or not person:
            return
        if start is None:
            if member.line.sound:
                self._refuse(member.line, "start", None, "这一行没有到村时间，请补上，或回上一步填统一的到村时间。")
            return
        values = {"team": team, "person": person, "role": member.role, "start": start}
        values |= {key: value for key, value in member.more.items() if value is not None}
        self._add(POSTINGS, member, values)


def _born(number: str | None) -> date | None:
    """The birthday in an ID number that holds."""
    if not number or identity.fault(number):
        return None
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
