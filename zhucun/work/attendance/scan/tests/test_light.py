"""What is no pen's doing is taken out or made up for: streaks of the glass, veils of light, lamps, bent paper."""

import cv2
import numpy as np
import pytest

from zhucun.work.attendance.book import geometry as g
from zhucun.work.attendance.scan.lighting import Lighting
from zhucun.work.attendance.scan.streaks import streaks, without
from zhucun.work.attendance.scan.surface import SHAPE

from .conftest import Sheet, jpeg

WHOLE = (slice(0, SHAPE[0]), slice(0, SHAPE[1]))
CROSS = slice(700, 760)
"""Columns of a mark on the streak's way."""


@pytest.fixture
def page() -> np.ndarray:
    """White paper with one mark on it."""
    paper = np.full((*SHAPE, 3), 250, np.uint8)
    paper[480:520, CROSS] = 60
    return paper


def line(page: np.ndarray, left: float, right: float, columns: slice, colour: tuple[int, int, int]) -> None:
    """Two pixels high from one height at the left edge to another at the right, in some columns."""
    places = np.arange(page.shape[1])[columns]
    rows = np.rint(left + (right - left) * places / page.shape[1]).astype(int)
    for row in (rows, rows + 1):
        page[row, places] = np.minimum(page[row, places], colour)


def darkness(page: np.ndarray) -> np.ndarray:
    """0 for the paper, 1 for black."""
    return 1 - page[:, :, 2].astype(np.float32) / 250


def test_a_streak_is_taken_out_and_the_mark_on_its_way_stays(page):
    clean = darkness(page)
    line(page, 490, 510, slice(None), (120, 120, 120))
    found = streaks(page)
    assert [one.down for one in found] == [False]
    mended = without(darkness(page), found, WHOLE)
    assert np.abs(mended - clean)[:, : CROSS.start].max() < 0.02
    assert np.abs(mended - clean)[485:515, CROSS].max() < 0.1


def test_a_streak_down_the_page_and_a_red_one(page):
    page[:, 1000:1002] = 90
    line(page, 300, 290, slice(None), (60, 60, 220))
    assert [one.down for one in streaks(page)] == [False, True]
    assert without(darkness(page), streaks(page), WHOLE)[:, 1000].max() < 0.02


def test_a_streak_is_followed_to_where_the_picture_ends_before_the_sheet(page):
    line(page, 490, 500, slice(None), (120, 120, 120))
    page[:, -50:] = 255
    assert len(streaks(page)) == 1


def test_a_line_that_begins_or_ends_on_the_page_is_a_pen_s(page):
    line(page, 490, 490, slice(200, None), (90, 90, 90))
    line(page, 700, 700, slice(None, 1600), (90, 90, 90))
    assert streaks(page) == []


def test_print_beside_a_faint_streak_stays(page):
    page[600:602, 300:320] = 30
    line(page, 598, 598, slice(None), (225, 225, 225))
    (found,) = streaks(page)
    assert without(darkness(page), [found], WHOLE)[600, 300:320].min() > 0.7


def flagged(sheet: Sheet, pixels: np.ndarray) -> dict[tuple[str, int], str]:
    """The rules of the cells that go to people; none may be read wrongly besides."""
    (one,) = sheet.read(jpeg(pixels, 95))
    assert one.is_read, one.reason
    wrong = [c for c in one.cells if not c.human and c.value != sheet.truth[c.person, c.day][0]]
    assert wrong == []
    return {(c.person, c.day): c.rule for c in one.cells if c.human}


def test_a_veil_of_light_changes_nothing(filled):
    """As much light again lies on the right half as the paper gives back there, less and less to the left."""
    share = np.clip(np.linspace(-0.5, 1.0, filled.pixels.shape[1]), 0, 0.5)[None, :, None]
    veiled = (filled.pixels * (1 - share) + 255 * share).astype(np.uint8)
    assert len(flagged(filled, veiled)) <= len(flagged(filled, filled.pixels)) + 2


def test_where_a_mirrored_lamp_leaves_nothing_people_are_asked_and_the_rest_is_read(filled):
    share = np.clip(np.linspace(1.9, 0.0, filled.pixels.shape[1]), 0, 0.95)[None, :, None]
    found = flagged(filled, (filled.pixels * (1 - share) + 255 * share).astype(np.uint8))
    assert {day for (_, day), rule in found.items() if rule == "hidden"} >= set(range(1, 6))
    assert len([day for _, day in found if day > 20]) <= 3


def test_in_a_picture_without_grain_nothing_is_noisier_for_having_a_little():
    pressed, dark = np.zeros(90), np.full(90, 0.006)
    pressed[3], dark[3] = 0.004, 0.018
    none = np.zeros(90)
    assert Lighting(none, none, pressed, none > 0).noisier.tolist() == [1] * 90
    assert Lighting(none, none, dark, none > 0).noisier[2:5].tolist() == pytest.approx([1, 3, 1])


def test_a_lamp_that_blinds_the_red_makes_no_red_ink_but_a_red_pen_does(filled):
    lamp = np.clip(filled.pixels * np.array([0.6, 0.9, 1.12]), 0, 255).astype(np.uint8)
    assert "red" not in flagged(filled, lamp).values()
    row = filled.page.rows[0]
    day = row.days[4]
    box = g.bubble(0, day, "休")
    middle = (round((box.x + box.w / 2) * 6), round((box.y + box.h / 2) * 6))
    cv2.ellipse(lamp, middle, (9, 6), 0, 0, 360, (30, 30, 230), -1, cv2.LINE_AA)
    assert flagged(filled, lamp)[row.person, day] == "red"


def test_rings_moved_apart_by_bent_paper_are_each_found(filled):
    """Lines stay lines, but the paper is pulled up and down by up to 1.2 mm between them."""
    high, wide = filled.pixels.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    moved = 7 * np.sin((y - 240) / 810 * 2 * np.pi) * np.clip((x - 120) / 300, 0, 1) * np.clip((1680 - x) / 200, 0, 1)
    inside = (y > 240) & (y < 1050)
    bent = cv2.remap(filled.pixels, x, np.where(inside, y + moved, y).astype(np.float32), cv2.INTER_LINEAR)
    assert len(flagged(filled, bent)) <= len(flagged(filled, filled.pixels)) + 2
