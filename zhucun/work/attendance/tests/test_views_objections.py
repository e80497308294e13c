"""Objections and corrections as the person, the township, the unit, the county and a stranger meet them."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.evidence.models import attached_to
from zhucun.work.attendance.actions import leaves, marks, objections
from zhucun.work.attendance.models import Correction, Objection, PersonMonth
from zhucun.work.attendance.roster import month_named

NOVEMBER = month_named("2022-11")


def url(name, *args, **query):
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"attendance:{name}", args=args) + (f"?{tail}" if tail else "")


def text(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def confirmed(world):
    rows = {world.wang.pk: "√" * 30, world.li.pk: "√√×" + "√" * 27}
    marks.fill(team=world.team_shiqiao, month=NOVEMBER, rows=rows, by=world.clerk_jin, at=NOW)
    marks.confirm(team=world.team_shiqiao, month=NOVEMBER, signed=True, by=world.clerk_jin, at=NOW)
    world.month = PersonMonth.objects.get(person=world.li)
    return world


def raised(world, day=date(2022, 11, 3)) -> Objection:
    return objections.object_to(
        month=world.month, day=day, wanted="公", text="当天在县里办项目", by=world.member_li, at=NOW
    )


def test_the_person_objects_to_a_day_and_to_the_month(confirmed, signed_in):
    client = signed_in(confirmed.member_li)
    page = text(client, url("object", confirmed.month.pk, day=3))
    assert "现在记为“×”未报备缺勤" in page
    page = client.post(url("object", confirmed.month.pk, day=3), {"wanted": "×", "text": "当天在县里"}).content.decode()
    assert "不用提异议" in page
    assert "当天在县里" in page
    answer = client.post(url("object", confirmed.month.pk, day=3), {"wanted": "公", "text": "当天在县里"}, follow=True)
    assert "异议已提出" in answer.content.decode()
    client.post(url("object", confirmed.month.pk), {"text": "整月不符"})
    assert {(row.day, row.wanted) for row in Objection.objects.all()} == {(date(2022, 11, 3), "公"), (None, "")}
    assert client.get(url("object", confirmed.month.pk, day=31)).status_code == 404
    for odd in ("x", "0150", "031", "0", "²", "-1"):
        assert client.get(url("object", confirmed.month.pk, day=odd)).status_code == 404


def test_nobody_objects_for_somebody_else(confirmed, signed_in):
    for user, status in (
        (confirmed.clerk_jin, 403),
        (confirmed.office, 403),
        (confirmed.stranger, 404),
        (confirmed.clerk_niao, 404),
    ):
        assert (
            signed_in(user).post(url("object", confirmed.month.pk, day=3), {"wanted": "公", "text": "x"}).status_code
            == status
        )


def test_the_township_upholds_and_the_day_is_corrected_in_one_step(confirmed, signed_in):
    row = raised(confirmed)
    clerk = signed_in(confirmed.clerk_jin)
    assert "待答复" in text(clerk, url("objections"))
    assert "应记为“<strong>公</strong>”" in text(clerk, url("objection", row.pk))
    page = clerk.post(url("objection", row.pk), {"upheld": "True", "text": ""}).content.decode()
    assert "必须填写" in page
    answer = clerk.post(url("objection", row.pk), {"upheld": "True", "text": "查报备单属实"}, follow=True)
    assert "出勤已同时更正" in answer.content.decode()
    assert Correction.objects.get().new == "公"
    page = clerk.post(url("objection", row.pk), {"upheld": "False", "text": "再答"}).content.decode()
    assert "已经答复过了" in page
    page = text(signed_in(confirmed.member_li), url("objection", row.pk))
    assert "查报备单属实" in page
    assert "采纳" in page


def test_a_whole_month_upheld_leads_on_to_the_corrections(confirmed, signed_in):
    row = raised(confirmed, day=None)
    answer = signed_in(confirmed.clerk_jin).post(
        url("objection", row.pk), {"upheld": "True", "text": "核对后有两天有误"}
    )
    assert answer.headers["Location"] == url("correct", confirmed.month.pk)


def test_who_sees_an_objection_and_who_answers(confirmed, signed_in):
    row = raised(confirmed)
    sent = {"upheld": "False", "text": "x"}
    for user in (confirmed.clerk_niao, confirmed.contact_finance, confirmed.leader_county, confirmed.stranger):
        assert signed_in(user).get(url("objection", row.pk)).status_code == 404
        assert signed_in(user).post(url("objection", row.pk), sent).status_code == 404
    assert signed_in(confirmed.member_li).post(url("objection", row.pk), sent).status_code == 403
    assert signed_in(confirmed.stranger).get(url("objections")).status_code == 403
    assert signed_in(confirmed.office).get(url("objection", row.pk)).status_code == 200
    row.refresh_from_db()
    assert row.answered_at is None


def test_the_township_corrects_a_day_with_a_reason(confirmed, signed_in):
    clerk = signed_in(confirmed.clerk_jin)
    page = text(clerk, url("correct", confirmed.month.pk, day=3))
    assert "11月3日　现在记为 × 未报备缺勤" in page
    page = clerk.post(url("correct", confirmed.month.pk), {"day": "3", "new": "×", "reason": "查实"}).content.decode()
    assert "不用更正" in page
    assert "查实" in page
    answer = clerk.post(
        url("correct", confirmed.month.pk), {"day": "3", "new": "公", "reason": "有报备单"}, follow=True
    )
    assert "由“×”更正为“公”" in answer.content.decode()
    for user, status in (
        (confirmed.member_li, 403),
        (confirmed.leader_county, 403),
        (confirmed.clerk_niao, 404),
        (confirmed.stranger, 404),
    ):
        assert signed_in(user).get(url("correct", confirmed.month.pk)).status_code == status


def test_corrections_are_open_to_the_person_the_unit_the_township_and_the_county(confirmed, signed_in):
    wang = PersonMonth.objects.get(person=confirmed.wang)
    by = {"by": confirmed.clerk_jin, "at": NOW}
    marks.correct(month=confirmed.month, day=date(2022, 11, 3), new="公", reason="李敏有报备单", **by)
    marks.correct(month=wang, day=date(2022, 11, 4), new="培", reason="王立新参加培训", **by)
    for user, sees in (
        (confirmed.office, 2), (confirmed.clerk_jin, 2), (confirmed.leader_county, 2), (confirmed.member_li, 1),
        (confirmed.contact_finance, 1), (confirmed.clerk_niao, 0),
    ):  # fmt: skip
        page = text(signed_in(user), url("corrections"))
        assert ("李敏有报备单" in page) + ("王立新参加培训" in page) == sees, user
    page = text(signed_in(confirmed.office), url("corrections", month="2022-11"))
    assert "× 未报备缺勤" in page
    assert "公 因公外出（报备）" in page
    assert "没有符合条件" in text(signed_in(confirmed.office), url("corrections", month="2022-10"))
    assert signed_in(confirmed.stranger).get(url("corrections")).status_code == 403


def test_the_lists_ask_few_questions(confirmed, signed_in, django_assert_max_num_queries):
    raised(confirmed)
    client = signed_in(confirmed.clerk_jin)
    for name in ("objections", "corrections"):
        with django_assert_max_num_queries(20):
            client.get(url(name))


def test_documents_of_an_objection_are_nobody_s_who_may_not_read_it(confirmed, signed_in):
    found = raised(confirmed)
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.7 paper")
    for target, mine, strangers in (
        (found, "member_li", ("contact_finance", "clerk_niao", "leader_county")),
        (confirmed.month, "member_li", ("contact_finance", "clerk_niao")),
    ):
        where = reverse("evidence:attach", args=[target._meta.label_lower, target.pk])
        for name in strangers:
            paper.seek(0)
            assert signed_in(getattr(confirmed, name)).post(where, {"file": paper}).status_code in (403, 404), name
        assert not attached_to(target).exists()
        assert target.may_be_seen_by(getattr(confirmed, mine), NOW.date())
    qian = Objection(month=PersonMonth(person=confirmed.wang, team=confirmed.team_shiqiao, unit=confirmed.finance))
    assert not qian.may_be_seen_by(confirmed.member_li, NOW.date()), "a team mate's"
    assert not qian.month.may_be_seen_by(confirmed.member_li, NOW.date())


def test_a_correction_over_another_one_is_refused_once_and_may_then_be_made(confirmed, signed_in):
    client, where = signed_in(confirmed.clerk_jin), url("correct", confirmed.month.pk)
    seen = {"version": confirmed.month.version, "day": "3", "new": "培", "reason": "有签到"}
    marks.correct(
        month=confirmed.month, day=date(2022, 11, 3), new="公", reason="补单", by=confirmed.office, at=NOW
    )  # fmt: skip
    page = client.post(where, seen).content.decode()
    assert "2022-11-03 现在记为“公”" in page
    assert re.search(r'<option value="3"\s+selected>11月3日　现在记为 公', page)
    assert "有签到</textarea>" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert "已由“公”更正为“培”" in client.post(where, seen | {"version": version[1]}, follow=True).content.decode()


def test_a_sign_that_needs_a_slip_is_answered_with_the_slip_at_hand(confirmed, signed_in):
    row = raised(confirmed)
    client = signed_in(confirmed.clerk_jin)
    page = text(client, url("objection", row.pk))
    assert "记“公”因公外出（报备）要有单子，这一天还没有。" in page
    where = re.search(r'href="(/attendance/leaves/record/[^"]+)"', page)[1].replace("&amp;", "&")
    form = text(client, where)
    assert 'value="2022-11-03"' in form
    assert '<option value="duty" selected>' in form
    assert "要有单子" not in text(signed_in(confirmed.member_li), url("objection", row.pk))
    fields = {"kind": "duty", "reason": "办项目", "place": "县城", "stand_in": "王立新"}
    leaves.record(
        posting=confirmed.li_posting,
        first=row.day,
        last=row.day,
        fields=fields,
        level="township",
        approved_on=row.day,
        by=confirmed.clerk_jin,
        at=NOW,
    )
    assert "要有单子" not in text(client, url("objection", row.pk))
