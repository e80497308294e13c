"""Findings and corrections on their way, sheets corrected, managers' debts taken up; database, journal asserted."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from zhucun.base.journal.journal import history
from zhucun.base.timeline.periods import parse
from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.actions.taking_up import take_up
from zhucun.work.inspections.actions.visits import correct_visit
from zhucun.work.inspections.models import Correction, Finding, Presence, Round
from zhucun.work.inspections.presence import ABSENCES, VISITS, expected, facts
from zhucun.work.inspections.rules import Turn
from zhucun.work.inspections.tests.story import (
    DAY,
    absence,
    at,
    done,
    enter,
    leave,
    manager_finding,
    ordered,
    plan,
    replied,
    sheet,
)


def test_the_same_sheet_sent_twice_is_kept_once_and_another_is_refused_with_nothing_lost(county):
    held, key = plan(county), uuid4()
    seen = [Seen(county.wang_posting, "here"), Seen(county.li_posting, "absent")]
    sent = {
        "visit": sheet(held),
        "fields": {"households": 3},
        "seen": seen,
        "found": [],
        "by": county.inspector,
        "at": at(),
    }
    rounds.enter_visit(key=key, **sent)
    rounds.enter_visit(key=key, **sent)
    assert (Presence.objects.count(), Finding.objects.count()) == (2, 1)
    with pytest.raises(ValidationError, match="已由督查员录入"):
        rounds.enter_visit(key=uuid4(), **sent)
    assert history(sheet(held)).filter(action="inspection.visited").count() == 1


def test_a_sheet_is_corrected_with_a_reason_and_the_old_stands_in_the_journal(county):
    row = enter(county, plan(county), li="here")
    change = {
        "visit": row,
        "fields": {"households": 4},
        "seen": [Seen(county.li_posting, "notice", "去县里")],
        "by": county.inspector,
        "at": at(),
    }
    with pytest.raises(ValidationError, match="更正的理由"):
        correct_visit(reason=" ", **change)
    correct_visit(reason="看错了名字", **change)
    assert Presence.objects.get(posting=county.li_posting).found == "notice"
    entry = history(row).filter(action="inspection.corrected").get()
    assert entry.reason == "看错了名字"
    assert '"P002":["here","notice"]' in entry.data
    with pytest.raises(ValidationError, match="没有要更正的"):
        correct_visit(reason="再来", **change)


def test_somebody_found_absent_after_all_becomes_a_finding(county):
    row = enter(county, plan(county), li="here")
    correct_visit(
        visit=row, fields={}, seen=[Seen(county.li_posting, "absent")], reason="填错", by=county.inspector, at=at()
    )
    assert Finding.objects.get().person == county.li


def test_an_absence_is_lifted_only_after_its_finding_was_withdrawn(county):
    row = enter(county, plan(county))
    lift = {
        "visit": row,
        "fields": {},
        "seen": [Seen(county.li_posting, "notice")],
        "reason": "有会议通知",
        "by": county.inspector,
        "at": at(),
    }
    with pytest.raises(ValidationError, match="不属实"):
        correct_visit(**lift)
    findings.withdraw_finding(finding=Finding.objects.get(), text="当天在县里开会", by=county.office, at=at())
    correct_visit(**lift)
    assert Presence.objects.get(posting=county.li_posting).found == "notice"
    with pytest.raises(ValidationError, match="已经作为不属实撤销"):
        correct_visit(**lift | {"seen": [Seen(county.li_posting, "absent")]})


def test_the_day_of_a_sheet_stays_once_something_was_found(county):
    row = enter(county, plan(county))
    with pytest.raises(ValidationError, match="日期不能再改"):
        correct_visit(
            visit=row, fields={"visited_on": date(2022, 12, 2)}, seen=[], reason="日期错", by=county.inspector, at=at()
        )


@pytest.mark.parametrize("name", ["clerk_jin", "member_li", "leader_wang", "contact_finance", "leader_county"])
def test_nobody_but_inspectors_corrects_a_sheet(county, name):
    row = enter(county, plan(county))
    with pytest.raises(PermissionDenied):
        correct_visit(visit=row, fields={}, seen=[], reason="x", by=getattr(county, name), at=at())


def test_nothing_is_ordered_about_a_finding_that_is_withdrawn_or_of_another_round(county):
    found = absence(county)
    other = plan(county, date(2022, 12, 6))
    say = {"text": "改", "due": None, "by": county.inspector, "at": at(date(2022, 12, 6))}
    with pytest.raises(ValidationError, match="不是这次督查"):
        findings.order_correction(round=other, finding=found, **say)
    findings.withdraw_finding(finding=found, text="开会", by=county.office, at=at())
    with pytest.raises(ValidationError, match="已经撤销"):
        findings.order_correction(round=found.round, finding=found, **say)
    with pytest.raises(ValidationError, match="整改要求"):
        findings.order_correction(round=other, **say | {"text": " "})


def test_what_is_done_is_neither_verified_nor_returned_again_but_reopened(county):
    one = done(county, replied(county, ordered(county, absence(county))))
    with pytest.raises(ValidationError, match="不用核实"):
        findings.verify(correction=one, accepted=False, text="不行", by=county.inspector, at=at())
    findings.close_finding(finding=one.finding, text="到位", by=county.office, at=at(hour=17))
    with pytest.raises(PermissionDenied):
        findings.reopen_correction(correction=one, text="又走了", by=county.clerk_jin, at=at(hour=18))
    findings.reopen_correction(correction=one, text="又走了", by=county.office, at=at(hour=18))
    assert Finding.objects.get().state == "open"
    assert Correction.objects.get().done_on is None


def test_a_reply_that_waits_is_not_reopened_past_its_verification(county):
    one = replied(county, ordered(county, absence(county)))
    with pytest.raises(ValidationError, match="不用重新整改"):
        findings.reopen_correction(correction=one, text="x", by=county.office, at=at())


def test_findings_wait_for_what_the_list_says(county):
    found = absence(county)

    def turns():
        return [turn for turn in Turn if Finding.objects.awaiting(turn).exists()]

    assert turns() == [Turn.ORDER]
    one = ordered(county, found, DAY)
    assert turns() == [Turn.REPLY]
    assert not Finding.objects.overdue(DAY).exists()
    assert Finding.objects.overdue(date(2022, 12, 6)).exists()
    replied(county, one)
    assert turns() == [Turn.VERIFY]
    assert not Finding.objects.overdue(date(2022, 12, 9)).exists()
    done(county, one)
    assert turns() == [Turn.CLOSE]
    findings.close_finding(finding=found, text="到位", by=county.office, at=at(hour=17))
    assert turns() == []


def test_what_managers_owe_is_taken_up_once_in_a_round_begun_in_the_same_step(county):
    debt = Found(
        "other", "11月出勤到期没有确认", township=county.jinqiao, manager=True, source="attendance:2022-11:430426102"
    )
    say = {"county": county.county, "round": None, "by": county.office, "at": at()}
    made = take_up(found=[debt], **say)[0]
    assert (made.manager, made.township, made.round.method, made.round.state) == (
        True,
        county.jinqiao,
        "papers",
        "underway",
    )
    with pytest.raises(ValidationError, match="已经列入"):
        take_up(found=[debt], **say)
    assert Round.objects.filter(method="papers").count() == 1  # the refused step left no round behind
    with pytest.raises(ValidationError, match="先勾选"):
        take_up(found=[], **say)
    with pytest.raises(ValidationError, match="资料督查"):
        take_up(found=[debt], **say | {"round": plan(county)})
    with pytest.raises(PermissionDenied):
        take_up(found=[debt], **say | {"by": county.clerk_jin})


def test_a_paper_round_is_begun_and_closed_without_villages(county):
    say = {"by": county.office, "at": at()}
    held = rounds.plan_round(county=county.county, held_on=DAY, method="papers", group="", purpose="", **say)
    rounds.move_round(round=held, to="underway", **say)
    manager_finding(county, held)
    assert rounds.move_round(round=held, to="closed", **say).state == "closed"


def test_leave_stands_beside_the_person_on_the_day_only(county):
    leave(county)
    there = {one.posting.person: one for one in expected([county.team_shiqiao.pk], DAY)[county.team_shiqiao.pk]}
    assert [one.usual for one in (there[county.wang], there[county.li])] == ["", "notice"]
    assert there[county.li].covered == "已批准报备 12月5日至12月5日"
    after = expected([county.team_shiqiao.pk], date(2022, 12, 6))[county.team_shiqiao.pk]
    assert not any(one.usual for one in after)


def test_attendance_is_told_who_was_there_and_who_was_not(county):
    enter(county, plan(county))
    month = parse("2022-12")
    told = set(facts(county.team_shiqiao, month))
    assert told == {(county.wang.pk, DAY, True, "督查DC2022-01"), (county.li.pk, DAY, False, "督查DC2022-01")}
    assert not list(facts(county.team_gaoling, month))
    assert not list(facts(county.team_shiqiao, parse("2022-11")))
    findings.withdraw_finding(finding=Finding.objects.get(), text="开会", by=county.office, at=at())
    assert {person for person, *_ in facts(county.team_shiqiao, month)} == {county.wang.pk}


def test_the_county_s_attendance_summary_counts_visits_and_who_was_not_there(county):
    november, december = parse("2022-11"), parse("2022-12")
    scope = county.office.scope_on(DAY)
    enter(county, plan(county))
    assert (VISITS.count(december, scope), ABSENCES.count(december, scope)) == ({"430426102": 1}, {"430426102": 1})
    assert (VISITS.count(november, scope), ABSENCES.count(november, scope)) == ({}, {})
    findings.withdraw_finding(finding=Finding.objects.get(), text="当天在县里开会", by=county.deputy, at=at())
    assert (VISITS.count(december, scope), ABSENCES.count(december, scope)) == ({"430426102": 1}, {})
