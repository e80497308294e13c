"""What is gathered for a round: needs of villages, quotas of units, candidates; nothing is asked that is known already."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.directory.models import Standing, Unit, Village
from zhucun.base.journal import journal
from zhucun.base.people.models import PARTY, Person
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.work.placement.eligible import judged
from zhucun.work.placement.models import Candidate, Need, Quota, Round
from zhucun.work.placement.rules import PlacementPolicy
from zhucun.work.teams.models import Posting, Team

from .guard import require_open

RIGHT = "placement.edit"
JUDGED_BY = {*Need.SCORES, "grounds"}


@transaction.atomic
def bring_teams(*, round: Round, by, at: datetime) -> int:
    """Bring in what the ledger knows of the day before: villages with a team, and the units that lead them.

    Returns how many villages came in; those already in the round stay as they are.
    """
    by.require(RIGHT, at, round)
    require_open(round=round, by=by, at=at)
    rows = Team.objects.on(round.starts_on - ONE_DAY).filter(county=round.county_id)
    teams = list(rows.select_related("village", "lead_unit").prefetch_related("partners"))
    added = bring_villages(round=round, villages=[team.village for team in teams], by=by, at=at, sizes=_sizes(round))
    known = set(round.quotas.values_list("unit", flat=True))
    for unit in sorted({team.lead_unit for team in teams}, key=lambda unit: unit.name):
        if unit.pk not in known:
            led = [team for team in teams if team.lead_unit_id == unit.pk]
            partners = {partner for team in led for partner in team.partners.all()}
            set_quota(round=round, unit=unit, capacity=len(led), partners=partners, by=by, at=at)
    return added


def _sizes(round: Round) -> dict[str, int]:
    """How many people each village has in post on the day before."""
    rows = Posting.objects.on(round.starts_on - ONE_DAY).filter(team__county=round.county_id)
    return dict(Counter(rows.values_list("team__village", flat=True)))


@transaction.atomic
def bring_villages(
    *, round: Round, villages: Iterable[Village], by, at: datetime, sizes: Mapping[str, int] | None = None
) -> int:
    """Let villages take part, scored as their 村情 on the round's first day stands for; returns how many are new.

    A team is to have as many people as `sizes` says for its village (at most ten), else what the policy calls usual.
    """
    by.require(RIGHT, at, round)
    require_open(round=round, by=by, at=at)
    there = set(round.needs.values_list("village", flat=True))
    wanted = {village.pk: village for village in villages if village.pk not in there}
    standings = {row.village_id: row for row in Standing.objects.on(round.starts_on).filter(village__in=wanted)}
    numbers = policy.on(round.starts_on, PlacementPolicy, area=round.county_id)
    rows = [
        Need(
            round=round, village=village, size=min((sizes or {}).get(village.pk, numbers.size), 10), skills=village.needs, filled_by=by, filled_at=at,
            **_scores(standings.get(village.pk), numbers),
        )
        for village in wanted.values()
    ]  # fmt: skip
    Need.objects.bulk_create(rows)
    if rows:
        data = {"villages": sorted(wanted)}
        journal.note(by=by, at=at, action="round.villages_brought", target=round, data=data)
    return len(rows)


def _scores(standing: Standing | None, numbers: PlacementPolicy) -> dict[str, Any]:
    """The scores a village starts from, and the grounds: its 村情 as decided."""
    if standing is None:
        return dict.fromkeys(Need.SCORES, numbers.plain) | {"grounds": ""}
    scores = {name: numbers.flagged if getattr(standing, name) else numbers.plain for name in Need.SCORES}
    words = "、".join(standing.conditions) or "未认定穷、弱、乱"
    since = f"（{standing.start} 起）" if standing.start_known else ""
    return scores | {"grounds": f"由村情带出：{words}{since}"}


@transaction.atomic
def fill_needs(*, round: Round, rows: Mapping[Need, Mapping[str, Any]], by, at: datetime) -> int:
    """Write what was filled in of some needs of a round; returns how many changed. One wrong one stops all.

    Raises ValidationError with the village in front of what is wrong.
    """
    for need in rows:
        by.require("placement.need_edit", at, need)
    require_open(round=round, by=by, at=at)
    wrong, notes = [], []
    for need, fields in rows.items():
        changed = journal.apply(need, fields)
        if set(changed) & JUDGED_BY:
            changed |= journal.apply(need, {"judged": True})  # whoever changes a score has judged it
        if not changed:
            continue
        need.filled_by, need.filled_at = by, at
        try:
            need.full_clean()
        except ValidationError as refusal:
            wrong += [f"{need.village}：{message}" for message in refusal.messages]
            continue
        need.save(update_fields=[*changed, "filled_by", "filled_at"])
        notes.append(journal.Note("need.filled", need, changed))
    if wrong:
        raise ValidationError(wrong)
    journal.note_many(by=by, at=at, notes=notes)
    return len(notes)


@transaction.atomic
def drop_needs(*, round: Round, needs: Iterable[Need], by, at: datetime) -> None:
    """Take villages and their locks out of a round; a proposal that still holds one must be computed anew before approval."""
    by.require(RIGHT, at, round)
    require_open(round=round, by=by, at=at)
    villages = sorted(need.village_id for need in needs)
    round.locks.filter(village__in=villages).delete()
    round.needs.filter(village__in=villages).delete()
    journal.note(by=by, at=at, action="round.villages_dropped", target=round, data={"villages": villages})


@transaction.atomic
def set_quota(*, round: Round, unit: Unit, capacity: int, partners: Iterable[Unit], by, at: datetime) -> Quota:
    """Say how many teams a unit may lead in a round, and with whose people; the same again changes nothing."""
    by.require(RIGHT, at, round)
    require_open(round=round, by=by, at=at)
    partners = [other for other in partners if other.pk != unit.pk]
    quota = Quota.objects.filter(round=round, unit=unit).first() or Quota(round=round, unit=unit)
    joined = {other.pk for other in quota.partners.all()} if not quota._state.adding else set()
    changed = journal.apply(quota, {"capacity": capacity})
    if not changed and joined == {other.pk for other in partners}:
        return quota
    quota.full_clean()
    quota.save()
    quota.partners.set(partners)
    data = {"unit": unit.name, "capacity": capacity, "partners": sorted(other.name for other in partners)}
    journal.note(by=by, at=at, action="quota.set", target=quota, data=data)
    return quota


@transaction.atomic
def put_forward(
    *, round: Round, person: Person, by, at: datetime, may_lead: bool | None = None, reason: str = "", **fields: Any
) -> Candidate:
    """Put somebody forward for a round; `fields` may name `spouse` (a Person) and `preference` (a township).

    Without `may_lead` party members may lead. Raises ValidationError for somebody the policy does not let be sent at
    all, for doubts without a `reason`, and for somebody put forward already.
    """
    known = judged([person], round.starts_on, round.county_id)[person]
    if known.record is None:
        raise ValidationError(f"{person}在 {round.starts_on} 没有人员情况记录，请先补充派出单位、学历等。")
    row = Candidate(
        round=round, person=person, unit=known.record.unit, put_by=by, put_at=at,
        reason=reason if known.warnings else "",  # nobody is to be explained about whom there is no doubt
        may_lead=known.record.political in PARTY if may_lead is None else may_lead, **fields,
    )  # fmt: skip
    by.require("placement.candidate_edit", at, row)
    require_open(round=round, by=by, at=at)
    _refuse_doubts(person, known, reason)
    _refuse_own_spouse(row)
    row.full_clean()
    row.save(force_insert=True)
    data = {"unit": row.unit.name, "may_lead": row.may_lead, "concerns": [doubt.doubt.name for doubt in known.doubts]}
    journal.note(by=by, at=at, action="candidate.put_forward", target=row, data=data, reason=reason)
    return row


def _refuse_doubts(person: Person, known, reason: str) -> None:
    if known.refusals:
        raise ValidationError([f"{person}不能推荐：{sentence}。" for sentence in known.refusals])
    if known.warnings and not reason.strip():
        raise ValidationError([f"{person}：{sentence}。如仍要推荐，请写明理由。" for sentence in known.warnings])


def _refuse_own_spouse(row: Candidate) -> None:
    if row.spouse_id == row.person_id:
        raise ValidationError({"spouse": "配偶不能是本人，请重新选择。"})


@transaction.atomic
def put_many_forward(*, round: Round, people: Iterable[Person], reason: str, by, at: datetime) -> list[Candidate]:
    """Put several people forward with one reason where one is needed: all of them or none."""
    found, refused = [], []
    for person in people:
        try:
            found.append(put_forward(round=round, person=person, reason=reason, by=by, at=at))
        except ValidationError as refusal:
            refused += refusal.messages
    if refused:
        raise ValidationError(refused)
    return found


@transaction.atomic
def bring_people(*, round: Round, by, at: datetime) -> dict[Person, list[str]]:
    """Put forward everybody in post on the day before, to stay or move on; returns who could not be, and why.

    Leaders may lead again. Doubts to be justified rest on the reasons of the posting: “在任人员，延续原选派理由”.
    """
    by.require(RIGHT, at, round)
    require_open(round=round, by=by, at=at)
    there = set(round.candidates.values_list("person", flat=True))
    in_post = Posting.objects.on(round.starts_on - ONE_DAY).filter(team__county=round.county_id)
    postings = [row for row in in_post.select_related("person") if row.person_id not in there]
    known = judged([row.person for row in postings], round.starts_on, round.county_id)
    rows, left_out = [], {}
    for posting in postings:
        person, one = posting.person, known[posting.person]
        if one.refusals or one.record is None:
            left_out[person] = one.refusals
            continue
        rows.append(
            Candidate(
                round=round, person=person, unit=one.record.unit, put_by=by, put_at=at,
                may_lead=posting.leads or one.record.political in PARTY,
                reason="在任人员，延续原选派理由" if one.warnings else "",
            )
        )  # fmt: skip
    Candidate.objects.bulk_create(rows)
    notes = [
        journal.Note("candidate.put_forward", row, {"unit": row.unit.name, "may_lead": row.may_lead}) for row in rows
    ]
    journal.note_many(by=by, at=at, notes=notes)
    return left_out


@transaction.atomic
def change_candidate(*, candidate: Candidate, fields: Mapping[str, Any], by, at: datetime) -> Candidate:
    """Change what was said of somebody put forward: may_lead, spouse, preference, reason."""
    by.require("placement.candidate_edit", at, candidate)
    require_open(round=candidate.round, by=by, at=at)
    changed = journal.apply(candidate, fields)
    if changed:
        known = judged([candidate.person], candidate.round.starts_on, candidate.round.county_id)[candidate.person]
        if known.warnings and not candidate.reason.strip():
            raise ValidationError({"reason": [f"{sentence}。如仍要推荐，请写明理由。" for sentence in known.warnings]})
        _refuse_own_spouse(candidate)
        candidate.full_clean()
        candidate.save(update_fields=list(changed))
        data = {name: [str(value or "") for value in pair] for name, pair in changed.items()}
        journal.note(by=by, at=at, action="candidate.changed", target=candidate, data=data)
    return candidate


@transaction.atomic
def take_back(*, candidate: Candidate, reason: str, by, at: datetime) -> None:
    """Take somebody out of the round's candidates; refused while a proposal seats them: let them sit out by a lock."""
    by.require("placement.candidate_edit", at, candidate)
    require_open(round=candidate.round, by=by, at=at)
    if candidate.seats.exists():
        raise ValidationError(f"{candidate}已经排进方案，请在方案里选“不参加”，再重新计算。")
    journal.note(
        by=by, at=at, action="candidate.taken_back", target=candidate, data={"unit": candidate.unit.name}, reason=reason
    )
    candidate.delete()
