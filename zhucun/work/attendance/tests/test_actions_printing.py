"""Pages are printed with what stands on them; the same people give the same paper, others a new version."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import AT, NOW, Facts, person
from zhucun.base.access.permissions import Role
from zhucun.base.journal.journal import history
from zhucun.base.people import actions as people
from zhucun.base.timeline.models import CalendarDay
from zhucun.work.attendance.actions.printing import print_books, print_pages
from zhucun.work.attendance.models import PrintedPage
from zhucun.work.attendance.paging import editions, page_key, printed
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

from .paper import NOVEMBER, printed_page


def test_a_page_is_kept_as_it_was_printed(world):
    row = printed_page(world)
    page = printed(row)
    assert (row.version, row.part, row.parts, page.version) == (1, 1, 1, 1)
    assert [(one.person, one.name) for one in page.rows] == [("P001", "王立新"), ("P002", "李敏")]
    assert page.leader == "王立新"
    assert row.code == page.code(page_key())
    assert next(entry.action for entry in history(world.team_shiqiao)) == "book.printed"


def test_the_same_people_give_the_same_paper(world):
    first = printed_page(world)
    assert printed_page(world, by=world.clerk_jin) == first
    assert PrintedPage.objects.count() == 1


def test_somebody_new_gives_the_next_version(world):
    printed_page(world)
    sun = person(world, Facts("孙小满", "P005", date(1985, 5, 5), world.finance))
    teams.post(
        person=sun,
        team=world.team_shiqiao,
        role="member",
        start=date(2022, 11, 14),
        reason="增派",
        by=world.caretaker,
        at=AT,
    )
    assert editions([world.team_shiqiao], NOVEMBER)[0].change == "人员有变动"
    row = printed_page(world)
    assert row.version == 2
    assert printed(row).rows[2].days == tuple(range(14, 31))


def test_a_day_of_rest_that_moves_gives_the_next_version(world):
    printed_page(world)
    CalendarDay.objects.create(day=date(2022, 11, 5), kind=CalendarDay.Kind.SHIFTED_WORK, name="")
    (edition,) = editions([world.team_shiqiao], NOVEMBER)
    assert edition.change == "放假安排有变动"
    assert printed_page(world).version == 2


def test_six_people_take_two_pages(world):
    for n in range(4):
        one = person(world, Facts(f"队员{'甲乙丙丁'[n]}", f"P10{n}", date(1985, 5, 5), world.finance))
        teams.post(
            person=one,
            team=world.team_shiqiao,
            role="member",
            start=date(2022, 1, 1),
            reason="增派",
            by=world.caretaker,
            at=AT,
        )
    rows = print_pages(teams=[world.team_shiqiao], month=NOVEMBER, by=world.office, at=NOW)
    assert [(row.part, row.parts, len(row.snapshot["rows"])) for row in rows] == [(1, 2, 5), (2, 2, 1)]


def test_who_may_print(world):
    for user in (world.clerk_niao, world.contact_finance, world.leader_county, world.stranger, world.sysadmin):
        with pytest.raises(PermissionDenied):
            printed_page(world, by=user)
    people.give_account(person=world.wang, user=world.stranger, by=world.caretaker, at=AT)
    teams.grant_sight(posting=world.wang_posting, by=world.caretaker, at=AT)
    assert Role.TEAM_LEADER in {duty.role for duty in world.stranger.duties.all()}
    world.stranger.__dict__.pop("_duties", None)
    assert printed_page(world, by=world.stranger).printed_by == world.stranger
    with pytest.raises(PermissionDenied):
        printed_page(world, team=world.team_gaoling, by=world.stranger)


def test_nobody_in_post_nothing_to_print(world):
    with pytest.raises(ValidationError, match="2020年1月没有人在任"):
        printed_page(world, month=month_named("2020-01"))


def test_a_name_that_cannot_be_printed_is_named_and_nothing_is_kept(world):
    people.correct(person=world.li, identity_fields={"name": "李\U00030000"}, by=world.caretaker, at=AT)
    with pytest.raises(ValidationError, match=r"石桥村驻村工作队2022年11月：姓名“李.”里的“.”（U\+30000），字库里没有"):
        print_pages(teams=[world.team_shiqiao, world.team_gaoling], month=NOVEMBER, by=world.office, at=NOW)
    assert not PrintedPage.objects.exists()


def test_a_year_is_printed_by_team_without_the_months_nobody_was_there(world):
    months = [month_named(f"2021-{n:02}") for n in range(1, 13)]
    books = print_books(teams=[world.team_shiqiao, world.team_gaoling], months=months, by=world.office, at=NOW)
    assert {team.number: [row.month.month for row in rows] for team, rows in books.items()} == {
        "T001": [*range(5, 13)], "T002": [*range(5, 13)]
    }  # fmt: skip
    with pytest.raises(ValidationError, match="2020年1月没有人在任"):
        print_books(teams=[world.team_shiqiao], months=[month_named("2020-01")], by=world.office, at=NOW)


def test_printing_a_county_asks_the_database_a_fixed_number_of_times(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        print_pages(teams=[world.team_shiqiao, world.team_gaoling], month=NOVEMBER, by=world.caretaker, at=NOW)
