"""The sheets 出勤 and 请假报备 of the ledger: there and back, every spelling, every cell that cannot stand, a second import."""

import io
import random
from calendar import monthrange
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from tests.cast import NOW
from zhucun.base.access.actions import caretaker
from zhucun.base.directory.models import Division
from zhucun.base.journal.models import Entry
from zhucun.base.journal.verify import verify
from zhucun.overview.exchange import actions
from zhucun.overview.exchange.tests.books import D, at, good, sentences, take
from zhucun.overview.exchange.tests.test_round_trip import cells_of, there_and_out, undone
from zhucun.work.attendance.models import Correction, Leave, PersonMonth

pytestmark = pytest.mark.django_db

MONTH = {"月份": "2022-05", "工作队编号": "T001", "人员编号": "P001"}
LEAVE = {"编号": "QJ-1", "人员编号": "P001", "类别": "事假", "开始日期": D(2022, 5, 9), "结束日期": D(2022, 5, 11), "事由": "家事",
         "批准层级": "乡镇", "批准日期": D(2022, 5, 7)}  # fmt: skip
ENDING = {"离任日期": D(2022, 4, 14), "离任方式": "调整", "离任原因": "轮换"}


def days(text, first=1):
    """Cells of consecutive days; · leaves one out."""
    return {str(n): sign for n, sign in enumerate(text, start=first) if sign != "·"}


def book(*months, leave=(), **sheets):
    given = good() | sheets
    if months:
        given["出勤"] = [MONTH | month for month in months]
    if leave:
        given["请假报备"] = [LEAVE | one for one in leave]
    return given


def moved():
    """P001 goes from T001 to T002 on 15 April 2022."""
    given = good()
    given["工作队"].append(
        {"工作队编号": "T002", "村区划代码": "430426102202", "牵头单位": "县财政局", "成立日期": D(2021, 5, 20)}
    )
    given["任职"][0] |= ENDING
    given["任职"].append({"工作队编号": "T002", "人员编号": "P001", "队内职务": "队长", "到任日期": D(2022, 4, 15)})
    return given


def marks(**where):
    return PersonMonth.objects.get(**where).marks


# -- there and back -------------------------------------------------------------------------------------------------


def year_of(seed):
    """A random year of marks and leave for the two people of the small county, and for one who changed teams."""
    chance = random.Random(seed)
    given, rows = moved(), []
    for month in range(1, 13):
        n = monthrange(2022, month)[1]
        for person in ("P001", "P002"):
            if person == "P002" and month > 6:
                continue
            for team, first, last in spans(person, month, n):
                signs = ["" if chance.random() < 0.2 else chance.choice("√√√√公培会事病休婚产丧调×") for _ in range(n)]
                outside = chance.choice(["", "—"])
                row = {str(d): sign if first <= d <= last else outside for d, sign in enumerate(signs, start=1)}
                if month == 12:
                    row |= {str(d): "" for d in range(8, 32)}  # days to come
                confirmed = D(2022, month, n) + timedelta(days=3) if month < 11 and chance.random() < 0.6 else ""
                rows.append(
                    {
                        "月份": f"2022-{month:02}",
                        "工作队编号": team,
                        "人员编号": person,
                        **row,
                        "乡镇确认日期": confirmed,
                    }
                )
    given["出勤"] = chance.sample(rows, len(rows))
    given["请假报备"] = [leave_of(n, chance) for n in range(12)]
    return given


def spans(person, month, n):
    if person == "P002":
        return [("T001", 1, n)]
    if month == 4:
        return [("T001", 1, 14), ("T002", 15, n)]
    return [("T001" if month < 4 else "T002", 1, n)]


