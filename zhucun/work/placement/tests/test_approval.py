"""Approving a proposal, end to end: what the ledger says afterwards, counted by hand.

| village | team of today | decided | so |
|---|---|---|---|
| 石桥村 | T001 of 县财政局: 王立新 (队长), 李敏 | 县财政局 leads on: 周华 (队长), 李敏 | goes on; 李敏 begins a new term, 王立新 moves |
| 高岭村 | T002 of 县公安局: 赵刚 (队长), 孙勇 since 2022-09-01 | 县农业农村局: 吴农 (队长), 赵刚 | closed and opened; 孙勇 leaves |
| 清水村 | T003 of 县公安局: 陈卫 (队长) since 2022-03-01 | 县财政局: 王立新 (队长) | closed and opened; 陈卫 leaves |
"""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import NOW, account
from zhucun.base.access.models import Duty
from zhucun.base.access.scope import Scope
from zhucun.base.journal.models import Entry
from zhucun.base.timeline.periods import Period
from zhucun.work.placement.actions import approval, gathering, proposals, rounds
from zhucun.work.placement.models import Round
from zhucun.work.placement.optimiser.result import Team as Plan
from zhucun.work.placement.rules import Status
from zhucun.work.teams import actions as teams
from zhucun.work.teams import figures
from zhucun.work.teams.models import Handover, Posting, Team

from .conftest import MET, STARTS, deliberating, fill, newcomer, proposal, put, quota, review

pytestmark = pytest.mark.django_db
SHIQIAO, QINGSHUI, GAOLING = "430426102201", "430426102202", "430426103201"
LAST = date(2023, 5, 21)
DECIDED = {
    SHIQIAO: Plan("县财政局", "P010", ("P002", "P010")),
    GAOLING: Plan("县农业农村局", "P011", ("P003", "P011")),
    QINGSHUI: Plan("县财政局", "P001", ("P001",)),
}


@pytest.fixture
def decided(told):
    """The world of the table above, its round in the meeting, with the proposal ready and reasons given."""
    _people(told)
    gathering.bring_teams(round=told.round, **told.by)
    for village, size in ((told.shiqiao, 2), (told.gaoling, 2), (told.qingshui, 1)):
        fill(told, village, size=size)
    quota(told, told.finance, 2, told.farming)
    quota(told, told.farming, 1, told.police)
    gathering.bring_people(round=told.round, **told.by)
    for who in (told.zhou, told.wu):
        put(told, who, may_lead=True, reason="业务骨干，审核表随后补填")
    deliberating(told)
    told.proposal = proposal(told, DECIDED)
    reasons = {line: {"reason": "乡村产业项目延续"} for line in told.proposal.lines.filter(village=told.gaoling)}
    proposals.say(proposal=told.proposal, lines=reasons, **told.by)
    return told


def _people(told) -> None:
    told.zhou = newcomer(told, "周华", "P010", told.finance)
    told.wu = newcomer(told, "吴农", "P011", told.farming, political="none")
    told.sun = newcomer(told, "孙勇", "P012", told.police)
    told.chen = newcomer(told, "陈卫", "P013", told.police)
    gathering.bring_teams(round=told.round, **told.by)
    told.team_qingshui = teams.open_team(
        number="T003", village=told.qingshui, lead_unit=told.police, partners=[], start=date(2022, 3, 1), **told.by
    )
    for who, team, role, start in (
        (told.sun, told.team_gaoling, "member", date(2022, 9, 1)),
        (told.chen, told.team_qingshui, "leader", date(2022, 3, 1)),
    ):
        teams.post(person=who, team=team, role=role, start=start, reason="补充", **told.by)
    told.user_wang = account(told, "leader_wang", "王立新")
    teams.give_account(person=told.wang, user=told.user_wang, by=told.caretaker, at=NOW)


def approve(world) -> Round:
    return approval.approve(proposal=world.proposal, **world.by)


