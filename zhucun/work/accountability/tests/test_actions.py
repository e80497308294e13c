"""What is done in a case: nobody skips a level, handles their own case or rests on what proved untrue."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import NOW
from zhucun.base.access import actions as access
from zhucun.base.access.permissions import Role as R
from zhucun.base.journal.journal import history
from zhucun.base.journal.verify import verify
from zhucun.base.policy import actions as policy
from zhucun.base.timeline.periods import parse
from zhucun.work.accountability import figures
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.actions.opening import About
from zhucun.work.accountability.models import Case
from zhucun.work.accountability.sources import absences_of, done_about, leads, other_findings, unanswered
from zhucun.work.accountability.steps import appeal_until, next_for
from zhucun.work.inspections.actions import findings
from zhucun.work.teams import actions as teams
from zhucun.work.teams import figures as team_figures
from zhucun.work.teams.models import Handover

from .conftest import (
    AGREED,
    NOTIFIED,
    NUMBER,
    OPENED,
    TOLD,
    absence,
    approved,
    carried_out,
    closed,
    heard,
    notified,
    opened,
    submitted,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


# -- opening ---------------------------------------------------------------------------------------------------------------


def test_a_recall_cannot_be_told_before_anybody_heard_or_approved_it(hands):
    for row in (opened(hands), heard(hands), submitted(hands)):
        with pytest.raises(ValidationError, match="还没有审批完"):
            effects.notify(case=row, document=NUMBER, by=hands.office, at=NOW)


def test_a_draft_cannot_go_on_to_approval_unheard(hands):
    row = opened(hands)
    with pytest.raises(ValidationError, match="不在听取陈述申辩"):
        opening.end_hearing(case=row, by=hands.office, at=NOW)


def test_an_oral_interview_or_recall_skips_nobody(hands):
    for measure in ("interview", "recall"):
        row = opened(hands, measure, way="oral")
        assert row.way == ""
        opening.change_case(case=row, fields={"way": "oral", "grounds": "改过"}, by=hands.office, at=OPENED)
        row.refresh_from_db()
        assert (row.way, row.grounds) == ("", "改过")


def test_an_oral_reminder_takes_effect_at_once(hands):
    row = heard(hands, "reminder", way="oral")
    assert (row.state, row.on, row.due_on) == ("notified", OPENED.date(), OPENED.date() + timedelta(days=7))


def test_a_reminder_says_how(hands):
    with pytest.raises(ValidationError, match="请选择提醒的方式"):
        opened(hands, "reminder", way="")


def test_only_what_the_form_shows_may_be_changed(hands):
    with pytest.raises(KeyError):
        opening.change_case(case=opened(hands), fields={"state": "closed"}, by=hands.office, at=OPENED)


def test_a_finding_must_be_about_the_same_person_and_stand(hands):
    found = absence(hands, date(2022, 3, 8))
    with pytest.raises(ValidationError, match="责任人是李敏，不是王立新"):
        opened(hands, finding=found, about=About(hands.wang_posting))
    findings.withdraw_finding(finding=found, text="有报备", by=hands.office, at=NOW)
    with pytest.raises(ValidationError, match="已查明不属实"):
        opened(hands, finding=found)


def test_a_case_ends_where_its_finding_proved_untrue(hands):
    found = absence(hands, date(2022, 3, 8))
    row = approved(hands, finding=found)
    findings.withdraw_finding(finding=found, text="有报备", by=hands.office, at=NOW)
    with pytest.raises(ValidationError, match="已查明不属实"):
        effects.notify(case=row, document=NUMBER, by=hands.office, at=NOW)
    assert opening.dismiss(case=row, reason="问题不属实", by=hands.office, at=NOW).state == "dismissed"


def test_the_same_finding_gives_one_measure_of_a_kind(hands):
    found = absence(hands, date(2022, 3, 8))
    row = opened(hands, finding=found)
    with pytest.raises(ValidationError, match="同样的处理"):
        opened(hands, finding=found)
    opening.dismiss(case=row, reason="重立", by=hands.office, at=NOW)
    assert opened(hands, finding=found).state == "draft"


def test_a_unit_head_is_only_interviewed(hands):
    with pytest.raises(ValidationError, match="只办约谈"):
        opened(hands, "recall", about=About(unit=hands.farming))
    row = opened(hands, "interview", about=About(unit=hands.farming))
    assert (row.person, row.township, row.target) == (None, None, "unit_head")


# -- hearing and opinions -----------------------------------------------------------------------------------------------------


def test_the_person_is_heard_until_the_last_day(hands):
    row = heard(hands)
    last = row.statement_due
    at_last = OPENED + (last - OPENED.date())
    with pytest.raises(ValidationError, match="还没有提出意见"):
        opening.end_hearing(case=row, by=hands.office, at=at_last)
    opening.state(case=row, text="第一次说明", by=hands.member_li, at=at_last)
    opening.state(case=row, text="补充说明", by=hands.clerk_jin, at=at_last)
    assert opening.end_hearing(case=row, by=hands.office, at=at_last).statement == "第一次说明\n补充说明"


def test_silence_until_the_last_day_is_no_statement(hands):
    row = heard(hands)
    assert opening.end_hearing(case=row, by=hands.office, at=OPENED + timedelta(days=6)).state == "approval"


def test_nobody_speaks_for_somebody_else(hands):
    row = heard(hands)
    for user in (hands.member_wang, hands.clerk_niao, hands.contact_farming):
        with pytest.raises(PermissionDenied):
            opening.state(case=row, text="代说", by=user, at=TOLD)


def test_the_levels_speak_in_their_order(hands):
    row = submitted(hands)
    for user in (hands.office, hands.leader_county, hands.clerk_niao):
        with pytest.raises(PermissionDenied):
            opening.give_opinion(case=row, agreed=True, text="", by=user, at=AGREED)
    opening.give_opinion(case=row, agreed=True, text="", by=hands.clerk_jin, at=AGREED)
    opening.give_opinion(case=row, agreed=True, text="", by=hands.deputy, at=AGREED)
    with pytest.raises(ValidationError, match="文号"):
        opening.give_opinion(case=row, agreed=True, text="", by=hands.deputy, at=AGREED)


def test_two_of_the_office_do_not_sign_for_two_levels_unawares(hands):
    row = submitted(hands)
    opening.give_opinion(case=row, agreed=True, text="", by=hands.clerk_jin, at=AGREED)
    opening.give_opinion(case=row, agreed=True, text="", level="office", by=hands.office, at=AGREED)
    with pytest.raises(ValidationError, match="县驻村办意见已经由周主任签署"):
        opening.give_opinion(
            case=row, agreed=False, text="不同意", level="office", document="x", by=hands.deputy, at=AGREED
        )
    with pytest.raises(ValidationError, match="还没有轮到"):
        opening.give_opinion(case=row, agreed=True, text="", level="group", by=hands.leader_county, at=AGREED)


def test_disagreement_ends_the_case_and_needs_its_reason(hands):
    row = submitted(hands)
    with pytest.raises(ValidationError, match="不同意请写明理由"):
        opening.give_opinion(case=row, agreed=False, text=" ", by=hands.clerk_jin, at=AGREED)
    opening.give_opinion(case=row, agreed=False, text="事实不清", by=hands.clerk_jin, at=AGREED)
    row.refresh_from_db()
    assert row.state == "dismissed"
    assert figures.interviews(parse("2022"), hands.office.scope_on(NOW.date())).value == 0


def test_a_long_opinion_is_refused_with_a_sentence(hands):
    row = submitted(hands)
    with pytest.raises(ValidationError):
        opening.give_opinion(case=row, agreed=True, text="长" * 301, by=hands.clerk_jin, at=AGREED)


def test_the_approval_is_that_of_the_day_the_case_was_opened(hands):
    row = submitted(hands)
    policy.set_parameter(
        key="accountability.recall_approval",
        value="县驻村办、县委组织部、驻村工作领导小组",
        start=NOW.date(),
        clause=None,
        by=hands.office,
        at=NOW,
    )
    assert next_for(row) == "township"


def test_nobody_handles_their_own_case(hands):
    access.grant(
        user=hands.member_li,
        role=R.OFFICE,
        area=hands.county,
        start=date(2022, 1, 1),
        end=None,
        by=hands.caretaker,
        at=OPENED,
    )
    row = submitted(hands)
    with pytest.raises(PermissionDenied):
        opening.open_case(
            county=hands.county, measure="interview", about=About(hands.li_posting), source="other", grounds="x", facts="x", by=hands.member_li, at=OPENED,
        )  # fmt: skip
    opening.give_opinion(case=row, agreed=True, text="", by=hands.clerk_jin, at=AGREED)
    with pytest.raises(PermissionDenied, match="涉及您本人"):
        opening.give_opinion(case=row, agreed=True, text="", by=hands.member_li, at=AGREED)
    with pytest.raises(PermissionDenied, match="涉及您本人"):
        opening.dismiss(case=row, reason="算了", by=hands.member_li, at=AGREED)


# -- effects -----------------------------------------------------------------------------------------------------------------


def test_a_recall_ends_the_posting_opens_the_hand_over_and_starts_the_ban(hands):
    row = carried_out(hands)
    hands.li_posting.refresh_from_db()
    assert (hands.li_posting.ending, hands.li_posting.last_day) == ("recall", date(2022, 12, 5))
    assert Handover.objects.filter(posting=hands.li_posting).exists()
    assert row.banned_until == date(2024, 12, 5)
    assert team_figures.members_recalled(parse("2022"), hands.office.scope_on(NOW.date())).value == 1
    with pytest.raises(ValidationError, match="影响期"):
        teams.post(
            person=hands.li,
            team=hands.team_gaoling,
            role="member",
            start=date(2024, 12, 4),
            reason="x",
            by=hands.office,
            at=NOW,
        )
    assert next(iter(history(row))).action == "case.carried_out"
    assert verify().whole


def test_a_recall_is_carried_out_once_and_not_before_it_was_told(hands):
    with pytest.raises(ValidationError, match="不能执行召回"):
        effects.carry_out(case=approved(hands), last_day=NOW.date(), by=hands.office, at=NOW)
    row = notified(hands)
    for last_day in (date(2022, 12, 3), date(2023, 3, 1)):
        with pytest.raises(ValidationError, match="离任日期应在告知之日"):
            effects.carry_out(case=row, last_day=last_day, by=hands.office, at=NOW)
    effects.carry_out(case=row, last_day=date(2022, 12, 5), by=hands.office, at=NOW)
    with pytest.raises(ValidationError, match="召回已经执行"):
        effects.carry_out(case=row, last_day=date(2022, 12, 6), by=hands.deputy, at=NOW)


def test_a_recall_needs_the_number_of_its_document(hands):
    with pytest.raises(ValidationError, match="文号"):
        effects.notify(case=approved(hands), document=" ", by=hands.office, at=NOW)


def test_somebody_transferred_meanwhile_is_not_recalled_but_the_case_can_end(hands):
    row = notified(hands)
    teams.end_posting(
        posting=hands.li_posting, last_day=date(2022, 12, 4), ending="transfer", reason="健康", by=hands.office, at=NOW
    )
    with pytest.raises(ValidationError, match="已经在 2022-12-04 离任"):
        effects.carry_out(case=row, last_day=date(2022, 12, 5), by=hands.office, at=NOW)
    row.refresh_from_db()
    assert row.state == "notified"
    with pytest.raises(ValidationError, match="确实不再执行的，请撤销"):
        effects.close(case=row, result="已调整", by=hands.office, at=NOW)
    assert effects.revoke(case=row, reason="已因健康调整，不再召回", by=hands.office, at=NOW).state == "revoked"
    assert (
        team_figures.members_transferred(parse("2022"), hands.office.scope_on(NOW.date())).value == 2
    )  # 钱有余 and 李敏, no fault


def test_a_successor_comes_after_to_the_same_team(hands):
    row = carried_out(hands)
    with pytest.raises(ValidationError, match="同一支工作队"):
        effects.name_successor(case=row, successor=hands.zhao_posting, by=hands.office, at=NOW)
    follows = teams.post(
        person=hands.qian,
        team=hands.team_shiqiao,
        role="member",
        start=date(2022, 12, 6),
        reason="重新选派",
        by=hands.office,
        at=NOW,
    )
    assert effects.name_successor(case=row, successor=follows, by=hands.office, at=NOW).successor == follows
    assert Handover.objects.get(posting=hands.li_posting).receiver == follows


def test_an_interview_is_held_after_its_notice(hands):
    row = notified(hands, "interview")
    for day in (NOTIFIED.date() - timedelta(days=1), NOW.date() + timedelta(days=1)):
        with pytest.raises(ValidationError, match="约谈日期"):
            effects.hold(case=row, held_on=day, place="x", record="x", by=hands.office, at=NOW)
    effects.hold(case=row, held_on=NOW.date(), place="县驻村办", record="承诺改正", by=hands.office, at=NOW)
    assert figures.interviews(parse("2022"), hands.office.scope_on(NOW.date())).value == 1


def test_a_reminder_nobody_answered_may_be_closed_and_leads_on(hands):
    row = notified(hands, "reminder")
    scope = hands.office.scope_on(LATER.date())
    assert list(unanswered(scope, LATER.date())) == [row]
    opened(hands, "interview", after=row)
    assert not unanswered(scope, LATER.date())
    assert effects.close(case=row, result="逾期未回复，改为约谈", by=hands.office, at=LATER).state == "closed"
    assert figures.reminded(parse("2022"), scope).value == 1


def test_each_measure_has_its_own_steps(hands):
    with pytest.raises(ValidationError, match="没有这一步"):
        effects.hold(
            case=notified(hands, "reminder"), held_on=NOW.date(), place="x", record="x", by=hands.office, at=NOW
        )
    with pytest.raises(ValidationError, match="没有这一步"):
        effects.carry_out(case=notified(hands, "interview"), last_day=NOW.date(), by=hands.office, at=NOW)


# -- appeals -----------------------------------------------------------------------------------------------------------------


def test_a_recall_revoked_on_appeal_by_a_county_leader_lifts_the_ban(hands):
    row = closed(hands)
    found = effects.appeal(case=row, text="当天在县里开会，有通知", by=hands.member_li, at=NOW)
    with pytest.raises(PermissionDenied, match="没有经办过"):
        effects.answer_appeal(appeal=found, upheld=True, text="属实", by=hands.leader_county, at=NOW)  # who agreed
    effects.answer_appeal(appeal=found, upheld=True, text="会议通知属实", by=hands.leader_two, at=NOW)
    row.refresh_from_db()
    hands.li_posting.refresh_from_db()
    assert (row.state, row.banned_until, row.on) == ("revoked", None, None)
    assert hands.li_posting.ending == "other"
    assert team_figures.members_recalled(parse("2022"), hands.office.scope_on(NOW.date())).value == 0
    back = teams.post(
        person=hands.li,
        team=hands.team_gaoling,
        role="member",
        start=date(2022, 12, 10),
        reason="恢复",
        by=hands.office,
        at=NOW,
    )
    assert back.pk
    assert verify().whole


def test_an_appeal_has_its_time_its_reason_and_one_answer(hands):
    row = notified(hands, "interview")
    last = appeal_until(row)
    assert last == NOTIFIED.date() + timedelta(days=15)
    with pytest.raises(ValidationError, match="申诉期到"):
        effects.appeal(case=row, text="晚了", by=hands.member_li, at=NOTIFIED + timedelta(days=16))
    with pytest.raises(PermissionDenied):
        effects.appeal(case=row, text="代人", by=hands.contact_finance, at=NOW)
    found = effects.appeal(case=row, text="不服", by=hands.contact_farming, at=NOW)
    with pytest.raises(ValidationError, match="已经提出申诉"):
        effects.appeal(case=row, text="不服", by=hands.member_li, at=NOW)
    with pytest.raises(ValidationError, match="还在复核"):
        effects.revoke(case=row, reason="x", by=hands.office, at=NOW)
    effects.answer_appeal(appeal=found, upheld=False, text="维持", by=hands.third, at=NOW)
    with pytest.raises(ValidationError, match="驻村办干事已经作出复核结论"):
        effects.answer_appeal(appeal=found, upheld=True, text="成立", by=hands.leader_two, at=NOW)
    row.refresh_from_db()
    assert row.state == "notified"


# -- sources -----------------------------------------------------------------------------------------------------------------


def test_leads_count_by_the_year_and_the_policy_of_the_day(hands):
    first, second = absence(hands, date(2022, 3, 8)), absence(hands, date(2022, 5, 10))
    scope = hands.office.scope_on(NOW.date())
    assert [(one.finding, one.count, one.measure) for one in leads(scope, NOW.date())] == [
        (first, 1, "reminder"),
        (second, 2, "interview"),
    ]
    policy.set_parameter(
        key="accountability.second_absence", value="召回", start=date(2022, 6, 1), clause=None, by=hands.office, at=NOW
    )
    absence(hands, date(2022, 9, 6))
    assert [one.measure for one in leads(scope, NOW.date())] == ["reminder", "interview", "recall"]
    opened(hands, "reminder", finding=first)
    assert [one.count for one in leads(scope, NOW.date())] == [2, 3]
    assert not leads(scope, date(2023, 1, 5))


def test_an_absence_withdrawn_as_untrue_counts_for_nothing(hands):
    first = absence(hands, date(2022, 3, 8))
    absence(hands, date(2022, 5, 10))
    findings.withdraw_finding(finding=first, text="有报备", by=hands.office, at=NOW)
    assert absences_of(hands.li, NOW.date()) == 1
    assert [(one.count, one.measure) for one in leads(hands.office.scope_on(NOW.date()), NOW.date())] == [
        (1, "reminder")
    ]
    assert not leads(hands.clerk_niao.scope_on(NOW.date()), NOW.date())
    assert not other_findings(hands.office.scope_on(NOW.date()), NOW.date())


def test_the_ledger_of_findings_is_told_of_measures_that_were_told(hands):
    found = absence(hands, date(2022, 3, 8))
    opened(hands, "interview", finding=found)
    assert not list(done_about([found.pk]))
    notified(hands, "reminder", finding=found)
    assert [(key, label) for key, label, _ in done_about([found.pk])] == [(found.pk, "提醒")]
    assert Case.objects.count() == 2