def leave_of(n, chance):
    start = D(2022, 1, 1) + timedelta(days=25 * n)
    approved = chance.random() < 0.7
    kinds = ["事假", "病假", "公休", "婚假", "产假", "丧假", "公出报备", "培训", "会议"]
    return {"编号": f"{n:03}", "人员编号": "P001", "类别": chance.choice(kinds), "开始日期": start, "结束日期": start + timedelta(days=chance.randint(0, 9)),
            "事由": chance.choice(["", "探亲 & <看病>", "=1+1"]), "批准层级": chance.choice(["队长", "乡镇", "县"]) if approved else "",
            "批准日期": start - timedelta(days=1) if approved else "", "销假日期": start + timedelta(days=10) if approved and n % 2 else ""}  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_a_year_comes_back_as_it_went(seed):
    given = year_of(seed)
    first = undone(lambda: there_and_out(given))
    assert not PersonMonth.objects.exists()
    second = there_and_out(first)
    assert cells_of(first) == cells_of(second)
    for name in ("出勤", "请假报备"):
        headers, *lines = cells_of(first)[name]
        found = {
            tuple(sorted((h, plain(v)) for h, v in zip(headers, line, strict=True) if v is not None)) for line in lines
        }
        assert found == {tuple(sorted((h, plain(v)) for h, v in row.items() if v != "")) for row in given[name]}
    assert take(second).status == "unchanged"


def plain(value):
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)


def test_on_an_earlier_day_only_what_was_known_then_is_told():
    take(book(days("√" * 31) | {"乡镇确认日期": D(2022, 6, 3)}, leave=[{"销假日期": D(2022, 5, 12)}]))
    county = Division.objects.get(kind="县")

    def rows(day, name):
        with actions.export_ledger(county=county, day=day, by=caretaker(), at=NOW, reason="核对") as file:
            page = load_workbook(io.BytesIO(file.read()))[name]
        return [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]

    assert rows(date(2022, 4, 30), "出勤") == [] == rows(date(2022, 5, 8), "请假报备")
    (early,) = rows(date(2022, 5, 10), "出勤")
    assert early[3:34] == ["√"] * 10 + [None] * 21
    assert early[34] is None
    assert rows(date(2022, 6, 2), "出勤")[0][33:] == ["√", None]
    assert rows(date(2022, 6, 3), "出勤")[0][34].date() == date(2022, 6, 3)
    assert rows(date(2022, 5, 10), "请假报备")[0][7].date() == date(2022, 5, 7)
    assert rows(date(2022, 5, 10), "请假报备")[0][8] is None


# -- what is written ------------------------------------------------------------------------------------------------


def test_marks_come_in_with_their_tallies_and_one_entry_a_team():
    outcome = take(book(days("√" * 20 + "公培会事病休" + "调调××·")))
    assert (outcome.status, sentences(outcome)) == ("imported", [])
    row = PersonMonth.objects.get()
    assert (row.start, row.end, row.team.number, row.unit.name) == (
        date(2022, 5, 1),
        date(2022, 6, 1),
        "T001",
        "县财政局",
    )
    assert row.marks == "√" * 20 + "公培会事病休" + "调调××·"
    assert [getattr(row, name) for name in PersonMonth.TALLIES] == [20, 3, 3, 2, 2, 1]
    assert row.origins == "l" * 30 + "·"
    assert Entry.objects.filter(action="attendance.imported").count() == 1
    assert verify().broken is None


def test_days_may_be_headed_by_numbers_as_excel_keeps_them():
    given = book({"1": "√", "2": "事", "31": "×"})
    row = given["出勤"][0]
    given["出勤"] = [{int(header) if header.isdigit() else header: cell for header, cell in row.items()}]
    outcome = take(given)
    assert (sentences(outcome), outcome.warnings) == ([], [])
    assert marks() == "√事" + "·" * 28 + "×"


SPELT = {
    "√": "√", "✓": "√", "✔": "√", "V": "√", "v": "√", "在": "√", "在村": "√", "住": "√", "●": "√", " √ ": "√", "Ｖ": "√",
    "公": "公", "视": "公", "差": "公", "公出": "公", "视同": "公", "培": "培", "培训": "培", "会": "会", "会议": "会",
    "事": "事", "事假": "事", "假": "事", "病": "病", "病假": "病", "休": "休", "公休": "休", "年": "休", "年休": "休",
    "婚": "婚", "婚假": "婚", "产": "产", "产假": "产", "丧": "丧", "丧假": "丧", "调": "调", "调休": "调",
    "×": "×", "x": "×", "X": "×", "✗": "×", "旷": "×", "缺勤": "×", "　": "·", " ": "·",
}  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), SPELT.items())
def test_every_way_of_writing_a_mark_is_understood(written, meant):
    outcome = take(book({"1": "√", "2": written}))
    assert sentences(outcome) == []
    assert marks()[1] == meant


