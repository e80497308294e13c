"""The figures of attendance and leave, counted by hand in small months: cut, changed teams and roles, leave over month ends."""

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests.cast import AT, NOW
from zhucun.base.access.scope import Scope
from zhucun.base.policy import actions as policy
from zhucun.base.timeline.periods import parse
from zhucun.overview.exchange.tests.books import sentences, take
from zhucun.work.attendance import figures
from zhucun.work.attendance.actions import leaves, marks
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

pytestmark = pytest.mark.django_db

YEAR = parse("2022").to(date(2022, 12, 7))
COUNTY = Scope(county=frozenset({"430426"}))
JINQIAO, NIAOJIANG = (Scope(township=frozenset({code})) for code in ("430426102", "430426103"))
# 2022-11: 20 in the village, 1 out on duty, 1 training, 2 on leave, 5 off, 1 absent
NOVEMBER = "√" * 20 + "公培事病" + "调" * 5 + "×"


def fill(world, month, **rows):
    """Fill a month by name of the cast: `wang="√√…"`; the team is the one that person is in."""
    for name, row in rows.items():
        who, _, team = name.partition("_in_")
        team = team or ("gaoling" if who in {"zhao", "qian"} else "shiqiao")
        clerk = world.clerk_niao if team == "gaoling" else world.clerk_jin
        person = getattr(world, who)
        marks.fill(
            team=getattr(world, f"team_{team}"), month=month_named(month), rows={person.pk: row}, by=clerk, at=NOW
        )


def value(name, period=YEAR, scope=COUNTY):
    return getattr(figures, name)(period if not isinstance(period, str) else parse(period), scope).value


def move(world, last_day, role="member", team=None):
    """Li goes on the day after `last_day`, by default to the other team in the other township."""
    teams.end_posting(posting=world.li_posting, last_day=last_day, ending="transfer", reason="工作需要", by=world.office,
                      at=NOW, hands_over=False)  # fmt: skip
    start = date.fromordinal(last_day.toordinal() + 1)
    return teams.post(
        person=world.li, team=team or world.team_gaoling, role=role, start=start, reason="调整", by=world.office, at=NOW
    )


# -- marks ----------------------------------------------------------------------------------------------------------


def test_days_are_the_marks_dated_in_the_period(world):
    fill(world, "2022-11", wang=NOVEMBER, zhao="√" * 30)
    assert (value("days"), value("unexcused")) == (22 + 30, 1)
    assert (value("days", "2022-10"), value("days", "2022-Q4"), value("days", "2022-H2")) == (0, 52, 52)
    assert figures.days(YEAR, COUNTY).counted.n == 2
    assert figures.unexcused(YEAR, COUNTY).counted.n == 1, "a month without × is no record of it"
    assert [row.person for row in figures.unexcused(YEAR, COUNTY).records] == [world.wang]


@pytest.mark.parametrize(
    ("until", "days", "absent"), [(1, 1, 0), (20, 20, 0), (21, 21, 0), (22, 22, 0), (29, 22, 0), (30, 22, 1)]
)
def test_a_month_cut_by_until_counts_its_signs_up_to_that_day(world, until, days, absent):
    fill(world, "2022-11", wang=NOVEMBER)
    fill(world, "2022-12", wang="√" * 7)
    cut = parse("2022").to(date(2022, 11, until))
    assert (value("days", cut), value("unexcused", cut)) == (days, absent)
    assert (value("days", parse("2022-11").to(cut.until)), value("days", parse("2022-Q4").to(cut.until))) == (
        days,
        days,
    )


def test_until_the_first_week_of_december_both_months_count(world):
    fill(world, "2022-11", wang=NOVEMBER)
    fill(world, "2022-12", wang="√√√公××调")
    assert (value("days"), value("unexcused")) == (22 + 4, 1 + 2)
    third = parse("2022").to(date(2022, 12, 3))
    assert (value("days", third), value("unexcused", third)) == (22 + 3, 1)


