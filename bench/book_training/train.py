"""Train the shape test and write `learned.npz` beside the reader; the same marks and seed give the same file.

.venv/bin/python -m bench.book_training.collect var/marks.npz --seed 1000 --pages 480
.venv/bin/python -m bench.book_training.train var/marks.npz
"""

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np

from zhucun.work.attendance.scan.learned import FILE
from zhucun.work.attendance.scan.shapes import ANGLES
from zhucun.work.attendance.scan.shapes import inputs as shape_inputs

from .letters import letters

HIDDEN = (64, 24)
SEED, ROUNDS, BATCH, RATE, DECAY = 7, 40, 256, 2e-3, 1e-3
NOISE = 0.25
"""Spread of what is added to every input while training, in the spread of the input itself."""
STRUCK_WEIGHT = 3.0
FALSE_FLAGS = 0.003
"""Share of ordinary marks that may be taken for struck out."""
Layers = list[tuple[np.ndarray, np.ndarray]]


def load(files: list[Path]) -> dict[str, np.ndarray]:
    """The marks of several files together."""
    parts = [dict(np.load(file)) for file in files]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def inputs(marks: dict[str, np.ndarray]) -> np.ndarray:
    """What the net sees of every mark (see `shapes.inputs`)."""
    own, usual = marks["own"].astype(np.float32), marks["usual"].astype(np.float32)
    spread = np.zeros_like(own)
    person = marks["page"].astype(np.int64) * 8 + marks["place"]
    for one in np.unique(person):
        rows = person == one
        spread[rows] = np.median(np.abs(own[rows] - usual[rows]), axis=0)
    return shape_inputs(own, usual, spread)


def mirrored(width: int) -> list[np.ndarray]:
    """The order of the inputs as they are, upside down, left to right, and both: each as likely on paper."""
    angle = np.arange(width) % ANGLES
    first = np.arange(width) - angle
    both = first + (angle + ANGLES // 2) % ANGLES
    return [first + angle, first + -angle % ANGLES, first + (ANGLES // 2 - angle) % ANGLES, both]


def forward(x: np.ndarray, layers: Layers) -> list[np.ndarray]:
    """Activations of every layer, the last one before the sigmoid."""
    seen = [x]
    for at, (weights, bias) in enumerate(layers):
        y = seen[-1] @ weights + bias
        seen.append(np.maximum(y, 0) if at < len(layers) - 1 else y)
    return seen


def train(x: np.ndarray, y: np.ndarray, seed: int = SEED) -> Layers:
    """Fit the net by Adam with a falling rate."""
    random = np.random.default_rng(seed)
    sizes = (x.shape[1], *HIDDEN, 1)
    layers = [
        (random.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32), np.zeros(b, np.float32))
        for a, b in pairwise(sizes)
    ]
    flat = [part for layer in layers for part in layer]
    first, second = [np.zeros_like(part) for part in flat], [np.zeros_like(part) for part in flat]
    turned = mirrored(x.shape[1])
    weight = np.where(y > 0, STRUCK_WEIGHT, 1.0).astype(np.float32)
    step, total = 0, ROUNDS * (len(x) // BATCH)
    for _ in range(ROUNDS):
        order = random.permutation(len(x))
        for at in range(0, len(x) - BATCH + 1, BATCH):
            rows = order[at : at + BATCH]
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / total)) + 1e-5
            batch = x[rows][:, turned[random.integers(len(turned))]]
            batch += NOISE * random.standard_normal(batch.shape, dtype=np.float32)
            for part, slope, m, v in zip(
                flat, _slopes(batch, y[rows], weight[rows], layers), first, second, strict=True
            ):
                m += 0.1 * (slope - m)
                v += 0.001 * (slope * slope - v)
                part -= rate * (m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8) + DECAY * part)
    return layers


def _slopes(x: np.ndarray, y: np.ndarray, weight: np.ndarray, layers: Layers) -> list[np.ndarray]:
    seen = forward(x, layers)
    back = ((1 / (1 + np.exp(-np.clip(seen[-1][:, 0], -30, 30))) - y) * weight / len(x))[:, None].astype(np.float32)
    slopes: list[np.ndarray] = []
    for at in reversed(range(len(layers))):
        slopes = [seen[at].T @ back, back.sum(0), *slopes]
        if at:
            back = (back @ layers[at][0].T) * (seen[at] > 0)
    return slopes


def chances(x: np.ndarray, layers: Layers) -> np.ndarray:
    """How likely each mark was struck out."""
    return 1 / (1 + np.exp(-np.clip(forward(x, layers)[-1][:, 0], -30, 30)))


def table(marks: dict[str, np.ndarray], chance: np.ndarray, bar: float) -> None:
    """Print what passes and what is flagged, by group and by condition."""
    for name in ("group", "condition"):
        for value in sorted(set(marks[name])):
            rows = marks[name] == value
            struck = np.char.startswith(marks["group"], "struck")
            ordinary = rows & (marks["group"] == "ordinary")
            print(
                f"{value}: {rows.sum()}; struck {(rows & struck).sum()} passing "
                f"{(chance[rows & struck] <= bar).mean() if (rows & struck).any() else 0:.2%}; "
                f"ordinary flagged {(chance[ordinary] > bar).mean() if ordinary.any() else 0:.2%}"
            )


def main() -> None:
    """Train on three pages of four, choose the bar and print the figures on the fourth, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--try", action="store_true", dest="trial", help="write nothing")
    wanted = parser.parse_args()
    marks = load(wanted.files)
    known = (marks["group"] == "ordinary") | np.char.startswith(marks["group"], "struck")
    marks = {name: values[known] for name, values in marks.items()}
    x, y = inputs(marks), np.char.startswith(marks["group"], "struck").astype(np.float32)
    held = marks["page"] // 29 % 4 == 0
    mean, spread = x[~held].mean(0), x[~held].std(0) + 0.02
    x = (x - mean) / spread
    layers = train(x[~held], y[~held])
    chance = chances(x[held], layers)
    bar = float(np.quantile(chance[y[held] == 0], 1 - FALSE_FLAGS))
    print(f"{len(x)} marks, {int(y.sum())} struck; bar {bar:.6f}")
    for share in (0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.02):
        at = np.quantile(chance[y[held] == 0], 1 - share)
        print(f"flags {share:.1%}: passing {(chance[y[held] > 0] <= at).mean():.2%}, bar {at:.6f}")
    table({name: values[held] for name, values in marks.items()}, chance, bar)
    if wanted.trial:
        return
    kept = {f"weights{at}": weights.astype(np.float16) for at, (weights, _) in enumerate(layers)}
    kept |= {f"bias{at}": bias for at, (_, bias) in enumerate(layers)}
    np.savez_compressed(
        FILE, letters=letters(), layers=len(layers), mean=mean.astype(np.float32), spread=spread.astype(np.float32),
        bar=bar, **kept,
    )  # fmt: skip


if __name__ == "__main__":
    main()
