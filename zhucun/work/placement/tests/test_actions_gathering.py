"""What is gathered for a round: who may add what, while what lasts."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import NOW
from zhucun.base.journal.models import Entry
from zhucun.work.placement.actions import gathering, rounds
from zhucun.work.placement.models import Candidate, Lock, Need, Round
from zhucun.work.placement.rules import Status
from zhucun.work.teams import actions as teams

from .conftest import STARTS, TITLE, candidate, deliberating, fill, need, newcomer, put, quota, review

pytestmark = pytest.mark.django_db


def entries(action: str) -> list[Entry]:
    return list(Entry.objects.filter(action=action).order_by("seq"))


# --- opening -----------------------------------------------------------------------------------------------------


def test_the_office_opens_a_round_with_the_teams_of_the_day_before(told):
    assert told.round.state is Status.GATHERING
    assert {row.village.name: (row.size, row.poor, row.weak, row.disorderly) for row in told.round.needs.all()} == {
        "石桥村": (2, 80, 30, 30),
        "高岭村": (1, 30, 30, 80),
    }
    assert need(told, told.shiqiao).grounds == "由村情带出：穷村（2021-01-01 起）"
    quotas = {row.unit.name: (row.capacity, [u.name for u in row.partners.all()]) for row in told.round.quotas.all()}
    assert quotas == {"县财政局": (1, ["县农业农村局"]), "县公安局": (1, [])}
    assert [entry.actor_name for entry in entries("round.opened")] == ["周主任"]
    assert len(entries("round.villages_brought")) == 1
    assert len(entries("quota.set")) == 2


@pytest.mark.parametrize("who", ["clerk_jin", "contact_finance", "leader_county", "member_li", "stranger", "auditor"])
def test_nobody_else_opens_one(world, who):
    with pytest.raises(PermissionDenied):
        rounds.open_round(county=world.county, title=TITLE, starts_on=STARTS, by=getattr(world, who), at=NOW)
    assert not Round.objects.exists()


def test_the_same_title_twice_is_refused_with_a_sentence(told):
    with pytest.raises(ValidationError, match="已经有同名的选派批次，请换一个名称"):
        rounds.open_round(county=told.county, title=TITLE, starts_on=STARTS, **told.by)
    assert Round.objects.count() == 1


def test_a_round_may_begin_empty_or_with_everything(world):
    by = {"by": world.office, "at": NOW, "county": world.county, "starts_on": STARTS}
    empty = rounds.open_round(title="空", bring_teams=False, **by)
    full = rounds.open_round(title="满", bring_people=True, **by)
    assert [empty.needs.count(), empty.quotas.count(), empty.candidates.count()] == [0, 0, 0]
    assert [full.needs.count(), full.quotas.count(), full.candidates.count()] == [2, 2, 3]


def test_a_team_that_ends_before_the_first_day_is_not_brought(world):
    teams.close_team(
        team=world.team_gaoling, last_day=date(2022, 12, 31), ending="term", reason="撤销", by=world.office, at=NOW
    )
    round = rounds.open_round(county=world.county, title=TITLE, starts_on=STARTS, by=world.office, at=NOW)
    assert [row.village for row in round.needs.all()] == [world.shiqiao]


# --- needs -------------------------------------------------------------------------------------------------------


def test_bringing_twice_adds_nothing_and_writes_no_entry(told):
    fill(told, told.shiqiao, poor=66)
    before = Entry.objects.count()
    assert gathering.bring_teams(round=told.round, **told.by) == 0
    assert need(told, told.shiqiao).poor == 66
    assert Entry.objects.count() == before


def test_a_village_without_a_team_comes_in_as_its_standing_says(told):
    assert gathering.bring_villages(round=told.round, villages=[told.qingshui, told.shiqiao], **told.by) == 1
    row = need(told, told.qingshui)
    assert (row.poor, row.weak, row.disorderly) == (30, 30, 30)
    assert row.grounds == "由村情带出：未认定穷、弱、乱（2021-01-01 起）"


def test_the_clerk_fills_the_villages_of_the_township_and_no_other(told):
    row = need(told, told.shiqiao)
    fields = {"poor": 90, "grounds": "脱贫户38户", "shortfall": "industry", "remote": True}
    assert gathering.fill_needs(round=told.round, rows={row: fields}, by=told.clerk_jin, at=NOW) == 1
    row = need(told, told.shiqiao)
    assert (row.poor, row.grounds, row.filled_by, row.filled_at) == (90, "脱贫户38户", told.clerk_jin, NOW)
    [entry] = entries("need.filled")
    assert (entry.township, '"poor":[80,90]' in entry.data) == ("430426102", True)
    with pytest.raises(PermissionDenied):
        gathering.fill_needs(round=told.round, rows={need(told, told.gaoling): {"poor": 1}}, by=told.clerk_jin, at=NOW)


def test_one_village_of_another_township_stops_the_whole_list(told):
    rows = {need(told, told.shiqiao): {"poor": 1}, need(told, told.gaoling): {"poor": 1}}
    with pytest.raises(PermissionDenied):
        gathering.fill_needs(round=told.round, rows=rows, by=told.clerk_jin, at=NOW)
    assert need(told, told.shiqiao).poor == 80


@pytest.mark.parametrize("who", ["contact_finance", "leader_county", "member_li", "stranger"])
def test_units_and_members_fill_no_needs(told, who):
    with pytest.raises(PermissionDenied):
        gathering.fill_needs(
            round=told.round, rows={need(told, told.shiqiao): {"poor": 1}}, by=getattr(told, who), at=NOW
        )


def test_the_clerk_fills_only_while_the_round_is_gathering_and_the_office_until_it_is_decided(told):
    deliberating(told)
    row = need(told, told.shiqiao)
    with pytest.raises(ValidationError, match="已经开始研判，不再接收填报"):
        gathering.fill_needs(round=told.round, rows={row: {"poor": 1}}, by=told.clerk_jin, at=NOW)
    assert gathering.fill_needs(round=told.round, rows={row: {"poor": 2}}, **told.by) == 1
    rounds.move_on(round=told.round, to=Status.GATHERING, **told.by)
    assert gathering.fill_needs(round=told.round, rows={row: {"poor": 3}}, by=told.clerk_jin, at=NOW) == 1


def test_the_same_again_changes_nothing(told):
    row = need(told, told.shiqiao)
    assert gathering.fill_needs(round=told.round, rows={row: {"poor": 80, "size": 2}}, **told.by) == 0
    assert not entries("need.filled")


def test_every_wrong_score_is_told_with_its_village_and_nothing_is_kept(told):
    rows = {need(told, told.shiqiao): {"poor": 101}, need(told, told.gaoling): {"weak": 7}}
    with pytest.raises(ValidationError, match=r"石桥村：.*100"):
        gathering.fill_needs(round=told.round, rows=rows, **told.by)
    assert need(told, told.gaoling).weak == 30
    with pytest.raises(ValidationError, match=r"石桥村：.*1 到 10 之间"):
        gathering.fill_needs(round=told.round, rows={need(told, told.shiqiao): {"size": 0}}, **told.by)


def test_dropping_a_village_takes_its_locks_with_it(told):
    Lock.objects.create(
        round=told.round, kind="unit_village", unit=told.police, village=told.gaoling, made_by=told.office, made_at=NOW
    )
    gathering.drop_needs(round=told.round, needs=[need(told, told.gaoling)], **told.by)
    assert [row.village for row in told.round.needs.all()] == [told.shiqiao]
    assert not told.round.locks.exists()
    assert len(entries("round.villages_dropped")) == 1
    with pytest.raises(PermissionDenied):
        gathering.drop_needs(round=told.round, needs=[need(told, told.shiqiao)], by=told.clerk_jin, at=NOW)


# --- quotas ------------------------------------------------------------------------------------------------------


def test_the_office_sets_a_quota_once_and_never_a_unit_beside_itself(told):
    row = quota(told, told.farming, 2, told.finance, told.farming)
    assert (row.capacity, [unit.name for unit in row.partners.all()]) == (2, ["县财政局"])
    before = len(entries("quota.set"))
    quota(told, told.farming, 2, told.finance)
    assert len(entries("quota.set")) == before
    quota(told, told.farming, 2)
    assert (row.partners.count(), len(entries("quota.set"))) == (0, before + 1)


def test_a_quota_of_fifty_one_teams_is_a_slip(told):
    with pytest.raises(ValidationError, match="最多牵头 50 支"):
        quota(told, told.farming, 51)


@pytest.mark.parametrize("who", ["clerk_jin", "contact_finance", "leader_county"])
def test_nobody_else_sets_quotas(told, who):
    with pytest.raises(PermissionDenied):
        gathering.set_quota(round=told.round, unit=told.finance, capacity=9, partners=[], by=getattr(told, who), at=NOW)


# --- candidates --------------------------------------------------------------------------------------------------


def test_the_contact_puts_forward_people_of_the_own_unit_only(told):
    mine, theirs = newcomer(told, "周华", "P010", told.finance), newcomer(told, "吴农", "P011", told.farming)
    by = {"round": told.round, "reason": "业务骨干", "by": told.contact_finance, "at": NOW}
    row = gathering.put_forward(person=mine, preference=told.jinqiao, **by)
    assert (row.unit, row.may_lead, row.preference) == (told.finance, True, told.jinqiao)
    [entry] = entries("candidate.put_forward")
    assert (entry.unit, entry.reason, "NOT_REVIEWED" in entry.data) == (str(told.finance.pk), "业务骨干", True)
    with pytest.raises(PermissionDenied):
        gathering.put_forward(person=theirs, **by)


@pytest.mark.parametrize("who", ["clerk_jin", "leader_county", "member_li", "stranger"])
def test_townships_and_members_put_nobody_forward(told, who):
    with pytest.raises(PermissionDenied):
        gathering.put_forward(round=told.round, person=told.wang, reason="熟悉", by=getattr(told, who), at=NOW)


def test_the_contact_adds_nobody_once_the_meeting_has_begun(told):
    deliberating(told)
    by = {"round": told.round, "person": told.wang, "reason": "留任", "at": NOW}
    with pytest.raises(ValidationError, match="已经开始研判"):
        gathering.put_forward(by=told.contact_finance, **by)
    assert gathering.put_forward(by=told.office, **by)


def test_party_members_may_lead_unless_said_otherwise(told):
    party, none = (
        newcomer(told, name, number, told.finance, political=political)
        for name, number, political in (("周华", "P010", "probationary"), ("吴群", "P011", "none"))
    )
    assert put(told, party).may_lead
    assert not put(told, none).may_lead
    gathering.take_back(candidate=candidate(told, party), reason="更正", **told.by)
    assert not put(told, party, may_lead=False).may_lead


def test_the_same_person_twice_is_one_candidate(told):
    put(told, told.wang)
    with pytest.raises(ValidationError, match="这个人在这一批里已经推荐过了"):
        put(told, told.wang)
    assert told.round.candidates.count() == 1


def test_a_doubt_wants_a_reason_and_a_refusal_takes_none(told):
    who = newcomer(told, "何审", "P012", told.finance)
    with pytest.raises(ValidationError, match="何审：没有有效的选派审核表。如仍要推荐，请写明理由"):
        put(told, who, reason=" ")
    assert put(told, who, reason="工作急需").reason == "工作急需"
    review(told, other := newcomer(told, "何禁", "P013", told.finance), {"under_discipline": True})
    with pytest.raises(ValidationError, match="何禁不能推荐：在试用期或处分影响期内"):
        put(told, other)


def test_several_are_put_forward_together_or_not_at_all(told):
    many = [newcomer(told, f"新{n}", f"P03{n}", told.finance) for n in range(3)]
    review(told, many[1], {"under_discipline": True})
    with pytest.raises(ValidationError, match="新1不能推荐"):
        gathering.put_many_forward(round=told.round, people=many, reason="推荐", **told.by)
    assert not told.round.candidates.exists()
    assert len(gathering.put_many_forward(round=told.round, people=many[::2], reason="推荐", **told.by)) == 2


def test_those_in_post_are_brought_with_their_reasons_and_who_cannot_is_told(told):
    review(told, told.zhao, {"under_discipline": True})
    review(told, told.li)
    left_out = gathering.bring_people(round=told.round, **told.by)
    assert left_out == {told.zhao: ["在试用期或处分影响期内"]}
    found = {row.person.name: (row.may_lead, row.reason) for row in told.round.candidates.all()}
    assert found == {"王立新": (True, "在任人员，延续原选派理由"), "李敏": (True, "")}
    assert len(entries("candidate.put_forward")) == 2
    gathering.bring_people(round=told.round, **told.by)
    assert len(entries("candidate.put_forward")) == 2


def test_a_leader_without_the_party_may_lead_again(told):
    who = newcomer(told, "孙不党", "P014", told.police, political="none")
    teams.end_posting(
        posting=told.zhao_posting, last_day=date(2022, 12, 7), ending="transfer", reason="轮换", **told.by
    )
    teams.post(person=who, team=told.team_gaoling, role="leader", start=date(2022, 12, 8), reason="补", **told.by)
    gathering.bring_people(round=told.round, **told.by)
    assert candidate(told, who).may_lead


def test_what_was_said_of_a_candidate_is_changed_by_the_own_unit(staffed):
    row = candidate(staffed, staffed.wang)
    changed = gathering.change_candidate(
        candidate=row, fields={"may_lead": False, "preference": staffed.jinqiao}, by=staffed.contact_finance, at=NOW
    )
    assert (changed.may_lead, changed.preference) == (False, staffed.jinqiao)
    [entry] = entries("candidate.changed")
    assert '"preference":["","金桥镇"]' in entry.data
    with pytest.raises(PermissionDenied):
        gathering.change_candidate(
            candidate=candidate(staffed, staffed.zhao), fields={"may_lead": False}, by=staffed.contact_finance, at=NOW
        )


def test_nobody_is_married_to_themselves(staffed):
    with pytest.raises(ValidationError, match="配偶不能是本人"):
        gathering.change_candidate(
            candidate=candidate(staffed, staffed.wang), fields={"spouse": staffed.wang}, **staffed.by
        )
    with pytest.raises(ValidationError, match="配偶不能是本人"):
        put(staffed, staffed.qian, spouse=staffed.qian)


def test_a_reason_that_is_needed_cannot_be_taken_away(staffed):
    row = candidate(staffed, staffed.wang)
    with pytest.raises(ValidationError, match="没有有效的选派审核表"):
        gathering.change_candidate(candidate=row, fields={"reason": ""}, **staffed.by)
    assert candidate(staffed, staffed.wang).reason


def test_somebody_is_taken_back_with_a_reason_in_the_journal(staffed):
    gathering.take_back(
        candidate=candidate(staffed, staffed.wang), reason="单位工作需要", by=staffed.contact_finance, at=NOW
    )
    assert not staffed.round.candidates.filter(person=staffed.wang).exists()
    assert [entry.reason for entry in entries("candidate.taken_back")] == ["单位工作需要"]
    with pytest.raises(PermissionDenied):
        gathering.take_back(candidate=candidate(staffed, staffed.zhao), reason="", by=staffed.contact_finance, at=NOW)


# --- moving on ---------------------------------------------------------------------------------------------------


def test_a_round_goes_to_the_meeting_and_back_but_is_never_approved_by_moving(told):
    by = {"round": told.round, **told.by}
    assert rounds.move_on(to=Status.DELIBERATING, **by).state is Status.DELIBERATING
    assert rounds.move_on(to=Status.DELIBERATING, **by).state is Status.DELIBERATING  # a second submit
    with pytest.raises(ValidationError, match="现在是“研判中”，不能改成“已批准”"):
        rounds.move_on(to=Status.APPROVED, **by)
    assert rounds.move_on(to=Status.GATHERING, **by).state is Status.GATHERING
    assert len(entries("round.moved_on")) == 2


def test_cancelling_wants_a_reason_and_is_for_good(told):
    with pytest.raises(ValidationError, match="请写明作废的原因"):
        rounds.move_on(round=told.round, to=Status.CANCELLED, **told.by)
    rounds.move_on(round=told.round, to=Status.CANCELLED, reason="重新组织", **told.by)
    assert entries("round.moved_on")[0].reason == "重新组织"
    with pytest.raises(ValidationError, match="不能改成“征集中”"):
        rounds.move_on(round=told.round, to=Status.GATHERING, **told.by)


def test_nobody_else_moves_a_round_or_changes_it(told):
    for who in (told.clerk_jin, told.contact_finance, told.leader_county):
        with pytest.raises(PermissionDenied):
            rounds.move_on(round=told.round, to=Status.DELIBERATING, by=who, at=NOW)
        with pytest.raises(PermissionDenied):
            rounds.change_round(round=told.round, fields={"title": "改"}, by=who, at=NOW)


def test_the_meeting_is_put_down_and_kept_in_the_journal(told):
    deliberating(told)
    told.round.refresh_from_db()
    assert (told.round.met_on, told.round.document) == (date(2022, 12, 7), "祁组通〔2022〕9号")
    [entry] = entries("round.changed")
    assert '"met_on":[null,"2022-12-07"]' in entry.data
    rounds.change_round(round=told.round, fields={"document": told.round.document}, **told.by)
    assert len(entries("round.changed")) == 1


def test_nothing_of_a_cancelled_round_is_written(staffed):
    rows = {need(staffed, staffed.shiqiao): {"poor": 1}}
    wang, round = candidate(staffed, staffed.wang), staffed.round
    rounds.move_on(round=round, to=Status.CANCELLED, reason="重来", **staffed.by)
    before = Entry.objects.count(), Candidate.objects.count(), Need.objects.count()
    for refused in (
        lambda: gathering.fill_needs(round=round, rows=rows, **staffed.by),
        lambda: gathering.bring_teams(round=round, **staffed.by),
        lambda: gathering.bring_villages(round=round, villages=[staffed.qingshui], **staffed.by),
        lambda: gathering.bring_people(round=round, **staffed.by),
        lambda: gathering.drop_needs(round=round, needs=list(rows), **staffed.by),
        lambda: quota(staffed, staffed.finance, 3),
        lambda: put(staffed, staffed.qian),
        lambda: gathering.change_candidate(candidate=wang, fields={"may_lead": False}, **staffed.by),
        lambda: gathering.take_back(candidate=wang, reason="", **staffed.by),
        lambda: rounds.change_round(round=round, fields={"title": "改"}, **staffed.by),
    ):
        with pytest.raises(ValidationError, match="已作废，不能再改"):
            refused()
    assert (Entry.objects.count(), Candidate.objects.count(), Need.objects.count()) == before


def test_whoever_changes_a_score_has_judged_the_village(told):
    row = need(told, told.shiqiao)
    assert not row.judged
    assert fill(told, told.shiqiao, size=3).judged is False
    assert fill(told, told.shiqiao, poor=81).judged is True
    assert fill(told, told.gaoling, judged=True).judged is True
