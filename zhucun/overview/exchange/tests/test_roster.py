"""Rosters as counties keep them: titles, merged cells, headers over two rows, ticks, months as text, totals below."""

from datetime import date

import pytest

from tests.cast import NOW
from zhucun.base.access.actions import caretaker
from zhucun.base.directory.models import Unit
from zhucun.base.people.models import Person
from zhucun.overview.exchange import actions
from zhucun.overview.exchange.reading.workbook import spooled
from zhucun.overview.exchange.roster import guess
from zhucun.overview.exchange.roster.grid import grid_of
from zhucun.overview.exchange.roster.reading import look, read
from zhucun.overview.exchange.tests.books import grid, read_here, sentences, with_check
from zhucun.work.teams.models import Posting, Team

pytestmark = pytest.mark.django_db

TITLE = ["祁东县乡村振兴驻村帮扶工作队花名册"]
SUB = ["填报单位：县驻村办", None, None, None, None, None, "2022年9月"]
HEAD = ["序号", "乡镇", "驻点村\n（社区）", "姓名", "性别", "出生年月", "政治\n面貌", "学历", "是否涉农专业", "工作单位及职务",
        "职级", "农村工作经历", "脱贫攻坚驻村", "队内职务", "到村时间", "身份证号码", "联系电话", "备注"]  # fmt: skip
ROWS = [
    [1, "金桥镇", "清水", "陈　军", "男", "1985.03", "党员", "本科", "√", "县水利局水资源股股长", "副科级", "√", "", "第一书记",
     "2022.09", with_check("43042619850301001"), "１３８００００００１１", ""],
    [2, None, None, "何小燕", "女", "1990年12月", "群众", "大专", "", "县水利局", "科员", "", "✓", "队员", "2022年9月", None, 13800000012, "挂职"],
    [3, "鸟江", "高岭村", "孙强", "男", 198801, "中共党员", "硕士研究生", "否", "县公安局", "一级科员", "有", "无", "队员",
     date(2022, 9, 5), None, None, None],
    ["合计", None, None, "3人", None, None, None, None, None, None, None, None, None, None, None, None, None, None],
    ["制表人：周主任"],
]  # fmt: skip
MERGED = ("A1:R1", "B4:B5", "C4:C5")


def roster(rows=None, head=None, title=True, merged=MERGED):
    """The roster as a workbook."""
    above = [TITLE, SUB] if title else []
    return grid([*above, head or HEAD, *(rows or ROWS)], merged if title else ())


def looked(content):
    with spooled(content) as file:
        return grid_of(read_here(file, actions.WEB))


def answers(found, words=None, start=""):
    return {"columns": guess.columns(found.headers), "words": {"defaults": {"start": start}} | (words or {})}


