"""From measures to answers: a value for every person-day, and every reason why a person should look at it."""

from dataclasses import dataclass

import cv2
import numpy as np

from zhucun.work.attendance.book.geometry import DAYS, OPTIONS, PEOPLE_A_PAGE

from .arrays import Floats, Image
from .bubbles import Bubbles
from .grid import Grid
from .habits import Marks, many, marks, usual_of
from .registering import Places
from .shapes import MARK, NOTHING, STRUCK, holdings

LOW, LOW_NOISE = 0.018, 5.0
HIGH, HIGH_NOISE, HIGH_LOW = 0.036, 9.0, 1.6
"""Ink under which a bubble is blank and over which it is marked: at least these, or so many times the page's noise."""
LIGHT_NOISE = 6.5
"""Ink in the page's noise from which a mark counts when it is as light as the person's many others."""
SECOND_SHARE = 0.10
"""A second bubble with this share of the person's usual ink is a second mark."""
NEAR_SHARE, NEAR_NOISE = 0.4, 3.0
"""A second bubble with this share of the mark's own ink counts even in a light hand, over so much of the page's noise."""
SPECK_SHARE = 0.35
"""Share of the mark's own ink that a speck or a stain has at most."""
WEAK_INK, WEAK_DARK = 0.33, 0.60
"""Shares of the person's usual ink and darkness under which a mark may be a smudge."""
FIRM_DARK, FIRM_INK = 0.88, 0.15
"""As dark as this share of the usual, and with so much ink, a small mark is no smudge but a tick or a dot for once."""
THIN_DARK, THIN_INK = 0.7, 0.1
"""The same when it looks like a mark."""
SURE_ODDS, SURE_SHARE = 5.0, 0.1
"""Odds of the shape test from which a mark may have as little as this share of the usual ink, if only it is dark enough: a thin
stroke for once."""
FADED_HIGH, FADED_TRACE = 0.06, 0.01
"""On a page that has lost its greys: ink from which a mark counts, and ink in a second bubble that may be all that is left of a mark."""
MOST_LOST = 0.25
"""Share of person-days not found where the page has them over which none can be trusted."""
FAINT_RING = 0.35
"""Share of the page's usual contrast under which a printed ring cannot be seen."""
DARK_PAPER = 0.25
"""Share of the page's usual light under which nothing can be told."""
STRUCK_ODDS, MARK_ODDS, NOTHING_ODDS = 1.5, 3.0, 3.0
"""Odds of the shape test, as logarithms: from which a mark may be struck out, from which a light mark is a mark all the same, and
from which a second bubble holds nothing but a speck."""
SURELY_STRUCK, FEW_STRUCK, SOONER, MOST_SOONER = 4.0, 2, 1.0, 3.5
"""Odds from which a mark is surely struck out; and how much smaller odds are enough on a page for each such mark over a few, at
most: who strikes out does so again."""
STRETCH, GAP = 3, 4
"""Days in a row (odd) that a line visibly runs through, and how many (even) between two such stretches it then runs through too."""
WHOLE_ODDS = -4.0
"""On a page that has lost its greys: odds under which the mark itself is surely not struck out, so that a speck beside it is no mark."""
HEAVY, HEAVY_ODDS = 2.0, -2.5
"""Times the person's usual ink from which a mark may well be struck out, for that adds ink, and the odds that are enough then."""
DARKER_ODDS, MOST_DARKER = 7.0, 1.25
"""Odds of being struck out that a mark gains when it is twice as dark as the person's usual one, for ink on ink is darker; and
up to how many times as dark that counts."""
APART_ODDS, LEAST_SPREAD, MOST_APART = 0.7, 0.01, 8.0
"""Odds that it gains for being darker by once the spread of the person's marks, the least such spread, and how often it counts."""
PLAIN_ODDS, SCRAWL_SHARE, MOST_SCRAWL = -9.0, 0.5, 2.0
"""Odds that most people's usual mark has, how much of what a person's has above that is only the person's way to mark, and at most."""
MAYBE_ODDS = -2.0
"""Odds from which the bubble with most ink may hold no mark at all: a blurred letter beside a faint mark."""
PLAIN_SHARE = 0.22
"""Share of the person's usual ink under which a bubble may hold a speck whatever the shape test says."""
STROKE, LEAST_STROKE, STROKE_GRAIN = 0.25, 0.1, 3.0
"""Share of the pen's darkness with which a stroke must leave a bubble to count, the least ink, and the least in the paper's grain."""
LEAST_TRACE = 0.03
"""Ink that is enough beside a day which the stroke runs through, for pens run dry on the way; unless it may be the grain."""


@dataclass(frozen=True)
class Verdict:
    """Value, confidence and reason of one person-day; an empty rule means that nobody need look."""

    value: str | None
    confidence: float
    rule: str
    why: str


