"""Sessions end when idle or old; a right taken away is gone at the next request; refusals are written down."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.cast import NOW
from zhucun.base.access import actions
from zhucun.base.access.models import Duty
from zhucun.base.journal.models import Entry

pytestmark = pytest.mark.django_db
PAGE = "/access/password/"


def later(client, **delta):
    with time_machine.travel(NOW + timedelta(**delta), tick=False):
        return client.get(PAGE)


def test_a_session_used_now_and_then_stays_open(world, signed_in):
    client = signed_in(world.office)
    assert [later(client, minutes=n).status_code for n in (0, 29, 58, 80)] == [200] * 4


def test_thirty_idle_minutes_end_a_session(world, signed_in):
    client = signed_in(world.office)
    later(client)
    answer = later(client, minutes=31)
    assert answer.headers["Location"] == f"/access/sign-in/?next={PAGE}"
    assert Entry.objects.first().action == "access.timed_out"
    assert later(client, minutes=31).status_code == 302, "really signed out"


def test_a_session_ends_after_twelve_hours_even_in_use(world, signed_in):
    client = signed_in(world.office)
    codes = [later(client, minutes=20 * n).status_code for n in range(38)]
    assert codes[:37] == [200] * 37
    assert codes[37] == 302


def test_reading_pages_writes_the_session_at_most_once_a_minute(world, signed_in, django_assert_max_num_queries):
    client = signed_in(world.office)
    later(client)
    with django_assert_max_num_queries(8) as seen:
        later(client, seconds=30)
    assert not [query for query in seen.captured_queries if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_a_posted_form_after_the_time_limit_does_not_come_back_to_a_verb(world, signed_in):
    client = signed_in(world.office)
    later(client)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        answer = client.post("/timeline/as-on/", {"day": "2022-01-01"})
    assert answer.headers["Location"] == "/access/sign-in/?next=/"


def test_a_role_taken_away_is_gone_at_the_next_request(world, signed_in):
    client = signed_in(world.sysadmin)
    page = f"/office/accounts/{world.office.pk}/"
    assert client.get(page).status_code == 200
    actions.end_duty(duty=Duty.objects.get(user=world.sysadmin), end=date(2022, 12, 7), by=world.secadmin, at=NOW)
    answer = client.get(page)
    assert answer.status_code == 403
    assert "没有办理" in answer.content.decode()


def test_a_refusal_is_an_entry_of_the_journal(world, signed_in):
    signed_in(world.member_li).get("/office/health/")
    entry = Entry.objects.first()
    assert (entry.action, entry.actor) == ("access.refused", str(world.member_li.pk))
    assert "/office/health/" in entry.data
