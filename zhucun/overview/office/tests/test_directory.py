"""名录: what each sees of villages, units and divisions, on which day, and who changes it."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.directory import actions as directory
from zhucun.base.journal.models import Entry

pytestmark = pytest.mark.django_db


def page(client, name, **query):
    return client.get(reverse(f"office:{name}"), query).content.decode()


def test_a_clerk_sees_the_villages_of_the_own_township_only(world, signed_in):
    mine = page(signed_in(world.clerk_jin), "villages")
    assert "石桥村" in mine
    assert "清水村" in mine
    assert "高岭村" not in mine
    assert "鸟江镇" not in mine


def test_a_contact_sees_the_villages_of_the_teams_of_the_unit(world, signed_in):
    mine = page(signed_in(world.contact_finance), "villages")
    assert "石桥村" in mine
    assert "清水村" not in mine


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"category": "model"}, {"石桥村"}),
        ({"condition": "disorderly"}, {"高岭村"}),
        ({"condition": "none"}, {"清水村"}),
        ({"team": "no"}, {"清水村"}),
        ({"township": "430426103"}, {"高岭村"}),
        ({"q": "4304261022"}, {"石桥村", "清水村"}),
        ({"category": "nonsense"}, {"石桥村", "清水村", "高岭村"}),
        ({"sort": "-category"}, {"石桥村", "清水村", "高岭村"}),
    ],
)
def test_the_list_is_narrowed(world, signed_in, query, names):
    answer = signed_in(world.office).get(reverse("office:villages"), query)
    assert {row.object.name for row in answer.context["table"].rows} == names


def test_the_class_is_that_of_the_day_shown(world, signed_in):
    directory.class_village(
        village=world.shiqiao, start=date(2022, 6, 1), category="key", conditions={"weak"}, by=world.office, at=NOW
    )
    client = signed_in(world.office)

    def shown(day):
        rows = client.get(reverse("office:villages"), {"on": day, "q": "石桥"}).context["table"].rows
        return [cell.text for cell in rows[0].cells[2:4]]

    assert shown("2022-05-31") == ["示范村", "穷村"]
    assert shown("2022-06-01") == ["重点村", "弱村"]
    assert shown("2020-01-01") == ["", ""]


def test_a_class_from_a_day_on_leaves_history_alone(world, signed_in):
    client = signed_in(world.office)
    url = reverse("office:village_class", args=[world.shiqiao.pk])
    answer = client.post(url, {"start": "2022-12-01", "category": "ordinary", "conditions": ["weak"]})
    assert answer.status_code == 302
    spans = [(s.start, s.last_day, s.category) for s in world.shiqiao.standings.order_by("start")]
    assert spans == [
        (date(2021, 1, 1), date(2022, 11, 30), "model"),
        (date(2022, 12, 1), None, "ordinary"),
    ]
    assert "2021-01-01 至 2022-11-30" in client.get(url).content.decode()


def test_a_class_before_the_last_one_is_refused_with_a_sentence(world, signed_in):
    url = reverse("office:village_class", args=[world.shiqiao.pk])
    answer = signed_in(world.office).post(url, {"start": "2020-01-01", "category": "key"})
    assert "已经有新的类别" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "必须填写"),
        ({"longitude": "112.1"}, "经度和纬度要么都填"),
        ({"longitude": "190", "latitude": "26"}, "180"),
        ({"longitude": "东经", "latitude": "26"}, "数字"),
    ],
)
def test_wrong_input_about_a_village_is_said(world, signed_in, fields, sentence):
    url = reverse("office:village_edit", args=[world.shiqiao.pk])
    answer = signed_in(world.office).post(
        url, {"name": "石桥村", "needs": "", "longitude": "", "latitude": ""} | fields
    )
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_the_office_changes_a_village(world, signed_in):
    url = reverse("office:village_edit", args=[world.shiqiao.pk])
    fields = {"name": "石桥社区", "needs": "电商、水利", "longitude": "112.095654", "latitude": "26.786745"}
    assert signed_in(world.office).post(url, fields).status_code == 302
    world.shiqiao.refresh_from_db()
    assert (world.shiqiao.name, str(world.shiqiao.longitude)) == ("石桥社区", "112.095654")
    assert Entry.objects.first().action == "village.edited"


def test_units_with_their_people_of_the_day(world, signed_in):
    def people(user, day):
        rows = signed_in(user).get(reverse("office:units"), {"on": day}).context["table"].rows
        return {row.object.name: row.object.people for row in rows}

    assert people(world.office, "2022-12-07") == {"县财政局": 1, "县农业农村局": 1, "县公安局": 1}
    assert people(world.office, "2022-06-30") == {"县财政局": 1, "县农业农村局": 1, "县公安局": 2}
    assert people(world.clerk_jin, "2022-12-07") == {"县财政局": 1, "县农业农村局": 1}
    assert people(world.contact_finance, "2022-12-07") == {"县财政局": 1}


def test_a_contact_changes_four_things_and_no_more(world, signed_in):
    url = reverse("office:unit_edit", args=[world.finance.pk])
    fields = {
        "chief": "陈局长",
        "deputy": "",
        "contact": "小刘",
        "phone": "0734-6260000",
        "name": "改名",
        "level": "central",
    }
    assert signed_in(world.contact_finance).post(url, fields).status_code == 302
    world.finance.refresh_from_db()
    assert (world.finance.chief, world.finance.name, world.finance.level) == ("陈局长", "县财政局", "county")


def test_the_office_adds_a_unit_once(world, signed_in):
    client, fields = signed_in(world.office), {"name": "县水利局", "category": "economy", "level": "county"}
    assert client.post(reverse("office:unit_add"), fields).status_code == 302
    assert "已经有同名的单位" in client.post(reverse("office:unit_add"), fields).content.decode()


def test_a_unit_renamed_to_a_taken_name_is_refused(world, signed_in):
    url = reverse("office:unit_edit", args=[world.finance.pk])
    answer = signed_in(world.office).post(url, {"name": "县公安局", "category": "economy", "level": "county"})
    assert "已经有同名的单位" in answer.content.decode()


def test_divisions_with_their_counts(world, signed_in):
    def counts(user):
        rows = signed_in(user).get(reverse("office:divisions")).context["table"].rows
        return {row.object.name: (row.object.villages_seen, row.object.teams_now, row.object.people) for row in rows}

    assert counts(world.office) == {"金桥镇": (2, 1, 2), "鸟江镇": (1, 1, 1)}
    assert counts(world.clerk_jin) == {"金桥镇": (2, 1, 2)}
    assert counts(world.contact_finance) == {"金桥镇": (1, 1, 1)}


@pytest.mark.parametrize("name", ["villages", "units", "divisions"])
def test_a_list_asks_a_fixed_number_of_questions(world, signed_in, django_assert_max_num_queries, name):
    client = signed_in(world.office)
    with django_assert_max_num_queries(14):
        client.get(reverse(f"office:{name}"))
    by = {"by": world.caretaker, "at": NOW}
    for n in range(20):
        directory.add_village(code=f"4304261033{n:02}", name=f"村{n}", township=world.niaojiang, fields={}, **by)
        fields = {"name": f"县第{n}局", "category": "other", "level": "county"}
        directory.add_unit(county=world.county, fields=fields, **by)
    with django_assert_max_num_queries(14):
        client.get(reverse(f"office:{name}"))


@pytest.mark.parametrize("name", ["villages", "units", "divisions"])
def test_a_list_that_leaves_the_system_is_an_entry(world, signed_in, name):
    client = signed_in(world.clerk_jin)
    book = client.get(reverse(f"office:{name}"), {"format": "xlsx"})
    assert b"".join(book.streaming_content)[:2] == b"PK"
    entry = Entry.objects.first()
    assert (entry.action, entry.actor) == ("list.exported", str(world.clerk_jin.pk))
    paper = client.get(reverse(f"office:{name}"), {"format": "print"}).content.decode()
    assert "高岭村" not in paper
    assert "修改" not in paper
