"""The plan of the county: places, crews (teams to be), who (people to be), their stays (postings to be), the next round."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = date(2022, 12, 7)
DAY_BEFORE = date(2021, 12, 7)
NEXT = date(2023, 5, 22)
"""When the people of the next round go to their villages."""
SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2022, 12, 7, 8, 30, tzinfo=SHANGHAI)
"""When the story has been told: the demonstration's day, before the office opens."""


@dataclass(eq=False)
class Place:
    """A village: its condition (穷 弱 乱 or none), classes from days on, skills it needs, and who leads its party branch."""

    code: str
    name: str
    township: str
    classes: list[tuple[date, str]] = field(default_factory=list)
    condition: str = ""
    needs: str = ""
    secretary: str = ""


@dataclass(eq=False)
class Crew:
    """A team to be: where, sent by whom, from when to which last day (None: still there).

    `plainly_led`: its leader is 队长 only, not 第一书记 as well.
    """

    number: str
    place: Place
    lead: str
    partners: list[str]
    start: date
    seats: int
    last: date | None = None
    why: str = ""
    plainly_led: bool = False
    stays: list["Stay"] = field(default_factory=list)


@dataclass(eq=False)
class Stay:
    """A posting to be; `next` is the stay that takes over the seat."""

    crew: Crew
    role: str
    unit: str
    start: date
    last: date | None = None
    ending: str = ""
    reason: str = ""
    person: "Who | None" = None
    next: "Stay | None" = None

    @property
    def who(self) -> "Who":
        """The person; every seat has one once the roster is filled."""
        assert self.person is not None
        return self.person

    @property
    def heir(self) -> "Stay":
        """Who takes over the seat, where somebody does."""
        assert self.next is not None
        return self.next

    @property
    def ended(self) -> date:
        """The last day of a stay that is over."""
        assert self.last is not None
        return self.last

    @property
    def leads(self) -> bool:
        """Whether it is the leader's seat."""
        return self.role == "leader"

    def holds_on(self, day: date) -> bool:
        """Whether the stay covers `day`."""
        return self.start <= day and (self.last is None or day <= self.last)


@dataclass(eq=False)
class Who:
    """A person to be; `changes` are the columns of the record that become different on a day.

    Newcomers of the next round have no stays yet: they are `entered_on` a day, some of them `fit` to lead.
    """

    group: str
    stays: list[Stay] = field(default_factory=list)
    fit: bool = False
    entered_on: date | None = None
    unit: str = ""
    age: int = 0
    born: date = date(1900, 1, 1)
    number: str = ""
    name: str = ""
    sex: str = "male"
    ethnicity: str = "汉族"
    native_place: str = ""
    id_number: str = ""
    phone: str = ""
    party_joined_on: date | None = None
    record: dict = field(default_factory=dict)
    changes: list[tuple[date, dict]] = field(default_factory=list)
    review: dict | None = None

    @property
    def leads(self) -> bool:
        """Whether the person leads or led a team, or is to lead one."""
        return self.fit or any(stay.leads for stay in self.stays)

    @property
    def first_day(self) -> date:
        """The first day of the first posting; of the next round for who has none."""
        return min((stay.start for stay in self.stays), default=NEXT)


@dataclass
class Selection:
    """The next round: what villages need, more teams than today by unit, who is new, who is not put forward again, and wishes.

    `wishes` are townships by person, `couples` married people both put forward, `fixed` the crew whose unit and the stay
    whose person are to stay in their village.
    """

    needs: dict[Place, dict[str, Any]]
    more: dict[str, int]
    newcomers: list[Who]
    back: list[tuple[Who, date, str]]
    wishes: dict[Who, str]
    couples: list[tuple[Who, Who]]
    fixed: tuple[Crew, Stay]

    def spouse_of(self, who: Who) -> Who | None:
        """The husband or wife who is put forward too."""
        return next((pair[pair[0] is who] for pair in self.couples if who in pair), None)


@dataclass
class Plan:
    """The whole county before anything is written down; `clerks` are the names of the other townships' 经办人 by code."""

    places: list[Place]
    crews: list[Crew]
    people: list[Who]
    chiefs: dict[str, dict[str, str]]
    accounts: dict[str, dict]
    shown: Crew
    selection: Selection
    clerks: dict[str, str] = field(default_factory=dict)

    @property
    def open_township(self) -> str:
        """The one with the most teams beside the shown one: it is late with its last month."""
        here = Counter(crew.place.township for crew in self.crews if crew.last is None)
        return max((code for code in here if code != self.shown.place.township), key=lambda code: (here[code], code))

    @property
    def stays(self) -> list[Stay]:
        """Every posting to be."""
        return [stay for crew in self.crews for stay in crew.stays]


def day_before(day: date) -> date:
    """The calendar day before."""
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    """The next calendar day."""
    return day + timedelta(days=1)


def entered_by(who: Who) -> date:
    """A day some weeks before the first posting, when the person is entered."""
    return who.first_day - timedelta(days=25)
