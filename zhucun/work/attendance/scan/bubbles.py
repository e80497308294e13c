"""What is measured of every bubble: ink inside without the printed letter, its darkness, red ink, the ring, strokes that leave."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from zhucun.work.attendance.book import geometry as g

from .arrays import Floats, Points
from .grid import LEFT, OPTIONS, TOP, Grid
from .learned import learned
from .light import Ink
from .lighting import SPREAD, Lighting, lighting
from .registering import Places
from .surface import PIXELS_A_MM
from .views import COLUMNS, INNER, MOAT, OUTER, PEN, RING, ROWS, X, Y, views_of

_DARKEST = 12
"""Pixels, a third of a square mm, that tell how dark the pen is."""
_FADED, _CLEAN = 0.4, 0.0015
"""Strength of the letters and noise of the blanks under which a page has lost its greys; a form that was copied before it was
filled in has weak letters too, but the noise of a camera."""
_RED, _RED_NOISE = 0.05, 7.0
"""Red ink from which a bubble counts as touched by a red pen: at least this, or so many times the page's noise."""
_RED_INK = 0.1
"""Red ink as a share of all ink that even a black pen may show: lamps and cameras do not make it quite grey."""
_RED_SHARE, _RED_DAYS = 0.5, 5
"""Share of the person's days, and how many at least, that are red when somebody writes in red throughout."""
_MIDDLE = 0.375
"""Of all bubbles, three of four of which are blank, the middle of the blank ones."""
_NEAR, _LEAST_BLANKS, _OWN = 0.06, 4, (-0.04, 0.01)
"""How near to the page's blank an option's own is looked for, from how many bubbles, and how far it may lie below and above."""

_BESIDE = (np.abs(Y) <= 1.8, X >= 2.6)
_BELOW = (np.abs(X) <= 2.4, Y >= 2.0)
"""Where a stroke leaves the bubble, to the right and down: the rows and columns in mm from its middle."""


@dataclass(frozen=True)
class Bubbles:
    """Measures of all bubbles, each person-days by four options; ink from 0 (paper) to 1 (the page's black).

    `ink`: mean inside, without the letter and the page's usual blank; `dark`: the darkest pixels; `outside`: ink around the
    ring; `red`: ink that red light does not see, and `reddish` the person-days with enough of it to be a stroke;
    `ring`: contrast of the printed ring; `paper`: light of the paper (0–255);
    `ways`: strokes that leave, to the left, right, up and down; `noise`: spread of `ink` among blank bubbles,
    as it is around each person-day, and `grain` that of single pixels; `drowned`: person-days that
    too much light leaves nothing of;
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
    noise: Floats
    grain: Floats
    drowned: np.ndarray
    reddish: np.ndarray
    by_red_hands: np.ndarray
    letters: float
    views: Floats

    @property
    def faded(self) -> bool:
        """Whether copying or a black-and-white scan has lost all greys, and with them light strokes."""
        return bool(self.letters < _FADED and self.noise.min(initial=np.inf) < _CLEAN)


def measure(ink: Ink, grid: Grid, places: Places) -> Bubbles:
    """All measures of a page."""
    centres = centres_of(grid, places)
    views, red = views_of(ink.dark, centres), views_of(ink.red, centres)
    count = (len(grid), OPTIONS)
    light = lighting(views, red, grid)
    relief, tint = (np.repeat(one, OPTIONS)[:, None, None] for one in (light.relief, light.tint))
    views, red = views * relief, (red - tint * views) * relief
    redness, red_noise = _from_usual(red[:, INNER].mean(1).reshape(count), light)
    reddish = np.any(redness > _red_bar(views, red_noise * light.noisier), axis=1)
    by_red_hands = _red_hands(grid, reddish)
    if by_red_hands.any():
        views[np.repeat(by_red_hands, OPTIONS)] += red[np.repeat(by_red_hands, OPTIONS)]
        redness[by_red_hands] = 0.0
    letters, inside, noise = _without_letters(views[:, INNER].mean(1).reshape(count), light)
    dark = -np.partition(-views[:, PEN], _DARKEST, axis=1)[:, :_DARKEST].mean(1)
    return Bubbles(
        ink=inside,
        dark=dark.reshape(count),
        outside=views[:, OUTER].mean(1).reshape(count),
        red=redness,
        ring=_rings(views).reshape(count),
        paper=_paper(ink, centres).reshape(count),
        ways=_ways(views).reshape(*count, 4),
        noise=noise * light.noisier,
        grain=light.grain,
        drowned=light.drowned,
        reddish=reddish & ~by_red_hands,
        by_red_hands=by_red_hands,
        letters=letters,
        views=views.reshape(*count, ROWS, COLUMNS),
    )


def _rings(views: Floats) -> Floats:
    """How much darker each printed ring is than the paper around it."""
    moat = np.partition(views[:, MOAT], 30, axis=1)[:, :30].mean(1)
    return np.asarray(views[:, RING].mean(1) - moat)


def _red_bar(views: Floats, noise: Floats) -> Floats:
    """The red ink from which bubbles count as touched by a red pen, where red ink has that noise: person-days by options."""
    black = _RED_INK * views[:, INNER].mean(1).reshape(-1, OPTIONS)
    return np.asarray(np.maximum(np.maximum(_RED, _RED_NOISE * noise)[:, None], black))


def _red_hands(grid: Grid, red: np.ndarray) -> np.ndarray:
    """Which person-days belong to people most of whose days are red: no corrections, then, but their pen."""
    size = g.PEOPLE_A_PAGE
    days = np.bincount(grid.place_array, minlength=size)
    reds = np.bincount(grid.place_array[red], minlength=size)
    return np.asarray(((reds >= _RED_DAYS) & (reds >= _RED_SHARE * days))[grid.place_array])


def centres_of(grid: Grid, places: Places) -> Points:
    """The middle of every bubble in pixels of the grid's picture, moved to where it really lies."""
    moved = grid.bubbles + places.shifts[:, None, :] + places.within - (LEFT, TOP)
    return np.asarray(moved.reshape(-1, 2) * PIXELS_A_MM - 0.5)


def _paper(ink: Ink, centres: Points) -> Floats:
    at = np.clip(np.rint(centres).astype(int), 0, (ink.paper.shape[1] - 1, ink.paper.shape[0] - 1))
    return np.asarray(ink.paper[at[:, 1], at[:, 0]], float)


def _without_letters(inside: Floats, light: Lighting) -> tuple[float, Floats, float]:
    """The strength of the page's letters, seen where most bubbles are blank, ink without them, and its spread."""
    letters = _letter_ink()
    seen = inside[light.seen]
    usual = np.quantile(seen, 0.2, axis=0) if len(seen) else letters
    strength = float(np.clip(np.sort(usual / letters)[1], 0.0, 2.0))
    bare, _ = _from_usual(inside - letters * strength, light)
    return strength, *_from_usual(bare - np.array([_blank(one) for one in bare[light.seen].T]), light)


@cache
def _letter_ink() -> Floats:
    return np.asarray(learned().letters[:, INNER].mean(1))


def _from_usual(values: Floats, light: Lighting) -> tuple[Floats, float]:
    """Values from the middle of the page's blank bubbles, which are three of four, and the spread of those below it where the
    page is not noisier than usual."""
    seen = values[light.seen]
    if not seen.size:
        return values, 0.0
    middle = float(np.quantile(seen, _MIDDLE))
    below = ((middle - seen) / light.noisier[light.seen, None])[seen < middle]
    return values - middle, SPREAD * float(np.median(below)) if below.size else 0.0


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
