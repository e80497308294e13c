"""考勤月表 and the summaries: what stands in them, who reads them, as page, Excel and paper."""

import io
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.cast import NOW
from zhucun.base.access.scope import Scope
from zhucun.base.journal.models import Entry
from zhucun.base.timeline.periods import Period, parse
from zhucun.work.attendance import figures
from zhucun.work.attendance.actions import leaves, marks
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import month_named, stays
from zhucun.work.attendance.summaries import county, papers, township, units
from zhucun.work.attendance.summaries.sheet import sheets
from zhucun.work.attendance.summaries.wholes import Measure, is_month, months_over, whole
from zhucun.work.teams import actions as teams

pytestmark = pytest.mark.django_db

NOVEMBER, DAY = parse("2022-11"), date(2022, 12, 7)
COUNTY = Scope(county=frozenset({"430426"}))
WANG = "√" * 20 + "公培事病" + "调" * 5 + "×"
LI = "√" * 12 + "休" * 3 + "婚" + "调" * 14


def fill(world, team, month, **rows):
    clerk = world.clerk_niao if team == world.team_gaoling else world.clerk_jin
    people = {getattr(world, name).pk: row for name, row in rows.items()}
    marks.fill(team=team, month=month_named(month), rows=people, by=clerk, at=NOW)


def confirm(world, team, month, day):
    clerk = world.clerk_niao if team == world.team_gaoling else world.clerk_jin
    at = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    marks.confirm(team=team, month=month_named(month), signed=True, by=clerk, at=at)


@pytest.fixture
def november(world):
    """石桥 confirmed in time with one correction; 高岭 filled in for twenty days only."""
    fill(world, world.team_shiqiao, "2022-11", wang=WANG, li=LI)
    confirm(world, world.team_shiqiao, "2022-11", date(2022, 12, 3))
    row = PersonMonth.objects.get(person=world.wang)
    marks.correct(month=row, day=date(2022, 11, 30), new="公", reason="报备单补到", by=world.clerk_jin, at=NOW)
    fill(world, world.team_gaoling, "2022-11", zhao="√" * 19 + "·" * 11)
    return world


def sheet_of(world, team, month="2022-11", day=DAY):
    period = month_named(month)
    return sheets([team], stays([team], period), period, day)[0]


# -- whole months ---------------------------------------------------------------------------------------------------


def test_stays_without_a_gap_cover_a_month_together():
    d = date
    assert whole([(d(2022, 11, 10), None), (d(2021, 1, 1), d(2022, 11, 10))], [NOVEMBER]) == [NOVEMBER]
    assert whole([(d(2022, 11, 11), None), (d(2021, 1, 1), d(2022, 11, 10))], [NOVEMBER]) == []
    assert whole([(d(2022, 11, 1), d(2022, 12, 1))], [NOVEMBER]) == [NOVEMBER]
    assert whole([(d(2022, 11, 1), d(2022, 11, 30))], [NOVEMBER]) == []
    assert whole([], [NOVEMBER]) == []
    assert [month.name for month in months_over(parse("2022-Q4").to(DAY))] == ["2022-10", "2022-11"]
    assert [is_month(parse(name)) for name in ("2022-11", "2022-Q3", "2022-H1", "2022")] == [True, False, False, False]


def test_nobody_falls_short_by_a_month_that_is_not_wholly_recorded():
    found = Measure()
    for days, recorded in ((20, True), (19, True), (19, False), (21, False)):
        found.add(days, 20, recorded)
    assert (found.due, found.met, found.short, found.open) == (4, 2, 1, 1)
    assert str(found.mean) == "19.5", "of the two that are wholly recorded"
    assert Measure().mean is None


# -- 考勤月表 -------------------------------------------------------------------------------------------------------


def test_the_sheet_has_every_day_and_what_it_adds_up_to(november):
    sheet = sheet_of(november, november.team_shiqiao)
    assert [day.number for day in sheet.days] == list(range(1, 31))
    assert (sheet.days[0].weekday, sheet.days[4].rest, sheet.days[0].rest) == ("二", True, False)
    wang, li = sheet.rows
    assert (wang.name, wang.role, "".join(cell.symbol for cell in wang.cells)) == (
        "王立新",
        "第一书记兼队长",
        WANG[:-1] + "公",
    )
    assert [cell.corrected for cell in wang.cells] == [False] * 29 + [True]
    assert (wang.tally.present, wang.tally.counts_as, wang.leaves, wang.tally.absent) == (20, 3, (1, 1, 0, 0), 0)
    assert (wang.due_text, wang.standing) == ("20", "达标")
    assert (li.leaves, li.standing) == ((0, 0, 3, 1), "差 8 天")
    assert sheet.state == "乡镇已于 2022-12-03 确认"


