"""Export → import into an empty database → export gives equal cells; on random counties, and on any day."""

import contextlib
import io
import random
from datetime import date, timedelta

import pytest
from django.db import transaction
from openpyxl import load_workbook

from tests.cast import AT, NOW
from zhucun.base.access.actions import caretaker
from zhucun.base.directory.models import Division
from zhucun.base.people import actions as people
from zhucun.base.people.models import Person
from zhucun.overview.exchange import actions, exporting
from zhucun.overview.exchange.planning import SHEETS
from zhucun.overview.exchange.tests.books import D, good, sentences, take, with_check

pytestmark = pytest.mark.django_db

MAY = date(2021, 5, 20)


def cells_of(content):
    """Every cell of every sheet, as another program reads it."""
    book = load_workbook(io.BytesIO(content))
    found = {name: [[cell.value for cell in row] for row in book[name].iter_rows()] for name in book.sheetnames}
    found.pop("字典", None)
    return found


def exported(day=None, reason="核对"):
    county = Division.objects.get(kind="县")
    with actions.export_ledger(county=county, day=day, by=caretaker(), at=NOW, reason=reason) as file:
        return file.read()


def template():
    with exporting.template() as file:
        return file.read()


class Undone(Exception):
    """Thrown to roll back."""


def undone(act):
    """What `act` answers, with everything it wrote taken back: the database is empty again."""
    answer = None
    with contextlib.suppress(Undone), transaction.atomic():
        answer = act()
        raise Undone
    return answer


def there_and_out(given):
    outcome = take(given)
    assert sentences(outcome) == []
    return exported()


def county_of(seed):
    """A random county, written as another program would write it; nothing here comes from the code under test."""
    chance = random.Random(seed)
    towns = [f"430426{100 + n}" for n in range(chance.randint(1, 4))]
    book = {
        "行政区划": [{"代码": "430426", "名称": "祁东县", "类型": "县"}]
        + [{"代码": t, "名称": f"{t[6:]}镇", "类型": chance.choice(["镇", "乡", "街道", "管理处"])} for t in towns],
        "行政村": [
            village(code, chance) for t in towns for code in (f"{t}{200 + n}" for n in range(chance.randint(1, 5)))
        ],
        "派出单位": [unit(n, chance) for n in range(chance.randint(1, 6))],
    }
    units = [row["单位名称"] for row in book["派出单位"]]
    book["人员"] = [person(n, units, chance) for n in range(chance.randint(0, 25))]
    book["工作队"] = [team(n, book["行政村"], units, chance) for n in range(chance.randint(0, 6))]
    book["任职"] = [row for one in book["人员"] for row in postings(one, book["工作队"], chance)]
    return {name: chance.sample(rows, len(rows)) for name, rows in book.items() if rows}


def maybe(chance, value):
    return value if chance.random() < 0.6 else ""


def village(code, chance):
    point = (
        (round(chance.uniform(108, 114), chance.randint(0, 6)), round(chance.uniform(24, 30), 6))
        if chance.random() < 0.5
        else ("", "")
    )
    return {"区划代码": code, "名称": f"村{code[9:]} & <二>", "村类别": chance.choice(["示范村", "重点村", "一般村"]),
            "村情": maybe(chance, "、".join(sorted(chance.sample(["穷村", "弱村", "乱村"], chance.randint(1, 3)), key=lambda name: "穷弱乱".index(name[0])))),
            "需求专业": maybe(chance, "种植、“果蔬”"), "经度": point[0], "纬度": point[1],
            "类别起始日期": maybe(chance, D(2020, 1, 1) + timedelta(days=chance.randrange(300)))}  # fmt: skip


def unit(n, chance):
    return {"单位名称": f"县第{n}局（本级）", "单位类别": chance.choice(["经济部门", "党群部门", "政法部门", "其他部门"]),
            "单位层级": chance.choice(["中央", "省", "市", "县"]), "主要负责人": maybe(chance, "周正"), "分管负责人": maybe(chance, "吴敏"),
            "联络员": maybe(chance, "=1+1"), "联系电话": maybe(chance, f"0734-62620{n:02}")}  # fmt: skip


