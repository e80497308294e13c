"""到任, 期满, 召回, 调整 and 更正 on the pages, in a drawer and without scripts."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.journal.models import Entry
from zhucun.work.teams import actions
from zhucun.work.teams.models import Handover, Posting, Standard

pytestmark = pytest.mark.django_db
DRAWER = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "drawer-body"}


@pytest.fixture
def office(world, signed_in):
    return signed_in(world.office)


def page(name, row):
    return reverse(f"teams:{name}", args=[row.pk])


def text(answer):
    return answer.content.decode()


def fill_sheet(world, person, **facts):
    usual = {
        "reviewed_on": date(2022, 12, 1), "on_staff": True, "appraisal_last": "competent", "appraisal_before": "excellent",
        "home_village": None, "relatives_in": None, "spouse_posted": False, "under_discipline": False, "healthy": True, "opinion": "",
    }  # fmt: skip
    judgements = dict.fromkeys(Standard.values, (True, ""))
    record = person.record_on(date(2022, 12, 1))
    return actions.fill_review(record=record, fields=usual | facts, judgements=judgements, by=world.office, at=NOW)


def post_data(person, **changes):
    return {"person": person.pk, "role": "member", "start": "2022-12-08", "document": "", "reason": ""} | changes


def test_somebody_with_a_valid_sheet_is_posted(world, office):
    fill_sheet(world, world.qian)
    answer = office.post(page("post", world.team_shiqiao), post_data(world.qian))
    assert answer.headers["Location"] == page("team", world.team_shiqiao)
    assert Posting.objects.get(person=world.qian, end=None).start == date(2022, 12, 8)


def test_a_second_submit_of_the_same_posting_is_answered_calmly(world, office):
    fill_sheet(world, world.qian)
    office.post(page("post", world.team_shiqiao), post_data(world.qian))
    answer = office.post(page("post", world.team_shiqiao), post_data(world.qian), follow=True)
    assert "不用重复办理" in text(answer)
    assert Posting.objects.filter(person=world.qian, end=None).count() == 1


def test_a_doubt_is_shown_with_its_weight_and_asks_for_a_reason(world, office):
    refused = office.post(page("post", world.team_shiqiao), post_data(world.qian))
    assert "请写明理由" in text(refused)
    assert "说明理由后可以选派" in text(refused)
    office.post(page("post", world.team_shiqiao), post_data(world.qian, reason="县委专题研究"))
    assert Entry.objects.filter(action="posting.opened", reason="县委专题研究").count() == 1


def test_a_refusal_cannot_be_reasoned_away(world, office):
    fill_sheet(world, world.qian, home_village=world.shiqiao)
    answer = office.post(page("post", world.team_shiqiao), post_data(world.qian, reason="想去"))
    assert "老家所在村，应当回避" in text(answer)
    assert not Posting.objects.filter(person=world.qian, end=None).exists()


def test_the_check_is_shown_before_anything_is_submitted(world, office):
    query = {"person": world.zhao.pk, "role": "first_secretary", "start": "2022-12-08"}
    found = text(office.get(page("post_check", world.team_shiqiao), query))
    assert "已在高岭村驻村工作队任职" in found
    assert "已经有队长" in found
    assert "不能选派" in found
    assert page("review", world.zhao.record_on(date(2022, 12, 8))) in found
    assert "选好人员" in text(office.get(page("post_check", world.team_shiqiao), {"person": "x", "start": "？"}))


def test_without_scripts_a_person_is_found_by_number_or_name(world, office):
    fill_sheet(world, world.qian)
    typed = {"person": "", "person_was": "", "person_text": "钱有余 P004"}
    office.post(page("post", world.team_shiqiao), post_data(world.qian) | typed)
    assert Posting.objects.filter(person=world.qian, end=None).exists()


WRONG = [
    ({"person": "no-such-key"}, "没有找到这个人"),
    ({"person": ""}, "必须"),
    ({"start": "2022年12月"}, "2022-12-07 这样"),
    ({"role": "king"}, "队内职务"),
    ({"document": "文" * 100}, "任职文号"),
    ({"start": "2020-01-01", "reason": "x"}, "时间重叠"),
]


def test_wrong_input_is_answered_beside_its_field(world, office):
    fill_sheet(world, world.qian)
    for wrong, said in WRONG:
        answer = office.post(page("post", world.team_shiqiao), post_data(world.qian) | wrong)
        assert answer.status_code == 200
        assert said in text(answer), wrong
    assert not Posting.objects.filter(person=world.qian, end=None).exists()


def test_the_form_opens_in_a_drawer_and_moves_the_page_on_when_done(world, office):
    fill_sheet(world, world.qian)
    opened = text(office.get(page("post", world.team_shiqiao), **DRAWER))
    assert "<html" not in opened
    assert "drawer-title" in opened
    done = office.post(page("post", world.team_shiqiao), post_data(world.qian), **DRAWER)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, page("team", world.team_shiqiao))


def test_a_full_term_is_ended_and_a_second_submit_says_so(world, office):
    data = {"last_day": "2022-12-31", "ending": "term", "reason": ""}
    office.post(page("posting_end", world.li_posting), data)
    world.li_posting.refresh_from_db()
    assert (world.li_posting.ending, world.li_posting.last_day) == ("term", date(2022, 12, 31))
    again = office.post(page("posting_end", world.li_posting), data, follow=True)
    assert "不用重复办理" in text(again)
    assert Entry.objects.filter(action="posting.ended_by_term", target_id=str(world.li_posting.pk)).count() == 1


def test_two_submits_that_both_saw_an_open_posting_end_it_once(world):
    first, second = (Posting.objects.select_related("person").get(pk=world.li_posting.pk) for _ in range(2))
    end = {"last_day": date(2022, 12, 31), "ending": "term", "reason": "", "by": world.office, "at": NOW}
    actions.end_posting(posting=first, **end)
    with pytest.raises(Exception, match="已经在 2022-12-31 离任"):
        actions.end_posting(posting=second, **end)


def test_an_ending_without_term_needs_its_reason(world, office):
    answer = office.post(
        page("posting_end", world.li_posting), {"last_day": "2022-12-31", "ending": "other", "reason": " "}
    )
    assert "请写明原因" in text(answer)
    assert Posting.objects.get(pk=world.li_posting.pk).end is None


def test_a_recall_has_a_form_of_its_own_and_must_be_meant(world, office):
    address = f"{page('posting_end', world.li_posting)}?ending=recall"
    assert "召回是追责" in text(office.get(address))
    careless = office.post(address, {"last_day": "2022-12-07", "reason": "走读"})
    assert "确认是追责召回" in text(careless)
    assert Posting.objects.get(pk=world.li_posting.pk).end is None
    office.post(address, {"last_day": "2022-12-07", "reason": "督查通报第3期：走读", "sure": "on"})
    assert Posting.objects.get(pk=world.li_posting.pk).ending == "recall"
    assert (
        office.post(
            page("posting_end", world.zhao_posting), {"last_day": "2022-12-07", "ending": "recall", "reason": "x"}
        ).status_code
        == 200
    )
    assert Posting.objects.get(pk=world.zhao_posting.pk).end is None


def test_a_transfer_with_a_successor_is_one_step(world, office):
    fill_sheet(world, world.qian)
    data = {"cause": "轮换", "words": "到期轮岗", "last_day": "2022-12-31", "successor": world.qian.pk}
    office.post(page("posting_transfer", world.li_posting), data)
    world.li_posting.refresh_from_db()
    assert (world.li_posting.ending, world.li_posting.ending_reason) == ("transfer", "轮换：到期轮岗")
    assert Handover.objects.get(posting=world.li_posting).receiver.person == world.qian
    again = office.post(page("posting_transfer", world.li_posting), data, follow=True)
    assert "不用重复办理" in text(again)


def test_a_refused_successor_leaves_everything_as_it_was(world, office):
    data = {"cause": "健康", "last_day": "2022-12-31", "successor": world.zhao.pk}
    answer = office.post(page("posting_transfer", world.li_posting), data)
    assert "时间重叠" in text(answer)
    assert Posting.objects.get(pk=world.li_posting.pk).end is None


def test_the_check_of_a_leaders_successor_knows_that_the_leader_goes(world, office):
    fill_sheet(world, world.qian)
    found = text(
        office.get(page("successor_check", world.zhao_posting), {"successor": world.qian.pk, "last_day": "2022-12-31"})
    )
    assert "可以选派" in found
    assert "已经有队长" not in found


def test_a_correction_keeps_old_and_new(world, office):
    data = {
        "role": "deputy",
        "start": "2021-05-21",
        "document": "祁组〔2021〕1号",
        "duties": "",
        "party_transferred": "是",
        "why": "文件核对",
    }
    office.post(page("posting_correct", world.li_posting), data)
    world.li_posting.refresh_from_db()
    assert (world.li_posting.role, world.li_posting.start, world.li_posting.party_transferred) == (
        "deputy",
        date(2021, 5, 21),
        True,
    )
    page_text = text(office.get(page("team", world.team_shiqiao)))
    assert "队内职务：队员 → 副队长" in page_text
    assert "文件核对" in page_text


def test_a_correction_wants_day_and_way_of_leaving_together(world, office):
    data = {"role": "member", "start": "2021-05-20", "last_day": "2022-12-01", "why": "补记"}
    assert "要么都填，要么都空着" in text(office.post(page("posting_correct", world.li_posting), data))


def test_several_full_terms_are_ended_at_once_or_not_at_all(world, office):
    address = reverse("teams:end_postings")
    both = [world.li_posting.pk, world.zhao_posting.pk]
    assert "李敏" in text(office.get(address, {"posting": both}))
    wrong = office.post(address, {"postings": both, "last_day": "2020-01-01"})
    assert "早于到任日期" in text(wrong)
    assert not Posting.objects.filter(pk__in=both, end__isnull=False).exists()
    office.post(address, {"postings": both, "last_day": "2023-05-19"})
    assert Posting.objects.filter(pk__in=both, ending="term", end=date(2023, 5, 20)).count() == 2
    again = office.post(address, {"postings": both, "last_day": "2023-05-19"})
    assert "有的已经离任，不用重复办理" in text(again)
    assert "有的已经离任" in text(office.post(address, {"postings": ["x"], "last_day": "2023-05-19"}))


def test_the_boxes_of_full_terms_stand_in_the_ledger(world, office):
    wang_near_full = {"term": "due", "on": "2023-05-01"}
    found = text(office.get(reverse("teams:ledger"), wang_near_full))
    assert 'form="end-many"' in found
    assert f'value="{world.wang_posting.pk}"' in found
    assert 'form="end-many"' not in text(office.get(reverse("teams:ledger")))


def test_the_paper_of_a_transfer_marks_its_cause(world, office):
    found = text(office.get(page("posting_paper", world.qian_posting)))
    assert "☑ 年龄" in found
    assert "钱有余" in found
