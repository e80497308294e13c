"""What is too few is said with numbers and names before anything is computed."""

from zhucun.work.placement import shortages

from .conftest import fill, newcomer, put, quota


def test_nothing_is_short_where_everybody_in_post_stays(staffed):
    assert shortages.of(staffed.round) == []


def test_too_few_people_are_counted(staffed):
    fill(staffed, staffed.shiqiao, size=4)
    assert shortages.of(staffed.round)[0] == "各村一共要 5 人，只推荐了 3 人，还差 2 人。"


def test_too_few_teams_are_counted(staffed):
    quota(staffed, staffed.police, 0)
    assert shortages.of(staffed.round)[0] == "2 个村要 2 支工作队，各单位合起来只能牵头 1 支，还差 1 支。"


def test_a_unit_without_somebody_to_lead_is_no_help(staffed):
    staffed.round.candidates.filter(person=staffed.zhao).update(may_lead=False)
    assert shortages.of(staffed.round) == [
        "可任队长的人不够：各单位按自己可任队长的人数合起来只能牵头 1 支，2 个村还差 1 支。"
    ]


def test_a_unit_that_cannot_fill_its_team_is_named_with_its_people(staffed):
    fill(staffed, staffed.shiqiao, size=2)
    fill(staffed, staffed.gaoling, size=2)
    put(staffed, newcomer(staffed, "吴农", "P010", staffed.farming))
    assert shortages.of(staffed.round) == [
        "有的单位人手不够：县公安局（可牵头 1 支，连同联合单位只有 1 人）。请增加人选、加上可联合的单位，或减少名额、村的人数。"
    ]