@pytest.mark.parametrize("written", ["—", "-", "–", "－", "不在任"])
def test_every_way_of_writing_out_of_post_is_understood(written):
    given = book(
        {"15": written} | days("√" * 14), 任职=[good()["任职"][0] | {"离任日期": D(2022, 5, 14), "离任方式": "期满"}]
    )
    assert sentences(take(given)) == []
    assert marks()[13:15] == "√—"


@pytest.mark.parametrize("written", ["？", "y", "✓✓", "迟到", 1, 8.5, True, ("=", "=A1"), "G"])
def test_an_unknown_mark_is_refused_at_its_cell(written):
    outcome = take(book({"1": "√", "7": written}))
    assert outcome.status == "refused"
    (problem,) = at(outcome, "出勤", 2, "7")
    assert "请" in problem.sentence
    assert not PersonMonth.objects.exists()


@pytest.mark.parametrize(
    ("month", "day"), [("2022-02", 29), ("2022-02", 30), ("2022-02", 31), ("2022-04", 31), ("2021-02", 29)]
)
def test_a_day_the_month_does_not_have_is_refused(month, day):
    given = book({"月份": month, "1": "√", str(day): "√"}, 任职=[good()["任职"][0] | {"到任日期": D(2021, 1, 1)}])
    given["工作队"][0]["成立日期"] = D(2021, 1, 1)
    problem = at(take(given), "出勤", 2, str(day))[0]
    assert f"没有 {day} 日" in problem.sentence


def test_the_leap_day_is_a_day():
    given = book({"月份": "2024-02", "29": "√"})
    (problem,) = at(take(given), "出勤", 2, "29")
    assert "还没有到" in problem.sentence, "not because February had no such day"


def test_a_day_that_has_not_come_is_refused_with_its_place():
    outcome = take(book({"月份": "2022-12"} | days("√" * 8)))
    assert [(p.row, p.column) for p in outcome.problems] == [(2, "8")]
    assert "12月8日还没有到" in outcome.problems[0].sentence
    assert sentences(take(book({"月份": "2022-12"} | days("√" * 7)))) == []


def test_a_mark_before_the_posting_began_or_after_it_ended_is_refused():
    outcome = take(
        book(
            {"月份": "2021-05", "19": "√", "20": "√"},
            {"人员编号": "P002", "月份": "2022-06", "30": "√"},
            {"人员编号": "P002", "月份": "2022-07", "1": "√"},
        )
    )
    assert [(p.row, p.column) for p in outcome.problems] == [(2, "19"), (4, "工作队编号"), (4, "1")]
    assert "没有任职" in outcome.problems[0].sentence
    assert not PersonMonth.objects.exists(), "all or nothing"


def test_who_has_a_broken_posting_is_not_also_out_of_post():
    given = book({"1": "√"}, leave=[{}])
    given["任职"][0]["队内职务"] = "书记"
    assert [(p.sheet, p.column) for p in take(given).problems] == [("任职", "队内职务")]


def test_unknown_people_teams_and_months_are_refused_all_at_once():
    outcome = take(
        book(
            {"人员编号": "P009", "1": "√"},
            {"工作队编号": "T009", "1": "√"},
            {"月份": "2022-13"},
            {"月份": ""},
            {"月份": "五月"},
        )
    )
    assert [(p.row, p.column) for p in outcome.problems] == [
        (2, "人员编号"),
        (3, "工作队编号"),
        (4, "月份"),
        (5, "月份"),
        (6, "月份"),
    ]


def test_one_person_and_month_twice_in_a_team_is_refused():
    outcome = take(book({"1": "√"}, {"2": "√"}))
    assert "已经有了" in at(outcome, "出勤", 3, "工作队编号")[0].sentence


def test_a_dash_on_a_day_in_post_is_taken_with_a_warning():
    outcome = take(book({"1": "√", "2": "—"}))
    assert outcome.status == "imported"
    assert [w.column for w in outcome.warnings] == ["2"]