def posting_of(who) -> tuple:
    """The last posting of somebody: village, role, first day, last day, ending."""
    row = Posting.objects.filter(person=who).order_by("start").last()
    return row.team.village.name, row.role, row.start, row.last_day, row.ending


def everything() -> list:
    models = (Team, Posting, Handover, Duty, Entry)
    return [model.objects.count() for model in models] + [Posting.objects.filter(end=None).count()]


# --- what stands in the way --------------------------------------------------------------------------------------


def test_nothing_stands_in_the_way_of_a_plan_that_keeps_the_rules_and_gives_its_reasons(decided):
    assert approval.obstacles(proposal=decided.proposal, **decided.by) == []


def test_everything_that_stands_in_the_way_is_told_at_once(decided):
    rounds.move_on(round=decided.round, to=Status.GATHERING, **decided.by)
    rounds.change_round(round=decided.round, fields={"attendees": " "}, **decided.by)
    proposals.say(
        proposal=decided.proposal, lines={line: {"reason": ""} for line in decided.proposal.lines.all()}, **decided.by
    )
    fill(decided, decided.qingshui, size=2)
    decided.proposal.round.refresh_from_db()
    assert approval.obstacles(proposal=decided.proposal, **decided.by) == [
        "这一批现在是“征集中”，要在“研判中”才能批准。",
        "还没有填写研判会议的日期和参会部门。",
        "队伍人数等于该村需要的人数：清水村 应有 2 人，实有 1 人。",
        "高岭村由县农业农村局牵头，不符合对口原则，请写明理由。",
    ]
    with pytest.raises(ValidationError) as refusal:
        approve(decided)
    assert len(refusal.value.messages) == 4


def test_each_obstacle_says_where_it_is_mended(decided):
    rounds.change_round(round=decided.round, fields={"attendees": " "}, **decided.by)
    decided.proposal.round.refresh_from_db()
    decided.round.candidates.filter(person=decided.zhou).update(reason="")
    review(decided, decided.wu, {"under_discipline": True})
    lines = {line: {"reason": ""} for line in decided.proposal.lines.all()}
    proposals.say(proposal=decided.proposal, lines=lines, **decided.by)
    found = approval.in_the_way(proposal=decided.proposal, **decided.by)
    assert found[0].where == "meeting"
    places = {one.where: one for one in found}
    assert places["reasons"].village == GAOLING
    assert places["candidate"].candidate == decided.round.candidates.get(person=decided.zhou).pk
    assert places["village"].village == GAOLING  # 吴农 is seated there
    assert [one.sentence for one in found] == approval.obstacles(proposal=decided.proposal, **decided.by)


def test_a_doubt_about_somebody_seated_wants_its_reason(decided):
    decided.round.candidates.filter(person__in=[decided.zhou, decided.sun]).update(reason="")  # 孙勇 is not seated
    assert approval.obstacles(proposal=decided.proposal, **decided.by) == [
        "周华：没有有效的选派审核表，请在推荐人选里补写仍要推荐的理由。"
    ]


def test_somebody_who_may_not_be_sent_any_more_is_named_with_the_reason(decided):
    review(decided, decided.zhou, {"under_discipline": True})
    found = approval.obstacles(proposal=decided.proposal, **decided.by)
    assert found[-1] == "周华现在不能选派：在试用期或处分影响期内。请在方案里换人。"
    assert len(found) == 3  # and H3 and H10 by name: the judge does not know them any more
    assert all("P010" not in sentence for sentence in found)


def test_a_proposal_that_was_never_computed_cannot_be_approved(decided):
    asked = proposals.ask(round=decided.round, **decided.by)
    with pytest.raises(ValidationError, match="这个方案还没有算好"):
        approval.approve(proposal=asked, **decided.by)


