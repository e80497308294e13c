"""Bad workbooks: every column of every sheet spoilt in every way its kind allows, and rows that do not fit together.

The table is made from the declarations of the sheets, so that a new column is spoilt too.
"""

import pytest

from zhucun.base.journal.models import Entry
from zhucun.base.people.models import Person
from zhucun.overview.exchange.planning import SHEETS
from zhucun.overview.exchange.tests.books import D, at, full, good, sentences, take, with_check
from zhucun.work.teams.models import Posting, Team

pytestmark = pytest.mark.django_db

FORMULA = ("=", "=1+1")
LONG = "很" * 10_000
BY_KIND = {
    "text": [FORMULA, LONG],
    "name": [FORMULA, LONG],
    "code": [FORMULA, LONG, 3.14, True],
    "identity": [FORMULA, LONG, 430426198104020013, "43042619810402001X", "43042619811302001X", "123", "４３０"],
    "date": [FORMULA, LONG, "2021-13-01", "2021-02-30", "五月二十日", 44336, "1899-12-31", "2101-01-01", "2021-05"],
    "month_date": [FORMULA, LONG, "1985-13", "八五年三月", 1985.1, "1800-01", "2200-05"],
    "month": [FORMULA, LONG, "2022-13", "五月", 2022.1, "1800-01"],
    "mark": [FORMULA, LONG, "？", "√√", 1, 0.5, True],
    "choice": [FORMULA, LONG, "没有这一项", 3],
    "yesno": [FORMULA, LONG, "可能", "√", 2],
    "number": [FORMULA, LONG, "一百一十二", "1e400", True],
    "money": [FORMULA, LONG, "四十万"],
    "many": [FORMULA, LONG],
}
CASES = [
    (sheet.name, column.header, index)
    for sheet in SHEETS.values()
    for column in sheet.columns
    for index in range(len(BY_KIND[column.kind]))
]


def nothing_written():
    return not (Entry.objects.exists() or Person.objects.exists() or Team.objects.exists() or Posting.objects.exists())


@pytest.mark.parametrize(("sheet", "header", "index"), CASES)
def test_a_cell_that_cannot_be_used_is_named(sheet, header, index):
    column = SHEETS[sheet].headers[header]
    book = full()
    book[sheet][0][header] = BY_KIND[column.kind][index]
    outcome = take(book)
    assert outcome.status == "refused"
    found = at(outcome, sheet, 2, header)
    assert found, sentences(outcome)
    assert len(found[0].sentence) >= 8
    assert found[0].sentence.endswith("。")
    assert len(found[0].value) < 100
    assert nothing_written()


REQUIRED = [(s.name, c.header) for s in SHEETS.values() for c in s.columns if c.required]


@pytest.mark.parametrize(("sheet", "header"), REQUIRED)
def test_a_required_cell_that_is_empty_is_named(sheet, header):
    book = full()
    book[sheet].append({**book[sheet][0], header: ""})
    outcome = take(book)
    assert at(outcome, sheet, len(book[sheet]) + 1, header)
    assert nothing_written()


@pytest.mark.parametrize(("sheet", "header"), REQUIRED)
def test_a_required_column_that_is_missing_is_named(sheet, header):
    book = full()
    for row in book[sheet]:
        row.pop(header)
    outcome = take(book)
    assert [p for p in outcome.problems if p.sheet == sheet and p.column == header and "缺少" in p.sentence], sentences(
        outcome
    )
    assert nothing_written()


@pytest.mark.parametrize("sheet", list(SHEETS))
def test_a_key_met_twice_is_named_with_the_row_it_was_met_first(sheet):
    book = full()
    book[sheet].append(dict(book[sheet][0]))
    outcome = take(book)
    found = [p for p in outcome.problems if p.sheet == sheet and p.row == len(book[sheet]) + 1]
    assert "第 2 行" in found[0].sentence
    assert nothing_written()


