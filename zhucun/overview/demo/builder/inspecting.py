"""Telling inspections: villages drawn, on-site sheets that agree with the book, findings put right, verified and closed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from types import SimpleNamespace
from unittest.mock import patch
from uuid import UUID

from zhucun.work.attendance.rules import ABSENT, COUNTS_AS, PRESENT, REST
from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.models import Correction, Finding, Round, Visit
from zhucun.work.teams.models import Posting, Team

from . import acts
from .acts import Act
from .chance import Chance, workdays_later
from .ground import Ground
from .outline import Fault, Order, Outline, Tour
from .plan import Crew, Stay
from .seed import Seed

LAST = date(2022, 12, 6)
REPLIED, VERIFIED, CLOSED = 6, 2, 1
"""Working days from the order to the reply, on to the verification, on to 销号."""


class Inspecting:
    """Holds the rounds, findings and corrections told so far, by what they were to be."""

    def __init__(
        self, seed: Seed, ground: Ground, outline: Outline, teams: dict[Crew, Team], postings: dict[Stay, Posting]
    ) -> None:
        self.words, self.ground, self.outline = seed.inspections, ground, outline
        self.teams, self.postings = teams, postings
        self.seed: int = seed.structure["seed"]
        self.chance = Chance(self.seed + 7)
        self.rounds: dict[date, Round] = {}
        self.found: dict[Fault, Finding] = {}
        self.orders: dict[Order, Correction] = {}

    def acts(self) -> list[Act]:
        """Every round from its plan to the last 销号, and the one that is drawn and still to come."""
        found = []
        for tour in self.outline.tours:
            found += self._of_round(tour)
            for fault in tour.faults:
                found += self._of_fault(fault)
            for order in tour.orders:
                found += self._of_order(order, tour.on)[0]
        for tour, row in zip(self.outline.planned, self.words["planned"], strict=True):
            found += [
                Act(row["set_on"], acts.PLAN, self._plan(tour)),
                Act(row["set_on"], acts.SET_OUT, self._draw(tour)),
            ]
        return found

    # --- rounds ------------------------------------------------------------------------------------

    def _of_round(self, tour: Tour) -> list[Act]:
        """Drawn the day before; the sheets are brought back on paper and entered the day after."""
        before, after = (workdays_later(tour.on, n) for n in (-1, 1))
        return [
            Act(before, acts.PLAN, self._plan(tour)),
            Act(before, acts.PLAN, self._draw(tour)),
            Act(tour.on, acts.SET_OUT, self._set_out(tour)),
            Act(after, acts.VISIT, self._visit_all(tour)),
            Act(after, acts.FIND, self._find_in_papers(tour)),
            Act(after, acts.ORDER, self._order_all(tour)),
            Act(after, acts.SETTLE, lambda at: self._move(tour, "closed", at)),
        ]

    def _plan(self, tour: Tour) -> Callable:
        def plan(at: datetime) -> None:
            self.rounds[tour.on] = rounds.plan_round(
                county=self.ground.county, held_on=tour.on, method=tour.method, group=tour.group, purpose=tour.purpose,
                by=self.ground.inspector, at=at,
            )  # fmt: skip

        return plan

    def _draw(self, tour: Tour) -> Callable:
        def draw(at: datetime) -> None:
            round, by = self.rounds[tour.on], self.ground.inspector
            codes = []
            if tour.draw:
                with _drawn_from(self.chance):
                    codes = rounds.draw_villages(round=round, numbers=tour.draw, by=by, at=at).drawn
            if tour.crews:
                wanted = dict.fromkeys([*codes, *(crew.place.code for crew in tour.crews)])
                rounds.choose_villages(
                    round=round, villages=[self.ground.villages[code] for code in wanted], reason=tour.why, by=by, at=at
                )

        return draw

    def _set_out(self, tour: Tour) -> Callable:
        return lambda at: self._move(tour, "underway", at)

    def _move(self, tour: Tour, to: str, at: datetime) -> None:
        self.rounds[tour.on] = rounds.move_round(round=self.rounds[tour.on], to=to, by=self.ground.inspector, at=at)

    # --- on site -----------------------------------------------------------------------------------

    def _visit_all(self, tour: Tour) -> Callable:
        def visit_all(at: datetime) -> None:
            here = {crew.place.code: crew for crew in self.outline.crews_on(tour.on)}
            for n, visit in enumerate(self.rounds[tour.on].visits.order_by("village")):
                self._visit(tour, visit, here[visit.village_id], n, at)

        return visit_all

    def _visit(self, tour: Tour, visit: Visit, crew: Crew, n: int, at: datetime) -> None:
        faults = [fault for fault in tour.faults if fault.crew is crew]
        seen = [self._seen(tour, stay) for stay in crew.stays if stay.holds_on(tour.on)]
        others = [fault for fault in faults if not fault.is_absence]
        rounds.enter_visit(
            visit=visit, fields=self._sheet(tour, crew, n, faults), seen=seen, found=[self._told(one) for one in others],
            key=UUID(int=self.chance.random.getrandbits(128), version=4), by=self.ground.inspector, at=at,
        )  # fmt: skip
        rows = Finding.objects.filter(visit=visit).order_by("number")
        self.found |= zip([one for one in faults if one.is_absence] + others, rows, strict=True)

    def _sheet(self, tour: Tour, crew: Crew, n: int, faults: list[Fault]) -> dict:
        """What else stands on the sheet; on the telephone nobody sees a ledger or asks at doors."""
        fields = {"time": f"{9 + n}:{self.chance.number(1, 5)}0"}
        if tour.method == "phone":
            return fields
        households = self.chance.number(6, 9) if tour.method == "households" else self.chance.number(2, 4)
        strangers = self.chance.holds(0.2) or bool(faults)
        return fields | {
            "witness": crew.place.secretary, "board_shown": self.chance.holds(0.92),
            "ledgers_kept": not any(one.kind == "ledger" for one in faults), "households": households,
            "knowing": households - strangers,
        }  # fmt: skip

    def _seen(self, tour: Tour, stay: Stay) -> Seen:
        """Where somebody was, as the book says of the day."""
        posting, mark, words = self.postings[stay], self.outline.mark(stay, tour.on), self.words["words"]
        if mark == ABSENT:
            note = words["away"] if tour.method == "phone" else self.chance.random.choice(words["absent"].split("|"))
            return Seen(posting, "absent", note)
        if mark == PRESENT:
            return Seen(posting, "here")
        return Seen(posting, "notice" if mark in COUNTS_AS + REST else "leave", words["rest"] if mark == REST else "")

    def _told(self, fault: Fault) -> Found:
        """A finding as the sheet, or the papers, tell it."""
        crew, stay = fault.crew, fault.stay
        if crew is None:
            town, unit = self.ground.divisions[self.ground.clerk_township], self.ground.units[self.ground.contact_unit]
            about = {"township": town} if fault.about == "township" else {"unit": unit}
            return Found(fault.kind, fault.text, manager=True, **about)
        person = self.postings[stay].person if stay else None
        return Found(
            fault.kind, fault.text, team=self.teams[crew], person=person,
            unit=self.postings[stay].unit if stay else self.ground.units[crew.lead],
            township=self.ground.divisions[crew.place.township],
        )  # fmt: skip

    def _find_in_papers(self, tour: Tour) -> Callable:
        """Findings of a round that went to no village."""

        def find(at: datetime) -> None:
            faults = [fault for fault in tour.faults if fault not in self.found]
            told = [self._told(fault) for fault in faults]
            rows = findings.add_findings(round=self.rounds[tour.on], found=told, by=self.ground.inspector, at=at)
            self.found |= zip(faults, rows, strict=True)

        return find

    # --- put right ---------------------------------------------------------------------------------

    def _order_all(self, tour: Tour) -> Callable:
        def order_all(at: datetime) -> None:
            for fault in [*tour.faults, None]:
                for order in fault.orders if fault else tour.orders:
                    self.orders[order] = findings.order_correction(
                        round=self.rounds[tour.on], text=order.text, due=order.due, by=self.ground.inspector, at=at,
                        finding=self.found[fault] if fault else None, township=self.ground.divisions.get(order.township),
                    )  # fmt: skip

        return order_all

    def _of_fault(self, fault: Fault) -> list[Act]:
        """Its corrections, and 销号 once they are done."""
        found, days = [], []
        for order in fault.orders:
            told, done = self._of_order(order, fault.on)
            found += told
            days.append(done)
        if not any(order.waits for order in fault.orders):
            found.append(Act(workdays_later(max(days), CLOSED), acts.SETTLE, self._close(fault)))
        return found

    def _of_order(self, order: Order, on: date) -> tuple[list[Act], date]:
        """Reply and verification, sent back once where something was missing; the day it was done."""
        if order.waits == "reply":
            return [], LAST
        replied = workdays_later(on, REPLIED)
        found = []
        if order.returned:
            found.append(Act(replied, acts.REPLY, self._reply(order, order.reply.partition("，")[0])))
            found.append(Act(workdays_later(replied, 1), acts.VERIFY, self._verify(order, False, order.returned)))
            replied = workdays_later(replied, 2)
        found.append(Act(replied, acts.REPLY, self._reply(order, order.reply)))
        done = workdays_later(replied, VERIFIED)
        if order.waits != "verify":
            words = self.chance.random.choice(self.words["words"]["verified"].split("|"))
            found.append(Act(done, acts.VERIFY, self._verify(order, True, words)))
        return found, done

    def _reply(self, order: Order, text: str) -> Callable:
        def reply(at: datetime) -> None:
            row = self.orders[order]
            by = self.ground.clerk_of(row.township_id) if row.township_id else self.ground.contact
            findings.reply(correction=row, text=text, by=by, at=at)

        return reply

    def _verify(self, order: Order, accepted: bool, text: str) -> Callable:
        return lambda at: findings.verify(
            correction=self.orders[order], accepted=accepted, text=text, by=self.ground.inspector, at=at
        )

    def _close(self, fault: Fault) -> Callable:
        words = self.words["words"]["closed"]
        return lambda at: findings.close_finding(finding=self.found[fault], text=words, by=self.ground.office, at=at)


@contextmanager
def _drawn_from(chance: Chance) -> Iterator[None]:
    """The seeds of the draws come from the story's own chance, so that every demonstration is the same county.

    The action itself knows no seed but its own: only this module's view of `secrets` is replaced, while one draw lasts.
    """
    told = SimpleNamespace(token_hex=lambda n: f"{chance.random.getrandbits(8 * n):0{2 * n}x}")
    with patch.object(rounds, "secrets", told):
        yield