# -- two teams in a month -------------------------------------------------------------------------------------------


def in_april(*rows):
    return moved() | {"出勤": [MONTH | {"月份": "2022-04"} | row for row in rows]}


def test_who_changed_teams_has_a_row_in_each():
    given = in_april(days("√" * 14), {"工作队编号": "T002"} | days("√" * 16, first=15))
    assert sentences(take(given)) == []
    assert [row.marks for row in PersonMonth.objects.order_by("team__number")] == [
        "√" * 14 + "·" * 16,
        "·" * 14 + "√" * 16,
    ]


def test_one_row_may_hold_the_whole_month():
    assert sentences(take(in_april(days("√" * 30)))) == []
    assert marks() == "√" * 30


def test_two_teams_on_one_day_are_refused():
    outcome = take(in_april(days("√" * 15), {"工作队编号": "T002"} | days("√" * 16, first=15)))
    (problem,) = outcome.problems
    assert (problem.row, problem.column) == (3, "工作队编号")
    assert "4月15日" in problem.sentence
    take(in_april(days("√" * 14)))
    later = take(in_april({"工作队编号": "T002"} | days("√" * 17, first=14)))
    assert later.status in {"refused", "imported"}


def test_a_row_of_the_same_days_in_another_team_puts_the_team_right():
    take(in_april(days("√" * 30)))
    outcome = take(in_april({"工作队编号": "T002"} | days("√" * 30)))
    assert (outcome.status, outcome.sheets["出勤"]) == ("imported", {"added": 0, "changed": 1, "unchanged": 0})
    row = PersonMonth.objects.get()
    assert (row.team.number, row.marks) == ("T002", "√" * 30)


def test_a_team_the_person_was_never_in_is_refused():
    given = moved() | {"出勤": [MONTH | {"月份": "2022-03", "工作队编号": "T002", "1": "√"}]}
    assert "不在这支工作队" in at(take(given), "出勤", 2, "工作队编号")[0].sentence


# -- a second time --------------------------------------------------------------------------------------------------


def test_the_same_again_changes_nothing():
    given = book(days("√" * 31) | {"乡镇确认日期": D(2022, 6, 3)}, leave=[{}])
    take(given)
    entries = Entry.objects.count()
    assert take(given).status == "unchanged"
    assert (Entry.objects.count(), PersonMonth.objects.get().version) == (entries, 1)


def test_another_mark_is_written_over_and_a_column_left_out_keeps_its_days():
    take(book(days("√" * 31)))
    outcome = take(book({"3": "公"}))
    assert outcome.sheets["出勤"] == {"added": 0, "changed": 1, "unchanged": 0}
    assert marks() == "√√公" + "√" * 28
    take(book({"1": "√", "2": "", "3": "公"}, {"人员编号": "P002", "2": "√"}))
    assert marks(person__number="P001") == "√·公" + "√" * 28, (
        "an empty cell of a column that is there takes the mark away"
    )


def test_a_confirmed_month_changes_by_corrections_that_keep_both_values():
    take(book(days("√" * 31) | {"乡镇确认日期": D(2022, 6, 3)}))
    outcome = take(book(days("√√公" + "√" * 27 + "病") | {"乡镇确认日期": D(2022, 6, 3)}))
    assert outcome.status == "imported"
    found = Correction.objects.order_by("day").values_list("day", "old", "new", "reason")
    assert list(found) == [
        (date(2022, 5, 3), "√", "公", "台账导入更正"),
        (date(2022, 5, 31), "√", "病", "台账导入更正"),
    ]
    row = PersonMonth.objects.get()
    assert (row.origins[2], row.origins[30], row.origins[0], row.version) == ("c", "c", "l", 2)
    assert (row.present, row.counts_as, row.leave, row.confirmed_on) == (29, 1, 1, date(2022, 6, 3))
    assert take(book(days("√√公" + "√" * 27 + "病") | {"乡镇确认日期": D(2022, 6, 3)})).status == "unchanged"
    assert Correction.objects.count() == 2


