"""Where everything stands on a month page, in mm from the top left corner of A4 landscape; printer and reader share it."""

from dataclasses import dataclass

PAGE_WIDTH, PAGE_HEIGHT = 297.0, 210.0

MARKER_SIDE = 7.5
MARKER_QUIET = 1.5
MARKERS: dict[int, tuple[float, float]] = {
    0: (9.5, 9.5), 1: (116.0, 9.5), 2: (280.0, 9.5), 3: (280.0, 98.0),
    4: (280.0, 193.0), 5: (152.0, 193.0), 6: (9.5, 193.0), 7: (9.5, 98.0),
}  # fmt: skip
"""Top left corners of the ArUco markers (DICT_4X4_50) by id; the middles of top and bottom differ, so a page has one way up."""

CODES: tuple[tuple[float, float, float], ...] = ((256.0, 9.5, 20.0), (21.0, 178.5, 16.5))
"""The two QR codes: left, top, side with its quiet zone."""

OPTIONS = ("村", "视", "假", "休")
"""What a row of bubbles means: 在村, 视同驻村, 请假, 休息, from top to bottom."""

PEOPLE_A_PAGE = 5
DAYS = 31
GRID_LEFT, GRID_TOP = 44.0, 46.0
COLUMN_PITCH, ROW_PITCH, PERSON_GAP = 7.5, 6.2, 1.2
PERSON_PITCH = len(OPTIONS) * ROW_PITCH + PERSON_GAP
BUBBLE_WIDTH, BUBBLE_HEIGHT = 4.6, 3.4
OUTLINE = 0.22
LETTER_HEIGHT = 2.2
LETTER_GREY = 0.55


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width and height in mm."""

    x: float
    y: float
    w: float
    h: float


def bubble(place: int, day: int, option: str) -> Box:
    """The box around one bubble: `place` counts the people of a page from 0, `day` from 1."""
    x = GRID_LEFT + (day - 0.5) * COLUMN_PITCH
    y = GRID_TOP + place * PERSON_PITCH + (OPTIONS.index(option) + 0.5) * ROW_PITCH
    return Box(x - BUBBLE_WIDTH / 2, y - BUBBLE_HEIGHT / 2, BUBBLE_WIDTH, BUBBLE_HEIGHT)


def cell(place: int, day: int) -> Box:
    """The box around the four bubbles of one person-day."""
    return Box(
        GRID_LEFT + (day - 1) * COLUMN_PITCH, GRID_TOP + place * PERSON_PITCH, COLUMN_PITCH, len(OPTIONS) * ROW_PITCH
    )
