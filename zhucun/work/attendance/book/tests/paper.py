"""Pages and covers of an invented team, and a look at what was printed."""

from calendar import monthrange
from datetime import date

import numpy as np
import pypdfium2

from zhucun.work.attendance.book.covers import Cover
from zhucun.work.attendance.book.pages import Day, Page, Row

KEY = b"key of the tests"
SCALE = 200 / 25.4  # pixels a millimetre


def columns(month: str, holidays: dict[int, str] | None = None) -> tuple[Day, ...]:
    year, number = map(int, month.split("-"))
    named = holidays or {}
    found = []
    for day in range(1, monthrange(year, number)[1] + 1):
        at = date(year, number, day).weekday()
        found.append(Day(day, "一二三四五六日"[at], at > 4 or day in named, named.get(day, "")))
    return tuple(found)


def page(people=5, month="2022-10", rows=None, **other) -> Page:
    """A page of 2022-10 with five people: the second came on the 8th, the third left on the 20th."""
    days = columns(month, {1: "国庆节", 2: "国庆节", 3: "国庆节"})
    spans = (days, days[7:], days[:20], days, days)
    names = ("邹子旭", "欧阳䶮", "刘㛃", "匡建国", "曾𫖯")
    if rows is None:
        rows = tuple(
            Row(f"Q{n}", names[n], "第一书记、队长" if n == 0 else "队员", tuple(day.day for day in spans[n]))
            for n in range(people)
        )
    words = {
        "county": "430426", "county_name": "祁东县", "township": "白地市镇", "village": "大同市社区", "team": "QD-017",
        "team_name": "大同市社区驻村工作队", "leader": "邹子旭", "unit": "祁东县自然资源局", "month": month, "version": 1,
        "part": 1, "parts": 1,
    }  # fmt: skip
    return Page(**{**words, "days": days, "rows": rows, **other})


def cover(**other) -> Cover:
    words = {
        "county_name": "祁东县", "year": 2022, "township": "白地市镇", "village": "大同市社区", "team_name": "大同市社区驻村工作队",
        "unit": "祁东县自然资源局", "leader": "邹子旭", "number": "QD-017",
    }  # fmt: skip
    return Cover(**{**words, **other})


def overlong() -> Page:
    """A page whose every word is longer than its place, with names that look like typst."""
    long = "很长的名字" * 12
    names = ("阿卜杜拉·买买提·吐尔逊江·艾力", '#eval("1")*x*$]', "W" * 60, long, "、" * 60)
    roles = ("第一书记兼工作队队长（挂职）", long, "x" * 90, "#panic()" * 9, '"' * 40)
    rows = tuple(
        Row(f"Q{n}", name, role, tuple(range(1 + n, 29, 1 + n)))
        for n, (name, role) in enumerate(zip(names, roles, strict=True))
    )
    return page(
        month="2022-02", rows=rows, county_name="双江拉祜族佤族布朗族傣族自治县" * 3, township=long, village=long, team_name=long * 2,
        unit="]" * 99, leader="W" * 40, provisional=True, team="祁东-白地市-大同市-0017", version=12, part=9, parts=9,
    )  # fmt: skip


def words(pdf: bytes, number: int = 0) -> str:
    """The text of a page of a PDF without space and line ends."""
    with pypdfium2.PdfDocument(pdf) as file:
        return "".join(file[number].get_textpage().get_text_bounded().split())


def size(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pypdfium2.PdfDocument(pdf) as file:
        return len(file)


def part(picture: np.ndarray, x: float, y: float, w: float, h: float) -> np.ndarray:
    """The pixels of a picture at SCALE that lie wholly in a rectangle in mm."""
    left, top = int(np.ceil(x * SCALE)), int(np.ceil(y * SCALE))
    return picture[top : int((y + h) * SCALE), left : int((x + w) * SCALE)]


def render(pdf: bytes, number: int = 0, scale: float = SCALE) -> np.ndarray:
    """A page of a PDF as grey pixels."""
    with pypdfium2.PdfDocument(pdf) as file:
        return file[number].render(scale=scale * 25.4 / 72, grayscale=True).to_numpy().squeeze().copy()
