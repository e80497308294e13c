"""The rules of the room, as tables."""

from dataclasses import replace

import pytest

from zhucun.work.placement import rules
from zhucun.work.placement.rules import PlacementPolicy, Status, Troubles

POLICY = PlacementPolicy()
WEIGHTS = rules.weights_of(POLICY)
GROUPS = rules.groups_of(POLICY.groups)


@pytest.mark.parametrize(
    ("category", "scores", "village_class", "worth"),
    [
        ("economy", (80, 30, 30), "model", 920),  # 10 · 80 · 115 / 100
        ("economy", (80, 30, 30), "key", 1040),
        ("economy", (80, 30, 30), "ordinary", 800),
        ("economy", (80, 30, 30), "", 800),  # a village without a class counts as 一般村
        ("economy", (67, 0, 0), "model", 770),  # 770.5, floor
        ("party", (80, 30, 30), "model", 345),
        ("justice", (80, 30, 45), "key", 585),
        ("other", (80, 30, 30), "model", 214),  # 10 · (140 / 3 · 0.4) · 1.15 = 214.67, floor
        ("other", (30, 30, 30), "ordinary", 120),
        ("other", (0, 0, 0), "key", 0),
        ("economy", (100, 0, 0), "key", 1300),
    ],
)
def test_a_unit_is_worth_what_its_category_answers_to(category, scores, village_class, worth):
    assert rules.unit_village(category, Troubles(*scores), village_class, WEIGHTS) == worth


@pytest.mark.parametrize(
    ("category", "scores", "follows"),
    [
        ("economy", (80, 30, 30), True),
        ("party", (30, 80, 30), True),
        ("justice", (30, 30, 80), True),
        ("party", (80, 30, 30), False),
        ("justice", (80, 79, 78), False),
        ("party", (80, 80, 30), True),  # a tie is open to both
        ("economy", (80, 80, 30), True),
        ("justice", (80, 80, 30), False),
        ("other", (80, 30, 30), False),
        ("other", (0, 0, 0), True),  # without troubles any unit may go
        ("justice", (0, 0, 0), True),
    ],
)
def test_the_article_sends_economy_to_the_poor_party_to_the_weak_and_justice_to_the_disorderly(
    category, scores, follows
):
    assert rules.follows(category, Troubles(*scores)) is follows


def test_only_what_does_not_follow_the_principle_and_says_nothing_needs_a_reason():
    poor = Troubles(80, 30, 30)
    assert not rules.needs_reason("economy", poor, "")
    assert rules.needs_reason("justice", poor, "")
    assert rules.needs_reason("justice", poor, "  ")
    assert not rules.needs_reason("justice", poor, "连续帮扶")


@pytest.mark.parametrize(
    ("scores", "words"), [((80, 30, 30), "穷"), ((10, 60, 60), "弱、乱"), ((5, 5, 5), "穷、弱、乱"), ((0, 0, 0), "")]
)
def test_the_main_troubles_are_said_in_words(scores, words):
    assert Troubles(*scores).words == words


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("", []),
        ("财务管理", ["财务"]),
        ("作物种植、财务管理", ["种植", "财务"]),
        ("财务管理，作物种植；法律/治安", ["财务", "种植", "法律", "治安"]),
        ("农业经济管理", ["经济"]),
        ("社会工作", ["调解"]),
        ("摄影", ["摄影"]),  # a word of no group stands for itself
        ("财务管理、会计", ["财务"]),  # once, whatever the words
        ("水利、食品、兽医、电商、党建、文秘、法学、反诈、林学", "工程 加工 养殖 电商 党务 文秘 法律 治安".split()),
    ],
)
def test_what_a_village_asks_for_is_put_into_groups_in_its_order_and_at_most_eight(text, skills):
    assert rules.wanted(text, GROUPS) == skills


@pytest.mark.parametrize(
    ("major", "skills", "asked", "points"),
    [
        ("会计学", "", ["财务"], {"财务": 1}),
        ("会计学", "财务管理", ["财务"], {"财务": 2}),
        ("会计学", "财务管理", ["法律"], {}),
        ("农学", "油茶种植、电商销售", ["种植", "电商", "法律"], {"种植": 2, "电商": 1}),
        ("", "摄影摄像", ["摄影"], {"摄影": 1}),
        ("", "", ["财务"], {}),
    ],
)
def test_a_person_has_a_point_for_the_subject_and_one_for_the_skill(major, skills, asked, points):
    assert rules.points(major, skills, asked, GROUPS) == points


def test_the_groups_are_read_from_one_line_and_pieces_without_a_name_are_passed_over():
    assert rules.groups_of("种植：作物 园艺;财务:会计；；无词：；没有冒号") == {
        "种植": ("作物", "园艺"),
        "财务": ("会计",),
    }


def test_further_points_are_worth_less_and_balance_is_wanted_everywhere():
    assert rules.tiers(["财务"], WEIGHTS) == {
        "财务": (60, 30, 10),
        "=women": (20,), "=young": (20,), "=party": (15, 7), "=rural": (15, 7), "=relief": (15, 7),
    }  # fmt: skip


def test_tiers_never_rise_however_the_county_sets_the_weights():
    turned = rules.weights_of(replace(POLICY, skill_first=10, skill_second=60, skill_third=30))
    assert rules.tiers(["财务"], turned)["财务"] == (60, 30, 10)


def test_every_weight_has_a_name_a_unit_and_a_reason():
    assert set(rules.labels()) == set(rules.WEIGHTS) == set(WEIGHTS)
    assert all(label and why for label, _, why in rules.labels().values())


def test_every_status_stands_in_the_transitions_and_the_last_ones_lead_nowhere():
    assert set(rules.TRANSITIONS) == set(Status)
    assert {status for status in Status if not rules.TRANSITIONS[status]} == {Status.APPROVED, Status.CANCELLED}
    assert [status.label for status in Status] == ["征集中", "研判中", "已批准", "已作废"]
