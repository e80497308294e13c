"""Whole files: values and reasons for every person-day, refusals of codes, pictures without metadata."""

import struct
from dataclasses import replace

import cv2
import numpy as np
import pytest

from bench.book_training.camera import CONDITIONS, PHONE, shoot
from bench.book_training.collect import simulated
from bench.book_training.filling import NORMAL, fill
from bench.book_training.page import COUNTY, KEY, draw, some_page
from zhucun.work.attendance.book import geometry as g
from zhucun.work.attendance.scan.edges import slipped
from zhucun.work.attendance.scan.grid import grid
from zhucun.work.attendance.scan.light import ink
from zhucun.work.attendance.scan.reader import read
from zhucun.work.attendance.scan.reading import Read
from zhucun.work.attendance.scan.refusals import FADED, JBIG2, RED_PEN, Refusal
from zhucun.work.attendance.scan.registering import register

from .conftest import jpeg
from .test_pictures import pdf


def only(reads: list[Read]) -> Read:
    """The one page of a file."""
    (one,) = reads
    return one


def test_a_filled_page_is_read(filled):
    one = only(filled.read(jpeg(filled.pixels)))
    assert one.is_read
    assert (one.file, one.number, one.code) == ("页.jpg", 1, filled.page.code(KEY))
    assert [(cell.person, cell.day) for cell in one.cells] == [
        (row.person, day) for row in filled.page.rows for day in row.days
    ]
    sure = [cell for cell in one.cells if not cell.human]
    assert len(sure) > 0.95 * len(one.cells)
    assert all(cell.value == filled.truth[cell.person, cell.day][0] for cell in sure)
    assert all(cell.why and cell.rule for cell in one.cells if cell.human)
    assert all(0 <= cell.confidence <= 1 and len(cell.measures) == 16 for cell in one.cells)


def test_an_empty_page_is_all_blank_and_all_for_people(clean):
    cells = only(clean.read(jpeg(clean.pixels))).cells
    assert {(cell.value, cell.human, cell.why) for cell in cells} == {(None, True, "没有填涂")}


def test_two_marks_are_for_people(clean):
    pixels = clean.pixels.copy()
    first = clean.page.rows[0]
    for option in (0, 2):
        x, y = 44 + (first.days[0] - 0.5) * 7.5, 46 + (option + 0.5) * 6.2
        cv2.ellipse(pixels, (round(x * 6), round(y * 6)), (13, 9), 0, 0, 360, (40, 40, 40), -1)
    cell = only(clean.read(jpeg(pixels))).cells[0]
    assert (cell.human, cell.rule, cell.why) == (True, "second", "两个圈都有笔迹")


def test_a_page_that_lost_its_greys_is_read_with_a_warning(filled):
    """A black-and-white scan: the grey letters are gone, so a light stroke may be too."""
    cells = only(filled.read(jpeg(np.where(filled.pixels > 90, 255, 0).astype(np.uint8), 100)))
    assert cells.warnings == (FADED,)
    sure = [cell for cell in cells.cells if not cell.human]
    assert sure
    assert all(cell.value == filled.truth[cell.person, cell.day][0] for cell in sure)


@pytest.mark.parametrize("stay", [28, 7])
def test_who_writes_in_red_throughout_is_read_with_a_warning(clean, stay):
    """A red pen is a correction in a black hand, and nothing but a pen in a red one, even of who came for a week."""
    first = clean.page.rows[0]
    rows = replace(clean.page, rows=(replace(first, days=first.days[:stay]),))
    random = np.random.default_rng(5)
    pixels, truth = fill(draw(rows), rows, replace(NORMAL, red_person=1.0), random)
    small = cv2.resize(
        np.clip(pixels * 255, 0, 255).astype(np.uint8), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA
    )
    one = only(list(read("a", jpeg(small), lambda text: rows, COUNTY, KEY)))
    assert one.warnings == (RED_PEN,)
    sure = [cell for cell in one.cells if not cell.human]
    assert len(sure) > 0.8 * len(one.cells)
    assert all(cell.value == truth[cell.person, cell.day][0] for cell in sure)