@pytest.mark.parametrize("who", ["clerk_jin", "contact_finance", "leader_county", "member_li", "stranger"])
def test_nobody_but_the_office_approves_or_asks_what_stands_in_the_way(decided, who):
    by = {"proposal": decided.proposal, "by": getattr(decided, who), "at": NOW}
    for refused in (approval.approve, approval.obstacles):
        with pytest.raises(PermissionDenied):
            refused(**by)


# --- what follows ------------------------------------------------------------------------------------------------


def test_the_round_is_approved_and_says_by_whom(decided):
    round = approve(decided)
    round.refresh_from_db()
    assert (round.state, round.approved_by, round.approved_at) == (Status.APPROVED, decided.office, NOW)
    decided.proposal.refresh_from_db()
    assert decided.proposal.adopted
    [entry] = Entry.objects.filter(action="round.approved")
    assert '"document":"祁组通〔2022〕9号"' in entry.data


def test_a_team_whose_unit_stays_goes_on_and_the_others_are_closed_and_opened_anew(decided):
    approve(decided)
    rows = Team.objects.order_by("number").values_list("number", "village__name", "lead_unit__name", "start", "end")
    assert list(rows) == [
        ("2023-102202", "清水村", "县财政局", STARTS, None),
        ("2023-103201", "高岭村", "县农业农村局", STARTS, None),
        ("T001", "石桥村", "县财政局", date(2021, 5, 20), None),
        ("T002", "高岭村", "县公安局", date(2021, 5, 20), STARTS),
        ("T003", "清水村", "县公安局", date(2022, 3, 1), STARTS),
    ]
    partners = {team.number: [unit.name for unit in team.partners.all()] for team in Team.objects.on(STARTS)}
    assert partners == {"2023-102202": [], "2023-103201": ["县公安局"], "T001": ["县农业农村局"]}


def test_who_stays_goes_on_who_moves_begins_anew_and_who_is_not_seated_leaves(decided):
    approve(decided)
    assert {who.name: posting_of(who) for who in (decided.li, decided.wang, decided.zhou, decided.wu, decided.zhao)} == {
        "李敏": ("石桥村", "member", STARTS, None, ""),  # two years since 2021-05-20: a new term
        "王立新": ("清水村", "first_secretary", STARTS, None, ""),
        "周华": ("石桥村", "first_secretary", STARTS, None, ""),
        "吴农": ("高岭村", "leader", STARTS, None, ""),  # not in the party: 队长 only
        "赵刚": ("高岭村", "member", STARTS, None, ""),
    }  # fmt: skip
    assert decided.li.postings.count() == 2
    assert posting_of(decided.sun) == ("高岭村", "member", date(2022, 9, 1), LAST, "transfer")
    assert posting_of(decided.chen) == ("清水村", "leader", date(2022, 3, 1), LAST, "transfer")


def test_each_ending_says_how_and_why(decided):
    approve(decided)
    rows = Posting.objects.filter(end=STARTS).values_list("person__name", "ending", "ending_reason")
    assert {name: (ending, reason) for name, ending, reason in rows} == {
        "王立新": ("term", "新一轮驻村工作队选派：改派到清水村"),  # 2021-05-20 and two years: full by 2023-05-22
        "李敏": ("term", "新一轮驻村工作队选派：任期届满，续派"),
        "赵刚": ("other", "新一轮驻村工作队选派：留任本村，队伍重新组建"),
        "孙勇": ("transfer", "新一轮驻村工作队选派：轮换"),
        "陈卫": ("transfer", "新一轮驻村工作队选派：轮换"),
    }


def test_new_postings_carry_the_document_and_the_reasons(decided):
    approve(decided)
    rows = Posting.objects.filter(start=STARTS)
    assert set(rows.values_list("document", flat=True)) == {MET["document"]}
    reasons = {entry.target_name[:2]: entry.reason for entry in Entry.objects.filter(action="posting.opened", at__startswith="2022-12-07")}  # fmt: skip
    assert reasons["吴农"] == "业务骨干，审核表随后补填；乡村产业项目延续"
    assert reasons["王立"] == "在任人员，延续原选派理由"


