"""Two people at one finding, one sheet, one correction at the same moment: one wins, the other is told; by threads, on both engines."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from tests.cast import NOW
from tests.quality.test_races import at_once, told
from zhucun.base.journal.models import Entry
from zhucun.base.journal.verify import verify
from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.actions.taking_up import take_up
from zhucun.work.inspections.models import Correction, Finding, Presence, Round, Step
from zhucun.work.inspections.tests.story import absence, ordered, plan, replied, sheet, staff

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_close_a_finding_one_wins_and_the_other_is_told_by_whom(world):
    staff(world)
    found = absence(world)
    loaded = [Finding.objects.select_related("round").get(pk=found.pk) for _ in range(6)]
    people = [world.office, world.deputy]
    results = at_once(6, lambda n: findings.close_finding(finding=loaded[n], text=f"到位{n}", by=people[n % 2], at=NOW))
    done, sentences = told(results)
    assert done == 1
    row = Finding.objects.get()
    assert sentences == {f"{row.closed_by}已经在 2022-12-07 销号。"}
    assert Entry.objects.filter(action="finding.closed").count() == 1
    assert verify().whole


def test_nothing_is_ordered_about_a_finding_that_is_closed_meanwhile(world):
    """Whoever is first: a closed finding has no correction that waits."""
    staff(world)
    found = absence(world)
    work = [
        lambda: findings.close_finding(finding=found, text="到位", by=world.office, at=NOW),
        lambda: ordered(world, found, date(2022, 12, 20)),
    ]
    done, sentences = told(at_once(2, lambda n: work[n]()))
    assert done == 1
    assert all("已经销号" in one or "没有核实完成" in one for one in sentences)
    row = Finding.objects.get()
    assert (row.state == "closed") is not Correction.objects.exists()


def test_the_same_sheet_sent_by_two_phones_is_entered_once(world):
    staff(world)
    held = plan(world)
    row, keys = sheet(held), [uuid4(), uuid4()]
    seen = [Seen(world.wang_posting, "here"), Seen(world.li_posting, "absent")]
    sent = {"visit": row, "fields": {}, "seen": seen, "found": [], "by": world.inspector, "at": NOW}
    results = at_once(6, lambda n: rounds.enter_visit(key=keys[n % 2], **sent))
    done, sentences = told(results)
    assert done == 3  # the three that were sent with the key that came first
    assert all("已由督查员录入" in one for one in sentences)
    assert (Presence.objects.count(), Finding.objects.count()) == (2, 1)


def test_a_reply_is_verified_once(world):
    staff(world)
    one = replied(world, ordered(world, absence(world)))
    loaded = [Correction.objects.get(pk=one.pk) for _ in range(6)]

    def verified(n):
        try:
            return findings.verify(correction=loaded[n], accepted=n % 2 == 0, text="核实", by=world.inspector, at=NOW)
        except PermissionDenied as refusal:
            return refusal

    done, sentences = told(at_once(6, verified))
    assert done == 1
    assert all("不用核实" in sentence for sentence in sentences)
    assert Step.objects.exclude(kind=Step.Kind.REPLY).count() == 1


def test_what_a_manager_owes_is_taken_up_once_and_leaves_one_round(world):
    staff(world)
    debt = Found("other", "11月出勤到期没有确认", township=world.jinqiao, manager=True, source="attendance:2022-11:x")
    say = {"county": world.county, "round": None, "found": [debt], "at": NOW}
    people = [world.office, world.deputy]
    done, sentences = told(at_once(4, lambda n: take_up(by=people[n % 2], **say)))
    assert done == 1
    assert all("已经列入" in one or "编号" in one for one in sentences)
    assert (Finding.objects.count(), Round.objects.count()) == (1, 1)


def test_numbers_of_findings_follow_each_other(world):
    staff(world)
    held = plan(world)
    say = {"round": held, "by": world.inspector, "at": NOW}
    done, _ = told(
        at_once(6, lambda n: findings.add_findings(found=[Found("other", f"问题{n}", township=world.jinqiao)], **say))
    )
    assert done == 6
    numbers = list(Finding.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [f"WT2022-{n:04}" for n in range(1, 7)]