def test_a_township_a_village_and_a_unit_count_their_own(world):
    fill(world, "2022-11", wang="√" * 30, li="√" * 10 + "公" * 5 + "调" * 15, zhao="√" * 25 + "×" * 5)
    scopes = {
        "county": COUNTY, "jinqiao": JINQIAO, "niaojiang": NIAOJIANG, "nobody": Scope(village=frozenset({world.qingshui.pk})),
        "shiqiao": Scope(village=frozenset({world.shiqiao.pk})), "finance": Scope(unit=frozenset({world.finance.pk})),
        "farming": Scope(unit=frozenset({world.farming.pk})), "police": Scope(unit=frozenset({world.police.pk})),
    }  # fmt: skip
    days = {
        "county": 70,
        "jinqiao": 45,
        "niaojiang": 25,
        "nobody": 0,
        "shiqiao": 45,
        "finance": 30,
        "farming": 15,
        "police": 25,
    }
    assert {name: value("days", "2022-11", scope) for name, scope in scopes.items()} == days
    due = {
        "county": 3,
        "jinqiao": 2,
        "niaojiang": 1,
        "nobody": 0,
        "shiqiao": 2,
        "finance": 1,
        "farming": 1,
        "police": 1,
    }
    assert {name: value("months_due", "2022-11", scope) for name, scope in scopes.items()} == due
    met = {
        "county": 2,
        "jinqiao": 1,
        "niaojiang": 1,
        "nobody": 0,
        "shiqiao": 1,
        "finance": 1,
        "farming": 0,
        "police": 1,
    }
    assert {name: value("months_met", "2022-11", scope) for name, scope in scopes.items()} == met
    assert value("unexcused", "2022-11", scopes["police"]) == 5


# -- person-months due and met ----------------------------------------------------------------------------------------


def test_months_due_are_whole_in_post_and_whole_in_the_period(world):
    # wang, li, zhao from 2021-05-20 on: 11 whole months to 7 December; qian until 2022-06-30: 6
    assert value("months_due") == 3 * 11 + 6
    assert value("months_due", parse("2022").to(date(2022, 11, 29))) == 3 * 10 + 6
    assert value("months_due", parse("2022").to(date(2022, 11, 30))) == 3 * 11 + 6
    assert value("months_due", "2021-05") == 0, "they came on the 20th"
    assert (value("months_due", "2021"), value("months_due", "2021-06")) == (4 * 7, 4)
    assert value("months_due", parse("2022-12").to(date(2022, 12, 7))) == 0, "no whole month in it"
    assert value("months_met", parse("2022-12").to(date(2022, 12, 7))) == 0
    assert (value("months_due", "2022-07"), value("months_due", "2022-06")) == (3, 4)


@pytest.mark.parametrize(("row", "met"), [("√" * 19 + "调" * 11, 0), ("√" * 20 + "调" * 10, 1), ("√" * 18 + "公会" + "调" * 10, 1),
                                          ("√" * 19 + "事" * 11, 0)])  # fmt: skip
def test_twenty_days_of_presence_meet_the_month_and_nineteen_do_not(world, row, met):
    fill(world, "2022-11", wang=row)
    assert value("months_met") == met


def test_the_policy_of_the_month_and_of_the_place_decides(world):
    fill(world, "2022-10", wang="√" * 21 + "调" * 10)
    fill(world, "2022-11", wang="√" * 21 + "调" * 9, zhao="√" * 21 + "调" * 9)
    assert value("months_met") == 3
    change = {
        "key": "attendance.days_a_month",
        "start": date(2022, 11, 30),
        "clause": None,
        "by": world.office,
        "at": NOW,
    }
    policy.set_parameter(value="22", **change)
    assert value("months_met") == 1, "November is measured by the number of its last day, October by its own"
    policy.set_parameter(value="21", area=world.niaojiang.pk, **change)
    assert (value("months_met"), value("months_met", YEAR, NIAOJIANG)) == (2, 1)
    numbers = figures.days_needed([month_named("2022-10"), month_named("2022-11")])
    assert numbers[date(2022, 11, 1)] == {"": 22, world.niaojiang.pk: 21}
    assert figures.needed_in(numbers[date(2022, 11, 1)], world.gaoling.pk) == 21
    assert figures.needed_in(numbers[date(2022, 10, 1)], world.gaoling.pk) == 20


def test_who_came_or_left_inside_a_month_is_not_due(world):
    fill(world, "2021-05", wang="—" * 19 + "√" * 12)
    assert (value("months_met", "2021-05"), value("days", "2021-05")) == (0, 12)
    teams.end_posting(
        posting=world.li_posting, last_day=date(2022, 11, 29), ending="term", reason="轮换", by=world.office, at=NOW
    )
    fill(world, "2022-11", li="√" * 29)
    assert (value("months_due", "2022-11"), value("months_met", "2022-11")) == (2, 0)


def test_another_role_in_the_same_team_without_a_gap_is_one_month(world):
    move(world, date(2022, 11, 14), role="deputy", team=world.team_shiqiao)
    fill(world, "2022-11", li="√" * 20 + "调" * 10)
    assert (value("months_due", "2022-11"), value("months_met", "2022-11")) == (3, 1)
    assert (value("months_due", "2022-11", JINQIAO), value("months_met", "2022-11", JINQIAO)) == (2, 1)
    records = list(figures.months_due(parse("2022-11"), COUNTY).records)
    assert len(records) == 3
    assert next(row for row in records if row.person == world.li).role == "deputy"


