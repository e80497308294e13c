"""What the database keeps, tried by breaking it; and whose rounds somebody sees."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.cast import NOW, TODAY
from zhucun.work.placement.models import Candidate, Line, Lock, Need, Objection, Proposal, Quota, Round, Seat
from zhucun.work.placement.optimiser.result import Team

from .conftest import candidate, need, newcomer, proposal, put, quota

pytestmark = pytest.mark.django_db
BEST = {
    "430426102201": Team("县财政局", "P001", ("P001", "P002")),
    "430426103201": Team("县公安局", "P003", ("P003",)),
}


def refused(write, name: str) -> None:
    """The database itself refuses, by the name of the promise (SQLite names a unique index by its columns)."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    assert name in str(refusal.value) or "UNIQUE constraint failed" in str(refusal.value)


def test_a_round_is_approved_by_somebody_at_some_time_or_not_at_all(told):
    rows, name = Round.objects.filter(pk=told.round.pk), "placement_round_approved_at_and_by_go_with_its_status"
    refused(lambda: rows.update(status="approved"), name)
    refused(lambda: rows.update(approved_at=NOW, approved_by=told.office), name)
    refused(lambda: rows.update(status="approved", approved_at=NOW), name)
    assert rows.update(status="approved", approved_at=NOW, approved_by=told.office) == 1


def test_scores_sizes_and_quotas_lie_within_their_limits(told):
    rows = Need.objects.filter(pk=need(told, told.shiqiao).pk)
    for score in Need.SCORES:
        refused(lambda score=score: rows.update(**{score: 101}), "placement_need_scores_lie_between_0_and_100")
    for size in (0, 11):
        refused(lambda size=size: rows.update(size=size), "placement_need_asks_for_1_to_10_people")
    refused(lambda: told.round.quotas.update(capacity=51), "placement_quota_is_at_most_50_teams")


def test_a_village_a_unit_and_a_person_are_in_a_round_once(staffed):
    round, wang = staffed.round, candidate(staffed, staffed.wang)
    for row, name in (
        (need(staffed, staffed.shiqiao), "one_need_per_round_and_village"),
        (round.quotas.get(unit=staffed.finance), "one_quota_per_round_and_unit"),
        (wang, "one_candidacy_per_round_and_person"),
    ):
        row.pk = None
        row._state.adding = True
        row.id = row._meta.pk.get_default()
        refused(lambda row=row: row.save(force_insert=True), name)
    assert (Need.objects.count(), Quota.objects.count(), Candidate.objects.count()) == (2, 2, 3)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("unit_village", {"village"}),
        ("unit_village", {"unit"}),
        ("ban_unit_village", {"unit", "village", "candidate"}),
        ("person_village", {"candidate"}),
        ("ban_person_village", {"unit", "village"}),
        ("person_out", {"candidate", "village"}),
        ("person_out", set()),
    ],
)
def test_a_lock_names_what_its_kind_needs_and_nothing_else(staffed, kind, names):
    known = {"village": staffed.shiqiao, "unit": staffed.finance, "candidate": candidate(staffed, staffed.wang)}
    row = Lock(round=staffed.round, kind=kind, made_by=staffed.office, made_at=NOW, **{name: known[name] for name in names})  # fmt: skip
    refused(lambda: row.save(force_insert=True), "placement_lock_names_what_its_kind_needs")


def test_the_same_lock_cannot_stand_twice(staffed):
    wang = candidate(staffed, staffed.wang)
    for fields in (
        {"kind": "unit_village", "unit": staffed.finance, "village": staffed.shiqiao},
        {"kind": "person_village", "candidate": wang, "village": staffed.shiqiao},
        {"kind": "person_out", "candidate": wang},
    ):
        first, second = (Lock(round=staffed.round, made_by=staffed.office, made_at=NOW, **fields) for _ in range(2))
        first.save(force_insert=True)
        refused(lambda second=second: second.save(force_insert=True), "one_lock")


