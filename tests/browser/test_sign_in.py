"""The first page anyone sees."""

import pytest

BOTH = pytest.mark.parametrize("page", ["desk", "phone"], indirect=True)


@BOTH
@pytest.mark.django_db(transaction=True)
def test_the_sign_in_page_is_whole_and_accessible(page, axe):
    page.goto("/access/sign-in/")
    assert page.get_by_label("用户名").is_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert axe(page) == []


@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(page):
    page.goto("/access/sign-in/")
    page.get_by_label("用户名").fill("nobody")
    page.get_by_label("密码").fill("wrong-password-1")
    page.get_by_role("button", name="登录").click()
    assert "用户名" in page.locator("form").inner_text()
    assert page.url.endswith("/access/sign-in/")
