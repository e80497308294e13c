"""What is drawn in black squares: the ArUco markers and the QR codes, as horizontal runs of modules."""

from functools import lru_cache

import segno

Run = tuple[int, int, int]
"""Column and row of a run's first module, from the top left corner, and how many modules it is long."""

MARKER_MODULES = 6
"""Modules along a marker's side, its black border included."""

CODE_MODULES = 29
"""Modules along a QR code's side (version 3), without its quiet zone."""

CODE_QUIET = 4
"""Modules of white around a QR code."""

# DICT_4X4_50 of OpenCV, ids 0 to 7, rows from the top, white is 1; kept here so that printing needs no OpenCV.
_PATTERNS = (0xB532, 0x0F9A, 0x332D, 0x9946, 0x549E, 0x79CD, 0x9E2E, 0xC4F2)


@lru_cache(maxsize=len(_PATTERNS))
def marker(number: int) -> tuple[Run, ...]:
    """The black runs of an ArUco marker, DICT_4X4_50, on a square of 6 by 6 modules."""
    bits = f"{_PATTERNS[number]:016b}"
    inside = [f"1{bits[4 * row : 4 * row + 4].translate(_SWAPPED)}1" for row in range(4)]
    return _runs(["1" * MARKER_MODULES, *inside, "1" * MARKER_MODULES])


def code(text: str) -> tuple[Run, ...]:
    """The dark runs of the QR code of a page's code: version 3, level Q, 29 by 29 modules, no quiet zone.

    Raises ValueError when the text has more than 47 signs or others than a QR code's capitals and digits.
    """
    made = segno.make(text, version=3, error="q", mode="alphanumeric", boost_error=False)
    return _runs(["".join("1" if dark else "0" for dark in row) for row in made.matrix])


_SWAPPED = str.maketrans("01", "10")


def _runs(rows: list[str]) -> tuple[Run, ...]:
    found = []
    for y, row in enumerate(rows):
        x = 0
        for part in row.replace("01", "0 1").replace("10", "1 0").split():
            if part[0] == "1":
                found.append((x, y, len(part)))
            x += len(part)
    return tuple(found)
