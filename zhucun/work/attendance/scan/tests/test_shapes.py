"""What the shape test says of marks drawn by hand here, and what that changes for a cell."""

import cv2
import numpy as np
import pytest

from zhucun.work.attendance.book.geometry import bubble
from zhucun.work.attendance.scan.shapes import MARK, NOTHING, STRUCK, holdings

from .conftest import Sheet, jpeg

DOTS, FINE = 6, 4
"""Pixels a mm of the sheet, and how many times finer strokes are drawn."""


def drawn(
    sheet: Sheet, day: int, option: str, strokes: list[list[tuple[float, float]]], dark: int, width: float
) -> None:
    """Draw strokes, in mm from the middle of the first person's bubble, as a pen would."""
    box = bubble(0, day, option)
    middle = np.array([box.x + box.w / 2, box.y + box.h / 2])
    size = (sheet.pixels.shape[1] * FINE, sheet.pixels.shape[0] * FINE)
    layer = np.zeros(size[::-1], np.uint8)
    for stroke in strokes:
        points = np.rint((np.array(stroke) + middle) * DOTS * FINE).astype(np.int32)
        cv2.polylines(layer, [points], False, 255, round(width * DOTS * FINE), cv2.LINE_AA)
    ink = cv2.resize(layer, sheet.pixels.shape[1::-1], interpolation=cv2.INTER_AREA)[:, :, None] / 255
    sheet.pixels[:] = np.rint(sheet.pixels * (1 - ink) + dark * ink).astype(np.uint8)


FILL = [[(-1.8, y), (1.8, y)] for y in np.arange(-1.2, 1.3, 0.4)]
CROSS = [[(-3.0, -2.2), (3.0, 2.2)], [(-3.0, 2.2), (3.0, -2.2)]]
SLASH = [[(-1.4, 1.3), (1.4, -1.3)]]
INSIDE = [[(-1.3, -0.9), (1.3, 0.9)], [(-1.3, 0.9), (1.3, -0.9)]]
SPECK = [[(0.7, 0.3), (0.72, 0.3)]]


@pytest.fixture
def written(clean) -> Sheet:
    """The first person's days filled in at 村, but for day 2, struck out there, and day 3, where nothing is."""
    sheet = Sheet(clean.page, clean.pixels.copy(), {})
    for day in clean.page.rows[0].days:
        if day != 3:
            drawn(sheet, day, "村", FILL, 35, 0.5)
    drawn(sheet, 2, "村", CROSS, 35, 0.5)
    return sheet


def cells(sheet: Sheet) -> dict[int, object]:
    """The first person's cells by day."""
    (one,) = sheet.read(jpeg(sheet.pixels))
    return {cell.day: cell for cell in one.cells if cell.person == sheet.page.rows[0].person}


def test_only_what_is_struck_or_empty_goes_to_people(written):
    found = cells(written)
    assert {day: (cell.value, cell.rule) for day, cell in found.items() if cell.human} == {
        2: ("村", "struck"),
        3: (None, "blank"),
    }
    assert {cell.value for day, cell in found.items() if day not in (2, 3)} == {"村"}


def test_ink_on_ink_inside_a_full_bubble_may_strike_it_out(clean):
    pale = Sheet(clean.page, clean.pixels.copy(), {})
    for day in clean.page.rows[0].days:
        drawn(pale, day, "村", FILL, 110, 0.5)
    drawn(pale, 4, "村", INSIDE, 40, 0.4)
    assert {day: cell.rule for day, cell in cells(pale).items() if cell.human} == {4: "struck"}


@pytest.mark.parametrize(("spread", "rules"), [(0, {4: "struck"}), (25, {})])
def test_a_little_darker_counts_for_who_always_presses_alike(clean, spread, rules):
    sheet = Sheet(clean.page, clean.pixels.copy(), {})
    for day in clean.page.rows[0].days:
        drawn(sheet, day, "村", FILL, 110 + spread * (day % 3 - 1), 0.5)
    drawn(sheet, 4, "村", INSIDE, 84, 0.4)
    assert {day: cell.rule for day, cell in cells(sheet).items() if cell.human} == rules


