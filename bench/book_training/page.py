"""Invented month pages, printed by the book's own printer, as pixels at 12 px/mm."""

import cv2
import numpy as np
import pypdfium2 as pdfium

from zhucun.work.attendance.book import geometry as g
from zhucun.work.attendance.book.pages import Day, Page, Row
from zhucun.work.attendance.book.printing import book

SCALE = 12
"""Pixels a millimetre of the drawn page."""
KEY = b"training-key"
COUNTY = "430426"
WEEKDAYS = "一二三四五六日"
NAMES = ("王小明", "李建国", "邹丽", "欧阳文华", "周海波")


def some_page(random: np.random.Generator, people: int = 5, full: bool = False) -> Page:
    """An invented page: a team of that many people, some of whom came or left within the month unless `full`."""
    days = int(random.choice([28, 30, 31, 31]))
    rows = []
    for place in range(people):
        first, last = 1, days
        if not full and random.random() < 0.06:
            first = int(random.integers(2, 20))
        if not full and random.random() < 0.06:
            last = int(random.integers(first + 5, max(first + 6, days)))
        rows.append(Row(f"P{place + 1}", NAMES[place], "队员", tuple(range(first, last + 1))))
    columns = tuple(Day(day, WEEKDAYS[day % 7], day % 7 in (5, 6)) for day in range(1, days + 1))
    return Page(
        COUNTY, "祁东县", "洪桥街道", "某某村", f"T{int(random.integers(1, 9999)):04}", "驻某某村工作队", "王小明",
        "县农业农村局", f"2025-{int(random.integers(1, 13)):02}", int(random.integers(1, 9)), 1, 1, columns, tuple(rows),
    )  # fmt: skip


def draw(page: Page, key: bytes = KEY, scale: int = SCALE) -> np.ndarray:
    """The page as printed: grey, 12 px/mm."""
    document = pdfium.PdfDocument(book([page], key))
    pixels = document[0].render(scale=scale * 25.4 / 72 * (1 - 1e-6)).to_numpy()[:, :, :3]
    size = (int(g.PAGE_WIDTH * scale), int(g.PAGE_HEIGHT * scale))
    return cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2GRAY)[: size[1], : size[0]]
