"""Charts and time lines: the numbers as data and as a table, bars where their days lie."""

from datetime import date

import pytest
from django.template import Context, Template

from zhucun.base.web.bars import lay_out
from zhucun.base.web.charts import Chart, Series

CHART = Chart(
    "年龄结构",
    ["35岁以下", "36岁以上"],
    (Series("2022年", (3, 5)), Series("2021年", (None, 4))),
    kind="grouped",
    links=["/a", ""],
)


def test_the_chart_carries_its_numbers_as_data_and_as_a_table():
    page = Template("{% load furniture %}{% chart chart height=300 %}").render(Context({"chart": CHART}))
    assert "height: 300px" in page
    assert '"values": [3.0, 5.0]' in page
    assert '<a href="/a">35岁以下</a>' in page
    assert "<summary>看数字</summary>" in page
    assert ">—</td>" in page


def test_a_series_must_fit_the_labels():
    with pytest.raises(ValueError, match="年龄"):
        Chart("年龄", ["a"], (Series("x", (1, 2)),))


def test_a_chart_without_numbers_says_so():
    page = Template("{% load furniture %}{% chart chart %}").render(
        Context({"chart": Chart("空", ["a"], (Series("x", (0,)),))})
    )
    assert "没有可以画的数字" in page


def test_bars_lie_between_the_years():
    bars = [
        {"lane": "队长", "label": "王立新", "start": date(2021, 1, 1), "end": date(2022, 1, 1)},
        {"lane": "队长", "label": "李建国", "start": date(2022, 1, 1), "end": None},
        {"lane": "队员", "label": "陈芳", "start": date(1900, 1, 1), "end": date(2021, 7, 1)},
    ]
    timeline = lay_out(bars, None, None, date(2022, 12, 7))
    assert [lane.label for lane in timeline.lanes] == ["队长", "队员"]
    first, second = timeline.lanes[0].bars
    assert (first.left, first.width) == (0, 50)
    assert second.left == 50
    assert second.is_open
    assert first.title == "王立新 2021-01-01 至 2021-12-31"
    assert timeline.lanes[1].bars[0].title == "陈芳  至 2021-06-30"
    assert [line.label for line in timeline.grid] == ["2021年", "2022年"]
    assert timeline.today == pytest.approx(96.6, abs=0.2)


def test_a_time_line_without_bars_is_drawn():
    assert lay_out([], None, None, date(2022, 12, 7)).lanes == []
    page = Template("{% load furniture %}{% timeline_bars bars %}").render(Context({"bars": []}))
    assert "bars-axis" in page
