"""Who may open which page of the office: every role, and what each answers."""

import pytest
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.access.models import Duty
from zhucun.base.policy import actions as policy

pytestmark = pytest.mark.django_db

BUSINESS = {"office", "clerk_jin", "contact_finance", "member_li", "leader_county"}
ADMINS = {"sysadmin", "secadmin"}
# page → who gets 200; everybody else gets 403
READ = {
    "villages": BUSINESS, "units": BUSINESS, "divisions": BUSINESS, "documents": BUSINESS, "parameters": BUSINESS,
    "calendar": BUSINESS, "unit_add": {"office"}, "document_add": {"office"}, "accounts": ADMINS, "account_open": {"sysadmin"},
    "accounts_batch": {"sysadmin"}, "pick_person": {"sysadmin"}, "pick_area": {"secadmin"}, "health": ADMINS,
    "journal": {"auditor"}, "start": ADMINS | {"office"}, "county_add": {"secadmin"},
}  # fmt: skip
EVERYBODY = sorted(BUSINESS | ADMINS | {"auditor", "stranger", "clerk_niao"} - {"clerk_niao"})


@pytest.mark.parametrize("who", EVERYBODY)
def test_which_lists_each_may_open(world, signed_in, who):
    client = signed_in(getattr(world, who))
    found = {page: client.get(reverse(f"office:{page}")).status_code for page in READ}
    assert found == {page: 200 if who in allowed else 403 for page, allowed in READ.items()}


@pytest.mark.parametrize("page", sorted(READ))
def test_the_anonymous_are_led_to_sign_in(client, page):
    answer = client.get(reverse(f"office:{page}"))
    assert answer.headers["Location"].startswith("/access/sign-in/?next=")


def rows(world):
    document = policy.issue_document(
        title="办法", number="", issuer="", start=NOW.date(), clauses={"第一条": "…"}, by=world.office, at=NOW
    )
    return {
        "village_edit": [world.shiqiao.pk], "village_class": [world.shiqiao.pk], "unit_edit": [world.finance.pk],
        "document": [document.pk], "clauses_add": [document.pk], "document_end": [document.pk],
        "parameter": ["teams.max_age"], "parameter_set": ["teams.max_age"], "calendar_day": ["2022-10-01"],
        "account": [world.office.pk], "account_tie": [world.office.pk], "duty_grant": [world.stranger.pk],
        "duty_end": [Duty.objects.get(user=world.office).pk], "entry": [1],
    }  # fmt: skip


ROWS = {
    "village_edit": {"office"}, "village_class": {"office"}, "unit_edit": {"office", "contact_finance"}, "document": BUSINESS,
    "clauses_add": {"office"}, "document_end": {"office"}, "parameter": BUSINESS, "parameter_set": {"office"},
    "calendar_day": {"office"}, "account": ADMINS, "account_tie": {"sysadmin"}, "duty_grant": {"secadmin"},
    "duty_end": {"secadmin"}, "entry": {"auditor"},
}  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
def test_which_rows_each_may_open(world, signed_in, who):
    client, args = signed_in(getattr(world, who)), rows(world)
    found = {page: client.get(reverse(f"office:{page}", args=args[page])).status_code for page in ROWS}
    assert found == {page: 200 if who in allowed else 403 for page, allowed in ROWS.items()}


@pytest.mark.parametrize("page", ["account_reset", "account_active", "account_unlock"])
def test_verbs_refuse_get_and_strangers(world, signed_in, page):
    url = reverse(f"office:{page}", args=[world.office.pk])
    assert signed_in(world.sysadmin).get(url).status_code == 405
    for who in ("secadmin", "office", "auditor", "stranger"):
        assert signed_in(getattr(world, who)).post(url).status_code == 403
    world.office.refresh_from_db()
    assert world.office.is_active


def test_the_journal_is_verified_by_a_button_only(world, signed_in):
    url = reverse("office:journal_verify")
    assert signed_in(world.auditor).get(url).status_code == 405
    assert signed_in(world.office).post(url).status_code == 403


@pytest.mark.parametrize("page", ["village_edit", "village_class", "calendar_day", "parameter", "parameter_set"])
def test_a_row_that_is_not_there_is_not_found(world, signed_in, page):
    assert signed_in(world.office).get(reverse(f"office:{page}", args=["no-such"])).status_code == 404


def test_a_unit_of_others_is_not_found_or_refused(world, signed_in):
    contact = signed_in(world.contact_finance)
    assert contact.get(reverse("office:unit_edit", args=[world.police.pk])).status_code == 404
    clerk = signed_in(world.clerk_jin)
    assert clerk.get(reverse("office:unit_edit", args=[world.finance.pk])).status_code == 403, "seen, not to be changed"
    assert clerk.get(reverse("office:unit_edit", args=[world.police.pk])).status_code == 404


def test_the_probe_answers_everybody_with_one_word(world, client):
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert client.post("/health/").status_code == 405
