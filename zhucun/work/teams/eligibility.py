"""Gathers what the rules need to know about a candidate, and asks them."""

from datetime import date

from zhucun.base.people.models import PARTY, Record
from zhucun.base.policy import policy

from .models import Posting, Review
from .rules import Candidate, Concern, Place, Sheet, TeamsPolicy, concerns

WEAK = {Review.Appraisal.BASIC, Review.Appraisal.FAILED, Review.Appraisal.NONE}


def concerns_about(*, record: Record, posting: Posting) -> list[Concern]:
    """What speaks against a posting not yet made, on its first day, by the policy of its village that day."""
    day, village = posting.start, posting.team.village
    return concerns(candidate(record, day), _place(posting), day, policy.on(day, TeamsPolicy, area=village.code))


def candidate(record: Record, day: date) -> Candidate:
    """The person of a record as the rules see one on `day`: earlier recalls, and the latest review sheet by then."""
    ended = Posting.objects.filter(person=record.person, ending=Posting.Ending.RECALL, end__lte=day)
    review = Review.objects.filter(record__person=record.person, reviewed_on__lte=day).order_by("-reviewed_on").first()
    return Candidate(
        born=record.person.born,
        in_party=record.political in PARTY,
        recalls=tuple(posting.last_day for posting in ended),
        sheet=_sheet(review) if review else None,
    )


def _place(posting: Posting) -> Place:
    leaders = Posting.objects.on(posting.start).filter(team=posting.team, role__in=Posting.LEADERS).exclude(pk=posting.pk)
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
