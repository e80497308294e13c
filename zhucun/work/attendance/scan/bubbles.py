"""What is measured of every bubble: ink inside without the printed letter, its darkness, red ink, the ring, strokes that leave."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry as g

from .arrays import Floats, Points
from .grid import LEFT, MARGIN, OPTIONS, TOP, Grid
from .learned import learned
from .light import Ink
from .registering import Places
from .surface import PIXELS_A_MM

ROWS, COLUMNS = 41, 49
"""Pixels of the picture around a bubble: 6.8 by 8.2 mm, free of the printed neighbours."""
_DARKEST = 12
"""Pixels, a third of a square mm, that tell how dark the pen is."""
_FADED, _CLEAN = 0.4, 0.0015
"""Strength of the letters and noise of the blanks under which a page has lost its greys; a form that was copied before it was
filled in has weak letters too, but the noise of a camera."""
_RED, _RED_NOISE = 0.05, 7.0
"""Red ink from which a bubble counts as touched by a red pen: at least this, or so many times the page's noise."""
_RED_SHARE, _RED_DAYS = 0.6, 8
"""Share of the person's days, and how many at least, that are red when somebody writes in red throughout."""
_MIDDLE = 0.375
"""Of all bubbles, three of four of which are blank, the middle of the blank ones."""
_NEAR, _LEAST_BLANKS, _OWN = 0.06, 4, (-0.04, 0.01)
"""How near to the page's blank an option's own is looked for, from how many bubbles, and how far it may lie below and above."""

