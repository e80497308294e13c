"""Who is reminded, interviewed and recalled in the story, and why: the ladder of absences, late books, complaints, grades."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from zhucun.work.attendance.rules import ABSENT

from . import sheets
from .acts import ACCOUNT, Act
from .casework import Casework
from .chance import Chance, workdays_later
from .outline import Fault, Matter, Outline
from .plan import DAY, Plan, Stay
from .seed import Seed

KNOWN_AFTER = 6
"""Working days from a day marked × to the word said about it."""


class AccountingFor:
    """All cases of the story; `work` gives the acts of each."""

    def __init__(self, seed: Seed, plan: Plan, outline: Outline, work: Casework) -> None:
        self.seed, self.plan, self.outline, self.work = seed, plan, outline, work
        self.words: dict[str, Any] = seed.inspections
        self.latest: dict[Stay, Matter] = {}

    def acts(self) -> list[Act]:
        """Every case on its days; what would come after the demonstration's day is still to be done."""
        found = [*self._ladder(), *self._reminders(), *self._interviews(), *self._recalls()]
        return [act for act in found if act.day < DAY]

    # --- absences ----------------------------------------------------------------------------------

    def _ladder(self) -> Iterator[Act]:
        """A reminder for the first absence an inspection found in a year, an interview for the second; one is left waiting."""
        for fault in self.outline.faults:
            stay, day = fault.stay, workdays_later(fault.on, 1)
            if not fault.is_absence or stay is None or fault.key == "lead" or fault.nth > 2:
                continue
            if fault.nth == 1:
                matter = self.latest[stay] = Matter("reminder", stay, way="letter", source="absence", fault=fault)
                yield from self.work.letter(matter, day)
            else:
                matter = self.latest[stay] = Matter(
                    "interview", stay, source="absence", fault=fault, after=self.latest[stay]
                )
                yield from self.work.interview(matter, day, self.words["interview"]["again"])

    def _reminders(self) -> Iterator[Act]:
        """Those of the book's × that no inspection saw, of a late book, of a complaint, and about the two faults of ledgers and nights."""
        seen = {fault.stay for fault in self.outline.faults if fault.is_absence}
        for stay, day in self._marked_absent():
            if stay not in seen:
                grounds = f"{day.month}月{day.day}日{self.words['reminded']}"
                yield from self.work.oral(
                    Matter("reminder", stay, way="oral", grounds=grounds), workdays_later(day, KNOWN_AFTER)
                )
        for stay, on in self._late():
            grounds = self.words["reminder"]["late"].format(day=f"{on.month}月{on.day}日")
            matter = Matter("reminder", stay, way="circular", grounds=grounds, facts=grounds)
            yield from self.work.letter(matter, workdays_later(on, 1))
        yield from self._complaint()
        fault = self.outline.fault("commuting")
        assert fault.crew is not None
        for stay in self._there(fault, fault.on):
            yield from self.work.letter(self._of_fault(fault, stay, "commuting"), workdays_later(fault.on, 2))
        fault = self.outline.fault("member")
        matter = self._of_fault(fault, fault.stay, "member")
        yield from self.work.letter(matter, workdays_later(fault.on, 5), is_answered=False)

    def _marked_absent(self) -> list[tuple[Stay, date]]:
        """Who is marked × on which day in the book."""
        found = []
        for (_, first), rows in self.outline.diary.rows.items():
            for stay, row in rows.items():
                found += [(stay, first + timedelta(days=n)) for n, mark in enumerate(row) if mark == ABSENT]
        return sorted(found, key=lambda one: (one[1], one[0].who.number))

    def _late(self) -> list[tuple[Stay, date]]:
        """The leaders of the townships that confirmed the seed's month after the fifth, with the day it was confirmed."""
        month, found = self.words["late"], []
        for (township, first), on in self.outline.diary.confirmed.items():
            if first == month and on.day > 5:
                crews = [crew for crew in self.outline.crews_on(on) if crew.place.township == township]
                found += [(stay, on) for crew in crews for stay in crew.stays if stay.leads and stay.holds_on(on)]
        return found

    def _of_fault(self, fault: Fault, stay: Stay | None, words: str) -> Matter:
        grounds = self.words["reminder"][words]
        return Matter("reminder", stay, way="letter", source="finding", grounds=grounds, fault=fault)

    def _complaint(self) -> Iterator[Act]:
        row = self.words["complaint"]
        crew = self.outline.crew(row["village"], row["on"])
        [stay] = [stay for stay in crew.stays if stay.who.name == row["name"] and stay.holds_on(row["on"])]
        matter = Matter("reminder", stay, way="letter", source="complaint", grounds=row["grounds"], facts=row["facts"])
        yield from self.work.letter(matter, row["on"])

    @staticmethod
    def _there(fault: Fault, day: date) -> list[Stay]:
        assert fault.crew is not None
        return [stay for stay in fault.crew.stays if stay.holds_on(day)]

    # --- interviews --------------------------------------------------------------------------------

    def _interviews(self) -> Iterator[Act]:
        """For the grade of a year, of the head who kept somebody busy, and one that is still to be held."""
        for row in self.words["interviewed"]:
            leader = self._leader(row)
            told = {"source": "grade", "grounds": row["grounds"], "facts": row["facts"]}
            yield from self.work.interview(Matter("interview", leader, **told), row["on"], row["record"])
            head = Matter("interview", unit=leader.crew.lead, **told)
            yield from self.work.interview(head, row["on"], row["unit_record"])
        row, fault = self.words["head"], self.outline.fault("liao-recall")
        assert fault.crew is not None
        matter = Matter(
            "interview", unit=fault.crew.lead, source="finding", grounds=row["grounds"], facts=row["facts"], fault=fault
        )
        yield from self.work.interview(matter, row["on"], row["record"])
        row = self.words["waiting"]
        matter = Matter("interview", self._leader(row), source="complaint", grounds=row["grounds"], facts=row["facts"])
        yield from self.work.interview(matter, row["on"], "", is_held=False)

    def _leader(self, row: dict[str, Any]) -> Stay:
        crew = self.outline.crew(row["village"], row["on"])
        return next(stay for stay in crew.stays if stay.leads and stay.holds_on(row["on"]))

    # --- recalls -----------------------------------------------------------------------------------

    def _recalls(self) -> Iterator[Act]:
        """Everybody recalled since inspections are told: on the last finding about them; the leader speaks and appeals."""
        for stay in self.plan.stays:
            faults = [fault for fault in self.outline.faults if fault.stay is stay]
            if stay.ending != "recall" or not faults:
                continue
            last = faults[-1]
            matter = Matter(
                "recall", stay, source="absence" if last.is_absence else "finding", fault=last, after=self.latest.get(stay),
                grounds=sheets.ending_reason(Chance(0), self.seed, stay),
            )  # fmt: skip
            words = self.words["recall"]
            if stay.leads:
                yield Act(workdays_later(stay.ended, -6), ACCOUNT, self.work.open_own(stay))
                yield from self.work.appealed(matter, workdays_later(stay.ended, 4))
            yield from self.work.recall(matter, words["leader_statement" if stay.leads else "statement"])
