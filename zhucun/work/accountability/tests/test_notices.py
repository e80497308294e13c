"""What waits for whom: at every stage somebody, and nobody who has no part in it."""

import pytest

from tests.cast import NOW, TODAY
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.notices import mine, waiting

from .conftest import AGREED, absence, approved, carried_out, closed, notified, opened, submitted

pytestmark = pytest.mark.django_db


def told(user) -> list[str]:
    return [one.title for one in waiting(user, TODAY)]


def test_every_stage_waits_for_somebody(hands):
    row = opened(hands)
    assert told(hands.office) == ["召回立案后待提交"]
    opening.put_forward(case=row, by=hands.office, at=NOW)
    assert told(hands.office) == []
    assert [(one.title, one.due.isoformat()) for one in waiting(hands.member_li, TODAY)] == [
        ("您有权就拟作出的召回陈述申辩", "2022-12-12")
    ]
    opening.state(case=row, text="没有意见", by=hands.member_li, at=NOW)
    assert told(hands.member_li) == []
    assert told(hands.office) == ["召回已听取意见，待提交审批"]


def test_the_levels_are_asked_in_turn(hands):
    row = submitted(hands)
    assert told(hands.clerk_jin) == ["召回待签署意见"]
    assert told(hands.clerk_niao) == told(hands.leader_county) == told(hands.office) == []
    opening.give_opinion(case=row, agreed=True, text="", by=hands.clerk_jin, at=AGREED)
    assert told(hands.clerk_jin) == []
    assert told(hands.office) == told(hands.deputy) == ["召回待签署意见"]
    opening.give_opinion(case=row, agreed=True, text="", by=hands.deputy, at=AGREED)
    opening.give_opinion(case=row, agreed=True, text="", document="1号", by=hands.deputy, at=AGREED)
    assert told(hands.leader_county) == ["召回待签署意见"]
    opening.give_opinion(case=row, agreed=True, text="", by=hands.leader_county, at=AGREED)
    assert told(hands.office) == ["召回审批完毕，待告知"]


def test_the_unit_is_asked_to_select_anew_until_somebody_came(hands):
    notified(hands)
    assert [one.due.isoformat() for one in waiting(hands.contact_farming, TODAY)] == ["2022-12-19"]
    assert any("重新选派" in title for title in told(hands.contact_farming))
    assert told(hands.contact_finance) == []
    assert told(hands.office) == ["召回待执行"]


def test_the_rest_of_the_way(hands):
    approved(hands, "interview")
    assert told(hands.office) == ["约谈审批完毕，待告知"]
    notified(hands, "interview", grounds="二")
    carried_out(hands, "reminder", grounds="三")
    closed(hands, "reminder", grounds="四")
    assert sorted(told(hands.office)) == ["提醒待办结", "约谈审批完毕，待告知", "约谈待进行"]
    assert len(mine(hands.office, TODAY)) == 3


def test_a_reminder_waits_for_the_person(hands):
    notified(hands, "reminder")
    assert told(hands.member_li) == ["请回复提醒"]
    assert told(hands.member_wang) == []


def test_an_appeal_waits_for_those_who_took_no_part(hands):
    row = notified(hands, "interview")
    effects.appeal(case=row, text="不服", by=hands.member_li, at=NOW)
    assert "对李敏的约谈有申诉待复核" in told(hands.third)
    assert "对李敏的约谈有申诉待复核" in told(hands.leader_two)
    assert not [one for one in told(hands.office) + told(hands.deputy) if "申诉" in one]


def test_absences_without_a_measure_wait_for_the_office(hands):
    absence(hands, TODAY)
    assert told(hands.office) == ["1 条无故不在岗待处理"]
    assert told(hands.clerk_jin) == []


def test_the_questions_asked_do_not_grow_with_the_cases(hands, django_assert_max_num_queries):
    for n in range(20):
        submitted(hands, "interview", grounds=f"事由{n}")
    with django_assert_max_num_queries(14):
        assert told(hands.office) == ["20 件处理待签署意见"]
    with django_assert_max_num_queries(8):
        told(hands.clerk_jin)
