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
class Net:
    """The layers of one net of the shape test."""

    convolutions: tuple[Layer, ...]
    hidden: Layer
    last: Layer


@dataclass(frozen=True)
class Learned:
    """Ink of the four letters around a bubble without its ring, and the nets of the shape test."""

    letters: Floats
    nets: tuple[Net, ...]


@cache
def learned() -> Learned:
    """The file's contents, read once."""
    with np.load(FILE, allow_pickle=False) as held:
        kept = {name: held[name].astype(np.float32) for name in held.files}
    count = sum(name.endswith("last_bias") for name in kept)
    return Learned(kept["letters"] / 255, tuple(_net(kept, number) for number in range(count)))


def _net(kept: dict[str, Floats], number: int) -> Net:
    """The layers that the file holds as the net of that number."""
    layers = {
        name: Layer(
            kept[f"{number}_{name}_weights"], kept[f"{number}_{name}_bias"], int(kept.get(f"{number}_{name}_side", 0))
        )
        for name in (*CONVOLUTIONS, "hidden", "last")
    }
    return Net(tuple(layers[name] for name in CONVOLUTIONS), layers["hidden"], layers["last"])
