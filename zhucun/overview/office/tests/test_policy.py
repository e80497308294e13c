"""制度: documents with clauses, and numbers that change from a day on."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.journal.models import Entry
from zhucun.base.policy import actions, policy
from zhucun.base.policy.models import Document, Parameter
from zhucun.overview.office.forms.policy import split_clauses
from zhucun.work.teams.rules import TeamsPolicy

TEXT = """祁东县驻村管理办法
第一条 为了加强管理，制定本办法。
第二条　选派人员不超过五十五周岁。
    特殊情况报县驻村办。
第十一条 本办法自发布之日起施行。"""


def test_a_pasted_text_falls_into_clauses():
    assert split_clauses(TEXT) == {
        "第一条": "为了加强管理，制定本办法。",
        "第二条": "选派人员不超过五十五周岁。\n特殊情况报县驻村办。",
        "第十一条": "本办法自发布之日起施行。",
    }
    assert split_clauses("一、甲\n二、乙") == {"一": "甲", "二": "乙"}
    assert split_clauses("1. 甲\n2、乙") == {"1": "甲", "2": "乙"}
    assert split_clauses("没有条款的文字") == {}


def enter(client, **fields):
    return client.post(
        reverse("office:document_add"),
        {"title": "《管理办法》", "number": "1号", "start": "2022-01-01", "clauses": TEXT} | fields,
    )


@pytest.mark.django_db
class TestDocuments:
    def test_the_office_enters_a_document_with_its_clauses(self, world, signed_in):
        client = signed_in(world.office)
        answer = enter(client)
        document = Document.objects.get()
        assert answer.headers["Location"] == reverse("office:document", args=[document.pk])
        assert (str(document), document.clauses.count()) == ("《管理办法》", 3)
        shown = signed_in(world.member_li).get(answer.headers["Location"]).content.decode()
        assert shown.index("第二条") < shown.index("第十一条")

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"clauses": "随便写写"}, "没有找到条款"),
            ({"clauses": "第一条\n第二条 有"}, "第一条没有内容"),
            ({"start": "去年"}, "有效"),
            ({"title": ""}, "必须填写"),
        ],
    )
    def test_wrong_input_is_said(self, world, signed_in, fields, sentence):
        assert sentence in enter(signed_in(world.office), **fields).content.decode()
        assert not Document.objects.exists()

    def test_clauses_are_added_and_put_right(self, world, signed_in):
        client = signed_in(world.office)
        enter(client)
        document = Document.objects.get()
        url = reverse("office:clauses_add", args=[document.pk])
        assert client.post(url, {"clauses": "第二条 改为五十周岁。\n第三条 新增。"}).status_code == 302
        assert document.clauses.count() == 4
        assert document.clauses.get(number="第二条").text == "改为五十周岁。"

    def test_a_document_that_ended_is_not_in_force_afterwards(self, world, signed_in):
        client = signed_in(world.office)
        enter(client)
        url = reverse("office:document_end", args=[Document.objects.get().pk])
        assert "必须填写" in client.post(url, {"last_day": "2022-10-31", "reason": ""}).content.decode()
        assert client.post(url, {"last_day": "2022-10-31", "reason": "被新办法代替"}).status_code == 302
        assert "没有现行的制度文件" in client.get(reverse("office:documents")).content.decode()
        assert "管理办法" in client.get(reverse("office:documents"), {"on": "2022-10-31"}).content.decode()
        assert "已失效" in client.get(reverse("office:documents"), {"all": "1"}).content.decode()
        assert Entry.objects.get(action="document.ended").reason == "被新办法代替"

    def test_a_document_cannot_end_before_it_began(self, world, signed_in):
        client = signed_in(world.office)
        enter(client)
        url = reverse("office:document_end", args=[Document.objects.get().pk])
        answer = client.post(url, {"last_day": "2021-10-31", "reason": "错"})
        assert "结束日期不能早于起始日期" in answer.content.decode()


def change(client, key="teams.max_age", **fields):
    fields = {"value": "50", "start": "2022-12-01", "area": "", "clause": "", "reason": "按新办法"} | fields
    return client.post(reverse("office:parameter_set", args=[key]), fields)


@pytest.mark.django_db
class TestParameters:
    def test_a_new_value_holds_from_its_day_on(self, world, signed_in):
        assert change(signed_in(world.office)).status_code == 302
        ages = [policy.on(date(2022, month, 1), TeamsPolicy).max_age for month in (11, 12)]
        assert ages == [55, 50]
        entry = Entry.objects.first()
        assert (entry.action, entry.reason) == ("parameter.set", "按新办法")

    def test_the_page_shows_value_day_clause_and_default(self, world, signed_in):
        client = signed_in(world.office)
        enter(client)
        clause = Document.objects.get().clauses.get(number="第二条")
        change(client, clause=str(clause.pk))
        rows = {
            item.entry.key: item
            for _, items in client.get(reverse("office:parameters")).context["groups"]
            for item in items
        }
        assert (rows["teams.max_age"].value, rows["teams.max_age"].row.clause) == ("50", clause)
        assert rows["teams.term_months"].row is None
        page = client.get(reverse("office:parameters")).content.decode()
        assert "系统默认" in page
        assert "《管理办法》第二条" in page
        earlier = client.get(reverse("office:parameters"), {"on": "2022-11-30"}).context["groups"]
        assert {item.entry.key: item.value for _, items in earlier for item in items}["teams.max_age"] == "55"
        assert "选派年龄上限" in client.get(reverse("office:document", args=[clause.document_id])).content.decode()

    def test_clauses_to_rest_on_stand_in_the_order_of_the_paper(self, world, signed_in):
        client = signed_in(world.office)
        enter(client, clauses="第三条 甲\n第二十条 乙\n第一条 丙")
        form = client.get(reverse("office:parameter_set", args=["teams.max_age"])).context["form"]
        labels = [label for _, label in form.fields["clause"].choices]
        assert labels == ["没有对应条款", "《管理办法》第一条", "《管理办法》第三条", "《管理办法》第二十条"]

    def test_every_kind_has_its_control(self, world, signed_in):
        client = signed_in(world.office)

        def form(key):
            return client.get(reverse("office:parameter_set", args=[key])).content.decode()

        assert 'type="number"' in form("teams.max_age")
        assert form("teams.over_age").count('type="radio"') == 3
        assert 'type="text"' in form("site.title")

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"value": "五十"}, "整数"), ({"value": "-1"}, "0"), ({"value": ""}, "必须填写"), ({"start": ""}, "必须填写"),
            ({"reason": ""}, "必须填写"), ({"area": "999999999"}, "999999999"), ({"clause": "x"}, "“x”"),
        ],
    )  # fmt: skip
    def test_wrong_input_is_said(self, world, signed_in, fields, sentence):
        answer = change(signed_in(world.office), **fields)
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert not Parameter.objects.exists()

    def test_a_choice_takes_its_own_words_only(self, world, signed_in):
        client = signed_in(world.office)
        assert change(client, "teams.over_age", value="也许").status_code == 200
        assert change(client, "teams.over_age", value="不检查").status_code == 302

    def test_a_value_before_a_later_one_is_refused(self, world, signed_in):
        client = signed_in(world.office)
        change(client)
        assert "已经有新的值" in change(client, start="2022-01-01").content.decode()

    def test_a_township_may_have_a_value_of_its_own(self, world, signed_in):
        client = signed_in(world.office)
        change(client, area=world.jinqiao.code, value="45")
        day = date(2022, 12, 7)
        assert policy.on(day, TeamsPolicy, area=world.shiqiao.code).max_age == 45
        assert policy.on(day, TeamsPolicy, area=world.gaoling.code).max_age == 55
        assert "金桥镇：45" in client.get(reverse("office:parameters")).content.decode()

    def test_the_history_shows_every_value(self, world, signed_in):
        client = signed_in(world.office)
        change(client, start="2022-03-01", value="52")
        change(client)
        page = signed_in(world.member_li).get(reverse("office:parameter", args=["teams.max_age"])).content.decode()
        assert "2022-03-01 至 2022-11-30" in page
        assert page.index("<strong>50</strong>") < page.index("<strong>52</strong>")

    def test_the_page_asks_a_fixed_number_of_questions(self, world, signed_in, django_assert_max_num_queries):
        for key in ("teams.max_age", "teams.term_months", "teams.min_people"):
            actions.set_parameter(key=key, value="7", start=date(2022, 1, 1), clause=None, by=world.office, at=NOW)
        client = signed_in(world.office)
        with django_assert_max_num_queries(12):
            client.get(reverse("office:parameters"))