def test_a_proposal_is_proven_to_be_at_most_its_bound_and_one_is_adopted(staffed):
    one, other = proposal(staffed, BEST), proposal(staffed, BEST)
    rows = Proposal.objects.filter(pk=one.pk)
    refused(lambda: rows.update(objective=10, bound=9), "placement_proposal_bound_is_not_below_its_value")
    assert rows.update(objective=10, bound=10, adopted=True) == 1
    refused(lambda: Proposal.objects.filter(pk=other.pk).update(adopted=True), "one_adopted_proposal_per_round")
    refused(lambda: Proposal.objects.filter(pk=other.pk).update(number=1), "one_proposal_per_round_and_number")


def test_a_team_has_one_line_one_leader_and_everybody_one_seat(staffed):
    ready = proposal(staffed, BEST)
    line = ready.lines.get(village=staffed.shiqiao)
    again = Line(proposal=ready, village=line.village, unit=staffed.police)
    refused(lambda: again.save(force_insert=True), "one_line_per_proposal_and_village")
    refused(lambda: line.seats.update(leads=True), "one_leader_per_line")
    seat = Seat(proposal=ready, line=line, candidate=candidate(staffed, staffed.zhao))
    refused(lambda: seat.save(force_insert=True), "one_seat_per_proposal_and_candidate")


def test_an_answer_has_its_words_its_moment_and_its_person(staffed):
    seat = proposal(staffed, BEST).seats.first()
    Objection(seat=seat, text="离家太远", raised_at=NOW, raised_by=staffed.member_li).save(force_insert=True)
    name = "placement_objection_answer_has_its_moment_and_person"
    for fields in ({"answer": "好"}, {"answered_at": NOW, "answered_by": staffed.office}, {"answered_at": NOW, "answer": "好"}):  # fmt: skip
        refused(lambda fields=fields: Objection.objects.update(**fields), name)


def test_messages_are_said_in_the_words_of_the_promise(staffed):
    again = Candidate(
        round=staffed.round, person=staffed.wang, unit=staffed.finance, may_lead=True, put_by=staffed.office, put_at=NOW
    )
    with pytest.raises(ValidationError, match="这个人在这一批里已经推荐过了"):
        again.full_clean()


# --- sight -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"),
    [("office", True), ("leader_county", True), ("clerk_jin", True), ("contact_finance", True), ("stranger", False)],
)
def test_a_round_is_seen_by_those_who_have_to_do_with_it(told, who, sees):
    scope = getattr(told, who).scope_on(TODAY)
    assert Round.objects.seen_by(scope).exists() is sees


def test_the_clerk_of_a_township_without_a_village_in_it_sees_no_round(told):
    told.round.needs.filter(village=told.gaoling).delete()
    assert not Round.objects.seen_by(told.clerk_niao.scope_on(TODAY)).exists()


def test_a_unit_sees_its_own_people_and_quota_a_township_its_own_villages(staffed):
    put(staffed, newcomer(staffed, "周华", "P010", staffed.finance))
    quota(staffed, staffed.farming, 1)
    unit, town = (who.scope_on(TODAY) for who in (staffed.contact_finance, staffed.clerk_jin))
    assert set(Candidate.objects.within(unit).values_list("person__number", flat=True)) == {"P001", "P010"}
    assert [row.unit for row in Quota.objects.within(unit)] == [staffed.finance]
    assert [row.village for row in Need.objects.within(town)] == [staffed.shiqiao]
    assert not Candidate.objects.within(town).exists()
    ready = proposal(staffed, BEST)
    assert [line.unit for line in Line.objects.within(unit)] == [staffed.finance]
    assert {seat.candidate.person for seat in ready.seats.within(unit)} == {staffed.wang}
    assert {seat.candidate.person for seat in ready.seats.within(town)} == {staffed.wang, staffed.li}
