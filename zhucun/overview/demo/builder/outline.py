"""Inspections and cases to be: the seed's rounds joined with the drawn county, with who is marked absent in the diary."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhucun.work.attendance.rules import ABSENT

from .diary import Diary
from .plan import Crew, Plan, Stay

Key = tuple[date, int]


@dataclass(eq=False)
class Order:
    """A correction to be, about a fault or (with a township) the round as a whole; `waits` for a reply or its verification."""

    text: str
    reply: str = ""
    returned: str = ""
    township: str = ""
    waits: str = ""
    due: date | None = None


@dataclass(eq=False)
class Fault:
    """A finding to be: about a stay, a whole crew, or (neither) the township or unit of the shown accounts.

    `nth` counts the absences an inspection found of the person in the year; 0 for anything else.
    """

    key: str
    on: date
    about: str
    kind: str
    text: str
    crew: Crew | None
    stay: Stay | None
    orders: list[Order]
    nth: int = 0

    @property
    def is_absence(self) -> bool:
        """Whether the on-site sheet makes it by itself."""
        return self.about == "absent"


@dataclass(eq=False)
class Tour:
    """A round to be: so many villages drawn of each class, and those crews' villages by hand."""

    on: date
    method: str
    group: str
    purpose: str
    draw: dict[str, int]
    crews: list[Crew]
    why: str
    faults: list[Fault] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)


@dataclass(eq=False)
class Matter:
    """A case to be: about a stay or the head of a unit, from a finding or from words."""

    measure: str
    stay: Stay | None = None
    unit: str = ""
    way: str = ""
    source: str = "other"
    grounds: str = ""
    facts: str = ""
    fault: Fault | None = None
    after: "Matter | None" = None


class Outline:
    """Every round told in full; `found` are its findings by their key in the seed, those without one by day and place."""

    def __init__(self, words: dict[str, Any], plan: Plan, diary: Diary, townships: dict[str, str]) -> None:
        self.plan, self.diary, self.townships = plan, diary, townships
        self.counts: Counter[tuple[int, Stay]] = Counter()
        self.tours = [self._tour(row) for row in words["round"]]
        self.planned = [self._tour(row) for row in words["planned"]]
        self.faults = [fault for tour in self.tours for fault in tour.faults]

    def fault(self, key: str) -> Fault:
        """The finding with that key."""
        return next(one for one in self.faults if one.key == key)

    def crew(self, village: str, day: date) -> Crew:
        """The crew of a village on a day."""
        [found] = [crew for crew in self.crews_on(day) if crew.place.name == village]
        return found

    def crews_on(self, day: date) -> list[Crew]:
        """The crews in force on a day."""
        return [crew for crew in self.plan.crews if crew.start <= day and (crew.last is None or day <= crew.last)]

    def mark(self, stay: Stay, day: date) -> str:
        """What the book says of somebody's day; months whose book is still out say nothing."""
        row = self.diary.rows.get((stay.crew, day.replace(day=1)), {}).get(stay, "")
        return row[day.day - 1] if row else ""

    def _tour(self, row: dict[str, Any]) -> Tour:
        on = row["on"]
        crews = [self.crew(name, on) for name in row.get("also", ())]
        tour = Tour(
            on, row["method"], row["group"], row["purpose"], row.get("draw", {}), crews, row.get("why", ""),
            orders=[self._order(one) for one in row.get("order", ())],
        )  # fmt: skip
        tour.faults = [self._fault(on, n, one) for n, one in enumerate(row.get("finding", ()))]
        return tour

    def _order(self, row: dict[str, Any]) -> Order:
        return Order(**row | ({"township": self.townships[row["township"]]} if "township" in row else {}))

    def _fault(self, on: date, n: int, row: dict[str, Any]) -> Fault:
        crew = self.crew(row["village"], on) if "village" in row else None
        stay = self._whose(row["about"], crew, on) if crew else None
        fault = Fault(
            row.get("key", f"{on}-{n}"), on, row["about"], row.get("kind", "absent"), row.get("text", ""), crew, stay,
            [self._order(one) for one in row["order"]],
        )  # fmt: skip
        if fault.is_absence and stay is not None:
            self.counts[on.year, stay] += 1
            fault.nth = self.counts[on.year, stay]
        return fault

    def _whose(self, about: str, crew: Crew, on: date) -> Stay | None:
        """The stay a finding is about; none for a whole crew."""
        fits = {
            "absent": lambda stay: self.mark(stay, on) == ABSENT,
            "recalled": lambda stay: stay.ending == "recall",
            "member": lambda stay: stay.who is self.plan.accounts["member"]["who"],
        }
        if about not in fits:
            return None
        [found] = [stay for stay in crew.stays if stay.holds_on(on) and fits[about](stay)]
        return found
