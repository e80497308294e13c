"""督查通报 from the rounds' records to the receipts, as each role sees it."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document as WordFile

from tests.cast import NOW, account
from zhucun.base.access.permissions import Role as R
from zhucun.work.inspections.actions import circulars as actions
from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.circular import addressees
from zhucun.work.inspections.models import Circular

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world):
    """A closed round that found 李敏 absent, with a correction; a second office and a member of another team."""
    world.deputy = account(world, "deputy", "驻村办副主任", R.OFFICE, world.county)
    world.contact_farming = account(world, "contact_farming", "农业局联络员", R.UNIT, world.farming)
    when = {"by": world.office, "at": NOW}
    held = rounds.plan_round(
        county=world.county, held_on=date(2022, 12, 6), method="unannounced", group="县驻村办", purpose="", **when
    )
    rounds.choose_villages(round=held, villages=[world.shiqiao, world.gaoling], **when)
    rounds.move_round(round=held, to="underway", **when)
    for sheet in held.visits.select_related("village"):
        jin = sheet.village_id == world.shiqiao.pk
        seen = (
            [rounds.Seen(world.wang_posting, "here"), rounds.Seen(world.li_posting, "absent", "电话不通")]
            if jin
            else [rounds.Seen(world.zhao_posting, "here")]
        )
        fields = {"witness": "村主任", "ledgers_kept": True, "board_shown": True, "households": 3, "knowing": 3}
        rounds.enter_visit(visit=sheet, fields=fields, seen=seen, found=[], key=uuid4(), **when)
    rounds.move_round(round=held, to="closed", **when)
    world.finding = held.findings.get()
    findings.order_correction(round=held, finding=world.finding, text="乡镇约见本人", due=date(2022, 12, 20), **when)
    world.round = held
    return world


def drafted(world, signed_in) -> Circular:
    """Drafted by the office on its page, as the page proposes it."""
    client, where = signed_in(world.office), reverse("inspections:circular_draft")
    form = client.get(where, {"rounds": world.round.pk}).context["form"]
    data = dict(form.initial) | {"rounds": world.round.pk}
    data["units"] = [str(pk) for pk in data["units"]]
    assert client.post(where, data).status_code == 302
    return Circular.objects.get()


def test_the_page_writes_the_circular_from_the_records(told, signed_in):
    client = signed_in(told.office)
    assert "已通报过" not in client.get(reverse("inspections:circular_draft")).content.decode()
    row = drafted(told, signed_in)
    assert row.title == "关于12月驻村帮扶工作队履职情况的督查通报"
    assert "共抽查2个乡镇2个村、驻村人员3人次，其中在岗2人次，无故不在岗1人次" in row.body
    assert "鸟江镇高岭村驻村工作队全员在岗" in row.body
    assert "乡镇约见本人。2022年12月20日前完成。" in row.body
    assert set(row.deliveries.values_list("township", flat=True)) == {told.jinqiao.pk, told.niaojiang.pk, None}
    assert "已通报过" in client.get(reverse("inspections:circular_draft")).content.decode()


def test_what_was_typed_stays_when_it_is_refused(told, signed_in):
    data = {"rounds": told.round.pk, "title": "", "body": "自己写的正文"}
    answer = signed_in(told.office).post(reverse("inspections:circular_draft"), data)
    assert answer.status_code == 200
    assert "自己写的正文" in answer.content.decode()
    assert "请至少选一个主送单位" in answer.content.decode()


def test_a_withdrawn_finding_is_not_told(told, signed_in):
    order = told.finding.corrections.get()
    findings.reply(correction=order, text="本人已报备", by=told.clerk_jin, at=NOW)
    findings.verify(correction=order, accepted=True, text="属实", by=told.office, at=NOW)
    findings.withdraw_finding(finding=told.finding, text="报备已在途", by=told.office, at=NOW)
    row = drafted(told, signed_in)
    assert "李敏" not in row.body


def test_a_gap_must_be_filled_before_review(told):
    row = actions.draft_circular(county=told.county, rounds=[told.round], title="通报", body="【请填】", townships=[told.jinqiao], units=[], by=told.office, at=NOW)  # fmt: skip
    with pytest.raises(ValidationError, match="没有填写"):
        actions.submit(circular=row, by=told.office, at=NOW)


def test_from_draft_to_receipt_on_the_pages(told, signed_in):
    row = drafted(told, signed_in)
    page = reverse("inspections:circular", args=[row.pk])

    def post(user, step, **data):
        return signed_in(user).post(reverse(f"inspections:{step}", args=[data.pop("pk", row.pk)]), data)

    post(told.office, "circular_submit")
    assert "请由其他同志审核" in signed_in(told.office).get(page).content.decode()
    assert post(told.office, "circular_review", agreed="yes").status_code == 403
    refused = post(told.deputy, "circular_review", agreed="no")
    assert "退回请写明意见" in refused.content.decode()
    assert "错别字" in post(told.deputy, "circular_review", agreed="no", remark="错别字").headers.get("X", "错别字")
    assert "退回意见：错别字" in signed_in(told.office).get(page).content.decode()
    post(told.office, "circular_submit")
    post(told.deputy, "circular_review", agreed="yes")
    assert signed_in(told.clerk_jin).get(page).status_code == 404  # not issued yet
    post(told.leader_county, "circular_sign", agreed="yes")
    row.refresh_from_db()
    assert (row.year, row.number, row.state) == (2022, 1, "issued")
    assert "2022年第1期" in signed_in(told.clerk_jin).get(page).content.decode()
    mine = row.deliveries.get(township=told.jinqiao)
    assert post(told.clerk_niao, "circular_receive", pk=mine.pk).status_code == 403
    post(told.clerk_jin, "circular_receive", pk=mine.pk)
    mine.refresh_from_db()
    assert mine.received_by == told.clerk_jin


def test_addressees_read_what_was_sent_to_them_and_nobody_elses_receipts(told, signed_in):
    row = actions.draft_circular(county=told.county, rounds=[told.round], title="只发金桥", body="一、情况\n正文。", townships=[told.jinqiao], units=[told.farming], by=told.office, at=NOW)  # fmt: skip
    actions.submit(circular=row, by=told.office, at=NOW)
    actions.review(circular=row, agreed=True, remark="", by=told.deputy, at=NOW)
    actions.sign(circular=row, agreed=True, remark="", by=told.leader_county, at=NOW)
    page, where = reverse("inspections:circular", args=[row.pk]), reverse("inspections:circulars")
    for user in (told.office, told.leader_county, told.clerk_jin, told.contact_farming):
        assert "只发金桥" in signed_in(user).get(where).content.decode()
        assert signed_in(user).get(page).status_code == 200
    for user in (told.clerk_niao, told.contact_finance):
        assert "只发金桥" not in signed_in(user).get(where).content.decode()
        assert signed_in(user).get(page).status_code == 404
    for user in (told.member_li, told.stranger):
        assert signed_in(user).get(page).status_code in {403, 404}
    assert "县农业农村局</td>" not in signed_in(told.clerk_jin).get(page).content.decode()


def test_the_files_say_draft_before_and_the_number_after(told, signed_in):
    row = drafted(told, signed_in)
    client = signed_in(told.office)

    def texts() -> tuple[str, str]:
        word = WordFile(BytesIO(client.get(reverse("inspections:circular_docx", args=[row.pk])).content))
        with pypdfium2.PdfDocument(client.get(reverse("inspections:circular_pdf", args=[row.pk])).content) as file:
            pdf = "".join(page.get_textpage().get_text_range() for page in file)
        return "\n".join(one.text for one in word.paragraphs), pdf

    for text in texts():
        assert "（草稿）" in text
        assert "驻村帮扶工作督查通报" not in text
    actions.submit(circular=row, by=told.office, at=NOW)
    actions.review(circular=row, agreed=True, remark="", by=told.deputy, at=NOW)
    actions.sign(circular=row, agreed=True, remark="", by=told.leader_county, at=NOW)
    for text in texts():
        assert "（草稿）" not in text
        assert "驻村帮扶工作督查通报" in text
        assert "2022年第1期" in text
        assert "一、总体情况" in text
        assert "无故不在岗人员名单" in text


def test_the_list_asks_a_bounded_number_of_questions(told, signed_in, django_assert_max_num_queries):
    for n in range(12):
        actions.draft_circular(county=told.county, rounds=[told.round], title=f"通报{n}", body="文", townships=[told.jinqiao], units=[told.farming], by=told.office, at=NOW)  # fmt: skip
    client = signed_in(told.office)
    with django_assert_max_num_queries(12):
        client.get(reverse("inspections:circulars"))
    with django_assert_max_num_queries(24):
        client.get(reverse("inspections:circular_draft"), {"rounds": told.round.pk})


def test_who_has_to_put_right_is_an_addressee_too(told):
    findings.order_correction(
        round=told.round, unit=told.police, text="安排体检", due=date(2022, 12, 20), by=told.office, at=NOW
    )
    townships, units = addressees([told.round])
    assert townships == [told.jinqiao, told.niaojiang]
    assert set(units) == {told.farming, told.finance, told.police}


def test_a_draft_stands_before_those_that_have_their_number(told, signed_in):
    for title in ("已经印发的", "还在起草的"):
        row = actions.draft_circular(county=told.county, rounds=[told.round], title=title, body="文", townships=[told.jinqiao], units=[], by=told.office, at=NOW)  # fmt: skip
        if title == "已经印发的":
            actions.submit(circular=row, by=told.office, at=NOW)
            actions.review(circular=row, agreed=True, remark="", by=told.deputy, at=NOW)
            actions.sign(circular=row, agreed=True, remark="", by=told.leader_county, at=NOW)
    page = signed_in(told.office).get(reverse("inspections:circulars")).content.decode()
    assert page.index("还在起草的") < page.index("已经印发的")


def test_only_rounds_after_the_last_one_told_of_are_ticked(told, signed_in):
    when = {"by": told.office, "at": NOW}
    held = {}
    for day in (date(2022, 11, 1), date(2022, 12, 7)):
        held[day] = rounds.plan_round(county=told.county, held_on=day, method="papers", group="", purpose="", **when)
        rounds.move_round(round=held[day], to="underway", **when)
    drafted(told, signed_in)
    form = signed_in(told.office).get(reverse("inspections:circular_draft")).context["form"]
    assert form.initial["rounds"] == [held[date(2022, 12, 7)].pk]
