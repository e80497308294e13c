"""Proposals: asked for, computed, changed by hand and discussed; what the meeting fixes; what is objected to."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import NOW
from zhucun.base.journal.models import Entry
from zhucun.work.placement import plan
from zhucun.work.placement.actions import approval, gathering, locks, objections, proposals, rounds
from zhucun.work.placement.models import Lock, Proposal
from zhucun.work.placement.optimiser.result import Result, Team
from zhucun.work.placement.rules import Status

from .conftest import candidate, deliberating, fill, newcomer, proposal, put, quota, review

pytestmark = pytest.mark.django_db
SHIQIAO, GAOLING = "430426102201", "430426103201"
BEST = {SHIQIAO: Team("县财政局", "P001", ("P001", "P002")), GAOLING: Team("县公安局", "P003", ("P003",))}
K = Lock.Kind


def entries(action: str) -> list[Entry]:
    return list(Entry.objects.filter(action=action).order_by("seq"))


def computed(world, **fields) -> Proposal:
    return proposals.compute(proposal=proposals.ask(round=world.round, **world.by, **fields), **world.by)


# --- computing ---------------------------------------------------------------------------------------------------


def test_a_round_is_computed_to_proof_and_written_down_with_its_parts(staffed):
    heard = []
    asked = proposals.ask(round=staffed.round, note="第一次", **staffed.by)
    assert (asked.state, asked.number, asked.is_working) == ("working", 1, True)
    found = proposals.compute(proposal=asked, progress=lambda text, share: heard.append(share), **staffed.by)
    assert (found.state, plan.teams_of(found)) == ("ready", BEST)
    parts = {line.village.name: line.scores for line in found.lines.all()}
    # 石桥村: 970; twice 15 for the township; 王立新 leads: 40; 女 20, 年轻 20, 党员 15 + 7, 农村 15, 脱贫 15; one joins; two stay
    assert parts["石桥村"] == {"unit": 970, "person": 30, "leader": 40, "skills": 92, "joint": -8, "stay": 50}
    assert parts["高岭村"] == {"unit": 1090, "person": 15, "leader": 10, "skills": 30, "joint": 0, "stay": 25}
    assert (found.objective, found.bound) == (2344, 2344)  # 1174 + 1170
    assert heard[-1] == 1.0
    assert len(entries("proposal.asked")) == len(entries("proposal.computed")) == 1


def test_a_second_process_at_the_same_proposal_changes_nothing(staffed):
    asked = proposals.ask(round=staffed.round, **staffed.by)
    proposals.compute(proposal=Proposal.objects.get(pk=asked.pk), **staffed.by)
    before = asked.lines.values_list("pk", flat=True)[0]
    proposals.compute(proposal=asked, **staffed.by)
    assert before in asked.lines.values_list("pk", flat=True)
    assert len(entries("proposal.computed")) == 1


def test_there_must_be_villages_people_and_quotas_to_compute_from(world):
    by = {"by": world.office, "at": NOW}
    round = rounds.open_round(county=world.county, title="空", starts_on=date(2023, 5, 22), bring_teams=False, **by)
    with pytest.raises(ValidationError) as refusal:
        proposals.ask(round=round, **by)
    assert [message[:7] for message in refusal.value.messages] == ["还没有村参加这", "还没有推荐人选", "还没有单位名额"]


@pytest.mark.parametrize("who", ["clerk_jin", "contact_finance", "leader_county", "stranger"])
def test_nobody_else_asks_computes_changes_or_gives_up(staffed, who):
    ready = computed(staffed)
    by = {"by": getattr(staffed, who), "at": NOW}
    for refused in (
        lambda: proposals.ask(round=staffed.round, **by),
        lambda: proposals.compute(proposal=ready, **by),
        lambda: proposals.change(proposal=ready, teams=BEST, words="", **by),
        lambda: proposals.say(proposal=ready, lines={}, **by),
        lambda: proposals.give_up(proposal=ready, message="", **by),
        lambda: locks.lock(round=staffed.round, kind=K.UNIT, unit=staffed.police, village=staffed.gaoling, **by),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_a_round_without_a_whole_plan_says_why_in_words_and_shows_the_best_part(staffed):
    quota(staffed, staffed.police, 0)
    found = computed(staffed)
    assert (found.state, found.objective, found.bound) == ("impossible", None, None)
    assert [line.village.name for line in found.lines.all()] == ["石桥村"]
    sentences = [one["sentence"] for one in found.findings["conflicts"]]
    assert sentences
    assert all("高岭村" in sentence and GAOLING not in sentence for sentence in sentences)
    assert found.findings["repairs"]


def test_when_time_was_too_short_the_proposal_has_failed_with_the_sentence(staffed, monkeypatch):
    answer = Result("infeasible", 1, 60.0, problems=("时间用完，没有证明无解。",))
    monkeypatch.setattr(proposals, "solve", lambda *args, **kwargs: answer)
    found = computed(staffed)
    assert (found.state, found.findings) == ("failed", {"message": "时间用完，没有证明无解。"})


def test_what_was_given_up_is_not_written_by_a_late_process(staffed):
    asked = proposals.ask(round=staffed.round, **staffed.by)
    proposals.give_up(proposal=asked, message="进程中断", **staffed.by)
    proposals.compute(proposal=asked, **staffed.by)
    asked.refresh_from_db()
    assert (asked.state, asked.findings, asked.lines.count()) == ("failed", {"message": "进程中断"}, 0)
    assert [entry.reason for entry in entries("proposal.given_up")] == ["进程中断"]
    proposals.give_up(proposal=asked, message="又一次", **staffed.by)
    assert len(entries("proposal.given_up")) == 1


def test_a_proposal_based_on_another_keeps_its_people_where_they_were(staffed):
    put(staffed, newcomer(staffed, "周华", "P010", staffed.finance, sex="female", rural=True, poverty_relief=True))
    first = proposal(staffed, {**BEST, SHIQIAO: Team("县财政局", "P001", ("P001", "P010"))})
    weights = {"stay_bonus": 500} | {name: value for name, value in first.weights.items() if name != "stay_bonus"}
    again = computed(staffed, based_on=first, weights=weights)
    assert plan.teams_of(again)[SHIQIAO].members == ("P001", "P010")
    assert again.bound is None  # the bound was proven of another objective
    assert again.prices["objective"] == again.objective  # prices are of the round's own
    assert plan.teams_of(computed(staffed, weights=weights))[SHIQIAO].members == ("P001", "P002")


def test_locks_and_people_left_out_are_kept_to(staffed):
    put(staffed, newcomer(staffed, "周华", "P010", staffed.finance))
    locks.lock(round=staffed.round, kind=K.OUT, candidate=candidate(staffed, staffed.wang), reason="借调", **staffed.by)
    assert plan.teams_of(computed(staffed))[SHIQIAO] == Team("县财政局", "P010", ("P002", "P010"))


# --- changing by hand --------------------------------------------------------------------------------------------


def three_of_finance(world) -> Proposal:
    """王立新 and 李敏 seated in 石桥村, 周华 of the same unit not seated."""
    put(world, newcomer(world, "周华", "P010", world.finance))
    ready = proposal(world, BEST)
    line = {row: {"opinion": "合适"} for row in ready.lines.filter(village=world.shiqiao)}
    proposals.say(proposal=ready, lines=line, **world.by)
    return ready


def test_the_first_change_makes_a_proposal_of_its_own_and_further_ones_go_on_in_it(staffed):
    ready = three_of_finance(staffed)
    before = plan.teams_of(ready)
    changed = proposals.change(
        proposal=ready, teams=plan.exchanged(before, "P002", "P010"), words="李敏换周华", **staffed.by
    )
    assert (changed.number, changed.by_hand, changed.based_on, changed.state) == (2, True, ready, "ready")
    assert plan.teams_of(ready) == before
    assert plan.teams_of(changed)[SHIQIAO].members == ("P001", "P010")
    # 970 + 15 for 王立新's township + 40 + 党员 15 + 7, 农村 15, 脱贫 15 + 25; 高岭村 1170 as before
    assert (changed.objective, changed.lines.get(village=SHIQIAO).total) == (2272, 1102)
    again = proposals.change(proposal=changed, teams=before, words="换回", **staffed.by)
    assert again.pk == changed.pk
    assert plan.teams_of(changed) == before
    assert [entry.data.count("换") for entry in entries("proposal.changed")] == [1, 1]


def test_what_the_meeting_said_stays_where_village_and_unit_stay(staffed):
    ready = three_of_finance(staffed)
    quota(staffed, staffed.finance, 1, staffed.farming, staffed.police)
    changed = proposals.change(proposal=ready, teams=plan.exchanged(BEST, "P002", "P010"), words="换人", **staffed.by)
    assert changed.lines.get(village=SHIQIAO).opinion == "合适"
    assert changed.lines.get(village=GAOLING).opinion == ""


def test_a_change_that_breaks_a_hard_rule_is_refused_with_the_names(staffed):
    ready = three_of_finance(staffed)
    with pytest.raises(ValidationError) as refusal:
        proposals.change(proposal=ready, teams=plan.exchanged(BEST, "P002", "P003"), words="换", **staffed.by)
    (said,) = refusal.value.messages
    assert said.startswith("不能这样调整：")
    assert "李敏 不属于牵头单位及其参与单位" in said
    assert "赵刚 不属于牵头单位及其参与单位" in said
    assert "高岭村 队长李敏不合要求" in said
    assert Proposal.objects.count() == 1


def test_what_was_broken_before_does_not_hinder_a_change_elsewhere(staffed):
    ready = three_of_finance(staffed)
    review(staffed, staffed.zhao, {"under_discipline": True})  # 高岭村 has nobody any more
    changed = proposals.change(proposal=ready, teams=plan.exchanged(BEST, "P002", "P010"), words="换人", **staffed.by)
    assert changed.lines.get(village=GAOLING).total == 0
    assert changed.objective == 1102
    assert [seat.candidate.person for seat in changed.lines.get(village=GAOLING).seats.all()] == [staffed.zhao]


def test_after_a_village_was_dropped_the_others_may_still_be_changed(staffed):
    ready = three_of_finance(staffed)
    gathering.drop_needs(round=staffed.round, needs=staffed.round.needs.filter(village=GAOLING), **staffed.by)
    changed = proposals.change(proposal=ready, teams=plan.exchanged(BEST, "P002", "P010"), words="换人", **staffed.by)
    assert changed.objective == 1102


def test_a_bound_that_a_change_goes_beyond_is_no_bound(staffed):
    ready = three_of_finance(staffed)
    Proposal.objects.filter(pk=ready.pk).update(bound=2300, objective=2300)
    ready.refresh_from_db()
    fill(staffed, staffed.shiqiao, poor=100)
    assert proposals.change(proposal=ready, teams=BEST, words="", **staffed.by).bound is None


def test_another_leader_and_two_teams_in_each_others_villages(staffed):
    teams = plan.led_by(BEST, SHIQIAO, "P002")
    assert teams[SHIQIAO] == Team("县财政局", "P002", ("P001", "P002"))
    swapped = plan.swapped(BEST, SHIQIAO, GAOLING)
    assert swapped == {SHIQIAO: BEST[GAOLING], GAOLING: BEST[SHIQIAO]}
    assert plan.moved(BEST, swapped) == {
        "P001": (SHIQIAO, GAOLING), "P002": (SHIQIAO, GAOLING), "P003": (GAOLING, SHIQIAO),
    }  # fmt: skip
    assert plan.moved(BEST, {}) == {
        "P001": (SHIQIAO, ""), "P002": (SHIQIAO, ""), "P003": (GAOLING, ""),
    }  # fmt: skip


def test_nothing_is_changed_while_it_is_computed_or_once_it_is_decided(staffed):
    asked = proposals.ask(round=staffed.round, **staffed.by)
    with pytest.raises(ValidationError, match="正在计算或已经采用"):
        proposals.change(proposal=asked, teams=BEST, words="", **staffed.by)
    ready = proposal(staffed, BEST)
    deliberating(staffed)
    ready.refresh_from_db()
    approval.approve(proposal=Proposal.objects.get(pk=ready.pk), **staffed.by)
    for refused in (
        lambda: proposals.change(proposal=ready, teams=BEST, words="", **staffed.by),
        lambda: proposals.say(proposal=ready, lines={}, **staffed.by),
        lambda: proposals.ask(round=staffed.round, **staffed.by),
        lambda: locks.lock(
            round=staffed.round, kind=K.UNIT, unit=staffed.police, village=staffed.gaoling, **staffed.by
        ),
    ):
        with pytest.raises(ValidationError, match="已批准，不能再改"):
            refused()


def test_the_meetings_words_are_kept_and_said_twice_are_one_entry(staffed):
    ready = proposal(staffed, BEST)
    line = ready.lines.get(village=SHIQIAO)
    fields = {"opinion": "同意", "reason": ""}
    assert proposals.say(proposal=ready, lines={line: fields}, **staffed.by) == 1
    assert proposals.say(proposal=ready, lines={ready.lines.get(village=SHIQIAO): fields}, **staffed.by) == 0
    assert [entry.data for entry in entries("proposal.discussed")] == ['{"opinion":["","同意"]}']


def test_a_candidate_seated_in_a_proposal_is_not_taken_back(staffed):
    proposal(staffed, BEST)
    with pytest.raises(ValidationError, match="王立新已经排进方案，请在方案里选“不参加”"):
        gathering.take_back(candidate=candidate(staffed, staffed.wang), reason="", **staffed.by)


# --- locks -------------------------------------------------------------------------------------------------------


def test_the_same_lock_twice_is_one_and_lifting_it_is_an_entry(staffed):
    fields = {"round": staffed.round, "kind": K.UNIT, "unit": staffed.police, "village": staffed.gaoling}
    row = locks.lock(reason="连续帮扶", **fields, **staffed.by)
    assert locks.lock(reason="又一次", **fields, **staffed.by) == row
    assert str(row) == "锁定单位到村：县公安局 → 高岭村"
    assert [entry.reason for entry in entries("lock.set")] == ["连续帮扶"]
    locks.unlock(lock=row, **staffed.by)
    assert not Lock.objects.exists()
    assert len(entries("lock.lifted")) == 1


def test_nobody_else_lifts_a_lock(staffed):
    row = locks.lock(round=staffed.round, kind=K.UNIT, unit=staffed.police, village=staffed.gaoling, **staffed.by)
    for who in (staffed.clerk_niao, staffed.contact_finance, staffed.leader_county):
        with pytest.raises(PermissionDenied):
            locks.unlock(lock=row, by=who, at=NOW)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((K.UNIT, "police", "gaoling"), (K.BAN_UNIT, "police", "gaoling")),
        ((K.BAN_UNIT, "police", "gaoling"), (K.UNIT, "police", "gaoling")),
        ((K.UNIT, "police", "gaoling"), (K.UNIT, "finance", "gaoling")),
        ((K.PERSON, "wang", "shiqiao"), (K.BAN_PERSON, "wang", "shiqiao")),
        ((K.BAN_PERSON, "wang", "shiqiao"), (K.PERSON, "wang", "shiqiao")),
        ((K.PERSON, "wang", "shiqiao"), (K.PERSON, "wang", "gaoling")),
        ((K.PERSON, "wang", "shiqiao"), (K.OUT, "wang", "")),
        ((K.OUT, "wang", ""), (K.PERSON, "wang", "shiqiao")),
    ],
)
def test_locks_that_contradict_each_other_are_refused_by_name(staffed, first, second):
    row = locks.lock(**lock_fields(staffed, *first), **staffed.by)
    with pytest.raises(ValidationError, match=f"和已有的“{row}”矛盾，请先解除那一条"):
        locks.lock(**lock_fields(staffed, *second), **staffed.by)
    assert Lock.objects.count() == 1


def test_locks_that_do_not_contradict_stand_together(staffed):
    many = [
        (K.UNIT, "finance", "shiqiao"), (K.BAN_UNIT, "police", "shiqiao"), (K.BAN_UNIT, "finance", "gaoling"),
        (K.PERSON, "wang", "shiqiao"), (K.PERSON, "li", "shiqiao"), (K.BAN_PERSON, "wang", "gaoling"), (K.OUT, "zhao", ""),
    ]  # fmt: skip
    for one in many:
        locks.lock(**lock_fields(staffed, *one), **staffed.by)
    assert Lock.objects.count() == len(many)


def lock_fields(world, kind: Lock.Kind, what: str, village: str) -> dict:
    """The fields of a lock from names of the cast."""
    fields = {"round": world.round, "kind": kind, "village": getattr(world, village) if village else None}
    if "unit" in kind:
        return fields | {"unit": getattr(world, what)}
    return fields | {"candidate": candidate(world, getattr(world, what))}


# --- objections --------------------------------------------------------------------------------------------------


@pytest.fixture
def approved(staffed):
    """The best plan, approved; seat of 李敏 (who has an account) and of 王立新."""
    ready = proposal(staffed, BEST)
    deliberating(staffed)
    approval.approve(proposal=ready, **staffed.by)
    seats = ready.seats.select_related("candidate__person", "candidate__unit", "line__village", "proposal__round")
    staffed.seat_li, staffed.seat_wang = (seats.get(candidate__person=who) for who in (staffed.li, staffed.wang))
    return staffed


def test_the_person_and_the_unit_may_object_and_the_office_answers_once(approved):
    mine = objections.object_to(seat=approved.seat_li, text="离家太远", by=approved.member_li, at=NOW)
    units = objections.object_to(seat=approved.seat_wang, text="单位人手紧", by=approved.contact_finance, at=NOW)
    assert [entry.target_name for entry in entries("objection.raised")] == [
        "李敏（石桥村）的意见", "王立新（石桥村）的意见",
    ]  # fmt: skip
    objections.answer(objection=mine, text="已说明", **approved.by)
    with pytest.raises(ValidationError, match="已经答复过了"):
        objections.answer(objection=mine, text="再说明", **approved.by)
    with pytest.raises(PermissionDenied):
        objections.answer(objection=units, text="自己答", by=approved.contact_finance, at=NOW)
    assert len(entries("objection.answered")) == 1


def test_nobody_objects_for_others(approved):
    for who in (approved.contact_finance, approved.clerk_jin, approved.stranger, approved.office):
        with pytest.raises(PermissionDenied):
            objections.object_to(seat=approved.seat_li, text="替人说", by=who, at=NOW)


def test_one_objection_at_a_time_and_the_same_twice_is_one(approved):
    by = {"seat": approved.seat_li, "by": approved.member_li, "at": NOW}
    first = objections.object_to(text="离家太远", **by)
    assert objections.object_to(text="离家太远", **by) == first
    with pytest.raises(ValidationError, match="上一条意见还没有答复"):
        objections.object_to(text="还有一条", **by)
    objections.answer(objection=first, text="已说明", **approved.by)
    assert objections.object_to(text="还有一条", **by) != first
    for empty in ("", "  "):
        with pytest.raises(ValidationError, match="请写明意见"):
            objections.object_to(text=empty, **by)


def test_an_answer_is_not_empty(approved):
    row = objections.object_to(seat=approved.seat_li, text="离家太远", by=approved.member_li, at=NOW)
    with pytest.raises(ValidationError, match="请写明答复"):
        objections.answer(objection=row, text=" ", **approved.by)


def test_nothing_is_objected_to_before_it_is_approved(staffed):
    ready = proposal(staffed, BEST)
    seat = ready.seats.get(candidate__person=staffed.li)
    with pytest.raises(PermissionDenied, match="方案批准以后"):
        objections.object_to(seat=seat, text="不去", by=staffed.member_li, at=NOW)
    assert staffed.round.state is Status.GATHERING


def test_a_lock_names_only_what_is_in_the_round(staffed):
    with pytest.raises(ValidationError, match="清水村不在这一批里"):
        locks.lock(
            round=staffed.round, kind="unit_village", unit=staffed.finance, village=staffed.qingshui, **staffed.by
        )
    with pytest.raises(ValidationError, match="县农业农村局没有这一批的名额"):
        locks.lock(
            round=staffed.round, kind="unit_village", unit=staffed.farming, village=staffed.shiqiao, **staffed.by
        )


def test_the_same_change_twice_is_one_proposal_by_hand(staffed):
    ready = three_of_finance(staffed)
    teams = plan.exchanged(plan.teams_of(ready), "P002", "P010")
    first = proposals.change(proposal=ready, teams=teams, words="换人", **staffed.by)
    again = proposals.change(proposal=ready, teams=teams, words="换人", **staffed.by)
    assert again.pk == first.pk
    assert staffed.round.proposals.filter(by_hand=True).count() == 1


def test_a_change_of_a_proposal_changed_meanwhile_is_not_made(staffed):
    ready = three_of_finance(staffed)
    before = plan.teams_of(ready)
    changed = proposals.change(proposal=ready, teams=plan.exchanged(before, "P002", "P010"), words="换人", **staffed.by)
    with pytest.raises(ValidationError, match="方案刚被改过"):
        proposals.change(proposal=changed, teams=before, words="换回", version=0, **staffed.by)
    assert plan.teams_of(changed)[SHIQIAO].members == ("P001", "P010")


def test_the_same_asked_for_while_it_is_computed_is_one(staffed):
    first = proposals.ask(round=staffed.round, **staffed.by)
    assert proposals.ask(round=staffed.round, **staffed.by).pk == first.pk
    assert proposals.ask(round=staffed.round, weights=first.weights | {"stay_bonus": 1}, **staffed.by).pk != first.pk