def test_a_month_not_whole_has_no_days_due_and_days_out_of_post_a_dash(world):
    teams.end_posting(
        posting=world.li_posting, last_day=date(2022, 11, 14), ending="term", reason="期满", by=world.office, at=NOW
    )
    fill(world, world.team_shiqiao, "2022-11", li="√" * 14)
    wang, li = sheet_of(world, world.team_shiqiao).rows
    assert "".join(cell.symbol for cell in li.cells) == "√" * 14 + "—" * 16
    assert (li.due_text, li.standing) == ("不满整月", "—")
    assert {cell.symbol for cell in wang.cells} == {""}, "nothing recorded is an empty cell"
    assert sheet_of(world, world.team_shiqiao).state == "乡镇尚未确认"


def test_a_month_that_goes_on_meets_nothing_yet(world):
    fill(world, world.team_shiqiao, "2022-12", wang="√" * 7)
    assert sheet_of(world, world.team_shiqiao, "2022-12").rows[0].standing == "本月未完"


def test_on_an_earlier_day_the_sheet_reads_as_it_stood(november):
    sheet = sheet_of(november, november.team_shiqiao, day=date(2022, 11, 10))
    assert sheet.rows[0].tally.present == 10
    assert sheet.state == "乡镇尚未确认"


def test_the_workbook_is_laid_out_like_the_paper(november):
    with papers.month_sheets(
        [sheet_of(november, november.team_shiqiao), sheet_of(november, november.team_gaoling)]
    ) as file:
        book = load_workbook(io.BytesIO(file.read()))
    assert book.sheetnames == ["石桥村T001", "高岭村T002"]
    page = book["石桥村T001"]
    assert page["A1"].value == "石桥村驻村工作队考勤月表"
    assert [page.cell(3, n).value for n in (1, 2, 3, 4, 33, 34, 35, 36, 40, 41, 42, 43)] == [
        "序号", "姓名", "职务", 1, 30, "在村天数", "视同驻村天数", "请假天数", "未报备缺勤", "应驻天数", "达标情况", "本人确认",
    ]  # fmt: skip
    assert [page.cell(4, n).value for n in (4, 36, 37, 38, 39)] == ["二", "事假", "病假", "公休", "婚产丧"]
    row = [page.cell(5, n).value for n in range(1, 44)]
    assert row[:3] == [1, "王立新", "第一书记兼队长"]
    assert row[33:] == [20, 3, 1, 1, 0, 0, 0, 20, "达标", None]
    assert "未报备缺勤" in page["A7"].value
    assert "县驻村办抽查记录：" in page["A9"].value
    assert page.page_setup.orientation == "landscape"


# -- township -------------------------------------------------------------------------------------------------------


def test_a_township_reads_its_people_with_what_is_to_be_said(november):
    found = township.summary(november.jinqiao, NOVEMBER, DAY)
    wang, li = found.lines
    assert (wang.posting.person, wang.due, wang.present, wang.counts_as, wang.leave, wang.absent) == (
        november.wang,
        20,
        20,
        3,
        2,
        0,
    )
    assert (wang.year_total, wang.gap, wang.remarks) == (23, 177, ["更正 1 处"])
    assert (li.present, li.leave, li.remarks) == (12, 4, [])
    assert (found.measure.due, found.measure.met, found.measure.short) == (2, 1, 1)
    assert found.totals == {"present": 32, "counts_as": 3, "leave": 6, "absent": 0}
    (zhao,) = township.summary(november.niaojiang, NOVEMBER, DAY).lines
    assert zhao.remarks == ["11 天没有记录", "未确认"]
    assert (zhao.measure.short, zhao.measure.open) == (0, 1)


def test_a_quarter_adds_its_months_and_a_cut_month_its_days(november):
    fill(november, november.team_shiqiao, "2022-10", wang="√" * 25 + "调" * 6)
    fill(november, november.team_shiqiao, "2022-12", wang="√√√××√√")
    period = parse("2022-Q4").to(date(2022, 12, 4))
    wang, _ = township.summary(november.jinqiao, period, DAY).lines
    assert (wang.due, wang.present, wang.absent) == (40, 25 + 20 + 3, 1)
    assert wang.year_total == 25 + 23 + 3
    assert wang.remarks == ["1 个月未确认", "更正 1 处"]


