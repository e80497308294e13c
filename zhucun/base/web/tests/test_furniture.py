"""The small tags, the pages of refusal, and htmx redirects."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from zhucun.base.web import pages
from zhucun.base.web.middleware import HtmxRedirectMiddleware


def draw(source: str, **context) -> str:
    return Template("{% load furniture %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{% day d %}", "2022-12-07"),
        ("{% day d 'long' %}", "2022年12月7日"),
        ("{% day d 'month' %}", "2022年12月"),
        ("{% day none %}", "—"),
        ("{% moment m %}", "2022-12-07 14:05"),
        ("{% moment none %}", "—"),
        ("{% span_text open %}", "2021-05-20 至今"),
        ("{% span_text closed %}", "2021-05-20 至 2022-06-30"),
        ("{% span_text unknown %}", "至 2022-06-30"),
        ("{% badge '好' 'green' %}", '<span class="tag tag-green">好</span>'),
        ("{% badge evil 'purple' %}", '<span class="tag tag-gray">&lt;好&gt;</span>'),
        ("{% badge none %}", ""),
        ("{% icon '../../secret' %}", ""),
        ("{% icon 'no-such-icon' %}", ""),
    ],
)
def test_words(source, wanted):
    context = {
        "d": date(2022, 12, 7),
        "evil": "<好>",
        "m": datetime(2022, 12, 7, 6, 5, tzinfo=UTC),
        "open": SimpleNamespace(start=date(2021, 5, 20), last_day=None),
        "closed": SimpleNamespace(start=date(2021, 5, 20), last_day=lambda: date(2022, 6, 30)),
        "unknown": SimpleNamespace(start=date(1900, 1, 1), last_day=date(2022, 6, 30)),
    }
    assert draw(source, **context) == wanted


@pytest.mark.parametrize(
    ("value", "previous", "wanted"), [(91, 88, "+3"), (41.0, 42.3, "−1.3"), (5, 5, "持平"), (None, 3, "—")]
)
def test_a_stat_says_the_difference(value, previous, wanted):
    assert wanted in draw("{% stat '平均' v '岁' previous=p url='/x' %}", v=value, p=previous)


def test_steps_and_facts():
    page = draw("{% steps items %}", items=[{"label": "提出", "state": "done"}, {"label": "审核", "state": "now"}])
    assert 'aria-current="step"' in page
    page = draw("{% definition_list facts %}", facts=[("村", "<石桥>", "/v"), ("撤销", None), ("在队", True)])
    assert '<a href="/v">&lt;石桥&gt;</a>' in page
    assert "—" in page
    assert "是" in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_refusals_stand_without_a_request(name):
    page = render_to_string(name)
    assert "数据没有任何变化" in page or "没有留下半截数据" in page
    assert "回到首页" in page


def test_a_refusal_says_its_own_sentence():
    assert "只有县驻村办可以召回。" in render_to_string("403.html", {"exception": "只有县驻村办可以召回。"})


@pytest.mark.django_db
def test_the_csrf_page_says_to_send_again():
    response = pages.csrf_failure(RequestFactory().post("/"))
    assert response.status_code == 403
    assert "重新提交" in response.content.decode()


def test_a_redirect_moves_the_whole_page_for_htmx_only():
    middleware = HtmxRedirectMiddleware(lambda request: HttpResponseRedirect("/teams/"))
    moved = middleware(RequestFactory().get("/", headers={"HX-Request": "true"}))
    assert (moved.status_code, moved["HX-Redirect"]) == (204, "/teams/")
    assert middleware(RequestFactory().get("/")).status_code == 302
    plain = HtmxRedirectMiddleware(lambda request: HttpResponse("x"))
    assert plain(RequestFactory().get("/", headers={"HX-Request": "true"})).status_code == 200


def test_a_job_polls_until_it_is_over():
    request = RequestFactory().get("/job/", headers={"HX-Request": "true"})
    running = pages.progress(request, done=1, total=3, text="人员")
    assert 'hx-trigger="every 1s"' in running.content.decode()
    assert "33%" in running.content.decode()
    over = pages.progress(request, done=3, total=3, finished_url="/done/")
    assert over["HX-Redirect"] == "/done/"
    failed = pages.progress(request, done=1, total=3, failed="第 3 行有误。")
    assert "every 1s" not in failed.content.decode()


def test_the_drawer_is_a_layout():
    request = RequestFactory().get("/", headers={"HX-Request": "true", "HX-Target": "drawer-body"})
    page = pages.confirm(request, title="召回", text="确定？", submit="召回", cancel_url="/").content.decode()
    assert page.startswith('<div class="drawer-head">')
    assert 'hx-target="#drawer-body"' in page


@pytest.mark.django_db
def test_a_page_has_menu_band_and_footer():
    request = RequestFactory().get("/")
    request.today, request.day = date(2022, 12, 7), date(2021, 12, 7)
    menu = [{"label": "总览", "items": [{"label": "工作台", "url": "/", "icon": "home", "active": True}]}]
    page = render_to_string("web/page.html", {"title": "工作台", "menu": menu}, request)
    assert 'aria-current="page"' in page
    assert "正在查看 <strong>2021-12-07</strong> 的情况" in page
    assert 'href="#content">跳到正文' in page
    assert "版本" in page
    assert "投诉建议" in page
    assert "onclick" not in page
    assert "<style" not in page
