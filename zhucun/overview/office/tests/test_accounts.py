"""账号 and 职责: three administrators, slips, and nothing of the business for any of them."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import NOW, PASSWORD
from zhucun.base.access.models import Duty, User
from zhucun.base.access.passwords import ZhucunPasswordValidator, first_password
from zhucun.base.journal.models import Entry
from zhucun.base.people.models import Person

pytestmark = pytest.mark.django_db
SLIP = re.compile(r"用户名</dt><dd><code>(.+?)</code>.*?首次密码</dt><dd><code>(.+?)</code>", re.S)


def slips(answer):
    assert answer.headers["Cache-Control"] == "no-store"
    return SLIP.findall(answer.content.decode())


def open_account(client, **fields):
    return client.post(reverse("office:account_open"), {"username": "town01", "name": "吴经办", "person": ""} | fields)


def test_a_first_password_passes_the_rule_and_holds_nothing_of_the_name():
    for _ in range(200):
        password = first_password("ab", "李敏", "2k")
        ZhucunPasswordValidator().validate(password)
        assert "ab" not in password
        assert "2k" not in password


def test_a_name_of_one_sign_is_no_word_to_keep_out_of_a_first_password():
    assert len(first_password("-", "a", "")) == 14


def test_a_new_account_gets_a_slip_once_and_signs_in_with_it(world, signed_in, client):
    answer = open_account(signed_in(world.sysadmin))
    [(username, password)] = slips(answer)
    user = User.objects.get(username="town01")
    assert user.must_change_password
    assert not Entry.objects.filter(data__contains=password).exists()
    assert client.post("/access/sign-in/", {"username": username, "password": password}).headers["Location"] == "/"
    assert client.get("/timeline/as-on/").headers["Location"] == "/access/password/"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "office"}, "已经有人用了"),
        ({"username": "13800138000"}, "不要用手机号码"),
        ({"username": "43042619810402001X"}, "不要用手机号码或身份证号码"),
        ({"username": "a b"}, "空格"),
        ({"name": ""}, "必须填写"),
        ({"person": "no-such-person"}, "person"),
    ],
)
def test_wrong_input_is_said_and_opens_nothing(world, signed_in, fields, sentence):
    before = User.objects.count()
    answer = open_account(signed_in(world.sysadmin), **fields)
    assert sentence in answer.content.decode()
    assert User.objects.count() == before


def test_an_account_for_a_person_in_post_sees_the_village_at_once(world, signed_in):
    answer = open_account(signed_in(world.sysadmin), username="P001", person=str(world.wang.pk))
    assert slips(answer)
    user = User.objects.get(username="P001")
    assert (user.name, user.person) == ("王立新", world.wang)
    assert user.scope_on(date(2022, 12, 7), "teams.view").village == {world.shiqiao.pk}
    assert Duty.objects.get(user=user).source == world.wang_posting.source


def test_a_picked_person_may_be_typed_without_scripts(world, signed_in):
    fields = {"person": "", "person_text": "P003 赵刚", "person_was": ""}
    open_account(signed_in(world.sysadmin), username="zg", **fields)
    world.zhao.refresh_from_db()
    assert world.zhao.user.username == "zg"


def test_accounts_for_everybody_in_post_with_one_click(world, signed_in):
    client = signed_in(world.sysadmin)
    page = client.get(reverse("office:accounts_batch")).content.decode()
    assert "王立新" in page
    assert "赵刚" in page
    assert "李敏" not in page, "has an account"
    assert "钱有余" not in page, "not in post any more"
    answer = client.post(reverse("office:accounts_batch"), {"people": [str(world.wang.pk), str(world.zhao.pk)]})
    assert sorted(name for name, _ in slips(answer)) == ["P001", "P003"]
    assert User.objects.get(username="P003").person == world.zhao
    again = client.post(reverse("office:accounts_batch"), {"people": [str(world.wang.pk)]})
    assert again.status_code == 200
    assert not SLIP.search(again.content.decode())


def test_a_taken_number_is_said_and_the_others_are_opened(world, signed_in):
    client = signed_in(world.sysadmin)
    open_account(client, username="P001")
    answer = client.post(reverse("office:accounts_batch"), {"people": [str(world.wang.pk), str(world.zhao.pk)]})
    assert [name for name, _ in slips(answer)] == ["P003"]
    assert "王立新：这个用户名已经有人用了" in answer.content.decode()


def test_nobody_chosen_is_said(world, signed_in):
    assert "请至少选一个人" in signed_in(world.sysadmin).post(reverse("office:accounts_batch"), {}).content.decode()


def test_an_account_is_tied_to_one_person_and_a_person_to_one_account(world, signed_in):
    client, url = signed_in(world.sysadmin), reverse("office:account_tie", args=[world.stranger.pk])
    assert client.post(url, {"person": str(world.zhao.pk)}).status_code == 302
    assert Person.objects.get(user=world.stranger) == world.zhao
    assert "一个账号只给一个人用" in client.post(url, {"person": str(world.wang.pk)}).content.decode()


def test_an_administrator_is_not_made_a_team_member_through_the_back_door(world, signed_in):
    url = reverse("office:account_tie", args=[world.auditor.pk])
    answer = signed_in(world.sysadmin).post(url, {"person": str(world.zhao.pk)})
    assert "三个人分别担任" in answer.content.decode()
    assert not Person.objects.filter(user=world.auditor).exists()


def test_a_new_password_ends_what_is_open_under_the_old_one(world, signed_in):
    browser = signed_in(world.office)
    answer = signed_in(world.sysadmin).post(reverse("office:account_reset", args=[world.office.pk]))
    [(_, password)] = slips(answer)
    assert browser.get("/access/password/").status_code == 302
    world.office.refresh_from_db()
    assert world.office.check_password(password)


def test_ones_own_password_is_not_reset_here_and_ones_own_account_not_closed(world, signed_in):
    client = signed_in(world.sysadmin)
    for page, sentence in (("account_reset", "修改密码"), ("account_active", "不能停用自己")):
        client.post(reverse(f"office:{page}", args=[world.sysadmin.pk]))
        assert sentence in client.get(reverse("office:account", args=[world.sysadmin.pk])).content.decode()
    world.sysadmin.refresh_from_db()
    assert world.sysadmin.is_active
    assert world.sysadmin.check_password(PASSWORD)


def test_an_account_is_closed_and_opened_again(world, signed_in):
    client, url = signed_in(world.sysadmin), reverse("office:account_active", args=[world.office.pk])
    client.post(url)
    assert not User.objects.get(pk=world.office.pk).is_active
    assert "已停用" in client.get(reverse("office:account", args=[world.office.pk])).content.decode()
    client.post(url, {"active": "1"})
    assert User.objects.get(pk=world.office.pk).is_active


def test_who_is_locked_out_is_shown_and_unlocked(world, signed_in):
    browser, client = Client(), signed_in(world.sysadmin)
    for _ in range(5):
        browser.post("/access/sign-in/", {"username": "office", "password": "wrong"})
    page = reverse("office:account", args=[world.office.pk])
    assert "已锁定" in client.get(page).content.decode()
    assert "已锁定" in client.get(reverse("office:accounts"), {"q": "office"}).content.decode()
    client.post(reverse("office:account_unlock", args=[world.office.pk]))
    assert "已锁定" not in client.get(page).content.decode()


def grant(client, user, **fields):
    return client.post(
        reverse("office:duty_grant", args=[user.pk]), {"role": "township", "area": "", "start": "2022-12-07"} | fields
    )


@pytest.mark.parametrize(
    ("role", "kind", "name"),
    [
        ("office", "county", "county"),
        ("township", "township", "jinqiao"),
        ("unit", "unit", "finance"),
        ("member", "village", "shiqiao"),
    ],
)
def test_a_role_is_granted_in_its_kind_of_area(world, signed_in, role, kind, name):
    row = getattr(world, name)
    assert grant(signed_in(world.secadmin), world.stranger, role=role, area=f"{kind}:{row.pk}").status_code == 302
    duty = Duty.objects.get(user=world.stranger)
    assert (duty.role, duty.area, duty.end) == (role, row, None)


def test_the_only_county_need_not_be_chosen(world, signed_in):
    grant(signed_in(world.secadmin), world.stranger, role="finance", last_day="2023-12-31")
    duty = Duty.objects.get(user=world.stranger)
    assert (duty.area, duty.last_day) == (world.county, date(2023, 12, 31))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "要选一个乡镇"),
        ({"area": "county:430426"}, "范围应当是乡镇"),
        ({"area": "township:999"}, "没有找到"),
        ({"area": "unit:not-a-uuid"}, "没有找到"),
        ({"area": "user:1"}, "没有找到"),
        ({"role": "auditor", "area": "county:430426"}, "不对应任何范围"),
        ({"role": "king"}, "king"),
        ({"area": "township:430426102", "last_day": "2022-12-01"}, "最后一天不能早于"),
        ({"area": "township:430426102", "start": ""}, "必须填写"),
    ],
)
def test_a_wrong_duty_is_refused_with_its_sentence(world, signed_in, fields, sentence):
    answer = grant(signed_in(world.secadmin), world.stranger, **fields)
    assert sentence in answer.content.decode()
    assert not Duty.objects.filter(user=world.stranger).exists()


def test_the_security_administrator_cannot_help_themselves(world, signed_in):
    client = signed_in(world.secadmin)
    assert "不能给自己授权" in grant(client, world.secadmin, role="office").content.decode()
    assert "三个人分别担任" in grant(client, world.sysadmin, role="office").content.decode()


def test_a_duty_is_taken_away_after_its_last_day(world, signed_in):
    duty = Duty.objects.get(user=world.clerk_jin)
    url = reverse("office:duty_end", args=[duty.pk])
    assert signed_in(world.secadmin).post(url, {"last_day": "2022-12-06"}).status_code == 302
    duty.refresh_from_db()
    assert duty.last_day == date(2022, 12, 6)
    assert signed_in(world.clerk_jin).get(reverse("office:villages")).status_code == 403


def test_areas_are_found_by_name_or_code(world, signed_in):
    def found(term):
        text = signed_in(world.secadmin).get(reverse("office:pick_area"), {"q": term}).content.decode()
        return re.findall(r'data-value="(\w+):', text)

    assert found("金桥") == ["township", "village", "village"] or found("金桥") == ["township"]
    assert found("祁东") == ["county"]
    assert found("公安") == ["unit"]
    assert found("石桥") == ["village"]
    assert found("4304261032") == ["village"]


def test_the_administrators_see_names_and_numbers_and_nothing_else_of_the_business(world, signed_in):
    sysadmin = signed_in(world.sysadmin)
    picked = sysadmin.get(reverse("office:pick_person"), {"q": "王"}).content.decode()
    assert "P001 王立新" in picked
    batch = sysadmin.get(reverse("office:accounts_batch")).content.decode()
    for canary in ("石桥村", "财政局", "1981", "乡科级"):
        assert canary not in picked + batch
    for url in ("/teams/", "/office/villages/", "/office/units/", "/indicators/", f"/teams/people/{world.wang.pk}/"):
        assert sysadmin.get(url).status_code in {403, 404}, url


def test_the_list_of_accounts_asks_a_fixed_number_of_questions(world, signed_in, django_assert_max_num_queries):
    client = signed_in(world.secadmin)
    with django_assert_max_num_queries(16):
        answer = client.get(reverse("office:accounts"))
    assert "服务器命令行" not in answer.content.decode()
    names = {
        row.object.username for row in client.get(reverse("office:accounts"), {"duty": "none"}).context["table"].rows
    }
    assert names == {"stranger"}
    names = {
        row.object.username
        for row in client.get(reverse("office:accounts"), {"role": "township"}).context["table"].rows
    }
    assert names == {"clerk_jin", "clerk_niao"}


def test_an_account_opened_or_granted_by_the_installer(world, client):
    installer = User.objects.create_superuser("root", PASSWORD)
    client.force_login(installer, backend="django.contrib.auth.backends.ModelBackend")
    assert slips(open_account(client))
    assert grant(client, world.stranger, area="township:430426102").status_code == 302
    assert client.get(reverse("office:villages")).status_code == 403
    assert Entry.objects.first().action == "duty.granted" or Entry.objects.filter(
        action="duty.granted", actor=str(installer.pk)
    )


def test_actions_ask_for_the_right_themselves(world):
    from django.core.exceptions import PermissionDenied

    from zhucun.work.teams import actions

    with pytest.raises(PermissionDenied):
        actions.give_account(person=world.zhao, user=world.stranger, by=world.office, at=NOW)
