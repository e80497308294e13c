"""What a roster names and the county knows: villages by name within their township, units, people, teams."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from zhucun.base.directory.models import Division, Standing, Unit, Village
from zhucun.base.people.models import Person
from zhucun.overview.exchange.cells import plain
from zhucun.work.teams.models import Posting, Team

OF_VILLAGE = re.compile(r"(?:村民委员会|居民委员会|村委会|居委会|社区|村|居)+$")
OF_TOWN = re.compile(r"(?:街道办事处|街道|管理处|镇|乡)+$")
BODIES = (
    "局",
    "部",
    "委员会",
    "办公室",
    "院",
    "中心",
    "公司",
    "银行",
    "联合会",
    "总工会",
    "供销社",
    "站",
    "支队",
    "大队",
    "学校",
    "中学",
    "委",
)


@dataclass
class County:
    """Names to rows, for one county, read in a bounded number of queries."""

    code: str
    towns: dict[str, str] = field(default_factory=dict)
    villages: dict[str, list[Village]] = field(default_factory=lambda: defaultdict(list))
    by_code: dict[str, Village] = field(default_factory=dict)
    classed: set[str] = field(default_factory=set)
    units: dict[str, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    by_index: dict[str, Person] = field(default_factory=dict)
    by_name: dict[tuple, list[Person]] = field(default_factory=lambda: defaultdict(list))
    teams: dict[str, list[Team]] = field(default_factory=lambda: defaultdict(list))
    team_numbers: set[str] = field(default_factory=set)
    starts: dict[tuple[str, str], date] = field(default_factory=dict)

    @classmethod
    def load(cls, code: str) -> "County":
        """Everything a roster may name."""
        county = cls(code)
        for town in Division.objects.filter(parent=code):
            county.towns[plain(town.name)] = county.towns[_short(town.name, OF_TOWN)] = town.code
        for village in Village.objects.filter(county=code):
            county.villages[_short(village.name, OF_VILLAGE)].append(village)
            county.by_code[village.code] = village
        county.classed = set(Standing.objects.filter(village__county=code).values_list("village_id", flat=True))
        county.units = {plain(name): name for name in Unit.objects.filter(county=code).values_list("name", flat=True)}
        for person in Person.objects.filter(county=code).only("number", "name", "born", "id_number_index"):
            county.numbers.add(person.number)
            county.by_name[person.name, person.born.year, person.born.month].append(person)
            if person.id_number_index:
                county.by_index[person.id_number_index] = person
        for team in Team.objects.filter(county=code):
            county.team_numbers.add(team.number)
            if team.end is None:
                county.teams[team.village_id].append(team)
        current = Posting.objects.filter(team__county=code, end__isnull=True)
        for number, who, start in current.values_list("team__number", "person__number", "start"):
            county.starts[number, who] = start
        return county

    def village(self, name: str, town: str) -> tuple[Village | None, str]:
        """The village of that name, in that township where one is named; else what to do about it."""
        if name in self.by_code:
            return self.by_code[name], ""
        code = self.towns.get(plain(town)) or self.towns.get(_short(town, OF_TOWN)) if town else None
        if town and code is None:
            return None, f"系统里没有乡镇“{town}”，请核对名称，或先在“行政区划”里补上。"
        found = [v for v in self.villages.get(_short(name, OF_VILLAGE), []) if code is None or v.township_id == code]
        exact = [village for village in found if plain(village.name) == plain(name)]
        found = exact or found
        if len(found) == 1:
            return found[0], ""
        if found:
            return None, f"有 {len(found)} 个叫“{name}”的村，请补上乡镇一列，或改写成 12 位区划代码。"
        return None, f"{town or '系统里'}没有叫“{name}”的村，请核对名称，或先把这个村录入系统。"

    def unit(self, text: str) -> str:
        """The known unit a text names or begins with (“县财政局办公室主任”); empty when there is none."""
        word = plain(text)
        if word in self.units:
            return self.units[word]
        longest = max((name for name in self.units if len(name) >= 4 and word.startswith(name)), key=len, default="")
        return self.units.get(longest, "")


def _short(name: str, ending: re.Pattern) -> str:
    """A name without the word for what it is; the whole where nothing would remain."""
    word = plain(name)
    return ending.sub("", word) or word


def unit_in(text: str) -> str:
    """What of “县水利局水资源股股长” is likely the unit; only a proposal."""
    word = plain(text)
    ends = [word.find(body, 2) + len(body) for body in BODIES if word.find(body, 2) >= 0]
    whole = [end for end in ends if end >= 4]
    return word[: min(whole)] if whole else word