WHY = {
    "outside": "这里没有拍全",
    "shifted": "这里纸面变形，看不准",
    "hidden": "这里看不清",
    "red": "红笔笔迹",
    "blank": "没有填涂",
    "faint": "笔迹很轻",
    "second": "两个圈都有笔迹",
    "weak": "比平时的笔迹轻得多",
    "struck": "像是划掉了",
    "unlike": "不像填涂的笔迹",
    "crossing": "笔画连到了旁边的圈",
}
"""The rules in the order in which they speak, with what they say."""


def decide(bubbles: Bubbles, grid: Grid, places: Places, outside: np.ndarray) -> list[Verdict]:
    """The verdicts of a page's person-days; `outside` tells which of them the picture does not hold whole."""
    if not len(grid):
        return []
    low, high = thresholds(bubbles)
    usual = np.maximum(LOW, LIGHT_NOISE * bubbles.noise)
    found = marks(bubbles, grid, usual)
    rows = np.arange(len(grid))
    shape = holdings(bubbles.views[rows, found.best], found.usual_view[grid.place_array], found.pen)
    known = bool(found.clear.any())
    plain = _plain(found, grid, shape[:, MARK] > MARK_ODDS) & (known and not bubbles.faded)
    whole = shape[:, STRUCK] < (WHOLE_ODDS if bubbles.faded else np.inf)
    light = found.steady & (found.ink > usual) & (not bubbles.faded)
    empty = (found.ink < low) & ~plain
    fired = {
        "outside": outside,
        "shifted": places.lost | (places.lost.mean() > MOST_LOST),
        "hidden": _hidden(bubbles),
        "red": bubbles.reddish,
        "blank": empty,
        "faint": (found.ink < high) & ~light & ~plain,
        "second": _second(found, bubbles, low) & ~(_speck(found, bubbles, grid) & known & whole),
        "weak": _weak(found, shape[:, MARK] > MARK_ODDS, shape[:, MARK] > SURE_ODDS) & ~plain,
        "struck": _struck(found, shape[:, STRUCK], grid),
        "unlike": shape[:, NOTHING] > MAYBE_ODDS,
        "crossing": _crossing(bubbles, grid, found, low),
    }
    fired["crossing"] |= _between(grid, fired["struck"] | fired["crossing"])
    sure = _confidence(found, low, high)
    values = np.where(empty, np.where(fired["red"], bubbles.red.argmax(1), -1), found.best)
    return [
        _verdict(int(values[at]), float(sure[at]), [rule for rule in WHY if fired[rule][at]]) for at in range(len(grid))
    ]


def thresholds(bubbles: Bubbles) -> tuple[Floats, Floats]:
    """Ink under which each person-day's bubbles are blank, and over which they are marked, from the noise around it."""
    low = np.maximum(LOW, LOW_NOISE * bubbles.noise)
    least = np.maximum(FADED_HIGH if bubbles.faded else HIGH, HIGH_LOW * low)
    return low, np.maximum(least, HIGH_NOISE * bubbles.noise)


def _verdict(option: int, confidence: float, rules: list[str]) -> Verdict:
    value = OPTIONS[option] if option >= 0 else None
    rule = rules[0] if rules else ""
    return Verdict(value, round(min(confidence, 0.5) if rules else confidence, 3), rule, WHY.get(rule, ""))


def _confidence(found: Marks, low: Floats, high: Floats) -> Floats:
    """0 to 1: how far the best bubble is above the threshold and the second below the best, the lesser of both."""
    clear = np.clip((found.ink - low) / np.maximum(4 * high - low, 1e-6), 0, 1)
    apart = np.clip(1 - np.maximum(found.second, 0) / np.maximum(found.ink, 1e-6), 0, 1)
    return np.asarray(0.5 + 0.5 * np.minimum(np.sqrt(clear), apart))


def _second(found: Marks, bubbles: Bubbles, low: Floats) -> np.ndarray:
    """Whether another bubble has ink: enough to be a mark of this hand, nearly as much as the mark itself, or a last trace."""
    bar = np.maximum(low, SECOND_SHARE * found.usual_ink)
    near = np.maximum(NEAR_NOISE * bubbles.noise, NEAR_SHARE * found.ink)
    trace = FADED_TRACE if bubbles.faded else np.inf
    return np.asarray(found.second > np.minimum(np.minimum(bar, near), trace))


def _speck(found: Marks, bubbles: Bubbles, grid: Grid) -> np.ndarray:
    """Whether the second bubble holds nothing but a speck or a stain; only asked where there is some ink, and much less of it."""
    least = FADED_TRACE if bubbles.faded else LOW
    asked = np.nonzero((found.second > least) & (found.second < SPECK_SHARE * found.ink))[0]
    views = bubbles.views[asked, bubbles.ink[asked].argsort(1)[:, -2]]
    shape = holdings(views, found.usual_view[grid.place_array[asked]], found.pen[asked])
    speck = np.zeros(len(grid), bool)
    speck[asked] = shape[:, NOTHING] > NOTHING_ODDS
    return speck


