"""An unannounced visit finds an absence; it is put right and told; the third absence ends in a recall, a ban and a successor."""

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import AT, Facts, account, person
from zhucun.base.access.permissions import Role as R
from zhucun.base.timeline.periods import parse
from zhucun.work.accountability import figures as accountability
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.actions.opening import About
from zhucun.work.accountability.sources import absences_of
from zhucun.work.inspections import figures as inspections
from zhucun.work.inspections.actions import circulars, findings, rounds
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.models import Circular, Finding
from zhucun.work.teams import actions as teams
from zhucun.work.teams import figures as team_figures


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def visit(world, day: str, *, absent):
    """One unannounced round to 石桥村 that finds somebody away; the finding."""
    when = {"by": world.inspector, "at": at(day)}
    held = rounds.plan_round(
        county=world.county,
        held_on=date.fromisoformat(day),
        method="unannounced",
        group="县驻村办",
        purpose="在岗情况",
        **when,
    )
    rounds.choose_villages(round=held, villages=[world.shiqiao], **when)
    rounds.move_round(round=held, to="underway", **when)
    seen = [Seen(world.wang_posting, "here"), Seen(absent, "absent", "电话不通")]
    key = uuid4()
    sheet = held.visits.get()
    rounds.enter_visit(visit=sheet, fields={"witness": "村主任"}, seen=seen, found=[], key=key, **when)
    rounds.enter_visit(
        visit=sheet, fields={"witness": "村主任"}, seen=seen, found=[], key=key, **when
    )  # sent once more
    rounds.move_round(round=held, to="closed", **when)
    return held.findings.get()


