"""Where the bubbles of a page are: arrays in the order of people, days and options, and the part of the page they fill."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhucun.work.attendance.book import geometry as g
from zhucun.work.attendance.book.pages import Page

from .arrays import Points
from .surface import PIXELS_A_MM

MARGIN = 5.0
"""mm kept around the grid."""
LEFT, TOP = g.GRID_LEFT - MARGIN, g.GRID_TOP - MARGIN
WIDTH = g.DAYS * g.COLUMN_PITCH + 2 * MARGIN
HEIGHT = g.PEOPLE_A_PAGE * g.PERSON_PITCH + 2 * MARGIN


def _even_pixels(start: float, length: float) -> slice:
    """The pixels of a stretch in mm, an even number of them, so that half the size is exactly half."""
    first = round(start * PIXELS_A_MM)
    return slice(first, first + 2 * math.ceil(length * PIXELS_A_MM / 2))


CROP = (_even_pixels(TOP, HEIGHT), _even_pixels(LEFT, WIDTH))
"""Rows and columns of the straightened page that hold the grid."""
OPTIONS = len(g.OPTIONS)


@dataclass(frozen=True)
class Grid:
    """The person-days of a page that have bubbles: place of the person from 0, day from 1."""

    places: tuple[int, ...]
    days: tuple[int, ...]

    def __len__(self) -> int:
        """How many person-days there are."""
        return len(self.places)

    @cached_property
    def place_array(self) -> np.ndarray:
        """The places as an array."""
        return np.array(self.places, int)

    @cached_property
    def day_array(self) -> np.ndarray:
        """The days as an array."""
        return np.array(self.days, int)

    @cached_property
    def centres(self) -> Points:
        """The middle of the four bubbles of each person-day in mm."""
        x = g.GRID_LEFT + (self.day_array - 0.5) * g.COLUMN_PITCH
        y = g.GRID_TOP + self.place_array * g.PERSON_PITCH + OPTIONS / 2 * g.ROW_PITCH
        return np.stack([x, y], 1).astype(float)

    @cached_property
    def bubbles(self) -> Points:
        """The middle of every bubble in mm: person-days by options by (x, y)."""
        shifts = (np.arange(OPTIONS) - (OPTIONS - 1) / 2) * g.ROW_PITCH
        return self.centres[:, None, :] + np.stack([np.zeros(OPTIONS), shifts], 1)

    @cached_property
    def neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """Which person-days are followed by the same person's next day, and those next days, by their number."""
        follows = (np.diff(self.place_array) == 0) & (np.diff(self.day_array) == 1)
        before = np.nonzero(follows)[0]
        return before, before + 1


def grid(page: Page) -> Grid:
    """The grid of a printed page."""
    pairs = [(place, day) for place, row in enumerate(page.rows) for day in row.days]
    return Grid(tuple(place for place, _ in pairs), tuple(day for _, day in pairs))
