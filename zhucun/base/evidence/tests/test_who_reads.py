"""Documents of a record that is not for everybody of its area: leave, cases, findings, sheets of a visit, reviews."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import NOW, account
from zhucun.base.access.permissions import Role
from zhucun.base.evidence import actions
from zhucun.base.evidence.models import Attachment
from zhucun.work.accountability.models import Case
from zhucun.work.attendance.models import Leave
from zhucun.work.inspections.tests.story import absence, ordered, plan, sheet, staff
from zhucun.work.teams.models import Review

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 notice"
DAY = date(2022, 12, 1)


@pytest.fixture
def county(world):
    """The cast; 孙浩 is in the team of 李敏, whose leave and cases these are."""
    staff(world)
    world.mate = account(world, "mate", "孙浩", Role.MEMBER, world.shiqiao)
    world.treasury = account(world, "treasury", "财政局", Role.FINANCE, world.county)
    world.contact_farming = account(world, "contact_farming", "农业局联络员", Role.UNIT, world.farming)
    return world


def leave(world):
    return Leave.objects.create(
        county=world.county, number="QJ-1", person=world.li, posting=world.li_posting, kind="training", start=DAY,
        end=DAY + timedelta(2), asked_by=world.office, asked_at=NOW,
    )  # fmt: skip


def case(world, **more):
    return Case.objects.create(
        county=world.county, number="TX-1", person=world.li, posting=world.li_posting, measure="reminder", way="letter",
        target="member", source="complaint", unit=world.farming, township=world.jinqiao, opened_on=DAY, grounds="不在岗",
        opened_by=world.office, opened_at=NOW, **more,
    )  # fmt: skip


def told_case(world):
    return case(world, state="notified", on=DAY, notified_on=DAY)


def visit_to_come(world):
    return sheet(plan(world), world.shiqiao)


def review(world):
    return Review.objects.create(
        record=world.li.records.get(), reviewed_on=DAY, on_staff=True, filled_by=world.office, filled_at=NOW
    )


READERS = {
    leave: {"office", "clerk_jin", "member_li", "leader_wang", "contact_farming"},
    case: {"office"},
    told_case: {"office", "clerk_jin", "member_li", "contact_farming", "leader_county"},
    absence: {"office", "clerk_jin", "leader_wang", "contact_farming", "leader_county", "inspector"},
    lambda world: ordered(world, absence(world)): {
        "office", "clerk_jin", "leader_wang", "contact_farming", "leader_county", "inspector",
    },
    visit_to_come: {"office", "leader_county", "inspector"},
    review: {"office", "contact_farming"},
}  # fmt: skip
EVERYBODY = (
    "office", "clerk_jin", "clerk_niao", "member_li", "mate", "leader_wang", "leader_zhao", "contact_farming", "contact_finance",
    "treasury", "inspector", "leader_county", "stranger", "auditor",
)  # fmt: skip


@pytest.mark.parametrize("record", READERS, ids=lambda one: one.__name__)
def test_documents_are_for_those_who_see_the_record(county, signed_in, record):
    target = record(county)
    kept = actions.attach(target=target, file=SimpleUploadedFile("a.pdf", PDF), name="a.pdf", by=county.office, at=NOW)
    url = reverse("evidence:download", args=[kept.pk])
    answers = {name: signed_in(getattr(county, name)).get(url) for name in EVERYBODY}
    found = {name for name, answer in answers.items() if answer.status_code == 200}
    for answer in answers.values():
        answer.close()
    assert found == READERS[record]


@pytest.mark.parametrize("record", [leave, told_case, absence, review], ids=lambda one: one.__name__)
def test_a_team_mate_adds_nothing_to_it(county, signed_in, record):
    target = record(county)
    url = reverse("evidence:attach", args=[target._meta.label_lower, target.pk])
    answer = signed_in(county.mate).post(url, {"file": SimpleUploadedFile("a.pdf", PDF)})
    assert (answer.status_code, Attachment.objects.exists()) == (404, False)
