"""What may lead to a measure: absences that inspections found, other findings, reminders without a reply."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from zhucun.base.access.scope import Scope
from zhucun.base.people.models import Person
from zhucun.base.policy import policy
from zhucun.base.policy.models import Clause, Parameter
from zhucun.base.timeline.periods import year_to
from zhucun.work.inspections.models import Finding

from .models import Case
from .rules import AccountabilityPolicy, Measure, after_absences

KEYS = ("accountability.first_absence", "accountability.second_absence", "accountability.third_absence")

PATHS = ("person", "unit", "township", "team__village__township", "round")


@dataclass(frozen=True)
class Lead:
    """One absence nothing has been done about yet: the finding, which one of the year it is, the measure due and its clause."""

    finding: Finding
    count: int
    measure: Measure
    clause: Clause | None = None


def absences(day: date) -> QuerySet[Finding]:
    """Findings of kind 不在岗 about a person in the calendar year of `day`, up to it; those withdrawn as untrue do not count."""
    year = year_to(day)
    rows = Finding.objects.filter(
        kind=Finding.Kind.ABSENT, person__isnull=False, found_on__gte=year.start, found_on__lte=day
    )
    return rows.exclude(state=Finding.State.WITHDRAWN)


def absences_of(person: Person, day: date) -> int:
    """How many unexcused absences inspections found of somebody in the calendar year, up to `day`."""
    return absences(day).filter(person=person).count()


def leads(scope: Scope, day: date) -> list[Lead]:
    """Absences of the year nothing has been done about, with the measure that the policy of their day lays on that many.

    Four queries, however many there are. Everybody's absences are counted, those outside the scope too; only those
    inside are told.
    """
    counts: Counter = Counter()
    rows = list(absences(day).select_related(*PATHS).order_by("found_on", "number"))
    if not rows:
        return []
    inside = absences(day).filter(scope.condition(Finding))
    waiting = set(inside.exclude(_treated()).values_list("pk", flat=True))
    numbers = policy.on_each(AccountabilityPolicy, {(row.found_on, "") for row in rows})
    resting = clauses(day)
    found = []
    for row in rows:
        counts[row.person_id] += 1
        n = counts[row.person_id]
        measure = after_absences(n, numbers[row.found_on, ""])
        if measure is not None and row.pk in waiting:
            found.append(Lead(row, n, measure, _resting(resting, n, row.found_on)))
    return found


def lead_of(finding: Finding) -> Lead | None:
    """The lead one absence makes, by what was known on its day; None where policy lays nothing on it, or it is no absence."""
    if finding.kind != Finding.Kind.ABSENT or finding.person_id is None:
        return None
    year = absences(finding.found_on).filter(person=finding.person_id)
    n = year.filter(Q(found_on__lt=finding.found_on) | Q(number__lte=finding.number)).count()
    measure = after_absences(n, policy.on(finding.found_on, AccountabilityPolicy))
    return Lead(finding, n, measure, _resting(clauses(finding.found_on), n, finding.found_on)) if measure else None


def clauses(day: date) -> list[Parameter]:
    """What the ladder of absences rested on at any time in the year of `day`."""
    year = year_to(day)
    rows = Parameter.objects.filter(Q(end__isnull=True) | Q(end__gt=year.start), key__in=KEYS, area="", start__lte=day)
    return list(rows.select_related("clause__document"))


def _resting(parameters: list[Parameter], n: int, day: date) -> Clause | None:
    key = KEYS[min(n, len(KEYS)) - 1]
    return next((one.clause for one in parameters if one.key == key and one.holds_on(day)), None)


def other_findings(scope: Scope, day: date) -> QuerySet[Finding]:
    """Open findings of the year about a person or a unit, other than absences, that nothing has been done about."""
    year = year_to(day)
    rows = Finding.objects.within(scope).filter(found_on__gte=year.start, found_on__lte=day, state=Finding.State.OPEN)
    rows = rows.filter(Q(person__isnull=False) | Q(unit__isnull=False, manager=True)).exclude(kind=Finding.Kind.ABSENT)
    return rows.exclude(_treated()).select_related(*PATHS).order_by("found_on", "number")


def unanswered(scope: Scope, day: date) -> QuerySet[Case]:
    """Reminders whose time to reply is over without a reply and that nothing heavier has followed."""
    followed = Case.objects.filter(after=OuterRef("pk")).exclude(state__in=Case.VOID)
    rows = Case.objects.within(scope).filter(measure=Case.Measure.REMINDER, state=Case.State.NOTIFIED, due_on__lt=day)
    return rows.exclude(Exists(followed)).select_related("person", "township").order_by("due_on", "number")


def done_about(findings: Collection[UUID]) -> Iterator[tuple[UUID, str, str]]:
    """For the ledger of findings: (finding, 提醒 · 约谈 · 召回, address) of the measures that were told; drafts and dropped ones never."""
    rows = Case.objects.filter(
        finding__in=findings, state__in=(Case.State.NOTIFIED, Case.State.DONE, Case.State.CLOSED)
    )
    for row in rows.only("pk", "finding", "measure").order_by("opened_on", "number"):
        assert row.finding_id is not None
        yield row.finding_id, row.get_measure_display(), reverse("accountability:case", args=[row.pk])


def _treated() -> Exists:
    """Whether a finding has led to a case that stands."""
    return Exists(Case.objects.filter(finding=OuterRef("pk")).exclude(state__in=Case.VOID))
