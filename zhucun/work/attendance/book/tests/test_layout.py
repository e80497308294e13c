"""The list of bubbles for those who simulate filling."""

import json

from zhucun.work.attendance.book.covers import COVER_PAGES
from zhucun.work.attendance.book.layout import layout
from zhucun.work.attendance.book.tests.paper import page


def test_layout_lists_every_printed_bubble():
    (one,) = layout([page()])
    assert list(one) == ["page", "team", "month", "version", "part", "bubbles"]
    assert (one["page"], one["team"], one["month"], one["version"], one["part"]) == (1, "QD-017", "2022-10", 1, 1)
    assert len(one["bubbles"]) == 4 * (31 + 24 + 20 + 31 + 31)
    first = {"person": "Q0", "day": 1, "option": "村", "x": 45.45, "y": 47.4, "w": 4.6, "h": 3.4}
    assert one["bubbles"][0] == first
    assert min(spot["day"] for spot in one["bubbles"] if spot["person"] == "Q1") == 8
    assert json.loads(json.dumps(one)) == one


def test_pages_are_counted_after_the_cover():
    assert [one["page"] for one in layout([page(), page(2)], before=COVER_PAGES)] == [3, 4]
