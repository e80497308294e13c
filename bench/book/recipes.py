"""The groups of an examination: each isolates one habit, accident, fate of paper, or way of capturing; and their mixes."""

from dataclasses import dataclass, field, replace

import numpy as np

from bench.book.pens import PENS
from bench.book.strokes import ORDINARY
from bench.book.writers import NORMAL_MARKS, NORMAL_PENS, Habits, pick


@dataclass(frozen=True)
class Recipe:
    """How the pages of one file come about: who fills them, how they are captured, and with which tricks."""

    group: str
    habits: Habits = field(default_factory=Habits)
    capture: str = "any"
    tricks: frozenset[str] = frozenset()


SENSIBLE = {name: share for name, share in NORMAL_PENS.items() if name not in ("red", "dying", "pencil")}
"""Pens of groups that test something else."""

USUAL = Habits(pens=SENSIBLE, marks=NORMAL_MARKS, drift=0.5, one_hand=0.7)

EVENTS = (
    "corrected",
    "cancelled",
    "double",
    "erased",
    "whiteout",
    "crossing",
    "circle",
    "blank",
    "smear",
    "light",
    "retraced",
)
HAPPENINGS = {"stray": 4, "specks": 18, "run-line": 1.6, "run-strike": 1.6, "row-strike": 0.8}
PAPER = ("seal", "seal-grid", "coffee", "punch", "dogear", "photocopy", "lowink", "yellow", "through", "fold", "shrunk")
SCANS = ("skew", "grey", "lowdpi", "streaks", "feed", "badfocus", "bw", "fax", "lowjpeg", "rotated")
PHOTOS = (
    "perspective", "curl", "shadow", "blinds", "lamp", "glare", "dark", "focus", "motion", "wechat", "lowjpeg",
    "far", "off", "two", "table", "finger", "rotated", "app",
)  # fmt: skip


def _groups() -> dict[str, Recipe]:
    found = [Recipe("scan", USUAL, "scan"), Recipe("photo", USUAL, "photo")]
    found += [Recipe(f"pen-{name}", Habits(pens={name: 1}, one_hand=0.3)) for name in PENS]
    found += [Recipe(f"mark-{name}", Habits(marks={name: 1}, one_hand=0.2)) for name in ORDINARY]
    found += [Recipe("mark-mixed", Habits(mixed=0.5, one_hand=0.2)), Recipe("drift", Habits(drift=3, one_hand=0.2))]
    for name in EVENTS:
        rate = {"smear": 0.3, "light": 0.3, "retraced": 0.2, "circle": 0.25}.get(name, 0.12)
        found.append(Recipe(name, Habits(events={name: rate}, one_hand=0.3)))
    found += [Recipe(name, Habits(happenings={name: rate}, one_hand=0.3)) for name, rate in HAPPENINGS.items()]
    found.append(Recipe("signature-over", Habits(happenings={"signature-over": 0.8}, one_hand=0.3)))
    found += [Recipe(name, USUAL, "any", frozenset({name})) for name in PAPER]
    found += [Recipe(f"scan-{name}", USUAL, "scan", frozenset({name})) for name in SCANS]
    found += [Recipe(f"photo-{name}", USUAL, "photo", frozenset({name})) for name in PHOTOS]
    found.append(Recipe("everything"))
    return {recipe.group: recipe for recipe in found}


GROUPS = _groups()


def normal(rng: np.random.Generator) -> Recipe:
    """A page as the township gets it most days."""
    way = pick({"scan": 0.42, "photo": 0.33, "wechat": 0.2, "app": 0.05}, rng)
    chances = {
        "seal": 0.6,
        "punch": 0.25,
        "fold": 0.06,
        "yellow": 0.15,
        "coffee": 0.01,
        "photocopy": 0.03,
        "lowink": 0.03,
        "shrunk": 0.1,
    }
    if way == "scan":
        chances |= {
            "skew": 0.15,
            "grey": 0.3,
            "lowdpi": 0.05,
            "streaks": 0.04,
            "feed": 0.2,
            "bw": 0.03,
            "rotated": 0.15,
        }
    else:
        chances |= {
            "curl": 0.15, "shadow": 0.2, "lamp": 0.15, "glare": 0.03, "dark": 0.04, "table": 0.5, "perspective": 0.08,
            "finger": 0.05, "two": 0.03, "rotated": 0.15, "focus": 0.015, "motion": 0.01, "off": 0.2,
        }  # fmt: skip
    tricks = {name for name, chance in chances.items() if rng.random() < chance}
    tricks |= {way} & {"wechat", "app"}
    events = {
        "corrected": 0.004, "cancelled": 0.0004, "double": 0.0004, "erased": 0.0004, "whiteout": 0.0005,
        "crossing": 0.001, "circle": 0.0005, "blank": 0.0015, "smear": 0.002, "light": 0.001, "retraced": 0.002,
    }  # fmt: skip
    happenings = {"stray": 0.02, "specks": 0.3, "run-line": 0.01, "run-strike": 0.003, "signature-over": 0.01}
    habits = Habits(NORMAL_PENS, NORMAL_MARKS, 1.0, 0.65, 0.005, events, happenings)
    return Recipe("normal", habits, "scan" if way == "scan" else "photo", frozenset(tricks))


def everything(rng: np.random.Generator) -> Recipe:
    """Bad luck on all sides: all events at once, on ill-treated paper, captured badly."""
    capture = "scan" if rng.random() < 0.45 else "photo"
    pool = [t for t in (SCANS if capture == "scan" else PHOTOS) if t not in ("fax", "motion")]
    tricks = {str(t) for t in rng.choice(pool, 2, replace=False)} | {str(rng.choice(PAPER))}
    events = dict.fromkeys(EVENTS, 0.012)
    happenings = {name: rate * 0.25 for name, rate in HAPPENINGS.items()} | {"signature-over": 0.1}
    return Recipe(
        "everything", Habits(drift=1.5, mixed=0.05, events=events, happenings=happenings), capture, frozenset(tricks)
    )


def recipe(mix: str, number: int, rng: np.random.Generator) -> Recipe:
    """The recipe of the file with that number: `normal`, `stress` (all groups in turn), or groups by name with commas."""
    if mix == "normal":
        one = normal(rng)
    else:
        names = list(GROUPS) if mix == "stress" else mix.split(",")
        one = GROUPS[names[number % len(names)]]
        if one.group == "everything":
            one = everything(rng)
    if one.capture == "any":
        one = replace(one, capture="scan" if rng.random() < 0.5 else "photo")
    return one