def test_who_left_a_village_hands_over_to_its_new_leader(decided):
    approve(decided)
    rows = Handover.objects.filter(posting__end=STARTS).values_list("posting__person__name", "receiver__person__name")
    # 赵刚 stays in 高岭村 in the team that is formed anew: nothing to hand over
    assert dict(rows) == {"王立新": "周华", "孙勇": "吴农", "陈卫": "王立新"}


def test_seats_are_tied_to_the_postings_they_became(decided):
    approve(decided)
    seats = decided.proposal.seats.select_related("posting__person", "candidate__person")
    assert all(seat.posting.person == seat.candidate.person for seat in seats)
    assert {seat.posting.start for seat in seats} == {STARTS}


def test_sight_follows_the_people(decided):
    approve(decided)
    duties = Duty.objects.filter(user=decided.user_wang).order_by("start")
    assert [(duty.role, duty.village.name, duty.end) for duty in duties] == [
        ("team_leader", "石桥村", STARTS),
        ("team_leader", "清水村", None),
    ]
    assert duties[1].start == STARTS
    renewed = Duty.objects.filter(user=decided.member_li).order_by("start")
    assert [(duty.role, duty.village.name, duty.end) for duty in renewed] == [
        ("member", "石桥村", STARTS),
        ("member", "石桥村", None),
    ]


def test_the_figures_of_the_last_days_and_the_first_are_these(decided):
    approve(decided)
    may, scope = Period(date(2023, 5, 1), date(2023, 5, 31), "2023年5月"), Scope(county=frozenset({decided.county.pk}))
    names = "leaders_transferred members_transferred leaders_recalled members_recalled teams people".split()
    found = {name: getattr(figures, name)(may, scope).value for name in names}
    assert found == {
        "leaders_transferred": 1,  # 陈卫
        "members_transferred": 1,  # 孙勇
        "leaders_recalled": 0, "members_recalled": 0,
        "teams": 3, "people": 5,
    }  # fmt: skip
    before = Period(date(2023, 5, 1), LAST, "2023年5月")
    assert (figures.teams(before, scope).value, figures.people(before, scope).value) == (3, 5)


def test_approving_twice_does_nothing_more_even_from_a_page_loaded_before(decided):
    again = decided.round.proposals.get(pk=decided.proposal.pk)
    approve(decided)
    before = everything()
    assert approval.approve(proposal=again, **decided.by).state is Status.APPROVED
    assert everything() == before


def test_no_other_proposal_can_be_approved_afterwards(decided):
    other = proposal(decided, DECIDED)
    approve(decided)
    with pytest.raises(ValidationError, match="这一批现在是“已批准”"):
        approval.approve(proposal=other, **decided.by)


def test_when_one_posting_is_refused_nothing_is_written(decided):
    [posting] = decided.zhao.postings.all()
    teams.end_posting(posting=posting, last_day=date(2023, 6, 30), ending="transfer", reason="延迟", **decided.by)
    before = everything()
    with pytest.raises(ValidationError, match=r"赵刚已在高岭村驻村工作队任职.*时间重叠"):
        approve(decided)
    assert everything() == before
    decided.round.refresh_from_db()
    assert decided.round.state is Status.DELIBERATING
    assert not decided.round.proposals.filter(adopted=True).exists()
    assert not decided.proposal.seats.exclude(posting=None).exists()