def person(n, units, chance):
    born = D(1962, 1, 1) + timedelta(days=chance.randrange(13_500))
    sex = chance.choice("男女")
    first = f"430426{born:%Y%m%d}{2 * n + (sex == '男'):03}"
    return {"人员编号": f"{n:04}", "姓名": chance.choice(["王伟", "欧阳 Na", "买买提·艾力"]), "性别": sex, "民族": maybe(chance, "土家族"),
            "出生年月": born, "政治面貌": chance.choice(["中共党员", "中共预备党员", "共青团员", "民主党派", "群众"]),
            "学历": chance.choice(["研究生", "大学本科", "大学专科", "高中及以下"]), "学位": maybe(chance, chance.choice(["博士", "学士", "无"])),
            "所学专业": maybe(chance, "农学"), "涉农专业": chance.choice("是否"),
            "职级": chance.choice(["县处级正职", "乡科级副职", "科员及以下", "专业技术人员", "其他"]), "派出单位": chance.choice(units),
            "农村工作经历": chance.choice("是否"), "脱贫攻坚驻村": chance.choice("是否"), "特长": maybe(chance, "@写作，+演讲"),
            "身份证号码": maybe(chance, with_check(first)), "联系电话": maybe(chance, f"138{n:08}"), "籍贯": maybe(chance, "湖南祁东")}  # fmt: skip


def team(n, villages, units, chance):
    lead, *others = chance.sample(units, min(len(units), chance.randint(1, 3)))
    return {"工作队编号": f"T-{n:02}", "村区划代码": chance.choice(villages)["区划代码"], "牵头单位": lead,
            "参与单位": "、".join(sorted(others)), "成立日期": MAY, "撤销日期": ""}  # fmt: skip


def postings(one, teams, chance):
    """Zero to three spans of one person that do not overlap."""
    day = MAY
    for _ in range(chance.randint(0, 3) if teams else 0):
        start = day + timedelta(days=chance.randrange(100))
        last = start + timedelta(days=chance.randrange(60, 200))
        row = {"工作队编号": chance.choice(teams)["工作队编号"], "人员编号": one["人员编号"], "到任日期": start,
               "队内职务": chance.choice(["第一书记兼队长", "队长", "副队长", "队员"]), "文号": maybe(chance, "祁组〔2021〕5号"),
               "离任日期": "", "离任方式": "", "离任原因": ""}  # fmt: skip
        if chance.random() < 0.3:
            yield row
            return
        yield row | {
            "离任日期": last,
            "离任方式": chance.choice(["期满", "调整", "召回", "其他"]),
            "离任原因": maybe(chance, "轮换"),
        }
        day = last + timedelta(days=1)


@pytest.mark.parametrize("seed", range(12))
def test_a_county_comes_back_as_it_went(seed):
    given = county_of(seed)
    first = undone(lambda: there_and_out(given))
    assert not Person.objects.exists()
    assert cells_of(first) == cells_of(there_and_out(first))
    assert same_as_given(cells_of(first), given)


def same_as_given(found, given):
    """Each cell that was given stands in the export, whatever the order of rows and columns."""
    for name, rows in given.items():
        headers, *lines = found[name]
        out = {frozenset((h, plain(v)) for h, v in zip(headers, line, strict=True) if v is not None) for line in lines}
        assert out == {frozenset((h, plain(v)) for h, v in row.items() if v != "") for row in rows}, name
    return True


def plain(value):
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return float(value) if isinstance(value, int | float) else str(value)


def test_the_export_imported_again_changes_nothing():
    take(county_of(99))
    assert take(exported()).status == "unchanged"


def test_a_template_imports_cleanly_and_is_empty():
    take(good())
    outcome = take(template())
    assert (outcome.status, outcome.problems, outcome.warnings) == ("unchanged", [], [])


def test_every_header_of_the_contract_is_there():
    found = cells_of(template())
    assert {name: found[name][0] for name in SHEETS} == {n: [c.header for c in s.columns] for n, s in SHEETS.items()}


def test_on_an_earlier_day_the_ledger_reads_as_it_stood(world):
    people.change_record(
        person=world.wang, start=date(2022, 6, 1), fields={"education": "postgraduate"}, by=world.caretaker, at=AT
    )
    early, late = cells_of(exported(date(2022, 5, 31))), cells_of(exported())
    row = early["人员"][0].index("学历")
    assert (early["人员"][1][row], late["人员"][1][row]) == ("大学本科", "研究生")
    ends = early["任职"][0].index("离任日期")
    assert [line[ends] for line in early["任职"][1:]] == [None] * 4
    assert sum(line[ends] is not None for line in late["任职"][1:]) == 1
    assert len(cells_of(exported(date(2021, 5, 19)))["任职"]) == 1


def test_without_a_reason_the_sensitive_columns_are_left_out():
    take(good())
    found = cells_of(exported(reason=""))
    assert not {"身份证号码", "联系电话"} & set(found["人员"][0])
    outcome = take(exported(reason=""))
    assert outcome.status == "unchanged", "a workbook without them takes nothing away"