_Y, _X = np.mgrid[-(ROWS // 2) : ROWS // 2 + 1, -(COLUMNS // 2) : COLUMNS // 2 + 1] / PIXELS_A_MM
RADIUS = np.hypot(_X, _Y)
"""mm from the middle of the bubble."""
ROUND = np.hypot(_X / (g.BUBBLE_WIDTH / 2), _Y / (g.BUBBLE_HEIGHT / 2))
"""The same as a share of the ring's own radius: 1 on the ring."""
EXCESS = np.where(ROUND > 0, RADIUS - RADIUS / np.maximum(ROUND, 1e-6), -2.0)
"""mm outside the ring, negative inside."""

INNER = ROUND <= 0.8
_PEN = ROUND <= 0.85
_RING = np.abs(EXCESS) <= 0.12
_MOAT = (EXCESS >= 0.35) & (EXCESS <= 0.7)
_OUTER = (EXCESS >= 0.45) & (np.abs(_X) <= 3.5) & (np.abs(_Y) <= 2.9)
_STREAK_HIGH, _STREAK_APART, _STREAK_INK = 1.8, 0.5, 0.06
"""mm above and below the middle of a row within which a streak is looked for, mm from the grid where it is, and its least ink."""
_BESIDE = (np.abs(_Y) <= 1.8, _X >= 2.6)
_BELOW = (np.abs(_X) <= 2.4, _Y >= 2.0)


@dataclass(frozen=True)
class Bubbles:
    """Measures of all bubbles, each person-days by four options; ink from 0 (paper) to 1 (the page's black).

    `ink`: mean inside, without the letter and the page's usual blank; `dark`: the darkest pixels; `outside`: ink around the
    ring; `red`: ink that red light does not see, and `reddish` the person-days with enough of it to be a stroke;
    `ring`: contrast of the printed ring; `paper`: light of the paper (0–255);
    `ways`: strokes that leave, to the left, right, up and down, and `streaked` the bubbles on a line that no pen drew, for it
    runs on beyond both edges of the grid; `noise`: spread of `ink` among the page's blank bubbles;
    `by_red_hands`: person-days of those who write in red throughout, whose ink counts red with the rest;
    `letters`: how strong the grey letters look, 1 as printed, 0 when copying or a black-and-white scan has lost all grey.
    """

    ink: Floats
    dark: Floats
    outside: Floats
    red: Floats
    ring: Floats
    paper: Floats
    ways: Floats
    streaked: np.ndarray
    noise: float
    reddish: np.ndarray
    by_red_hands: np.ndarray
    letters: float
    views: Floats

    @property
    def faded(self) -> bool:
        """Whether copying or a black-and-white scan has lost all greys, and with them light strokes."""
        return self.letters < _FADED and self.noise < _CLEAN


def measure(ink: Ink, grid: Grid, places: Places) -> Bubbles:
    """All measures of a page."""
    centres = _centres(grid, places)
    views, red = _views(ink.dark, centres), _views(ink.red, centres)
    count = (len(grid), OPTIONS)
    redness, red_noise = _from_usual(red[:, INNER].mean(1).reshape(count))
    by_red_hands = _red_hands(grid, redness.max(1) > _red_bar(red_noise))
    if by_red_hands.any():
        views[np.repeat(by_red_hands, OPTIONS)] += red[np.repeat(by_red_hands, OPTIONS)]
        redness[by_red_hands] = 0.0
    letters, inside, noise = _without_letters(views[:, INNER].mean(1).reshape(count))
    dark = -np.partition(-views[:, _PEN], _DARKEST, axis=1)[:, :_DARKEST].mean(1)
    moat = np.partition(views[:, _MOAT], 30, axis=1)[:, :30].mean(1)
    return Bubbles(
        ink=inside,
        dark=dark.reshape(count),
        outside=views[:, _OUTER].mean(1).reshape(count),
        red=redness,
        ring=(views[:, _RING].mean(1) - moat).reshape(count),
        paper=_paper(ink, centres).reshape(count),
        ways=_ways(views).reshape(*count, 4),
        streaked=_streaked(ink, grid),
        noise=noise,
        reddish=redness.max(1) > _red_bar(red_noise),
        by_red_hands=by_red_hands,
        letters=letters,
        views=views.reshape(*count, ROWS, COLUMNS),
    )


def _red_bar(noise: float) -> float:
    """The red ink from which a bubble counts as touched by a red pen, on a page with that noise."""
    return max(_RED, _RED_NOISE * noise)


def _red_hands(grid: Grid, red: np.ndarray) -> np.ndarray:
    """Which person-days belong to people most of whose days are red: no corrections, then, but their pen."""
    size = g.PEOPLE_A_PAGE
    days = np.bincount(grid.place_array, minlength=size)
    reds = np.bincount(grid.place_array[red], minlength=size)
    return np.asarray(((reds >= _RED_DAYS) & (reds >= _RED_SHARE * days))[grid.place_array])


def _centres(grid: Grid, places: Places) -> Points:
    """The middle of every bubble in pixels of the grid's picture, moved to where it really lies."""
    moved = grid.bubbles + places.shifts[:, None, :] - (LEFT, TOP)
    return np.asarray(moved.reshape(-1, 2) * PIXELS_A_MM - 0.5)


def _views(image: Floats, centres: Points) -> Floats:
    """The picture around every bubble, its middle exactly in the middle: bubbles by rows by columns."""
    down, across = np.mgrid[-(ROWS // 2) : ROWS // 2 + 1, -(COLUMNS // 2) : COLUMNS // 2 + 1].astype(np.float32)
    middle = centres.astype(np.float32)
    x = (middle[:, 0, None, None] + across).reshape(-1, COLUMNS)
    y = (middle[:, 1, None, None] + down).reshape(-1, COLUMNS)
    views = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(views.reshape(len(centres), ROWS, COLUMNS))


def _paper(ink: Ink, centres: Points) -> Floats:
    at = np.clip(np.rint(centres).astype(int), 0, (ink.paper.shape[1] - 1, ink.paper.shape[0] - 1))
    return np.asarray(ink.paper[at[:, 1], at[:, 0]], float)


def _without_letters(inside: Floats) -> tuple[float, Floats, float]:
    """The strength of the page's letters, seen where most bubbles are blank, ink without them, and its spread."""
    letters = _letter_ink()
    usual = np.quantile(inside, 0.2, axis=0) if len(inside) else letters
    strength = float(np.clip(np.sort(usual / letters)[1], 0.0, 2.0))
    bare, _ = _from_usual(inside - letters * strength)
    return strength, *_from_usual(bare - np.array([_blank(one) for one in bare.T]))


@cache
def _letter_ink() -> Floats:
    return np.asarray(learned().letters[:, INNER].mean(1))


def _from_usual(values: Floats) -> tuple[Floats, float]:
    """Values from the middle of the page's blank bubbles, which are three of four, and the spread of those below it."""
    if not values.size:
        return values, 0.0
    middle = float(np.quantile(values, _MIDDLE))
    below = values[values < middle]
    spread = 1.4826 * float(np.median(middle - below)) if below.size else 0.0
    return values - middle, spread


def _blank(values: Floats) -> float:
    """Where most of an option's values near the page's blank lie, from it: its own blank.

    The rows' blanks differ a little when the lines near them are blurred; an option without any blank keeps to the page's.
    """
    near = np.sort(values[np.abs(values) < _NEAR])
    if len(near) < _LEAST_BLANKS:
        return 0.0
    counts = np.searchsorted(near, near + _NEAR / 2) - np.arange(len(near))
    first = int(counts.argmax())
    return float(np.clip(np.median(near[first : first + int(counts[first])]), *_OWN))


def _streaked(ink: Ink, grid: Grid) -> np.ndarray:
    """Which bubbles lie on a streak of the scanner's glass: person-days by options."""
    height = round(_STREAK_HIGH * PIXELS_A_MM)
    beyond = round((MARGIN - _STREAK_APART) * PIXELS_A_MM)
    found = np.zeros((g.PEOPLE_A_PAGE, OPTIONS), bool)
    for place, option in np.ndindex(found.shape):
        y = round((MARGIN + place * g.PERSON_PITCH + (option + 0.5) * g.ROW_PITCH) * PIXELS_A_MM)
        band = ink.dark[y - height : y + height + 1]
        found[place, option] = min(band[:, :beyond].max(0).min(), band[:, -beyond:].max(0).min()) > _STREAK_INK
    return np.asarray(found[grid.place_array])


def _ways(views: Floats) -> Floats:
    """How dark a stroke leaves each bubble to the left, right, up and down as far as its neighbours begin."""
    rows, columns = np.nonzero(_BESIDE[0].any(1))[0], np.nonzero(_BESIDE[1].any(0))[0]
    high = views[:, rows[0] : rows[-1] + 1]
    right = high[:, :, columns[0] :].max(1).min(1)
    left = high[:, :, : COLUMNS - columns[0]].max(1).min(1)
    rows, columns = np.nonzero(_BELOW[1].any(1))[0], np.nonzero(_BELOW[0].any(0))[0]
    wide = views[:, :, columns[0] : columns[-1] + 1]
    down = wide[:, rows[0] :].max(2).min(1)
    up = wide[:, : ROWS - rows[0]].max(2).min(1)
    return np.stack([left, right, up, down], 1)
