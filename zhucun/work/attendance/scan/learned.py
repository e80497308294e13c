"""What was learned beforehand and ships with the reader: how the letters look, and the weights of the shape test."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from .arrays import Floats

FILE = Path(__file__).with_name("learned.npz")
"""Made by `python -m bench.book_training.train`."""


@dataclass(frozen=True)
class Learned:
    """Ink of the four letters around a bubble without its ring, and the layers of the shape test as (weights, bias)."""

    letters: Floats
    layers: tuple[tuple[Floats, Floats], ...]
    mean: Floats
    spread: Floats
    bar: float


@cache
def learned() -> Learned:
    """The file's contents, read once."""
    with np.load(FILE, allow_pickle=False) as held:
        letters = held["letters"].astype(np.float32) / 255
        count = int(held["layers"])
        layers = tuple(
            (held[f"weights{at}"].astype(np.float32), held[f"bias{at}"].astype(np.float32)) for at in range(count)
        )
        return Learned(
            letters, layers, held["mean"].astype(np.float32), held["spread"].astype(np.float32), float(held["bar"])
        )
