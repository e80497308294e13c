"""Signing in, being locked out, the first password, and leaving, as people meet them."""

import pytest
from django.urls import reverse

from tests.cast import NOW, PASSWORD
from zhucun.base.access import actions
from zhucun.base.journal.models import Entry

pytestmark = pytest.mark.django_db

SIGN_IN = "/access/sign-in/"


def sign_in(client, username="office", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def last_action():
    return Entry.objects.first().action


def test_the_right_password_signs_in_and_is_written_down(world, client):
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.data) == ("access.signed_in", str(world.office.pk), "{}")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_one_is_never_led_to_another_site(world, client, elsewhere):
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"


def test_one_goes_on_to_the_page_one_asked_for(world, client):
    assert sign_in(client, next="/access/password/?a=1").headers["Location"] == "/access/password/?a=1"


def test_the_sign_in_page_does_not_send_the_signed_in_round_in_circles(world, signed_in):
    answer = signed_in(world.office).get(SIGN_IN, {"next": SIGN_IN})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(world, client):
    known, unknown = sign_in(client, password="wrong"), sign_in(client, "nobody", "wrong")
    assert "用户名或密码不对" in known.content.decode()
    assert "用户名或密码不对" in unknown.content.decode()
    assert list(Entry.objects.values_list("action", "target_id")[:2]) == [
        ("access.sign_in_failed", ""),
        ("access.sign_in_failed", str(world.office.pk)),
    ]


def test_what_was_typed_as_an_unknown_name_is_not_kept(world, client):
    sign_in(client, "My-Secret-Password-1", "x")
    assert not Entry.objects.filter(data__contains="My-Secret").exists()
    assert Entry.objects.first().actor_name == "未登录的人"


def test_an_empty_form_is_no_failed_sign_in(world, client):
    answer = sign_in(client, "", "")
    assert "必须填写" in answer.content.decode()
    assert not Entry.objects.filter(action="access.sign_in_failed").exists()


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(world, client):
    for _ in range(5):
        answer = sign_in(client, password="wrong")
    assert answer.status_code == 429
    assert "这个账号暂时锁定" in answer.content.decode()
    assert sign_in(client).status_code == 429
    assert last_action() == "access.locked"
    assert sign_in(client, "auditor").status_code == 302, "others are not held up"


def test_an_administrator_unlocks(world, client):
    for _ in range(5):
        sign_in(client, password="wrong")
    actions.unlock(user=world.office, by=world.sysadmin, at=NOW)
    assert sign_in(client).status_code == 302


def test_a_closed_account_cannot_sign_in_and_its_open_session_ends(world, client, signed_in):
    browser = signed_in(world.office)
    actions.set_active(user=world.office, active=False, by=world.sysadmin, at=NOW)
    assert sign_in(client).status_code == 200
    assert browser.get("/access/password/").headers["Location"].startswith(SIGN_IN)


def test_a_first_password_must_be_changed_before_anything_else(world, client):
    actions.change_password(user=world.office, password="Erstes-Wort-2022", by=world.sysadmin, at=NOW)
    sign_in(client, password="Erstes-Wort-2022")
    assert client.post(reverse("timeline:as_on"), {"day": ""}).headers["Location"] == "/access/password/"
    page = client.get("/access/password/").content.decode()
    assert "首次密码" in page
    new = {"current": "Erstes-Wort-2022", "new": "Zweites-Wort-2022", "again": "Zweites-Wort-2022"}
    assert client.post("/access/password/", new).headers["Location"] == "/"
    world.office.refresh_from_db()
    assert world.office.check_password("Zweites-Wort-2022")
    assert not world.office.must_change_password
    assert client.get("/access/password/").status_code == 200, "still signed in"


@pytest.mark.parametrize(
    ("current", "new", "again", "sentence"),
    [
        ("wrong", "Zweites-Wort-2022", "Zweites-Wort-2022", "现在的密码不对"),
        (PASSWORD, "Zweites-Wort-2022", "Drittes-Wort-2022", "不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "不能和现在的一样"),
        (PASSWORD, "short1", "short1", "密码应有"),
        (PASSWORD, "office-Wort-2022", "office-Wort-2022", "姓名或用户名"),
        (PASSWORD, "Wort-13800138000", "Wort-13800138000", "手机号码"),
    ],
)
def test_a_password_that_will_not_do_says_why(world, signed_in, current, new, again, sentence):
    answer = signed_in(world.office).post("/access/password/", {"current": current, "new": new, "again": again})
    assert sentence in answer.content.decode()
    world.office.refresh_from_db()
    assert world.office.check_password(PASSWORD)


def test_leaving_is_a_button_and_written_down(world, signed_in):
    client = signed_in(world.office)
    assert client.get("/access/sign-out/").status_code == 405
    assert client.post("/access/sign-out/").headers["Location"] == SIGN_IN
    assert last_action() == "access.signed_out"
    assert "_auth_user_id" not in client.session


def test_the_page_names_host_filing_number_and_complaint_channel(world, client):
    page = client.get(SIGN_IN).content.decode()
    assert all(word in page for word in ("主办单位", "县驻村办", "备案编号", "投诉建议"))
    assert "演示账号" not in page


def test_a_demonstration_offers_its_accounts_by_one_button_each(world, client):
    actions.show_account(user=world.office, password=PASSWORD, purpose="统筹管理", place=1, by=world.caretaker, at=NOW)
    page = client.get(SIGN_IN).content.decode()
    assert "演示账号" in page
    assert f'name="password" value="{PASSWORD}"' in page
    assert client.get("/access/locked/").status_code == 429
