"""Gathers what the rules need to know about a candidate, and asks them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from zhucun.base.people.models import PARTY, Person, Record
from zhucun.base.policy import policy
from zhucun.base.policy.models import Clause

from .models import Posting, Review, Team
from .rules import Candidate, Concern, Place, Sheet, TeamsPolicy, concerns, review_holds

WEAK = {Review.Appraisal.BASIC, Review.Appraisal.FAILED, Review.Appraisal.NONE}


def concerns_about(*, record: Record, posting: Posting, without: Posting | None = None) -> list[Concern]:
    """What speaks against a posting not yet made, on its first day, by the policy of its village that day.

    `without` is a posting of the team that will have ended by then.
    """
    day, village = posting.start, posting.team.village
    return concerns(
        candidate(record, day), _place(posting, without), day, policy.on(day, TeamsPolicy, area=village.code)
    )


@dataclass(frozen=True)
class Check:
    """What is shown before somebody is posted: what makes it impossible, every doubt with its clause, the review sheet."""

    person: Person
    record: Record | None
    impossible: str
    points: tuple[tuple[Concern, Clause | None], ...]
    review: Review | None
    review_holds: bool

    @property
    def refuses(self) -> bool:
        """Whether no reason can help."""
        return bool(self.impossible) or any(concern.refuses for concern, _ in self.points)

    @property
    def needs_reason(self) -> bool:
        """Whether posting asks for a reason in writing."""
        return bool(self.points) and not self.refuses


def check(*, person: Person, team: Team, role: str, start: date, instead_of: Posting | None = None) -> Check:
    """The same questions the action asks, answered without posting anybody; as if `instead_of` had left before."""
    record = person.records.on(start).select_related("unit", "person").first()
    review = latest_review(person, start)
    holds = review is not None and review_holds(
        review.reviewed_on, start, policy.on(start, TeamsPolicy, area=team.village_id)
    )
    if record is None:
        return Check(
            person, None, f"{person}在 {start} 还没有人员情况记录，请先补充派出单位、学历等。", (), review, holds
        )
    posting = Posting(person=person, team=team, unit=record.unit, role=role, start=start)
    found = concerns_about(record=record, posting=posting, without=instead_of)
    points = tuple((concern, policy.clause_of(start, concern.key, area=team.village_id)) for concern in found)
    return Check(person, record, time_clash(posting), points, review, holds)


def time_clash(posting: Posting) -> str:
    """Why a posting cannot be at its time: another of the same person overlaps, or its team is not there; empty if it can."""
    others = (
        Posting.objects.filter(person=posting.person_id)
        .exclude(pk=posting.pk)
        .filter(Q(end__isnull=True) | Q(end__gt=posting.start))
    )
    if posting.end is not None:
        others = others.filter(start__lt=posting.end)
    other = others.select_related("team__village").first()
    if other is not None:
        until = f"{other.last_day} 离任" if other.end else "尚未离任"
        return (
            f"{posting.person}已在{other.team}任职（{other.start} 到任，{until}），时间重叠，请先办理离任或更正日期。"
        )
    team = posting.team
    if posting.start < team.start or (team.end and (posting.end is None or posting.end > team.end)):
        until = f"至 {team.last_day}" if team.end else "至今"
        return f"任职时间要在{team}存续期间（{team.start} {until}）之内，请检查到任、离任日期。"
    return ""


def latest_review(person: Person, day: date) -> Review | None:
    """The last review sheet of a person filled in by `day`."""
    return Review.objects.filter(record__person=person, reviewed_on__lte=day).order_by("-reviewed_on").first()


def candidate(record: Record, day: date) -> Candidate:
    """The person of a record as the rules see one on `day`: earlier recalls, and the latest review sheet by then."""
    return candidates([record], day)[record.person_id]


def candidates(records: Iterable[Record], day: date) -> dict[UUID, Candidate]:
    """The people of many records as the rules see them, by person, in three queries whatever their number."""
    of = {record.person_id: record for record in records}
    recalls: dict[UUID, list[date]] = defaultdict(list)
    for posting in Posting.objects.filter(person__in=of, ending=Posting.Ending.RECALL, end__lte=day):
        recalls[posting.person_id] += [posting.last_day] if posting.last_day else []
    reviews = latest_reviews(of, day)
    return {
        person: Candidate(
            born=record.person.born,
            in_party=record.political in PARTY,
            recalls=tuple(recalls[person]),
            sheet=_sheet(reviews[person]) if person in reviews else None,
        )
        for person, record in of.items()
    }


def latest_reviews(people: Iterable[UUID], day: date) -> dict[UUID, Review]:
    """The last review sheet filled in by `day` of each of these people who has one, with its judgements."""
    rows = Review.objects.filter(record__person__in=list(people), reviewed_on__lte=day).order_by("reviewed_on", "pk")
    rows = rows.select_related("record", "home_village").prefetch_related("judgements")
    return {review.record.person_id: review for review in rows}


def _place(posting: Posting, without: Posting | None) -> Place:
    leaders = Posting.objects.on(posting.start).filter(team=posting.team, role__in=Posting.LEADERS)
    leaders = leaders.exclude(pk__in=[posting.pk, *([without.pk] if without else [])])
    return Place(
        village=posting.team.village_id,
        leads=posting.leads,
        first_secretary=posting.role == Posting.Role.FIRST_SECRETARY,
        has_leader=posting.leads and leaders.exists(),
    )


def _sheet(review: Review) -> Sheet:
    return Sheet(
        reviewed_on=review.reviewed_on,
        on_staff=review.on_staff,
        weak_appraisal=bool({review.appraisal_last, review.appraisal_before} & WEAK),
        home_village=review.home_village_id or "",
        relatives_in=review.relatives_in_id or "",
        spouse_posted=review.spouse_posted,
        under_discipline=review.under_discipline,
        healthy=review.healthy,
        unmet=tuple(str(j.get_standard_display()) for j in review.judgements.all() if not j.met),
    )