def test_a_confirmation_is_added_and_never_taken_back():
    take(book(days("√" * 31)))
    take(book(days("√" * 31) | {"乡镇确认日期": D(2022, 6, 3)}))
    row = PersonMonth.objects.get()
    assert (row.confirmed_on, row.confirmed_by) == (date(2022, 6, 3), caretaker())
    outcome = take(
        book(days("√" * 31) | {"乡镇确认日期": ""}, {"人员编号": "P002", "1": "√", "乡镇确认日期": D(2022, 6, 4)})
    )
    cancelled, holes = outcome.warnings
    assert "不能用导入取消" in cancelled.sentence
    assert "2–31日没有记录" in holes.sentence
    row.refresh_from_db()
    assert row.confirmed_on == date(2022, 6, 3)
    note = Entry.objects.filter(action="attendance.imported").latest("seq")
    assert '"confirmed":{"P002":[null,"2022-06-04"]}' in note.data.replace(" ", "")


@pytest.mark.parametrize(("month", "confirmed", "word"), [
    ("2022-05", D(2022, 5, 31), "还没有过完"), ("2022-12", D(2022, 12, 7), "次月 1 日起才能确认")])  # fmt: skip
def test_a_month_is_confirmed_when_it_is_over(month, confirmed, word):
    """One confirmed before its end is asked about; one that still runs cannot be locked."""
    outcome = take(book(days("√" * 7) | {"月份": month, "乡镇确认日期": confirmed}))
    told = outcome.problems if month == "2022-12" else outcome.warnings
    assert any(word in one.sentence for one in told)
    assert PersonMonth.objects.exists() == (month == "2022-05")


def test_a_confirmed_day_is_put_right_by_import_but_never_emptied():
    confirmed = {"乡镇确认日期": D(2022, 6, 3)}
    take(book(days("√" * 31) | confirmed))
    outcome = take(book(days("公" + "√" * 29) | confirmed | {"31": ""}))
    assert "已经确认为“√”，不能清空" in at(outcome, "出勤", 2, "31")[0].sentence
    assert marks() == "√" * 31
    outcome = take(book(days("公" + "√" * 30) | confirmed))
    assert "改动的 1 天将记为更正" in outcome.warnings[0].sentence
    assert marks() == "公" + "√" * 30


@pytest.mark.parametrize(("confirmed", "word"), [(D(2022, 12, 8), "还没有到"), (D(2022, 4, 30), "之前")])
def test_a_day_of_confirmation_that_cannot_be_is_refused(confirmed, word):
    outcome = take(book(days("√" * 31) | {"乡镇确认日期": confirmed}))
    assert word in at(outcome, "出勤", 2, "乡镇确认日期")[0].sentence


# -- leave ----------------------------------------------------------------------------------------------------------


def test_leave_comes_in_with_its_posting_and_where_it_stands():
    outcome = take(book(leave=[{}, {"编号": "QJ-2", "开始日期": D(2022, 6, 1), "结束日期": D(2022, 6, 1), "批准日期": "", "批准层级": ""},
                               {"编号": "QJ-3", "开始日期": D(2022, 7, 1), "结束日期": D(2022, 7, 2), "销假日期": D(2022, 7, 3)}]))  # fmt: skip
    assert sentences(outcome) == []
    one, two, three = Leave.objects.order_by("number")
    assert (one.kind, one.days, one.status, one.level, one.posting.person.number) == (
        "personal",
        3,
        "approved",
        "township",
        "P001",
    )
    assert (two.status, two.level, three.status, three.returned_on) == ("asked", "", "returned", date(2022, 7, 3))


@pytest.mark.parametrize(("change", "column", "word"), [
    ({"结束日期": D(2022, 5, 8)}, "结束日期", "早于开始日期"), ({"销假日期": D(2022, 5, 8)}, "销假日期", "早于开始日期"),
    ({"批准日期": D(2022, 12, 8)}, "批准日期", "还没有到"), ({"销假日期": D(2022, 12, 8)}, "销假日期", "还没有到"),
    ({"类别": "旷工"}, "类别", "不在可选项里"), ({"人员编号": "P009"}, "人员编号", "没有“P009”"), ({"编号": ""}, "编号", "必须填写"),
    ({"开始日期": D(2021, 5, 1), "结束日期": D(2021, 5, 19), "批准日期": D(2021, 4, 30)}, "开始日期", "没有任职"),
    ({"批准层级": "村"}, "批准层级", "不在可选项里"), ({"开始日期": "明天"}, "开始日期", "不是日期"),
])  # fmt: skip
def test_leave_that_cannot_be_is_refused_at_its_cell(change, column, word):
    outcome = take(book(leave=[change]))
    assert outcome.status == "refused"
    assert word in at(outcome, "请假报备", 2, column)[0].sentence
    assert not Leave.objects.exists()


