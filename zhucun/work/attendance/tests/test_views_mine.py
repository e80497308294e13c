"""One's own days: shown with the rule and the source, to oneself and to whoever manages one, to nobody else."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.policy import actions as policies
from zhucun.work.attendance import days
from zhucun.work.attendance.actions import leaves, marks, objections
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

NOVEMBER = month_named("2022-11")
LI = "√√×公培会事病" + "√" * 16 + "调" * 6


def url(name, *args, **query):
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"attendance:{name}", args=args) + (f"?{tail}" if tail else "")


def text(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def filled(world):
    """The cast with November of 石桥村 written down, not confirmed yet."""
    rows = {world.wang.pk: "√" * 30, world.li.pk: LI}
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows=rows, by=world.clerk_jin, at=NOW)
    world.month = PersonMonth.objects.get(person=world.li)
    return world


@pytest.fixture
def confirmed(filled):
    marks.confirm(team=filled.team_shiqiao, month=NOVEMBER, signed=True, by=filled.clerk_jin, at=NOW)
    filled.month.refresh_from_db()
    return filled


def test_a_member_reads_the_month_beside_the_rule_and_beside_nobody(confirmed, signed_in):
    page = text(signed_in(confirmed.member_li), url("mine", month="2022-11"))
    assert "制度规定每月 20 天" in page
    assert '在村 <b class="num">18</b>' in page
    assert "王立新" not in page
    assert "排名" not in page
    assert "2022年12月22日前可以提出异议" in page


def test_a_month_without_marks_says_who_will_write_them(filled, signed_in):
    page = text(signed_in(filled.member_li), url("mine", month="2022-12"))
    assert "12月" in page
    assert "不用您填报" in page


def test_only_somebody_with_a_person_has_days(world, signed_in):
    for user in (world.clerk_jin, world.office, world.stranger):
        assert signed_in(user).get(url("mine")).status_code == 403
    assert signed_in(world.member_li).get(url("mine", month="nonsense")).status_code == 200


def test_somebody_who_left_still_reads_their_months(confirmed, signed_in):
    teams.end_posting(posting=confirmed.li_posting, last_day=date(2022, 12, 6), ending="transfer", reason="轮换",
                      by=confirmed.caretaker, at=NOW)  # fmt: skip
    client = signed_in(confirmed.member_li)
    assert "异议" in text(client, url("mine", month="2022-11"))
    assert "未报备缺勤" in text(client, url("day", confirmed.month.pk, 3))


@pytest.mark.parametrize(
    ("number", "sentences"),
    [
        (1, ("在村", "算驻村天数")),
        (3, ("未报备缺勤", "不算驻村天数", "计入未报备缺勤")),
        (4, ("因公外出（报备）", "报备后视同驻村")),
        (7, ("事假", "计入请假天数")),
        (26, ("调休", "调休不算请假")),
    ],
)
def test_each_day_says_what_it_means_and_whether_it_counts(filled, signed_in, number, sentences):
    page = text(signed_in(filled.member_li), url("day", filled.month.pk, number))
    for sentence in (*sentences, "对照记录本录入", "金桥经办人", "系统默认规则", "乡镇还没有确认"):
        assert sentence in page
    assert "提出异议" not in page


def test_a_day_cites_the_clause_in_force_that_day(filled, signed_in):
    document = policies.issue_document(title="驻村管理办法", number="祁办〔2022〕1号", issuer="县委办", start=date(2022, 1, 1),
                                       clauses={"第八条": "每月在村不少于二十天"}, by=filled.office, at=NOW)  # fmt: skip
    policies.set_parameter(key="attendance.days_a_month", value="20", start=date(2022, 11, 10), area="",
                           clause=document.clauses.get(), by=filled.office, at=NOW)  # fmt: skip
    client = signed_in(filled.member_li)
    assert "系统默认规则" in text(client, url("day", filled.month.pk, 9))
    assert "《驻村管理办法》第八条：每月在村不少于二十天" in text(client, url("day", filled.month.pk, 10))


def test_a_corrected_day_shows_both_values_the_reason_and_the_objection(confirmed, signed_in):
    asked = {
        "month": confirmed.month,
        "day": date(2022, 11, 3),
        "wanted": "公",
        "text": "当天在县里",
        "by": confirmed.member_li,
    }
    found = objections.object_to(**asked, at=NOW)
    client = signed_in(confirmed.member_li)
    assert "待答复" in text(client, url("day", confirmed.month.pk, 3))
    assert "异议</em>" in text(client, url("mine", month="2022-11"))
    objections.answer(objection=found, upheld=True, text="查报备单属实", by=confirmed.clerk_jin, at=NOW)
    page = text(client, url("day", confirmed.month.pk, 3))
    assert "确认后更正" in page
    assert '<span class="day-small">×</span>' in page
    assert "采纳本人异议：查报备单属实" in page
    assert "更正</em>" in text(client, url("mine", month="2022-11"))


def test_the_leave_that_covers_a_day_is_named(filled, signed_in):
    leaves.record(posting=filled.li_posting, first=date(2022, 11, 7), last=date(2022, 11, 8), fields={"kind": "personal", "reason": "家事"},
                  level="county", approved_on=date(2022, 11, 6), by=filled.clerk_jin, at=NOW)  # fmt: skip
    page = text(signed_in(filled.member_li), url("day", filled.month.pk, 7))
    assert "QJ2022-0001" in page
    assert "家事" in page
    page = text(signed_in(filled.leader_county), url("day", filled.month.pk, 7))
    assert "QJ2022-0001" in page
    assert "家事" not in page


def test_the_same_for_whoever_manages_and_for_nobody_else(confirmed, signed_in):
    pages = (url("person_month", confirmed.month.pk), url("day", confirmed.month.pk, 3))
    for user in (confirmed.clerk_jin, confirmed.office, confirmed.leader_county):
        for address in pages:
            assert signed_in(user).get(address).status_code == 200
    wang = PersonMonth.objects.get(person=confirmed.wang)
    assert signed_in(confirmed.contact_finance).get(url("person_month", wang.pk)).status_code == 200
    for user in (confirmed.clerk_niao, confirmed.contact_finance, confirmed.stranger, confirmed.auditor):
        for address in pages:
            assert signed_in(user).get(address).status_code == 404, user
    assert signed_in(confirmed.member_li).get(url("person_month", wang.pk)).status_code == 404


def test_a_day_the_month_does_not_have_is_not_there(filled, signed_in):
    client = signed_in(filled.member_li)
    assert client.get(url("day", filled.month.pk, 31)).status_code == 404
    assert client.get(url("day", filled.month.pk, 0)).status_code == 404


def test_a_month_in_two_teams_is_two_calendars(world):
    by = {"by": world.caretaker, "at": NOW}
    teams.end_posting(posting=world.li_posting, last_day=date(2022, 11, 14), ending="transfer", reason="轮换", **by)
    teams.post(person=world.li, team=world.team_gaoling, role="member", start=date(2022, 11, 15), reason="轮换", **by)
    first, second = days.shown(world.li.pk, NOVEMBER, NOW.date())
    assert (first.team, first.in_post, second.team, second.in_post) == (world.team_shiqiao, 14, world.team_gaoling, 16)
    assert [tile.symbol for week in second.weeks for tile in week if tile][13:15] == ["—", "·"]
    assert [month.name for month in days.months_of(world.li.pk, NOW.date())][:2] == ["2022-12", "2022-11"]


def test_few_questions_to_the_database(confirmed, signed_in, django_assert_max_num_queries):
    client = signed_in(confirmed.member_li)
    client.get(url("mine"))
    with django_assert_max_num_queries(34):
        client.get(url("mine", month="2022-11"))
    with django_assert_max_num_queries(30):
        client.get(url("day", confirmed.month.pk, 3))


def test_without_a_month_in_the_address_one_sees_the_last_that_is_written_down(filled, signed_in):
    page = text(signed_in(filled.member_li), url("mine"))
    assert '<div class="page-pretitle">2022年11月</div>' in page
    assert "还没有录入" not in page


def test_a_month_nobody_has_written_down_has_no_number_of_days(filled, signed_in):
    page = text(signed_in(filled.member_li), url("mine", month="2022-12"))
    assert "<strong>—</strong><small>还没有录入</small>" in page


def test_there_is_a_way_back_from_a_day_and_from_a_month(filled, signed_in):
    own = text(signed_in(filled.member_li), url("day", filled.month.pk, 3))
    assert f'href="{url("mine", month="2022-11")}"' in own
    managed = signed_in(filled.clerk_jin)
    assert f'href="{url("person_month", filled.month.pk)}"' in text(managed, url("day", filled.month.pk, 3))
    assert url("confirm", "2022-11", filled.team_shiqiao.pk) in text(managed, url("person_month", filled.month.pk))
