"""Two people at the same moment: one opinion, one recall, one answer; the other is told."""

from datetime import date

import pytest

from tests.cast import NOW
from tests.quality.test_races import at_once, told
from zhucun.base.journal.verify import verify
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.models import Appeal, Case
from zhucun.work.teams.models import Handover

from .conftest import AGREED, notified, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_of_the_office_give_the_same_opinion(hands):
    row = submitted(hands)
    opening.give_opinion(case=row, agreed=True, text="", by=hands.clerk_jin, at=AGREED)
    people = [hands.office, hands.deputy, hands.third] * 3
    done, sentences = told(
        at_once(
            9,
            lambda n: opening.give_opinion(
                case=row, agreed=True, text="", document="1号", level="office", by=people[n], at=AGREED
            ),
        )
    )
    assert (done, row.opinions.count()) == (1, 2)
    assert all("县驻村办意见已经由" in sentence for sentence in sentences)
    assert verify().whole


def test_a_recall_carried_out_twice(hands):
    row = notified(hands)
    people = [hands.office, hands.deputy] * 4
    done, sentences = told(
        at_once(8, lambda n: effects.carry_out(case=row, last_day=date(2022, 12, 5), by=people[n], at=NOW))
    )
    assert (done, Handover.objects.filter(posting=hands.li_posting).count()) == (1, 1)
    assert all("召回已经执行" in sentence for sentence in sentences)
    assert verify().whole


def test_two_reviewers_answer_one_appeal_differently(hands):
    row = notified(hands, "interview")
    found = effects.appeal(case=row, text="不服", by=hands.member_li, at=NOW)
    people = [hands.third, hands.leader_two] * 3
    done, sentences = told(
        at_once(6, lambda n: effects.answer_appeal(appeal=found, upheld=n % 2 == 0, text="复核", by=people[n], at=NOW))
    )
    assert done == 1
    assert all("已经作出复核结论" in sentence for sentence in sentences)
    answered = Appeal.objects.get()
    assert Case.objects.get(pk=row.pk).state == ("revoked" if answered.upheld else "notified")


def test_the_person_appeals_twice_at_once(hands):
    row = notified(hands, "interview")
    done, sentences = told(at_once(6, lambda n: effects.appeal(case=row, text="不服", by=hands.member_li, at=NOW)))
    assert (done, Appeal.objects.count()) == (1, 1)
    assert sentences == {"已经提出申诉，还在复核。"}