def _plain(found: Marks, grid: Grid, likely: np.ndarray) -> np.ndarray:
    """Whether a bubble that looks like a mark is one however light: no speck for the person's hand, or one of many as light."""
    little = found.ink <= PLAIN_SHARE * found.usual_ink
    return np.asarray(likely & (~little | many(grid, likely & little)))


def _weak(found: Marks, likely: np.ndarray, surely: np.ndarray) -> np.ndarray:
    """Whether a mark is much weaker than the person's others, and no small mark for once: it may be likely or sure to be one."""
    firm_dark, firm_ink = np.where(likely, THIN_DARK, FIRM_DARK), np.where(likely, THIN_INK, FIRM_INK)
    surely = surely & (found.ink > SURE_SHARE * found.usual_ink)
    firm = surely | (found.dark > firm_dark * found.usual_dark) & (found.ink > firm_ink)
    little = (found.ink < WEAK_INK * found.usual_ink) & ~firm
    return np.asarray(little | (found.dark < WEAK_DARK * found.usual_dark))


def _struck(found: Marks, odds: Floats, grid: Grid) -> np.ndarray:
    """Whether a mark may be struck out: it looks like it, ink on ink is more and darker than the person's usual, and others
    on the page are."""
    darker = np.clip(found.dark / np.maximum(found.usual_dark, LOW), 1, MOST_DARKER) - 1
    apart = np.clip((found.dark - found.usual_dark) / np.maximum(found.spread_dark, LEAST_SPREAD), 0, MOST_APART)
    scrawl = np.clip(SCRAWL_SHARE * (usual_of(grid, odds, found.clear) - PLAIN_ODDS), 0, MOST_SCRAWL)
    heavy = (found.ink > HEAVY * found.usual_ink) & (odds > HEAVY_ODDS)
    all_told = odds + DARKER_ODDS * darker + APART_ODDS * apart - scrawl
    others = int((all_told > SURELY_STRUCK).sum()) - FEW_STRUCK
    return np.asarray(heavy | (all_told > STRUCK_ODDS - np.clip(SOONER * others, 0, MOST_SOONER)))


def _hidden(bubbles: Bubbles) -> np.ndarray:
    """Whether a ring of the four cannot be seen: white-out, glare, or something lying on it."""
    usual = float(np.median(bubbles.ring))
    light = float(np.median(bubbles.paper))
    dark = (bubbles.paper < DARK_PAPER * light).any(1)
    return np.asarray((bubbles.ring < FAINT_RING * usual).any(1) | dark | bubbles.drowned)


def _crossing(bubbles: Bubbles, grid: Grid, found: Marks, low: Floats) -> np.ndarray:
    """Whether one stroke runs through an inked bubble from side to side, or from the mark into the next day's bubble.

    A line through many days is fainter here and there; beside a day that it runs through, less of it is enough.
    """
    grain = STROKE_GRAIN * bubbles.grain[:, None]
    bar = np.maximum(np.maximum(STROKE * found.usual_dark, LEAST_STROKE)[:, None], grain)
    faint = np.maximum(LEAST_TRACE, grain)
    left, right = bubbles.ways[..., 0], bubbles.ways[..., 1]
    through, traces = np.minimum(left, right) > bar, np.minimum(left, right) > faint
    before, after = grid.neighbours
    for _ in range(DAYS):
        beside = np.zeros_like(through)
        beside[after] |= through[before]
        beside[before] |= through[after]
        through |= traces & beside
    inked = bubbles.ink > low[:, None]
    inked[np.arange(len(grid)), found.best] = True
    crossing = (through & inked).any(1)
    out, into = right[before], left[after]
    joins = (out > bar[before]) & (into > bar[after]) & (inked[before] | inked[after])
    ends = (through[before] | through[after]) & (out > faint[before]) & (into > faint[after])
    joined = (joins | ends).any(1)
    crossing[before[joined]] = crossing[after[joined]] = True
    return np.asarray(crossing)


def _between(grid: Grid, struck: np.ndarray) -> np.ndarray:
    """Whether a day lies between stretches of a person's days that are struck out or run through: a line jumps over none."""
    rows, columns = grid.place_array, grid.day_array - 1
    days: Image = np.zeros((PEOPLE_A_PAGE, DAYS), np.uint8)
    days[rows, columns] = struck
    for step, size in ((cv2.MORPH_OPEN, STRETCH), (cv2.MORPH_CLOSE, GAP + 1)):
        window = np.ones((1, size), np.uint8)
        days = np.asarray(cv2.morphologyEx(days, step, window, borderType=cv2.BORDER_CONSTANT, borderValue=0), np.uint8)
    return np.asarray(days[rows, columns] > 0)
