"""A round as numbers, counted by hand; and who may take part in it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, NOW
from zhucun.base.directory import actions as directory
from zhucun.base.people import actions as people
from zhucun.work.placement import instance, plan
from zhucun.work.placement.actions import gathering
from zhucun.work.placement.eligible import judged, judged_in
from zhucun.work.placement.models import Lock
from zhucun.work.placement.optimiser import problem as p
from zhucun.work.placement.optimiser.result import Team
from zhucun.work.teams import actions as teams

from .conftest import STARTS, candidate, fill, newcomer, put, quota, review

pytestmark = pytest.mark.django_db
SHIQIAO, QINGSHUI, GAOLING = "430426102201", "430426102202", "430426103201"
JINQIAO, NIAOJIANG = "430426102", "430426103"


def built(world) -> instance.Instance:
    return instance.build(world.round, instance.current_weights(world.round))


def only(world, who):
    return judged([who], STARTS, world.county.pk)[who]


# --- what is worth what ------------------------------------------------------------------------------------------


def test_villages_come_with_their_size_their_township_and_whether_they_are_remote(staffed):
    fill(staffed, staffed.gaoling, remote=True)
    assert built(staffed).problem.villages == {
        SHIQIAO: p.Village(size=2, township=JINQIAO, remote=False),
        GAOLING: p.Village(size=1, township=NIAOJIANG, remote=True),
    }


def test_a_unit_is_worth_its_kind_times_the_class_and_fifty_more_where_it_leads_already(staffed):
    assert built(staffed).problem.scores.unit_village == {
        "县财政局": {SHIQIAO: 970, GAOLING: 390},  # 10·80·115/100 + 50, 10·30·130/100
        "县公安局": {SHIQIAO: 345, GAOLING: 1090},  # 10·30·115/100, 10·80·130/100 + 50
    }


def test_units_lead_as_many_as_their_quota_and_those_that_only_lend_people_none(staffed):
    quota(staffed, staffed.finance, 2, staffed.farming)
    assert built(staffed).problem.units == {
        "县财政局": p.Unit(2, ("县农业农村局",)),
        "县公安局": p.Unit(1),
        "县农业农村局": p.Unit(0),
    }


def test_a_unit_whose_quota_is_nothing_keeps_its_scores_so_that_the_quota_is_what_stands_in_the_way(staffed):
    quota(staffed, staffed.police, 0)
    found = built(staffed).problem
    assert set(found.scores.unit_village) == {"县财政局", "县公安局"}
    assert found.units["县公安局"].capacity == 0


def test_people_come_with_their_unit_their_bonus_as_leaders_and_what_balances_a_team(staffed):
    wang, li, zhao = (built(staffed).problem.candidates[number] for number in ("P001", "P002", "P003"))
    assert wang == p.Candidate("县财政局", True, 40, {"=party": 1, "=rural": 1, "=relief": 1})  # 20 + 10 + 10
    assert li == p.Candidate("县农业农村局", True, 0, {"=women": 1, "=young": 1, "=party": 1})  # 32 years old
    assert zhao == p.Candidate("县公安局", True, 10, {"=party": 1, "=rural": 1})


def test_who_may_not_lead_brings_no_bonus_as_a_leader(staffed):
    gathering.change_candidate(candidate=candidate(staffed, staffed.wang), fields={"may_lead": False}, **staffed.by)
    wang = built(staffed).problem.candidates["P001"]
    assert (wang.leader_ok, wang.leader_bonus) == (False, 0)


def test_young_is_whoever_is_thirty_five_at_most_on_the_first_day(staffed):
    put(staffed, newcomer(staffed, "孙三五", "P010", staffed.finance, born=date(1987, 5, 23)))  # 35 until tomorrow
    put(staffed, newcomer(staffed, "孙三六", "P011", staffed.finance, born=date(1987, 5, 22)))
    found = built(staffed).problem.candidates
    assert "=young" in found["P010"].skills
    assert "=young" not in found["P011"].skills


def test_subject_and_skill_count_for_the_groups_that_villages_ask_for(staffed):
    fields = {"major": "农学", "skills": "财务管理、摄影"}
    people.correct_record(record=staffed.li.records.get(), fields=fields, by=staffed.office, at=NOW)
    fill(staffed, staffed.shiqiao, skills="作物种植、财务管理")
    fill(staffed, staffed.gaoling, skills="植保")
    found = built(staffed).problem
    balance = {"=women": 1, "=young": 1, "=party": 1}
    assert found.candidates["P002"].skills == {"种植": 1, "财务": 1} | balance
    assert [name for name in found.scores.skill_tiers[SHIQIAO] if name[0] != "="] == ["种植", "财务"]
    assert found.scores.skill_tiers[GAOLING]["种植"] == (60, 30, 10)


def test_people_know_the_township_they_were_in_and_wish_for_one(staffed):
    gathering.bring_villages(round=staffed.round, villages=[staffed.qingshui], **staffed.by)
    gathering.change_candidate(
        candidate=candidate(staffed, staffed.zhao), fields={"preference": staffed.jinqiao}, **staffed.by
    )
    assert built(staffed).problem.scores.person_village == {
        "P001": {SHIQIAO: 15, QINGSHUI: 15},
        "P002": {SHIQIAO: 15, QINGSHUI: 15},
        "P003": {GAOLING: 15, SHIQIAO: 20, QINGSHUI: 20},
    }


def test_somebody_who_left_long_ago_still_knows_the_township(staffed):
    put(staffed, staffed.qian)
    found = built(staffed).problem
    assert found.scores.person_village["P004"] == {GAOLING: 15}
    assert "P004" not in found.previous


def test_the_village_of_the_day_before_is_the_previous_one(staffed):
    assert built(staffed).problem.previous == {"P001": SHIQIAO, "P002": SHIQIAO, "P003": GAOLING}


def test_the_penalty_and_the_bonus_are_the_policys(staffed):
    scores = built(staffed).problem.scores
    assert (scores.joint_penalty, scores.stay_bonus) == (8, 25)


def test_other_weights_make_other_numbers(staffed):
    weights = instance.current_weights(staffed.round) | {"model_factor": 200, "led_before": 0, "stay_bonus": 7}
    scores = instance.build(staffed.round, weights).problem.scores
    assert (scores.unit_village["县财政局"][SHIQIAO], scores.stay_bonus) == (1600, 7)


# --- what is ruled out -------------------------------------------------------------------------------------------


def test_home_village_health_and_relatives_come_from_the_review_sheet(staffed):
    review(staffed, staffed.li, {"home_village": staffed.gaoling, "healthy": False})
    review(staffed, staffed.wang, {"relatives_in": staffed.gaoling})
    found = built(staffed).problem
    li, wang = found.candidates["P002"], found.candidates["P001"]
    assert (li.home_village, li.home_township, li.health_limited) == (GAOLING, NIAOJIANG, True)
    assert (wang.home_village, wang.home_township, wang.health_limited) == ("", "", False)
    assert found.locks.ban_person_village == {("P001", GAOLING)}


def test_a_spouse_is_named_only_while_put_forward_too(staffed):
    zhou = newcomer(staffed, "周华", "P010", staffed.finance, sex="female")
    put(staffed, zhou, spouse=staffed.wang)
    assert built(staffed).problem.candidates["P010"].spouse == "P001"
    gathering.take_back(candidate=candidate(staffed, staffed.wang), reason="回单位", **staffed.by)
    assert built(staffed).problem.candidates["P010"].spouse == ""


def test_what_the_meeting_fixed_and_ruled_out_is_handed_on(staffed):
    rows = [
        {"kind": Lock.Kind.UNIT, "unit": staffed.police, "village": staffed.gaoling},
        {"kind": Lock.Kind.BAN_UNIT, "unit": staffed.police, "village": staffed.shiqiao},
        {"kind": Lock.Kind.PERSON, "candidate": candidate(staffed, staffed.wang), "village": staffed.shiqiao},
        {"kind": Lock.Kind.BAN_PERSON, "candidate": candidate(staffed, staffed.zhao), "village": staffed.shiqiao},
        {"kind": Lock.Kind.OUT, "candidate": candidate(staffed, staffed.li)},
    ]
    Lock.objects.bulk_create(Lock(round=staffed.round, made_by=staffed.office, made_at=NOW, **row) for row in rows)
    assert built(staffed).problem.locks == p.Locks(
        unit_village=frozenset({("县公安局", GAOLING)}),
        ban_unit_village=frozenset({("县公安局", SHIQIAO)}),
        person_village=frozenset({("P001", SHIQIAO)}),
        ban_person_village=frozenset({("P003", SHIQIAO)}),
        person_out=frozenset({"P002"}),
    )


def test_who_became_unfit_after_being_put_forward_is_left_out_with_the_reason(staffed):
    review(staffed, staffed.li, {"under_discipline": True})
    found = built(staffed)
    assert set(found.problem.candidates) == {"P001", "P003"}
    assert {row.person.name: known.refusals for row, known in found.out.items()} == {"李敏": ["在试用期或处分影响期内"]}


# --- names -------------------------------------------------------------------------------------------------------


def test_ids_are_called_by_their_names_even_of_those_left_out(staffed):
    review(staffed, staffed.li, {"under_discipline": True})
    found = built(staffed)
    assert [found.name(key) for key in (SHIQIAO, "P001", "P002", "县财政局")] == [
        "石桥村", "王立新", "李敏", "县财政局",
    ]  # fmt: skip


def test_what_breaks_a_rule_is_said_with_names(staffed):
    review(staffed, staffed.wang, {"home_village": staffed.gaoling})
    teams_by_village = {
        SHIQIAO: Team("县财政局", "P001", ("P001", "P002", "P003")),
        GAOLING: Team("县公安局", "P001", ("P001",)),
    }
    assert sorted(plan.refusals(built(staffed), teams_by_village)) == [
        "一人只在一支工作队：王立新 在 2 支工作队",
        "不到本人老家所在村：王立新 到了本人老家所在村",
        "不在本人老家所在乡镇任队长：王立新 在老家所在乡镇任队长",
        "队伍人数等于该村需要的人数：石桥村 应有 2 人，实有 3 人",
        "队员来自牵头单位或可联合的单位：王立新 不属于牵头单位及其参与单位",
        "队员来自牵头单位或可联合的单位：赵刚 不属于牵头单位及其参与单位",
        "队长由牵头单位可任队长的人担任：高岭村 队长王立新不合要求",
    ]


def test_a_person_numbered_three_is_not_read_into_a_count_of_three(staffed):
    put(staffed, newcomer(staffed, "吴三", "3", staffed.finance))
    found = built(staffed)
    assert plan.in_words(found, f"H2:{SHIQIAO} 应有 2 人，实有 3 人").endswith("石桥村 应有 2 人，实有 3 人")
    assert plan.in_words(found, f"H3:{SHIQIAO} 队长3不合要求").endswith("石桥村 队长吴三不合要求")
    assert plan.in_words(found, f"H8:3 没有到锁定的村{GAOLING}").endswith("吴三 没有到锁定的村高岭村")


def test_a_plan_counts_how_many_follow_the_article(staffed):
    swapped = {SHIQIAO: Team("县公安局", "", ()), GAOLING: Team("县公安局", "", ())}
    assert plan.villages_led_by_rule(built(staffed), swapped) == (1, 2)
    staffed.round.needs.filter(village=staffed.gaoling).delete()
    assert plan.villages_led_by_rule(built(staffed), swapped) == (0, 1)  # one village is not asked about any more


# --- who may take part -------------------------------------------------------------------------------------------


def test_nobody_without_a_record_on_the_first_day(told):
    who = people.register(
        county=told.county, by=told.caretaker, at=AT, start=date(2024, 1, 1),
        identity_fields={"name": "郑迟", "number": "P020", "born": date(1990, 1, 1), "sex": "male"},
        record_fields={"unit": told.finance, "political": "party", "education": "college"},
    )  # fmt: skip
    known = only(told, who)
    assert (known.record, known.refusals) == (None, ["到任那天没有人员情况记录，请先补充派出单位、学历等"])
    assert (known.home_village, known.relatives_in, known.health_limited) == ("", "", False)


def test_who_was_recalled_within_two_years_is_refused_until_they_are_over(told):
    posting = teams.post(
        person=told.qian, team=told.team_gaoling, role="member", start=date(2022, 8, 1), reason="补充", **told.by
    )
    teams.end_posting(posting=posting, last_day=date(2022, 9, 30), ending="recall", reason="不在岗", **told.by)
    assert only(told, told.qian).refusals == ["曾被召回，还在影响期内（到 2024-09-30 为止）"]
    later = judged([told.qian], date(2024, 9, 30), told.county.pk)[told.qian]
    assert not later.refusals


@pytest.mark.parametrize(("born", "warned"), [(date(1967, 5, 23), False), (date(1967, 5, 22), True)])
def test_who_is_over_fifty_five_needs_a_reason(told, born, warned):
    review(told, who := newcomer(told, "何老", "P021", told.finance, born=born))
    known = only(told, who)
    assert not known.refusals
    assert known.warnings == (["超过选派年龄上限（56 周岁，上限 55 周岁）"] if warned else [])


def test_no_sheet_and_one_of_more_than_a_year_ago_both_warn(told):
    who = newcomer(told, "何新", "P022", told.finance)
    assert only(told, who).warnings == ["没有有效的选派审核表"]
    review(told, who, day=date(2022, 5, 21))
    assert only(told, who).warnings == ["没有有效的选派审核表（上一份是 2022-05-21，已超过 12 个月）"]
    review(told, who, day=date(2022, 5, 22))
    assert not only(told, who).warnings


@pytest.mark.parametrize(
    ("fields", "unmet", "refusals"),
    [
        ({"on_staff": False}, "", ["不是在编在岗人员"]),
        ({"under_discipline": True}, "", ["在试用期或处分影响期内"]),
        ({"appraisal_before": "basic"}, "", ["近两年有一年考核为基本称职（基本合格）及以下，或未参加考核"]),
        ({}, "conduct", ["不符合选派标准（作风过硬）"]),
    ],
)
def test_what_the_sheet_says_may_refuse(told, fields, unmet, refusals):
    review(told, who := newcomer(told, "何审", "P023", told.finance), fields, unmet)
    assert only(told, who).refusals == refusals


def test_home_and_relatives_refuse_nobody_by_themselves(told):
    sheet = {"home_village": told.shiqiao, "relatives_in": told.gaoling}
    review(told, who := newcomer(told, "何乡", "P024", told.finance), sheet)
    known = only(told, who)
    assert not known.doubts
    assert (known.home_village, known.relatives_in) == (SHIQIAO, GAOLING)


def test_health_and_a_spouse_in_a_village_want_a_reason(told):
    review(told, who := newcomer(told, "何弱", "P025", told.finance), {"healthy": False, "spouse_posted": True})
    known = only(told, who)
    assert known.warnings == ["配偶正在驻村，一般不安排夫妻同时驻村", "身体情况不适合驻村"]
    assert known.health_limited


# --- effort ------------------------------------------------------------------------------------------------------


def test_thirty_villages_take_as_many_queries_as_three(told):
    gathering.bring_people(round=told.round, **told.by)
    grow(told, 1)
    few = queries(told)
    grow(told, 27)
    assert told.round.needs.count() == 30
    assert queries(told) == few
    assert few <= 20


def grow(world, more: int) -> None:
    """So many villages, units, people and locks more."""
    for n in range(world.round.needs.count(), world.round.needs.count() + more):
        code = f"43042610{2 + n % 2}3{n:02}"
        town = (world.jinqiao, world.niaojiang)[n % 2]
        village = directory.add_village(code=code, name=f"新村{n}", township=town, fields={}, **world.by)
        directory.class_village(
            village=village, start=date(2021, 1, 1), category="ordinary", conditions={"weak"}, **world.by
        )
        gathering.bring_villages(round=world.round, villages=[village], **world.by)
        fields = {"name": f"新局{n}", "category": "party", "level": "county"}
        unit = directory.add_unit(county=world.county, fields=fields, **world.by)
        quota(world, unit, 1, world.finance)
        who = newcomer(world, f"新人{n}", f"N{n:03}", unit)
        review(world, who, {"home_village": village})
        row = put(world, who, spouse=world.wang, preference=town)
        Lock.objects.bulk_create(
            [Lock(round=world.round, kind="ban_person_village", candidate=row, village=village, made_by=world.office, made_at=NOW)]
        )  # fmt: skip


def queries(world) -> int:
    weights = instance.current_weights(world.round)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        found = instance.build(world.round, weights)
        plan.refusals(found, {})
    return len(caught)


def test_everybody_of_a_round_is_judged_in_a_few_queries(staffed, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        assert len(judged_in(staffed.round)) == 3