@pytest.mark.parametrize(("struck", "more"), [((), set()), ((9,), set()), ((9, 12, 15, 18, 21, 24, 27), {4})])
def test_on_a_page_where_much_is_struck_out_less_is_enough(clean, struck, more):
    sheet = Sheet(clean.page, clean.pixels.copy(), {})
    for day in clean.page.rows[0].days:
        drawn(sheet, day, "村", FILL, 110 + 25 * (day % 3 - 1), 0.5)
    drawn(sheet, 4, "村", INSIDE, 84, 0.4)
    for day in struck:
        drawn(sheet, day, "村", CROSS, 84, 0.4)
    assert {day for day, cell in cells(sheet).items() if cell.human} == {*struck, *more}


@pytest.mark.parametrize(("again", "hidden"), [(15, {13, 14}), (18, set())])
def test_a_line_does_not_jump_over_a_day(written, again, hidden):
    """Where marks hide it, a line is taken to go on if it is seen on both sides, and only for a few days."""
    for first in (10, again):
        drawn(written, first, "村", [[(-3.5, 0.8), (2 * 7.5 + 3.5, 0.8)]], 35, 0.35)
    found = {day for day, cell in cells(written).items() if cell.human}
    assert found == {2, 3, *range(10, 13), *range(again, again + 3), *hidden}


def test_a_dot_is_too_little_for_who_fills_in_whole_bubbles(written):
    drawn(written, 3, "村", [[(0.1, 0.0), (0.12, 0.0)]], 35, 0.9)
    assert cells(written)[3].rule == "weak"


def test_a_slash_for_once_is_a_mark(written):
    drawn(written, 3, "休", SLASH, 60, 0.35)
    assert (cells(written)[3].value, cells(written)[3].rule) in {("休", ""), ("休", "weak")}


def test_a_speck_is_no_second_mark_but_a_slash_is(written):
    drawn(written, 5, "休", SPECK, 120, 0.4)
    drawn(written, 6, "休", SLASH, 60, 0.35)
    found = cells(written)
    assert (found[5].value, found[5].rule) == ("村", "")
    assert found[6].rule == "second"


def test_where_greys_are_lost_a_speck_beside_a_whole_mark_is_nothing_but_beside_a_struck_one_it_may_be_a_mark(written):
    for day in (5, 6):
        drawn(written, day, "休", SPECK, 35, 0.5)
    drawn(written, 6, "村", CROSS, 35, 0.5)
    drawn(written, 7, "休", SLASH, 60, 0.35)
    written.pixels[:] = np.where(written.pixels.mean(2, keepdims=True) < 100, 0, 255)
    found = cells(written)
    assert {day: cell.rule for day, cell in found.items() if cell.human} == {
        2: "struck", 3: "blank", 6: "second", 7: "second"
    }  # fmt: skip


def test_of_two_marks_in_a_light_hand_neither_is_a_speck(clean):
    light = Sheet(clean.page, clean.pixels.copy(), {})
    for day in clean.page.rows[0].days:
        drawn(light, day, "村", SLASH, 150, 0.3)
    drawn(light, 5, "视", SLASH, 170, 0.3)
    found = cells(light)
    assert found[5].human
    assert sum(cell.human for cell in found.values()) <= 3


def test_a_line_through_several_days_is_for_people_but_no_streak_of_the_glass(written):
    """The line begins and ends in the grid; the streak runs over the whole page."""
    middle = bubble(0, 1, "村").y + bubble(0, 1, "村").h / 2
    streaked = Sheet(written.page, written.pixels.copy(), {})
    streaked.pixels[round((middle + 0.8) * DOTS)] = 90
    assert {day for day, cell in cells(streaked).items() if cell.human} == {2, 3}
    drawn(written, 8, "村", [[(-3.5, 0.8), (4 * 7.5 + 3.5, 0.8)]], 35, 0.35)
    assert {day for day, cell in cells(written).items() if cell.human} == {2, 3, *range(8, 13)}


def test_answers_stand_beside_the_others():
    """Of three answers at most one lies above what the others say together, and nobody is asked about nothing."""
    random = np.random.default_rng(4)
    said = holdings(*(random.random((50, 41, 49), np.float32) for _ in range(2)), np.full(50, 0.8, np.float32))
    assert said.shape == (50, 3)
    assert ((said > 0).sum(1) <= 1).all()
    assert {NOTHING, MARK, STRUCK} == {0, 1, 2}
    assert holdings(np.zeros((0, 41, 49)), np.zeros((0, 41, 49)), np.zeros(0)).shape == (0, 3)
