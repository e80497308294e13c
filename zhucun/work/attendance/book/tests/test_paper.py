"""What is printed stands where geometry.py says, and nothing else stands there."""

import cv2
import numpy as np
import pytest
import zxingcpp

from zhucun.work.attendance.book.geometry import (
    CODES,
    COLUMN_PITCH,
    GRID_LEFT,
    MARKER_QUIET,
    MARKER_SIDE,
    MARKERS,
    OPTIONS,
    ROW_PITCH,
    bubble,
    cell,
)
from zhucun.work.attendance.book.tests.paper import KEY, SCALE, overlong, page, part

WHITE = 250
FINER = 4  # a ring is measured in quarters of a pixel


@pytest.fixture(params=["printed", "crowded"])
def sheet(request):
    """A rendered page with the page it shows."""
    return request.getfixturevalue(request.param), page() if request.param == "printed" else overlong()


def test_all_markers_stand_where_geometry_says(sheet):
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), parameters)
    corners, ids, _ = detector.detectMarkers(sheet[0])
    assert sorted(ids.ravel()) == sorted(MARKERS)
    for (found,), number in zip(corners, ids.ravel(), strict=True):
        x, y = MARKERS[int(number)]
        square = np.array([(x, y), (x + MARKER_SIDE, y), (x + MARKER_SIDE, y + MARKER_SIDE), (x, y + MARKER_SIDE)])
        assert np.abs((found + 0.5) / SCALE - square).max() < 0.1


def test_both_codes_say_what_the_page_says(sheet):
    picture, shown = sheet
    for x, y, side in CODES:
        (found,) = zxingcpp.read_barcodes(part(picture, x, y, side, side))
        assert found.text == shown.code(KEY)
        assert found.ec_level == "Q"


def test_every_ring_stands_where_geometry_says(sheet):
    picture, shown = sheet
    for place, row in enumerate(shown.rows):
        for day in row.days:
            for option in OPTIONS:
                box = bubble(place, day, option)
                seen = _ring(picture, box)
                assert np.abs(seen - (box.x + box.w / 2, box.y + box.h / 2, box.w, box.h)).max() < 0.1, (
                    place,
                    day,
                    option,
                )


def test_a_letter_stands_in_the_middle_of_its_bubble(printed):
    for day in (1, 16, 31):
        for option in OPTIONS:
            box = bubble(0, day, option)
            inside = 255 - part(printed, box.x + 0.9, box.y + 0.5, box.w - 1.8, box.h - 1).astype(float)
            ys, xs = np.nonzero(inside > 40)
            middle = ((xs.min() + xs.max() + 1) / 2, (ys.min() + ys.max() + 1) / 2)
            assert np.abs(np.array(middle) - np.array(inside.shape[::-1]) / 2).max() / SCALE < 0.2
            assert inside.max() < 160


def test_days_outside_show_no_bubble(sheet):
    picture, shown = sheet
    for place, row in enumerate(shown.rows):
        for day in {column.day for column in shown.days} - set(row.days):
            box = cell(place, day)
            assert part(picture, box.x + 0.3, box.y + 0.3, box.w - 0.6, box.h - 0.6).min() > WHITE


def test_gutters_hold_hairlines_only(sheet):
    picture, shown = sheet
    for place, row in enumerate(shown.rows):
        for day in row.days:
            box = cell(place, day)
            for line in range(len(OPTIONS) + 1):
                y, high = box.y + line * ROW_PITCH - 1.15, 2.3
                if line in {0, len(OPTIONS)}:
                    y, high = (box.y + 0.25, 0.9) if line == 0 else (y, 0.9)
                assert part(picture, box.x + 0.25, y, box.w - 0.5, high).min() > WHITE
            for x in (box.x + 0.25, box.x + box.w - 1.2):
                assert part(picture, x, box.y + 0.25, 0.95, box.h - 0.5).min() > WHITE


def test_nothing_leans_on_the_grid(sheet):
    picture, shown = sheet
    for place in range(len(shown.rows)):
        box = cell(place, 1)
        assert part(picture, GRID_LEFT - 1.3, box.y + 0.25, 1.05, box.h - 0.5).min() > WHITE
        last = cell(place, len(shown.days))
        assert part(picture, last.x + COLUMN_PITCH + 0.2, box.y + 0.25, 1.3, box.h - 0.5).min() > WHITE


def test_quiet_zones_are_white(sheet):
    picture, _ = sheet
    side = MARKER_SIDE + 2 * MARKER_QUIET
    for x, y in MARKERS.values():
        around = part(picture, x - MARKER_QUIET, y - MARKER_QUIET, side, side).copy()
        edge = round((MARKER_QUIET + 0.15) * SCALE)
        around[edge - 3 : 3 - edge, edge - 3 : 3 - edge] = 255
        assert around.min() > WHITE
    for x, y, side in CODES:
        around = part(picture, x, y, side, side).copy()
        edge = int(side * 4 / 37 * SCALE) - 1
        around[edge:-edge, edge:-edge] = 255
        assert around.min() > WHITE


def test_nothing_is_printed_into_the_edge(sheet):
    picture, _ = sheet
    edge = int(5 * SCALE)
    inner = picture.copy()
    inner[edge:-edge, edge:-edge] = 255
    assert inner.min() > WHITE


def _ring(picture, box):
    """Centre and size of the ellipse found at a bubble's place, mm."""
    margin = 0.7
    left, top = (int((at - margin) * SCALE) for at in (box.x, box.y))
    crop = picture[top : int((box.y + box.h + margin) * SCALE), left : int((box.x + box.w + margin) * SCALE)]
    crop = cv2.resize(crop, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_CUBIC)
    _, dark = cv2.threshold(crop, 128, 255, cv2.THRESH_BINARY_INV)
    contours, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outer = max(contours, key=cv2.contourArea)
    x, y, w, h = (at / FINER for at in cv2.boundingRect(outer))
    line = 0.22  # the outline stands half outside the ellipse of geometry.py
    return np.array([(left + x + w / 2) / SCALE, (top + y + h / 2) / SCALE, w / SCALE - line, h / SCALE - line])
