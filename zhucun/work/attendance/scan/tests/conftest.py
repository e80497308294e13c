"""A printed page, clean and filled in, as pixels and as a way to read it."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from bench.book_training.filling import NORMAL, Truth, fill
from bench.book_training.page import COUNTY, KEY, draw, some_page
from zhucun.work.attendance.book.pages import Page
from zhucun.work.attendance.scan.reader import read
from zhucun.work.attendance.scan.reading import Read


@dataclass(frozen=True)
class Sheet:
    """A page, how it looks (blue, green, red at 6 px/mm), and what is meant by person and day."""

    page: Page
    pixels: np.ndarray
    truth: Truth

    def read(self, content: bytes, county: str = COUNTY, key: bytes = KEY) -> list[Read]:
        """The pages of a file, when this page is the only one printed."""
        code = self.page.code(KEY)
        return list(read("页.jpg", content, lambda text: self.page if text == code else "没有这一页", county, key))


def jpeg(pixels: np.ndarray, quality: int = 92) -> bytes:
    """Pixels as the bytes of a photo."""
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def sheet(seed: int, filled: bool = True) -> Sheet:
    """A page by seed."""
    random = np.random.default_rng(seed)
    page = some_page(random)
    printed = draw(page)
    pixels, truth = fill(printed, page, NORMAL, random) if filled else (np.repeat(printed[:, :, None], 3, 2) / 255, {})
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return Sheet(page, np.clip(small * 255, 0, 255).astype(np.uint8), truth)


@pytest.fixture(scope="session")
def clean() -> Sheet:
    """A page nobody has filled in."""
    return sheet(1, filled=False)


@pytest.fixture(scope="session")
def filled() -> Sheet:
    """A page filled in the usual way."""
    return sheet(2)


@pytest.fixture(scope="session")
def other() -> Sheet:
    """Another page filled in the usual way."""
    return sheet(3)
