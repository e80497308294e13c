"""The pages of figures: who sees what, and that every number opens exactly its records."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from zhucun.base.access.figure import Counted
from zhucun.base.journal.models import Entry
from zhucun.overview.indicators.catalogue import INDICATORS

pytestmark = pytest.mark.django_db

PAGES = ("indicators:figures", "indicators:structure")
SEES = {"office": 3, "leader_county": 3, "clerk_jin": 2, "clerk_niao": 1, "contact_finance": 1}
SEES_NOT = ("member_li", "sysadmin", "secadmin", "auditor", "stranger")


def lines(answer):
    return {row["line"].indicator.code: row for _, rows in answer.context["parts"] for row in rows}


def test_everybody_sees_the_figures_of_their_own_area(world, signed_in):
    for name, people in SEES.items():
        client = signed_in(getattr(world, name))
        rows = lines(client.get(reverse("indicators:figures")))
        assert rows["people.count"]["line"].now.value == people, name
        shape = client.get(reverse("indicators:structure"))
        assert shape.context["lines"][1]["line"].now.value == people, name


def test_who_may_see_no_figures_is_told_so(world, signed_in):
    for name in SEES_NOT:
        client = signed_in(getattr(world, name))
        for page in PAGES:
            assert client.get(reverse(page)).status_code == 403, name
        assert client.get(reverse("indicators:records", args=["people.count"])).status_code == 403, name


SCOPES = {
    "office": ["", "430426", "430426102", "430426103", "430426102202", "430426103201", "finance", "farming", "police"],
    "clerk_jin": ["", "430426102", "430426102201"],
    "contact_finance": ["", "finance"],
}
SUMS = {"people.mean_age", "attendance.days", "attendance.months_due", "attendance.unexcused", "leave.days"}
PERIODS = [{}, {"year": "2021"}, {"part": "H1"}, {"part": "06"}, {"on": "2022-05-01"}]


@pytest.mark.parametrize("name", SCOPES)
def test_every_number_opens_exactly_its_records(world, signed_in, name):
    client = signed_in(getattr(world, name))
    keys = [str(getattr(world, scope).pk) if scope and not scope.isdigit() else scope for scope in SCOPES[name]]
    asked = [(keys[0], period) for period in PERIODS] + [
        (key, PERIODS[at % len(PERIODS)]) for at, key in enumerate(keys)
    ]
    opened_already = set()
    for key, period in asked:
        page = client.get(reverse("indicators:figures"), period | {"scope": key})
        for code, row in lines(page).items():
            for url, counted in ((row["url"], row["line"].now), (row["url_before"], row["line"].before)):
                if not url:
                    assert counted == Counted(None, 0)
                    assert row["line"].indicator.county_only
                    continue
                if url in opened_already:
                    continue
                opened_already.add(url)
                opened = client.get(url)
                assert opened.context["table"].count == counted.n, (code, url)
                assert opened.context["counted"] == counted, (code, url)
                assert code in SUMS or counted.value == counted.n


def test_an_area_out_of_sight_is_not_shown(world, signed_in):
    client = signed_in(world.clerk_jin)
    for key in ("430426", "430426103", "430426103201", str(world.police.pk), "unit:县公安局", "x"):
        page = client.get(reverse("indicators:figures"), {"scope": key})
        assert page.context["asked"].area.label == "金桥镇"
        rows = client.get(reverse("indicators:records", args=["people.count"]), {"scope": key})
        assert "赵刚" not in rows.content.decode()


def test_nonsense_in_the_address_reads_as_the_usual_page(world, signed_in):
    client = signed_in(world.office)
    for query in ({"year": "x", "part": "Z9"}, {"year": "1066"}, {"part": "'"}, {"scope": "\0"}, {"on": "yesterday"}):
        page = client.get(reverse("indicators:figures"), query)
        assert page.status_code == 200
        assert page.context["asked"].period.name == "2022"
    assert client.get(reverse("indicators:records", args=["people.wisdom"])).status_code == 404


def test_a_part_of_the_year_that_has_not_begun_is_not_offered(world, signed_in):
    asked = (
        signed_in(world.office).get(reverse("indicators:figures"), {"on": "2022-05-01", "part": "H2"}).context["asked"]
    )
    assert "H2" not in asked.parts
    assert "05" in asked.parts
    assert (asked.period.name, f"{asked.period.until}") == ("2022", "2022-05-01")


def test_every_bar_of_the_structure_opens_as_many_records(world, signed_in):
    client = signed_in(world.office)
    page = client.get(reverse("indicators:structure"))
    charts = [*page.context["charts"], page.context["town_chart"]]
    assert [chart.title for chart in charts][-1] == "各乡镇驻村人员"
    for chart in charts:
        for link, value in zip(chart.links, chart.series[0].values, strict=True):
            assert client.get(link).context["table"].count == value, link


def test_the_records_name_the_people_with_their_age_on_the_day(world, signed_in):
    answer = signed_in(world.office).get(reverse("indicators:records", args=["people.mean_age"]), {"on": "2021-12-07"})
    rows = {row.cells[0].text: row.cells[1].text for row in answer.context["table"].rows}
    assert rows == {"王立新": "40", "李敏": "31", "赵刚": "45", "钱有余": "53"}


def test_endings_show_how_and_when(world, signed_in):
    answer = signed_in(world.office).get(reverse("indicators:records", args=["teams.members_transferred"]))
    text = answer.content.decode()
    assert all(word in text for word in ("钱有余", "2022-06-30", "调整", "年龄"))


def test_the_workbooks_hold_the_same_numbers_and_are_noted(world, signed_in):
    client = signed_in(world.office)
    file = client.get(reverse("indicators:figures"), {"format": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(file.streaming_content))).active
    rows = {row[7]: row[2:5] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert rows["people.mean_age"] == (39.7, 42.3, -2.6)
    assert set(rows) == {one.code for one in INDICATORS}
    file = client.get(reverse("indicators:structure"), {"format": "xlsx"})
    book = openpyxl.load_workbook(BytesIO(b"".join(file.streaming_content)))
    assert book.sheetnames == ["队伍结构统计表", "乡镇", "派出单位"]
    towns = [row[:4] for row in book["乡镇"].iter_rows(min_row=4, values_only=True)]
    assert towns == [("金桥镇", 1, 2, 36.5), ("鸟江镇", 1, 1, 46)]
    assert Entry.objects.filter(action="list.exported").count() == 2


@pytest.mark.parametrize("page", PAGES)
def test_the_print_views(world, signed_in, page):
    answer = signed_in(world.office).get(reverse(page), {"format": "print"})
    assert "制表人" in answer.content.decode()
    assert Entry.objects.filter(action="list.exported").count() == 1


@pytest.mark.parametrize(("page", "most"), [("indicators:figures", 50), ("indicators:structure", 24)])
def test_the_number_of_queries_is_bounded(world, signed_in, page, most, django_assert_max_num_queries):
    client = signed_in(world.office)
    client.get(reverse(page))
    with django_assert_max_num_queries(most):
        client.get(reverse(page))