def test_strongly_curled_paper_is_laid_flat(filled):
    """Bent by 13 mm, more than two rows of bubbles: no row is taken for the next, and few places are lost."""
    pixels = cv2.resize(filled.pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    content = shoot(pixels, replace(PHONE, curl=13.0), np.random.default_rng(3))
    one = only(filled.read(content))
    assert sum(cell.rule == "shifted" for cell in one.cells) < 0.05 * len(one.cells)
    assert all(cell.human or cell.value == filled.truth[cell.person, cell.day][0] for cell in one.cells)


def test_a_bend_of_more_than_half_a_row_between_the_markers_is_followed(filled):
    """Fingers lie on the middle markers of a page bent by 12 mm: no marker tells of the bend, the rings do."""
    pixels = filled.pixels.copy()
    for number in (1, 5):
        x, y = g.MARKERS[number]
        pixels[round((y - 4) * 6) : round((y + 12) * 6), round((x - 4) * 6) : round((x + 12) * 6)] = (120, 150, 190)
    large = cv2.resize(pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    one = only(filled.read(shoot(large, replace(PHONE, curl=12.0), np.random.default_rng(3))))
    assert sum(cell.human for cell in one.cells) < 0.1 * len(one.cells)
    assert all(cell.human or cell.value == filled.truth[cell.person, cell.day][0] for cell in one.cells)


def test_a_sheet_bent_so_far_that_its_markers_make_two_pages_is_one(other):
    """Bent by 12 mm, and turned a little: no flat view holds all markers, each half has a code. A flat page lies beside it."""
    random = np.random.default_rng(1048)
    rows = some_page(random)
    pixels, truth = fill(draw(rows), rows, NORMAL, random)
    bent = replace(PHONE, curl=random.uniform(8, 22) * random.choice([-1, 1]), turn=random.normal(0, 3))
    photo = cv2.imdecode(np.frombuffer(shoot(pixels, bent, random), np.uint8), cv2.IMREAD_COLOR)
    flat = cv2.resize(other.pixels, None, fx=1.5, fy=1.5)
    beside = cv2.copyMakeBorder(flat, 0, 0, 0, photo.shape[1] - flat.shape[1], cv2.BORDER_CONSTANT, value=(90,) * 3)
    printed = {page.code(KEY): page for page in (rows, other.page)}
    read_pages = list(read("a", jpeg(np.vstack([beside, photo])), printed.__getitem__, COUNTY, KEY))
    assert [one.page for one in read_pages] == [other.page, rows]
    assert sum(cell.human for cell in read_pages[1].cells) < 0.1 * len(read_pages[1].cells)
    assert all(cell.human or cell.value == truth[cell.person, cell.day][0] for cell in read_pages[1].cells)


@pytest.mark.parametrize(
    "slip", [(0.0, g.ROW_PITCH), (0.0, -g.ROW_PITCH), (g.COLUMN_PITCH, 0.0), (-g.COLUMN_PITCH, 0.0)]
)
def test_a_page_laid_a_row_or_a_column_too_far_is_known_by_what_lies_beyond_its_edges(clean, slip):
    where = grid(clean.page)
    dark = ink(clean.pixels).dark
    places = register(dark, where)
    assert not slipped(dark, where, places)
    assert slipped(dark, where, replace(places, shifts=places.shifts + slip))


def test_a_page_mostly_covered_is_all_for_people(filled):
    """Another sheet lies over most of the grid: what is left of it cannot be trusted either."""
    pixels = filled.pixels.copy()
    pixels[45 * 6 : 177 * 6, 120 * 6 : 277 * 6] = 245
    one = only(filled.read(jpeg(pixels)))
    assert all(cell.human for cell in one.cells)


def test_crops_show_their_cells(filled):
    one = only(filled.read(jpeg(filled.pixels)))
    picture = cv2.imdecode(np.frombuffer(one.picture, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (1260, 1782, 3)
    for cell in one.cells:
        left, top, width, height = cell.crop
        assert left >= 0
        assert top >= 0
        assert left + width <= 1782
        assert top + height <= 1260
    left, top, width, height = one.cells[0].crop
    assert left < 44 * 6 < left + width
    assert top < 46 * 6 < top + height


def test_the_picture_holds_no_metadata(filled):
    """A photo that says where and when it was taken becomes a picture that does not."""
    content = jpeg(filled.pixels)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0GPS 26.8N 112.1E 2025:07:01 08:00:00"
    marked = content[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + content[2:]
    picture = only(filled.read(marked)).picture
    assert b"Exif" not in picture
    assert b"GPS" not in picture


def test_another_county_or_key_is_not_ours(filled):
    content = jpeg(filled.pixels)
    assert only(filled.read(content, county="430400")).reason == Refusal.NOT_OURS
    assert only(filled.read(content, key=b"another")).reason == Refusal.NOT_OURS


def test_the_lookup_may_refuse_and_is_not_asked_for_strangers(filled):
    content, asked = jpeg(filled.pixels), []

    def lookup(text: str) -> str:
        asked.append(text)
        return "这一页已经作废"

    one = only(list(read("a", content, lookup, COUNTY, KEY)))
    assert (one.reason, one.cells, one.code) == ("这一页已经作废", (), filled.page.code(KEY))
    list(read("a", content, lookup, "430400", KEY))
    assert len(asked) == 1


def test_a_roster_that_is_not_the_printed_one_is_refused(filled):
    rows = (replace(filled.page.rows[0], days=(1, 2, 3)), *filled.page.rows[1:])
    changed = replace(filled.page, rows=rows)
    assert only(list(read("a", jpeg(filled.pixels), lambda text: changed, COUNTY, KEY))).reason == Refusal.CHANGED


def test_a_pdf_of_several_pages_and_a_photo_of_two(filled, other):
    pages = {one.page.code(KEY): one.page for one in (filled, other)}
    scanned = list(read("a.pdf", pdf(filled.pixels, other.pixels), lambda text: pages[text], COUNTY, KEY))
    assert [(one.number, one.page) for one in scanned] == [(1, filled.page), (2, other.page)]
    both = jpeg(np.vstack([filled.pixels, other.pixels]))
    shot = list(read("a.jpg", both, lambda text: pages[text], COUNTY, KEY))
    assert [(one.number, one.page) for one in shot] == [(1, filled.page), (1, other.page)]
    for one, sheet in zip(shot + scanned, [filled, other] * 2, strict=True):
        assert all(cell.human or cell.value == sheet.truth[cell.person, cell.day][0] for cell in one.cells)


def test_a_scan_by_jbig2_is_all_for_people(filled, monkeypatch):
    from zhucun.work.attendance.scan import pdfs

    measured = pdfs._images
    monkeypatch.setattr(pdfs, "_images", lambda page: (*measured(page)[:2], {"JBIG2Decode"}, 1))
    one = only(filled.read(pdf(filled.pixels)))
    assert one.warnings == (JBIG2,)
    assert all(cell.human for cell in one.cells)


@pytest.mark.parametrize(
    "condition", ["scan grey 200", "copied", "phone turned", "curl", "hard shadow", "wechat", "seal"]
)
def test_nothing_is_silently_wrong(condition):
    seed = 77_000 + sorted(CONDITIONS).index(condition)
    content, page, truth = simulated(seed, NORMAL, condition)
    one = only(list(read("a", content, lambda text: page, COUNTY, KEY)))
    assert one.is_read or one.reason == Refusal.BLURRED
    assert [cell for cell in one.cells if not cell.human and cell.value != truth[cell.person, cell.day][0]] == []