@pytest.mark.django_db
def test_from_an_unannounced_visit_to_a_recall_and_a_ban(world):
    world.inspector = account(world, "inspector", "督查员", R.INSPECTOR, world.county)
    world.deputy = account(world, "deputy", "驻村办副主任", R.OFFICE, world.county)
    first = visit(world, "2022-03-08", absent=world.li_posting)
    assert (first.kind, first.person, first.unit, first.township) == ("absent", world.li, world.farming, world.jinqiao)

    # put right, verified by another, closed
    order = findings.order_correction(
        round=first.round,
        finding=first,
        text="乡镇约见本人并核实考勤",
        due=date(2022, 3, 15),
        by=world.inspector,
        at=at("2022-03-08"),
    )
    with pytest.raises(ValidationError, match="还有 1 条整改意见"):
        findings.close_finding(finding=first, text="已改", by=world.office, at=at("2022-03-09"))
    findings.reply(correction=order, text="已约见，本人检讨", by=world.clerk_jin, at=at("2022-03-10"))
    with pytest.raises(PermissionDenied):
        findings.verify(correction=order, accepted=True, text="属实", by=world.clerk_jin, at=at("2022-03-11"))
    findings.verify(correction=order, accepted=True, text="属实", by=world.inspector, at=at("2022-03-11"))
    findings.close_finding(finding=first, text="整改到位", by=world.office, at=at("2022-03-12"))
    with pytest.raises(ValidationError, match="已经在 2022-03-12 销号"):
        findings.close_finding(finding=Finding.objects.get(), text="整改到位", by=world.deputy, at=at("2022-03-12"))

    # a circular, with number and receipt
    paper = circulars.draft_circular(
        county=world.county, rounds=[first.round], title="关于3月督查情况的通报", body="一、总体情况", townships=[world.jinqiao],
        units=[world.farming], by=world.office, at=at("2022-03-13"),
    )  # fmt: skip
    circulars.submit(circular=paper, by=world.office, at=at("2022-03-13"))
    with pytest.raises(PermissionDenied, match="起草人"):
        circulars.review(circular=paper, agreed=True, remark="", by=world.office, at=at("2022-03-13"))
    circulars.review(circular=paper, agreed=True, remark="", by=world.deputy, at=at("2022-03-13"))
    circulars.sign(circular=paper, agreed=True, remark="", by=world.leader_county, at=at("2022-03-14"))
    paper.refresh_from_db()
    assert (paper.year, paper.number, paper.state) == (2022, 1, Circular.State.ISSUED)
    circulars.receive(delivery=paper.deliveries.get(township=world.jinqiao), by=world.clerk_jin, at=at("2022-03-15"))
    with pytest.raises(PermissionDenied):
        circulars.receive(
            delivery=paper.deliveries.get(unit=world.farming), by=world.contact_finance, at=at("2022-03-15")
        )

    # a reminder, answered
    reminder = opening.open_case(
        county=world.county, measure="reminder", way="letter", about=About(world.li_posting), source="absence", finding=first,
        grounds="3月8日无故不在岗", facts="", by=world.office, at=at("2022-03-15"),
    )  # fmt: skip
    opening.put_forward(case=reminder, by=world.office, at=at("2022-03-15"))
    opening.give_opinion(case=reminder, agreed=True, text="", by=world.office, at=at("2022-03-15"))
    effects.notify(case=reminder, document="祁驻村函〔2022〕1号", by=world.office, at=at("2022-03-15"))
    effects.reply(case=reminder, text="接受提醒，今后按规定报备", by=world.member_li, at=at("2022-03-16"))
    effects.close(case=reminder, result="本人已回复", by=world.office, at=at("2022-03-17"))

    # the third absence: recall
    visit(world, "2022-05-10", absent=world.li_posting)
    third = visit(world, "2022-09-06", absent=world.li_posting)
    assert absences_of(world.li, date(2022, 9, 6)) == 3
    recall = opening.open_case(
        county=world.county, measure="recall", about=About(world.li_posting), source="absence", finding=third,
        grounds="一年内三次无故不在岗", facts="3月8日、5月10日、9月6日督查均无故不在岗", by=world.office, at=at("2022-09-07"),
    )  # fmt: skip
    opening.put_forward(case=recall, by=world.office, at=at("2022-09-07"))
    with pytest.raises(ValidationError, match="陈述申辩期"):
        opening.end_hearing(case=recall, by=world.office, at=at("2022-09-08"))
    opening.state(case=recall, text="家中老人住院，没有及时报备", by=world.member_li, at=at("2022-09-08"))
    opening.end_hearing(case=recall, by=world.office, at=at("2022-09-09"))
    with pytest.raises(PermissionDenied):
        opening.give_opinion(case=recall, agreed=True, text="", by=world.office, at=at("2022-09-09"))
    for who, document in (
        (world.clerk_jin, ""),
        (world.office, ""),
        (world.deputy, "祁组函〔2022〕9号"),
        (world.leader_county, ""),
    ):
        opening.give_opinion(case=recall, agreed=True, text="同意", document=document, by=who, at=at("2022-09-10"))
    effects.notify(case=recall, document="祁驻村〔2022〕12号", by=world.office, at=at("2022-09-12"))
    effects.carry_out(case=recall, last_day=date(2022, 9, 15), by=world.office, at=at("2022-09-15"))
    recall.refresh_from_db()
    world.li_posting.refresh_from_db()
    assert (world.li_posting.ending, world.li_posting.last_day) == ("recall", date(2022, 9, 15))
    assert (recall.banned_until, recall.due_on) == (date(2024, 9, 15), date(2022, 9, 27))

    # replaced, and the ban is seen at the next selection
    new = person(world, Facts("孙勤", "P009", date(1988, 3, 1), world.farming))
    follows = teams.post(
        person=new,
        team=world.team_shiqiao,
        role="member",
        start=date(2022, 9, 20),
        reason="召回后重新选派",
        by=world.office,
        at=at("2022-09-19"),
    )
    effects.name_successor(case=recall, successor=follows, by=world.office, at=at("2022-09-20"))
    effects.close(case=recall, result="孙勤已到岗并办理交接", by=world.office, at=at("2022-09-25"))
    with pytest.raises(ValidationError, match="曾被召回，还在影响期内"):
        teams.post(
            person=world.li,
            team=world.team_gaoling,
            role="member",
            start=date(2022, 12, 1),
            reason="x",
            by=world.office,
            at=at("2022-12-01"),
        )

    year, scope = parse("2022"), world.office.scope_on(date(2022, 12, 7))
    counted = [
        f(year, scope).value
        for f in (inspections.rounds, inspections.findings, inspections.corrections, inspections.circulars)
    ]
    assert counted == [3, 3, 1, 1]
    assert inspections.open_findings(year, scope).value == 2
    assert (accountability.reminded(year, scope).value, accountability.interviews(year, scope).value) == (1, 0)
    assert team_figures.members_recalled(year, scope).value == 1
    assert inspections.findings(year, world.clerk_niao.scope_on(date(2022, 12, 7))).value == 0


def test_a_month_before_the_cast_there_is_nothing(world):
    assert inspections.rounds(parse("2021"), world.office.scope_on(AT.date())).value == 0
