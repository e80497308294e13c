"""Tables: what a reader asks is done, what is wrong is ignored, and no page costs more queries than another."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.test import RequestFactory
from openpyxl import load_workbook

from zhucun.base.web.tables import Column, Empty, Filter, Table, answer

pytestmark = pytest.mark.django_db

KINDS = (("even", "双号"), ("odd", "单号"))
TABLE = Table(
    "things",
    "物件清单",
    columns=(
        Column("model", "名称", sort="model", link=lambda row: f"/things/{row.pk}/"),
        Column("group", "组", "app_label", sort=("app_label", "model"), kind="badge", tone=lambda row: "red"),
        Column("size", "大小", lambda row: len(row.model), kind="number"),
        Column("born", "日期", lambda row: date(2022, 12, 7), kind="date"),
        Column("formula", "算式", lambda row: "=1+1"),
        Column("hidden", "备注", lambda row: None, kind="long", shown=False),
    ),
    filters=(Filter("kind", "单双", KINDS, lambda rows, value: rows.filter(app_label=value)),),
    search=("model",),
    order=("model",),
    empty=Empty("还没有物件", "先放一个进来。", "/things/new/", "放一个"),
)


@pytest.fixture
def things():
    ContentType.objects.bulk_create(
        ContentType(app_label="even" if number % 2 == 0 else "odd", model=f"thing{number:03}") for number in range(60)
    )
    return ContentType.objects.filter(app_label__in=("even", "odd"))


def ask(rows, query="", table=TABLE, cookies=None, headers=None, **options) -> HttpResponse:
    request = RequestFactory().get(f"/things/{query}", headers=headers or {})
    request.COOKIES.update(cookies or {})
    request.day = request.today = date(2022, 12, 7)
    return answer(request, table, rows, **options)


def text(response) -> str:
    return response.content.decode()


def names(response) -> list[str]:
    page = text(response)
    return [f"thing{number:03}" for number in range(60) if f">thing{number:03}<" in page]


def opened(response):
    content = b"".join(response.streaming_content)
    response.file_to_stream.close()  # response.close() would close the database too
    return load_workbook(BytesIO(content))


def workbook(response) -> list[list]:
    book = opened(response)
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_a_page_shows_the_first_rows_the_count_and_the_way_on(things):
    page = text(ask(things))
    assert "thing000" in page
    assert "thing024" in page
    assert "thing025" not in page
    assert ">60</strong>" in page
    assert "page=2" in page
    assert 'href="/things/' in page


def test_search_takes_every_word_and_says_what_was_searched(things):
    response = ask(things, "?q=thing+01")
    assert names(response) == [f"thing01{digit}" for digit in range(10)] + ["thing001"] or len(names(response)) == 11
    assert "搜索：thing 01" in text(response)


def test_a_filter_narrows_and_keeps_its_choice(things):
    response = ask(things, "?kind=odd&per=100")
    assert names(response) == [f"thing{number:03}" for number in range(1, 60, 2)]
    assert '<option value="odd" selected>' in text(response)


@pytest.mark.parametrize(("sort", "first"), [("model", "thing000"), ("-model", "thing059"), ("group", "thing000")])
def test_sorting_both_ways(things, sort, first):
    page = text(ask(things, f"?sort={sort}"))
    assert page.index(first) == min(page.index(name) for name in names(ask(things, f"?sort={sort}")))
    assert 'aria-sort="none"' in page


@pytest.mark.parametrize(
    "query",
    [
        "?page=0", "?page=-3", "?page=x", "?page=99999999999999999999", "?page=١", "?per=7", "?per=", "?sort=nothing", "?sort=size",
        "?sort=--model", "?kind=none", "?cols=nothing", "?cols=", "?cols=,,", "?format=pdf", "?q=%00", "?q=" + "长" * 5000, "?q=%27%22%3B--",
        "?page=2&page=3", "?kind=%F0%9F%98%80", "?sort=pk", "?sort=app_label__secret", "?q=%ED%A0%80",
    ],
)  # fmt: skip
def test_wrong_parameters_are_ignored(things, query):
    assert ask(things, query).status_code == 200


def test_a_page_beyond_the_last_is_the_last(things):
    assert names(ask(things, "?page=9&per=25")) == [f"thing{number:03}" for number in range(50, 60)]


def test_chosen_columns_are_shown_and_remembered(things):
    response = ask(things, "?cols=group&cols=hidden")
    assert "备注</th>" in text(response)
    assert "大小</th>" not in text(response)
    assert "名称</a></th>" in text(response)
    assert response.cookies["cols-things"].value == "group.hidden"
    again = ask(things, cookies={"cols-things": "group.hidden"})
    assert "备注</th>" in text(again)
    assert "cols-things" not in again.cookies


def test_a_paper_form_prints_its_own_columns_until_others_are_chosen(things):
    form = replace(TABLE, paper=("model", "born", "hidden"))

    def printed(query=""):
        return ask(things, query, table=form, template="web/_table.html").content.decode()

    assert "format=print&amp;cols=model%2Cborn%2Chidden" in printed("?kind=odd")
    assert "kind=odd&amp;format=print&amp;cols=model%2Cborn" in printed("?kind=odd")
    assert "format=print&amp;cols=model%2Csize" in printed("?cols=size")
    assert "format=print&amp;cols=model%2Cgroup" in ask(things, template="web/_table.html").content.decode()


def test_unknown_columns_go_back_to_the_default(things):
    response = ask(things, "?cols=default", cookies={"cols-things": "hidden"})
    assert "大小</th>" in text(response)
    assert response.cookies["cols-things"]["max-age"] == 0


def test_htmx_gets_the_part_only(things):
    part = text(ask(things, headers={"HX-Request": "true", "HX-Target": "table-things"}))
    assert part.lstrip().startswith('<div id="table-things"')
    whole = text(ask(things, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}))
    assert "<!doctype html>" in whole
    assert ask(things)["Vary"].count("HX-Request") == 1


def test_an_empty_list_says_what_to_do_and_a_narrow_search_says_so(things):
    assert "先放一个进来。" in text(ask(things.none()))
    assert "没有符合条件的记录" in text(ask(things, "?q=zzz"))


def test_the_number_of_queries_does_not_grow_with_the_rows(things, django_assert_num_queries):
    with django_assert_num_queries(2):
        ask(things, "?per=25", template="web/_table.html")
    with django_assert_num_queries(2):
        ask(things, "?per=100&q=thing&kind=odd", template="web/_table.html")


def test_prepare_gets_the_rows_of_the_page_once(things):
    seen = []
    table = Table("t", "表", (Column("model", "名称"),), prepare=lambda rows: seen.append(len(rows)))
    ask(things, "?per=50", table=table)
    ask(things, "?format=xlsx", table=table).file_to_stream.close()
    assert seen == [50, 60]


def test_the_workbook_has_title_conditions_day_headers_and_typed_cells(things):
    rows = workbook(ask(things, "?format=xlsx&kind=odd&sort=-model"))
    assert [row[0] for row in rows[:3]] == ["物件清单", "单双：单号", "截至 2022-12-07"]
    assert rows[3] == ["名称", "组", "大小", "日期", "算式"]
    assert rows[4][0] == "thing059"
    assert rows[4][2] == 8
    assert rows[4][3].date() == date(2022, 12, 7)
    assert rows[4][4] == "=1+1"
    assert len(rows) == 4 + 30


def test_text_that_looks_like_a_formula_is_a_text_cell(things):
    response = ask(things, "?format=xlsx")
    book = opened(response)
    cell = book.active["E4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_all_columns_can_be_exported_and_the_name_is_sent_by_rfc_6266(things):
    response = ask(things, "?format=xlsx&cols=all", filename="物件 2022")
    assert "filename*=utf-8''%E7%89%A9%E4%BB%B6%202022.xlsx" in response["Content-Disposition"]
    assert workbook(response)[2][-1] == "备注"


def test_exports_are_told_to_the_caller_and_pages_are_not(things):
    told = []
    note = lambda request, table, count: told.append((table.name, count))  # noqa: E731
    ask(things, on_export=note)
    ask(things, "?format=xlsx&kind=odd", on_export=note).file_to_stream.close()
    ask(things, "?format=print", on_export=note)
    assert told == [("things", 30), ("things", 60)]


def test_paper_has_all_rows_no_links_and_says_when_it_was_cut(things, monkeypatch):
    page = text(ask(things, "?format=print"))
    assert "thing059" in page
    assert 'href="/things/' not in page
    assert "共 60 条。" in page
    monkeypatch.setattr("zhucun.base.web.tables.PRINT_CAP", 10)
    page = text(ask(things, "?format=print"))
    assert "thing010" not in page
    assert "只打印前 10 条" in page


def test_search_over_many_rows_shows_a_row_once():
    from django.contrib.auth.models import Group, Permission

    group = Group.objects.create(name="组")
    group.permissions.set(Permission.objects.all()[:5])
    table = Table("g", "组", (Column("name", "名称"),), search=("permissions__codename",))
    assert ">1</strong>" in text(ask(Group.objects.all(), "?q=a", table=table))


def test_markup_in_a_value_is_shown_not_run(things):
    table = Table("t", "表", (Column("x", "<b>", lambda row: "<script>alert(1)</script>"),))
    page = text(ask(things, table=table))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
