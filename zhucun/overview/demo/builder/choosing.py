"""Telling the next round: opened, filled in by township after township, people put forward, and a first proposal computed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from zhucun.base.people.models import Person
from zhucun.work.placement.actions import gathering, locks, proposals, rounds
from zhucun.work.placement.models import Candidate, Lock, Round
from zhucun.work.placement.rules import Status

from . import acts
from .acts import Act
from .chance import Chance
from .ground import Ground
from .plan import Place, Plan, Who
from .seed import Seed
from .selection import by_township

FILLED, PUT = (date(2022, 11, 15), date(2022, 11, 24)), (date(2022, 11, 28), date(2022, 12, 2))


class Choosing:
    """Holds the round once it is opened; `persons` is everybody registered so far."""

    def __init__(self, seed: Seed, plan: Plan, ground: Ground, persons: dict[Who, Person]) -> None:
        self.words, self.plan, self.ground, self.persons = seed.round, plan, ground, persons
        self.selection = plan.selection
        self.chance = Chance(seed.structure["seed"] + 3)
        self.round: Round | None = None

    def acts(self) -> list[Act]:
        """Everything from the opening to the first proposal."""
        words = self.words
        found = [
            Act(words["opened_on"], acts.BEGIN, self._open),
            Act(FILLED[1], acts.BRING, self._quotas),
            Act(words["brought_on"], acts.BRING, self._bring),
            Act(words["met_on"], acts.MEET, self._meet),
            Act(words["met_on"], acts.FIX, self._fix),
            Act(words["computed_on"], acts.COMPUTE, self._compute),
        ]
        for township, needs in by_township(self.selection.needs).items():
            found.append(Act(self.chance.workday(*FILLED), acts.FILL, self._fill(township, needs)))
        for who in self.selection.newcomers:
            found.append(Act(self.chance.workday(*PUT), acts.PUT, self._put(who)))
        found += [Act(day, acts.TAKE_BACK, self._take_back(who, why)) for who, day, why in self.selection.back]
        found += [Act(PUT[1], acts.WISH, self._told_of(who)) for who in self._told()]
        return found

    @property
    def _round(self) -> Round:
        assert self.round is not None
        return self.round

    def _keeper(self, who: Who):
        """The unit's own contact where it has an account, else the office for it."""
        return self.ground.contact if who.unit == self.ground.contact_unit else self.ground.office

    # --- what is gathered ----------------------------------------------------------------------------

    def _open(self, at: datetime) -> None:
        self.round = rounds.open_round(
            county=self.ground.county, title=self.words["title"], starts_on=self.words["starts_on"],
            by=self.ground.office, at=at,
        )  # fmt: skip

    def _fill(self, township: str, needs: dict[Place, dict]) -> Callable:
        def fill(at: datetime) -> None:
            clerk = township == self.ground.clerk_township
            codes = {place.code: fields for place, fields in needs.items()}
            rows = self._round.needs.filter(village__in=codes).select_related("village__township")
            gathering.fill_needs(
                round=self._round, rows={row: codes[row.village_id] for row in rows},
                by=self.ground.clerk if clerk else self.ground.office, at=at,
            )  # fmt: skip

        return fill

    def _quotas(self, at: datetime) -> None:
        for quota in self._round.quotas.select_related("unit").filter(unit__name__in=self.selection.more):
            gathering.set_quota(
                round=self._round, unit=quota.unit, capacity=self.selection.more[quota.unit.name],
                partners=list(quota.partners.all()), by=self.ground.office, at=at,
            )  # fmt: skip

    def _bring(self, at: datetime) -> None:
        gathering.bring_people(round=self._round, by=self.ground.office, at=at)

    def _put(self, who: Who) -> Callable:
        spouse, wish = self.selection.spouse_of(who), self.selection.wishes.get(who)

        def put(at: datetime) -> None:
            gathering.put_forward(
                round=self._round, person=self.persons[who], may_lead=True if who.fit else None, reason=self._reason(who),
                spouse=self.persons[spouse] if spouse else None,
                preference=self.ground.divisions[wish] if wish else None, by=self._keeper(who), at=at,
            )  # fmt: skip

        return put

    def _reason(self, who: Who) -> str:
        review, words = who.review or {}, self.words["reasons"]
        found = [
            words["limited"] if not review["healthy"] else "",
            words["spouse"] if review.get("spouse_posted") else "",
            words["couple"] if self.selection.spouse_of(who) and not review.get("spouse_posted") else "",
        ]
        return "；".join(filter(None, found))

    def _take_back(self, who: Who, why: str) -> Callable:
        return lambda at: gathering.take_back(candidate=self._candidate(who), reason=why, by=self._keeper(who), at=at)

    def _told(self) -> list[Who]:
        """Those in post who said something: a wish, or that husband and wife are both put forward."""
        gone = {who for who, _, _ in self.selection.back}
        said = [*self.selection.wishes, *(who for pair in self.selection.couples for who in pair)]
        return [who for who in dict.fromkeys(said) if who.stays and who not in gone]

    def _told_of(self, who: Who) -> Callable:
        fields: dict = {}
        if who in self.selection.wishes:
            fields["preference"] = self.ground.divisions[self.selection.wishes[who]]
        spouse = self.selection.spouse_of(who)

        def tell(at: datetime) -> None:
            said = fields | ({"spouse": self.persons[spouse]} if spouse else {})
            gathering.change_candidate(candidate=self._candidate(who), fields=said, by=self._keeper(who), at=at)

        return tell

    def _candidate(self, who: Who) -> Candidate:
        rows = self._round.candidates.select_related("round", "person", "unit", "preference", "spouse")
        return rows.get(person=self.persons[who])

    # --- the meeting ---------------------------------------------------------------------------------

    def _meet(self, at: datetime) -> None:
        by: dict[str, Any] = {"round": self._round, "by": self.ground.office, "at": at}
        rounds.move_on(to=Status.DELIBERATING, **by)
        meeting = {"met_on": self.words["met_on"], "attendees": self.words["attendees"]}
        rounds.change_round(fields=meeting, **by)

    def _fix(self, at: datetime) -> None:
        crew, stay = self.selection.fixed
        words = self.words["reasons"]
        by: dict[str, Any] = {"round": self._round, "by": self.ground.office, "at": at}
        villages = self.ground.villages
        locks.lock(
            kind=Lock.Kind.UNIT, unit=self.ground.units[crew.lead], village=villages[crew.place.code],
            reason=words["unit_fixed"], **by,
        )  # fmt: skip
        locks.lock(
            kind=Lock.Kind.PERSON, candidate=self._candidate(stay.who), village=villages[stay.crew.place.code],
            reason=words["person_fixed"], **by,
        )  # fmt: skip

    def _compute(self, at: datetime) -> None:
        by: dict[str, Any] = {"by": self.ground.office, "at": at}
        proposal = proposals.ask(round=self._round, note=self.words["note"], **by)
        proposals.compute(proposal=proposal, **by)