def test_whoever_changed_township_is_whole_in_the_county_only(world):
    teams.end_posting(
        posting=world.li_posting,
        last_day=date(2022, 11, 14),
        ending="transfer",
        reason="轮换",
        by=world.office,
        at=NOW,
        hands_over=False,
    )
    teams.post(
        person=world.li,
        team=world.team_gaoling,
        role="member",
        start=date(2022, 11, 15),
        reason="轮换",
        by=world.office,
        at=NOW,
    )
    fill(world, world.team_shiqiao, "2022-11", li="√" * 12 + "调" * 2)
    fill(world, world.team_gaoling, "2022-11", li="—" * 14 + "√" * 8 + "调" * 8)
    left = next(
        line for line in township.summary(world.jinqiao, NOVEMBER, DAY).lines if line.posting.person == world.li
    )
    came = next(
        line for line in township.summary(world.niaojiang, NOVEMBER, DAY).lines if line.posting.person == world.li
    )
    assert (left.due, left.year_total, left.remarks) == (None, 20, ["11月14日离任", "不满整月", "未确认"])
    assert (came.due, came.gap, came.remarks) == (None, 180, ["11月15日到任", "不满整月", "未确认"])
    found = county.summary(COUNTY, NOVEMBER, DAY)
    assert [town.measure.due for town in found.towns] == [1, 1]
    assert (found.total.measure.due, found.total.measure.met, found.between) == (3, 1, 1)