def test_a_gap_of_one_day_breaks_the_month(world):
    teams.end_posting(
        posting=world.li_posting,
        last_day=date(2022, 11, 13),
        ending="transfer",
        reason="轮换",
        by=world.office,
        at=NOW,
        hands_over=False,
    )
    teams.post(
        person=world.li,
        team=world.team_shiqiao,
        role="deputy",
        start=date(2022, 11, 15),
        reason="调整",
        by=world.office,
        at=NOW,
    )
    fill(world, "2022-11", li="√" * 13 + "—" + "√" * 16)
    assert (value("months_due", "2022-11"), value("months_met", "2022-11")) == (2, 0)
    assert (value("months_due", "2022-12"), value("days", "2022-11")) == (3, 29)


def test_who_changed_teams_and_townships_is_whole_in_the_county_only(world):
    move(world, date(2022, 11, 14))
    fill(world, "2022-11", li="√" * 12 + "调" * 2, li_in_gaoling="—" * 14 + "√" * 8 + "调" * 8, zhao="√" * 30)
    assert (value("months_due", "2022-11"), value("months_met", "2022-11")) == (3, 2)
    assert (value("months_due", "2022-11", JINQIAO), value("months_met", "2022-11", JINQIAO)) == (1, 0)
    assert (value("months_due", "2022-11", NIAOJIANG), value("months_met", "2022-11", NIAOJIANG)) == (1, 1)
    farming = Scope(unit=frozenset({world.farming.pk}))
    assert (value("months_due", "2022-11", farming), value("months_met", "2022-11", farming)) == (1, 1)
    assert [value("days", "2022-11", scope) for scope in (COUNTY, JINQIAO, NIAOJIANG, farming)] == [50, 12, 38, 20]
    opened = figures.months_met(parse("2022-11"), COUNTY).records
    assert {(row.person.name, row.team.number) for row in opened} == {("李敏", "T002"), ("赵刚", "T002")}


def test_nineteen_days_in_two_teams_together_do_not_meet(world):
    move(world, date(2022, 11, 14))
    fill(world, "2022-11", li="√" * 12 + "调" * 2, li_in_gaoling="—" * 14 + "√" * 7 + "调" * 9)
    assert (value("months_due", "2022-11"), value("months_met", "2022-11")) == (3, 0)


def test_three_teams_in_a_month_and_a_change_on_its_first_and_last_day(world):
    third = teams.open_team(
        number="T003",
        village=world.qingshui,
        lead_unit=world.finance,
        partners=[],
        start=date(2021, 5, 20),
        by=world.office,
        at=AT,
    )
    second = move(world, date(2022, 10, 31))
    assert value("months_due", "2022-10") == value("months_due", "2022-11") == 3
    assert value("months_due", "2022-11", NIAOJIANG) == 2, "a change on the first of the month is none inside it"
    teams.end_posting(
        posting=second,
        last_day=date(2022, 11, 10),
        ending="transfer",
        reason="轮换",
        by=world.office,
        at=NOW,
        hands_over=False,
    )
    last = teams.post(
        person=world.li, team=third, role="member", start=date(2022, 11, 11), reason="调整", by=world.office, at=NOW
    )
    teams.end_posting(
        posting=last,
        last_day=date(2022, 11, 29),
        ending="transfer",
        reason="轮换",
        by=world.office,
        at=NOW,
        hands_over=False,
    )
    teams.post(
        person=world.li,
        team=world.team_shiqiao,
        role="member",
        start=date(2022, 11, 30),
        reason="调整",
        by=world.office,
        at=NOW,
    )
    marks.fill(
        team=world.team_gaoling, month=month_named("2022-11"), rows={world.li.pk: "√" * 10}, by=world.clerk_niao, at=NOW
    )
    marks.fill(
        team=third,
        month=month_named("2022-11"),
        rows={world.li.pk: "—" * 10 + "√" * 10 + "调" * 9},
        by=world.clerk_jin,
        at=NOW,
    )
    # nothing yet in the team of the last day: the month is opened at another of its rows
    assert (value("months_due", "2022-11"), value("months_met", "2022-11")) == (3, 1)
    assert value("months_due", "2022-11", JINQIAO) == 1, "it began in another township"


def test_a_whole_month_written_under_the_first_of_two_teams_counts(world):
    move(world, date(2022, 11, 14))
    row = {"月份": "2022-11", "工作队编号": "T001", "人员编号": "P002"} | {str(day): "√" for day in range(1, 21)}
    outcome = take({"行政区划": [{"代码": "430426", "名称": "祁东县", "类型": "县"}], "出勤": [row]})
    assert (outcome.status, sentences(outcome)) == ("imported", [])
    assert PersonMonth.objects.get().team == world.team_shiqiao
    assert (value("months_due", "2022-11"), value("months_met", "2022-11")) == (3, 1)


