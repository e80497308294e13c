"""Files from outside: every bad one gives one page with a reason, none an exception, and none is decoded before it is bounded."""

import struct
import time
import zlib

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest

from zhucun.work.attendance.scan import pdfs
from zhucun.work.attendance.scan.metadata import without_metadata
from zhucun.work.attendance.scan.pictures import MOST_PIXELS, pictures
from zhucun.work.attendance.scan.refusals import Refusal

from .conftest import jpeg


def reasons(content: bytes) -> list[str]:
    """Why each picture of a file is refused, empty for those that are taken."""
    return [picture.refusal for picture in pictures(content)]


def png(width: int, height: int, data: bytes, colour: int = 2) -> bytes:
    """A PNG that announces a size, whatever it holds."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(*images: np.ndarray, size: tuple[float, float] = (842, 595)) -> bytes:
    """A PDF with a scanned picture a page."""
    import io

    document = pdfium.PdfDocument.new()
    for image in images:
        page = document.new_page(*size)
        picture = pdfium.PdfImage.new(document)
        picture.load_jpeg(io.BytesIO(jpeg(image)), inline=True)
        picture.set_matrix(pdfium.PdfMatrix().scale(*size))
        page.insert_obj(picture)
        page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"hello", Refusal.NOT_A_PICTURE),
        (b"GIF89a" + bytes(500), Refusal.NOT_A_PICTURE),
        (b"\0\0\0\x18ftypheic" + bytes(100), Refusal.HEIC),
        (b"\xff\xd8\xff" + bytes(100), Refusal.BROKEN),
        (b"\x89PNG\r\n\x1a\n", Refusal.BROKEN),
        (b"%PDF-1.4\nnothing", Refusal.BROKEN),
        (png(100_000, 100_000, b""), Refusal.TOO_LARGE),
        (png(8_000, 7_600, zlib.compress(bytes(10_000_000), 9)), Refusal.TOO_LARGE),
        (png(2_000, 1_500, b"nonsense"), Refusal.BROKEN),
        (png(0, 10, b""), Refusal.BROKEN),
    ],
)
def test_a_bad_file_is_one_page_with_its_reason(content, reason):
    assert reasons(content) == [reason]


def test_bytes_at_random_never_raise():
    random = np.random.default_rng(0)
    for start in (b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"%PDF-1.7\n"):
        for size in (1, 40, 3_000):
            assert all(reasons(start + random.bytes(size)))


def test_a_photo_cut_off_in_transfer_is_broken(filled):
    content = jpeg(filled.pixels)
    assert reasons(content) == [""]
    assert reasons(content[: len(content) // 2]) == [Refusal.BROKEN]


def test_damage_within_a_photo_never_raises(filled):
    random = np.random.default_rng(0)
    for content in (jpeg(filled.pixels), cv2.imencode(".png", filled.pixels)[1].tobytes(), pdf(filled.pixels)):
        for _ in range(3):
            damaged = bytearray(content)
            for at in random.integers(0, len(damaged), 30):
                damaged[at] = random.integers(256)
            filled.read(bytes(damaged))


def test_a_small_picture_is_asked_for_again():
    assert reasons(jpeg(np.full((600, 800, 3), 255, np.uint8))) == [Refusal.TOO_SMALL]


@pytest.mark.parametrize("shape", [(1, 1_500), (3_000, 2), (400, 2_000)])
def test_a_strip_is_no_picture(shape):
    content = cv2.imencode(".png", np.full(shape, 200, np.uint8))[1].tobytes()
    assert reasons(content) == [Refusal.TOO_SMALL]


def test_a_large_photo_is_halved_and_has_a_finer_one():
    (picture,) = pictures(jpeg(np.full((3000, 4000, 3), 200, np.uint8)))
    assert picture.pixels.shape == (1500, 2000, 3)
    assert picture.finer().shape == (3000, 4000, 3)


def test_a_pdf_gives_its_pages_in_order(filled, other):
    found = list(pictures(pdf(filled.pixels, other.pixels)))
    assert [(one.number, one.refusal) for one in found] == [(1, ""), (2, "")]


def test_a_pdf_with_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(pdfs, "MOST_LEAVES", 2)
    assert reasons(pdf(*[np.full((1000, 1400, 3), 255, np.uint8)] * 3)) == [Refusal.TOO_MANY]


def test_a_pdf_with_huge_pictures_is_refused_before_drawing():
    """The picture in it announces more pixels than its data hold."""
    content = pdf(np.full((1000, 1400, 3), 255, np.uint8))
    assert MOST_PIXELS < 60_000 * 1_400
    huge = content.replace(b"/Height 1000", b"/Height 60000")
    assert huge != content
    assert reasons(huge) == [Refusal.TOO_LARGE]


def test_a_pdf_page_of_any_size_is_drawn_within_bounds():
    for size in ((10, 7), (14_000, 9_000), (14_000, 1), (1, 1)):
        (picture,) = pictures(pdf(np.full((1000, 1400, 3), 255, np.uint8), size=size))
        assert picture.refusal or max(picture.pixels.shape) <= 2_901


def test_a_picture_of_millions_of_parts_is_over_quickly():
    made_up = b"\xff\xd8" + b"\xff\xdb\x00\x02" * 2_000_000
    begun = time.process_time()
    assert len(without_metadata(made_up)) < 1_000_000
    assert time.process_time() - begun < 1.0
