"""The pages of cases as each role: a member of another team reads nothing, the person reads everything about themselves."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import NOW
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.models import Case
from zhucun.work.accountability.views.offers import STEPS

from .conftest import AGREED, absence, approved, carried_out, closed, heard, notified, opened, submitted

pytestmark = pytest.mark.django_db
CANARY = "独一无二的金丝雀事由"


def page(row) -> str:
    return reverse("accountability:case", args=[row.pk])


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("make", [opened, heard, submitted, approved, notified, carried_out, closed])
@pytest.mark.parametrize("measure", ["reminder", "interview", "recall"])
def test_every_stage_has_its_page_for_the_office(hands, signed_in, make, measure):
    row = make(hands, measure)
    for user in (hands.office, hands.deputy, hands.leader_county):
        seen = row.state != "draft" or user != hands.leader_county
        assert signed_in(user).get(page(row)).status_code == (200 if seen else 404)


@pytest.mark.parametrize("make", [opened, heard, submitted, notified, carried_out, closed])
def test_others_read_nothing_of_a_case(hands, signed_in, make):
    row = make(hands, "recall", grounds=CANARY)
    for user in (
        hands.member_wang,
        hands.member_zhao,
        hands.clerk_niao,
        hands.contact_finance,
        hands.inspector,
        hands.sysadmin,
        hands.stranger,
    ):
        client = signed_in(user)
        answers = [
            client.get(page(row)),
            client.get(reverse("accountability:cases")),
            client.get(reverse("accountability:mine")),
            client.get("/"),
        ]
        answers += [
            client.get(reverse("accountability:case_paper", args=[row.pk, "order"])),
            client.get(reverse("accountability:leads")),
        ]
        assert not [one for one in answers if CANARY in text(one)], user
        assert answers[0].status_code in {403, 404}


def test_a_draft_is_seen_by_those_who_open_cases_only(hands, signed_in):
    row = opened(hands, grounds=CANARY)
    for user in (hands.clerk_jin, hands.contact_farming, hands.leader_county, hands.member_li):
        assert signed_in(user).get(page(row)).status_code == 404
    assert CANARY not in text(signed_in(hands.member_li).get(reverse("accountability:mine")))


def test_the_person_reads_the_whole_file_speaks_and_appeals(hands, signed_in):
    row = heard(hands, grounds=CANARY)
    client = signed_in(hands.member_li)
    assert "我的处理（1）" in text(client.get("/"))
    assert CANARY in text(client.get(reverse("accountability:mine")))
    seen = text(client.get(page(row)))
    for said in (CANARY, "三次督查不在岗", "周主任", "2022年12月6日", "您可以在"):
        assert said in seen
    client.post(reverse("accountability:state", args=[row.pk]), {"text": "母亲住院，已电话报告"})
    row.refresh_from_db()
    assert (row.statement, row.stated_by) == ("母亲住院，已电话报告", hands.member_li)
    opening.end_hearing(case=row, by=hands.office, at=NOW)
    assert "提出申诉" not in text(client.get(page(row)))


def test_a_recalled_person_without_any_duty_still_reaches_the_file(hands, signed_in):
    row = carried_out(hands)
    client = signed_in(hands.member_li)
    home = text(client.get("/"))
    assert "您的账号还没有职责" in home
    assert reverse("accountability:mine") in home
    assert "提出申诉" in text(client.get(page(row)))
    assert client.post(reverse("accountability:appeal", args=[row.pk]), {"text": "不服"}).status_code == 302


def test_the_person_appeals_against_a_measure_and_learns_who_decided(hands, signed_in):
    row = notified(hands, "interview")
    client = signed_in(hands.member_li)
    answer = client.post(reverse("accountability:appeal", args=[row.pk]), {"text": ""})
    assert "必须填写" in text(answer)
    client.post(reverse("accountability:appeal", args=[row.pk]), {"text": "事实不清"})
    assert "待复核" in text(client.get(page(row)))
    for user, status in ((hands.office, 403), (hands.deputy, 403), (hands.clerk_jin, 403)):
        answer = signed_in(user).post(reverse("accountability:answer", args=[row.pk]), {"text": "维持", "upheld": "no"})
        assert answer.status_code == status
    signed_in(hands.third).post(
        reverse("accountability:answer", args=[row.pk]), {"text": "确有报备记录", "upheld": "yes"}
    )
    row.refresh_from_db()
    assert row.state == "revoked"
    assert "驻村办干事" in text(client.get(page(row)))


def test_the_history_says_at_which_level_a_step_was_approved(hands, signed_in):
    row = submitted(hands)
    for level, by in (("乡镇", hands.clerk_jin), ("县驻村办", hands.deputy), ("县委组织部", hands.deputy)):
        document = "祁组函9号" if level == "县委组织部" else ""
        opening.give_opinion(case=row, agreed=True, text=f"{level}的话", document=document, by=by, at=AGREED)
    opening.give_opinion(case=row, agreed=False, text="情节较轻", by=hands.leader_county, at=AGREED)
    page = signed_in(hands.office).get(reverse("accountability:case", args=[row.pk]))
    told = [(act.what, act.who, act.reason) for act in page.context["stand"].acts]
    assert ("乡镇审批意见：同意", "金桥经办人", "乡镇的话") in told
    assert ("县驻村办审批意见：同意", str(hands.deputy), "县驻村办的话") in told
    assert ("县委组织部审批意见：同意", str(hands.deputy), "县委组织部的话") in told
    assert ("驻村工作领导小组审批意见：不同意", "分管县领导", "情节较轻") in told
    assert "县委组织部审批意见：同意" in page.content.decode()


def test_a_finding_opens_a_case_with_nothing_typed_twice(hands, signed_in):
    absence(hands, date(2022, 3, 8))
    second = absence(hands, date(2022, 5, 10))
    client = signed_in(hands.office)
    leads = text(client.get(reverse("accountability:leads")))
    assert leads.count("立案</a>") >= 3
    where = reverse("accountability:case_open")
    form = client.get(where, {"finding": second.pk}).context["form"]
    assert form.initial["measure"] == "interview"
    data = {key: value for key, value in form.initial.items() if value not in (None, "")} | {"finding": second.pk}
    assert client.post(where, data).status_code == 302
    row = Case.objects.get()
    assert (row.person, row.unit, row.finding, row.measure) == (hands.li, hands.farming, second, "interview")
    assert "此前本年已有1次" in row.facts
    assert "3月8日" in row.facts
    assert str(second.pk) not in text(client.get(reverse("accountability:leads")))
    again = client.post(where, data)
    assert "已经对这个人作过同样的处理" in text(again)
    assert "此前本年已有1次" in text(again)


def test_refusals_are_sentences_and_keep_what_was_typed(hands, signed_in):
    client = signed_in(hands.office)
    answer = client.post(
        reverse("accountability:case_open"),
        {"measure": "recall", "grounds": "随手写的事由", "person": hands.qian.pk, "source": "other", "facts": "事实"},
    )
    assert "钱有余已经离任，不能再召回" in text(answer)
    assert "随手写的事由" in text(answer)
    answer = client.post(
        reverse("accountability:case_open"), {"measure": "reminder", "grounds": "x", "source": "other"}
    )
    assert "请选择提醒的方式" in text(answer)
    assert "请选择队长或队员" in text(answer)
    row = notified(hands, "recall")
    answer = client.post(reverse("accountability:carry_out", args=[row.pk]), {"last_day": "2021-01-01"})
    assert "离任日期应在告知之日" in text(answer)
    answer = client.post(reverse("accountability:close", args=[row.pk]), {"result": "写了一半的结果"})
    assert "还没有执行" in text(answer)
    assert "写了一半的结果" in text(answer)


@pytest.mark.parametrize("asked", ["", "x", "00000000-0000-0000-0000-000000000007", "' or 1=1", "a" * 36])
def test_an_address_nobody_can_mean_is_no_accident(hands, signed_in, asked):
    answer = signed_in(hands.office).get(
        reverse("accountability:case_open"), {"finding": asked, "after": asked, "measure": asked}
    )
    assert answer.status_code in {200, 404}


def test_the_unit_head_is_interviewed(hands, signed_in):
    client = signed_in(hands.office)
    data = {
        "measure": "interview",
        "unit": hands.farming.pk,
        "source": "grade",
        "grounds": "年度考核较差",
        "facts": "2022年度考核较差",
    }
    assert client.post(reverse("accountability:case_open"), data).status_code == 302
    row = Case.objects.get()
    assert (row.target, row.unit, row.person) == ("unit_head", hands.farming, None)
    client.post(reverse("accountability:put_forward", args=[row.pk]))
    assert signed_in(hands.contact_farming).get(page(row)).status_code == 200
    assert signed_in(hands.contact_finance).get(page(row)).status_code == 404


def test_a_case_is_played_through_on_its_pages(hands, signed_in):
    row = heard(hands)

    def post(user, step, **data):
        answer = signed_in(user).post(reverse(f"accountability:{step}", args=[row.pk]), data)
        assert answer.status_code == 302, text(answer)
        row.refresh_from_db()

    post(hands.clerk_jin, "state", text="代录：没有意见")
    post(hands.office, "end_hearing")
    post(hands.clerk_jin, "judge", level="township", agreed="yes", text="")
    post(hands.deputy, "judge", level="office", agreed="yes", text="")
    post(hands.deputy, "judge", level="organisation", agreed="yes", text="", document="祁组函〔2022〕9号")
    post(hands.leader_county, "judge", level="group", agreed="yes", text="同意召回")
    post(hands.office, "notify", document="祁驻村〔2022〕12号")
    post(hands.office, "carry_out", last_day="2022-12-07")
    assert row.state == "done"
    hands.li_posting.refresh_from_db()
    assert hands.li_posting.ending == "recall"
    post(hands.office, "close", result="单位暂无合适人选，另行安排")
    assert row.state == "closed"


def test_somebody_who_signs_for_a_level_already_signed_is_told(hands, signed_in):
    row = submitted(hands)
    data = {"level": "township", "agreed": "yes", "text": "同意"}
    signed_in(hands.clerk_jin).post(reverse("accountability:judge", args=[row.pk]), data)
    answer = signed_in(hands.clerk_jin).post(reverse("accountability:judge", args=[row.pk]), data)
    assert "乡镇意见已经由金桥经办人签署" in text(answer)
    row.refresh_from_db()
    assert row.opinions.count() == 1


def test_the_list_filters_exports_and_asks_a_bounded_number_of_questions(
    hands, signed_in, django_assert_max_num_queries
):
    for n in range(15):
        submitted(hands, "interview", grounds=f"事由{n}")
    closed(hands, "reminder")
    client, where = signed_in(hands.office), reverse("accountability:cases")
    with django_assert_max_num_queries(22):
        seen = text(client.get(where))
    assert "等县驻村办签署意见" in seen
    assert '提醒 <span class="num">1</span>' in seen
    assert "事由3" not in text(client.get(where, {"measure": "reminder"}))
    assert "调整与离任" in text(client.get(where, {"measure": "recall"}))
    for query in (
        {"state": "mine"},
        {"year": "2022"},
        {"township": hands.jinqiao.pk},
        {"unit": hands.farming.pk},
        {"format": "print"},
        {"format": "xlsx"},
    ):
        answer = client.get(where, query)
        assert answer.status_code == 200
        if answer.streaming:
            assert b"".join(answer.streaming_content)


def test_a_page_asks_a_bounded_number_of_questions(hands, signed_in, django_assert_max_num_queries):
    for n in range(5):
        notified(hands, "interview", grounds=f"事由{n}")
    row = carried_out(hands)
    office, person = signed_in(hands.office), signed_in(hands.member_li)
    with django_assert_max_num_queries(26):
        office.get(page(row))
    with django_assert_max_num_queries(18):
        person.get(reverse("accountability:mine"))


HOSTILE = [
    "",
    " ",
    "\0",
    "长" * 6000,
    "<script>alert(1)</script>",
    "9999-12-31",
    "0001-01-01",
    "2022-13-40",
    "yes",
    "-1",
    "township",
    "😀" * 200,
    "' OR 1=1 --",
]


@pytest.mark.parametrize("measure", ["reminder", "interview", "recall"])
def test_an_enemy_at_the_steps_is_answered_in_sentences(hands, signed_in, measure):
    client = signed_in(hands.office)
    client.raise_request_exception = False
    for make in (opened, heard, submitted, approved, notified, carried_out):
        row = make(hands, measure, grounds=f"{make.__name__}")
        fields = (
            "text",
            "document",
            "level",
            "agreed",
            "upheld",
            "replied_on",
            "held_on",
            "place",
            "record",
            "last_day",
            "successor",
            "result",
            "reason",
        )
        for n, name in enumerate(STEPS):
            said = {field: HOSTILE[(n + at) % len(HOSTILE)] for at, field in enumerate(fields)}
            answer = client.post(reverse(f"accountability:{name}", args=[row.pk]), said)
            assert answer.status_code < 500, (name, said)
            assert "<script>alert" not in text(answer)


def test_closing_stands_on_top_once_nothing_else_is_waited_for(hands, signed_in):
    row = notified(hands, "reminder")
    client = signed_in(hands.office)
    assert [one["step"].name for one in client.get(page(row)).context["now"]] == ["reply"]
    effects.reply(case=row, text="接受提醒", by=hands.member_li, at=NOW)
    assert [one["step"].name for one in client.get(page(row)).context["now"]] == ["close"]