def test_the_year_before_is_counted_to_the_same_day(world):
    fill(world, "2021-12", wang="√" * 31)
    fill(world, "2021-11", wang="√" * 30)
    before = YEAR.a_year_earlier()
    assert (value("days", before), value("months_due", before), value("months_met", before)) == (37, 4 * 6, 1)


# -- leave ------------------------------------------------------------------------------------------------------------


def take_leave(world, first, last, kind="personal", posting=None, approved=True):
    posting = posting or world.li_posting
    clerk = world.clerk_jin if posting != world.zhao_posting else world.clerk_niao
    fields = {
        "kind": kind,
        "reason": "家里有事",
        "certificate": True,
        "document": "会议通知",
        "place": "县城",
        "stand_in": "村支书",
    }
    day = datetime(2022, 12, 7, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    level = "township" if kind in {"duty", "training", "meeting"} else "county"
    return leaves.record(
        posting=posting, first=first, last=last, fields=fields, level=level, approved_on=first, by=clerk, at=day
    )


def test_leave_over_a_month_end_falls_into_both_months(world):
    take_leave(world, date(2022, 10, 29), date(2022, 11, 2))
    assert [value("leave_days", name) for name in ("2022-10", "2022-11", "2022-Q4", "2022-09")] == [3, 2, 5, 0]
    assert value("leave_days", parse("2022-11").to(date(2022, 11, 1))) == 1
    assert figures.leave_days(YEAR, COUNTY).counted.n == 1


def test_notices_and_leave_not_approved_are_no_leave(world):
    take_leave(world, date(2022, 11, 1), date(2022, 11, 3), "meeting")
    take_leave(world, date(2022, 11, 4), date(2022, 11, 4), "duty")
    take_leave(world, date(2022, 11, 7), date(2022, 11, 7), "training")
    fields = {"kind": "personal", "reason": "家里有事"}
    leaves.ask(
        posting=world.li_posting,
        first=date(2022, 12, 8),
        last=date(2022, 12, 9),
        fields=fields,
        by=world.member_li,
        at=NOW,
    )
    assert value("leave_days", "2022") == 0
    take_leave(world, date(2022, 11, 8), date(2022, 11, 8), "sick")
    assert value("leave_days", "2022") == 1


def test_leave_belongs_to_the_place_and_unit_of_its_posting(world):
    take_leave(world, date(2022, 11, 1), date(2022, 11, 2), "annual")
    take_leave(world, date(2022, 11, 1), date(2022, 11, 4), "bereavement", world.zhao_posting)
    finance, farming = (Scope(unit=frozenset({unit.pk})) for unit in (world.finance, world.farming))
    assert [value("leave_days", YEAR, scope) for scope in (COUNTY, JINQIAO, NIAOJIANG, farming, finance)] == [
        6,
        2,
        4,
        2,
        0,
    ]


# -- against a count of its own ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", [date(2022, 12, 7), date(2022, 11, 30), date(2022, 6, 15)])
def test_every_month_of_a_year_day_by_day(world, until):
    """The same year counted mark by mark, without the tallies and without SQL."""
    move(world, date(2022, 9, 14))
    for month in range(1, 12):
        n = monthrange(2022, month)[1]
        row = "".join("√√√√公调×事培"[(day * 7 + month) % 9] for day in range(n))
        fill(world, f"2022-{month:02}", wang=row, zhao=row[::-1])
        if month <= 6:
            fill(world, f"2022-{month:02}", qian="√" * n)
    period = parse("2022").to(until)
    days = [
        mark
        for row in PersonMonth.objects.all()
        for day, mark in enumerate(row.marks, start=1)
        if row.day(day) in period
    ]
    assert value("days", period) == sum(mark in "√公培会" for mark in days)
    assert value("unexcused", period) == days.count("×")
    whole = [row for row in PersonMonth.objects.all() if row.day(len(row.marks)) in period]
    assert value("months_met", period) == sum(sum(mark in "√公培会" for mark in row.marks) >= 20 for row in whole)


# -- every number opens its records -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["attendance.days", "attendance.months_due", "attendance.months_met", "attendance.unexcused", "leave.days"]
)
def test_every_number_opens_its_records_on_a_page(world, signed_in, code, django_assert_max_num_queries):
    fill(world, "2022-11", wang=NOVEMBER, zhao="√" * 30)
    take_leave(world, date(2022, 11, 23), date(2022, 11, 23))
    client = signed_in(world.office)
    where = reverse("indicators:records", args=[code])
    client.get(f"{where}?year=2022")
    with django_assert_max_num_queries(25):
        answer = client.get(f"{where}?year=2022")
    assert answer.status_code == 200
    assert len(answer.context["table"].rows) == answer.context["counted"].n > 0
    book = client.get(f"{where}?year=2022&format=xlsx")
    assert book.status_code == 200
    book.close()
