"""What may lead to a measure: absences that inspections found, and what was done about each already."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from zhucun.base.access.scope import Scope
from zhucun.base.people.models import Person
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import year_to
from zhucun.work.inspections.models import Finding

from .models import Case
from .rules import AccountabilityPolicy, Measure, after_absences


@dataclass(frozen=True)
class Lead:
    """One absence nothing has been done about yet: the finding, which one of the year it is, and the measure policy asks for."""

    finding: Finding
    count: int
    measure: Measure


def absences(day: date) -> QuerySet[Finding]:
    """Findings of kind 不在岗 about a person in the calendar year of `day`, up to it."""
    year = year_to(day)
    return Finding.objects.filter(
        kind=Finding.Kind.ABSENT, person__isnull=False, found_on__gte=year.start, found_on__lte=day
    )


def absences_of(person: Person, day: date) -> int:
    """How many unexcused absences inspections found of somebody in the calendar year, up to `day`."""
    return absences(day).filter(person=person).count()


def leads(scope: Scope, day: date) -> list[Lead]:
    """Absences of the year nothing has been done about, with the measure due after that many; two queries."""
    counts: Counter = Counter()
    numbers = policy.on(day, AccountabilityPolicy)
    treated = Case.objects.filter(finding=OuterRef("pk")).exclude(state__in=Case.VOID)
    rows = absences(day).within(scope).annotate(treated=Exists(treated))
    found = []
    for row in rows.select_related("person", "team__village__township", "round").order_by("found_on", "number"):
        counts[row.person_id] += 1
        measure = after_absences(counts[row.person_id], numbers)
        if measure is not None and not row.treated:
            found.append(Lead(row, counts[row.person_id], measure))
    return found