def take_roster(world, content, words=None, start="", dry_run=False):
    """Read a roster as the pages do, with the columns guessed."""
    given = answers(looked(content), words, start)
    with spooled(content) as file:
        return actions.take_in(
            source=lambda: read(file, world.county, given, lambda text, n: None), file=file, name="花名册.xlsx",
            by=caretaker(), at=NOW, dry_run=dry_run,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def here(monkeypatch):
    from zhucun.overview.exchange.roster import reading

    monkeypatch.setattr(reading, "read_workbook", read_here)


def test_headers_are_found_below_titles_and_remarks_are_left_out():
    found = looked(roster())
    assert (found.header_row, [number for number, _ in found.rows]) == (3, [4, 5, 6])
    assert found.rows[1][1][1:3] == ["金桥镇", "清水"], "merged cells hold what their first cell holds"


def test_every_column_of_the_usual_roster_is_guessed():
    found = looked(roster())
    guessed = {found.headers[int(index)]: key for index, key in guess.columns(found.headers).items()}
    assert guessed["驻点村 （社区）"] == "village"
    assert guessed["工作单位及职务"] == "unit"
    assert set(guessed.values()) == {
        "township", "village", "name", "sex", "born", "political", "education", "agriculture", "unit", "rank", "rural",
        "poverty_relief", "role", "start", "id_number", "phone",
    }  # fmt: skip


def test_headers_over_two_rows_are_one():
    top = [
        "序号",
        "驻点",
        None,
        "队员基本情况",
        None,
        None,
        None,
        "派出单位",
        "队内职务",
        "到村时间",
        "政治面貌",
        "学历",
    ]
    low = [None, "乡镇", "村", "姓名", "性别", "出生年月", "民族"]
    content = grid([TITLE, top, low, [1, "金桥镇", "清水村", "陈军", "男", "1985.03", "汉", "县财政局", "队长", "2022.9.1", "党员", "本科"]],
                   ("A1:L1", "A2:A3", "B2:C2", "D2:G2", "H2:H3", "I2:I3", "J2:J3"))  # fmt: skip
    found = looked(content)
    assert found.headers[:8] == ["序号", "乡镇", "村", "姓名", "性别", "出生年月", "民族", "派出单位"]
    assert len(found.rows) == 1
    assert set(guess.columns(found.headers).values()) >= {"township", "village", "name", "born", "unit", "start"}


def test_a_roster_becomes_people_teams_and_postings(world):
    words = {
        "unit": {"县水利局水资源股股长": "县水利局"},
        "unit_category": {"县水利局": "economy"},
        "unit_level": {"县水利局": "county"},
        "rank": {"一级科员": "staff"},
    }
    outcome = take_roster(world, roster(), words)
    assert sentences(outcome) == []
    assert outcome.status == "imported"
    chen = Person.objects.get(name="陈军")
    record = chen.records.get()
    assert (chen.born, chen.phone, record.education, record.rank) == (
        date(1985, 3, 1), "13800000011", "undergraduate", "section_deputy",
    )  # fmt: skip
    assert (record.agriculture, record.rural, record.poverty_relief) == (True, True, False)
    he = Person.objects.get(name="何小燕")
    assert (he.records.get().poverty_relief, he.records.get().agriculture, he.born) == (True, False, date(1990, 12, 1))
    team = Team.objects.get(village=world.qingshui)
    assert (team.lead_unit.name, team.start) == ("县水利局", date(2022, 9, 1))
    assert Unit.objects.get(name="县水利局").category == "economy"
    assert chen.postings.get().role == "first_secretary"
    sun = Posting.objects.get(person__name="孙强")
    assert (sun.team, sun.start, sun.unit) == (world.team_gaoling, date(2022, 9, 5), world.police)
    assert Person.objects.get(name="孙强").records.get().education == "postgraduate"


def test_what_only_a_roster_carries_comes_along(world):
    head = [*HEAD[:17], "毕业院校", "入党时间", "职称", "编制", "家庭住址", "银行卡号", "党组织关系是否转入", "分工"]
    more = ["湖南农业大学", "2008.07", "农艺师", "事业编", "金桥镇某街 1 号", "6222020200112233445", "√", "产业发展"]
    outcome = take_roster(
        world, roster([[*ROWS[0][:17], *more]], head, merged=("A1:R1",)), {"unit": {"县水利局水资源股股长": "县水利局"}}
    )
    assert sentences(outcome) == []
    chen = Person.objects.get(name="陈军")
    record, posting = chen.records.get(), chen.postings.get()
    assert (chen.party_joined_on, chen.bank_card, chen.address) == (
        date(2008, 7, 1),
        "6222020200112233445",
        "金桥镇某街 1 号",
    )
    assert "622202" not in chen.bank_card_sealed
    assert (record.school, record.title, record.identity, record.post) == (
        "湖南农业大学",
        "农艺师",
        "institution",
        "水资源股股长",
    )
    assert (posting.duties, posting.party_transferred) == ("产业发展", True)


def test_the_same_roster_again_changes_nothing(world):
    words = {"unit": {"县水利局水资源股股长": "县水利局"}}
    assert take_roster(world, roster(), words).status == "imported"
    assert take_roster(world, roster(), words).status == "unchanged"


def test_problems_are_told_in_the_rosters_own_rows_and_headers(world):
    rows = [list(row) for row in ROWS]
    rows[0][5] = "八五年"
    rows[1][14] = "去年"
    rows[2][2] = "不存在的村"
    outcome = take_roster(world, roster(rows))
    places = {(p.sheet, p.row, p.column) for p in outcome.problems}
    assert places == {("花名册", 4, "出生年月"), ("花名册", 5, "到村时间"), ("花名册", 6, "驻点村 （社区）")}
    assert outcome.status == "refused"


def test_what_the_ledger_finds_is_told_at_the_rosters_column_too(world):
    rows = [list(row) for row in ROWS[:1]]
    rows[0][15] = with_check("43042619850301002")
    outcome = take_roster(world, roster(rows, merged=("A1:R1",)))
    assert [(p.sheet, p.row, p.column) for p in outcome.problems] == [("花名册", 4, "身份证号码")]


def test_people_known_by_id_number_or_by_name_and_birth_are_met_again(world):
    rows = [
        [
            1,
            "金桥镇",
            "清水村",
            "钱有余",
            "男",
            "1968.01",
            "群众",
            "高中",
            "",
            "县公安局",
            "其他",
            "",
            "",
            "队员",
            "2022.10",
            None,
            None,
            "",
        ]
    ]
    outcome = take_roster(world, roster(rows, merged=("A1:R1",)))
    assert sentences(outcome) == []
    assert Person.objects.filter(name="钱有余").count() == 1
    assert world.qian.postings.count() == 2


def test_a_month_without_a_day_means_the_posting_that_is_there(world):
    row = [
        1,
        "金桥镇",
        "石桥村",
        "王立新",
        "男",
        "1981.04",
        "党员",
        "本科",
        "",
        "县财政局",
        "副科",
        "√",
        "√",
        "第一书记",
        "2021.05",
        None,
        None,
        "",
    ]
    outcome = take_roster(world, roster([row], merged=("A1:R1",)))
    assert sentences(outcome) == []
    assert world.wang.postings.count() == 1


def test_what_the_roster_does_not_say_is_said_to_be_taken(world):
    lacking = ("农村工作经历", "职级")
    keep = [i for i, header in enumerate(HEAD) if header not in lacking]
    rows = [[row[i] for i in keep] for row in ROWS[:3]]
    outcome = take_roster(world, roster(rows, head=[HEAD[i] for i in keep], merged=MERGED))
    said = [warning.sentence for warning in outcome.warnings]
    assert sum("没有“是否有农村工作经历”这一列，新增的 3 人先记作“否”" in sentence for sentence in said) == 1
    assert sum("没有“职级”这一列，新增的 3 人先记作“其他”" in sentence for sentence in said) == 1
    assert not any("脱贫攻坚" in sentence or "涉农" in sentence for sentence in said)


def test_without_a_day_of_arrival_the_common_one_is_taken(world):
    rows = [[*ROWS[0][:14], None, *ROWS[0][15:]]]
    content = roster(rows, merged=("A1:R1",))
    assert "到村时间" in sentences(take_roster(world, content))[0]
    assert take_roster(world, content, start="2022-09-20").status == "imported"
    assert Posting.objects.get(person__name="陈军").start == date(2022, 9, 20)


def test_looking_shows_no_id_number(world):
    with spooled(roster()) as file:
        seen = look(file, world.county)
    assert "430426198503010" not in str(seen["examples"])
    assert seen["rows"] == 3


def test_a_workbook_that_is_no_roster_says_so(world):
    from zhucun.overview.exchange.reading.gate import Fault

    with spooled(grid([["甲", "乙"], [1, 2]])) as file, pytest.raises(Fault, match="没有找到花名册"):
        look(file, world.county)


WORDS = [
    ("education", "本科", "undergraduate"), ("education", "大专", "college"), ("education", "中专", "school"),
    ("education", "硕士研究生", "postgraduate"), ("political", "党员", "party"), ("political", "中共预备党员", "probationary"),
    ("role", "第一书记", "first_secretary"), ("role", "第一书记、队长", "first_secretary"), ("role", "工作队员", "member"),
    ("rank", "正科级", "section_chief"), ("rank", "一级主任科员", "staff"), ("sex", "男", "male"), ("education", "博士后", None),
]  # fmt: skip


@pytest.mark.parametrize(("key", "word", "value"), WORDS)
def test_words_people_use_are_understood(key, word, value):
    from zhucun.overview.exchange.roster.targets import BY_KEY

    assert guess.meaning(BY_KEY[key], word, {}) == value


@pytest.mark.parametrize(("mark", "value"), [("√", True), ("✓", True), ("是", True), ("有", True), ("Y", True), ("１", True),
                                             ("×", False), ("无", False), ("否", False), ("不清楚", None)])  # fmt: skip
def test_ticks_are_understood(mark, value):
    assert guess.truth(mark) is value
