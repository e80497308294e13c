"""Where a page lies in a picture: exact on a clean print, whichever way it is turned, and refused with its reason."""

import cv2
import numpy as np
import pytest

from zhucun.work.attendance.scan.finding import find
from zhucun.work.attendance.scan.grid import grid
from zhucun.work.attendance.scan.light import ink
from zhucun.work.attendance.scan.refusals import Refusal
from zhucun.work.attendance.scan.registering import register

from .conftest import jpeg


def framed(pixels: np.ndarray, by: int = 60) -> np.ndarray:
    """A page on a grey desk."""
    return cv2.copyMakeBorder(pixels, by, by, by, by, cv2.BORDER_CONSTANT, value=(90, 100, 110))


def reason(pixels: np.ndarray) -> str:
    """Why the only page of a picture is refused."""
    (found,) = find(pixels)
    return found.refusal


def test_a_clean_page_lies_where_the_numbers_say(clean):
    (found,) = find(clean.pixels)
    places = register(ink(found.surface.straightened(found.image)).dark, grid(clean.page))
    assert found.surface.deviation() < 0.01
    assert np.abs(places.shifts).max() < 0.05


@pytest.mark.parametrize("angle", [0, 45, 90, 180, 270, 301])
def test_a_page_is_found_whichever_way_it_is_turned(filled, angle):
    high, wide = filled.pixels.shape[:2]
    side = int(np.hypot(high, wide)) + 40
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1)
    turn[:, 2] += (side - wide) / 2, (side - high) / 2
    (found,) = find(cv2.warpAffine(filled.pixels, turn, (side, side), borderValue=(90, 100, 110)))
    assert (found.refusal, found.text) == ("", filled.page.code(b"training-key"))
    places = register(ink(found.surface.straightened(found.image)).dark, grid(filled.page))
    assert np.abs(places.shifts).max() < 0.1


def test_two_pages_in_one_photo_are_both_found(filled, other):
    both = np.vstack([framed(filled.pixels, 30), framed(other.pixels, 30)])
    assert [found.text for found in find(both)] == [one.page.code(b"training-key") for one in (filled, other)]


def test_many_markers_are_tried_in_a_short_time():
    """A sheet of nothing but markers cannot keep the reader busy."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    tiles = [
        np.pad(cv2.aruco.generateImageMarker(dictionary, at % 8, 48), 16, constant_values=255) for at in range(400)
    ]
    wall = np.vstack([np.hstack(tiles[row * 20 : row * 20 + 20]) for row in range(20)])
    assert all(found.refusal for found in find(cv2.cvtColor(wall, cv2.COLOR_GRAY2BGR)))


def test_an_empty_picture_has_no_page():
    assert reason(np.full((1500, 2000, 3), 250, np.uint8)) == Refusal.BLANK_LEAF
    noise = np.random.default_rng(0).integers(0, 255, (1200, 1600, 3), np.uint8)
    assert reason(noise) == Refusal.NO_PAGE


def test_a_mirrored_page_is_named(filled):
    assert reason(cv2.flip(filled.pixels, 1)) == Refusal.MIRRORED


def test_a_missing_corner_is_named(filled):
    assert reason(filled.pixels[:, :1200]) == Refusal.CUT_RIGHT
    assert reason(filled.pixels[500:]) == Refusal.CUT_TOP
    assert reason(filled.pixels[:, :300]) == Refusal.FEW_MARKERS
    covered = filled.pixels.copy()
    covered[1071:1170, 126:225] = 240
    turn = np.float32([[1, 0.25, 20], [-0.25, 1, 300]])
    assert reason(cv2.warpAffine(covered, turn, (2150, 1600), borderValue=(90,) * 3)) == Refusal.CUT_TOP_RIGHT


def test_a_page_without_its_codes_is_refused(filled):
    covered = filled.pixels.copy()
    for left, top, side in ((256, 9.5, 20), (21, 178.5, 16.5)):
        covered[int(top * 6) : int((top + side) * 6), int(left * 6) : int((left + side) * 6)] = 240
    assert reason(covered) == Refusal.NO_CODE


def test_one_code_is_enough(filled):
    covered = filled.pixels.copy()
    covered[57:177, 1536:1656] = 128
    assert reason(covered) == ""


def test_codes_that_differ_are_refused(filled, other):
    mixed = filled.pixels.copy()
    mixed[57:177, 1536:1656] = other.pixels[57:177, 1536:1656]
    assert reason(mixed) == Refusal.TWO_CODES


def test_a_shaken_photo_is_told_so(filled):
    kernel = np.zeros((25, 25), np.float32)
    cv2.line(kernel, (2, 6), (22, 18), 1.0, 1)
    assert reason(cv2.filter2D(framed(filled.pixels), -1, kernel / kernel.sum())) in {Refusal.BLURRED, Refusal.NO_PAGE}


def test_a_page_seen_too_slantingly_is_refused(filled):
    high, wide = filled.pixels.shape[:2]
    corners = np.float32([(0, 0), (wide, 0), (wide, high), (0, high)])
    slant = np.float32([(700, 100), (1082, 100), (1750, 1150), (30, 1150)])
    view = cv2.getPerspectiveTransform(corners, slant)
    assert reason(cv2.warpPerspective(filled.pixels, view, (wide, high))) in {Refusal.TOO_SLANTED, Refusal.FEW_MARKERS}


def test_a_code_on_the_desk_is_not_taken(filled, other):
    """The page's own codes are covered; another page's code lies beside it."""
    covered = filled.pixels.copy()
    for left, top, side in ((256, 9.5, 20), (21, 178.5, 16.5)):
        covered[int(top * 6) : int((top + side) * 6), int(left * 6) : int((left + side) * 6)] = 240
    desk = framed(covered, 150)
    desk[10:130, 400:520] = other.pixels[57:177, 1536:1656]
    assert reason(desk) == Refusal.NO_CODE


def test_reading_needs_no_more_than_its_bytes(filled):
    assert filled.read(jpeg(filled.pixels)) == filled.read(jpeg(filled.pixels))