def test_of_two_teams_of_the_same_unit_in_a_village_one_goes_on_with_everybody(decided):
    second = teams.open_team(
        number="T009", village=decided.shiqiao, lead_unit=decided.finance, partners=[], start=date(2022, 3, 1), **decided.by
    )  # fmt: skip
    day = date(2022, 12, 7)
    teams.end_posting(posting=decided.li_posting, last_day=day, ending="transfer", reason="换队", **decided.by)
    there = teams.post(
        person=decided.li, team=second, role="member", start=date(2022, 12, 8), reason="换队", **decided.by
    )
    approve(decided)
    for row in (second, there):
        row.refresh_from_db()
    assert second.end == STARTS
    assert (there.end, there.ending, there.ending_reason[-6:]) == (STARTS, "other", "队伍重新组建")
    assert posting_of(decided.li) == ("石桥村", "member", STARTS, None, "")
    assert decided.li.postings.get(end=None).team == decided.team_shiqiao


def test_people_and_teams_of_villages_outside_the_round_are_left_alone(decided):
    gathering.drop_needs(round=decided.round, needs=decided.round.needs.filter(village=decided.qingshui), **decided.by)
    kept = {village: team for village, team in DECIDED.items() if village != QINGSHUI}
    kept |= {SHIQIAO: Plan("县财政局", "P001", ("P001", "P002"))}
    decided.proposal = proposal(decided, kept)
    lines = {line: {"reason": "延续"} for line in decided.proposal.lines.all()}
    proposals.say(proposal=decided.proposal, lines=lines, **decided.by)
    approve(decided)
    assert posting_of(decided.chen) == ("清水村", "leader", date(2022, 3, 1), None, "")
    assert posting_of(decided.wang) == ("石桥村", "first_secretary", STARTS, None, "")  # a new term
    assert Team.objects.get(number="T003").end is None


def test_a_member_who_becomes_the_leader_of_the_same_team_ends_and_begins_anew(decided):
    decided.proposal = proposal(decided, DECIDED | {
        SHIQIAO: Plan("县财政局", "P001", ("P001", "P010")), QINGSHUI: Plan("县公安局", "P013", ("P013",)),
    })  # fmt: skip
    zhou_first = teams.post(
        person=decided.zhou, team=decided.team_shiqiao, role="member", start=date(2022, 12, 8), reason="补", **decided.by
    )  # fmt: skip
    decided.proposal = proposals.change(
        proposal=decided.proposal, words="调换队长", **decided.by,
        teams=DECIDED | {SHIQIAO: Plan("县财政局", "P010", ("P001", "P010")), QINGSHUI: Plan("县公安局", "P013", ("P013",))},
    )  # fmt: skip
    lines = {line: {"reason": "延续"} for line in decided.proposal.lines.all()}
    proposals.say(proposal=decided.proposal, lines=lines, **decided.by)
    approve(decided)
    zhou_first.refresh_from_db()
    assert (zhou_first.ending, zhou_first.ending_reason) == ("other", "新一轮驻村工作队选派：留任本村，改任职务")
    assert posting_of(decided.zhou) == ("石桥村", "first_secretary", STARTS, None, "")
    assert posting_of(decided.wang) == ("石桥村", "member", STARTS, None, "")
    assert posting_of(decided.chen) == ("清水村", "leader", date(2022, 3, 1), None, "")


def test_what_was_changed_after_it_was_sent_for_approval_is_not_approved(staffed):
    plan = {
        "430426102201": Plan("县财政局", "P001", ("P001", "P002")), "430426103201": Plan("县公安局", "P003", ("P003",)),
    }  # fmt: skip
    ready = proposal(staffed, plan)
    deliberating(staffed)
    ready.refresh_from_db()
    ready.round.refresh_from_db()
    approval.ask(proposal=ready, **staffed.by)
    fill(staffed, staffed.shiqiao, poor=99)
    with pytest.raises(ValidationError, match="又有了改动"):
        approval.approve(proposal=ready, **staffed.by)
    assert not Posting.objects.filter(start=STARTS).exists()
    approval.refuse(proposal=ready, sentences=["又有了改动"], **staffed.by)
    approval.ask(proposal=ready, **staffed.by)
    assert approval.approve(proposal=ready, **staffed.by).state.value == "approved"
