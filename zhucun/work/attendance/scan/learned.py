"""What was learned beforehand and ships with the reader: how the letters look, and the weights of the shape test."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from .arrays import Floats

FILE = Path(__file__).with_name("learned.npz")
"""Made by `python -m bench.book_training.train`."""
CONVOLUTIONS = ("first", "second", "third")


@dataclass(frozen=True)
class Layer:
    """Weights (inputs by outputs) and bias; `side` of the window whose pixels by channels are the inputs, 0 without one."""

    weights: Floats
    bias: Floats
    side: int = 0


@dataclass(frozen=True)
class Learned:
    """Ink of the four letters around a bubble without its ring, and the layers of the shape test."""

    letters: Floats
    convolutions: tuple[Layer, ...]
    hidden: Layer
    last: Layer


@cache
def learned() -> Learned:
    """The file's contents, read once."""
    with np.load(FILE, allow_pickle=False) as held:
        kept = {name: held[name].astype(np.float32) for name in held.files}
    layers = [Layer(kept[f"{name}_weights"], kept[f"{name}_bias"], int(kept[f"{name}_side"])) for name in CONVOLUTIONS]
    hidden, last = (Layer(kept[f"{name}_weights"], kept[f"{name}_bias"]) for name in ("hidden", "last"))
    return Learned(kept["letters"] / 255, tuple(layers), hidden, last)
