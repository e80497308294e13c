"""Who of those put forward may take part in a round, and what speaks against somebody wherever they go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhucun.base.people.models import Person, Record
from zhucun.base.policy import policy
from zhucun.work.teams import eligibility
from zhucun.work.teams.rules import Candidate as Facts
from zhucun.work.teams.rules import Concern, Doubt, Place, TeamsPolicy, concerns

from .models import Candidate, Round

ANYWHERE = Place(village="-", leads=False, first_secretary=False)
"""A place nobody comes from: what speaks against a person there speaks against them everywhere."""


@dataclass(frozen=True)
class Judged:
    """Somebody put forward: the record that holds on the round's first day, the facts, and every doubt."""

    person: Person
    record: Record | None
    facts: Facts | None
    doubts: tuple[Concern, ...]

    @property
    def refusals(self) -> list[str]:
        """Why they cannot take part, in sentences; empty when they can."""
        if self.record is None:
            return ["到任那天没有人员情况记录，请先补充派出单位、学历等"]
        return [doubt.sentence for doubt in self.doubts if doubt.refuses]

    @property
    def warnings(self) -> list[str]:
        """What needs a reason in writing."""
        return [doubt.sentence for doubt in self.doubts if not doubt.refuses]

    @property
    def home_village(self) -> str:
        """Code of the village they come from, by the review sheet; empty when none in the county."""
        return self.facts.sheet.home_village if self.facts and self.facts.sheet else ""

    @property
    def relatives_in(self) -> str:
        """Code of the village where a close relative sits in 村“两委”."""
        return self.facts.sheet.relatives_in if self.facts and self.facts.sheet else ""

    @property
    def health_limited(self) -> bool:
        """Whether the review sheet says that health does not allow everything: not to remote villages."""
        return any(doubt.doubt is Doubt.UNHEALTHY for doubt in self.doubts)


def judged(people: Iterable[Person], day: date, county: str) -> dict[Person, Judged]:
    """Every one of these people as of `day`, in a bounded number of queries."""
    people = list(people)
    rows = Record.objects.on(day).filter(person__in=people).select_related("unit", "person")
    records = {record.person_id: record for record in rows}
    facts = eligibility.candidates(records.values(), day)
    numbers = policy.on(day, TeamsPolicy, area=county)
    found = {}
    for person in people:
        record, known = records.get(person.pk), facts.get(person.pk)
        doubts = tuple(concerns(known, ANYWHERE, day, numbers)) if known else ()
        found[person] = Judged(person, record, known, doubts)
    return found


def judged_in(round: Round) -> dict[Candidate, Judged]:
    """Everybody put forward in a round."""
    rows = list(round.candidates.select_related("person", "unit", "spouse"))
    known = judged([row.person for row in rows], round.starts_on, round.county_id)
    return {row: known[row.person] for row in rows}
