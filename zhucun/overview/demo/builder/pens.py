"""Pages of the book as a village hands them in: printed by the real printer, marked with a pen, scanned or photographed."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import cv2
import numpy as np
import pypdfium2 as pdfium

from zhucun.work.attendance.book.layout import layout
from zhucun.work.attendance.book.pages import Page
from zhucun.work.attendance.book.printing import book
from zhucun.work.attendance.rules import COUNTS_AS, LEAVES, PRESENT, REST

from .chance import Chance

DOTS_A_MM = 200 / 25.4
INK, FAINT, DESK = (112, 52, 38), (205, 198, 192), (74, 98, 122)
"""Blue-black ink, a pen running dry, a wooden desk: blue, green, red."""
OPTION = {PRESENT: "村", REST: "休"} | dict.fromkeys(COUNTS_AS, "视") | dict.fromkeys(LEAVES, "假")
OTHERS = {"村": "休", "休": "村", "视": "村", "假": "休"}
DOUBLE, EMPTY, PALE = "double", "empty", "pale"
"""Cells nobody can read for certain: two bubbles, none, one hardly to be seen."""

Doubts = Mapping[tuple[str, int], str]
Image = np.ndarray


def filled(chance: Chance, pages: Sequence[Page], key: bytes, marks: Mapping[str, str], doubts: Doubts) -> list[Image]:
    """The pages printed and filled in: `marks` is a row of symbols by person's number, `doubts` the cells done badly."""
    document = pdfium.PdfDocument(book(pages, key))
    try:
        found = [_drawn(document[n]) for n in range(len(document))]
    finally:
        document.close()
    for image, places in zip(found, layout(pages), strict=True):
        for bubble in places["bubbles"]:  # type: ignore[attr-defined]
            ink = _ink(bubble, marks[bubble["person"]], doubts.get((bubble["person"], bubble["day"]), ""))
            if ink:
                _scribble(chance, image, bubble, ink)
    return found


def _ink(bubble: dict, row: str, doubt: str) -> tuple[int, int, int] | None:
    option = OPTION.get(row[bubble["day"] - 1])
    if doubt == EMPTY or option is None:
        return None
    if bubble["option"] == option:
        return FAINT if doubt == PALE else INK
    return INK if doubt == DOUBLE and bubble["option"] == OTHERS[option] else None


def _drawn(page: pdfium.PdfPage) -> Image:
    bitmap = page.render(scale=DOTS_A_MM * 25.4 / 72)
    return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])


def _scribble(chance: Chance, image: Image, bubble: dict, ink: tuple[int, int, int]) -> None:
    """A zigzag of the pen from left to right inside the bubble."""
    left, top, width, height = (bubble[name] * DOTS_A_MM for name in "xywh")
    steps = chance.number(6, 9)
    points = [
        (left + width * (0.14 + 0.72 * n / steps) + chance.random.uniform(-1, 1),
         top + height * (0.2 if n % 2 else 0.8) + chance.random.uniform(-1.5, 1.5))
        for n in range(steps + 1)
    ]  # fmt: skip
    cv2.polylines(image, [np.rint(points).astype(np.int32)], False, ink, chance.number(4, 5), cv2.LINE_AA)


# --- on their way in -----------------------------------------------------------------------------------------------


def scanned(chance: Chance, image: Image) -> bytes:
    """Out of a scanner as JPEG: a little askew, the paper not quite white."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.random.uniform(-0.6, 0.6), 1)
    turned = cv2.warpAffine(image, turn, (width, height), borderValue=(255, 255, 255))
    return _jpeg(_grainy(chance, np.minimum(turned, 247), 3))


def photographed(chance: Chance, image: Image) -> bytes:
    """Out of a telephone as JPEG: on a desk, from slightly aside, the light from one corner."""
    height, width = image.shape[:2]
    edge = np.array([(0.05, 0.07), (0.955, 0.045), (0.965, 0.95), (0.035, 0.965)])
    edge += np.array([[chance.random.uniform(-0.008, 0.008) for _ in "xy"] for _ in range(4)])
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    here, there = (np.asarray(at * (width, height), np.float32) for at in (corners, edge))
    shot = cv2.warpPerspective(
        image, cv2.getPerspectiveTransform(here, there), (width, height), flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_CONSTANT, borderValue=DESK,
    )  # fmt: skip
    across = (
        np.linspace(1.0, 0.8, width, dtype=np.float32)[None, :]
        * np.linspace(1.0, 0.9, height, dtype=np.float32)[:, None]
    )
    return _jpeg(_grainy(chance, (shot * across[:, :, None]).astype(np.uint8), 5))


def cut_off(photo: bytes) -> bytes:
    """A photo without its right edge."""
    image = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return _jpeg(np.ascontiguousarray(image[: int(image.shape[0] * 0.86), : int(image.shape[1] * 0.86)]))


def as_pdf(pictures: Sequence[bytes]) -> bytes:
    """Scanned pages as one PDF, a picture a page, as an office scanner makes it."""
    document, width, height = pdfium.PdfDocument.new(), 841.89, 595.28
    for picture in pictures:
        image = pdfium.PdfImage.new(document)
        image.load_jpeg(BytesIO(picture), inline=True)
        image.set_matrix(pdfium.PdfMatrix().scale(width, height))
        page = document.new_page(width, height)
        page.insert_obj(image)
        page.gen_content()
    buffer = BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def _grainy(chance: Chance, image: Image, spread: int) -> Image:
    dice = np.random.default_rng(chance.number(0, 10**6))
    small = dice.normal(0, spread, (image.shape[0] // 2 + 1, image.shape[1] // 2 + 1, 1)).astype(np.float32)
    noise = small.repeat(2, 0).repeat(2, 1)[: image.shape[0], : image.shape[1]]
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _jpeg(image: Image) -> bytes:
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 82])
    return encoded.tobytes()