def test_leave_that_overlaps_is_taken_with_a_warning():
    county = {"批准层级": "县"}
    outcome = take(
        book(leave=[county, county | {"编号": "QJ-2", "开始日期": D(2022, 5, 11), "结束日期": D(2022, 5, 12)}])
    )
    assert outcome.status == "imported"
    assert [(w.row, w.column) for w in outcome.warnings] == [(3, "开始日期")]


def test_leave_is_changed_by_its_number():
    take(book(leave=[{"批准日期": "", "批准层级": ""}]))
    outcome = take(book(leave=[{"结束日期": D(2022, 5, 12)}]))
    assert outcome.sheets["请假报备"] == {"added": 0, "changed": 1, "unchanged": 0}
    leave = Leave.objects.get()
    assert (leave.days, leave.status) == (4, "approved")
    assert take(book(leave=[{"结束日期": D(2022, 5, 12)}])).status == "unchanged"


def test_a_slip_refused_in_the_system_is_not_approved_by_a_workbook():
    take(book(leave=[{"批准日期": ""}]))
    Leave.objects.update(status=Leave.Status.REFUSED)
    outcome = take(book(leave=[{}]))
    assert "QJ-1 在系统里未批准，不能用导入改" in at(outcome, "请假报备", 2, "编号")[0].sentence
    assert Leave.objects.get().status == Leave.Status.REFUSED
    assert take(book(leave=[{"批准日期": ""}])).status == "unchanged"


def test_a_slip_of_years_is_a_slip_of_the_keyboard():
    outcome = take(book(leave=[{"结束日期": D(2025, 5, 11)}]))
    assert "有 1099 天" in at(outcome, "请假报备", 2, "结束日期")[0].sentence


def test_levels_lower_than_policy_and_days_after_the_return_are_told_in_one_sentence_each():
    outcome = take(book(leave=[
        {"批准层级": "县", "销假日期": D(2022, 5, 10)},  # back on the second of three days
        {"编号": "QJ-2", "开始日期": D(2022, 6, 1), "结束日期": D(2022, 6, 1), "批准层级": "队长", "销假日期": D(2022, 6, 1)},  # of one day: nothing to shorten
        {"编号": "QJ-3", "人员编号": "P002", "开始日期": D(2022, 6, 6), "结束日期": D(2022, 6, 8), "批准层级": "乡镇"},
        {"编号": "QJ-4", "开始日期": D(2022, 7, 1), "结束日期": D(2022, 7, 5), "批准层级": "乡镇"},
        {"编号": "QJ-5", "开始日期": D(2022, 8, 1), "结束日期": D(2022, 8, 9), "类别": "培训"},
        {"编号": "QJ-6", "开始日期": D(2022, 9, 1), "结束日期": D(2022, 9, 9), "批准日期": ""},
    ]))  # fmt: skip
    assert (outcome.status, [(one.row, one.column, one.sentence) for one in outcome.warnings]) == ("imported", [
        (3, "批准层级", "有 2 张单子批准层级比规定的低（QJ-2 的 1 天事假按现行规定由乡镇批），照收，请核对。"),
        (2, "结束日期", "这张单子结束日期晚于销假（QJ-1 2022-05-10 已返岗，结束日期却是 2022-05-11），天数按结束日期算，提前回来的请改结束日期。"),
    ])  # fmt: skip
    assert {leave.number: leave.days for leave in Leave.objects.all()}["QJ-1"] == 3


def test_a_month_there_is_not_is_called_a_month():
    outcome = take(book({"月份": "2022-13", "1": "√"}))
    assert "没有“2022-13”这个月" in at(outcome, "出勤", 2, "月份")[0].sentence
