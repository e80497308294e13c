"""Registering, putting right, changing and revealing on the pages of people; review sheets."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import TODAY
from zhucun.base.journal.models import Entry
from zhucun.base.people.identity import check_character
from zhucun.base.people.models import Person
from zhucun.work.teams.models import Posting, Review, Standard

pytestmark = pytest.mark.django_db
FIRST17 = "43042619900915002"
NUMBER = FIRST17 + check_character(FIRST17)


@pytest.fixture
def office(world, signed_in):
    return signed_in(world.office)


def page(name, row):
    return reverse(f"teams:{name}", args=[row.pk])


def text(answer):
    return answer.content.decode()


def sheet_of(world, **changes):
    facts = {
        "name": "孙立", "number": "P005", "sex": "male", "born": "1985-03-01", "unit": world.finance.pk, "political": "party",
        "education": "college", "county": world.county.pk, "id_number": "", "phone": "13812345678", "degree": "", "rank": "", "identity": "",
    }  # fmt: skip
    return facts | changes


def corrected(person, **changes):
    record = person.record_on(TODAY)
    facts = {name: getattr(person, name) for name in ("name", "number", "sex", "born")}
    kept = {name: getattr(record, name) for name in ("political", "education", "degree", "rank", "identity", "skills")}
    ticks = {name: "on" for name in ("agriculture", "rural", "poverty_relief") if getattr(record, name)}
    return facts | kept | ticks | {"unit": record.unit_id, "reason": "档案核实"} | changes


def test_a_person_is_registered_with_sealed_columns_masked(world, office):
    answer = office.post(reverse("teams:person_new"), sheet_of(world), follow=True)
    person = Person.objects.get(number="P005")
    assert person.phone == "13812345678"
    assert "138****5678" in text(answer)
    assert "13812345678" not in text(answer)


WRONG = [
    ({"number": "P001"}, "已经有人用这个人员编号"),
    ({"id_number": "123"}, "18 位"),
    ({"id_number": NUMBER}, "不一致"),
    ({"unit": "财政局"}, "没有找到这个单位"),
    ({"political": ""}, "必须选择一项"),
    ({"born": "1985.03"}, "日期"),
]


def test_a_wrong_person_is_refused_with_a_sentence(world, office):
    for wrong, said in WRONG:
        answer = office.post(reverse("teams:person_new"), sheet_of(world, **wrong))
        assert answer.status_code == 200
        assert said in text(answer), wrong
    assert Person.objects.count() == 4


def test_a_corrected_unit_is_followed_by_the_posting(world, office):
    answer = office.post(page("person_correct", world.li), corrected(world.li, unit=world.police.pk), follow=True)
    assert "已更正" in text(answer)
    assert Posting.objects.get(pk=world.li_posting.pk).unit == world.police
    assert "派出单位" in text(office.get(page("person", world.li)))


def test_a_correction_without_a_change_says_so(world, office):
    answer = office.post(page("person_correct", world.li), corrected(world.li), follow=True)
    assert "没有改动任何内容" in text(answer)


def test_a_change_holds_from_its_day_on(world, office):
    data = corrected(world.li) | {"start": "2022-12-01", "rank": "section_deputy"}
    office.post(page("person_change", world.li), data)
    assert world.li.record_on(date(2022, 11, 30)).rank == "staff"
    assert world.li.record_on(date(2022, 12, 1)).rank == "section_deputy"
    again = office.post(page("person_change", world.li), data)
    assert "改用“更正”" in text(again)


def test_both_forms_say_how_they_differ(world, office):
    assert "当初就登记错了" in text(office.get(page("person_correct", world.li)))
    assert "从某一天起情况不同了" in text(office.get(page("person_change", world.li)))


def test_a_sealed_column_is_shown_once_for_a_reason_and_its_owner_learns_of_it(world, office, signed_in):
    office.post(page("person_correct", world.li), corrected(world.li, id_number=NUMBER))
    assert NUMBER not in text(office.get(page("person", world.li)))
    refused = office.post(page("person_reveal", world.li), {"column": "id_number", "purpose": ""})
    assert NUMBER not in text(refused)
    shown = office.post(page("person_reveal", world.li), {"column": "id_number", "purpose": "办理保险"})
    assert NUMBER in text(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    assert Entry.objects.filter(action="person.revealed", reason="办理保险").count() == 1
    own = text(signed_in(world.member_li).get(page("person", world.li)))
    assert "周主任" in own
    assert "用途：办理保险" in own
    assert NUMBER not in own
    assert "用途：办理保险" not in text(signed_in(world.clerk_jin).get(page("person", world.li)))


def test_other_purposes_are_written_out(world, office):
    answer = office.post(page("person_reveal", world.li), {"column": "phone", "purpose": "其他", "words": ""})
    assert "请写明用途" in text(answer)


def review_data(**changes):
    facts = {
        "reviewed_on": "2022-12-01", "on_staff": "True", "appraisal_last": "competent", "appraisal_before": "competent",
        "spouse_posted": "False", "under_discipline": "False", "healthy": "True", "opinion": "同意",
    }  # fmt: skip
    return facts | {f"met_{standard}": "True" for standard in Standard.values} | changes


def test_a_unit_contact_fills_in_the_sheet_of_the_own_people_only(world, signed_in):
    contact = signed_in(world.contact_finance)
    listed = text(contact.get(reverse("teams:reviews")))
    assert "王立新" in listed
    assert "李敏" not in listed
    record = world.wang.record_on(TODAY)
    answer = contact.post(page("review", record), review_data(), follow=True)
    assert "已保存" in text(answer)
    assert Review.objects.get().judgements.filter(met=True).count() == 5
    assert contact.post(page("review", world.li.record_on(TODAY)), review_data()).status_code == 404
    assert "有效" in text(contact.get(reverse("teams:reviews")))


def test_a_standard_that_is_not_met_needs_its_grounds(world, office):
    record = world.wang.record_on(TODAY)
    answer = office.post(page("review", record), review_data(met_conduct="False"))
    assert "不符合的要写明依据" in text(answer)
    assert not Review.objects.exists()
    missing = office.post(page("review", record), {})
    assert missing.status_code == 200
    assert not Review.objects.exists()


def test_the_next_sheet_starts_from_the_last_one_and_is_printed(world, office):
    record = world.wang.record_on(TODAY)
    office.post(page("review", record), review_data(home_village=world.qingshui.pk, grounds_politics="党龄十年"))
    again = text(office.get(page("review", record)))
    assert "清水村（金桥镇）" in again
    assert "党龄十年" in again
    paper = text(office.get(f"{page('review', record)}?format=print"))
    assert "党龄十年" in paper
    assert "热爱“三农”工作" in paper


def test_the_list_of_people_tells_who_is_in_post(world, office):
    posted = text(office.get(reverse("teams:people"), {"posted": "yes"}))
    free = text(office.get(reverse("teams:people"), {"posted": "no"}))
    assert "赵刚" in posted
    assert "钱有余" not in posted
    assert "钱有余" in free
    assert "钱有余" in text(office.get(reverse("teams:people"), {"posted": "yes", "on": "2022-06-30"}))
