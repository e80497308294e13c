"""The PDF: the same bytes twice, words as they were typed, refusals in plain Chinese, and quick."""

import time

import pytest

from zhucun.work.attendance.book import printing
from zhucun.work.attendance.book.covers import COVER_PAGES
from zhucun.work.attendance.book.drawing import code, marker
from zhucun.work.attendance.book.pages import Row
from zhucun.work.attendance.book.tests.paper import KEY, columns, cover, overlong, page, size, words

NASTY = ('#eval("1")', "*x*", "$", "]", '"', "`a`", "@ref", "<label>", "//", "\\u{41}", "= x", "#{", "_y_", "~", "--")


def test_the_same_pages_give_the_same_bytes():
    def once():
        return printing.book([page(), overlong()], KEY, front=cover(), daily=True)

    assert once() == once()


def test_words_are_printed_as_typed():
    for start in range(0, len(NASTY), 5):
        names = NASTY[start : start + 5]
        rows = tuple(Row(str(n), name, name, (1, 2)) for n, name in enumerate(names))
        shown = page(rows=rows, village=names[0], team_name=names[1], unit=names[2], leader=names[3], township=names[4])
        found = words(printing.book([shown], KEY))
        for name in names:
            assert found.count("".join(name.split())) >= 2
    for name in NASTY:
        assert "".join(name.split()) in words(printing.cover(cover(leader=name)))


def test_a_page_says_what_it_is():
    found = words(printing.book([page(provisional=True, part=1, parts=2, version=3)], KEY))
    for text in (
        "祁东县乡村振兴驻村帮扶工作队出勤记录本2022年10月",
        "第1页共2页",
        "第3版",
        "日历暂定",
        "国庆节",
        "盖章勿压格",
        "更正处",
    ):
        assert text in found
    assert "涂满正确的圈，在错的圈上打大叉，队长在旁签名" in found
    assert found.count(page(provisional=True, part=1, parts=2, version=3).code(KEY)) == 2
    assert found.count("8–31日") == 1
    assert found.count("本人签名") == 5


def test_absent_people_leave_their_place_empty():
    found = words(printing.book([page(2)], KEY))
    assert found.count("本人签名") == 2
    assert "以下空白" in found
    assert "日历暂定" not in found


def test_one_sheet_a_page_and_a_cover_of_two():
    assert size(printing.book([page(), page(3), page(1)], KEY)) == 3
    assert size(printing.book([page()], KEY, front=cover())) == 1 + COVER_PAGES
    assert size(printing.cover(cover())) == COVER_PAGES


def test_the_cover_names_the_county_it_was_given():
    made = printing.cover(cover(county_name="双峰县", unit="双峰县财政局"))
    first, inside = words(made), words(made, 1)
    assert "双峰县乡村振兴驻村帮扶工作队出勤记录本2022年度" in first
    assert "祁东" not in first + inside
    assert "填写说明" in inside
    assert "涂满正确的圈，在错的圈上打大叉，画出圈外，队长在旁签名" in inside


def test_daily_pages_hold_a_line_for_every_day_of_service():
    made = printing.daily([page(3)])
    text = "".join(words(made, number) for number in range(size(made)))
    assert text.count("邹子旭") == 31
    assert text.count("欧阳䶮") == 24
    assert text.count("刘㛃") == 20
    for title in ("到村时间", "离村时间", "当日工作要点", "本人签名", "备注"):
        assert title in text


def test_the_parts_of_a_team_share_their_daily_pages():
    both = printing.daily([page(5, part=1, parts=2), page(2, part=2, parts=2)])
    assert "第1页共" in words(both)
    assert words(both).count("邹子旭") == 3 * 2  # five lines a day, three days on a sheet


def test_nothing_to_print_is_refused():
    with pytest.raises(ValueError, match="没有要印的月页"):
        printing.book([], KEY)
    with pytest.raises(ValueError, match="没有要印的日页"):
        printing.daily([page(rows=())])


def test_a_sixth_person_and_a_day_that_is_not_are_refused():
    six = tuple(Row(str(n), "张三", "队员", (1,)) for n in range(6))
    with pytest.raises(ValueError, match="最多印5人"):
        printing.book([page(rows=six)], KEY)
    strange = (Row("1", "张三", "队员", (28, 29)),)
    with pytest.raises(ValueError, match=r"张三.*29日"):
        printing.book([page(rows=strange, days=columns("2022-02"))], KEY)


def test_markers_are_those_of_opencv():
    import cv2
    import numpy as np

    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number in range(8):
        drawn = np.full((6, 6), 255, np.uint8)
        for x, y, n in marker(number):
            drawn[y, x : x + n] = 0
        assert (drawn == cv2.aruco.generateImageMarker(dictionary, number, 6)).all()


def test_the_longest_code_fits_its_symbol():
    assert sum(n for _, _, n in code("ZC1*" + "A" * 14 + "*202210*V01*1/1*ABCD*ABCDEFGH")) > 300


def test_a_page_takes_a_quarter_of_a_second_at_most():
    printing.book([page()], KEY)
    pages = [page(5, village=f"第{n}村", team=f"QD-{n:03}") for n in range(20)]
    start = time.process_time()
    printing.book(pages, KEY)
    assert (time.process_time() - start) / len(pages) < 0.25