TOGETHER = {
    "a division code of 8 digits": ("行政区划", 1, {"代码": "43042610"}, "代码", "6 位"),
    "a division of another county": ("行政区划", 1, {"代码": "430481102"}, "代码", "一个县"),
    "a county called a town": ("行政区划", 0, {"类型": "镇"}, "类型", "对不上"),
    "a town called a county": ("行政区划", 1, {"类型": "县"}, "类型", "对不上"),
    "a village code of 9 digits": ("行政村", 1, {"区划代码": "430426102"}, "区划代码", "12 位"),
    "letters in a village code": ("行政村", 1, {"区划代码": "43042610220A"}, "区划代码", "12 位"),
    "a village of an unknown town": ("行政村", 1, {"区划代码": "430426999202"}, "区划代码", "都没有乡镇"),
    "a village of another county": ("行政村", 1, {"区划代码": "430481102202"}, "区划代码", "一个县"),
    "longitude beyond the earth": ("行政村", 0, {"经度": 200}, "经度", "180"),
    "latitude beyond the earth": ("行政村", 0, {"纬度": -91}, "纬度", "90"),
    "longitude alone": ("行政村", 0, {"纬度": ""}, "纬度", "都填"),
    "an unknown 村情": ("行政村", 0, {"村情": "穷村、富村"}, "村情", "富村"),
    "an unknown unit": ("人员", 0, {"派出单位": "县水利局"}, "派出单位", "都没有"),
    "an ID number of another sex": ("人员", 0, {"身份证号码": with_check("43042619810402002")}, "身份证号码", "性别"),
    "an ID number of another birthday": ("人员", 0, {"身份证号码": with_check("43042619820402001")}, "身份证号码", "出生年月"),
    "born in the future": ("人员", 1, {"出生年月": D(2030, 1, 1)}, "出生年月", "今天之后"),
    "born too late to work": ("人员", 1, {"出生年月": D(2012, 1, 1)}, "出生年月", "16 周岁"),
    "a team in an unknown village": ("工作队", 0, {"村区划代码": "430426102299"}, "村区划代码", "都没有"),
    "an unknown lead": ("工作队", 0, {"牵头单位": "县水利局"}, "牵头单位", "都没有"),
    "an unknown partner": ("工作队", 0, {"参与单位": "县委组织部、县水利局"}, "参与单位", "县水利局"),
    "the lead among the partners": ("工作队", 0, {"参与单位": "县财政局"}, "参与单位", "牵头单位"),
    "closed before it was opened": ("工作队", 0, {"撤销日期": D(2021, 5, 19)}, "撤销日期", "早于"),
    "an unknown team": ("任职", 0, {"工作队编号": "T999"}, "工作队编号", "都没有"),
    "an unknown person": ("任职", 0, {"人员编号": "P999"}, "人员编号", "都没有"),
    "an end before the start": ("任职", 1, {"离任日期": D(2021, 5, 19)}, "离任日期", "早于"),
    "an end without its manner": ("任职", 1, {"离任方式": ""}, "离任方式", "离任方式"),
    "a manner without an end": ("任职", 1, {"离任日期": ""}, "离任日期", "离任日期"),
    "a start before the team's": ("任职", 0, {"到任日期": D(2021, 5, 19)}, "到任日期", "存续期间"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(TOGETHER))
def test_rows_that_do_not_fit_together_are_named(name):
    sheet, row, cells, header, word = TOGETHER[name]
    book = good()
    book[sheet][row] |= cells
    outcome = take(book)
    assert outcome.status == "refused"
    found = at(outcome, sheet, row + 2, header)
    assert found, sentences(outcome)
    assert word in found[0].sentence
    assert nothing_written()


def test_a_team_of_a_broken_row_is_not_also_unknown():
    book = good()
    book["工作队"][0]["成立日期"] = "不详"
    book["人员"][0]["性别"] = "不详"
    assert len(take(book).problems) == 2


def test_overlapping_postings_in_the_file_are_named_at_the_later_row():
    book = good()
    book["任职"].append({"工作队编号": "T001", "人员编号": "P002", "队内职务": "队员", "到任日期": D(2022, 6, 30)})
    found = at(take(book), "任职", 4, "到任日期")
    assert "第 3 行" in found[0].sentence
    book["任职"][-1]["到任日期"] = D(2022, 7, 1)
    assert take(book).status == "imported"


def test_an_open_posting_overlaps_everything_after_it():
    book = good()
    book["任职"].append({"工作队编号": "T001", "人员编号": "P001", "队内职务": "队员", "到任日期": D(2022, 9, 1)})
    assert "至今" in at(take(book), "任职", 4, "到任日期")[0].sentence


def test_overlaps_with_what_is_in_the_database_are_named(world):
    rows = [{"工作队编号": "T002", "人员编号": "P001", "队内职务": "队员", "到任日期": D(2022, 9, 1)}]
    assert "系统里已有" in at(take({"任职": rows}), "任职", 2, "到任日期")[0].sentence


def test_an_id_number_of_somebody_else_is_named():
    book = good()
    book["人员"][1] |= {"身份证号码": book["人员"][0]["身份证号码"], "性别": "男", "出生年月": D(1981, 4, 2)}
    assert "P001" in at(take(book), "人员", 3, "身份证号码")[0].sentence


def test_closing_a_team_with_people_still_in_post_is_named():
    take(good())
    rows = [{**good()["工作队"][0], "撤销日期": D(2022, 12, 1)}]
    outcome = take({"工作队": rows})
    assert "王立新" in at(outcome, "工作队", 2, "撤销日期")[0].sentence
    assert Team.objects.get().end is None


def test_every_problem_is_told_at_once():
    book = good()
    book["人员"][0] |= {"性别": "", "学历": "博士后", "出生年月": "x"}
    book["任职"][1]["离任方式"] = "走了"
    book["行政村"][0]["村类别"] = "特别村"
    assert len(take(book).problems) == 5


def test_the_county_must_be_known():
    outcome = take({"派出单位": good()["派出单位"]})
    assert "哪个县" in sentences(outcome)[0]
    book = good()
    del book["行政区划"][0]
    assert "加一行县" in sentences(take(book))[0]
    assert nothing_written()


def test_a_doctor_of_middle_school_is_worth_a_word_and_no_more():
    book = good()
    book["人员"][0] |= {"学位": "博士", "学历": "高中及以下"}
    outcome = take(book)
    assert outcome.status == "imported"
    assert "学位" in str(outcome.warnings[0])


def test_unknown_sheets_and_columns_are_skipped_with_a_word():
    book = good()
    book["考核"] = [{"工作队编号": "T001", "期间": "2022"}]
    book["随手记"] = [{"甲": "乙"}]
    book["人员"][0]["爱好"] = "下棋"
    outcome = take(book)
    assert outcome.status == "imported"
    told = " ".join(str(warning) for warning in outcome.warnings)
    assert "“考核”" in told
    assert "还不收" in told
    assert "“随手记”" in told
    assert any(warning.value == "爱好" or warning.column == "爱好" for warning in outcome.warnings)


TOLERATED = [
    ("任职", "到任日期", ["2021/5/20", "2021.05.20", "2021年5月20日", "２０２１－０５－２０", "20210520", 20210520]),
    ("人员", "出生年月", ["1981.04", "1981-04", "1981年4月", "198104", "1981/4/2", 1981.04, 198104]),
    ("人员", "学历", [" 大学本科 ", "大学 本科"]),
    ("人员", "涉农专业", ["否", " 否", False]),
    ("人员", "姓名", ["王 立新", "王　立新", "王立新\n"]),
    ("人员", "联系电话", [13800000001, "138 0000 0001", "１３８０００００００１"]),
    ("工作队", "村区划代码", [430426102201, "４３０４２６１０２２０１"]),
    ("行政村", "村情", ["穷村，乱村", "乱村;穷村", "穷村、\n乱村"]),
    ("行政村", "经度", ["112.09", "１１２.０９"]),
]


@pytest.mark.parametrize(("sheet", "header", "value"), [(s, h, v) for s, h, values in TOLERATED for v in values])
def test_what_people_really_write_means_the_same(sheet, header, value):
    book = good()
    if header == "出生年月":
        book["人员"][0]["身份证号码"] = ""
        book["人员"][0]["出生年月"] = "1981-04-02" if value == "1981/4/2" else "1981-04"
    take(book)
    book[sheet][0][header] = value
    outcome = take(book)
    assert (outcome.status, sentences(outcome)) == ("unchanged", [])


@pytest.mark.parametrize("how", ["{}*", "*{}", "{}（必填）", " {} ", "{}\n"])
def test_headers_may_be_dressed(how):
    book = good()
    book["人员"] = [{how.format(header): value for header, value in row.items()} for row in book["人员"]]
    assert take(book).status == "imported"


def test_a_row_with_a_bad_cell_tells_its_unknown_references_too():
    book = good()
    book["人员"][0] |= {"性别": "不详", "派出单位": "没有的局"}
    book["工作队"][0] |= {"成立日期": "昨天", "参与单位": "也没有的局"}
    book["任职"][0] |= {"队内职务": "书记", "人员编号": "没有的人"}
    outcome = take(book)
    assert len(outcome.problems) == 6, sentences(outcome)
    assert at(outcome, "人员", 2, "派出单位")
    assert at(outcome, "任职", 2, "人员编号")
    assert at(outcome, "工作队", 2, "参与单位")[0].value == "也没有的局"


def test_a_sheet_without_a_required_column_tells_its_unknown_references_too():
    book = good()
    book["人员"] = [{k: v for k, v in row.items() if k != "性别"} for row in book["人员"]]
    book["人员"][1]["派出单位"] = "没有的局"
    outcome = take(book)
    assert [(p.sheet, p.row, p.column) for p in outcome.problems] == [("人员", 1, "性别"), ("人员", 3, "派出单位")]
