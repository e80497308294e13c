"""The parts of a score as people read them: the sentences counted by hand, and that they always add up."""

import random
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from zhucun.base.directory import actions as directory
from zhucun.base.directory.models import Standing
from zhucun.base.people.models import Record
from zhucun.work.placement import explaining, instance, rules
from zhucun.work.placement.optimiser.result import Team

from .conftest import fill, newcomer, put, quota

pytestmark = pytest.mark.django_db
SHIQIAO, GAOLING = "430426102201", "430426103201"
FINANCE = Team("县财政局", "P001", ("P001", "P002"))
POLICE = Team("县公安局", "P003", ("P003",))
WORDS = "会计 信访调解 社会工作 治安 侦查 果树栽培 种养 电商".split()


def built(world, **weights: int) -> instance.Instance:
    return instance.build(world.round, instance.current_weights(world.round) | weights)


def facts(found: instance.Instance, village: str, team: Team) -> dict[str, tuple[str, ...]]:
    return {part.label: part.facts for part in explaining.why(found, village, team)}


def knows(who, major: str = "", skills: str = "") -> None:
    Record.objects.filter(person=who).update(major=major, skills=skills)


def wants(world, village, skills: str) -> None:
    fill(world, village, skills=skills)


def summed(fact: str) -> int:
    """The tenths a sentence tells: its numbers of 分, once for everybody it names before 各."""
    text = fact.replace("（取到 0.1 分）", "")
    found = 0
    for each, sign, number in re.findall(r"(各)? ?([+−]?)(\d+\.\d) 分", text):
        people = text.partition("：")[2].partition("各")[0].count("、") + 1 if each else 1
        found += round(float(number) * 10) * people * (-1 if sign == "−" else 1)
    return found


def test_every_fact_of_a_team_that_joins_two_units_is_told_with_its_points(staffed):
    assert facts(built(staffed), SHIQIAO, FINANCE) == {
        "单位对口": (
            "县财政局是经济部门，经济部门到穷村，按“穷”的评分计：80 × 115%（示范村）= 92.0 分",
            "继续帮扶本村：+5.0 分",
        ),
        "个人与村": ("王立新：在金桥镇驻过村 1.5 分", "李敏：在金桥镇驻过村 1.5 分"),
        "队长": ("队长王立新：副科以上 2.0 分、有农村工作经历 1.0 分、参加过脱贫攻坚驻村 1.0 分",),
        "专业与结构": (
            "女同志：李敏：第一人 2.0 分",
            "年轻人：李敏：第一人 2.0 分",
            "党员：王立新、李敏：第一人 1.5 + 第二人 0.7 = 2.2 分",
            "农村工作经历：王立新：第一人 1.5 分",
            "脱贫攻坚驻村：王立新：第一人 1.5 分",
        ),
        "联合组队": ("来自别的单位：李敏（县农业农村局）−0.8 分",),
        "连任": ("留任：王立新、李敏各 2.5 分",),
    }


def test_a_unit_of_the_law_in_a_disorderly_key_village(staffed):
    assert facts(built(staffed), GAOLING, POLICE)["单位对口"] == (
        "县公安局是政法部门，政法部门到乱村，按“乱”的评分计：80 × 130%（重点村）= 104.0 分",
        "继续帮扶本村：+5.0 分",
    )


def test_a_unit_that_is_not_of_the_kind_is_told_with_the_three_scores(staffed):
    assert facts(built(staffed), SHIQIAO, POLICE)["单位对口"] == (
        "县公安局是政法部门，政法部门到乱村，按“乱”的评分计：30 × 115%（示范村）= 34.5 分",
        "该村穷 80、弱 30、乱 30，主要是穷，这个单位不是对口部门，要写明理由",
    )


def test_other_units_answer_to_a_share_of_the_mean_cut_to_tenths(staffed):
    fields = {"name": "县档案馆", "category": "other", "level": "county"}
    archive = directory.add_unit(county=staffed.county, fields=fields, by=staffed.caretaker, at=AT)
    put(staffed, newcomer(staffed, "文静", "P020", archive), may_lead=True)
    quota(staffed, archive, 1)
    fill(staffed, staffed.gaoling, poor=18, weak=26, disorderly=80)
    Standing.objects.filter(village=GAOLING).delete()
    team = Team("县档案馆", "P020", ("P020",))
    assert facts(built(staffed), GAOLING, team)["单位对口"] == (
        "县档案馆是其他部门，按三项评分平均数的 40% 计："
        "（穷 18 + 弱 26 + 乱 80）÷ 3 × 40% × 100%（村类别未定，按一般村）= 16.5 分（取到 0.1 分）",
    )


