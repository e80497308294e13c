"""Codes found on a printed page, changed, and put back, as somebody with scissors and a printer would."""

import cv2
import numpy as np
import segno
import zxingcpp

from bench.book.forms import Form

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def codes(printed: np.ndarray) -> list[tuple[str, tuple[int, int, int, int]]]:
    """The QR codes printed on a page: text, and left, top, width, height in pixels."""
    found = []
    for code in zxingcpp.read_barcodes(cv2.cvtColor(printed, cv2.COLOR_BGR2GRAY)):
        p = code.position
        x = [q.x for q in (p.top_left, p.top_right, p.bottom_left, p.bottom_right)]
        y = [q.y for q in (p.top_left, p.top_right, p.bottom_left, p.bottom_right)]
        found.append((code.text, (min(x), min(y), max(x) - min(x), max(y) - min(y))))
    return found


def put_code(printed: np.ndarray, box: tuple[int, int, int, int], text: str | None) -> None:
    """A code of one's own where one is printed, or white."""
    x, y, w, h = box
    printed[y - 6 : y + h + 6, x - 6 : x + w + 6] = 255
    if text is not None:
        matrix = np.array(
            [list(row) for row in segno.make(text, error="q", micro=False, boost_error=False).matrix], np.uint8
        )
        picture = cv2.resize((1 - matrix) * 255, (w, h), interpolation=cv2.INTER_NEAREST)
        printed[y : y + h, x : x + w] = picture[..., None]


def altered(text: str, what: str, rng: np.random.Generator, others: list[Form]) -> str:
    """The text of a code (`ZC1*team*YYYYMM*Vnn*part/parts*roster*MAC`) with one field changed, the seal left as it was."""
    parts = text.split("*")
    if len(parts) != 7:
        raise ValueError(f"not the text of a page's code: {text}")
    if what == "team":
        teams = [f.team for f in others if f.team != parts[1]] or [
            parts[1][:-1] + ("1" if parts[1][-1] != "1" else "2")
        ]
        parts[1] = teams[int(rng.integers(len(teams)))]
    elif what == "month":
        month = int(parts[2][4:]) % 12 + 1
        parts[2] = f"{parts[2][:4]}{month:02}"
    elif what == "version":
        parts[3] = f"V{(int(parts[3][1:]) + 1) % 100:02}"
    elif what == "part":
        parts[4] = "2/2" if parts[4] != "2/2" else "1/2"
    else:
        field = 5 if what == "roster" else 6
        at = int(rng.integers(len(parts[field])))
        new = DIGITS[(DIGITS.find(parts[field][at]) + int(rng.integers(1, 31))) % 32]
        parts[field] = parts[field][:at] + new + parts[field][at + 1 :]
    return "*".join(parts)
