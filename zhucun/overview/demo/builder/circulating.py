"""Telling circulars: written from the rounds' own records, reviewed, signed, received in the townships."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from zhucun.base.policy import policy
from zhucun.base.policy.site import SitePolicy
from zhucun.work.inspections.actions import circulars
from zhucun.work.inspections.assembling import NO_PRACTICES, text_of, title_of
from zhucun.work.inspections.circular import COPIED, addressees, facts_of
from zhucun.work.inspections.models import Circular, Delivery

from . import acts
from .acts import Act
from .chance import Chance, workdays_later
from .inspecting import Inspecting
from .plan import DAY


class Circulating:
    """The circulars of the seed; each rests on rounds that `inspecting` has told by then."""

    def __init__(self, inspecting: Inspecting) -> None:
        self.inspecting, self.ground = inspecting, inspecting.ground
        self.rows: list[dict[str, Any]] = inspecting.words["circular"]
        self.good = inspecting.words["words"]["good"]
        self.chance = Chance(inspecting.seed + 8)
        self.told: dict[date, Circular] = {}

    def acts(self) -> list[Act]:
        """Drafted the working day before, signed on its day, received within some days; one still in review."""
        found = []
        for row in self.rows:
            day = row["on"]
            if row.get("waits") == "review":
                found.append(Act(day, acts.DRAFT, self._draft(row)))
                continue
            found += [
                Act(workdays_later(day, -1), acts.DRAFT, self._draft(row)),
                Act(day, acts.ISSUE, self._issue(row)),
            ]
            found += [Act(workdays_later(day, n), acts.RECEIVE, self._receive(row, n)) for n in (1, 2, 3)]
        return [act for act in found if act.day < DAY]

    def _draft(self, row: dict[str, Any]) -> Callable:
        """The county's office writes it and hands it on; units without an account of their own get a copy on paper."""

        def draft(at: datetime) -> None:
            rounds = [self.inspecting.rounds[day] for day in row["rounds"]]
            facts = facts_of(rounds, policy.on(at.date(), SitePolicy, area=self.ground.county.pk).host)
            townships, units = addressees(rounds)
            copies = [str(unit) for unit in units if unit.name != self.ground.contact_unit]
            body = text_of(facts).replace(NO_PRACTICES, row.get("good", self.good))
            self.told[row["on"]] = circulars.draft_circular(
                county=self.ground.county, rounds=rounds, title=row.get("title") or title_of(facts.rounds),
                body=body + (f"\n{COPIED}{'，'.join(copies)}。" if copies else ""), townships=townships,
                units=[unit for unit in units if unit.name == self.ground.contact_unit], by=self.ground.office, at=at,
            )  # fmt: skip
            circulars.submit(circular=self.told[row["on"]], by=self.ground.office, at=at)

        return draft

    def _issue(self, row: dict[str, Any]) -> Callable:
        def issue(at: datetime) -> None:
            circular = self.told[row["on"]]
            circulars.review(circular=circular, agreed=True, remark="", by=self.ground.inspector, at=at)
            circulars.sign(circular=circular, agreed=True, remark="", by=self.ground.magistrate, at=at)

        return issue

    def _receive(self, row: dict[str, Any], n: int) -> Callable:
        """On each of three days some of those who have not yet; the last day everybody, but for whom the seed lets wait."""

        def receive(at: datetime) -> None:
            waiting = Delivery.objects.filter(circular=self.told[row["on"]], received_at=None).order_by(
                "township", "unit"
            )
            for delivery in waiting:
                own = delivery.township_id == self.ground.clerk_township
                if (n == 3 or self.chance.holds(0.5)) and not (own and row.get("waits") == "town"):
                    by = self.ground.clerk_of(delivery.township_id) if delivery.township_id else self.ground.contact
                    circulars.receive(delivery=delivery, by=by, at=at)

        return receive