def test_a_skill_is_told_with_who_has_it_from_where_and_in_the_villages_own_words(staffed):
    wants(staffed, staffed.gaoling, "治安、社会工作，信访调解；果树栽培 会计")
    knows(staffed.zhao, "侦查", "治安、群众工作")
    assert facts(built(staffed), GAOLING, POLICE)["专业与结构"] == (
        "需要治安：赵刚（专业、特长各一点）：第一点 6.0 + 第二点 3.0 = 9.0 分",
        "需要调解（需求写的是社会工作、信访调解）：赵刚（特长一点）：第一点 6.0 分",
        "需要果树栽培：队里没有人懂",
        "需要财务（需求写的是会计）：队里没有人懂",
        "党员：赵刚：第一人 1.5 分",
        "农村工作经历：赵刚：第一人 1.5 分",
    )


def test_points_beyond_the_third_are_said_to_count_no_more(staffed):
    wants(staffed, staffed.shiqiao, "财务")
    knows(staffed.wang, "会计", "财政")
    knows(staffed.li, "会计", "财政")
    assert facts(built(staffed), SHIQIAO, FINANCE)["专业与结构"][0] == (
        "需要财务：王立新（专业、特长各一点）、李敏（专业、特长各一点）："
        "第一点 6.0 + 第二点 3.0 + 第三点 1.0 = 10.0 分（第四点起不再加）"
    )
    assert "需要财务：王立新（专业、特长各一点）、李敏（专业、特长各一点）：第一点 0.0" in str(
        facts(built(staffed, skill_first=0, skill_second=0, skill_third=0), SHIQIAO, FINANCE)
    )


def test_a_wish_and_having_been_there_are_told_apart(staffed):
    staffed.round.candidates.filter(person=staffed.li).update(preference=staffed.jinqiao)
    assert facts(built(staffed), SHIQIAO, FINANCE)["个人与村"] == (
        "王立新：在金桥镇驻过村 1.5 分",
        "李敏：本人意愿到金桥镇 2.0 分、在金桥镇驻过村 1.5 分",
    )


def test_what_a_team_lacks_is_said_where_it_matters(staffed):
    found = facts(built(staffed, leader_rural=0), SHIQIAO, POLICE)
    assert found["队长"] == ("队长赵刚：有农村工作经历 0.0 分",)
    assert found["连任"] == ("没有人留任",)
    assert found["联合组队"] == found["个人与村"] == ()
    staffed.round.candidates.filter(person=staffed.zhao).update(may_lead=False)
    assert facts(built(staffed), SHIQIAO, POLICE)["队长"] == ("队长赵刚：没有列为可任队长的人选，不加分",)


@pytest.mark.parametrize("seed", range(40))
def test_the_points_told_are_the_points_of_the_part(staffed, seed):
    """A small world at random: its scores, classes, skills, weights, wishes and team."""
    draw = random.Random(seed)
    for village in (staffed.shiqiao, staffed.gaoling):
        scores = {name: draw.randint(0, 100) for name in rules.CONDITIONS}
        fill(staffed, village, skills="、".join(draw.sample(WORDS, draw.randint(0, 5))), **scores)
    for who in (staffed.wang, staffed.li, staffed.zhao):
        knows(who, draw.choice(WORDS), " ".join(draw.sample(WORDS, 3)))
        wish = draw.choice([None, staffed.jinqiao, staffed.niaojiang])
        staffed.round.candidates.filter(person=who).update(preference=wish)
    Standing.objects.filter(village=GAOLING).update(category=draw.choice(Standing.Category.values))
    type(staffed.finance).objects.update(category=draw.choice(list(rules.PRINCIPLES)))
    found = built(staffed, **{name: draw.randint(0, 150) for name in rules.WEIGHTS if name != "young_age"})
    people = draw.sample(["P001", "P002", "P003"], draw.randint(1, 3))
    team = Team(draw.choice(["县财政局", "县公安局"]), people[0], tuple(sorted(people)))
    for village in (SHIQIAO, GAOLING):
        parts = explaining.why(found, village, team)
        assert {part.label: sum(map(summed, part.facts)) for part in parts} == {
            part.label: part.worth for part in parts
        }


def test_explaining_asks_one_question_of_the_database(staffed):
    found = built(staffed)
    with CaptureQueriesContext(connection) as asked:
        explaining.why(found, SHIQIAO, FINANCE)
    assert len(asked) <= 1