def test_a_summary_asks_a_constant_number_of_queries(november, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        township.summary(november.jinqiao, parse("2022").to(DAY), DAY)
    with django_assert_max_num_queries(16):
        county.summary(COUNTY, parse("2022").to(DAY), DAY)
    with django_assert_max_num_queries(2):
        units.summary(november.finance, parse("2022").to(DAY), DAY)


# -- county ---------------------------------------------------------------------------------------------------------


def test_the_county_reads_its_townships_in_the_order_of_codes(november):
    leaves.record(posting=november.li_posting, first=date(2022, 11, 13), last=date(2022, 11, 15), fields={"kind": "annual", "reason": "年休"},
                  level="township", approved_on=date(2022, 11, 10), by=november.clerk_jin, at=NOW)  # fmt: skip
    found = county.summary(COUNTY, NOVEMBER, DAY)
    jin, niao = found.towns
    assert [town.division.pk for town in found.towns] == ["430426102", "430426103"]
    assert (jin.teams, jin.people, str(jin.measure.mean), jin.measure.met, jin.measure.short, jin.slips) == (
        1,
        2,
        "17.5",
        1,
        1,
        1,
    )
    assert (papers.reported(jin, found), papers.reported(niao, found)) == ("2022-12-03", "还有 1 队未确认（逾期 1 队）")
    assert (found.total.people, found.total.measure.due, found.between, found.several) == (3, 3, 0, False)


@pytest.mark.parametrize(("confirmed", "read", "said"), [(date(2022, 12, 5), DAY, "2022-12-05"), (date(2022, 12, 6), DAY, "2022-12-06 逾期"),
                                                         (date(2022, 12, 6), date(2022, 12, 5), "还有 1 队未确认"),
                                                         (date(2022, 12, 5), date(2022, 11, 20), "本月未完")])  # fmt: skip
def test_a_report_after_the_fifth_is_late(world, confirmed, read, said):
    fill(world, world.team_shiqiao, "2022-11", wang=WANG, li=LI)
    confirm(world, world.team_shiqiao, "2022-11", confirmed)
    period = NOVEMBER.to(read) if read in NOVEMBER else NOVEMBER
    found = county.summary(COUNTY, period, read)
    assert papers.reported(found.towns[0], found) == said


def test_a_year_counts_late_and_missing_reports(november):
    found = county.summary(COUNTY, parse("2022").to(DAY), DAY)
    assert papers.reported(found.towns[0], found) == "未确认 10 队次"
    assert papers.county_heads(found)[3:7] == ["人均驻村天数", "达标人月", "未达标人月", "未录完人月"]


def test_rooms_above_bring_columns_along(november):
    more = county.More("抽查次数", lambda period, scope: {"430426102": 3})
    found = county.summary(COUNTY, NOVEMBER, DAY, [more])
    assert [town.more for town in (*found.towns, found.total)] == [[3], [0], [3]]
    assert papers.county_heads(found)[-2:] == ["抽查次数", "上报时间"]


def test_summaries_and_figures_never_disagree(november):
    fill(november, november.team_shiqiao, "2022-10", wang="√" * 31, li="√" * 20 + "调" * 11)
    fill(november, november.team_gaoling, "2022-06", qian="√" * 30, zhao="√" * 10 + "调" * 20)
    for name in ("2022-06", "2022-Q4", "2022-H1", "2022"):
        period = parse(name)
        period = period.to(DAY) if DAY in period else period
        whole_county = county.summary(COUNTY, period, DAY)
        assert whole_county.total.measure.due == figures.months_due(period, COUNTY).value
        assert whole_county.total.measure.met == figures.months_met(period, COUNTY).value
        for town in whole_county.towns:
            scope, own = Scope(township=frozenset({town.division.pk})), township.summary(town.division, period, DAY)
            assert town.measure == own.measure
            assert (own.measure.due, own.measure.met) == (
                figures.months_due(period, scope).value,
                figures.months_met(period, scope).value,
            )
            assert own.totals["present"] + own.totals["counts_as"] == figures.days(period, scope).value
            assert own.totals["absent"] == figures.unexcused(period, scope).value
    chart = county.picture(COUNTY, parse("2022").to(DAY), lambda name: name)
    assert [sum(series.values) for series in chart.series] == [
        figures.months_met(parse("2022").to(DAY), COUNTY).value,
        39,
    ]


# -- units ----------------------------------------------------------------------------------------------------------


def test_a_unit_reads_its_people_month_by_month(november):
    found = units.summary(november.finance, Period(date(2022, 1, 1), DAY, "2022"), DAY)
    (line,) = found.lines
    assert [month.text for month in line.months] == ["未录"] * 10 + ["23", "未录"]
    assert (line.months[10].confirmed, line.total, found.sums[10], found.total) == (True, 23, 23, 23)
    police = units.summary(november.police, Period(date(2022, 1, 1), DAY, "2022"), DAY)
    qian = next(line for line in police.lines if line.posting.person == november.qian)
    assert [month.text for month in qian.months] == ["未录"] * 6 + [""] * 6


# -- pages ----------------------------------------------------------------------------------------------------------


def address(name, *args, **query):
    return reverse(f"attendance:{name}", args=args) + (
        "?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""
    )


@pytest.mark.parametrize(("who", "expected"), [("office", "county_summary"), ("leader_county", "county_summary"), ("clerk_jin", "township_summary"),
                                               ("contact_finance", "unit_summary"), ("member_li", "month_sheet"), ("stranger", None)])  # fmt: skip
def test_the_menu_leads_each_to_their_own(november, signed_in, who, expected):
    answer = signed_in(getattr(november, who)).get(address("summaries"))
    if expected is None:
        assert answer.status_code == 403
    else:
        assert answer.status_code == 302
        assert expected.replace("_summary", "") in answer.url.replace("townships", "township").replace(
            "units", "unit"
        ).replace("/sheet/", "/month_sheet/")


SEEN = {
    "office": {"sheet": 200, "sheets": 200, "county": 200, "township": 200, "other township": "鸟江镇", "unit": 200},
    "clerk_jin": {"sheet": 200, "sheets": 200, "county": 403, "township": 200, "other township": "金桥镇", "unit": 403},
    "clerk_niao": {
        "sheet": 404,
        "sheets": 404,
        "county": 403,
        "township": 200,
        "other township": "鸟江镇",
        "unit": 403,
    },
    "contact_finance": {
        "sheet": 200,
        "sheets": 200,
        "county": 403,
        "township": 403,
        "other township": None,
        "unit": 200,
    },
    "member_li": {"sheet": 200, "sheets": 200, "county": 403, "township": 403, "other township": None, "unit": 403},
    "stranger": {"sheet": 404, "sheets": 404, "county": 403, "township": 403, "other township": None, "unit": 403},
}


@pytest.mark.parametrize("who", SEEN)
def test_everybody_reads_their_own_area(november, signed_in, who):
    client, expected = signed_in(getattr(november, who)), SEEN[who]
    pages = {
        "sheet": address("month_sheet", "2022-11", november.team_shiqiao.pk), "sheets": address("month_sheets", "2022-11", "430426102"),
        "county": address("county_summary"), "township": address("township_summary", period="2022-11"), "unit": address("unit_summary"),
    }  # fmt: skip
    assert {name: client.get(page).status_code for name, page in pages.items()} == {
        name: expected[name] for name in pages
    }
    other = client.get(address("township_summary", township="430426103"))
    if expected["other township"]:
        assert other.context["town"].name == expected["other township"], "one that is not one's own is not shown"


def test_a_unit_contact_reads_the_unit_s_people_on_a_joint_team_s_sheet(november, signed_in):
    answer = signed_in(november.contact_finance).get(address("month_sheet", "2022-11", november.team_shiqiao.pk))
    assert [row.name for row in answer.context["sheet"].rows] == ["王立新"]
    assert "李敏" not in answer.content.decode()


@pytest.mark.parametrize("name", ["county_summary", "township_summary", "unit_summary"])
def test_what_leaves_the_system_is_noted(november, signed_in, name):
    client = signed_in(november.office)
    page = address(name)
    assert client.get(page).status_code == 200
    before = Entry.objects.count()
    book = client.get(f"{page}?format=xlsx")
    content = b"".join(book.streaming_content)
    assert load_workbook(io.BytesIO(content)).worksheets[0].max_row > 2
    paper = client.get(f"{page}?format=print").content.decode()
    assert "填表人" in paper
    assert Entry.objects.count() == before + 2


def test_the_sheets_of_a_township_are_one_print_run_and_one_workbook(november, signed_in):
    client = signed_in(november.clerk_jin)
    paper = client.get(address("month_sheets", "2022-11", "430426102")).content.decode()
    for words in ("石桥村驻村工作队考勤月表", "本人<wbr>确认", "县驻村办抽查记录：", "住村夜数", "√ 在村"):
        assert words in paper
    book = client.get(address("month_sheets", "2022-11", "430426102", format="xlsx"))
    assert (
        "金桥镇" in book.headers["Content-Disposition"] or "%E9%87%91%E6%A1%A5" in book.headers["Content-Disposition"]
    )
    assert load_workbook(io.BytesIO(b"".join(book.streaming_content))).sheetnames == ["石桥村T001"]


@pytest.mark.parametrize("name", ["county_summary", "township_summary"])
@pytest.mark.parametrize(
    "asked", ["2022-11", "2022-12", "2022-Q3", "2022-H2", "2022", "2021", "1999", "x", "2023-01", ""]
)
def test_any_period_is_answered(november, signed_in, name, asked):
    answer = signed_in(november.office).get(address(name, period=asked))
    assert answer.status_code == 200
    known = {"2022-11", "2022-12", "2022-Q3", "2022-H2", "2022", "2021"}
    assert answer.context["period"].name == (asked if asked in known else "2022-11")


def test_the_county_s_paper_names_its_county(november, signed_in):
    page = signed_in(november.office).get(address("county_summary", period="2022-11", format="print")).content.decode()
    assert "祁东县2022年11月出勤汇总表" in page


def test_the_picture_comes_after_the_table(november, signed_in):
    client = signed_in(november.office)
    page = client.get(address("county_summary")).content.decode()
    assert "part=picture" in page
    assert "达标情况" in client.get(address("county_summary", part="picture")).content.decode()


@pytest.mark.parametrize(("month", "status"), [("2022-13", 404), ("2023-01", 404), ("2020-01", 404), ("2022-12", 200)])
def test_a_month_without_anybody_is_not_there(november, signed_in, month, status):
    assert signed_in(november.office).get(address("month_sheet", month, november.team_shiqiao.pk)).status_code == status


def test_pages_ask_a_bounded_number_of_queries(november, signed_in, django_assert_max_num_queries):
    client = signed_in(november.office)
    for name in ("county_summary", "township_summary", "unit_summary"):
        client.get(address(name))
        with django_assert_max_num_queries(30):
            client.get(address(name))
    with django_assert_max_num_queries(24):
        client.get(address("month_sheet", "2022-11", november.team_shiqiao.pk))


def test_a_county_without_teams_says_what_to_do(world, signed_in):
    answer = signed_in(world.office).get(address("county_summary", period="2020")).content.decode()
    assert "这个期间没有在任的驻村人员" in answer


def test_of_team_mates_the_sheet_does_not_tell_which_leave(november, signed_in):
    """王立新 had 事 and 病 in November, 李敏 休 and 婚: the township reads all of it, 李敏 of 王立新 only that it was leave."""
    sheet = address("month_sheet", "2022-11", november.team_shiqiao.pk)
    for one in (sheet, address("month_sheets", "2022-11", "430426102")):
        for who, symbols in ((november.clerk_jin, "事病休休休婚"), (november.member_li, "假假休休休婚")):
            page = signed_in(who).get(one).content.decode()
            cells = re.findall(r'<td class="mark[^"]*">([^<√公培调×])</td>', page)
            assert sorted(cells) == sorted(symbols), (one, who)
    book = signed_in(november.member_li).get(address("month_sheet", "2022-11", november.team_shiqiao.pk, format="xlsx"))
    page = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    found = [cell.value for row in page.iter_rows(min_row=5, max_row=6) for cell in row]
    assert [found.count(symbol) for symbol in "假事病休婚"] == [2, 0, 0, 3, 1]
